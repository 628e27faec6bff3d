"""First solutions: nearest neighbour, also the baseline that plans are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.engine.decode import with_rests
from routes.engine.kernel import entry, inner
from routes.engine.refs import borrow, data_ref
from routes.engine.split_timed import after_step, serve
from routes.engine.state import BIG, Data, prepare
from routes.engine.timing import service_start
from routes.problem import RoutingProblem
from routes.solution import Restore, Route, Serve, Solution, Step


def nearest_neighbour(problem: RoutingProblem) -> Solution:
    """Each vehicle in turn goes to the task it can begin first, restoring when the tank is short.

    Windows, rests, tanks, shifts, pins and closed types are kept; a vehicle goes home when no
    task fits any more. Nothing is improved afterwards. Tasks that fit nowhere are dropped.
    """
    data = prepare(problem)
    chosen, depart = nearest_orders(data, respect_target=False)
    routes = []
    served = np.zeros(problem.tasks, bool)
    for v in range(problem.vehicles):
        steps: list[Step] = []
        for _, t, mode, fill in chosen[chosen[:, 0] == v].tolist():
            if fill >= 0:
                steps.append(Restore(fill))
            if t >= 0:
                steps.append(Serve(t, mode))
                served[t] = True
        if steps:
            routes.append(with_rests(problem, Route(v, int(depart[v]), tuple(steps))))
    return Solution(tuple(routes), tuple(int(t) for t in np.flatnonzero(~served)))


def nearest_orders(data: Data, respect_target: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The nearest neighbour's steps and departures.

    Args:
        data: the problem.
        respect_target: first fill every vehicle to the end of its target band only.

    Returns:
        (S, 4) int64 rows of vehicle, task, mode and restore before it (or -1), in order; a task
        of -1 is the restore at the end. (V,) int64 departures.
    """
    tasks, vehicles = len(data.task), len(data.vehicle)
    rows = np.full((tasks + vehicles, 4), -1, np.int64)
    depart = data.vehicle["open"].copy()
    served = np.zeros(tasks, np.bool_)
    count = 0
    by_reference = data_ref(data)
    for v in range(vehicles):
        limit = int(data.vehicle[v]["limit"])
        if respect_target:
            limit = min(limit, int(data.vehicle[v]["high"]))
        count = _one_route(by_reference, v, limit, served, rows, count, depart)
    return rows[:count], depart


@inner
def _home_end(D: Data, v: int, x: int, now: int, rested: int, spent: bool) -> int:
    """When a vehicle is back that leaves place x; BIG when the rest rule cannot be kept."""
    y = D.vehicle[v].end
    if spent and D.rule.must_end:
        if D.rule.restores == 0:
            return BIG
        k = D.option[D.via_option[x, y]]
        now, rested = after_step(D, now, rested, D.time[x, k.entry] + k.seconds)
        if now - rested > D.rule.rest_after:
            return BIG
        x = k.exit
    now, rested = after_step(D, now, rested, D.time[x, y])
    return now if now - rested <= D.rule.rest_after else BIG


@entry
def _one_route(
    data: Data, v: int, limit: int, served: Any, rows: Any, count: int, departs: Any
) -> int:
    """Append the steps of vehicle v to rows; returns the new count."""
    D = borrow(data)
    vehicle = D.vehicle[v]
    resources = D.demand.shape[1]
    used = np.zeros(resources, np.int64)
    x = vehicle.start
    now = rested = depart = vehicle.open
    spent = False
    first = count
    while True:
        best = (BIG, BIG, -1, -1, False, 0)
        for t in range(len(D.task)):
            pinned = D.task[t].pinned
            if served[t] or not D.allowed[t, vehicle.type] or (pinned >= 0 and pinned != v):
                continue
            short = False
            never = False
            wet = False
            for r in range(resources):
                short = short or used[r] + D.demand[t, r] > D.capacity[v, r]
                never = never or D.demand[t, r] > D.capacity[v, r]
                wet = wet or D.demand[t, r] > 0
            if never or (short and D.rule.restores == 0):
                continue
            for o in range(D.task[t].first, D.task[t].first + D.task[t].modes):
                place = x
                at, slept = now, rested
                if short:
                    k = D.option[D.via_option[x, D.mode[o].entry]]
                    step = D.time[x, k.entry] + k.seconds
                    at, slept = after_step(D, at, slept, step)
                    if at - slept > D.rule.rest_after:
                        continue
                    place = k.exit
                leaves = depart
                if count == first:
                    way = D.time[place, D.mode[o].entry]
                    start = service_start(D, t, at + way, D.service_s[o, vehicle.type])
                    if start >= BIG:
                        continue
                    leaves = at = slept = start - way
                end, slept = serve(D, place, t, o, vehicle.type, at, slept)
                if end >= BIG:
                    continue
                begin = end - D.service_s[o, vehicle.type]
                gone = end - leaves
                if begin > best[0] or (begin == best[0] and gone >= best[1]):
                    continue
                back = _home_end(D, v, D.mode[o].exit, end, slept, wet or (spent and not short))
                if back - leaves > limit or back > vehicle.close:
                    continue
                best = (begin, gone, t, o, short, leaves)
        begin, gone, t, o, short, leaves = best
        if t < 0:
            break
        fill = -1
        if count == first:
            depart = leaves
            now = rested = leaves
        if short:
            fill = D.via_option[x, D.mode[o].entry]
            k = D.option[fill]
            now, rested = after_step(D, now, rested, D.time[x, k.entry] + k.seconds)
            x = k.exit
            for r in range(resources):
                used[r] = 0
            spent = False
        now, rested = serve(D, x, t, o, vehicle.type, now, rested)
        for r in range(resources):
            used[r] += D.demand[t, r]
            spent = spent or D.demand[t, r] > 0
        x = D.mode[o].exit
        served[t] = True
        rows[count, 0], rows[count, 1], rows[count, 2], rows[count, 3] = v, t, o, fill
        count += 1
    if spent and D.rule.must_end and D.rule.restores > 0:
        rows[count, 0] = v
        rows[count, 3] = D.via_option[x, vehicle.end]
        count += 1
    departs[v] = depart
    return count
