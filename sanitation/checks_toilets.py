"""Checks of the rounds of toilets: who goes round, in which shifts, and whether visits fit apart.

A district without toilet_standards.csv has no rounds, and only the speeds are checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from fleet.model import Shift
from sanitation.cells import did_you_mean, unit_doubt
from sanitation.checks_ids import MAX_HINTS, once
from sanitation.checks_waste import services_of
from sanitation.duties.toilets import holding, spacing
from sanitation.errors import Problem
from sanitation.places import ToiletStandard
from sanitation.tables import Row, Tables, fault

SERVICE = "toilet"
TABLE = "toilet_standards"
SLOWEST_KMH = 2.0
# Conditions beside plain that can hold together on a day.
_DAYS = tuple(
    (season, {"plain", *more})
    for season in ("warm", "cold")
    for more in ((), ("heat",), ("event",), ("heat", "event"))
)


def check_toilets(tables: Tables) -> list[Problem]:
    """Every fault of the rounds that no single cell shows."""
    problems = _speeds(tables)
    if not tables[TABLE]:
        return problems
    problems += _goers(tables)
    problems += _types(tables)
    problems += _own_shifts(tables)
    same = ("toilet_class", "type_id", "shift_id", "condition")
    problems += once(TABLE, (*same, "season"), tables[TABLE])
    problems += _any_season(tables, same)
    if not problems:
        problems += _days(tables)
    return problems


def _types_of(tables: Tables, service: str) -> dict[Any, Row]:
    return {
        row.values.get("type_id"): row
        for row in tables["vehicle_types"]
        if service in services_of(row)
    }


def _speeds(tables: Tables) -> list[Problem]:
    """No one creeps, and types that may share a job are as fast as each other."""
    problems = []
    first: dict[str, Row] = {}
    for row in tables["vehicle_types"]:
        kmh = row.values.get("kmh")
        if kmh is None:
            continue
        if 0 < kmh < SLOWEST_KMH:
            hint = unit_doubt(kmh, SLOWEST_KMH, 120, "km/h") or "0 is as fast as the streets allow"
            text = f"is slower than {SLOWEST_KMH:g} km/h"
            problems.append(fault("vehicle_types", row, "kmh", text, hint))
        for service in services_of(row):
            before = first.setdefault(service, row)
            if service != SERVICE and before.values.get("kmh", kmh) != kmh:
                other = before.values.get("type_id", "")
                text = f"is another speed than {other}'s, which does {service} too"
                hint = "types that do one service go out together: give them one speed"
                problems.append(fault("vehicle_types", row, "kmh", text, hint))
    return problems


def _goers(tables: Tables) -> list[Problem]:
    """A toilet is attended, or a type that cleans toilets goes round it."""
    able = _types_of(tables, SERVICE)
    problems = []
    hints: dict[str, str] = {}
    for row in tables["toilets"]:
        mode, kind = row.values.get("mode"), row.values.get("round_by")
        if mode is None or kind is None or not tables["vehicle_types"]:
            continue
        if mode == "attended" and kind:
            text = "is for toilets that are visited; this one is attended"
            problems.append(fault("toilets", row, "round_by", text, "leave it empty"))
        elif mode == "roving" and not kind:
            hint = "write who goes round: " + ", ".join(sorted(map(str, able)))
            problems.append(fault("toilets", row, "round_by", "is empty", hint))
        elif kind and kind not in able:
            if kind not in hints and len(hints) < MAX_HINTS:
                hints[kind] = did_you_mean(kind, sorted(map(str, able)))
            text = "is no type of vehicle_types.csv that does toilet"
            problems.append(fault("toilets", row, "round_by", text, hints.get(kind, "")))
    return problems


def _types(tables: Tables) -> list[Problem]:
    able = _types_of(tables, SERVICE)
    known = {row.values.get("type_id") for row in tables["vehicle_types"]}
    hint = "write toilet in its column services"
    return [
        fault(TABLE, row, "type_id", "does not clean toilets", hint)
        for row in tables[TABLE]
        if row.values.get("type_id") in known and row.values["type_id"] not in able
    ]


def _own_shifts(tables: Tables) -> list[Problem]:
    """The crews of a type have shifts of their own, as a shift's crews are of one speed."""
    others = {
        row.values.get("shift_id"): table
        for table in ("standards", "collection")
        for row in tables[table]
    }
    first: dict[str, Row] = {}
    told: set[str] = set()
    problems = []
    for row in tables[TABLE]:
        shift_id, kind = row.values.get("shift_id"), row.values.get("type_id")
        if shift_id is None or kind is None or shift_id in told:
            continue
        before = first.setdefault(shift_id, row)
        text = ""
        if shift_id in others:
            text = f"is a shift of {others[shift_id]}.csv"
        elif before.values["type_id"] != kind:
            text = f"is already the shift of {before.values['type_id']} (line {before.line})"
        if text:
            told.add(shift_id)
            hint = "who goes round needs a shift of its own"
            problems.append(fault(TABLE, row, "shift_id", text, hint))
    return problems


def _any_season(tables: Tables, same: tuple[str, ...]) -> list[Problem]:
    """A row of any season and one of a season would hold at once."""
    whole = {
        tuple(row.values.get(column) for column in same): row
        for row in tables[TABLE]
        if row.values.get("season") == "any"
    }
    problems = []
    for row in tables[TABLE]:
        other = whole.get(tuple(row.values.get(column) for column in same))
        if other is not None and row.values.get("season") in ("warm", "cold"):
            text = f"line {other.line} holds in any season for the same class, type and shift"
            problems.append(fault(TABLE, row, "season", text, "leave one of them out"))
    return problems


def _days(tables: Tables) -> list[Problem]:
    """On every kind of day each toilet has visits, in shifts one after the other, that fit."""
    shifts = dict(_shifts(tables))
    lines: dict[str, Row] = {}
    rows = []
    for row in tables[TABLE]:
        values = {("id" if key == f"{TABLE[:-1]}_id" else key): v for key, v in row.values.items()}
        if len(values) == len(ToiletStandard.__slots__) and values["shift_id"] in shifts:
            rows.append(ToiletStandard(**values))
            lines[values["id"]] = row
    if len(rows) < len(tables[TABLE]):
        return []  # a fault that is told elsewhere hides what a day would have
    kinds = {row.values.get("type_id"): row for row in tables["vehicle_types"]}
    told: set[tuple[str, str]] = set()
    problems = []
    used: dict[tuple[int, str], Row] = {}
    for row in tables["toilets"]:
        if row.values.get("round_by") and "toilet_class" in row.values:
            used.setdefault((row.values["toilet_class"], row.values["round_by"]), row)
    for season, active in _DAYS:
        held = holding(rows, season, active)
        for key, toilet in sorted(used.items()):
            mine = sorted(held.get(key, ()), key=lambda row: shifts[row.shift_id].start_s)
            at, column, text, hint = _fault_of_day(mine, shifts, kinds)
            if not mine:
                text = f"no row for class {key[0]} and {key[1]} holds on a plain {season} day"
                if ("toilets", text) not in told:
                    told.add(("toilets", text))
                    hint = "toilet_standards.csv needs one"
                    problems.append(fault("toilets", toilet, "round_by", text, hint))
            elif text and (at, column) not in told:
                told.add((at, column))
                problems.append(fault(TABLE, lines[at], column, text, hint))
    return problems


def _shifts(tables: Tables) -> Iterator[tuple[str, Shift]]:
    for row in tables["shifts"]:
        key, start, end = (row.values.get(name) for name in ("shift_id", "start", "end"))
        if key is not None and start is not None and end is not None and start < end:
            yield key, Shift(key, "", "", start, end, 0)


def _fault_of_day(
    rows: list[ToiletStandard], shifts: dict[str, Shift], kinds: dict[Any, Row]
) -> tuple[str, str, str, str]:
    """(id of a row, column, what is wrong, how to mend it) of a toilet's day; "" for nothing."""
    for before, row in pairwise(rows):
        end_s, start_s = shifts[before.shift_id].end_s, shifts[row.shift_id].start_s
        if start_s < end_s:
            text = f"begins before {before.shift_id} ends, in which the same toilets are visited"
            return row.id, "shift_id", text, "visits are apart only where shifts do not overlap"
    if not rows:
        return "", "", "", ""
    interval_s, window_s = spacing([(row.visits, shifts[row.shift_id]) for row in rows])
    stop_s = int(kinds[rows[0].type_id].values.get("stop_s", 0))
    # A second is lost where a window is rounded to whole ones.
    for row in rows:
        needs_s = row.clean_s + row.deodorise_s + stop_s
        if window_s - 2 < needs_s:
            worst = min(
                rows,
                key=lambda r: (shifts[r.shift_id].end_s - shifts[r.shift_id].start_s) / r.visits,
            )
            text = (
                f"are too many: {sum(r.visits for r in rows)} a day every {interval_s / 60:.0f} "
                f"min, half of that apart, leave {max(0.0, window_s) / 60:.0f} min for a visit of "
                f"{needs_s / 60:.0f} min"
            )
            return worst.id, "visits", text, "fewer here, more in the other shifts, or less work"
    return "", "", "", ""
