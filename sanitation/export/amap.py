"""Ways that a driver opens in Amap with a phone: the goals of a run, their links, their QR codes.

The links follow Amap's URI API (https://lbs.amap.com/api/uri-api/guide/travel/route): a goal is
lon,lat,name in GCJ-02; without a start the phone's place is it, and ``callnative=1`` opens the
program where it is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from sanitation.export.crs import to_gcj02
from sanitation.export.directions import Coords
from sanitation.export.labels import street
from sanitation.export.sheets import Sheet
from sanitation.model import District, Run

NAME_CHARS = 8  # Amap shows no more of a goal's name; a longer one makes the code finer
QUIET = 4  # modules of white around a code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Goal:
    """A place to be led to. ``kind`` is work, fill, dump or unload; ``name`` is as on the sheet."""

    kind: str
    name: str
    lon: float
    lat: float
    on_foot: bool = False


def goals_of(run: Run, sheet: Sheet, district: District, coords: Coords) -> tuple[Goal, ...]:
    """The first work of a run, then every refill, dump and unloading place once, in their order.

    A place without coordinates (a plant outside the district) is left out.
    """
    types = {kind.id: kind for kind in district.vehicle_types}
    on_foot = any(v.id == run.vehicle_id and types[v.type_id].on_foot for v in district.vehicles)
    places = _places(district)
    found: list[Goal] = []
    seen: set[str] = set()
    for row in sheet.rows:
        stop = run.stops[row.stops[0]]
        if row.kind == "service" and "" not in seen:
            at = row.at or next((coords[n] for n in stop.nodes if n in coords), None)
            name = row.place if row.at_sites else street(row.place)
        elif row.kind in ("fill", "dump", "unload") and stop.facility not in seen:
            at, name = places.get(stop.facility), row.place
        else:
            continue
        seen.add("" if row.kind == "service" else stop.facility)
        if at is not None:
            kind = "work" if row.kind == "service" else row.kind
            found.append(Goal(kind, name, *at, on_foot))
    return tuple(found)


def _places(district: District) -> Mapping[str, tuple[float, float]]:
    """Where facilities are, by id."""
    groups = (district.fill_points, district.dump_points, district.stations)
    return {place.id: (place.lon, place.lat) for group in groups for place in group}


def amap_link(goal: Goal) -> str:
    """The link that leads from where one is to the goal."""
    lon, lat = to_gcj02(goal.lon, goal.lat)
    # A comma would end the name, and a fault of the name must not become a part of the link.
    name = quote(goal.name.replace(",", " ")[:NAME_CHARS].strip(), safe="")
    mode = "walk" if goal.on_foot else "car"
    return (
        f"https://uri.amap.com/navigation?to={lon:.6f},{lat:.6f},{name}"
        f"&mode={mode}&coordinate=gaode&callnative=1"
    )


@lru_cache(maxsize=4096)  # a day leads to its facilities hundreds of times
def qr_svg(text: str) -> str:
    """A QR code (error correction M) as an SVG of one path, its quiet zone within."""
    import segno

    code = segno.make(text, error="m", micro=False)
    size = len(code.matrix) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0Z"/>'
        f'<path stroke="#000" d="{_dark(code.matrix)}"/></svg>'
    )


def _dark(matrix: tuple[bytearray, ...]) -> str:
    """Path data of the dark modules, those beside each other in a row as one stroke."""
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                parts.append(f"M{x + QUIET} {y + QUIET}.5h{width}")
            x += max(1, width)
    return "".join(parts)
