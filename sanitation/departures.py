"""When each run departs, so that not every truck of a shift comes to the fill points at once.

The model chooses departures against bays; then all runs of the day are driven together
(timing.drive_all), each truck choosing its fill point as it gets there, queues included. Bays are
kept in every moment; what a queue makes too late is left out and listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.bays import Option, RunChoices, schedule_departures
from fleet.model import SolveNote, Use
from routes.solution import Route
from sanitation.jobs import Searched
from sanitation.model import District, Duty
from sanitation.timing import Timeline, drive_all, drive_alone, uses
from sanitation.workload import Workload

MOST_STARTS = 7
STEP_S = 240  # between two departures that are tried
# Of the time that a run could depart later; the rest is for its own queues.
LATEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Timed:
    """The timelines of a job's routes, in the order of its solution's routes."""

    searched: Searched
    lines: tuple[Timeline, ...]
    note: SolveNote

    @property
    def left(self) -> tuple[Duty, ...]:
        """Duties for which queues left no time."""
        duties = self.searched.workload.duties
        return tuple(duties[task] for line in self.lines for task in line.left)

    @property
    def wait_s(self) -> int:
        return sum(
            e.end_s - e.start_s for line in self.lines for e in line.events if e.kind == "wait"
        )


def set_departures(district: District, searched: Sequence[Searched]) -> tuple[Timed, ...]:
    """Choose the departure of every run and drive all of them through the day's queues."""
    bays = {point.id: point.bays for point in district.fill_points}
    bays |= {point.id: point.bays for point in district.dump_points}
    start = {shift.id: shift.start_s for shift in district.shifts}
    taken: list[Use] = []
    notes: list[SolveNote] = []
    runs: list[tuple[Workload, Route, int]] = []
    ordered = sorted(searched, key=lambda one: (start[one.job.key[1]], one.job.key))
    for one in ordered:
        routes = one.solution.routes
        lines = [_candidates(one.workload, route) for route in routes]
        choices = tuple(
            RunChoices(
                f"{index:03d}",
                tuple(
                    Option(number, number, tuple(Use(*use) for use in uses(line)))
                    for number, line in enumerate(options)
                ),
            )
            for index, options in enumerate(lines)
        )
        answer = schedule_departures(choices, bays, tuple(taken), node_limit=1, rounds=1)
        picked = [options[answer.option[f"{index:03d}"]] for index, options in enumerate(lines)]
        taken += [Use(*use) for line in picked for use in uses(line)]
        notes.append(answer.note)
        runs += [(one.workload, line.route, line.start_s) for line in picked]
    driven = iter(drive_all(runs, bays))
    timed = {
        one.job.key: Timed(one, tuple(next(driven) for _ in one.solution.routes), note)
        for one, note in zip(ordered, notes, strict=True)
    }
    return tuple(timed[one.job.key] for one in searched)


def _candidates(workload: Workload, route: Route) -> list[Timeline]:
    """Departures on whole minutes, the earliest first, that serve all and are back in time."""
    own = drive_alone(workload, route, route.start_s)
    earliest, latest = (int(second) for second in workload.problem.shift_s[route.vehicle])
    slack_s = latest - earliest - (own.end_s - own.start_s)
    longest = earliest + max(0, round(LATEST_SHARE * slack_s))
    step = max(STEP_S, -(-(longest - earliest) // MOST_STARTS))
    found = [own]
    for start_s in range(-(-earliest // 60) * 60, longest + 1, -(-step // 60) * 60):
        line = drive_alone(workload, route, start_s)
        if start_s != route.start_s and not line.left:
            found.append(line)
    return found
