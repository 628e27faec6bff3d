"""Fewest vehicles first, then cost.

A search that counts costs alone rarely empties a route: strings of ten tasks leave most of it
where it is, and half-empty routes cost as much as before. So vehicles are given up one at a time,
as in the fleet minimisation of Christiaens & Vanden Berghe (Transportation Science 54(2), 2020,
doi 10.1287/trsc.2019.0914): the tasks of a route are left out, the others may be exchanged for
them, and a task is the dearer to leave out the more often it was. The search that follows keeps
the vehicles that are left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from routes.bounds import vehicle_bound
from routes.problem import RoutingProblem
from routes.solution import Route, Serve, Solution, evaluate
from routes.solve import Result, solve
from routes.stop import FirstOf, MaxIterations, Progress, Stop, Stopwatch

WITH_ALL = 0.1  # share of the search before the first vehicle is given up
GIVING_UP = 0.35  # share after which no vehicle is given up any more
LOOK_AFTER = 40  # iterations for each task between two changes of what tasks cost to leave out
HEAT = 0.3  # of the searches that give up a vehicle; see solve(heat=)
HEAT_AFTER = 3.0  # of the search that follows
DEAR = 2  # a task costs so many times its share of a route to leave out, at first
MOST_DEAR = 1 << 16  # by how much that may grow; it doubles when the task was left out
_OF_VEHICLES = (
    "vehicle_type", "start_place", "end_place", "shift_s", "max_s", "capacity", "fixed_cost",
    "target_s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of a longer search: the whole's fraction `since` is its beginning, `until` its end."""

    whole: Stop
    iterations: int
    since: float
    until: float

    @property
    def reason(self) -> str:
        return self.whole.reason

    def __call__(self, progress: Progress) -> float:
        done = replace(progress, iterations=self.iterations + progress.iterations)
        part = (self.whole(done) - self.since) / (self.until - self.since)
        return min(1.0, max(0.0, part))


class _Run:
    """The searches of one run, one after the other, under one stop rule."""

    def __init__(
        self, stop: Stop, lanes: int, threads: int, on_progress: Callable[[Progress], None] | None
    ) -> None:
        self.fraction = 0.0
        self.iterations = 0
        self._stop, self._lanes, self._threads = stop, lanes, threads
        self._on_progress = on_progress

    def search(
        self,
        problem: RoutingProblem,
        seed: int,
        until: float,
        start: Solution | None = None,
        heat: float | None = None,
        most: int | None = None,
    ) -> Result:
        """Search until the fraction `until` of the run, or for `most` iterations."""
        share = _Share(self._stop, self.iterations, self.fraction, until)
        rule: Stop = share if most is None else FirstOf(MaxIterations(most), share)
        last = Progress(0, 0, 0, 0)

        def told(progress: Progress) -> None:
            nonlocal last
            last = replace(progress, iterations=self.iterations + progress.iterations)
            if self._on_progress and most is None:
                whole = self.fraction + progress.fraction * (until - self.fraction)
                self._on_progress(replace(last, fraction=whole))

        result = solve(
            problem, rule, seed, start=start, heat=heat, on_progress=told,
            lanes=self._lanes, threads=self._threads,
        )  # fmt: skip
        self.iterations += result.iterations
        self.fraction = min(1.0, self._stop(replace(last, iterations=max(1, self.iterations))))
        return result


def solve_fewest(
    problem: RoutingProblem,
    stop: Stop,
    seed: int = 0,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    lanes: int = 1,
    threads: int = 1,
) -> Result:
    """Search for a solution of least cost among those with the fewest vehicles that are found.

    Arguments, result and errors are those of routes.solve.solve. Leaving a task out still costs
    its drop_cost: no vehicle is given up for which a task would have to be.
    """
    watch = Stopwatch()
    run = _Run(stop, lanes, threads, on_progress)
    result = run.search(problem, seed, WITH_ALL)
    best = result.solution
    if not best.dropped:
        least = vehicle_bound(problem)
        while len(best.routes) > least and run.fraction < GIVING_UP:
            fewer = _give_up_one(problem, best, result.cost, run, seed)
            if fewer is None:
                break
            best = fewer
    kept = np.arange(problem.vehicles)
    if not best.dropped:
        kept = np.array([route.vehicle for route in best.routes], np.int64)
    if run.fraction < 1 and best.routes:
        small = _with_vehicles(problem, kept)
        result = run.search(small, seed, 1.0, _renumbered(best, _places_in(kept)), HEAT_AFTER)
        best = _renumbered(result.solution, dict(enumerate(kept.tolist())))
    cost = evaluate(problem, best).cost
    return Result(best, cost, run.iterations, stop.reason, watch.seconds)


def _give_up_one(
    problem: RoutingProblem, best: Solution, cost: int, run: _Run, seed: int
) -> Solution | None:
    """A solution with one vehicle less, or None if none was found in time."""
    dearer = np.ones(problem.tasks, np.int64)
    price = max(1, DEAR * cost // max(1, problem.tasks))
    demand = problem.demand.sum(axis=1)
    free = [r for r in best.routes if all(problem.pinned[t] < 0 for t in _tasks(r))]
    if not free:
        return None
    # the route that is easiest to place elsewhere
    victim = min(free, key=lambda r: (sum(int(demand[t]) for t in _tasks(r)), r.vehicle))
    kept = np.array([r.vehicle for r in best.routes if r is not victim], np.int64)
    small = _with_vehicles(problem, kept)
    routes = tuple(route for route in best.routes if route is not victim)
    now = _renumbered(Solution(routes, tuple(sorted(_tasks(victim)))), _places_in(kept))
    for turn in count():
        dear = replace(small, drop_cost=price * dearer)
        most = LOOK_AFTER * problem.tasks
        result = run.search(dear, seed + turn, GIVING_UP, now, HEAT, most)
        now = result.solution
        if not now.dropped:
            return _renumbered(now, dict(enumerate(kept.tolist())))
        if run.fraction >= GIVING_UP:
            return None
        dearer[list(now.dropped)] = np.minimum(2 * dearer[list(now.dropped)], MOST_DEAR)
    raise AssertionError("count() does not end")


def _tasks(route: Route) -> list[int]:
    return [step.task for step in route.steps if isinstance(step, Serve)]


def _places_in(kept: NDArray[np.int64]) -> dict[int, int]:
    return {vehicle: place for place, vehicle in enumerate(kept.tolist())}


def _renumbered(solution: Solution, number: dict[int, int]) -> Solution:
    """The solution with other numbers for its vehicles."""
    routes = (replace(route, vehicle=number[route.vehicle]) for route in solution.routes)
    return replace(solution, routes=tuple(sorted(routes, key=lambda route: route.vehicle)))


def _with_vehicles(problem: RoutingProblem, kept: NDArray[np.int64]) -> RoutingProblem:
    """The problem with these vehicles alone. No task may be pinned to another one."""
    most = None if problem.most is None else problem.most[kept]
    place = np.full(problem.vehicles + 1, -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    return replace(
        problem,
        **{name: getattr(problem, name)[kept] for name in _OF_VEHICLES},
        most=most,
        pinned=place[problem.pinned],
        preferred=place[problem.preferred],
    )
