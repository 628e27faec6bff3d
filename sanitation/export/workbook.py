"""The office's workbook: the day's statement, the overview, and a sheet for each table.

Made by XlsxWriter in memory. Nothing in it tells when it was made, so that the same plan gives the
same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sanitation.export.daytable import DayTable
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.statement_sheet import STATEMENT, write_statement
from sanitation.export.tables_day import day_tables
from sanitation.export.xlsxcharts import COLUMNS, add_chart
from sanitation.export.xlsxstyle import (
    LINE_PT,
    PAGE,
    SIZE,
    Styles,
    after_figures,
    lines_of,
    put,
    widths_of,
)

A4 = 9  # Excel's number of the paper
MOST_PT = 409.0  # a row cannot be higher
MARGINS_INCH = {"left": 0.35, "right": 0.35, "top": 0.55, "bottom": 0.55}
OVERVIEW = ("概览", "Overview")
ALARMS = ("uncovered", "violations")  # sheets whose tab is red where they say something
_RED = "#C00000"
HEAD_PT = 29  # two lines of heading


def workbook_files(handout: Handout, lang: str, one_run: bool) -> Iterator[tuple[str, bytes]]:
    """``<date>.xlsx``, or ``<run>.xlsx`` of one run."""
    name = safe_name(handout.plan.runs[0].id) if one_run else handout.plan.date
    yield f"{name}.xlsx", workbook_bytes(handout, lang, one_run)


def workbook_bytes(handout: Handout, lang: str, one_run: bool) -> bytes:
    """The workbook in one language.

    Raises:
        ValueError: unknown language.
    """
    import xlsxwriter

    day = day_tables(handout, lang, one_run)
    plan, content = handout.plan, io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(
            {
                "title": f"{plan.date} {plan.runs[0].id if one_run else ''}".strip(),
                "author": str(plan.provenance.get("program", "")),
                "comments": word("model_mark", lang) if plan.model else "",
                "created": datetime.fromisoformat(plan.date),
            }
        )
        pages = _Pages(book, handout, lang)
        if day.statement is not None:
            sheet = pages.add(STATEMENT[0 if lang == "zh" else 1], landscape=False)
            write_statement(sheet, pages.styles, day.statement, lang)
        if day.overview:
            pages.overview(day.overview)
        for table in day.tables:
            pages.table(table)
    return content.getvalue()


class _Pages:
    """Adds the sheets of one workbook, each set up for the printer."""

    def __init__(self, book: Any, handout: Handout, lang: str) -> None:
        self.book, self.styles, self.lang = book, Styles(book), lang
        district, plan = handout.district, handout.plan
        self.unit = district.name if lang == "zh" else district.name_en or district.name
        self.date = plan.date
        self.mark = word("model_mark", lang) if plan.model else ""

    def add(self, name: str, landscape: bool = True) -> Any:
        """An empty sheet: A4, with its name, date, mark and page number on each page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(**MARGINS_INCH)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        pages = "第 &P 页 / 共 &N 页" if self.lang == "zh" else "page &P of &N"
        sheet.set_header(f"&L&8 {self.date}&C&8 {name}&R&8 {self.mark}")
        sheet.set_footer(f"&L&8 {self.mark}&R&8 {pages}")
        return sheet

    def title(self, sheet: Any, row: int, told: str) -> None:
        sheet.set_row(row, 21)
        put(sheet, row, 0, told, self.styles.of(bold=True, font_size=SIZE + 2))

    def grid(self, sheet: Any, top: int, table: DayTable, widths: Sequence[float]) -> int:
        """Headings and rows from a row on; returns the row after the last.

        Rows are as high as their texts: not every program that opens the file makes them so.
        """
        head = self.styles.head()
        sheet.set_row(top, HEAD_PT)
        for place, column in enumerate(table.columns):
            put(sheet, top, place, column.heading, head)
        columns = list(zip(table.columns, after_figures(table.columns), strict=True))
        plain = [self.styles.cell(column, apart=apart) for column, apart in columns]
        sums = [self.styles.cell(column, total=True, apart=apart) for column, apart in columns]
        for number, cells in enumerate(table.rows):
            styles = sums if number in table.sums else plain
            for place, cell in enumerate(cells):
                put(sheet, top + 1 + number, place, cell, styles[place])
            texts = (pair for pair in zip(cells, widths, strict=False) if isinstance(pair[0], str))
            lines = max((lines_of(str(cell), width) for cell, width in texts), default=1)
            sheet.set_row(top + 1 + number, min(MOST_PT, lines * LINE_PT + 1.5))
        return top + 1 + len(table.rows)

    def table(self, table: DayTable) -> None:
        """A sheet of one table: what it is in the first row, the headings in the second."""
        sheet = self.add(table.title)
        zh = self.lang == "zh"
        count = f"共 {len(table.rows)} 条" if zh else f"{len(table.rows)} rows"
        told = (table.title, self.unit, self.date, count, self.mark)
        self.title(sheet, 0, " · ".join(part for part in told if part))
        widths, last = widths_of(table), len(table.columns) - 1
        _set_columns(sheet, widths)
        end = self.grid(sheet, 1, table, widths)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, max(1, end - 1), last)
        sheet.repeat_rows(0, 1)
        if table.key in ALARMS and table.rows:
            sheet.set_tab_color(_RED)
        if covered := add_chart(self.book, sheet, table, last + 2, self.lang):
            last += 1 + COLUMNS
            end = max(end, covered + 1)
            sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, end - 1, last)

    def overview(self, tables: Sequence[DayTable]) -> None:
        """A sheet of several tables under each other."""
        sheet = self.add(OVERVIEW[0 if self.lang == "zh" else 1])
        told = (OVERVIEW[0 if self.lang == "zh" else 1], self.unit, self.date, self.mark)
        self.title(sheet, 0, " · ".join(part for part in told if part))
        sheet.freeze_panes(1, 0)
        each = [widths_of(table) for table in tables]
        widths = [max(many) for many in zip_longest(*each, fillvalue=0.0)]
        _set_columns(sheet, widths)
        row = 2
        for table in tables:
            self.title(sheet, row, table.title)
            row = self.grid(sheet, row + 1, table, widths) + 1
        sheet.print_area(0, 0, row - 2, len(widths) - 1)


def _set_columns(sheet: Any, widths: Sequence[float]) -> None:
    """Set the widths; what is too wide for the page is made as wide as it in print, and what is
    not stays as it is: some programs would blow it up."""
    if sum(widths) > PAGE:
        sheet.fit_to_pages(1, 0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
