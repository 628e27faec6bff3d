"""Values of plan.json: clock times, texts and numbers, and the faults they may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any


class Clock:
    """Seconds after 00:00 of a date <-> ISO 8601 at one offset."""

    def __init__(self, date: str, utc_offset: str) -> None:
        self._midnight = dt.datetime.fromisoformat(f"{date}T00:00:00{utc_offset}")

    def text(self, time_s: int) -> str:
        """-5400 on 2026-07-15 at +08:00 -> 2026-07-14T22:30:00+08:00."""
        return (self._midnight + dt.timedelta(seconds=time_s)).isoformat()

    def seconds(self, text: str) -> int:
        """The inverse of text, for any offset. ValueError or TypeError: no such time."""
        return round((dt.datetime.fromisoformat(text) - self._midnight).total_seconds())


def str_of(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """A text. TypeError: something else; KeyError: nothing, and no default."""
    value = row[key] if default is None else row.get(key, default)
    if not isinstance(value, str):
        raise TypeError(f"{key} must be text, not {value!r:.60}")
    return value


def int_of(row: Mapping[str, Any], key: str, default: int | None = None) -> int:
    """A whole number, rounded. TypeError: something else; KeyError: nothing, and no default."""
    value = row[key] if default is None else row.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{key} must be a number, not {value!r:.60}")
    return round(value)
