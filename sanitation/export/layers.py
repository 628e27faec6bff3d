"""A plan as features of a map, in layers: what GeoJSON and GeoPackage are made of.

Layers: ``runs`` (a run's whole path), ``work`` (its stops along streets: service, travel, return),
``stops`` (those at one place), ``facilities``, ``sites``, ``uncovered`` and ``streets``. Places are
lon, lat in the system asked for, seven decimals. Fields have the names and units of plan.json:
``water_l``, ``dirty_l`` and ``load_kg`` are what is on board after the stop; names are in the
language asked for. What has no place (a terminal, the way to it) has a feature without a geometry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sanitation.balance import moves_of
from sanitation.export.crs import convert
from sanitation.export.directions import Coords
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.tracks import (
    Spot,
    on_map,
    places_of,
    rounded,
    spots,
    terminals_of,
    track,
)
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, Duty, Run, Stop
from sanitation.planvalues import Clock

Value = str | int | None
Line = tuple[tuple[float, float], ...]
# Of the streets; the Open Database Licence asks for it.
ATTRIBUTION = "© OpenStreetMap contributors, ODbL"
RUNS, WORK, STOPS = "runs", "work", "stops"
FACILITIES, SITES, UNCOVERED, STREETS = "facilities", "sites", "uncovered", "streets"
_ALONG = ("service", "travel", "return")
_RUN = ("run", "service", "service_name", "shift", "vehicle", "plate", "driver", "driver_name")
_STOP = (
    *(*_RUN, "stop", "kind", "start", "end", "road", "road_name", "section", "pass", "round"),
    *("lane", "facility", "site", "place_name", "stream", "bins", "duty", "length_m", "water_l"),
    *("dirty_l", "load_kg"),
)
# The fields of each layer in their order, and which of them are whole numbers.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    RUNS: (*_RUN, "start", "end", "depot", "length_m", "work_m", "stops"),
    WORK: _STOP,
    STOPS: _STOP,
    FACILITIES: ("id", "kind", "name", "visits"),
    SITES: ("id", "kind", "name", "visits", "load_kg"),
    UNCOVERED: (
        *("duty", "service", "service_name", "shift", "road", "road_name", "section", "pass"),
        *("round", "site", "place_name", "length_m", "load_kg", "cause", "text"),
    ),
    STREETS: ("way", "name", "class"),
}
NUMBERS = frozenset(
    (
        *("length_m", "work_m", "stops", "stop", "pass", "round", "lane", "bins", "water_l"),
        *("dirty_l", "load_kg", "visits", "way"),
    )
)
_CLASSES = ("arterial", "secondary", "branch")


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map. ``lines`` has a row of places for every unbroken line, one place in a
    row for a point, and nothing where the place is not known."""

    layer: str
    lines: tuple[Line, ...]
    fields: Mapping[str, Value]


class Layers:
    """The features of a handout in a language and a system of coordinates.

    With ``one_run`` there is nothing of the rest of the day: facilities are those the run goes to.
    """

    def __init__(self, handout: Handout, lang: str, crs: str, one_run: bool) -> None:
        district = handout.district
        self._handout, self._lang, self._crs, self._one_run = handout, lang, crs, one_run
        self._places: Coords = on_map(handout.coords, crs)
        self._spots = spots(district)
        self._terminals = terminals_of(district)
        self._clock = Clock(handout.plan.date, handout.plan.utc_offset)
        english = lang == "en"
        self._roads = {
            road.id: (road.name_en or road.name) if english else road.name
            for road in district.roads
        }
        self._plates = {vehicle.id: vehicle.plate for vehicle in district.vehicles}
        self._drivers = {driver.id: driver.name for driver in district.drivers}

    def runs(self) -> Iterator[Feature]:
        """A line a run: broken where it leaves the streets."""
        for run in self._handout.plan.runs:
            rows = track(run, self._handout.coords, self._terminals)
            # What stands is two fixes at one node.
            paths = ([node for node, _ in groupby(node for node, _ in row)] for row in rows)
            lines = tuple(self._line(path) for path in paths)
            work_m = sum(stop.length_m for stop in run.stops if stop.kind == "service")
            yield Feature(
                RUNS,
                tuple(line for line in lines if len(line) > 1),
                {
                    **self._run(run),
                    "start": self._clock.text(run.start_s),
                    "end": self._clock.text(run.end_s),
                    "depot": run.depot_id,
                    "length_m": sum(stop.length_m for stop in run.stops),
                    "work_m": work_m,
                    "stops": sum(stop.kind == "service" for stop in run.stops),
                },
            )

    def stops(self) -> Iterator[Feature]:
        """Every stop of every run in the plan's order: a line where it is driven, else a point."""
        for run in self._handout.plan.runs:
            about = self._run(run)
            at = places_of(run, self._handout.coords, self._terminals)
            for number, (stop, nodes) in enumerate(zip(run.stops, at, strict=True)):
                line = self._line(nodes)
                # A turn on the spot has no way.
                driven = stop.kind in _ALONG and not stop.site_id and len(line) != 1
                yield Feature(
                    WORK if driven else STOPS,
                    (line,) if line else (),
                    {**about, "stop": number, **self._stop(run, stop)},
                )

    def facilities(self) -> Iterator[Feature]:
        """Depots, fill points, dump points, stations and terminals."""
        used = Counter(
            stop.facility for run in self._handout.plan.runs for stop in run.stops if stop.facility
        )
        kinds = ("depot", "fill_point", "dump_point", "station", "terminal")
        for spot in sorted(self._spots.values(), key=lambda spot: spot.id):
            if spot.kind in kinds and (used[spot.id] or not self._one_run):
                yield Feature(
                    FACILITIES, self._point(spot), {**_about(spot), "visits": used[spot.id]}
                )

    def sites(self) -> Iterator[Feature]:
        """Where runs work at one place: communities, toilets, tanks, stations of hauls."""
        visits: Counter[str] = Counter()
        load_kg: Counter[str] = Counter()
        for run in self._handout.plan.runs:
            moves = moves_of(run)
            for number, stop in enumerate(run.stops):
                if stop.kind == "service" and stop.site_id:
                    visits[stop.site_id] += 1
                    if move := moves.get(number):
                        load_kg[stop.site_id] += move.load_kg
        for site_id in sorted(visits):
            spot = self._spots.get(site_id, Spot(site_id, "", site_id, None))
            fields = {"visits": visits[site_id], "load_kg": load_kg[site_id]}
            yield Feature(SITES, self._point(spot), {**_about(spot), **fields})

    def uncovered(self) -> Iterator[Feature]:
        """What is due and in no run, with the cause, where it should be done."""
        for entry in () if self._one_run else self._handout.plan.uncovered:
            duty = entry.duty
            fields = {**self._duty(duty), "cause": entry.cause, "text": entry.text}
            yield Feature(UNCOVERED, self._where(duty), fields)

    def streets(self) -> Iterator[Feature]:
        """The ways of the network."""
        for street in self._handout.streets:
            yield Feature(
                STREETS,
                (self._line(street.nodes),),
                {
                    "way": street.way_id,
                    "name": street.name,
                    "class": _CLASSES[street.road_class],
                },
            )

    def _line(self, nodes: Sequence[int]) -> Line:
        return tuple(self._places[node] for node in nodes)

    def _point(self, spot: Spot) -> tuple[Line, ...]:
        return ((rounded(convert(*spot.at, self._crs)),),) if spot.at else ()

    def _where(self, duty: Duty) -> tuple[Line, ...]:
        if duty.site_id:
            spot = self._spots.get(duty.site_id)
            return self._point(spot) if spot else ()
        nodes = self._handout.section_nodes.get(duty.section_id, ())
        return (self._line(nodes),) if nodes else ()

    def _run(self, run: Run) -> dict[str, Value]:
        return {
            "run": run.id,
            "service": run.service,
            "service_name": word(run.service, self._lang),
            "shift": run.shift_id,
            "vehicle": run.vehicle_id,
            "plate": self._plates.get(run.vehicle_id, ""),
            "driver": run.driver_id,
            "driver_name": self._drivers.get(run.driver_id, ""),
        }

    def _stop(self, run: Run, stop: Stop) -> dict[str, Value]:
        tanked = run.service not in SITE_SERVICES | LOADED_SERVICES
        spot = self._spots.get(stop.site_id or stop.facility)
        return {
            "kind": stop.kind,
            "start": self._clock.text(stop.start_s),
            "end": self._clock.text(stop.end_s),
            "road": stop.road_id or None,
            "road_name": self._roads.get(stop.road_id) if stop.road_id else None,
            "section": stop.section_id or None,
            "pass": stop.pass_no or None,
            "round": stop.round_no or None,
            "lane": stop.lane or None,
            "facility": stop.facility or None,
            "site": stop.site_id or None,
            "place_name": spot.name if spot else None,
            "stream": stop.stream or None,
            "bins": stop.bins or None,
            "duty": stop.duty_id or None,
            "length_m": stop.length_m,
            "water_l": stop.water_l if tanked else None,
            "dirty_l": stop.dirty_l if tanked else None,
            "load_kg": stop.load_kg if run.service in LOADED_SERVICES else None,
        }

    def _duty(self, duty: Duty) -> dict[str, Value]:
        spot = self._spots.get(duty.site_id)
        return {
            "duty": duty.id,
            "service": duty.service,
            "service_name": word(duty.service, self._lang),
            "shift": duty.shift_id,
            "road": duty.road_id or None,
            "road_name": self._roads.get(duty.road_id) if duty.road_id else None,
            "section": duty.section_id or None,
            "pass": duty.pass_no or None,
            "round": duty.round_no or None,
            "site": duty.site_id or None,
            "place_name": spot.name if spot else None,
            "length_m": duty.length_m,
            "load_kg": duty.load_kg or None,
        }


def _about(spot: Spot) -> dict[str, Value]:
    return {"id": spot.id, "kind": spot.kind, "name": spot.name}
