"""The office's workbook: the day's statement, the overview, and a sheet for each table.

Made by XlsxWriter in memory. Nothing in it tells when it was made, so that the same plan gives the
same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sanitation.export.daytable import DayTable
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.statement_sheet import STATEMENT, write_statement
from sanitation.export.tables_day import day_tables
from sanitation.export.xlsxstyle import SIZE, Styles, put, widths_of

A4 = 9
MARGINS_INCH = {"left": 0.35, "right": 0.35, "top": 0.55, "bottom": 0.55}
OVERVIEW = ("概览", "Overview")
ALARMS = ("uncovered", "violations")  # sheets whose tab is red where they say something
_RED = "#C00000"
_COLOURS = (
    *("#1F4E79", "#D98200", "#5B8C2A", "#8E3B8E", "#3FA7C4", "#7F6000", "#A6A6A6", "#C0504D"),
)
CHART_PX = (1120, 330)
CHART_ROWS = 18  # that many rows of a sheet are as high


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
        """An empty sheet: A4, as wide as the page, with its name, date, mark and page number."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(**MARGINS_INCH)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        pages = "第 &P 页 / 共 &N 页" if self.lang == "zh" else "page &P of &N"
        sheet.set_header(f"&L&8 {self.date}&C&8 {name}&R&8 {self.mark}")
        sheet.set_footer(f"&L&8 {self.mark}&R&8 {pages}")
        return sheet

    def title(self, sheet: Any, row: int, told: str) -> None:
        sheet.set_row(row, 21)
        put(sheet, row, 0, told, self.styles.of(bold=True, font_size=SIZE + 3))

    def grid(self, sheet: Any, top: int, table: DayTable) -> int:
        """Headings and rows from a row on; returns the row after the last."""
        head = self.styles.head()
        sheet.set_row(top, 40)
        for place, column in enumerate(table.columns):
            put(sheet, top, place, column.heading, head)
        plain = [self.styles.cell(column) for column in table.columns]
        sums = [self.styles.cell(column, bold=True) for column in table.columns]
        first_sum = len(table.rows) - table.total
        for number, cells in enumerate(table.rows):
            styles = sums if number >= first_sum else plain
            for place, cell in enumerate(cells):
                put(sheet, top + 1 + number, place, cell, styles[place])
        return top + 1 + len(table.rows)

    def table(self, table: DayTable) -> None:
        """A sheet of one table: what it is in the first row, the headings in the second."""
        sheet = self.add(table.title)
        zh = self.lang == "zh"
        count = f"共 {len(table.rows)} 条" if zh else f"{len(table.rows)} rows"
        told = (table.title, self.unit, self.date, count, self.mark)
        self.title(sheet, 0, " · ".join(part for part in told if part))
        end = self.grid(sheet, 1, table)
        last = len(table.columns) - 1
        for place, width in enumerate(widths_of(table)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, max(1, end - 1), last)
        sheet.repeat_rows(0, 1)
        if table.key in ALARMS and table.rows:
            sheet.set_tab_color(_RED)
        if table.key == "stations" and table.rows:
            self._stock_chart(sheet, table, end + 1)
            end += 1 + CHART_ROWS
        sheet.print_area(0, 0, end - 1, last)

    def overview(self, tables: Sequence[DayTable]) -> None:
        """A sheet of several tables under each other, and a picture of the last one."""
        sheet = self.add(OVERVIEW[0 if self.lang == "zh" else 1])
        told = (OVERVIEW[0 if self.lang == "zh" else 1], self.unit, self.date, self.mark)
        self.title(sheet, 0, " · ".join(part for part in told if part))
        sheet.freeze_panes(1, 0)
        row, widths = 2, dict[int, float]()
        for table in tables:
            self.title(sheet, row, table.title)
            if table is tables[-1] and table.rows:
                self._hours_chart(sheet, table, row + 1, row + 1 + CHART_ROWS)
                row += CHART_ROWS
            row = self.grid(sheet, row + 1, table) + 1
            for place, width in enumerate(widths_of(table)):
                widths[place] = max(width, widths.get(place, 0.0))
        for place, width in widths.items():
            sheet.set_column(place, place, width)
        sheet.print_area(0, 0, row - 2, max(widths))

    def _chart(self, kind: dict[str, str], title: str, unit: str) -> Any:
        chart = self.book.add_chart(kind)
        small = {"name": "Microsoft YaHei", "size": 9}
        chart.set_title({"name": title, "name_font": {**small, "size": 11}, "overlay": False})
        chart.set_y_axis(
            {
                "name": unit,
                "name_font": small,
                "num_font": small,
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
            }
        )
        chart.set_legend({"position": "bottom", "font": small})
        chart.set_size({"width": CHART_PX[0], "height": CHART_PX[1]})
        return chart

    def _hours_chart(self, sheet: Any, table: DayTable, at: int, head: int) -> None:
        """Vehicles out by half hour, a colour a service; the table's headings are in ``head``."""
        unit = "辆" if self.lang == "zh" else "vehicles"
        chart = self._chart({"type": "column", "subtype": "stacked"}, table.title, unit)
        first, last, name = head + 1, head + len(table.rows), sheet.get_name()
        for place in range(1, len(table.columns)):
            chart.add_series(
                {
                    "name": [name, head, place],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, place, last, place],
                    "fill": {"color": _COLOURS[(place - 1) % len(_COLOURS)]},
                    "gap": 15,
                }
            )
        font = {"name": "Microsoft YaHei", "size": 8, "rotation": -90}
        chart.set_x_axis({"num_format": "hh:mm", "num_font": font, "text_axis": True})
        sheet.insert_chart(at, 0, chart, {"x_offset": 4, "y_offset": 4})

    def _stock_chart(self, sheet: Any, table: DayTable, at: int) -> None:
        """The most in each station's containers beside their room."""
        zh = self.lang == "zh"
        title = "各站分类最高存量与容量" if zh else "The most in each station, and its room"
        chart = self._chart({"type": "column"}, title, "t")
        name, headings = sheet.get_name(), [column.heading for column in table.columns]
        most = headings.index("最高吨" if zh else "most t")
        for place, colour in ((most, "#1F4E79"), (most + 1, "#BFBFBF")):
            chart.add_series(
                {
                    "name": headings[place],
                    "categories": [name, 2, 0, 1 + len(table.rows), 2],
                    "values": [name, 2, place, 1 + len(table.rows), place],
                    "fill": {"color": colour},
                    "gap": 40,
                }
            )
        chart.set_x_axis({"num_font": {"name": "Microsoft YaHei", "size": 8}})
        sheet.insert_chart(at, 0, chart, {"x_offset": 4, "y_offset": 4})
