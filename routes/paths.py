"""Shortest paths on the edge-based graph: turns cost time, and some may not be made.

A *place* is an int. An arc index ``a >= 0``: a vehicle that stands there has driven the arc and
stands at its head; one that begins there is about to drive it from its tail (the turn onto it is
paid, the drive is not). A negative number ``~v`` is street node v, where a facility stands: a
vehicle leaves it by any arc without a turn, and arrives by any arc.

Inside, times are whole milliseconds and lengths whole millimetres, so that sums are exact in any
order; each answer is rounded once, seconds up and metres to the nearest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from routes.network import (
    ARTERIAL,
    BRANCH,
    SECONDARY,
    StreetNetwork,
    forced_turning_places,
    possible_turns,
    turn_angles,
)

UNREACHABLE = 1 << 28  # seconds and metres in a matrix where there is no way
STRAIGHT_DEG = 35.0

_FAR = 1 << 38  # ms; above every real time, and it fits the heap's key
_ARC_BITS = 24  # a heap key is time << _ARC_BITS | arc, so equal times go by arc


@dataclass(frozen=True, slots=True)
class Travel:
    """Speeds without work in km/h by road class, and seconds that turns cost.

    Straight on is a turn of less than STRAIGHT_DEG degrees; turning round (back to the node one
    came from) is possible only at the router's turn_round nodes.
    """

    arterial_kmh: float = 35
    secondary_kmh: float = 30
    branch_kmh: float = 20
    right_s: float = 5
    left_s: float = 15
    u_turn_s: float = 60

    def __post_init__(self) -> None:
        for key in ("arterial_kmh", "secondary_kmh", "branch_kmh"):
            if not 1 <= getattr(self, key) <= 200:
                raise ValueError(f"{key} is {getattr(self, key)}, not between 1 and 200")
        for key in ("right_s", "left_s", "u_turn_s"):
            if not 0 <= getattr(self, key) <= 3600:
                raise ValueError(f"{key} is {getattr(self, key)}, not between 0 and 3600")


@dataclass(frozen=True, slots=True)
class Leg:
    """The way between two places: the arcs driven between them, in order (possibly none)."""

    arcs: tuple[int, ...]
    time_s: int
    length_m: int


class Router:
    """Fastest ways in one network at given speeds.

    Args:
        network: the streets.
        travel: speeds and turns.
        closed: (A,) bool, arcs that may not be driven (road works), or None.

    Attributes:
        turn_round: (V,) bool, the network's, and where a closed street makes a dead end.

    Raises:
        ValueError: ``closed`` has another shape, or the network more than 2**24 arcs.
    """

    def __init__(
        self, network: StreetNetwork, travel: Travel, closed: NDArray[np.bool_] | None = None
    ) -> None:
        if network.arcs >= 1 << _ARC_BITS:
            raise ValueError(f"{network.arcs} arcs are more than the router can number")
        if closed is not None and closed.shape != (network.arcs,):
            raise ValueError(f"closed: shape {closed.shape}, {network.arcs} arcs")
        self.network = network
        self.travel = travel
        self.closed = np.zeros(network.arcs, np.bool_) if closed is None else closed.copy()
        self.turn_round = network.turn_round
        if self.closed.any():
            self.turn_round = network.turn_round | forced_turning_places(network, self.closed)
        kmh = np.empty(3)
        kmh[[ARTERIAL, SECONDARY, BRANCH]] = (
            travel.arterial_kmh,
            travel.secondary_kmh,
            travel.branch_kmh,
        )
        ms = np.rint(network.length_m * 3600 / kmh[network.road_class]).astype(np.int64)
        self._drive_ms = np.maximum(1, ms)  # no step is free: ties stay few and paths simple
        self._length_mm = np.rint(network.length_m * 1000).astype(np.int64)
        self._first_out = network.first_out()
        self._turn_first, self._turn_to, self._turn_ms = self._turns()
        by_head = np.argsort(network.head, kind="stable")
        self._in_arcs = by_head.astype(np.int64)
        self._first_in = np.searchsorted(network.head[by_head], np.arange(network.nodes + 1))

    def _turns(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """All permitted turns in rows by arc: first (A + 1,), onto (T,), milliseconds (T,)."""
        network = self.network
        before, after, back = possible_turns(network)
        angle = turn_angles(network, before, after)
        seconds = np.select(
            [back, np.abs(angle) < STRAIGHT_DEG, angle < 0],
            [self.travel.u_turn_s, 0.0, self.travel.right_s],
            default=self.travel.left_s,
        )
        allowed = (~back | self.turn_round[network.head[before]]) & ~self.closed[after]
        count = np.bincount(before[allowed], minlength=network.arcs)
        first = np.concatenate(([0], np.cumsum(count)))
        turn_ms = np.rint(seconds[allowed] * 1000).astype(np.int64)
        return first.astype(np.int64), after[allowed].astype(np.int64), turn_ms

    def digest(self) -> str:
        """SHA-256 of everything the answers depend on, hexadecimal."""
        sha = hashlib.sha256(self.network.digest().encode())
        sha.update(repr(self.travel).encode())
        sha.update(np.packbits(self.closed).tobytes())
        return sha.hexdigest()

    def matrix(
        self, exits: ArrayLike, entries: ArrayLike
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Fastest times and the metres of those ways, from every exit to every entry.

        Args:
            exits: (E,) places to leave. entries: (N,) places to begin at.

        Returns:
            time_s, dist_m: (E, N) int32, UNREACHABLE where there is no way. Where the exit's head
            is the entry's tail the time is that of the turn (if it is permitted) and the distance
            0; from a node to itself both are 0. A closed arc is no entry.

        Raises:
            ValueError: a place is out of range.
        """
        sources, row = np.unique(self._places(exits), return_inverse=True)
        targets, column = np.unique(self._places(entries), return_inverse=True)
        time_s = np.empty((len(sources), len(targets)), np.int32)
        dist_m = np.empty((len(sources), len(targets)), np.int32)
        _matrix(sources, targets, self._graph(), self._scratch(), time_s, dist_m)
        return time_s[np.ix_(row, column)], dist_m[np.ix_(row, column)]

    def leg(self, exit_place: int, entry_place: int) -> Leg:
        """The fastest way from an exit to an entry; time and length as in the matrix.

        Raises:
            ValueError: a place is out of range or there is no way.
        """
        self._places([exit_place, entry_place])
        graph, scratch = self._graph(), self._scratch()
        _search(exit_place, entry_place, graph, scratch)
        ms, mm, arc = _arrive(exit_place, entry_place, graph, scratch)
        if ms >= _FAR:
            raise ValueError(f"no way from place {exit_place} to place {entry_place}")
        before = scratch[2]
        arcs: list[int] = []
        while arc >= 0:
            arcs.append(int(arc))
            arc = before[arc]
        return Leg(tuple(reversed(arcs)), _seconds(int(ms)), _metres(int(mm)))

    def leg_s(self, exit_place: int, arcs: Sequence[int], entry_place: int) -> int:
        """Seconds of a given way between two places, counted as ``leg`` counts them.

        Raises:
            ValueError: the way is not connected, or a turn on it is not permitted.
        """
        self._places([exit_place, entry_place, *arcs])
        ms, here = 0, exit_place
        for arc in arcs:
            ms += self._onto_ms(here, arc) + int(self._drive_ms[arc])
            here = arc
        if entry_place >= 0:
            ms += self._onto_ms(here, entry_place)
        elif (~here if here < 0 else self.network.head[here]) != ~entry_place:
            raise ValueError(f"the way from place {exit_place} ends elsewhere than {entry_place}")
        return _seconds(ms)

    def drive_s(self, arcs: Sequence[int]) -> int:
        """Seconds to drive consecutive arcs at travel speed, the turns between them included.

        Raises:
            ValueError: the arcs are not connected, or a turn between them is not permitted.
        """
        if not arcs:
            return 0
        self._places(arcs)
        ms = int(self._drive_ms[arcs[0]])
        for here, arc in pairwise(arcs):
            ms += self._onto_ms(here, arc) + int(self._drive_ms[arc])
        return _seconds(ms)

    def _onto_ms(self, here: int, arc: int) -> int:
        """Milliseconds of the turn from a place onto an arc; ValueError where there is none."""
        if here < 0:
            if self.network.tail[arc] == ~here and not self.closed[arc]:
                return 0
            raise ValueError(f"arc {arc} cannot be entered from node {~here}")
        low, high = self._turn_first[here], self._turn_first[here + 1]
        found = np.flatnonzero(self._turn_to[low:high] == arc)
        if not len(found):
            raise ValueError(f"no permitted turn from arc {here} onto arc {arc}")
        return int(self._turn_ms[low + found[0]])

    def _places(self, places: ArrayLike) -> NDArray[np.int64]:
        array = np.asarray(places, dtype=np.int64).reshape(-1)
        wrong = array[(array >= self.network.arcs) | (array < -self.network.nodes)]
        if len(wrong):
            raise ValueError(f"place {wrong[0]} is neither an arc nor a node of the network")
        return array

    def _scratch(self) -> tuple[NDArray[np.int64], ...]:
        """Labels, metres, arcs before, heap: made anew for each call, so that threads may share
        a router."""
        arcs, pushes = self.network.arcs, self.network.arcs + len(self._turn_to) + 1
        return tuple(np.empty(size, np.int64) for size in (arcs, arcs, arcs, pushes))

    def _graph(self) -> tuple[NDArray[np.int64] | NDArray[np.bool_], ...]:
        return (
            self._turn_first,
            self._turn_to,
            self._turn_ms,
            self._drive_ms,
            self._length_mm,
            self._first_out,
            self._first_in,
            self._in_arcs,
            self.closed,
        )


def _seconds(ms: int) -> int:
    return (ms + 999) // 1000


def _metres(mm: int) -> int:
    return (mm + 500) // 1000


@njit(cache=True, nogil=True)
def _push(heap, size, key):  # type: ignore[no-untyped-def]
    """Put a key into the binary heap heap[:size]; the new size."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if heap[parent] <= key:
            break
        heap[child] = heap[parent]
        child = parent
    heap[child] = key
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap, size):  # type: ignore[no-untyped-def]
    """Close the gap that taking heap[0] leaves in heap[:size]; the new size."""
    size -= 1
    key = heap[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[hole] = heap[child]
        hole = child
    heap[hole] = key
    return size


@njit(cache=True, nogil=True)
def _search(source, target, graph, scratch):  # type: ignore[no-untyped-def]
    """Dijkstra over the arcs from one place: fills (best ms, mm, arc before) by arc.

    A label is the cost of being about to drive the arc. The search ends early once ``target`` is
    settled; a target that is no place (1 << 40) lets it run out. A node target is settled when no
    label left could still lead there sooner, ties included, so that an early end and a full
    search give the same answer.
    """
    turn_first, turn_to, turn_ms, drive_ms, length_mm, first_out, first_in, in_arcs, closed = graph
    best, metres, before, heap = scratch
    best[:] = _FAR
    size = 0
    if source >= 0:
        for k in range(turn_first[source], turn_first[source + 1]):
            arc = turn_to[k]
            best[arc] = turn_ms[k]
            metres[arc] = 0
            before[arc] = -1
            size = _push(heap, size, (turn_ms[k] << _ARC_BITS) | arc)
    else:
        for arc in range(first_out[~source], first_out[~source + 1]):
            if not closed[arc]:
                best[arc] = 0
                metres[arc] = 0
                before[arc] = -1
                size = _push(heap, size, np.int64(arc))
    target_node = ~target if target < 0 else -1
    arrival = _FAR
    while size > 0:
        key = heap[0]
        size = _pop(heap, size)
        ms = key >> _ARC_BITS
        arc = key & ((1 << _ARC_BITS) - 1)
        if ms > best[arc]:
            continue  # an older, longer label of this arc
        if arc == target or ms >= arrival:
            break
        reach = ms + drive_ms[arc]
        if target_node >= 0:
            for k in range(first_in[target_node], first_in[target_node + 1]):
                if in_arcs[k] == arc and reach < arrival:
                    arrival = reach
        driven = metres[arc] + length_mm[arc]
        for k in range(turn_first[arc], turn_first[arc + 1]):
            onto = turn_to[k]
            new = reach + turn_ms[k]
            if new < best[onto]:
                best[onto] = new
                metres[onto] = driven
                before[onto] = arc
                size = _push(heap, size, (new << _ARC_BITS) | onto)


@njit(cache=True, nogil=True)
def _arrive(source, target, graph, scratch):  # type: ignore[no-untyped-def]
    """After a search: (ms, mm, last arc driven or -1) at a target place; ms is _FAR if none."""
    drive_ms, length_mm, first_in, in_arcs = graph[3], graph[4], graph[6], graph[7]
    best, metres, before, _ = scratch
    if target >= 0:
        if best[target] >= _FAR:
            return _FAR, 0, -1
        return best[target], metres[target], before[target]
    if source == target:
        return 0, 0, -1
    ms, last = _FAR, -1
    for k in range(first_in[~target], first_in[~target + 1]):
        arc = in_arcs[k]
        if arc == source:
            return 0, 0, -1
        if best[arc] < _FAR and best[arc] + drive_ms[arc] < ms:
            ms, last = best[arc] + drive_ms[arc], arc
    if last < 0:
        return _FAR, 0, -1
    return ms, metres[last] + length_mm[last], last


@njit(cache=True, nogil=True)
def _matrix(sources, targets, graph, scratch, time_s, dist_m):  # type: ignore[no-untyped-def]
    """Fill the matrices source by source; no more memory than they and one search need."""
    for row in range(len(sources)):
        _search(sources[row], 1 << 40, graph, scratch)
        for column in range(len(targets)):
            ms, mm, _ = _arrive(sources[row], targets[column], graph, scratch)
            if ms >= _FAR:
                time_s[row, column] = UNREACHABLE
                dist_m[row, column] = UNREACHABLE
            else:
                time_s[row, column] = (ms + 999) // 1000
                dist_m[row, column] = (mm + 500) // 1000
