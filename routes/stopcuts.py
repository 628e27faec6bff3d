"""A lower bound of the miles of a waste-collection instance, by the cutting planes of cuts.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from routes.cuts import Relaxation
from routes.instance_model import Instance
from routes.streetgraph import Bools, Floats, Ints, StreetGraph

_FEET_A_MILE = 5280
_UNITS_A_FOOT = 100
_NEAR = 6
_PASSES = 6
_ROUNDS = (2, 8)  # in each pass, at least and at most
_WORK = 4_000  # rounds times places
_TOLERANCE = 1e-7


def miles_bound(instance: Instance) -> float:
    """A lower bound of the miles driven, over any number of vehicles.

    Every stop is a loop to serve, and between all places there are ways of their Manhattan
    distance. The linear program of cuts.Relaxation begins with the ways between neighbours; ways
    that its duals show to be missing are added a few times. What a plan could still gain on
    missing ways is taken off the bound, which makes it valid for all of them.

    Relaxed beside what cuts.cost_bound relaxes: windows, lunch, opening hours of landfills.

    Raises:
        ValueError: the instance has streets.
    """
    from scipy.sparse.csgraph import minimum_spanning_tree

    if instance.day is None:
        raise ValueError(f"{instance.name} has no stops")
    where = np.array([[site.x_ft, site.y_ft] for site in instance.sites])
    place, node = np.unique(where, axis=0, return_inverse=True)
    node = node.reshape(-1)
    # whole units below the distance keep costs exact and the bound valid
    feet = np.abs(place[:, None] - place).sum(axis=2)
    cost = np.floor(feet * _UNITS_A_FOOT).astype(np.int64)
    stops = node[list(instance.stops)]
    load = np.array([instance.sites[stop].load for stop in instance.stops], np.int64)
    routes = max(1, -(-int(load.sum()) // instance.day.load), -(-len(stops) // instance.day.stops))
    joined = minimum_spanning_tree(feet).toarray() > 0
    near = np.argsort(cost, axis=1, kind="stable")[:, 1 : _NEAR + 1]
    joined[np.arange(len(place))[:, None], near] = True
    others = np.unique(node[[instance.depot, *instance.facilities]])
    joined[np.ix_(others, others)] = True
    np.fill_diagonal(joined, False)
    graph = StreetGraph(
        nodes=len(place),
        tail=np.zeros(0, np.int64),
        head=np.zeros(0, np.int64),
        cost=np.zeros(0, np.int64),
        required_a=stops,
        required_b=stops,
        both_ways=np.ones(len(stops), bool),
        service=np.zeros(len(stops), np.int64),
        demand=load,
        depot=int(node[instance.depot]),
        facilities=tuple(int(v) for v in np.unique(node[list(instance.facilities)])),
        capacity=min(instance.capacity, instance.day.load),
        least_routes=routes,
    )
    best, begun = 0.0, None
    for _ in range(_PASSES):
        relaxation = Relaxation(_with_ways(graph, joined, cost), begun)
        relaxation.tighten(int(np.clip(_WORK // graph.nodes, *_ROUNDS)))
        sets, weight, _ = relaxation.weighed_sets()
        begun = np.concatenate([np.eye(graph.nodes, dtype=bool), sets])
        missing = (_worth(sets, weight) - cost).clip(min=0.0)
        best = max(best, relaxation.value() - _repair(missing, stops, graph))
        missing[joined | joined.T] = 0
        worst = np.argsort(-missing, axis=None, kind="stable")[: 2 * len(place)]
        worst = worst[missing.flat[worst] > 0.5]
        if not len(worst):
            break
        joined.flat[worst] = True
    return best * (1 - _TOLERANCE) / (_FEET_A_MILE * _UNITS_A_FOOT)


def _with_ways(graph: StreetGraph, joined: Bools, cost: Ints) -> StreetGraph:
    tail, head = np.nonzero(joined | joined.T)
    return replace(graph, tail=tail, head=head, cost=cost[tail, head])


def _worth(sets: Bools, weight: Floats) -> Floats:
    """(n, n) the duals of all sets that hold one of the two nodes."""
    inside = sets.astype(float)
    total = weight @ inside
    worth: Floats = total[:, None] + total - 2 * (inside.T * weight) @ inside
    return worth


def _repair(missing: Floats, stops: Ints, graph: StreetGraph) -> float:
    """What a plan can gain at most on ways whose duals exceed their cost.

    Each stop has two legs; one between two stops is shared. Ways between the depot and the sites
    are all in the program.
    """
    others = np.zeros(graph.nodes, bool)
    others[[graph.depot, *graph.sites]] = True
    at_stop = np.maximum(
        missing[:, ~others].max(axis=1, initial=0.0), 2 * missing[:, others].max(axis=1)
    )
    return float(at_stop[stops].sum())
