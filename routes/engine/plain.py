"""Routes whose cost is their time alone: no restores, windows, rests or priced metres.

What settle() of search.py and reschedule() of timing.py do, in one pass each.
"""

from __future__ import annotations

from routes.engine.kernel import inner, wide
from routes.engine.overload import holds, overload
from routes.engine.state import Data, State


@inner
def outside(D: Data, v: int, lasts: int) -> int:
    """Seconds by which a route misses its vehicle's target band."""
    return max(0, D.vehicle[v].low - lasts) + max(0, lasts - D.vehicle[v].high)


@inner
def _set_times(D: Data, S: State, v: int, busy: int) -> bool:
    run = S.run[v]
    vehicle = D.vehicle[v]
    run.busy = busy
    run.depart = vehicle.open
    run.back = vehicle.open + busy
    run.cost = vehicle.fixed + D.rule.time * busy
    if D.rule.balance != 0:
        run.cost += D.rule.balance * outside(D, v, busy)
    return busy <= vehicle.limit


@inner
def sum_up(D: Data, S: State, v: int) -> bool:
    """Positions, load, times and cost of route v with the modes it has. False: it is too long."""
    seq, at, load, time, mode, service_s = S.seq, S.at, S.load, D.time, D.mode, D.service_s
    run = S.run[v]
    kind = D.vehicle[v].type
    for r in range(D.demand.shape[1]):
        load[v, r] = 0
    if run.count == 0:
        run.busy = run.cost = 0
        return True
    busy = wide(0)
    x = D.vehicle[v].start
    for i in range(run.count):
        t = seq[v, i]
        at[t].pos = i
        for r in range(D.demand.shape[1]):
            load[v, r] += D.demand[t, r]
        o = at[t].mode
        at[t].way = time[x, mode[o].entry]
        busy += at[t].way + service_s[o, kind]
        x = mode[o].exit
    run.home_way = time[x, D.vehicle[v].end]
    return _set_times(D, S, v, busy + run.home_way)


@inner
def settle_plain(D: Data, S: State, v: int) -> bool:
    """Best modes of route v, then its times and cost. False: it is too long or carries too much."""
    seq, at, L, parent = S.seq, S.at, S.label, S.parent
    task, mode, time, service_s = D.task, D.mode, D.time, D.service_s
    m = S.run[v].count
    S.run[v].over = overload(D, S, v) if m > 0 else wide(0)
    if m == 0:
        S.run[v].busy = S.run[v].cost = 0
        return True
    if S.run[v].over > 0:
        for r in range(D.demand.shape[1]):
            if not holds(D, S, v, r, S.load[v, r]):
                return False
    kind = D.vehicle[v].type
    before = before_modes = 0
    for i in range(m + 1):
        if i < m:
            t = seq[v, i]
            first, modes = task[t].first, task[t].modes
        else:
            first, modes = 0, 1
        for o in range(modes):
            y = mode[first + o].entry if i < m else D.vehicle[v].end
            work = wide(service_s[first + o, kind]) if i < m else wide(0)
            if i == 0:
                L[0, o, 0] = time[D.vehicle[v].start, y] + work
                continue
            best = L[i - 1, 0, 0] + time[mode[before].exit, y]
            came = 0
            for p in range(1, before_modes):
                cost = L[i - 1, p, 0] + time[mode[before + p].exit, y]
                if cost < best:
                    best, came = cost, p
            L[i, o, 0] = best + work
            parent[i, o] = came
        before, before_modes = first, modes
    o = parent[m, 0]
    S.run[v].home_way = L[m, 0, 0] - L[m - 1, o, 0]
    for i in range(m - 1, -1, -1):
        t = seq[v, i]
        at[t].mode = task[t].first + o
        way = L[i, o, 0] - service_s[at[t].mode, kind]
        if i > 0:
            o = parent[i, o]
            way -= L[i - 1, o, 0]
        at[t].way = way
    return _set_times(D, S, v, L[m, 0, 0])
