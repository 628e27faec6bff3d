"""The tables that several commands show of a plan: what is wrong with it, and one run in full."""

from __future__ import annotations

from pathlib import Path

from sanitation.district import embedded_folder, read_district
from sanitation.errors import UsageError
from sanitation.export.sheets import sheet_rows, total_fields
from sanitation.export.table import Table
from sanitation.export.text import run_table, suspended_table, uncovered_table, violations_table
from sanitation.model import DayPlan


def fault_tables(day: DayPlan, lang: str) -> list[Table]:
    """What is suspended, uncovered or wrong; no table for what there is none of."""
    tables = []
    if day.suspended:
        tables.append(suspended_table(day.suspended, lang))
    if day.uncovered:
        tables.append(uncovered_table(day.uncovered, lang))
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
    district = read_district(data or embedded_folder())
    if district.id != day.district_id:
        told = f"the plan is of district {day.district_id!r}, the data of {district.id!r}"
        raise UsageError(told, "give the plan's district with --data")
    from sanitation.planner import sheet_inputs

    sections, way_names, coords, fuel_l = sheet_inputs(district, day)
    sheet = sheet_rows(
        next(run for run in day.runs if run.id == run_id),
        day,
        district,
        sections,
        lang,
        way_names=way_names,
        coords=coords,
        fuel_l=fuel_l.get(run_id),
    )
    fields = (*sheet.header, *total_fields(sheet))
    head = Table(("班次" if lang == "zh" else "run", run_id), fields, (False, False), keys=2)
    return [head, run_table(sheet)]
