"""solve(): stop rules, determinism, start solutions, progress."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from routing_problems import i32, random_problem

from routes.solution import Route, Serve, Solution, evaluate
from routes.solve import CHUNK_HEAVY, solve
from routes.stop import FirstOf, Interrupted, MaxIterations, Progress, TimeLimit

PROBLEM = random_problem(5, tasks=25, vehicles=6)


def test_same_seed_same_result() -> None:
    """A seed and a number of iterations fix the result, alone, twice and beside another search."""
    alone = solve(PROBLEM, MaxIterations(1000), seed=4)
    other = random_problem(6, tasks=25, vehicles=6)
    with ThreadPoolExecutor(2) as pool:
        mine = pool.submit(solve, PROBLEM, MaxIterations(1000), 4)
        pool.submit(solve, other, MaxIterations(1000), 9).result()
        assert mine.result() == alone
    assert solve(PROBLEM, MaxIterations(1000), seed=4, threads=2) == alone
    assert alone.stopped_by == "iterations"
    assert alone.iterations == 1000


def test_seed_matters() -> None:
    """Different seeds end in different solutions on a problem without one clear optimum."""
    found = {solve(PROBLEM, MaxIterations(200), seed=seed).solution for seed in range(4)}
    assert len(found) > 1


def test_stopped_at_once() -> None:
    """With no iteration at all there is still a valid solution."""
    result = solve(PROBLEM, MaxIterations(0))
    assert result.iterations == 0
    assert evaluate(PROBLEM, result.solution).violations == ()
    assert result.cost == evaluate(PROBLEM, result.solution).cost


def test_time_limit() -> None:
    """A time limit ends the search within a chunk of its end."""
    result = solve(PROBLEM, TimeLimit(0.2))
    assert result.stopped_by == "time"
    assert result.iterations > 0
    assert 0.2 <= result.seconds < 3


def test_interrupted() -> None:
    """A flag set while the search runs ends it; the best so far is returned."""
    flag = Interrupted()

    def on_progress(progress: Progress) -> None:
        if progress.iterations >= 10 * CHUNK_HEAVY:
            flag.set()

    stop = FirstOf(flag, MaxIterations(10**6))
    result = solve(PROBLEM, stop, on_progress=on_progress)
    assert result.stopped_by == "interrupted"
    assert result.iterations < 5 * 10**4
    assert evaluate(PROBLEM, result.solution).violations == ()


def test_stop_rules() -> None:
    """Fractions by hand: 30 of 40 iterations are 0.75; the first of two rules is the higher."""
    at = Progress(30, 0, 0, 0)
    assert MaxIterations(40)(at) == 0.75
    assert MaxIterations(0)(at) == 1.0
    both = FirstOf(MaxIterations(60), MaxIterations(40), Interrupted())
    assert both(at) == 0.75
    assert both.reason == "iterations"
    with pytest.raises(ValueError, match="iterations is -1"):
        MaxIterations(-1)
    with pytest.raises(ValueError, match="seconds is -2"):
        TimeLimit(-2)
    with pytest.raises(ValueError, match="at least one rule"):
        FirstOf()


def test_time_limit_starts_anew() -> None:
    """The clock restarts with the first look of a new search."""
    rule = TimeLimit(1000.0)
    assert rule(Progress(0, 0, 0, 0)) < 1e-3
    assert rule(Progress(5, 0, 0, 0)) < 1e-3
    assert TimeLimit(0.0)(Progress(0, 0, 0, 0)) == 1.0


def test_progress() -> None:
    """Progress begins at no iterations, its best cost never rises, and it ends with the result."""
    seen: list[Progress] = []
    result = solve(PROBLEM, MaxIterations(2000), seed=1, on_progress=seen.append)
    assert seen[0].iterations == 0
    assert all(b.cost <= a.cost for a, b in pairwise(seen))
    last = seen[-1]
    assert (last.fraction, last.cost, last.iterations) == (1.0, result.cost, 2000)
    assert last.vehicles == len(result.solution.routes)
    assert last.dropped == len(result.solution.dropped)


def test_start_is_kept() -> None:
    """A start's orders are kept when the search is not allowed to change them."""
    good = solve(PROBLEM, MaxIterations(2000), seed=1)
    again = solve(PROBLEM, MaxIterations(0), start=good.solution)
    assert again.cost <= good.cost
    orders = [[s.task for s in r.steps if isinstance(s, Serve)] for r in good.solution.routes]
    kept = [[s.task for s in r.steps if isinstance(s, Serve)] for r in again.solution.routes]
    assert kept == orders


def test_bad_start_is_repaired() -> None:
    """A start that serves everything in one overlong route ends in a valid solution."""
    steps = tuple(Serve(t, int(PROBLEM.mode_first[t])) for t in range(PROBLEM.tasks))
    start = Solution((Route(0, 0, steps),))
    assert evaluate(PROBLEM, start).violations
    result = solve(PROBLEM, MaxIterations(200), start=start)
    assert evaluate(PROBLEM, result.solution).violations == ()


def test_moved_tasks_cost() -> None:
    """With a high price on moving, tasks stay with the vehicle they had."""
    base = random_problem(7, tasks=20, vehicles=5, extras=False)
    first = solve(base, MaxIterations(3000), seed=1)
    hands = np.full(base.tasks, -1)
    for route in first.solution.routes:
        for step in route.steps:
            if isinstance(step, Serve):
                hands[step.task] = route.vehicle
    dear = replace(base, preferred=i32(hands), weights=replace(base.weights, moved=10_000))
    again = solve(dear, MaxIterations(2000), seed=2, start=first.solution)
    assert evaluate(dear, again.solution).parts.moved == 0
    assert again.cost <= first.cost


def test_nothing_to_do() -> None:
    """No tasks: no routes, no cost."""
    empty = random_problem(1, tasks=0)
    result = solve(empty, MaxIterations(100))
    assert (result.solution, result.cost) == (Solution(()), 0)


def test_threads() -> None:
    """At least one thread is needed."""
    with pytest.raises(ValueError, match="threads is 0"):
        solve(PROBLEM, MaxIterations(1), threads=0)
