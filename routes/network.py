"""The street network as compact arrays. Built by routes/osm.py; nothing here reads files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

ARTERIAL, SECONDARY, BRANCH = 0, 1, 2

EARTH_RADIUS_M = 6_371_009.0  # mean radius, as osmnx takes it


def _no_flags() -> NDArray[np.bool_]:
    return np.zeros(0, dtype=np.bool_)


def _no_ids() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """A strongly connected directed street network with V nodes and A arcs.

    Every step between two consecutive nodes of an OpenStreetMap way is an arc (two where it may
    be driven both ways), so a list of arcs is a list of steps that anyone can look up on the map.
    Arcs are sorted by (tail node id, head node id, way id), nodes by id.

    Attributes:
        node_ids: (V,) int64, OpenStreetMap node ids, ascending.
        lon, lat: (V,) float64, WGS-84 degrees.
        tail, head: (A,) int32, node indices.
        way_ids: (A,) int64.
        length_m: (A,) float64, great-circle length of the step.
        road_class: (A,) int8, ARTERIAL, SECONDARY or BRANCH.
        name: (A,) int32, index into names.
        names: street names; names[0] is "".
        banned: (B, 2) int32, (from arc, to arc) pairs that a restriction forbids, sorted.
        turn_round: (V,) bool, where turning round (arc u->v, then v->u) is allowed: dead ends,
            turning circles, nodes where only branch streets meet, and nodes where without it a
            street could not be left or entered.
        dropped_nodes: nodes left out because they cannot be reached and left again.
        against: (A,) bool, the arc runs against the node order of its way. When it is not given,
            arcs from a higher to a lower node count as such.
        dropped_ways: (D,) int64, ways that lost at least one step with the dropped nodes.
        skipped_restrictions: turn restrictions that could not be carried over (via a way, or
            conditional).

    Raises:
        ValueError: shapes do not fit, an index or a coordinate is out of range, or the order of
            nodes or arcs is not as above.
    """

    node_ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    way_ids: NDArray[np.int64]
    length_m: NDArray[np.float64]
    road_class: NDArray[np.int8]
    name: NDArray[np.int32]
    names: tuple[str, ...]
    banned: NDArray[np.int32]
    turn_round: NDArray[np.bool_]
    dropped_nodes: int = 0
    against: NDArray[np.bool_] = field(default_factory=_no_flags)
    dropped_ways: NDArray[np.int64] = field(default_factory=_no_ids)
    skipped_restrictions: int = 0

    def __post_init__(self) -> None:
        if self.against.shape != self.tail.shape:
            object.__setattr__(self, "against", self.tail > self.head)
        nodes, arcs = len(self.node_ids), len(self.tail)
        for key in ("lon", "lat", "turn_round"):
            if getattr(self, key).shape != (nodes,):
                raise ValueError(f"{key}: shape {getattr(self, key).shape}, {nodes} nodes")
        for key in ("head", "way_ids", "length_m", "road_class", "name"):
            if getattr(self, key).shape != (arcs,):
                raise ValueError(f"{key}: shape {getattr(self, key).shape}, {arcs} arcs")
        if self.banned.ndim != 2 or self.banned.shape[1] != 2:
            raise ValueError(f"banned: shape {self.banned.shape}, not (pairs, 2)")
        for key, high in (("tail", nodes), ("head", nodes), ("name", len(self.names))):
            _check_range(key, getattr(self, key), 0, high - 1)
        _check_range("banned", self.banned, 0, arcs - 1)
        _check_range("road_class", self.road_class, ARTERIAL, BRANCH)
        _check_range("lon", self.lon, -180, 180)
        _check_range("lat", self.lat, -90, 90)
        _check_range("length_m", self.length_m, 0, np.inf)
        if np.any(np.diff(self.node_ids) <= 0):
            raise ValueError("node_ids are not ascending")
        order = np.lexsort((self.way_ids, self.head, self.tail))
        if np.any(order != np.arange(arcs)):
            raise ValueError("arcs are not sorted by tail, head and way")

    @property
    def nodes(self) -> int:
        return len(self.node_ids)

    @property
    def arcs(self) -> int:
        return len(self.tail)

    def first_out(self) -> NDArray[np.int64]:
        """(V + 1,) int64: the arcs out of node v are first_out[v] .. first_out[v + 1] - 1."""
        return np.searchsorted(self.tail, np.arange(self.nodes + 1)).astype(np.int64)

    def length_of(self, arcs: Sequence[int] | NDArray[np.integer]) -> int:
        """Whole metres of a list of arcs: millimetres added up, rounded once (halves up)."""
        chosen = np.asarray(arcs, dtype=np.int64)
        return (int(np.rint(self.length_m[chosen] * 1000).sum()) + 500) // 1000

    def nearest_node(self, lon: float, lat: float) -> int:
        """Index of the street node nearest to a coordinate; of equals the lowest id."""
        return int(np.argmin(distance_m(lon, lat, self.lon, self.lat)))

    def digest(self) -> str:
        """SHA-256 over every array and name, hexadecimal: equal networks, equal digests."""
        sha = hashlib.sha256()
        for entry in fields(self):
            value = getattr(self, entry.name)
            sha.update(entry.name.encode())
            if isinstance(value, np.ndarray):
                sha.update(f"{value.dtype.str}{value.shape}".encode())
                sha.update(np.ascontiguousarray(value).tobytes())
            else:
                sha.update(repr(value).encode())
        return sha.hexdigest()


def _check_range(key: str, values: NDArray[Any], low: float, high: float) -> None:
    inside = (values >= low) & (values <= high)  # NaN is not inside
    if not np.all(inside):
        raise ValueError(f"{key}: {values[~inside].flat[0]} is not between {low} and {high}")


def distance_m(
    lon1: float | NDArray[np.float64],
    lat1: float | NDArray[np.float64],
    lon2: float | NDArray[np.float64],
    lat2: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distance in metres between points in degrees (haversine)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((phi2 - phi1) / 2) ** 2
    half = half + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1, np.sqrt(half))))


def turn_angles(
    network: StreetNetwork, before: NDArray[np.integer], after: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Angles in degrees of the turns from arcs ``before`` onto arcs ``after``, (n,).

    0 is straight on, positive to the left, negative to the right, in (-180, 180]. An arc without
    length turns by 0: it has no direction.
    """
    east, north = arc_vectors(network)
    cross = east[before] * north[after] - north[before] * east[after]
    dot = east[before] * east[after] + north[before] * north[after]
    return np.asarray(np.degrees(np.arctan2(cross, dot)))


def arc_vectors(network: StreetNetwork) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """East and north components of every arc, each (A,), in degrees of latitude."""
    shrink = np.cos(np.radians((network.lat[network.tail] + network.lat[network.head]) / 2))
    east = (network.lon[network.head] - network.lon[network.tail]) * shrink
    return east, network.lat[network.head] - network.lat[network.tail]


class Step(NamedTuple):
    """One directed step of a way, in OpenStreetMap ids. ``against``: against the way's order."""

    tail_id: int
    head_id: int
    way_id: int
    length_m: float
    road_class: int
    name: str
    against: bool


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction via one node. ``kind`` is OpenStreetMap's, no_left_turn and so on."""

    kind: str
    from_ways: frozenset[int]
    via_node: int
    to_ways: frozenset[int]


def build_network(
    nodes: Mapping[int, tuple[float, float]],
    steps: Iterable[Step],
    restrictions: Iterable[Restriction] = (),
    turning_nodes: Iterable[int] = (),
    skipped_restrictions: int = 0,
) -> StreetNetwork:
    """The largest strongly connected part of a set of steps, as arrays.

    Args:
        nodes: lon, lat in WGS-84 degrees by node id, at least those of the steps.
        steps: each (tail, head, way) counts once, the shortest of equals.
        restrictions: those of streets that are not in the part are without effect.
        turning_nodes: ids of turning circles, turning loops and mini-roundabouts.
        skipped_restrictions: carried into the network.

    Raises:
        ValueError: no step is left.
    """
    unique: dict[tuple[int, int, int], Step] = {}
    for step in sorted(steps):
        unique.setdefault(step[:3], step)
    kept_ids, dropped = _largest_part(sorted(unique))
    if not kept_ids:
        raise ValueError("no two streets that can be reached and left again")
    index = {node: i for i, node in enumerate(kept_ids)}
    arcs = [s for key, s in sorted(unique.items()) if key[0] in index and key[1] in index]
    lost = {key[2] for key in unique if key[0] not in index or key[1] not in index}
    names = ("", *sorted({s.name for s in arcs} - {""}))
    name_index = {name: i for i, name in enumerate(names)}
    tail = np.array([index[s.tail_id] for s in arcs], dtype=np.int32)
    head = np.array([index[s.head_id] for s in arcs], dtype=np.int32)
    road_class = np.array([s.road_class for s in arcs], dtype=np.int8)
    turning = set(turning_nodes)
    marked = np.array([node in turning for node in kept_ids], dtype=np.bool_)
    network = StreetNetwork(
        node_ids=np.array(kept_ids, dtype=np.int64),
        lon=np.array([nodes[node][0] for node in kept_ids], dtype=np.float64),
        lat=np.array([nodes[node][1] for node in kept_ids], dtype=np.float64),
        tail=tail,
        head=head,
        way_ids=np.array([s.way_id for s in arcs], dtype=np.int64),
        length_m=np.array([s.length_m for s in arcs], dtype=np.float64),
        road_class=road_class,
        name=np.array([name_index[s.name] for s in arcs], dtype=np.int32),
        names=names,
        banned=np.zeros((0, 2), dtype=np.int32),
        turn_round=marked | _turning_places(len(kept_ids), tail, head, road_class),
        dropped_nodes=dropped,
        against=np.array([s.against for s in arcs], dtype=np.bool_),
        dropped_ways=np.array(sorted(lost), dtype=np.int64),
        skipped_restrictions=skipped_restrictions,
    )
    network = replace(network, banned=banned_pairs(network, restrictions))
    forced = forced_turning_places(network, np.zeros(network.arcs, dtype=np.bool_))
    return replace(network, turn_round=network.turn_round | forced)


def _largest_part(keys: Sequence[tuple[int, int, int]]) -> tuple[list[int], int]:
    """Ids of the nodes of the largest strongly connected part, ascending, and how many are not.

    Of equally large parts it is the one with the lowest node id.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ids = sorted({key[0] for key in keys} | {key[1] for key in keys})
    index = {node: i for i, node in enumerate(ids)}
    rows = [index[key[0]] for key in keys]
    columns = [index[key[1]] for key in keys]
    graph = coo_matrix((np.ones(len(keys)), (rows, columns)), shape=(len(ids), len(ids)))
    if not ids:
        return [], 0
    _, label = connected_components(graph, directed=True, connection="strong")
    size = np.bincount(label)
    if size.max() < 2:
        return [], len(ids)
    chosen = label[np.argmax(size[label] == size.max())]
    kept = [node for node, part in zip(ids, label, strict=True) if part == chosen]
    return kept, len(ids) - len(kept)


def _turning_places(
    nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32], road_class: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Dead ends (one neighbour in all) and nodes where only branch streets meet, (V,) bool."""
    low = np.full(nodes, nodes, dtype=np.int64)
    high = np.full(nodes, -1, dtype=np.int64)
    for here, there in ((tail, head), (head, tail)):
        np.minimum.at(low, here, there)
        np.maximum.at(high, here, there)
    larger = np.zeros(nodes, dtype=np.bool_)
    for here in (tail, head):
        larger[here[road_class != BRANCH]] = True
    return np.asarray((low == high) | ~larger)


def possible_turns(
    network: StreetNetwork,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """All turns that no restriction forbids, turning round included wherever streets allow it.

    Returns:
        before, after: (T,) int64 arcs, sorted by both; back: (T,) bool, the turn goes back to the
        node that the first arc comes from (turning round, which only turn_round nodes permit).
    """
    first = network.first_out()
    outs = np.diff(first)[network.head]
    before = np.repeat(np.arange(network.arcs, dtype=np.int64), outs)
    ends = np.cumsum(outs)
    after = np.arange(len(before)) - np.repeat(ends - outs, outs) + first[network.head[before]]
    keys = network.banned[:, 0].astype(np.int64) * network.arcs + network.banned[:, 1]
    free = ~np.isin(before * network.arcs + after, keys)
    before, after = before[free], after[free]
    return before, after, network.head[after] == network.tail[before]


def forced_turning_places(network: StreetNetwork, closed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(V,) bool: where an arc leads to nothing, or nothing leads to it, but for turning round.

    Restrictions, the cut edge of an extract and closed streets ((A,) bool) make such traps; a
    truck that works there does turn round.
    """
    before, after, back = possible_turns(network)
    open_ = ~closed[before] & ~closed[after]
    before, after, back = before[open_], after[open_], back[open_]
    stuck = np.bincount(before[~back], minlength=network.arcs) == 0
    unled = np.bincount(after[~back], minlength=network.arcs) == 0
    forced = np.zeros(network.nodes, dtype=np.bool_)
    forced[network.head[before[back & (stuck[before] | unled[after])]]] = True
    return forced


def banned_pairs(network: StreetNetwork, restrictions: Iterable[Restriction]) -> NDArray[np.int32]:
    """(B, 2) int32 pairs (from arc, to arc) that the restrictions forbid, sorted, each once.

    no_* forbids the turns from the from ways to the to ways, only_* all others from the from
    ways. Where a way is not split at the via node the turn is ambiguous, and only the turns whose
    direction fits the word (left, right, straight, u) are meant.
    """
    index = {int(node): i for i, node in enumerate(network.node_ids)}
    pairs: set[tuple[int, int]] = set()
    for rule in restrictions:
        via = index.get(rule.via_node)
        if via is None:
            continue
        ways = network.way_ids
        into = [int(a) for a in np.flatnonzero(network.head == via) if ways[a] in rule.from_ways]
        outs = [int(b) for b in np.flatnonzero(network.tail == via)]
        meant = [(a, b) for a in into for b in outs if ways[b] in rule.to_ways]
        if len(meant) > 1:
            meant = [pair for pair in meant if _fits(network, rule.kind, *pair)]
        if rule.kind.startswith("only_"):
            starts = {a for a, _ in meant}
            meant = [(a, b) for a in sorted(starts) for b in outs if (a, b) not in set(meant)]
        pairs.update(meant)
    return np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)


def _fits(network: StreetNetwork, kind: str, before: int, after: int) -> bool:
    """Whether the turn from one arc to the next goes the way that the restriction's word says."""
    back = bool(network.head[after] == network.tail[before])
    angle = float(turn_angles(network, np.array([before]), np.array([after]))[0])
    if "u_turn" in kind:
        return back or abs(angle) > 135
    if "left" in kind:
        return not back and angle > 0
    if "right" in kind:
        return not back and angle < 0
    if "straight" in kind:
        return not back and abs(angle) < 60
    return True
