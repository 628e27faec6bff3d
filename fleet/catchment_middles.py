"""The middles of a station's territories, one for each shift in which it sends for loads.

Plane coordinates in metres; a middle is weighted by kilograms.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from fleet.pickups import Pickup

Middles = dict[str, tuple[float, float]]
NOWHERE_KM2 = 25.0  # for a shift in which the station sends for no load
_ORDERS = 24  # of the shifts that are tried: all of four
_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]


def squared_km(pickup: Pickup, middle: tuple[float, float] | None) -> float:
    """Squared distance to a middle, km²."""
    if middle is None:
        return NOWHERE_KM2
    return ((pickup.x_m - middle[0]) ** 2 + (pickup.y_m - middle[1]) ** 2) / 1e6


def first_middles(
    pickups: Sequence[Pickup], lots: Mapping[str, int], known: Sequence[str | None]
) -> Middles:
    """Middles of the territories of the shifts that have loads.

    Those of the pickups' ``known`` shifts where each shift has some. Otherwise the pickups are
    halved across their longest extent again and again, in proportion to the loads; of the orders
    of the shifts the one is taken that has all pickups closest to a middle that is open to them.
    """
    used = [t for t, n in lots.items() if n > 0]
    if set(used) <= set(known):
        return next_middles(pickups, known, dict.fromkeys(used, (0.0, 0.0)))
    xy, kg = _arrays(pickups)
    closed = np.array([[t not in p.shifts for t in used] for p in pickups])
    best: tuple[float, Middles] = (float("inf"), {})
    for order in itertools.islice(itertools.permutations(range(len(used))), _ORDERS):
        part = np.zeros(len(pickups), dtype=np.int64)
        _halve(xy, kg, np.arange(len(pickups)), [(i, lots[used[i]]) for i in order], part)
        middles = np.array([_middle(xy, kg, part == i) for i in range(len(used))])
        square = ((xy[:, None, :] - middles[None, :, :]) ** 2).sum(axis=2)
        square[closed] += 1e6 * NOWHERE_KM2
        total = float((kg * square.min(axis=1)).sum())
        if total < best[0] * (1 - 1e-9):
            best = total, {used[i]: (float(x), float(y)) for i, (x, y) in enumerate(middles)}
    return best[1]


def next_middles(
    pickups: Sequence[Pickup], shifts: Sequence[str | None], middles: Middles
) -> Middles:
    """The middles of what is now in each shift; an empty one stays where it was."""
    xy, kg = _arrays(pickups)
    moved = dict(middles)
    for t in middles:
        inside = np.array([shift == t for shift in shifts])
        if inside.any():
            x, y = _middle(xy, kg, inside)
            moved[t] = float(x), float(y)
    return moved


def _arrays(pickups: Sequence[Pickup]) -> tuple[_Floats, _Floats]:
    xy = np.array([(p.x_m, p.y_m) for p in pickups], dtype=np.float64)
    return xy, np.array([max(p.kg, 1) for p in pickups], dtype=np.float64)


def _middle(xy: _Floats, kg: _Floats, inside: npt.NDArray[np.bool_]) -> _Floats:
    """The middle of some pickups; of all, if there are none."""
    weight = kg * inside if inside.any() else kg
    middle: _Floats = (weight[:, None] * xy).sum(axis=0) / weight.sum()
    return middle


def _halve(
    xy: _Floats, kg: _Floats, at: _Ints, shares: Sequence[tuple[int, int]], part: _Ints
) -> None:
    """Cut the pickups ``at`` into parts in proportion to their shares; writes ``part``."""
    if len(shares) == 1 or len(at) == 0:
        part[at] = shares[0][0]
        return
    spread = xy[at] - _middle(xy[at], kg[at], np.ones(len(at), dtype=np.bool_))
    a, b, c = (
        float((kg[at] * spread[:, i] * spread[:, j]).sum()) for i, j in ((0, 0), (0, 1), (1, 1))
    )
    angle = 0.5 * np.arctan2(2 * b, a - c)  # of the longest extent
    along = np.round(spread @ np.array([np.cos(angle), np.sin(angle)]), 3)
    order = at[np.argsort(along, kind="stable")]
    half = len(shares) // 2
    wanted = sum(n for _, n in shares[:half]) / sum(n for _, n in shares)
    grown = np.cumsum(kg[order])
    cut = int(np.searchsorted(grown - kg[order] / 2, wanted * grown[-1]))
    _halve(xy, kg, order[:cut], shares[:half], part)
    _halve(xy, kg, order[cut:], shares[half:], part)
