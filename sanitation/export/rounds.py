"""The tables of rounds: the summary by shift, and their runs.

Indicators or a plan in, a Table out. Figures have no thousands marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanitation.export.labels import km
from sanitation.export.table import Table
from sanitation.export.text import Columns, figures_table, h_mm, one, run_head, whole
from sanitation.model import DayPlan, Run
from sanitation.rounds import SERVICE

SUMMARY: Columns = (
    ("vehicles", "班组", "crews", whole),
    ("runs", "班次数", "runs", whole),
    ("sites", "公厕", "toilets", whole),
    ("due_stops", "应保洁次数", "due visits", whole),
    ("stops", "已排次数", "planned visits", whole),
    ("uncovered_stops", "未排次数", "uncovered visits", whole),
    ("suspended_stops", "暂停次数", "suspended visits", whole),
    ("least_gap_min", "最短间隔", "least spacing h:mm", h_mm),
    ("longest_min", "最长班", "longest h:mm", h_mm),
    ("shortest_min", "最短班", "shortest h:mm", h_mm),
    ("hours", "工时h", "hours", one),
    ("deadhead_km", "途中km", "ways km", one),
    ("deadhead_h", "途中h", "ways h", one),
    ("bound_h", "途中下界h", "ways bound h", one),
    ("fuel_l", "油耗L", "fuel L", whole),
    ("cost_cny", "费用元", "cost CNY", whole),
)


def rounds_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """One row by shift of the rounds and one of totals; "-" stands for what is not given."""
    rows = [row for row in indicators["by_service_shift"] if row["service"] == SERVICE]
    totals = indicators.get("service_totals", {})
    return figures_table(rows, {name: totals[name] for name in (SERVICE,) if name in totals},
                         SUMMARY, lang)  # fmt: skip


def round_runs_table(plan: DayPlan, lang: str = "zh") -> Table:
    """Every run of the rounds, one a line."""
    header = (
        ("班次号", "作业", "班次", "车辆", "保洁员", "班点", "出发", "返回", "时长", "公厕",
         "次数", "途中km")
        if lang == "zh"
        else ("run", "service", "shift", "crew", "cleaner", "base", "out", "in", "h:mm", "toilets",
              "visits", "ways km")
    )  # fmt: skip
    return Table(
        header=header,
        rows=tuple(
            (*run_head(run, plan.date, lang), *_figures(run))
            for run in plan.runs
            if run.service == SERVICE
        ),
        right=(False,) * 8 + (True,) * 4,
    )


def _figures(run: Run) -> tuple[str, ...]:
    sites = [stop.site_id for stop in run.stops if stop.kind == "service"]
    return str(len(set(sites))), str(len(sites)), km(sum(stop.length_m for stop in run.stops))
