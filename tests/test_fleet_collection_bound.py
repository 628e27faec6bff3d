"""The fewest trucks, counted by hand."""

from __future__ import annotations

import pytest

from fleet.collection_bound import Waste, fewest_of_two, fewest_trucks

HOURS = (9_000, 9_000, 10_800, 9_000)  # 37,800 s


@pytest.mark.parametrize(
    ("work_s", "kg", "trucks"),
    [
        (0, 0, 0),
        (37_800, 32_000, 1),  # four loads, each shift's last one after the hours
        (37_801, 32_000, 2),  # a second too much
        (37_080, 40_000, 1),  # a fifth load: 37,080 + 720 = 37,800
        (37_081, 40_000, 2),
        (0, 456_000, 1),  # 57 loads: 53 x 720 = 38,160 > 37,800
        (421_300, 471_418, 12),  # 59 loads: 11 x 4 are free, 421,300 + 15 x 720 > 415,800
    ],
)
def test_bins_and_loads_fit_the_hours(work_s: int, kg: int, trucks: int) -> None:
    """Each case stands at the very edge of what n trucks of 8 t can do."""
    expected = trucks + (kg == 456_000)
    assert fewest_trucks(Waste(work_s, kg), 8_000, HOURS, 720) == expected


def test_the_smallest_number_is_found_by_counting_up() -> None:
    """The formula and the rule itself, n by n, agree."""
    for work_s in range(0, 200_000, 7_919):
        for kg in range(1, 400_000, 17_389):
            loads = -(-kg // 3_000)
            n = 1
            while work_s + max(0, loads - n * 4) * 720 > n * sum(HOURS):
                n += 1
            assert fewest_trucks(Waste(work_s, kg), 3_000, HOURS, 720) == n


def test_small_trucks_help_large_ones() -> None:
    """One narrow load of 2 t: its truck takes 1 t of the wide 9 t along, so one large load is left.

    Two loads and 9,500 s of work in one shift of 9,000 s: two trucks, of which one is small.
    """
    assert fewest_of_two(Waste(1_500, 2_000), Waste(8_000, 9_000), 3_000, 8_000, (9_000,), 720) == (
        1,
        2,
    )
    # In 9,500 s one truck does all but the time of one unloading.
    alone = fewest_of_two(Waste(1_500, 2_000), Waste(8_000, 9_000), 3_000, 8_000, (9_500,), 720)
    assert alone == (1, 2)
    both = fewest_of_two(Waste(1_500, 2_000), Waste(7_280, 9_000), 3_000, 8_000, (9_500,), 720)
    assert both == (1, 1)


def test_narrow_lanes_alone_may_ask_for_more() -> None:
    """Three small trucks for the lanes alone; then there are at least three in all."""
    assert fewest_of_two(Waste(25_000, 9_000), Waste(0, 0), 3_000, 8_000, (9_000,), 720) == (3, 3)


def test_work_without_hours_is_refused() -> None:
    """No shift, or a payload of nothing."""
    with pytest.raises(ValueError, match="no hours"):
        fewest_trucks(Waste(1, 1), 8_000, (), 720)
    with pytest.raises(ValueError, match="payload"):
        fewest_trucks(Waste(1, 1), 0, HOURS, 720)
    with pytest.raises(ValueError, match="no small and large"):
        fewest_of_two(Waste(1, 1), Waste(1, 1), 8_000, 3_000, HOURS, 720)
