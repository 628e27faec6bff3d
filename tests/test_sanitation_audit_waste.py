"""The referee on collection and haulage: a good plan passes, each fault is named by its cause."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from goodplan import changed, run_of
from test_sanitation_audit import WRONG, paths
from wastedaymutations import (
    DAY_MUTATIONS,
    hauled_before_it_came,
    more_left_than_listed,
    not_due_on_wednesday,
    suspended_by_no_order,
)
from wastedistrict import THURSDAY, write_wastedistrict
from wastemutations import C2, RUN_MUTATIONS, Plan, overloaded
from wasteplan import GOOD, good_plan, listed, recommand, rescript

from sanitation.audit import CAUSES, audit_plan
from sanitation.audit.books import open_books
from sanitation.audit.load import Moved
from sanitation.audit.rows import read_plan
from sanitation.audit.stations import judge_stocks
from sanitation.district import read_district

MUTATIONS = RUN_MUTATIONS | DAY_MUTATIONS


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the district of wastedistrict.py."""
    return write_wastedistrict(tmp_path_factory.mktemp("waste"))


def changed_town(tmp_path: Path, table: str, before: str, after: str) -> Path:
    """The district with some text of a table replaced."""
    folder = write_wastedistrict(tmp_path / "town")
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def causes(plan: Any, town: Path) -> set[str]:
    """The causes of everything that the referee finds."""
    return {violation.cause for violation in audit_plan(plan, town)}


def test_good_plan_has_no_violation(town: Path) -> None:
    """Six runs collect 7,350 kg and haul 8,300 kg of two streams without a finding."""
    assert audit_plan(good_plan(), town) == ()


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutation_is_named_by_its_cause_alone(mutate: Callable[[], Plan], town: Path) -> None:
    """One fault, one cause."""
    assert causes(mutate(), town) == {MUTATIONS[mutate]}


def test_every_cause_of_waste_is_tested() -> None:
    """The causes that only collection and haulage have; the others here are of the closed list."""
    own = {"load", "stream", "access", "closed", "containers", "not_emptied", "throughput"}
    assert own - set(MUTATIONS.values()) == {"throughput"}  # with a table changed, below
    assert set(MUTATIONS.values()) | own <= CAUSES.keys()


def test_weather_and_peaks_do_not_stop_collection(town: Path) -> None:
    """Rain, and frost at noon: waste is collected all the same."""
    plan = good_plan()
    plan["conditions"]["weather"] = "rain"
    plan["conditions"]["hourly_c"] = [[hour, -5] for hour in range(-2, 24)]
    plan["conditions"]["active"] = ["plain"]
    assert audit_plan(plan, town) == ()


def test_uncovered_load_adds_up(town: Path) -> None:
    """The recyclables of C2 are listed as uncovered, 350 kg in 5 bins: no violation."""
    plan = recommand("Y1", (C2, ()))
    plan["uncovered"] = [
        listed("collect", "recycle_am", "C2", "recyclable") | {"cause": "time", "text": "?"}
    ]
    assert audit_plan(plan, town) == ()


def test_left_out_by_order_may_be_suspended(town: Path) -> None:
    """An order leaves C2 out of the shift for recyclables: suspended, no violation."""
    plan = suspended_by_no_order()
    order = {"kind": "leave_out", "target": "C2", "shift": "recycle_am", "outcome": "obeyed"}
    plan["provenance"]["orders"] = [order]
    assert audit_plan(plan, town) == ()


def test_thursday_has_other_recyclables(town: Path) -> None:
    """On Thursday those of C3 and C4 are due, and not those of C1 and C2."""
    plan = good_plan()
    plan["date"] = THURSDAY
    for row in (plan, *plan["runs"], *(stop for run in plan["runs"] for stop in run["stops"])):
        for key in ("start", "end"):
            if key in row:
                row[key] = row[key].replace("2026-07-15", THURSDAY)
    found = [(v.cause, v.run_id, v.stop) for v in audit_plan(plan, town)]
    assert found == [
        ("pass_missing", "", -1),
        ("pass_missing", "", -1),
        ("over_served", "Y1", 2),
        ("over_served", "Y1", 4),
    ]


def test_missing_load_is_named_with_kilograms_and_bins(town: Path) -> None:
    """The text says which community and stream, and how much waits there."""
    (found,) = audit_plan(recommand("Y1", (C2, ())), town)
    assert "collect/C2/recyclable is due (350 kg, 5 bins) but not in the plan" in found.text


def test_not_due_is_named_at_its_stop(town: Path) -> None:
    """Y1's first visit is the one that is not due."""
    (found,) = audit_plan(not_due_on_wednesday(), town)
    assert (found.run_id, found.stop) == ("Y1", 2)


def test_overload_says_by_how_much(town: Path) -> None:
    """Q1 has 700, 1,050, 1,400 and 2,100 kg on board; the last is 600 kg too much."""
    (found,) = audit_plan(overloaded(), town)
    assert found.run_id == "Q1"
    assert "2100 kg on board are 600 kg over the payload of 1500 kg" in found.text


def test_a_full_truck_is_not_overloaded(tmp_path: Path) -> None:
    """K1 has at most 2,100 kg on board: a payload of as much is enough, one of less is not."""
    full = changed_town(tmp_path / "full", "vehicle_types", "3000,residual,", "2100,residual,")
    assert audit_plan(good_plan(), full) == ()
    less = changed_town(tmp_path / "less", "vehicle_types", "3000,residual,", "2099,residual,")
    assert causes(good_plan(), less) == {"load"}


@pytest.mark.parametrize(("kg", "found"), [(0, []), (-1, ["load"])])
def test_work_that_is_not_due_takes_nothing_off_the_truck(
    kg: int, found: list[str], town: Path
) -> None:
    """How much C3 gives on a Wednesday nobody knows, but it takes nothing off the truck."""
    plan = recommand("Y1", (C2, (C2, ("collect", "C3", "recyclable"))))
    stops = run_of(plan, "Y1")["stops"]
    for stop in stops[6:8]:
        stop["load_kg"] += kg - 700
    assert [v.cause for v in audit_plan(plan, town)] == [*found, "over_served"]


# Two streams: TS1 has one container for each of kitchen waste and recyclables.


def test_two_streams_on_one_truck(tmp_path: Path) -> None:
    """A truck that may carry both still may not carry both at once; nor in a shift of the other."""
    folder = changed_town(tmp_path, "vehicle_types", "2000,recyclable,", "2000,recyclable;kitchen,")
    plan = recommand("Y1", (C2, (C2, ("collect", "C4", "kitchen"))))
    plan["runs"] = [run for run in plan["runs"] if run["id"] != "Q1"]
    stop = next(s for s in run_of(plan, "Y1")["stops"] if s.get("stream") == "kitchen")
    on_board = [v for v in audit_plan(plan, folder) if v.cause == "stream"]
    # The unloading is judged by what came on board last.
    assert [(v.run_id, v.stop) for v in on_board] == [
        ("Y1", run_of(plan, "Y1")["stops"].index(stop))
    ]
    assert "takes kitchen on with recyclable on board" in on_board[0].text


def test_containers_of_two_streams_are_apart(town: Path) -> None:
    """Only the kitchen waste of TS1 is drawn below empty, by H2, and only once."""
    (found,) = audit_plan(hauled_before_it_came(), town)
    assert (found.run_id, found.stop) == ("H2", 2)
    assert "from 09:47:24 on 1050 kg more are hauled from TS1/kitchen than came in" in found.text


def test_containers_too_full(tmp_path: Path) -> None:
    """With one container for TS1's residual waste 4,800 kg are too many, from K1's visit on.

    2,000 kg + 2,100 at 09:49:12 + 700 at 13:55:36 - 3,000 at 14:16:12: one stretch, 1,800 kg
    over at its worst.
    """
    folder = changed_town(tmp_path, "station_streams", "TS1,residual,2,", "TS1,residual,1,")
    plan = good_plan()
    plan["indicators"]["stations"][2]["room_kg"] = 3000
    (found,) = audit_plan(plan, folder)
    assert (found.cause, found.run_id, found.stop) == ("containers", "K1", 7)
    assert (
        "from 09:49:12 on 4800 kg in the containers of TS1/residual, 1800 kg more than their "
        "3000 kg" in found.text
    )


def test_throughput_is_passed_once(tmp_path: Path) -> None:
    """TS1 takes in 5,250 kg until Y1 has unloaded and 700 of K2; at 5 t a day Y1 is too much."""
    folder = changed_town(tmp_path, "stations", ",20,1,", ",5,1,")
    (found,) = audit_plan(good_plan(), folder)
    assert (found.cause, found.run_id, found.stop) == ("throughput", "Y1", 6)
    assert "TS1 takes in 5950 kg in the day, 5000 kg at most, passed at 10:49:36" in found.text


def test_a_station_may_be_used_to_its_limit(tmp_path: Path) -> None:
    """TS1 takes in 5,950 kg: a throughput of 5.95 t a day is enough."""
    folder = changed_town(tmp_path, "stations", ",20,1,", ",5.95,1,")
    assert audit_plan(good_plan(), folder) == ()


def test_terminal_hours_to_the_second(town: Path) -> None:
    """E2 is open 08:00-18:00. H2 is there 47 min 24 s to 62 min 24 s after its departure."""
    assert audit_plan(rescript("H2", start_s=64_800 - 3_744), town) == ()
    assert causes(rescript("H2", start_s=64_801 - 3_744), town) == {"closed"}
    # So early in the morning there is nothing yet to be hauled.
    early = rescript("H2", shift="haul_early", start_s=28_800 - 2_844)
    assert causes(early, town) == {"containers"}
    early = rescript("H2", shift="haul_early", start_s=28_799 - 2_844)
    assert causes(early, town) == {"containers", "closed"}


def test_station_hours(tmp_path: Path) -> None:
    """With 06:00-10:30 TS2 closes 4 min 42 s before K1 has unloaded."""
    folder = changed_town(tmp_path, "stations", "06:00,22:00", "06:00,10:30")
    found = [v for v in audit_plan(good_plan(), folder) if v.run_id == "K1"]
    assert [(v.cause, v.stop) for v in found] == [("closed", 12)]
    assert "(282 s outside)" in found[0].text


def test_a_truck_may_rest_at_a_terminal(town: Path) -> None:
    """H2 rests and waits at E2 before it tips."""
    tip = ("unload", "E2")
    plan = recommand("H2", (tip, (("rest", 1200), ("until", 54_000), tip)))
    assert audit_plan(plan, town) == ()


def test_two_bays_are_enough_for_two(tmp_path: Path) -> None:
    """What is one truck too many at one bay is none at two."""
    folder = changed_town(tmp_path, "stations", ",20,1,", ",20,2,")
    assert audit_plan(rescript("Y1", start_s=35_460), folder) == ()


def stocks(moved: list[Moved], plan: Plan, town: Path) -> list[tuple[str, str]]:
    """What judge_stocks finds of some moves: causes and texts."""
    district = read_district(town)
    rows, _ = read_plan(plan, district.utc_offset)
    assert rows is not None
    books = open_books(district, rows)
    return [(found.cause, found.text) for found in judge_stocks(moved, rows, books)]


def test_the_day_ends_at_midnight(town: Path) -> None:
    """A haul whose service ends at 24:00 empties the station, one second later is too late.

    Kitchen waste and recyclables come in; only the former must leave on the same day.
    """
    plan = good_plan({})

    def day(out_s: int) -> list[Moved]:
        return [
            Moved(36_000, "Q1", 7, "TS1", "kitchen", 2100),
            Moved(40_000, "Y1", 6, "TS1", "recyclable", 1050),
            Moved(50_000, "H1", 2, "TS1", "residual", -2000),
            Moved(out_s, "H2", 2, "TS1", "kitchen", -2100),
        ]

    assert stocks(day(86_400), plan, town) == []
    ((cause, text),) = stocks(day(86_401), plan, town)
    assert cause == "not_emptied"
    assert "2100 kg are left in TS1/kitchen at 24:00, 0 kg are listed" in text


def test_what_comes_and_goes_in_one_second_is_one_change(town: Path) -> None:
    """3,000 kg leave in the second in which 3,000 kg come: neither too full nor below empty."""
    moved = [
        Moved(50_000, "H1", 2, "TS1", "residual", -2000),
        Moved(60_000, "Q1", 7, "TS1", "kitchen", 3000),
        Moved(70_000, "H2", 2, "TS1", "kitchen", -3000),
        Moved(70_000, "Q1", 12, "TS1", "kitchen", 3000),
        Moved(80_000, "H2", 7, "TS1", "kitchen", -3000),
    ]
    assert stocks(moved, good_plan({}), town) == []


def test_each_overfull_stretch_is_named_once(town: Path) -> None:
    """Too full by 500 kg, then by 900; emptied; too full again: two findings."""
    moved = [
        Moved(50_000, "H1", 2, "TS1", "residual", -2000),
        Moved(50_000, "Q1", 1, "TS1", "kitchen", 3500),
        Moved(51_000, "Q1", 3, "TS1", "kitchen", 400),
        Moved(52_000, "H2", 2, "TS1", "kitchen", -3900),
        Moved(53_000, "Q1", 5, "TS1", "kitchen", 3001),
        Moved(54_000, "H2", 4, "TS1", "kitchen", -3001),
    ]
    found = stocks(moved, good_plan({}), town)
    assert [cause for cause, _ in found] == ["containers", "containers"]
    assert "from 13:53:20 on 3900 kg" in found[0][1]
    assert "from 14:43:20 on 3001 kg" in found[1][1]


def test_listed_hauls_may_be_left(town: Path) -> None:
    """1,800 kg of TS1 are left: all of them listed as uncovered is no violation, fewer are."""
    plan = more_left_than_listed()
    assert causes(plan, town) == {"not_emptied"}
    plan["uncovered"][0]["load_kg"] = 1800
    assert audit_plan(plan, town) == ()


# What the plan was asked for.


def only_collected(options: dict[str, Any]) -> Plan:
    """The good plan without its hauls."""
    plan = good_plan({name: GOOD[name] for name in ("K1", "K2", "Q1", "Y1")})
    plan["provenance"]["options"] = options
    return plan


def test_collection_alone_does_not_fill_containers(town: Path) -> None:
    """Without haulage asked for, stations are left full; with it they may not be."""
    assert audit_plan(only_collected({"services": ["collect"]}), town) == ()
    with_hauls = only_collected({"services": ["collect", "haul"]})
    assert causes(with_hauls, town) == {"not_emptied"}


def test_hauls_not_asked_for(town: Path) -> None:
    """Four hauls in a plan of collection alone are too many."""
    plan = good_plan()
    plan["provenance"]["options"] = {"services": ["collect"]}
    assert [v.cause for v in audit_plan(plan, town)] == ["over_served"] * 4


def test_collection_not_asked_for(town: Path) -> None:
    """Ten visits in a plan of haulage alone are too many."""
    plan = good_plan()
    plan["provenance"]["options"] = {"services": ["haul"]}
    assert [v.cause for v in audit_plan(plan, town)] == ["over_served"] * 10


@pytest.mark.parametrize("runs", [[], ["K1"]])
def test_an_older_plan_is_judged_by_what_it_has(runs: list[str], town: Path) -> None:
    """Without options, waste is due only in a plan with a run of it; streets are due in both."""
    plan = good_plan({name: GOOD[name] for name in runs})
    del plan["provenance"]["options"]
    texts = [v.text for v in audit_plan(plan, town) if v.cause == "pass_missing"]
    assert any("wash/night/R1" in text for text in texts)
    # Of ten loads due K1 takes three.
    assert sum("collect/" in text for text in texts) == 7 * len(runs)


def test_haulage_alone_empties_what_stood_there(town: Path) -> None:
    """2,000 kg stood at TS1 in the morning; nothing is collected, they leave on the day."""
    hauls = {"H1": GOOD["H1"]}
    commands = (("haul", "TS1", "residual", 1, 2000), *GOOD["H1"].commands[1:3])
    plan = rescript("H1", commands=(*commands, ("transfer", "D1")))
    plan["runs"] = [run for run in plan["runs"] if run["id"] in hauls]
    plan["indicators"] = {"runs": 1}
    plan["provenance"]["options"] = {"services": ["haul"]}
    assert audit_plan(plan, town) == ()
    plan["runs"] = []
    plan["indicators"] = {}
    assert causes(plan, town) == {"not_emptied"}


def test_a_site_may_be_left_by_any_arc(town: Path) -> None:
    """K1 comes to C3 on 5-6 and leaves on 6-5; without the visit it may not turn round there."""
    plan = good_plan()
    stops = run_of(plan, "K1")["stops"]
    assert (stops[8]["nodes"][-2:], stops[11]["nodes"][:2]) == ([5, 6], [6, 5])
    stops[10]["kind"] = "wait"
    found = [v for v in audit_plan(plan, town) if v.cause == "u_turn"]
    assert [(v.run_id, v.stop) for v in found] == [("K1", 11)]


def test_no_broken_value_ends_in_a_traceback(town: Path) -> None:
    """Every key of a plan removed or given a value of the wrong type: findings, never an error."""
    plan = good_plan({name: GOOD[name] for name in ("K2", "H2")})
    plan["indicators"]["stations"] = good_plan()["indicators"]["stations"]
    plan["uncovered"] = [listed("haul", "haul_late", "TS1", "residual") | {"cause": "time"}]
    plan["suspended"] = [listed("collect", "recycle_am", "C2", "recyclable") | {"rule": "order"}]
    values = itertools.cycle((*WRONG, "gone"))
    named = total = 0
    for path in [path for path in paths(plan) for _ in range(2)]:
        broken = changed(plan)
        inner: Any = broken
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = next(values)
        if inner[path[-1]] == "gone":
            del inner[path[-1]]
        named += "format" in causes(broken, town)
        total += 1
    assert 0.5 * total < named < total
