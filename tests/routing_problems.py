"""Small random routing problems with any mixture of features, and a city grid, for tests."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routes.problem import NO_LIMIT, RoutingProblem, Weights

PLACES = 14


def i32(values: ArrayLike) -> NDArray[np.int32]:
    return np.asarray(values, np.int32)


def i64(values: ArrayLike) -> NDArray[np.int64]:
    return np.asarray(values, np.int64)


NO_YES = (False, True)
FEATURES = ("modes", "options", "timed", "rest", "must_end", "extras", "distance")
MIXTURES = [
    dict(zip(FEATURES, mixture, strict=True))
    for mixture in product((1, 2), (0, 2), NO_YES, NO_YES, NO_YES, NO_YES, (0, 2))
    if mixture[1] or not mixture[4]
]


def random_problem(
    seed: int,
    *,
    tasks: int = 12,
    vehicles: int = 4,
    resources: int = 1,
    modes: int = 2,
    options: int = 2,
    windows: int = 1,
    timed: bool = False,
    rest: bool = False,
    must_end: bool = False,
    extras: bool = True,
    distance: int = 0,
    capped: bool = False,
    hours: bool = False,
    lunch: bool = False,
) -> RoutingProblem:
    """extras: several types, closed tasks, pins, preferences, groups and a target band. capped:
    a route takes at most 26 of each resource. hours: restores open late, close early or both."""
    g = np.random.default_rng(seed)
    xy = g.integers(0, 100, (PLACES, 2))
    time = np.abs(xy[:, None] - xy[None]).sum(2) + g.integers(0, 8, (PLACES, PLACES))
    for k in range(PLACES):
        time = np.minimum(time, time[:, k, None] + time[None, k])
    count = g.integers(1, modes + 1, tasks)
    total = int(count.sum())
    types = 2 if extras else 1
    window = np.zeros((tasks, windows, 2), np.int64)
    window[:, :, 1] = 100_000
    if timed:
        opens = np.sort(g.integers(0, 900, (tasks, windows)), axis=1)
        window = np.stack([opens, opens + np.sort(g.integers(100, 400, (tasks, windows)))], axis=2)

    def some_vehicles(share: float) -> NDArray[np.int32]:
        chosen = extras & (g.random(tasks) < share)
        return i32(np.where(chosen, g.integers(0, vehicles, tasks), -1))

    drawn = np.random.default_rng([seed, 1])  # apart, so that the rest stays as it is without
    opens = drawn.integers(0, 300, options)
    return RoutingProblem(
        time_s=i32(time),
        dist_m=i32(time * 3),
        mode_first=i32(np.append(0, np.cumsum(count))),
        mode_entry=i32(g.integers(0, PLACES, total)),
        mode_exit=i32(g.integers(0, PLACES, total)),
        service_s=i32(g.integers(10, 40, (total, types))),
        service_m=i32(g.integers(0, 50, total)),
        demand=i32(g.integers(0, 10, (tasks, resources))),
        window_s=window,
        drop_cost=np.full(tasks, 3000, np.int64),
        group=i32(g.integers(-1, 3, tasks)),
        allowed=(g.random((tasks, types)) < 0.85) if extras else np.ones((tasks, types), bool),
        pinned=some_vehicles(0.1),
        preferred=some_vehicles(0.3),
        vehicle_type=i32(g.integers(0, types, vehicles)),
        start_place=i32(g.integers(0, 3, vehicles)),
        end_place=i32(g.integers(0, 3, vehicles)),
        shift_s=i64([[0, 1300 if timed else 900]] * vehicles),
        max_s=np.full(vehicles, 850, np.int64),
        capacity=np.full((vehicles, resources), 22, np.int32),
        fixed_cost=np.full(vehicles, 100, np.int64),
        target_s=i64([[200, 500] if extras else [0, NO_LIMIT]] * vehicles),
        restore_in=i32(g.integers(0, PLACES, options)),
        restore_out=i32(g.integers(0, PLACES, options)),
        restore_s=i32(g.integers(5, 30, options)),
        restore_m=i32(g.integers(0, 30, options)),
        restore_cost=i64(g.integers(0, 30, options)),
        must_end_restored=must_end,
        rest_after_s=300 if rest else NO_LIMIT,
        rest_s=40 if rest or lunch else 0,
        most=np.full((vehicles, resources), 26, np.int64) if capped else None,
        restore_window_s=i64(np.column_stack([opens, opens + drawn.integers(100, 400, options)]))
        if hours
        else None,
        rest_within_s=(300, 380) if lunch else None,
        weights=Weights(
            time=1,
            distance=distance,
            late_balance=int(extras),
            split_group=25 * extras,
            moved=15 * extras,
        ),
    )
