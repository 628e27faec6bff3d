"""The places of a problem as the kernels see them, and what follows from their distances.

Only places that are used are kept, in the order of a walk that always goes on to the nearest one:
rows and columns of neighbours then lie beside each other in memory, and a search that works in
one corner of the town at a time finds its distances in the cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routes.problem import NO_LIMIT, RoutingProblem

NEIGHBOURS = 60
_FAR = 1 << 60

Table = NDArray[np.int32]


class Places(NamedTuple):
    """Distances between the Q places in use, and where everything is among them."""

    time: Table  # (Q, Q) seconds
    time_to: Table  # (Q, Q) time transposed
    metres: Table  # (Q, Q), or (1, 1) where metres cost nothing
    entry: Table  # (M,) of modes
    leave: Table  # (M,)
    start: Table  # (V,) of vehicles
    end: Table  # (V,)
    restore_in: Table  # (O,)
    restore_out: Table  # (O,)


def places_in_use(p: RoutingProblem) -> Places:
    """The places of a problem, neighbours beside each other."""
    columns = (p.mode_entry, p.mode_exit, p.start_place, p.end_place, p.restore_in, p.restore_out)
    used = np.unique(np.concatenate(columns))
    time = p.time_s[np.ix_(used, used)].astype(np.int32)
    order = _walk(time)
    time = np.ascontiguousarray(time[np.ix_(order, order)])
    number = np.zeros(len(p.time_s), np.int32)
    number[used[order]] = np.arange(len(used))
    metres = np.zeros((1, 1), np.int32)
    if p.weights.distance:
        metres = np.ascontiguousarray(p.dist_m[np.ix_(used[order], used[order])], np.int32)
    return Places(
        time, np.ascontiguousarray(time.T), metres, *(number[column] for column in columns)
    )


def _walk(time: Table) -> NDArray[np.int64]:
    """All places, each followed by the nearest of those still to come."""
    order = np.arange(len(time))
    ahead = np.ones(len(time), bool)
    for step in range(1, len(time)):
        ahead[order[step - 1]] = False
        order[step] = np.argmin(np.where(ahead, time[order[step - 1]], np.int64(NO_LIMIT)))
    return order


def through_restores(p: RoutingProblem, q: Places) -> tuple[Table, NDArray[np.int16]]:
    """Time from place to place through the restore of least cost, and which one that is."""
    if not len(q.restore_in):
        return np.zeros((1, 1), np.int32), np.zeros((1, 1), np.int16)
    places = len(q.time)
    best = np.full((places, places), _FAR, np.int64)
    seconds = np.zeros((places, places), np.int32)
    option = np.zeros((places, places), np.int16)
    for k, (entry, leave) in enumerate(zip(q.restore_in, q.restore_out, strict=True)):
        way = q.time[:, entry, None].astype(np.int64) + q.time[None, leave] + p.restore_s[k]
        cost = p.weights.time * way + p.restore_cost[k]
        if p.weights.distance:
            far = q.metres[:, entry, None].astype(np.int64) + q.metres[None, leave]
            cost += p.weights.distance * (far + p.restore_m[k])
        better = cost < best
        np.copyto(best, cost, where=better)
        np.copyto(seconds, way, where=better, casting="unsafe")
        np.copyto(option, k, where=better, casting="unsafe")
    return seconds, option


def neighbours(p: RoutingProblem, q: Places) -> Table:
    """(N, K) the tasks nearest to each: by the way from one's end to the other's beginning."""
    tasks = p.tasks
    count = max(0, min(NEIGHBOURS, tasks - 1))
    near = np.zeros((tasks, count), np.int32)
    if not count:
        return near
    widest = int(np.diff(p.mode_first).max())
    columns = np.minimum(p.mode_first[:-1, None] + np.arange(widest), p.mode_first[1:, None] - 1)
    entries, exits = q.entry[columns], q.leave[columns]
    index = np.arange(tasks, dtype=np.int64)
    several_types = not p.allowed.all()
    keys: dict[bytes, NDArray[np.int64]] = {}
    for t in range(tasks):
        name = entries[t].tobytes() + exits[t].tobytes()
        if name not in keys:
            forth = q.time[exits[t]].min(axis=0)[entries].min(axis=1).astype(np.int64)
            back = q.time_to[entries[t]].min(axis=0)[exits].min(axis=1).astype(np.int64)
            tie = (q.time[exits[t, 0], entries[:, 0]].astype(np.int64)
                   + q.time_to[entries[t, 0], exits[:, 0]])  # fmt: skip
            keys[name] = (np.minimum(forth, back) * 1024 + tie // 2) * tasks + index
        key = keys[name].copy()
        if several_types:
            key[~(p.allowed & p.allowed[t]).any(axis=1)] += NO_LIMIT * tasks
        key[t] = _FAR * 2
        chosen = np.argpartition(key, count - 1)[:count]
        near[t] = chosen[np.argsort(key[chosen])]
    return near


def one_more_restore_s(p: RoutingProblem, q: Places, via_s: Table, near: Table) -> int:
    """What one more restore between two neighbours takes, roughly."""
    if not len(q.restore_in) or not near.size:
        return 0
    leave = q.leave[p.mode_first[:-1]]
    enter = q.entry[p.mode_first[near[:, 0]]]
    return int(np.median(via_s[leave, enter].astype(np.int64) - q.time[leave, enter]))
