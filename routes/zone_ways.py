"""Ways in a street graph without a full matrix: what is near a node is kept, the rest is found.

Around each node that a vehicle may leave a *ball* is kept, made when first asked for: some
thousand nodes nearest to it, fewer where a budget of memory allows no more. A part of a town asks
for distances between places near each other, so nearly all its answers lie in balls; what lies
outside is searched for anew, and nothing is ever estimated. Depots and facilities are few and
asked for by every part: their ways to and from all nodes are kept whole.

The search is Dijkstra's (Numerische Mathematik 1, 1959, doi 10.1007/BF01386390), ended as soon as
everything wanted is found. Its labels are seconds and metres in one integer, so that among ways
of equal time the shortest counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.engine.kernel import entry, inner

UNREACHABLE = 1 << 28  # seconds and metres where there is no way, as in routes.paths
BUDGET_BYTES = 700 << 20  # of all balls together
BALL_NODES = 2_000  # of one ball, at most: three times what lies in a part
_SECONDS = 32  # a label is seconds << 32 | metres
_METRES = (1 << _SECONDS) - 1
_FAR = (UNREACHABLE << _SECONDS) | UNREACHABLE

Nodes = NDArray[np.int32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """The streets of a large town: A arcs between numbered nodes.

    nodes: how many there are. tail, head: (A,) int32 nodes. time_s, dist_m: (A,) int32 of driving
    an arc without work. A graph whose nodes are street corners knows no turns; for turns let a
    node be the end, or the beginning, of a directed street.

    Raises:
        ValueError: names the array, the index of the first bad entry and its value.
    """

    nodes: int
    tail: Nodes
    head: Nodes
    time_s: NDArray[np.int32]
    dist_m: NDArray[np.int32]

    def __post_init__(self) -> None:
        limits = {
            "tail": self.nodes - 1, "head": self.nodes - 1,
            "time_s": UNREACHABLE, "dist_m": UNREACHABLE,
        }  # fmt: skip
        for name, most in limits.items():
            array = getattr(self, name)
            if array.shape != self.tail.shape or array.ndim != 1:
                raise ValueError(f"{name} has shape {array.shape}, expected {self.tail.shape}")
            for at in np.flatnonzero((array < 0) | (array > most))[:1]:
                raise ValueError(f"{name}[{at}] is {array[at]}, not within 0 .. {most}")


def seconds(labels: Labels) -> NDArray[np.int32]:
    """The seconds in labels."""
    return (labels >> _SECONDS).astype(np.int32)


def metres(labels: Labels) -> NDArray[np.int32]:
    """The metres in labels."""
    return (labels & _METRES).astype(np.int32)


class WayTable:
    """Fastest ways between nodes, on demand. Threads may share one.

    Args:
        ways: the graph.
        leave, reach: nodes that ways begin and end at; matrix() is asked for no others.
        hubs_out, hubs_in: nodes whose ways to, or from, all others are kept whole.
        budget_bytes: memory for the balls.
    """

    def __init__(
        self,
        ways: Ways,
        leave: Nodes,
        reach: Nodes,
        hubs_out: Nodes,
        hubs_in: Nodes,
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        self.nodes = ways.nodes
        self._forth = _rows(ways.nodes, ways.tail, ways.head, ways)
        back = _rows(ways.nodes, ways.head, ways.tail, ways)
        self._reached = np.zeros(ways.nodes, np.bool_)
        self._reached[reach] = True
        sources, targets = np.unique(leave), int(self._reached.sum())
        size = budget_bytes // max(1, len(sources) * 12)
        size = max(1, min(targets, size, BALL_NODES))
        self._row = np.full(ways.nodes, -1, np.int32)
        self._row[sources] = np.arange(len(sources))
        # the system gives memory as it is written to
        self._near = np.empty((len(sources), size), np.int32)
        self._label = np.empty((len(sources), size), np.int64)
        self._count = np.zeros(len(sources), np.int32)
        self._lock = Lock()
        self._out_hub, self._out = self._whole(self._forth, hubs_out)
        self._in_hub, self._in = self._whole(back, hubs_in)

    def _whole(self, rows: Any, hubs: Nodes) -> tuple[Nodes, Labels]:
        """Number of each hub by node, or -1, and (H, nodes) labels of its ways."""
        names = np.unique(hubs)
        number = np.full(self.nodes, -1, np.int32)
        number[names] = np.arange(len(names))
        labels = np.full((len(names), self.nodes), _FAR, np.int64)
        everywhere = np.ones(self.nodes, np.bool_)
        for hub, node in enumerate(names):
            found, ways = self._spread(rows, int(node), everywhere, self.nodes)
            labels[hub, found] = ways
        return number, labels

    def _spread(
        self, rows: Any, source: int, wanted: NDArray[np.bool_], most: int
    ) -> tuple[Nodes, Labels]:
        found, labels = np.empty(most, np.int32), np.empty(most, np.int64)
        count = _spread_from(rows, _scratch(rows), source, wanted, most, found, labels)
        return found[:count], labels[:count]

    def around(self, source: int, wanted: NDArray[np.bool_], most: int) -> Labels:
        """(nodes,) labels from a node to the `most` nearest of those wanted; _FAR elsewhere."""
        labels = np.full(self.nodes, _FAR, np.int64)
        found, ways = self._spread(self._forth, source, wanted, most)
        labels[found] = ways
        return labels

    def out_of(self, hubs: Nodes, onto: Nodes) -> Labels:
        """(H, N) labels of the ways from hubs to any nodes."""
        return self._out[np.ix_(self._out_hub[hubs], onto)]

    def into(self, hubs: Nodes, source: Nodes) -> Labels:
        """(H, N) labels of the ways to hubs from any nodes."""
        return self._in[np.ix_(self._in_hub[hubs], source)]

    def matrix(self, leave: Nodes, reach: Nodes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(L, R) seconds and metres of the fastest ways; UNREACHABLE where there is none."""
        sources, row = np.unique(leave, return_inverse=True)
        targets, column = np.unique(reach, return_inverse=True)
        labels = np.empty((len(sources), len(targets)), np.int64)
        scratch = _scratch(self._forth)
        balls = self._row, self._near, self._label, self._count
        hubs = self._out_hub, self._out, self._in_hub, self._in
        with self._lock:
            _fill(self._forth, scratch, sources, self._reached, self._out_hub, balls)
        _gather(self._forth, scratch, sources, targets, balls, hubs, labels)
        labels = labels[np.ix_(row, column)]
        return seconds(labels), metres(labels)

    def legs(self, leave: Nodes, reach: Nodes) -> Labels:
        """(L,) labels of the ways from leave[i] to reach[i], each searched for anew."""
        labels = np.full(len(leave), _FAR, np.int64)
        _legs(self._forth, _scratch(self._forth), leave, reach, labels)
        return labels


def _rows(nodes: int, tail: Nodes, head: Nodes, ways: Ways) -> Any:
    """The arcs in rows by tail: (nodes + 1,) first, (A,) head, (A,) label."""
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(nodes + 1)).astype(np.int64)
    label = (ways.time_s.astype(np.int64) << _SECONDS) | ways.dist_m
    return first, head[order].astype(np.int32), label[order]


def _scratch(rows: Any) -> Any:
    """Best labels, nodes seen, the heap's labels and nodes: one for each search at a time."""
    nodes, arcs = len(rows[0]) - 1, len(rows[1])
    return (
        np.full(nodes, _FAR, np.int64), np.empty(nodes, np.int32),
        np.empty(arcs + 2, np.int64), np.empty(arcs + 2, np.int32),
    )  # fmt: skip


@inner  # type: ignore[untyped-decorator]
def _push(keys: Any, items: Any, size: int, key: int, item: int) -> int:
    """Put an item into the binary heap of `size` items; the new size."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if keys[parent] <= key:
            break
        keys[child] = keys[parent]
        items[child] = items[parent]
        child = parent
    keys[child] = key
    items[child] = item
    return size + 1


@inner  # type: ignore[untyped-decorator]
def _pop(keys: Any, items: Any, size: int) -> int:
    """Close the gap that taking the first item leaves; the new size."""
    size -= 1
    key, item = keys[size], items[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[hole] = keys[child]
        items[hole] = items[child]
        hole = child
    keys[hole] = key
    items[hole] = item
    return size


@inner  # type: ignore[untyped-decorator]
def _spread(
    rows: Any, scratch: Any, source: int, wanted: Any, most: int, found: Any, labels: Any
) -> int:
    """Settle nodes from a source outwards until `most` of those wanted are found; how many are.

    Those found and their labels are written in the order of their labels.
    """
    first, head, label = rows
    best, seen, keys, items = scratch
    best[source] = 0
    seen[0] = source
    touched = 1
    size = _push(keys, items, 0, 0, source)
    count = 0
    while size > 0 and count < most:
        key, node = keys[0], items[0]
        size = _pop(keys, items, size)
        if key > best[node]:
            continue
        if wanted[node]:
            found[count] = node
            labels[count] = key
            count += 1
        for k in range(first[node], first[node + 1]):
            onto = head[k]
            new = key + label[k]
            if new < best[onto]:
                if best[onto] == _FAR:
                    seen[touched] = onto
                    touched += 1
                best[onto] = new
                size = _push(keys, items, size, new, onto)
    for k in range(touched):
        best[seen[k]] = _FAR
    return count


@entry  # type: ignore[untyped-decorator]
def _spread_from(
    rows: Any, scratch: Any, source: int, wanted: Any, most: int, found: Any, labels: Any
) -> int:
    count: int = _spread(rows, scratch, source, wanted, most, found, labels)
    return count


@entry  # type: ignore[untyped-decorator]
def _fill(rows: Any, scratch: Any, sources: Any, reached: Any, out_hub: Any, balls: Any) -> None:
    """Make the balls of the sources that have none yet."""
    row, near, label, count = balls
    for k in range(len(sources)):
        i = row[sources[k]]
        if out_hub[sources[k]] < 0 and count[i] == 0:
            most = near.shape[1]
            count[i] = _spread(rows, scratch, sources[k], reached, most, near[i], label[i])


@entry  # type: ignore[untyped-decorator]
def _gather(
    rows: Any, scratch: Any, sources: Any, targets: Any, balls: Any, hubs: Any, out: Any
) -> None:
    """(S, T) labels: from hubs, else to hubs, else from balls, else from a search."""
    row, near, label, count = balls
    out_hub, out_label, in_hub, in_label = hubs
    column = np.full(len(row), -1, np.int32)
    missing = np.zeros(len(row), np.bool_)
    found = np.empty(len(targets), np.int32)
    far = np.empty(len(targets), np.int64)
    for j in range(len(targets)):
        column[targets[j]] = j
    for k in range(len(sources)):
        source = sources[k]
        for j in range(len(targets)):
            node = targets[j]
            out[k, j] = -1
            if out_hub[source] >= 0:
                out[k, j] = out_label[out_hub[source], node]
            elif in_hub[node] >= 0:
                out[k, j] = in_label[in_hub[node], source]
        if out_hub[source] >= 0:
            continue
        i = row[source]
        for b in range(count[i]):
            j = column[near[i, b]]
            if j >= 0:
                out[k, j] = label[i, b]
        left = 0
        for j in range(len(targets)):
            if out[k, j] < 0:
                missing[targets[j]] = True
                left += 1
        if left == 0:
            continue
        for b in range(_spread(rows, scratch, source, missing, left, found, far)):
            out[k, column[found[b]]] = far[b]
        for j in range(len(targets)):
            missing[targets[j]] = False
            if out[k, j] < 0:
                out[k, j] = _FAR


@entry  # type: ignore[untyped-decorator]
def _legs(rows: Any, scratch: Any, leave: Any, reach: Any, labels: Any) -> None:
    """Labels of single ways."""
    wanted = np.zeros(len(rows[0]) - 1, np.bool_)
    found = np.empty(1, np.int32)
    for k in range(len(leave)):
        wanted[reach[k]] = True
        _spread(rows, scratch, leave[k], wanted, 1, found, labels[k : k + 1])
        wanted[reach[k]] = False
