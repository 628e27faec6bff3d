"""The search's kernels as plain Python: run with NUMBA_DISABLE_JIT=1 before anything is imported.

    NUMBA_DISABLE_JIT=1 python tests/plain_kernels.py CASE...

A CASE is SEED:LANES; the result of `run` of each is printed as a JSON list. Records and arrays
are wrapped, so that kernels read Python's numbers, which never overflow.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np
from routing_problems import MIXTURES, random_problem

CHUNK = 15  # iterations; a round of two lanes has four times as many each


class Rows:
    """An array of records or numbers, read as kernels do."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        self.shape = array.shape

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, place: Any) -> Any:
        if self._array.dtype.names:
            return Row(self._array, place)
        value = self._array[place]
        return value.item() if value.ndim == 0 else Rows(value)

    def __setitem__(self, place: Any, value: Any) -> None:
        self._array[place] = value.record() if isinstance(value, Row) else value


class Row:
    """One record, by reference."""

    def __init__(self, array: np.ndarray, place: Any) -> None:
        object.__setattr__(self, "_array", array)
        object.__setattr__(self, "_place", place)

    def record(self) -> Any:
        return self._array[self._place].copy()

    def __getattr__(self, name: str) -> Any:
        return self._array[name][self._place].item()

    def __setattr__(self, name: str, value: Any) -> None:
        self._array[name][self._place] = value


def rows(fields: Any) -> Any:
    """A Data or State whose arrays are Rows; the random numbers stay as they are."""
    return fields._replace(**{
        name: Rows(value)
        for name, value in fields._asdict().items()
        if isinstance(value, np.ndarray) and value.dtype != np.uint64
    })  # fmt: skip


def run(seed: int, lanes: int) -> list[Any]:
    """[cost, iterations, routes] of a short search on a small problem of a mixture of features."""
    from routes import solve as solver
    from routes.stop import MaxIterations

    solver.CHUNK = solver.CHUNK_HEAVY = CHUNK
    solver.FEWEST_HALVED, solver.FEWEST_IN_LANE = 1 + seed % 2 * 1_000, 0
    problem = random_problem(seed, tasks=14, vehicles=5, **MIXTURES[seed % len(MIXTURES)])
    found = solver.solve(problem, MaxIterations(8 * CHUNK), seed, lanes=lanes)
    return [found.cost, found.iterations, repr(found.solution.routes)]


if __name__ == "__main__":
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        sys.exit("NUMBA_DISABLE_JIT=1 is not set")
    from routes.engine import refs

    refs.borrow = rows
    refs.data_ref = refs.state_ref = lambda fields: fields
    cases = [[int(x) for x in case.split(":")] for case in sys.argv[1:]]
    print(json.dumps([run(seed, lanes) for seed, lanes in cases]))
