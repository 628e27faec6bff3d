"""How cells look in the workbook, and how one is written: numbers as numbers, texts as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sanitation.export.daytable import Cell, Column, DayTable
from sanitation.export.table import columns_of

FONT = "Microsoft YaHei"  # with Office in every language, and replaced where there is none
SIZE = 9
LINE_PT = 13.5
MOST_CHARACTERS = 32_767  # Excel's own limit of a cell
# Half a Chinese character of SIZE points takes this much less than a unit of column width.
PER_UNIT, PADDING = 1.16, 0.4
# Widest columns of texts, tried one after the other until a table prints in a readable size.
_CAPS, PROSE, NARROW = (27.0, 22.0, 18.0, 16.0), 50.0, 5.5
_NO_ROWS = 10.0  # of a table's columns, so that its title has room
READABLE = 220.0  # units; as wide as A4 lying at two thirds
PAGE = 105.0  # units that fit on A4 lying as they are, whatever font stands in for ours
_INK, _RULE, _HEAD, _RED = "#1A1A1A", "#B8B8B8", "#E8EDF2", "#C00000"
_NUMBERS = {"moment": "mm-dd hh:mm", "duration": "[h]:mm", "whole": "#,##0"}
_columns = lru_cache(1 << 16)(columns_of)


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

    def head(self, one_line: bool = False) -> Any:
        """Of headings, see :meth:`cell`."""
        fit = {"shrink": True} if one_line else {"text_wrap": True}
        return self.of(
            bold=True, bg_color=_HEAD, border=1, border_color=_RULE, align="center", **fit
        )

    def cell(
        self,
        column: Column,
        *,
        total: bool = False,
        alarm: bool = False,
        one_line: bool = False,
        apart: bool = False,
    ) -> Any:
        """Of the cells under a heading.

        Args:
            total: of a row that sums others up.
            alarm: a figure that should be none.
            one_line: a text that is too long is made smaller, not wrapped.
            apart: a text keeps a distance from the figure that ends on its left.
        """
        look: dict[str, object] = {"border": 1, "border_color": _RULE, "bold": total or alarm}
        if total:
            look["bg_color"] = _HEAD
        if alarm:
            look["font_color"] = _RED
        if column.kind == "text":
            look |= {"shrink": True} if one_line else {"text_wrap": True}
            return self.of(**look, **({"indent": 1} if apart else {}))
        return self.of(**look, num_format=number_format(column), align="right")


def after_figures(columns: Sequence[Column]) -> list[bool]:
    """Which columns are texts beside a figure on their left."""
    before = ("text", *(column.kind for column in columns))
    return [
        kind != "text" and column.kind == "text"
        for kind, column in zip(before, columns, strict=False)
    ]


def number_format(column: Column) -> str:
    """Excel's format of a kind of figure: "#,##0.00" for two decimals."""
    decimals = f".{'0' * column.places}" if column.places else ""
    if column.kind == "share":
        return f"0{decimals}%"
    return _NUMBERS.get(column.kind, f"#,##0{decimals}")


def put(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    """Write a cell as what it is. A text is never looked into, so none becomes a formula, a link
    or a number; one longer than Excel holds is cut and ends with an ellipsis, and half a
    character, which JSON can hold and UTF-8 cannot, becomes "?"."""
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str):
        cut = len(cell) > MOST_CHARACTERS
        whole = f"{cell[: MOST_CHARACTERS - 1]}…" if cut else cell
        sheet.write_string(row, column, whole.encode(errors="replace").decode(), style)
    elif isinstance(cell, datetime | timedelta):
        sheet.write_datetime(row, column, cell, style)
    else:
        sheet.write_number(row, column, cell, style)


def widths_of(table: DayTable) -> list[float]:
    """Column widths in Excel's units that hold what is under the headings; long texts and headings
    are wrapped, the more the wider the table is."""
    if not table.rows:
        return [_NO_ROWS for _ in table.columns]
    apart = after_figures(table.columns)
    need = [
        (
            (max(_wide(row[place], column) for row in table.rows) + apart[place]) / PER_UNIT
            + PADDING,
            max(_word_units(column.heading), NARROW),
            column.kind == "text",
        )
        for place, column in enumerate(table.columns)
    ]
    for cap in _CAPS:
        found = [
            max(least, min(most, PROSE if most > 1.5 * _CAPS[0] else cap) if is_text else most)
            for most, least, is_text in need
        ]
        if sum(found) <= READABLE:
            break
    return found


def _word_units(heading: str) -> float:
    """The longest piece of a heading that is not broken: a word, or two Chinese characters."""
    pieces = re.findall(r"[!-~]+", heading)
    return max((len(piece) for piece in pieces), default=4) / PER_UNIT + PADDING


def _wide(cell: Cell, column: Column) -> int:
    """Characters that a cell takes as it is shown, a Chinese one counts two."""
    if cell is None:
        return 0
    if isinstance(cell, str):
        return _columns(cell)
    if isinstance(cell, datetime):
        return len("07-14 22:30")
    if isinstance(cell, timedelta):
        return len("10:30")
    return len(f"{float(cell):,.{column.places}f}") + (column.kind == "share")


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column: words break after a space or hyphen, or where they
    are longer than a line; Chinese breaks anywhere."""
    room = max(2, int((width - PADDING) * PER_UNIT + 0.01))
    if _columns(text) <= room and "\n" not in text:
        return 1
    lines, used = 1, 0
    for piece in re.findall(r"\n|[!-,.-~]*-|[!-~]+|.", text):
        size = _columns(piece)
        if piece == "\n" or (used and used + size > room):
            lines, used = lines + 1, 0
        lines += max(0, size - 1) // room
        used += size if size <= room else size % room
    return lines
