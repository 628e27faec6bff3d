"""An instance of streets as a problem of nodes, for solvers that know no streets, and back.

Every way to serve a task (an edge has two) is a node of its own; of a task's nodes one is to be
visited. The cost from node to node is that of the way between, and of the service or the dump
that it leads to. Routes run from node START to node END. Where there are facilities, the way from
a task to END leads by the facility that makes it shortest, its dump included: so vehicles come
home empty. This is exact: any plan of streets is a plan of nodes of the same cost, and the
cheapest one back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from routes.instances import Instance, SolutionRoutes, SolutionStep, routing_problem

START, END, FIRST = 0, 1, 2


@dataclass(frozen=True, eq=False)
class NodeModel:
    """N nodes: START, END, M tasks' ways from FIRST on, then F facilities.

    cost: (N, N) from node to node; demand: (M,); tasks: the nodes of each task, one or two.
    home_by: (M,) the facility (0 to F-1) on the way of each task's node to END; -1 for none.
    vehicles: so many there are; fixed: cost of one that is used; limit: of the cost of a route,
    None for none; dumps: visits to facilities that are enough for all demand.
    """

    instance: Instance
    cost: NDArray[np.int64]
    demand: NDArray[np.int64]
    tasks: tuple[tuple[int, ...], ...]
    home_by: NDArray[np.int64]
    facilities: int
    vehicles: int
    capacity: int
    fixed: int
    limit: int | None
    dumps: int

    @property
    def first_facility(self) -> int:
        return FIRST + len(self.demand)


def node_model(instance: Instance) -> NodeModel:
    """The model of an instance of streets.

    Raises:
        ValueError: the instance has stops. Their lunch and their daily caps beside a tank that is
            emptied on the way are beyond the models in rivals.py.
    """
    if instance.day:
        raise ValueError(f"{instance.name} has stops with lunches, which the others cannot express")
    problem = routing_problem(instance)
    task_of = np.repeat(np.arange(problem.tasks), np.diff(problem.mode_first))
    depot = np.array([instance.depot, instance.depot])
    entry = np.concatenate([depot, problem.mode_entry, problem.restore_in])
    leave = np.concatenate([depot, problem.mode_exit, problem.restore_out])
    service = problem.service_s[:, 0]
    due = np.concatenate([[0, 0], service, problem.restore_s]).astype(np.int64)
    cost = problem.time_s[np.ix_(leave, entry)].astype(np.int64) + due
    modes, facilities = len(task_of), len(instance.facilities)
    home_by = np.full(modes, -1, np.int64)
    if facilities:
        sites = slice(FIRST + modes, None)
        by = cost[FIRST : FIRST + modes, sites] + cost[sites, END]
        home_by = by.argmin(axis=1)
        cost[FIRST : FIRST + modes, END] = by.min(axis=1)
    cost[START, END] = 0
    np.fill_diagonal(cost, 0)
    demand = problem.demand[:, 0].astype(np.int64)
    first = (problem.mode_first + FIRST).tolist()
    return NodeModel(
        instance=instance,
        cost=cost,
        demand=demand[task_of],
        tasks=tuple(tuple(range(a, b)) for a, b in pairwise(first)),
        home_by=home_by,
        facilities=facilities,
        vehicles=problem.vehicles,
        capacity=instance.capacity,
        fixed=int(problem.fixed_cost[0]),
        limit=instance.max_trip,
        dumps=-(-int(demand.sum()) // instance.capacity),
    )


def to_streets(model: NodeModel, routes: Sequence[Sequence[int]]) -> SolutionRoutes:
    """Routes of nodes, without START and END, as routes of a solution file.

    Left out are routes that serve nothing, and visits to a facility where the vehicle already is:
    in the model they cost nothing, as the others want no cost from a node to itself.
    """
    instance = model.instance
    ways: list[tuple[str | int, ...]] = []
    for task, street in enumerate(instance.required):
        a, b = instance.nodes[street.a], instance.nodes[street.b]
        ways.append(("service", a, b, task))
        if len(model.tasks[task]) == 2:
            ways.append(("service", b, a, task))

    def facility(number: int) -> SolutionStep:
        return ("facility", instance.nodes[instance.facilities[number]])

    driven: list[tuple[SolutionStep, ...]] = []
    for route in routes:
        steps: list[SolutionStep] = []
        for node, _ in groupby(route):
            at_site = node >= model.first_facility
            steps.append(facility(node - model.first_facility) if at_site else ways[node - FIRST])
        if not any(node < model.first_facility for node in route):
            continue
        last = route[-1]
        if model.facilities and last < model.first_facility:
            steps.append(facility(int(model.home_by[last - FIRST])))
        driven.append(tuple(steps))
    return tuple(driven)
