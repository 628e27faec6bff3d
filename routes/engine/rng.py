"""Random numbers of the search: splitmix64 in an array of one, so that threads never share them.

Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators, OOPSLA 2014,
doi 10.1145/2660193.2660195.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routes.engine.kernel import entry

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


def seeded(seed: int) -> NDArray[np.uint64]:
    """The generator's state, (1,) uint64, for any integer seed."""
    return np.array([seed % (1 << 64)], dtype=np.uint64)


@entry
def uniform(rng: NDArray[np.uint64]) -> float:
    """A number in (0, 1); never 0, so that its logarithm is finite."""
    rng[0] += _STEP
    z = rng[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    z = z ^ (z >> np.uint64(31))
    return (np.float64(np.int64(z >> np.uint64(12))) + 0.5) * 2.0**-52


@entry
def below(rng: NDArray[np.uint64], n: int) -> int:
    """An integer in 0 .. n - 1."""
    return int(uniform(rng) * n)
