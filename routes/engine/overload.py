"""Routes that carry too much for a while: what that costs, and how much of it is allowed.

Where tanks are nearly full, hardly any change of two routes fits, and a search that may not pass
through overloaded routes stays where it is. So a route may be over its tank, at a price for each
millionth of the tank, and the price follows the search: it falls while nothing is overloaded and
rises while something is, as in the tabu search of Gendreau, Hertz & Laporte (Management Science
40(10), 1994, doi 10.1287/mnsc.40.10.1276). Only a solution without overload is kept as the best.

For routes without restores: with them a fuller tank means one restore more, which split.py places.
"""

from __future__ import annotations

from typing import Any

from routes.engine.kernel import inner, wide
from routes.engine.state import MOST_OVER, OVER, OVER_PRICE, TOUCHED, Data, State

FULL = 1_000_000  # overload is counted in millionths of a tank
ALLOWED = 0.1  # share of a tank by which a route may be over it
EASE = 0.001  # by how much the price changes with each iteration


@inner
def over_tank(D: Data, v: int, r: int, load: int) -> int:
    """Overload of vehicle v when it carries `load` of resource r; no tank counts as one of 1."""
    more = load - D.capacity[v, r]
    tank = max(1, D.capacity[v, r])
    return wide(0) if more <= 0 else (more * FULL + tank - 1) // tank


@inner
def holds(D: Data, S: State, v: int, r: int, load: int) -> bool:
    """Whether vehicle v may carry `load` of resource r, overload included."""
    limit = D.capacity[v, r]
    if D.rule.soft:
        limit += int(S.overload[MOST_OVER] * limit)
    return bool(load <= limit)


@inner
def overload(D: Data, S: State, v: int) -> int:
    """Overload of route v."""
    over = wide(0)
    for r in range(D.demand.shape[1]):
        over += over_tank(D, v, r, S.load[v, r])
    return over


@inner
def dearer(D: Data, S: State, t: int, v: int) -> int:
    """What task t adds to the price of route v's overload."""
    over = wide(0)
    for r in range(D.demand.shape[1]):
        load = S.load[v, r]
        over += over_tank(D, v, r, load + D.demand[t, r]) - over_tank(D, v, r, load)
    return int(S.overload[OVER_PRICE] * over)


@inner
def overload_now(D: Data, S: State) -> int:
    """Overload of the solution, once the touched routes are settled."""
    over = S.num[OVER]
    if D.rule.soft:
        for slot in range(S.num[TOUCHED]):
            over += S.run[S.touched[slot]].over - S.kept_run[slot].over
    return over


@inner
def follow(D: Data, S: State) -> None:
    """The price of overload for the next iteration."""
    if D.rule.soft:
        S.overload[OVER_PRICE] *= 1 - EASE if S.num[OVER] == 0 else 1 + EASE


@inner
def allow(S: State, share: Any) -> None:
    """Let routes be over their tanks by this share of them, from now on."""
    S.overload[MOST_OVER] = share
