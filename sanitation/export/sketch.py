"""The small map on a sheet, as inline SVG: streets grey, work thick with its row numbers, ways
without work thin and dashed, yard and facilities marked, sites as dots with their row numbers.
Black and grey only.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sanitation.export.directions import Coords
from sanitation.export.geometry import Frame, Point, along, beside, chains, thin
from sanitation.export.labels import street
from sanitation.export.page_style import MAP_STYLE
from sanitation.export.sheets import Sheet
from sanitation.model import Run, Stop

if TYPE_CHECKING:
    from sanitation.export.handout import Street

UNITS_PER_MM = 4
SIDE = 2.6  # units that work is drawn to the right of the street's line: the side of the road
FONT = 11
FAR = 1e6
ROAD_NAMES = 14  # of streets without work
MARKS = {
    "zh": {"depart": "停", "fill": "水", "dump": "污", "unload": "卸", "rest": "休"},
    "en": {"depart": "P", "fill": "F", "dump": "D", "unload": "U", "rest": "R"},
}
Box = tuple[float, float, float, float]


def sketch_svg(
    run: Run,
    sheet: Sheet,
    streets: Sequence[Sequence[int]],
    coords: Coords,
    width_mm: int,
    height_mm: int,
    roads: Sequence[Street] = (),
) -> str:
    """The map of a run, ``width_mm`` by ``height_mm``; "" if none of its nodes has coordinates.

    ``streets`` are chains of nodes to draw in the background (geometry.street_lines); of ``roads``
    the longest that are seen are named where there is room.
    """
    places = [coords[n] for stop in run.stops for n in stop.nodes if n in coords]
    if not places:
        return ""
    sites: dict[Point, list[int]] = {}
    for row in sheet.rows:
        if row.at is not None:
            sites.setdefault(row.at, []).append(row.seq)
    places += sites
    frame = Frame.around(places, width_mm * UNITS_PER_MM, height_mm * UNITS_PER_MM, 22)
    # The north arrow, the scale bar, and all that is outside: nothing is cut at an edge.
    taken: list[Box] = [
        (frame.width - 36, 0, frame.width, 46),
        (0, frame.height - 26, 190, frame.height),
        (-FAR, -FAR, 1, FAR),
        (frame.width - 1, -FAR, FAR, FAR),
        (-FAR, -FAR, FAR, 1),
        (-FAR, frame.height - 1, FAR, FAR),
    ]
    dots = {frame.at(place): rows for place, rows in sites.items()}
    taken += [(x - 4, y - 4, x + 4, y + 4) for x, y in dots]
    marks = _marks(run, sheet.lang, frame, coords, taken)
    background = [
        part for chain in streets for part in frame.inside(frame.line(chain, coords)) if part
    ]
    # Once each: dashes drawn over dashes would make a solid line of a way driven twice.
    # A transfer leaves the streets of the map: a line between its ends would be no way to drive.
    empty = chains(stop.nodes for stop in run.stops if stop.kind not in ("service", "transfer"))
    travel = [frame.line(chain, coords) for chain in empty]
    work: dict[tuple[Point, ...], list[int]] = {}
    places_of: dict[tuple[Point, ...], str] = {}
    for row in sheet.rows:
        if row.kind == "service":
            nodes = [n for index in row.stops for n in run.stops[index].nodes]
            line = frame.line(nodes, coords)
            if len(line) > 1:
                key = tuple(beside(thin(line, 1.5), SIDE))
                work.setdefault(key, []).append(row.seq)
                places_of[key] = row.place
    drawn = _points((*work, *travel))
    seen = {
        tuple(thin(part, 4)): road.name
        for road in roads
        for part in frame.inside(frame.line(road.nodes, coords))
    }
    body = [
        f'<path class="net" d="{_paths(background)}"/>',
        f'<path class="trv" d="{_paths(travel)}"/>',
        f'<path class="srv" d="{_paths(work)}"/>',
        f'<path class="arw" d="{"".join(_arrow(line) for line in work)}"/>',
        *marks,
        *_numbers(work, drawn, taken),
        *_dots(dots, drawn, taken),
        *_street_names(places_of, frame, drawn, taken),
        *_street_names(seen, frame, drawn, taken, "grey", ROAD_NAMES, places_of.values()),
        _north(frame),
        _scale(frame),
    ]
    return (
        f'<svg class="map" viewBox="0 0 {frame.width} {frame.height}" '
        f'style="width:{width_mm}mm;height:{height_mm}mm" role="img">{"".join(body)}</svg>'
    )


def standing_alone(svg: str) -> str:
    """An inline map as a file of its own: with its namespace and the style that a page gives it."""
    return svg.replace(
        '<svg class="map"', '<svg xmlns="http://www.w3.org/2000/svg" class="map"', 1
    ).replace(">", f"><style>{MAP_STYLE}</style>", 1)


def _paths(lines: Sequence[Sequence[Point]] | dict[tuple[Point, ...], list[int]]) -> str:
    """SVG path data of lines in whole units, with relative steps to keep it short."""
    parts = []
    for line in lines:
        points = [(round(x), round(y)) for x, y in (thin(line, 1.5) if len(line) > 2 else line)]
        if len(points) < 2:
            continue
        (x, y), steps = points[0], []
        for nx, ny in points[1:]:
            if (nx, ny) != (x, y):
                steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        if steps:
            parts.append(f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}")
    return "".join(parts)


def _arrow(line: Sequence[Point]) -> str:
    """A small triangle in the middle of a line, pointing the way it is driven."""
    (x, y), (ux, uy) = along(line, 0.62)
    tip = (x + 6 * ux, y + 6 * uy)
    left = (x - 4 * ux + 4.5 * uy, y - 4 * uy - 4.5 * ux)
    right = (x - 4 * ux - 4.5 * uy, y - 4 * uy + 4.5 * ux)
    return "M" + "L".join(f"{round(px)} {round(py)}" for px, py in (tip, left, right)) + "Z"


def _free(box: Box, taken: Sequence[Box]) -> bool:
    return all(
        box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
        for other in taken
    )


def text_units(text: str, size: float) -> float:
    """Width of a text: a Chinese character is as wide as it is high, a Latin one 0.58 of it."""
    return sum(size if unicodedata.east_asian_width(c) in "WF" else size * 0.58 for c in text)


def _numbers(
    work: dict[tuple[Point, ...], list[int]], drawn: NDArray[np.float64], taken: list[Box]
) -> list[str]:
    """The rows' numbers beside their lines, rather on the right."""
    found = []
    for line, rows in work.items():
        text = "·".join(str(row) for row in rows)
        half = text_units(text, FONT) / 2 + 2
        boxes = []
        for side in (1, -1):
            for share in (0.35, 0.5, 0.2, 0.75, 0.9):
                (x, y), (ux, uy) = along(line, share)
                x, y = x - side * uy * (half * abs(uy) + 9), y + side * ux * 10
                boxes.append((x - half, y - 6.5, x + half, y + 6.5))
        at, _ = along(line, 0.5)
        found += _text("num", text, boxes, drawn, taken) or _led(text, at, half, drawn, taken)
    return found


def _led(
    text: str, at: Point, half: float, drawn: NDArray[np.float64], taken: list[Box]
) -> list[str]:
    """A number that found no room beside its place: farther off, with a thin line to it."""
    for reach in (24, 36, 50, 68, 90):
        boxes = []
        for turn in range(16):
            x = at[0] + (reach + half - 8) * math.cos(turn * math.pi / 8)
            y = at[1] + reach * math.sin(turn * math.pi / 8)
            boxes.append((x - half, y - 6.5, x + half, y + 6.5))
        if text_found := _text("num", text, boxes, drawn, taken):
            box = taken[-1]
            x = min(max(at[0], box[0]), box[2])
            y = min(max(at[1], box[1]), box[3])
            line = f'<path class="led" d="M{at[0]:.0f} {at[1]:.0f}L{x:.0f} {y:.0f}"/>'
            return [line, *text_found]
    return []


def _dots(sites: dict[Point, list[int]], drawn: NDArray[np.float64], taken: list[Box]) -> list[str]:
    """A dot for each site, and the numbers of its rows beside it."""
    found = []
    for (x, y), rows in sites.items():
        found.append(f'<circle class="site" cx="{x:.0f}" cy="{y:.0f}" r="4"/>')
        text = "·".join(str(row) for row in rows)
        half = text_units(text, FONT) / 2 + 2
        boxes = [
            (x + dx - half, y + dy - 6.5, x + dx + half, y + dy + 6.5)
            for dx, dy in (
                *((half + 5, 0), (-half - 5, 0), (0, -12), (0, 12)),
                *((half, -11), (-half, -11), (half, 11), (-half, 11)),
            )
        ]
        found += _text("num", text, boxes, drawn, taken) or _led(text, (x, y), half, drawn, taken)
    return found


def _text(
    style: str, text: str, boxes: Sequence[Box], drawn: NDArray[np.float64], taken: list[Box]
) -> list[str]:
    """A text in the box that covers the fewest points of lines and no other text, if there is one.

    The first of the boxes where they are equal. The box is then taken. ``drawn``: (2, N) units.
    """
    free = [box for box in boxes if _free(box, taken)]
    if not free:
        return []
    box = min(free, key=lambda box: _held(box, drawn))
    taken.append(box)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return [f'<text class="{style}" x="{x:.0f}" y="{y + 4:.0f}">{_xml(text)}</text>']


def _xml(text: str) -> str:
    """A text in XML, which no control character may be in."""
    return escape("".join(char for char in text if char.isprintable()))


def _points(lines: Iterable[Sequence[Point]]) -> NDArray[np.float64]:
    """Points along lines, at most 4 units apart: x and y, (2, N)."""
    dotted = [point for line in lines for point in _dotted(line)]
    return np.array(dotted, dtype=np.float64).reshape(-1, 2).T


def _dotted(line: Sequence[Point]) -> list[Point]:
    """Points along a line, at most 4 units apart."""
    found: list[Point] = []
    for (ax, ay), (bx, by) in itertools.pairwise(line):
        count = max(1, math.ceil(math.dist((ax, ay), (bx, by)) / 4))
        found += [(ax + (bx - ax) * i / count, ay + (by - ay) * i / count) for i in range(count)]
    return [*found, *line[-1:]]


def _held(box: Box, drawn: NDArray[np.float64]) -> int:
    """How many of the points, (2, N) units, a box holds."""
    x, y = drawn
    inside = (box[0] <= x) & (x <= box[2]) & (box[1] <= y) & (y <= box[3])
    return int(np.count_nonzero(inside))


def _street_names(
    places: Mapping[tuple[Point, ...], str],
    frame: Frame,
    drawn: NDArray[np.float64],
    taken: list[Box],
    style: str = "str",
    most: int = 1000,
    done: Iterable[str] = (),
) -> list[str]:
    """One label a street, at the longest line of it that leaves room, rather on its left.

    At most ``most``, and none of the streets that are ``done``.
    """
    found: list[str] = []
    named = {street(name) for name in done}
    for line in sorted(places, key=lambda points: -_size(points)):
        name = street(places[line])
        if name in named or not name:
            continue
        if len(found) == most:
            break
        half = text_units(name, FONT + 1) / 2 + 2
        boxes = []
        for side in (1, -1):
            for share in (0.5, 0.25, 0.75):
                (x, y), (ux, uy) = along(line, share)
                x, y = x + side * uy * (half * abs(uy) + 10), y - side * ux * 13
                boxes.append((x - half, y - 8, x + half, y + 8))
        text = _text(style, name, boxes, drawn, taken)
        if text:
            named.add(name)
            found += text
    return found


def _size(line: Sequence[Point]) -> float:
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in itertools.pairwise(line))


def _marks(run: Run, lang: str, frame: Frame, coords: Coords, taken: list[Box]) -> list[str]:
    """A letter in a box for the yard, in a ring for facilities and rests, one for each place."""
    found = []
    seen: set[tuple[str, int]] = set()
    before: Stop | None = None
    for stop in run.stops:
        nodes = stop.nodes or (before.nodes if before else ())
        if stop.nodes:
            before = stop
        letter = MARKS[lang].get(stop.kind)
        if stop.kind == "unload" and run.service == "haul":
            continue  # at a terminal, outside the district
        if letter is None or not nodes or nodes[-1] not in coords:
            continue
        if (stop.kind, nodes[-1]) in seen:
            continue
        seen.add((stop.kind, nodes[-1]))
        x, y = frame.at(coords[nodes[-1]])
        # Fill and dump points often share a place: shift the later mark until it is seen.
        for step in range(6):
            box = (x - 8 + 17 * step, y - 8, x + 8 + 17 * step, y + 8)
            if _free(box, taken):
                x += 17 * step
                break
        taken.append((x - 8, y - 8, x + 8, y + 8))
        radius = 2 if stop.kind == "depart" else 8
        dark = " dark" if stop.kind == "depart" else ""
        found.append(
            f'<g class="mark{dark}"><rect x="{x - 8:.0f}" y="{y - 8:.0f}" width="16" height="16" '
            f'rx="{radius}"/><text x="{x:.0f}" y="{y + 4:.0f}">{letter}</text></g>'
        )
    return found


def _north(frame: Frame) -> str:
    x = frame.width - 18
    return (
        f'<path class="arw" d="M{x} 6l6 18l-6 -4l-6 4Z"/><text class="str" x="{x}" y="38">N</text>'
    )


def _scale(frame: Frame) -> str:
    """A bar of 1, 2 or 5 times a power of ten metres, at most 130 units long."""
    step = next(
        m for m in (5000, 2000, 1000, 500, 200, 100, 50, 20) if m * frame.units_per_m <= 130
    )
    y, end = frame.height - 8, 10 + round(step * frame.units_per_m)
    label = f"{step} m" if step < 1000 else f"{step // 1000} km"
    return (
        f'<path class="bar" d="M10 {y - 5}V{y}H{end}V{y - 5}"/>'
        f'<text class="scl" x="{end + 5}" y="{y}">{label}</text>'
    )
