"""Towns small enough for a full matrix, plain and with every feature, and that matrix by scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from street_towns import street_town

from routes.problem import RoutingProblem, Weights
from routes.zone_problem import LargeProblem
from routes.zone_ways import UNREACHABLE, Ways

SHIFT = 1 << 20


def dijkstra(ways: Ways) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(nodes, nodes) seconds and metres of all fastest ways, by scipy instead of our kernel."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra as all_ways

    label = ways.time_s.astype(np.float64) * SHIFT + ways.dist_m
    found = all_ways(csr_array((label, (ways.tail, ways.head)), shape=(ways.nodes, ways.nodes)))
    known = np.isfinite(found)
    label = np.where(known, found, 0).astype(np.int64)
    times, metres = (np.where(known, x, UNREACHABLE) for x in (label // SHIFT, label % SHIFT))
    return times.astype(np.int32), metres.astype(np.int32)


def whole(large: LargeProblem) -> RoutingProblem:
    """The same problem with a full matrix."""
    fields = {
        name: getattr(large, name)
        for name in RoutingProblem.__dataclass_fields__
        if name not in ("time_s", "dist_m")
    }
    here = np.ix_(large.stand_node, large.begin_node)
    time_s, dist_m = (way[here] for way in dijkstra(large.ways))
    return RoutingProblem(time_s=time_s, dist_m=dist_m, **fields)


def plain() -> LargeProblem:
    return street_town(400, 2)


def unlike(ways: Ways) -> Ways:
    """The same streets, as fast as chance will have it."""
    g = np.random.default_rng(5)
    return replace(ways, time_s=(ways.dist_m // g.integers(4, 12, len(ways.tail))).astype(np.int32))


def filled_up() -> LargeProblem:
    """Small tanks, ten stations, three hours, and home with an empty tank."""
    weights = Weights(time=2, distance=1)
    town = street_town(300, 3, restores=10, max_s=10_800, fixed_cost=900, weights=weights)
    return replace(
        town,
        ways=unlike(town.ways),
        capacity=town.capacity // 3,
        restore_cost=np.full(10, 40, np.int64),
        must_end_restored=True,
    )


def tied() -> LargeProblem:
    """Two types, groups, pins, vehicles from before, windows, rests and bands."""
    town = street_town(300, 4, max_s=14_000, weights=Weights(1, 1, 1, 300, 50))
    g = np.random.default_rng(6)
    n, v = town.tasks, town.vehicles
    kind = (np.arange(v) % 2).astype(np.int32)
    allowed = np.ones((n, 2), np.bool_)
    allowed[g.random(n) < 0.1, 0] = False
    pinned = np.where(g.random(n) < 0.03, 2 * g.integers(0, v // 2, n) + 1, -1)
    window = np.tile(np.array([[0, 20_000]], np.int64), (n, 1, 1))
    window[g.random(n) < 0.2] = (3_000, 12_000)
    return replace(
        town,
        service_s=np.repeat(town.service_s, 2, axis=1),
        vehicle_type=kind,
        allowed=allowed,
        pinned=pinned.astype(np.int32),
        preferred=np.where(g.random(n) < 0.5, g.integers(0, v, n), -1).astype(np.int32),
        group=np.where(g.random(n) < 0.3, np.arange(n) // 10, -1).astype(np.int32),
        window_s=window,
        target_s=np.tile(np.array([[4_000, 11_000]], np.int64), (v, 1)),
        rest_after_s=5_000,
        rest_s=300,
    )
