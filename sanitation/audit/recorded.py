"""What a plan records of its day: temperatures, alerts, what it was asked for, days before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sanitation.audit.reader import Reader

DAY_HOURS = range(-2, 24)  # 22:00 of the evening before to the date's end


def limits(reader: Reader, options: Mapping[str, Any]) -> tuple[frozenset[str], float]:
    """Closed stations and the share of the tables' waste; none and all where nothing is said."""
    closed = reader.items(options, "closed", needed=False)
    if not all(isinstance(name, str) for name in closed):
        reader.fault("closed", "应为编号列表", "must be a list of ids")
    tonnage = reader.number(options, "tonnage", needed=False)
    if tonnage is not None and tonnage < 0:
        reader.fault("tonnage", f"不应为 {tonnage}", f"must be 0 or more, not {tonnage}")
        tonnage = None
    return frozenset(map(str, closed)), 1.0 if tonnage is None else tonnage


def names_days(history: object) -> bool:
    """Whether a provenance's ``history`` is a list of dates; without plans before it is a text."""
    return isinstance(history, list) and any(isinstance(day, str) and day for day in history)


def hourly(reader: Reader, conditions: Mapping[str, Any]) -> dict[int, float]:
    """Degrees Celsius by hour; an hour that is not told is a fault, and mild."""
    known: dict[int, float] = {}
    for pair in reader.items(conditions, "hourly_c"):
        match pair:
            case [int(hour), int() | float() as degrees] if math.isfinite(degrees):
                known[hour] = float(degrees)
            case _:
                reader.fault("hourly_c", f"{pair!r:.60} 不是 [时, 温度]", "needs [hour, degrees]")
    # An hour left out could hide the frost in it.
    missing = [hour for hour in DAY_HOURS if hour not in known]
    if missing:
        hours = ", ".join(str(hour) for hour in missing)
        reader.fault("hourly_c", f"缺少 {hours} 时", f"lacks the hours {hours}")
    return {hour: known.get(hour, 20.0) for hour in DAY_HOURS}


def alerts(reader: Reader, conditions: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(kind, level) of every alert, however it is written."""
    told = []
    for item in reader.items(conditions, "alerts", needed=False):
        match item:
            case [str(kind), str(level)]:
                told.append((kind, level))
            case str(text) if ":" in text:
                kind, _, level = text.partition(":")
                told.append((kind, level))
            case {"kind": str(kind), "level": str(level)}:
                told.append((kind, level))
            case _:
                reader.fault("alerts", f"{item!r:.60} 不是预警", "needs [kind, level]")
    return tuple(told)
