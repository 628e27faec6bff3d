"""A route in time: when it departs, where it rests, what it costs, how much later it may run.

Rests are taken as late as possible: before the step that could not end within rest_after of the
last rest. Steps are a restore (the way to it included), a service (way and waiting included) and
the way home. Each step starts as early as it can. `due` is the time until which a step must have
ended or be begun after a rest. A lunch is a rest that is due at the end of its hour, and at the
latest before the way home; where it would begin too early, the vehicle waits for it.

A route whose tasks have no binding window departs when its shift opens. Otherwise it departs so
late that it does not wait for its first task, and later still by what saves waiting further on
(forward time slack: Savelsbergh, ORSA Journal on Computing 4(2), 1992, doi 10.1287/ijoc.4.2.146).
"""

from __future__ import annotations

from typing import Any

from routes.engine.kernel import inner, wide
from routes.engine.plain import outside, sum_up
from routes.engine.state import BIG, Data, State


@inner
def way_cost(D: Data, x: int, y: int) -> int:
    """Cost of driving from place x to place y."""
    cost = D.rule.time * D.time[x, y]
    if D.rule.distance != 0:
        cost += D.rule.distance * D.metres[x, y]
    return cost


@inner
def via_cost(D: Data, x: int, y: int) -> int:
    """Cost of driving from place x to place y through the best restore."""
    cost = D.rule.time * D.via_s[x, y]
    if D.rule.distance != 0 or D.rule.priced:
        k = D.option[D.via_option[x, y]]
        cost += k.cost
    if D.rule.distance != 0:
        cost += D.rule.distance * (D.metres[x, k.entry] + k.metres + D.metres[k.exit, y])
    return cost


@inner
def service_cost(D: Data, o: int, kind: int) -> int:
    """Cost of serving in mode o by a vehicle of a type."""
    return D.rule.time * D.service_s[o, kind] + D.rule.distance * D.mode[o].metres


@inner
def service_start(D: Data, t: int, arrive: int, work: int) -> int:
    """When the service of task t starts after arriving; BIG when no window is left."""
    for w in range(D.window.shape[1]):
        start = max(arrive, D.window[t, w, 0])
        if start + work <= D.window[t, w, 1]:
            return start
    return BIG


@inner
def window_close(D: Data, t: int, start: int, work: int) -> int:
    """The end of the window in which the service of task t starts at start."""
    for w in range(D.window.shape[1]):
        if D.window[t, w, 0] <= start and start + work <= D.window[t, w, 1]:
            return D.window[t, w, 1]
    return start + work


@inner
def first_due(D: Data, depart: int) -> int:
    """When the first rest of a route is due that departs so."""
    return min(depart + D.rule.rest_after, D.rule.rest_to)


@inner
def visit(D: Data, x: int, o: int, now: int, due: int) -> Any:
    """(end, due, rests, seconds waited) of driving from place x to restore o and of the visit,
    after a rest when it needs one. It ends after `due` where even a rest is of no help, and at BIG
    where the facility is closed by then."""
    k = D.option[o]
    way = D.time[x, k.entry]
    start = max(now + way, k.open) if D.rule.hours else now + way
    rests = waited = 0
    if start + k.seconds > due:
        begin = max(now, D.rule.rest_from)
        waited = begin - now
        now = begin + D.rule.rest_s
        due = now + D.rule.rest_after
        rests = 1
        start = max(now + way, k.open) if D.rule.hours else now + way
    if D.rule.hours and start + k.seconds > k.close:
        return BIG, due, rests, 0
    return start + k.seconds, due, rests, waited + start - now - way


@inner
def replay(D: Data, S: State, v: int, depart: int, store: bool) -> Any:
    """Drive route v from `depart` on.

    Returns (windows kept, rests kept, return, waited, slack, rests): slack is how much later it
    may depart and gain waiting by it. store: keep each task's end and rests in S.at.
    """
    rule = D.rule
    time, mode, option, seq, at = D.time, D.mode, D.option, S.seq, S.at
    kind = D.vehicle[v].type
    x = D.vehicle[v].start
    now = depart
    due = first_due(D, depart)
    waited = 0
    slack = BIG
    rests = 0
    rest_ok = depart <= rule.rest_to
    for i in range(S.run[v].count):
        t = seq[v, i]
        o = at[t].mode
        before = rests
        if at[t].fill >= 0:
            now, due, more, waits = visit(D, x, at[t].fill, now, due)
            if now >= BIG:
                return False, rest_ok, 0, 0, 0, 0
            rest_ok = rest_ok and now <= due
            rests += more
            waited += waits
            if rule.hours:
                slack = min(slack, waited + option[at[t].fill].close - now)
            x = option[at[t].fill].exit
        work = D.service_s[o, kind]
        way = time[x, mode[o].entry]
        start = service_start(D, t, now + way, work) if rule.timed else now + way
        if start + work > due and start < BIG:
            begin = max(now, rule.rest_from)
            waited += begin - now
            slack = min(slack, waited + rule.rest_to - begin)
            now = begin + rule.rest_s
            due = now + rule.rest_after
            rests += 1
            start = service_start(D, t, now + way, work) if rule.timed else now + way
            rest_ok = rest_ok and start + work <= due
        if start >= BIG:
            return False, rest_ok, 0, 0, 0, 0
        if rule.timed:
            waited += start - now - way
            slack = min(slack, waited + window_close(D, t, start, work) - work - start)
        now = start + work
        x = mode[o].exit
        if store:
            at[t].end = now
            at[t].rests = rests - before
    if S.run[v].home_fill >= 0:
        now, due, more, waits = visit(D, x, S.run[v].home_fill, now, due)
        if now >= BIG:
            return False, rest_ok, 0, 0, 0, 0
        rest_ok = rest_ok and now <= due
        rests += more
        waited += waits
        if rule.hours:
            slack = min(slack, waited + option[S.run[v].home_fill].close - now)
        x = option[S.run[v].home_fill].exit
    way = time[x, D.vehicle[v].end]
    if now + way > due or (rule.lunch and rests == 0):
        begin = max(now, rule.rest_from)
        waited += begin - now
        now = begin + rule.rest_s
        rests += 1
        rest_ok = rest_ok and way <= rule.rest_after
    return True, rest_ok, now + way, waited, slack, rests


@inner
def first_departure(D: Data, S: State, v: int) -> int:
    """The latest departure that reaches the first task as early as any."""
    if D.rule.timed and S.run[v].count > 0:
        t = S.seq[v, 0]
        depart = departure(D, v, t, S.at[t].mode)
        if depart < BIG:
            return depart
    return wide(D.vehicle[v].open)


@inner
def departure(D: Data, v: int, t: int, o: int) -> int:
    """The latest departure of vehicle v that reaches task t in mode o as early as any; BIG when
    it is too late for the task, or for a lunch."""
    opens = D.vehicle[v].open
    way = D.time[D.vehicle[v].start, D.mode[o].entry]
    work = D.service_s[o, D.vehicle[v].type]
    start = service_start(D, t, opens + way, work)
    if start >= BIG:
        return BIG
    if D.rule.lunch and start + work > D.rule.rest_to:
        # the lunch comes before it
        if opens > D.rule.rest_to:
            return BIG
        return max(opens, min(start - way - D.rule.rest_s, D.rule.rest_to))
    return start - way


@inner
def latest_arrivals(D: Data, S: State, v: int) -> None:
    """Set S.at[t].late: the latest arrival at t that keeps the rest of the route in time."""
    kind = D.vehicle[v].type
    y = D.vehicle[v].end
    late = D.vehicle[v].close
    fill = S.run[v].home_fill
    pauses = 0
    if D.rule.lunch:
        pauses = 1
        for i in range(S.run[v].count):
            pauses -= S.at[S.seq[v, i]].rests
    for i in range(S.run[v].count - 1, -1, -1):
        t = S.seq[v, i]
        o = S.at[t].mode
        leave = D.mode[o].exit
        if fill >= 0:
            k = D.option[fill]
            end = min(late - D.time[k.exit, y], k.close)
            end -= k.seconds + D.time[leave, k.entry]
        else:
            end = late - D.time[leave, y]
        end -= pauses * D.rule.rest_s
        work = D.service_s[o, kind]
        late = -BIG
        for w in range(D.window.shape[1]):
            start = min(D.window[t, w, 1], end) - work
            if start >= D.window[t, w, 0]:
                late = max(late, start)
        S.at[t].late = late
        y = D.mode[o].entry
        fill = S.at[t].fill
        pauses = S.at[t].rests


@inner
def reschedule(D: Data, S: State, v: int) -> bool:
    """Bring positions, load, times and cost of route v up to date. False: it breaks a limit.

    The tank is not looked at, the most of a day is: split.py places the restores.
    """
    rule = D.rule
    if rule.plain:
        return sum_up(D, S, v)
    time, metres_of, mode, option, demand = D.time, D.metres, D.mode, D.option, D.demand
    seq, at, load = S.seq, S.at, S.load
    run = S.run[v]
    m = run.count
    kind = D.vehicle[v].type
    for r in range(D.demand.shape[1]):
        load[v, r] = 0
    run.fills = 0
    run.rests = 0
    run.busy = 0
    run.cost = 0
    if m == 0:
        run.home_fill = -1
        return True
    busy = 0
    metres = 0
    price = 0
    x = D.vehicle[v].start
    for i in range(m + 1):
        if i < m:
            t = seq[v, i]
            o = at[t].mode
            fill = at[t].fill
            y = mode[o].entry
            at[t].pos = i
            for r in range(D.demand.shape[1]):
                load[v, r] += demand[t, r]
            busy += D.service_s[o, kind]
            metres += mode[o].metres
            if fill >= 0:
                run.fills += 1
        else:
            o = 0
            fill = run.home_fill
            y = D.vehicle[v].end
        if fill >= 0:
            k = option[fill]
            way = time[x, k.entry] + k.seconds + time[k.exit, y]
            price += k.cost
            if rule.distance != 0:
                metres += metres_of[x, k.entry] + k.metres + metres_of[k.exit, y]
        else:
            way = wide(time[x, y])
            if rule.distance != 0:
                metres += metres_of[x, y]
        busy += way
        if i < m:
            at[seq[v, i]].way = way
        else:
            run.home_way = way
        x = mode[o].exit
    depart = first_departure(D, S, v)
    ok, rest_ok, back, waited, slack, rests = replay(D, S, v, depart, rule.timed)
    if rule.timed and ok:
        latest_arrivals(D, S, v)
        later = min(waited, slack)
        if later > 0:
            ok2, rest_ok2, back2, _, _, rests2 = replay(D, S, v, depart + later, False)
            if ok2 and (rest_ok2 or not rest_ok) and back2 - later <= back:
                depart += later
                rest_ok, back, rests = rest_ok2, back2, rests2
    run.busy = busy
    run.rests = rests
    run.depart = depart
    run.back = back
    lasts = back - depart
    run.cost = D.vehicle[v].fixed + rule.time * lasts + rule.distance * metres + price
    if rule.balance != 0:
        run.cost += rule.balance * outside(D, v, lasts)
    if rule.capped:
        for r in range(D.demand.shape[1]):
            ok = ok and load[v, r] <= D.most[v, r]
    return ok and rest_ok and lasts <= D.vehicle[v].limit and back <= D.vehicle[v].close
