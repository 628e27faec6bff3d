"""Taking tasks out of routes and putting them in, so that it can be undone.

S.num[PENALTY] is what belongs to no single route: tasks left out, split groups, moved tasks.
"""

from __future__ import annotations

from routes.engine.kernel import inner, wide
from routes.engine.state import (
    ABSENT,
    CURRENT,
    KEPT,
    PENALTY,
    REMOVED,
    SERVED,
    TOUCHED,
    USED,
    Data,
    State,
)


@inner
def begin(S: State) -> None:
    """Start a change: nothing touched, nothing removed."""
    for k in range(S.num[TOUCHED]):
        S.run[S.touched[k]].slot = -1
    S.num[TOUCHED] = 0
    S.num[REMOVED] = 0
    S.num[KEPT] = 0


@inner
def touch(S: State, v: int) -> None:
    """Keep route v as it is, once in a change, before it is changed."""
    if S.run[v].slot >= 0:
        return
    slot = S.num[TOUCHED]
    S.touched[slot] = v
    S.run[v].slot = slot
    S.num[TOUCHED] += 1
    S.kept_run[slot] = S.run[v]
    for r in range(S.load.shape[1]):
        S.kept_load[slot, r] = S.load[v, r]
    base = S.num[KEPT]
    for i in range(S.run[v].count):
        t = S.seq[v, i]
        S.kept_seq[base + i] = t
        S.kept_at[base + i] = S.at[t]
    S.num[KEPT] += S.run[v].count


@inner
def hands_delta(D: Data, S: State, t: int, v: int) -> int:
    """What task t in vehicle v adds to the cost of split groups and moved tasks."""
    delta = 0
    g = D.task[t].group
    if D.rule.group != 0 and g >= 0 and S.group_hands[g] > 0 and S.group_count[g, v] == 0:
        delta += D.rule.group
    if D.task[t].preferred >= 0 and D.task[t].preferred != v:
        delta += D.rule.moved
    return delta


@inner
def attach(D: Data, S: State, t: int, v: int) -> None:
    """Book task t, so far left out, on vehicle v."""
    S.num[PENALTY] += hands_delta(D, S, t, v) - D.task[t].drop
    S.num[SERVED] += 1
    S.at[t].where = v
    g = D.task[t].group
    if D.rule.group != 0 and g >= 0:
        if S.group_count[g, v] == 0:
            S.group_hands[g] += 1
        S.group_count[g, v] += 1


@inner
def detach(D: Data, S: State, t: int) -> None:
    """Book task t as left out; the opposite of attach."""
    v = wide(S.at[t].where)
    g = D.task[t].group
    if D.rule.group != 0 and g >= 0:
        S.group_count[g, v] -= 1
        if S.group_count[g, v] == 0:
            S.group_hands[g] -= 1
    S.at[t].where = -1
    S.num[SERVED] -= 1
    S.num[PENALTY] -= hands_delta(D, S, t, v) - D.task[t].drop


@inner
def insert(D: Data, S: State, v: int, i: int, t: int, o: int) -> None:
    """Put task t into route v before position i; restores, times and cost are the caller's."""
    m = wide(S.run[v].count)
    for j in range(m, i, -1):
        u = S.seq[v, j - 1]
        S.seq[v, j] = u
        S.at[u].pos = j
    S.seq[v, i] = t
    S.at[t].pos = i
    S.at[t].mode = o
    S.at[t].fill = -1
    S.run[v].count = m + 1
    for r in range(D.demand.shape[1]):
        S.load[v, r] += D.demand[t, r]
    attach(D, S, t, v)


@inner
def take_out(D: Data, S: State, v: int, i: int) -> None:
    """Take the task at position i out of route v; the opposite of insert."""
    t = S.seq[v, i]
    for j in range(i + 1, S.run[v].count):
        u = S.seq[v, j]
        S.seq[v, j - 1] = u
        S.at[u].pos = j - 1
    S.run[v].count -= 1
    for r in range(D.demand.shape[1]):
        S.load[v, r] -= D.demand[t, r]
    detach(D, S, t)


@inner
def undo(D: Data, S: State) -> None:
    """Everything as it was at begin()."""
    for k in range(S.num[REMOVED]):
        if S.at[S.removed[k]].where >= 0:
            detach(D, S, S.removed[k])
    for k in range(S.num[REMOVED]):
        if S.origin[k] >= 0:
            attach(D, S, S.removed[k], S.origin[k])
    base = 0
    for slot in range(S.num[TOUCHED]):
        v = S.touched[slot]
        S.run[v] = S.kept_run[slot]
        for r in range(S.load.shape[1]):
            S.load[v, r] = S.kept_load[slot, r]
        for i in range(S.run[v].count):
            t = S.kept_seq[base + i]
            S.seq[v, i] = t
            S.at[t] = S.kept_at[base + i]
        base += S.run[v].count


@inner
def commit(S: State, cost: int) -> None:
    """The change stands: bring the list of absent tasks and the count of routes up to date."""
    S.num[CURRENT] = cost
    for k in range(S.num[REMOVED]):
        t = S.removed[k]
        here = S.absent_pos[t]
        if S.at[t].where < 0 and here < 0:
            S.absent[S.num[ABSENT]] = t
            S.absent_pos[t] = S.num[ABSENT]
            S.num[ABSENT] += 1
        elif S.at[t].where >= 0 and here >= 0:
            S.num[ABSENT] -= 1
            last = S.absent[S.num[ABSENT]]
            S.absent[here] = last
            S.absent_pos[last] = here
            S.absent_pos[t] = -1
    for slot in range(S.num[TOUCHED]):
        before = S.kept_run[slot].count > 0
        after = S.run[S.touched[slot]].count > 0
        S.num[USED] += int(after) - int(before)
        S.run[S.touched[slot]].stale = 1


@inner
def keep_best(S: State) -> None:
    """The current solution is the best so far: copy the routes changed since the last one."""
    for v in range(len(S.run)):
        if S.run[v].stale == 0:
            continue
        S.run[v].stale = 0
        S.best_run[v] = S.run[v]
        for i in range(S.run[v].count):
            t = S.seq[v, i]
            S.best_seq[v, i] = t
            S.best_at[t] = S.at[t]
