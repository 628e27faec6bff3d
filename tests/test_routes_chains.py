"""Chains of tasks: the joined problem costs what the unjoined does, and nothing gets lost."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from routing_problems import i32, i64, random_problem

from routes.chains import join, unjoin
from routes.problem import RoutingProblem, Weights
from routes.solution import Restore, Route, Serve, Solution, evaluate


def street(**changes: object) -> RoutingProblem:
    """Depot at 0 m; task k goes from 100 (k + 1) to 100 (k + 1) + 50 m, four of them; 1 m is 1 s.

    Service takes 10, 20, 30, 40 s for type 0, twice that for type 1.
    """
    at = np.array([0, 100, 150, 200, 250, 300, 350, 400, 450])
    way = np.abs(at[:, None] - at[None])
    problem = RoutingProblem(
        time_s=i32(way),
        dist_m=i32(way),
        mode_first=i32(range(5)),
        mode_entry=i32([1, 3, 5, 7]),
        mode_exit=i32([2, 4, 6, 8]),
        service_s=i32([[10, 20], [20, 40], [30, 60], [40, 80]]),
        service_m=i32([50] * 4),
        demand=i32([[1, 5], [2, 6], [3, 7], [4, 8]]),
        window_s=i64([[[0, 900]]] * 4),
        drop_cost=i64([1000, 2000, 3000, 4000]),
        group=i32([-1] * 4),
        allowed=np.ones((4, 2), bool),
        pinned=i32([-1] * 4),
        preferred=i32([-1] * 4),
        vehicle_type=i32([0, 1]),
        start_place=i32([0, 0]),
        end_place=i32([0, 0]),
        shift_s=i64([[0, 2000]] * 2),
        max_s=i64([2000] * 2),
        capacity=i32([[20, 40]] * 2),
        fixed_cost=i64([70, 90]),
        target_s=i64([[0, 600]] * 2),
        restore_in=i32([0]),
        restore_out=i32([0]),
        restore_s=i32([30]),
        restore_m=i32([0]),
        restore_cost=i64([0]),
        weights=Weights(time=1, late_balance=5),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def test_a_chain_is_its_tasks_and_the_ways_between() -> None:
    """Tasks 0, 1, 2: 10 + 50 + 20 + 50 + 30 s, from the place of the first to that of the last."""
    joined = join(street(), ((0, 1, 2), (3,)))
    assert joined.tasks == 2
    assert joined.mode_entry.tolist() == [1, 7]
    assert joined.mode_exit.tolist() == [6, 8]
    assert joined.service_s.tolist() == [[160, 220], [40, 80]]
    assert joined.service_m.tolist() == [150, 50]
    assert joined.demand.tolist() == [[6, 18], [4, 8]]
    assert joined.drop_cost.tolist() == [6000, 4000]


def test_the_order_of_a_chain_and_of_the_chains_counts() -> None:
    """Task 3 alone comes first; 2 before 0 means 300 s back: 30 + |350 - 100| + 10 = 290 s."""
    joined = join(street(), ((3,), (2, 0), (1,)))
    assert joined.mode_entry.tolist() == [7, 5, 3]
    assert joined.mode_exit.tolist() == [8, 2, 4]
    assert joined.service_s[:, 0].tolist() == [40, 290, 20]


def test_a_chain_has_the_wishes_of_its_first_task() -> None:
    """Windows, types, pin and preference of chains (2, 3) and (0, 1) are those of 2 and of 0."""
    problem = street(
        window_s=i64([[[0, 900]], [[0, 900]], [[50, 800]], [[50, 800]]]),
        allowed=np.array([[True, True], [True, True], [False, True], [False, True]]),
        pinned=i32([-1, -1, 1, 1]),
        preferred=i32([0, 0, -1, -1]),
    )
    joined = join(problem, ((2, 3), (0, 1)))
    assert joined.window_s.tolist() == [[[50, 800]], [[0, 900]]]
    assert joined.allowed.tolist() == [[False, True], [True, True]]
    assert joined.pinned.tolist() == [1, -1]
    assert joined.preferred.tolist() == [-1, 0]


def test_cost_by_hand() -> None:
    """Chain (0, 1, 2) by vehicle 0, chain (3) dropped: 70 fixed, 100 + 160 + 350 s, 4000 left out.

    The 10 s beyond the band of 600 s cost 5 each.
    """
    problem, chains = street(), ((0, 1, 2), (3,))
    solution = Solution((Route(0, 0, (Serve(0, 0),)),), (1,))
    whole = unjoin(solution, chains)
    assert whole == Solution((Route(0, 0, (Serve(0, 0), Serve(1, 1), Serve(2, 2))),), (3,))
    assert evaluate(join(problem, chains), solution).cost == 70 + 610 + 50 + 4000
    assert evaluate(problem, whole).cost == 70 + 610 + 50 + 4000


@pytest.mark.parametrize("seed", range(8))
def test_joined_and_unjoined_cost_the_same(seed: int) -> None:
    """Random chains in random routes, one opening time a chain: part by part the same cost."""
    dice = random.Random(seed)
    tasks = list(range(14))
    dice.shuffle(tasks)
    cuts = [0, *sorted(dice.sample(range(1, 14), 5)), 14]
    chains = tuple(tuple(tasks[a:b]) for a, b in pairwise(cuts))
    problem = random_problem(seed, tasks=14, modes=1, resources=2)
    window_s = problem.window_s.copy()
    for chain in chains:
        window_s[list(chain), :, 0] = dice.randrange(700)
    weights = replace(problem.weights, split_group=0, moved=0)  # these count chains, not tasks
    problem = replace(problem, window_s=window_s, weights=weights)
    order = list(range(6))
    dice.shuffle(order)
    routes = (
        Route(0, 30, tuple(Serve(c, c) for c in order[:2])),
        Route(2, 0, tuple(Serve(c, c) for c in order[2:5])),
    )
    solution = Solution(routes, (order[5],))
    joined = evaluate(join(problem, chains), solution)
    alone = evaluate(problem, unjoin(solution, chains))
    assert sum(route.wait_s for route in joined.routes) > 0
    assert joined.parts == alone.parts
    assert [r.return_s for r in joined.routes] == [r.return_s for r in alone.routes]
    assert [r.steps[-1].used for r in joined.routes] == [r.steps[-1].used for r in alone.routes]


def test_every_task_comes_out_once_and_restores_stay_behind() -> None:
    """Three chains on two routes, one of them left out: each of the seven tasks once, in order."""
    chains = ((4, 1), (0, 6, 2), (5, 3))
    solution = Solution(
        (Route(0, 40, (Serve(0, 0),)), Route(3, 50, (Restore(0), Serve(2, 2), Restore(0)))), (1,)
    )
    whole = unjoin(solution, chains)
    assert whole.routes == (
        Route(0, 40, (Serve(4, 4), Serve(1, 1))),
        Route(3, 50, (Serve(5, 5), Serve(3, 3))),
    )
    assert whole.dropped == (0, 2, 6)


def test_chains_of_the_same_groups_are_a_group() -> None:
    """Two passes of sections a and b in the same order belong together; nothing else does."""
    group = i32([0, 1, 0, 1, 1, 0, -1, 2])
    problem = replace(random_problem(3, tasks=8, modes=1), group=group)
    joined = join(problem, ((0, 1), (2, 3), (4, 5), (6,), (7,)))
    # (0, 1) twice; (1, 0) is another order; -1 never is a group; group 2 is alone
    assert joined.group.tolist() == [0, 0, -1, -1, -1]


def test_groups_are_numbered_apart() -> None:
    """Two pairs of chains are two groups; a chain with a groupless task in it is in none."""
    group = i32([5, 3, 5, 3, 5, 5, -1, -1])
    problem = replace(random_problem(3, tasks=8, modes=1), group=group)
    joined = join(problem, ((1,), (0,), (3,), (2,), (4, 6), (5, 7)))
    assert joined.group.tolist() == [0, 1, 0, 1, -1, -1]


@pytest.mark.parametrize(
    ("chains", "told"),
    [
        (((0, 1), (3,)), "task 2 is in 0 chains"),
        (((0, 1), (2, 3), (1,)), "task 1 is in 2 chains"),
        (((0, 0), (1, 2), (3,)), "task 0 is in 2 chains"),
    ],
)
def test_every_task_is_in_one_chain(chains: tuple[tuple[int, ...], ...], told: str) -> None:
    """A task too few or too often is named."""
    with pytest.raises(ValueError, match=told):
        join(street(), chains)


@pytest.mark.parametrize("chains", [((0, 1, 2, 3), (4,)), ((0, 1, 2, 3), ())])
def test_chains_have_tasks_of_the_problem(chains: tuple[tuple[int, ...], ...]) -> None:
    """Task 4 of 4 tasks, and a chain of nothing, are refused."""
    with pytest.raises(ValueError, match="empty or has a task"):
        join(street(), chains)


def test_tasks_with_several_modes_cannot_be_joined() -> None:
    """A chain has one place to begin and one to end."""
    problem = random_problem(1, tasks=3, modes=2)
    assert len(problem.mode_entry) > 3
    with pytest.raises(ValueError, match="several modes"):
        join(problem, ((0,), (1,), (2,)))
