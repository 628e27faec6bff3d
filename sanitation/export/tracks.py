"""Where a run is on the map and when: what tracks, layers and pictures are drawn from.

Nodes are OpenStreetMap ids, times seconds after 00:00 of the plan's date, places lon, lat in
WGS-84. What is outside the street network (a terminal, the way to it) has no place, and is never
given that of the street where it was left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sanitation.export.crs import convert
from sanitation.export.directions import Coords, step_m
from sanitation.model import District, Run

Fix = tuple[int, int]  # node, time


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the district's tables; ``at`` is None for a terminal, whose place is not given.

    ``kind``: depot, fill_point, dump_point, station, terminal, community, toilet, septic_tank.
    """

    id: str
    kind: str
    name: str
    at: tuple[float, float] | None


def spots(district: District) -> dict[str, Spot]:
    """Every facility and site by id. A septic tank is where its toilet or community is."""
    found: dict[str, Spot] = {}
    for kind, rows in (
        ("community", district.communities),
        ("toilet", district.toilets),
        ("station", district.stations),
        ("fill_point", district.fill_points),
        ("dump_point", district.dump_points),
        ("depot", district.depots),
    ):
        found.update({row.id: Spot(row.id, kind, row.name, (row.lon, row.lat)) for row in rows})
    for row in district.terminals:
        found[row.id] = Spot(row.id, "terminal", row.name, None)
    for tank in district.septic_tanks:
        site = found[tank.site_id]
        found[tank.id] = Spot(tank.id, "septic_tank", site.name, site.at)
    return found


def terminals_of(district: District) -> frozenset[str]:
    """The facilities that are outside the street network."""
    return frozenset(terminal.id for terminal in district.terminals)


def places_of(run: Run, coords: Coords, terminals: Collection[str]) -> tuple[tuple[int, ...], ...]:
    """The nodes of every stop of a run; () where it is not known to be on a street.

    That is a transfer, everything at a terminal, and a stop with a node that is no node of the
    network (a plan changed by hand). A stop without nodes is where the one before ended.
    """
    found: list[tuple[int, ...]] = []
    here: tuple[int, ...] = ()
    outside = False
    for stop in run.stops:
        if stop.kind == "transfer":
            outside = stop.facility in terminals
        nodes = stop.nodes or here
        here = nodes[-1:]
        known = all(node in coords for node in nodes)
        off_street = stop.kind == "transfer" or outside or not known
        found.append(() if off_street else nodes)
    return tuple(found)


def times_of(nodes: Sequence[int], start_s: int, end_s: int, coords: Coords) -> tuple[int, ...]:
    """When each node of a stop is reached at constant speed, whole seconds."""
    gone_m = [0.0]
    for a, b in pairwise(nodes):
        gone_m.append(gone_m[-1] + step_m(coords[a], coords[b]))
    if not gone_m[-1]:
        return (*(start_s for _ in nodes[1:]), end_s) if len(nodes) > 1 else (start_s,)
    return tuple(start_s + round((end_s - start_s) * gone / gone_m[-1]) for gone in gone_m)


def track(run: Run, coords: Coords, terminals: Collection[str]) -> tuple[tuple[Fix, ...], ...]:
    """The run as unbroken rows of fixes: every node in the order of the plan, with its time.

    A row ends where the run leaves the street network and where a stop does not begin at the node
    where the one before ended. A stop without a way is there at its start and at its end.
    """
    rows: list[list[Fix]] = []
    joined = False
    for stop, nodes in zip(run.stops, places_of(run, coords, terminals), strict=True):
        if not nodes:
            joined = False
            continue
        fixes = list(zip(nodes, times_of(nodes, stop.start_s, stop.end_s, coords), strict=True))
        if len(nodes) == 1 and stop.end_s > stop.start_s:
            fixes.append((nodes[0], stop.end_s))
        if not joined or rows[-1][-1][0] != nodes[0]:
            rows.append([])
        rows[-1] += [fix for fix in fixes if rows[-1][-1:] != [fix]]
        joined = True
    return tuple(tuple(row) for row in rows)


def on_map(coords: Coords, crs: str) -> Mapping[int, tuple[float, float]]:
    """The nodes' places in a system of :mod:`sanitation.export.crs`, seven decimals (a cm)."""
    return {node: rounded(convert(lon, lat, crs)) for node, (lon, lat) in coords.items()}


def rounded(place: tuple[float, float]) -> tuple[float, float]:
    """Seven decimals, which is a centimetre and what OpenStreetMap keeps."""
    return round(place[0], 7), round(place[1], 7)
