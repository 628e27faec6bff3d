"""Arc routing on its own graph, as the bounds of cuts.py see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.instance_model import Instance
from routes.problem import NO_LIMIT

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """An arc routing problem on its own graph. n nodes, A arcs, R required streets.

    Costs are integers in one unit, that of the instance. A street may be driven without work at
    the cost of its arcs, any number of times; an edge is two arcs.

    tail, head, cost: (A,) arcs. Parallel arcs and loops are allowed.
    required_a, required_b: (R,) ends; both_ways: (R,) may be served from either end.
    service: (R,) cost of serving, the drive along the street included; demand: (R,).
    depot: the node where every route begins and ends.
    facilities: nodes where a vehicle is unloaded, once more before it comes home if it served any
        demand since; none: at the depot, at the end of each route.
    capacity: what a vehicle holds between two unloadings; unload_cost: the cost of each.
    max_trip: limit of a route's cost, all of the above included; NO_LIMIT for none.
    least_routes: so many routes at least there are in any case.
    """

    nodes: int
    tail: Ints
    head: Ints
    cost: Ints
    required_a: Ints
    required_b: Ints
    both_ways: Bools
    service: Ints
    demand: Ints
    depot: int
    facilities: tuple[int, ...]
    capacity: int
    unload_cost: int = 0
    max_trip: int = NO_LIMIT
    least_routes: int = 1

    @cached_property
    def sites(self) -> list[int]:
        """The nodes where vehicles are unloaded."""
        return sorted(set(self.facilities)) or [self.depot]

    @cached_property
    def all_unload(self) -> bool:
        """Whether every route must unload, as every task has demand."""
        return bool((self.demand > 0).all())

    @cached_property
    def unloadings(self) -> int:
        """The least number of unloadings by the demand alone."""
        return -(-int(self.demand.sum()) // self.capacity) if self.demand.any() else 0

    @cached_property
    def ways(self) -> tuple[Floats, Floats, Floats]:
        """(n,) least cost from the depot, to the depot, and to the depot by way of a site.

        A street costs what is less, serving it or driving along; infinite where no way leads.
        """
        a, b, both = self.required_a, self.required_b, self.both_ways
        tail, head, cost = cheapest_arcs(
            np.concatenate([self.tail, a, b[both]]),
            np.concatenate([self.head, b, a[both]]),
            np.concatenate([self.cost, self.service, self.service[both]]),
        )
        there = sparse((cost.astype(float), (tail, head)), (self.nodes, self.nodes))
        out = _least_costs(there, [self.depot])[0]
        home = _least_costs(there.T, [self.depot])[0]
        to_site = _least_costs(there.T, self.sites)
        unloaded = (to_site + home[self.sites][:, None]).min(axis=0)
        return out, home, unloaded


def street_graph(instance: Instance) -> StreetGraph:
    """The graph of an instance of streets.

    Raises:
        ValueError: the instance has stops.
    """
    if instance.stops:
        raise ValueError(f"{instance.name} has stops, not streets")
    streets = (*instance.required, *instance.links)
    both = np.array([not street.oneway for street in streets], bool)
    a = np.array([street.a for street in streets], np.int64)
    b = np.array([street.b for street in streets], np.int64)
    cost = np.array([street.travel for street in streets], np.int64)
    required = slice(0, len(instance.required))
    return StreetGraph(
        nodes=len(instance.nodes),
        tail=np.concatenate([a, b[both]]),
        head=np.concatenate([b, a[both]]),
        cost=np.concatenate([cost, cost[both]]),
        required_a=a[required],
        required_b=b[required],
        both_ways=both[required],
        service=np.array([street.service for street in instance.required], np.int64),
        demand=np.array([street.demand for street in instance.required], np.int64),
        depot=instance.depot,
        facilities=instance.facilities,
        capacity=instance.capacity,
        unload_cost=instance.dump_cost,
        max_trip=NO_LIMIT if instance.max_trip is None else instance.max_trip,
    )


def sparse(entries: tuple[Floats, tuple[Ints, Ints]], shape: tuple[int, int]) -> Any:
    """A scipy csr_array of (values, (rows, columns))."""
    from scipy.sparse import csr_array

    return csr_array(entries, shape)


def _least_costs(ways: Any, starts: list[int]) -> Floats:
    """(K, n) the least cost from each of K starts to every node."""
    from scipy.sparse.csgraph import dijkstra

    costs: Floats = dijkstra(ways, indices=starts)
    return costs


def cheapest_arcs(tail: Ints, head: Ints, cost: Ints) -> tuple[Ints, Ints, Ints]:
    """The arcs without loops, of parallel ones the cheapest, sorted by ends."""
    order = np.lexsort((cost, head, tail))
    order = order[tail[order] != head[order]]
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    return tail[first], head[first], cost[first]


def simplified(graph: StreetGraph) -> StreetGraph:
    """The same problem without the nodes that only lead on.

    A node of at most three neighbours where nothing is served, no route begins and nothing is
    unloaded gives way to arcs between its neighbours; nodes no arc or task touches are dropped.
    Every shortest way keeps its cost, so the best cost is the same.
    """
    n = graph.nodes
    out: list[dict[int, int]] = [{} for _ in range(n)]
    into: list[dict[int, int]] = [{} for _ in range(n)]
    arcs = cheapest_arcs(graph.tail, graph.head, graph.cost)
    for u, v, cost in zip(*(x.tolist() for x in arcs), strict=True):
        out[u][v] = into[v][u] = cost
    kept = np.zeros(n, bool)
    kept[np.concatenate([graph.required_a, graph.required_b, [graph.depot, *graph.sites]])] = True
    queue = [v for v in range(n) if not kept[v]]
    gone = np.zeros(n, bool)
    while queue:
        v = queue.pop()
        around = sorted({*out[v], *into[v]})
        if gone[v] or len(around) > 3:
            continue
        gone[v] = True
        for u, first in into[v].items():
            for w, second in out[v].items():
                if u != w and first + second < out[u].get(w, NO_LIMIT):
                    out[u][w] = into[w][u] = first + second
        for u in around:
            out[u].pop(v, None)
            into[u].pop(v, None)
        queue += [u for u in around if not kept[u]]
    number = np.cumsum(~gone) - 1
    left = [(u, v, out[u][v]) for u in range(n) if not gone[u] for v in sorted(out[u])]
    tail, head, cost = np.array(left, np.int64).reshape(-1, 3).T
    return replace(
        graph,
        nodes=int((~gone).sum()),
        tail=number[tail],
        head=number[head],
        cost=cost,
        required_a=number[graph.required_a],
        required_b=number[graph.required_b],
        depot=int(number[graph.depot]),
        facilities=tuple(int(number[f]) for f in graph.facilities),
    )
