"""Rows of passes along streets, which a search places as one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sanitation.ground import Ground
from sanitation.workload import Workload

# A chain of sections is about this long at most, and uses about this share of a tank or a load.
LONGEST_CHAIN_M, CHAIN_OF_TANK = 2400, 0.25


def street_chains(workload: Workload, ground: Ground) -> tuple[tuple[int, ...], ...]:
    """The tasks in rows along their streets, for routes.chains.

    A row is one pass of one round along one direction of a road, for tasks with the same windows
    and the same wishes that lead into one another. Long rows are cut into even parts.
    """
    problem = workload.problem
    tails, heads = ground.network.tail, ground.network.head
    rows: dict[tuple[object, ...], list[int]] = {}
    for task, duty in enumerate(workload.duties):
        section = ground.by_id[duty.section_id]
        wishes = int(problem.pinned[task]), int(problem.preferred[task])
        key = (duty.road_id, section.direction, duty.round_no, duty.pass_no, duty.windows, wishes)
        rows.setdefault(key, []).append(task)
    most_m = _longest_chain_m(workload)
    chains = []
    for (_, direction, *_), row in rows.items():
        row.sort(key=lambda t: workload.duties[t].section_id, reverse=direction == "backward")
        start = 0
        for end in range(1, len(row) + 1):
            if end < len(row):
                before, after = (
                    ground.by_id[workload.duties[t].section_id].arcs for t in row[end - 1 : end + 1]
                )
                if heads[before[-1]] == tails[after[0]]:
                    continue
            chains += _even_parts(row[start:end], problem.service_m, most_m)
            start = end
    return tuple(sorted(chains))


def _longest_chain_m(workload: Workload) -> float:
    """Longer ones fit badly into tanks and even runs."""
    problem = workload.problem
    metres = problem.service_m.sum()
    used = problem.demand.sum(axis=0)
    reach_m = [
        float(metres * least / all_)
        for least, all_ in zip(problem.capacity.min(axis=0), used, strict=True)
        if all_
    ]
    return min([LONGEST_CHAIN_M, *(CHAIN_OF_TANK * one for one in reach_m)])


def _even_parts(
    row: Sequence[int], length_m: NDArray[np.int32], most_m: float
) -> list[tuple[int, ...]]:
    """A row cut into parts of about equal length, ``most_m`` or a little more or less."""
    ends = np.cumsum(length_m[list(row)])
    parts = max(1, math.ceil(ends[-1] / most_m))
    middle = ends - length_m[list(row)] / 2
    part = np.minimum((middle * parts / ends[-1]).astype(int), parts - 1)
    return [
        tuple(t for t, mine in zip(row, part, strict=True) if mine == k)
        for k in sorted(set(part.tolist()))
    ]
