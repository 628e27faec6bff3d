"""First solutions: nearest neighbour, also the baseline that plans are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.engine.decode import with_rests
from routes.engine.kernel import entry, inner
from routes.engine.refs import borrow, data_ref
from routes.engine.split_timed import drive_home, restore_at, serve
from routes.engine.state import BIG, Data, prepare
from routes.engine.timing import departure, first_due, visit
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
def _home_end(D: Data, v: int, x: int, now: int, due: int, spent: bool) -> int:
    """When a vehicle is back that leaves place x; BIG when the rest rule cannot be kept."""
    y = D.vehicle[v].end
    if spent and D.rule.must_end:
        if D.rule.restores == 0:
            return BIG
        fill = restore_at(D, x, y, now, due)
        now, due, _, _ = visit(D, x, fill, now, due)
        if now > due:
            return BIG
        x = D.option[fill].exit
    return drive_home(D, v, x, now, due) if D.time[x, y] <= D.rule.rest_after else BIG


@entry
def _one_route(
    data: Data, v: int, limit: int, served: Any, rows: Any, count: int, departs: Any
) -> int:
    """Append the steps of vehicle v to rows; returns the new count."""
    D = borrow(data)
    vehicle = D.vehicle[v]
    resources = D.demand.shape[1]
    used = np.zeros(resources, np.int64)
    taken = np.zeros(resources, np.int64)
    x = vehicle.start
    now = depart = vehicle.open
    due = first_due(D, now)
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
                never = never or (D.rule.capped and taken[r] + D.demand[t, r] > D.most[v, r])
            if never or (short and D.rule.restores == 0):
                continue
            for o in range(D.task[t].first, D.task[t].first + D.task[t].modes):
                place = x
                at, rest_due = now, due
                if short:
                    fill = restore_at(D, x, D.mode[o].entry, at, rest_due)
                    at, rest_due, _, _ = visit(D, x, fill, at, rest_due)
                    if at > rest_due:
                        continue
                    place = D.option[fill].exit
                leaves = depart
                if count == first:
                    leaves = at = departure(D, v, t, o)
                    if at >= BIG:
                        continue
                    rest_due = first_due(D, at)
                end, rest_due = serve(D, place, t, o, vehicle.type, at, rest_due)
                if end >= BIG:
                    continue
                begin = end - D.service_s[o, vehicle.type]
                gone = end - leaves
                if begin > best[0] or (begin == best[0] and gone >= best[1]):
                    continue
                back = _home_end(D, v, D.mode[o].exit, end, rest_due, wet or (spent and not short))
                if back - leaves > limit or back > vehicle.close:
                    continue
                best = (begin, gone, t, o, short, leaves)
        begin, gone, t, o, short, leaves = best
        if t < 0:
            break
        fill = -1
        if count == first:
            now = depart = leaves
            due = first_due(D, now)
        if short:
            fill = restore_at(D, x, D.mode[o].entry, now, due)
            now, due, _, _ = visit(D, x, fill, now, due)
            x = D.option[fill].exit
            for r in range(resources):
                used[r] = 0
            spent = False
        now, due = serve(D, x, t, o, vehicle.type, now, due)
        for r in range(resources):
            used[r] += D.demand[t, r]
            taken[r] += D.demand[t, r]
            spent = spent or D.demand[t, r] > 0
        x = D.mode[o].exit
        served[t] = True
        rows[count, 0], rows[count, 1], rows[count, 2], rows[count, 3] = v, t, o, fill
        count += 1
    if spent and D.rule.must_end and D.rule.restores > 0:
        rows[count, 0] = v
        rows[count, 3] = restore_at(D, x, vehicle.end, now, due)
        count += 1
    departs[v] = depart
    return count
