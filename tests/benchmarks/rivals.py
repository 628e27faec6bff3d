"""PyVRP and OR-Tools on a NodeModel. Neither is a dependency of the project; see versus.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from nodes import END, FIRST, START, NodeModel

_MORE_DUMPS = 2  # nodes of each facility beyond what the demand needs


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes of nodes without START and END, and what the solver says they cost."""

    routes: list[list[int]]
    cost: int


def by_pyvrp(model: NodeModel, seconds: float, seed: int) -> Plan | None:
    """A plan, or None if no feasible one is found.

    The ways to serve an edge are clients of one mutually exclusive group; facilities are reload
    depots; the limit of a route is one of distance, which is its cost here.
    """
    import pyvrp
    from pyvrp.stop import MaxRuntime

    count = len(model.cost)
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    for task in model.tasks:
        group = None
        if len(task) > 1:
            group = len(groups)
            groups.append(pyvrp.ClientGroup([node - FIRST for node in task], required=True))
        for node in task:
            load = [int(model.demand[node - FIRST])]
            clients.append(pyvrp.Client(node, load, required=group is None, group=group))
    sites = range(model.first_facility, model.first_facility + model.facilities)
    limit = {} if model.limit is None else {"max_distance": model.limit}
    fleet = pyvrp.VehicleType(
        num_available=model.vehicles,
        capacity=[model.capacity],
        start_depot=START,
        end_depot=END,
        fixed_cost=model.fixed,
        reload_depots=list(range(END + 1, END + 1 + model.facilities)),
        **limit,
    )
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * count,
        clients=clients,
        depots=[pyvrp.Depot(location) for location in (START, END, *sites)],
        vehicle_types=[fleet],
        distance_matrices=[model.cost],
        duration_matrices=[np.zeros_like(model.cost)],
        groups=groups,
    )
    result = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    if not result.is_feasible():
        return None

    def nodes(route: pyvrp.Route) -> Iterator[int]:
        for visit in route.schedule()[1:-1]:
            depot, client = model.first_facility + visit.idx - END - 1, FIRST + visit.idx
            yield depot if visit.is_depot() else client

    return Plan([list(nodes(route)) for route in result.best.routes()], int(result.cost()))


def by_ortools(model: NodeModel, seconds: float) -> Plan | None:
    """A plan, or None if none is found. There is no seed.

    The ways to serve an edge are a disjunction; a visit to a facility is an optional node that
    takes the whole load off, several of each; the limit of a route is a dimension of its cost.
    Guided local search after the cheapest insertion, as OR-Tools' own guide has it.
    """
    from google.protobuf.duration_pb2 import Duration
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    copies = model.dumps + _MORE_DUMPS
    dumps = np.repeat(np.arange(model.facilities) + model.first_facility, copies)
    node_of = np.concatenate([np.arange(model.first_facility), dumps])
    load = np.concatenate([[0, 0], model.demand, np.full(len(dumps), -model.capacity)])
    fleet = model.vehicles
    index = pywrapcp.RoutingIndexManager(len(node_of), fleet, [START] * fleet, [END] * fleet)
    routing = pywrapcp.RoutingModel(index)
    cost = routing.RegisterTransitMatrix(model.cost[np.ix_(node_of, node_of)].tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(cost)
    routing.SetFixedCostOfAllVehicles(model.fixed)
    taken = routing.RegisterUnaryTransitVector(load.tolist())
    slack = model.capacity if model.facilities else 0
    routing.AddDimension(taken, slack, model.capacity, True, "load")
    if model.facilities:
        # only a dump may leave less than the whole capacity taken off
        tank = routing.GetDimensionOrDie("load")
        for node in range(FIRST, model.first_facility):
            tank.SlackVar(index.NodeToIndex(node)).SetValue(0)
        for node in range(model.first_facility, len(node_of)):
            routing.AddDisjunction([index.NodeToIndex(node)], 0)
    if model.limit is not None:
        routing.AddDimension(cost, 0, model.limit, True, "trip")
    for task in model.tasks:
        if len(task) > 1:
            routing.AddDisjunction([index.NodeToIndex(node) for node in task])
    rules = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    rules.first_solution_strategy = first
    guided = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    rules.local_search_metaheuristic = guided
    rules.time_limit.CopyFrom(Duration(nanos=round(seconds % 1 * 1e9), seconds=int(seconds)))
    plan = routing.SolveWithParameters(rules)
    if plan is None:
        return None

    def nodes(vehicle: int) -> Iterator[int]:
        at = plan.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(at):
            yield int(node_of[index.IndexToNode(at)])
            at = plan.Value(routing.NextVar(at))

    return Plan([list(nodes(vehicle)) for vehicle in range(fleet)], plan.ObjectiveValue())
