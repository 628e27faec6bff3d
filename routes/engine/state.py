"""The problem as the kernels read it (Data) and the solution as they change it (State).

Arrays of records keep what is used together in one cache line and read as `at[t].pos`. A route
is its vehicle: row v of `seq` lists the tasks of vehicle v in order. A restore stands on the link
into a task (`at[t].fill`, an option or -1) or on the way home (`run[v].home_fill`). Rests are
not stored: they follow from the times (see timing.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routes.bounds import busy_limit_s
from routes.engine.places import (
    Places,
    neighbours,
    one_more_restore_s,
    places_in_use,
    through_restores,
)
from routes.engine.rng import seeded
from routes.problem import NO_LIMIT, RoutingProblem

BIG = 1 << 60
COARSE_TASKS, FINE_TASKS = 16, 4  # whose share of a restore is the scale of a search, see scale()
ELSEWHERE = -2  # at[t].where of a task that another search has: see lanes.py

TASK = np.dtype([("first", "i4"), ("modes", "i4"), ("group", "i4"), ("pinned", "i4"),
                 ("preferred", "i4"), ("drop", "i8"), ("size", "i8"), ("far", "i8"),
                 ("close", "i8")], align=True)  # fmt: skip
MODE = np.dtype([("entry", "i4"), ("exit", "i4"), ("metres", "i4")], align=True)
VEHICLE = np.dtype([("type", "i4"), ("start", "i4"), ("end", "i4"), ("kind", "i4"),
                    ("open", "i8"), ("close", "i8"), ("limit", "i8"), ("busy_limit", "i8"),
                    ("fixed", "i8"), ("low", "i8"), ("high", "i8")], align=True)  # fmt: skip
OPTION = np.dtype([("entry", "i4"), ("exit", "i4"), ("seconds", "i4"), ("metres", "i4"),
                   ("cost", "i8"), ("open", "i8"), ("close", "i8")], align=True)  # fmt: skip
RUN = np.dtype([("count", "i4"), ("fills", "i4"), ("home_fill", "i4"), ("rests", "i4"),
                ("slot", "i4"), ("stale", "i4"), ("closed", "i4"), ("home_way", "i4"),
                ("hit", "i8"), ("tick", "i8"), ("seen", "i8"), ("banned", "i8"),
                ("cost", "i8"), ("busy", "i8"), ("depart", "i8"), ("back", "i8"),
                ("room", "i8"), ("extra", "i8"), ("over", "i8")], align=True)  # fmt: skip
AT = np.dtype([("where", "i4"), ("pos", "i4"), ("mode", "i4"), ("fill", "i4"),
               ("rests", "i4"), ("way", "i4"), ("tick", "i8"), ("end", "i8"), ("late", "i8")],
              align=True)  # fmt: skip

# Places in State.num
(
    ABSENT, REMOVED, TOUCHED, KEPT, PENALTY, CURRENT, BEST, TICK, TURN, SERVED, USED, MINE, OVER,
) = range(13)  # fmt: skip
OVER_PRICE, MOST_OVER = range(2)  # places in State.overload


class Rules(NamedTuple):
    """The problem's numbers; flags say which features are in use."""

    time: int
    distance: int
    balance: int
    group: int
    moved: int
    rest_after: int
    rest_s: int
    rest_from: int  # a rest begins at this time at the earliest
    rest_to: int  # the first rest begins at this time at the latest
    lunch: bool  # a route has one rest, between these times
    must_end: bool
    restores: int
    priced: bool  # restores differ in cost or cost anything
    capped: bool  # what a route takes over all restores has a limit: see Data.most
    hours: bool  # some restore is not always open
    timed: bool  # some window, lunch or opening hour may bind
    single: bool  # every task has one mode
    soft: bool  # a route may carry too much for a while: see overload.py
    plain: bool  # a route's cost is its time alone: see plain.py
    extra_s: int  # what one more restore takes, roughly
    mates: float  # tasks in the group of a task, itself included, on average


class Data(NamedTuple):
    """The problem. time_to is time_s transposed: one task's row serves all its neighbours."""

    rule: Rules
    time: Any  # (P, P) int32
    time_to: Any  # (P, P) int32
    metres: Any  # (P, P) int32
    via_s: Any  # (P, P) int32, time through the best restore, or (1, 1)
    via_option: Any  # (P, P) int16
    task: Any  # (N,) TASK
    mode: Any  # (M,) MODE
    service_s: Any  # (M, Y) int32
    demand: Any  # (N, R) int64
    window: Any  # (N, W, 2) int64
    allowed: Any  # (N, Y) bool
    near: Any  # (N, K) int32
    vehicle: Any  # (V,) VEHICLE
    capacity: Any  # (V, R) int64
    most: Any  # (V, R) int64, or (1, 1) without limits
    option: Any  # (O,) OPTION
    group_first: Any  # (G + 1,) int32, the tasks of group g: mates[group_first[g]:][...]
    mates: Any  # (N,) int32


class State(NamedTuple):
    """The current solution, what undoes the last change, the best solution, and scratch."""

    num: Any  # (13,) int64
    rng: Any  # (1,) uint64
    seq: Any  # (V, N) int32
    run: Any  # (V,) RUN
    load: Any  # (V, R) int64
    at: Any  # (N,) AT
    group_count: Any  # (G, V) int32
    group_hands: Any  # (G,) int32
    absent: Any  # (N,) int32
    absent_pos: Any  # (N,) int32
    mine: Any  # (N,) int32, the tasks that this search may move: the first num[MINE]
    removed: Any  # (N,) int32
    origin: Any  # (N,) int64
    key: Any  # (N,) float64
    touched: Any  # (V,) int64
    kept_run: Any  # (V,) RUN
    kept_load: Any  # (V, R) int64
    kept_seq: Any  # (N,) int32
    kept_at: Any  # (N,) AT
    empty: Any  # (V,) int64
    gain: Any  # (2,) float64, what split.py gains on the estimate: mean, mean deviation
    overload: Any  # (2,) float64, see overload.py
    link: Any  # (N, B, B) int64
    via: Any  # (N, B, B) int64
    label: Any  # (N + 1, B, 4) int64
    since: Any  # (N, B) int32
    parent: Any  # (N + 1, B) int32
    now: Any  # (2, B, 4) int64
    product: Any  # (4, B, B) int64
    best_seq: Any  # (V, N) int32
    best_run: Any  # (V,) RUN
    best_at: Any  # (N,) AT


def prepare(problem: RoutingProblem) -> Data:
    """The arrays of a problem, with neighbours, restore matrix and vehicle kinds."""
    p, q = problem, places_in_use(problem)
    tasks, vehicles = p.tasks, p.vehicles
    task = np.zeros(tasks, TASK)
    task["first"] = p.mode_first[:-1]
    task["modes"] = np.diff(p.mode_first)
    task["group"] = _numbered(p.group)
    task["pinned"], task["preferred"], task["drop"] = p.pinned, p.preferred, p.drop_cost
    task["size"] = p.demand[:, 0] if p.demand.shape[1] else p.service_s[p.mode_first[:-1], 0]
    if vehicles:
        task["far"] = q.time[np.unique(q.start)][:, q.entry[p.mode_first[:-1]]].min(axis=0)
    task["close"] = p.window_s[:, -1, 1]
    mode = np.zeros(len(p.mode_entry), MODE)
    mode["entry"], mode["exit"], mode["metres"] = q.entry, q.leave, p.service_m
    option = np.zeros(len(p.restore_in), OPTION)
    option["entry"], option["exit"] = q.restore_in, q.restore_out
    option["seconds"], option["metres"] = p.restore_s, p.restore_m
    option["cost"] = p.restore_cost
    option["open"], option["close"] = -BIG, BIG
    if p.restore_window_s is not None:
        option["open"], option["close"] = p.restore_window_s.T
    hours = bool(
        (option["open"] > p.shift_s[:, 0].min(initial=NO_LIMIT)).any()
        or (option["close"] < p.shift_s[:, 1].max(initial=0)).any()
    )
    lunch = p.rest_within_s is not None
    rest_from, rest_to = p.rest_within_s or (-BIG, BIG)
    capacity, most = np.ascontiguousarray(p.capacity, np.int64), np.zeros((1, 1), np.int64)
    capped = p.most is not None and bool((p.most < p.demand.sum(axis=0, dtype=np.int64)).any())
    if p.most is not None and capped:
        if len(option):
            most = np.ascontiguousarray(p.most, np.int64)
        else:
            # a tank is for the whole day
            capacity, capped = np.ascontiguousarray(np.minimum(capacity, p.most)), False
    via_s, via_option = through_restores(p, q)
    near = neighbours(p, q)
    first_window = p.window_s[:, 0]
    timed = tasks > 0 and bool(
        lunch
        or hours
        or first_window[:, 0].max() > p.shift_s[:, 0].min(initial=NO_LIMIT)
        or first_window[:, 1].min() < p.shift_s[:, 1].max(initial=0)
    )
    grouped = task["group"][task["group"] >= 0]
    sizes = np.bincount(grouped).astype(np.int64)
    by_group = np.argsort(task["group"], kind="stable").astype(np.int32)
    fleet = _fleet(p, q)
    plain = not (timed or len(option) or p.weights.distance)
    plain = plain and p.rest_after_s >= int(fleet["limit"].max(initial=0))
    rule = Rules(
        time=int(p.weights.time),
        distance=int(p.weights.distance),
        balance=int(p.weights.late_balance),
        group=int(p.weights.split_group),
        moved=int(p.weights.moved),
        rest_after=int(p.rest_after_s),
        rest_s=int(p.rest_s),
        rest_from=int(rest_from),
        rest_to=int(rest_to),
        lunch=lunch,
        must_end=bool(p.must_end_restored),
        restores=len(option),
        priced=bool((p.restore_cost > 0).any()),
        capped=capped,
        hours=hours,
        timed=timed,
        single=bool((task["modes"] == 1).all()),
        soft=plain and p.demand.shape[1] > 0,
        plain=plain,
        extra_s=one_more_restore_s(p, q, via_s, near),
        mates=float((sizes**2).sum() + (task["group"] < 0).sum()) / max(1, tasks),
    )
    return Data(
        rule, q.time, q.time_to, q.metres, via_s, via_option, task, mode,
        np.ascontiguousarray(p.service_s, np.int32),
        np.ascontiguousarray(p.demand, np.int64), np.ascontiguousarray(p.window_s, np.int64),
        np.ascontiguousarray(p.allowed, np.bool_), near, fleet,
        capacity, most, option,
        np.append(0, np.cumsum(sizes)).astype(np.int32), by_group[tasks - len(grouped) :].copy(),
    )  # fmt: skip


def empty_state(data: Data, seed: int) -> State:
    """No task served, all absent."""
    tasks, vehicles = len(data.task), len(data.vehicle)
    resources = data.demand.shape[1]
    modes = max(1, int(data.task["modes"].max(initial=1)))
    groups = int(data.task["group"].max(initial=-1)) + 1 if data.rule.group else 0
    at = np.zeros(tasks, AT)
    at["where"] = at["fill"] = -1
    at["mode"] = data.task["first"]
    run = np.zeros(vehicles, RUN)
    run["slot"] = run["home_fill"] = -1
    num = np.zeros(13, np.int64)
    num[MINE] = tasks
    num[ABSENT] = tasks
    num[PENALTY] = num[CURRENT] = num[BEST] = int(data.task["drop"].sum())
    everyone = np.arange(tasks, dtype=np.int32)
    return State(
        num, seeded(seed), np.zeros((vehicles, tasks), np.int32), run,
        np.zeros((vehicles, resources), np.int64), at,
        np.zeros((groups, vehicles), np.int32), np.zeros(groups, np.int32),
        everyone, everyone.copy(), everyone.copy(), np.zeros(tasks, np.int32),
        np.zeros(tasks, np.int64), np.zeros(tasks), np.zeros(vehicles, np.int64), run.copy(),
        np.zeros((vehicles, resources), np.int64), np.zeros(tasks, np.int32), at.copy(),
        np.zeros(vehicles, np.int64), np.zeros(2), np.array([first_price(data), 0.0]),
        np.zeros((tasks, modes, modes), np.int64),
        np.zeros((tasks, modes, modes), np.int64), np.zeros((tasks + 1, modes, 4), np.int64),
        np.zeros((tasks, modes), np.int32), np.zeros((tasks + 1, modes), np.int32),
        np.zeros((2, modes, 4), np.int64), np.zeros((4, modes, modes), np.int64),
        np.zeros((vehicles, tasks), np.int32), run.copy(), at.copy(),
    )  # fmt: skip


class Scale(NamedTuple):
    """Cost units that a search feels its way with: at its beginning, and at its end."""

    coarse: float
    fine: float


def scale(data: Data) -> Scale:
    """What a change of a few tasks costs: the temperatures are shares of it.

    A tenth of the mean way from a depot; where that is more, the share of a restore that some
    tasks have, and no less than a parted group costs, as far as a whole restore. Saving a restore
    takes as many changes as it serves tasks: a search that cannot afford them on the way stays
    where it is, and one that always can never settles.
    """
    starts = np.unique(data.vehicle["start"])
    entries = data.mode["entry"]
    if not len(starts) or not len(entries):
        return Scale(1.0, 1.0)
    rule = data.rule
    grid = np.ix_(starts, entries)
    ways = rule.time * data.time[grid].astype(np.int64)
    if rule.distance:
        ways += rule.distance * data.metres[grid].astype(np.int64)
    way = float(ways.min(axis=0).mean()) / 10
    restore = float(rule.time * rule.extra_s)
    a_task = restore * _share_of_tank(data)

    def of(tasks: int) -> float:
        return max(way, min(restore, max(tasks * a_task, float(rule.group)))) + 1.0

    return Scale(of(COARSE_TASKS), of(FINE_TASKS))


def step_of_cost(data: Data) -> int:
    """A number that divides the cost of every complete solution; 1 where metres or wishes cost."""
    rule = data.rule
    if not rule.plain or rule.balance or rule.group or rule.moved:
        return 1
    step = np.gcd.reduce(np.append(np.unique(data.time), np.unique(data.service_s)))
    return max(1, int(np.gcd.reduce(np.append(data.vehicle["fixed"], rule.time * int(step)))))


def first_price(data: Data) -> float:
    """What a millionth of a tank too much costs at first: a mean task's load costs scale()."""
    return scale(data).coarse / 1e6 / max(1e-3, _share_of_tank(data))


def _share_of_tank(data: Data) -> float:
    """What part of the tank that is shortest a task takes, on average."""
    tank = np.maximum(1, data.capacity.max(axis=0, initial=1))
    return float((data.demand / tank).mean(axis=0).max(initial=0.0)) if data.demand.size else 0.0


def _numbered(group: NDArray[np.int32]) -> NDArray[np.int64]:
    """Groups numbered 0, 1, 2 ..., -1 where there is none."""
    names = np.unique(group[group >= 0])
    return np.where(group < 0, -1, np.searchsorted(names, group))


def _fleet(p: RoutingProblem, q: Places) -> NDArray[Any]:
    fleet = np.zeros(p.vehicles, VEHICLE)
    fleet["type"], fleet["start"], fleet["end"] = p.vehicle_type, q.start, q.end
    fleet["open"], fleet["close"] = p.shift_s[:, 0], p.shift_s[:, 1]
    fleet["limit"] = np.minimum(p.max_s, p.shift_s[:, 1] - p.shift_s[:, 0])
    fleet["busy_limit"] = [busy_limit_s(int(x), p.rest_after_s, p.rest_s) for x in fleet["limit"]]
    if p.rest_within_s is not None:
        fleet["busy_limit"] -= p.rest_s
    fleet["fixed"] = p.fixed_cost
    fleet["low"], fleet["high"] = p.target_s[:, 0], p.target_s[:, 1]
    rows = np.column_stack([
        p.vehicle_type, p.start_place, p.end_place, p.shift_s, p.max_s, p.capacity,
        p.fixed_cost, p.target_s, *(() if p.most is None else (p.most,)),
    ])  # fmt: skip
    fleet["kind"] = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    return fleet
