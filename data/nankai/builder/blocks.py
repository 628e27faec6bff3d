"""Secondary and branch streets that fill the blocks between the real ones.

The largest block is cut across its longer side, again and again, until the class has the length
of the model (domain.md, section 4.2). An end goes to a junction that is already there when one is
near, so that many cuts make crossings and run on as one street; an end that meets the district's
edge stops short of it and becomes a dead end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

from shapely import STRtree
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, polygonize, split, substring, unary_union

from .geometry import Xy, dice, no_streets, outline
from .graph import ARTERIAL, BRANCH, Graph, Street, angle_between

SNAP_M = 62.0
CLEAR_M = 70.0
SHORTEST_M = 130.0
OPEN_END_CLEAR_M = 75.0
SHIFTS = (0, 0.05, -0.05, 0.1, -0.1, 0.15, -0.15, 0.2, -0.2, 0.25, -0.25)
MIN_ANGLE = math.radians(52)


class BlockCutter:
    """Cuts blocks of a graph; holds the faces between calls."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._indexed = -1
        self.forbidden = no_streets()
        lines = list(graph.lines.values())
        streets = unary_union(lines)
        sheet = unary_union([outline(), streets.buffer(15)])
        pieces = polygonize(unary_union([streets, sheet.exterior, *_spokes(sheet, streets)]))
        self.faces: dict[bytes, tuple[float, Polygon]] = {}
        self._keep(face for face in pieces if face.area > 8_000)
        self.stuck: set[bytes] = set()

    def _keep(self, faces: Iterable[Polygon]) -> None:
        """Large and long blocks come first."""
        for face in faces:
            open_m2 = face.difference(self.forbidden).area
            weight = open_m2 * (1 + face.length**2 / face.area / 64)
            self.faces[face.wkb] = (weight, face)

    def fill(self, road_class: int, target_m: float, min_side_m: float) -> None:
        """Lays streets of a class until its length reaches the target or no block can be cut."""
        total = self.graph.length_m(road_class)
        while total < target_m:
            faces = [item for key, item in self.faces.items() if key not in self.stuck]
            if not faces:
                return
            face = max(faces, key=lambda item: item[0])[1]
            cut = self._best_cut(face, min_side_m)
            if cut is None:
                cut = self._best_cut(face, min_side_m, (-14, 14, -26, 26))
            if cut is None:
                self.stuck.add(face.wkb)
                continue
            total += self._lay(face, cut, road_class)

    def culs_de_sac(self, count: int, apart_m: float = 450.0) -> None:
        """Blind alleys into the largest blocks, from the middle of the block's longest street."""
        made: list[Point] = []
        for _weight, face in sorted(self.faces.values(), key=lambda i: (-i[0], i[1].wkb)):
            if len(made) == count:
                return
            alley = self._alley(face)
            if alley is None or any(alley.centroid.distance(p) < apart_m for p in made):
                continue
            made.append(alley.centroid)
            points = [(x, y) for x, y in alley.coords]
            start, end = self._node(points[0], False), self.graph.add_node(points[-1])
            self.graph.streets.append(Street("", "", BRANCH, False, "model", False))
            self.graph.add_edge(start, end, points, len(self.graph.streets) - 1)

    def _alley(self, face: Polygon) -> LineString | None:
        sides = []
        for key in self._near(face):
            shared = self.graph.lines[key].intersection(face.exterior.buffer(1))
            street = self.graph.streets[self.graph.edges[key].street]
            if street.road_class != ARTERIAL and shared.length > 0.9 * self.graph.lines[key].length:
                sides.append((-self.graph.lines[key].length, key))
        for gap, key in sorted(sides):
            line = self.graph.lines[key]
            if -gap < 2.3 * CLEAR_M:
                break
            root = line.interpolate(0.5, normalized=True)
            ahead = line.interpolate(line.length / 2 + 5)
            nx, ny = (ahead.y - root.y) / 5, (root.x - ahead.x) / 5
            for sign in (1, -1):
                ray = LineString(
                    [(root.x, root.y), (root.x + sign * nx * 600, root.y + sign * ny * 600)]
                )
                inside = ray.intersection(face)
                if inside.geom_type != "LineString" or inside.length < 230:
                    continue
                alley = substring(inside, 0, min(190.0, inside.length - 70))
                if alley.coords[0] != ray.coords[0] or self.forbidden.intersects(alley):
                    continue
                tip = substring(alley, 75, alley.length)
                if tip.distance(face.exterior) > 62:
                    return alley
        return None

    def _near(self, face: Polygon) -> list[int]:
        keys = list(self.graph.lines)
        return sorted(keys[k] for k in self._tree().query(face))

    def _best_cut(
        self, face: Polygon, min_side_m: float, skews: tuple[int, ...] = (0,)
    ) -> tuple[LineString, bool, bool] | None:
        """The cut that halves a block best; skews are degrees off the right angle."""
        open_part = face.difference(self.forbidden)
        if open_part.area < 0.5 * face.area and open_part.area < 60_000:
            return None
        box = list(face.minimum_rotated_rectangle.exterior.coords)
        sides = sorted(
            ((math.dist(a, b), a, b) for a, b in itertools.pairwise(box[:3])),
            key=lambda side: -side[0],
        )
        (long_m, a, b), (short_m, c, d) = sides
        tries = [(a, b, c, d, long_m, short_m)]
        if short_m > 0.72 * long_m:
            tries.append((c, d, a, b, short_m, long_m))
        best: tuple[float, tuple[LineString, bool, bool]] | None = None
        middle = face.minimum_rotated_rectangle.centroid
        for p, q, r, s, along_m, across_m in tries:
            if along_m < 2 * min_side_m:
                continue
            along = ((q[0] - p[0]) / along_m, (q[1] - p[1]) / along_m)
            heading = math.atan2(s[1] - r[1], s[0] - r[0])
            for shift, skew in ((a, b) for a in SHIFTS for b in skews):
                turned = heading + math.radians(skew)
                reach = (math.cos(turned) * across_m * 1.3, math.sin(turned) * across_m * 1.3)
                x = middle.x + along[0] * along_m * shift
                y = middle.y + along[1] * along_m * shift
                line = LineString([(x - reach[0], y - reach[1]), (x + reach[0], y + reach[1])])
                found = self._fit(face, line)
                if found is None:
                    continue
                halves = _halves(face, found[0])
                if min(halves) < 9_000:
                    continue
                score = min(halves) / max(halves) + 0.15 * found[3] - 0.4 * (along_m < long_m)
                if best is None or score > best[0]:
                    best = (score, found[:3])
        return best[1] if best else None

    def _fit(self, face: Polygon, line: LineString) -> tuple[LineString, bool, bool, int] | None:
        """Trims a cutting line to the block and brings its ends to junctions or streets."""
        inside = line.intersection(face)
        parts = [g for g in getattr(inside, "geoms", [inside]) if isinstance(g, LineString)]
        parts = [g for g in parts if not g.is_empty]
        if not parts:
            return None
        part = max(parts, key=lambda g: g.length)
        ends = []
        snapped = 0
        for at, other in ((part.coords[0], part.coords[-1]), (part.coords[-1], part.coords[0])):
            end = self._end(face, at, other)
            if end is None:
                return None
            ends.append(end)
            snapped += end[2]
        if ends[0][1] and ends[1][1]:
            return None
        first, last = ends[0][0], ends[1][0]
        if math.dist(first, last) < SHORTEST_M:
            return None
        bent = _bend(first, last)
        for end, is_open, is_node in ends:
            if is_open and self._around(Point(end), OPEN_END_CLEAR_M):
                return None
            if not is_open and not self._square(bent, end, is_node):
                return None
        if bent.length > 1500:
            return None
        core = _core(bent, 45)
        if not face.contains(core) or self.forbidden.intersects(bent):
            return None
        if core.distance(face.exterior) < 38:
            return None
        return bent, ends[0][1], ends[1][1], snapped

    def _end(self, face: Polygon, at: Xy, other: Xy) -> tuple[Xy, bool, bool] | None:
        """Where a cut ends: (place, at the district's edge, at a junction)."""
        point = Point(at)
        hosts = self._hosts(point)
        if not hosts:
            length = math.dist(at, other)
            back = min(45.0, length / 3)
            x = at[0] + (other[0] - at[0]) / length * back
            y = at[1] + (other[1] - at[1]) / length * back
            return (x, y), True, False
        edge = self.graph.edges[hosts[0]]
        nearest = min((edge.u, edge.v), key=lambda k: math.dist(self.graph.nodes[k], at))
        gap = math.dist(self.graph.nodes[nearest], at)
        if gap <= SNAP_M:
            return self.graph.nodes[nearest], False, True
        if gap < CLEAR_M:
            return None
        line = self.graph.lines[hosts[0]]
        spot = line.interpolate(line.project(point))
        return (spot.x, spot.y), False, False

    def _hosts(self, point: Point) -> list[int]:
        near = [(self.graph.lines[k].distance(point), k) for k in self._around(point)]
        return [k for gap, k in sorted(near) if gap < 2.0]

    def _around(self, point: Point, reach_m: float = 3.0) -> list[int]:
        """Edges within reach of a point."""
        keys = list(self.graph.lines)
        return [keys[k] for k in self._tree().query(point, "dwithin", reach_m)]

    def _tree(self) -> STRtree:
        """Index of all edges, built anew when an edge was added."""
        if self._indexed != self.graph.next_edge:
            self._index = STRtree(list(self.graph.lines.values()))
            self._indexed = self.graph.next_edge
        return self._index

    def _square(self, line: LineString, end: Xy, is_node: bool) -> bool:
        """Does the cut leave its host at a wide angle, and any other street at the junction?"""
        points = list(line.coords)
        if math.dist(points[0], end) > math.dist(points[-1], end):
            points.reverse()
        away = math.atan2(points[1][1] - points[0][1], points[1][0] - points[0][0])
        if is_node:
            node = min(
                range(len(self.graph.nodes)), key=lambda k: math.dist(self.graph.nodes[k], end)
            )
            incident = [k for k, e in self.graph.edges.items() if node in (e.u, e.v)]
            if len(incident) >= 4:
                return False
            headings = [self.graph.heading(k, node) for k in incident]
        else:
            host = self.graph.lines[self._hosts(Point(end))[0]]
            place = host.project(Point(end))
            a, b = host.interpolate(max(0, place - 5)), host.interpolate(place + 5)
            heading = math.atan2(b.y - a.y, b.x - a.x)
            headings = [heading, heading + math.pi]
        return all(angle_between(away, heading) >= MIN_ANGLE for heading in headings)

    def _lay(self, face: Polygon, cut: tuple[LineString, bool, bool], road_class: int) -> float:
        line, open_first, open_last = cut
        points = [(x, y) for x, y in line.coords]
        ends = [self._node(points[0], open_first), self._node(points[-1], open_last)]
        street = Street("", "", road_class, False, "model", False)
        self.graph.streets.append(street)
        key = self.graph.add_edge(ends[0], ends[1], points, len(self.graph.streets) - 1)
        del self.faces[face.wkb]
        laid = LineString(self.graph.edges[key].points)
        self._keep(g for g in split(face, _stretch(laid, 60)).geoms if g.area > 4_000)
        return laid.length

    def _node(self, at: Xy, is_open: bool) -> int:
        if is_open:
            return self.graph.add_node(at)
        for key in self._around(Point(at)):
            for node in (self.graph.edges[key].u, self.graph.edges[key].v):
                if math.dist(self.graph.nodes[node], at) < 1e-6:
                    return node
        return self.graph.split(self._hosts(Point(at))[0], at)


def _spokes(sheet: Polygon, streets: BaseGeometry) -> list[LineString]:
    """Ties the sheet's corners to streets close by, so that the rim falls into blocks."""
    spokes = []
    for x, y in sheet.exterior.coords:
        if (
            0.1 < streets.distance(Point(x, y)) < 130
            and outline().exterior.distance(Point(x, y)) < 1
        ):
            near = nearest_points(streets, Point(x, y))[0]
            beyond = (x + (x - near.x) * 0.05, y + (y - near.y) * 0.05)
            inner = (near.x - (x - near.x) * 0.02, near.y - (y - near.y) * 0.02)
            spokes.append(LineString([inner, beyond]))
    return spokes


def _halves(face: Polygon, line: LineString) -> tuple[float, float]:
    parts = sorted((g.area for g in split(face, _stretch(line, 60)).geoms), reverse=True)
    return (parts[0], sum(parts[1:])) if len(parts) > 1 else (parts[0], 0.0)


def _stretch(line: LineString, by_m: float) -> LineString:
    points = list(line.coords)
    for end, before in ((0, 1), (-1, -2)):
        (x0, y0), (x1, y1) = points[end], points[before]
        run = math.dist((x0, y0), (x1, y1))
        points[end] = (x0 + (x0 - x1) / run * by_m, y0 + (y0 - y1) / run * by_m)
    return LineString(points)


def _core(line: LineString, trim_m: float) -> LineString:
    return substring(line, trim_m, line.length - trim_m)


def _bend(a: Xy, b: Xy) -> LineString:
    """A street is seldom quite straight: its middle is up to 1.5 % aside."""
    length = math.dist(a, b)
    swing = (dice("bend", round(a[0]), round(a[1]), round(b[0]), round(b[1])) - 0.5) * 0.03
    side = max(-8.0, min(8.0, swing * length))
    nx, ny = -(b[1] - a[1]) / length, (b[0] - a[0]) / length
    if abs(side) < 3:
        return LineString([a, b])
    thirds = [
        (a[0] + (b[0] - a[0]) * t + nx * side, a[1] + (b[1] - a[1]) * t + ny * side)
        for t in (0.35, 0.65)
    ]
    return LineString([a, *thirds, b])
