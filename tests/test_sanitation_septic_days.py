"""Ninety days of the embedded district's septic tanks, one after the other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from routes.stop import Interrupted
from sanitation.archive import write_plan
from sanitation.district import embedded_folder, read_district
from sanitation.duties.septic import septic_duties
from sanitation.model import DayPlan, District
from sanitation.options import Options
from sanitation.planner import plan_day
from sanitation.septic import Level

FIRST, DAYS = dt.date(2026, 7, 1), 90
TRIPS = 4  # of a vacuum truck in a day: a trip takes 80 to 100 minutes, a shift is eight hours
# Rain after every fifth day, three days in a row once a month.
RAIN = {day for day in range(DAYS) if day % 5 == 4 or day % 30 in (10, 11, 12)}


@pytest.fixture(scope="module")
def district() -> District:
    return read_district(embedded_folder())


def test_ninety_days_by_the_tables(district: District) -> None:
    """Seven trucks of four trips a day keep every tank below its limit, whatever the rain brings.

    Loads are taken by priority and then as they come; a tank of which one load is left keeps it.
    """
    trucks = sum(
        vehicle.type_id == "vacuum_truck" and vehicle.status == "in_service"
        for vehicle in district.vehicles
    )
    levels = {tank.id: Level(tank.level_kg, tank.since_days) for tank in district.septic_tanks}
    due_loads, emptied = [], set()
    for day in range(DAYS):
        rain = day in RAIN or day - 1 in RAIN
        duties = septic_duties(district, levels, rain=rain, room=TRIPS * trucks)
        due_loads.append(sum(not duty.may_wait for duty in duties))
        ordered = sorted(duties, key=lambda duty: (-duty.priority, duty.site_id, duty.id))
        taken: dict[str, int] = {}
        for duty in ordered[: TRIPS * trucks]:
            taken[duty.site_id] = taken.get(duty.site_id, 0) + duty.load_kg
        for tank in district.septic_tanks:
            level = levels[tank.id]
            gone_kg = taken.get(tank.id, 0)
            closing_kg = level.kg + tank.inflow_kg - gone_kg
            assert closing_kg <= tank.limit_kg, (day, tank.id)
            since = 0 if gone_kg == level.kg else level.since_days
            levels[tank.id] = Level(closing_kg, since + 1)
            emptied |= {tank.id} if gone_kg else set()
    assert max(due_loads) <= TRIPS * trucks
    assert len(emptied) >= 100


@pytest.mark.long
def test_ninety_days_of_plans(district: District, tmp_path: Path) -> None:
    """Ninety plans, each from the one before: nothing uncovered, no violation, no tank too full."""
    loads, worst = [], 0.0
    for day in range(DAYS):
        date = (FIRST + dt.timedelta(days=day)).isoformat()
        plan = _plan(district, date, "rain" if day in RAIN else "clear", tmp_path)
        write_plan(plan, tmp_path / date)
        rows = plan.indicators["septic"]
        if day:
            assert "levels of septic tanks follow from the plan" in str(plan.indicators["notes"])
        assert (plan.violations, plan.uncovered) == ((), ())
        worst = max(worst, *(row["closing_m3"] / row["limit_m3"] for row in rows))
        loads.append(sum(row["stops"] for row in plan.indicators["by_service_shift"]))
    assert worst <= 1
    assert sum(loads) >= 10 * DAYS


def _plan(district: District, date: str, weather: str, history: Path) -> DayPlan:
    return plan_day(
        district,
        Options(date, iterations=300, services=("septic",), weather=weather),
        orders_path=None,
        history=history,
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )
