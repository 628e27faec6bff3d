"""Septic tanks from day to day: how full they are, and what vacuum trucks take out of them.

What settles in a day comes in after the day's work, so that a tank's level at 00:00 is what there
is to take. 1 m³ is 1,000 kg; figures that are shown are in m³, everything else in whole kilograms.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanitation.balance import moves_by_kind
from sanitation.model import DayPlan, District, Run
from sanitation.places import SepticTank

SERVICE = "septic"


@dataclass(frozen=True, slots=True)
class Level:
    """What is in a tank at 00:00 of a date, and how many days ago it was last emptied."""

    kg: int
    since_days: int


def levels_of(
    district: District, date: str, before: Sequence[DayPlan]
) -> tuple[dict[str, Level], str]:
    """The level of every tank at 00:00 of a date, and the date of the plan it follows from.

    Args:
        date: ISO 8601.
        before: plans of the days before, newest first. The newest one that says something of
            septic tanks counts; on days without a plan nothing was taken.

    Returns:
        (levels by tank id, "" where there is no such plan and the table's levels hold).
    """
    rows: dict[str, Mapping[str, Any]] = {}
    day = ""
    for plan in before:
        if plan.indicators.get(SERVICE):
            rows = {str(row["tank"]): row for row in plan.indicators[SERVICE]}
            day = plan.date
            break
    gap = (dt.date.fromisoformat(date) - dt.date.fromisoformat(day)).days if day else 0
    return {
        tank.id: _after(tank, rows[tank.id], gap)
        if tank.id in rows
        else Level(tank.level_kg, tank.since_days)
        for tank in district.septic_tanks
    }, day


def _after(tank: SepticTank, row: Mapping[str, Any], gap: int) -> Level:
    """The level so many days after the one that a row is of."""
    closing_kg = _kg(row["closing_m3"]) + tank.inflow_kg * (gap - 1)
    emptied = _kg(row["taken_m3"]) >= _kg(row["opening_m3"]) > 0
    return Level(closing_kg, gap + (0 if emptied else int(row["since_days"])))


def _kg(volume_m3: float) -> int:
    return round(1000 * volume_m3)


def tank_figures(
    district: District, runs: Sequence[Run], levels: Mapping[str, Level]
) -> list[dict[str, Any]]:
    """A row for each tank, m³: ``opening_m3`` + ``inflow_m3`` - ``taken_m3`` = ``closing_m3``.

    ``limit_m3`` must not be passed; ``since_days`` is counted to 00:00 of the day.
    """
    taken_kg: dict[str, int] = {}
    for move in moves_by_kind(runs, "service", SERVICE):
        taken_kg[move.place_id] = taken_kg.get(move.place_id, 0) + move.load_kg
    rows = []
    for tank in district.septic_tanks:
        level = levels[tank.id]
        gone_kg = taken_kg.get(tank.id, 0)
        rows.append(
            {
                "tank": tank.id,
                "opening_m3": level.kg / 1000,
                "inflow_m3": tank.inflow_kg / 1000,
                "taken_m3": gone_kg / 1000,
                "closing_m3": (level.kg + tank.inflow_kg - gone_kg) / 1000,
                "limit_m3": tank.limit_kg / 1000,
                "since_days": level.since_days,
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class Part:
    """A truck load of a tank: what is in the tank before, and which of how many loads it is."""

    before_kg: int
    number: int
    of: int


def parts_of(plan: DayPlan) -> dict[str, Part]:
    """Every truck load of a plan by its duty, in the order in which the trucks begin."""
    opening_kg = {row["tank"]: _kg(row["opening_m3"]) for row in plan.indicators.get(SERVICE, ())}
    visits: dict[str, list[tuple[int, str, int]]] = {}
    for run in plan.runs:
        before_kg = 0
        for stop in run.stops:
            if run.service == SERVICE and stop.kind == "service":
                visit = stop.start_s, stop.duty_id, stop.load_kg - before_kg
                visits.setdefault(stop.site_id, []).append(visit)
            before_kg = stop.load_kg
    waiting = Counter(one.duty.site_id for one in plan.uncovered if one.duty.service == SERVICE)
    found = {}
    for tank, own in visits.items():
        left_kg = opening_kg.get(tank, sum(kg for *_, kg in own))
        for number, (_, duty_id, kg) in enumerate(sorted(own), 1):
            found[duty_id] = Part(left_kg, number, len(own) + waiting[tank])
            left_kg -= kg
    return found
