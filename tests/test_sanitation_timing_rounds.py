"""Clock times of rounds, on the straight line of test_sanitation_timing.py: windows and rests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_sanitation_timing import line, route, told

from sanitation.timing import drive_alone
from sanitation.workload import Workload


def at_sites(closes_s: int) -> Workload:
    """Four toilets, the second from 3,000 s, the third from 13,000 s, the last to ``closes_s``."""
    plain = line(
        (1000, 9000, 2000, 2500),
        windows=[[(0, 90_000)], [(3000, 90_000)], [(13_000, 90_000)], [(0, closes_s)]],
        visits=(),
        exits=(1, 2, 3, 4),
    )
    duties = tuple(
        replace(duty, service="toilet", site_id=f"T{k}", section_id="", road_id="")
        for k, duty in enumerate(plain.duties)
    )
    return replace(plain, service="toilet", duties=duties)


def test_a_long_wait_is_a_rest() -> None:
    """From 1,200 to 3,000 s the crew has rested, so that nothing is due until 17,400 s: the last
    visit would end at 17,600, and a rest comes before it."""
    run = drive_alone(at_sites(90_000), route(0, 1, 2, 3), 0)
    rests = [row for row in told(run) if row[0] == "rest"]
    assert rests == [("rest", 1200, 3000), ("rest", 15_000, 16_200)]
    assert told(run)[-2:] == [("service", 16_300, 18_800), ("return", 18_800, 19_200)]


@pytest.mark.parametrize("closes_s", [17_900, 18_799])
def test_a_wait_is_no_rest_where_that_leaves_less_undone(closes_s: int) -> None:
    """The last visit must end before 18,800 s: the crew rests at 12,000 s, while the third toilet
    is not open yet, and does all four; waiting for the second is a wait then."""
    run = drive_alone(at_sites(closes_s), route(0, 1, 2, 3), 0)
    assert run.left == ()
    assert told(run) == [
        ("travel", 0, 100),
        ("service", 100, 1100),
        ("travel", 1100, 1200),
        ("wait", 1200, 3000),
        ("service", 3000, 12_000),
        ("rest", 12_000, 13_200),
        ("travel", 13_200, 13_300),
        ("service", 13_300, 15_300),
        ("travel", 15_300, 15_400),
        ("service", 15_400, 17_900),
        ("return", 17_900, 18_300),
    ]


def test_what_fits_neither_way_is_left() -> None:
    """Until 17,899 s the last visit cannot end: it is left, and the long wait is a rest."""
    run = drive_alone(at_sites(17_899), route(0, 1, 2, 3), 0)
    assert run.left == (3,)
    assert ("rest", 1200, 3000) in told(run)
