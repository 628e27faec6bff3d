"""Values taken out of a plan's JSON: whatever is missing or of the wrong type is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sanitation.audit.causes import found
from sanitation.model import Violation


class Reader:
    """Takes values out of JSON objects; a fault is noted and a harmless value returned."""

    def __init__(self) -> None:
        self.faults: list[Violation] = []
        self._run, self._stop, self._place = "", -1, ""
        self._midnight = datetime(1970, 1, 1, tzinfo=UTC)
        self._clocks: dict[str, int] = {}

    def at(self, run: str = "", stop: int = -1, place: str = "") -> None:
        """Where the next values stand, for the text of a fault."""
        self._run, self._stop, self._place = run, stop, place

    def fault(self, key: str, zh: str, en: str) -> None:
        name = f"{self._place}{key}"
        self.faults.append(found("format", self._run, self._stop, f"{name} {zh}", f"{name} {en}"))

    def text(self, row: Mapping[str, Any], key: str, needed: bool = True) -> str:
        value = row.get(key)
        if isinstance(value, str) and (value or not needed):
            return value
        if value is not None or needed:
            self.fault(key, f"应为文字，却是 {value!r}", f"must be text, not {value!r}")
        return ""

    def number(self, row: Mapping[str, Any], key: str, needed: bool = True) -> float | None:
        value = row.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
            return value  # NaN and infinity fail the comparison
        if value is not None or needed:
            self.fault(key, f"应为数，却是 {value!r}", f"must be a number, not {value!r}")
        return None

    def whole(self, row: Mapping[str, Any], key: str, needed: bool = True) -> int:
        value = row.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None or needed:
            self.fault(key, f"应为整数，却是 {value!r}", f"must be a whole number, not {value!r}")
        return 0

    def items(self, row: Mapping[str, Any], key: str, needed: bool = True) -> list[Any]:
        value = row.get(key)
        if isinstance(value, list):
            return value
        if value is not None or needed:
            self.fault(key, f"应为列表，却是 {value!r:.60}", f"must be a list, not {value!r:.60}")
        return []

    def table(self, row: Mapping[str, Any], key: str, needed: bool = True) -> Mapping[str, Any]:
        value = row.get(key)
        if isinstance(value, dict):
            return value
        if value is not None or needed:
            shown = f"{value!r:.60}"
            self.fault(key, f"应为对象，却是 {shown}", f"must be an object, not {shown}")
        return {}

    def tables(self, row: Mapping[str, Any], key: str, needed: bool = True) -> list[dict[str, Any]]:
        values = self.items(row, key, needed)
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                self.fault(f"{key}[{index}]", "应为对象", "must be an object")
        return [value for value in values if isinstance(value, dict)]

    def ids(self, row: Mapping[str, Any], key: str, needed: bool) -> tuple[int, ...]:
        values = self.items(row, key, needed)
        if all(type(value) is int for value in values):
            return tuple(values)
        self.fault(key, "应为整数列表", "must be a list of whole numbers")
        return ()

    def begin_day(self, day: date, utc_offset: str) -> None:
        """Clock times from here on are counted from 00:00 of this day at this offset."""
        hours, _, minutes = utc_offset.lstrip("+-").partition(":")
        shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(-shift if utc_offset.startswith("-") else shift)
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=zone)

    def clock(self, row: Mapping[str, Any], key: str) -> int:
        """Seconds after 00:00 of the plan's date of an ISO 8601 time with its offset."""
        value = row.get(key)
        if not isinstance(value, str):
            self.fault(key, f"应为时刻，却是 {value!r}", f"must be a time, not {value!r}")
            return 0
        if value not in self._clocks:
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                self.fault(key, f"{value!r} 不是 ISO 8601 时刻", f"{value!r} is no ISO 8601 time")
                return 0
            if moment.tzinfo is None:
                self.fault(key, f"{value!r} 缺少时区", f"{value!r} has no UTC offset")
                return 0
            self._clocks[value] = round((moment - self._midnight).total_seconds())
        return self._clocks[value]
