"""The dynamic program of split.py on time, for routes that wait for windows.

A label is (cost, time without waiting and rests, end, when a rest is due). It is compared by cost,
then by time without waiting: of two ways that wait for the same window the shorter lets the
vehicle depart later. Rests are taken as in timing.py. Where facilities have opening hours, a
restore is chosen by when the vehicle would be there. It is a guess, not exact: a label that ends
later but waits longer is not kept. The caller keeps what it had when that was better.
"""

from __future__ import annotations

from typing import Any

from routes.engine.kernel import inner, wide
from routes.engine.state import BIG, Data, State
from routes.engine.timing import departure, first_due, reschedule, service_start, visit


@inner
def restore_at(D: Data, x: int, y: int, now: int, due: int) -> int:
    """The restore on the way from place x to place y: the cheapest one where it is open, otherwise
    the one that lets the vehicle be there first."""
    best = wide(D.via_option[x, y])
    if not D.rule.hours:
        return best
    end, _, _, waited = visit(D, x, best, now, due)
    if end < BIG and waited == 0:
        return best
    first = BIG
    for o in range(D.rule.restores):
        end = visit(D, x, o, now, due)[0] + D.time[D.option[o].exit, y]
        if end < first:
            best, first = o, end
    return best


@inner
def serve(D: Data, x: int, t: int, o: int, kind: int, now: int, due: int) -> Any:
    """(end, due) of driving from place x to task t and serving it; end BIG: too late."""
    way = D.time[x, D.mode[o].entry]
    work = D.service_s[o, kind]
    start = service_start(D, t, now + way, work)
    if start < BIG and start + work > due:
        now = max(now, D.rule.rest_from) + D.rule.rest_s
        due = now + D.rule.rest_after
        start = service_start(D, t, now + way, work)
    if start >= BIG or start + work > due:
        return BIG, due
    return start + work, due


@inner
def drive_home(D: Data, v: int, x: int, now: int, due: int) -> int:
    """When vehicle v is back from place x."""
    way = D.time[x, D.vehicle[v].end]
    if now + way > due or (D.rule.lunch and due <= D.rule.rest_to):
        now = max(now, D.rule.rest_from) + D.rule.rest_s
    return now + way


@inner
def extend(
    D: Data, S: State, v: int, label: Any, x: int, t: int, o: int, via: bool, out: Any
) -> bool:
    """Write into `out` the label of serving t in mode o after `label` at place x, when better."""
    if label[0] >= BIG:
        return False
    kind = D.vehicle[v].type
    busy = label[1] + D.service_s[o, kind]
    cost = D.rule.distance * D.mode[o].metres
    now, due = label[2], label[3]
    y = D.mode[o].entry
    if via:
        fill = restore_at(D, x, y, now, due)
        k = D.option[fill]
        now, due, _, _ = visit(D, x, fill, now, due)
        if now >= BIG:
            return False
        busy += D.time[x, k.entry] + k.seconds
        cost += k.cost
        if D.rule.distance != 0:
            cost += D.rule.distance * (D.metres[x, k.entry] + k.metres)
        x = k.exit
    busy += D.time[x, y]
    if D.rule.distance != 0:
        cost += D.rule.distance * D.metres[x, y]
    now, due = serve(D, x, t, o, kind, now, due)
    if now >= BIG:
        return False
    cost += label[0] + D.rule.time * (now - label[2])
    if cost > out[0] or (cost == out[0] and busy >= out[1]):
        return False
    out[0], out[1], out[2], out[3] = cost, busy, now, due
    return True


@inner
def begin_route(D: Data, S: State, v: int) -> None:
    """S.now[0]: the labels of the first task, departing so late that it does not wait."""
    kind = D.vehicle[v].type
    t = S.seq[v, 0]
    for j in range(D.task[t].modes):
        o = D.task[t].first + j
        x = wide(D.vehicle[v].start)
        out = S.now[0, j]
        out[0] = BIG
        depart = departure(D, v, t, o)
        if depart >= BIG:
            continue
        end, due = serve(D, x, t, o, kind, depart, first_due(D, depart))
        if end < BIG:
            out[0] = D.rule.time * (end - depart)
            if D.rule.distance != 0:
                out[0] += D.rule.distance * (D.metres[x, D.mode[o].entry] + D.mode[o].metres)
            out[1] = D.time[x, D.mode[o].entry] + D.service_s[o, kind]
            out[2], out[3] = end, due


@inner
def begin_tank(D: Data, S: State, v: int, k: int) -> None:
    """S.now[0]: the labels of task k when a tank begins with it."""
    if k == 0:
        begin_route(D, S, v)
        return
    t = S.seq[v, k]
    before = D.task[S.seq[v, k - 1]]
    for j in range(D.task[t].modes):
        S.now[0, j, 0] = BIG
        for p in range(before.modes):
            x = D.mode[before.first + p].exit
            if extend(D, S, v, S.label[k - 1, p], x, t, D.task[t].first + j, True, S.now[0, j]):
                S.parent[k, j] = p


@inner
def go_on(D: Data, S: State, v: int, i: int, row: int) -> None:
    """From S.now[row] after task i - 1 to S.now[1 - row] after task i, parents noted."""
    t = S.seq[v, i]
    before = D.task[S.seq[v, i - 1]]
    for j in range(D.task[t].modes):
        out = S.now[1 - row, j]
        out[0] = BIG
        for p in range(before.modes):
            x = D.mode[before.first + p].exit
            if extend(D, S, v, S.now[row, p], x, t, D.task[t].first + j, False, out):
                S.parent[i, j] = p


@inner
def home(D: Data, v: int, label: Any, x: int, via: bool) -> Any:
    """(cost, restore on the way home or -1) of a route whose last label is given; cost BIG when it
    is back too late."""
    fill = wide(-1)
    if label[0] >= BIG or (via and D.rule.restores == 0):
        return BIG, fill
    now, due = label[2], label[3]
    cost = label[0]
    y = D.vehicle[v].end
    if via:
        fill = restore_at(D, x, y, now, due)
        k = D.option[fill]
        now, due, _, _ = visit(D, x, fill, now, due)
        if now >= BIG:
            return BIG, fill
        cost += k.cost
        if D.rule.distance != 0:
            cost += D.rule.distance * (D.metres[x, k.entry] + k.metres)
        x = k.exit
    now = drive_home(D, v, x, now, due)
    if now > D.vehicle[v].close:
        return BIG, fill
    if D.rule.distance != 0:
        cost += D.rule.distance * D.metres[x, y]
    return cost + D.rule.time * (now - label[2]), fill


@inner
def split_timed(D: Data, S: State, v: int, usable: bool) -> bool:
    """Choose modes and restores of route v on time and bring it up to date.

    usable: the route as it stands keeps its limits; it is kept when nothing better is found.
    Returns whether the route keeps its limits.
    """
    m = wide(S.run[v].count)
    old_cost = S.run[v].cost
    old_home = S.run[v].home_fill
    for i in range(m):
        # where split() put them, to go back to: scratch of split.py that is free now
        S.link[i, 0, 0] = S.at[S.seq[v, i]].mode
        S.via[i, 0, 0] = S.at[S.seq[v, i]].fill
    if choose(D, S, v) and reschedule(D, S, v) and not (usable and S.run[v].cost >= old_cost):
        return True
    for i in range(m):
        S.at[S.seq[v, i]].mode = S.link[i, 0, 0]
        S.at[S.seq[v, i]].fill = S.via[i, 0, 0]
    S.run[v].home_fill = old_home
    return reschedule(D, S, v)


@inner
def choose(D: Data, S: State, v: int) -> bool:
    """Forward over all tanks, then write the best modes and restores into S.at."""
    m = wide(S.run[v].count)
    for i in range(m):
        for j in range(D.task[S.seq[v, i]].modes):
            S.label[i, j, 0] = BIG
    best = BIG
    best_k = best_j = wide(0)
    home_fill = wide(-1)
    for k in range(m):
        if k > 0 and D.rule.restores == 0:
            break
        row = wide(0)
        begin_tank(D, S, v, k)
        for r in range(D.demand.shape[1]):
            S.load[v, r] = 0
        spent = False
        for i in range(k, m):
            t = S.seq[v, i]
            fits = True
            for r in range(D.demand.shape[1]):
                S.load[v, r] += D.demand[t, r]
                fits = fits and S.load[v, r] <= D.capacity[v, r]
                spent = spent or D.demand[t, r] > 0
            if not fits:
                break
            if i > k:
                go_on(D, S, v, i, row)
                row = 1 - row
            for j in range(D.task[t].modes):
                label = S.now[row, j]
                old = S.label[i, j]
                if label[0] < old[0] or (label[0] == old[0] and label[1] < old[1]):
                    for q in range(4):
                        old[q] = label[q]
                    S.since[i, j] = k
                if i == m - 1:
                    x = D.mode[D.task[t].first + j].exit
                    cost, fill = home(D, v, label, x, D.rule.must_end and spent)
                    if cost < best:
                        best, best_k, best_j = cost, k, j
                        home_fill = fill
    if best >= BIG:
        return False
    walk_back(D, S, v, best_k, best_j)
    S.run[v].home_fill = home_fill
    return True


@inner
def walk_back(D: Data, S: State, v: int, k: int, j: int) -> None:
    """Write modes and restores from the last task in mode j, its tank begun at k."""
    i = S.run[v].count - 1
    while True:
        row = wide(0)
        begin_tank(D, S, v, k)
        for q in range(k + 1, i + 1):
            go_on(D, S, v, q, row)
            row = 1 - row
        for q in range(i, k, -1):
            t = S.seq[v, q]
            S.at[t].mode = D.task[t].first + j
            S.at[t].fill = -1
            j = S.parent[q, j]
        t = S.seq[v, k]
        S.at[t].mode = D.task[t].first + j
        S.at[t].fill = -1
        if k == 0:
            return
        came = S.parent[k, j]
        before = D.task[S.seq[v, k - 1]]
        x = D.mode[before.first + came].exit
        label = S.label[k - 1, came]
        S.at[t].fill = restore_at(D, x, D.mode[S.at[t].mode].entry, label[2], label[3])
        i = k - 1
        j = came
        k = S.since[i, j]
