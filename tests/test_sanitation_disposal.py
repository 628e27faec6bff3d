"""From the unloading to the haul, on the waste district, with kilograms and seconds by hand.

TS1 has 2,000 kg of residual waste and 1,000 kg of recyclables at 00:00; containers hold 3,000 kg.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from wastedistrict import WEDNESDAY

from fleet.model import SolveNote
from routes.solution import Route, Solution
from sanitation import planner
from sanitation.departures import Timed
from sanitation.disposal import (
    closing_stock,
    fewest_trucks,
    inflows_of,
    left_duty,
    stations_before,
    without_stations,
)
from sanitation.district import embedded_folder, read_district
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul, Inflow, haul_duty
from sanitation.ground import Ground
from sanitation.jobs import Job
from sanitation.model import DayPlan, District, Run, Stop
from sanitation.search import Searched
from sanitation.stopload import build_stop_workload
from sanitation.timing import Event, Timeline
from sanitation.workload import Workload, unloading

Town = tuple[District, Ground]
H, NEVER = 3600, 86_400
NOTE = SolveNote("optimal", 0.0, 0.0, 0)


def plan(*runs: Run, indicators: dict[str, object] | None = None) -> DayPlan:
    head = (WEDNESDAY, "mini", "小区", True, "+08:00", 1, {}, indicators or {})
    return DayPlan(*head, runs, (), (), ())


def run(*stops: Stop, service: str = "collect", shift: str = "collect_am") -> Run:
    return Run("K1", service, shift, "G1", "P11", (), "D1", 0, 99, stops)


def took(site: str, stream: str = "residual") -> Stop:
    return Stop("service", 0, 0, site_id=site, stream=stream)


def let_off(place: str) -> Stop:
    return Stop("unload", 0, 0, facility=place)


def test_the_station_before_is_where_the_truck_unloaded_next() -> None:
    """Two loads: C1 and C2 to TS1, C3 to TS2; what a run keeps to its end has no station."""
    travel = Stop("travel", 0, 0)
    loads = took("C1"), travel, took("C2"), let_off("TS1"), took("C3"), travel, let_off("TS2")
    assert stations_before(plan(run(*loads, took("C4")))) == {
        "C1/residual": ("TS1", "collect_am"),
        "C2/residual": ("TS1", "collect_am"),
        "C3/residual": ("TS2", "collect_am"),
    }


def test_stations_before_are_of_each_run_and_of_collection_alone() -> None:
    """A load does not pass from run to run, a haul is none, and no plan says none."""
    kitchen = run(took("C1", "kitchen"), let_off("TS1"), shift="kitchen_am")
    haul = run(took("TS1"), let_off("E1"), service="haul", shift="haul_late")
    assert stations_before(plan(run(took("C4")), haul, kitchen)) == {
        "C1/kitchen": ("TS1", "kitchen_am")
    }
    assert stations_before(None) == {}
    assert stations_before(plan()) == {}


def test_the_closing_stock_of_a_plan() -> None:
    """By station and stream, from the rows of its indicators; without rows it says nothing."""
    rows = [
        {"station": "TS1", "stream": "residual", "closing_kg": 0, "opening_kg": 5},
        {"station": "TS1", "stream": "recyclable", "closing_kg": 2050},
    ]
    found = closing_stock(plan(indicators={"stations": rows}))
    assert found == {("TS1", "residual"): 0, ("TS1", "recyclable"): 2050}
    assert closing_stock(plan(indicators={"stations": []})) == {}
    assert closing_stock(plan()) is None
    assert closing_stock(None) is None


def collected(town: Town) -> Workload:
    """All residual waste in the morning: C1 1,400 kg, C2 700, C3 1,400, C4 700; tasks 0 to 3."""
    district, ground = town
    pickups = [p for p in pickups_of(district, WEDNESDAY) if p.stream == "residual"]
    trucks = [v for v in district.vehicles if v.id in ("G1", "G2")]
    return build_stop_workload(district, ground, [p.duty("collect_am") for p in pickups], trucks)


def timed(workload: Workload, *lines: Timeline) -> Timed:
    job = Job((workload.service, workload.shift_id), workload.duties, workload.vehicles, 0, NOTE)
    return Timed(Searched(job, workload, Solution(()), 0, "iterations"), lines, NOTE)


def line(*steps: int | str) -> Timeline:
    """A timeline of steps of 100 s: tasks that are served, and stations where it is unloaded."""
    events = []
    for index, step in enumerate(steps):
        span = 100 * index, 100 * (index + 1)
        events.append(
            Event("unload", *span, facility=step)
            if isinstance(step, str)
            else Event("service", *span, task=step)
        )
    end_s = 100 * len(steps)
    home = Event("return", end_s, end_s + 100)
    return Timeline(Route(0, 0, ()), 0, (*events, home))


def test_inflows_are_what_was_collected_since_the_last_unloading(town: Town) -> None:
    """C1 and C2, 2,100 kg, until 300 s at TS1; C3, 1,400 kg, until 500 s at TS2; C4 until 200."""
    found = inflows_of([timed(collected(town), line(0, 1, "TS1", 2, "TS2"), line(3, "TS1"))])
    assert found == (
        Inflow("TS1", "residual", 300, 2100),
        Inflow("TS2", "residual", 500, 1400),
        Inflow("TS1", "residual", 200, 700),
    )


def test_runs_that_nobody_drives_bring_nothing(town: Town) -> None:
    """The whole first run is not driven: C2, one of its duties, is among those that are not."""
    one = timed(collected(town), line(0, 1, "TS1", 2, "TS2"), line(3, "TS1"))
    undriven = {"collect/collect_am/C2/residual", "collect/collect_pm/C4/residual"}
    driven = planner._without_runs_of([one], undriven)
    assert inflows_of(driven) == (Inflow("TS1", "residual", 200, 700),)


def test_an_unloading_without_a_load_brings_nothing(town: Town) -> None:
    """An empty truck in the bay, first or last, is no inflow: nothing is ready with it."""
    found = inflows_of([timed(collected(town), line("TS2", 0, "TS1", "TS1"))])
    assert found == (Inflow("TS1", "residual", 300, 1400),)


def test_hauls_bring_no_station_anything(town: Town) -> None:
    """A hook-lift at TS1 takes something away."""
    district, ground = town
    late = next(shift for shift in district.shifts if shift.id == "haul_late")
    duty = haul_duty(district, Haul("TS1", "residual", 1, 3000, 0, NEVER), late)
    assert duty is not None
    trucks = [v for v in district.vehicles if v.type_id == "hooklift"]
    workload = build_stop_workload(district, ground, [duty], trucks)
    assert inflows_of([timed(workload, line(0, "TS1"))]) == ()


def test_a_haul_that_fits_nowhere_as_a_duty(town: Town) -> None:
    """It is listed in the first shift of haulage, with its load and number, and no hours.

    Without shifts of haulage it is listed in the first of all, the night before.
    """
    haul = Haul("TS2", "residual", 2, 700, 80_000, NEVER)
    shifts = town[0].shifts
    others = tuple(shift for shift in shifts if "haul" not in shift.services)
    assert left_duty(replace(town[0], shifts=others), haul).shift_id == "night"
    duty = left_duty(replace(town[0], shifts=shifts[::-1]), haul)
    assert duty.id == "haul/haul_early/TS2/residual/r2"
    assert (duty.site_id, duty.stream, duty.round_no) == ("TS2", "residual", 2)
    assert (duty.load_kg, duty.windows, duty.types) == (700, (), ())


def test_shut_stations_accept_nothing(town: Town) -> None:
    """TS1 shut has no hours; its containers and TS2 are as they were."""
    district = town[0]
    left = without_stations(district, ["TS1", "TS9"])
    assert [(s.id, s.open_s < s.close_s) for s in left.stations] == [("TS1", False), ("TS2", True)]
    assert left.station_streams == district.station_streams
    assert unloading(left, "kitchen") == ()
    assert [visit.dump for visit in unloading(left, "residual")] == ["TS2"]
    assert without_stations(district, ()) == district


def test_the_fleet_of_nankai_is_15_per_cent_above_the_bound() -> None:
    """Residual 14 trucks, kitchen 8, recyclables 7 and hazardous 2 on their heaviest days."""
    district = read_district(embedded_folder())
    most: dict[str, int] = {}
    for day in range(1, 31):
        pickups = pickups_of(district, f"2026-06-{day:02d}")
        for stream, trucks in fewest_trucks(district, pickups).items():
            most[stream] = max(most.get(stream, 0), trucks)
    assert most == {"residual": 14, "kitchen": 8, "recyclable": 7, "hazardous": 2}
    carried = {
        kind.id: kind.streams for kind in district.vehicle_types if "collect" in kind.services
    }
    owned: Counter[str] = Counter()
    for vehicle in district.vehicles:
        if vehicle.status == "in_service":
            owned.update(carried.get(vehicle.type_id, ()))
    assert owned == {stream: math.ceil(1.15 * trucks) for stream, trucks in most.items()}
