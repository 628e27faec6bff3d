"""Draw a little town in a test, and ask for the way through it.

    TOWN = '''
        A---B---C
        |       |
        D-->E---F
    '''
    town = draw(TOWN, streets={"长江道": "ABC"}, no_turn=["D E B"])

Capital letters and digits are street nodes; ``- | / \\`` are streets, ``> < ^ v`` in them make
them one-way. A column is 25 m wide and a row 50 m high (so ``A---B`` is 100 m, and so is one
``|`` between two rows of nodes). Every stroke is a way of its own, unless ``streets`` says that
a string of nodes is one way with a name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from routes.network import (
    ARTERIAL,
    BRANCH,
    SECONDARY,
    Restriction,
    Step,
    StreetNetwork,
    build_network,
    distance_m,
)
from routes.paths import Router, Travel

COLUMN_M, ROW_M = 25.0, 50.0
LON0, LAT0 = 117.15, 39.10
METRES_PER_DEGREE = 6_371_009.0 * math.pi / 180
HIGHWAY = {ARTERIAL: "primary", SECONDARY: "secondary", BRANCH: "residential"}
_STROKES = {"-": (0, 1), "|": (1, 0), "\\": (1, 1), "/": (1, -1)}
_ARROWS = {">": (0, 1, 1), "<": (0, 1, -1), "v": (1, 0, 1), "^": (1, 0, -1)}


@dataclass(frozen=True)
class Way:
    """A way of the town: node letters in order, oneway or not."""

    id: int
    letters: str
    name: str
    road_class: int
    oneway: bool


@dataclass(frozen=True)
class Town:
    """A drawn town: its network, and letters instead of indices."""

    network: StreetNetwork
    ways: tuple[Way, ...]
    lonlat: Mapping[str, tuple[float, float]]
    restrictions: tuple[Restriction, ...]

    def node(self, letter: str) -> int:
        """Node index of a letter; ValueError if the network dropped it."""
        return [int(n) for n in self.network.node_ids].index(node_id(letter))

    def arc(self, pair: str) -> int:
        """Arc index of a step such as "AB"."""
        tail, head = self.node(pair[0]), self.node(pair[1])
        network = self.network
        for arc in range(network.arcs):
            if network.tail[arc] == tail and network.head[arc] == head:
                return arc
        raise ValueError(f"no step {pair} in this town")

    def arcs(self, letters: str) -> list[int]:
        """Arc indices along a string of letters."""
        return [self.arc(a + b) for a, b in pairwise(letters)]

    def letters(self, arcs: Sequence[int]) -> str:
        """The nodes that consecutive arcs pass, as letters."""
        network = self.network
        nodes = [network.tail[a] for a in arcs[:1]] + [network.head[a] for a in arcs]
        return "".join(chr(int(network.node_ids[n])) for n in nodes)

    def way_id(self, letters: str) -> int:
        """Way id of a stroke ("AB", either order) or of a street's whole string."""
        for way in self.ways:
            if letters in (way.letters, way.letters[::-1]):
                return way.id
        raise ValueError(f"no way {letters} in this town")

    def way(self, start: str, goal: str, travel: Travel | None = None) -> str:
        """Letters on the fastest way between two places, each a letter or a step.

        way("A", "C"): from node to node. way("AB", "CD"): standing at B having come from A, up to
        C, about to drive to D.
        """
        places = [self.arc(p) if len(p) == 2 else ~self.node(p) for p in (start, goal)]
        leg = Router(self.network, travel or Travel()).leg(*places)
        return self.letters(leg.arcs) if leg.arcs else start[-1]

    def xml(self) -> str:
        """The town as an OpenStreetMap XML file."""
        out = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
        for letter, (lon, lat) in sorted(self.lonlat.items()):
            out.append(f'<node id="{node_id(letter)}" lat="{lat:.9f}" lon="{lon:.9f}"/>')
        for way in self.ways:
            out.append(f'<way id="{way.id}">')
            out += [f'<nd ref="{node_id(letter)}"/>' for letter in way.letters]
            tags = {"highway": HIGHWAY[way.road_class]}
            if way.name:
                tags["name"] = way.name
            if way.oneway:
                tags["oneway"] = "yes"
            out += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
            out.append("</way>")
        for number, rule in enumerate(self.restrictions, 1):
            out.append(f'<relation id="{number}">')
            for way_id in sorted(rule.from_ways):
                out.append(f'<member type="way" ref="{way_id}" role="from"/>')
            out.append(f'<member type="node" ref="{rule.via_node}" role="via"/>')
            for way_id in sorted(rule.to_ways):
                out.append(f'<member type="way" ref="{way_id}" role="to"/>')
            out.append(f'<tag k="restriction" v="{rule.kind}"/><tag k="type" v="restriction"/>')
            out.append("</relation>")
        return "\n".join([*out, "</osm>"])


def node_id(letter: str) -> int:
    return ord(letter)


def draw(
    picture: str,
    *,
    streets: Mapping[str, str] | None = None,
    classes: Mapping[str, int] | None = None,
    no_turn: Sequence[str] = (),
    only_turn: Sequence[str] = (),
    row_m: float = ROW_M,
) -> Town:
    """A town from a picture.

    Args:
        picture: see the module.
        streets: name -> nodes in order, one way each ("长江道": "ABC"); ways 1, 2, ... in this
            order, the other strokes follow. A name may end in "#2" and so on to have several
            ways. A street along one-way strokes runs as they do; "ABC>" is one-way along
            two-way strokes.
        classes: class by street name or by stroke ("AB"); BRANCH where none is given.
        no_turn, only_turn: "A B C" forbids (or commands) the turn at B from A to C.
        row_m: height of a row, to draw carriageways side by side.
    """
    rows = picture.splitlines()
    at = {
        (r, c): mark
        for r, row in enumerate(rows)
        for c, mark in enumerate(row)
        if mark.isupper() or mark.isdigit()
    }
    lonlat = {
        mark: (
            LON0 + c * COLUMN_M / METRES_PER_DEGREE / math.cos(math.radians(LAT0)),
            LAT0 - r * row_m / METRES_PER_DEGREE,
        )
        for (r, c), mark in at.items()
    }
    strokes = _strokes(rows, at)
    ways: list[Way] = []
    left = dict(strokes)
    for key, letters in (streets or {}).items():
        forced = letters.endswith(">")
        letters = letters.rstrip(">")
        flags = [_take(left, a, b) or forced for a, b in pairwise(letters)]
        if len(set(flags)) != 1:
            raise ValueError(f"street {key}: two-way and one-way strokes in one way")
        name = key.split("#")[0]
        road_class = (classes or {}).get(name, BRANCH)
        ways.append(Way(len(ways) + 1, letters, name, road_class, flags[0]))
    for (a, b), oneway in sorted(left.items()):
        road_class = (classes or {}).get(a + b, (classes or {}).get(b + a, BRANCH))
        ways.append(Way(len(ways) + 1, a + b, "", road_class, oneway))
    way_of = {}
    for way in ways:
        for a, b in pairwise(way.letters):
            way_of[a, b] = way_of[b, a] = way.id
    restrictions = tuple(
        Restriction(
            kind,
            frozenset({way_of[a, b]}),
            node_id(b),
            frozenset({way_of[b, c]}),
        )
        for kind, turns in (("no_turn", no_turn), ("only_turn", only_turn))
        for a, b, c in (turn.split() for turn in turns)
    )
    steps = [step for way in ways for step in _steps(way, lonlat)]
    nodes = {node_id(letter): place for letter, place in lonlat.items()}
    return Town(build_network(nodes, steps, restrictions), tuple(ways), lonlat, restrictions)


def _steps(way: Way, lonlat: Mapping[str, tuple[float, float]]) -> list[Step]:
    steps = []
    for a, b in pairwise(way.letters):
        length_m = float(distance_m(*lonlat[a], *lonlat[b]))
        ids = node_id(a), node_id(b)
        steps.append(Step(*ids, way.id, length_m, way.road_class, way.name, False))
        if not way.oneway:
            steps.append(Step(*ids[::-1], way.id, length_m, way.road_class, way.name, True))
    return steps


def _take(left: dict[tuple[str, str], bool], a: str, b: str) -> bool:
    """Take a stroke out of those left, in either order if it is two-way; whether it is one-way."""
    if (a, b) in left:
        return left.pop((a, b))
    if left.get((b, a)) is False:
        return left.pop((b, a))
    raise ValueError(f"no stroke from {a} to {b} is left")


def _strokes(rows: Sequence[str], at: Mapping[tuple[int, int], str]) -> dict[tuple[str, str], bool]:
    """(from, to) -> one-way, for every stroke of the picture."""
    found: dict[tuple[str, str], bool] = {}
    for (r, c), mark in at.items():
        for stroke, (down, right) in _STROKES.items():
            i, j, sign = r + down, c + right, 0
            while i < len(rows) and 0 <= j < len(rows[i]):
                here = rows[i][j]
                arrow = _ARROWS.get(here)
                if here != stroke and not (arrow and arrow[:2] == (down, right)):
                    break
                sign = arrow[2] if arrow else sign
                i, j = i + down, j + right
            other = at.get((i, j))
            if other is not None and (i, j) != (r + down, c + right):
                found[(other, mark) if sign < 0 else (mark, other)] = sign != 0
    return found
