"""PyVRP on a shift of trucks (shifts.py). It is no dependency of the project; see versus.py.

Every task is an optional client whose prize is what leaving it out costs; fill points and stations
are reload depots with their hours. Types of trucks that may not come to a task have a matrix of
their own in which it is out of reach. PyVRP knows no visit that is required before the end, so
where one is, the way home leads by the facility that makes it shortest: exact but for its hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from routes.problem import RoutingProblem
from routes.solution import Restore, Route, Serve, Solution

_FAR_S = 1 << 24


def by_pyvrp(problem: RoutingProblem, seconds: float, seed: int) -> Solution | None:
    """The routes of PyVRP's best plan, or None if it finds no feasible one.

    Raises:
        ValueError: a task has several modes or windows, or takes longer by one type of truck than
            by another.
    """
    import pyvrp
    from pyvrp.stop import MaxRuntime

    _check(problem)
    tasks, options = problem.tasks, len(problem.restore_in)
    homes = sorted(set(problem.start_place.tolist()))
    entry = np.concatenate([problem.mode_entry, problem.restore_in, homes, homes])
    leave = np.concatenate([problem.mode_exit, problem.restore_out, homes, homes])
    time_s = problem.time_s[np.ix_(leave, entry)].astype(np.int64)
    ends = slice(len(time_s) - len(homes), None)
    home_by = _lead_home(problem, homes)
    if problem.must_end_restored:
        for k, home in enumerate(homes):
            time_s[:tasks, tasks + options + len(homes) + k] = _home_s(problem, home).min(axis=1)
    time_s[ends, :] = _FAR_S
    time_s[:, ends] = np.where(
        np.arange(len(time_s))[:, None] < tasks + options, time_s[:, ends], 0
    )
    np.fill_diagonal(time_s, 0)
    clients = [
        pyvrp.Client(
            task,
            problem.demand[task].tolist(),
            service_duration=int(problem.service_s[task, 0]),
            tw_early=int(problem.window_s[task, 0, 0]),
            tw_late=int(problem.window_s[task, 0, 1] - problem.service_s[task, 0]),
            prize=int(problem.drop_cost[task]),
            required=False,
        )
        for task in range(tasks)
    ]
    depots = [pyvrp.Depot(tasks + options + k) for k in range(2 * len(homes))]
    depots += [_reload(pyvrp, problem, option) for option in range(options)]
    slots = _alike(problem)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * len(time_s),
        clients=clients,
        depots=depots,
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=len(mates),
                capacity=problem.capacity[mates[0]].tolist(),
                start_depot=homes.index(int(problem.start_place[mates[0]])),
                end_depot=len(homes) + homes.index(int(problem.end_place[mates[0]])),
                fixed_cost=int(problem.fixed_cost[mates[0]]),
                tw_early=int(problem.shift_s[mates[0], 0]),
                tw_late=int(problem.shift_s[mates[0], 1]),
                shift_duration=int(problem.max_s[mates[0]]),
                unit_distance_cost=0,
                unit_duration_cost=1,
                profile=int(problem.vehicle_type[mates[0]]),
                reload_depots=list(range(2 * len(homes), len(depots))),
            )
            for mates in slots
        ],
        distance_matrices=[np.zeros_like(time_s)] * problem.allowed.shape[1],
        duration_matrices=[
            _out_of_reach(time_s, problem.allowed[:, kind])
            for kind in range(problem.allowed.shape[1])
        ],
    )
    result = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    if not result.is_feasible():
        return None

    def steps(route: pyvrp.Route) -> Iterator[Serve | Restore]:
        last = -1
        for visit in route.schedule()[1:-1]:
            last = -1 if visit.is_depot() else visit.idx
            yield Restore(visit.idx - 2 * len(homes)) if last < 0 else Serve(last, last)
        if problem.must_end_restored and last >= 0:
            home = homes.index(int(problem.end_place[slots[route.vehicle_type()][0]]))
            yield Restore(int(home_by[home][last]))

    free = [iter(mates) for mates in slots]
    routes = tuple(
        Route(next(free[route.vehicle_type()]), int(route.start_time()), tuple(steps(route)))
        for route in result.best.routes()
    )
    served = {step.task for route in routes for step in route.steps if isinstance(step, Serve)}
    left = tuple(task for task in range(tasks) if task not in served)
    return Solution(tuple(sorted(routes, key=lambda route: route.vehicle)), left)


def _check(problem: RoutingProblem) -> None:
    """Raise what the docstring of by_pyvrp says."""
    if len(problem.mode_entry) != problem.tasks or problem.window_s.shape[1] != 1:
        raise ValueError("a task has several modes or windows")
    if np.ptp(problem.service_s, axis=1).any():
        raise ValueError("service takes longer by one type of truck than by another")


def _home_s(problem: RoutingProblem, home: int) -> NDArray[np.int64]:
    """(N, K) seconds from the end of each task to a home by way of each facility."""
    after = problem.restore_s + problem.time_s[problem.restore_out, home]
    found: NDArray[np.int64] = (
        problem.time_s[np.ix_(problem.mode_exit, problem.restore_in)].astype(np.int64) + after
    )
    return found


def _lead_home(problem: RoutingProblem, homes: list[int]) -> list[NDArray[np.intp]]:
    """For each home the facility on the way there from each task; nothing where none is needed."""
    if not problem.must_end_restored:
        return []
    return [_home_s(problem, home).argmin(axis=1) for home in homes]


def _reload(pyvrp, problem: RoutingProblem, option: int):  # type: ignore[no-untyped-def]
    """A facility as a reload depot; a visit starts and ends in its hours."""
    hours = {}
    if problem.restore_window_s is not None:
        opens, closes = problem.restore_window_s[option].tolist()
        hours = {"tw_early": opens, "tw_late": closes - int(problem.restore_s[option])}
    return pyvrp.Depot(
        problem.tasks + option, service_duration=int(problem.restore_s[option]), **hours
    )


def _alike(problem: RoutingProblem) -> list[list[int]]:
    """Slots of trucks that differ in nothing."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for v in range(problem.vehicles):
        places = int(problem.start_place[v]), int(problem.end_place[v])
        times = *problem.shift_s[v].tolist(), int(problem.max_s[v]), int(problem.fixed_cost[v])
        kind = int(problem.vehicle_type[v])
        groups[kind, *places, *times, *problem.capacity[v].tolist()].append(v)
    return list(groups.values())


def _out_of_reach(time_s: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The matrix of a type of truck: tasks that it may not serve are too far away."""
    if allowed.all():
        return time_s
    mine = time_s.copy()
    mine[:, : len(allowed)][:, ~allowed] = _FAR_S
    np.fill_diagonal(mine, 0)
    return mine
