"""What it costs to put a task into a route, estimated without changing anything."""

from __future__ import annotations

from typing import Any, NamedTuple

from routes.engine.change import hands_delta
from routes.engine.kernel import inlined, inner
from routes.engine.overload import dearer, holds
from routes.engine.plain import outside
from routes.engine.state import BIG, TICK, TURN, Data, State
from routes.engine.timing import service_cost, service_start, via_cost, way_cost


@inner
def tanks(D: Data, S: State, v: int, t: int) -> Any:
    """(tanks that route v needs, tanks it needs with task t); -1: it cannot take t."""
    without = with_it = 1
    for r in range(D.demand.shape[1]):
        more = D.demand[t, r]
        room = D.capacity[v, r]
        load = S.load[v, r]
        if more > room:
            return 1, -1
        if load + more > room:
            if D.rule.restores == 0:
                if not holds(D, S, v, r, load + more):
                    return 1, -1
                continue
            with_it = max(with_it, (load + more + room - 1) // room)
            without = max(without, (load + room - 1) // room)
        if D.rule.capped and load + more > D.most[v, r]:
            return 1, -1
    return without, with_it


@inner
def admit(D: Data, S: State, t: int, v: int) -> None:
    """Set what task t costs anywhere in route v (run.extra) and the detour there is time for."""
    run = S.run[v]
    vehicle = D.vehicle[v]
    run.seen = S.num[TICK]
    run.room = -BIG
    pinned = D.task[t].pinned
    if run.banned == S.num[TURN] or not D.allowed[t, vehicle.type] or (pinned >= 0 and pinned != v):
        return
    without, with_it = tanks(D, S, v, t)
    if with_it < 0:
        return
    pending = max(0, with_it - 1 - run.fills)
    more = pending - max(0, without - 1 - run.fills)
    run.room = vehicle.busy_limit - run.busy - pending * D.rule.extra_s
    run.extra = hands_delta(D, S, t, v) + more * D.rule.extra_s * D.rule.time
    if D.rule.soft:
        run.extra += dearer(D, S, t, v)
    if D.rule.balance != 0:
        lasts = run.back - run.depart
        longer = lasts + D.service_s[D.task[t].first, vehicle.type] + more * D.rule.extra_s
        run.extra += D.rule.balance * (outside(D, v, longer) - outside(D, v, lasts))


@inner
def in_time(D: Data, S: State, v: int, i: int, t: int, o: int, to_t: int, to_next: int) -> int:
    """Seconds of waiting that task t adds in mode o at position i; -1 when it is too late."""
    now = D.vehicle[v].open if i == 0 else S.at[S.seq[v, i - 1]].end
    work = D.service_s[o, D.vehicle[v].type]
    start = service_start(D, t, now + to_t, work)
    if start >= BIG:
        return -1
    waits = start - now - to_t if i > 0 else 0
    if i < S.run[v].count:
        late = S.at[S.seq[v, i]].late - S.at[S.seq[v, i]].rests * D.rule.rest_s
    else:
        late = D.vehicle[v].close
    if start + work + to_next > late:
        return -1
    return waits


class Hot(NamedTuple):
    """What pricing reads over and over, taken out of Data and State once for each task."""

    rule: Any
    time: Any
    time_to: Any
    via_s: Any
    mode: Any
    service_s: Any
    seq: Any
    at: Any


@inner
def hot_fields(D: Data, S: State) -> Hot:
    """The arrays that price_at reads."""
    return Hot(D.rule, D.time, D.time_to, D.via_s, D.mode, D.service_s, S.seq, S.at)


@inlined
def price_at(
    D: Data, S: State, H: Hot, t: int, v: int, i: int, first: int, modes: int, kind: int,
    m: int, room: int, start: int, end: int, home_fill: int,
    home_way: int,
) -> Any:  # fmt: skip
    """(cost, seconds, mode, restore) of the best mode of task t before position i of route v.

    restore: 0 none on the link, 1 it goes behind t, 2 before t. Cost BIG: impossible. The other
    arguments are the task's first mode and their number, and of the vehicle its type, tasks,
    spare seconds, places, restore on the way home and its seconds.
    """
    x = start if i == 0 else H.mode[H.at[H.seq[v, i - 1]].mode].exit
    if i == m:
        y = end
        fill = home_fill
        old_s = home_way
    else:
        after = H.at[H.seq[v, i]]
        y = H.mode[after.mode].entry
        fill = after.fill
        old_s = after.way
    best = BIG
    seconds = 0
    mode = 0
    restore = 0
    cheap = H.rule.distance == 0 and not H.rule.priced
    for o in range(first, first + modes):
        a = H.mode[o].entry
        b = H.mode[o].exit
        work = H.service_s[o, kind]
        for choice in range(1 if fill >= 0 else 0, (3 if i < m else 2) if fill >= 0 else 1):
            to_t = H.via_s[x, a] if choice == 2 else H.time_to[a, x]
            to_next = H.via_s[b, y] if choice == 1 else H.time[b, y]
            more = to_t + to_next + work - old_s
            if more > room:
                continue
            if cheap:
                cost = H.rule.time * more
            else:
                cost = dear(D, x, y, a, b, o, kind, choice, fill)
            if cost >= best:
                continue
            if H.rule.timed:
                waits = in_time(D, S, v, i, t, o, to_t, to_next)
                if waits < 0:
                    continue
                cost += H.rule.time * waits
                if cost >= best:
                    continue
            best, seconds, mode, restore = cost, more, o, choice
    return best, seconds, mode, restore


@inner
def dear(D: Data, x: int, y: int, a: int, b: int, o: int, kind: int, choice: int, fill: int) -> int:
    """What serving in mode o between places x and y adds when metres or restores cost."""
    cost = service_cost(D, o, kind)
    cost -= via_cost(D, x, y) if fill >= 0 else way_cost(D, x, y)
    cost += via_cost(D, x, a) if choice == 2 else way_cost(D, x, a)
    cost += via_cost(D, b, y) if choice == 1 else way_cost(D, b, y)
    return cost


@inner
def price_empty(D: Data, S: State, t: int, v: int) -> Any:
    """As price_at, for the first task of an unused vehicle."""
    vehicle = D.vehicle[v]
    best = BIG
    seconds = 0
    mode = 0
    if S.run[v].banned == S.num[TURN] or not D.allowed[t, vehicle.type]:
        return best, seconds, mode, 0
    if tanks(D, S, v, t)[1] < 0:
        return best, seconds, mode, 0
    dirty = False
    for r in range(D.demand.shape[1]):
        dirty = dirty or (D.rule.must_end and D.demand[t, r] > 0)
    if dirty and D.rule.restores == 0:
        return best, seconds, mode, 0
    for o in range(D.task[t].first, D.task[t].first + D.task[t].modes):
        a = D.mode[o].entry
        b = D.mode[o].exit
        work = D.service_s[o, vehicle.type]
        home = D.via_s[b, vehicle.end] if dirty else D.time[b, vehicle.end]
        lasts = D.time[vehicle.start, a] + work + home
        if lasts > vehicle.busy_limit:
            continue
        cost = way_cost(D, vehicle.start, a) + service_cost(D, o, vehicle.type)
        cost += via_cost(D, b, vehicle.end) if dirty else way_cost(D, b, vehicle.end)
        if D.rule.balance != 0:
            cost += D.rule.balance * outside(D, v, lasts)
        if cost < best:
            best, seconds, mode = cost, lasts, o
    if best < BIG:
        best += vehicle.fixed + hands_delta(D, S, t, v)
    return best, seconds, mode, 0
