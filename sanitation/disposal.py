"""From the bin to the terminal: the collection of a day, and the haulage that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fleet.model import Vehicle
from sanitation.departures import Timed
from sanitation.duties import collection, haulage
from sanitation.duties.haulage import Haul, Inflow
from sanitation.ground import Ground
from sanitation.jobs import Job, Memory, share_out
from sanitation.model import DayPlan, District, Duty


def stations_before(plan: DayPlan | None) -> dict[str, tuple[str, str]]:
    """Station and shift of each pickup in a plan: where its truck unloaded next."""
    found: dict[str, tuple[str, str]] = {}
    for run in plan.runs if plan else ():
        if run.service != collection.SERVICE:
            continue
        aboard: list[str] = []
        for stop in run.stops:
            if stop.kind == "service":
                aboard.append(f"{stop.site_id}/{stop.stream}")
            elif stop.kind == "unload":
                found |= dict.fromkeys(aboard, (stop.facility, run.shift_id))
                aboard = []
    return found


def closing_stock(plan: DayPlan | None) -> dict[tuple[str, str], int] | None:
    """Kilograms that a plan leaves in the stations' containers; None if it says nothing of them."""
    rows = plan.indicators.get("stations") if plan else None
    if rows is None:
        return None
    return {(row["station"], row["stream"]): int(row["closing_kg"]) for row in rows}


def inflows_of(timed: Sequence[Timed], undriven: Iterable[str] = ()) -> tuple[Inflow, ...]:
    """What every unloading brings to its station, without the runs of duties in ``undriven``."""
    missing = frozenset(undriven)
    found = []
    for one in timed:
        workload = one.searched.workload
        if workload.service != collection.SERVICE:
            continue
        for line in one.lines:
            served = [event.task for event in line.events if event.kind == "service"]
            if any(workload.duties[task].id in missing for task in served):
                continue
            load_kg, stream = 0, ""
            for event in line.events:
                if event.kind == "service":
                    duty = workload.duties[event.task]
                    load_kg, stream = load_kg + duty.load_kg, duty.stream
                elif event.kind == "unload" and load_kg:
                    found.append(Inflow(event.facility, stream, event.end_s, load_kg))
                    load_kg = 0
    return tuple(found)


def haul_duties(
    district: District, hauls: Sequence[Haul]
) -> tuple[tuple[Duty, ...], tuple[Haul, ...]]:
    """Duties of hauls, each in the first shift that it fits into; and those that fit into none."""
    shifts = [shift for shift in district.shifts if haulage.SERVICE in shift.services]
    shifts.sort(key=lambda shift: (shift.start_s, shift.id))
    duties, left = [], []
    for haul in hauls:
        fitting = (haulage.haul_duty(district, haul, shift) for shift in shifts)
        duty = next((duty for duty in fitting if duty is not None), None)
        if duty is None:
            left.append(haul)
        else:
            duties.append(duty)
    return tuple(sorted(duties, key=lambda duty: duty.id)), tuple(left)


def haul_jobs(
    district: District,
    ground: Ground,
    inflows: Sequence[Inflow],
    opening_kg: Mapping[tuple[str, str], int],
    vehicles: Sequence[Vehicle],
    caps: Mapping[str, int],
    memory: Memory,
) -> tuple[tuple[Job, ...], tuple[Haul, ...]]:
    """The jobs of hook-lifts on a day, and the containers that can leave in no shift."""
    hauls = haulage.hauls_of(district, inflows, opening_kg)
    duties, left = haul_duties(district, hauls)
    return share_out(district, ground, duties, vehicles, caps, memory), left


def left_duty(district: District, haul: Haul) -> Duty:
    """A haul that fits in no shift as a duty, for the list of what is left."""
    # The first of its shifts, or of all where there is none.
    shift = min(
        district.shifts, key=lambda one: (haulage.SERVICE not in one.services, one.start_s, one.id)
    )
    return haulage.duty_in(shift, haul, (), 0, ())


def without_stations(district: District, closed: Iterable[str]) -> District:
    """The district with nothing to be unloaded at some stations."""
    gone = frozenset(closed)
    return replace(
        district,
        station_streams=tuple(r for r in district.station_streams if r.station_id not in gone),
    )
