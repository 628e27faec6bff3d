"""One-way streets, turning places and turn restrictions, each kept only if every arc of the
network can still be reached from every other one."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from .carriageways import Network, build_network
from .geometry import dice
from .graph import BRANCH, Graph
from .roads import Road

ONE_WAY_ROADS = 32
LEFT_BANS, U_TURN_BANS, STRAIGHT_ON = 20, 10, 6
LOOPS = 60


def arcs(network: Network) -> list[tuple[int, int, int]]:
    """(tail, head, way) of every step that may be driven."""
    found = []
    for number, way in enumerate(network.ways):
        for a, b in zip(way.nodes, way.nodes[1:], strict=False):
            found.append((a, b, number))
            if not way.oneway:
                found.append((b, a, number))
    return found


def parts(network: Network) -> int:
    """Number of strongly connected parts of the graph of arcs.

    Turning round is allowed at dead ends and turning places only (stricter than the program,
    which allows it on any branch street), restrictions hold.
    """
    steps = arcs(network)
    out: dict[int, list[int]] = {}
    for number, (a, _b, _way) in enumerate(steps):
        out.setdefault(a, []).append(number)
    banned: set[tuple[int, int, int]] = set()
    only: dict[tuple[int, int], int] = {}
    for kind, from_way, via, to_way in network.restrictions:
        if kind.startswith("no_"):
            banned.add((from_way, via, to_way))
        else:
            only[from_way, via] = to_way
    turn = set(network.turning)
    rows, columns = [], []
    for number, (a, b, way) in enumerate(steps):
        onward = [k for k in out.get(b, []) if not (steps[k][1] == a and steps[k][2] == way)]
        if not onward or b in turn:
            onward = out.get(b, [])
        for k in onward:
            if (way, b, steps[k][2]) in banned:
                continue
            if (way, b) in only and only[way, b] != steps[k][2]:
                continue
            rows.append(number)
            columns.append(k)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(steps), len(steps)))
    return int(connected_components(matrix, directed=True, connection="strong")[0])


def choose_one_ways(graph: Graph, roads: list[Road]) -> None:
    """Makes branch roads one-way, in an order the dice gives, in batches."""
    degree = {node: len(keys) for node, keys in graph.incident().items()}
    able = [
        r for r in roads
        if r.road_class == BRANCH and r.length_m < 520 and min(degree[n] for n in r.nodes) > 1
    ]  # fmt: skip
    able.sort(key=lambda r: dice("one-way", graph.streets[r.street].name, round(r.length_m)))
    done = 0
    at = 0
    while done < ONE_WAY_ROADS and at < len(able):
        batch = able[at : at + min(8, ONE_WAY_ROADS - done)]
        at += len(batch)
        for road in batch:
            road.oneway = True
        if parts(build_network(graph, roads)) == 1:
            done += len(batch)
            continue
        for road in batch:
            road.oneway = False
        for road in batch:
            road.oneway = True
            if parts(build_network(graph, roads)) == 1:
                done += 1
            else:
                road.oneway = False
    if done < ONE_WAY_ROADS:
        raise ValueError(f"only {done} one-way roads keep the network connected")


def mark_turning(network: Network) -> None:
    """Turning circles at most dead ends, loops in the middle of some secondary ways."""
    near: dict[int, set[int]] = {}
    for way in network.ways:
        for a, b in zip(way.nodes, way.nodes[1:], strict=False):
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    ends = [n for n in sorted(near) if len(near[n]) == 1]
    for rank, node in enumerate(ends):
        if rank % 6 != 5:
            network.turning[node] = "turning_circle"
    able = [
        way for way in network.ways
        if way.highway == "secondary" and not way.oneway and len(way.nodes) > 4
    ]  # fmt: skip
    able.sort(key=lambda way: dice("loop", way.name, way.nodes[0]))
    for way in able[:LOOPS]:
        network.turning[way.nodes[len(way.nodes) // 2]] = "turning_loop"


def _turn(network: Network, one: int, via: int, two: int) -> float | None:
    """Angle of the turn from a way into another at a node they both end at, left positive."""
    before, after = network.ways[one], network.ways[two]
    into = before.nodes if before.nodes[-1] == via else before.nodes[::-1]
    away = after.nodes if after.nodes[0] == via else after.nodes[::-1]
    if into[-1] != via or away[0] != via:
        return None
    against = (before.oneway and before.nodes[-1] != via) or (
        after.oneway and after.nodes[0] != via
    )
    if against:
        return None
    p, at, q = (network.points[n] for n in (into[-2], via, away[1]))
    heading = math.atan2(at[1] - p[1], at[0] - p[0])
    onward = math.atan2(q[1] - at[1], q[0] - at[0])
    return (onward - heading + math.pi) % (2 * math.pi) - math.pi


def choose_restrictions(network: Network) -> None:
    """Turn restrictions of three kinds, spread by the dice."""
    ends: dict[int, list[int]] = {}
    for number, way in enumerate(network.ways):
        for node in (way.nodes[0], way.nodes[-1]):
            ends.setdefault(node, []).append(number)
    left, u_turn, straight = [], [], []
    for via, ways in sorted(ends.items()):
        for one in ways:
            a = network.ways[one]
            quiet = a.highway == "residential" and not a.oneway
            plain = all(not network.ways[k].dual and not network.ways[k].link for k in ways)
            if quiet and plain and len(ways) >= 3:
                u_turn.append((one, via, one))
            for two in ways:
                b = network.ways[two]
                turn = _turn(network, one, via, two) if one != two else None
                if turn is None:
                    continue
                if a.dual and b.link and b.highway == "residential" and turn > 0.7:
                    left.append((one, via, two))
                secondary = a.highway == b.highway == "secondary" and a.name == b.name
                crossed = any(network.ways[k].highway == "primary" for k in ways)
                if secondary and crossed and plain and len(ways) == 4 and abs(turn) < 0.3:
                    straight.append((one, via, two))
    for kind, offers, wanted in (
        ("no_left_turn", left, LEFT_BANS),
        ("no_u_turn", u_turn, U_TURN_BANS),
        ("only_straight_on", straight, STRAIGHT_ON),
    ):
        offers.sort(key=lambda offer, kind=kind: dice(kind, *offer))
        kept = 0
        used: set[int] = set()
        for one, via, two in offers:
            if kept == wanted:
                break
            if via in used:
                continue
            network.restrictions.append((kind, one, via, two))
            if parts(network) == 1:
                kept += 1
                used.add(via)
            else:
                network.restrictions.pop()
        if kept < wanted:
            raise ValueError(f"only {kept} of {wanted} {kind}")
