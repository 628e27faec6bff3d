"""The day's conditions: date, weather and alerts -> season, hours of wet work, extra rows.

The rules are those of domain.md §2; their figures are rows of rules.csv. Hours run from -2
(22:00 of the evening before) to 24; the temperature of an hour is the lowest of it, so that a
run inside the allowed hours never meets a forecast minimum below the limit.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from fleet.model import Shift
from sanitation.cells import did_you_mean, number
from sanitation.columns import Column
from sanitation.errors import Problem, TableError, UsageError
from sanitation.model import Conditions, District, Window
from sanitation.tables import aligned, read_csv

PLAN_START_H, PLAN_END_H = -2, 22
LOW_H, HIGH_H = 5, 15
WEATHER = ("clear", "cloudy", "rain", "snow")
ALERT_KINDS = ("heat", "pollution", "rainstorm", "snow")
ALERT_LEVELS = ("blue", "yellow", "orange", "red")
COLD_RULES = frozenset({"cold", "cold_midday", "season"})
_HOUR = 3600

# What a rule says, Chinese first, for everything that shows why work is suspended.
RULE_TEXT: dict[str, tuple[str, str]] = {
    "season": ("非冲洗季节", "outside the washing season"),
    "rain": ("降雨停止冲洗、洒水和干扫", "no washing, sprinkling or dry sweeping in rain"),
    "snow": ("降雪停止冲洗、洒水和干扫", "no washing, sprinkling or dry sweeping in snow"),
    "cold": ("气温过低停止湿式作业", "too cold for wet work"),
    "cold_midday": ("低温仅限中午湿式作业", "so cold that wet work is for the midday hours only"),
    "peak": ("高峰时段禁止作业", "no wet work in the peak hours"),
    "short_window": ("时段不足，轮次减少", "the allowed hours are too short for one more round"),
    "foot_ban": ("高温时段停止步行作业", "no work on foot in the hottest hours"),
    "order": ("调度指令", "a dispatcher's order"),
}


def parse_alert(text: str) -> tuple[str, str]:
    """``kind:level`` -> (kind, level).

    Raises:
        UsageError: an unknown kind or level.
    """
    kind, _, level = text.strip().lower().partition(":")
    for value, known, name in ((kind, ALERT_KINDS, "kind"), (level, ALERT_LEVELS, "level")):
        if value not in known:
            hint = did_you_mean(value, known) or f"{name}s: " + ", ".join(known)
            raise UsageError(f"alert {text!r}: unknown {name} {value!r}", hint)
    return kind, level


def read_forecast(path: Path) -> dict[int, float]:
    """Hour -> degrees Celsius from a CSV ``hour,temperature_c``; hours -2 to 23.

    Raises:
        TableError: the file has faults; all of them at once.
    """
    columns = (
        Column("hour", "int", "hour, -2 is 22:00 of the evening before", low=-2, high=23),
        Column("temperature_c", "float", "temperature", "degC", low=-60, high=60),
    )
    problems: list[Problem] = []
    raw = read_csv(path, 1000, problems)
    hours: dict[int, float] = {}
    lines: dict[int, int] = {}
    if raw is not None:
        for column in columns:
            if column.name not in raw.header:
                hint = did_you_mean(column.name, raw.header) or "columns: hour,temperature_c"
                text = "the column is missing"
                problems.append(Problem(path.name, text, row=1, column=column.name, hint=hint))
        if not raw.rows:
            problems.append(Problem(path.name, "the table has no rows", row=1))
    if raw is not None and not problems:
        for line, cells in aligned(path.name, raw, problems):
            values = [_forecast_number(path.name, line, cells, c, problems) for c in columns]
            hour, celsius = values
            if hour is None or celsius is None:
                continue
            if hour in lines:
                text = f"is already on line {lines[int(hour)]}"
                value = cells["hour"]
                problems.append(Problem(path.name, text, row=line, column="hour", value=value))
            lines[int(hour)] = line
            hours[int(hour)] = float(celsius)
    if problems:
        raise TableError(str(path), problems)
    return hours


def _forecast_number(
    name: str, line: int, cells: Mapping[str, str], column: Column, problems: list[Problem]
) -> float | int | None:
    cell = cells[column.name]

    def say(text: str, hint: str = "") -> None:
        problems.append(Problem(name, text, row=line, column=column.name, value=cell, hint=hint))

    return number(cell, column, say)


def temperature_c(hour: float, tmin_c: float, tmax_c: float) -> float:
    """Degrees at an hour of a day that is coldest at 05:00 and warmest at 15:00.

    Half a cosine between the two; before 05:00 it falls from 15:00 of the day before, after
    15:00 towards 05:00 of the next, both with this day's extremes.
    """
    if LOW_H <= hour <= HIGH_H:
        share = (1 - math.cos(math.pi * (hour - LOW_H) / (HIGH_H - LOW_H))) / 2
        return tmin_c + (tmax_c - tmin_c) * share
    night = 24 - (HIGH_H - LOW_H)
    since_high = hour - HIGH_H if hour > HIGH_H else hour - HIGH_H + 24
    share = (1 - math.cos(math.pi * since_high / night)) / 2
    return tmax_c - (tmax_c - tmin_c) * share


def conditions_of(
    date: str,
    district: District,
    *,
    weather: str = "clear",
    tmin_c: float | None = None,
    tmax_c: float | None = None,
    forecast: Mapping[int, float] | None = None,
    alerts: Iterable[tuple[str, str]] = (),
    event: bool = False,
) -> Conditions:
    """The conditions of a date.

    Args:
        date: ISO 8601.
        district: gives the climate, the rules, the shifts and the standards.
        weather: clear, cloudy, rain or snow, for the whole plan.
        tmin_c, tmax_c: the day's extremes; the climate's means of the month without them. Where
            one alone would cross the other's mean, the month's usual spread is kept.
        forecast: hour -> degrees for hours that are known better than by the curve.
        alerts: (kind, level) pairs.
        event: something happens in the district that brings many people.

    Raises:
        UsageError: no such date or weather, or a minimum above the maximum.
    """
    try:
        day = dt.date.fromisoformat(date)
    except ValueError as error:
        raise UsageError(f"date {date!r} is no date", "write it as 2026-07-15") from error
    if weather not in WEATHER:
        hint = did_you_mean(weather, WEATHER) or "one of: " + ", ".join(WEATHER)
        raise UsageError(f"weather {weather!r} is unknown", hint)
    rules = district.rules
    hours = dict(forecast or {})
    low, high = _extremes(district, day.month, tmin_c, tmax_c)
    curve = {
        hour: hours.get(hour, temperature_c(hour, low, high)) for hour in range(PLAN_START_H, 24)
    }
    if hours:
        low, high = min(curve.values()), max(curve.values())
    told = tuple(sorted(set(alerts)))
    kinds = {kind for kind, _ in told}
    season = _season(day, rules)
    # The hour after the last known one is taken to be like it.
    coldest = {
        hour: min(curve[hour], curve.get(hour + 1, curve[hour])) for hour in curve if hour < 22
    }
    by_hour = {
        hour: _wet_rule(hour, celsius, season, weather, kinds, rules)
        for hour, celsius in coldest.items()
    }
    wet = _merged(by_hour)
    windows = tuple(Window(start, end) for start, end, rule in wet if not rule)
    cut = tuple((start, end, rule) for start, end, rule in wet if rule)
    wet_street = weather in ("rain", "snow") or bool({"rainstorm", "snow"} & kinds)
    plan = Window(PLAN_START_H * _HOUR, PLAN_END_H * _HOUR)
    sweep = () if wet_street else (plan,)
    active = {"plain", "event"} if event else {"plain"}
    if high >= rules["heat_c"] or "heat" in kinds:
        active.add("heat")
    # Rows of one level only: each level's rows say all that is due on such a day.
    levels = [ALERT_LEVELS.index(level) for kind, level in told if kind == "pollution"]
    if max(levels, default=0) > 0:
        active.add(f"pollution_{ALERT_LEVELS[max(levels)]}")
    # Also when snow stops the sweep itself: its rows then end up suspended, with the reason.
    if any(dry_cut(shift, windows, cut) in COLD_RULES for shift in _sweep_shifts(district)):
        active.add("cold_sweep")
    foot = _foot_ban(high, ("heat", "red") in told, rules)
    notes = sorted({rule for _, _, rule in cut}) + (["foot_ban"] if foot else [])
    if tmin_c is None and tmax_c is None and not hours:
        notes.append("climate_means")
    return Conditions(
        date=day.isoformat(),
        season=season,
        weather=weather,
        tmin_c=round(low, 2),
        tmax_c=round(high, 2),
        hourly_c=tuple((hour, round(celsius, 2)) for hour, celsius in sorted(curve.items())),
        alerts=told,
        active=tuple(sorted(active)),
        wet_windows=windows,
        wet_rules=cut,
        sweep_windows=sweep,
        peak_bans=_peak_bans(rules),
        foot_ban=foot,
        notes=tuple(notes),
    )


def _extremes(
    district: District, month: int, tmin_c: float | None, tmax_c: float | None
) -> tuple[float, float]:
    means = next(climate for climate in district.climate if climate.month == month)
    spread = means.tmax_c - means.tmin_c
    for celsius in (tmin_c, tmax_c):
        if celsius is not None and not -60 <= celsius <= 60:
            raise UsageError(f"a temperature of {celsius:g} degrees", "degrees Celsius, -60 to 60")
    if tmin_c is not None and tmax_c is not None:
        if tmin_c > tmax_c:
            text = f"the minimum of {tmin_c:g} degrees is above the maximum of {tmax_c:g}"
            raise UsageError(text, "swap --tmin and --tmax")
        return tmin_c, tmax_c
    if tmin_c is not None:
        return tmin_c, means.tmax_c if means.tmax_c >= tmin_c else tmin_c + spread
    if tmax_c is not None:
        return means.tmin_c if means.tmin_c <= tmax_c else tmax_c - spread, tmax_c
    return means.tmin_c, means.tmax_c


def _season(day: dt.date, rules: Mapping[str, float]) -> str:
    mmdd = day.month * 100 + day.day
    return "warm" if rules["season_start_mmdd"] <= mmdd <= rules["season_end_mmdd"] else "cold"


def _wet_rule(
    hour: int,
    coldest_c: float,
    season: str,
    weather: str,
    alerts: set[str],
    rules: Mapping[str, float],
) -> str:
    """The rule that forbids wet work in an hour, or "". The season is named before the weather."""
    if season == "cold":
        return "season"
    if weather == "snow" or "snow" in alerts:
        return "snow"
    if weather == "rain" or "rainstorm" in alerts:
        return "rain"
    if coldest_c < rules["wet_min_c"]:
        return "cold"
    midday = rules["wet_midday_start_h"] <= hour < rules["wet_midday_end_h"]
    return "cold_midday" if coldest_c < rules["wet_midday_c"] and not midday else ""


def _merged(by_hour: Mapping[int, str]) -> list[tuple[int, int, str]]:
    """Neighbouring hours under the same rule as one stretch (start_s, end_s, rule)."""
    stretches: list[tuple[int, int, str]] = []
    for hour, rule in sorted(by_hour.items()):
        start, end = hour * _HOUR, (hour + 1) * _HOUR
        if stretches and stretches[-1][1] == start and stretches[-1][2] == rule:
            stretches[-1] = (stretches[-1][0], end, rule)
        else:
            stretches.append((start, end, rule))
    return stretches


def _peak_bans(rules: Mapping[str, float]) -> tuple[Window, ...]:
    bans = []
    for peak in ("am", "pm"):
        start, end = (round(rules[f"peak_{peak}_{edge}_h"] * _HOUR) for edge in ("start", "end"))
        if start < end:  # equal hours switch the ban off
            bans.append(Window(start, end))
    return tuple(bans)


def _foot_ban(tmax_c: float, red: bool, rules: Mapping[str, float]) -> tuple[Window, ...]:
    if tmax_c >= rules["foot_stop_c"] or red:
        return (Window(6 * _HOUR, 20 * _HOUR),)
    if tmax_c >= rules["foot_ban_c"]:
        return (Window(12 * _HOUR, 15 * _HOUR),)
    return ()


def _sweep_shifts(district: District) -> list[Shift]:
    """Shifts that have a dry sweep for days when the cold cuts their wet work."""
    ids = {row.shift_id for row in district.standards if row.condition == "cold_sweep"}
    return [shift for shift in district.shifts if shift.id in ids]


def dry_cut(
    shift: Shift, wet_windows: Iterable[Window], wet_rules: Iterable[tuple[int, int, str]]
) -> str:
    """The rule that leaves a shift less wet time than it is worth going out for, or "".

    The longest piece counts, not the sum: trucks are not sent out twice. The rule named is the
    one that takes most of the shift.
    """
    longest = max(
        (min(w.end_s, shift.end_s) - max(w.start_s, shift.start_s) for w in wet_windows), default=0
    )
    if longest > 0 and longest >= shift.min_window_s:
        return ""
    taken: dict[str, int] = {}
    for start, end, rule in wet_rules:
        taken[rule] = taken.get(rule, 0) + max(0, min(end, shift.end_s) - max(start, shift.start_s))
    return max(sorted(taken), key=lambda rule: taken[rule], default="")
