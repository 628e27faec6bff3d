"""What is due where and when on the waste district, with numbers of wastedistrict.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from wastedistrict import THURSDAY, WEDNESDAY, write_wastedistrict

from sanitation.district import read_district
from sanitation.duties.collection import Pickup, pickups_of
from sanitation.model import District, Duty, Window

H = 3600
AM, PM = Window(9 * H, 11 * H + 1800), Window(13 * H + 1800, 16 * H + 1800)
DAILY = ["kitchen", "residual"]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_wastedistrict(tmp_path_factory.mktemp("collection")))


def due(district: District, date: str = WEDNESDAY, tonnage: float = 1.0) -> dict[str, Pickup]:
    return {pickup.id: pickup for pickup in pickups_of(district, date, tonnage)}


def with_stream(district: District, stream: str, **changes: Any) -> District:
    """The district with a stream changed."""
    streams = tuple(replace(s, **changes) if s.id == stream else s for s in district.streams)
    assert streams != district.streams
    return replace(district, streams=streams)


def with_community(district: District, community: str, **changes: Any) -> District:
    """The district with a community changed."""
    changed = tuple(
        replace(one, **changes) if one.id == community else one for one in district.communities
    )
    assert changed != district.communities
    return replace(district, communities=changed)


def with_kind(district: District, kind: str, **changes: Any) -> District:
    """The district with a vehicle type changed."""
    kinds = tuple(replace(k, **changes) if k.id == kind else k for k in district.vehicle_types)
    assert kinds != district.vehicle_types
    return replace(district, vehicle_types=kinds)


def streams_at(district: District, date: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pickup in pickups_of(district, date):
        found.setdefault(pickup.community_id, []).append(pickup.stream)
    return found


def test_weekly_streams_are_due_in_their_slot_and_daily_ones_always(district: District) -> None:
    """Recyclables: slot 3 (C1, C2) on Wednesday, slot 4 (C3, C4) on Thursday, none on Friday."""
    weekly = ["kitchen", "recyclable", "residual"]
    assert streams_at(district, WEDNESDAY) == {"C1": weekly, "C2": weekly, "C3": DAILY, "C4": DAILY}
    assert streams_at(district, THURSDAY) == {"C1": DAILY, "C2": DAILY, "C3": weekly, "C4": weekly}
    assert streams_at(district, "2026-07-17") == dict.fromkeys(("C1", "C2", "C3", "C4"), DAILY)


def test_slot_0_of_a_weekly_stream_is_sunday(district: District) -> None:
    """C1 moved to slot 0: on Sunday the 19th, not on Saturday or Monday."""
    moved = with_community(district, "C1", recyclable_slot=0)
    days = [f"2026-07-{day}" for day in (18, 19, 20)]
    assert [day for day in days if "C1/recyclable" in due(moved, day)] == ["2026-07-19"]


def test_a_stream_of_thirty_days_brings_the_waste_of_all_of_them(district: District) -> None:
    """30 January of the year 1 is day 30, slot 0; 1 March is day 60; 31 January is slot 1.

    2 kg a day are 60 kg, one bin of 70; at 4 kg a day 120 kg, two bins.
    """
    monthly = with_stream(district, "recyclable", every_days=30)
    monthly = with_community(monthly, "C1", recyclable_slot=0, recyclable_kg=2.0)
    monthly = with_community(monthly, "C2", recyclable_slot=1, recyclable_kg=4.0)
    found = {
        day: {
            key: (one.load_kg, one.bins)
            for key, one in due(monthly, f"0001-{day}").items()
            if one.stream == "recyclable"
        }
        for day in ("01-29", "01-30", "01-31", "02-01", "03-01")
    }
    assert found == {
        "01-29": {},
        "01-30": {"C1/recyclable": (60, 1)},
        "01-31": {"C2/recyclable": (120, 2)},
        "02-01": {},
        "03-01": {"C1/recyclable": (60, 1)},
    }


def test_kilograms_and_bins_of_the_table(district: District) -> None:
    """The table of wastedistrict.py, on Wednesday."""
    assert {key: (one.load_kg, one.bins) for key, one in due(district).items()} == {
        "C1/residual": (1400, 20),
        "C1/kitchen": (700, 10),
        "C1/recyclable": (700, 10),
        "C2/residual": (700, 10),
        "C2/kitchen": (350, 5),
        "C2/recyclable": (350, 5),
        "C3/residual": (1400, 20),
        "C3/kitchen": (700, 10),
        "C4/residual": (700, 10),
        "C4/kitchen": (350, 5),
    }


@pytest.mark.parametrize(
    ("a_day", "kg", "bins"), [(10.0, 70, 1), (10.1, 71, 2), (33.4, 234, 4), (20.05, 140, 2)]
)
def test_kilograms_are_rounded_and_bins_rounded_up(
    district: District, a_day: float, kg: int, bins: int
) -> None:
    """Seven days: 70; 70.7 is 71, a bin and a kilogram; 233.8 is 234; 140.35 is 140, two bins."""
    one = due(with_community(district, "C1", recyclable_kg=a_day))["C1/recyclable"]
    assert (one.load_kg, one.bins) == (kg, bins)


def test_a_day_with_more_waste(district: District) -> None:
    """15 % more: 1,400 becomes 1,610 (23 bins), 700 becomes 805 (11.5, so 12)."""
    found = due(district, tonnage=1.15)
    loads = {key: (found[key].load_kg, found[key].bins) for key in ("C1/residual", "C2/residual")}
    assert loads == {"C1/residual": (1610, 23), "C2/residual": (805, 12)}
    assert (found["C1/recyclable"].load_kg, found["C1/recyclable"].bins) == (805, 12)


def test_where_nothing_waits_nothing_is_due(district: District) -> None:
    """0 kg, and 0.4 kg that are rounded to none, are no pickup; without streams there is none."""
    less = with_community(district, "C1", residual_kg=0.0, kitchen_kg=0.4)
    assert [key for key in due(less) if key.startswith("C1/")] == ["C1/recyclable"]
    assert pickups_of(replace(district, streams=()), WEDNESDAY) == ()
    assert pickups_of(district, WEDNESDAY, tonnage=0.0) == ()


def test_types_fit_the_lane_and_the_largest_comes_first(district: District) -> None:
    """Residual: the compactor before the small truck, but at C4, where only the latter fits.

    The hook-lift carries more of it, and does not collect.
    """
    found = due(district)
    assert found["C1/residual"].types == ("compactor", "small_truck")
    assert found["C4/residual"].types == ("small_truck",)
    assert found["C4/kitchen"].types == ("kitchen_truck",)
    assert found["C1/recyclable"].types == ("recycler",)


@pytest.mark.parametrize(
    ("payload_kg", "order"),
    [(1400, ("small_truck", "compactor")), (1500, ("compactor", "small_truck"))],
)
def test_types_are_in_the_order_of_payloads_then_ids(
    district: District, payload_kg: int, order: tuple[str, ...]
) -> None:
    """A compactor of 1,400 kg comes after the small truck of 1,500; of 1,500 before it, by id."""
    smaller = with_kind(district, "compactor", payload_kg=payload_kg)
    for kinds in (smaller.vehicle_types, smaller.vehicle_types[::-1]):
        assert due(replace(smaller, vehicle_types=kinds))["C1/residual"].types == order


def test_hours_are_those_of_the_stream_in_each_of_its_shifts(district: District) -> None:
    """Residual waste in two shifts, kitchen waste in one."""
    found = due(district)
    assert found["C1/residual"].times == (("collect_am", (AM,)), ("collect_pm", (PM,)))
    assert found["C1/kitchen"].times == (("kitchen_am", (AM,)),)


def test_own_hours_are_cut_with_those_of_the_stream(district: District) -> None:
    """C3 has 10:00-11:00 and 14:00-16:00, one in each shift; kitchen waste only has the first."""
    ten, two = Window(10 * H, 11 * H), Window(14 * H, 16 * H)
    found = due(district)
    assert found["C3/residual"].times == (("collect_am", (ten,)), ("collect_pm", (two,)))
    assert found["C3/kitchen"].times == (("kitchen_am", (ten,)),)


def test_own_hours_that_only_touch_those_of_a_shift_leave_it_out(district: District) -> None:
    """08:00-09:20 and 11:00-13:30 are 09:00-09:20 and 11:00-11:30, and no second of 13:30-16:30."""
    own = ((8 * H, 9 * H + 1200), (11 * H, 13 * H + 1800))
    found = due(with_community(district, "C1", windows=own))
    kept = (Window(9 * H, 9 * H + 1200), Window(11 * H, 11 * H + 1800))
    assert found["C1/residual"].times == (("collect_am", kept),)


def test_shifts_come_in_the_order_of_their_hours(district: District) -> None:
    """The row of the morning is given an id after that of the afternoon, and is first all the same.

    At the same hour the id decides.
    """

    def named(key: str, district: District) -> list[str]:
        rows = tuple(
            replace(row, id=key) if row.shift_id == "collect_am" else row
            for row in district.collection
        )
        (one,) = {
            due(replace(district, collection=order))["C1/residual"].times
            for order in (rows, rows[::-1])
        }
        return [shift for shift, _ in one]

    assert named("z", district) == ["collect_am", "collect_pm"]
    same = replace(
        district, collection=tuple(replace(r, start_s=AM.start_s) for r in district.collection)
    )
    assert named("z", same) == ["collect_pm", "collect_am"]
    assert named("a", same) == ["collect_am", "collect_pm"]


def test_the_duty_of_a_pickup_in_one_of_its_shifts(district: District) -> None:
    """C3's residual waste in the afternoon; what smells is more urgent than what does not."""
    found = due(district)
    assert found["C3/residual"].duty("collect_pm") == Duty(
        id="collect/collect_pm/C3/residual",
        service="collect",
        shift_id="collect_pm",
        section_id="",
        road_id="",
        round_no=1,
        pass_no=0,
        lane=0,
        length_m=0,
        windows=(Window(14 * H, 16 * H),),
        priority=30,
        site_id="C3",
        stream="residual",
        load_kg=1400,
        bins=20,
        work_s=0,
        types=("compactor", "small_truck"),
    )
    ranks = [found[f"C1/{s}"].duty(found[f"C1/{s}"].times[0][0]).priority for s in
             ("kitchen", "residual", "recyclable")]  # fmt: skip
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 3
