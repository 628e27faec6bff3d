"""Recreate: put the removed tasks back greedily, beside their neighbours, with blinks (SISRs).

Prices are estimates: a restore that the fuller tank will need is counted at the instance's usual
detour, and split.py places it afterwards. Where windows bind, a route is timed after each
insertion and an insertion that breaks it is taken back.
"""

from __future__ import annotations

import math
from typing import Any

from routes.engine.change import hands_delta, insert, take_out, touch
from routes.engine.kernel import inlined, inner, wide
from routes.engine.overload import dearer
from routes.engine.price import admit, hot_fields, price_at, price_empty
from routes.engine.rng import below, uniform
from routes.engine.state import BIG, REMOVED, TICK, TURN, Data, State
from routes.engine.timing import reschedule

LOG_SEEN = math.log(0.99)  # each place is skipped with a chance of 1 %
SCAN_AGAIN = 0.02  # how often a task that was left out before looks at every place
TRIES = 3


@inlined
def sort_removed(D: Data, S: State) -> None:
    """Order the removed tasks: at random, large, far, near, or early closing ones first."""
    n = S.num[REMOVED]
    how = below(S.rng, 14 if D.rule.timed else 11)
    for k in range(n):
        task = D.task[S.removed[k]]
        if how < 4:
            S.key[k] = uniform(S.rng)
        elif how < 8:
            S.key[k] = -task.size
        elif how < 10:
            S.key[k] = -task.far
        elif how < 11:
            S.key[k] = task.far
        else:
            S.key[k] = task.close
    for k in range(1, n):
        t, came, key = S.removed[k], S.origin[k], S.key[k]
        j = k
        while j > 0 and S.key[j - 1] > key:
            S.removed[j], S.origin[j], S.key[j] = S.removed[j - 1], S.origin[j - 1], S.key[j - 1]
            j -= 1
        S.removed[j], S.origin[j], S.key[j] = t, came, key


@inner
def link_at(D: Data, S: State, v: int, i: int) -> Any:
    """(place left, place entered, restore on the way) of the link before position i of route v."""
    m = wide(S.run[v].count)
    x = D.vehicle[v].start if i == 0 else D.mode[S.at[S.seq[v, i - 1]].mode].exit
    if i == m:
        return x, D.vehicle[v].end, S.run[v].home_fill
    w = S.seq[v, i]
    return x, D.mode[S.at[w].mode].entry, S.at[w].fill


@inner
def list_empty(D: Data, S: State) -> int:
    """S.empty: the first unused vehicle of each kind. Returns how many."""
    n = 0
    S.num[TICK] += 1
    for v in range(len(D.vehicle)):
        first = S.run[D.vehicle[v].kind]
        if S.run[v].count == 0 and S.run[v].closed == 0 and first.tick != S.num[TICK]:
            first.tick = S.num[TICK]
            S.empty[n] = v
            n += 1
    return n


@inner
def blinks(S: State) -> int:
    """How many places are looked at before the next one is skipped."""
    return int(math.log(uniform(S.rng)) / LOG_SEEN)


@inner
def find(D: Data, S: State, t: int, empty: int, scan: bool) -> Any:
    """(cost, seconds, mode, restore, vehicle, position) of the best place for task t.

    Looks beside its neighbours and at unused vehicles, and where that is in vain beside all tasks
    if it may.
    """
    best = (BIG, 0, 0, 0, -1, 0)
    H = hot_fields(D, S)
    run, vehicle, near = S.run, D.vehicle, D.near
    first, modes = D.task[t].first, D.task[t].modes
    for beside_all in range(2):
        tick = S.num[TICK]
        seen = BIG if beside_all else blinks(S)
        for j in range(len(H.at) if beside_all else near.shape[1]):
            u = wide(j) if beside_all else wide(near[t, j])
            v = wide(H.at[u].where)
            if v < 0:
                continue
            if run[v].seen != tick:
                admit(D, S, t, v)
            extra = run[v].extra
            if run[v].room <= -BIG or extra >= best[0]:
                continue
            m = run[v].count
            for i in range(H.at[u].pos, H.at[u].pos + 2):
                # each link once: it is known by the task it leads to, the last one by its route
                if i < m:
                    w = H.seq[v, i]
                    if H.at[w].tick == tick:
                        continue
                    H.at[w].tick = tick
                seen -= 1
                if seen < 0:
                    seen = blinks(S)
                    continue
                cost, seconds, mode, restore = price_at(
                    D, S, H, t, v, i, first, modes, vehicle[v].type, m, run[v].room,
                    vehicle[v].start, vehicle[v].end, run[v].home_fill, run[v].home_way,
                )  # fmt: skip
                if cost + extra < best[0]:
                    best = (cost + extra, seconds, mode, restore, v, i)
        if not beside_all:
            best = find_empty(D, S, t, empty, best)
        if best[4] >= 0 or not (scan or D.task[t].pinned >= 0):
            break
        S.num[TICK] += 1
    return best


@inner
def find_empty(D: Data, S: State, t: int, empty: int, best: Any) -> Any:
    """The better of `best` and the cheapest unused vehicle, the wanted one included."""
    for k in range(empty):
        v = S.empty[k]
        if D.task[t].pinned < 0 and S.run[v].count == 0:
            cost, seconds, mode, restore = price_empty(D, S, t, v)
            if cost < best[0]:
                best = (cost, seconds, mode, restore, v, 0)
    wanted = wide(D.task[t].pinned if D.task[t].pinned >= 0 else D.task[t].preferred)
    if wanted >= 0 and S.run[wanted].count == 0 and S.run[wanted].closed == 0:
        cost, seconds, mode, restore = price_empty(D, S, t, wanted)
        if cost < best[0]:
            best = (cost, seconds, mode, restore, wanted, 0)
    return best


@inner
def put(D: Data, S: State, t: int, best: Any) -> bool:
    """Insert task t at its best place. False: the route broke its times and is as before."""
    cost, seconds, mode, restore, v, i = best
    touch(S, v)
    x, y, fill = link_at(D, S, v, i)
    hands = hands_delta(D, S, t, v)
    dear = dearer(D, S, t, v) if D.rule.soft else wide(0)
    fresh = S.run[v].count == 0
    insert(D, S, v, i, t, mode)
    if fresh and D.rule.must_end:
        S.run[v].home_fill = D.via_option[D.mode[mode].exit, D.vehicle[v].end]
    if restore == 2:
        S.at[t].fill = D.via_option[x, D.mode[mode].entry]
        S.at[S.seq[v, i + 1]].fill = -1
    elif restore == 1:
        again = D.via_option[D.mode[mode].exit, y]
        if i + 1 < S.run[v].count:
            S.at[S.seq[v, i + 1]].fill = again
        else:
            S.run[v].home_fill = again
    if not D.rule.timed and not fresh:
        a, b = D.mode[mode].entry, D.mode[mode].exit
        S.at[t].way = D.via_s[x, a] if restore == 2 else D.time[x, a]
        way = D.via_s[b, y] if restore == 1 else D.time[b, y]
        if i + 1 < S.run[v].count:
            S.at[S.seq[v, i + 1]].way = way
        else:
            S.run[v].home_way = way
        S.run[v].cost += cost - hands - dear
        S.run[v].busy += seconds
        S.run[v].back += seconds
        return True
    if reschedule(D, S, v) or not D.rule.timed:
        return True
    take_out(D, S, v, i)
    if i < S.run[v].count:
        S.at[S.seq[v, i]].fill = fill
    else:
        S.run[v].home_fill = fill
    reschedule(D, S, v)
    return False


@inlined
def recreate(D: Data, S: State) -> None:
    """Put the removed tasks back, each at its best place; what costs more than it saves stays."""
    empty = list_empty(D, S)
    for k in range(S.num[REMOVED]):
        t = S.removed[k]
        scan = S.origin[k] >= 0 or uniform(S.rng) < SCAN_AGAIN
        S.num[TICK] += 1
        S.num[TURN] += 1
        for _ in range(TRIES):
            best = find(D, S, t, empty, scan)
            if best[4] < 0 or best[0] > D.task[t].drop:
                break
            v = best[4]
            if put(D, S, t, best):
                if S.run[v].count == 1:
                    empty = list_empty(D, S)
                break
            S.num[TICK] += 1
            S.run[v].banned = S.num[TURN]
