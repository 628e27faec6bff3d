"""From centre lines to OpenStreetMap ways: carriageways, junctions, links.

Traffic keeps right. A dual street is two one-way ways, each to the right of the centre line in
its direction. At a junction the corner between two neighbouring streets is one node; corners on
both sides of a single carriageway are the same node. Where a dual street comes in, a link leads
across its mouth, counter-clockwise as right-hand traffic turns; two links in opposite directions
are one two-way link, the gap in the median.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from shapely.geometry import LineString

from .geometry import Xy, dice
from .graph import BRANCH, Graph
from .roads import Road

LONGEST_STEP_M = 110.0
CLOSED_MEDIANS = 0.3  # share of branch mouths on dual carriageways


@dataclass
class Way:
    """One way: node numbers in driving order if one-way."""

    nodes: list[int]
    highway: str
    name: str
    oneway: bool
    lanes: int
    road: int | None
    dual: bool = False
    link: bool = False


@dataclass
class Network:
    """Everything that network.osm holds, by number."""

    points: list[Xy] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    turning: dict[int, str] = field(default_factory=dict)
    restrictions: list[tuple[str, int, int, int]] = field(default_factory=list)

    def add_point(self, point: Xy) -> int:
        self.points.append(point)
        return len(self.points) - 1


HIGHWAY = ("primary", "secondary", "residential")


def half_gap_m(graph: Graph, street: int) -> float:
    """Half the distance of two carriageways: 6.5 to 8.5 m, nothing for a single one."""
    item = graph.streets[street]
    return 6.5 + 2 * dice("gap", item.name) if item.dual else 0.0


def _corner(at: Xy, one: float, left: float, two: float, right: float) -> Xy:
    """Where the left kerb line of a street and the right one of the next (counter-clockwise)
    meet; headings in radians, offsets in metres."""
    d, e = (math.cos(one), math.sin(one)), (math.cos(two), math.sin(two))
    p = (-d[1] * left, d[0] * left)
    q = (e[1] * right, -e[0] * right)
    cross = d[0] * e[1] - d[1] * e[0]
    reach = 2.6 * max(left, right)
    if abs(cross) < 0.2:
        x, y = (p[0] + q[0]) / 2, (p[1] + q[1]) / 2
    else:
        t = ((q[0] - p[0]) * e[1] - (q[1] - p[1]) * e[0]) / cross
        x, y = p[0] + t * d[0], p[1] + t * d[1]
    far = math.hypot(x, y)
    if far > reach > 0:
        x, y = x / far * reach, y / far * reach
    return at[0] + x, at[1] + y


@dataclass
class _Mouth:
    """An edge at a junction: network nodes where one leaves into it and arrives out of it."""

    leave: int
    arrive: int


def build_network(graph: Graph, roads: list[Road]) -> Network:
    """All ways of the graph; ways of cleaned roads carry the road's number."""
    network = Network()
    road_of = {key: i for i, road in enumerate(roads) for key, _ in road.course}
    forward = {key: ahead for road in roads for key, ahead in road.course}
    mouths: dict[tuple[int, int], _Mouth] = {}
    links: list[tuple[int, int, bool, list[int], list[int], int]] = []
    for node, keys in sorted(graph.incident().items()):
        _junction(graph, network, node, keys, mouths, links)
    for key, edge in sorted(graph.edges.items()):
        number = road_of.get(key)
        road = roads[number] if number is not None else None
        street = graph.streets[edge.street]
        lanes = road.lanes if road else 2
        highway = HIGHWAY[street.road_class]
        here, there = mouths[edge.u, key], mouths[edge.v, key]
        if street.dual:
            gap = half_gap_m(graph, edge.street)
            for a, b, points in (
                (here.leave, there.arrive, edge.points),
                (there.leave, here.arrive, edge.points[::-1]),
            ):
                nodes = _lay(network, a, b, points, gap)
                way = Way(nodes, highway, street.name, True, lanes // 2, number, dual=True)
                network.ways.append(way)
        else:
            oneway = road is not None and road.oneway
            points, ends = edge.points, (here.leave, there.leave)
            if oneway and not forward[key]:
                points, ends = points[::-1], ends[::-1]
            nodes = _lay(network, ends[0], ends[1], points, 0.0)
            network.ways.append(Way(nodes, highway, street.name, oneway, lanes, number))
    for link in links:
        _link(graph, network, roads, road_of, link)
    return network


def _junction(
    graph: Graph,
    network: Network,
    node: int,
    keys: list[int],
    mouths: dict[tuple[int, int], _Mouth],
    links: list[tuple[int, int, bool, list[int], list[int], int]],
) -> None:
    """Corners of one junction and the links across its mouths."""
    at = graph.nodes[node]
    keys = sorted(keys, key=lambda k: (graph.heading(k, node), k))
    headings = [graph.heading(k, node) for k in keys]
    gaps = [half_gap_m(graph, graph.edges[k].street) for k in keys]
    count = len(keys)
    group = list(range(count))
    for i in range(count):
        if gaps[i] == 0:
            old, new = group[i], group[i - 1]
            group = [new if g == old else g for g in group]
    corners: dict[int, list[Xy]] = {}
    for i in range(count):
        j = (i + 1) % count
        corner = _corner(at, headings[i], gaps[i], headings[j], gaps[j])
        corners.setdefault(group[i], []).append(corner)
    if len(corners) == 1:
        corners = {group[0]: [at]}
    number = {
        g: network.add_point((sum(p[0] for p in ps) / len(ps), sum(p[1] for p in ps) / len(ps)))
        for g, ps in sorted(corners.items())
    }
    arriving: dict[int, list[int]] = {}
    leaving: dict[int, list[int]] = {}
    for i, key in enumerate(keys):
        leave, arrive = number[group[i - 1]], number[group[i]]
        mouths[node, key] = _Mouth(leave, arrive)
        leaving.setdefault(leave, []).append(key)
        arriving.setdefault(arrive, []).append(key)
    if count < 3 or _closed_median(graph, keys):
        return
    directed = []
    for i, key in enumerate(keys):
        a, b = number[group[i - 1]], number[group[i]]
        if a != b:
            directed.append((a, b, key))
    pairs = {(a, b) for a, b, _ in directed}
    for a, b, key in directed:
        both = (b, a) in pairs
        if both and a > b:
            continue
        links.append((a, b, both, arriving[a], leaving[b], key))


def _closed_median(graph: Graph, keys: list[int]) -> bool:
    """At some mouths of branch streets the median has no gap: right in, right out."""
    streets = [graph.edges[key].street for key in keys]
    side = [s for s in streets if not graph.streets[s].dual]
    if len(keys) != 3 or len(side) != 1 or graph.streets[side[0]].road_class != BRANCH:
        return False
    return dice("median", graph.streets[side[0]].name, min(keys)) < CLOSED_MEDIANS


def _link(
    graph: Graph,
    network: Network,
    roads: list[Road],
    road_of: dict[int, int],
    link: tuple[int, int, bool, list[int], list[int], int],
) -> None:
    """A link belongs to the street, and the road, that runs straight on over it."""
    a, b, both, before, after, mouth = link
    for one in before:
        for two in after:
            street = graph.edges[one].street
            if one == two or street != graph.edges[two].street:
                continue
            item = graph.streets[street]
            if item.dual == both:
                continue
            same = road_of.get(one) is not None and road_of.get(one) == road_of.get(two)
            road = road_of[one] if same else None
            lanes = roads[road_of[one]].lanes if one in road_of else 2
            oneway = not both
            reverse = False
            if both and road is not None and roads[road].oneway:
                oneway = True
                order = [key for key, _ in roads[road].course]
                reverse = order.index(two) < order.index(one)
            nodes = [b, a] if reverse else [a, b]
            highway = HIGHWAY[item.road_class]
            lanes = lanes // 2 if item.dual else lanes
            network.ways.append(
                Way(nodes, highway, item.name, oneway, lanes, road, dual=item.dual, link=True)
            )
            return
    singles = [k for k in (*before, *after) if not graph.streets[graph.edges[k].street].dual]
    owner = graph.streets[graph.edges[(singles or [mouth])[0]].street]
    if both and owner.road_class == 2:
        highway = "residential"
    elif both and owner.road_class == 1:
        highway = "secondary_link"
    else:
        highway = "primary_link"
    network.ways.append(Way([a, b], highway, "", not both, 2, None, link=True))


def _lay(network: Network, a: int, b: int, points: list[Xy], right_m: float) -> list[int]:
    """Nodes of a way from a to b along the points, shifted to the right, none too far apart."""
    shape = [_shift(points[k - 1], points[k], points[k + 1], right_m)
             for k in range(1, len(points) - 1)]  # fmt: skip
    course = [network.points[a], *shape, network.points[b]]
    nodes = [a]
    for k, (p, q) in enumerate(itertools.pairwise(course)):
        steps = max(1, math.ceil(math.dist(p, q) / LONGEST_STEP_M))
        line = LineString([p, q])
        for step in range(1, steps):
            spot = line.interpolate(step / steps, normalized=True)
            nodes.append(network.add_point((spot.x, spot.y)))
        nodes.append(b if k == len(course) - 2 else network.add_point(q))
    return nodes


def _shift(before: Xy, at: Xy, after: Xy, right_m: float) -> Xy:
    """A shape point moved to the right of the course, mitred."""
    if right_m == 0:
        return at
    one = math.atan2(at[1] - before[1], at[0] - before[0])
    two = math.atan2(after[1] - at[1], after[0] - at[0])
    turn = (two - one + math.pi) % (2 * math.pi) - math.pi
    heading = one + turn / 2
    reach = right_m / max(0.5, math.cos(turn / 2))
    return at[0] + math.sin(heading) * reach, at[1] - math.cos(heading) * reach
