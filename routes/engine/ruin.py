"""Ruin: strings of neighbouring tasks out of a few neighbouring routes (SISRs)."""

from __future__ import annotations

from routes.engine.change import detach, touch
from routes.engine.kernel import inner
from routes.engine.rng import below, uniform
from routes.engine.state import ABSENT, REMOVED, SERVED, TICK, USED, Data, State
from routes.engine.timing import reschedule

AVERAGE_REMOVED = 10.0
LONGEST_STRING = 10.0
SPLIT_STRING = 0.5  # the share of strings with tasks spared in the middle
SPARE_MORE = 0.5
RETRIED = 5  # absent tasks that join a ruin, besides those next to it


@inner
def _remove(D: Data, S: State, t: int) -> None:
    k = S.num[REMOVED]
    S.removed[k] = t
    S.origin[k] = S.at[t].where
    S.num[REMOVED] = k + 1
    if S.at[t].where >= 0:
        detach(D, S, t)
    S.at[t].tick = -S.num[TICK]


@inner
def cut(D: Data, S: State, v: int, low: int, length: int, spare_at: int, spared: int) -> None:
    """Remove `length` tasks of route v from position low on, `spared` of them from spare_at on
    excepted. A restore between two tasks that stay is kept as the best one for its new link."""
    touch(S, v)
    m = S.run[v].count
    place = low
    carry = False
    moved = True
    for i in range(low, m):
        t = S.seq[v, i]
        if i < low + length and not spare_at <= i < spare_at + spared:
            carry = carry or S.at[t].fill >= 0
            moved = True
            _remove(D, S, t)
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
def ruin(D: Data, S: State) -> None:
    """Remove tasks around a random one. They stand in S.removed, absent ones to retry as well."""
    tasks = len(D.task)
    S.num[TICK] += 1
    tick = S.num[TICK]
    longest = 1.0
    if S.num[USED] > 0:
        longest = max(1.0, min(LONGEST_STRING, S.num[SERVED] / S.num[USED]))
    routes = int(uniform(S.rng) * (4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0) + 1.0)
    seed = below(S.rng, tasks)
    hits = 0
    retried = 0
    for j in range(-1, D.near.shape[1]):
        if hits >= routes and S.num[ABSENT] == 0:
            break
        c = seed if j < 0 else D.near[seed, j]
        v = S.at[c].where
        if v < 0:
            if S.at[c].tick != -tick and retried < RETRIED:
                _remove(D, S, c)
                retried += 1
            continue
        if hits >= routes or S.run[v].hit == tick:
            continue
        m = S.run[v].count
        length = min(m, int(uniform(S.rng) * min(float(m), longest) + 1.0))
        spared = 0
        if 1 < length < m and uniform(S.rng) < SPLIT_STRING:
            spared = 1
            while length + spared < m and uniform(S.rng) > SPARE_MORE:
                spared += 1
        total = length + spared
        p = S.at[c].pos
        low = min(max(0, p - below(S.rng, total)), m - total)
        spare_at = low + 1 + below(S.rng, length) if spared > 0 else m
        S.run[v].hit = tick
        cut(D, S, v, low, total, spare_at, spared)
        hits += 1
    for _ in range(min(RETRIED, S.num[ABSENT])):
        t = S.absent[below(S.rng, S.num[ABSENT])]
        if S.at[t].tick != -tick:
            _remove(D, S, t)
