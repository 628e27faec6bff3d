"""Clock times of runs: every leg, pass, visit, rest and wait, with the bays of facilities booked.

A run is driven step by step. At a visit the truck goes where it will be done first, waiting in
the queue counted; what is booked stays booked. Runs are advanced in the order in which they need
a facility, as they would come there, so that no facility ever has more trucks than bays.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from routes.solution import Restore, Route, Serve
from sanitation.bookings import Bookings, Facilities, Load
from sanitation.workload import Visit, Workload

DIVERT_S = 300  # a load is let off at another station if that is done so much earlier


class Event(NamedTuple):
    """One thing a truck does.

    ``kind`` is travel, service, dump, unload, fill, rest, wait or return. Travel and return go
    from place ``origin`` to place ``goal`` (of the workload's problem); service is of duty
    ``task``; dump, unload and fill name the facility.
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
    """A route's events in order, without gaps. ``left`` are tasks for which no time was left."""

    route: Route
    start_s: int
    events: tuple[Event, ...]
    left: tuple[int, ...] = ()

    @property
    def end_s(self) -> int:
        return self.events[-1].end_s

    @property
    def serves(self) -> bool:
        """Whether anything is done."""
        return any(event.kind == "service" for event in self.events)

    @property
    def rest_s(self) -> int:
        return self._total_s("rest")

    @property
    def wait_s(self) -> int:
        return self._total_s("wait")

    def _total_s(self, kind: str) -> int:
        return sum(event.end_s - event.start_s for event in self.events if event.kind == kind)


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """What driving looks up at every step, as plain lists: far quicker than arrays, one by one."""

    time_s: list[list[int]]
    entry: list[int]
    exit: list[int]
    service_s: list[list[int]]
    windows: list[list[tuple[int, int]]]
    load_kg: list[int]
    back_s: dict[int, list[int]]  # by home: from each place, where a load is on board


@lru_cache(maxsize=16)
def _tables(workload: Workload) -> _Tables:
    problem = workload.problem
    return _Tables(
        problem.time_s.tolist(),
        problem.mode_entry.tolist(),
        problem.mode_exit.tolist(),
        problem.service_s.tolist(),
        [[(w.start_s, w.end_s) for w in duty.windows] for duty in workload.duties],
        [duty.load_kg for duty in workload.duties],
        {int(home): _back_s(workload, int(home)) for home in set(problem.end_place.tolist())},
    )


def _back_s(workload: Workload, home: int) -> list[int]:
    """Seconds from each place to a home, by way of a facility where the truck carries a load."""
    problem = workload.problem
    if not workload.loaded:
        return [int(took) for took in problem.time_s[:, home]]
    after = problem.restore_s + problem.time_s[problem.restore_out, home]
    return [int(took) for took in (problem.time_s[:, problem.restore_in] + after).min(axis=1)]


@dataclass
class Truck:
    """One run on its way: the clock, the place it stands at, and what it has done."""

    workload: Workload
    route: Route
    start_s: int
    clock: int = 0
    at: int = 0
    rested_s: int = 0  # departure or end of the last rest
    step: int = 0
    events: list[Event] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    aboard: list[int] = field(default_factory=list)  # served since the load was last let off
    empty: tuple[int, int, int, int] = (0, 0, 0, 0)  # events, clock, place and rest back then
    restless: bool = False  # waiting is no rest

    def __post_init__(self) -> None:
        problem, vehicle = self.workload.problem, self.route.vehicle
        self.clock = self.rested_s = self.start_s
        self.at = int(problem.start_place[vehicle])
        self.home = int(problem.end_place[vehicle])
        self.kind = int(problem.vehicle_type[vehicle])
        self.tables = _tables(self.workload)
        self.mode_of = {s.task: s.mode for s in self.route.steps if isinstance(s, Serve)}
        self.empty = 0, self.clock, self.at, self.rested_s
        # Latest return: end of the shift with overtime, or the longest run.
        self.limit_s = min(
            int(self.workload.latest_s[vehicle]),
            self.start_s + int(self.workload.longest_s[vehicle]),
        )

    def way_s(self, goal: int) -> int:
        return self.tables.time_s[self.at][goal]

    def spend(self, kind: str, took: int, facility: str = "", task: int = -1) -> None:
        if took or kind == "service":
            span = self.clock, self.clock + took
            self.events.append(Event(kind, *span, self.at, self.at, task, facility))
        self.clock += took

    def travel(self, goal: int, kind: str = "travel") -> None:
        took = self.way_s(goal)
        if took or kind == "return":
            self.events.append(Event(kind, self.clock, self.clock + took, self.at, goal))
        self.clock += took
        self.at = goal

    def rested_by(self, end_s: int) -> int:
        """When the next step may begin if it would end at ``end_s``: now, or after a rest."""
        problem = self.workload.problem
        if end_s - self.rested_s <= problem.rest_after_s or self.rested_s == self.clock:
            return self.clock
        return self.clock + problem.rest_s

    def rest_until(self, end_s: int) -> None:
        if end_s > self.clock:
            self.spend("rest", end_s - self.clock)
            self.rested_s = self.clock

    def pause_until(self, start_s: int) -> None:
        """Wait for a window; who waits at a site as long as a rest lasts has rested."""
        may_rest = bool(self.workload.duties[0].site_id) and not self.restless
        if may_rest and start_s - self.clock >= max(1, self.workload.problem.rest_s):
            self.rest_until(start_s)
        else:
            self.spend("wait", start_s - self.clock)

    def home_by(self, end_s: int, place: int, begun_s: int, *, loaded: bool) -> int:
        """Return after a step that begins at ``begun_s`` and ends at a place, rests included."""
        problem = self.workload.problem
        rested_s = begun_s if begun_s > self.clock else self.rested_s
        ways_s = self.tables.back_s[self.home] if loaded else None
        back_s = end_s + (ways_s[place] if ways_s else self.tables.time_s[place][self.home])
        return back_s + (problem.rest_s if back_s - rested_s > problem.rest_after_s else 0)

    def serve(self, task: int, mode: int) -> None:
        tables = self.tables
        took = tables.service_s[mode][self.kind]
        goal = tables.entry[mode]
        windows = tables.windows[task]
        begun = self.clock
        start = first_start(windows, begun + self.way_s(goal), took)
        if start is not None and (rested := self.rested_by(start + took)) > begun:
            begun = rested
            start = first_start(windows, begun + self.way_s(goal), took)
        exit_place = tables.exit[mode]
        if (
            start is None
            or self.home_by(start + took, exit_place, begun, loaded=True) > self.limit_s
        ):
            self.left.append(task)
            return
        self.aboard.append(task)
        self.rest_until(begun)
        self.travel(goal)
        self.pause_until(start)
        self.spend("service", took, task=task)
        self.at = exit_place

    def visit(self, booked: Bookings) -> bool:
        """Restore the tanks where it is done first; the way on to the next duty counts.

        A truck whose load would be let off, but that has none, goes on.

        Returns:
            False, and nothing is done, where a queue leaves no time to come home after it.
        """
        problem, workload = self.workload.problem, self.workload
        if workload.loaded and not self.aboard:
            return True
        after = next(
            (
                int(problem.mode_entry[step.mode])
                for step in self.route.steps[self.step + 1 :]
                if isinstance(step, Serve)
            ),
            self.home,
        )
        aboard_kg = sum(self.tables.load_kg[task] for task in self.aboard)
        job = f"{workload.service}/{workload.shift_id}"
        load = Load(job, workload.duties[0].stream, aboard_kg)
        into, out = problem.restore_in, problem.restore_out
        way_s = problem.time_s[self.at, into] + problem.restore_s + problem.time_s[out, after]

        def plan(
            option: int, begun: int, share_kg: Mapping[str, int]
        ) -> tuple[int, int, int, int] | None:
            visit: Visit = workload.visits[option]
            there = begun + self.way_s(int(into[option]))
            dump = booked.first_slot(visit.dump, there, visit.dump_s)
            if dump is None:
                return None
            emptied = dump + visit.dump_s
            if aboard_kg and not booked.has_room(load, visit.dump, emptied, share_kg):
                return None
            fill = booked.first_slot(visit.fill, emptied + visit.between_s, visit.fill_s)
            if fill is None:
                return None
            done = fill + visit.fill_s
            return done + int(problem.time_s[out[option], after]), option, dump, fill

        planned = self.route.steps[self.step]
        assert isinstance(planned, Restore)
        nearest = np.argsort(way_s, kind="stable").tolist()

        def best(begun: int, share_kg: Mapping[str, int]) -> tuple[int, int, int, int] | None:
            # without a queue a visit takes way_s; once that is too long, no further one is better
            found = plan(planned.option, begun, {}) if workload.room_kg else None
            if found is not None:
                found = (found[0] - DIVERT_S, *found[1:])
            for option in nearest:
                if found is not None and begun + int(way_s[option]) > found[0]:
                    break
                here = plan(int(option), begun, share_kg)
                found = min((one for one in (found, here) if one is not None), default=None)
            return found

        # A load goes where the search sent it, which knows the stations' shares, but for long
        # queues; then where there is a share left; else anywhere.
        for share_kg in (workload.room_kg, {}) if workload.room_kg else ({},):
            begun = self.clock
            found = best(begun, share_kg)
            if found is not None:
                rested = self.rested_by(found[3] + workload.visits[found[1]].fill_s)
                if rested > begun:
                    begun = rested
                    found = best(begun, share_kg)
            if found is None:
                continue
            _, option, dump, fill = found
            visit = workload.visits[option]
            done = fill + visit.fill_s
            if self.home_by(done, int(out[option]), begun, loaded=False) <= self.limit_s:
                break
        else:
            return False
        self.rest_until(begun)
        self.travel(int(into[option]))
        if visit.dump:
            self.spend("wait", dump - self.clock)
            booked.book(visit.dump, self.clock, self.clock + visit.dump_s)
            self.spend("unload" if workload.loaded else "dump", visit.dump_s, visit.dump)
            if aboard_kg:
                booked.bring(load, visit.dump, self.clock)
            self.travel(int(out[option]))
        self.spend("wait", fill - self.clock)
        booked.book(visit.fill, self.clock, self.clock + visit.fill_s)
        self.spend("fill", visit.fill_s, visit.fill)
        self.aboard = []
        self.empty = len(self.events), self.clock, self.at, self.rested_s
        return True

    def visit_lighter(self, booked: Bookings) -> bool:
        """Do a trip again without its last duties, as few of them as let its load be let off."""
        trip = [*self.aboard]
        for kept in range(len(trip) - 1, 0, -1):
            self.rewind()
            for task in trip[:kept]:
                self.serve(task, self.mode_of[task])
            if self.visit(booked):
                self.left += trip[kept:]
                return True
        self.aboard = trip
        return False

    def rewind(self) -> None:
        """Back to when nothing was on board."""
        count, self.clock, self.at, self.rested_s = self.empty
        del self.events[count:]
        self.aboard = []

    def give_up(self) -> None:
        """Leave what can't be done any more: all that follows, and a load that can't be let off."""
        later = self.route.steps[self.step :]
        self.left += [step.task for step in later if isinstance(step, Serve)]
        if self.workload.loaded:
            self.left += self.aboard
            self.rewind()

    def drive(self, booked: Bookings) -> Iterator[int]:
        """Drive to the end; before every visit yield the time, so that others may go first."""
        for number, step in enumerate(self.route.steps):
            self.step = number
            match step:
                case Serve(task, mode):
                    self.serve(task, mode)
                case Restore():
                    yield self.clock
                    if not self.visit(booked) and not self.visit_lighter(booked):
                        self.give_up()
                        break
        self.rest_until(self.rested_by(self.clock + self.way_s(self.home)))
        self.travel(self.home, "return")
        if self.left and not self.workload.visits and not self.restless:
            # An early rest may make a later one necessary at a worse time.
            other = Truck(self.workload, self.route, self.start_s, restless=True)
            deque(other.drive(booked), maxlen=0)
            if len(other.left) < len(self.left):
                self.events, self.left = other.events, other.left

    def timeline(self) -> Timeline:
        return Timeline(self.route, self.start_s, tuple(self.events), tuple(self.left))


def first_start(windows: Sequence[tuple[int, int]], ready_s: int, took_s: int) -> int | None:
    """Earliest start at or after ``ready_s`` that lies, with its end, inside one window."""
    for low, high in windows:
        begin = ready_s if ready_s > low else low
        if begin + took_s <= high:
            return begin
    return None


def drive_alone(workload: Workload, route: Route, start_s: int) -> Timeline:
    """A run as if it had every facility to itself."""
    return drive_all([(workload, route, start_s)], None)[0]


def drive_all(
    runs: Sequence[tuple[Workload, Route, int]], limits: Facilities | None
) -> tuple[Timeline, ...]:
    """Drive all runs, each from its departure on, with the limits of every facility kept."""
    booked = Bookings(limits)
    trucks = [Truck(*run) for run in runs]
    ways = [truck.drive(booked) for truck in trucks]
    queue = [(start, index) for index, (_, _, start) in enumerate(runs)]
    heapq.heapify(queue)
    while queue:
        _, index = heapq.heappop(queue)
        ready = next(ways[index], None)
        if ready is not None:
            heapq.heappush(queue, (ready, index))
    return tuple(truck.timeline() for truck in trucks)


def unloadings(workload: Workload, line: Timeline) -> Iterator[tuple[str, int, int]]:
    """Every load that is let off: (facility, second from when on it is there, kilograms)."""
    load_kg = 0
    for event in line.events:
        if event.kind == "service":
            load_kg += workload.duties[event.task].load_kg
        elif event.kind == "unload" and load_kg:
            yield event.facility, event.end_s, load_kg
            load_kg = 0


def uses(line: Timeline) -> Iterator[tuple[str, int, int]]:
    """Every stay at a facility: (facility, start_s, end_s)."""
    for event in line.events:
        if event.facility:
            yield event.facility, event.start_s, event.end_s
