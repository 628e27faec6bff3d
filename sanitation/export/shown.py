"""The tables that several commands show of a plan: what is wrong with it, and one run in full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sanitation.district import embedded_folder, read_district
from sanitation.export.handout import handout_of
from sanitation.export.labels import word
from sanitation.export.posts import posts_summary_table, posts_table, short_table
from sanitation.export.rounds import round_runs_table, rounds_table
from sanitation.export.sheets import total_fields
from sanitation.export.table import Table
from sanitation.export.text import (
    run_table,
    runs_table,
    summary_table,
    suspended_table,
    uncovered_table,
    violations_table,
)
from sanitation.export.waste import (
    balance_table,
    bins_table,
    load_runs_table,
    loads_table,
    streams_table,
)
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, DayPlan
from sanitation.rounds import SERVICE as ROUNDS


def summary_tables(indicators: Mapping[str, Any], lang: str) -> list[Table]:
    """The summary of the streets' services, and where there are any those of the services that
    carry waste, of rounds, and of attended toilets."""
    services = {row["service"] for row in indicators["by_service_shift"]}
    staffed = "posts" in indicators
    # Where nobody drives there is nothing to say of it, but there is of a plan of nothing at all.
    on_streets = services - LOADED_SERVICES - SITE_SERVICES or not (services or staffed)
    tables = [summary_table(indicators, lang)] if on_streets else []
    if services & SITE_SERVICES & LOADED_SERVICES:
        tables.append(loads_table(indicators, lang))
    if services & (LOADED_SERVICES - SITE_SERVICES):
        tables.append(bins_table(indicators, lang))
    if services & LOADED_SERVICES:
        if indicators["totals"].get("streams"):
            tables.append(streams_table(indicators, lang))
        if indicators.get("stations"):
            tables.append(balance_table(indicators, lang))
    if ROUNDS in services:
        tables.append(rounds_table(indicators, lang))
    if staffed:
        tables.append(posts_summary_table(indicators, lang))
    return tables


def plan_tables(day: DayPlan, lang: str) -> list[Table]:
    """A plan in full: its summary where it has one, its runs, and what is wrong with it."""
    tables = []
    if {"by_service_shift", "totals"} <= day.indicators.keys():
        tables += summary_tables(day.indicators, lang)
    services = {run.service for run in day.runs}
    if services - LOADED_SERVICES - SITE_SERVICES or not (services or day.posts):
        tables.append(runs_table(day, lang))
    if services & LOADED_SERVICES:
        tables.append(load_runs_table(day, lang))
    if ROUNDS in services:
        tables.append(round_runs_table(day, lang))
    if day.posts:
        tables.append(posts_table(day, lang))
    return tables + fault_tables(day, lang)


def fault_tables(day: DayPlan, lang: str) -> list[Table]:
    """What is suspended, uncovered or wrong; no table for what there is none of."""
    tables = []
    if day.suspended:
        tables.append(suspended_table(day.suspended, lang))
    if day.uncovered:
        tables.append(uncovered_table(day.uncovered, lang))
    if any(post.missing for post in day.posts):
        tables.append(short_table(day.posts, lang))
    if day.violations:
        tables.append(violations_table(day.violations, day, lang))
    return tables


def run_tables(day: DayPlan, run_id: str, data: Path | None, lang: str) -> list[Table]:
    """One run as its route sheet has it; names and turns come from the district's folder.

    Args:
        day: a plan with the run in it.
        data: folder of the plan's district, None for the embedded one.

    Raises:
        UsageError: the folder is of another district.
    """
    handout = handout_of(read_district(data or embedded_folder()), day)
    (sheet,) = handout.only(run_id).sheets(lang)
    unloads = ((word("unload", lang), unloaded) for unloaded in sheet.totals.unloads)
    fields = (*sheet.header, *total_fields(sheet), *unloads)
    head = Table(("班次" if lang == "zh" else "run", run_id), fields, (False, False), keys=2)
    return [head, run_table(sheet)]
