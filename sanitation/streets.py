"""A light look at network.osm: enough to check a district, far too little to route on.

The real network is loaded by routes/osm.py; this reads ways and nodes only, so that a faulty
district is refused in well under a second and before anything heavy is imported.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers import expat

from sanitation.errors import Problem

EARTH_RADIUS_M = 6_371_009.0
DEGREE_M = EARTH_RADIUS_M * math.pi / 180
NEAR_STREET_M = 500.0
_ROUNDING_M = 1e-6
# What routes/osm.py lets a lorry drive on; a test holds the two lists against each other.
DRIVEN = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
        *("secondary", "secondary_link", "tertiary", "tertiary_link", "residential"),
        *("living_street", "unclassified", "service"),
    }
)


@dataclass(frozen=True, slots=True)
class Way:
    """A drivable way: its nodes in order; ``direction`` 1 one-way, -1 against, 0 both ways."""

    nodes: tuple[int, ...]
    direction: int
    line: int


@dataclass(frozen=True, slots=True)
class Streets:
    """Drivable ways by id, the coordinates (lon, lat) of every node, and all way ids."""

    nodes: dict[int, tuple[float, float]]
    ways: dict[int, Way]
    all_way_ids: frozenset[int]

    def way_length_m(self, way_id: int) -> float:
        """Length along the way's nodes, m (equirectangular: good to 0.1 % inside a city)."""
        points = [self.nodes[node] for node in self.ways[way_id].nodes]
        return sum(distance_m(a, b) for a, b in pairwise(points))

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the drivable ways' nodes, degrees."""
        used = [self.nodes[node] for way in self.ways.values() for node in way.nodes]
        lons, lats = zip(*used, strict=True)
        return min(lons), min(lats), max(lons), max(lats)


class _RefusedXmlError(Exception):
    """Raised inside the parser's callbacks to stop it at a document type or entity."""


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two (lon, lat) points a few kilometres apart, m."""
    x = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(x, b[1] - a[1]) * DEGREE_M


def parse_streets(name: str, data: bytes, problems: list[Problem]) -> Streets | None:
    """Streets of an OpenStreetMap XML document, or None with problems.

    A document type declaration is refused before its entities can grow (the "billion laughs"
    bomb): the parser stops at ``<!DOCTYPE``, whatever the encoding it is hidden in.
    """
    reader = _Reader(name, problems)
    before = len(problems)
    try:
        reader.parser.Parse(data, True)
    except _RefusedXmlError:
        line = reader.parser.CurrentLineNumber
        text = "declares a document type or entity, which no OpenStreetMap file does"
        problems.append(Problem(name, text, row=line, hint="export the network anew"))
        return None
    except expat.ExpatError as error:
        text = f"is not well-formed XML: {expat.ErrorString(error.code)}"
        column = f"character {error.offset + 1}"
        hint = "was the download cut short? export the network anew"
        problems.append(Problem(name, text, row=error.lineno, column=column, hint=hint))
        return None
    except (LookupError, ValueError) as error:  # an encoding that Python or expat does not know
        hint = "save it as UTF-8"
        problems.append(Problem(name, f"cannot be read as XML: {error}", row=1, hint=hint))
        return None
    if len(problems) > before:
        return None
    if not reader.nodes or not reader.ways:
        what = "nodes" if not reader.nodes else "ways that trucks may drive (with a highway tag)"
        hint = "is this an OpenStreetMap extract of the district?"
        problems.append(Problem(name, f"has no {what}", hint=hint))
        return None
    for way_id, way in sorted(reader.ways.items()):
        missing = [node for node in way.nodes if node not in reader.nodes]
        if missing or len(way.nodes) < 2:
            text = "has fewer than two nodes" if not missing else "uses a node that is not there"
            value = str(missing[0]) if missing else None
            hint = "export complete ways"
            problems.append(
                Problem(name, f"way {way_id} {text}", row=way.line, value=value, hint=hint)
            )
    if len(problems) > before:
        return None
    return Streets(reader.nodes, reader.ways, frozenset(reader.way_ids))


class _Reader:
    """Callbacks of the XML parser: collects nodes and ways."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems
        self.nodes: dict[int, tuple[float, float]] = {}
        self.ways: dict[int, Way] = {}
        self.way_ids: set[int] = set()
        self._way: int | None = None
        self._line = 0
        self._refs: list[int] = []
        self._tags: dict[str, str] = {}
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise _RefusedXmlError

    def _say(self, text: str, column: str, value: str | None, hint: str = "") -> None:
        line = self.parser.CurrentLineNumber
        self.problems.append(
            Problem(self.name, text, row=line, column=column, value=value, hint=hint)
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "node":
            self._node(attributes)
        elif tag == "way":
            self._line, self._refs, self._tags = self.parser.CurrentLineNumber, [], {}
            self._way = self._int("way", attributes, "id")
            if self._way is not None and self._way in self.way_ids:
                self._say("the way appears twice", "id", attributes["id"])
            elif self._way is not None:
                self.way_ids.add(self._way)
        elif self._way is not None and tag == "nd":
            node = self._int("nd", attributes, "ref")
            if node is not None:
                self._refs.append(node)
        elif self._way is not None and tag == "tag":
            self._tags[attributes.get("k", "")] = attributes.get("v", "")

    def _end(self, tag: str) -> None:
        if tag != "way" or self._way is None:
            return
        if _is_driven(self._tags):
            self.ways[self._way] = Way(tuple(self._refs), _direction(self._tags), self._line)
        self._way = None

    def _int(self, tag: str, attributes: dict[str, str], key: str) -> int | None:
        try:
            return int(attributes[key])
        except (KeyError, ValueError):
            self._say(f"a {tag} without a whole number in it", key, attributes.get(key))
            return None

    def _node(self, attributes: dict[str, str]) -> None:
        node = self._int("node", attributes, "id")
        try:
            point = float(attributes["lon"]), float(attributes["lat"])
        except (KeyError, ValueError):
            key = "lat" if "lon" in attributes else "lon"
            self._say("a node without coordinates", key, attributes.get(key))
            return
        if not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
            swapped = abs(point[0]) <= 90 and abs(point[1]) <= 180
            hint = "lon and lat look swapped" if swapped else ""
            self._say("a node outside the globe", "lat", attributes["lat"], hint)
        elif node is not None:
            self.nodes[node] = point


def _is_driven(tags: dict[str, str]) -> bool:
    """Whether trucks may use a way; the first access tag from narrow to wide decides."""
    access = tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access")
    barred = access in ("no", "private") or tags.get("area") == "yes"
    return tags.get("highway") in DRIVEN and not barred


def _direction(tags: dict[str, str]) -> int:
    oneway = tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return 1
    if oneway in ("-1", "reverse"):
        return -1
    roundabout = tags.get("junction") in ("roundabout", "circular")
    return 1 if roundabout and oneway != "no" else 0


def strong_part(streets: Streets) -> frozenset[int]:
    """Nodes of the largest strongly connected part: from each one every other can be reached.

    Kosaraju's algorithm with stacks of its own, since a city is too deep for recursion.
    """
    out: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for way in streets.ways.values():
        for a, b in pairwise(way.nodes):
            for u, v in _steps(a, b, way.direction):
                out.setdefault(u, []).append(v)
                back.setdefault(v, []).append(u)
    order: list[int] = []
    seen: set[int] = set()
    for root in sorted(out):
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(out[root]))]
        while stack:
            node, successors = stack[-1]
            following = next((v for v in successors if v not in seen), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(out.get(following, ()))))
    best: set[int] = set()
    placed: set[int] = set()
    for root in reversed(order):
        if root in placed:
            continue
        part, todo = {root}, [root]
        placed.add(root)
        while todo:
            for v in back.get(todo.pop(), ()):
                if v not in placed:
                    placed.add(v)
                    part.add(v)
                    todo.append(v)
        if len(part) > len(best):
            best = part
    return frozenset(best)


def _steps(a: int, b: int, direction: int) -> tuple[tuple[int, int], ...]:
    if direction == 0:
        return (a, b), (b, a)
    return ((a, b),) if direction == 1 else ((b, a),)


class NearestNode:
    """Nearest street node of a point, among those within NEAR_STREET_M; sorted by latitude."""

    def __init__(self, streets: Streets) -> None:
        used = {node for way in streets.ways.values() for node in way.nodes}
        self._rows = sorted((streets.nodes[node][1], streets.nodes[node][0], node) for node in used)
        self._lats = [row[0] for row in self._rows]

    def __call__(self, lon: float, lat: float) -> int | None:
        """Its id; of two as near the lower one. None if there is no node as near as that."""
        above = bisect_left(self._lats, lat)
        nearest_m, found = NEAR_STREET_M, None
        # Up and down from the point's latitude, as far as the latitude alone leaves a chance.
        for rows in (range(above, len(self._lats)), range(above - 1, -1, -1)):
            for number in rows:
                row_lat, row_lon, node = self._rows[number]
                if abs(row_lat - lat) * DEGREE_M > nearest_m + _ROUNDING_M:
                    break
                gap_m = distance_m((lon, lat), (row_lon, row_lat))
                if gap_m < nearest_m or (gap_m == nearest_m and (found is None or node < found)):
                    nearest_m, found = gap_m, node
        return found
