"""A table of the office's files as plain data: typed cells under headings that name their units.

One definition of each table serves the workbook and the CSV. Times are the district's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

# whole and number are figures, share is a part of one, moment a date with its time, duration
# a length of time. None is a cell that says nothing; it is never a zero.
Kind = Literal["text", "whole", "number", "share", "moment", "duration"]
Cell = str | int | float | datetime | timedelta | None
TYPES: dict[Kind, tuple[type, ...]] = {
    "text": (str,),
    "whole": (int,),
    "number": (int, float),
    "share": (int, float),
    "moment": (datetime,),
    "duration": (timedelta,),
}


@dataclass(frozen=True, slots=True)
class Column:
    """``places`` are the decimals that are shown; a cell holds what there is."""

    heading: str
    kind: Kind = "text"
    places: int = 0


@dataclass(frozen=True, slots=True)
class DayTable:
    """``key`` names its file, ``title`` its sheet; ``sums`` are the rows that sum others up."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                told = f"{len(row)} cells under {len(self.columns)} headings"
                raise ValueError(f"table {self.key}: a row of {told}")
            for cell, column in zip(row, self.columns, strict=True):
                fits = isinstance(cell, TYPES[column.kind]) and not isinstance(cell, bool)
                if cell is not None and not fits:
                    told = f"{cell!r} is no {column.kind}"
                    raise ValueError(f"table {self.key}, {column.heading}: {told}")


# Chinese and English heading, kind, decimals
Spec = tuple[str, str, Kind, int]


def text(zh: str, en: str) -> Spec:
    return zh, en, "text", 0


def whole(zh: str, en: str) -> Spec:
    return zh, en, "whole", 0


def figure(zh: str, en: str, places: int = 1) -> Spec:
    return zh, en, "number", places


def moment(zh: str, en: str) -> Spec:
    return zh, en, "moment", 0


def table(
    key: str,
    title: str,
    lang: str,
    specs: Sequence[Spec],
    rows: Iterable[Sequence[Cell]],
    sums: Iterable[int] = (),
) -> DayTable:
    """A table whose headings are in ``lang``; ValueError: a cell is not of its column's kind."""
    columns = tuple(
        Column(zh if lang == "zh" else en, kind, places) for zh, en, kind, places in specs
    )
    return DayTable(key, title, columns, tuple(tuple(row) for row in rows), frozenset(sums))


def at(plan_date: str, time_s: int) -> datetime:
    """The clock time of seconds after 00:00 of the plan's date: -5400 is 22:30 of the evening
    before."""
    return datetime.combine(date.fromisoformat(plan_date), time()) + timedelta(seconds=time_s)


def exact(value: float) -> float:
    """A figure without the noise of binary fractions; sums of a day's rows keep two decimals."""
    return round(value, 6)


def cell_text(cell: Cell, kind: Kind) -> str:
    """A cell as CSV has it, for people and for programs: figures without thousands marks,
    2026-07-14 22:30:00, 7:04:30, 87.5%. A text is not guarded here."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if kind == "share":
        return f"{100 * float(cell):.1f}%"
    return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
