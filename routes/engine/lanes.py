"""Two searches side by side on one solution: each has half of the routes, for a while.

deal() gives a lane the routes of its part, with their tasks and a share of the tasks left out;
the rest of the town does not exist for it (S.at[t].where is ELSEWHERE, S.run[v].closed is set).
gather() puts the halves together again. What is dealt to whom changes from round to round, so
every border is crossed sooner or later, and nothing depends on how many threads there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.engine.change import keep_best
from routes.engine.kernel import entry, inner, wide
from routes.engine.refs import borrow
from routes.engine.rng import below
from routes.engine.state import (
    ABSENT,
    BEST,
    BIG,
    CURRENT,
    ELSEWHERE,
    MINE,
    OVER,
    PENALTY,
    SERVED,
    USED,
    Data,
    State,
)


def halves(data: Data, state: State) -> NDArray[np.int64]:
    """(V,) 0 or 1: the used routes around a random task against the others, as many tasks each.

    Unused vehicles go to either side in turn, kind by kind.
    """
    where = state.at["where"]
    mode = state.at["mode"]
    centre = int(data.mode["entry"][mode[below(state.rng, len(where))]])
    served = where >= 0
    count = np.bincount(where[served], minlength=len(data.vehicle))
    far = np.zeros(len(data.vehicle))
    ways = data.time[centre][data.mode["entry"][mode[served]]].astype(np.float64)
    np.add.at(far, where[served], ways)
    used = np.flatnonzero(count)
    order = used[np.argsort(far[used] / count[used], kind="stable")]
    half = np.searchsorted(np.cumsum(count[order]), count.sum() / 2)
    part = np.zeros(len(data.vehicle), np.int64)
    part[order[half:]] = 1
    idle = np.flatnonzero(count == 0)
    idle = idle[np.argsort(data.vehicle["kind"][idle], kind="stable")]
    part[idle[1::2]] = 1
    return part


@inner
def _share(D: Data, M: State, part: Any, t: int) -> int:
    """Which lane gets task t: that of its vehicle, or, left out, of its nearest neighbour's."""
    v = wide(M.at[t].where)
    if v < 0:
        v = wide(D.task[t].pinned)
    for j in range(D.near.shape[1]):
        if v >= 0:
            break
        v = wide(M.at[D.near[t, j]].where)
    return wide(part[max(v, 0)])


@entry
def deal(data: Data, master: State, lane: State, part: Any, mine: int) -> None:
    """Make `lane` the half of `master` whose vehicles have part[v] == mine."""
    D, M, S = borrow(data), borrow(master), borrow(lane)
    for v in range(len(D.vehicle)):
        run = S.run[v]
        S.run[v] = M.run[v]
        for r in range(D.demand.shape[1]):
            S.load[v, r] = M.load[v, r]
        run.slot = -1
        run.hit = run.tick = run.seen = run.banned = 0
        run.closed = int(part[v] != mine)
        run.stale = 1
        if run.closed:
            run.count = run.over = 0
        for i in range(run.count):
            S.seq[v, i] = M.seq[v, i]
    S.num[MINE] = S.num[ABSENT] = S.num[SERVED] = S.num[USED] = S.num[OVER] = 0
    for v in range(len(D.vehicle)):
        S.num[USED] += int(S.run[v].count > 0)
        S.num[OVER] += S.run[v].over
    for t in range(len(D.task)):
        at = S.at[t]
        S.at[t] = M.at[t]
        at.tick = 0
        S.absent_pos[t] = -1
        if _share(D, M, part, t) != mine:
            at.where = ELSEWHERE
            continue
        S.mine[S.num[MINE]] = t
        S.num[MINE] += 1
        if at.where >= 0:
            S.num[SERVED] += 1
        else:
            S.absent_pos[t] = S.num[ABSENT]
            S.absent[S.num[ABSENT]] = t
            S.num[ABSENT] += 1
    for g in range(len(S.group_hands)):
        S.group_hands[g] = M.group_hands[g]
        for v in range(len(D.vehicle)):
            S.group_count[g, v] = M.group_count[g, v]
    S.num[PENALTY] = M.num[PENALTY]
    S.num[CURRENT] = M.num[CURRENT]
    S.num[BEST] = M.num[CURRENT] if S.num[OVER] == 0 else BIG
    keep_best(S)


@entry
def gather(data: Data, master: State, lane: State, best: bool) -> None:
    """Copy the routes that a lane has, its current ones or its best, into the master."""
    D, M, S = borrow(data), borrow(master), borrow(lane)
    for v in range(len(D.vehicle)):
        if S.run[v].closed:
            continue
        run = M.run[v]
        M.run[v] = S.best_run[v] if best else S.run[v]
        run.slot = -1
        run.closed = 0
        run.stale = 1
    for k in range(S.num[MINE]):
        M.at[S.mine[k]].where = -1
    for v in range(len(D.vehicle)):
        if S.run[v].closed:
            continue
        for i in range(M.run[v].count):
            t = S.best_seq[v, i] if best else S.seq[v, i]
            at = M.at[t]
            M.seq[v, i] = t
            M.at[t] = S.best_at[t] if best else S.at[t]
            at.where = v
            at.pos = i
            at.tick = 0


@entry
def count_up(data: Data, master: State) -> None:
    """Bring what belongs to no single route up to date; keep the solution if it is the best."""
    D, M = borrow(data), borrow(master)
    for g in range(len(M.group_hands)):
        M.group_hands[g] = 0
        for v in range(len(D.vehicle)):
            M.group_count[g, v] = 0
    for v in range(len(D.vehicle)):
        for r in range(D.demand.shape[1]):
            M.load[v, r] = 0
    M.num[ABSENT] = M.num[SERVED] = M.num[USED] = M.num[PENALTY] = M.num[OVER] = 0
    for t in range(len(D.task)):
        v = wide(M.at[t].where)
        task = D.task[t]
        M.absent_pos[t] = -1
        if v < 0:
            M.absent_pos[t] = M.num[ABSENT]
            M.absent[M.num[ABSENT]] = t
            M.num[ABSENT] += 1
            M.num[PENALTY] += task.drop
            continue
        M.num[SERVED] += 1
        for r in range(D.demand.shape[1]):
            M.load[v, r] += D.demand[t, r]
        if task.preferred >= 0 and task.preferred != v:
            M.num[PENALTY] += D.rule.moved
        if D.rule.group != 0 and task.group >= 0:
            if M.group_count[task.group, v] == 0:
                M.num[PENALTY] += D.rule.group * int(M.group_hands[task.group] > 0)
                M.group_hands[task.group] += 1
            M.group_count[task.group, v] += 1
    cost = M.num[PENALTY]
    for v in range(len(D.vehicle)):
        M.num[USED] += int(M.run[v].count > 0)
        if M.run[v].count > 0:
            cost += M.run[v].cost
            M.num[OVER] += M.run[v].over
    M.num[CURRENT] = cost
    if cost < M.num[BEST] and M.num[OVER] == 0:
        M.num[BEST] = cost
        keep_best(M)
