"""The referee: judges any plan.json, ours, edited or hand-made, against the district's folder.

It shares no code with the engine and the planner. It reads network.osm for itself, works the
day's conditions and due work out anew from the tables, and replays every run. What it finds is a
violation with a cause from the closed list CAUSES; it never stops at the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sanitation.audit.bins import judge_bins
from sanitation.audit.books import open_books
from sanitation.audit.causes import CAUSES
from sanitation.audit.cover import judge_cover
from sanitation.audit.day import judge_day
from sanitation.audit.drive import replay
from sanitation.audit.figures import judge_conditions, judge_figures, judge_orders
from sanitation.audit.haulage import judge_transfers
from sanitation.audit.load import Moved, replay_load
from sanitation.audit.pace import judge_times, judge_wet
from sanitation.audit.posts import judge_posts, read_posts
from sanitation.audit.rows import read_plan
from sanitation.audit.sections import judge_sections, learn_sections
from sanitation.audit.septic import judge_levels
from sanitation.audit.sites import judge_accounts, judge_visits
from sanitation.audit.stations import judge_hours, judge_stocks, judge_throughput
from sanitation.audit.tank import judge_tank
from sanitation.audit.toilets import judge_rounds
from sanitation.district import read_district
from sanitation.model import Violation

__all__ = ["CAUSES", "audit_plan"]


def audit_plan(plan: Mapping[str, Any], folder: Path) -> tuple[Violation, ...]:
    """Every violation of a plan, by run and stop; those of the whole plan come first.

    Args:
        plan: the JSON document of plan.json. Missing keys and wrong types are violations of the
            cause ``format``; a run with one is not replayed, and with any, work that the plan
            leaves out is not looked for and containers are not judged, since it may stand in
            what cannot be read.
        folder: the district's.

    Raises:
        SanitationError: the district's folder cannot be read.
    """
    district = read_district(folder)
    rows, violations = read_plan(plan, district.utc_offset)
    if rows is None:
        return tuple(violations)
    posts, post_faults = read_posts(plan, rows, district.utc_offset)
    violations += post_faults
    readable = not violations
    books = open_books(district, rows)
    moved: list[Moved] = []
    for run in rows.runs:
        drive_faults, driven = replay(run, books)
        violations += drive_faults
        violations += judge_times(run, books, driven)
        violations += judge_wet(run, books)
        violations += judge_tank(run, books, driven)
        load_faults, run_moved = replay_load(run, books)
        violations += load_faults
        moved += run_moved
        violations += judge_visits(run, books)
        violations += judge_transfers(run, books)
        violations += judge_hours(run, books)
    sections = learn_sections(rows.runs)
    violations += judge_sections(rows.runs, sections, books)
    violations += judge_day(rows, books)
    violations += judge_rounds(rows.runs, books)
    violations += judge_throughput(moved, books)
    violations += judge_posts(posts, rows, books, whole=not post_faults)
    violations += judge_orders(rows, books)
    violations += judge_conditions(rows, books)
    if readable:
        violations += judge_cover(rows, sections, books)
        violations += judge_bins(rows, sections, books)
        violations += judge_accounts(rows, books)
        violations += judge_stocks(moved, rows, books)
        if "septic" in books.services:
            violations += judge_levels(rows, books.septic)
        violations += judge_figures(rows, [violation.cause for violation in violations])
    order = {cause: place for place, cause in enumerate(CAUSES)}
    key = {v: (v.run_id, v.stop, order[v.cause], v.text) for v in violations}
    return tuple(sorted(key, key=key.__getitem__))
