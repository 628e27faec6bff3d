"""The only translator between duties and vehicles (ids) and the routing problem (indices)."""

from __future__ import annotations

import math
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
from sanitation.places import FillPoint

# What a second of a run outside the balance band, a section shared by one more truck, and a duty
# moved to another truck than before cost, in seconds of a run.
# A run is short for want of work: with BALANCE at 2 it is worth a fill to bring it some.
BALANCE, SHARED, MOVED = 2, 900, 300
DUMPS_PER_FILL = 3
# The search does not see queues at fill points: by its clock, which counts no queue, windows and
# shifts end this much earlier, and windows open as much earlier, so that a run may depart late
# where there is no queue, and still be in time where there is one. Short shifts have few visits.
QUEUE_SHARE, QUEUE_MOST_S = 0.07, 1500
# A chain of sections is about this long at most, and uses about this share of a tank at most.
LONGEST_CHAIN_M, CHAIN_OF_TANK = 2400, 0.25


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


def service_s(kind: VehicleType, service: str, shift_id: str, length_m: int) -> int:
    """Time of a pass at working speed, whole seconds, rounded up."""
    return int(np.ceil(length_m * 3.6 / kind.speed_kmh(service, shift_id)))


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
) -> Workload:
    """The routing problem of one service in one shift.

    Args:
        duties: all of one service and shift.
        vehicles: those that may go out, one slot each.
        pinned: section id -> the only vehicle that may serve it.
        preferred: section id -> the vehicle that served it before.
        overtime_s: vehicle id -> seconds beyond the end of the shift.
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
    wet = any(water_l(kind, service, shift_id, 1000) for kind in types)
    visits = visits_for(district, ground, types[0]) if wet else ()
    stands = sorted({visit.dump for visit in visits} | {visit.fill for visit in visits} - {""})
    keys = sections + [key for key in dict.fromkeys(depots + stands) if key]
    local = {key: index for index, key in enumerate(keys)}
    places = np.array([ground.place[key] for key in keys], dtype=np.int64)

    slot = {vehicle.id: index for index, vehicle in enumerate(vehicles)}
    lengths = np.array([duty.length_m for duty in duties], dtype=np.int32)
    entry = np.array([local[duty.section_id] for duty in duties], dtype=np.int32)
    reserve_s = queue_reserve_s(shift, wet)
    widest = max(len(duty.windows) for duty in duties)
    windows = np.array(
        [
            [
                (
                    max(shift.start_s, window.start_s - reserve_s),
                    max(shift.start_s, window.start_s, window.end_s - reserve_s),
                )
                for window in (*duty.windows, *[duty.windows[-1]] * (widest - len(duty.windows)))
            ]
            for duty in duties
        ],
        dtype=np.int64,
    )
    passes = Counter(duty.section_id for duty in duties)
    several = {key: index for index, key in enumerate(sorted(k for k in passes if passes[k] > 1))}
    used = np.array([water_l(types[0], service, shift_id, duty.length_m) for duty in duties])
    back = np.array([dirty_l(types[0], int(litres)) for litres in used])
    resources = ([used] if wet else []) + ([back] if wet and types[0].dirty_l else [])
    demand = np.array(resources, dtype=np.int32).T.reshape(len(duties), len(resources))
    capacity = np.array(
        [
            ([kinds[v.type_id].clean_l] if wet else [])
            + ([kinds[v.type_id].dirty_l] if len(resources) > 1 else [])
            for v in vehicles
        ],
        dtype=np.int32,
    ).reshape(len(vehicles), len(resources))
    fleet = vehicle_arrays(rules, shift, vehicles, type_ids, local, reserve_s, overtime_s)
    time_s, dist_m = travel_between(ground, places, types)
    problem = RoutingProblem(
        time_s=time_s,
        dist_m=dist_m,
        mode_first=np.arange(len(duties) + 1, dtype=np.int32),
        mode_entry=entry,
        mode_exit=entry.copy(),
        service_s=np.array(
            [[service_s(kind, service, shift_id, int(m)) for kind in types] for m in lengths],
            dtype=np.int32,
        ),
        service_m=lengths,
        demand=demand,
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
        capacity=capacity,
        restore_in=np.array([local[v.dump or v.fill] for v in visits], dtype=np.int32),
        restore_out=np.array([local[v.fill] for v in visits], dtype=np.int32),
        restore_s=np.array([v.total_s for v in visits], dtype=np.int32),
        restore_m=np.array([v.between_m for v in visits], dtype=np.int32),
        restore_cost=np.zeros(len(visits), dtype=np.int64),
        rest_after_s=int(rules["rest_after_s"]),
        rest_s=int(rules["rest_s"]),
        weights=Weights(time=1, late_balance=BALANCE, split_group=SHARED, moved=MOVED),
        **fleet,
    )
    latest_s = problem.shift_s[:, 1] + reserve_s
    return Workload(
        service, shift_id, problem, duties, vehicles, visits, places, latest_s, problem.max_s
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


def street_chains(workload: Workload, ground: Ground) -> tuple[tuple[int, ...], ...]:
    """The tasks in rows along their streets, for routes.chains.

    A row is one pass of one round along one direction of a road, for tasks with the same windows
    and the same wishes that lead into one another. Long rows are cut into even parts.
    """
    problem = workload.problem
    tails, heads = ground.network.tail, ground.network.head
    rows: dict[tuple[object, ...], list[int]] = {}
    for task, duty in enumerate(workload.duties):
        section = ground.by_id[duty.section_id]
        wishes = int(problem.pinned[task]), int(problem.preferred[task])
        key = (duty.road_id, section.direction, duty.round_no, duty.pass_no, duty.windows, wishes)
        rows.setdefault(key, []).append(task)
    most_m = _longest_chain_m(workload)
    chains = []
    for (_, direction, *_), row in rows.items():
        row.sort(key=lambda t: workload.duties[t].section_id, reverse=direction == "backward")
        start = 0
        for end in range(1, len(row) + 1):
            if end < len(row):
                before, after = (
                    ground.by_id[workload.duties[t].section_id].arcs for t in row[end - 1 : end + 1]
                )
                if heads[before[-1]] == tails[after[0]]:
                    continue
            chains += _even_parts(row[start:end], problem.service_m, most_m)
            start = end
    return tuple(sorted(chains))


def _longest_chain_m(workload: Workload) -> float:
    """Longer ones fit badly into tanks and even runs."""
    problem = workload.problem
    metres = problem.service_m.sum()
    used = problem.demand.sum(axis=0)
    reach_m = [
        float(metres * least / all_)
        for least, all_ in zip(problem.capacity.min(axis=0), used, strict=True)
        if all_
    ]
    return min([LONGEST_CHAIN_M, *(CHAIN_OF_TANK * one for one in reach_m)])


def _even_parts(
    row: Sequence[int], length_m: NDArray[np.int32], most_m: float
) -> list[tuple[int, ...]]:
    """A row cut into parts of about equal length, ``most_m`` or a little more or less."""
    ends = np.cumsum(length_m[list(row)])
    parts = max(1, math.ceil(ends[-1] / most_m))
    middle = ends - length_m[list(row)] / 2
    part = np.minimum((middle * parts / ends[-1]).astype(int), parts - 1)
    return [
        tuple(t for t, mine in zip(row, part, strict=True) if mine == k)
        for k in sorted(set(part.tolist()))
    ]
