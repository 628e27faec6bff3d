"""The plane graph of street centre lines that every step of the builder works on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from shapely.geometry import LineString, Point

from .geometry import Xy

ARTERIAL, SECONDARY, BRANCH = 0, 1, 2
CLASS_NAMES = ("arterial", "secondary", "branch")


@dataclass
class Street:
    """A street: edges in order make its course."""

    name: str
    pinyin: str
    road_class: int
    dual: bool
    provenance: str
    real: bool


@dataclass
class Edge:
    """A piece of street between two junctions; ``points`` include both ends."""

    u: int
    v: int
    points: list[Xy]
    street: int

    @property
    def length_m(self) -> float:
        return sum(math.dist(a, b) for a, b in zip(self.points, self.points[1:], strict=False))


@dataclass
class Graph:
    """Nodes by number, edges by number, streets by number; nothing is ever renumbered."""

    nodes: list[Xy] = field(default_factory=list)
    edges: dict[int, Edge] = field(default_factory=dict)
    streets: list[Street] = field(default_factory=list)
    next_edge: int = 0
    lines: dict[int, LineString] = field(default_factory=dict)

    def add_node(self, point: Xy) -> int:
        self.nodes.append(point)
        return len(self.nodes) - 1

    def add_edge(self, u: int, v: int, points: list[Xy], street: int) -> int:
        points = [self.nodes[u], *points[1:-1], self.nodes[v]]
        self.edges[self.next_edge] = Edge(u, v, points, street)
        self.lines[self.next_edge] = LineString(points)
        self.next_edge += 1
        return self.next_edge - 1

    def incident(self) -> dict[int, list[int]]:
        """Edges at each node, in order of edge number."""
        at: dict[int, list[int]] = {}
        for key, edge in self.edges.items():
            at.setdefault(edge.u, []).append(key)
            at.setdefault(edge.v, []).append(key)
        return at

    def split(self, key: int, point: Xy) -> int:
        """Cuts an edge at the place of its line nearest to the point; returns the new node."""
        edge = self.edges.pop(key)
        line = self.lines.pop(key)
        along = line.project(Point(point))
        cut = line.interpolate(along)
        node = self.add_node((cut.x, cut.y))
        before, after = [edge.points[0]], []
        for vertex in edge.points[1:-1]:
            place = line.project(Point(vertex))
            if place < along - 12:
                before.append(vertex)
            elif place > along + 12:
                after.append(vertex)
        self.add_edge(edge.u, node, [*before, (cut.x, cut.y)], edge.street)
        self.add_edge(node, edge.v, [(cut.x, cut.y), *after, edge.points[-1]], edge.street)
        return node

    def length_m(self, road_class: int) -> float:
        return sum(
            edge.length_m
            for edge in self.edges.values()
            if self.streets[edge.street].road_class == road_class
        )

    def heading(self, key: int, node: int, reach_m: float = 25.0) -> float:
        """Direction in which the edge leaves the node, radians."""
        edge = self.edges[key]
        points = edge.points if edge.u == node else edge.points[::-1]
        start = points[0]
        line = LineString(points)
        ahead = line.interpolate(min(reach_m, line.length))
        return math.atan2(ahead.y - start[1], ahead.x - start[0])


def angle_between(a: float, b: float) -> float:
    """Smallest angle between two directions, radians, 0 to pi."""
    return abs((a - b + math.pi) % (2 * math.pi) - math.pi)
