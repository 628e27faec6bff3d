"""The tables of what carries waste: the summaries, tonnes by stream, the stations' stock, runs.

Indicators or a plan in, a Table out. Loads are shown in tonnes, figures without thousands marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sanitation.balance import moves_of
from sanitation.export.labels import km, tonnes, word
from sanitation.export.table import Table
from sanitation.export.text import Columns, figures_table, h_mm, one, run_head, whole
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, DayPlan, Run


def shown_t(load_t: float) -> str:
    """Tonnes as the tables show them: 0.012 -> "0.012", 16.17 -> "16.2"."""
    return tonnes(round(load_t * 1000))


SUMMARY: Columns = (
    ("vehicles", "车辆", "trucks", whole),
    ("runs", "班次数", "runs", whole),
    ("due_stops", "应收点", "due stops", whole),
    ("stops", "已收点", "served stops", whole),
    ("uncovered_stops", "未收点", "uncovered stops", whole),
    ("load_t", "已收吨", "served t", shown_t),
    ("uncovered_t", "未收吨", "uncovered t", shown_t),
    ("suspended_t", "暂停吨", "suspended t", shown_t),
    ("bins", "桶", "bins", whole),
    ("unloads", "卸料次数", "unloadings", whole),
    ("longest_min", "最长班", "longest h:mm", h_mm),
    ("shortest_min", "最短班", "shortest h:mm", h_mm),
    ("hours", "工时h", "hours", one),
    ("deadhead_km", "行驶km", "driven km", one),
    ("deadhead_h", "行驶h", "driven h", one),
    ("bound_h", "行驶下界h", "driven bound h", one),
    ("fuel_l", "油耗L", "fuel L", whole),
    ("cost_cny", "费用元", "cost CNY", whole),
)


BINS: Columns = (
    ("vehicles", "车辆", "trucks", whole),
    ("runs", "班次数", "runs", whole),
    ("due_bins", "应清箱次", "due bins", whole),
    ("bins", "已清箱次", "emptied bins", whole),
    ("uncovered_bins", "未清箱次", "uncovered bins", whole),
    ("suspended_bins", "暂停箱次", "suspended bins", whole),
    ("load_t", "已收吨", "served t", shown_t),
    ("uncovered_t", "未收吨", "uncovered t", shown_t),
    ("unloads", "卸料次数", "unloadings", whole),
    ("longest_min", "最长班", "longest h:mm", h_mm),
    ("shortest_min", "最短班", "shortest h:mm", h_mm),
    ("hours", "工时h", "hours", one),
    ("service_km", "作业km", "work km", one),
    ("deadhead_km", "空驶km", "deadhead km", one),
    ("deadhead_h", "空驶h", "deadhead h", one),
    ("bound_h", "空驶下界h", "deadhead bound h", one),
    ("cost_cny", "费用元", "cost CNY", whole),
    ("shared_share", "共用路段%", "shared sections %", one),
)


def loads_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """One row by service at sites and shift, and one of totals for each such service.

    There is none for both: waste that is collected and hauled would count twice. "-" stands for a
    figure that is not given.
    """
    return _services_table(indicators, SITE_SERVICES, SUMMARY, lang)


def bins_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """One row by shift in which litter bins are emptied, and one of totals."""
    return _services_table(indicators, LOADED_SERVICES - SITE_SERVICES, BINS, lang)


def _services_table(
    indicators: Mapping[str, Any], services: frozenset[str], columns: Columns, lang: str
) -> Table:
    rows = [row for row in indicators["by_service_shift"] if row["service"] in services]
    totals = {
        service: sums
        for service, sums in indicators.get("service_totals", {}).items()
        if service in services
    }
    return figures_table(rows, totals, columns, lang)


def streams_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """Tonnes by service and stream: due, served, left, suspended."""
    zh = lang == "zh"
    return Table(
        header=("作业", "垃圾类别", "应收吨", "已收吨", "未收吨", "暂停吨")
        if zh
        else ("service", "stream", "due t", "served t", "uncovered t", "suspended t"),
        rows=tuple(
            (
                word(row["service"], lang),
                _stream(indicators, row["stream"], lang),
                *(shown_t(row[key]) for key in ("due_t", "load_t", "uncovered_t", "suspended_t")),
            )
            for row in indicators["totals"]["streams"]
        ),
        right=(False, False, *(True,) * 4),
        keys=2,
    )


_STOCK = ("opening_kg", "in_kg", "out_kg", "closing_kg", "most_kg", "room_kg")


def balance_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """Tonnes by station and stream over the day, and the sums of each stream.

    The stations are not at their fullest at one moment, so the highest stock has no sum.
    """
    stations = indicators["stations"]
    names = indicators.get("station_names", {})
    streams = list(dict.fromkeys(row["stream"] for row in stations))
    rows = [
        (
            f"{row['station']} {names.get(row['station'], '')}".strip(),
            _stream(indicators, row["stream"], lang),
            *(tonnes(row[key]) for key in _STOCK),
        )
        for row in stations
    ]
    for stream in streams:
        sums = ("-" if key == "most_kg" else tonnes(_sum(stations, stream, key)) for key in _STOCK)
        rows.append((word("total", lang), _stream(indicators, stream, lang), *sums))
    return Table(
        header=("转运站", "垃圾类别", "期初吨", "进吨", "出吨", "期末吨", "最高吨", "容量吨")
        if lang == "zh"
        else ("station", "stream", "opening t", "in t", "out t", "closing t", "most t", "room t"),
        rows=tuple(rows),
        right=(False, False, *(True for _ in _STOCK)),
        keys=2,
        total=len(streams),
    )


def _sum(stations: Iterable[Mapping[str, Any]], stream: str, key: str) -> int:
    return sum(int(row[key]) for row in stations if row["stream"] == stream)


def _stream(indicators: Mapping[str, Any], stream: str, lang: str) -> str:
    """A stream as the district calls it, else in our own words."""
    names = indicators.get("stream_names", {}).get(stream, {})
    return str(names.get(lang) or word(stream, lang))


def load_runs_table(plan: DayPlan, lang: str = "zh") -> Table:
    """Every run of the plan that carries waste, one a line."""
    header = (
        ("班次号", "作业", "班次", "车辆", "驾驶员", "停车场", "出车", "收车", "时长", "作业点",
         "桶", "吨", "卸料次数", "行驶km")
        if lang == "zh"
        else ("run", "service", "shift", "truck", "driver", "depot", "out", "in", "h:mm", "stops",
              "bins", "t", "unloadings", "driven km")
    )  # fmt: skip
    runs = [run for run in plan.runs if run.service in LOADED_SERVICES]
    return Table(
        header=header,
        rows=tuple((*run_head(run, plan.date, lang), *_run_figures(run)) for run in runs),
        right=(False,) * 8 + (True,) * 6,
    )


def _run_figures(run: Run) -> tuple[str, ...]:
    moves = moves_of(run).values()
    served = [move for move in moves if move.kind == "service"]
    return (
        str(len(served)),
        str(sum(move.bins for move in served)),
        tonnes(sum(move.load_kg for move in served)),
        str(sum(move.kind == "unload" for move in moves)),
        km(sum(stop.length_m for stop in run.stops)),
    )
