"""What queues leave undone goes into another truck's run, or elsewhere in its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from routes.solution import Restore, Route, Serve, Step
from sanitation.timing import Timeline, drive_alone
from sanitation.workload import Workload

TRIED = 4  # of the places for a duty, those with the earliest return


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
        (index of the run, its new timeline), at most TRIED, by the time of return.
    """
    mode = int(workload.problem.mode_first[task])
    found = []
    for index, line in enumerate(lines):
        if not workload.problem.allowed[task, _kind(workload, line.route)]:
            continue
        steps = without(line.route, task).steps
        for at in range(len(steps) + 1):
            longer = (*steps[:at], Serve(task, mode), *steps[at:])
            if not _fits(workload, line.route, longer):
                continue
            driven = drive_alone(workload, replace(line.route, steps=longer), line.start_s)
            if len(driven.left) == 0:
                found.append((driven.end_s - line.end_s, index, at, driven))
    for _, index, _, driven in sorted(found, key=lambda place: place[:3])[:TRIED]:
        yield index, driven


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
