"""Shifts of trucks as routing problems, with the rules alone that other solvers can express too.

The problems are those of the day plan (same duties, trucks, tanks, fill points, stations, matrix
and windows). What is left out, because PyVRP has nothing like it: the rest after four hours, runs
of even length, passes of a section in one hand, what the day before did, queues at fill points and
stations, and what a station takes in a day. A second of a run costs 1, as in the day plan.

`hankou_night` is a night of the same size on other real streets: every direction of the main
streets of an extract is washed once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from fleet.roster import available_vehicles
from routes.network import BRANCH, StreetNetwork
from routes.osm import read_network
from routes.paths import Router, Travel
from routes.problem import NO_LIMIT, RoutingProblem, Weights
from sanitation.catchment import divide
from sanitation.conditions import conditions_of
from sanitation.district import embedded_folder, read_district
from sanitation.duties import duties_of
from sanitation.duties.collection import pickups_of
from sanitation.ground import read_ground
from sanitation.jobs import share_out
from sanitation.stopload import build_stop_workload
from sanitation.workload import build_workload

DATE = "2026-07-15"

# Hankou: sections as long as a day plan's, trucks as a washer at night.
SECTION_M = 400
WASH_KMH, WATER_L_A_M, TANK_L, FILL_S = 5.0, 1.56, 9_000, 25 * 60
NIGHT_S = round(7.15 * 3600)
FILL_POINTS, TRUCKS = 20, 60
DROP = 1_000_000


def plain(problem: RoutingProblem) -> RoutingProblem:
    """The problem without what other solvers cannot express; see above.

    Its clock starts at 0 with the first shift, as theirs know no time before that.
    """
    zero_s = problem.shift_s.min()
    hours = problem.restore_window_s
    return replace(
        problem,
        window_s=problem.window_s - zero_s,
        shift_s=problem.shift_s - zero_s,
        restore_window_s=None if hours is None else np.maximum(0, hours - zero_s),
        group=np.full_like(problem.group, -1),
        preferred=np.full_like(problem.preferred, -1),
        target_s=np.array([(0, NO_LIMIT)] * problem.vehicles, dtype=np.int64),
        restore_cost=np.zeros_like(problem.restore_cost),
        rest_after_s=NO_LIMIT,
        rest_s=0,
        weights=Weights(time=1),
    )


def washing_night() -> RoutingProblem:
    """The night wash of a clear day in July in the embedded district."""
    district = read_district(embedded_folder())
    ground = read_ground(district)
    conditions = conditions_of(DATE, district)
    duties, _ = duties_of(district, conditions, ground.sections, ("wash",))
    night = [duty for duty in duties if duty.shift_id == "night"]
    fleet = available_vehicles(district.vehicles, frozenset(), {}).vehicles
    washers = [v for v in fleet if v.type_id == "washer"]
    problem = plain(build_workload(district, ground, night, washers).problem)
    return replace(problem, fixed_cost=np.full_like(problem.fixed_cost, 2 * NIGHT_S))


def collection_shifts(stream: str) -> Iterator[tuple[str, RoutingProblem]]:
    """Each shift in which a stream is collected, with the trucks that the day plan sends out."""
    district = read_district(embedded_folder())
    ground = read_ground(district)
    catchments = divide(district, ground, pickups_of(district, DATE), {})
    fleet = available_vehicles(district.vehicles, frozenset(), {}).vehicles
    due = [duty for duty in catchments.duties if duty.stream == stream]
    for job in share_out(district, ground, due, fleet, {}, {}):
        yield (
            job.key[1],
            plain(build_stop_workload(district, ground, job.duties, job.vehicles).problem),
        )


def hankou_night(extract: Path, seed: int = 1) -> RoutingProblem:
    """A night wash of an OpenStreetMap extract: about 800 km with 9 m3 tanks and 20 fill points.

    Args:
        extract: OSM XML.
        seed: of the places of the depot and the fill points.
    """
    network = read_network(extract)
    sections = _sections(network)
    g = np.random.default_rng(seed)
    points = g.choice(network.nodes, FILL_POINTS, replace=False)
    middle = np.argmin(np.hypot(network.lon - network.lon.mean(), network.lat - network.lat.mean()))
    stands = np.array([~int(middle), *(~points).tolist()])
    exits = np.array([arcs[-1] for arcs in sections] + stands.tolist())
    entries = np.array([arcs[0] for arcs in sections] + stands.tolist())
    router = Router(network, Travel(), np.zeros(network.arcs, dtype=np.bool_))
    time_s, dist_m = router.matrix(exits, entries)
    metres = np.array([network.length_of(arcs) for arcs in sections], dtype=np.int32)
    count = depot = len(sections)
    at = np.arange(count, dtype=np.int32)
    fills = np.arange(depot + 1, depot + 1 + FILL_POINTS, dtype=np.int32)
    return RoutingProblem(
        time_s=time_s,
        dist_m=dist_m,
        mode_first=np.arange(count + 1, dtype=np.int32),
        mode_entry=at,
        mode_exit=at.copy(),
        service_s=np.ceil(metres * 3.6 / WASH_KMH).astype(np.int32)[:, None],
        service_m=metres,
        demand=np.rint(metres * WATER_L_A_M).astype(np.int32)[:, None],
        window_s=np.array([[(0, NIGHT_S)]] * count, dtype=np.int64),
        drop_cost=np.full(count, DROP, dtype=np.int64),
        group=np.full(count, -1, dtype=np.int32),
        allowed=np.ones((count, 1), dtype=np.bool_),
        pinned=np.full(count, -1, dtype=np.int32),
        preferred=np.full(count, -1, dtype=np.int32),
        vehicle_type=np.zeros(TRUCKS, dtype=np.int32),
        start_place=np.full(TRUCKS, depot, dtype=np.int32),
        end_place=np.full(TRUCKS, depot, dtype=np.int32),
        shift_s=np.array([(0, NIGHT_S)] * TRUCKS, dtype=np.int64),
        max_s=np.full(TRUCKS, NIGHT_S, dtype=np.int64),
        capacity=np.full((TRUCKS, 1), TANK_L, dtype=np.int32),
        fixed_cost=np.full(TRUCKS, 2 * NIGHT_S, dtype=np.int64),
        target_s=np.array([(0, NO_LIMIT)] * TRUCKS, dtype=np.int64),
        restore_in=fills,
        restore_out=fills.copy(),
        restore_s=np.full(FILL_POINTS, FILL_S, dtype=np.int32),
        restore_m=np.zeros(FILL_POINTS, dtype=np.int32),
        restore_cost=np.zeros(FILL_POINTS, dtype=np.int64),
    )


def _sections(network: StreetNetwork) -> list[tuple[int, ...]]:
    """Main streets from crossing to crossing, in each direction, cut at SECTION_M."""
    beside: dict[int, set[int]] = defaultdict(set)
    leaving: dict[int, list[int]] = defaultdict(list)
    for arc in range(network.arcs):
        tail, head = int(network.tail[arc]), int(network.head[arc])
        beside[tail].add(head)
        beside[head].add(tail)
        leaving[tail].append(arc)

    def goes_on(arc: int) -> int | None:
        """The one arc that leads on from it; none at a crossing."""
        head = int(network.head[arc])
        on = [a for a in leaving[head] if network.head[a] != network.tail[arc]]
        return on[0] if len(beside[head]) == 2 and len(on) == 1 else None

    main = [arc for arc in range(network.arcs) if network.road_class[arc] != BRANCH]
    followed = {goes_on(arc) for arc in main}
    left = dict.fromkeys(main)
    found: list[tuple[int, ...]] = []
    for first in [*(arc for arc in main if arc not in followed), *main]:
        trail = []
        arc: int | None = first
        while arc is not None and arc in left:
            del left[arc]
            trail.append(arc)
            arc = goes_on(arc)
        if trail:
            found += _cut(network, trail)
    return found


def _cut(network: StreetNetwork, trail: list[int]) -> Iterator[tuple[int, ...]]:
    """A trail in even parts of about SECTION_M or less."""
    ends = np.cumsum(network.length_m[trail])
    parts = max(1, int(np.ceil(ends[-1] / SECTION_M)))
    middle = ends - network.length_m[trail] / 2
    part = np.minimum((middle * parts / ends[-1]).astype(int), parts - 1)
    for k in sorted(set(part.tolist())):
        yield tuple(arc for arc, mine in zip(trail, part, strict=True) if mine == k)
