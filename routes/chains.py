"""Tasks joined into chains, for a search in two grains: whole streets first, then sections.

A chain is a row of tasks that one vehicle serves one right after the other. With far fewer tasks
to place, a search gets further in the same time; its routes, unjoined, are a good start for the
search over the single tasks. The idea is that of multilevel search (Walshaw, Multilevel
refinement for combinatorial optimisation problems, Annals of Operations Research 131, 2004,
doi 10.1023/B:ANOR.0000039525.80601.15), with chains that the streets give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.problem import RoutingProblem
from routes.solution import Route, Serve, Solution

Chains = Sequence[Sequence[int]]


def join(problem: RoutingProblem, chains: Chains) -> RoutingProblem:
    """The problem whose task k is the row of tasks ``chains[k]``, served without a break.

    Args:
        problem: every task has one mode.
        chains: each task exactly once. Tasks of a chain have the same windows, vehicle types,
            pinned and preferred vehicle; a chain takes these from its first task.

    Returns:
        A problem over the same places and vehicles. Service includes the ways inside a chain, as
        work. Time costs what it costs in the unjoined routes where a chain fits into one window;
        metres inside a chain are free, and a chain moved, or a group of chains split, counts once
        however many tasks that are.

    Raises:
        ValueError: a task has several modes, or is not in exactly one chain.
    """
    if len(problem.mode_entry) != problem.tasks:
        raise ValueError("a task with several modes cannot be joined")
    count = np.bincount([task for chain in chains for task in chain], minlength=problem.tasks)
    if len(count) > problem.tasks or not all(chains):
        raise ValueError("a chain is empty or has a task that the problem has not")
    for task in np.flatnonzero(count != 1)[:1]:
        raise ValueError(f"task {task} is in {count[task]} chains")
    first = [chain[0] for chain in chains]
    last = [chain[-1] for chain in chains]
    size = np.array([len(chain) for chain in chains])
    order = np.array([task for chain in chains for task in chain])
    starts = np.cumsum(size) - size
    ways = problem.time_s[problem.mode_exit[order[:-1]], problem.mode_entry[order[1:]]]
    inner = np.append(0, ways)  # of the way that leads to each task of the row
    inner[starts] = 0

    def total(values: NDArray[Any]) -> NDArray[Any]:
        return np.add.reduceat(values[order], starts).astype(values.dtype)

    return replace(
        problem,
        mode_first=np.arange(len(chains) + 1, dtype=np.int32),
        mode_entry=problem.mode_entry[first],
        mode_exit=problem.mode_exit[last],
        service_s=total(problem.service_s)
        + np.add.reduceat(inner, starts)[:, None].astype(problem.service_s.dtype),
        service_m=total(problem.service_m),
        demand=total(problem.demand),
        window_s=problem.window_s[first],
        drop_cost=total(problem.drop_cost),
        group=_groups(problem, chains),
        allowed=problem.allowed[first],
        pinned=problem.pinned[first],
        preferred=problem.preferred[first],
    )


def _groups(problem: RoutingProblem, chains: Chains) -> NDArray[np.int32]:
    """Chains whose tasks belong to the same groups in the same order are a group."""
    keys = [tuple(int(problem.group[task]) for task in chain) for chain in chains]
    often = Counter(key for key in keys if min(key) >= 0)
    number = {key: index for index, key in enumerate(k for k, n in sorted(often.items()) if n > 1)}
    return np.array([number.get(key, -1) for key in keys], dtype=np.int32)


def unjoin(solution: Solution, chains: Chains) -> Solution:
    """A solution of the joined problem as a start for the other: orders of tasks, no restores."""
    routes = tuple(
        Route(
            route.vehicle,
            route.start_s,
            tuple(
                Serve(task, task)
                for step in route.steps
                if isinstance(step, Serve)
                for task in chains[step.task]
            ),
        )
        for route in solution.routes
    )
    return Solution(routes, tuple(sorted(t for chain in solution.dropped for t in chains[chain])))
