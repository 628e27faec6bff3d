"""The search: slack induction by string removals (SISRs), carried over to arcs.

Source: Christiaens & Vanden Berghe, Slack induction by string removals for vehicle routing
problems, Transportation Science 54(2), 2020, doi 10.1287/trsc.2019.0914. Ruin, recreate, then
exact modes and restores of the touched routes, then simulated annealing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.engine.change import begin, commit, insert, keep_best, take_out, undo
from routes.engine.kernel import entry, inlined, inner, narrow, wide
from routes.engine.overload import ALLOWED, allow, follow, overload, overload_now
from routes.engine.plain import settle_plain
from routes.engine.recreate import recreate, sort_removed
from routes.engine.refs import borrow
from routes.engine.rng import uniform
from routes.engine.ruin import ruin
from routes.engine.splice import splice
from routes.engine.split import split
from routes.engine.split_timed import split_timed
from routes.engine.state import (
    ABSENT,
    BEST,
    BIG,
    CURRENT,
    OVER,
    OVER_PRICE,
    PENALTY,
    REMOVED,
    SERVED,
    TOUCHED,
    USED,
    Data,
    State,
)
from routes.engine.timing import reschedule

PATIENCE = 2.0  # mean deviations of the split's gain that a hopeless estimate lies above
LEARN = 0.01
TOGETHER = 8  # tasks that insert_absent tries at once


@inner
def settle(D: Data, S: State, v: int) -> bool:
    """Best modes and restores of route v, then its times and cost. False: it breaks a limit."""
    if D.rule.plain:
        return settle_plain(D, S, v)
    if not split(D, S, v):
        return False
    ok = reschedule(D, S, v)
    if D.rule.timed and S.run[v].count > 0:
        lasts = S.run[v].back - S.run[v].depart
        if not ok or lasts > S.run[v].busy + S.run[v].rests * D.rule.rest_s:
            return split_timed(D, S, v, ok)
    return ok


@inner
def fewest_fills(D: Data, S: State, v: int) -> int:
    """Restores between the tasks of route v when each tank is used up as far as it goes."""
    fills = 0
    left = S.load[v]
    for r in range(D.demand.shape[1]):
        left[r] = D.capacity[v, r]
    for i in range(S.run[v].count):
        t = S.seq[v, i]
        short = False
        for r in range(D.demand.shape[1]):
            left[r] -= D.demand[t, r]
            short = short or left[r] < 0
        if short:
            fills += 1
            for r in range(D.demand.shape[1]):
                left[r] = D.capacity[v, r] - D.demand[t, r]
    return fills


@inlined
def guess(D: Data, S: State) -> int:
    """Cost of the changed solution before modes and restores are chosen anew.

    S.load of the touched routes is scratch here; settling them brings it up to date.
    """
    cost = S.num[CURRENT]
    for slot in range(S.num[TOUCHED]):
        v = S.touched[slot]
        cost += S.run[v].cost - S.kept_run[slot].cost
        if D.rule.restores > 0:
            between = S.run[v].fills - int(S.run[v].home_fill >= 0)
            cost += D.rule.time * D.rule.extra_s * (fewest_fills(D, S, v) - between)
        if D.rule.soft:
            more = overload(D, S, v) - S.kept_run[slot].over
            cost += int(S.overload[OVER_PRICE] * more)
    return cost


@inlined
def settle_touched(D: Data, S: State) -> int:
    """Settle the touched routes. Returns the new cost less the penalty's change, or BIG.

    While tasks are left out, a route that breaks a limit gives up what was put into it last,
    until it keeps them; otherwise the whole change fails.
    """
    cost = S.num[CURRENT]
    for slot in range(S.num[TOUCHED]):
        v = S.touched[slot]
        ok = settle(D, S, v)
        if not ok and S.num[ABSENT] > 0:
            for k in range(S.num[REMOVED] - 1, -1, -1):
                t = S.removed[k]
                if not ok and S.at[t].where == v:
                    take_out(D, S, v, wide(S.at[t].pos))
                    ok = settle(D, S, v)
        if not ok:
            cost = BIG
            break
        cost += S.run[v].cost - S.kept_run[slot].cost
    return cost


@inlined
def _put_in(D: Data, S: State, orders: Any) -> None:
    """See load()."""
    row = 0
    while row < len(orders):
        v = orders[row, 0]
        while row < len(orders) and orders[row, 0] == v:
            t = narrow(orders[row, 1])
            row += 1
            pinned = D.task[t].pinned
            if S.at[t].where >= 0 or not D.allowed[t, D.vehicle[v].type]:
                continue
            if pinned < 0 or pinned == v:
                insert(D, S, v, wide(S.run[v].count), t, S.at[t].mode)
        while not settle(D, S, v):
            take_out(D, S, v, wide(S.run[v].count) - 1)
        S.num[USED] += S.run[v].count > 0
    S.num[ABSENT] = 0
    cost = S.num[PENALTY]
    for v in range(len(D.vehicle)):
        cost += S.run[v].cost
        S.run[v].stale = 1
    for t in range(len(D.task)):
        S.absent_pos[t] = -1
        if S.at[t].where < 0:
            S.absent_pos[t] = S.num[ABSENT]
            S.absent[S.num[ABSENT]] = t
            S.num[ABSENT] += 1
    S.num[CURRENT] = S.num[BEST] = cost
    keep_best(S)


@entry
def _run(
    data: Data, state: State, fill: bool, orders: Any, waiting: Any,
    iterations: int, hot: float, cold: float,
) -> None:  # fmt: skip
    """The one door to the kernels: whatever calls them is compiled with a copy of them."""
    D, S = borrow(data), borrow(state)
    if fill:
        _put_in(D, S, orders)
    allow(S, ALLOWED if iterations > 0 else 0.0)
    cooling = (cold / hot) ** (0.5 / max(1, iterations))
    heat = hot
    for step in range(-len(waiting), 2 * iterations):
        begin(S)
        penalty = S.num[PENALTY]
        long_move = False
        if step < 0:
            for k in range(waiting.shape[1]):
                t = waiting[step, k]
                if t >= 0:
                    S.removed[S.num[REMOVED]] = t
                    S.origin[S.num[REMOVED]] = -1
                    S.num[REMOVED] += 1
            limit = float(S.num[CURRENT])
        else:
            follow(D, S)
            heat *= cooling
            worse = -heat * math.log(uniform(S.rng))
            limit = S.num[CURRENT] + worse
            long_move = step % 2 == 0
            if long_move and (D.rule.timed or not splice(D, S, worse)):
                continue
            if not long_move:
                ruin(D, S)
        if not long_move:
            sort_removed(D, S)
            recreate(D, S)
        put_back = S.num[SERVED]
        expected = BIG if long_move else guess(D, S) + S.num[PENALTY] - penalty
        if step >= 0 and not long_move and expected - S.gain[0] - PATIENCE * S.gain[1] >= limit:
            undo(D, S)
            continue
        cost = settle_touched(D, S)
        over = overload_now(D, S)
        dear = int(S.overload[OVER_PRICE] * (over - S.num[OVER]))
        if cost < BIG:
            cost += S.num[PENALTY] - penalty
        # a route that gave up tasks says nothing about the estimate
        if cost < BIG and S.num[SERVED] == put_back and not long_move:
            gain = expected - cost - dear - S.gain[0]
            S.gain[0] += LEARN * gain
            S.gain[1] += LEARN * (abs(gain) - S.gain[1])
        if cost + dear >= limit:
            undo(D, S)
            continue
        commit(S, cost)
        S.num[OVER] = over
        if cost < S.num[BEST] and over == 0:
            S.num[BEST] = cost
            keep_best(S)
    begin(S)


_NOTHING = np.zeros((0, 2), np.int64)
_NOBODY = np.zeros((0, TOGETHER), np.int32)


def load(data: Any, state: Any, orders: NDArray[np.int64]) -> None:
    """Fill an empty state, and keep it as the best.

    orders: (L, 2) int64 rows of vehicle and task, a vehicle's rows together and in order. Tasks
    that their vehicle may not serve are left out, and so are tasks from the end of a route that
    breaks a limit until it does not.
    """
    _run(data, state, True, orders, _NOBODY, 0, 1.0, 1.0)


def insert_absent(data: Any, state: Any, absent: NDArray[np.int32]) -> None:
    """Insert the tasks of `absent` where they fit and that saves cost, a few at a time."""
    rows = -(-len(absent) // TOGETHER)
    waiting = np.full((rows, TOGETHER), -1, np.int32)
    waiting.ravel()[: len(absent)] = absent
    _run(data, state, False, _NOTHING, waiting, 0, 1.0, 1.0)


def search(data: Any, state: Any, iterations: int, hot: float, cold: float) -> None:
    """Some iterations of a long move and a ruin, the temperature falling from hot to cold."""
    _run(data, state, False, _NOTHING, _NOBODY, iterations, hot, cold)
