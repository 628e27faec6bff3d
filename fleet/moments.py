"""The moments at which the bays of the facilities must be checked, and a search over them.

A bay is overfull at some time exactly if it is at the start of some use, and it is enough to look
at those starts that are followed by an end before the next start (the maximal cliques of the
intervals): every other set of simultaneous uses is part of one of those. So the check is exact
without going minute by minute.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fleet.model import Use

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A facility with ``over`` trucks more than bays during [start_s, end_s)."""

    facility: str
    start_s: int
    end_s: int
    over: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments in one row, facility after facility.

    ``facility`` and ``at_s`` say where and when, ``free`` how many bays the fixed uses leave
    (below zero if they alone are too many), shapes (m,).
    """

    facility: tuple[str, ...]
    at_s: tuple[int, ...]
    free: _Ints
    ranges: Mapping[str, tuple[int, int]]  # facility -> [first, last) of its moments
    times: _Ints

    def covered(self, uses: Sequence[Use]) -> _Ints:
        """Indices of the moments inside any of ``uses``, ascending."""
        parts = []
        for use in uses:
            first, last = self.ranges[use.facility]
            low, high = np.searchsorted(self.times[first:last], (use.start_s, use.end_s))
            parts.append(np.arange(first + low, first + high, dtype=np.int64))
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def find_moments(uses: Sequence[Use], fixed: Sequence[Use], bays: Mapping[str, int]) -> Moments:
    """The moments of every facility that any of ``uses`` (of all choices) touches."""
    starts: dict[str, set[int]] = {}
    ends: dict[str, set[int]] = {}
    for use in (*uses, *fixed):
        starts.setdefault(use.facility, set()).add(use.start_s)
        ends.setdefault(use.facility, set()).add(use.end_s)
    facility: list[str] = []
    times: list[int] = []
    ranges: dict[str, tuple[int, int]] = {}
    for name in sorted(starts):
        first = len(times)
        begin = sorted(starts[name])
        finish = np.array(sorted(ends[name]))
        for start, following in zip(begin, [*begin[1:], None], strict=True):
            # Half-open: a use that ends when the next one starts is over by then.
            upper = np.searchsorted(finish, following, "right") if following is not None else None
            if upper is None or upper > np.searchsorted(finish, start, "right"):
                times.append(start)
                facility.append(name)
        ranges[name] = (first, len(times))
    free = np.array([bays[name] for name in facility], dtype=np.int64)
    moments = Moments(tuple(facility), tuple(times), free, ranges, np.array(times, dtype=np.int64))
    for use in fixed:
        moments.free[moments.covered((use,))] -= 1
    return moments


def sweep(uses: Sequence[Use], bays: Mapping[str, int]) -> tuple[Conflict, ...]:
    """Every stretch of time in which a facility has more uses than bays, plainly counted.

    Neighbouring stretches with the same number too many are one conflict.
    """
    events: dict[str, dict[int, int]] = {}
    for use in uses:
        at = events.setdefault(use.facility, {})
        at[use.start_s] = at.get(use.start_s, 0) + 1
        at[use.end_s] = at.get(use.end_s, 0) - 1
    conflicts: list[Conflict] = []
    for name in sorted(events):
        taken, since, over = 0, 0, 0
        for moment in sorted(events[name]):
            taken += events[name][moment]
            now = max(0, taken - bays[name])
            if now != over:
                if over:
                    conflicts.append(Conflict(name, since, moment, over))
                since, over = moment, now
    return tuple(conflicts)


@dataclass(frozen=True, slots=True)
class Pick:
    """The timings of one run: their costs and the moments each covers, one after the other.

    Option i covers ``cover[bound[i]:bound[i + 1]]``.
    """

    cost: _Ints
    cover: _Ints
    bound: _Ints

    def of(self, option: int) -> _Ints:
        return self.cover[self.bound[option] : self.bound[option + 1]]


def make_pick(costs: Sequence[int], covers: Sequence[_Ints]) -> Pick:
    """Pack the options of one run."""
    bound = np.concatenate(([0], np.cumsum([len(c) for c in covers]))).astype(np.int64)
    cover = np.concatenate(covers) if len(covers) else np.zeros(0, dtype=np.int64)
    return Pick(np.array(costs, dtype=np.int64), cover.astype(np.int64), bound)


def total_cost(picks: Sequence[Pick], free: _Ints, over_cost: int, answer: Sequence[int]) -> int:
    """Σ cost + over_cost · Σ over moments max(0, uses − free)."""
    load = np.zeros(len(free), dtype=np.int64)
    cost = 0
    for pick, option in zip(picks, answer, strict=True):
        load[pick.of(option)] += 1
        cost += int(pick.cost[option])
    return cost + over_cost * int(np.maximum(load - free, 0).sum())


def min_conflicts(
    picks: Sequence[Pick],
    free: _Ints,
    over_cost: int,
    seed: int,
    rounds: int,
    start: Sequence[int] | None = None,
) -> list[int]:
    """A good answer by min-conflicts: place greedily (or begin with ``start``), then take some
    runs out and back in.

    The measure is :func:`total_cost`; ties go to the first option, so the answer depends on
    nothing but the arguments. Min-conflicts: Minton et al. 1992, doi:10.1016/0004-3702(92)90007-K.

    Returns:
        the option of each run. Stops early when no run can be any cheaper.
    """
    chance = random.Random(seed)
    load = np.zeros(len(free), dtype=np.int64)
    answer = list(start) if start is not None else [-1] * len(picks)

    def put(run: int) -> int:
        pick = picks[run]
        full = np.concatenate(([0], np.cumsum((load >= free)[pick.cover])))
        costs = pick.cost + over_cost * (full[pick.bound[1:]] - full[pick.bound[:-1]])
        option = int(np.argmin(costs))
        answer[run] = option
        load[pick.of(option)] += 1
        return int(costs[option])

    def take(run: int) -> None:
        load[picks[run].of(answer[run])] -= 1

    runs = list(range(len(picks)))
    for run in sorted(runs, key=lambda r: len(picks[r].cost)):
        if start is None:
            put(run)
        else:
            load[picks[run].of(answer[run])] += 1
    floor = [int(pick.cost.min()) for pick in picks]
    best_cost = total_cost(picks, free, over_cost, answer)
    best = list(answer)
    for _ in range(rounds):
        # Runs that are in a conflict or dearer than they could be are the ones worth moving.
        sore = [
            r
            for r in runs
            if picks[r].cost[answer[r]] > floor[r]
            or bool((load > free)[picks[r].of(answer[r])].any())
        ]
        if not sore:
            break
        centre = chance.choice(sore)
        others = [r for r in runs if r != centre]
        out = [centre, *chance.sample(others, min(len(others), chance.randint(1, 4)))]
        chance.shuffle(out)
        before = [(r, answer[r]) for r in out]
        for run in out:
            take(run)
        for run in out:
            put(run)
        cost = total_cost(picks, free, over_cost, answer)
        if cost <= best_cost:
            best_cost, best = cost, list(answer)
            continue
        for run in out:
            take(run)
        for run, option in before:
            answer[run] = option
            load[picks[run].of(option)] += 1
    return best
