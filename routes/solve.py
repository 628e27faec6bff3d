"""Solve a routing problem: a first solution, then the search of routes/engine until told to stop.

The search is SISRs (Christiaens & Vanden Berghe, Slack induction by string removals for vehicle
routing problems, Transportation Science 54(2), 2020, doi 10.1287/trsc.2019.0914) with exact modes
and restores, and passes through overloaded routes; see routes/engine/search.py and overload.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from routes.problem import RoutingProblem
from routes.solution import Serve, Solution
from routes.stop import Progress, Stop, Stopwatch

# First temperatures, in units of the instance's coarse scale: one for searches of at most
# FEW_A_TASK iterations a task, the other for those of MANY_A_TASK and more.
HOT_SHORT, HOT_LONG = 0.7, 4.0
FEW_A_TASK, MANY_A_TASK = 100, 1_000
# The last temperature: COLD in units of the fine scale, or COOLS_TO of the first, if that is less.
COLD = 0.006
COOLS_TO = 0.01
HOT_AFTER_START = 0.2  # the first one when a start solution is to be improved
CHUNK = 1_000  # iterations between two looks at the stop rule
CHUNK_HEAVY = 200  # the same where restores or windows make an iteration long
ROUND = 4  # chunks that two lanes search before they are dealt anew
FEWEST_HALVED = 300  # tasks; fewer are searched whole by each lane
FEWEST_IN_LANE = 3  # routes; with fewer in a lane most neighbours would be out of its reach
ONE_COOLING = 1_500  # iterations a task; with more, such a search heats up and cools again
LEAST_COLD = 0.3  # the last temperature of these, in units of the smallest step between two costs


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
    lanes: int = 1,
    threads: int = 1,
) -> Result:
    """Search for a solution of least cost.

    Args:
        problem: the problem.
        stop: when to end. With MaxIterations alone the same seed gives the same result.
        seed: of the random numbers.
        start: a solution to begin from; the orders of its tasks are kept, modes, restores, rests
            and departures are chosen anew, and tasks that no longer fit are put elsewhere.
        heat: temperature to begin with, in units of the instance's coarse scale; default by
            whether there is a start. Little heat keeps close to the start.
        on_progress: called when the search begins, after each hundredth of it, and at its end.
        lanes: 1, or 2 for two searches on one half of the routes each, dealt anew every round (see
            routes/engine/lanes.py). A large problem then gets twice as far in the same time.
        threads: how many threads the caller grants: more than lanes are of no use, and the result
            never depends on it.

    Returns:
        The best solution, always one without violations; tasks that fit nowhere are dropped.

    Raises:
        ValueError: threads is below 1, or lanes is neither 1 nor 2.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}, below 1")
    if lanes not in (1, 2):
        raise ValueError(f"lanes is {lanes}, neither 1 nor 2")
    # imported here: numba takes a third of a second, and its kernels longer the first time
    from routes.engine.construct import nearest_orders
    from routes.engine.decode import best_solution
    from routes.engine.refs import data_ref, state_ref
    from routes.engine.search import insert_absent, load
    from routes.engine.state import ABSENT, BEST, USED, empty_state, prepare, scale, step_of_cost
    from routes.engine.team import Alone, Pair

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
    load(*refs, orders)
    insert_absent(*refs, state.absent[: state.num[ABSENT]].copy())

    unit, fine = scale(data)
    given = heat is not None or start is not None
    hot = unit * ((heat or HOT_AFTER_START) if given else HOT_SHORT)
    cold = min(hot * COOLS_TO, fine * COLD)
    chunk = CHUNK_HEAVY if data.rule.restores or data.rule.timed else CHUNK
    team: Alone | Pair = Alone(data, state, chunk)
    if lanes == 2:
        halved = problem.tasks >= FEWEST_HALVED and state.num[USED] >= 2 * FEWEST_IN_LANE
        team = Pair(data, state, chunk * ROUND, seed, threads, bool(halved))
    team.search(hot, hot, 0)  # compiled before the clock starts
    coolings = 1
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
        now = _heat_at(fraction, hot, cold, coolings)
        then = _heat_at(fraction + step, hot, cold, coolings)
        team.search(now, min(now, then))
        progress = replace(progress, iterations=done + team.iterations)
        before = fraction
        fraction = stop(progress)
        step = fraction - before
        if done == 0 and not given and step > 0:
            a_task = team.iterations / step / problem.tasks
            if problem.tasks < FEWEST_HALVED and a_task >= 2 * ONE_COOLING:
                coolings = round(a_task / ONE_COOLING)
                cold = max(cold, LEAST_COLD * step_of_cost(data))
            hot = max(cold, unit * _first_heat(a_task / coolings))
    team.finish()
    solution = best_solution(problem, state)
    return Result(solution, int(state.num[BEST]), progress.iterations, stop.reason, watch.seconds)


def _heat_at(fraction: float, hot: float, cold: float, coolings: int) -> float:
    """The temperature after this fraction of a search that cools so many times from hot to cold."""
    done = min(1.0, fraction) * coolings
    part = done - min(int(done), coolings - 1)
    return hot * math.exp(part * math.log(cold / hot))


def _first_heat(iterations_a_task: float) -> float:
    """How hot to begin: the longer a search is, the further it may go astray at first."""
    many = math.log(MANY_A_TASK / FEW_A_TASK)
    share = math.log(max(iterations_a_task, 1e-9) / FEW_A_TASK) / many
    return HOT_SHORT * math.exp(math.log(HOT_LONG / HOT_SHORT) * min(1.0, max(0.0, share)))
