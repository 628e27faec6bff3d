"""Vehicles, drivers, depots and shifts.

Units: seconds, litres, metres, km/h and CNY, as the names say. Clock times are seconds
after 00:00 of the plan's date; a night shift starts below zero.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    water_l_per_m: dict[str, float]  # clean water used per metre of service, by service
    clean_l: int
    dirty_l: int
    recovered: float
    helpers: int
    fuel_l_per_100km: float
    fuel_l_per_work_h: float
    fixed_cny_per_run: float
    provenance: str = ""

    def speed_kmh(self, service: str, shift: str) -> float:
        """Working speed of ``service`` in ``shift``, km/h; KeyError if the type cannot do it."""
        return self.work_kmh.get(f"{service}:{shift}") or self.work_kmh[service]


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

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s:
            raise ValueError(f"shift {self.id} starts at {self.start_s} s but ends at {self.end_s}")
