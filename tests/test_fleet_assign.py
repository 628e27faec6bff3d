"""Runs to vehicles and crews: hand-checkable cases and a day of 149 runs, checked plainly."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pulp
import pytest

from fleet import assign as module
from fleet.assign import Assignment, assign_runs
from fleet.crews import each_run_in_one_day, one_day_per_person, one_person_per_run
from fleet.duty import Past, RunNeed
from fleet.model import Driver, DutyRules, Vehicle
from fleet.solver import BINARY, linear, minimise

HOUR = 3600
WEDNESDAY = 2


def _run(name: str, start_h: float, end_h: float, **more: Any) -> RunNeed:
    start_s, end_s = round(start_h * HOUR), round(end_h * HOUR)
    return RunNeed(name, "wash", "day", "A", "washer", start_s, end_s, end_s - start_s, **more)


def _fleet(*ids: str, kind: str = "washer", depot: str = "A") -> tuple[Vehicle, ...]:
    return tuple(Vehicle(i, f"样{i}", kind, depot, "in_service") for i in ids)


def _people(*ids: str, role: str = "driver", rest: int = 6, depot: str = "A") -> tuple[Driver, ...]:
    return tuple(Driver(i, f"样{i}", role, depot, rest) for i in ids)


def _assign(
    runs: tuple[RunNeed, ...],
    vehicles: tuple[Vehicle, ...],
    drivers: tuple[Driver, ...],
    past: Past | None = None,
    absent: frozenset[str] = frozenset(),
) -> Assignment:
    return assign_runs(runs, vehicles, drivers, past or Past(), DutyRules(), WEDNESDAY, absent)


def test_three_runs_two_drivers() -> None:
    """a and b overlap, c follows a: two vehicles, two drivers, one of them with two runs."""
    runs = (_run("a", 8, 10), _run("b", 9, 11), _run("c", 10.5, 12))
    answer = _assign(runs, _fleet("V1", "V2"), _people("P1", "P2"))
    assert answer.unassigned == ()
    assert answer.vehicle["a"] != answer.vehicle["b"]
    assert answer.driver["a"] != answer.driver["b"]
    # The same vehicle and driver go on, rather than a change of either.
    assert answer.vehicle["c"] == answer.vehicle["a"]
    assert answer.driver["c"] == answer.driver["a"]


def test_a_vehicle_rests_fifteen_minutes() -> None:
    """A pause of 15 min is enough for one vehicle, 14 are not."""
    enough = _assign((_run("a", 8, 10), _run("b", 10.25, 11)), _fleet("V1"), _people("P1"))
    assert enough.vehicle == {"a": "V1", "b": "V1"}
    short = _assign((_run("a", 8, 10), _run("b", 10 + 14 / 60, 11)), _fleet("V1"), _people("P1"))
    assert len(short.vehicle) == 1
    assert [(u.what, u.reason) for u in short.unassigned] == [
        ("vehicle", "all 1 vehicles of type washer at depot A are on other runs at that time")
    ]


def test_depot_and_type_are_kept() -> None:
    """A sprinkler and a washer of another depot do not do the run; the reason says so."""
    fleet = (*_fleet("S1", kind="sprinkler"), *_fleet("V1", depot="B"))
    answer = _assign((_run("a", 8, 10),), fleet, _people("P1"))
    assert answer.vehicle == {}
    assert answer.driver == {}
    assert answer.unassigned[0].reason == "no vehicle of type washer at depot A can go out today"


def test_pinned_and_preferred_vehicles() -> None:
    """b keeps its preferred V2 until a, at the same time, is pinned to it."""
    b = _run("b", 8, 10, preferred_vehicle="V2")
    free = _assign((_run("a", 8, 10), b), _fleet("V1", "V2"), _people("P1", "P2"))
    assert free.vehicle == {"a": "V1", "b": "V2"}
    a = _run("a", 8, 10, pinned_vehicle="V2")
    pinned = _assign((a, b), _fleet("V1", "V2"), _people("P1", "P2"))
    assert pinned.vehicle == {"a": "V2", "b": "V1"}


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("V9", "it is pinned to V9, which cannot go out today"),
        ("B1", "it is pinned to B1, which is not of type washer at depot A"),
    ],
)
def test_a_pin_that_cannot_be_kept(pin: str, reason: str) -> None:
    """Another vehicle is free, but a pin is a pin: the run stays open and says why."""
    fleet = (*_fleet("V1"), *_fleet("B1", depot="B"))
    answer = _assign((_run("a", 8, 10, pinned_vehicle=pin),), fleet, _people("P1"))
    assert [u.reason for u in answer.unassigned] == [reason]


def test_use_is_spread_over_vehicles() -> None:
    """Two runs one after the other, two vehicles: one each; the least used goes first."""
    runs = (_run("a", 8, 10), _run("b", 12, 14))
    answer = _assign(runs, _fleet("V1", "V2"), _people("P1", "P2"))
    assert sorted(answer.vehicle.values()) == ["V1", "V2"]
    one = _assign(runs[:1], _fleet("V1", "V2"), _people("P1"), Past(vehicle_use={"V1": 9}))
    assert one.vehicle == {"a": "V2"}


@pytest.mark.parametrize(
    ("person", "past", "absent", "words"),
    [
        (_people("P1", rest=WEDNESDAY)[0], Past(), frozenset[str](), "on the weekly rest day"),
        (_people("P1")[0], Past(), frozenset({"P1"}), "absent"),
        (_people("P1")[0], Past(last_end_s={"P1": 0}), frozenset[str](), "too short a rest"),
        (_people("P1")[0], Past(work_s={"P1": 43 * HOUR}), frozenset[str](), "week's most hours"),
    ],
)
def test_a_run_nobody_may_drive_says_why(
    person: Driver, past: Past, absent: frozenset[str], words: str
) -> None:
    """The only driver is kept from the run by one rule, and that rule is the reason."""
    answer = _assign((_run("a", 8, 10),), _fleet("V1"), (person,), past, absent)
    assert answer.driver == {}
    assert [(u.run_id, u.what) for u in answer.unassigned] == [("a", "driver")]
    assert words in answer.unassigned[0].reason


def test_a_helper_is_no_driver() -> None:
    """A depot with helpers only has no driver."""
    answer = _assign((_run("a", 8, 10),), _fleet("V1"), _people("H1", role="helper"))
    assert answer.unassigned[0].reason == "depot A has none"


def test_helpers_are_different_people() -> None:
    """Two helpers for one run; a third is asked for and is missing."""
    people = (*_people("P1"), *_people("H1", "H2", role="helper"))
    answer = _assign((_run("a", 8, 10, helpers=2),), _fleet("V1"), people)
    assert sorted(answer.helpers["a"]) == ["H1", "H2"]
    short = _assign((_run("a", 8, 10, helpers=3),), _fleet("V1"), people)
    assert len(short.helpers["a"]) == 2
    assert [u.what for u in short.unassigned] == ["helper"]


def test_known_pairs_stay_together() -> None:
    """P2 has driven V1 five times, P1 never: P2 gets the run; yesterday's driver beats both."""
    past = Past(pairs={("P2", "V1"): 5})
    people = _people("P1", "P2", "P3")
    assert _assign((_run("a", 8, 10),), _fleet("V1"), people, past).driver == {"a": "P2"}
    kept = _run("a", 8, 10, preferred_driver="P3")
    assert _assign((kept,), _fleet("V1"), people, past).driver == {"a": "P3"}


def test_a_duty_day_is_parted_when_nobody_can_work_it_whole() -> None:
    """Two runs of 3 h make one day of 6 h; with 3 h left in the week each, two people share it."""
    runs = (_run("a", 8, 11), _run("b", 12, 15))
    past = Past(work_s={"P1": 41 * HOUR, "P2": 41 * HOUR})
    answer = _assign(runs, _fleet("V1"), _people("P1", "P2"), past)
    assert sorted(answer.driver.values()) == ["P1", "P2"]
    assert answer.unassigned == ()


def test_a_night_driver_ends_in_the_morning() -> None:
    """22:30–06:30 is a duty day of 8 h: no run of the day can be added to it."""
    night = _run("n", -1.5, 6.5)
    answer = _assign((night, _run("d", 7, 8)), _fleet("V1"), _people("P1"))
    assert answer.driver == {"n": "P1"} or answer.driver == {"d": "P1"}
    assert "most work of a duty day" in answer.unassigned[0].reason


def _breaches(
    runs: tuple[RunNeed, ...],
    answer: Assignment,
    vehicles: tuple[Vehicle, ...],
    drivers: tuple[Driver, ...],
    past: Past,
) -> list[str]:
    """Every rule, counted plainly from the answer, independent of the program's own rules."""
    wrong: list[str] = []
    need = {r.id: r for r in runs}
    fleet, staff = {v.id: v for v in vehicles}, {d.id: d for d in drivers}
    for run_id, vid in answer.vehicle.items():
        run, truck = need[run_id], fleet[vid]
        if (truck.depot_id, truck.type_id) != (run.depot_id, run.type_id):
            wrong.append(f"{run_id}: vehicle")
    for who, gap in ((answer.vehicle, 900), (answer.driver, 600)):
        for one in set(who.values()):
            mine = sorted((need[r] for r, w in who.items() if w == one), key=lambda r: r.start_s)
            wrong += [f"{one}: overlap" for a, b in pairwise(mine) if b.start_s < a.end_s + gap]
    for pid in set(answer.driver.values()):
        mine = [need[r] for r, p in answer.driver.items() if p == pid]
        first, last = min(r.start_s for r in mine), max(r.end_s for r in mine)
        work = sum(r.work_s for r in mine)
        bad = (
            any(r.depot_id != staff[pid].depot_id for r in mine),
            staff[pid].role != "driver" or staff[pid].rest_weekday == WEDNESDAY,
            len(mine) > 3 or work > 8 * HOUR or last - first > 12 * HOUR,
            first - past.last_end_s.get(pid, -(10**6)) < 11 * HOUR,
            past.work_s.get(pid, 0) + work > 44 * HOUR,
        )
        wrong += [f"{pid}: {i}" for i, b in enumerate(bad) if b]
    return wrong


def _district(seed: int) -> tuple[Any, ...]:
    """149 runs, 65 vehicles and 150 drivers at three depots, with a random week behind them."""
    chance = random.Random(seed)
    depots = "ABC"
    runs: list[RunNeed] = []

    def add(service: str, shift: str, kind: str, count: int, start_h: float, end_h: float) -> None:
        for i in range(count):
            start = round(start_h * HOUR) + 60 * chance.randint(0, 20)
            end = round(end_h * HOUR) - 60 * chance.randint(0, 20)
            work = end - start - (1200 if end - start > 4 * HOUR else 0)
            name = f"{service}-{shift}-{i:02d}"
            runs.append(RunNeed(name, service, shift, depots[i % 3], kind, start, end, work))

    add("wash", "night", "washer", 34, -1.5, 6.5)
    add("wash", "day", "washer", 29, 9, 16.5)
    for shift, start_h, end_h in (("dawn", 5, 7), ("am", 9.5, 12), ("pm", 13.5, 16.5)):
        add("sprinkle", shift, "sprinkler", 26, start_h, end_h)
    add("sprinkle", "eve", "sprinkler", 8, 19.5, 21.5)
    vehicles = tuple(
        Vehicle(f"{k[0]}{i:02d}", "样", k, depots[i % 3], "in_service")
        for k, n in (("washer", 39), ("sprinkler", 26))
        for i in range(n)
    )
    drivers = tuple(
        Driver(f"P{i:03d}", "样", "driver", depots[i % 3], chance.randint(0, 6)) for i in range(150)
    )
    ends = (-17.5, -17.5, -7.5, -2.5)
    past = Past(
        {d.id: round(HOUR * chance.choice(ends)) for d in drivers},
        {d.id: round(HOUR * chance.uniform(24, 38)) for d in drivers},
        {d.id: chance.randint(0, 5) for d in drivers},
        {(d.id, chance.choice(vehicles).id): chance.randint(1, 6) for d in drivers},
        {v.id: chance.randint(50, 60) for v in vehicles},
    )
    return tuple(runs), vehicles, drivers, past


def test_a_day_of_the_district() -> None:
    """All 149 runs have a vehicle and a driver, and every rule holds when counted plainly."""
    runs, vehicles, drivers, past = _district(1)
    answer = _assign(runs, vehicles, drivers, past)
    assert answer.unassigned == ()
    assert len(answer.driver) == len(runs) == 149
    assert _breaches(runs, answer, vehicles, drivers, past) == []
    assert max(Counter(answer.driver.values()).values()) > 1
    assert all(note.status == "optimal" for _, note in answer.notes)


def test_the_order_of_the_rows_does_not_matter() -> None:
    """Runs, vehicles and drivers in reverse: the same answer."""
    runs, vehicles, drivers, past = _district(2)
    some = tuple(r for r in runs if r.depot_id == "A")
    answer = _assign(some, vehicles, drivers, past)
    assert _assign(some[::-1], vehicles[::-1], drivers[::-1], past) == answer


def test_the_vehicle_rules_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one_run_at_a_time one vehicle is in two places; without use_spread one does all."""
    with monkeypatch.context() as patch:
        patch.setattr(module, "one_run_at_a_time", lambda *args: None)
        both = _assign((_run("a", 8, 10), _run("b", 9, 11)), _fleet("V1"), _people("P1", "P2"))
        assert both.vehicle == {"a": "V1", "b": "V1"}
    with monkeypatch.context() as patch:
        patch.setattr(module, "use_spread", lambda *args: None)
        runs = (_run("a", 8, 10), _run("b", 12, 14))
        assert len(set(_assign(runs, _fleet("V1", "V2"), _people("P1")).vehicle.values())) == 1


def _crew_model(reward: float) -> tuple[Any, list[Any]]:
    """Two duty days, "a" and "b", that the same person could take; each counts ``reward``."""
    prob = pulp.LpProblem("crew", pulp.LpMinimize)
    take = [prob.add_variable(f"take_{i}", cat=BINARY) for i in range(2)]
    prob += linear([(v, -reward) for v in take])
    return prob, take


def test_one_duty_day_per_person() -> None:
    """Both days would be worth taking; one person takes one of them."""
    prob, take = _crew_model(1.0)
    pairs = [((_run(name, 8, 10),), _people("P1")[0]) for name in "ab"]
    one_day_per_person(prob, pairs, take)
    assert minimise(prob, 10).objective == -1.0


def test_one_person_per_run() -> None:
    """Two people would both be worth sending on run a; one goes, and without any it is open."""
    prob, take = _crew_model(1.0)
    nobody = {"a": prob.add_variable("nobody", 0, 1)}
    pairs = [((_run("a", 8, 10),), person) for person in _people("P1", "P2")]
    one_person_per_run(prob, pairs, take, nobody)
    assert minimise(prob, 10).objective == -1.0
    prob, take = _crew_model(-1.0)
    nobody = {"a": prob.add_variable("nobody", 0, 1)}
    one_person_per_run(prob, pairs, take, nobody)
    assert minimise(prob, 10).objective == 0.0
    assert nobody["a"].varValue == 1.0


def test_each_run_in_one_duty_day() -> None:
    """Duty days a+b and b: taking none is cheapest, but run a needs the first, so b is out."""
    prob, use = _crew_model(-1.0)
    a, b = _run("a", 8, 10), _run("b", 11, 12)
    each_run_in_one_day(prob, [(a, b), (b,)], use)
    assert minimise(prob, 10).objective == 1.0
    assert [round(v.varValue) for v in use] == [1, 0]


def test_bad_input_is_refused() -> None:
    """The same run twice, and a day of the week that does not exist."""
    with pytest.raises(ValueError, match="same id"):
        _assign((_run("a", 8, 10), _run("a", 8, 10)), _fleet("V1"), ())
    with pytest.raises(ValueError, match="weekday"):
        assign_runs((), (), (), Past(), DutyRules(), 7)
    assert _assign((), (), ()).vehicle == {}


def test_replacing_a_driver_keeps_the_others() -> None:
    """Yesterday's drivers are preferred: with one absent, only his runs change hands."""
    runs = tuple(_run(f"r{i}", 8, 10) for i in range(4))
    fleet, people = _fleet("V1", "V2", "V3", "V4"), _people("P1", "P2", "P3", "P4", "P5")
    before = _assign(runs, fleet, people)
    again = tuple(
        replace(r, preferred_driver=before.driver[r.id], preferred_vehicle=before.vehicle[r.id])
        for r in runs
    )
    gone = before.driver["r1"]
    after = _assign(again, fleet, people, absent=frozenset({gone}))
    assert after.vehicle == before.vehicle
    assert [r for r in before.driver if before.driver[r] != after.driver[r]] == ["r1"]
