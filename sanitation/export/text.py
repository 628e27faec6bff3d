"""The tables that `plan`, `show`, `check` and `audit` print: headings first, units in them.

Pure functions: indicators or a plan in, a Table out; table.render makes the text. Lengths are
shown in km, times in hours or h:mm, water in m³; figures have no thousands marks, so that a
piped table can be read by a program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sanitation.export.forms import FIGURES, WRITTEN
from sanitation.export.labels import clock, date_clock, km, word
from sanitation.export.sheets import Sheet, row_cells
from sanitation.export.table import Table, render
from sanitation.model import (
    SITE_SERVICES,
    DayPlan,
    Duty,
    Run,
    Suspended,
    Uncovered,
    Violation,
)
from sanitation.orders import KINDS

__all__ = [
    "Table",
    "render",
    "run_table",
    "runs_table",
    "summary_table",
    "suspended_table",
    "uncovered_table",
    "violations_table",
]


def whole(value: float) -> str:
    return f"{value:.0f}"


def one(value: float) -> str:
    return f"{value:.1f}"


def h_mm(minutes: float) -> str:
    """Minutes as h:mm: 437 -> "7:17"."""
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"


# key of the indicators, Chinese and English heading, format
Columns = tuple[tuple[str, str, str, Callable[[float], str]], ...]
SUMMARY: Columns = (
    ("vehicles", "车辆", "trucks", whole),
    ("runs", "班次数", "runs", whole),
    ("due_m", "应作业km", "due km", km),
    ("covered_m", "已排km", "covered km", km),
    ("uncovered_m", "未排km", "uncovered km", km),
    ("suspended_m", "暂停km", "suspended km", km),
    ("longest_min", "最长班", "longest h:mm", h_mm),
    ("shortest_min", "最短班", "shortest h:mm", h_mm),
    ("hours", "工时h", "hours", one),
    ("service_km", "作业km", "work km", one),
    ("deadhead_km", "空驶km", "deadhead km", one),
    ("deadhead_h", "空驶h", "deadhead h", one),
    ("bound_h", "空驶下界h", "deadhead bound h", one),
    ("water_m3", "用水m³", "water m³", whole),
    ("fuel_l", "油耗L", "fuel L", whole),
    ("cost_cny", "费用元", "cost CNY", whole),
    ("shared_share", "共用路段%", "shared sections %", one),
)


def summary_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """One row by service of the streets and shift and one of totals, from the plan's indicators.

    A figure that the indicators do not give is "-". Sections shared by two trucks are shown as
    their share of all sections.
    """
    rows = [r for r in indicators["by_service_shift"] if r["service"] not in SITE_SERVICES]
    totals = indicators.get("service_totals", {}).get("street", indicators["totals"])
    return figures_table(rows, {"": totals}, SUMMARY, lang)


def figures_table(
    lines: Sequence[Mapping[str, Any]],
    totals: Mapping[str, Mapping[str, Any]],
    columns: Columns,
    lang: str,
) -> Table:
    """Figures by service and shift under the given columns; ``totals`` are by service, or of ""."""

    def cells(given: Mapping[str, Any]) -> tuple[str, ...]:
        figures = dict(given)
        if given.get("sections") and given.get("shared_sections") is not None:
            figures["shared_share"] = 100 * given["shared_sections"] / given["sections"]
        return tuple(
            "-" if figures.get(key) is None else form(figures[key]) for key, _, _, form in columns
        )

    rows = [
        (
            word(str(line["service"]), lang),
            str(line.get("shift_name") or line["shift"])
            if lang == "zh"
            else str(line.get("shift_name_en") or line["shift"]),
            *cells(line),
        )
        for line in lines
    ]
    for service, sums in totals.items():
        rows.append((word("total", lang), word(service, lang), *cells(sums)))
    return Table(
        header=(
            word("service_name", lang),
            word("shift", lang),
            *((zh if lang == "zh" else en) for _, zh, en, _ in columns),
        ),
        rows=tuple(rows),
        right=(False, False, *(True for _ in columns)),
        keys=2,
        total=len(totals),
    )


def run_table(sheet: Sheet) -> Table:
    """One run in full, as its sheet but for the columns that are filled in by hand."""
    columns = sheet.form.columns
    shown = [i for i, column in enumerate(columns) if column not in WRITTEN]
    cells = (row_cells(row, sheet.form) for row in sheet.rows)
    return Table(
        header=tuple(word(columns[i], sheet.lang) for i in shown),
        rows=tuple(tuple(line[i] for i in shown) for line in cells),
        right=tuple(columns[i] in FIGURES for i in shown),
    )


def runs_table(plan: DayPlan, lang: str = "zh") -> Table:
    """Every run of the plan on streets, one a line."""
    zh = lang == "zh"
    header = (
        ("班次号", "作业", "班次", "车辆", "驾驶员", "停车场", "出车", "收车", "时长", "路段遍数",
         "作业km", "空驶km", "加水次数")
        if zh
        else ("run", "service", "shift", "truck", "driver", "depot", "out", "in", "h:mm", "passes",
              "work km", "deadhead km", "fills")
    )  # fmt: skip
    return Table(
        header=header,
        rows=tuple(
            _run_cells(run, plan.date, lang)
            for run in plan.runs
            if run.service not in SITE_SERVICES
        ),
        right=(False,) * 8 + (True,) * 5,
    )


def run_head(run: Run, date: str, lang: str) -> tuple[str, ...]:
    """The cells that tables of runs begin with."""
    return (
        run.id,
        word(run.service, lang),
        run.shift_id,
        run.vehicle_id,
        run.driver_id,
        run.depot_id,
        date_clock(date, run.start_s),
        date_clock(date, run.end_s),
        h_mm((run.end_s - run.start_s) / 60),
    )


def _run_cells(run: Run, date: str, lang: str) -> tuple[str, ...]:
    service_m = sum(stop.length_m for stop in run.stops if stop.kind == "service")
    driven_m = sum(stop.length_m for stop in run.stops)
    return (
        *run_head(run, date, lang),
        str(sum(stop.kind == "service" for stop in run.stops)),
        km(service_m),
        km(driven_m - service_m),
        str(sum(stop.kind == "fill" for stop in run.stops)),
    )


def violations_table(violations: Sequence[Violation], plan: DayPlan, lang: str = "zh") -> Table:
    """The referee's findings with the time of the stop they are about."""
    runs = {run.id: run for run in plan.runs}

    def when(found: Violation) -> str:
        run = runs.get(found.run_id)
        if run is None or not 0 <= found.stop < len(run.stops):
            return ""
        return clock(run.stops[found.stop].start_s)

    header = ("原因", "班次号", "行", "时间", "说明")
    return Table(
        header=header if lang == "zh" else ("cause", "run", "stop", "time", "what"),
        rows=tuple(
            (v.cause, v.run_id, str(v.stop) if v.stop >= 0 else "", when(v), v.text)
            for v in violations
        ),
        right=(False, False, True, False, False),
        keys=5,
    )


def _grouped(
    pairs: Iterable[tuple[tuple[str, ...], Duty, str]],
) -> list[tuple[tuple[str, ...], list[Duty], str]]:
    """Duties by key, the longest group first, then the heaviest; the text is that of the group's
    first duty."""
    groups: dict[tuple[str, ...], tuple[list[Duty], str]] = {}
    for key, duty, text in pairs:
        groups.setdefault(key, ([], text))[0].append(duty)
    lines = [(key, duties, text) for key, (duties, text) in groups.items()]

    def size(duties: Sequence[Duty]) -> tuple[int, int]:
        return -sum(duty.length_m for duty in duties), -sum(duty.load_kg for duty in duties)

    return sorted(lines, key=lambda line: (size(line[1]), line[0]))


def _counts(duties: Sequence[Duty], sites: bool) -> tuple[str, ...]:
    """Duties, roads and km; where ``sites`` are shown too, sites and kg: "" for what there is none
    of."""
    roads = len({duty.road_id for duty in duties if duty.road_id})
    metres = km(sum(duty.length_m for duty in duties))
    if not sites:
        return str(len(duties)), str(roads), metres
    found = len({duty.site_id for duty in duties if duty.site_id})
    load = str(sum(duty.load_kg for duty in duties))
    on_roads = (str(roads), metres) if roads else ("", "")
    return str(len(duties)), *on_roads, *((str(found), load) if found else ("", ""))


def _counted(duties: Iterable[Duty], lang: str) -> tuple[bool, tuple[str, ...]]:
    """Whether any of the duties is at a site, and the headings of _counts."""
    sites = any(duty.site_id for duty in duties)
    heads = ("次数", "道路数", "km") if lang == "zh" else ("passes", "roads", "km")
    return sites, heads + ((("点数" if lang == "zh" else "sites"), "kg") if sites else ())


def fix_text(fix: Mapping[str, Any]) -> str:
    """The fix's own words, else its fields; "" for none."""
    if "text" in fix:
        return str(fix["text"])
    return ", ".join(
        f"{key}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in sorted(fix.items())
    )


def uncovered_table(uncovered: Sequence[Uncovered], lang: str = "zh") -> Table:
    """What is due but in no run, by service, shift, cause and fix; sites and kg where any is at a
    site."""
    groups = _grouped(
        ((u.duty.service, u.duty.shift_id, u.cause, fix_text(u.fix)), u.duty, u.text)
        for u in uncovered
    )
    sites, counted = _counted((u.duty for u in uncovered), lang)
    first = ("作业", "班次", "原因") if lang == "zh" else ("service", "shift", "cause")
    last = ("例", "补救办法") if lang == "zh" else ("for example", "smallest fix")
    return Table(
        header=(*first, *counted, *last),
        rows=tuple(
            (word(service, lang), shift, cause, *_counts(duties, sites), text, fix)
            for (service, shift, cause, fix), duties, text in groups
        ),
        right=(*(False for _ in first), *(True for _ in counted), *(False for _ in last)),
        keys=len(first + counted + last),
    )


def orders_table(orders: Sequence[Mapping[str, Any]], lang: str = "zh") -> Table:
    """Each line of the orders' file and what became of it."""
    header = ("行", "指令", "对象", "车辆", "班次", "结果", "说明")
    english = ("line", "order", "target", "vehicle", "shift", "outcome", "why")
    outcomes = {"obeyed": "已执行", "refused": "未执行"}
    return Table(
        header=header if lang == "zh" else english,
        rows=tuple(
            (
                str(order["line"]),
                KINDS[order["kind"]] if lang == "zh" else str(order["kind"]),
                *(str(order[key]) for key in ("target", "vehicle", "shift")),
                outcomes[order["outcome"]] if lang == "zh" else str(order["outcome"]),
                str(order["reason"]),
            )
            for order in orders
        ),
        right=(True, False, False, False, False, False, False),
        keys=7,
    )


def suspended_table(suspended: Sequence[Suspended], lang: str = "zh") -> Table:
    """What weather or an order forbids, by service, shift and rule."""
    groups = _grouped(
        ((s.duty.service, s.duty.shift_id, s.rule), s.duty, s.text) for s in suspended
    )
    sites, counted = _counted((s.duty for s in suspended), lang)
    first = ("作业", "班次", "规定") if lang == "zh" else ("service", "shift", "rule")
    return Table(
        header=(*first, *counted, "说明" if lang == "zh" else "why"),
        rows=tuple(
            (word(service, lang), shift, rule, *_counts(duties, sites), text)
            for (service, shift, rule), duties, text in groups
        ),
        right=(*(False for _ in first), *(True for _ in counted), False),
        keys=len(first + counted) + 1,
    )
