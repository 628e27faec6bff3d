"""Tracks for navigators: a GPX 1.1 file a run.

The route (rte) has the turn points in words, the track (trk) every node of the plan's path with
its planned time in UTC, the way points (wpt) where something is filled, emptied or worked at.
Nothing outside the street network has a place: the track has a gap there (a new trkseg), and the
route's point before says where the truck goes. GPX is WGS-84 by definition; a file in another
system says so in its description.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from sanitation.export.crs import convert
from sanitation.export.directions import Coords, legs
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import clock, distance, word
from sanitation.export.markup import lawful
from sanitation.export.rows import SheetRow
from sanitation.export.sheets import Sheet, row_note
from sanitation.export.tracks import Spot, on_map, places_of, rounded, spots, terminals_of, track
from sanitation.model import Run

NAMESPACE = "http://www.topografix.com/GPX/1/1"
# Of the streets; the Open Database Licence asks for it.
AUTHOR = "OpenStreetMap contributors"
LICENCE = "https://opendatacommons.org/licenses/odbl/1-0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{NAMESPACE} {NAMESPACE}/gpx.xsd"
_SAID = {
    "zh": ("计划路线，时间为计划时间", "区外路段无轨迹", "坐标系：{}，不是 WGS-84"),
    "en": (
        "planned route and planned times",
        "ways outside the district have no track",
        "coordinates are {}, not WGS-84",
    ),
}
_SYSTEM = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_VISITS = ("fill", "dump", "unload")


def gpx_files(handout: Handout, lang: str, crs: str) -> Iterator[tuple[str, bytes]]:
    """``gpx/<run>.gpx`` for every run of the handout."""
    plan, district = handout.plan, handout.district
    day = _Day(
        handout=handout,
        crs=crs,
        places=on_map(handout.coords, crs),
        spots=spots(district),
        terminals=terminals_of(district),
        midnight=dt.datetime.fromisoformat(f"{plan.date}T00:00:00{plan.utc_offset}"),
    )
    for run, sheet in zip(plan.runs, handout.sheets(lang), strict=True):
        yield f"gpx/{safe_name(run.id)}.gpx", _Gpx(day, run, sheet).text()


@dataclass(frozen=True, eq=False)
class _Day:
    """What the files of all runs share; ``places`` are the nodes' in the system ``crs``."""

    handout: Handout
    crs: str
    places: Coords
    spots: Mapping[str, Spot]
    terminals: frozenset[str]
    midnight: dt.datetime

    def utc(self, time_s: int) -> str:
        when = (self.midnight + dt.timedelta(seconds=time_s)).astimezone(dt.UTC)
        return f"{when:%Y-%m-%dT%H:%M:%SZ}"


class _Gpx:
    """One run's file."""

    def __init__(self, day: _Day, run: Run, sheet: Sheet) -> None:
        self.day, self.run, self.sheet = day, run, sheet
        self.at = places_of(run, day.handout.coords, day.terminals)

    def text(self) -> bytes:
        sheet = self.sheet
        root = Xml.Element(
            "gpx",
            {
                "version": "1.1",
                "creator": "sanitation",
                "xmlns": NAMESPACE,
                "xmlns:xsi": _XSI,
                "xsi:schemaLocation": _SCHEMA,
            },
        )
        title = f"{sheet.date} {sheet.run_id} {sheet.service_name} {sheet.plate or sheet.vehicle}"
        about = _add(root, "metadata")
        _say(about, "name", title)
        _say(about, "desc", self._about())
        credit = Xml.SubElement(about, "copyright", {"author": AUTHOR})
        _say(credit, "license", LICENCE)
        for row in sheet.rows:
            self._waypoint(root, row)
        route = _add(root, "rte")
        _say(route, "name", title)
        for row in sheet.rows:
            self._turn_points(route, row)
        self._track(root, title)
        Xml.indent(root, " ")
        text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    def _about(self) -> str:
        planned, outside, system = _SAID[self.sheet.lang]
        said = [self.sheet.model_mark, f"{self.sheet.driver} {self.sheet.shift_name}", planned]
        if any(stop.kind == "transfer" for stop in self.run.stops):
            said.append(outside)
        if self.day.crs in _SYSTEM:
            said.append(system.format(_SYSTEM[self.day.crs]))
        return "; ".join(part.strip() for part in said if part.strip())

    def _waypoint(self, root: Xml.Element, row: SheetRow) -> None:
        """Where a tank or a body is filled or emptied, or a site is worked at: the place itself,
        which may lie beside the street."""
        stop = self.run.stops[row.stops[0]]
        spot = self.day.spots.get(stop.site_id or stop.facility)
        if spot is None or spot.at is None or not (row.kind in _VISITS or row.site):
            return
        at = rounded(convert(*spot.at, self.day.crs))
        _point(root, "wpt", at, _name(row), _hours(row), row.kind)

    def _turn_points(self, route: Xml.Element, row: SheetRow) -> None:
        """The row where it begins; of a way, every turn too."""
        first = self.run.stops[row.stops[0]]
        nodes = self.at[row.stops[0]]
        if first.kind == "transfer":
            # Its own place is unknown; told where the street is left, if there is one.
            before = self.at[row.stops[0] - 1] if row.stops[0] else ()
            nodes = before[-1:]
        if not nodes:
            return
        what = " ".join(part for part in (_hours(row), row.text if not row.site else "") if part)
        _point(route, "rtept", self.day.places[nodes[0]], _name(row), what, row.kind)
        if row.kind not in ("travel", "return"):
            return
        found = legs(first.nodes, first.ways, self.day.handout.way_names, self.day.handout.coords)
        for leg in found[1:]:
            street = leg.name or word("unnamed", self.sheet.lang)
            name = f"{word(leg.turn, self.sheet.lang)} {street}".strip()
            at = self.day.places[first.nodes[leg.begins]]
            _point(route, "rtept", at, name, distance(leg.length_m or 0), "turn")

    def _track(self, root: Xml.Element, title: str) -> None:
        rows = track(self.run, self.day.handout.coords, self.day.terminals)
        element = _add(root, "trk")
        _say(element, "name", title)
        for row in rows:
            segment = _add(element, "trkseg")
            for node, time_s in row:
                fix = _point(segment, "trkpt", self.day.places[node])
                _say(fix, "time", self.day.utc(time_s))


def _name(row: SheetRow) -> str:
    """What a driver sees at the point: turn, what is done, where; litres or kilograms."""
    if row.kind in ("travel", "return", "transfer") and row.place:
        return f"{row.title} → {row.place}"
    said = [row.turn, row.title, row.place, row.section, row.pass_text, row.side]
    if row.kind in _VISITS:
        said.append(row_note(row))
    if row.site:
        said.append(row.stream)
    return " ".join(part for part in said if part)


def _hours(row: SheetRow) -> str:
    start, end = clock(row.start_s), clock(row.end_s)
    return start if start == end else f"{start}–{end}"


def _point(
    parent: Xml.Element,
    tag: str,
    at: tuple[float, float],
    name: str = "",
    what: str = "",
    kind: str = "",
) -> Xml.Element:
    """A wptType of the schema: its children in the schema's order."""
    element = Xml.SubElement(parent, tag, {"lat": f"{at[1]:.7f}", "lon": f"{at[0]:.7f}"})
    for key, said in (("name", name), ("desc", what), ("type", kind)):
        if said:
            _say(element, key, said)
    return element


def _add(parent: Xml.Element, tag: str) -> Xml.Element:
    return Xml.SubElement(parent, tag)


def _say(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = lawful(text)
