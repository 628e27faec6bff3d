"""Bounds: exact where nothing is relaxed, never above any plan."""

from dataclasses import replace

import numpy as np
import pytest
from routing_problems import i32, i64, random_problem

from routes.bounds import assignment_bound, deadhead_bound_s, least_restores, vehicle_bound
from routes.problem import RoutingProblem
from routes.solution import evaluate
from routes.solve import solve
from routes.stop import MaxIterations


def tour() -> RoutingProblem:
    """Three one-way streets round a block, each ending where the next begins, 60 s to the depot."""
    base = random_problem(0, tasks=3, vehicles=2, modes=1, options=1, extras=False)
    way = np.full((14, 14), 500)
    way[0, 1] = way[3, 0] = 60
    way[1, 2] = way[2, 3] = 0
    return replace(
        base,
        time_s=i32(way),
        mode_entry=i32([1, 2, 3]),
        mode_exit=i32([1, 2, 3]),
        service_s=i32([[100], [100], [100]]),
        demand=i32([[5], [5], [5]]),
        capacity=i32([[15], [15]]),
        start_place=i32([0, 0]),
        end_place=i32([0, 0]),
        restore_in=i32([13]),
        restore_out=i32([13]),
        restore_s=i32([200]),
    )


def test_deadhead_of_a_block() -> None:
    """One vehicle: 60 s out, none between, 60 s home; two vehicles: one more way of 500 s each."""
    assert deadhead_bound_s(tour(), 1) == 120
    assert deadhead_bound_s(tour(), 2) == 120 + 1000


def test_deadhead_with_restores() -> None:
    """A tank of 5 for 15 of demand: two restores, each with a way there and back of 500 s."""
    problem = replace(tour(), capacity=i32([[5], [5]]))
    assert least_restores(problem, 1) == 2
    assert deadhead_bound_s(problem, 1) == 120 + 4 * 500
    must = replace(problem, must_end_restored=True)
    assert least_restores(must, 2) == 3


def test_deadhead_wants_vehicles() -> None:
    """The number of vehicles must make sense."""
    with pytest.raises(ValueError, match="vehicles_used is 0"):
        deadhead_bound_s(tour(), 0)
    with pytest.raises(ValueError, match="vehicles_used is 3"):
        deadhead_bound_s(tour(), 3)


@pytest.mark.parametrize("must_end", [False, True])
@pytest.mark.parametrize("modes", [1, 2])
def test_no_plan_is_below(modes: int, must_end: bool) -> None:
    """Driving and vehicles of plans that serve everything are never below the bounds."""
    complete = 0
    for seed in range(25):
        problem = random_problem(seed, tasks=9, modes=modes, must_end=must_end, extras=False)
        solution = solve(problem, MaxIterations(1000), seed=seed).solution
        if solution.dropped:
            continue
        complete += 1
        driven = sum(route.travel_s for route in evaluate(problem, solution).routes)
        assert deadhead_bound_s(problem, len(solution.routes)) <= driven
        assert vehicle_bound(problem) <= len(solution.routes)
    assert complete >= 10


def test_vehicle_bound() -> None:
    """300 s of work, 120 s of way each: one shift of 420 s; of 419 s two; of 200 s not even two."""
    problem = replace(tour(), max_s=i64([420, 420]))
    assert vehicle_bound(problem) == 1
    assert vehicle_bound(replace(problem, max_s=i64([419, 419]))) == 2
    assert vehicle_bound(replace(problem, max_s=i64([200, 200]))) == 3


def test_vehicle_bound_with_restores_and_rests() -> None:
    """Three tanks: with one vehicle 300 s and two restores of 200 s; a rest of 40 s at 400 s."""
    problem = replace(tour(), capacity=i32([[5], [5]]), max_s=i64([820, 820]))
    assert vehicle_bound(problem) == 1
    assert vehicle_bound(replace(problem, rest_after_s=420, rest_s=40)) == 2


def test_assignment_bound_of_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assigned in part, the bound is never above the least assignment, and within 2 % of it."""
    g = np.random.default_rng(1)
    at = g.integers(0, 1000, (60, 2))
    cost = np.abs(at[:, None] - at[g.permutation(60)]).sum(axis=2)
    np.fill_diagonal(cost, 1 << 40)
    exact = assignment_bound(cost, extra=3)
    monkeypatch.setattr("routes.bounds._EXACT", 10)
    monkeypatch.setattr("routes.bounds._NEAREST", 4)
    assert 0.98 * exact <= assignment_bound(cost, extra=3) <= exact
    monkeypatch.setattr("routes.bounds._PRICINGS", 1)
    assert 0.8 * exact <= assignment_bound(cost, extra=3) <= exact
    # three columns alike that only two rows may take: no assignment, in part or as a whole
    closed = cost.copy()
    closed[2:, -3:] = 1 << 40
    assert assignment_bound(closed, extra=3) >= 1 << 40


def test_deadhead_of_many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound in parts is the exact one where the nearest entries are all there are."""
    problem = random_problem(3, tasks=14, extras=False)
    exact = deadhead_bound_s(problem, 3)
    monkeypatch.setattr("routes.bounds._EXACT", 5)
    monkeypatch.setattr("routes.bounds._NEAREST", 12)
    assert deadhead_bound_s(problem, 3) == exact
