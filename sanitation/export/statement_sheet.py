"""The day's statement laid out as an office form: one page A4, upright, with room to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sanitation.export.daytable import DayTable
from sanitation.export.statement import Statement
from sanitation.export.xlsxstyle import SIZE, Styles, after_figures, lines_of, put

STATEMENT = ("日报", "Statement")
# One grid for everything on the page: the columns of the table of services.
WIDTHS = (9.5, 17, 4.5, 7.5, 7.5, 6, 6, 8, 5.5, 5.5, 7, 7.5, 7.5, 7.5, 6.5, 8)
LAST = len(WIDTHS) - 1
ROW_PT = 15.0
SMALLER = SIZE / (SIZE - 1)  # more characters of the notes' size are in a line
LEFT = ("未排", "Left")  # the heading of what should be none
Span = tuple[int, int]
_WHOLE: tuple[Span, ...] = tuple((place, place) for place in range(len(WIDTHS)))
# Where the columns of the smaller tables lie on the grid: three on the left, two on the right.
_STREAMS: tuple[Span, ...] = ((0, 0), (1, 2), (3, 3), (4, 4), (5, 5), (6, 6))
_TOILETS: tuple[Span, ...] = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 7))
_MEANS: tuple[Span, ...] = ((0, 1), (2, 2), (3, 3), (4, 7))
_STATIONS: tuple[Span, ...] = ((9, 10), (11, 11), (12, 12), (13, 13), (14, 14), (15, 15))
_FAULTS: tuple[Span, ...] = ((9, 13), (14, 15))


def write_statement(sheet: Any, styles: Styles, statement: Statement, lang: str) -> None:
    """Fill an empty sheet with the statement and make it one page."""
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    page = _Page(sheet, styles, ": " if lang == "en" else "：")
    row = page.head(statement)
    row = page.block(row, statement.services, _WHOLE, titled=False, head_lines=2) - 1
    left = page.block(row + 1, statement.streams, _STREAMS)
    left = page.block(left, statement.toilets, _TOILETS)
    left = page.block(left, statement.means, _MEANS)
    right = page.block(row + 1, statement.stations, _STATIONS)
    right = page.block(right, statement.faults, _FAULTS)
    end = page.foot(max(left, right), statement)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, end, LAST)


class _Page:
    def __init__(self, sheet: Any, styles: Styles, colon: str) -> None:
        self.sheet, self.styles, self.colon = sheet, styles, colon

    def span(self, row: int, span: Span, cell: Any, style: Any) -> None:
        """A cell over some columns of a row."""
        if span[0] < span[1]:
            self.sheet.merge_range(row, span[0], row, span[1], "", style)
        put(self.sheet, row, span[0], cell, style)

    def head(self, statement: Statement) -> int:
        """Title, mark and fields; returns the next row."""
        of = self.styles.of
        self.sheet.set_row(0, 26)
        self.span(0, (0, LAST), statement.title, of(bold=True, font_size=SIZE + 8, align="center"))
        row = 1
        if statement.model_mark:
            red = of(bold=True, align="center", font_color="#C00000")
            self.span(row, (0, LAST), statement.model_mark, red)
            row += 1
        for first, second in zip(statement.fields[::2], statement.fields[1::2], strict=True):
            for span, (label, value) in (((0, 6), first), ((7, LAST), second)):
                self.span(row, span, f"{label}{self.colon}{value}", of())
            self.sheet.set_row(row, ROW_PT + 2)
            row += 1
        return row

    def block(
        self,
        row: int,
        table: DayTable,
        spans: Sequence[Span],
        titled: bool = True,
        head_lines: int = 1,
    ) -> int:
        """A table on the grid; returns the row after it and a gap, the same row if it is empty."""
        if not table.rows:
            return row
        if titled:
            self.span(row, (spans[0][0], spans[-1][1]), table.title, self.styles.of(bold=True))
            row += 1
        for span, column in zip(spans, table.columns, strict=True):
            self.span(row, span, column.heading, self.styles.head(head_lines == 1))
        self.sheet.set_row(row, head_lines * ROW_PT)
        for number, cells in enumerate(table.rows):
            row += 1
            self.sheet.set_row(row, ROW_PT)
            for span, column, cell, apart in zip(
                spans, table.columns, cells, after_figures(table.columns), strict=True
            ):
                # A count has no decimals, whatever the tonnes above it have.
                shown = replace(column, places=0) if isinstance(cell, int) else column
                alarm = column.heading in LEFT and bool(cell)
                style = self.styles.cell(
                    shown, total=number in table.sums, alarm=alarm, one_line=True, apart=apart
                )
                self.span(row, span, cell, style)
        return row + 2

    def foot(self, row: int, statement: Statement) -> int:
        """Notes, origin and room to sign; returns the last row."""
        small = self.styles.of(font_size=SIZE - 1, text_wrap=True, valign="top")
        apart = "；" if self.colon == "：" else "; "
        for told in (
            apart.join(statement.notes),
            apart.join(f"{label}{self.colon}{value}" for label, value in statement.origin),
        ):
            if told:
                self.sheet.set_row(row, (ROW_PT - 2) * lines_of(told, sum(WIDTHS) * SMALLER) + 2)
                self.span(row, (0, LAST), told, small)
                row += 1
        signed = self.styles.of(bottom=1, font_size=SIZE + 1, valign="bottom")
        self.sheet.set_row(row, 30)
        places: tuple[Span, ...] = ((0, 3), (5, 9), (11, LAST))
        for span, sign in zip(places, statement.signs, strict=True):
            self.span(row, span, f"{sign}{self.colon}", signed)
        return row
