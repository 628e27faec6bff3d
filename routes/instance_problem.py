"""Instance -> RoutingProblem, and a solution of it -> the steps of a solution file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from routes.instance_model import DayRules, Instance, Site, SolutionRoutes, SolutionStep
from routes.problem import NO_LIMIT, RoutingProblem, Weights
from routes.solution import Rest, Serve, Solution, Step

TICKS_PER_S = 10  # time of a waste-collection problem: whole seconds would round much away
_APART = 10**9  # time between places without a way; no route that pays it can be the best
_FEET_A_MILE = 5280
_VEHICLE_FT = 10**8  # a vehicle costs more than any day of driving: vehicles first, then miles
_SPARE = 1.3  # slots of vehicles beyond what the demand needs
_SPARE_ROUTES = 5


def routing_problem(instance: Instance, vehicles: int | None = None) -> RoutingProblem:
    """The instance as the engine takes it.

    Streets: places are nodes, a second is a unit of cost, so that the cost of a solution is the
    published objective: service, travel and dumps. Stops: places are nodes, time is in tenths of
    a second, rounded up, and distance in feet; the cost is 1e8 a vehicle and 1 a foot. All rules
    of the day are in the problem, so what the engine finds is feasible for
    routes.referee.cost_of, too: the lunch, yards and stops a day, and the hours of landfills,
    which bind in 804_stop and 2100_stop. The lunch is begun where the vehicle is, not on
    arrival: a vehicle that could drive on until it begins waits instead.

    Args:
        instance: as read.
        vehicles: how many vehicles there are; by default as many as a good solution can need.

    Raises:
        ValueError: vehicles is below 1.
    """
    if vehicles is not None and vehicles < 1:
        raise ValueError(f"vehicles is {vehicles}, below 1")
    return _of_stops(instance, vehicles) if instance.day else _of_streets(instance, vehicles)


def _modes(instance: Instance) -> list[tuple[int, int, int]]:
    """(task, entry node, exit node) of every mode, in the order of the problem's modes."""
    if instance.day:
        return [(task, node, node) for task, node in enumerate(instance.stops)]
    modes = []
    for task, street in enumerate(instance.required):
        modes.append((task, street.a, street.b))
        if not street.oneway and street.a != street.b:
            modes.append((task, street.b, street.a))
    return modes


def _of_streets(instance: Instance, vehicles: int | None) -> RoutingProblem:
    time = _distances(instance)
    service = [street.service for street in instance.required]
    demand = np.array([[street.demand] for street in instance.required], np.int32)
    facilities = np.array(instance.facilities, np.int32)
    per_route = 0 if len(facilities) else instance.dump_cost
    far = int(time[time < _APART].max())
    # above the dearest insertion: there and back in a route of its own, with dumps
    drop = 10 * (4 * far + max(service) + 2 * instance.dump_cost + per_route + 1)
    if vehicles is None:
        vehicles = _enough(instance, int(demand.sum()), sum(service))
    return _problem(
        instance,
        vehicles=vehicles,
        time=time,
        dist=np.zeros_like(time),
        service=np.array([[service[task]] for task, *_ in _modes(instance)], np.int32),
        demand=demand,
        windows=np.tile(np.array([[[0, NO_LIMIT]]], np.int64), (instance.tasks, 1, 1)),
        drop=drop,
        shift=(0, NO_LIMIT),
        max_s=NO_LIMIT if instance.max_trip is None else instance.max_trip,
        fixed=per_route,
        restore_s=np.full(len(facilities), instance.dump_cost, np.int32),
        capacity=[instance.capacity],
        weights=Weights(time=1, distance=0),
    )


def _of_stops(instance: Instance, vehicles: int | None) -> RoutingProblem:
    assert instance.day is not None
    x = np.array([site.x_ft for site in instance.sites])
    y = np.array([site.y_ft for site in instance.sites])
    feet = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    stops = [instance.sites[node] for node in instance.stops]
    depot = instance.sites[instance.depot]
    load = sum(stop.load for stop in stops)
    if vehicles is None:
        vehicles = _with_spare(load / min(instance.day.load, instance.capacity), instance.tasks)
    demand = [[stop.load] for stop in stops]
    capacity = [instance.capacity]
    if _stops_count(instance, instance.day):
        demand = [[stop.load, 1] for stop in stops]
        capacity = [instance.capacity, instance.tasks]
    most = [instance.day.load, instance.day.stops][: len(capacity)]
    problem = _problem(
        instance,
        vehicles=vehicles,
        time=np.ceil(feet / instance.day.speed_ft_s * TICKS_PER_S).astype(np.int32),
        dist=np.rint(feet).astype(np.int32),
        service=np.array([[stop.service_s * TICKS_PER_S] for stop in stops], np.int32),
        demand=np.array(demand, np.int32),
        windows=_open(stops)[:, None, :],
        drop=100 * _VEHICLE_FT,
        shift=(depot.opens_s * TICKS_PER_S, depot.closes_s * TICKS_PER_S),
        max_s=NO_LIMIT,
        fixed=_VEHICLE_FT,
        restore_s=np.array(
            [instance.sites[f].service_s * TICKS_PER_S for f in instance.facilities], np.int32
        ),
        capacity=capacity,
        weights=Weights(time=0, distance=1),
    )
    return replace(
        problem,
        rest_s=instance.day.lunch_s * TICKS_PER_S,
        most=np.tile(np.array(most, np.int64), (vehicles, 1)),
        restore_window_s=_open([instance.sites[f] for f in instance.facilities]),
        rest_within_s=(
            instance.day.lunch_from_s * TICKS_PER_S,
            instance.day.lunch_to_s * TICKS_PER_S,
        ),
    )


def _stops_count(instance: Instance, day: DayRules) -> bool:
    """Whether stops are a resource of their own.

    They are where a vehicle may have one too many: where neither yards nor the time of service
    end its day before. And where a stop has no load: after that one, too, the way home leads
    through a landfill.
    """
    stops = [instance.sites[node] for node in instance.stops]
    if min(stop.load for stop in stops) == 0:
        return True
    if len(stops) <= day.stops:
        return False
    too_many = day.stops + 1
    depot = instance.sites[instance.depot]
    service = sum(sorted(stop.service_s for stop in stops)[:too_many])
    load = sum(sorted(stop.load for stop in stops)[:too_many])
    return load <= day.load and service + day.lunch_s <= depot.closes_s - depot.opens_s


def _open(sites: Sequence[Site]) -> NDArray[np.int64]:
    """(sites, 2) when service may go on, in ticks: it may begin as the site closes."""
    hours = [[site.opens_s, site.closes_s + site.service_s] for site in sites]
    return np.array(hours, np.int64) * TICKS_PER_S


def _problem(
    instance: Instance,
    *,
    vehicles: int,
    time: NDArray[np.int32],
    dist: NDArray[np.int32],
    service: NDArray[np.int32],
    demand: NDArray[np.int32],
    windows: NDArray[np.int64],
    drop: int,
    shift: tuple[int, int],
    max_s: int,
    fixed: int,
    restore_s: NDArray[np.int32],
    capacity: list[int],
    weights: Weights,
) -> RoutingProblem:
    """What all sets have in common: identical vehicles, no wishes."""
    modes = np.array(_modes(instance), np.int32)
    facilities = np.array(instance.facilities, np.int32)
    counts = np.bincount(modes[:, 0], minlength=instance.tasks)
    nobody = np.full(instance.tasks, -1, np.int32)
    depot = np.full(vehicles, instance.depot, np.int32)
    none = np.zeros(len(facilities), np.int32)
    return RoutingProblem(
        time_s=time,
        dist_m=dist,
        mode_first=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        mode_entry=modes[:, 1],
        mode_exit=modes[:, 2],
        service_s=service,
        service_m=np.zeros(len(modes), np.int32),
        demand=demand,
        window_s=windows,
        drop_cost=np.full(instance.tasks, drop, np.int64),
        group=nobody,
        allowed=np.ones((instance.tasks, 1), np.bool_),
        pinned=nobody,
        preferred=nobody,
        vehicle_type=np.zeros(vehicles, np.int32),
        start_place=depot,
        end_place=depot,
        shift_s=np.tile(np.array([shift], np.int64), (vehicles, 1)),
        max_s=np.full(vehicles, max_s, np.int64),
        capacity=np.tile(np.array(capacity, np.int32), (vehicles, 1)),
        fixed_cost=np.full(vehicles, fixed, np.int64),
        target_s=np.tile(np.array([[0, NO_LIMIT]], np.int64), (vehicles, 1)),
        restore_in=facilities,
        restore_out=facilities,
        restore_s=restore_s,
        restore_m=none,
        restore_cost=none.astype(np.int64),
        must_end_restored=bool(len(facilities)),
        weights=weights,
    )


def _enough(instance: Instance, demand: int, service: int) -> int:
    """Slots for a free fleet: what tanks or trips need with half of a trip spent on the way."""
    if instance.max_trip is None:
        return _with_spare(demand / instance.capacity, instance.tasks)
    dumps = instance.dump_cost * math.ceil(demand / instance.capacity)
    return _with_spare(2 * (service + dumps) / instance.max_trip, instance.tasks)


def _with_spare(vehicles: float, tasks: int) -> int:
    return max(1, min(tasks, math.ceil(vehicles * _SPARE) + _SPARE_ROUTES))


def _distances(instance: Instance) -> NDArray[np.int32]:
    """(nodes, nodes) travel cost between all nodes, along the streets in their directions."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    shortest: dict[tuple[int, int], int] = {}
    for s in (*instance.required, *instance.links):
        for way in ((s.a, s.b),) if s.oneway else ((s.a, s.b), (s.b, s.a)):
            if s.a != s.b:
                shortest[way] = min(s.travel, shortest.get(way, s.travel))
    ways = np.array(list(shortest), np.int64).reshape(-1, 2)
    count = len(instance.nodes)
    costs = np.array(list(shortest.values()), np.float64)
    graph = csr_matrix((costs, (ways[:, 0], ways[:, 1])), shape=(count, count))
    found = dijkstra(graph)
    return np.where(np.isfinite(found), found, _APART).astype(np.int32)


def objective_of(instance: Instance, cost: int, routes: int) -> int | float:
    """The published objective that a cost of the engine stands for, when nothing is left out.

    Miles for stops, where each leg of a route may be half a foot off; exact for streets.
    """
    return (cost - routes * _VEHICLE_FT) / _FEET_A_MILE if instance.day else cost


def to_routes(instance: Instance, solution: Solution) -> SolutionRoutes:
    """A solution of routing_problem(instance) as the routes of a solution file.

    A served street is ("service", a, b), with its place in the file as fourth element where
    another required street runs from a to b too; then ("facility", f), ("stop", id), ("lunch",).
    """
    modes = _modes(instance)
    twins: dict[tuple[int, int], int] = {}
    for _, a, b in modes:
        twins[a, b] = twins.get((a, b), 0) + 1

    def written(step: Step) -> SolutionStep:
        if isinstance(step, Rest):
            return ("lunch",)
        if not isinstance(step, Serve):
            return ("facility", instance.nodes[instance.facilities[step.option]])
        task, a, b = modes[step.mode]
        if instance.day:
            return ("stop", instance.nodes[a])
        names = ("service", instance.nodes[a], instance.nodes[b])
        return names if twins[a, b] == 1 else (*names, task)

    return tuple(tuple(written(step) for step in route.steps) for route in solution.routes)
