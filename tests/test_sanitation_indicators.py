"""The plan's figures, on the good plan of the town and on runs with round numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from goodplan import good_plan
from minidistrict import write_minidistrict

from fleet.assign import Unassigned
from fleet.model import SolveNote
from routes.solution import Route, Serve, Solution
from sanitation import planner
from sanitation.archive import plan_of
from sanitation.crewing import Crewed
from sanitation.departures import Timed
from sanitation.district import read_district
from sanitation.ground import Ground, read_ground
from sanitation.indicators import RUNS_REFERENCE, cost_of, indicators, kind_of, used_l
from sanitation.jobs import Job
from sanitation.model import District, Duty, Run, Stop, Suspended, Uncovered, Window
from sanitation.search import Searched
from sanitation.timing import Timeline
from sanitation.workload import build_workload

NIGHT, DAY, DAWN = ("wash", "night"), ("wash", "day"), ("sprinkle", "sprinkle_dawn")


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_minidistrict(tmp_path_factory.mktemp("indicators") / "mini"))


def figures(district: District, *runs: Run, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"uncovered": (), "suspended": (), "bound_s": {}, "notes": ()}
    return indicators(district, runs, **(given | more))


def row_of(found: dict[str, Any], key: tuple[str, str]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = found["by_service_shift"]
    return next(row for row in rows if (row["service"], row["shift"]) == key)


def run_of(name: str = "A", key: tuple[str, str] = NIGHT, **changes: Any) -> Run:
    """Two hours of W1: 12 km and 4 km driven in 30 + 6 min, 1 h of work with 1,000 L.

    At its speed that is 5 km of washing by night, 8 by day. A fill of 10 min
    brings the tank from 8,400 L back to 9,000, a rest takes 14 min.
    """
    half_m = {NIGHT: 2500, DAY: 4000, DAWN: 7500}.get(key, 4000)
    stops = (
        Stop("depart", 0, 0, water_l=9000),
        Stop("travel", 0, 1800, length_m=12_000, water_l=9000),
        Stop("service", 1800, 3600, length_m=half_m, section_id="R1-01F", water_l=8400),
        Stop("fill", 3600, 4200, water_l=9000),
        Stop("rest", 4200, 5040, water_l=9000),
        Stop("service", 5040, 6840, length_m=half_m, section_id="R1-02F", water_l=8600),
        Stop("return", 6840, 7200, length_m=4000, water_l=8600),
    )
    return replace(Run(name, *key, "W1", "P1", (), "D1", 0, 7200, stops), **changes)


def longer_by(run: Run, seconds: int) -> Run:
    """The same run that ends later, after a wait."""
    wait = Stop("wait", run.end_s, run.end_s + seconds, water_l=run.stops[-1].water_l)
    return replace(run, end_s=run.end_s + seconds, stops=(*run.stops, wait))


def duty_of(key: tuple[str, str], section: str, length_m: int) -> Duty:
    name = "/".join((*key, section, "r1p1"))
    return Duty(name, *key, section, section[:2], 1, 1, 1, length_m, (Window(0, 9),), 1)


def open_work(key: tuple[str, str], section: str, length_m: int = 400) -> Uncovered:
    return Uncovered(duty_of(key, section, length_m), "hours", "no time", {})


def forbidden(key: tuple[str, str], section: str, length_m: int = 400) -> Suspended:
    return Suspended(duty_of(key, section, length_m), "rain", "rain")


def test_the_good_plan(district: District) -> None:
    """Passes of 400 m: 28 at night, 24 by day, 4 + 12 + 4 sprinkled, in three runs, two and three.

    Water by night 28 x 624 = 17,472 L, by day 24 x 390 = 9,360, sprinkled 20 x 864 = 17,280: in
    all 44,112 L. Washed at 3 m: 33,600 and 28,800 m2; sprinkled at 8 m: 64,000.
    """
    found = figures(district, *plan_of(good_plan()).runs)
    assert found["runs"] == 8
    assert found["covered_m"] == {
        "wash/night": 11_200,
        "sprinkle/sprinkle_dawn": 1600,
        "wash/day": 9600,
        "sprinkle/sprinkle_am": 4800,
        "sprinkle/sprinkle_pm": 1600,
    }
    assert found["due_m"] == found["covered_m"]
    assert set(found["uncovered_m"].values()) == {0}
    assert [row["runs"] for row in found["by_service_shift"]] == [3, 1, 2, 1, 1]
    assert [row["water_m3"] for row in found["by_service_shift"]] == [17.5, 3.5, 9.4, 10.4, 3.5]
    totals = found["totals"]
    assert (totals["runs"], totals["covered_m"], totals["service_km"]) == (8, 28_800, 28.8)
    assert totals["water_m3"] == 44.1
    assert totals["washed_m2"] == 33_600 + 28_800 + 64_000
    assert (totals["vehicles"], totals["washers_out"], totals["sprinklers_out"]) == (4, 3, 1)
    assert totals["runs_reference"] == RUNS_REFERENCE == 164.4


def test_rows_in_the_order_of_the_shifts(district: District) -> None:
    """Whatever the order of the runs: the night, dawn, the day; names from the shift table."""
    plan = plan_of(good_plan())
    found = figures(district, *reversed(plan.runs))
    keys = [(row["service"], row["shift"]) for row in found["by_service_shift"]]
    assert keys == [
        ("wash", "night"),
        ("sprinkle", "sprinkle_dawn"),
        ("wash", "day"),
        ("sprinkle", "sprinkle_am"),
        ("sprinkle", "sprinkle_pm"),
    ]
    night = row_of(found, NIGHT)
    assert (night["shift_name"], night["shift_name_en"]) == ("夜班", "night")


def test_due_is_covered_and_uncovered(district: District) -> None:
    """5,000 m done and 400 + 300 m open are 5,700 m due; what rain forbids is not due."""
    found = figures(
        district,
        run_of(),
        uncovered=(open_work(NIGHT, "R3-01F"), open_work(NIGHT, "R3-02F", 300)),
        suspended=(forbidden(NIGHT, "R4-01F", 250), forbidden(DAY, "R4-01F")),
    )
    night = row_of(found, NIGHT)
    assert (night["due_m"], night["covered_m"], night["uncovered_m"]) == (5700, 5000, 700)
    assert night["suspended_m"] == 250
    assert (found["due_m"]["wash/night"], found["uncovered_m"]["wash/night"]) == (5700, 700)
    totals = found["totals"]
    assert (totals["due_m"], totals["uncovered_m"], totals["suspended_m"]) == (5700, 700, 650)


def test_a_job_without_runs_has_a_row(district: District) -> None:
    """All of the day's work open and all of dawn's suspended: rows of zeros, no longest run."""
    found = figures(
        district, uncovered=(open_work(DAY, "R3-01F"),), suspended=(forbidden(DAWN, "R2-01F"),)
    )
    day, dawn = row_of(found, DAY), row_of(found, DAWN)
    assert (day["due_m"], day["covered_m"], day["runs"], day["hours"]) == (400, 0, 0, 0)
    assert (dawn["due_m"], dawn["suspended_m"]) == (0, 400)
    assert (day["longest_min"], day["shortest_min"], day["bound_h"]) == (None, None, None)
    assert (found["runs"], found["totals"]["due_m"]) == (0, 400)


def test_deadhead_is_driven_without_work(district: District) -> None:
    """12 + 4 km in 36 min; fill, rest and work are none of it. 30 min are the least: +20 %."""
    found = figures(district, run_of(), bound_s={NIGHT: 1800})
    night = row_of(found, NIGHT)
    assert (night["deadhead_km"], night["deadhead_h"]) == (16.0, 0.6)
    assert (night["bound_h"], night["above_bound_pct"]) == (0.5, 20.0)
    assert (night["service_km"], night["hours"]) == (5.0, 2.0)


def test_bounds_add_up(district: District) -> None:
    """Two jobs of 36 min each against 30 and 24 min: 72 above 54 by a third, 33.3 %."""
    runs = run_of(), run_of("B", DAY)
    found = figures(district, *runs, bound_s={NIGHT: 1800, DAY: 1440})
    assert row_of(found, DAY)["above_bound_pct"] == 50.0
    assert found["totals"]["bound_h"] == 0.9
    assert found["totals"]["above_bound_pct"] == 33.3


def test_no_bound_no_distance_from_it(district: District) -> None:
    """A job without a bound says nothing, and one of zero is divided by nobody."""
    found = figures(district, run_of(), bound_s={DAY: 1800})
    assert row_of(found, NIGHT)["bound_h"] is None
    assert row_of(found, NIGHT)["above_bound_pct"] is None
    found = figures(district, run_of(), bound_s={NIGHT: 0})
    assert row_of(found, NIGHT)["bound_h"] == 0
    assert row_of(found, NIGHT)["above_bound_pct"] is None


def test_a_turn_in_the_row_of_a_pass_is_deadhead(district: District) -> None:
    """2.5 km at 5 km/h are 1,800 s: of 2,040 s 240 are a turn, 36 + 4 min against a bound of 30.

    A pass quicker than its speed takes nothing off. Metres stay those driven.
    """
    run = run_of()
    start_s = {"R1-01F": 1560, "R1-02F": 5640}
    turned = tuple(
        replace(stop, start_s=start_s.get(stop.section_id, stop.start_s)) for stop in run.stops
    )
    found = figures(district, replace(run, stops=turned), bound_s={NIGHT: 1800})
    for row in (row_of(found, NIGHT), found["totals"]):
        assert (row["deadhead_h"], row["deadhead_km"]) == (0.67, 16.0)
        assert row["above_bound_pct"] == 33.3


def test_totals_compare_what_has_a_bound(district: District) -> None:
    """36 min against 30 by night: +20 % in all, however much the day drives without a bound.

    The bound of all is not known, then; where nothing is due none is needed.
    """
    runs = run_of(), run_of("B", DAY)
    totals = figures(district, *runs, bound_s={NIGHT: 1800})["totals"]
    assert (totals["bound_h"], totals["above_bound_pct"]) == (None, 20.0)
    assert totals["deadhead_h"] == 1.2
    left = figures(district, run_of(), uncovered=(open_work(DAY, "R3-01F"),), bound_s={NIGHT: 1800})
    assert (left["totals"]["bound_h"], left["totals"]["above_bound_pct"]) == (None, 20.0)
    off = figures(district, run_of(), suspended=(forbidden(DAY, "R3-01F"),), bound_s={NIGHT: 1800})
    assert (off["totals"]["bound_h"], off["totals"]["above_bound_pct"]) == (0.5, 20.0)


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Timed, Timed]:
    """One pass of R1-01F by night and by day, each from D1 and back, nothing left over."""
    folder = tmp_path_factory.mktemp("bounds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_minidistrict(folder / "mini"))
        ground = read_ground(district)
    night, day = (
        timed_of(district, ground, key, span) for key, span in ((NIGHT, 23_400), (DAY, 59_400))
    )
    return night, day


def timed_of(district: District, ground: Ground, key: tuple[str, str], end_s: int) -> Timed:
    duties = (replace(duty_of(key, "R1-01F", 400), windows=(Window(end_s - 9000, end_s),)),)
    trucks = tuple(vehicle for vehicle in district.vehicles if vehicle.id == "W1")
    workload = build_workload(district, ground, duties, trucks)
    note = SolveNote("optimal", 0.0, 0.0, 1)
    route = Route(0, end_s - 9000, (Serve(0, 0),))
    job = Job(key, duties, trucks, 0, note)
    line = Timeline(route, route.start_s, ())
    return Timed(Searched(job, workload, Solution((route,)), 1, "iterations"), (line,), note)


def test_a_job_that_leaves_work_has_no_bound(driven: tuple[Timed, Timed]) -> None:
    """77 s there and 100 s home for each job; not where search, queue or crew leave the pass."""
    night, day = driven
    nothing = Crewed((), (), ())
    assert planner._bounds(driven, nothing) == {NIGHT: 177, DAY: 177}
    dropped = replace(day.searched, solution=Solution((), (0,)))
    assert planner._bounds((night, replace(day, searched=dropped)), nothing) == {NIGHT: 177}
    late = replace(day.lines[0], left=(0,))
    assert planner._bounds((night, replace(day, lines=(late,))), nothing) == {NIGHT: 177}
    gap = Unassigned("wash-night-01", "driver", "all are out")
    undriven = Crewed((), ((night.searched.job.duties[0], gap),), ())
    assert planner._bounds(driven, undriven) == {DAY: 177}


def test_water_is_what_work_takes() -> None:
    """600 L before the fill and 400 L after it; the fill itself and a leak while driving do not."""
    assert used_l(run_of()) == 1000
    run = run_of()
    leaking = [
        replace(stop, water_l=stop.water_l - 50 * (i >= 1)) for i, stop in enumerate(run.stops)
    ]
    assert used_l(replace(run, stops=tuple(leaking))) == 1000


def test_cost_of_a_run(district: District) -> None:
    """Washer: 16 km x 38 L/100 km + 1 h x 12 L/h = 18.08 L.

    135.60 CNY of diesel, 7.90 of water, 2 h x 45 for the driver and 150 for sending it: 383.50;
    18.08 L x 2.63 kg.
    """
    cost = cost_of(district, run_of())
    assert cost["fuel_l"] == pytest.approx(18.08)
    assert cost["water_l"] == 1000
    assert cost["total_cny"] == pytest.approx(383.5)
    assert cost["co2_kg"] == pytest.approx(18.08 * 2.63)


def test_cost_follows_the_truck_and_the_prices(district: District) -> None:
    """A sprinkler: 16 x 0.35 + 10 = 15.6 L; at 10, 5 and 60 CNY 156 + 5 + 120 + 120 = 401."""
    run = run_of(key=DAWN, vehicle_id="S1")
    assert kind_of(district, run).id == "sprinkler"
    prices = {"diesel_cny_l": 10.0, "water_cny_m3": 5.0, "driver_cny_h": 60.0}
    dear = replace(district, rules=district.rules | prices)
    cost = cost_of(dear, run)
    assert cost["fuel_l"] == pytest.approx(15.6)
    assert cost["total_cny"] == pytest.approx(401)


def test_fuel_water_and_cost_add_up(district: District) -> None:
    """Three such runs of the night: 54.24 L, 3 m3, 1,150.50 CNY, 142.65 kg; 15 km x 3 m."""
    found = figures(district, *(run_of(name) for name in "ABC"))
    for row in (row_of(found, NIGHT), found["totals"]):
        assert (row["fuel_l"], row["water_m3"]) == (54.2, 3.0)
        assert (row["cost_cny"], row["co2_kg"]) == (1150, 143)
        assert row["washed_m2"] == 45_000


def test_rows_are_rounded_after_the_sum(district: District) -> None:
    """18.08 L in each of three jobs is 18.1 in the rows, 54.2 in all and not 54.3."""
    found = figures(district, run_of("A"), run_of("B", DAY), run_of("C", ("sweep", "night")))
    assert [row["fuel_l"] for row in found["by_service_shift"]] == [18.1, 18.1, 18.1]
    assert found["totals"]["fuel_l"] == 54.2


def test_longest_and_shortest(district: District) -> None:
    """120 and 130 min by night and 150 by day: each row its own, the totals over all."""
    runs = run_of("A"), longer_by(run_of("B"), 600), longer_by(run_of("C", DAY), 1800)
    found = figures(district, *runs)
    assert [row["longest_min"] for row in found["by_service_shift"]] == [130, 150]
    assert [row["shortest_min"] for row in found["by_service_shift"]] == [120, 150]
    assert (found["totals"]["longest_min"], found["totals"]["shortest_min"]) == (150, 120)
    assert found["totals"]["hours"] == round(400 / 60, 2)


def test_shared_sections(district: District) -> None:
    """R1-01F and R1-02F by A and B: two of two shared; by night and by day alone: none of four."""
    shared = figures(district, run_of("A"), run_of("B", vehicle_id="W2"))
    assert (row_of(shared, NIGHT)["shared_sections"], row_of(shared, NIGHT)["sections"]) == (2, 2)
    alone = figures(district, run_of("A"), run_of("B", DAY, vehicle_id="W2"))
    assert (alone["totals"]["shared_sections"], alone["totals"]["sections"]) == (0, 4)


def test_one_run_twice_over_a_section_is_not_shared(district: District) -> None:
    """Two passes of one run stay in one pair of hands."""
    stops = tuple(replace(s, section_id=s.section_id and "R1-01F") for s in run_of().stops)
    row = row_of(figures(district, run_of(stops=stops)), NIGHT)
    assert (row["shared_sections"], row["sections"]) == (0, 1)


def test_trucks_out_are_counted_once(district: District) -> None:
    """W1 by night and by day is one washer and one vehicle; a sweep takes a washer, too."""
    runs = (
        run_of("A"),
        run_of("B", DAY),
        run_of("C", ("sweep", "night"), vehicle_id="W2"),
        run_of("D", DAWN, vehicle_id="S1"),
        run_of("E", DAWN, vehicle_id="S1"),
    )
    totals = figures(district, *runs)["totals"]
    assert (totals["vehicles"], totals["runs"]) == (3, 5)
    assert (totals["washers_out"], totals["sprinklers_out"]) == (2, 1)


def test_notes_are_kept(district: District) -> None:
    """The sentences under the table, in their order."""
    assert figures(district, notes=iter(["b", "a"]))["notes"] == ["b", "a"]
