"""Vehicles, drivers, depots and shifts.

Units: seconds, litres, metres, km/h and CNY, as the names say. Clock times are seconds
after 00:00 of the plan's date; a night shift starts below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

WALKING_KMH = 7.0  # who is no faster than this walks


@dataclass(frozen=True, slots=True)
class VehicleType:
    """What every vehicle of one type can do.

    A type without a clean tank (``clean_l == 0``) does no wet work. ``recovered`` is the share
    of the water that comes back into the dirty tank (0 for a sprinkler).
    """

    id: str
    name: str
    name_en: str
    services: tuple[str, ...]
    work_kmh: dict[str, float]  # by service and shift ("wash:night"), else by service ("wash")
    width_m: dict[str, float]  # effective working width by service
    water_l_per_m: dict[str, float]  # clean water per metre of service; keys as in work_kmh
    clean_l: int
    dirty_l: int
    recovered: float
    helpers: int
    fuel_l_per_100km: float
    fuel_l_per_work_h: float
    fixed_cny_per_run: float
    provenance: str = ""
    payload_kg: int = 0
    streams: tuple[str, ...] = ()  # of waste that it may carry
    stop_s: int = 0  # time of each stop, beside its bins
    bin_s: float = 0.0
    narrow: bool = False  # fits narrow lanes
    pump_s_per_m3: float = 0.0  # pumping out a septic tank
    kmh: float = 0.0  # top speed on the way; 0: as fast as the streets allow

    @property
    def on_foot(self) -> bool:
        """Whether it is a person who walks."""
        return 0 < self.kmh <= WALKING_KMH

    def speed_kmh(self, service: str, shift: str) -> float:
        """Working speed of ``service`` in ``shift``, km/h; KeyError if the type cannot do it."""
        return self.work_kmh.get(f"{service}:{shift}") or self.work_kmh[service]

    def water_rate(self, service: str, shift: str) -> float:
        """Clean water used per metre of ``service`` in ``shift``, L/m; 0 for dry work.

        A pump gives the same litres a minute at every speed, so a slower pass uses more a metre.
        """
        rates = self.water_l_per_m
        return rates.get(f"{service}:{shift}", rates.get(service, 0.0))


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One truck. ``status`` is in_service, spare or workshop."""

    id: str
    plate: str
    type_id: str
    depot_id: str
    status: str
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Driver:
    """One person. ``role`` is driver or helper; ``rest_weekday`` 0 is Monday."""

    id: str
    name: str
    role: str
    depot_id: str
    rest_weekday: int
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Attendant:
    """A person who looks after a toilet; ``toilet_id`` is the home toilet."""

    id: str
    name: str
    toilet_id: str
    rest_weekday: int  # 0 is Monday
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Depot:
    """A yard where vehicles stand, are filled and emptied before they depart."""

    id: str
    name: str
    lon: float
    lat: float
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A named stretch of the day: every run of it departs and returns inside [start_s, end_s]."""

    id: str
    name: str
    name_en: str
    start_s: int
    end_s: int
    min_window_s: int  # shorter wet windows than this are not worth sending trucks out for
    provenance: str = ""
    services: tuple[str, ...] = ()  # services whose table of hours it is

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s:
            raise ValueError(f"shift {self.id} starts at {self.start_s} s but ends at {self.end_s}")


@dataclass(frozen=True, slots=True)
class Use:
    """A facility taken by one truck during [start_s, end_s)."""

    facility: str
    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s:
            raise ValueError(f"use of {self.facility} ends at {self.end_s} s or before")


@dataclass(frozen=True, slots=True)
class SolveNote:
    """How an answer was found, as the solver itself says it.

    ``status``: optimal (proven, ``gap`` within the tolerance), feasible (stopped at the node
    limit with an answer), heuristic (the answer is the search's, the model gave none better),
    infeasible (proven: no answer), none (stopped without an answer). ``gap`` is the relative
    distance to the proven bound, None where no bound is known; ``objective`` is the model's, None
    without an answer; ``nodes`` were searched.
    """

    status: str
    gap: float | None
    objective: float | None
    nodes: int

    @property
    def text(self) -> str:
        """One line for people, for example "feasible, gap 2.1 %, 200 nodes"."""
        gap = "" if self.status == "optimal" or self.gap is None else f", gap {self.gap:.1%}"
        return f"{self.status}{gap.replace('%', ' %')}, {self.nodes} nodes"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a run's fuel, water and driver cost; the defaults are editable figures (mark R)."""

    diesel_cny_l: float = 7.5
    water_cny_m3: float = 7.9
    driver_cny_h: float = 45.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run costs. ``driver_cny`` pays the whole run, ``fixed_cny`` is for sending it."""

    fuel_l: float
    fuel_cny: float
    water_cny: float
    driver_cny: float
    fixed_cny: float
    total_cny: float
    co2_kg: float


@dataclass(frozen=True, slots=True)
class DutyRules:
    """The hours of drivers and helpers and the pauses of vehicles.

    The defaults are the editable figures of the rules table (mark R, never a norm).
    """

    duty_day_runs: int = 3
    duty_day_work_s: int = 28_800
    duty_day_span_s: int = 43_200
    between_days_s: int = 39_600
    week_work_s: int = 158_400
    days_in_row: int = 6
    driver_gap_s: int = 600  # between two runs of a driver
    vehicle_gap_s: int = 900  # between two runs of a vehicle

    def __post_init__(self) -> None:
        for name in ("duty_day_runs", "duty_day_work_s", "duty_day_span_s", "days_in_row"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
