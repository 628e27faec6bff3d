"""The only translator between duties and vehicles (ids) and the routing problem (indices)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fleet.model import Shift, Vehicle, VehicleType
from routes.problem import NO_LIMIT, RoutingProblem, Weights
from sanitation.ground import Ground
from sanitation.model import District, Duty
from sanitation.places import NIGHT_SOIL, FillPoint

# What a second of a run outside the balance band, a section shared by one more truck, and a duty
# moved to another truck than before cost, in seconds of a run.
# A run is short for want of work: with BALANCE at 2 it is worth a fill to bring it some.
BALANCE, SHARED, MOVED = 2, 900, 300
DUMPS_PER_FILL = 3
# The search does not see queues at fill points: by its clock, which counts no queue, windows and
# shifts end this much earlier, and windows open as much earlier, so that a run may depart late
# where there is no queue, and still be in time where there is one. Short shifts have few visits.
QUEUE_SHARE, QUEUE_MOST_S = 0.07, 1500
STATION_QUEUE_S = 300  # the same for queues and detours at transfer stations


@dataclass(frozen=True, slots=True)
class Visit:
    """One way to restore: empty the dirty tank (washers) or the load, then fill the clean tank."""

    dump: str  # dump point or station, "" where nothing is emptied
    fill: str  # fill point id, "" where nothing is filled
    dump_s: int
    between_s: int
    between_m: int
    fill_s: int

    @property
    def total_s(self) -> int:
        return self.dump_s + self.between_s + self.fill_s


@dataclass(frozen=True, eq=False)
class Workload:
    """A routing problem and what its indices mean: task i is duties[i], slot v is vehicles[v]."""

    service: str
    shift_id: str
    problem: RoutingProblem
    duties: tuple[Duty, ...]
    vehicles: tuple[Vehicle, ...]
    visits: tuple[Visit, ...]
    places: NDArray[np.int64]  # place of the problem -> place of the ground
    latest_s: NDArray[np.int64]  # latest return of each vehicle, the reserve for queues included
    longest_s: NDArray[np.int64]  # longest run of each vehicle, however even the search makes them
    room_kg: Mapping[str, int] = field(default_factory=dict)  # what each station may be brought

    @property
    def loaded(self) -> bool:
        """Whether its trucks take a load on that they must let off at a facility."""
        return self.problem.must_end_restored


def water_l(kind: VehicleType, service: str, shift_id: str, length_m: int) -> int:
    """Clean water that a pass uses, whole litres."""
    return round(kind.water_rate(service, shift_id) * length_m)


def dirty_l(kind: VehicleType, used_l: int) -> int:
    """What comes back into the dirty tank, whole litres."""
    return round(kind.recovered * used_l)


def service_s(kind: VehicleType, service: str, shift_id: str, length_m: int, bins: int = 0) -> int:
    """Time of a pass at working speed and of the bins on it, whole seconds, rounded up."""
    driven_s = length_m * 3.6 / kind.speed_kmh(service, shift_id)
    return int(np.ceil(driven_s + bins * kind.bin_s))


def fill_s(point: FillPoint, tank_l: int) -> int:
    """A fill is planned at the time a whole tank takes: what is left in the tank is not counted."""
    return point.connect_s + int(np.ceil(tank_l / point.flow_l_per_s))


def visits_for(district: District, ground: Ground, kind: VehicleType) -> tuple[Visit, ...]:
    """Every sensible visit: each fill point, for washers after one of the dump points near it."""
    visits = []
    for point in district.fill_points:
        filled_s = fill_s(point, kind.clean_l)
        if not kind.dirty_l:
            visits.append(Visit("", point.id, 0, 0, 0, filled_s))
            continue
        at = ground.place[point.id]
        near = sorted(
            district.dump_points,
            key=lambda dump, at=at: (int(ground.time_s[ground.place[dump.id], at]), dump.id),  # type: ignore[misc]
        )
        for dump in near[:DUMPS_PER_FILL]:
            start = ground.place[dump.id]
            visits.append(
                Visit(
                    dump.id,
                    point.id,
                    dump.service_s,
                    int(ground.time_s[start, at]),
                    int(ground.dist_m[start, at]),
                    filled_s,
                )
            )
    return tuple(visits)


def unloading(district: District, stream: str) -> tuple[Visit, ...]:
    """The stations where a stream can be unloaded; the terminals, where it is night soil."""
    if stream == NIGHT_SOIL:
        return tuple(
            Visit(terminal.id, "", terminal.tip_s, 0, 0, 0)
            for terminal in district.terminals
            if stream in terminal.streams
        )
    accepting = {row.station_id for row in district.station_streams if row.stream == stream}
    return tuple(
        Visit(station.id, "", station.unload_s, 0, 0, 0)
        for station in district.stations
        if station.id in accepting and station.open_s < station.close_s
    )


def hours_of(district: District, visits: Sequence[Visit]) -> NDArray[np.int64]:
    """Opening and closing second of the station of each visit, (K, 2)."""
    hours = {station.id: (station.open_s, station.close_s) for station in district.stations}
    hours |= {terminal.id: (terminal.open_s, terminal.close_s) for terminal in district.terminals}
    spans = [hours[visit.dump] for visit in visits]
    return np.array(spans, dtype=np.int64).reshape(len(visits), 2)


@dataclass(frozen=True, eq=False)
class _Holds:
    """What the trucks of a job hold, one column a resource: water in tanks, or a load.

    ``taken`` (duties, resources) of each duty, ``most`` (vehicles, resources) that a truck holds.
    """

    visits: tuple[Visit, ...]
    taken: NDArray[np.int32]
    most: NDArray[np.int32]
    queue_s: int  # kept free for queues


def _tanks(
    district: District,
    ground: Ground,
    shift: Shift,
    duties: Sequence[Duty],
    trucks: Sequence[VehicleType],
) -> _Holds:
    """Clean water that is used and dirty water that comes back; nothing in dry work."""
    service, kind = duties[0].service, min(trucks, key=lambda kind: kind.id)
    wet = any(water_l(one, service, shift.id, 1000) for one in trucks)
    used = [water_l(kind, service, shift.id, duty.length_m) for duty in duties]
    taken = [used] if wet else []
    most = [[truck.clean_l for truck in trucks]] if wet else []
    if wet and kind.dirty_l:
        taken.append([dirty_l(kind, litres) for litres in used])
        most.append([truck.dirty_l for truck in trucks])
    return _Holds(
        visits_for(district, ground, kind) if wet else (),
        np.array(taken, dtype=np.int32).T.reshape(len(duties), len(taken)),
        np.array(most, dtype=np.int32).T.reshape(len(trucks), len(taken)),
        queue_reserve_s(shift, wet),
    )


def _loads(
    district: District,
    duties: Sequence[Duty],
    trucks: Sequence[VehicleType],
    room_kg: Mapping[str, int] | None,
) -> _Holds:
    """Kilograms, let off at the stations that take the stream and have room for the job."""
    visits = unloading(district, duties[0].stream)
    if room_kg is not None:
        visits = tuple(visit for visit in visits if visit.dump in room_kg)
    return _Holds(
        visits,
        np.array([[duty.load_kg] for duty in duties], dtype=np.int32),
        np.array([[truck.payload_kg] for truck in trucks], dtype=np.int32),
        bay_queue_s(visits),
    )


def bay_queue_s(visits: Sequence[Visit]) -> int:
    """Time kept free where a run ends with its only unloading: for one truck ahead at the bay."""
    return max((visit.total_s for visit in visits), default=0)


def queue_reserve_s(shift: Shift, visits: bool) -> int:
    """Time kept free for queues in a shift whose trucks visit fill points."""
    if not visits:
        return 0
    return min(QUEUE_MOST_S, round(QUEUE_SHARE * (shift.end_s - shift.start_s)))


def build_workload(
    district: District,
    ground: Ground,
    duties: Sequence[Duty],
    vehicles: Sequence[Vehicle],
    *,
    pinned: Mapping[str, str] | None = None,
    preferred: Mapping[str, str] | None = None,
    overtime_s: Mapping[str, int] | None = None,
    room_kg: Mapping[str, int] | None = None,
) -> Workload:
    """The routing problem of one service along streets in one shift.

    Args:
        duties: all of one service and shift.
        vehicles: those that may go out, one slot each.
        pinned: section id -> the only vehicle that may serve it.
        preferred: section id -> the vehicle that served it before.
        overtime_s: vehicle id -> seconds beyond the end of the shift.
        room_kg: of a job with a load, see build_stop_workload.
    """
    duties = tuple(sorted(duties, key=lambda duty: duty.id))
    vehicles = tuple(sorted(vehicles, key=lambda vehicle: vehicle.id))
    service, shift_id = duties[0].service, duties[0].shift_id
    shift = next(shift for shift in district.shifts if shift.id == shift_id)
    kinds = {kind.id: kind for kind in district.vehicle_types}
    type_ids = sorted({vehicle.type_id for vehicle in vehicles})
    types = [kinds[type_id] for type_id in type_ids]
    rules = district.rules

    sections = sorted({duty.section_id for duty in duties})
    depots = sorted({vehicle.depot_id for vehicle in vehicles})
    trucks = [kinds[vehicle.type_id] for vehicle in vehicles]
    loaded = bool(duties[0].stream)
    if loaded:
        holds = _loads(district, duties, trucks, room_kg)
    else:
        holds = _tanks(district, ground, shift, duties, trucks)
    visits = holds.visits
    stands = sorted({visit.dump for visit in visits} | {visit.fill for visit in visits} - {""})
    keys = sections + [key for key in dict.fromkeys(depots + stands) if key]
    local = {key: index for index, key in enumerate(keys)}
    places = np.array([ground.place[key] for key in keys], dtype=np.int64)

    slot = {vehicle.id: index for index, vehicle in enumerate(vehicles)}
    lengths = np.array([duty.length_m for duty in duties], dtype=np.int32)
    entry = np.array([local[duty.section_id] for duty in duties], dtype=np.int32)
    reserve_s = holds.queue_s
    # Loads are let off near the end of a run, so no queue comes before the windows of its passes.
    early_s = 0 if loaded else reserve_s
    widest = max(len(duty.windows) for duty in duties)
    windows = np.array(
        [
            [
                (
                    max(shift.start_s, window.start_s - early_s),
                    max(shift.start_s, window.start_s, window.end_s - early_s),
                )
                for window in (*duty.windows, *[duty.windows[-1]] * (widest - len(duty.windows)))
            ]
            for duty in duties
        ],
        dtype=np.int64,
    )
    passes = Counter(duty.section_id for duty in duties)
    several = {key: index for index, key in enumerate(sorted(k for k in passes if passes[k] > 1))}
    fleet = vehicle_arrays(rules, shift, vehicles, type_ids, local, reserve_s, overtime_s)
    time_s, dist_m = travel_between(ground, places, types)
    problem = RoutingProblem(
        time_s=time_s,
        dist_m=dist_m,
        mode_first=np.arange(len(duties) + 1, dtype=np.int32),
        mode_entry=entry,
        mode_exit=entry.copy(),
        service_s=np.array(
            [
                [service_s(kind, service, shift_id, d.length_m, d.bins) for kind in types]
                for d in duties
            ],
            dtype=np.int32,
        ),
        service_m=lengths,
        demand=holds.taken,
        window_s=windows,
        drop_cost=np.array([drop_cost(duty) for duty in duties], dtype=np.int64),
        group=np.array([several.get(duty.section_id, -1) for duty in duties], dtype=np.int32),
        allowed=np.ones((len(duties), len(types)), dtype=np.bool_),
        pinned=np.array(
            [slot.get((pinned or {}).get(d.section_id, ""), -1) for d in duties], dtype=np.int32
        ),
        preferred=np.array(
            [slot.get((preferred or {}).get(d.section_id, ""), -1) for d in duties], dtype=np.int32
        ),
        capacity=holds.most,
        restore_in=np.array([local[v.dump or v.fill] for v in visits], dtype=np.int32),
        restore_out=np.array([local[v.fill or v.dump] for v in visits], dtype=np.int32),
        restore_s=np.array([v.total_s for v in visits], dtype=np.int32),
        restore_m=np.array([v.between_m for v in visits], dtype=np.int32),
        restore_cost=np.zeros(len(visits), dtype=np.int64),
        restore_window_s=hours_of(district, visits) if loaded else None,
        must_end_restored=loaded,
        rest_after_s=int(rules["rest_after_s"]),
        rest_s=int(rules["rest_s"]),
        weights=Weights(time=1, late_balance=BALANCE, split_group=SHARED, moved=MOVED),
        **fleet,
    )
    latest_s = problem.shift_s[:, 1] + reserve_s
    return Workload(
        service,
        shift_id,
        problem,
        duties,
        vehicles,
        visits,
        places,
        latest_s,
        problem.max_s,
        room_kg or {},
    )


def travel_s(
    kind: VehicleType, time_s: NDArray[np.int32], dist_m: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Seconds that a type takes for ways which take the streets' speeds ``time_s``, rounded up."""
    if not kind.kmh:
        return time_s
    from routes.paths import UNREACHABLE

    slow_s = np.maximum(time_s, np.ceil(dist_m * (3.6 / kind.kmh)))
    slowed: NDArray[np.int32] = np.minimum(slow_s, UNREACHABLE).astype(np.int32)
    return slowed


def travel_between(
    ground: Ground, places: NDArray[np.int64], kinds: Sequence[VehicleType]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Seconds and metres between places for vehicles of some types.

    Raises:
        ValueError: the types are not all as fast, as the problem has one matrix for all; the
            district's checks refuse such tables.
    """
    if len({kind.kmh for kind in kinds}) > 1:
        names = ", ".join(kind.id for kind in kinds)
        raise ValueError(f"vehicles of different speeds in one job: {names}")
    time_s = np.ascontiguousarray(ground.time_s[np.ix_(places, places)])
    dist_m = np.ascontiguousarray(ground.dist_m[np.ix_(places, places)])
    return travel_s(kinds[0], time_s, dist_m), dist_m


def vehicle_arrays(
    rules: Mapping[str, float],
    shift: Shift,
    vehicles: Sequence[Vehicle],
    type_ids: Sequence[str],
    local: Mapping[str, int],
    reserve_s: int,
    overtime_s: Mapping[str, int] | None,
) -> dict[str, Any]:
    """The arrays of a problem that are about vehicles, but for the capacities.

    Args:
        type_ids: in the order of the problem's types.
        local: place of each depot.
        reserve_s: kept free for queues before the end of the shift.
        overtime_s: vehicle id -> seconds beyond the end of the shift.
    """
    longest = int(rules["run_max_s"])
    extra = [(overtime_s or {}).get(vehicle.id, 0) for vehicle in vehicles]
    yards = np.array([local[v.depot_id] for v in vehicles], dtype=np.int32)
    return {
        "vehicle_type": np.array([type_ids.index(v.type_id) for v in vehicles], dtype=np.int32),
        "start_place": yards,
        "end_place": yards.copy(),
        "shift_s": np.array(
            [(shift.start_s, shift.end_s + more - reserve_s) for more in extra], dtype=np.int64
        ),
        "max_s": np.array([longest + more for more in extra], dtype=np.int64),
        "fixed_cost": np.zeros(len(vehicles), dtype=np.int64),
        "target_s": np.array([(0, NO_LIMIT) for _ in vehicles], dtype=np.int64),
    }


def drop_cost(duty: Duty) -> int:
    """Cost of leaving a duty out: more than any detour, then by priority, then by its size."""
    return (30_000 + 60 * duty.length_m + 20 * duty.load_kg) * (4 + duty.priority)
