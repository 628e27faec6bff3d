"""solve_fewest(): vehicles before cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from routing_problems import i32, i64, random_problem

from routes.fewest import solve_fewest
from routes.problem import NO_LIMIT, RoutingProblem, Weights
from routes.solution import Serve, evaluate
from routes.solve import solve
from routes.stop import MaxIterations


def two_yards(vehicles: int = 2, capacity: int = 9) -> RoutingProblem:
    """Yards and stops at both ends of a street of 100 s: stop 0 at yard 0, stops 1 and 2 at yard
    1, each of demand 3 and served in 10 s. Vehicle 0 is at yard 0, all others at yard 1."""
    tasks = 3
    at = [0, 1, 1]
    yard = [0] + [1] * (vehicles - 1)
    return RoutingProblem(
        time_s=i32([[0, 100], [100, 0]]),
        dist_m=i32([[0, 0], [0, 0]]),
        mode_first=i32(range(tasks + 1)),
        mode_entry=i32(at),
        mode_exit=i32(at),
        service_s=i32([[10]] * tasks),
        service_m=i32([0] * tasks),
        demand=i32([[3]] * tasks),
        window_s=i64([[[0, NO_LIMIT]]] * tasks),
        drop_cost=i64([10_000] * tasks),
        group=i32([-1] * tasks),
        allowed=np.ones((tasks, 1), np.bool_),
        pinned=i32([-1] * tasks),
        preferred=i32([-1] * tasks),
        vehicle_type=i32([0] * vehicles),
        start_place=i32(yard),
        end_place=i32(yard),
        shift_s=i64([[0, 10_000]] * vehicles),
        max_s=i64([10_000] * vehicles),
        capacity=i32([[capacity]] * vehicles),
        fixed_cost=i64([0] * vehicles),
        target_s=i64([[0, NO_LIMIT]] * vehicles),
        restore_in=i32([]),
        restore_out=i32([]),
        restore_s=i32([]),
        restore_m=i32([]),
        restore_cost=i64([]),
        weights=Weights(time=1),
    )


def test_gives_up_a_vehicle_though_it_costs_more() -> None:
    """Two vehicles do it in 30 s without driving, one in 230 s: 30 s of service, 200 s of way."""
    problem = two_yards()
    cheapest = solve(problem, MaxIterations(60_000), seed=1)
    fewest = solve_fewest(problem, MaxIterations(60_000), seed=1)
    assert (len(cheapest.solution.routes), cheapest.cost) == (2, 30)
    assert (len(fewest.solution.routes), fewest.cost) == (1, 230)


def test_keeps_the_vehicles_that_tanks_need() -> None:
    """Tanks of 6 hold two stops: two vehicles, and none of the three stops is left out."""
    result = solve_fewest(two_yards(vehicles=3, capacity=6), MaxIterations(60_000), seed=1)
    assert (len(result.solution.routes), result.cost) == (2, 30)
    assert result.solution.dropped == ()


def test_vehicles_with_pinned_tasks_are_kept() -> None:
    """Stop 0 is for vehicle 1 alone and stop 1 for vehicle 0: both go all the way, 400 s."""
    problem = replace(two_yards(), pinned=i32([1, 0, -1]))
    result = solve_fewest(problem, MaxIterations(60_000), seed=1)
    served = {
        step.task: route.vehicle
        for route in result.solution.routes
        for step in route.steps
        if isinstance(step, Serve)
    }
    assert (served[0], served[1]) == (1, 0)
    assert result.cost == 430


@pytest.mark.parametrize("seed", range(6))
def test_solutions_are_sound_and_the_same_on_two_threads(seed: int) -> None:
    """Of random problems with every feature: no violation, the cost is that of evaluate(), never
    more vehicles or more left out than a search for the least cost, threads change nothing."""
    problem = random_problem(seed, tasks=20, vehicles=6, must_end=True, rest=bool(seed % 2))
    stop = MaxIterations(8_000)
    result = solve_fewest(problem, stop, seed, lanes=2)
    judged = evaluate(problem, result.solution)
    assert judged.violations == ()
    assert judged.cost == result.cost
    cheapest = solve(problem, stop, seed, lanes=2).solution
    assert len(result.solution.dropped) <= len(cheapest.dropped)
    if len(result.solution.dropped) == len(cheapest.dropped):
        assert len(result.solution.routes) <= len(cheapest.routes)
    assert solve_fewest(problem, stop, seed, lanes=2, threads=2) == result


def test_nothing_to_do() -> None:
    """No task, no vehicle."""
    problem = random_problem(1, tasks=1)
    empty = replace(
        problem,
        mode_first=i32([0]),
        **{
            name: getattr(problem, name)[:0]
            for name in (
                "mode_entry", "mode_exit", "service_s", "service_m", "demand", "window_s",
                "drop_cost", "group", "allowed", "pinned", "preferred",
            )
        },
    )  # fmt: skip
    assert solve_fewest(empty, MaxIterations(100)).solution.routes == ()
