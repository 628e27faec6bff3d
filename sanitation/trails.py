"""A road's arcs -> trails: lists of arcs that a truck drives one after the other.

A trail follows the road straight on; where the road branches, the straightest way on is the
trail's and the rest begin trails of their own. Every arc is in exactly one trail, and no trail
holds a forbidden turn or turns round. A trail is *forward* (with the order of the road's first
way) or *backward*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routes.network import StreetNetwork, arc_vectors

NEAR_M = 80.0  # carriageways farther apart than this do not belong together
# A sharper bend is no way on: at the end of a dual carriageway the other one begins.
_SHARPEST_DEG = 120.0
# Nor is one that bends this much more than another way on along the same road.
_LESS_STRAIGHT_DEG = 30.0
_METRES_PER_DEGREE = 111_195.0

Trail = tuple[int, ...]


@dataclass(frozen=True)
class Geometry:
    """What the trails need of the network, computed once."""

    network: StreetNetwork

    @cached_property
    def vectors_m(self) -> NDArray[np.float64]:
        """(A, 2) east and north of each arc in metres."""
        return np.stack(arc_vectors(self.network), axis=1) * _METRES_PER_DEGREE

    @cached_property
    def nodes_m(self) -> NDArray[np.float64]:
        """(V, 2) positions in metres on a plane that fits a city."""
        lon, lat = self.network.lon, self.network.lat
        shrink = np.cos(np.radians(lat.mean()))
        return np.stack((lon * shrink, lat), axis=1) * _METRES_PER_DEGREE

    @cached_property
    def banned(self) -> frozenset[tuple[int, int]]:
        return frozenset((int(a), int(b)) for a, b in self.network.banned)

    @cached_property
    def arcs_of_way(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(list)
        for arc, way in enumerate(self.network.way_ids):
            found[int(way)].append(arc)
        return {way: tuple(arcs) for way, arcs in found.items()}

    @cached_property
    def arcs_at(self) -> tuple[tuple[int, ...], ...]:
        """Arcs into or out of each node."""
        found: list[list[int]] = [[] for _ in range(self.network.nodes)]
        for arc in range(self.network.arcs):
            found[self.tail(arc)].append(arc)
            found[self.head(arc)].append(arc)
        return tuple(tuple(arcs) for arcs in found)

    def tail(self, arc: int) -> int:
        return int(self.network.tail[arc])

    def head(self, arc: int) -> int:
        return int(self.network.head[arc])

    def middles_m(self, arcs: Sequence[int]) -> NDArray[np.float64]:
        """(n, 2) the middle of each arc."""
        chosen = list(arcs)
        ends = self.nodes_m[self.network.tail[chosen]] + self.nodes_m[self.network.head[chosen]]
        return np.asarray(ends / 2)

    def may_follow(self, before: int, after: int) -> bool:
        """Head to tail, not forbidden and not back."""
        return (
            self.head(before) == self.tail(after)
            and self.head(after) != self.tail(before)
            and (before, after) not in self.banned
        )

    def bend_deg(self, before: int, after: int) -> float:
        """How far from straight on a turn is, 0 to 180, rounded so that equal is equal."""
        (x1, y1), (x2, y2) = self.vectors_m[before], self.vectors_m[after]
        angle = np.degrees(np.arctan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2))
        return round(abs(float(angle)), 3)

    def nearest(
        self, points_m: NDArray[np.float64], arcs: Sequence[int]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """For each point the position in ``arcs`` of the nearest arc, and the metres to it."""
        chosen = list(arcs)
        start = self.nodes_m[self.network.tail[chosen]]
        along = self.nodes_m[self.network.head[chosen]] - start
        square = np.maximum((along**2).sum(axis=1), 1e-9)
        offset = points_m[:, None, :] - start[None, :, :]
        share = np.clip((offset * along).sum(axis=2) / square, 0, 1)
        gap = np.hypot(*np.moveaxis(offset - share[:, :, None] * along, 2, 0))
        best = np.argmin(np.round(gap, 3), axis=1)
        return best, gap[np.arange(len(points_m)), best]


def trails_of(way_ids: Sequence[int], geometry: Geometry) -> tuple[list[Trail], list[Trail]]:
    """The forward and the backward trails of a road made of whole ways.

    Two-way stretches give mirrored trails, one each way. Of a dual carriageway the one that runs
    as the first way does is forward. A one-way street has forward trails only. The trails of each
    direction are sorted by the earliest of the ways they hold, then by arc.

    Args:
        way_ids: ways of the network (each at least once in it), the first decides the direction.
    """
    arcs = sorted(arc for way in way_ids for arc in geometry.arcs_of_way[way])
    twins = _twins(arcs, geometry)
    after = _link(arcs, twins, geometry)
    place = {way: i for i, way in enumerate(way_ids)}
    pieces = sorted(_chains(arcs, after, geometry), key=lambda t: _rank(t, place, geometry))
    forward = _forward_arcs(pieces, twins, place, geometry)
    _join(arcs, after, twins, forward, geometry)
    sides: tuple[list[Trail], list[Trail]] = ([], [])
    for trail in sorted(_chains(arcs, after, geometry), key=lambda t: _rank(t, place, geometry)):
        sides[0 if trail[0] in forward else 1].append(trail)
    return sides


def _rank(trail: Trail, place: dict[int, int], geometry: Geometry) -> tuple[int, int]:
    ways = geometry.network.way_ids
    return min(place[int(ways[arc])] for arc in trail), min(trail)


def _twins(arcs: Sequence[int], geometry: Geometry) -> dict[int, int]:
    """Arc -> the same step of the same way driven the other way, where there is one."""
    ways = geometry.network.way_ids
    at = {(geometry.tail(a), geometry.head(a), int(ways[a])): a for a in arcs}
    back = {a: at.get((geometry.head(a), geometry.tail(a), int(ways[a]))) for a in arcs}
    return {a: b for a, b in back.items() if b is not None}


def _pairs_by_bend(arcs: Sequence[int], geometry: Geometry) -> list[tuple[float, int, int]]:
    """(bend, arc, next arc) for all that may carry on a trail, the straightest first."""
    by_tail: dict[int, list[int]] = defaultdict(list)
    for arc in arcs:
        by_tail[geometry.tail(arc)].append(arc)
    pairs = [
        (geometry.bend_deg(a, b), a, b)
        for a in arcs
        for b in by_tail[geometry.head(a)]
        if geometry.may_follow(a, b)
    ]
    return sorted(pair for pair in pairs if pair[0] <= _SHARPEST_DEG)


def _link(arcs: Sequence[int], twins: dict[int, int], geometry: Geometry) -> dict[int, int]:
    """Arc -> the arc that follows it in its trail; two-way arcs so that both directions agree."""
    after: dict[int, int] = {}
    taken: set[int] = set()
    pairs = _pairs_by_bend(arcs, geometry)
    onto: dict[int, float] = {}
    into: dict[int, float] = {}
    for bend, a, b in pairs:
        onto.setdefault(a, bend)
        into.setdefault(b, bend)
    for bend, a, b in pairs:
        if a in after or b in taken or (a in twins) != (b in twins):
            continue
        if a not in twins and bend > min(onto[a], into[b]) + _LESS_STRAIGHT_DEG:
            continue  # a two-way stretch lies straighter ahead: see _join
        if a in twins:
            back_a, back_b = twins[a], twins[b]
            mirrored = geometry.may_follow(back_b, back_a)
            if back_b in after or back_a in taken or not mirrored:
                continue
            after[back_b] = back_a
            taken.add(back_a)
        after[a] = b
        taken.add(b)
    return after


def _join(
    arcs: Sequence[int],
    after: dict[int, int],
    twins: dict[int, int],
    forward: frozenset[int],
    geometry: Geometry,
) -> None:
    """Link, in ``after``, the ends of two-way stretches with one-way ones of the same direction."""
    taken = set(after.values())
    for _, a, b in _pairs_by_bend(arcs, geometry):
        mixed = (a in twins) != (b in twins)
        if mixed and a not in after and b not in taken and (a in forward) == (b in forward):
            after[a] = b
            taken.add(b)


def _chains(arcs: Sequence[int], after: dict[int, int], geometry: Geometry) -> list[Trail]:
    """Follow the links. A closed trail begins where another street meets it, if one does."""
    followed = set(after.values())
    trails: list[Trail] = []
    left = set(arcs)
    for first in [a for a in arcs if a not in followed]:
        trail = [first]
        while trail[-1] in after:
            trail.append(after[trail[-1]])
        trails.append(tuple(trail))
        left.difference_update(trail)
    own = set(arcs)
    for first in arcs:
        if first in left:
            trail = [first]
            while after[trail[-1]] != first:
                trail.append(after[trail[-1]])
            left.difference_update(trail)
            met = [any(x not in own for x in geometry.arcs_at[geometry.tail(a)]) for a in trail]
            # The other direction of a two-way loop begins at the same node.
            turn = min(range(len(trail)), key=lambda i: (not met[i], geometry.tail(trail[i])))
            trails.append(tuple(trail[turn:] + trail[:turn]))
    return trails


def _forward_arcs(
    pieces: Sequence[Trail], twins: dict[int, int], place: dict[int, int], geometry: Geometry
) -> frozenset[int]:
    """The arcs of the pieces that run forward. Of two mirrored pieces exactly one does."""
    forward: list[Trail] = []
    backward: list[Trail] = []
    left = list(pieces)
    while left:
        done = {geometry.tail(t[0]) for t in forward + backward}
        done |= {geometry.head(t[-1]) for t in forward + backward}
        touching = [t for t in left if geometry.tail(t[0]) in done or geometry.head(t[-1]) in done]
        piece = touching[0] if touching else left[0]
        left.remove(piece)
        mirror = tuple(twins[arc] for arc in reversed(piece)) if piece[0] in twins else None
        score = _agreement(piece, forward, backward, mirror is not None, geometry)
        if score == 0:
            if mirror or not forward:
                score = _along(piece, place, geometry)
            else:
                score = float(_span_m(piece, geometry) @ _span_m(forward[0], geometry))
        (forward if score >= 0 else backward).append(piece)
        if mirror:
            # A mirrored loop may begin elsewhere: find the piece by what it holds.
            other = next(t for t in left if set(t) == set(mirror))
            left.remove(other)
            (backward if score >= 0 else forward).append(other)
    return frozenset(arc for trail in forward for arc in trail)


def _agreement(
    piece: Trail,
    forward: Sequence[Trail],
    backward: Sequence[Trail],
    two_way: bool,
    geometry: Geometry,
) -> float:
    """Above 0: the piece runs as what is forward already; below: against it; 0: nothing says.

    A one-way piece is compared with the carriageway beside it first; then, as for the others, it
    counts whether it carries on where a trail ends.
    """
    known = [arc for trail in (*forward, *backward) for arc in trail]
    if known and not two_way:
        sign = np.array([1.0] * sum(map(len, forward)) + [-1.0] * sum(map(len, backward)))
        at, gap = geometry.nearest(geometry.middles_m(piece), known)
        mine, theirs = geometry.vectors_m[list(piece)], geometry.vectors_m[known][at]
        norm = np.hypot(*mine.T) * np.hypot(*theirs.T)
        cosine = (mine * theirs).sum(axis=1) / np.maximum(norm, 1e-9)
        weight = geometry.network.length_m[list(piece)]
        beside = (gap < NEAR_M) & (np.abs(cosine) > 0.5)
        vote = float((weight * np.sign(cosine) * sign[at])[beside].sum())
        if abs(vote) > 0.3 * float(weight.sum()):
            return vote
    start, end = geometry.tail(piece[0]), geometry.head(piece[-1])
    score = 0.0
    for trails, value in ((forward, 1.0), (backward, -1.0)):
        for trail in trails:
            score += value * (geometry.head(trail[-1]) == start)
            score += value * (geometry.tail(trail[0]) == end)
    return score


def _span_m(trail: Trail, geometry: Geometry) -> NDArray[np.float64]:
    """(2,) from the trail's first node to its last, metres."""
    ends = geometry.nodes_m[[geometry.tail(trail[0]), geometry.head(trail[-1])]]
    return np.asarray(ends[1] - ends[0])


def _along(piece: Trail, place: dict[int, int], geometry: Geometry) -> float:
    """Metres of the piece's first way that run with its node order, less those against it."""
    network = geometry.network
    first = min(piece, key=lambda arc: place[int(network.way_ids[arc])])
    own = [arc for arc in piece if network.way_ids[arc] == network.way_ids[first]]
    sign = np.where(network.against[own], -1.0, 1.0)
    return float((network.length_m[own] * sign).sum())
