"""What queues leave undone goes into another truck's run, or elsewhere in its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from routes.solution import Restore, Route, Serve, Step
from sanitation.timing import Timeline, drive_alone
from sanitation.workload import Workload

TRIED = 8  # of the places for a duty
DRIVEN = 300  # of the places in all runs, to see how much longer each run gets


def without(route: Route, task: int) -> Route:
    """The route without a task."""
    kept = tuple(s for s in route.steps if not (isinstance(s, Serve) and s.task == task))
    return replace(route, steps=kept)


def places(
    workload: Workload, lines: Sequence[Timeline], task: int
) -> Iterator[tuple[int, Timeline]]:
    """Runs that could do a task too if they had the facilities to themselves, best first.

    Args:
        lines: runs of one job as they are driven.
        task: one that none of them does.

    Yields:
        (index of the run, its new timeline), at most TRIED, those that get least longer first;
        it departs as before, or else as early as it may.
    """
    mode = int(workload.problem.mode_first[task])
    open_places = []
    for index, line in enumerate(lines):
        if workload.problem.allowed[task, _kind(workload, line.route)]:
            route = without(line.route, task)
            ways_s = _detours_s(workload, route, mode)
            open_places += [(way_s, index, at) for at, way_s in enumerate(ways_s)]
    found = []
    for _, index, at in sorted(open_places)[:DRIVEN]:
        line = lines[index]
        steps = without(line.route, task).steps
        longer = (*steps[:at], Serve(task, mode), *steps[at:])
        if not _fits(workload, line.route, longer):
            continue
        route = replace(line.route, steps=longer)
        for start_s in (line.start_s, int(workload.problem.shift_s[route.vehicle, 0])):
            driven = drive_alone(workload, route, start_s)
            if not driven.left:
                longer_s = driven.end_s - driven.start_s - (line.end_s - line.start_s)
                found.append((longer_s, index, at, driven))
                break
    for _, index, _, driven in sorted(found, key=lambda place: place[:3])[:TRIED]:
        yield index, driven


def spare(workload: Workload, lines: Sequence[Timeline], task: int) -> Iterator[Timeline]:
    """Runs of trucks that no line needs, for a task alone; the first that can do it of each type.

    Args:
        lines: runs of one job as they are driven.
        task: one that none of them does.
    """
    problem = workload.problem
    out = {line.route.vehicle for line in lines}
    tried: set[int] = set()
    for vehicle in range(problem.vehicles):
        kind = int(problem.vehicle_type[vehicle])
        if vehicle in out or kind in tried or not problem.allowed[task, kind]:
            continue
        tried.add(kind)
        there = int(problem.mode_entry[problem.mode_first[task]])
        home = int(problem.end_place[vehicle])
        ways = problem.time_s[there, problem.restore_in] + problem.time_s[problem.restore_out, home]
        steps = (Serve(task, int(problem.mode_first[task])), Restore(int(ways.argmin())))
        if not _fits(workload, Route(vehicle, 0, steps), steps):
            continue
        begin = int(problem.window_s[task, -1, 0]) - int(problem.time_s[home, there])
        start_s = max(int(problem.shift_s[vehicle, 0]), begin)
        driven = drive_alone(workload, Route(vehicle, start_s, steps), start_s)
        if not driven.left:
            yield driven


def _detours_s(workload: Workload, route: Route, mode: int) -> list[int]:
    """Seconds of driving more that a mode takes before each step of a route, and at its end."""
    problem = workload.problem
    stands, wants = [int(problem.start_place[route.vehicle])], []
    for step in route.steps:
        if isinstance(step, Serve):
            wants.append(int(problem.mode_entry[step.mode]))
            stands.append(int(problem.mode_exit[step.mode]))
        elif isinstance(step, Restore):
            wants.append(int(problem.restore_in[step.option]))
            stands.append(int(problem.restore_out[step.option]))
        else:  # a rest, where the truck stands
            wants.append(stands[-1])
            stands.append(stands[-1])
    wants.append(int(problem.end_place[route.vehicle]))
    into, out = int(problem.mode_entry[mode]), int(problem.mode_exit[mode])
    time_s = problem.time_s
    return [
        int(time_s[a, into]) + int(time_s[out, b]) - int(time_s[a, b])
        for a, b in zip(stands, wants, strict=True)
    ]


def _kind(workload: Workload, route: Route) -> int:
    return int(workload.problem.vehicle_type[route.vehicle])


def _fits(workload: Workload, route: Route, steps: Sequence[Step]) -> bool:
    """Whether no trip of the route carries more than the truck can, and all is let off."""
    capacity = workload.problem.capacity[route.vehicle]
    load = capacity * 0
    for step in steps:
        if isinstance(step, Serve):
            load = load + workload.problem.demand[step.task]
        elif isinstance(step, Restore):
            load = load * 0
        if (load > capacity).any():
            return False
    return not load.any()
