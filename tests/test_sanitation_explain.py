"""Reasons of uncovered work: the cause, and the smallest change that covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from minidistrict import write_minidistrict
from shuffled import DATE, DOUBLE, TRIPLE, edit_table, plan_folder, write_busy

from fleet.assign import Unassigned
from fleet.roster import available_vehicles
from routes.stop import Interrupted
from sanitation import jobs, planner, workload
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.explain import Situation, explain
from sanitation.ground import read_ground
from sanitation.jobs import share_out
from sanitation.model import DayPlan, Duty, Uncovered
from sanitation.search import Effort, Wishes, search_all

WASH = {"services": ("wash",)}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_busy(tmp_path_factory.mktemp("busy") / "busy", TRIPLE)


@pytest.fixture(scope="module")
def situation(busy: Path) -> tuple[Situation, tuple[Duty, ...]]:
    """The busy district with one washer, searched, and what that leaves out at night."""
    district = read_district(busy)
    ground = read_ground(district)
    conditions = conditions_of(DATE, district)
    duties, _ = duties_of(district, conditions, ground.sections, ("wash",))
    caps = {"washer": 1}
    fleet = available_vehicles(district.vehicles, frozenset(), caps).vehicles
    effort = Effort(1, 200, None, Interrupted())
    found = search_all(
        district,
        ground,
        share_out(district, ground, duties, fleet, caps, {}),
        Wishes(),
        effort,
        lambda stage, done: None,
    )
    dropped = tuple(one.workload.duties[t] for one in found for t in one.solution.dropped)
    assert {duty.shift_id for duty in dropped} == {"night"}
    made = Situation(
        district, ground, frozenset(), found, Wishes(), effort, conditions, ("R1", "南街")
    )
    return made, dropped


def told(
    situation: Situation,
    dropped: tuple[Duty, ...] = (),
    late: tuple[Duty, ...] = (),
    lacking: tuple[tuple[Duty, Unassigned], ...] = (),
    cut_off: tuple[Duty, ...] = (),
    unfit: tuple[tuple[Duty, str], ...] = (),
) -> tuple[Uncovered, ...]:
    return explain(situation, dropped, late, lacking, cut_off, unfit, lambda stage, done: None)


def left_over(plan: DayPlan, shift: str) -> int:
    return sum(one.duty.shift_id == shift for one in plan.uncovered)


def test_every_duty_has_its_own_cause(
    situation: tuple[Situation, tuple[Duty, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One duty for each list that comes in; out they come sorted by id, none lost."""
    made, dropped = situation
    monkeypatch.setattr("sanitation.explain._left_over", lambda *_: 1)
    first, second, third, fourth = sorted(dropped[:4], key=lambda duty: duty.id)
    gap = Unassigned("wash-night-01", "driver", "of 4 at depot D1: 4 off")
    found = told(made, (fourth,), (third,), ((second, gap),), (first,))
    assert [one.duty for one in found] == [first, second, third, fourth]
    assert [one.cause for one in found] == ["unreachable", "driver", "bays", "vehicles"]
    assert found[0].fix["drop_orders"] == ["R1", "南街"]
    assert "reopen R1, 南街" in found[0].fix["text"]
    assert "of 4 at depot D1: 4 off" in found[1].text
    assert "wash/night, 1 out, 0.4 km" in found[2].text
    assert "wash/night, 1 out, 0.4 km" in found[3].text
    assert found[2].fix == found[3].fix


def test_cut_off_without_a_closure_has_no_order_to_drop(
    situation: tuple[Situation, tuple[Duty, ...]],
) -> None:
    """Nothing is closed: nothing can be reopened."""
    made, dropped = situation
    (only,) = told(replace(made, closed=()), cut_off=dropped[:1])
    assert (only.cause, only.fix) == ("unreachable", {})


def test_an_interrupted_plan_tries_nothing(
    situation: tuple[Situation, tuple[Duty, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause is known all the same; the fix says that it was not looked for."""
    made, dropped = situation
    interrupted = Interrupted()
    interrupted.set()

    def never(*_: object) -> int:
        raise AssertionError("a trial after Ctrl-C")

    monkeypatch.setattr("sanitation.explain._left_over", never)
    stopped = replace(made, effort=replace(made.effort, interrupted=interrupted))
    found = told(stopped, dropped)
    assert {one.cause for one in found} == {"vehicles"}
    assert {one.fix["text"] for one in found} == {"提前停止，未试算 · stopped early, nothing tried"}


def test_the_fix_is_the_fewest_trucks(busy: Path) -> None:
    """Without washers the night needs 2 and the day 1: one truck fewer leaves something over."""
    none = plan_folder(busy, fleet=(("washer", 0),), **WASH)
    assert {one.cause for one in none.uncovered} == {"no_vehicle"}
    needs = {one.duty.shift_id: one.fix["fleet"]["washer"] for one in none.uncovered}
    assert needs == {"night": 2, "day": 1}
    for shift, number in needs.items():
        enough = plan_folder(busy, fleet=(("washer", number),), **WASH)
        assert left_over(enough, shift) == 0
        fewer = plan_folder(busy, fleet=(("washer", number - 1),), **WASH)
        assert left_over(fewer, shift) > 0


def test_the_fix_is_counted_from_the_trucks_that_are_out(busy: Path) -> None:
    """1 out, 2 needed: +1, and the option as it is typed."""
    short = plan_folder(busy, fleet=(("washer", 1),), **WASH)
    assert {one.cause for one in short.uncovered} == {"vehicles"}
    (fix,) = {str(one.fix): one.fix for one in short.uncovered}.values()
    assert fix == {
        "text": "洗扫车增至 2 辆（+1） · washers=2 (+1)",
        "fleet": {"washer": 2},
        "option": "--fleet washers=2",
    }


def test_overtime_is_the_shortest_that_does(tmp_path: Path) -> None:
    """27,200 m for one washer: 40 minutes more suffice, 20 do not, and no truck is asked for."""
    folder = write_busy(tmp_path / "long", DOUBLE | {3: 6, 4: 6})
    alone: dict[str, Any] = {"fleet": (("washer", 1),), **WASH, "iterations": 4000}
    short = plan_folder(folder, **alone)
    (fix,) = {str(one.fix): one.fix for one in short.uncovered}.values()
    assert fix["order"] == {"order": "overtime", "shift": "night", "minutes": 40}
    assert left_over(plan_folder(folder, orders="overtime,,,night,40", **alone), "night") == 0
    assert left_over(plan_folder(folder, orders="overtime,,,night,20", **alone), "night") > 0


def test_all_trucks_together_may_not_suffice(tmp_path: Path) -> None:
    """Of three washers two are in the workshop: 33,600 m are told to be too much for all."""
    folder = write_busy(tmp_path / "small", TRIPLE)

    def workshop(rows: Rows) -> Rows:
        return [
            row | {"status": "workshop"} if row["vehicle_id"] in "W2W3" else row for row in rows
        ]

    edit_table(folder, "vehicles", workshop)
    short = plan_folder(folder, **WASH)
    assert {one.cause for one in short.uncovered} == {"vehicles"}
    for one in short.uncovered:
        assert "all 1 trucks of type washer do not suffice" in one.fix["text"]
        assert "fleet" not in one.fix


def test_queues_are_a_cause_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """60 passes of two sprinklers at a single bay, and no time kept free for queues."""
    monkeypatch.setattr(workload, "QUEUE_MOST_S", 0)
    monkeypatch.setitem(jobs.UTILISATION, "sprinkle", 0.9)
    folder = write_minidistrict(tmp_path / "mini")

    def at_d1(rows: Rows) -> Rows:
        return [row | {"depot_id": "D1"} for row in rows]

    def ten_passes(rows: Rows) -> Rows:
        return [row | {"passes": "10"} if row["shift_id"] == "sprinkle_am" else row for row in rows]

    edit_table(folder, "vehicles", at_d1)
    edit_table(folder, "standards", ten_passes)
    edit_table(folder, "fill_points", lambda rows: rows[1:])
    plan = plan_folder(folder, iterations=300, services=("sprinkle",))
    assert plan.violations == ()
    assert {one.cause for one in plan.uncovered} == {"bays"}
    for one in plan.uncovered:
        assert "sprinkle/sprinkle_am, 2 out" in one.text
        assert one.fix["text"]


def test_a_trial_counts_what_queues_leave_over(
    situation: tuple[Situation, tuple[Duty, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were every trial to end with a duty late in a queue, no number of trucks would do."""
    made, dropped = situation
    late = [SimpleNamespace(left=(dropped[0],))]
    monkeypatch.setattr("sanitation.explain.set_departures", lambda *_: late)
    assert {one.fix["text"] for one in told(made, dropped)} == {
        "3 辆洗扫车全部出车仍不够 · all 3 trucks of type washer do not suffice"
    }


def test_trials_are_of_the_shift_in_question(
    situation: tuple[Situation, tuple[Duty, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trial by trial for what is missing at night: overtime first, then trucks by halving."""
    made, dropped = situation
    tried: list[tuple[str, int, int]] = []

    def trial(
        _: Situation, key: tuple[str, str], duties: Any, vehicles: Any, overtime_min: int
    ) -> int:
        assert {(duty.service, duty.shift_id) for duty in duties} == {key}
        washers = sum(vehicle.type_id == "washer" for vehicle in vehicles)
        tried.append((key[1], washers, overtime_min))
        return 0 if washers >= 2 or overtime_min == 60 else 1

    monkeypatch.setattr("sanitation.explain._left_over", trial)
    one_pass = dropped[:1]
    (overtime,) = told(made, one_pass)
    assert overtime.fix["order"]["minutes"] == 60
    assert tried == [("night", 1, 20), ("night", 1, 40), ("night", 1, 60)]
    tried.clear()
    # More than an hour of work alone: overtime is not even tried.
    fixes = {str(one.fix): one.fix for one in told(made, dropped)}
    assert [fix["fleet"] for fix in fixes.values()] == [{"washer": 2}]
    assert {minutes for _, _, minutes in tried} == {0}
    assert ("night", 3, 0) in tried


def test_the_planner_passes_on_what_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As written in the order, by name; what leave_out or another order names is not in it."""
    seen: list[Situation] = []
    real = planner.explain

    def watched(situation: Situation, *rest: Any) -> tuple[Uncovered, ...]:
        seen.append(situation)
        return real(situation, *rest)

    monkeypatch.setattr(planner, "explain", watched)
    folder = write_minidistrict(tmp_path / "mini")
    orders = "road_closed,北街,,,\nleave_out,R3,,,\ntruck_off,S2,,,"
    plan = plan_folder(folder, orders=orders, services=("sprinkle",))
    (situation,) = seen
    assert (situation.closed, situation.off) == (("北街",), frozenset({"S2"}))
    assert {one.cause for one in plan.uncovered} == {"unreachable"}
    assert {tuple(one.fix["drop_orders"]) for one in plan.uncovered} == {("北街",)}
