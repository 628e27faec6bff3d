"""Rows of hook-lifts on the waste district, from timelines made by hand.

D1 stands at node 4, TS1 at 7 (400 m, 72 s away), TS2 at 3. To E1: TS1 1,200 s, TS2 1,500, D1 1,320,
10 m a second; hooking takes 900 s, tipping 600 s.
"""

from __future__ import annotations

from itertools import pairwise

from wastedistrict import WEDNESDAY
from wasteplan import good_plan

from routes.solution import Route, Serve
from sanitation.archive import plan_dict
from sanitation.audit import audit_plan
from sanitation.duties.haulage import Haul, haul_duty
from sanitation.ground import Ground
from sanitation.haulrun import compile_outside
from sanitation.model import DayPlan, District, Run, Stop
from sanitation.stopload import build_stop_workload
from sanitation.timing import Event, Timeline, drive_alone
from sanitation.workload import Workload

Town = tuple[District, Ground]
Row = tuple[str, int, int, tuple[int, ...], int, str, int]
START_S = 50_000
BIG = Haul("TS1", "residual", 1, 3000, 0, 86_400)
REST = Haul("TS1", "residual", 2, 1800, 0, 86_400)
OTHER = Haul("TS2", "residual", 1, 1400, 0, 86_400)


def workload_of(town: Town, *hauls: Haul) -> Workload:
    """The hauls in the late shift, for H1 of D1; tasks are in the order of the duties' ids."""
    district, ground = town
    late = next(shift for shift in district.shifts if shift.id == "haul_late")
    duties = [duty for haul in hauls if (duty := haul_duty(district, haul, late)) is not None]
    return build_stop_workload(
        district, ground, duties, [v for v in district.vehicles if v.id == "H1"]
    )


def made(town: Town, workload: Workload, *steps: tuple[str | int, int, str, str]) -> Run:
    """The run of events (kind or task, seconds, from, to), from START_S on."""
    _, ground = town
    local = {int(place): index for index, place in enumerate(workload.places)}
    events, clock = [], START_S
    for what, took_s, origin, goal in steps:
        kind, task = ("service", what) if isinstance(what, int) else (what, -1)
        ends = local[ground.place[origin]], local[ground.place[goal]]
        events.append(Event(kind, clock, clock + took_s, *ends, task))
        clock += took_s
    line = Timeline(Route(0, START_S, ()), START_S, tuple(events))
    return compiled(town, workload, line)


def compiled(town: Town, workload: Workload, line: Timeline) -> Run:
    who = {"run_id": "H1", "vehicle_id": "H1", "driver_id": "P13", "helper_ids": ()}
    return compile_outside(*town, workload, line, **who)  # type: ignore[arg-type]


def rows(stops: tuple[Stop, ...]) -> list[Row]:
    """Kind, seconds from START_S, nodes, metres, facility and load of each row."""
    return [
        (s.kind, s.start_s - START_S, s.end_s - START_S, s.nodes, s.length_m, s.facility, s.load_kg)
        for s in stops
    ]


def two_stations(town: Town) -> Run:
    """From D1 to TS1 and E1, a rest there, to TS2 and E1, and home."""
    return made(
        town,
        workload_of(town, BIG, OTHER),
        ("travel", 72, "D1", "TS1"),
        ("wait", 28, "TS1", "TS1"),
        (0, 900 + 1200 + 600, "TS1", "TS1"),
        ("rest", 1200, "E1", "E1"),
        ("travel", 1500, "E1", "TS2"),
        (1, 900 + 1500 + 600, "TS2", "TS2"),
        ("return", 1320, "E1", "D1"),
    )


def test_a_run_row_by_row(town: Town) -> None:
    """The container is on board on the way to E1 alone; there the truck is still at its node."""
    assert rows(two_stations(town).stops) == [
        ("depart", 0, 0, (4,), 0, "D1", 0),
        ("travel", 0, 72, (4, 7), 400, "", 0),
        ("wait", 72, 100, (7,), 0, "", 0),
        ("service", 100, 1000, (7,), 0, "", 3000),
        ("transfer", 1000, 2200, (7, 7), 12_000, "E1", 3000),
        ("unload", 2200, 2800, (7,), 0, "E1", 0),
        ("rest", 2800, 4000, (7,), 0, "", 0),
        ("transfer", 4000, 5500, (7, 3), 15_000, "TS2", 0),
        ("service", 5500, 6400, (3,), 0, "", 1400),
        ("transfer", 6400, 7900, (3, 3), 15_000, "E1", 1400),
        ("unload", 7900, 8500, (3,), 0, "E1", 0),
        ("transfer", 8500, 9820, (3, 4), 13_200, "D1", 0),
        ("return", 9820, 9820, (4,), 0, "", 0),
    ]


def test_who_drives_and_when(town: Town) -> None:
    """The head of the run; its end is that of its last row."""
    run = two_stations(town)
    assert (run.id, run.service, run.shift_id) == ("H1", "haul", "haul_late")
    assert (run.vehicle_id, run.driver_id, run.helper_ids) == ("H1", "P13", ())
    assert (run.depot_id, run.start_s, run.end_s) == ("D1", START_S, START_S + 9820)
    assert run.stops[-1].end_s == run.end_s


def test_only_the_row_at_the_station_is_the_duty(town: Town) -> None:
    """Service rows name duty, site, stream and number; streets are named where they are driven."""
    run = two_stations(town)
    named = [(s.kind, s.duty_id, s.site_id, s.stream, s.round_no) for s in run.stops if s.duty_id]
    assert named == [
        ("service", "haul/haul_late/TS1/residual/r1", "TS1", "residual", 1),
        ("service", "haul/haul_late/TS2/residual/r1", "TS2", "residual", 1),
    ]
    assert {s.kind for s in run.stops if s.site_id or s.stream or s.round_no} == {"service"}
    assert [(s.kind, s.ways) for s in run.stops if s.ways] == [("travel", (104,))]


def test_rows_connect(town: Town) -> None:
    """Each row begins at the second and the node where the one before it ended."""
    stops = two_stations(town).stops
    assert all(a.nodes[-1] == b.nodes[0] and a.end_s == b.start_s for a, b in pairwise(stops))


def test_from_the_terminal_to_the_station_it_came_from(town: Town) -> None:
    """Two containers of TS1: E1 lies 1,200 s away, there and back again."""
    run = made(
        town,
        workload_of(town, BIG, REST),
        ("travel", 72, "D1", "TS1"),
        (0, 2700, "TS1", "TS1"),
        ("travel", 1200, "E1", "TS1"),
        (1, 2700, "TS1", "TS1"),
        ("return", 1320, "E1", "D1"),
    )
    assert rows(run.stops)[5:8] == [
        ("transfer", 2772, 3972, (7, 7), 12_000, "TS1", 0),
        ("service", 3972, 4872, (7,), 0, "", 1800),
        ("transfer", 4872, 6072, (7, 7), 12_000, "E1", 1800),
    ]
    assert [stop.round_no for stop in run.stops if stop.kind == "service"] == [1, 2]


def test_each_stream_to_its_terminal(town: Town) -> None:
    """Kitchen waste to E2, 1,800 s and 900 s of tipping; from there on to TS1, and home from E1."""
    kitchen = Haul("TS1", "kitchen", 1, 2100, 0, 86_400)
    run = made(
        town,
        workload_of(town, BIG, kitchen),  # kitchen comes first by its id
        ("travel", 72, "D1", "TS1"),
        (0, 900 + 1800 + 900, "TS1", "TS1"),
        ("travel", 1800, "E2", "TS1"),
        (1, 2700, "TS1", "TS1"),
        ("return", 1320, "E1", "D1"),
    )
    assert [(s.facility, s.length_m) for s in run.stops if s.kind == "transfer"] == [
        ("E2", 18_000),
        ("TS1", 18_000),
        ("E1", 12_000),
        ("D1", 13_200),
    ]
    tipped = [(s.facility, s.end_s - s.start_s) for s in run.stops if s.kind == "unload"]
    assert tipped == [("E2", 900), ("E1", 600)]


def test_the_referee_finds_nothing_wrong(town: Town) -> None:
    """H1's run of the good plan of wasteplan.py, driven and compiled instead of made by hand."""
    district, _ = town
    workload = workload_of(town, BIG, REST)
    begin_s = 14 * 3600
    line = drive_alone(workload, Route(0, begin_s, (Serve(0, 0), Serve(1, 1))), begin_s)
    assert line.left == ()
    run = compiled(town, workload, line)
    head = (WEDNESDAY, district.id, district.name, True, "+08:00", 1, {}, {})
    (mine,) = plan_dict(DayPlan(*head, (run,), (), (), ()))["runs"]
    plan = good_plan()
    plan["runs"] = [mine if other["id"] == "H1" else other for other in plan["runs"]]
    assert mine in plan["runs"]
    assert audit_plan(plan, district.folder) == ()
    rows_of = {stop["kind"]: stop for stop in mine["stops"]}
    rows_of["transfer"]["length_m"] -= 1
    assert {found.cause for found in audit_plan(plan, district.folder)} == {"length"}
