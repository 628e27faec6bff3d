"""Roads -> sections (作业路段): directed stretches of 200 to 600 m, the units of assignment.

A road's trails (sanitation/trails.py) are cut at junctions where possible and evenly. Both
directions are cut at the same places, so that "R012-03" means one stretch of street: its section
"R012-03F" runs with the road, "R012-03B" against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from routes.network import StreetNetwork
from sanitation.errors import DistrictError, Problem
from sanitation.model import Road, Section
from sanitation.schema import RULES
from sanitation.trails import NEAR_M, Geometry, Trail, trails_of

# What a cut costs, beside the squared relative distance of each length from the middle of the
# permitted range: nothing at a named cross street, a little elsewhere.
_CUT_AT_NAMED, _CUT_AT_JUNCTION, _CUT_BETWEEN = 0.0, 0.05, 0.15
_CUT_WITH_FORWARD = -1.0  # backward sections: cut where the forward ones are
_OUT_OF_RANGE = 50.0


def build_sections(
    roads: tuple[Road, ...], network: StreetNetwork, rules: Mapping[str, float]
) -> tuple[Section, ...]:
    """The sections of all roads, sorted by id.

    Every arc of a road's ways is in exactly one section, and every section can be driven from its
    first arc to its last. A road (or a branch of one) shorter than ``section_min_m`` is one
    section; one is longer than ``section_max_m`` only where no node lies in between. Where a road
    has both directions, each has half its width and lanes (at least one).

    Args:
        rules: ``section_min_m`` and ``section_max_m``; defaults of the schema where missing.

    Raises:
        DistrictError: ways that are not (or not wholly) in the network, or in two roads.
    """
    geometry = Geometry(network)
    _check_ways(roads, geometry)
    low = rules.get("section_min_m", RULES["section_min_m"][0])
    high = rules.get("section_max_m", RULES["section_max_m"][0])
    sections = [s for road in roads for s in _sections_of(road, geometry, low, high)]
    return tuple(sorted(sections, key=lambda section: section.id))


def sections_by_id(sections: Iterable[Section]) -> dict[str, Section]:
    """The sections by their id."""
    return {section.id: section for section in sections}


def _check_ways(roads: Sequence[Road], geometry: Geometry) -> None:
    problems = []
    dropped = {int(way) for way in geometry.network.dropped_ways}
    owner: dict[int, str] = {}
    for road in roads:
        for way in road.way_ids:
            text, hint = "", ""
            if way not in geometry.arcs_of_way:
                text = "has a way that is no driveable street of the network"
                hint = "the way is missing in network.osm, closed to lorries, or cut off"
            elif way in dropped:
                text = "has a way of which a part cannot be reached and left again"
                hint = "check the directions of the streets at its ends"
            elif way in owner:
                text = f"has a way that {owner[way]} has already"
                hint = "a way belongs to one road, and is named once"
            owner.setdefault(way, road.id)
            if text:
                problems.append(
                    Problem(
                        "roads.csv",
                        f"road {road.id} {text}",
                        column="way_ids",
                        value=str(way),
                        hint=hint,
                    )
                )
    if problems:
        raise DistrictError("sections", problems)


@dataclass(frozen=True)
class _Piece:
    """A section before it has its names."""

    arcs: Trail
    seq: int
    forward: bool


def _sections_of(road: Road, geometry: Geometry, low: float, high: float) -> list[Section]:
    crossing = _crossing_names(road, geometry)
    forward, backward = trails_of(road.way_ids, geometry)
    if _runs_to_from(road, forward, backward, crossing, geometry):
        forward, backward = backward, forward
    ahead: list[_Piece] = []
    for trail in forward:
        cuts = _cuts(trail, _penalties(trail, road, crossing, geometry), geometry, low, high)
        for arcs in _cut(trail, cuts):
            ahead.append(_Piece(arcs, len(ahead) + 1, True))
    back = _backward(road, backward, ahead, crossing, geometry, low, high)
    share = 2 if backward else 1
    outer = _outer_ends(road, forward[0], geometry)
    running_m = _running_metres(forward, geometry)
    opposite = _opposite_ends([p.arcs for p in ahead], [p.arcs for p in back], geometry)

    dead_ends = {geometry.tail(forward[0][0]), geometry.head(forward[-1][-1])}

    def name_at(node: int) -> str:
        met = crossing(node) or crossing(opposite(node))
        end = outer(node)
        if met or end:
            return end if end in met or not met else met[0]
        name = road.name.split("（")[0]
        if {node, opposite(node)} & dead_ends:
            return f"{name}尽头"
        return f"{name}约{round(running_m(node) / 10) * 10}米处"

    return [
        Section(
            id=f"{road.id}-{piece.seq:02d}{'F' if piece.forward else 'B'}",
            road_id=road.id,
            pair=f"{road.id}-{piece.seq:02d}",
            direction="forward" if piece.forward else "backward",
            arcs=piece.arcs,
            length_m=geometry.network.length_of(piece.arcs),
            width_m=road.width_m / share,
            lanes=max(1, road.lanes // share),
            from_name=name_at(geometry.tail(piece.arcs[0])),
            to_name=name_at(geometry.head(piece.arcs[-1])),
        )
        for piece in (*ahead, *back)
    ]


def _runs_to_from(
    road: Road,
    forward: Sequence[Trail],
    backward: Sequence[Trail],
    crossing: Callable[[int], tuple[str, ...]],
    geometry: Geometry,
) -> bool:
    """Whether the first way runs from to_street to from_street, by the names met at its ends.

    A one-way street is as it is: it has no other direction that could be the forward one.
    """
    if not backward:
        return False
    start = crossing(geometry.tail(forward[0][0]))
    end = crossing(geometry.head(forward[0][-1]))
    along = (road.from_street in start) + (road.to_street in end)
    against = (road.from_street in end) + (road.to_street in start)
    return against > along


def _crossing_names(road: Road, geometry: Geometry) -> Callable[[int], tuple[str, ...]]:
    """Node -> names of the other streets that meet the road there, the highest class first."""
    network = geometry.network
    own_ways = set(road.way_ids)
    own_names = {"", road.name}
    own_names |= {
        network.names[network.name[a]] for way in own_ways for a in geometry.arcs_of_way[way]
    }

    def names(node: int) -> tuple[str, ...]:
        met = {
            (int(network.road_class[arc]), network.names[network.name[arc]])
            for arc in geometry.arcs_at[node]
            if int(network.way_ids[arc]) not in own_ways
        }
        return tuple(name for _, name in sorted(met) if name not in own_names)

    return names


def _outer_ends(road: Road, main: Trail, geometry: Geometry) -> Callable[[int], str]:
    """Node -> from_street or to_street where the node is at that end of the road, else ""."""
    ends = geometry.nodes_m[[geometry.tail(main[0]), geometry.head(main[-1])]]

    def name(node: int) -> str:
        gap = np.hypot(*(ends - geometry.nodes_m[node]).T)
        end = int(np.argmin(gap))
        return (road.from_street, road.to_street)[end] if gap[end] < NEAR_M else ""

    return name


def _opposite_ends(
    ahead: Sequence[Trail], back: Sequence[Trail], geometry: Geometry
) -> Callable[[int], int]:
    """End of a section -> the nearest end of one of the other direction, itself if none is near.

    At a T-junction of a dual carriageway the cross street meets one carriageway only, and its
    name is to be the other's as well.
    """
    sides = [
        {geometry.tail(a[0]) for a in arcs} | {geometry.head(a[-1]) for a in arcs}
        for arcs in (ahead, back)
    ]

    def opposite(node: int) -> int:
        others = sorted(sides[node in sides[0]])
        if not others:
            return node
        gap = np.hypot(*(geometry.nodes_m[others] - geometry.nodes_m[node]).T)
        nearest = int(np.argmin(np.round(gap, 3)))
        return others[nearest] if gap[nearest] < NEAR_M else node

    return opposite


def _running_metres(forward: Sequence[Trail], geometry: Geometry) -> Callable[[int], float]:
    """Node -> metres from the road's start, along its forward trails one after the other.

    A node of the other carriageway has the metres of the forward node nearest to it.
    """
    nodes: list[int] = []
    metres: list[float] = []
    total_m = 0.0
    for trail in forward:
        nodes += [geometry.tail(trail[0]), *map(geometry.head, trail)]
        steps = geometry.network.length_m[list(trail)].tolist()
        metres += accumulate(steps, initial=total_m)
        total_m += sum(steps)
    places = geometry.nodes_m[nodes]

    def running_m(node: int) -> float:
        gap = np.hypot(*(places - geometry.nodes_m[node]).T)
        return metres[int(np.argmin(np.round(gap, 3)))]

    return running_m


def _penalties(
    trail: Trail, road: Road, crossing: Callable[[int], tuple[str, ...]], geometry: Geometry
) -> list[float]:
    """What a cut before each arc but the first costs."""
    own_ways = set(road.way_ids)
    costs = []
    for arc in trail[1:]:
        node = geometry.tail(arc)
        other = any(
            int(geometry.network.way_ids[a]) not in own_ways for a in geometry.arcs_at[node]
        )
        if crossing(node):
            costs.append(_CUT_AT_NAMED)
        else:
            costs.append(_CUT_AT_JUNCTION if other else _CUT_BETWEEN)
    return costs


def _cuts(
    trail: Trail, penalties: Sequence[float], geometry: Geometry, low: float, high: float
) -> list[int]:
    """Positions of the arcs that begin a new section, chosen by dynamic programming.

    The sum over sections of ((length - middle) / middle)^2, a large cost for what is out of
    [low, high], and the cuts' penalties is least; of equals the one with the earliest cuts.
    """
    ends = [0.0, *accumulate(geometry.network.length_m[list(trail)].tolist())]
    middle = (low + high) / 2
    best = [0.0] + [np.inf] * len(trail)
    before = [0] * (len(trail) + 1)
    for j in range(1, len(ends)):
        for i in range(j):
            length = ends[j] - ends[i]
            cost = best[i] + ((length - middle) / middle) ** 2
            cost += _OUT_OF_RANGE * (max(0.0, length - high) + max(0.0, low - length)) / middle
            cost += penalties[i - 1] if i else 0.0
            if cost < best[j] - 1e-9:
                best[j], before[j] = cost, i
    cuts = []
    at = before[len(trail)]
    while at > 0:
        cuts.append(at)
        at = before[at]
    return cuts[::-1]


def _cut(trail: Trail, cuts: Sequence[int]) -> list[Trail]:
    return [trail[i:j] for i, j in pairwise([0, *cuts, len(trail)])]


def _backward(
    road: Road,
    trails: Sequence[Trail],
    ahead: Sequence[_Piece],
    crossing: Callable[[int], tuple[str, ...]],
    geometry: Geometry,
    low: float,
    high: float,
) -> list[_Piece]:
    """The backward sections, cut where the forward ones are and numbered as the one beside."""
    parts: list[Trail] = []
    limits = sorted({geometry.tail(p.arcs[0]) for p in ahead})
    limits = sorted({*limits, *(geometry.head(p.arcs[-1]) for p in ahead)})
    for trail in trails:
        mirrored = _mirrored_cuts(trail, ahead, geometry)
        if mirrored is None:
            costs = _penalties(trail, road, crossing, geometry)
            for at in _beside(trail, limits, geometry):
                costs[at - 1] = _CUT_WITH_FORWARD
            mirrored = _cuts(trail, costs, geometry, low, high)
        parts.extend(_cut(trail, mirrored))
    numbers = _numbers(parts, ahead, geometry)
    return [_Piece(arcs, seq, False) for seq, arcs in zip(numbers, parts, strict=True)]


def _mirrored_cuts(trail: Trail, ahead: Sequence[_Piece], geometry: Geometry) -> list[int] | None:
    """Where a trail that is forward sections step by step in reverse is cut, else None."""
    network = geometry.network

    def steps(arcs: Iterable[int], back: bool) -> list[tuple[int, int, int]]:
        ends = (network.head, network.tail) if back else (network.tail, network.head)
        return [(int(ends[0][a]), int(ends[1][a]), int(network.way_ids[a])) for a in arcs]

    first = {steps(reversed(piece.arcs), True)[0]: piece for piece in ahead}
    wanted = steps(trail, False)
    cuts: list[int] = []
    at = 0
    while at < len(trail):
        piece = first.get(wanted[at])
        if piece is None:
            return None
        mirror = steps(reversed(piece.arcs), True)
        if wanted[at : at + len(mirror)] != mirror:
            return None
        cuts.append(at)
        at += len(mirror)
    return cuts[1:]


def _beside(trail: Trail, limits: Sequence[int], geometry: Geometry) -> set[int]:
    """Positions in the trail whose node is the nearest to an end of a forward section."""
    if len(trail) < 2:
        return set()
    inner = geometry.nodes_m[[geometry.tail(arc) for arc in trail[1:]]]
    found = set()
    for node in limits:
        gap = np.hypot(*(inner - geometry.nodes_m[node]).T)
        nearest = int(np.argmin(np.round(gap, 3)))
        if gap[nearest] < NEAR_M:
            found.add(nearest + 1)
    return found


def _numbers(parts: Sequence[Trail], ahead: Sequence[_Piece], geometry: Geometry) -> list[int]:
    """The number of the forward section that each backward one lies beside for most metres.

    Each number goes to one section; those left over get numbers of their own.
    """
    known = [arc for piece in ahead for arc in piece.arcs]
    owner = [piece.seq for piece in ahead for _ in piece.arcs]
    votes: Counter[tuple[int, int]] = Counter()
    for i, arcs in enumerate(parts):
        at, gap = geometry.nearest(geometry.middles_m(arcs), known)
        shared: dict[int, float] = defaultdict(float)
        for arc, position, metres in zip(arcs, at, gap, strict=True):
            if metres < NEAR_M:
                shared[owner[position]] += float(geometry.network.length_m[arc])
        votes.update({(i, seq): round(metres) for seq, metres in shared.items()})
    number: dict[int, int] = {}
    for (i, seq), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if i not in number and seq not in number.values():
            number[i] = seq
    spare = len(ahead)
    for i in range(len(parts)):
        if i not in number:
            spare += 1
            number[i] = spare
    return [number[i] for i in range(len(parts))]
