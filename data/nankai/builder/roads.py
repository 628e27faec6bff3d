"""Streets cut into cleaned roads: exactly the counts of the model, at junctions, of even length."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from .chains import chain
from .geometry import dice
from .graph import ARTERIAL, BRANCH, SECONDARY, Graph, angle_between

COUNTS = {ARTERIAL: 70, SECONDARY: 150, BRANCH: 231}
SHORTEST_M = 140.0
GRADE_4 = 50


@dataclass
class Road:
    """A cleaned road before it has ways: a run of edges of one street."""

    street: int
    road_class: int
    course: list[tuple[int, bool]]
    nodes: list[int]
    length_m: float
    from_street: str = ""
    to_street: str = ""
    grade: int = 1
    key_area: bool = False
    oneway: bool = False
    width_m: float = 0.0
    lanes: int = 2


def _nodes(graph: Graph, course: list[tuple[int, bool]]) -> list[int]:
    first = graph.edges[course[0][0]]
    nodes = [first.u if course[0][1] else first.v]
    for key, forward in course:
        nodes.append(graph.edges[key].v if forward else graph.edges[key].u)
    return nodes


def _cut(graph: Graph, course: list[tuple[int, bool]], pieces: int) -> list[list[int]] | None:
    """Index ranges of the course for that many pieces of the evenest length, by dynamic
    programming; cuts at crossings with greater streets are preferred; None if impossible."""
    lengths = [graph.edges[key].length_m for key, _ in course]
    nodes = _nodes(graph, course)
    at = graph.incident()
    rank = [
        min((graph.streets[graph.edges[k].street].road_class for k in at[n]
             if graph.edges[k].street != graph.edges[course[0][0]].street), default=3)
        for n in nodes
    ]  # fmt: skip
    ideal = sum(lengths) / pieces
    count = len(lengths)
    infinite = float("inf")
    best = [[infinite] * (count + 1) for _ in range(pieces + 1)]
    back = [[0] * (count + 1) for _ in range(pieces + 1)]
    best[0][0] = 0.0
    for piece in range(1, pieces + 1):
        for end in range(piece, count + 1):
            for start in range(piece - 1, end):
                length = sum(lengths[start:end])
                if length < SHORTEST_M or best[piece - 1][start] == infinite:
                    continue
                cost = ((length - ideal) / ideal) ** 2
                if end < count:
                    cost += 0.04 * rank[end]
                if best[piece - 1][start] + cost < best[piece][end]:
                    best[piece][end] = best[piece - 1][start] + cost
                    back[piece][end] = start
    if best[pieces][count] == infinite:
        return None
    cuts = [count]
    for piece in range(pieces, 0, -1):
        cuts.append(back[piece][cuts[-1]])
    cuts.reverse()
    return [list(range(a, b)) for a, b in itertools.pairwise(cuts)]


def cut_roads(graph: Graph) -> list[Road]:
    """All cleaned roads. Streets that are left over when a class is full stay uncleaned."""
    roads: list[Road] = []
    for road_class, wanted in COUNTS.items():
        courses = []
        for street in sorted({e.street for e in graph.edges.values()}):
            if graph.streets[street].road_class == road_class:
                courses.extend(chain(graph, street))
        lengths = [sum(graph.edges[k].length_m for k, _ in course) for course in courses]
        order = sorted(range(len(courses)), key=lambda i: (-lengths[i], i))
        order = [i for i in order if lengths[i] >= SHORTEST_M][:wanted]
        pieces = {i: [list(range(len(courses[i])))] for i in order}
        closed: set[int] = set()
        while sum(len(p) for p in pieces.values()) < wanted:
            open_ = [i for i in order if i not in closed]
            if not open_:
                raise ValueError(f"class {road_class}: not enough roads can be cut")
            i = max(open_, key=lambda k: (lengths[k] / len(pieces[k]), -k))
            finer = _cut(graph, courses[i], len(pieces[i]) + 1)
            if finer is None:
                closed.add(i)
            else:
                pieces[i] = finer
        for i in sorted(pieces):
            for piece in pieces[i]:
                course = [courses[i][k] for k in piece]
                street = graph.edges[course[0][0]].street
                length = sum(graph.edges[k].length_m for k, _ in course)
                roads.append(Road(street, road_class, course, _nodes(graph, course), length))
    _describe(graph, roads)
    return roads


def _describe(graph: Graph, roads: list[Road]) -> None:
    """From, to, grade, width and lanes of each road."""
    at = graph.incident()
    for road in roads:
        for side, node in (("from_street", road.nodes[0]), ("to_street", road.nodes[-1])):
            key = road.course[0 if side == "from_street" else -1][0]
            setattr(road, side, _crossing(graph, node, at[node], key))
    minor = sorted(
        (r for r in roads if r.road_class == BRANCH),
        key=lambda r: (graph.streets[r.street].real, r.length_m),
    )[:GRADE_4]
    fourth = {id(road) for road in minor}
    for number, road in enumerate(roads):
        road.grade = road.road_class + 1 if id(road) not in fourth else 4
        street = graph.streets[road.street]
        throw = dice("width", street.name, 0) * 0.7 + dice("width", street.name, number) * 0.3
        if road.road_class == ARTERIAL:
            road.width_m = round(24.0 + 9.5 * throw if street.dual else 21.0 + 3.0 * throw, 1)
            road.lanes = 8 if road.width_m >= 29 else 6 if road.width_m >= 22.5 else 4
        elif road.road_class == SECONDARY:
            road.width_m = round(12.6 + 4.8 * throw, 1)
            road.lanes = 4 if road.width_m >= 14 else 2
        else:
            road.width_m = round((7.0 if road.grade == 4 else 7.6) + 2.2 * throw, 1)
            road.lanes = 2


def _crossing(graph: Graph, node: int, keys: list[int], own: int) -> str:
    """Name of the street at a road's end: one that crosses before one that runs straight on, a
    real name before a model one, a great street before a small one; empty at a dead end."""
    ahead = graph.heading(own, node) + math.pi
    ranked = []
    for key in keys:
        street = graph.streets[graph.edges[key].street]
        if graph.edges[key].street == graph.edges[own].street:
            continue
        straight = angle_between(graph.heading(key, node), ahead) < math.radians(30)
        made = street.name.startswith("模型路")
        ranked.append((straight, made, street.road_class, street.name))
    return min(ranked)[3] if ranked else ""
