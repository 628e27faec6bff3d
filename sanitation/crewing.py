"""Runs get their trucks and people: timed routes in, complete runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from fleet.assign import Unassigned, assign_runs
from fleet.duty import Past, RunNeed
from fleet.model import Driver, DutyRules, Vehicle
from sanitation.compile import Who, compile_run
from sanitation.departures import Timed
from sanitation.ground import Ground
from sanitation.haulrun import compile_outside, leaves_district
from sanitation.jobs import Key
from sanitation.model import District, Duty, Run
from sanitation.timing import Timeline
from sanitation.workload import Workload


@dataclass(frozen=True, slots=True)
class Crewed:
    """Complete runs sorted by id, and the duties of those that nobody or nothing could drive."""

    runs: tuple[Run, ...]
    left: tuple[tuple[Duty, Unassigned], ...]
    notes: tuple[str, ...]


def duty_rules(rules: Mapping[str, float]) -> DutyRules:
    """The hours of drivers from the district's rules; what is not in them keeps its default."""
    names = {field.name for field in fields(DutyRules)}
    return DutyRules(**{name: int(value) for name, value in rules.items() if name in names})


def crew_up(
    district: District,
    ground: Ground,
    timed: Sequence[Timed],
    vehicles: Sequence[Vehicle],
    past: Past,
    *,
    date: str,
    pinned: Mapping[Key, Mapping[str, str]],
    drivers_before: Mapping[tuple[str, str, str], str],
    absent: frozenset[str],
    overtime_s: int = 0,
) -> Crewed:
    """Give every timed route a vehicle, a driver and helpers, and write it out as a run.

    Args:
        vehicles: those that can go out today.
        pinned: section id -> vehicle id, by job.
        drivers_before: who drove (service, shift, vehicle) the day before.
        absent: drivers and helpers who are away.
        overtime_s: seconds that an order adds to a duty day.
    """
    kinds = {kind.id: kind for kind in district.vehicle_types}
    where: dict[str, tuple[Workload, Timeline]] = {}
    needs = []
    for one in timed:
        workload = one.searched.workload
        holders = set(pinned.get(one.searched.job.key, {}).values())
        working = [line for line in one.lines if line.serves]
        for number, line in enumerate(working, start=1):
            run_id = f"{workload.service}-{workload.shift_id}-{number:02d}"
            slot = workload.vehicles[line.route.vehicle]
            where[run_id] = workload, line
            needs.append(
                RunNeed(
                    id=run_id,
                    service=workload.service,
                    shift_id=workload.shift_id,
                    depot_id=slot.depot_id,
                    type_id=slot.type_id,
                    start_s=line.start_s,
                    end_s=line.end_s,
                    work_s=line.end_s - line.start_s - line.rest_s,
                    helpers=kinds[slot.type_id].helpers,
                    pinned_vehicle=slot.id if slot.id in holders else "",
                    preferred_vehicle=slot.id,
                    preferred_driver=drivers_before.get(
                        (workload.service, workload.shift_id, slot.id), ""
                    ),
                )
            )
    rules = dict(district.rules)
    rules["duty_day_work_s"] += overtime_s
    people: tuple[Driver, ...] = district.drivers
    answer = assign_runs(
        tuple(needs),
        tuple(vehicles),
        people,
        past,
        duty_rules(rules),
        dt.date.fromisoformat(date).weekday(),
        absent,
    )
    lacking = {gap.run_id: gap for gap in answer.unassigned}
    runs, left = [], []
    for run_id, (workload, line) in sorted(where.items()):
        crew: Who = {
            "run_id": run_id,
            "vehicle_id": answer.vehicle.get(run_id, ""),
            "driver_id": answer.driver.get(run_id, ""),
            "helper_ids": answer.helpers.get(run_id, ()),
        }
        if leaves_district(ground, workload):
            run = compile_outside(district, ground, workload, line, **crew)
        else:
            kind = kinds[workload.vehicles[line.route.vehicle].type_id]
            run = compile_run(ground, workload, line, kind, **crew)
        if run_id in lacking:
            by_id = {duty.id: duty for duty in workload.duties}
            left += [
                (by_id[stop.duty_id], lacking[run_id])
                for stop in run.stops
                if stop.kind == "service"
            ]
        else:
            runs.append(run)
    notes = tuple(f"{name}: {note.text}" for name, note in answer.notes)
    return Crewed(tuple(runs), tuple(left), notes)
