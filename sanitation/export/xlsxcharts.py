"""The workbook's charts, each beside the table that it is drawn from."""

from __future__ import annotations

from typing import Any

from sanitation.export.daytable import DayTable
from sanitation.export.xlsxstyle import FONT, SIZE

WIDE_PX, HIGH_PX = 816, 520
COLUMNS = 13  # that many empty columns are as wide
ROW_PX = 20  # a row of one line
_FIRST, _HEAD = 2, 1  # rows of the table on its sheet
_FONT = {"name": FONT, "size": SIZE}
# Dark and light in turn, so that neighbours differ without colour too.
_COLOURS = (
    *("#1F4E79", "#F2B134", "#4E7D2A", "#C9A6E4", "#2E86AB", "#D9D2C5", "#A61C28", "#9FC5E8"),
)


def add_chart(book: Any, sheet: Any, table: DayTable, place: int, lang: str) -> int:
    """Draw the table's chart, if there is one for it, from a column on; returns the last row that
    it covers, 0 for none."""
    if table.key not in ("hours", "stations") or not table.rows:
        return 0
    high_px = HIGH_PX
    if table.key == "hours":
        chart = _hours(book, sheet.get_name(), table, lang)
    else:
        chart = _stations(book, sheet.get_name(), table, lang)
        high_px = max(HIGH_PX, 110 + ROW_PX * len(table.rows))
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_size({"width": WIDE_PX, "height": high_px})
    sheet.insert_chart(_HEAD, place, chart, {"x_offset": 4, "y_offset": 4})
    return _HEAD + high_px // ROW_PX + 1


def _titled(book: Any, kind: dict[str, str], title: str) -> Any:
    chart = book.add_chart(kind)
    chart.set_title({"name": title, "name_font": {**_FONT, "size": SIZE + 2}, "overlay": False})
    return chart


def _figures(unit: str) -> dict[str, object]:
    """The axis of the figures."""
    lines = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}
    return {"name": unit, "name_font": _FONT, "num_font": _FONT, "major_gridlines": lines}


def _hours(book: Any, name: str, table: DayTable, lang: str) -> Any:
    """Vehicles out by half hour, a colour a service."""
    title, unit = ("各时段出车数", "辆") if lang == "zh" else (table.title, "vehicles")
    chart = _titled(book, {"type": "column", "subtype": "stacked"}, title)
    last = _HEAD + len(table.rows)
    for service in range(1, len(table.columns)):
        chart.add_series(
            {
                "name": [name, _HEAD, service],
                "categories": [name, _FIRST, 0, last, 0],
                "values": [name, _FIRST, service, last, service],
                "fill": {"color": _COLOURS[(service - 1) % len(_COLOURS)]},
                "border": {"color": "#FFFFFF", "width": 0.25},
                "gap": 15,
            }
        )
    upright = {**_FONT, "size": SIZE - 1, "rotation": -90}
    chart.set_x_axis({"num_format": "hh:mm", "num_font": upright, "text_axis": True})
    chart.set_y_axis(_figures(unit))
    return chart


def _stations(book: Any, name: str, table: DayTable, lang: str) -> Any:
    """The most in each station's containers beside their room, in the order of the rows."""
    title = "各站分类最高存量与容量" if lang == "zh" else "The most in each station, and its room"
    chart = _titled(book, {"type": "bar"}, title)
    headings, last = [column.heading for column in table.columns], _HEAD + len(table.rows)
    most = headings.index("最高吨" if lang == "zh" else "most t")
    for column, colour in ((most, _COLOURS[0]), (most + 1, "#C4C4C4")):
        chart.add_series(
            {
                "name": [name, _HEAD, column],
                "categories": [name, _FIRST, 1, last, 2],
                "values": [name, _FIRST, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    # Of bars the upright axis has the names; the first row of the table is on top.
    chart.set_y_axis({"num_font": {**_FONT, "size": SIZE - 1}, "reverse": True})
    chart.set_x_axis({**_figures("t"), "label_position": "high"})
    return chart
