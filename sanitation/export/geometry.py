"""Lines on paper: the streets of a plan as chains of nodes, and a frame that maps them to a box.

Coordinates in are lon, lat in WGS-84; a frame's are drawing units, x to the right, y down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sanitation.export.directions import Coords
from sanitation.model import DayPlan

METRES_PER_DEGREE = 111_195.0
Point = tuple[float, float]


def street_lines(plan: DayPlan) -> tuple[tuple[int, ...], ...]:
    """Every street step that the plan drives, once: the map's background."""
    return chains(stop.nodes for run in plan.runs for stop in run.stops)


def chains(lines: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Every step of the lines once, whatever its direction, joined into chains of nodes.

    The chains begin and end where lines meet or end.
    """
    near: dict[int, set[int]] = {}
    for line in lines:
        for a, b in pairwise(line):
            if a != b:
                near.setdefault(a, set()).add(b)
                near.setdefault(b, set()).add(a)
    drawn: set[tuple[int, int]] = set()
    found: list[tuple[int, ...]] = []
    # Junctions and ends first, so that only a ring without a junction starts at any node of it.
    for start in sorted(near, key=lambda node: (len(near[node]) == 2, node)):
        for first in sorted(near[start]):
            chain = [start, first]
            if _edge(start, first) in drawn:
                continue
            drawn.add(_edge(start, first))
            while len(near[chain[-1]]) == 2:
                ahead = next(iter(near[chain[-1]] - {chain[-2]}))
                if _edge(chain[-1], ahead) in drawn:
                    break
                drawn.add(_edge(chain[-1], ahead))
                chain.append(ahead)
            found.append(tuple(chain))
    return tuple(found)


def _edge(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


@dataclass(frozen=True, slots=True)
class Frame:
    """A box of drawing units showing a stretch of the town, north up."""

    lon: float  # of the box's middle
    lat: float
    units_per_m: float
    width: int
    height: int

    @classmethod
    def around(cls, places: Sequence[Point], width: int, height: int, margin: int) -> Frame:
        """The largest scale at which every (lon, lat) is ``margin`` units inside the box."""
        lons, lats = [p[0] for p in places], [p[1] for p in places]
        lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        wide_m = (max(lons) - min(lons)) * METRES_PER_DEGREE * math.cos(math.radians(lat))
        high_m = (max(lats) - min(lats)) * METRES_PER_DEGREE
        # A run of one short street would fill the sheet: 400 m is the smallest stretch shown.
        scale = min(
            (width - 2 * margin) / max(wide_m, 400.0), (height - 2 * margin) / max(high_m, 400.0)
        )
        return cls(lon, lat, scale, width, height)

    def at(self, place: Point) -> Point:
        """Drawing units of a (lon, lat)."""
        east_m = (place[0] - self.lon) * METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        north_m = (place[1] - self.lat) * METRES_PER_DEGREE
        return (
            self.width / 2 + east_m * self.units_per_m,
            self.height / 2 - north_m * self.units_per_m,
        )

    def line(self, nodes: Iterable[int], coords: Coords) -> list[Point]:
        """The nodes with coordinates as points."""
        # As at(), with what is the same for all points taken out: a page has a million of them.
        shrink = math.cos(math.radians(self.lat))
        middle_x, middle_y = self.width / 2, self.height / 2
        places = (coords[node] for node in nodes if node in coords)
        return [
            (
                middle_x + (lon - self.lon) * METRES_PER_DEGREE * shrink * self.units_per_m,
                middle_y - (lat - self.lat) * METRES_PER_DEGREE * self.units_per_m,
            )
            for lon, lat in places
        ]

    def inside(self, line: Sequence[Point]) -> list[list[Point]]:
        """The parts of a line whose steps may touch the box (by their bounding rectangles)."""
        parts: list[list[Point]] = []
        joined = False
        for a, b in pairwise(line):
            seen = (
                max(a[0], b[0]) >= 0
                and min(a[0], b[0]) <= self.width
                and max(a[1], b[1]) >= 0
                and min(a[1], b[1]) <= self.height
            )
            if seen and joined:
                parts[-1].append(b)
            elif seen:
                parts.append([a, b])
            joined = seen
        return parts


def beside(line: Sequence[Point], units: float) -> list[Point]:
    """The line moved ``units`` to the right of its direction (y down), corners mitred bluntly."""
    moved = []
    for index, (x, y) in enumerate(line):
        back, ahead = line[max(0, index - 1)], line[min(len(line) - 1, index + 1)]
        dx, dy = ahead[0] - back[0], ahead[1] - back[1]
        size = math.hypot(dx, dy)
        moved.append((x - dy / size * units, y + dx / size * units) if size > 0 else (x, y))
    return moved


def along(line: Sequence[Point], share: float) -> tuple[Point, Point]:
    """The point at a share of a line's length, and the unit direction there."""
    steps = [math.dist(a, b) for a, b in pairwise(line)]
    left = sum(steps) * share
    for a, b, size in zip(line, line[1:], steps, strict=False):
        if size > 0 and left <= size:
            ux, uy = (b[0] - a[0]) / size, (b[1] - a[1]) / size
            return (a[0] + ux * left, a[1] + uy * left), (ux, uy)
        left -= size
    return line[-1], (1.0, 0.0)


def thin(line: Sequence[Point], units: float) -> list[Point]:
    """Drop inner points nearer than ``units`` to the one kept before, to keep the file small."""
    kept = [line[0]]
    for point in line[1:-1]:
        if math.dist(kept[-1], point) >= units:
            kept.append(point)
    kept.append(line[-1])
    return kept
