"""From the courses of the real streets (source/streets.csv) to a clean plane graph.

The courses come from several hands: some were read to 20 m, most were sketched to some hundred
metres. Their ends are brought onto the streets they belong to, crossings become nodes, and nodes
that would lie within a few metres of each other become one.
"""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

from shapely.geometry import LineString, Point
from shapely.ops import substring

from .geometry import Xy, to_xy
from .graph import CLASS_NAMES, Graph, Street

END_REACH_M = 120.0
SAME_NODE_M = 40.0


def read_streets(folder: Path) -> tuple[list[Street], list[LineString]]:
    """Streets and their courses in plane metres, arterials first."""
    rows = []
    with (folder / "streets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pairs = [tuple(map(float, pair.split())) for pair in row["course"].split(";")]
            line = _round_corners([to_xy(lon, lat) for lon, lat in pairs])
            road_class = CLASS_NAMES.index(row["used_class"])
            real = bool(row["name"])
            basis = row["course_basis"]
            provenance = f"public: name; course {basis}" if real else f"model: {row['source']}"
            street = Street(
                row["name"], row["pinyin"], road_class, row["dual"] == "1", provenance, real
            )
            rows.append((road_class, street, line))
    rows.sort(key=lambda row: row[0])
    return [row[1] for row in rows], [row[2] for row in rows]


def _round_corners(points: list[Xy]) -> LineString:
    """Streets bend, they do not break: each corner of 8 to 80 degrees becomes a parabola that
    leaves the course at most 70 m before and after it."""
    course = [points[0]]
    for a, b, c in zip(points, points[1:], points[2:], strict=False):
        before, after = math.dist(a, b), math.dist(b, c)
        one = math.atan2(b[1] - a[1], b[0] - a[0])
        two = math.atan2(c[1] - b[1], c[0] - b[0])
        turn = abs((two - one + math.pi) % (2 * math.pi) - math.pi)
        if not math.radians(8) < turn < math.radians(80):
            course.append(b)
            continue
        reach = min(70.0, 0.4 * before, 0.4 * after)
        p = (b[0] + (a[0] - b[0]) / before * reach, b[1] + (a[1] - b[1]) / before * reach)
        q = (b[0] + (c[0] - b[0]) / after * reach, b[1] + (c[1] - b[1]) / after * reach)
        middle = ((p[0] + 2 * b[0] + q[0]) / 4, (p[1] + 2 * b[1] + q[1]) / 4)
        course += [p, middle, q]
    return LineString([*course, points[-1]])


def _crossings(line: LineString, other: LineString) -> list[Point]:
    found = line.intersection(other)
    if found.is_empty:
        return []
    parts = getattr(found, "geoms", [found])
    return [part if part.geom_type == "Point" else part.interpolate(0.5, True) for part in parts]


def _fit_end(lines: list[LineString], index: int) -> LineString:
    """Brings the far end of a line onto the street nearest to it, by trimming or lengthening."""
    line = lines[index]
    others = [other for k, other in enumerate(lines) if k != index]
    places = [line.project(p) for other in others for p in _crossings(line, other)]
    near = [place for place in places if line.length - place <= END_REACH_M]
    if near:
        return substring(line, 0, max(near))
    end, before = Point(line.coords[-1]), line.coords[-2]
    if min(end.distance(other) for other in others) < 1:
        return line
    run = math.dist(before, line.coords[-1])
    step = ((end.x - before[0]) / run * END_REACH_M, (end.y - before[1]) / run * END_REACH_M)
    ray = LineString([(end.x, end.y), (end.x + step[0], end.y + step[1])])
    hits = [p for other in others for p in _crossings(ray, other)]
    if hits:
        hit = min(hits, key=end.distance)
        return LineString([*line.coords, (hit.x, hit.y)])
    nearest = min(others, key=end.distance)
    if end.distance(nearest) <= END_REACH_M:
        hit = nearest.interpolate(nearest.project(end))
        return LineString([*line.coords, (hit.x, hit.y)])
    return line


def _reach(line: LineString) -> LineString:
    """Lengthens both ends by a hair so that touching ends do intersect."""
    (x0, y0), (x1, y1) = line.coords[0], line.coords[1]
    (xm, ym), (xn, yn) = line.coords[-2], line.coords[-1]
    a, b = math.dist((x0, y0), (x1, y1)), math.dist((xm, ym), (xn, yn))
    hair = 2.0
    first = (x0 + (x0 - x1) / a * hair, y0 + (y0 - y1) / a * hair)
    last = (xn + (xn - xm) / b * hair, yn + (yn - ym) / b * hair)
    return LineString([first, *line.coords[1:-1], last])


def fit_ends(lines: list[LineString]) -> list[LineString]:
    """Two rounds: an end may be waiting for another street's end to come to its place."""
    lines = list(lines)
    for _ in range(2):
        for index in range(len(lines)):
            for _side in range(2):
                lines[index] = LineString(_fit_end(lines, index).coords[::-1])
    return [_reach(line) for line in lines]


def plane_graph(streets: list[Street], lines: list[LineString]) -> Graph:
    """Nodes at all crossings, merged within SAME_NODE_M, and edges between them."""
    points: list[tuple[int, Xy, int, int]] = []
    for i, line in enumerate(lines):
        for j in range(i):
            for p in _crossings(line, lines[j]):
                rank = streets[i].road_class + streets[j].road_class
                points.append((rank, (p.x, p.y), i, j))
    points.sort(key=lambda item: item[0])
    graph = Graph(streets=list(streets))
    members: list[set[int]] = []
    for _rank, point, i, j in points:
        node = next(
            (k for k, at in enumerate(graph.nodes) if math.dist(at, point) <= SAME_NODE_M), None
        )
        if node is None:
            node = graph.add_node(point)
            members.append(set())
        members[node] |= {i, j}
    seen: set[tuple[int, int]] = set()
    for i, line in enumerate(lines):
        _lay(graph, i, line, [k for k, streets_at in enumerate(members) if i in streets_at], seen)
    return graph


def _lay(
    graph: Graph, index: int, line: LineString, nodes: list[int], seen: set[tuple[int, int]]
) -> None:
    """Edges of one street between its nodes, its own vertices kept as shape."""
    marks = sorted((line.project(Point(graph.nodes[k])), k) for k in nodes)
    if not marks:
        return
    for end, place in ((0, 0.0), (-1, line.length)):
        if abs(marks[end][0] - place) > SAME_NODE_M:
            at = line.coords[end]
            mark = (place, graph.add_node((at[0], at[1])))
            marks = [mark, *marks] if end == 0 else [*marks, mark]
    shape = [(line.project(Point(c)), (c[0], c[1])) for c in line.coords[1:-1]]
    for (a, u), (b, v) in itertools.pairwise(marks):
        if (min(u, v), max(u, v)) in seen:
            continue
        seen.add((min(u, v), max(u, v)))
        between = [c for place, c in shape if a + 22 < place < b - 22]
        graph.add_edge(u, v, [graph.nodes[u], *between, graph.nodes[v]], index)
