"""From the bin to the terminal: the collection of a day, and the haulage that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sanitation.departures import Timed
from sanitation.duties import collection, haulage
from sanitation.duties.haulage import Haul, Inflow
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


def left_duty(district: District, haul: Haul) -> Duty:
    """A haul that fits in no shift as a duty, for the list of what is left."""
    # The first of its shifts, or of all where there is none.
    shift = min(
        district.shifts, key=lambda one: (haulage.SERVICE not in one.services, one.start_s, one.id)
    )
    return haulage.duty_in(shift, haul, (), 0, ())


def without_stations(district: District, closed: Iterable[str]) -> District:
    """The district with some stations shut: nothing is unloaded there, what is there may leave."""
    gone = frozenset(closed)
    return replace(
        district,
        stations=tuple(
            replace(station, open_s=0, close_s=0) if station.id in gone else station
            for station in district.stations
        ),
    )
