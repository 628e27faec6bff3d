"""The planner from a folder to a judged plan: what is due is done, told or suspended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from minidistrict import write_minidistrict
from shuffled import (
    DATE,
    DOUBLE,
    TRIPLE,
    plan_folder,
    territory,
    write_busy,
    write_shuffled,
)

from routes.stop import Interrupted
from sanitation.archive import plan_dict, plan_of, plan_text, write_plan
from sanitation.audit import audit_plan
from sanitation.district import embedded_folder
from sanitation.model import WET_SERVICES, DayPlan

HALF_PAST_SIX_S = 6 * 3600 + 1800
PEAKS_S = ((7 * 3600, 9 * 3600), (17 * 3600, 19 * 3600))
DAY_BEFORE = "2026-07-14"


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_minidistrict(tmp_path_factory.mktemp("planner") / "mini")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that two washers of one depot share."""
    return write_busy(tmp_path_factory.mktemp("busy") / "busy", TRIPLE)


@pytest.fixture(scope="module")
def plain(mini: Path) -> DayPlan:
    return plan_folder(mini)


@pytest.fixture(scope="module")
def shared(busy: Path) -> DayPlan:
    return plan_folder(busy)


def check_books(plan: DayPlan) -> None:
    """Due = covered + uncovered, row by row and in total, counted from the plan itself."""
    served = [(run, s) for run in plan.runs for s in run.stops if s.kind == "service"]
    assert len({stop.duty_id for _, stop in served}) == len(served)
    rows = plan.indicators["by_service_shift"]
    for row in rows:
        key = row["service"], row["shift"]
        done_m = sum(s.length_m for run, s in served if (run.service, run.shift_id) == key)
        left_m = sum(
            one.duty.length_m
            for one in plan.uncovered
            if (one.duty.service, one.duty.shift_id) == key
        )
        assert (row["covered_m"], row["uncovered_m"]) == (done_m, left_m)
        assert row["due_m"] == done_m + left_m
    totals = plan.indicators["totals"]
    for name in ("due_m", "covered_m", "uncovered_m", "suspended_m"):
        assert totals[name] == sum(row[name] for row in rows)
    assert totals["due_m"] == totals["covered_m"] + totals["uncovered_m"]


def due_m(plan: DayPlan) -> dict[str, int]:
    return {name: metres for name, metres in plan.indicators["due_m"].items() if metres}


def driven_roads(plan: DayPlan) -> set[int]:
    return {way for run in plan.runs for stop in run.stops for way in stop.ways}


def refiled(plan: DayPlan, history: Path, date: str, swap: dict[str, str]) -> Path:
    """A plan filed under a date with its trucks renamed, so that it is nobody's first choice."""
    text = plan_text(plan)
    for old, new in swap.items():
        text = text.replace(f'"vehicle": "{old}"', f'"vehicle": "<{new}>"')
    text = text.replace('"<', '"').replace('>"', '"')
    later = plan_of(json.loads(text))
    (history / date).mkdir(parents=True)
    write_plan(replace(later, date=date), history / date)
    return history


def test_a_plan_is_clean_and_covers_what_is_due(mini: Path, plain: DayPlan) -> None:
    """Minidistrict's 11,200 m at night, 9,600 by day and 4 + 12 + 4 sections sprinkled."""
    assert plain.violations == ()
    assert audit_plan(plan_dict(plain), mini) == ()
    assert plain.uncovered == plain.suspended == ()
    assert due_m(plain) == {
        "wash/night": 11_200,
        "wash/day": 9_600,
        "sprinkle/sprinkle_dawn": 1_600,
        "sprinkle/sprinkle_am": 4_800,
        "sprinkle/sprinkle_pm": 1_600,
    }
    check_books(plain)
    assert plain.provenance["stopped_early"] is False
    assert set(plain.provenance["stopped_by"].values()) == {"iterations"}


def test_no_wet_work_where_it_may_not_be(plain: DayPlan, shared: DayPlan) -> None:
    """Night washing is over by 06:30 and nothing wet is done from 7 to 9 and from 17 to 19."""
    for plan in (plain, shared):
        night = [run for run in plan.runs if run.shift_id == "night"]
        assert night
        for run in night:
            assert max(s.end_s for s in run.stops if s.kind == "service") <= HALF_PAST_SIX_S
        for run in plan.runs:
            for stop in run.stops:
                if stop.kind == "service" and run.service in WET_SERVICES:
                    assert all(stop.end_s <= a or b <= stop.start_s for a, b in PEAKS_S)


def test_the_same_bytes_whatever_the_order_of_the_rows(mini: Path, tmp_path: Path) -> None:
    """Seed 4 twice, then with the rows of every table shuffled: plan.json byte for byte."""
    first = plan_text(plan_folder(mini, seed=4))
    assert plan_text(plan_folder(mini, seed=4)) == first
    for number in (1, 2):
        folder = write_shuffled(tmp_path / f"s{number}" / "mini", number)
        assert (folder / "roads.csv").read_bytes() != (mini / "roads.csv").read_bytes()
        plan = plan_folder(folder, seed=4)
        assert plan.provenance["data_digest"] in first
        assert plan_text(plan) == first


def test_no_washer_may_go_out(busy: Path) -> None:
    """Every pass of the night and the day is uncovered, for want of a truck; two would do."""
    plan = plan_folder(busy, fleet=(("washer", 0),), services=("wash",))
    assert (plan.runs, plan.violations) == ((), ())
    check_books(plan)
    assert plan.indicators["totals"]["uncovered_m"] == 33_600 + 9_600
    assert {one.cause for one in plan.uncovered} == {"no_vehicle"}
    fixes = {one.duty.shift_id: one.fix["fleet"] for one in plan.uncovered}
    assert fixes == {"night": {"washer": 2}, "day": {"washer": 1}}


def test_one_washer_is_too_few_and_the_fix_holds(busy: Path) -> None:
    """A washer does about 24,000 of 33,600 m; with the fleet of the fix nothing is left."""
    short = plan_folder(busy, fleet=(("washer", 1),), services=("wash",))
    assert short.violations == ()
    check_books(short)
    assert {one.cause for one in short.uncovered} == {"vehicles"}
    assert all(one.text and one.fix["text"] for one in short.uncovered)
    (fleet,) = {tuple(one.fix["fleet"].items()) for one in short.uncovered}
    mended = plan_folder(busy, fleet=fleet, services=("wash",))
    assert (mended.uncovered, mended.violations) == ((), ())
    assert mended.indicators["totals"]["covered_m"] == 33_600 + 9_600


def test_overtime_as_the_fix_says_covers_it(tmp_path: Path) -> None:
    """25,600 m for one washer: a little too long a night; the order of the fix mends it."""
    folder = write_busy(tmp_path / "long", DOUBLE | {3: 6})
    alone = {"fleet": (("washer", 1),), "services": ("wash",)}
    short = plan_folder(folder, **alone)
    assert short.uncovered
    order = short.uncovered[0].fix["order"]
    assert (order["order"], order["shift"]) == ("overtime", "night")
    mended = plan_folder(folder, orders=f"overtime,,,night,{order['minutes']}", **alone)
    assert (mended.uncovered, mended.violations) == ((), ())
    ends_s = [run.end_s for plan in (short, mended) for run in plan.runs if run.shift_id == "night"]
    assert ends_s[0] < ends_s[1] <= HALF_PAST_SIX_S + 60 * order["minutes"]


def test_rain_suspends_all_and_sends_nobody(mini: Path, plain: DayPlan) -> None:
    """The 28,800 m of a plain day, each with its rule."""
    plan = plan_folder(mini, weather="rain")
    assert (plan.runs, plan.uncovered, plan.violations) == ((), (), ())
    assert {one.rule for one in plan.suspended} == {"rain"}
    assert all(one.text for one in plan.suspended)
    due = {stop.duty_id for run in plain.runs for stop in run.stops if stop.duty_id}
    assert {one.duty.id for one in plan.suspended} == due
    check_books(plan)


def test_frost_sweeps_dry(mini: Path) -> None:
    """-5 to 2 °C: 11,200 m are swept at night, everything wet is suspended for cold."""
    plan = plan_folder(mini, tmin_c=-5.0, tmax_c=2.0)
    assert (plan.uncovered, plan.violations) == ((), ())
    assert {run.service for run in plan.runs} == {"sweep"}
    assert due_m(plan) == {"sweep/night": 11_200}
    assert {(one.duty.service in WET_SERVICES, one.rule) for one in plan.suspended} == {
        (True, "cold")
    }
    check_books(plan)


def test_an_interrupted_search_still_gives_a_plan(busy: Path) -> None:
    """Interrupted before it began: clean, books in order, and it says that it stopped early."""
    interrupted = Interrupted()
    interrupted.set()
    plan = plan_folder(busy, interrupted=interrupted)
    assert plan.violations == ()
    assert plan.runs
    check_books(plan)
    assert plan.provenance["stopped_early"] is True
    assert set(plan.provenance["stopped_by"].values()) == {"interrupted"}
    assert "stopped early" in plan.indicators["notes"][0]
    short = plan_folder(busy, interrupted=interrupted, fleet=(("washer", 1),))
    assert short.uncovered
    assert all("stopped early" in one.fix["text"] for one in short.uncovered)


def test_a_truck_that_is_off_stays_at_home(busy: Path, shared: DayPlan, tmp_path: Path) -> None:
    """In the filed plan W1 and W2 have changed places; W3 goes out for W2, W1 keeps its own."""
    history = refiled(shared, tmp_path, DATE, {"W1": "W2", "W2": "W1"})
    mine = territory(shared)["W2"]
    plan = plan_folder(busy, orders="truck_off,W2,,,", history=history)
    assert (plan.violations, plan.uncovered) == ((), ())
    assert "W2" not in {run.vehicle_id for run in plan.runs}
    after = territory(plan)
    assert set(after) == {"W1", "W3"}
    assert len(mine) >= 10
    assert len(mine - after["W1"]) <= 4
    (record,) = plan.provenance["orders"]
    assert (record["kind"], record["outcome"]) == ("truck_off", "obeyed")


def test_a_closed_road_is_not_driven(mini: Path, plain: DayPlan) -> None:
    """R5 is way 105: no run has it, and its passes are suspended by the order."""
    assert 105 in driven_roads(plain)
    plan = plan_folder(mini, orders="road_closed,R5,,,")
    assert (plan.violations, plan.uncovered) == ((), ())
    assert driven_roads(plan) == {101, 102, 103, 104, 106}
    assert {(one.duty.road_id, one.rule) for one in plan.suspended} == {("R5", "order")}
    assert all("R5" in one.text for one in plan.suspended)
    check_books(plan)


def test_what_a_closed_road_cuts_off_is_told(mini: Path) -> None:
    """Without R1 nobody comes to node 3, where R6 begins: its first half is unreachable."""
    plan = plan_folder(mini, orders="road_closed,R1,,,", services=("sprinkle",))
    assert plan.violations == ()
    assert 101 not in driven_roads(plan)
    cut_off = {one.duty.section_id: one for one in plan.uncovered}
    assert "R6-01F" in cut_off
    assert {one.cause for one in plan.uncovered} == {"unreachable"}
    assert cut_off["R6-01F"].fix["drop_orders"] == ["R1"]
    check_books(plan)


def test_a_pinned_section_is_its_trucks(busy: Path, shared: DayPlan) -> None:
    """R3-01 is given to the truck that does not have it; 4 sections may move besides."""
    before = territory(shared)
    mine = {"R3-01F", "R3-01B"}
    taker = min(before, key=lambda vehicle: len(before[vehicle] & mine))
    assert not mine <= before[taker]
    plan = plan_folder(busy, orders=f"pin,R3-01,{taker},night,")
    after = territory(plan)
    assert (plan.violations, plan.uncovered) == ((), ())
    assert mine <= after[taker]
    assert not any(mine & served for vehicle, served in after.items() if vehicle != taker)
    assert set(after) == set(before)
    assert sum(len(before[vehicle] - after[vehicle] - mine) for vehicle in before) <= 4


def test_orders_start_from_the_plan_on_file(busy: Path, shared: DayPlan, tmp_path: Path) -> None:
    """W3 stands for W1 in the filed plan; with R3 left out everything else stays as filed."""
    history = refiled(shared, tmp_path, DATE, {"W1": "W3", "S1": "S2"})
    plan = plan_folder(busy, orders="leave_out,R3,,,", history=history)
    assert plan.violations == ()
    before, after = territory(shared), territory(plan)
    assert set(after) == {"W2", "W3"}
    kept = {name: {s for s in ids if s[:2] != "R3"} for name, ids in before.items()}
    assert (after["W3"], after["W2"]) == (kept["W1"], kept["W2"])
    fresh = plan_folder(busy, orders="leave_out,R3,,,")
    assert set(territory(fresh)) == {"W1", "W2"}


def test_the_same_trucks_as_the_day_before(busy: Path, tmp_path: Path) -> None:
    """The plan before had W3 for W1: today W3 has W1's sections, and W2 its own again."""
    yesterday = plan_folder(busy, services=("wash",))
    history = refiled(yesterday, tmp_path, DAY_BEFORE, {"W1": "W3"})
    plan = plan_folder(busy, history=history, services=("wash",))
    assert (plan.violations, plan.uncovered) == ((), ())
    before, after = territory(yesterday), territory(plan)
    assert set(after) == {"W2", "W3"}
    same = len(before["W1"] & after["W3"]) + len(before["W2"] & after["W2"])
    assert same >= sum(map(len, before.values())) - 4
    assert set(territory(plan, shift="day")) == {"W3"}
    assert plan.provenance["history"] == [DAY_BEFORE]


def test_a_written_plan_is_its_own_history(busy: Path, shared: DayPlan, tmp_path: Path) -> None:
    """Filed as write_plan does it, a plan without orders is not started from: the same bytes."""
    (tmp_path / DATE).mkdir()
    write_plan(shared, tmp_path / DATE)
    assert plan_text(plan_folder(busy, history=tmp_path)) == plan_text(shared)


def test_nankai_in_few_iterations() -> None:
    """The embedded district: clean, books in order, washed by 06:30, and what is left explained."""
    nankai = plan_folder(embedded_folder(), iterations=2000, services=("wash",))
    assert nankai.violations == ()
    check_books(nankai)
    assert all(one.cause and one.text and one.fix["text"] for one in nankai.uncovered)
    assert nankai.indicators["totals"]["covered_m"] > 0.9 * nankai.indicators["totals"]["due_m"]
    for run in nankai.runs:
        if run.shift_id == "night":
            assert run.end_s <= HALF_PAST_SIX_S
