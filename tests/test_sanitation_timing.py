"""Clock times of runs, held against sums made by hand on a straight line of 100 m steps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from routing_problems import i32, i64

from fleet.model import Vehicle
from routes.problem import NO_LIMIT, RoutingProblem
from routes.solution import Restore, Route, Serve
from sanitation.bookings import Bookings, Facilities
from sanitation.model import Duty, Window
from sanitation.timing import Event, Timeline, drive_all, drive_alone, first_start, uses
from sanitation.workload import Visit, Workload

WASHER = Visit("X", "F", 300, 100, 100, 600)  # empties at X, 100 m before F
CRANE, FAR = Visit("", "F", 0, 0, 0, 600), Visit("", "G", 0, 0, 0, 600)
Runs = Sequence[tuple[Workload, Route, int]]


def line(
    work_s: Sequence[int] = (1000, 1000, 1000),
    *,
    windows: Sequence[Sequence[tuple[int, int]]] | None = None,
    visits: Sequence[tuple[Visit, int, int]] = ((CRANE, 4, 4),),
    exits: Sequence[int] = (1, 2, 3),
    trucks: int = 3,
    latest_s: int = 40_000,
    longest_s: int = 28_800,
) -> Workload:
    """Depot at 0 m, task k at 100 (k + 1) m, 1 m takes 1 s; places every 100 m up to 600 m.

    A rest of 1200 s is due after 14,400 s. ``visits`` come with the places they begin and end at.
    """
    at = np.arange(7) * 100
    way = np.abs(at[:, None] - at[None])
    tasks = len(work_s)
    windows = windows or [[(0, 90_000)]] * tasks
    duties = tuple(
        Duty(
            *(f"T{k}", "wash", "day", f"S{k}", "R", 1, 1, 1, 100),
            tuple(Window(*span) for span in spans),
            1,
        )
        for k, spans in enumerate(windows)
    )
    problem = RoutingProblem(
        time_s=i32(way),
        dist_m=i32(way),
        mode_first=i32(range(tasks + 1)),
        mode_entry=i32(range(1, tasks + 1)),
        mode_exit=i32(exits),
        service_s=i32([[s] for s in work_s]),
        service_m=i32([100] * tasks),
        demand=i32([[1]] * tasks),
        window_s=i64([[[0, 90_000]]] * tasks),
        drop_cost=i64([1] * tasks),
        group=i32([-1] * tasks),
        allowed=np.ones((tasks, 1), bool),
        pinned=i32([-1] * tasks),
        preferred=i32([-1] * tasks),
        vehicle_type=i32([0] * trucks),
        start_place=i32([0] * trucks),
        end_place=i32([0] * trucks),
        shift_s=i64([[0, latest_s]] * trucks),
        max_s=i64([longest_s] * trucks),
        capacity=i32([[9]] * trucks),
        fixed_cost=i64([0] * trucks),
        target_s=i64([[0, NO_LIMIT]] * trucks),
        restore_in=i32([into for _, into, _ in visits]),
        restore_out=i32([out for *_, out in visits]),
        restore_s=i32([visit.total_s for visit, *_ in visits]),
        restore_m=i32([visit.between_m for visit, *_ in visits]),
        restore_cost=i64([0] * len(visits)),
        rest_after_s=14_400,
        rest_s=1200,
    )
    return Workload(
        *("wash", "day", problem, duties),
        tuple(Vehicle(f"W{v}", f"W{v}", "washer", "D", "in_service") for v in range(trucks)),
        tuple(visit for visit, *_ in visits),
        np.arange(7),
        i64([latest_s] * trucks),
        i64([longest_s] * trucks),
    )


def route(*steps: int | None, vehicle: int = 0) -> Route:
    """A number is a task, None a visit to be chosen on the way."""
    return Route(vehicle, 0, tuple(Restore(0) if s is None else Serve(s, s) for s in steps))


def told(line: Timeline) -> list[tuple[str, int, int]]:
    return [(event.kind, event.start_s, event.end_s) for event in line.events]


def test_a_lone_run_by_hand() -> None:
    """A washer with one visit: 100 m out, 1000 s, 300 m to X, 300 s, 100 m to F, 600 s, and home.

    Task 0 begins at 100 m and ends at 200 m; task 2 is at 300 m.
    """
    work = line(visits=((WASHER, 5, 4),), exits=(2, 2, 3))
    run = drive_alone(work, route(0, None, 2), 1000)
    assert run.events == (
        Event("travel", 1000, 1100, 0, 1),
        Event("service", 1100, 2100, 1, 1, 0),
        Event("travel", 2100, 2400, 2, 5),
        Event("dump", 2400, 2700, 5, 5, -1, "X"),
        Event("travel", 2700, 2800, 5, 4),
        Event("fill", 2800, 3400, 4, 4, -1, "F"),
        Event("travel", 3400, 3500, 4, 3),
        Event("service", 3500, 4500, 3, 3, 2),
        Event("return", 4500, 4800, 3, 0),
    )
    assert (run.start_s, run.end_s, run.rest_s, run.wait_s, run.left) == (1000, 4800, 0, 0, ())
    assert list(uses(run)) == [("X", 2400, 2700), ("F", 2800, 3400)]


def _two(work: Workload, *, later_first: bool = False) -> Runs:
    """Truck 0 is ready for its visit at 1100 s, 100 m out; truck 1 at 1200 s, 200 m out."""
    runs = [(work, route(0, None), 0), (work, route(1, None, vehicle=1), 0)]
    return runs[::-1] if later_first else runs


@pytest.mark.parametrize("later_first", [False, True])
def test_two_trucks_queue_at_one_bay(later_first: bool) -> None:
    """Both are at F at 1400 s. Who set out first fills first; the other waits for 600 s.

    The order in the list does not matter.
    """
    lines = drive_all(_two(line(), later_first=later_first), Facilities({"F": 1}))
    first, second = lines[::-1] if later_first else lines
    assert told(first)[2:] == [("travel", 1100, 1400), ("fill", 1400, 2000), ("return", 2000, 2400)]
    assert told(second)[2:] == [
        ("travel", 1200, 1400),
        ("wait", 1400, 2000),
        ("fill", 2000, 2600),
        ("return", 2600, 3000),
    ]
    assert (first.wait_s, second.wait_s) == (0, 600)


@pytest.mark.parametrize("bays", [None, {"F": 2}])
def test_with_bays_enough_nobody_waits(bays: dict[str, int] | None) -> None:
    """With two bays, or without a limit, both fill from 1400 s to 2000 s."""
    for run in drive_all(_two(line()), bays and Facilities(bays)):
        assert list(uses(run)) == [("F", 1400, 2000)]
        assert run.wait_s == 0


def test_dump_points_have_queues_too() -> None:
    """X is taken from 1500 s to 1800 s; the second is done there at 2100 s and fills at 2200 s."""
    lines = drive_all(_two(line(visits=((WASHER, 5, 4),))), Facilities({"X": 1, "F": 2}))
    assert told(lines[1])[2:] == [
        ("travel", 1200, 1500),
        ("wait", 1500, 1800),
        ("dump", 1800, 2100),
        ("travel", 2100, 2200),
        ("fill", 2200, 2800),
        ("return", 2800, 3200),
    ]


@pytest.mark.parametrize(
    ("far_s", "chosen"),
    [(600, ("G", 1600, 2200)), (799, ("G", 1600, 2399)), (801, ("F", 2000, 2600))],
)
def test_a_truck_goes_where_it_is_done_first(far_s: int, chosen: tuple[str, int, int]) -> None:
    """At F it waits and is home at 3000 s; at G, 200 m farther, at 2200 s + ``far_s``."""
    far = Visit("", "G", 0, 0, 0, far_s)
    lines = drive_all(_two(line(visits=((CRANE, 4, 4), (far, 6, 6)))), Facilities({"F": 1, "G": 1}))
    assert list(uses(lines[0])) == [("F", 1400, 2000)]
    assert list(uses(lines[1])) == [chosen]


def test_the_way_to_the_next_duty_counts() -> None:
    """From 200 m, F at 400 m and G at 0 m are equally far; the next duty is at 300 m or 100 m."""
    work = line(visits=((CRANE, 4, 4), (FAR, 0, 0)))
    assert [use[0] for use in uses(drive_alone(work, route(1, None, 2), 0))] == ["F"]
    assert [use[0] for use in uses(drive_alone(work, route(1, None, 0), 0))] == ["G"]
    assert [use[0] for use in uses(drive_alone(work, route(1, None), 0))] == ["G"]


def test_rest_before_four_hours_are_over() -> None:
    """100 + 5000 + 100 + 5000 = 10,200 s; the third pass would end at 15,300 s: rest before it."""
    run = drive_alone(line((5000, 5000, 5000)), route(0, 1, 2), 0)
    assert told(run)[4:] == [
        ("rest", 10_200, 11_400),
        ("travel", 11_400, 11_500),
        ("service", 11_500, 16_500),
        ("return", 16_500, 16_800),
    ]
    assert run.events[4].origin == 2
    assert run.rest_s == 1200


def test_four_hours_sharp_need_no_rest_but_the_way_home_does() -> None:
    """3 x (100 + 4700) = 14,400 s are allowed without a rest; 300 s home would be beyond."""
    run = drive_alone(line((4700, 4700, 4700)), route(0, 1, 2), 0)
    assert told(run)[5:] == [
        ("service", 9700, 14_400),
        ("rest", 14_400, 15_600),
        ("return", 15_600, 15_900),
    ]


def test_rest_before_a_visit() -> None:
    """At 14,000 s the visit would last until 14,900 s; a visit is no rest, so it comes before."""
    run = drive_alone(line((13_900, 1, 1)), route(0, None), 0)
    assert told(run)[2:] == [
        ("rest", 14_000, 15_200),
        ("travel", 15_200, 15_500),
        ("fill", 15_500, 16_100),
        ("return", 16_100, 16_500),
    ]


def test_a_truck_does_not_rest_in_its_depot() -> None:
    """A first pass that alone is longer than four hours is not made better by resting before it."""
    run = drive_alone(line((15_000, 1, 1)), route(0), 0)
    assert told(run)[:2] == [("travel", 0, 100), ("service", 100, 15_100)]


def test_hours_count_from_the_last_rest() -> None:
    """100 + 9000, rest to 10,300, 100 + 9000 = 19,400, rest to 20,600, 100 + 9000, 300 home."""
    run = drive_alone(line((9000, 9000, 9000), longest_s=40_000), route(0, 1, 2), 0)
    rests = [event for event in told(run) if event[0] == "rest"]
    assert rests == [("rest", 9100, 10_300), ("rest", 19_400, 20_600)]
    assert run.end_s == 29_700 + 300


def test_windows_are_waited_for() -> None:
    """The truck is there at 1200 s, too late for the window to 2199 s, and waits until 3000 s."""
    work = line(windows=[[(0, 9000)], [(0, 2199), (3000, 9000)], [(0, 9000)]])
    run = drive_alone(work, route(0, 1), 0)
    assert told(run)[2:] == [
        ("travel", 1100, 1200),
        ("wait", 1200, 3000),
        ("service", 3000, 4000),
        ("return", 4000, 4200),
    ]
    assert run.events[3].origin == 2
    assert run.wait_s == 1800


def test_a_rest_fills_the_time_before_a_window() -> None:
    """Waiting until 14,000 s is no rest: the rest comes before it, and less is waited."""
    work = line(windows=[[(0, 90_000)], [(14_000, 90_000)], [(0, 90_000)]])
    run = drive_alone(work, route(0, 1), 0)
    assert told(run)[2:6] == [
        ("rest", 1100, 2300),
        ("travel", 2300, 2400),
        ("wait", 2400, 14_000),
        ("service", 14_000, 15_000),
    ]


def test_work_without_time_is_left() -> None:
    """Out, 1000 s and home make 1200 s: a limit of 1200 s is kept, one of 1199 s leaves it."""
    assert drive_alone(line(latest_s=1200), route(0), 0).left == ()
    late = drive_alone(line(latest_s=1199), route(0), 0)
    assert late.left == (0,)
    assert told(late) == [("return", 0, 0)]


def test_a_run_is_not_longer_than_allowed() -> None:
    """However late the shift ends: 1200 s from departure may not become more than 1199 s."""
    assert drive_alone(line(longest_s=1200), route(0), 700).left == ()
    assert drive_alone(line(longest_s=1199), route(0), 700).left == (0,)


def test_the_rest_on_the_way_home_counts() -> None:
    """Service would end at 14,400, the rest at 15,600, the return be at 15,900: later than 14,900.

    So the task is left, and the truck does not go out for it.
    """
    driven = drive_alone(line((14_300, 1, 1), exits=(3, 2, 3), latest_s=14_900), route(0), 0)
    assert driven.left == (0,)
    assert driven.end_s <= 14_900


@pytest.mark.parametrize("steps", [(0, 1), (0, None, 1)])
def test_no_rest_for_a_step_that_is_given_up(steps: tuple[int | None, ...]) -> None:
    """There is no time for a rest before task 1: home at once, 100 s after 14,100."""
    driven = drive_alone(line((14_000, 1000, 1), latest_s=14_900), route(*steps), 0)
    assert driven.left == (1,)
    assert driven.rest_s == 0
    assert driven.end_s == 14_200


def test_what_is_left_does_not_stop_the_run() -> None:
    """The window of task 0 is over; the truck goes straight on to task 1."""
    work = line(windows=[[(0, 1099)], [(0, 9000)], [(0, 9000)]])
    run = drive_alone(work, route(0, 1), 0)
    assert run.left == (0,)
    assert told(run) == [("travel", 0, 200), ("service", 200, 1200), ("return", 1200, 1400)]


def test_a_queue_that_is_too_long_sends_a_truck_home() -> None:
    """Alone truck 1 would be home at 2500 s; after the queue at 3000 s, too late for 2900 s.

    It leaves task 2, for which its tank is empty, and goes home at once. The bay it would have
    taken is free: truck 2, ready a second later, may be as late as it likes and fills at 2000 s.
    """
    work, patient = line((1000, 1000, 100), latest_s=2900), line((1000, 1001, 100))
    assert drive_alone(work, route(1, None, 2), 0).left == ()
    lines = drive_all(
        [*_two(work)[:1], (work, route(1, None, 2, vehicle=1), 0), (patient, route(1, None), 0)],
        Facilities({"F": 1}),
    )
    assert lines[1].left == (2,)
    assert told(lines[1]) == [("travel", 0, 200), ("service", 200, 1200), ("return", 1200, 1400)]
    assert list(uses(lines[2])) == [("F", 2000, 2600)]


@pytest.mark.parametrize(
    ("bays", "taken", "ready_s", "took_s", "start_s"),
    [
        (1, [], 50, 10, 50),
        (1, [(0, 100)], 50, 10, 100),
        (1, [(0, 50)], 50, 10, 50),  # one leaves as the other comes
        (1, [(60, 100)], 50, 10, 50),  # fits before the next one
        (1, [(60, 100)], 50, 11, 100),  # does not
        (1, [(0, 60), (70, 100)], 50, 10, 60),  # fits between two
        (1, [(0, 60), (70, 100)], 50, 11, 100),
        (1, [(70, 100), (0, 60)], 50, 10, 60),  # in whatever order they were booked
        (2, [(0, 100)], 50, 10, 50),
        (2, [(0, 100), (0, 80)], 50, 10, 80),
        (2, [(0, 100), (55, 80)], 50, 10, 80),  # the second bay is taken on the way
        (2, [(40, 60), (65, 90)], 50, 30, 50),  # two one after the other leave a bay free
        (3, [(0, 100), (0, 90), (95, 200), (0, 80)], 50, 30, 80),
    ],
)
def test_first_slot(
    bays: int, taken: list[tuple[int, int]], ready_s: int, took_s: int, start_s: int
) -> None:
    """The earliest start with one of the bays free from then until the end."""
    booked = Bookings(Facilities({"F": bays, "G": 1}))
    for span in taken:
        booked.book("F", *span)
    assert booked.first_slot("F", ready_s, took_s) == start_s
    assert booked.first_slot("G", ready_s, took_s) == ready_s


def test_no_facility_no_queue() -> None:
    """Where nothing is dumped there is nothing to wait for, however often it is booked."""
    booked = Bookings(Facilities({"F": 1}))
    booked.book("", 0, 100)
    assert booked.first_slot("", 50, 10) == 50


@pytest.mark.parametrize(
    ("ready_s", "took_s", "start_s"),
    [
        (-50, 100, 0),
        (0, 300, 0),
        (200, 100, 200),
        (201, 100, 600),  # would end a second late
        (0, 301, None),  # fits into no window
        (400, 300, 600),
        (800, 100, 800),
        (801, 100, None),
    ],
)
def test_first_start(ready_s: int, took_s: int, start_s: int | None) -> None:
    """Start and end lie in one of the windows 0 to 300 s and 600 to 900 s."""
    assert first_start([(0, 300), (600, 900)], ready_s, took_s) == start_s


@pytest.mark.parametrize("seed", range(6))
def test_bays_are_kept_in_every_moment_and_time_has_no_gaps(seed: int) -> None:
    """Ten trucks with four visits each at three facilities: queues, and no overfull bay."""
    dice = random.Random(seed)
    visits = ((WASHER, 5, 4), (FAR, 6, 6))
    bays = {"X": 1, "F": 1, "G": 2}
    runs = []
    for vehicle in range(10):
        work_s = [dice.randrange(50, 900) for _ in range(3)]
        tasks = [dice.randrange(3) for _ in range(5)]
        steps = [step for task in tasks for step in (task, None)][:-1]
        work = line(work_s, visits=visits, trucks=10)
        runs.append((work, route(*steps, vehicle=vehicle), dice.randrange(600)))
    lines = drive_all(runs, Facilities(bays))
    taken = [use for run in lines for use in uses(run)]
    assert len({use[0] for use in taken}) == 3
    for where, when, _ in taken:
        there = sum(place == where and a <= when < b for place, a, b in taken)
        assert there <= bays[where], (where, when)
    assert sum(run.wait_s for run in lines) > 0
    for run, (_, _, start_s) in zip(lines, runs, strict=True):
        assert run.events[0].start_s == start_s
        assert all(a.end_s == b.start_s and a.goal == b.origin for a, b in pairwise(run.events))
