"""Which transfer station serves which communities, and in which shift each is collected.

Three models, one after the other: pickups to stations with the least way
(``fleet.catchment_stations``), how many truck loads each station sends for in each shift, and
which pickups are in them, as territories that lie together (``fleet.catchment_shifts``).
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.catchment_shifts import assign_shifts
from fleet.catchment_stations import assign_stations
from fleet.pickups import Band, Before, Catchment, Intake, Pickup, checked

SPREAD_S = 150.0
NODE_LIMIT = 200


def assign_pickups(
    pickups: Sequence[Pickup],
    intakes: Sequence[Intake],
    bands: Sequence[Band],
    *,
    spread: float = SPREAD_S,
    before: Before | None = None,
    node_limit: int = NODE_LIMIT,
) -> Catchment:
    """Give each pickup a station and a shift; the order of the inputs does not matter.

    As little as possible is left; then the ways, weighted by kilograms, are short; then the work
    of each stream is spread over its shifts as their hours are, within 3 % where it can be.

    Args:
        spread: seconds of the mean way that are worth one whole throughput less at the fullest
            station.
        before: an answer given before; it is kept where little speaks against it.
        node_limit: most nodes of each search tree.

    Raises:
        ValueError: ids that are not unique, or stations, streams and shifts that do not agree.
    """
    checked(pickups, intakes, bands)
    ordered = sorted(pickups, key=lambda p: p.id)
    doors = {i.id: i for i in sorted(intakes, key=lambda i: i.id)}
    hours = {(b.stream, b.id): b for b in sorted(bands, key=lambda b: (b.stream, b.id))}
    known = dict(before or {})
    stations, first = assign_stations(ordered, doors, hours, spread, known, node_limit)
    shifts, second = assign_shifts(ordered, stations, doors, hours, known, node_limit)
    station = {p.id: stations[p.id] for p in ordered if p.id in shifts}
    left = [p for p in ordered if p.id not in shifts]
    for p in sorted(left, key=lambda p: (-p.kg * p.importance, p.id)):
        place_elsewhere(p, station, shifts, ordered, doors)
    load: dict[tuple[str, str], int] = {}
    for p in ordered:
        if p.id in shifts:
            key = station[p.id], shifts[p.id]
            load[key] = load.get(key, 0) + p.kg
    return Catchment(
        dict(sorted(station.items())),
        dict(sorted(shifts.items())),
        tuple(p.id for p in ordered if p.id not in shifts),
        dict(sorted(load.items())),
        (*first, *second),
    )


def place_elsewhere(
    pickup: Pickup,
    station: dict[str, str],
    shift: dict[str, str],
    pickups: Sequence[Pickup],
    intakes: dict[str, Intake],
) -> None:
    """Put a left pickup where there is still room, in the day and in the shift; nearest first."""
    day: dict[str, int] = {}
    hour: dict[tuple[str, str], int] = {}
    for p in pickups:
        if p.id in shift:
            s = station[p.id]
            day[s] = day.get(s, 0) + p.kg
            hour[s, shift[p.id]] = hour.get((s, shift[p.id]), 0) + p.kg
    room = [
        (way, s, t)
        for s, way in pickup.way_s.items()
        for t in pickup.shifts
        if day.get(s, 0) + pickup.kg <= intakes[s].throughput_kg
        and hour.get((s, t), 0) + pickup.kg <= intakes[s].per_shift_kg.get(t, 0)
    ]
    if room:
        _, station[pickup.id], shift[pickup.id] = min(room)


__all__ = ["Band", "Before", "Catchment", "Intake", "Pickup", "assign_pickups", "place_elsewhere"]
