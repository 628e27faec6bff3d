"""The fewest crews of rounds, on numbers that can be checked by hand."""

from __future__ import annotations

import pytest

from fleet.round_bound import fewest_crews, usable_s


@pytest.mark.parametrize(
    ("span_s", "usable"),
    [
        (0, 0),
        (14_400, 14_400),  # no rest needed
        (15_000, 14_400),  # 13,800 s with a rest are less
        (15_600, 14_400),
        (16_000, 14_800),
        (28_800, 27_600),
        (30_000, 28_800),  # two stretches of four hours
        (30_600, 28_800),  # a second rest leaves 28,200
        (31_400, 29_000),
    ],
)
def test_usable_seconds(span_s: int, usable: int) -> None:
    """Stretches of at most four hours, with 20 minutes of rest between."""
    assert usable_s(span_s, 14_400, 1_200) == usable


def test_fewest_crews() -> None:
    """27,600 s are one crew's, a second more needs another; nothing to do needs none."""
    assert fewest_crews([27_600], 28_800, 14_400, 1_200) == 1
    assert fewest_crews([27_600, 1], 28_800, 14_400, 1_200) == 2
    assert fewest_crews([], 28_800, 14_400, 1_200) == 0


def test_no_time_at_all() -> None:
    with pytest.raises(ValueError, match="no time for them"):
        fewest_crews([1], 0, 14_400, 1_200)
    with pytest.raises(ValueError, match="rests of 1200 s after 0 s"):
        usable_s(100, 0, 1_200)
