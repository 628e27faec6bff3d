"""Solve a routing problem: a first solution, then the search of routes/engine until told to stop.

The search is SISRs (Christiaens & Vanden Berghe, Slack induction by string removals for vehicle
routing problems, Transportation Science 54(2), 2020, doi 10.1287/trsc.2019.0914) with exact modes
and restores; see routes/engine/search.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from routes.problem import RoutingProblem
from routes.solution import Serve, Solution
from routes.stop import Progress, Stop, Stopwatch

HOT = 0.7  # first temperature, in units of the instance's deadhead scale
HOT_AFTER_START = 0.2  # the same when a start solution is to be improved
COOLS_TO = 0.01
CHUNK = 1_000  # iterations between two looks at the stop rule
CHUNK_HEAVY = 200  # the same where restores or windows make an iteration long


@dataclass(frozen=True, slots=True)
class Result:
    """The best solution found, its cost (that of solution.evaluate), and how the search ended."""

    solution: Solution
    cost: int
    iterations: int
    stopped_by: str
    seconds: float = field(compare=False)


def solve(
    problem: RoutingProblem,
    stop: Stop,
    seed: int = 0,
    *,
    start: Solution | None = None,
    heat: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    threads: int = 1,
) -> Result:
    """Search for a solution of least cost.

    Args:
        problem: the problem.
        stop: when to end. With MaxIterations alone the same seed gives the same result.
        seed: of the random numbers.
        start: a solution to begin from; the orders of its tasks are kept, modes, restores, rests
            and departures are chosen anew, and tasks that no longer fit are put elsewhere.
        heat: temperature to begin with, in units of the instance's own scale; default by whether
            there is a start. Little heat keeps close to the start.
        on_progress: called when the search begins, after each hundredth of it, and at its end.
        threads: how many threads the caller grants. One search runs on one, so the result never
            depends on it; several searches may run side by side in threads of the caller.

    Returns:
        The best solution, always one without violations; tasks that fit nowhere are dropped.

    Raises:
        ValueError: threads is below 1.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}, below 1")
    # imported here: numba takes a third of a second, and its kernels longer the first time
    from routes.engine.construct import nearest_orders
    from routes.engine.decode import best_solution
    from routes.engine.refs import data_ref, state_ref
    from routes.engine.search import load, search
    from routes.engine.state import ABSENT, BEST, USED, empty_state, prepare, scale

    watch = Stopwatch()
    data = prepare(problem)
    state = empty_state(data, seed)
    if start is None:
        steps = nearest_orders(data, respect_target=True)[0]
        orders = steps[steps[:, 1] >= 0, :2].copy()
    else:
        rows = [
            (route.vehicle, step.task)
            for route in start.routes
            for step in route.steps
            if isinstance(step, Serve)
        ]
        orders = np.array(rows, np.int64).reshape(-1, 2)
    refs = data_ref(data), state_ref(state)
    load(*refs, orders, True)

    hot = scale(data) * (heat or (HOT if start is None else HOT_AFTER_START))
    chunk = CHUNK_HEAVY if data.rule.restores or data.rule.timed else CHUNK
    search(*refs, 0, hot, hot * COOLS_TO)  # compiled before the clock starts
    progress = Progress(0, int(state.num[BEST]), int(state.num[USED]), int(state.num[ABSENT]))
    fraction = stop(progress)
    told = -1.0
    step = 0.0
    while True:
        done = progress.iterations
        progress = replace(
            progress,
            cost=int(state.num[BEST]),
            vehicles=int((state.best_run["count"] > 0).sum()),
            dropped=problem.tasks - int(state.best_run["count"].sum()),
            fraction=fraction,
        )
        if on_progress and (fraction >= 1 or fraction >= told + 0.01):
            told = fraction
            on_progress(progress)
        if fraction >= 1 or not problem.tasks:
            break
        now = hot * COOLS_TO**fraction
        then = hot * COOLS_TO ** min(1.0, fraction + step)
        search(*refs, chunk, now, then)
        progress = replace(progress, iterations=done + chunk)
        before = fraction
        fraction = stop(progress)
        step = fraction - before
    solution = best_solution(problem, state)
    return Result(solution, int(state.num[BEST]), progress.iterations, stop.reason, watch.seconds)
