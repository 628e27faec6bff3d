"""The options of a day's plan, and how they are read from what a user types."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fleet.model import VehicleType
from sanitation.cells import did_you_mean, folded
from sanitation.conditions import conditions_of, parse_alert, read_forecast
from sanitation.errors import UsageError
from sanitation.model import District

# Services that the planner plans; also the order in which they are kept.
SERVICES = {
    "wash": "洗路",
    "sprinkle": "洒水",
    "sweep": "机扫",
    "collect": "收运",
    "haul": "转运",
    "septic": "化粪池清掏",
    "bins": "果皮箱收运",
    "toilet": "公厕保洁",
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NEARLY_ISO = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
_SEPARATOR = re.compile(r"[,;，；、]")


@dataclass(frozen=True, slots=True)
class Options:
    """What a plan is asked for; together with the district it decides every byte of it.

    ``time_limit_s`` None is the planner's own limit; ``iterations`` is the deterministic stop.
    ``fleet`` caps the vehicles that go out by vehicle type id; ``forecast`` is (hour, degrees
    Celsius); ``alerts`` is (kind, level). ``orders_file`` is a name for the provenance, no path.
    """

    date: str  # ISO 8601
    seed: int = 1
    time_limit_s: float | None = None
    iterations: int | None = None
    services: tuple[str, ...] = tuple(SERVICES)
    fleet: tuple[tuple[str, int], ...] = ()
    weather: str = "clear"
    tmin_c: float | None = None
    tmax_c: float | None = None
    forecast: tuple[tuple[int, float], ...] = ()
    alerts: tuple[tuple[str, str], ...] = ()
    orders_file: str = ""
    closed: tuple[str, ...] = ()  # stations where nothing is unloaded
    tonnage: float = 1.0  # share of the tables' waste that the day brings
    event: bool = False  # a day that brings many people: more visits of toilets


@dataclass(frozen=True, slots=True)
class Typed:
    """The options as they were typed, unchecked; "" and None where one was not given."""

    date: str = ""
    seed: int = 1
    time_limit_s: float | None = None
    iterations: int | None = None
    services: str = ""
    fleet: str = ""
    weather: str = "clear"
    tmin_c: float | None = None
    tmax_c: float | None = None
    forecast: Path | None = None
    alerts: tuple[str, ...] = ()
    orders: Path | None = None
    closed: tuple[str, ...] = ()
    tonnage: float = 1.0
    event: bool = False


def read_options(typed: Typed, district: District, now: dt.datetime) -> Options:
    """Check what was typed against the district.

    Args:
        now: the present moment with its offset, for the default date.

    Raises:
        UsageError: an option that makes no sense, or a file that is missing.
        TableError: the forecast file has faults; all of them at once.
    """
    date = parse_date(typed.date) if typed.date else first_open_date(now, district)
    limit = typed.time_limit_s
    if limit is not None and not (math.isfinite(limit) and limit >= 0):
        raise UsageError(f"--time-limit {limit:g}: must be seconds, 0 or more")
    for name, count in (("--iterations", typed.iterations), ("--seed", typed.seed)):
        if count is not None and count < 0:
            raise UsageError(f"{name} {count}: must be 0 or more")
    if not (math.isfinite(typed.tonnage) and 0 <= typed.tonnage <= 10):
        raise UsageError(f"--tonnage {typed.tonnage:g}: must be from 0 to 10; 1.15 is 15 % more")
    if typed.orders is not None and not typed.orders.is_file():
        raise UsageError(f"--orders {typed.orders}: there is no such file")
    alerts = tuple(sorted({parse_alert(alert) for alert in typed.alerts}))
    forecast = {} if typed.forecast is None else read_forecast(typed.forecast)
    options = Options(
        date=date,
        seed=typed.seed,
        time_limit_s=limit,
        iterations=typed.iterations,
        services=parse_services(typed.services) if typed.services else tuple(SERVICES),
        fleet=parse_fleet(typed.fleet, district.vehicle_types) if typed.fleet else (),
        weather=typed.weather,
        tmin_c=typed.tmin_c,
        tmax_c=typed.tmax_c,
        forecast=tuple(sorted(forecast.items())),
        alerts=alerts,
        orders_file="" if typed.orders is None else typed.orders.name,
        closed=parse_closed(typed.closed, district),
        tonnage=typed.tonnage,
        event=typed.event,
    )
    # Weather and temperatures are judged where they are used; here only so as to fail early.
    conditions_of(
        options.date,
        district,
        weather=options.weather,
        tmin_c=options.tmin_c,
        tmax_c=options.tmax_c,
        forecast=forecast,
        alerts=options.alerts,
    )
    return options


def parse_date(text: str) -> str:
    """An ISO 8601 date, as typed.

    Raises:
        UsageError: another spelling, or no such day.
    """
    if _ISO.fullmatch(text):
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise UsageError(f"date {text!r}: there is no such day", str(error)) from error
    hint = "write it as 2026-07-15"
    if parts := _NEARLY_ISO.fullmatch(text.strip()):
        year, month, day = (int(part) for part in parts.groups())
        hint = f"write it as {year:04d}-{month:02d}-{day:02d}"
    raise UsageError(f"date {text!r} is not written as year-month-day", hint)


def first_open_date(now: dt.datetime, district: District) -> str:
    """The first date of which no shift has begun.

    With a first departure at 22:30 of the evening before, that is tomorrow until 22:30 and the
    day after from then on.
    """
    sign = -1 if district.utc_offset.startswith("-") else 1
    hours, minutes = (int(part) for part in district.utc_offset[1:].split(":"))
    zone = dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))
    first_s = min((shift.start_s for shift in district.shifts), default=0)
    begun = now.astimezone(zone) - dt.timedelta(seconds=first_s)
    return (begun.date() + dt.timedelta(days=1)).isoformat()


def parse_services(text: str) -> tuple[str, ...]:
    """``wash,sprinkle`` -> services in the order of SERVICES; Chinese names do as well.

    Raises:
        UsageError: an unknown service, or none.
    """
    chinese = {name: service for service, name in SERVICES.items()}
    chosen = set()
    for word in _words(text):
        service = chinese.get(word, word)
        if service not in SERVICES:
            hint = did_you_mean(word, SERVICES) or "services: " + ", ".join(SERVICES)
            raise UsageError(f"--services {text!r}: unknown service {word!r}", hint)
        chosen.add(service)
    if not chosen:
        raise UsageError(f"--services {text!r}: no service", "services: " + ", ".join(SERVICES))
    return tuple(service for service in SERVICES if service in chosen)


def parse_closed(names: Iterable[str], district: District) -> tuple[str, ...]:
    """Stations by id or Chinese name -> their ids, sorted.

    Raises:
        UsageError: one that the district does not have.
    """
    known = {station.id.lower(): station.id for station in district.stations}
    known |= {folded(station.name).lower(): station.id for station in district.stations}
    closed = set()
    for name in names:
        for word in _words(name):
            if word not in known:
                raise unknown_id("station", word, [station.id for station in district.stations])
            closed.add(known[word])
    return tuple(sorted(closed))


def parse_fleet(text: str, types: Sequence[VehicleType]) -> tuple[tuple[str, int], ...]:
    """``washers=25,sprinklers=20`` -> ((type id, cap), ...), sorted by id.

    A type may be named by its id, with an s or without, or by its Chinese or English name.

    Raises:
        UsageError: an unknown type, one twice, or a cap that is no whole number from 0.
    """
    names: dict[str, str] = {}
    for kind in types:
        for name in (kind.name, kind.name_en, f"{kind.id}s", kind.id):
            names[folded(name).lower()] = kind.id
    caps: dict[str, int] = {}
    for item in _words(text):
        word, equals, number = (part.strip() for part in item.partition("="))
        if not equals:
            raise UsageError(f"--fleet {item!r}: no number", "write it as washers=25")
        found = names.get(word)
        if found is None:
            known = [f"{kind.id}s" for kind in types]
            hint = did_you_mean(word, known) or "types: " + ", ".join(known)
            raise UsageError(f"--fleet {item!r}: unknown vehicle type {word!r}", hint)
        if not re.fullmatch(r"[0-9]{1,6}", number):
            hint = "how many may go out at most: a whole number, 0 or more"
            raise UsageError(f"--fleet {item!r}: {number!r} is no number of vehicles", hint)
        if found in caps:
            raise UsageError(f"--fleet {text!r}: {word!r} is there twice")
        caps[found] = int(number)
    if not caps:
        raise UsageError(f"--fleet {text!r}: no vehicle type", "write it as washers=25")
    return tuple(sorted(caps.items()))


def unknown_id(what: str, given: str, known: Iterable[str]) -> UsageError:
    """The error for an id that is not there, with the closest one that is."""
    ids = list(known)
    shown = ", ".join(ids[:8]) + (", ..." if len(ids) > 8 else "")
    hint = did_you_mean(given, ids) or (f"there are: {shown}" if ids else f"there is no {what}")
    return UsageError(f"there is no {what} {given!r}", hint)


def _words(text: str) -> list[str]:
    return [folded(word).lower() for word in _SEPARATOR.split(text) if word.strip()]
