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
from sanitation.places import (
    NIGHT_SOIL,
    Community,
    DumpPoint,
    FillPoint,
    TerminalWay,
    Toilet,
    TransferStation,
)

if TYPE_CHECKING:
    from routes.paths import Router

CLASS = {"arterial": ARTERIAL, "secondary": SECONDARY, "branch": BRANCH}
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Ground:
    """Streets and travel times of one district, with some arcs closed or none.

    Attributes:
        place: index of each section id, facility id (depot, fill point, dump point, station,
            terminal) and site id into the matrices; a septic tank has that of its site.
        exits, entries: for each place, where a vehicle stands after it and where it begins; see
            routes.paths.
        time_s, dist_m: (P, P) int32, from standing after a place to beginning at a place.
        node: facility or site id -> street node index it stands at; a terminal has none.
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
    """The street node of each depot, fill point, dump point, station, community, and of the
    toilets with a septic tank; of all toilets where some are visited on rounds."""
    with_tank = {tank.site_id for tank in district.septic_tanks}
    points: tuple[Depot | FillPoint | DumpPoint | TransferStation | Community | Toilet, ...] = (
        *district.depots,
        *district.fill_points,
        *district.dump_points,
        *district.stations,
        *(district.communities if district.streams else ()),
        *(t for t in district.toilets if district.toilet_standards or t.id in with_tank),
    )
    return {point.id: network.nearest_node(point.lon, point.lat) for point in points}


def read_streets(district: District) -> tuple[StreetNetwork, tuple[Section, ...]]:
    """The district's network and its sections; the parsed network comes from the cache."""
    from routes.cache import cached_network
    from sanitation.sections import build_sections

    classes = {way: CLASS[road.road_class] for road in district.roads for way in road.way_ids}
    network = cached_network(district.network_file, roads=classes)
    return network, build_sections(district.roads, network, district.rules)


def read_ground(
    district: District, closed_roads: frozenset[str] = frozenset(), say: Say = lambda _: None
) -> Ground:
    """Network, sections and the matrix of a district; the slow parts come from the cache.

    Args:
        district: as read from its folder.
        closed_roads: ids of roads that no vehicle may drive (works).
        say: told what takes long.
    """
    from routes.cache import cached_matrix
    from routes.paths import Router, Travel

    say("streets")
    network, sections = read_streets(district)
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
    for tank in district.septic_tanks:
        place[tank.id], node[tank.id] = place[tank.site_id], node[tank.site_id]
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
    """The matrices with the terminals, to which only the ways of the table lead.

    To a plant for night soil there is a way from everywhere: by streets to one of the places of
    the table, and on from there. Hook-lifts only go to terminals from where containers stand.
    """
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
    inside = len(time_s)
    for terminal in district.terminals:
        ways = [way for way in district.terminal_ways if way.terminal_id == terminal.id]
        if NIGHT_SOIL not in terminal.streams or not ways:
            continue
        there = place[terminal.id]
        gates = [place[way.place_id] for way in ways]
        outside_s = np.array([way.travel_s for way in ways])
        outside_m = np.array([way.length_m for way in ways])
        for wide_s, streets_s, streets_m, wide_m in (
            (wider_s[:inside, there], time_s[:, gates], dist_m[:, gates], wider_m[:inside, there]),
            (wider_s[there, :inside], time_s[gates].T, dist_m[gates].T, wider_m[there, :inside]),
        ):
            all_s = streets_s.astype(np.int64) + outside_s
            best = all_s.argmin(axis=1)
            rows = np.arange(inside)
            far = all_s[rows, best] >= UNREACHABLE
            wide_s[:] = np.where(far, UNREACHABLE, all_s[rows, best])
            all_m = streets_m[rows, best].astype(np.int64) + outside_m[best]
            wide_m[:] = np.where(far, UNREACHABLE, all_m)
    return wider_s, wider_m


def gateway(
    district: District, ground: Ground, here: int, terminal: int, *, back: bool = False
) -> TerminalWay:
    """The way of the table that leads from a place to a terminal, or ``back``: the place's own, or
    that of a place on the way.

    Args:
        here, terminal: places of the ground between which there is a way.
    """

    def streets_s(way: TerminalWay) -> int:
        gate = ground.place[way.place_id]
        return int(ground.time_s[gate, here] if back else ground.time_s[here, gate])

    whole_s = ground.time_s[terminal, here] if back else ground.time_s[here, terminal]
    ways = (way for way in district.terminal_ways if ground.place[way.terminal_id] == terminal)
    fitting = [way for way in ways if streets_s(way) + way.travel_s == whole_s]
    return min(fitting, key=lambda way: (streets_s(way), way.place_id))
