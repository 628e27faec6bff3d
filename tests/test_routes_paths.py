"""routes/paths.py: fastest ways with turns."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from town import draw

from routes.network import (
    ARTERIAL,
    SECONDARY,
    Restriction,
    Step,
    StreetNetwork,
    build_network,
    distance_m,
)
from routes.paths import UNREACHABLE, Router, Travel

BLOCK = """
    A---B---C
    |       |
    D-->E---F
"""
HOOK = """
    A---B---C
        |
        E---F
"""


def test_one_way_streets_are_obeyed() -> None:
    """From D to F it is straight on; back it is round the block."""
    town = draw(BLOCK)
    assert town.way("D", "F") == "DEF"
    assert town.way("F", "D") == "FCBAD"


def test_no_turn_is_obeyed() -> None:
    """A truck at D bound for F may not go on at E, so it goes by A, B and C."""
    assert draw(BLOCK, no_turn=["D E F"]).way("D", "F") == "DABCF"


def test_only_turn_is_obeyed() -> None:
    """At B one must go on to C, so from A to E the way is round the block."""
    picture = "A---B---C\n    |   |\n    E---F"
    assert draw(picture).way("A", "E") == "ABE"
    assert draw(picture, only_turn=["A B C"]).way("A", "E") == "ABCFE"


def test_turning_round_only_where_it_is_allowed() -> None:
    """Going west on the arterial at B, bound for C: on to its dead end A and back."""
    streets = {"长江道": "ABC"}
    assert draw("A---B---C", streets=streets).way("CB", "BC") == "B"
    arterial = draw("A---B---C", streets=streets, classes={"长江道": ARTERIAL})
    assert arterial.way("CB", "BC") == "BAB"


def test_times_by_hand() -> None:
    """100 m at 36 km/h is 10 s; right 5 s, left 15 s, round 60 s; straight on nothing.

    Standing at B from A, from C; standing at C from B; leaving a yard at B by any street.
    """
    town = draw(HOOK)
    router = Router(town.network, Travel(36, 36, 36))
    exits = [town.arc("AB"), town.arc("CB"), town.arc("BC"), ~town.node("B")]
    entries = [town.arc("BE"), town.arc("EF"), town.arc("CB"), ~town.node("E")]
    time_s, dist_m = router.matrix(exits, entries)
    assert time_s.tolist() == [
        [5, 5 + 10 + 15, 10 + 60, 5 + 10],
        [15, 15 + 10 + 15, 60 + 10 + 60, 15 + 10],
        [60 + 10 + 15, 60 + 10 + 15 + 10 + 15, 60, 60 + 10 + 15 + 10],
        [0, 10 + 15, 10 + 60, 10],
    ]
    assert dist_m.tolist() == [
        [0, 100, 100, 100],
        [0, 100, 100, 100],
        [100, 200, 0, 200],
        [0, 100, 100, 100],
    ]
    assert time_s.dtype == dist_m.dtype == np.int32
    assert router.drive_s(town.arcs("ABEF")) == 10 + 5 + 10 + 15 + 10
    assert router.drive_s([]) == 0


def test_a_vehicle_that_stands_at_the_facility_is_there() -> None:
    """Arriving at B from A, B is 0 s away; and a place may be asked for twice."""
    town = draw(HOOK)
    b = ~town.node("B")
    time_s, dist_m = Router(town.network, Travel()).matrix([town.arc("AB"), b, b], [b, b])
    assert time_s.tolist() == dist_m.tolist() == [[0, 0]] * 3


@pytest.mark.parametrize(("road_class", "seconds"), [(ARTERIAL, 36), (SECONDARY, 42), (2, 63)])
def test_speed_by_class(road_class: int, seconds: int) -> None:
    """350 m take 36 s at an arterial's 35 km/h, 42 s at 30, 63 s at a branch's 20."""
    town = draw("A-------------B", classes={"AB": road_class})
    time_s, dist_m = Router(town.network, Travel()).matrix([~town.node("A")], [~town.node("B")])
    assert dist_m[0, 0] == 350
    assert time_s[0, 0] == seconds


def test_closed_streets_are_not_driven_and_no_entries() -> None:
    """With B-C shut both ways, A to C is by D; driving B-C itself is impossible."""
    town = draw("A---B---C\n|   |   |\nD---E---F")
    closed = np.zeros(town.network.arcs, np.bool_)
    closed[[town.arc("BC"), town.arc("CB")]] = True
    router = Router(town.network, Travel(), closed)
    leg = router.leg(~town.node("A"), ~town.node("C"))
    assert town.letters(leg.arcs) in ("ABEFC", "ADEFC")
    time_s, dist_m = router.matrix([~town.node("A"), ~town.node("B")], [town.arc("BC")])
    assert (time_s == UNREACHABLE).all()
    assert (dist_m == UNREACHABLE).all()
    with pytest.raises(ValueError, match="no way from place"):
        router.leg(~town.node("A"), town.arc("BC"))


def test_a_truck_may_turn_round_before_a_closed_street() -> None:
    """The arterial is shut between C and D: one can still get from A to C and back to B."""
    town = draw("A---B---C---D---E", streets={"长江道": "ABCDE"}, classes={"长江道": ARTERIAL})
    closed = np.zeros(town.network.arcs, np.bool_)
    closed[town.arcs("CDC")] = True
    leg = Router(town.network, Travel(), closed).leg(town.arc("BC"), ~town.node("B"))
    assert town.letters(leg.arcs) == "CB"
    assert leg.time_s == math.ceil(60 + 100 / 35 * 3.6)


def test_ways_that_cannot_be_driven_are_named() -> None:
    """A jump, a forbidden turn and a wrong end raise; so does a place that does not exist."""
    town = draw(BLOCK, no_turn=["D E F"])
    router = Router(town.network, Travel())
    a, b, f = town.node("A"), town.arc("AB"), ~town.node("F")
    with pytest.raises(ValueError, match="no permitted turn from arc"):
        router.drive_s([town.arc("AB"), town.arc("CF")])
    with pytest.raises(ValueError, match="no permitted turn from arc"):
        router.drive_s(town.arcs("DEF"))
    with pytest.raises(ValueError, match="ends elsewhere"):
        router.leg_s(~a, [b], f)
    with pytest.raises(ValueError, match="cannot be entered from node"):
        router.leg_s(f, [b], ~town.node("B"))
    with pytest.raises(ValueError, match="place 99 is neither"):
        router.matrix([99], [0])
    with pytest.raises(ValueError, match="branch_kmh is 0"):
        Travel(branch_kmh=0)


def random_town(seed: int) -> StreetNetwork:
    """About 30 nodes at random, a quarter one-way, some turns banned, classes mixed.

    Odd seeds give towns of a kilometre, even ones of 200 m, where turns outweigh the driving.
    """
    rng = random.Random(seed)
    size = 0.01 if seed % 2 else 0.002
    nodes = {i: (117.15 + rng.uniform(0, size), 39.1 + rng.uniform(0, size)) for i in range(1, 31)}
    steps = []
    for way in range(1, 61):
        a, b = rng.sample(sorted(nodes), 2)
        length_m = float(distance_m(*nodes[a], *nodes[b]))
        road_class = rng.choice((0, 1, 2, 2))
        steps.append(Step(a, b, way, length_m, road_class, "", False))
        if rng.random() < 0.75:
            steps.append(Step(b, a, way, length_m, road_class, "", True))
    turns = [(a, b) for a in steps for b in steps if a.head_id == b.tail_id]
    rules = [
        Restriction(
            rng.choice(("no_turn", "no_turn", "only_turn")),
            frozenset({a.way_id}),
            a.head_id,
            frozenset({b.way_id}),
        )
        for a, b in rng.sample(turns, 12)
    ]
    return build_network(nodes, steps, rules)


def line_graph(network: StreetNetwork, travel: Travel) -> nx.DiGraph:
    """The line graph, node by node in plain Python: edge a -> b costs driving a and the turn."""
    kmh = (travel.arterial_kmh, travel.secondary_kmh, travel.branch_kmh)
    banned = {(int(a), int(b)) for a, b in network.banned}
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.arcs))
    for a in range(network.arcs):
        drive_ms = round(network.length_m[a] * 3600 / kmh[network.road_class[a]])
        for b in range(network.arcs):
            at = network.head[a]
            if network.tail[b] != at or (a, b) in banned:
                continue
            if network.head[b] == network.tail[a]:
                if network.turn_round[at]:
                    graph.add_edge(a, b, ms=drive_ms + 60_000, turn_ms=60_000)
                continue
            angle = math.remainder(bearing(network, b) - bearing(network, a), 360)
            turn_ms = 0 if abs(angle) < 35 else 5_000 if angle > 0 else 15_000
            graph.add_edge(a, b, ms=drive_ms + turn_ms, turn_ms=turn_ms)
    return graph


def bearing(network: StreetNetwork, arc: int) -> float:
    """Degrees clockwise from north."""
    t, h = network.tail[arc], network.head[arc]
    middle = math.radians((network.lat[t] + network.lat[h]) / 2)
    east = (network.lon[h] - network.lon[t]) * math.cos(middle)
    return math.degrees(math.atan2(east, network.lat[h] - network.lat[t]))


@pytest.mark.parametrize("seed", range(6))
def test_random_towns_agree_with_networkx(seed: int) -> None:
    """Every arc to every arc: the matrix is what networkx finds on the line graph."""
    network, travel = random_town(seed), Travel()
    graph = line_graph(network, travel)
    time_s, _ = Router(network, travel).matrix(range(network.arcs), range(network.arcs))
    for a in range(network.arcs):
        # Leave a: the turns out of it cost themselves only, not driving a again.
        graph.add_edges_from(("from", b, {"ms": d["turn_ms"]}) for b, d in graph[a].items())
        found = nx.single_source_dijkstra_path_length(graph, "from", weight="ms")
        graph.remove_node("from")
        graph.add_node("from")
        want = [-(-found[b] // 1000) if b in found else UNREACHABLE for b in range(network.arcs)]
        assert time_s[a].tolist() == want
    assert network.arcs > 40
    assert len(network.banned) > 5
    assert (time_s < UNREACHABLE).mean() > 0.9


@pytest.mark.parametrize("seed", range(6))
def test_legs_are_the_matrix(seed: int) -> None:
    """Times, metres and arcs of legs between all kinds of places agree with the matrix."""
    network = random_town(seed)
    router = Router(network, Travel())
    rng = np.random.default_rng(seed)
    exits, entries = rng.integers(-network.nodes, network.arcs, (2, 40)).tolist()
    time_s, dist_m = router.matrix(exits, entries)
    checked = 0
    for i, start in enumerate(exits):
        for j, goal in enumerate(entries):
            if time_s[i, j] >= UNREACHABLE:
                continue
            leg = router.leg(start, goal)
            assert (leg.time_s, leg.length_m) == (time_s[i, j], dist_m[i, j])
            assert router.leg_s(start, leg.arcs, goal) == leg.time_s
            assert network.length_of(leg.arcs) == leg.length_m
            assert all(network.head[a] == network.tail[b] for a, b in pairwise(leg.arcs))
            checked += 1
    assert checked > 1000


def test_triangle_inequality_over_the_places_of_one_street() -> None:
    """Going by a street never beats the matrix: T[a, c] <= T[a, b] + drive b + T[b, c]."""
    network = random_town(1)
    router = Router(network, Travel())
    places = list(range(0, network.arcs, 5))
    time_s, _ = router.matrix(places, places)
    for k, via in enumerate(places):
        by = time_s[:, [k]] + router.drive_s([via]) + time_s[[k], :]
        assert (time_s <= by).all()
