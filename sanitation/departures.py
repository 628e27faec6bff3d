"""When each run departs and where it fills, so that no fill point has more trucks than bays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fleet.bays import Option, RunChoices, schedule_departures
from fleet.model import SolveNote, Use
from fleet.moments import Conflict
from routes.solution import Restore, Route, Serve
from sanitation.jobs import Searched
from sanitation.model import District
from sanitation.timing import Timeline, timeline, uses
from sanitation.workload import Workload

STEP_S = 180  # between two departures that are tried
MOST_STARTS = 24
FEW_STARTS = 8  # of them with another fill point or a wait
OTHER_VISITS = 4
WAITS_S = (240, 480, 720)
WAIT_COST = 3  # a second in a queue costs as much as three of a later departure


@dataclass(frozen=True, slots=True)
class Timed:
    """The timelines of a job's routes, in the order of its solution's routes."""

    searched: Searched
    lines: tuple[Timeline, ...]
    conflicts: tuple[Conflict, ...]
    note: SolveNote


def set_departures(district: District, searched: Sequence[Searched]) -> tuple[Timed, ...]:
    """Choose the timing of every run, job by job in the order of their shifts.

    Bays that earlier jobs have taken stay taken. The jobs of one shift's hours could be chosen
    together; one after the other the models stay small.
    """
    points = (*district.fill_points, *district.dump_points)
    bays = {point.id: point.bays for point in points}
    start = {shift.id: shift.start_s for shift in district.shifts}
    taken: list[Use] = []
    timed: dict[tuple[str, str], Timed] = {}
    for one in sorted(searched, key=lambda s: (start[s.job.key[1]], s.job.key)):
        lines = [list(candidates(one.workload, route)) for route in one.solution.routes]
        choices = tuple(
            RunChoices(
                f"{index:03d}",
                tuple(
                    Option(number, _cost(line, options[0]), tuple(Use(*use) for use in uses(line)))
                    for number, line in enumerate(options)
                ),
            )
            for index, options in enumerate(lines)
        )
        answer = schedule_departures(choices, bays, tuple(taken))
        picked = tuple(
            options[answer.option[f"{index:03d}"]] for index, options in enumerate(lines)
        )
        taken += [Use(*use) for line in picked for use in uses(line)]
        timed[one.job.key] = Timed(one, picked, answer.conflicts, answer.note)
    return tuple(timed[one.job.key] for one in searched)


def _cost(line: Timeline, first: Timeline) -> int:
    """Seconds later than the first candidate, longer than it, and waiting on top."""
    waits = sum(event.end_s - event.start_s for event in line.events if event.kind == "wait")
    longer = (line.end_s - line.start_s) - (first.end_s - first.start_s)
    return max(0, abs(line.start_s - first.start_s) // 60 + longer // 20 + WAIT_COST * waits // 60)


def candidates(workload: Workload, route: Route) -> Iterator[Timeline]:
    """Timings of a route that break no rule; the engine's own first."""
    own = timeline(workload, route, route.start_s)
    if own.broken:
        raise AssertionError(f"the engine's route breaks the rule {own.broken!r}")
    yield own
    earliest, latest = (int(second) for second in workload.problem.shift_s[route.vehicle])
    visits = [number for number, step in enumerate(route.steps) if isinstance(step, Restore)]
    if not visits:
        return
    longest = max(latest - (own.end_s - own.start_s), earliest)
    starts = range(-(-earliest // 60) * 60, longest + 1, STEP_S)
    if len(starts) > MOST_STARTS:
        starts = range(starts.start, longest + 1, -(-(longest - starts.start) // MOST_STARTS))
    few = starts[:: max(1, -(-len(starts) // FEW_STARTS))]
    for start_s in starts:
        if start_s != route.start_s:
            yield from _sound(timeline(workload, route, start_s))
    for order, number in enumerate(visits):
        for variant in _elsewhere(workload, route, number):
            for start_s in few:
                yield from _sound(timeline(workload, variant, start_s))
        for wait_s in WAITS_S:
            for start_s in few:
                waits = [0] * order + [wait_s]
                yield from _sound(timeline(workload, route, start_s, waits))


def _sound(line: Timeline) -> Iterator[Timeline]:
    if not line.broken:
        yield line


def _elsewhere(workload: Workload, route: Route, number: int) -> Iterator[Route]:
    """The route with its visit at step ``number`` at each of the next best fill points."""
    problem = workload.problem
    before = next(
        (problem.mode_exit[s.mode] for s in route.steps[number::-1] if isinstance(s, Serve)),
        problem.start_place[route.vehicle],
    )
    after = next(
        (problem.mode_entry[s.mode] for s in route.steps[number:] if isinstance(s, Serve)),
        problem.end_place[route.vehicle],
    )
    step = route.steps[number]
    assert isinstance(step, Restore)
    took = (
        problem.time_s[before, problem.restore_in]
        + problem.restore_s
        + problem.time_s[problem.restore_out, after]
    )
    own = workload.visits[step.option]
    seen = {own.fill}
    for option in sorted(range(len(workload.visits)), key=lambda k: (int(took[k]), k)):
        fill = workload.visits[option].fill
        if fill in seen:
            continue
        seen.add(fill)
        steps = (*route.steps[:number], Restore(option), *route.steps[number + 1 :])
        yield replace(route, steps=steps)
        if len(seen) > OTHER_VISITS:
            return
