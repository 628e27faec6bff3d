"""Exact dynamic programming over modes and restores for a fixed order of tasks.

State: last task, its mode, start of the current tank. The tank's start is a sliding window
minimum, so a route of m tasks takes O(m), however many tasks a tank holds.
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
    for r in range(resources):
        load[v, r] = 0
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
def _tank_begins(D: Data, S: State, v: int, k: int) -> None:
    """S.now[0, o, 0]: cost to the end of task k in mode o when a tank begins with it."""
    b = D.task[S.seq[v, k]]
    for o in range(b.modes):
        if k == 0:
            S.now[0, o, 0] = S.link[0, 0, o]
            continue
        best = BIG
        for p in range(D.task[S.seq[v, k - 1]].modes):
            best = min(best, S.label[k - 1, p, 0] + S.via[k, p, o])
        S.now[0, o, 0] = best


@inner
def _tank_goes_on(D: Data, S: State, v: int, i: int, row: int) -> None:
    """From S.now[row] after task i - 1 to S.now[1 - row] after task i, parents noted."""
    for o in range(D.task[S.seq[v, i]].modes):
        best = BIG
        parent = 0
        for p in range(D.task[S.seq[v, i - 1]].modes):
            cost = S.now[row, p, 0] + S.link[i, p, o]
            if cost < best:
                best, parent = cost, p
        S.now[1 - row, o, 0] = best
        S.parent[i, o] = parent


@inner
def _window_low(D: Data, S: State, v: int, i: int, low: int) -> int:
    """The first task from which one tank holds everything up to task i, whose demand is added to
    S.load[v]; i + 1 when no tank holds task i alone."""
    demand, load, seq = D.demand, S.load, S.seq
    for r in range(demand.shape[1]):
        load[v, r] += demand[seq[v, i], r]
        while load[v, r] > D.capacity[v, r] and low <= i:
            for q in range(demand.shape[1]):
                load[v, q] -= demand[seq[v, low], q]
            low += 1
    return low


@inner
def _turn_window(D: Data, S: State, v: int, low: int, i: int) -> None:
    """Fill the front of the window: S.label[k, o, 1], the least cost to the end of task i in mode
    o of the tanks begun at k or later; [.., 2], where that one begins. S.label[k, o, 3] is where
    tanks begun at k start from."""
    L, link, R = S.label, S.link, S.product
    modes = D.task[S.seq[v, i]].modes
    for p in range(modes):
        for o in range(modes):
            R[0, p, o] = 0 if p == o else BIG
    row = 0
    for k in range(i, low - 1, -1):
        here = D.task[S.seq[v, k]].modes
        if k < i:
            after = D.task[S.seq[v, k + 1]].modes
            for p in range(here):
                for o in range(modes):
                    best = BIG
                    for q in range(after):
                        best = min(best, link[k + 1, p, q] + R[row, q, o])
                    R[1 - row, p, o] = best
            row = 1 - row
        for o in range(modes):
            best, since = BIG, k
            for p in range(here):
                best = min(best, L[k, p, 3] + R[row, p, o])
            if k < i and L[k + 1, o, 1] <= best:
                best, since = L[k + 1, o, 1], L[k + 1, o, 2]
            L[k, o, 1], L[k, o, 2] = best, since


@inner
def _split_modes(D: Data, S: State, v: int) -> bool:
    """Tanks begin in a window that slides with the last task. Its minimum is kept in two parts, as
    for a queue of two stacks: tanks begun before task `turn` by suffix (S.label[k, o, 1]) up to
    task turn - 1, from there on by the product S.product[2 + row] of all links since; later ones
    as a running minimum (S.now[row, o]: cost, beginning). So each task is looked at a fixed number
    of times, however many a tank holds."""
    m = wide(S.run[v].count)
    _links(D, S, v)
    L, link, via, now, P = S.label, S.link, S.via, S.now, S.product
    for r in range(D.demand.shape[1]):
        S.load[v, r] = 0
    low = turn = row = wide(0)
    before = wide(0)
    for i in range(m):
        modes = wide(D.task[S.seq[v, i]].modes)
        for o in range(modes):
            best = link[0, 0, o] if i == 0 else BIG
            if i > 0 and D.rule.restores > 0:
                for p in range(before):
                    best = min(best, L[i - 1, p, 0] + via[i, p, o])
            L[i, o, 3] = best
            now[1 - row, o, 0], now[1 - row, o, 1] = best, i
            for p in range(before if i > turn else 0):
                cost = now[row, p, 0] + link[i, p, o]
                if cost <= now[1 - row, o, 0]:
                    now[1 - row, o, 0], now[1 - row, o, 1] = cost, now[row, p, 1]
        if low < turn:
            for f in range(D.task[S.seq[v, turn - 1]].modes):
                for o in range(modes):
                    best = BIG
                    for p in range(before):
                        best = min(best, P[2 + row, f, p] + link[i, p, o])
                    P[3 - row, f, o] = link[i, f, o] if i == turn else best
        row = 1 - row
        low = _window_low(D, S, v, i, low)
        if low > i or (low > 0 and D.rule.restores == 0):
            return False
        if low > turn:
            _turn_window(D, S, v, low, i)
            turn = i + 1
            for o in range(modes):
                L[i, o, 0], S.since[i, o] = L[low, o, 1], L[low, o, 2]
        else:
            for o in range(modes):
                best, since = now[row, o, 0], now[row, o, 1]
                if low < turn:
                    for f in range(D.task[S.seq[v, turn - 1]].modes):
                        cost = L[low, f, 1] + P[2 + row, f, o]
                        if cost < best:
                            best, since = cost, L[low, f, 2]
                L[i, o, 0], S.since[i, o] = best, since
        before = modes
    return _drive_home(D, S, v)


@inner
def _drive_home(D: Data, S: State, v: int) -> bool:
    """Choose the last mode and tank of route v and write back from there."""
    m = wide(S.run[v].count)
    modes = D.task[S.seq[v, m - 1]].modes
    first = D.task[S.seq[v, m - 1]].first
    best = BIG
    best_k = best_o = wide(0)
    best_spent = True
    for o in range(modes):
        cost = S.label[m - 1, o, 0] + _home_cost(D, v, D.mode[first + o].exit, True)
        if cost < best:
            best, best_k, best_o = cost, wide(S.since[m - 1, o]), wide(o)
    # a last tank of tasks that spend nothing may go home straight
    k = m - 1
    while D.rule.must_end and k >= 0 and not _spent(D, S.seq[v, k]):
        if k == 0 or D.rule.restores > 0:
            row = wide(0)
            _tank_begins(D, S, v, k)
            for i in range(k + 1, m):
                _tank_goes_on(D, S, v, i, row)
                row = 1 - row
            for o in range(modes):
                cost = S.now[row, o, 0] + _home_cost(D, v, D.mode[first + o].exit, False)
                if cost < best:
                    best, best_k, best_o, best_spent = cost, k, wide(o), False
        k -= 1
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
        _tank_begins(D, S, v, k)
        for j in range(k + 1, i + 1):
            _tank_goes_on(D, S, v, j, row)
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
