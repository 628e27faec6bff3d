"""Sets of nodes, and how often vehicles must cross their border: what the bounds cut with.

Every route is a closed walk from the depot. Whatever is to be served beyond a border makes
vehicles cross it, a number of times that needs no knowledge of the routes. Sources: Belenguer &
Benavent, Computers & Operations Research 30(5), 2003, doi 10.1016/S0305-0548(02)00046-1; with
one-way streets Belenguer, Benavent, Lacomme & Prins, Computers & Operations Research 33(12),
2006, doi 10.1016/j.cor.2005.02.009.
"""

from __future__ import annotations

import numpy as np

from routes.problem import NO_LIMIT
from routes.streetgraph import Bools, Floats, Ints, StreetGraph


class Borders:
    """The pairs of neighbouring nodes of a graph, and what is required along them.

    pair_a, pair_b: (P,) ends, pair_a < pair_b; required: (P,) tasks between them.
    load, node_load: (P,) and (n,) demand of the pair's tasks, and of the loops at a node, in loads
        of a vehicle, or its service in longest trips where that is more: what counts in the search
        for sets, never in their judgement.
    """

    def __init__(self, graph: StreetGraph) -> None:
        n = graph.nodes
        self.graph = graph
        a = np.concatenate([graph.tail, graph.required_a])
        b = np.concatenate([graph.head, graph.required_b])
        keys, which = np.unique(np.minimum(a, b) * n + np.maximum(a, b), return_inverse=True)
        proper = keys // n != keys % n
        pair = np.where(proper, np.cumsum(proper) - 1, -1)[which]
        self.pair_a, self.pair_b = keys[proper] // n, keys[proper] % n
        self.pair_of_arc, task = pair[: len(graph.tail)], pair[len(graph.tail) :]

        loop, size = task < 0, len(self.pair_a)
        at = graph.required_a
        what = np.stack([np.ones(len(task)), graph.demand, graph.service], axis=1)
        self._between = np.zeros((size, 3))
        np.add.at(self._between, task[~loop], what[~loop])
        self._around = np.zeros((n, 3))  # twice what lies within a set, and once what crosses
        np.add.at(self._around, at[loop], 2 * what[loop])
        np.add.at(self._around, self.pair_a, self._between)
        np.add.at(self._around, self.pair_b, self._between)
        self.required = self._between[:, 0].astype(np.int64)
        self._busy = np.flatnonzero(self.required)

        load = graph.demand / graph.capacity
        if graph.max_trip < NO_LIMIT:
            load = np.maximum(load, graph.service / graph.max_trip)
        self.load = np.bincount(task[~loop], load[~loop], size)
        self.node_load = np.bincount(at[loop], load[loop], n)

    def least_crossings(self, sets: Bools, least_vehicles: int) -> Ints:
        """How often vehicles at least drive without work across the border of each set.

        Of the two sides of a border call near the one with the depot, far the other. Each load of
        which anything is taken on a side without a site leaves that side and, as the routes are
        closed, as often comes in. Each route that serves anything within the far side crosses
        twice, and its work there, its way there and its way home by a site fit into max_trip. If
        no site is near and every task has demand, every route crosses twice. A street served
        across the border is a crossing too. The number of all crossings is even.

        Dropped: which tasks fit together into one load or trip (demand and work are added up),
        who drives where, and the drives on either side.

        Args:
            sets: (B, n), which nodes are in each of B sets; all or none of them gives 0.
            least_vehicles: a lower bound of the routes.

        Returns:
            (B,) the least number of drives without work across the border, both ways together.
        """
        graph = self.graph
        far = sets ^ sets[:, [graph.depot]]
        a, b = self.pair_a[self._busy], self.pair_b[self._busy]
        crossed = (sets[:, a] ^ sets[:, b]) @ self._between[self._busy]
        far_within = (far @ self._around - crossed) / 2
        near_within = self._between.sum(axis=0) + self._loops() - far_within - crossed
        served = crossed[:, 0].astype(np.int64)
        times = (far_within[:, 0] + served > 0).astype(np.int64)

        far_free = ~far[:, graph.sites].any(axis=1)
        loads = _split(far_within[:, 1] + crossed[:, 1], graph.capacity)
        times = np.maximum(times, np.where(far_free, loads, 0))
        near_free = far[:, graph.sites].all(axis=1)
        loads = _split(near_within[:, 1] + crossed[:, 1], graph.capacity)
        if graph.all_unload:
            loads = np.maximum(loads, least_vehicles)
        times = np.maximum(times, np.where(near_free, loads, 0))

        if graph.max_trip < NO_LIMIT:
            out, home, unloaded = graph.ways
            last = unloaded if graph.all_unload else home
            left = graph.max_trip - _nearest(far, out) - _nearest(far, last)
            work, unload = far_within[:, 2], graph.unload_cost
            usable = (far_within[:, 0] > 0) & (left > unload)
            left = np.where(usable, left, unload + 1)
            trips = _split(work + unload * _split(far_within[:, 1], graph.capacity), left)
            if graph.all_unload:
                trips = np.maximum(trips, _split(work, left - unload))
            times = np.maximum(times, np.where(usable, trips, 0))
        least: Ints = np.maximum(2 * times - served, served % 2)
        return least

    def _loops(self) -> Floats:
        """(3,) tasks, demand and service of all loops."""
        loops: Floats = self._around.sum(axis=0) / 2 - self._between.sum(axis=0)
        return loops


def _nearest(sets: Bools, cost: Floats) -> Floats:
    nearest: Floats = np.where(sets, cost, np.inf).min(axis=1, initial=np.inf)
    return nearest


def _split(amount: Floats, size: Floats | int) -> Ints:
    """How many times size holds the amount, both whole numbers; exact below 2**53."""
    return np.ceil(amount / size).astype(np.int64)
