"""What a cell of a table says: numbers, clock times, lists and names, with the faults they have."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from sanitation.columns import PROVENANCE, Column, Table
from sanitation.errors import Problem

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_WITH_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[^\d\s.,].*")
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
_CLOCK = re.compile(r"(-1d\s+)?(\d{1,2}):(\d{2})")
_YES = {"1": True, "true": True, "yes": True, "是": True}
_NO = {"0": False, "false": False, "no": False, "否": False}

Say = Callable[..., None]


def folded(text: str) -> str:
    """NFKC without surrounding blanks: full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the closest known name in any case, or an empty string."""
    by_lower = {name.lower(): name for name in known}
    close = get_close_matches(value.lower(), list(by_lower), n=1, cutoff=0.5)
    return f"did you mean {by_lower[close[0]]!r}?" if close else ""


def typed(table: Table, column: Column, line: int, cell: str, problems: list[Problem]) -> Any:
    """The typed value of a cell, or None with a problem."""

    def say(text: str, hint: str = "") -> None:
        problems.append(
            Problem(table.file, text, row=line, column=column.name, value=cell, hint=hint)
        )

    text = cell
    if not text:
        if column.required:
            say("is empty", _expected(column))
            return None
        text = column.default
    if column.kind == "text":
        return folded(text) if column.ref or column.name == table.key else text
    if column.kind in ("int", "float"):
        return number(text, column, say)
    if column.kind == "bool":
        flag = folded(text).lower()
        if flag not in _YES and flag not in _NO:
            say("is neither 0 nor 1")
            return None
        return flag in _YES
    if column.kind == "clock":
        return clock(text, say)
    if column.kind == "ways":
        return _ways(text, say)
    if column.kind == "pairs":
        return _pairs(text, say)
    if column.kind == "words":
        return _words(text, column, say)
    if column.kind == "spans":
        return _spans(text, say)
    if column.kind == "provenance":
        if text.split(":", 1)[0].split("：", 1)[0].strip() in PROVENANCE:
            return text
        say("does not begin with a known source", "one of: " + ", ".join(PROVENANCE))
        return None
    choice = folded(text).lower()
    if choice not in column.choices:
        say("is not one of the choices", did_you_mean(choice, column.choices) or _expected(column))
        return None
    return choice


def _expected(column: Column) -> str:
    if column.choices:
        return "one of: " + ", ".join(column.choices)
    unit = f" in {column.unit}" if column.unit else ""
    return f"{column.meaning}{unit}"


def number(text: str, column: Column, say: Say) -> float | int | None:
    """A finite number inside the column's range; ``say`` hears why not."""
    plain = folded(text)
    if not _NUMBER.fullmatch(plain):
        unit = _WITH_UNIT.fullmatch(plain)
        if plain.lower().lstrip("+-") in ("nan", "inf", "infinity", "null", "none", "n/a", "#n/a"):
            say("is not a finite number", _expected(column))
        elif _THOUSANDS.fullmatch(plain):
            say("has a thousands separator", f"write {re.sub('[, ]', '', plain)}")
        elif _DECIMAL_COMMA.fullmatch(plain):
            say("has a decimal comma", f"write {plain.replace(',', '.')}")
        elif unit:
            ours = column.unit or "none"
            say("has text after the number", f"write {unit[1]}, the unit is {ours}")
        else:
            say("is not a number", _expected(column))
        return None
    value = float(plain)
    if not math.isfinite(value):
        say("is not a finite number", _expected(column))
        return None
    if column.kind == "int" and not value.is_integer():
        say("is not a whole number", _expected(column))
        return None
    # lon and lat are judged together with the network, which can tell swapped ones.
    if column.name not in ("lon", "lat"):
        low = -math.inf if column.low is None else column.low
        high = math.inf if column.high is None else column.high
        if not low <= value <= high:
            unit_name = f" {column.unit}" if column.unit else ""
            hint = unit_doubt(value, low, high, column.unit)
            say(f"is outside {low:g} to {high:g}{unit_name}", hint)
            return None
    return int(value) if column.kind == "int" else value


# (our unit, another one, its size in ours)
_UNITS = (
    ("m", "kilometres", 1000.0),
    ("m", "centimetres", 0.01),
    ("m2", "万m² (10,000 m²)", 10_000.0),
    ("m2", "km²", 1e6),
    ("km/h", "m/s", 3.6),
    ("L", "cubic metres", 1000.0),
    ("L/s", "cubic metres an hour", 1 / 3.6),
    ("s", "minutes", 60.0),
    ("min", "hours", 60.0),
    ("kg/d", "tonnes", 1000.0),
    ("t/d", "kilograms", 0.001),
    ("degC", "tenths of a degree", 0.1),
)


def unit_doubt(value: float, low: float, high: float, unit: str) -> str:
    """``is this in kilometres?`` where the number would fit in another unit, else empty."""
    for ours, other, size in _UNITS:
        if ours == unit and value != 0 and low <= value * size <= high:
            return f"is this in {other}? that would be {value * size:g} {unit}"
    return ""


def clock(text: str, say: Say) -> int | None:
    """Seconds after 00:00 of the plan's date from ``HH:MM`` or ``-1d HH:MM``."""
    match = _CLOCK.fullmatch(folded(text))
    if match is None or int(match[2]) * 60 + int(match[3]) > 1440 or int(match[3]) > 59:
        say("is not a clock time", "write HH:MM, or -1d HH:MM for the evening before")
        return None
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return seconds - 86_400 if match[1] else seconds


def _spans(text: str, say: Say) -> tuple[tuple[int, int], ...] | None:
    """Hours such as ``04:30-07:00;19:00-21:30``: in order, and none inside another."""
    spans: list[tuple[int, int]] = []
    for part in folded(text).split(";"):
        if not part.strip():
            continue
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            say(f"{part.strip()!r} is no span of hours", "as in 04:30-07:00;19:00-21:30")
            return None
        start_s, end_s = clock(match[1], say), clock(match[2], say)
        if start_s is None or end_s is None:
            return None
        if start_s >= end_s:
            say(f"{part.strip()!r} ends before it begins")
            return None
        if spans and start_s < spans[-1][1]:
            say(f"{part.strip()!r} begins before the span before it ends")
            return None
        spans.append((start_s, end_s))
    return tuple(spans)


def _words(text: str, column: Column, say: Say) -> tuple[str, ...] | None:
    words = tuple(part.strip() for part in folded(text).split(";") if part.strip())
    if column.required and not words:
        say("is empty", _expected(column))
        return None
    for word in words:
        if words.count(word) > 1:
            say(f"{word!r} is listed twice")
            return None
    return words


def _ways(text: str, say: Say) -> tuple[int, ...] | None:
    parts = [part.strip() for part in folded(text).split(";") if part.strip()]
    for part in parts:
        if not re.fullmatch(r"-?\d{1,18}", part):
            say(f"{part!r} is not an OpenStreetMap way id", "write whole numbers with ';' between")
            return None
    if not parts:
        say("is empty", "OpenStreetMap way ids with ';' between")
        return None
    for part in parts:
        if parts.count(part) > 1:
            say(f"way {part} is listed twice")
            return None
    return tuple(int(part) for part in parts)


def _pairs(text: str, say: Say) -> dict[str, float] | None:
    pairs: dict[str, float] = {}
    for part in folded(text).split(";"):
        if not part.strip():
            continue
        key, _, figure = (piece.strip() for piece in part.partition("="))
        if not key or not _NUMBER.fullmatch(figure) or not math.isfinite(float(figure)):
            say(f"{part.strip()!r} is not key=number", "as in wash:night=5;wash=8")
            return None
        if key in pairs:
            say(f"{key!r} is given twice")
            return None
        if float(figure) <= 0:
            say(f"{key!r} must be above zero")
            return None
        pairs[key] = float(figure)
    return pairs
