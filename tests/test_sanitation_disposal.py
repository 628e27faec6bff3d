"""From the unloading to the haul, on the waste district, with kilograms and seconds by hand.

TS1 has 2,000 kg of residual waste and 1,000 kg of recyclables at 00:00; containers hold 3,000 kg.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from wastedistrict import WEDNESDAY, write_wastedistrict

from fleet.model import SolveNote
from routes.solution import Route, Solution
from sanitation.departures import Timed
from sanitation.disposal import (
    closing_stock,
    haul_duties,
    haul_jobs,
    inflows_of,
    left_duty,
    stations_before,
    without_stations,
)
from sanitation.district import read_district
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul, Inflow, haul_duty, opening_stock
from sanitation.ground import Ground, read_ground
from sanitation.jobs import Job
from sanitation.model import DayPlan, District, Duty, Run, Stop
from sanitation.search import Searched
from sanitation.stopload import build_stop_workload
from sanitation.timing import Event, Timeline
from sanitation.workload import Workload

Town = tuple[District, Ground]
H, NEVER = 3600, 86_400
NOTE = SolveNote("optimal", 0.0, 0.0, 0)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("disposal")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_wastedistrict(folder / "waste"))
        return district, read_ground(district)


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
    undriven = ["collect/collect_am/C2/residual", "collect/collect_pm/C4/residual"]
    assert inflows_of([one], undriven) == (Inflow("TS1", "residual", 200, 700),)


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


def test_hauls_go_into_the_first_shift_that_they_fit(town: Town) -> None:
    """Ready at 42,900 s: just done in the early shift, a second later in the late one.

    What is ready when E1 has closed fits in neither. Duties are sorted by id.
    """
    hauls = [
        Haul("TS2", "residual", 1, 3000, 72_000, NEVER),
        Haul("TS1", "residual", 2, 3000, 42_901, NEVER),
        Haul("TS1", "residual", 1, 3000, 42_900, NEVER),
    ]
    duties, left = haul_duties(town[0], hauls)
    assert [duty.id for duty in duties] == [
        "haul/haul_early/TS1/residual/r1",
        "haul/haul_late/TS1/residual/r2",
    ]
    assert left == (hauls[0],)


def test_the_first_shift_is_the_earliest(town: Town) -> None:
    """The late shift is given the id that comes first, and other services have none of it."""
    district = town[0]
    shifts = tuple(
        replace(s, id="a_late") if s.id == "haul_late" else s for s in reversed(district.shifts)
    )
    hauls = [Haul("TS1", "residual", 1, 3000, 0, NEVER)]
    (duty,), _ = haul_duties(replace(district, shifts=shifts), hauls)
    assert duty.shift_id == "haul_early"
    others = tuple(s for s in district.shifts if "haul" not in s.services)
    assert haul_duties(replace(district, shifts=others), hauls) == ((), tuple(hauls))


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


def test_closed_stations_accept_nothing(town: Town) -> None:
    """TS1 closed: TS2's residual waste is what remains; the stations themselves still stand."""
    district = town[0]
    left = without_stations(district, ["TS1", "TS9"])
    assert [(row.station_id, row.stream) for row in left.station_streams] == [("TS2", "residual")]
    assert left.stations == district.stations
    assert without_stations(district, ()) == district


WEDNESDAYS = (
    Inflow("TS1", "residual", 10 * H, 2100),
    Inflow("TS1", "kitchen", 11 * H, 2100),
    Inflow("TS2", "residual", 11 * H, 1400),
    Inflow("TS1", "recyclable", 12 * H, 1050),
    Inflow("TS1", "residual", 14 * H, 700),
)


def jobs_of(town: Town, *more: Inflow) -> tuple[dict[str, Job], tuple[Haul, ...]]:
    """Jobs by shift, of a Wednesday's inflows and more."""
    district, ground = town
    opening_kg = opening_stock(district, None)
    hooks = [v for v in district.vehicles if v.type_id == "hooklift"]
    jobs, left = haul_jobs(district, ground, (*WEDNESDAYS, *more), opening_kg, hooks, {}, {})
    assert all(job.key == ("haul", job.duties[0].shift_id) for job in jobs)
    return {job.key[1]: job for job in jobs}, left


def sizes(duties: tuple[Duty, ...]) -> dict[str, tuple[int, int, int]]:
    """Kilograms and hours of duties by the end of their ids."""
    return {
        duty.id.split("/", 2)[2]: (duty.load_kg, duty.windows[0].start_s, duty.windows[0].end_s)
        for duty in duties
    }


def test_the_jobs_of_a_day(town: Town) -> None:
    """2,000 + 2,100 kg at TS1: a full container at 10:00, the rest with the 700 kg of 14:00.

    Kitchen waste (2,100 kg) and TS2's residual waste (1,400) are all there at 11:00; 2,050 kg of
    recyclables may stay. Early trucks are back by 13:00: 1,200, 1,800 and 1,500 s from the
    terminal. Late ones: E1 closes at 20:00.
    """
    jobs, left = jobs_of(town)
    assert left == ()
    assert sizes(jobs["haul_early"].duties) == {
        "TS1/residual/r1": (3000, 10 * H, 13 * H - 1200),
        "TS1/kitchen/r1": (2100, 11 * H, 13 * H - 1800),
        "TS2/residual/r1": (1400, 11 * H, 13 * H - 1500),
    }
    assert sizes(jobs["haul_late"].duties) == {"TS1/residual/r2": (1800, 14 * H, 20 * H)}
    assert {len(job.vehicles) > 0 for job in jobs.values()} == {True}
    assert {v.type_id for job in jobs.values() for v in job.vehicles} == {"hooklift"}


def test_the_jobs_of_a_day_without_time_for_everything(town: Town) -> None:
    """Kitchen waste that comes at 17:00 is one second too late for E2 at 18:00, and is left.

    2,700 s of hook and way would end at 17:45, and 900 s of tipping after it.
    """
    jobs, left = jobs_of(town, Inflow("TS1", "kitchen", 17 * H + 1, 300))
    assert left == (Haul("TS1", "kitchen", 1, 2400, 17 * H + 1, NEVER),)
    assert "TS1/kitchen/r1" not in sizes(jobs["haul_early"].duties + jobs["haul_late"].duties)
    jobs, left = jobs_of(town, Inflow("TS1", "kitchen", 17 * H, 300))
    assert left == ()
    assert sizes(jobs["haul_late"].duties)["TS1/kitchen/r1"] == (2400, 17 * H, 18 * H)


def test_a_station_without_room_is_emptied_in_time(town: Town) -> None:
    """TS2 has one place, full with 3,000 kg at 11:30: it must be off when 500 kg more come.

    At 15:00 they change nothing, E1 - TS2 takes 1,500 s and the early shift ends at 13:00. At 12:00
    1,500 s of way and 600 s of tipping may follow. The 500 kg leave in the late shift.
    """
    full = Inflow("TS2", "residual", 11 * H + 1800, 1600)
    for more_s, last_s in ((15 * H, 13 * H - 1500), (12 * H, 12 * H + 2100)):
        jobs, left = jobs_of(town, full, Inflow("TS2", "residual", more_s, 500))
        assert left == ()
        early, late = (sizes(jobs[shift].duties) for shift in ("haul_early", "haul_late"))
        assert early["TS2/residual/r1"] == (3000, 41_400, last_s)
        assert late["TS2/residual/r2"] == (500, max(13 * H, more_s), 20 * H)
