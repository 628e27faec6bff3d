"""Clock times of a route: when each leg, pass, visit and rest begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from routes.solution import Rest, Restore, Route, Serve
from sanitation.workload import Visit, Workload


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a truck does.

    ``kind`` is travel, service, dump, fill, rest, wait or return. Travel and return go from
    place ``origin`` to place ``goal`` (of the workload's problem); service is of duty ``task``;
    dump and fill name the facility.
    """

    kind: str
    start_s: int
    end_s: int
    origin: int = -1
    goal: int = -1
    task: int = -1
    facility: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A route's events in order, without gaps, or the reason why it can't be driven so."""

    route: Route
    start_s: int
    events: tuple[Event, ...]
    broken: str = ""

    @property
    def end_s(self) -> int:
        return self.events[-1].end_s

    @property
    def rest_s(self) -> int:
        return sum(event.end_s - event.start_s for event in self.events if event.kind == "rest")


def timeline(
    workload: Workload, route: Route, start_s: int, waits: Sequence[int] = ()
) -> Timeline:
    """Drive a route from ``start_s`` on.

    Args:
        route: steps in order; a visit's index is into ``workload.visits``.
        start_s: departure from the depot.
        waits: seconds to wait at the fill point of the first, second, ... visit.

    Returns:
        the timeline; ``broken`` says which rule it breaks (window, shift, run, rest), if any.
    """
    problem = workload.problem
    vehicle = route.vehicle
    kind = problem.vehicle_type[vehicle]
    clock, at, since, visit_no, broken = start_s, int(problem.start_place[vehicle]), start_s, 0, ""
    events: list[Event] = []

    def travel(goal: int, name: str = "travel") -> None:
        nonlocal clock, at
        took = int(problem.time_s[at, goal])
        if took or name == "return":
            events.append(Event(name, clock, clock + took, at, goal))
        clock += took
        at = goal

    def spend(name: str, took: int, facility: str = "", task: int = -1) -> None:
        nonlocal clock
        if took or name == "service":
            events.append(Event(name, clock, clock + took, at, at, task, facility))
        clock += took

    for step in route.steps:
        match step:
            case Serve(task, mode):
                travel(int(problem.mode_entry[mode]))
                took = int(problem.service_s[mode, kind])
                begin = first_start(problem.window_s[task], clock, took)
                if begin is None:
                    broken = broken or "window"
                    begin = clock
                spend("wait", begin - clock)
                spend("service", took, task=task)
                at = int(problem.mode_exit[mode])
            case Restore(option):
                visit: Visit = workload.visits[option]
                travel(int(problem.restore_in[option]))
                if visit.dump:
                    spend("dump", visit.dump_s, visit.dump)
                    travel(int(problem.restore_out[option]))
                spend("wait", waits[visit_no] if visit_no < len(waits) else 0)
                spend("fill", visit.fill_s, visit.fill)
                visit_no += 1
            case Rest():
                if clock - since > problem.rest_after_s:
                    broken = broken or "rest"
                spend("rest", problem.rest_s)
                since = clock
    travel(int(problem.end_place[vehicle]), "return")
    if clock - since > problem.rest_after_s:
        broken = broken or "rest"
    if start_s < problem.shift_s[vehicle, 0] or clock > problem.shift_s[vehicle, 1]:
        broken = broken or "shift"
    if clock - start_s > problem.max_s[vehicle]:
        broken = broken or "run"
    return Timeline(replace(route, start_s=start_s), start_s, tuple(events), broken)


def first_start(windows: Sequence[Sequence[int]], ready_s: int, took_s: int) -> int | None:
    """Earliest start at or after ``ready_s`` that lies, with its end, inside one window."""
    for low, high in windows:
        begin = max(ready_s, int(low))
        if begin + took_s <= high:
            return begin
    return None


def uses(line: Timeline) -> Iterator[tuple[str, int, int]]:
    """Every stay at a facility: (facility, start_s, end_s)."""
    for event in line.events:
        if event.facility:
            yield event.facility, event.start_s, event.end_s
