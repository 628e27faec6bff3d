"""Turn-by-turn words: the streets of a way in order, their lengths and the turns between them.

Geometry is optional: without coordinates a way is the list of its streets and its length.
Coordinates are lon, lat in WGS-84; lengths in metres; bearings in degrees clockwise from north.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sanitation.export.labels import distance, word

Coords = Mapping[int, tuple[float, float]]
EARTH_M = 6_371_008.8  # mean radius, as the street network's great-circle lengths
# Unnamed steps up to this long together are the inside of a junction (the link across a median,
# between two carriageways): to a driver no street, so no words are spent on them.
JUNCTION_M = 40.0
# Name or "", metres, bearing (None if unknown), and which of the nodes it begins at.
Step = tuple[str, float | None, float | None, int]


def step_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle length of a step between two (lon, lat), metres."""
    lon1, lat1, lon2, lat2 = (math.radians(v) for v in (*a, *b))
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(h)))


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Direction of a short step, degrees clockwise from north, [0, 360)."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.degrees(math.atan2(east, b[1] - a[1])) % 360


def turn(before: float, after: float) -> str:
    """straight, left, right or turn_round for a change of bearing."""
    change = (after - before + 180) % 360 - 180
    if abs(change) < 35:
        return "straight"
    if abs(change) > 150:
        return "turn_round"
    return "right" if change > 0 else "left"


def heading(nodes: Sequence[int], coords: Coords, lang: str) -> str:
    """Where a section leads, from its ends: "西→东"; "" where an end has no coordinates."""
    if len(nodes) < 2 or nodes[0] not in coords or nodes[-1] not in coords:
        return ""
    if nodes[0] == nodes[-1]:
        return "环行" if lang == "zh" else "loop"
    quarter = round(bearing(coords[nodes[0]], coords[nodes[-1]]) / 90) % 4
    names = ("南→北", "西→东", "北→南", "东→西") if lang == "zh" else ("N", "E", "S", "W")
    return names[quarter] if lang == "zh" else f"{names[quarter]}bound"


def _steps(
    nodes: Sequence[int], ways: Sequence[int], way_names: Mapping[int, str], coords: Coords
) -> list[Step]:
    """The steps of a way without the insides of junctions, whose metres the next step takes on.

    At the end of a way the step before takes them; a way inside one junction has no step left.
    """
    found: list[Step] = []
    inside: list[Step] = []
    for index, (a, b, way) in enumerate(zip(nodes, nodes[1:], ways, strict=False)):
        known = a in coords and b in coords
        step = (
            way_names.get(way, ""),
            step_m(coords[a], coords[b]) if known else None,
            bearing(coords[a], coords[b]) if known else None,
            index,
        )
        if not step[0] and step[1] is not None:
            inside.append(step)
            continue
        if _crossed(inside) and step[1] is not None:
            begins = inside[0][3] if inside else index
            found.append((step[0], step[1] + _metres(inside), step[2], begins))
        else:
            found += [*inside, step]
        inside = []
    if not _crossed(inside):
        return found + inside
    if found and inside and found[-1][1] is not None:
        name, metres, led, begins = found[-1]
        found[-1] = (name, (metres or 0.0) + _metres(inside), led, begins)
    return found


def _metres(steps: Sequence[Step]) -> float:
    return sum(step[1] or 0.0 for step in steps)


def _crossed(steps: Sequence[Step]) -> bool:
    """True if unnamed steps are short enough to be the inside of a junction."""
    return _metres(steps) <= JUNCTION_M


def end_bearing(
    nodes: Sequence[int],
    ways: Sequence[int],
    way_names: Mapping[int, str],
    coords: Coords,
    first: bool,
) -> float | None:
    """Bearing of the first or the last step of a way, junctions' insides left out.

    None where it is unknown, or where the way does not leave a junction.
    """
    steps = _steps(nodes, ways, way_names, coords)
    return steps[0 if first else -1][2] if steps else None


@dataclass(frozen=True, slots=True)
class Leg:
    """A street of a way: ``length_m`` is None and ``turn`` (into it) "" where unknown; ``begins``
    is the index of the node where it is entered, ``name`` "" for a street without one."""

    name: str
    length_m: float | None
    turn: str
    begins: int


def legs(
    nodes: Sequence[int], ways: Sequence[int], way_names: Mapping[int, str], coords: Coords
) -> tuple[Leg, ...]:
    """The streets of a way in order.

    Consecutive steps on streets of one name are one leg, unless the vehicle turns round. A turn
    over a junction's inside is one turn: two lefts across a median are a U-turn.
    """
    found: list[Leg] = []
    before: float | None = None
    for name, length, after, begins in _steps(nodes, ways, way_names, coords):
        turned = turn(before, after) if before is not None and after is not None else ""
        if found and found[-1].name == name and turned != "turn_round":
            had = found[-1].length_m
            total = had + length if had is not None and length is not None else None
            found[-1] = replace(found[-1], length_m=total)
        else:
            found.append(Leg(name, length, turned, begins))
        before = after
    return tuple(found)


def route_text(
    nodes: Sequence[int],
    ways: Sequence[int],
    length_m: int,
    way_names: Mapping[int, str],
    coords: Coords,
    lang: str,
) -> str:
    """A way in words: "沿长江道 300 m → 右转 红旗路 900 m", or without coordinates
    "沿长江道→红旗路 1.2 km"; "过路口 20 m" inside a junction; "" for a way without steps."""
    found = legs(nodes, ways, way_names, coords)
    if not found:
        return f"{word('cross', lang)} {distance(length_m)}" if length_m and ways else ""
    along = "沿" if lang == "zh" else "along "
    if any(leg.length_m is None for leg in found):
        streets = "→".join(leg.name or word("unnamed", lang) for leg in found)
        return f"{along}{streets} {distance(length_m)}"
    parts = []
    for leg in found:
        lead = f"{word(leg.turn, lang)} " if leg.turn else along
        street = leg.name or word("unnamed", lang)
        parts.append(f"{lead}{street} {distance(leg.length_m or 0)}")
    return " → ".join(parts)
