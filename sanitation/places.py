"""Places and the tables about them: points where something is taken, filled, emptied or cleaned.

Units: metres, seconds after 00:00, kilograms, litres; lon, lat in WGS-84. Ids are strings.
"""

from __future__ import annotations

from dataclasses import dataclass

NIGHT_SOIL = "night_soil"  # what septic tanks hold: no stream of streams.csv, and in no station


@dataclass(frozen=True, slots=True)
class Toilet:
    id: str
    name: str
    subdistrict: str
    lon: float
    lat: float
    toilet_class: int
    mode: str  # attended, roving
    open_24h: bool
    septic_m3: float
    provenance: str
    round_by: str = ""  # vehicle type of its rounds, "" where it is attended


@dataclass(frozen=True, slots=True)
class ToiletStandard:
    """How often toilets of a class that a vehicle type goes round are visited in a shift.

    On a day on which rows of several conditions hold, the strongest takes the place of the others
    for its class, type and shift: event before heat before plain.
    """

    id: str
    toilet_class: int
    season: str  # warm, cold, any
    condition: str  # plain, heat, event
    type_id: str
    shift_id: str
    visits: int
    clean_s: int
    deodorise_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class ToiletPost:
    """Hours in which attended toilets of a class are staffed; rows that hold together add up.

    ``hours_of``: day, every attended toilet; night, those that are open at night (all of them in
    the summer); always, those that are open 24 h all year.
    """

    id: str  # morning, afternoon, night, ...
    name: str
    name_en: str
    toilet_class: int
    hours_of: str
    season: str  # warm, cold, any
    start_s: int
    end_s: int
    staff: int
    provenance: str


@dataclass(frozen=True, slots=True)
class TransferStation:
    """Where collection trucks unload; ``unload_s`` is the time in a bay."""

    id: str
    name: str
    subdistrict: str
    lon: float
    lat: float
    throughput_t_day: float
    bays: int
    open_s: int
    close_s: int
    unload_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Community:
    """Daily waste by stream in kilograms.

    ``windows`` narrow the hours of the streams, () for all of them; ``access`` is wide, or narrow
    where only small trucks fit; ``recyclable_slot`` and ``hazardous_slot`` say on which days of
    their cycle these streams are taken (see Stream).
    """

    id: str
    name: str
    subdistrict: str
    lon: float
    lat: float
    households: int
    bins: int
    residual_kg: float
    kitchen_kg: float
    recyclable_kg: float
    hazardous_kg: float
    windows: tuple[tuple[int, int], ...]
    access: str
    recyclable_slot: int
    hazardous_slot: int
    provenance: str

    def kg_a_day(self, stream: str) -> float:
        """What a day brings of a stream: residual, kitchen, recyclable or hazardous."""
        return float(getattr(self, f"{stream}_kg"))

    def slot(self, stream: str) -> int:
        """The day of the stream's cycle on which it is taken; 0 for a daily stream."""
        return int(getattr(self, f"{stream}_slot", 0))


@dataclass(frozen=True, slots=True)
class SepticTank:
    """A septic tank 化粪池 at a toilet or community, whose place is its own.

    ``inflow_m3_day`` is what settles in it. It must not hold more than ``limit_share`` of its
    volume, and is checked and emptied at least every ``cycle_days``. ``level_m3`` and
    ``since_days`` (days since it was last emptied) are those at 00:00 of a date of which no plan
    of the days before is at hand.
    """

    id: str
    site_id: str
    volume_m3: float
    inflow_m3_day: float
    limit_share: float
    level_m3: float
    cycle_days: int
    since_days: int
    provenance: str

    @property
    def limit_kg(self) -> int:
        return round(1000 * self.volume_m3 * self.limit_share)

    @property
    def inflow_kg(self) -> int:
        """What settles in a day; 1 m³ is 1,000 kg."""
        return round(1000 * self.inflow_m3_day)

    @property
    def level_kg(self) -> int:
        return round(1000 * self.level_m3)


@dataclass(frozen=True, slots=True)
class FillPoint:
    """Where clean water is taken. ``kind`` is water_crane or hydrant."""

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    bays: int
    flow_l_per_s: float
    connect_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class DumpPoint:
    """Where a washer empties its dirty tank."""

    id: str
    name: str
    lon: float
    lat: float
    bays: int
    service_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A named place: a brine station or a rain-prone spot."""

    id: str
    name: str
    lon: float
    lat: float
    provenance: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A kind of waste that is kept apart all the way.

    It is due at a community on the days whose proleptic ordinal (1 January of the year 1 is 1)
    leaves the community's slot when divided by ``every_days``, then with the waste of all these
    days. ``same_day``: what came in during the day leaves the stations before the day ends.
    """

    id: str  # residual, kitchen, recyclable, hazardous
    name: str
    name_en: str
    every_days: int
    kg_per_bin: float
    same_day: bool
    provenance: str


@dataclass(frozen=True, slots=True)
class CollectionTime:
    """A shift in which a stream may be taken, and when in it the communities may be visited."""

    id: str
    stream: str
    shift_id: str
    start_s: int
    end_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class StationStream:
    """A stream that a station accepts: its containers, and what is in them at 00:00.

    ``places`` containers of ``container_kg`` stand there; one that is full waits for its haul.
    """

    id: str
    station_id: str
    stream: str
    places: int
    container_kg: int
    opening_kg: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where containers are emptied, outside the district; ``tip_s`` is the time there."""

    id: str
    name: str
    streams: tuple[str, ...]
    open_s: int
    close_s: int
    tip_s: int
    provenance: str


@dataclass(frozen=True, slots=True)
class TerminalWay:
    """The way between a station or depot and a terminal, the same in both directions."""

    id: str
    place_id: str
    terminal_id: str
    travel_s: int
    length_m: int
    provenance: str
