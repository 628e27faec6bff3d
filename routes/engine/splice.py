"""Long moves: two routes exchange their tails, or a stretch of a route is turned round.

Strings of ten tasks cannot cut a route of sixty in two. These moves of local search can: 2-opt* of
Potvin & Rousseau (Journal of the Operational Research Society 46(12), 1995,
doi 10.1057/jors.1995.204) and 2-opt, each beside a near neighbour.
"""

from __future__ import annotations

from routes.engine.change import attach, detach, touch
from routes.engine.kernel import inner, wide
from routes.engine.overload import holds
from routes.engine.rng import below, uniform
from routes.engine.state import MINE, REMOVED, Data, State

TRIES = 12  # places looked at before the search goes on with something else


@inner
def _changes_hands(D: Data, S: State, t: int, v: int) -> bool:
    """Whether task t may go to vehicle v."""
    return bool(D.task[t].pinned < 0 and D.allowed[t, D.vehicle[v].type])


@inner
def _gain(D: Data, S: State, v: int, i: int, w: int, j: int, turned: bool) -> int:
    """Seconds that new links save: routes v and w cut behind position i and before position j
    (behind it if turned), with the modes that the tasks have."""
    seq, at, mode, time = S.seq, S.at, D.mode, D.time
    t = seq[v, i]
    if i + 1 < S.run[v].count:
        after = at[seq[v, i + 1]]
        old = wide(after.way)
        y = mode[after.mode].entry
    else:
        old = wide(S.run[v].home_way)
        y = D.vehicle[v].end
    u = seq[w, j]
    x = mode[at[t].mode].exit
    if not turned:
        before = mode[at[seq[w, j - 1]].mode].exit if j > 0 else D.vehicle[w].start
        return old + at[u].way - time[x, mode[at[u].mode].entry] - time[before, y]
    # t, then u and what comes before it backwards; what follows t backwards, then what follows u
    if j + 1 < S.run[w].count:
        after = at[seq[w, j + 1]]
        old += after.way
        z = mode[after.mode].entry
    else:
        old += S.run[w].home_way
        z = D.vehicle[w].end
    return old - time[x, mode[at[u].mode].exit] - time[y, z]


@inner
def _holds(D: Data, S: State, v: int, r: int, load: int) -> bool:
    return bool(load <= D.most[v, r]) if D.rule.capped else holds(D, S, v, r, load)


@inner
def _fits(D: Data, S: State, v: int, i: int, w: int, j: int, turned: bool) -> bool:
    """Whether both new routes carry their loads and may serve their new tasks."""
    m, n = wide(S.run[v].count), wide(S.run[w].count)
    for k in range(i + 1, m):
        if not _changes_hands(D, S, S.seq[v, k], w):
            return False
    for k in range(0 if turned else j, j + 1 if turned else n):
        if not _changes_hands(D, S, S.seq[w, k], v):
            return False
    if D.rule.restores > 0 and not D.rule.capped:
        return True
    for r in range(D.demand.shape[1]):
        given = taken = 0
        for k in range(i + 1, m):
            given += D.demand[S.seq[v, k], r]
        for k in range(0 if turned else j, j + 1 if turned else n):
            taken += D.demand[S.seq[w, k], r]
        if not _holds(D, S, v, r, S.load[v, r] - given + taken):
            return False
        if not _holds(D, S, w, r, S.load[w, r] - taken + given):
            return False
    return True


@inner
def _place(S: State, v: int, k: int, t: int) -> int:
    S.seq[v, k] = t
    S.at[t].pos = k
    S.at[t].fill = -1
    return k + 1


@inner
def _hand_over(D: Data, S: State, t: int, v: int, w: int) -> None:
    """Book task t on vehicle w instead of v, so that it can be undone."""
    S.removed[S.num[REMOVED]] = t
    S.origin[S.num[REMOVED]] = v
    S.num[REMOVED] += 1
    detach(D, S, t)
    attach(D, S, t, w)
    for r in range(D.demand.shape[1]):
        S.load[v, r] -= D.demand[t, r]
        S.load[w, r] += D.demand[t, r]


@inner
def _exchange(D: Data, S: State, v: int, i: int, w: int, j: int, turned: bool) -> None:
    """Make two routes of v[..i] + w[j..] and w[..j-1] + v[i+1..]; turned: of v[..i] + w[j..0]
    and v[m-1..i+1] + w[j+1..], where the second is driven by w."""
    touch(S, v)
    touch(S, w)
    m, n = wide(S.run[v].count), wide(S.run[w].count)
    old = S.kept_seq  # route v, then route w, as they were
    k = i + 1
    if turned:
        for p in range(j, -1, -1):
            k = _place(S, v, k, old[m + p])
            _hand_over(D, S, old[m + p], w, v)
        S.run[v].count = k
        k = wide(0)
        for p in range(m - 1, i, -1):
            k = _place(S, w, k, old[p])
            _hand_over(D, S, old[p], v, w)
        for p in range(j + 1, n):
            k = _place(S, w, k, old[m + p])
    else:
        for p in range(j, n):
            k = _place(S, v, k, old[m + p])
            _hand_over(D, S, old[m + p], w, v)
        S.run[v].count = k
        k = j
        for p in range(i + 1, m):
            k = _place(S, w, k, old[p])
            _hand_over(D, S, old[p], v, w)
    S.run[w].count = k


@inner
def splice(D: Data, S: State, worse: float) -> bool:
    """Make one such move whose links cost at most `worse` more. False: none was found."""
    near = D.near
    for _ in range(TRIES if near.shape[1] > 0 else 0):
        t = wide(S.mine[below(S.rng, S.num[MINE])])
        chance = uniform(S.rng)
        u = wide(near[t, int(chance * chance * near.shape[1])])
        v, w = wide(S.at[t].where), wide(S.at[u].where)
        if v < 0 or w < 0:
            continue
        i, j = wide(S.at[t].pos), wide(S.at[u].pos)
        turned = not D.rule.single and (v == w or uniform(S.rng) < 0.5)
        if v == w and (not turned or abs(i - j) < 2):
            continue
        if v == w and i > j:
            i, j = j, i
        if -D.rule.time * _gain(D, S, v, i, w, j, turned) > worse:
            continue
        if v == w:
            touch(S, v)
            k = i + 1
            for p in range(j, i, -1):
                k = _place(S, v, k, S.kept_seq[p])
            return True
        if _fits(D, S, v, i, w, j, turned):
            _exchange(D, S, v, i, w, j, turned)
            return True
    return False
