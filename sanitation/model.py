"""The district, its duties and the plan of a day, as frozen data.

Units and conventions: metres, seconds, kilograms, litres; the unit is in the name. Coordinates
are lon, lat in WGS-84. Times of a plan are seconds after 00:00 of the plan's date and may be
negative (the night shift starts the evening before) or pass 86,400. Windows are
[start_s, end_s). Ids are strings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet.model import Attendant, Depot, Driver, Shift, Vehicle, VehicleType
from sanitation.places import (
    CollectionTime,
    Community,
    DumpPoint,
    FillPoint,
    SepticTank,
    Spot,
    StationStream,
    Stream,
    Terminal,
    TerminalWay,
    Toilet,
    ToiletPost,
    ToiletStandard,
    TransferStation,
)

WET_SERVICES = frozenset({"wash", "sprinkle"})
# Their trucks carry kilograms, not water.
LOADED_SERVICES = frozenset({"collect", "haul", "septic", "bins"})
# Done standing at a site; all others along streets.
SITE_SERVICES = frozenset({"collect", "haul", "septic", "toilet"})
STATION_SERVICES = frozenset({"collect", "bins"})  # what they bring is let off at the stations


@dataclass(frozen=True, slots=True)
class Window:
    """When work is allowed: [start_s, end_s), seconds after 00:00 of the plan's date."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s:
            raise ValueError(f"window starts at {self.start_s} s but ends at {self.end_s} s")


@dataclass(frozen=True, slots=True)
class Subdistrict:
    id: str
    name: str
    name_en: str
    lon: float
    lat: float
    provenance: str


@dataclass(frozen=True, slots=True)
class Road:
    """A cleaned road: a street, or a stretch of one, made of whole OpenStreetMap ways.

    ``width_m`` is the carriageway from kerb to kerb (both carriageways of a dual one together),
    ``lanes`` counts both directions, ``area_m2`` is carriageway plus footway.
    """

    id: str
    name: str
    name_en: str
    from_street: str
    to_street: str
    road_class: str  # arterial, secondary, branch
    grade: int  # 1 to 4
    key_area: bool
    subdistrict: str
    length_m: float
    width_m: float
    lanes: int
    footway_m2: float
    area_m2: float
    way_ids: tuple[int, ...]
    provenance: str
    bins: int = 0  # litter bins at its kerbs, all sides together


@dataclass(frozen=True, slots=True)
class Standard:
    """One row of the standards table: what a grade is due, when, and under which condition.

    ``passes`` is the number of passes of a whole round over both directions of the road; rounds
    share the shift out evenly, so that two rounds are not driven one after the other.
    """

    id: str
    service: str
    grade: int
    season: str  # warm, cold, any
    condition: str  # plain, heat, pollution_yellow, pollution_orange, pollution_red, cold_sweep
    scope: str  # all, key, other
    shift_id: str
    rounds: int
    passes: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Climate:
    """Mean daily extremes of a month, degrees Celsius."""

    month: int
    tmin_c: float
    tmax_c: float
    provenance: str


@dataclass(frozen=True, slots=True)
class District:
    """Everything read from a district's folder. Tuples are sorted by id."""

    id: str
    name: str
    name_en: str
    utc_offset: str  # "+08:00"
    model: bool  # True: the tables are a model of the real district and every output says so
    folder: Path
    digest: str  # of the rows (sorted) of every table and of the network's bytes
    roads: tuple[Road, ...]
    subdistricts: tuple[Subdistrict, ...]
    toilets: tuple[Toilet, ...]
    stations: tuple[TransferStation, ...]
    communities: tuple[Community, ...]
    depots: tuple[Depot, ...]
    fill_points: tuple[FillPoint, ...]
    dump_points: tuple[DumpPoint, ...]
    brine_stations: tuple[Spot, ...]
    flood_spots: tuple[Spot, ...]
    vehicle_types: tuple[VehicleType, ...]
    vehicles: tuple[Vehicle, ...]
    drivers: tuple[Driver, ...]
    shifts: tuple[Shift, ...]
    standards: tuple[Standard, ...]
    climate: tuple[Climate, ...]
    rules: dict[str, float]
    streams: tuple[Stream, ...] = ()
    collection: tuple[CollectionTime, ...] = ()
    station_streams: tuple[StationStream, ...] = ()
    terminals: tuple[Terminal, ...] = ()
    terminal_ways: tuple[TerminalWay, ...] = ()
    septic_tanks: tuple[SepticTank, ...] = ()
    toilet_posts: tuple[ToiletPost, ...] = ()
    attendants: tuple[Attendant, ...] = ()
    toilet_standards: tuple[ToiletStandard, ...] = ()

    @property
    def network_file(self) -> Path:
        return self.folder / "network.osm"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of one day, hour by hour, and what they allow.

    ``hourly_c`` maps the hour (from -2, 22:00 of the evening before, to 23) to degrees Celsius.
    ``wet_windows`` is where wet work is allowed by season, weather and temperature; the peak bans
    are not taken out of it. ``wet_rules`` names the rule for every stretch that is not allowed:
    (start_s, end_s, rule).
    """

    date: str  # ISO 8601
    season: str  # warm, cold
    weather: str  # clear, cloudy, rain, snow
    tmin_c: float
    tmax_c: float
    hourly_c: tuple[tuple[int, float], ...]
    alerts: tuple[tuple[str, str], ...]  # (kind, level), sorted
    active: tuple[str, ...]  # conditions of the standards table that hold, sorted
    wet_windows: tuple[Window, ...]
    wet_rules: tuple[tuple[int, int, str], ...]
    sweep_windows: tuple[Window, ...]
    peak_bans: tuple[Window, ...]
    foot_ban: tuple[Window, ...]  # no outdoor work on foot (heat)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """作业路段: one direction of a stretch of a road, the unit of assignment.

    ``arcs`` are indices into the district's street network, head to tail, driven in that order.
    ``section_id`` is "<road>-<seq><F|B>"; ``pair`` is the same stretch without its direction.
    """

    id: str
    road_id: str
    pair: str
    direction: str  # forward, backward: along or against the road's from -> to
    arcs: tuple[int, ...]
    length_m: int
    width_m: float  # this direction's share of the carriageway
    lanes: int  # of this direction
    from_name: str
    to_name: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One pass over one section, or one stop at one site, due in a window of a shift.

    ``windows`` are the permitted times (start and end of the work inside one of them).
    ``round_no`` and ``pass_no`` count from 1; ``lane`` 1 is at the kerb. At a site (a community, a
    station, a toilet) nothing is driven: ``section_id`` and ``road_id`` are "", ``length_m`` and
    ``lane`` are 0, and the fields from ``site_id`` on say what is done there. Of a septic tank
    ``round_no`` is the truck load, from 1. A pass that empties litter bins has ``stream``,
    ``load_kg`` and ``bins`` too.
    """

    # "<service>/<shift>/<section>/r<round>p<pass>", "<service>/<shift>/<site>/<stream>" or
    # "<service>/<shift>/<site>/r<round>"
    id: str
    service: str
    shift_id: str
    section_id: str
    road_id: str
    round_no: int
    pass_no: int
    lane: int
    length_m: int
    windows: tuple[Window, ...]
    priority: int  # higher is kept when not everything fits
    site_id: str = ""
    stream: str = ""  # of the waste that is taken on
    load_kg: int = 0  # taken on
    bins: int = 0  # emptied
    work_s: int = 0  # beside what the bins take
    types: tuple[str, ...] = ()  # vehicle types that may come; () for all that do the service
    may_wait: bool = False  # not due yet: done where trucks have time, and else nobody misses it

    @property
    def place_id(self) -> str:
        """The section, or the site."""
        return self.section_id or self.site_id


@dataclass(frozen=True, slots=True)
class Suspended:
    """A duty that weather or an order forbids, with the rule that does."""

    duty: Duty
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A duty that is due but in no run: the binding constraint and the smallest fix."""

    duty: Duty
    cause: str
    text: str
    fix: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """One row of a run, see plan.json in data/README.md. Nodes and ways are OSM ids."""

    kind: str  # depart, service, travel, transfer, fill, dump, unload, rest, wait, return
    start_s: int
    end_s: int
    nodes: tuple[int, ...] = ()
    ways: tuple[int, ...] = ()
    length_m: int = 0
    duty_id: str = ""
    section_id: str = ""
    road_id: str = ""
    pass_no: int = 0
    round_no: int = 0
    lane: int = 0
    facility: str = ""
    water_l: int = 0
    dirty_l: int = 0
    site_id: str = ""
    stream: str = ""
    load_kg: int = 0  # on board after the stop
    bins: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One vehicle's way through one shift, from its depot back to it."""

    id: str
    service: str
    shift_id: str
    vehicle_id: str
    driver_id: str
    helper_ids: tuple[str, ...]
    depot_id: str
    start_s: int
    end_s: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """值守: hours of a day in which a toilet is staffed, and by whom.

    ``post_id`` is the row of the posts' table; ``missing`` of the ``needed`` people are not there,
    for the reason ``text``, which ``fix`` mends.
    """

    toilet_id: str
    post_id: str
    start_s: int
    end_s: int
    needed: int
    attendants: tuple[str, ...]
    missing: int = 0
    text: str = ""
    fix: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks, from the referee's closed list of causes."""

    cause: str
    run_id: str
    stop: int  # index of the stop in the run, -1 for the whole run or plan
    text: str


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The plan of a date: 22:00 of the evening before to 22:00 of the date."""

    date: str
    district_id: str
    district_name: str
    model: bool
    utc_offset: str
    seed: int
    conditions: dict[str, Any]
    indicators: dict[str, Any]
    runs: tuple[Run, ...]
    uncovered: tuple[Uncovered, ...]
    suspended: tuple[Suspended, ...]
    violations: tuple[Violation, ...]
    provenance: dict[str, Any] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
