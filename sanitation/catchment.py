"""Pickups get a station and a shift: the translator between duties and fleet.catchments."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanitation.duties.collection import Pickup
from sanitation.ground import Ground
from sanitation.model import District, Duty
from sanitation.stopload import stop_s
from sanitation.streets import DEGREE_M
from sanitation.workload import unloading

if TYPE_CHECKING:
    import fleet.pickups

# A kilogram that must be left counts more where it smells.
IMPORTANCE = {"kitchen": 4.0, "residual": 3.0}


@dataclass(frozen=True, slots=True)
class Catchments:
    """Duties with their shifts; what no station can take; and what the scheduler found.

    ``station``: pickup id ("<community>/<stream>") -> the station whose catchment it lies in.
    ``room_kg``: shift -> station -> kilograms that may be brought there, at least those of its
    catchment.
    """

    duties: tuple[Duty, ...]
    left: tuple[Duty, ...]
    station: Mapping[str, str]
    room_kg: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]


def divide(
    district: District,
    ground: Ground,
    pickups: Sequence[Pickup],
    before: Mapping[str, tuple[str, str]],
    kept_kg: Mapping[str, int] | None = None,
) -> Catchments:
    """Give every pickup a station and a shift.

    Args:
        before: station and shift of pickups on the day before, kept where little speaks against.
        kept_kg: by station, of its day's throughput that other services need.
    """
    from fleet.catchments import Band, Intake, assign_pickups

    if not pickups:
        return Catchments((), (), {}, {}, ())
    by_id = {pickup.id: pickup for pickup in pickups}
    bands = [Band(row.shift_id, row.stream, row.end_s - row.start_s) for row in district.collection]
    shifts = {shift.id: shift for shift in district.shifts}
    kinds = {kind.id: kind for kind in district.vehicle_types}
    most_kg: dict[str, int] = {}  # the largest load of each stream
    for pickup in pickups:
        payloads = (kinds[type_id].payload_kg for type_id in pickup.types)
        most_kg[pickup.stream] = max(most_kg.get(pickup.stream, 0), *payloads)
    containers = {(row.station_id, row.stream): row for row in district.station_streams}
    intakes = []
    for station in district.stations:
        rooms = {}
        for row in district.collection:
            own = containers.get((station.id, row.stream))
            if own is None:
                continue
            start_s = max(row.start_s, station.open_s)
            end_s = min(shifts[row.shift_id].end_s, station.close_s)
            unloadings = station.bays * (max(0, end_s - start_s) // station.unload_s)
            rooms[row.shift_id] = min(
                unloadings * most_kg.get(row.stream, 0), own.places * own.container_kg
            )
        others_kg = (kept_kg or {}).get(station.id, 0)
        own_kg = max(0, round(1000 * station.throughput_t_day) - others_kg)
        intakes.append(Intake(station.id, own_kg, rooms))
    found = assign_pickups(
        _asked(district, ground, pickups),
        intakes,
        bands,
        before={key: value for key, value in before.items() if key in by_id},
    )
    first = {key: by_id[key].times[0][0] for key in found.left}
    return Catchments(
        duties=tuple(by_id[key].duty(shift) for key, shift in sorted(found.shift.items())),
        left=tuple(by_id[key].duty(shift) for key, shift in sorted(first.items())),
        station=found.station,
        room_kg=_rooms(intakes, found),
        notes=tuple(note.text for note in found.notes),
    )


def _rooms(
    intakes: Sequence[fleet.pickups.Intake], found: fleet.pickups.Catchment
) -> dict[str, dict[str, int]]:
    """What each station may be brought in each shift: its catchment and a share of what is spare.

    Over all shifts it is no more than the throughput, and in each no more than its intake.
    """
    doors = {intake.id: intake for intake in intakes}
    total: Counter[str] = Counter()
    for (station, _), kg in found.load_kg.items():
        total[station] += kg
    rooms: dict[str, dict[str, int]] = {}
    for (station, shift), kg in sorted(found.load_kg.items()):
        door = doors[station]
        more = kg * door.throughput_kg // total[station]
        rooms.setdefault(shift, {})[station] = max(kg, min(more, door.per_shift_kg[shift]))
    return rooms


def _asked(
    district: District, ground: Ground, pickups: Sequence[Pickup]
) -> list[fleet.pickups.Pickup]:
    """The pickups as the scheduler sees them."""
    from fleet.pickups import Pickup as Asked
    from routes.paths import UNREACHABLE

    kinds = {kind.id: kind for kind in district.vehicle_types}
    communities = {community.id: community for community in district.communities}
    accepting = {
        stream.id: [visit.dump for visit in unloading(district, stream.id)]
        for stream in district.streams
    }
    found = []
    for pickup in pickups:
        kind, community = kinds[pickup.types[0]], communities[pickup.community_id]
        here = ground.place[pickup.community_id]
        ways = {}
        for station in accepting[pickup.stream]:
            there = ground.place[station]
            both_s = int(ground.time_s[here, there]) + int(ground.time_s[there, here])
            if both_s < UNREACHABLE:
                ways[station] = both_s // 2
        work_s = stop_s(kind, pickup.duty(pickup.times[0][0]))
        # A community's own hours may leave less of a shift than the stop takes.
        wide = [
            shift
            for shift, windows in pickup.times
            if any(window.end_s - window.start_s >= work_s for window in windows)
        ]
        found.append(
            Asked(
                id=pickup.id,
                stream=pickup.stream,
                kg=pickup.load_kg,
                work_s=work_s,
                shifts=tuple(wide or (shift for shift, _ in pickup.times)),
                way_s=ways,
                x_m=community.lon * DEGREE_M * math.cos(math.radians(community.lat)),
                y_m=community.lat * DEGREE_M,
                lot_kg=kind.payload_kg,
                importance=IMPORTANCE.get(pickup.stream, 1.0),
            )
        )
    return found
