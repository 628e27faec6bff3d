"""Exact dynamic programming over modes and restores for a fixed order of tasks.

State: last task, its mode, start of the current tank. With one mode per task the tank's start is
a sliding window minimum, so a route of m tasks takes O(m); otherwise O(m x tasks a tank holds).
Routes that wait, or that break a window this way, are done on time instead: split_timed.py.
"""

from __future__ import annotations

from routes.engine.kernel import inner, wide
from routes.engine.state import BIG, Data, State
from routes.engine.timing import service_cost, via_cost, way_cost


@inner
def split(D: Data, S: State, v: int) -> bool:
    """Choose modes and restores of route v at the least cost. False: no tank is large enough.

    Sets S.at[t].mode and .fill and S.run[v].home_fill; times and cost are not brought up to date.
    """
    if S.run[v].count == 0:
        return True
    if D.rule.single:
        return _split_single(D, S, v)
    return _split_modes(D, S, v)


@inner
def _home_cost(D: Data, v: int, x: int, spent: bool) -> int:
    if D.rule.must_end and spent:
        if D.rule.restores == 0:
            return BIG
        return via_cost(D, x, D.vehicle[v].end)
    return way_cost(D, x, D.vehicle[v].end)


@inner
def _spent(D: Data, t: int) -> bool:
    spent = False
    for r in range(D.demand.shape[1]):
        spent = spent or D.demand[t, r] > 0
    return spent


@inner
def _set_home(D: Data, S: State, v: int, spent: bool) -> None:
    if D.rule.must_end and spent:
        x = D.mode[S.at[S.seq[v, S.run[v].count - 1]].mode].exit
        S.run[v].home_fill = D.via_option[x, D.vehicle[v].end]
    else:
        S.run[v].home_fill = -1


@inner
def _split_single(D: Data, S: State, v: int) -> bool:
    """label[i, 0]: cost to i, [.., 1]: direct way to i from the first, [.., 2]: a tank begun at i
    less the direct way. since[i]: the tank's start; parent: the queue of the window minimum."""
    m = wide(S.run[v].count)
    L, seq, load, queue = S.label, S.seq, S.load, S.parent
    task, mode, at, demand, capacity = D.task, D.mode, S.at, D.demand, D.capacity
    resources = D.demand.shape[1]
    load[v, :] = 0
    head = tail = low = 0
    x = D.vehicle[v].start
    for i in range(m):
        t = seq[v, i]
        o = task[t].first
        at[t].mode = o
        y = mode[o].entry
        direct = way_cost(D, x, y)
        if i == 0:
            L[0, 0, 1] = direct
            L[0, 0, 2] = 0
        else:
            L[i, 0, 1] = L[i - 1, 0, 1] + direct
            if D.rule.restores > 0:
                L[i, 0, 2] = L[i - 1, 0, 0] + via_cost(D, x, y) - L[i, 0, 1]
        if i == 0 or D.rule.restores > 0:
            while tail > head and L[queue[tail - 1, 0], 0, 2] > L[i, 0, 2]:
                tail -= 1
            queue[tail, 0] = i
            tail += 1
        for r in range(resources):
            load[v, r] += demand[t, r]
            while load[v, r] > capacity[v, r]:
                if low == i:
                    return False
                for q in range(resources):
                    load[v, q] -= demand[seq[v, low], q]
                low += 1
        while head < tail and queue[head, 0] < low:
            head += 1
        if head == tail:
            return False
        S.since[i, 0] = queue[head, 0]
        L[i, 0, 0] = L[i, 0, 1] + L[queue[head, 0], 0, 2]
        x = mode[o].exit
    # the last tank: the way home depends on whether anything was spent since
    best = BIG
    best_k = m - 1
    spent = best_spent = False
    for k in range(m - 1, low - 1, -1):
        spent = spent or _spent(D, S.seq[v, k])
        if k > 0 and D.rule.restores == 0:
            continue
        cost = L[k, 0, 2] + L[m - 1, 0, 1] + _home_cost(D, v, x, spent)
        if cost < best:
            best, best_k, best_spent = cost, k, spent
    if best >= BIG:
        return False
    for i in range(m):
        S.at[S.seq[v, i]].fill = -1
    k = best_k
    while k > 0:
        before = D.mode[S.at[S.seq[v, k - 1]].mode].exit
        t = S.seq[v, k]
        S.at[t].fill = D.via_option[before, D.mode[S.at[t].mode].entry]
        k = S.since[k - 1, 0]
    _set_home(D, S, v, best_spent)
    return True


@inner
def _links(D: Data, S: State, v: int) -> None:
    """S.link[i, p, o], S.via[i, p, o]: from task i - 1 in its mode p to the end of i in mode o."""
    kind = D.vehicle[v].type
    for i in range(S.run[v].count):
        b = D.task[S.seq[v, i]]
        for o in range(b.modes):
            y = D.mode[b.first + o].entry
            work = service_cost(D, b.first + o, kind)
            if i == 0:
                S.link[0, 0, o] = way_cost(D, D.vehicle[v].start, y) + work
                continue
            a = D.task[S.seq[v, i - 1]]
            for p in range(a.modes):
                x = D.mode[a.first + p].exit
                S.link[i, p, o] = way_cost(D, x, y) + work
                if D.rule.restores > 0:
                    S.via[i, p, o] = via_cost(D, x, y) + work


@inner
def _tank_begins(D: Data, S: State, v: int, k: int, row: int) -> None:
    """S.now[row, o, 0]: cost to the end of task k in mode o when a tank begins with it."""
    b = D.task[S.seq[v, k]]
    for o in range(b.modes):
        if k == 0:
            S.now[row, o, 0] = S.link[0, 0, o]
            continue
        best = BIG
        for p in range(D.task[S.seq[v, k - 1]].modes):
            best = min(best, S.label[k - 1, p, 0] + S.via[k, p, o])
        S.now[row, o, 0] = best


@inner
def _tank_goes_on(D: Data, S: State, v: int, i: int, row: int, keep: bool) -> None:
    """From S.now[row] after task i - 1 to S.now[1 - row] after task i. keep: note the parents."""
    for o in range(D.task[S.seq[v, i]].modes):
        best = BIG
        parent = 0
        for p in range(D.task[S.seq[v, i - 1]].modes):
            cost = S.now[row, p, 0] + S.link[i, p, o]
            if cost < best:
                best, parent = cost, p
        S.now[1 - row, o, 0] = best
        if keep:
            S.parent[i, o] = parent


@inner
def _fits(D: Data, S: State, v: int, t: int) -> bool:
    """Add the demand of task t to S.load[v]; whether the tank still holds it."""
    fits = True
    for r in range(D.demand.shape[1]):
        S.load[v, r] += D.demand[t, r]
        fits = fits and S.load[v, r] <= D.capacity[v, r]
    return fits


@inner
def _split_modes(D: Data, S: State, v: int) -> bool:
    m = wide(S.run[v].count)
    _links(D, S, v)
    for i in range(m):
        for o in range(D.task[S.seq[v, i]].modes):
            S.label[i, o, 0] = BIG
    best = BIG
    best_k = best_o = wide(0)
    best_spent = False
    for k in range(m):
        if k > 0 and D.rule.restores == 0:
            break
        row = wide(0)
        _tank_begins(D, S, v, k, row)
        S.load[v, :] = 0
        spent = False
        for i in range(k, m):
            t = S.seq[v, i]
            if not _fits(D, S, v, t):
                if i == k:
                    return False
                break
            if i > k:
                _tank_goes_on(D, S, v, i, row, False)
                row = 1 - row
            spent = spent or _spent(D, t)
            for o in range(D.task[t].modes):
                cost = S.now[row, o, 0]
                if cost < S.label[i, o, 0]:
                    S.label[i, o, 0] = cost
                    S.since[i, o] = k
                if i == m - 1:
                    cost += _home_cost(D, v, D.mode[D.task[t].first + o].exit, spent)
                    if cost < best:
                        best, best_k, best_o, best_spent = cost, k, o, spent
    if best >= BIG:
        return False
    _write_back(D, S, v, best_k, best_o)
    _set_home(D, S, v, best_spent)
    return True


@inner
def _write_back(D: Data, S: State, v: int, k: int, o: int) -> None:
    """Walk back from the last task in mode o, its tank begun at k; tanks are driven again."""
    i = S.run[v].count - 1
    while True:
        row = wide(0)
        _tank_begins(D, S, v, k, row)
        for j in range(k + 1, i + 1):
            _tank_goes_on(D, S, v, j, row, True)
            row = 1 - row
        for j in range(i, k - 1, -1):
            t = S.seq[v, j]
            S.at[t].mode = D.task[t].first + o
            S.at[t].fill = -1
            if j > k:
                o = S.parent[j, o]
        if k == 0:
            return
        t = S.seq[v, k]
        before = D.task[S.seq[v, k - 1]]
        best = BIG
        came = 0
        for p in range(before.modes):
            cost = S.label[k - 1, p, 0] + S.via[k, p, o]
            if cost < best:
                best, came = cost, p
        S.at[t].fill = D.via_option[D.mode[before.first + came].exit, D.mode[S.at[t].mode].entry]
        i = k - 1
        o = came
        k = S.since[i, o]
