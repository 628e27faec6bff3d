"""The routing problem of duties at sites.

Collection trucks load at stops and unload at stations, vacuum trucks at the plant for night soil;
a hook-lift takes a container to its terminal in one go, and goes on from there; who cleans toilets
carries nothing that counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from fleet.model import Vehicle, VehicleType
from routes.problem import RoutingProblem, Weights
from sanitation.duties import haulage, toilets
from sanitation.ground import Ground
from sanitation.model import District, Duty
from sanitation.workload import (
    BALANCE,
    MOVED,
    STATION_QUEUE_S,
    Workload,
    drop_cost,
    hours_of,
    travel_between,
    unloading,
    vehicle_arrays,
)

# What a metre of a way, and a toilet shared by one more crew, cost in rounds, in seconds of a run:
# crews that wait for windows lose no time by long ways, and who comes again knows the place.
ROUND_METRE, ROUND_SHARED = 1, 3000
# A truck that stays at home is worth so many seconds.
AT_HOME_S = {"haul": 5400, "septic": 5400}


def stop_s(kind: VehicleType, duty: Duty) -> int:
    """Time at a site, whole seconds, rounded up."""
    handled_s = duty.bins * kind.bin_s + duty.load_kg * kind.pump_s_per_m3 / 1000
    return duty.work_s + kind.stop_s + math.ceil(handled_s)


def build_stop_workload(
    district: District,
    ground: Ground,
    duties: Sequence[Duty],
    vehicles: Sequence[Vehicle],
    *,
    preferred: Mapping[str, str] | None = None,
    overtime_s: Mapping[str, int] | None = None,
    room_kg: Mapping[str, int] | None = None,
) -> Workload:
    """The routing problem of one service at sites in one shift; of one stream, in collection.

    Args:
        duties: all of one service, shift and stream.
        vehicles: those that may go out, one slot each.
        preferred: site id -> the vehicle that served it before.
        overtime_s: vehicle id -> seconds beyond the end of the shift.
        room_kg: station id -> kilograms that the job may bring there; None for any. A station
            that is not named takes nothing.
    """
    duties = tuple(sorted(duties, key=lambda duty: duty.id))
    vehicles = tuple(sorted(vehicles, key=lambda vehicle: vehicle.id))
    service, shift_id, stream = duties[0].service, duties[0].shift_id, duties[0].stream
    shift = next(shift for shift in district.shifts if shift.id == shift_id)
    kinds = {kind.id: kind for kind in district.vehicle_types}
    type_ids = sorted({vehicle.type_id for vehicle in vehicles})
    types = [kinds[type_id] for type_id in type_ids]
    hauls, rounds = service == haulage.SERVICE, service == toilets.SERVICE
    unloads = not (hauls or rounds)
    visits = unloading(district, stream) if unloads else ()
    if room_kg is not None:
        visits = tuple(visit for visit in visits if visit.dump in room_kg)
    ends = [
        haulage.way_to_terminal(district, d.site_id, d.stream)[0].id if hauls else d.site_id
        for d in duties
    ]

    keys = [
        *sorted({duty.site_id for duty in duties}),
        *(sorted(set(ends)) if hauls else ()),
        *sorted({vehicle.depot_id for vehicle in vehicles}),
        *(visit.dump for visit in visits),
    ]
    local = {key: index for index, key in enumerate(keys)}
    places = np.array([ground.place[key] for key in keys], dtype=np.int64)
    slot = {vehicle.id: index for index, vehicle in enumerate(vehicles)}
    widest = max(len(duty.windows) for duty in duties)
    loads = 1 if unloads else 0  # a hook-lift is empty again at the end of each duty
    payload = np.array([[kinds[v.type_id].payload_kg] * loads for v in vehicles], dtype=np.int32)
    stations = np.array([local[visit.dump] for visit in visits], dtype=np.int32)
    reserve_s = 0 if rounds else STATION_QUEUE_S
    fleet = vehicle_arrays(district.rules, shift, vehicles, type_ids, local, reserve_s, overtime_s)
    fleet["fixed_cost"] += AT_HOME_S.get(service, 0)
    weights = Weights(time=1, late_balance=BALANCE, moved=MOVED)
    if rounds:
        weights = replace(weights, distance=ROUND_METRE, split_group=ROUND_SHARED)
    time_s, dist_m = travel_between(ground, places, types)
    problem = RoutingProblem(
        time_s=time_s,
        dist_m=dist_m,
        mode_first=np.arange(len(duties) + 1, dtype=np.int32),
        mode_entry=np.array([local[duty.site_id] for duty in duties], dtype=np.int32),
        mode_exit=np.array([local[end] for end in ends], dtype=np.int32),
        service_s=np.array(
            [[stop_s(kind, duty) for kind in types] for duty in duties], dtype=np.int32
        ),
        service_m=np.zeros(len(duties), dtype=np.int32),
        demand=np.array([[duty.load_kg] * loads for duty in duties], dtype=np.int32),
        window_s=np.array(
            [
                [
                    (w.start_s, w.end_s)
                    for w in (*d.windows, *[d.windows[-1]] * (widest - len(d.windows)))
                ]
                for d in duties
            ],
            dtype=np.int64,
        ),
        drop_cost=np.array([drop_cost(duty) for duty in duties], dtype=np.int64),
        group=np.array([local[d.site_id] if rounds else -1 for d in duties], dtype=np.int32),
        allowed=np.array(
            [[not duty.types or kind.id in duty.types for kind in types] for duty in duties]
        ),
        pinned=np.full(len(duties), -1, dtype=np.int32),
        preferred=np.array(
            [slot.get((preferred or {}).get(d.site_id, ""), -1) for d in duties], dtype=np.int32
        ),
        capacity=payload,
        restore_in=stations,
        restore_out=stations.copy(),
        restore_s=np.array([visit.total_s for visit in visits], dtype=np.int32),
        restore_m=np.zeros(len(visits), dtype=np.int32),
        restore_cost=np.zeros(len(visits), dtype=np.int64),
        restore_window_s=hours_of(district, visits),
        must_end_restored=unloads,
        rest_after_s=int(district.rules["rest_after_s"]),
        rest_s=int(district.rules["rest_s"]),
        weights=weights,
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
