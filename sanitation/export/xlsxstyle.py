"""How cells look in the workbook, and how one is written: numbers as numbers, texts as texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sanitation.export.daytable import Cell, Column, DayTable
from sanitation.export.table import columns_of

FONT = "Microsoft YaHei"  # with Office in every language, and replaced where there is none
SIZE = 9
MOST_CHARACTERS = 32_767  # Excel's own limit of a cell
# Characters of SIZE points in a unit of column width, which is one of Excel's own 11 points.
UNIT = 1.18
NARROW, WIDE, PROSE = 5.5, 22.0, 46.0
_INK, _RULE, _HEAD = "#1A1A1A", "#B8B8B8", "#E8EDF2"
_NUMBERS = {"moment": "mm-dd hh:mm", "duration": "[h]:mm", "whole": "#,##0"}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, **more: object) -> Any:
        """A format with the workbook's font and these properties."""
        base = {"font_name": FONT, "font_size": SIZE, "font_color": _INK, "valign": "vcenter"}
        wanted: dict[str, object] = base | more
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def head(self) -> Any:
        return self.of(
            bold=True, bg_color=_HEAD, border=1, border_color=_RULE, align="center", text_wrap=True
        )

    def cell(self, column: Column, bold: bool = False) -> Any:
        """Of the cells under a heading."""
        look: dict[str, object] = {"border": 1, "border_color": _RULE, "bold": bold}
        if bold:
            look["bg_color"] = _HEAD
        if column.kind == "text":
            return self.of(**look, text_wrap=True)
        return self.of(**look, num_format=number_format(column), align="right")


def number_format(column: Column) -> str:
    """Excel's format of a kind of figure: "#,##0.00" for two decimals."""
    decimals = f".{'0' * column.places}" if column.places else ""
    if column.kind == "share":
        return f"0{decimals}%"
    return _NUMBERS.get(column.kind, f"#,##0{decimals}")


def put(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    """Write a cell as what it is. A text is never looked into, so none becomes a formula, a link
    or a number; one longer than Excel holds is cut and ends with an ellipsis."""
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str):
        cut = len(cell) > MOST_CHARACTERS
        sheet.write_string(row, column, f"{cell[: MOST_CHARACTERS - 1]}…" if cut else cell, style)
    elif isinstance(cell, datetime | timedelta):
        sheet.write_datetime(row, column, cell, style)
    else:
        sheet.write_number(row, column, cell, style)


def widths_of(table: DayTable) -> list[float]:
    """Column widths that hold what is under the headings; headings and long texts are wrapped."""
    found = []
    for place, column in enumerate(table.columns):
        most = max((_wide(row[place], column) for row in table.rows), default=0)
        if column.kind != "text":
            most_units = WIDE
        else:
            most_units = PROSE if most > 3 * WIDE else WIDE
        # A heading breaks between any two Chinese characters, an English one between words.
        longest = max(
            (columns_of(part) for part in column.heading.split() if part.isascii()), default=4
        )
        found.append(min(max(most / UNIT + 1.2, longest / UNIT + 1.2, NARROW), most_units))
    return found


def _wide(cell: Cell, column: Column) -> int:
    """Characters that a cell takes as it is shown."""
    if cell is None:
        return 0
    if isinstance(cell, str):
        return columns_of(cell)
    if isinstance(cell, datetime):
        return len("07-14 22:30")
    if isinstance(cell, timedelta):
        return len("10:30")
    return len(f"{float(cell):,.{column.places}f}") + (column.kind == "share")
