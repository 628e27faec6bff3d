"""Bounds by cutting planes: exact by hand on tiny graphs, never above a plan, close to the best."""

from __future__ import annotations

import csv
import heapq
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from benchmarkfiles import BENCH, STOPS, needs_bench, written
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routes.cuts import Relaxation, cost_bound
from routes.cutsets import Borders
from routes.instances import read_instance
from routes.problem import NO_LIMIT
from routes.stopcuts import miles_bound
from routes.streetgraph import StreetGraph, simplified, street_graph

# Listed as proved optimal, but the figure is that of the service alone, without any deadhead.
MISPRINTED = ("D24.dat", "D25.dat")
Street = tuple[int, int, bool, int, int]


def graph_of(
    links: list[tuple[int, int, int]],
    required: list[Street],
    *,
    oneway: tuple[int, ...] = (),
    facilities: tuple[int, ...] = (),
    capacity: int = 10,
    unload_cost: int = 0,
    max_trip: int = NO_LIMIT,
) -> StreetGraph:
    """links: (a, b, cost), both ways but those in oneway; required: (a, b, both, service, demand).

    Node 0 is the depot.
    """
    arcs = links + [(b, a, c) for k, (a, b, c) in enumerate(links) if k not in oneway]
    tail, head, cost = np.array(arcs, np.int64).reshape(-1, 3).T
    a, b, both, service, demand = (list(x) for x in zip(*required, strict=True))
    return StreetGraph(
        nodes=int(max(tail.max(), head.max(), *a, *b)) + 1,
        tail=tail,
        head=head,
        cost=cost,
        required_a=np.array(a, np.int64),
        required_b=np.array(b, np.int64),
        both_ways=np.array(both, bool),
        service=np.array(service, np.int64),
        demand=np.array(demand, np.int64),
        depot=0,
        facilities=facilities,
        capacity=capacity,
        unload_cost=unload_cost,
        max_trip=max_trip,
    )


def test_a_street_at_the_end_of_a_way() -> None:
    """10 out, 5 served, 5 + 10 back: 30; of two vehicles, as the demands need: 10 + 10 more."""
    line = graph_of([(0, 1, 10), (1, 2, 5)], [(1, 2, True, 5, 6)])
    assert cost_bound(line) == 30
    both = [(1, 2, True, 5, 6), (2, 1, True, 5, 6)]
    twice = graph_of([(0, 1, 10), (1, 2, 5)], both)
    # one vehicle serves out and back, but 12 of demand needs two: 2 * (10 + 5 + 5 + 10)
    assert cost_bound(twice) == 60
    assert cost_bound(replace(twice, capacity=12)) == 30


def test_streets_one_way() -> None:
    """A ring driven one way: 1 -> 2 served at 9, home costs 3 + 4; against it, the whole ring."""
    ring = [(0, 1, 2), (1, 2, 9), (2, 3, 3), (3, 0, 4)]
    forth = graph_of(ring, [(1, 2, False, 9, 1)], oneway=(0, 1, 2, 3))
    assert cost_bound(forth) == 9 + 2 + 3 + 4
    back = graph_of([*ring, (2, 1, 9)], [(2, 1, False, 9, 1)], oneway=(0, 1, 2, 3))
    assert cost_bound(back) == 9 + (2 + 9) + (9 + 3 + 4)


def test_a_facility_beyond_the_street() -> None:
    """0 - 1 served, facility 2: each load of 5 goes on 3 to the facility and 3 + 4 home empty."""
    line = graph_of(
        [(0, 1, 4), (1, 2, 3)], [(0, 1, True, 6, 5)], facilities=(2,), capacity=5, unload_cost=2
    )
    assert cost_bound(line) == 6 + 3 + 2 + 7


def test_trips_too_short_for_all() -> None:
    """Two streets of 10 at the depot, driven back each, and a facility 2 away: 44, or twice 24."""
    star = graph_of(
        [(0, 1, 10), (0, 2, 10), (0, 3, 2)],
        [(0, 1, True, 10, 1), (0, 2, True, 10, 1)],
        facilities=(3,),
    )
    assert cost_bound(star) == 44
    assert cost_bound(replace(star, max_trip=44)) == 44
    assert cost_bound(replace(star, max_trip=43)) == 48
    assert cost_bound(replace(star, demand=np.array([0, 0]))) == 40


def test_least_crossings_by_hand() -> None:
    """Loads, odd borders and the depot's own side, each counted out."""
    path = graph_of(
        [(0, 1, 1), (1, 2, 1), (2, 3, 1)],
        [(1, 2, True, 1, 7), (2, 3, True, 1, 7), (3, 3, True, 1, 7)],
    )
    sets = np.array([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0], [0, 0, 0, 0]], bool)
    # 21 of demand are 3 loads; beyond 1 - 2 all of it, one crossing served; beyond 2 - 3 two loads
    assert Borders(path).least_crossings(sets, 1).tolist() == [6, 5, 3, 3, 0]
    with_site = replace(path, facilities=(3,))
    # a far side with the site is asked for no loads, but those of the near side end there
    assert Borders(with_site).least_crossings(sets, 1).tolist() == [2, 1, 3, 3, 0]
    # and with three routes all of them do
    assert Borders(with_site).least_crossings(sets, 3).tolist() == [6, 5, 5, 5, 0]


def test_nodes_that_only_lead_on_go() -> None:
    """A detour of four links becomes one; the bound stays."""
    long = graph_of([(0, 1, 1), (1, 2, 2), (2, 3, 3), (3, 4, 4), (1, 5, 1)], [(4, 4, True, 2, 1)])
    short = simplified(long)
    assert short.nodes == 2
    assert sorted(zip(short.tail.tolist(), short.head.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert short.cost.tolist() == [10, 10]
    assert cost_bound(long) == Relaxation(long).bound() == 22


def best_cost(graph: StreetGraph) -> int | None:
    """The optimum by trying everything; None where there is no plan."""
    far = np.full((graph.nodes, graph.nodes), NO_LIMIT)
    np.fill_diagonal(far, 0)
    np.minimum.at(far, (graph.tail, graph.head), graph.cost)
    for k in range(graph.nodes):
        far = np.minimum(far, far[:, k, None] + far[k])
    tasks = len(graph.service)
    own_sites = bool(graph.facilities)
    route = [NO_LIMIT] * (1 << tasks)
    queue = [(0, 0, graph.depot, 0)]  # cost, served, where, load
    seen: set[tuple[int, int, int]] = set()
    while queue:
        cost, mask, at, load = heapq.heappop(queue)
        if (mask, at, load) in seen or cost > graph.max_trip:
            continue
        seen.add((mask, at, load))
        if own_sites and load:
            for site in graph.sites:
                there = cost + int(far[at, site]) + graph.unload_cost
                heapq.heappush(queue, (there, mask, site, 0))
        elif mask:
            home = cost + int(far[at, graph.depot]) + (0 if own_sites else graph.unload_cost)
            if home <= graph.max_trip:
                route[mask] = min(route[mask], home)
        for t in range(tasks):
            more = load + int(graph.demand[t])
            if mask >> t & 1 or more > graph.capacity:
                continue
            ends = [(int(graph.required_a[t]), int(graph.required_b[t]))]
            if graph.both_ways[t]:
                ends.append((ends[0][1], ends[0][0]))
            for a, b in ends:
                there = cost + int(far[at, a] + graph.service[t])
                heapq.heappush(queue, (there, mask | 1 << t, b, more))

    @cache
    def best(left: int) -> int:
        if not left:
            return 0
        lowest, part, found = left & -left, left, NO_LIMIT
        while part:
            if part & lowest:
                found = min(found, route[part] + best(left ^ part))
            part = (part - 1) & left
        return found

    total = best((1 << tasks) - 1)
    return total if total < NO_LIMIT else None


def test_the_brute_force_by_hand() -> None:
    """The first case of this file, and one without a plan."""
    line = graph_of([(0, 1, 10), (1, 2, 5)], [(1, 2, True, 5, 6), (2, 1, True, 5, 6)])
    assert best_cost(line) == 60
    assert best_cost(replace(line, max_trip=29)) is None


@st.composite
def graphs(draw: st.DrawFn) -> StreetGraph:
    """Connected, 3 to 6 nodes, 1 to 5 tasks, with any mixture of the features."""
    nodes = draw(st.integers(3, 6))
    node = st.integers(0, nodes - 1)
    cost = st.integers(0, 9)
    links = [(draw(st.integers(0, k - 1)), k, draw(cost)) for k in range(1, nodes)]
    links += draw(st.lists(st.tuples(node, node, cost), max_size=4))
    some = range(nodes - 1, len(links))  # the first ones keep the graph connected
    oneway = tuple(k for k in some if draw(st.booleans()))
    mixed = draw(st.booleans())
    required = []
    for k in draw(st.lists(st.integers(0, len(links) - 1), min_size=1, max_size=5)):
        a, b, travel = links[k]
        both = k not in oneway and not (mixed and draw(st.booleans()))
        demand = draw(st.integers(0 if draw(st.booleans()) else 1, 6))
        required.append((a, b, both, travel + draw(st.integers(0, 3)), demand))
    return graph_of(
        links,
        required,
        oneway=oneway if mixed else (),
        facilities=tuple(draw(st.lists(node, max_size=2))),
        capacity=draw(st.integers(6, 12)),
        unload_cost=draw(st.integers(0, 4)),
        max_trip=draw(st.sampled_from([NO_LIMIT, 20, 30, 45])),
    )


@settings(max_examples=250, deadline=None, derandomize=True)
@given(graphs())
def test_never_above_the_optimum(graph: StreetGraph) -> None:
    """On any small problem the bound is at most the best cost, and the service at least."""
    best = best_cost(graph)
    assume(best is not None)
    assert best is not None
    bound = cost_bound(graph, rounds=12)
    assert int(graph.service.sum()) <= bound <= best
    assert bound == cost_bound(graph, rounds=12)


def listed(most_tasks: int) -> list[dict[str, str]]:
    """The lines of bks.csv for streets, up to so many tasks."""
    with (BENCH / "bks.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["set"] != "kim"]
    return [row for row in rows if int(row["tasks"]) <= most_tasks]


@needs_bench
def test_public_instances() -> None:
    """Up to 60 tasks: no bound above the best known cost; where that is proved, within 5 %."""
    gaps: dict[str, list[float]] = {}
    proved: list[float] = []
    for row in listed(60):
        instance = read_instance(BENCH / row["set"] / row["file"])
        bound, best = cost_bound(street_graph(instance)), int(row["best_known"])
        if row["file"] in MISPRINTED:
            assert best == sum(street.service for street in instance.required)
            continue
        assert bound <= best, row["file"]
        gaps.setdefault(row["set"], []).append(1 - bound / best)
        if row["proved_optimal"] == "yes":
            proved.append(gaps[row["set"]][-1])
    table = {name: f"{100 * np.mean(some):.2f} %" for name, some in gaps.items()}
    assert len(proved) > 40, table
    assert np.mean(proved) < 0.01, table
    assert np.mean(gaps["mval"]) < 0.01, table


@needs_bench
def test_a_large_public_instance() -> None:
    """egl-g1-A (347 streets): above 960,000, where 992,956 is the best plan known here."""
    graph = street_graph(read_instance(BENCH / "egl-large" / "egl-g1-A.dat"))
    assert 960_000 < cost_bound(graph) <= 992_956


@needs_bench
def test_public_stops() -> None:
    """Kim's 102 stops: between three quarters of the best known 174.5 miles and all of them."""
    bound = miles_bound(read_instance(BENCH / "kim" / "102_stop.txt"))
    assert 0.75 * 174.5 < bound <= 174.5


def test_stops_by_hand(tmp_path: Path) -> None:
    """The loads exceed the vehicle: stop 2, landfill, stop 3, landfill, home: 2 + 1 + 2 + 2 + 1."""
    instance = read_instance(written(tmp_path, STOPS, "tiny.txt"))
    assert 8 - 1e-5 < miles_bound(instance) <= 8
    with pytest.raises(ValueError, match="has stops"):
        street_graph(instance)
    with pytest.raises(ValueError, match="has no stops"):
        miles_bound(replace(instance, day=None))
