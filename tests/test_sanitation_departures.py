"""Departures on the small district: bays kept, waits done in the depot, long runs moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from minidistrict import write_minidistrict

from fleet.bays import Departures, RunChoices
from fleet.model import SolveNote, Vehicle
from routes.solution import Restore, Route, Serve, Solution
from sanitation import departures
from sanitation.conditions import conditions_of
from sanitation.departures import Timed, set_departures
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.ground import Ground, read_ground
from sanitation.jobs import Job
from sanitation.model import District, Duty, Window
from sanitation.search import Searched
from sanitation.timing import Timeline, drive_alone, uses
from sanitation.workload import build_workload

NOTE = SolveNote("optimal", 0.0, 0.0, 0)
AM_S = 9 * 3600 + 1800, 12 * 3600  # the morning sprinkling's shift
Due = Mapping[tuple[str, str, str], Duty]


@pytest.fixture(scope="module")
def ground_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[District, Ground]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        district = read_district(write_minidistrict(tmp_path_factory.mktemp("departures") / "mini"))
        yield district, read_ground(district)


@pytest.fixture(scope="module")
def district(ground_of: tuple[District, Ground]) -> District:
    """Only F2 has water: one bay, by node 7. A sprinkler fills 180 + 10,000 / 9 = 1292 s."""
    only = tuple(point for point in ground_of[0].fill_points if point.id == "F2")
    return replace(ground_of[0], fill_points=only)


@pytest.fixture(scope="module")
def due(ground_of: tuple[District, Ground]) -> Due:
    """First passes of a warm plain day by service, shift and section."""
    district, ground = ground_of
    found, _ = duties_of(district, conditions_of("2026-07-15", district), ground.sections)
    return {(d.service, d.shift_id, d.section_id): d for d in reversed(found)}


def job(
    district: District, ground: Ground, runs: Sequence[Sequence[Duty | None]], **wishes: Any
) -> Searched:
    """One truck at D1 for each run; None is a visit. Duties get a pass number of their own."""
    numbered: list[Duty] = []
    orders: list[list[int]] = []  # place in ``numbered`` or -1
    for run in runs:
        orders.append([])
        for duty in run:
            orders[-1].append(-1 if duty is None else len(numbered))
            if duty is not None:
                number = len(numbered)
                numbered.append(replace(duty, id=f"{duty.id}-{number:03d}", pass_no=number + 1))
    duties = tuple(sorted(numbered, key=lambda duty: duty.id))
    kind = "washer" if duties[0].service == "wash" else "sprinkler"
    trucks = tuple(
        Vehicle(f"{kind[0].upper()}{n}", "", kind, "D1", "in_service") for n in range(len(runs))
    )
    workload = build_workload(district, ground, duties, trucks, **wishes)
    start_s = int(workload.problem.shift_s[0, 0])
    task = {duty.id: index for index, duty in enumerate(workload.duties)}

    def step(number: int) -> Serve | Restore:
        index = task[numbered[number].id]
        return Restore(0) if number < 0 else Serve(index, index)

    routes = tuple(
        Route(vehicle, start_s, tuple(step(number) for number in order))
        for vehicle, order in enumerate(orders)
    )
    key = duties[0].service, duties[0].shift_id
    return Searched(Job(key, duties, trucks, 0, NOTE), workload, Solution(routes), 1, "iterations")


def overfull(lines: Sequence[Timeline], district: District) -> list[tuple[str, int]]:
    """Facilities and moments with more trucks than bays, counted at every arrival."""
    bays = {point.id: point.bays for point in (*district.fill_points, *district.dump_points)}
    taken = [use for line in lines for use in uses(line)]
    return [
        (where, when)
        for where, when, _ in taken
        if sum(place == where and a <= when < b for place, a, b in taken) > bays[where]
    ]


def all_lines(timed: Sequence[Timed]) -> list[Timeline]:
    return [line for one in timed for line in one.lines]


def as_early_as_can_be(
    choices: tuple[RunChoices, ...], *rest: object, **more: object
) -> Departures:
    """In place of the model: every run departs with the shift."""
    return Departures({run.run_id: 0 for run in choices}, (), NOTE)


def three_alike(district: District, ground: Ground, due: Due) -> Searched:
    """Three sprinklers do one pass beside their depot and go to F2, 227 s after departure."""
    run = (due["sprinkle", "sprinkle_am", "R2-01F"], None)
    return job(district, ground, (run, run, run))


def test_bays_are_kept_in_every_moment(
    ground_of: tuple[District, Ground], district: District, due: Due
) -> None:
    """Five washers and three sprinklers share one fill point: they queue, nobody is one too many.

    As if alone they would stand there together, at the dump point too.
    """
    ground = ground_of[1]
    wash = due["wash", "day", "R5-01F"]
    sprinkle = due["sprinkle", "sprinkle_am", "R5-01F"]
    jobs = (
        job(district, ground, [(wash, None, wash, None, wash, None)] * 5),
        job(district, ground, [(sprinkle, None, sprinkle)] * 3),
    )
    alone = [
        drive_alone(one.workload, route, route.start_s)
        for one in jobs
        for route in one.solution.routes
    ]
    assert {place for place, _ in overfull(alone, district)} == {"F2", "X1"}
    lines = all_lines(set_departures(district, jobs))
    assert overfull(lines, district) == []
    assert sum(line.wait_s for line in lines) > 0
    assert sum(len(list(uses(line))) for line in lines) == 5 * 6 + 3


def test_timelines_come_in_the_order_of_jobs_and_routes(
    ground_of: tuple[District, Ground], district: District, due: Due
) -> None:
    """The job of the earlier shift may come last in the list; every run stays where it was."""
    ground = ground_of[1]
    day = job(district, ground, [(due["wash", "day", f"R5-0{n}F"], None) for n in (1, 2)])
    night = job(district, ground, [(due["wash", "night", f"R4-0{n}F"], None) for n in (1, 2)])
    timed = set_departures(district, (day, night))
    assert [one.searched for one in timed] == [day, night]
    for one in timed:
        assert tuple(line.route for line in one.lines) == one.searched.solution.routes
        assert [line.left for line in one.lines] == [(), ()]
        assert one.note.status == "optimal"


@pytest.mark.parametrize(("begin_s", "most_s"), [(39_600, 300), (56_000, 3600)])
def test_waiting_for_a_window_is_done_in_the_depot(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
    begin_s: int,
    most_s: int,
) -> None:
    """The only pass may begin hours after the shift: the truck departs later, not to wait.

    So departures are tried, and chosen without driving all together.
    """
    monkeypatch.setattr(departures, "MOST_TRIES", 0)
    duty = replace(due["wash", "day", "R2-01F"], windows=(Window(begin_s, 59_400),))
    one = job(district, ground_of[1], [(duty,)])
    assert drive_alone(one.workload, one.solution.routes[0], 32_400).wait_s == begin_s - 32_400
    (timed,) = set_departures(district, [one])
    (line,) = timed.lines
    assert timed.left == ()
    assert line.wait_s <= most_s
    assert line.start_s % 60 == 0
    assert line.end_s <= 59_400


def test_departures_leave_queues_aside(
    ground_of: tuple[District, Ground], district: District, due: Due
) -> None:
    """Three alike, a fill each of 1292 s: they depart one after another instead of queueing.

    Departing together, the second waits 1292 s and the third 2584 s.
    """
    one = three_alike(district, ground_of[1], due)
    (timed,) = set_departures(district, [one])
    starts = [line.start_s for line in timed.lines]
    assert len(set(starts)) == 3
    assert min(starts) >= AM_S[0]
    assert max(line.end_s for line in timed.lines) <= AM_S[1]
    assert timed.wait_s <= 600
    assert timed.left == ()


def test_the_longest_run_is_moved(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of three runs of 1591 s that depart together one waits 1292 s, one 2584 s: this one is moved.

    The model is left out. First only one run may be moved, then all that wait.
    """
    one = three_alike(district, ground_of[1], due)
    monkeypatch.setattr(departures, "schedule_departures", as_early_as_can_be)
    monkeypatch.setattr(departures, "MOST_TRIES", 0)
    (still,) = set_departures(district, [one])
    assert [line.wait_s for line in still.lines] == [0, 1292, 2584]
    assert still.wait_s == 1292 + 2584
    assert [line.end_s - line.start_s for line in still.lines] == [1591, 2883, 4175]
    monkeypatch.setattr(departures, "MOST_TRIES", 1)
    (timed,) = set_departures(district, [one])
    assert [line.start_s for line in timed.lines[:2]] == [AM_S[0]] * 2
    assert timed.lines[2].start_s > AM_S[0]
    assert timed.wait_s < 2584
    monkeypatch.setattr(departures, "MOST_TRIES", 120)
    (timed,) = set_departures(district, [one])
    assert timed.wait_s <= 300
    assert timed.lines[0].start_s == AM_S[0]


def test_runs_of_the_uneven_job_are_moved_first(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A single run is as even as can be, however long it waits; of three alike the last is moved.

    The washer may begin at 34,200 s and is at F2 at 34,380 + 140 + 600 + 223 = 35,343 s, behind
    the three sprinklers, which have booked until 38,303 s. It waits longest and is out longest.
    """
    ground = ground_of[1]
    begun = replace(due["wash", "day", "R2-01F"], windows=(Window(34_200, 59_400),))
    jobs = (job(district, ground, [(begun, None)]), three_alike(district, ground, due))
    monkeypatch.setattr(departures, "schedule_departures", as_early_as_can_be)
    monkeypatch.setattr(departures, "MOST_TRIES", 0)
    still, alike = set_departures(district, jobs)
    assert still.wait_s == 1800 + 38_303 - 35_343
    assert [line.wait_s for line in alike.lines] == [0, 1292, 2584]
    monkeypatch.setattr(departures, "MOST_TRIES", 1)
    still, alike = set_departures(district, jobs)
    assert still.lines[0].start_s == 32_400
    assert [line.start_s for line in alike.lines[:2]] == [AM_S[0]] * 2
    assert alike.lines[2].start_s > AM_S[0]


def test_less_is_left_before_anything_else(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second of three is moved so that the third can do its last pass, though this is uneven.

    That pass of 1001 s must lie in 38,200 to 39,300 s. Behind both others the third is filled at
    38,303 s, too late; behind one it is filled in time, waits, and is out for 5209 s instead of
    4175 s, the first for 1591 s. There are departures at 34,200 and 37,200 s only.
    """
    duty = due["sprinkle", "sprinkle_am", "R2-01F"]
    last = replace(duty, length_m=4167, windows=(Window(38_200, 39_300),))
    one = job(district, ground_of[1], ((duty, None), (duty, None), (duty, None, last)))
    monkeypatch.setattr(departures, "schedule_departures", as_early_as_can_be)
    monkeypatch.setattr(departures, "STEP_S", 3000)
    monkeypatch.setattr(departures, "MOST_TRIES", 0)
    (late,) = set_departures(district, [one])
    assert [len(line.left) for line in late.lines] == [0, 0, 1]
    assert [line.end_s - line.start_s for line in late.lines] == [1591, 2883, 4175]
    monkeypatch.setattr(departures, "MOST_TRIES", 120)
    (timed,) = set_departures(district, [one])
    assert timed.left == ()
    assert [line.start_s for line in timed.lines] == [34_200, 37_200, 34_200]
    assert [line.end_s - line.start_s for line in timed.lines] == [1591, 1591, 5209]


def together(
    monkeypatch: pytest.MonkeyPatch, district: District, jobs: Sequence[Searched]
) -> set[frozenset[str]]:
    """The shifts of the runs that were driven together."""
    groups: set[frozenset[str]] = set()
    drive = departures.drive_all

    def spy(runs: Any, bays: Any) -> tuple[Timeline, ...]:
        groups.add(frozenset(workload.shift_id for workload, *_ in runs))
        return drive(runs, bays)

    monkeypatch.setattr(departures, "drive_all", spy)
    set_departures(district, jobs)
    return groups


def test_runs_that_cannot_meet_are_driven_apart(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The night ends at 06:30; the day, from 09:00, and the morning's sprinkling overlap."""
    jobs = [
        job(district, ground_of[1], [(due[key], None)])
        for key in (
            ("wash", "day", "R2-01F"),
            ("wash", "night", "R2-01F"),
            ("sprinkle", "sprinkle_am", "R2-01F"),
        )
    ]
    assert together(monkeypatch, district, jobs) == {
        frozenset({"night"}),
        frozenset({"day", "sprinkle_am"}),
    }


def test_overtime_makes_runs_meet(
    ground_of: tuple[District, Ground],
    district: District,
    due: Due,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A night run of three hours' overtime whose last pass begins at 09:00 meets the day's."""
    ground = ground_of[1]
    last = replace(due["wash", "night", "R2-01F"], windows=(Window(32_400, 37_000),))
    night = job(district, ground, [(last,)], overtime_s={"W0": 10_800})
    day = job(district, ground, [(due["wash", "day", "R2-01F"], None)])
    assert together(monkeypatch, district, [day, night]) == {frozenset({"night", "day"})}


def test_what_queues_leave_no_time_for_is_listed(
    ground_of: tuple[District, Ground], district: District, due: Due
) -> None:
    """Nine fills of 1292 s are 11,628 s, the shift has 9000 s: some duties are left, and named.

    Every duty is either in a timeline or left, and every truck is back with the shift.
    """
    duty = due["sprinkle", "sprinkle_am", "R2-01F"]
    one = job(district, ground_of[1], [(duty, None) * 3 + (duty,)] * 3)
    (timed,) = set_departures(district, [one])
    served = [
        one.workload.duties[event.task].id
        for line in timed.lines
        for event in line.events
        if event.kind == "service"
    ]
    left = [duty.id for duty in timed.left]
    assert left
    assert Counter(served + left) == Counter(duty.id for duty in one.workload.duties)
    assert max(line.end_s for line in timed.lines) <= AM_S[1]
    assert overfull(timed.lines, district) == []
