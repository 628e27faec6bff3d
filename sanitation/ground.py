"""The district's streets made ready for routing: network, sections, places and travel times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fleet.model import Depot
from routes.network import ARTERIAL, BRANCH, SECONDARY, StreetNetwork
from sanitation.errors import SanitationError
from sanitation.model import District, Section
from sanitation.places import Community, DumpPoint, FillPoint, Toilet, TransferStation

if TYPE_CHECKING:
    from routes.paths import Router

CLASS = {"arterial": ARTERIAL, "secondary": SECONDARY, "branch": BRANCH}
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Ground:
    """Streets and travel times of one district, with some arcs closed or none.

    Attributes:
        place: index of each section id, facility id (depot, fill point, dump point, station,
            terminal), community and toilet id into the matrices.
        exits, entries: for each place, where a vehicle stands after it and where it begins; see
            routes.paths.
        time_s, dist_m: (P, P) int32, from standing after a place to beginning at a place.
        node: facility, community or toilet id -> street node index it stands at; a terminal has
            none.
        closed: arcs that may not be driven.
    """

    network: StreetNetwork
    sections: tuple[Section, ...]
    by_id: Mapping[str, Section]
    router: Router
    place: Mapping[str, int]
    exits: NDArray[np.int64]
    entries: NDArray[np.int64]
    time_s: NDArray[np.int32]
    dist_m: NDArray[np.int32]
    node: Mapping[str, int]
    closed: frozenset[int]


def facility_nodes(district: District, network: StreetNetwork) -> dict[str, int]:
    """The street node of each depot, fill point, dump point, station, community and toilet."""
    points: tuple[Depot | FillPoint | DumpPoint | TransferStation | Community | Toilet, ...] = (
        *district.depots,
        *district.fill_points,
        *district.dump_points,
        *district.stations,
        *(district.communities if district.streams else ()),
        *(district.toilets if district.toilet_standards else ()),
    )
    return {point.id: network.nearest_node(point.lon, point.lat) for point in points}


def read_ground(
    district: District, closed_roads: frozenset[str] = frozenset(), say: Say = lambda _: None
) -> Ground:
    """Network, sections and the matrix of a district; the slow parts come from the cache.

    Args:
        district: as read from its folder.
        closed_roads: ids of roads that no vehicle may drive (works).
        say: told what takes long.
    """
    from routes.cache import cached_matrix, cached_network
    from routes.paths import Router, Travel
    from sanitation.sections import build_sections

    classes = {way: CLASS[road.road_class] for road in district.roads for way in road.way_ids}
    say("streets")
    network = cached_network(district.network_file, roads=classes)
    sections = build_sections(district.roads, network, district.rules)
    rules = district.rules
    travel = Travel(
        arterial_kmh=rules["arterial_kmh"],
        secondary_kmh=rules["secondary_kmh"],
        branch_kmh=rules["branch_kmh"],
        right_s=rules["turn_right_s"],
        left_s=rules["turn_left_s"],
        u_turn_s=rules["turn_u_s"],
    )
    closed = frozenset(
        arc for section in sections if section.road_id in closed_roads for arc in section.arcs
    )
    mask = np.zeros(len(network.tail), dtype=np.bool_)
    mask[sorted(closed)] = True
    router = Router(network, travel, mask)
    node = facility_nodes(district, network)
    keys = [section.id for section in sections] + sorted(node)
    place = {key: index for index, key in enumerate(keys)}
    if len(place) != len(keys):
        twice = sorted(key for key in node if keys.count(key) > 1)
        raise SanitationError(f"ids used for two things: {', '.join(twice)}", "rename one of them")
    exits = np.array(
        [section.arcs[-1] for section in sections] + [~node[key] for key in sorted(node)]
    )
    entries = np.array(
        [section.arcs[0] for section in sections] + [~node[key] for key in sorted(node)]
    )
    say("travel times")
    time_s, dist_m = cached_matrix(router, exits, entries)
    if district.terminal_ways:
        place |= {terminal.id: len(keys) + k for k, terminal in enumerate(district.terminals)}
        time_s, dist_m = _with_terminals(district, place, time_s, dist_m)
    return Ground(
        network=network,
        sections=sections,
        by_id={section.id: section for section in sections},
        router=router,
        place=place,
        exits=exits,
        entries=entries,
        time_s=time_s,
        dist_m=dist_m,
        node=node,
        closed=closed,
    )


def _with_terminals(
    district: District,
    place: Mapping[str, int],
    time_s: NDArray[np.int32],
    dist_m: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The matrices with the terminals, to which only the ways of the table lead."""
    from routes.paths import UNREACHABLE

    more = len(district.terminals)
    wider_s = np.pad(time_s, (0, more), constant_values=UNREACHABLE)
    wider_m = np.pad(dist_m, (0, more), constant_values=UNREACHABLE)
    for index in range(len(time_s), len(wider_s)):
        wider_s[index, index] = wider_m[index, index] = 0
    for way in district.terminal_ways:
        here, there = place[way.place_id], place[way.terminal_id]
        wider_s[here, there] = wider_s[there, here] = way.travel_s
        wider_m[here, there] = wider_m[there, here] = way.length_m
    return wider_s, wider_m
