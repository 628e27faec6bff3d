"""Days for the tests of the office's files: the hand-made plans with figures counted from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import goodplan
import wasteplan
from wastedistrict import write_wastedistrict

from sanitation.archive import plan_of
from sanitation.district import read_district
from sanitation.export.handout import Handout, handout_of
from sanitation.indicators import indicators
from sanitation.model import DayPlan, District

# Texts that a spreadsheet might run, or that break a layout.
HOSTILE = ("=cmd|'/C calc'!A0", "+1", "@x", "长" * 140, "🚛🧹", "－1")


def _counted(district: District, document: dict[str, Any], **more: Any) -> DayPlan:
    plan = replace(plan_of(document), district_id=district.id, **more)
    left, off, runs = plan.uncovered, plan.suspended, plan.runs
    return replace(plan, indicators=indicators(district, runs, left, off, {}, ["甲 · A"]))


def street_day(folder: Path, **more: Any) -> Handout:
    """The eight runs of goodplan.py on its town; ``more`` are other parts of the plan."""
    district = read_district(goodplan.write_town(folder))
    return handout_of(district, _counted(district, goodplan.good_plan(), **more))


def hostile_day(folder: Path) -> Handout:
    """The same day on streets R1 to R6 whose names are HOSTILE, with W1's plate and P1's name."""
    day = street_day(folder)
    district = day.district
    roads = tuple(
        replace(road, name=name) for road, name in zip(district.roads, HOSTILE, strict=True)
    )
    vehicles = tuple(
        replace(one, plate="=1+1") if one.id == "W1" else one for one in district.vehicles
    )
    drivers = tuple(
        replace(one, name="-2+3") if one.id == "P1" else one for one in district.drivers
    )
    return replace(day, district=replace(district, roads=roads, vehicles=vehicles, drivers=drivers))


def waste_day(folder: Path) -> Handout:
    """The runs of wasteplan.py on the waste district."""
    district = read_district(write_wastedistrict(folder))
    return handout_of(district, _counted(district, wasteplan.good_plan()))
