"""Ruin: strings of neighbouring tasks out of a few neighbouring routes (SISRs)."""

from __future__ import annotations

from routes.engine.change import detach, touch
from routes.engine.kernel import inlined, inner, wide
from routes.engine.rng import below, uniform
from routes.engine.state import (
    ABSENT,
    ELSEWHERE,
    MINE,
    REMOVED,
    SERVED,
    TICK,
    TOUCHED,
    USED,
    Data,
    State,
)
from routes.engine.timing import reschedule

AVERAGE_REMOVED = 10.0
LONGEST_STRING = 10.0
SPLIT_STRING = 0.5  # the share of strings with tasks spared in the middle
SPARE_MORE = 0.5
RETRIED = 5  # absent tasks that join a ruin
WHOLE = 0.5  # how often groups are removed whole
AVERAGE_IN_GROUPS = 7.0
STRING_IN_GROUPS = 3.0  # long strings with their groups are too much to put back well


@inner
def _remove(D: Data, S: State, t: int) -> None:
    """Note task t as removed; in a route it stays until the route is swept."""
    k = S.num[REMOVED]
    S.removed[k] = t
    S.origin[k] = S.at[t].where
    S.num[REMOVED] = k + 1
    S.at[t].tick = -S.num[TICK]
    v = wide(S.at[t].where)
    if v >= 0:
        touch(S, v)
        detach(D, S, t)


@inner
def _sweep(D: Data, S: State, v: int) -> None:
    """Close the gaps that removed tasks leave in route v. A restore between two tasks that stay
    is kept as the best one for its new link."""
    tick = -S.num[TICK]
    place = 0
    carry = False
    moved = False
    for i in range(S.run[v].count):
        t = S.seq[v, i]
        if S.at[t].tick == tick:
            carry = carry or S.at[t].fill >= 0
            moved = True
            continue
        if moved:
            if place == 0:
                S.at[t].fill = -1
            elif carry or S.at[t].fill >= 0:
                x = D.mode[S.at[S.seq[v, place - 1]].mode].exit
                S.at[t].fill = D.via_option[x, D.mode[S.at[t].mode].entry]
        carry = False
        moved = False
        S.seq[v, place] = t
        S.at[t].pos = place
        place += 1
    S.run[v].count = place
    if place > 0 and S.run[v].home_fill >= 0:
        x = D.mode[S.at[S.seq[v, place - 1]].mode].exit
        S.run[v].home_fill = D.via_option[x, D.vehicle[v].end]
    reschedule(D, S, v)


@inner
def _mates(D: Data, S: State) -> None:
    """Remove the rest of every removed task's group, so that a group can change hands whole."""
    for k in range(S.num[REMOVED]):
        g = D.task[S.removed[k]].group
        if g < 0 or S.origin[k] < 0:
            continue
        for j in range(D.group_first[g], D.group_first[g + 1]):
            u = D.mates[j]
            if S.at[u].where >= 0:
                _remove(D, S, u)


@inlined
def ruin(D: Data, S: State) -> None:
    """Remove tasks around a random one. They stand in S.removed, absent ones to retry as well."""
    S.num[TICK] += 1
    tick = S.num[TICK]
    average, longest = AVERAGE_REMOVED, LONGEST_STRING
    whole = False
    if D.rule.group != 0 and D.rule.mates > 1.0:
        average, longest = AVERAGE_IN_GROUPS, STRING_IN_GROUPS
        whole = uniform(S.rng) < WHOLE
        if whole:
            average /= D.rule.mates
    longest = max(1.0, min(longest, S.num[SERVED] / max(1, S.num[USED])))
    routes = int(uniform(S.rng) * max(0.0, 4.0 * average / (1.0 + longest) - 1.0) + 1.0)
    seed = wide(S.mine[below(S.rng, S.num[MINE])])
    hits = 0
    retried = 0
    for j in range(-1, D.near.shape[1]):
        if hits >= routes and (S.num[ABSENT] == 0 or retried >= RETRIED):
            break
        c = seed if j < 0 else D.near[seed, j]
        v = wide(S.at[c].where)
        if v == ELSEWHERE:
            continue
        if v < 0:
            if S.at[c].tick != -tick and retried < RETRIED:
                _remove(D, S, c)
                retried += 1
            continue
        if hits >= routes or S.run[v].hit == tick:
            continue
        m = wide(S.run[v].count)
        length = min(m, int(uniform(S.rng) * min(float(m), longest) + 1.0))
        spared = 0
        if 1 < length < m and uniform(S.rng) < SPLIT_STRING:
            spared = 1
            while length + spared < m and uniform(S.rng) > SPARE_MORE:
                spared += 1
        total = length + spared
        low = min(max(0, S.at[c].pos - below(S.rng, total)), m - total)
        spare_at = low + 1 + below(S.rng, length) if spared > 0 else m
        S.run[v].hit = tick
        for i in range(low, low + total):
            if not spare_at <= i < spare_at + spared:
                _remove(D, S, S.seq[v, i])
        hits += 1
    if whole:
        _mates(D, S)
    for slot in range(S.num[TOUCHED]):
        _sweep(D, S, S.touched[slot])
    for _ in range(min(RETRIED - retried, S.num[ABSENT])):
        t = S.absent[below(S.rng, S.num[ABSENT])]
        if S.at[t].tick != -tick:
            _remove(D, S, t)
