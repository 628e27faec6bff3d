"""Septic tanks in the day's plan: what is due, what vacuum trucks can do, and what to say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fleet.model import Shift, Vehicle
from sanitation.duties import septic
from sanitation.ground import Ground
from sanitation.jobs import UTILISATION, plant_way_s
from sanitation.model import DayPlan, District, Duty, Run
from sanitation.places import NIGHT_SOIL
from sanitation.septic import Level, levels_of, tank_figures
from sanitation.stopload import stop_s
from sanitation.workload import unloading


@dataclass(frozen=True, slots=True)
class Emptying:
    """The truck loads of a day and the levels that they follow from.

    ``levels_from`` is the date of the plan that left the levels, "" for the table's.
    """

    duties: tuple[Duty, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    levels_from: str = ""

    @property
    def may_wait(self) -> frozenset[str]:
        """Ids of the duties that nobody misses."""
        return frozenset(duty.id for duty in self.duties if duty.may_wait)


def emptying_of(
    district: District,
    ground: Ground,
    date: str,
    weather: str,
    before: Sequence[DayPlan],
    vehicles: Sequence[Vehicle],
) -> Emptying:
    """What vacuum trucks are to do on a date.

    Args:
        date, weather: of the day.
        before: plans of the days before, newest first.
        vehicles: those that can go out.
    """
    levels, levels_from = levels_of(district, date, before)
    yesterday = (dt.date.fromisoformat(date) - dt.timedelta(days=1)).isoformat()
    rain = weather == "rain" or any(
        plan.date == yesterday and plan.conditions.get("weather") == "rain" for plan in before
    )
    room = truck_loads(district, ground, vehicles) if rain else 0
    duties = septic.septic_duties(district, levels, rain=rain, room=room)
    return Emptying(duties, levels, levels_from)


def truck_loads(district: District, ground: Ground, vehicles: Sequence[Vehicle]) -> int:
    """Loads of night soil that these vehicles can bring away in a day, by the mean of all tanks
    and with some time to spare."""
    tanks = [tank.id for tank in district.septic_tanks]
    plants = unloading(district, NIGHT_SOIL)
    if not tanks or not plants:
        return 0
    way_s = plant_way_s(district, ground, tanks) + min(visit.total_s for visit in plants)
    loads = 0
    for kind in septic.types_for(district, narrow=False):
        count = sum(vehicle.type_id == kind.id for vehicle in vehicles)
        trip_s = kind.stop_s + kind.payload_kg * kind.pump_s_per_m3 / 1000 + way_s
        loads += count * sum(
            int(UTILISATION[septic.SERVICE] * _hours_s(district, shift) / trip_s)
            for shift in _shifts(district)
        )
    return loads


def _shifts(district: District) -> list[Shift]:
    return [shift for shift in district.shifts if septic.SERVICE in shift.services]


def _hours_s(district: District, shift: Shift) -> int:
    """What a run of a shift can last at most, without its rest."""
    rules = district.rules
    longest_s = min(shift.end_s - shift.start_s, int(rules["run_max_s"]))
    return longest_s - (int(rules["rest_s"]) if longest_s > rules["rest_after_s"] else 0)


def fewest_vacuum_trucks(district: District, ground: Ground, duties: Sequence[Duty]) -> int:
    """A proved bound of the trucks that these truck loads need; see fleet.collection_bound.

    Every load is driven to a plant and tipped, and but for the last one of a truck's shift the
    truck comes back to a tank; ways are counted as the shortest of all these tanks'.
    """
    from fleet.collection_bound import Waste, fewest_trucks

    if not duties:
        return 0
    kinds = {kind.id: kind for kind in district.vehicle_types}
    plants = unloading(district, NIGHT_SOIL)
    sites = [ground.place[duty.site_id] for duty in duties]
    gates = [ground.place[visit.dump] for visit in plants]
    away_s = int(ground.time_s[sites][:, gates].min()) + min(visit.total_s for visit in plants)
    back_s = int(ground.time_s[gates][:, sites].min())
    work_s = sum(min(stop_s(kinds[name], duty) for name in duty.types) for duty in duties)
    largest_kg = max(kinds[name].payload_kg for duty in duties for name in duty.types)
    # The last load, too, is tipped before the shift ends.
    hours_s = [max(1, _hours_s(district, shift) - away_s) for shift in _shifts(district)]
    waste = Waste(work_s, sum(duty.load_kg for duty in duties))
    return fewest_trucks(waste, largest_kg, hours_s, away_s + back_s)


def emptying_notes(
    district: District, ground: Ground, emptying: Emptying, runs: Sequence[Run]
) -> list[str]:
    """How many trucks empty septic tanks, beside the fewest that could; what rain brought forward;
    and which day the levels follow from."""
    mine = [run for run in runs if run.service == septic.SERVICE]
    done = {stop.duty_id for run in mine for stop in run.stops}
    taken = [duty for duty in emptying.duties if duty.id in done]
    notes = []
    if mine:
        out = len({run.vehicle_id for run in mine})
        fewest = fewest_vacuum_trucks(district, ground, taken)
        notes.append(
            f"化粪池清掏：{len(taken)} 车次，出车 {out} 辆，下界 {fewest} 辆 · "
            f"septic tanks: {len(taken)} loads, {out} trucks, no fewer than {fewest} could"
        )
    early = [duty for duty in emptying.duties if duty.may_wait]
    if early:
        tanks = len({duty.site_id for duty in early})
        loads = len(early)
        here = sum(duty.id in done for duty in early)
        notes.append(
            f"雨后提前清掏化粪池 {tanks} 座，{loads} 车次中已排 {here} 车次 · "
            f"after rain {tanks} septic tanks are brought forward, {here} of {loads} loads planned"
        )
    if emptying.levels:
        notes.append(_highest(district, emptying, runs))
        zh = f"{emptying.levels_from} 的计划" if emptying.levels_from else "数据表"
        en = f"the plan of {emptying.levels_from}" if emptying.levels_from else "septic_tanks.csv"
        notes.append(f"化粪池液位承接{zh} · levels of septic tanks follow from {en}")
    return notes


def _highest(district: District, emptying: Emptying, runs: Sequence[Run]) -> str:
    """Which tank is fullest at the end of the day."""
    rows = tank_figures(district, runs, emptying.levels)
    row = max(rows, key=lambda row: (row["closing_m3"] / row["limit_m3"], row["tank"]))
    share = row["closing_m3"] / row["limit_m3"]
    return (
        f"日终液位最高 {row['tank']}：{row['closing_m3']:.2f} m³，上限 {row['limit_m3']:.2f} m³ 的 "
        f"{share:.0%} · fullest tank at 24:00: {row['tank']}, {row['closing_m3']:.2f} m³, "
        f"{share:.0%} of its limit"
    )
