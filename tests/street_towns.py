"""Towns of any size made from a seed: crooked grids of streets to be served, with depots."""

from __future__ import annotations

import math

import numpy as np

from routes.problem import NO_LIMIT, Weights
from routes.zone_problem import LargeProblem
from routes.zone_ways import Ways

BLOCK_M = 100
ROUTE_TASKS = 55  # that one tank lasts for
DEPOT_TASKS = 5_000  # for each depot
DROP = 1_000_000
_KEPT = 0.85  # of the streets that the town would hang together without
_ONE_WAY = 0.1  # of those
_STREETS_A_CORNER = 1.85 * 0.9  # tasks for each corner: kept streets that need service


def street_town(
    tasks: int,
    seed: int = 1,
    *,
    restores: int = 0,
    max_s: int = NO_LIMIT,
    fixed_cost: int = 0,
    weights: Weights | None = None,
) -> LargeProblem:
    """A town of so many streets to serve.

    Corners stand on a grid of 100 m, each up to 25 m off in both directions; some streets are
    missing and some are one-way, but every corner can be reached from every other. A second of
    driving or serving is a metre, as in the published instances of arc routing, so the cost is
    metres. A vehicle's tank lasts for about 55 streets; with restores it is filled there, and the
    day ends with max_s.
    """
    g = np.random.default_rng(seed)
    columns = math.ceil(math.sqrt(tasks / _STREETS_A_CORNER)) + 1
    corner = np.arange(columns * columns).reshape(columns, columns)
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(columns), indexing="ij"), axis=-1)
    xy = (grid * BLOCK_M + g.uniform(-25, 25, grid.shape)).reshape(-1, 2)
    ends = np.concatenate([
        np.column_stack([corner[:, :-1].ravel(), corner[:, 1:].ravel()]),
        np.column_stack([corner[:-1].ravel(), corner[1:].ravel()]),
    ])  # fmt: skip
    tree = _spanning_tree(len(xy), ends[g.permutation(len(ends))])
    in_tree = np.isin(ends[:, 0] * len(xy) + ends[:, 1], tree)
    kept = in_tree | (g.random(len(ends)) < _KEPT)
    one_way = (~in_tree & (g.random(len(ends)) < _ONE_WAY))[kept]
    ends = ends[kept]
    length = np.rint(np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)).astype(np.int32)
    required = np.sort(g.permutation(len(ends))[:tasks])
    a, b, metres, single = (x[required] for x in (*ends.T, length, one_way))
    both = ~one_way
    count = np.where(single, 1, 2)
    first = np.append(0, np.cumsum(count))
    entry, leave = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
    entry[first[:-1]], leave[first[:-1]] = a, b
    entry[first[:-1][~single] + 1], leave[first[:-1][~single] + 1] = b[~single], a[~single]
    demand = np.maximum(1, metres // 10).astype(np.int32)
    capacity = int(ROUTE_TASKS * demand.mean())
    depots = g.choice(len(xy), max(1, round(tasks / DEPOT_TASKS)), replace=False)
    vehicles = math.ceil(1.3 * demand.sum() / capacity) + 5
    start = depots[np.arange(vehicles) % len(depots)].astype(np.int32)
    stations = g.choice(len(xy), restores, replace=False).astype(np.int32)
    corners = np.arange(len(xy), dtype=np.int32)
    nobody = np.full(tasks, -1, np.int32)
    return LargeProblem(
        ways=Ways(
            len(xy),
            np.concatenate([ends[:, 0], ends[both, 1]]).astype(np.int32),
            np.concatenate([ends[:, 1], ends[both, 0]]).astype(np.int32),
            np.concatenate([length, length[both]]),
            np.concatenate([length, length[both]]),
        ),
        stand_node=corners,
        begin_node=corners,
        mode_first=first.astype(np.int32),
        mode_entry=entry,
        mode_exit=leave,
        service_s=np.repeat(metres, count)[:, None].astype(np.int32),
        service_m=np.repeat(metres, count).astype(np.int32),
        demand=demand[:, None],
        window_s=np.tile(np.array([[[0, NO_LIMIT]]], np.int64), (tasks, 1, 1)),
        drop_cost=np.full(tasks, DROP, np.int64),
        group=nobody,
        allowed=np.ones((tasks, 1), np.bool_),
        pinned=nobody,
        preferred=nobody,
        vehicle_type=np.zeros(vehicles, np.int32),
        start_place=start,
        end_place=start,
        shift_s=np.tile(np.array([[0, NO_LIMIT]], np.int64), (vehicles, 1)),
        max_s=np.full(vehicles, max_s, np.int64),
        capacity=np.full((vehicles, 1), capacity, np.int32),
        fixed_cost=np.full(vehicles, fixed_cost, np.int64),
        target_s=np.tile(np.array([[0, NO_LIMIT]], np.int64), (vehicles, 1)),
        restore_in=stations,
        restore_out=stations,
        restore_s=np.full(restores, 300, np.int32),
        restore_m=np.zeros(restores, np.int32),
        restore_cost=np.zeros(restores, np.int64),
        weights=weights or Weights(),
    )


def _spanning_tree(nodes: int, ends: np.ndarray) -> np.ndarray:
    """Names (a * nodes + b) of the streets, taken in their order, that join what was apart."""
    parent = list(range(nodes))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    chosen = []
    for a, b in ends.tolist():
        one, other = root(a), root(b)
        if one != other:
            parent[one] = other
            chosen.append(a * nodes + b)
    return np.array(chosen, np.int64)
