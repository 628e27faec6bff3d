"""Generated pieces joined to streets, sorted into secondary and branch, and given names."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from scipy.spatial import cKDTree
from shapely.geometry import LineString, Point

from .geometry import to_xy
from .graph import BRANCH, SECONDARY, Graph, angle_between

STRAIGHT = math.radians(26)
NAME_REACH_M = 900.0


def join_straight(graph: Graph) -> None:
    """Generated pieces that run straight on through a junction become one street."""
    owner = list(range(len(graph.streets)))

    def root(street: int) -> int:
        while owner[street] != street:
            street = owner[street]
        return street

    for node, keys in sorted(graph.incident().items()):
        made = [k for k in keys if not graph.streets[graph.edges[k].street].real]
        made = [k for k in made if graph.streets[graph.edges[k].street].road_class == BRANCH]
        pairs = sorted(
            (math.pi - angle_between(graph.heading(a, node), graph.heading(b, node)), a, b)
            for i, a in enumerate(made)
            for b in made[:i]
        )
        taken: set[int] = set()
        for bend, a, b in pairs:
            if bend > STRAIGHT or a in taken or b in taken:
                continue
            taken |= {a, b}
            one, two = root(graph.edges[a].street), root(graph.edges[b].street)
            owner[max(one, two)] = min(one, two)
    for edge in graph.edges.values():
        edge.street = root(edge.street)


def chain(graph: Graph, street: int) -> list[list[tuple[int, bool]]]:
    """Courses of a street: lists of (edge, driven from its u to its v), one per connected part."""
    keys = sorted(k for k, e in graph.edges.items() if e.street == street)
    at: dict[int, list[int]] = {}
    for key in keys:
        at.setdefault(graph.edges[key].u, []).append(key)
        at.setdefault(graph.edges[key].v, []).append(key)
    left = set(keys)
    courses = []
    starts = sorted((n for n, ks in at.items() if len(ks) == 1), key=lambda n: graph.nodes[n])
    for start in [*starts, *sorted(at)]:
        course: list[tuple[int, bool]] = []
        node = start
        while True:
            key = next((k for k in at[node] if k in left), None)
            if key is None:
                break
            left.discard(key)
            edge = graph.edges[key]
            course.append((key, edge.u == node))
            node = edge.v if edge.u == node else edge.u
        if course:
            courses.append(course)
    return courses


def street_length_m(graph: Graph, street: int) -> float:
    return sum(e.length_m for e in graph.edges.values() if e.street == street)


def promote(graph: Graph, target_m: float) -> None:
    """The longest generated streets become secondary, until the class is long enough.

    In the first rounds a street is left out that runs beside a greater one; with each round it
    may come closer, so that secondary streets and branches alternate as in a real district.
    """
    total = graph.length_m(SECONDARY)
    degree = {node: len(keys) for node, keys in graph.incident().items()}
    lengths: dict[int, float] = {}
    blind: set[int] = set()
    greater: list[_Sample] = []
    for key, edge in sorted(graph.edges.items()):
        street = graph.streets[edge.street]
        if street.road_class != BRANCH:
            greater += _samples(graph, key)
        elif not street.real:
            lengths[edge.street] = lengths.get(edge.street, 0.0) + edge.length_m
            if 1 in (degree[edge.u], degree[edge.v]):
                blind.add(edge.street)
    own: dict[int, list[_Sample]] = {}
    for key, edge in sorted(graph.edges.items()):
        own.setdefault(edge.street, []).extend(_samples(graph, key))
    left = sorted((s for s in lengths if s not in blind), key=lambda s: (-lengths[s], s))
    for apart_m in (230.0, 180.0, 130.0, 0.0):
        for street in list(left):
            if total + lengths[street] / 2 > target_m:
                continue
            if _beside(own[street], greater, apart_m) <= 0.4:
                graph.streets[street].road_class = SECONDARY
                total += lengths[street]
                greater += own[street]
                left.remove(street)


_Sample = tuple[float, float, float]


def _samples(graph: Graph, key: int) -> list[_Sample]:
    """Points every 40 m or so of an edge, each with the heading there."""
    line = graph.lines[key]
    count = max(2, round(line.length / 40))
    spots = []
    for k in range(count):
        at = (k + 0.5) / count * line.length
        a, b = line.interpolate(at - 4), line.interpolate(at + 4)
        spots.append(((a.x + b.x) / 2, (a.y + b.y) / 2, math.atan2(b.y - a.y, b.x - a.x)))
    return spots


def _beside(street: list[_Sample], others: list[_Sample], apart_m: float) -> float:
    """Share of a street that has another one beside it, nearly parallel and within apart_m."""
    tree = cKDTree([other[:2] for other in others])
    hit = 0
    for x, y, heading in street:
        near = tree.query_ball_point((x, y), apart_m)
        hit += any(abs(math.sin(others[k][2] - heading)) < 0.45 for k in near)
    return hit / len(street)


def give_names(graph: Graph, folder: Path) -> None:
    """Real street names whose course is unknown go to the nearest generated street."""
    lines: dict[int, list[LineString]] = {}
    for key, edge in graph.edges.items():
        street = graph.streets[edge.street]
        if not street.real and street.road_class in (SECONDARY, BRANCH) and not street.name:
            lines.setdefault(edge.street, []).append(graph.lines[key])
    offers = []
    with (folder / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        point = Point(to_xy(float(row["lon"]), float(row["lat"])))
        for street, parts in lines.items():
            gap = min(part.distance(point) for part in parts)
            wants = SECONDARY if row["table_class"] == "次干道" else BRANCH
            if gap <= NAME_REACH_M:
                other = 250 * (graph.streets[street].road_class != wants)
                offers.append((gap + other, number, street))
    named: set[int] = set()
    for _gap, number, street in sorted(offers):
        if number in named or graph.streets[street].name:
            continue
        named.add(number)
        row = rows[number]
        graph.streets[street].name = row["name"]
        graph.streets[street].pinyin = row["pinyin"]
        graph.streets[street].provenance = "public: name; course model"
    nameless = sorted({e.street for e in graph.edges.values()})
    count = 0
    for street in nameless:
        if not graph.streets[street].name:
            count += 1
            graph.streets[street].name = f"模型路-{count:03d}"
            graph.streets[street].pinyin = f"Model Road {count:03d}"
