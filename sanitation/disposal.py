"""From the bin to the terminal: the collection of a day, and the haulage that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sanitation.departures import Timed
from sanitation.duties import collection, haulage
from sanitation.duties.collection import Pickup
from sanitation.duties.haulage import Haul, Inflow
from sanitation.model import STATION_SERVICES, DayPlan, District, Duty
from sanitation.stopload import stop_s
from sanitation.timing import unloadings


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


def inflows_of(timed: Sequence[Timed]) -> tuple[Inflow, ...]:
    """What every unloading brings to its station."""
    return tuple(
        Inflow(facility, one.searched.workload.duties[0].stream, end_s, load_kg)
        for one in timed
        if one.searched.workload.service in STATION_SERVICES
        for line in one.lines
        for facility, end_s, load_kg in unloadings(one.searched.workload, line)
    )


def fewest_trucks(district: District, pickups: Sequence[Pickup]) -> dict[str, int]:
    """A proved bound of the trucks of each stream, from bins, tonnes and hours; see
    fleet.collection_bound.

    A stream that trucks of more than two sizes could take has none.
    """
    from fleet.collection_bound import Waste, fewest_of_two
    from fleet.collection_bound import fewest_trucks as fewest

    kinds = {kind.id: kind for kind in district.vehicle_types}
    unload_s = min((station.unload_s for station in district.stations), default=0)
    found: dict[str, int] = {}
    for stream in district.streams:
        mine = [pickup for pickup in pickups if pickup.stream == stream.id]
        sizes = sorted({kinds[name].payload_kg for pickup in mine for name in pickup.types})
        hours = [row.end_s - row.start_s for row in district.collection if row.stream == stream.id]
        parts = []
        for payload_kg in sizes:
            here = [p for p in mine if kinds[p.types[0]].payload_kg == payload_kg]
            work_s = sum(stop_s(kinds[p.types[0]], p.duty(p.times[0][0])) for p in here if p.times)
            parts.append(Waste(work_s, sum(p.load_kg for p in here)))
        if len(sizes) == 1:
            found[stream.id] = fewest(parts[0], sizes[0], hours, unload_s)
        elif len(sizes) == 2:
            (narrow, wide), (small_kg, large_kg) = parts, sizes
            _, both = fewest_of_two(narrow, wide, small_kg, large_kg, hours, unload_s)
            found[stream.id] = both
    return found


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
