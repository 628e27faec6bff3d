"""Compiled kernels against the same kernels as plain Python, with the JIT off."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from plain_kernels import run
from routing_problems import MIXTURES


@pytest.fixture(autouse=True)
def _constants_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """run() sets these."""
    for name in ("CHUNK", "CHUNK_HEAVY", "FEWEST_HALVED", "FEWEST_IN_LANE"):
        monkeypatch.setattr(f"routes.solve.{name}", 1)


def in_plain_python(cases: list[tuple[int, int]]) -> list[object]:
    """run() of every case in a process without the JIT."""
    here = Path(__file__)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(here.with_name("plain_kernels.py"))]
        + [f"{seed}:{lanes}" for seed, lanes in cases],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(here.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


EVERY = range(len(MIXTURES))
THIRD = EVERY[::3]


@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(THIRD, id="third"),
        pytest.param(sorted({*EVERY} - {*THIRD}), id="others", marks=pytest.mark.long),
    ],
)
def test_the_same_search(seeds: Sequence[int]) -> None:
    """120 iterations on a random problem of each mixture of features, in one lane and two by turns:
    the same routes, modes, restores, rests and times, so the same random numbers in the same order.
    In plain Python a place outside an array is an error."""
    cases = [(seed, 1 + seed % 2) for seed in seeds]
    for case, expected in zip(cases, in_plain_python(cases), strict=True):
        assert run(*case) == expected, case
