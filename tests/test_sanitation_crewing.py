"""Runs get their trucks and people, on the mini district: D1 has W1, W2 and the drivers P1 to P4.

On a Wednesday all are on duty; P1 rests on Mondays.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from minidistrict import write_minidistrict

from fleet.duty import Past
from fleet.model import Driver, DutyRules
from routes.solution import Route, Serve
from sanitation.crewing import Crewed, crew_up, duty_rules
from sanitation.district import read_district
from sanitation.ground import Ground, read_ground
from sanitation.model import District, Duty, Window
from sanitation.timing import Event, Timeline, drive_alone
from sanitation.workload import Workload, build_workload

Town = tuple[District, Ground]
WINDOWS = {"night": Window(-5400, 23_400), "day": Window(32_400, 59_400)}
WEDNESDAY, MONDAY = "2026-07-15", "2026-07-13"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("crewing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_minidistrict(folder / "mini"))
        return district, read_ground(district)


def workload_of(town: Town, shift: str, work: dict[str, tuple[str, ...]]) -> Workload:
    """Washing of the sections that the vehicles serve."""
    district, ground = town
    duties = [
        Duty(f"wash/{shift}/{s}/r1p1", "wash", shift, s, s[:2], 1, 1, 1, 400, (WINDOWS[shift],), 1)
        for sections in work.values()
        for s in sections
    ]
    return build_workload(district, ground, duties, [v for v in district.vehicles if v.id in work])


def timed(workload: Workload, *lines: Timeline) -> Any:
    job = SimpleNamespace(key=(workload.service, workload.shift_id))
    return SimpleNamespace(searched=SimpleNamespace(workload=workload, job=job), lines=lines)


def routed(town: Town, shift: str = "night", start_s: int = 0, **work: tuple[str, ...]) -> Any:
    """A job whose vehicles serve the given sections, all departing at ``start_s``."""
    workload = workload_of(town, shift, work)
    task = {duty.section_id: index for index, duty in enumerate(workload.duties)}
    slots = {vehicle.id: index for index, vehicle in enumerate(workload.vehicles)}
    lines = []
    for vehicle, sections in sorted(work.items()):
        steps = tuple(Serve(task[s], task[s]) for s in sections)
        line = drive_alone(workload, Route(slots[vehicle], start_s, steps), start_s)
        assert not line.left
        lines.append(line)
    return timed(workload, *lines)


def long_run(town: Town, length_s: int, rest_s: int = 0) -> Any:
    """W1 from 22:30 on: a pass of 288 s beside the depot, a rest, a wait, and the return."""
    workload = workload_of(town, "night", {"W1": ("R2-01F",)})
    begin, end = -5400, length_s - 5400
    events = (
        Event("service", begin, begin + 288, 0, 0, 0),
        Event("rest", begin + 288, begin + 288 + rest_s, 0, 0),
        Event("wait", begin + 288 + rest_s, end, 0, 0),
        Event("return", end, end, 0, 1),
    )
    return timed(workload, Timeline(Route(0, begin, ()), begin, events))


def crewed(town: Town, *jobs: Any, without: tuple[str, ...] = (), **changes: Any) -> Crewed:
    """The runs of the jobs, on a Wednesday with all vehicles but those ``without``."""
    district, ground = town
    given: dict[str, Any] = {
        "date": WEDNESDAY,
        "pinned": {},
        "drivers_before": {},
        "absent": frozenset(),
        "past": Past(),
        "district": district,
    } | changes
    vehicles = [vehicle for vehicle in district.vehicles if vehicle.id not in without]
    past, here = given.pop("past"), given.pop("district")
    return crew_up(here, ground, jobs, vehicles, past, **given)


def only(*present: str) -> frozenset[str]:
    """Everybody of D1 who is away when only these are there."""
    return frozenset({"P1", "P2", "P3", "P4"} - set(present))


def reasons(answer: Crewed) -> list[tuple[str, str, str]]:
    return [(duty.section_id, gap.what, gap.reason) for duty, gap in answer.left]


def test_complete_runs(town: Town) -> None:
    """Two routes of the night: numbered, each with its truck, the times of its line, a driver."""
    answer = crewed(town, routed(town, W1=("R2-01F", "R2-02F"), W2=("R4-01B",)))
    first, second = answer.runs
    assert (first.id, second.id) == ("wash-night-01", "wash-night-02")
    assert (first.vehicle_id, second.vehicle_id) == ("W1", "W2")
    assert {first.depot_id, second.depot_id} == {"D1"}
    # Two passes of 288 s, straight on from one to the other.
    assert (first.start_s, first.stops[2].end_s) == (0, 576)
    assert [stop.section_id for stop in first.stops if stop.kind == "service"] == [
        "R2-01F",
        "R2-02F",
    ]
    assert first.driver_id != second.driver_id
    assert {first.driver_id, second.driver_id} <= {"P1", "P2", "P3", "P4"}
    assert (first.helper_ids, answer.left) == ((), ())


def test_runs_by_id_and_numbers_by_job(town: Town) -> None:
    """Each job counts from 01; the runs of all come sorted by id, whatever the jobs' order."""
    night, day = (
        routed(town, W1=("R2-01F",), W2=("R4-01B",)),
        routed(town, "day", 36_000, W1=("R2-01F",)),
    )
    for jobs in ((night, day), (day, night)):
        answer = crewed(town, *jobs)
        assert [run.id for run in answer.runs] == [
            "wash-day-01",
            "wash-night-01",
            "wash-night-02",
        ]
        assert [run.shift_id for run in answer.runs] == ["day", "night", "night"]


def test_crews_of_each_depot(town: Town) -> None:
    """W3's run begins at D2: its driver is P5 or P6."""
    answer = crewed(town, routed(town, W1=("R2-01F",), W3=("R3-02B",)))
    drivers = {run.vehicle_id: run.driver_id for run in answer.runs}
    assert drivers["W1"] in ("P1", "P2", "P3", "P4")
    assert drivers["W3"] in ("P5", "P6")


@pytest.mark.parametrize("vehicle", ["W1", "W2"])
def test_the_truck_it_was_searched_for(town: Town, vehicle: str) -> None:
    """Where both trucks of D1 could go, the one that the route was searched for does."""
    answer = crewed(town, routed(town, **{vehicle: ("R2-01F",)}))
    assert [run.vehicle_id for run in answer.runs] == [vehicle]


def test_another_truck_where_one_is_off(town: Town) -> None:
    """The route was searched for W1, which is off: W2 of the same depot drives it."""
    answer = crewed(town, routed(town, W1=("R2-01F",)), without=("W1",))
    assert [run.vehicle_id for run in answer.runs] == ["W2"]
    assert answer.left == ()


def test_a_pinned_truck_is_not_replaced(town: Town) -> None:
    """A section pinned to W1: without W1 the run's duties are left, with the reason."""
    pinned = {("wash", "night"): {"R2-01F": "W1"}}
    job = routed(town, W1=("R2-01F", "R2-02F"))
    assert [run.vehicle_id for run in crewed(town, job, pinned=pinned).runs] == ["W1"]
    answer = crewed(town, job, without=("W1",), pinned=pinned)
    assert answer.runs == ()
    why = "it is pinned to W1, which cannot go out today"
    assert reasons(answer) == [("R2-01F", "vehicle", why), ("R2-02F", "vehicle", why)]


def test_a_pin_by_day_leaves_the_night(town: Town) -> None:
    """The pin is of the other job: at night W2 may stand in."""
    pinned = {("wash", "day"): {"R2-01F": "W1"}}
    answer = crewed(town, routed(town, W1=("R2-01F",)), without=("W1",), pinned=pinned)
    assert [run.vehicle_id for run in answer.runs] == ["W2"]


@pytest.mark.parametrize("driver", ["P1", "P2", "P3", "P4"])
def test_the_driver_of_the_day_before(town: Town, driver: str) -> None:
    """Who drove W1 in this service and shift drives it again; one of the day does not count."""
    job = routed(town, W1=("R2-01F",))
    other = {"P1": "P2", "P2": "P3", "P3": "P4", "P4": "P1"}[driver]
    before = {("wash", "night", "W1"): driver, ("wash", "day", "W1"): other}
    assert [run.driver_id for run in crewed(town, job, drivers_before=before).runs] == [driver]


def test_who_is_away_drives_nothing(town: Town) -> None:
    """Of D1's four drivers P3 alone is there; without P3 the run's duties are left."""
    job = routed(town, W1=("R2-01F", "R2-02F"))
    assert [run.driver_id for run in crewed(town, job, absent=only("P3")).runs] == ["P3"]
    answer = crewed(town, job, absent=only())
    assert answer.runs == ()
    assert [(section, what) for section, what, _ in reasons(answer)] == [
        ("R2-01F", "driver"),
        ("R2-02F", "driver"),
    ]
    assert "absent" in answer.left[0][1].reason
    assert answer.left[0][1].run_id == "wash-night-01"


def test_the_weekly_day_of_rest(town: Town) -> None:
    """P1 alone is there: on the Wednesday he drives, on the Monday he rests."""
    job = routed(town, W1=("R2-01F",))
    assert [run.driver_id for run in crewed(town, job, absent=only("P1")).runs] == ["P1"]
    answer = crewed(town, job, absent=only("P1"), date=MONDAY)
    assert answer.runs == ()
    assert "on the weekly rest day" in answer.left[0][1].reason


def test_only_what_lacks_somebody_is_left(town: Town) -> None:
    """Two runs at once and one driver: one run goes out, the other one's duty is left."""
    job = routed(town, W1=("R2-01F",), W2=("R4-01B",))
    answer = crewed(town, job, absent=only("P2"))
    assert len(answer.runs) == len(answer.left) == 1
    done = {stop.section_id for stop in answer.runs[0].stops if stop.kind == "service"}
    assert done | {duty.section_id for duty, _ in answer.left} == {"R2-01F", "R4-01B"}


@pytest.mark.parametrize(
    ("length_s", "rest_s", "overtime_s", "out"),
    [
        (28_800, 0, 0, True),
        (28_801, 0, 0, False),
        (30_600, 1800, 0, True),  # rests are no work
        (30_600, 1799, 0, False),
        (30_600, 0, 1800, True),
        (30_600, 0, 1799, False),
    ],
)
def test_eight_hours_of_work(
    town: Town, length_s: int, rest_s: int, overtime_s: int, out: bool
) -> None:
    """A run of more than 28,800 s of work has no driver, unless overtime is ordered."""
    answer = crewed(town, long_run(town, length_s, rest_s), overtime_s=overtime_s)
    assert len(answer.runs) == out
    if not out:
        assert "at the most work of a duty day" in answer.left[0][1].reason


@pytest.mark.parametrize(("rules", "out"), [({}, True), ({"duty_day_work_s": 27_000.0}, False)])
def test_the_district_has_its_own_hours(town: Town, rules: dict[str, float], out: bool) -> None:
    """8 h of work are too long a day where the rules table says 7.5."""
    strict = replace(town[0], rules=town[0].rules | rules)
    assert len(crewed(town, long_run(town, 28_800), district=strict).runs) == out


@pytest.mark.parametrize(("last_end_s", "out"), [(-39_600, True), (-39_599, False)])
def test_the_rest_since_yesterday(town: Town, last_end_s: int, out: bool) -> None:
    """P2 alone is there; after 11 h of rest he may depart at 00:00, a second earlier not."""
    past = Past(last_end_s={"P2": last_end_s})
    answer = crewed(town, routed(town, W1=("R2-01F",)), past=past, absent=only("P2"))
    assert len(answer.runs) == out


def test_helpers_go_along(town: Town) -> None:
    """A washer with one helper: P8 goes along; where P8 is away the duty is left for a helper."""
    district = town[0]
    crowded = replace(
        district,
        vehicle_types=tuple(replace(kind, helpers=1) for kind in district.vehicle_types),
        drivers=(*district.drivers, Driver("P8", "跟车员8", "helper", "D1", 0)),
    )
    job = routed(town, W1=("R2-01F",))
    (run,) = crewed(town, job, district=crowded).runs
    assert run.helper_ids == ("P8",)
    assert run.driver_id != "P8"
    answer = crewed(town, job, district=crowded, absent=frozenset({"P8"}))
    assert answer.runs == ()
    assert [(section, what) for section, what, _ in reasons(answer)] == [("R2-01F", "helper")]


def test_notes_say_how_each_model_was_solved(town: Town) -> None:
    """One line for the vehicles of D1's type and for D1's drivers."""
    notes = crewed(town, routed(town, W1=("R2-01F",))).notes
    assert notes[0].startswith("vehicles D1 washer: optimal")
    assert any(note.startswith("drivers D1: ") for note in notes)


def test_no_routes_no_runs(town: Town) -> None:
    """A job without routes, and a day without jobs."""
    empty = crewed(town, timed(workload_of(town, "night", {"W1": ("R2-01F",)})))
    assert empty == crewed(town) == Crewed((), (), ())


def test_rules_of_hours() -> None:
    """Whole seconds from the district's table; other rules are left alone, missing ones default."""
    assert duty_rules({}) == DutyRules()
    found = duty_rules({"duty_day_runs": 2.0, "week_work_s": 144_000.0, "heat_c": 35.0})
    assert found == DutyRules(duty_day_runs=2, week_work_s=144_000)
    assert isinstance(found.duty_day_runs, int)
