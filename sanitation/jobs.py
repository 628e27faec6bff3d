"""One service in one shift is a job: which vehicles go out for it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fleet.model import Shift, SolveNote, Vehicle, VehicleType
from sanitation.duties import haulage, septic, toilets
from sanitation.ground import Ground
from sanitation.model import LOADED_SERVICES, District, Duty
from sanitation.places import NIGHT_SOIL
from sanitation.stopload import stop_s
from sanitation.workload import (
    Visit,
    bay_queue_s,
    queue_reserve_s,
    service_s,
    travel_s,
    unloading,
    visits_for,
    water_l,
)

if TYPE_CHECKING:
    from fleet.share import Work

Key = tuple[str, str]  # service, shift id
# What every vehicle did in each job: vehicle id -> duty ids in order.
Memory = Mapping[Key, Mapping[str, tuple[str, ...]]]

# Share of the usable time that work may fill: the rest lets departures move apart, so that not
# every truck of a shift stands at the fill points at once.
UTILISATION = {
    "wash": 0.85,
    "sprinkle": 0.42,
    "sweep": 0.9,
    "collect": 0.85,
    "haul": 0.35,
    "septic": 0.8,
    "bins": 0.94,
    "toilet": 0.75,
}
GAP_S = 20  # between two passes, a first estimate
STOP_GAP_S = 90  # between two communities, a first estimate
HAUL_GAP_S = 2400  # back from a terminal, a first estimate
# A zone is served from one depot; a hook-lift or a vacuum truck does few sites, and a toilet has
# several visits.
ZONE_SITES = {"collect": 8, "haul": 1, "septic": 1, "toilet": 18}
NEAR_SITES = 3  # from a toilet a crew goes to one of so many nearest ones, a first estimate
DETOUR_S = 360  # way to a fill point or station and back, a first estimate


@dataclass(frozen=True, slots=True)
class Job:
    """Duties of one service and shift and the vehicles that go out for them."""

    key: Key
    duties: tuple[Duty, ...]
    vehicles: tuple[Vehicle, ...]
    shortfall_s: int
    note: SolveNote
    room_kg: Mapping[str, int] = field(default_factory=dict)  # see Workload


def share_out(
    district: District,
    ground: Ground,
    duties: Sequence[Duty],
    vehicles: Sequence[Vehicle],
    caps: Mapping[str, int],
    memory: Memory,
) -> tuple[Job, ...]:
    """Decide which vehicles go out for each service and shift (fleet.scheduler.share_work).

    Vehicles that did the job before go out again first; then the lowest ids of each depot. One
    that goes out for a service is not there for the services after it, in the order of
    UTILISATION, in shifts at the same time.
    """
    from fleet.scheduler import share_work

    by_key: dict[Key, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_key[duty.service, duty.shift_id].append(duty)
    works = {key: _works(district, ground, key, found) for key, found in sorted(by_key.items())}
    shifts = {shift.id: shift for shift in district.shifts}
    jobs: list[Job] = []
    for service in sorted({key[0] for key in works}, key=list(UTILISATION).index):
        for group in _meeting([key for key in works if key[0] == service], shifts):
            taken = {
                vehicle.id: vehicle.type_id
                for job in jobs
                if job.key[0] != service and any(_overlap(job.key, key, shifts) for key in group)
                for vehicle in job.vehicles
            }
            free = [vehicle for vehicle in vehicles if vehicle.id not in taken]
            used = Counter(taken.values())
            asked = [(key, work) for key in group for work in works[key]]
            shares = share_work(
                tuple(work for _, work in asked),
                Counter((vehicle.depot_id, vehicle.type_id) for vehicle in free),
                {kind: max(0, cap - used[kind]) for kind, cap in caps.items()},
                utilisation=UTILISATION[service],
            )
            for key in group:
                mine = [share for (k, _), share in zip(asked, shares, strict=True) if k == key]
                before = memory.get(key, {})
                numbers: Counter[tuple[str, str]] = Counter()
                for share in mine:
                    numbers.update(share.vehicles)
                out: list[Vehicle] = []
                for (depot, kind), number in sorted(numbers.items()):
                    here = [v for v in free if (v.depot_id, v.type_id) == (depot, kind)]
                    here.sort(key=lambda v, before=before: (v.id not in before, v.id))  # type: ignore[misc]
                    out += here[:number]
                sent = tuple(sorted(out, key=lambda v: v.id))
                short_s = sum(share.shortfall_s for share in mine)
                jobs.append(Job(key, tuple(by_key[key]), sent, short_s, mine[0].note))
    return tuple(sorted(jobs, key=lambda job: job.key))


def _overlap(one: Key, other: Key, shifts: Mapping[str, Shift]) -> bool:
    """Whether the shifts of two jobs have time in common."""
    a, b = shifts[one[1]], shifts[other[1]]
    return a.start_s < b.end_s and b.start_s < a.end_s


def _meeting(keys: Sequence[Key], shifts: Mapping[str, Shift]) -> list[list[Key]]:
    """Jobs in groups whose shifts overlap, directly or through others."""
    groups: list[list[Key]] = []
    for key in sorted(keys, key=lambda key: (shifts[key[1]].start_s, key)):
        if groups and any(_overlap(key, other, shifts) for other in groups[-1]):
            groups[-1].append(key)
        else:
            groups.append([key])
    return groups


def _works(district: District, ground: Ground, key: Key, duties: Sequence[Duty]) -> list[Work]:
    """A job as the scheduler sees it; one part for each kind of truck that sites need."""
    if not duties[0].site_id:
        kinds = [kind for kind in district.vehicle_types if key[0] in kind.services]
        return [_work(district, ground, key, duties, kinds)]
    parts: dict[tuple[str, ...], list[Duty]] = defaultdict(list)
    for duty in duties:
        parts[duty.types].append(duty)
    by_id = {kind.id: kind for kind in district.vehicle_types}
    return [
        _work(district, ground, key, inside, [by_id[type_id] for type_id in types])
        for types, inside in sorted(parts.items())
    ]


def _at_once(duties: Sequence[Duty]) -> float:
    """Trucks that are needed where many duties must be done within few hours.

    The work of all duties whose windows lie between two moments, over the time between them; a
    truck need not come back within it from its last one.
    """
    starts = sorted({duty.windows[0].start_s for duty in duties})
    ends = sorted({duty.windows[-1].end_s for duty in duties})
    worst = 0.0
    for start_s in starts:
        for end_s in ends:
            inside = [
                duty.work_s + HAUL_GAP_S
                for duty in duties
                if start_s <= duty.windows[0].start_s and duty.windows[-1].end_s <= end_s
            ]
            if inside:
                worst = max(worst, sum(inside) / (end_s - start_s + HAUL_GAP_S))
    return worst


def _smaller(zones: Mapping[str, Sequence[Duty]], most: int) -> dict[str, list[Duty]]:
    """Zones in parts of a few sites: a stream may be due in one subdistrict alone."""
    parts: dict[str, list[Duty]] = {}
    for zone, inside in zones.items():
        ordered = sorted(inside, key=lambda duty: duty.site_id)
        for first in range(0, len(ordered), most):
            parts[f"{zone}/{first // most}"] = list(ordered[first : first + most])
    return parts


def _work(
    district: District,
    ground: Ground,
    key: Key,
    duties: Sequence[Duty],
    kinds: Sequence[VehicleType],
) -> Work:
    """Hours by subdistrict, and the way from each depot; ``kinds`` can do it, the first best."""
    from fleet.share import Work, Zone

    service, shift_id = key
    shift = next(shift for shift in district.shifts if shift.id == shift_id)
    kind = kinds[0]
    at_sites = bool(duties[0].site_id)
    loaded = service in LOADED_SERVICES and service != haulage.SERVICE
    home = {road.id: road.subdistrict for road in district.roads}
    home |= {community.id: community.subdistrict for community in district.communities}
    home |= {station.id: station.subdistrict for station in district.stations}
    home |= {toilet.id: toilet.subdistrict for toilet in district.toilets}
    home |= {tank.id: home[tank.site_id] for tank in district.septic_tanks}
    visits: Sequence[Visit] = ()
    if loaded:
        visits = unloading(district, duties[0].stream)
    elif water_l(kind, service, shift_id, 1000):
        visits = visits_for(district, ground, kind)
    visit_s = min((visit.total_s for visit in visits), default=0)
    if service == septic.SERVICE:
        visit_s += plant_way_s(district, ground, [duty.site_id for duty in duties])
    elif visits:
        visit_s += DETOUR_S
    zones: dict[str, list[Duty]] = defaultdict(list)
    way_s = travel_s(kind, ground.time_s, ground.dist_m)
    if service == toilets.SERVICE:
        home |= _nearest_yards(district, ground, duties, kind, way_s)
    for duty in duties:
        zones[home[duty.road_id or duty.site_id]].append(duty)
    if at_sites:
        zones = _smaller(zones, ZONE_SITES[service])
    gap_s = _gap_s(ground, service, duties, way_s) if at_sites else GAP_S
    found = []
    for zone, inside in sorted(zones.items()):
        if at_sites:
            work = sum(stop_s(kind, d) + gap_s for d in inside)
        else:
            work = sum(
                service_s(kind, service, shift_id, d.length_m, d.bins) + gap_s for d in inside
            )
        visited = 0.0
        if loaded:
            visited = sum(d.load_kg for d in inside) / kind.payload_kg
        elif visits:
            litres = sum(water_l(kind, service, shift_id, d.length_m) for d in inside)
            visited = litres / kind.clean_l
        ways = {
            depot.id: sum(
                int(way_s[ground.place[depot.id], ground.place[d.place_id]]) for d in inside
            )
            // len(inside)
            for depot in district.depots
        }
        found.append(Zone(zone, round(work + visited * visit_s), ways))
    start_s = max(shift.start_s, min(d.windows[0].start_s for d in duties))
    end_s = min(shift.end_s, max(d.windows[-1].end_s for d in duties))
    rest_s = int(district.rules["rest_s"])
    rests = rest_s if end_s - start_s > district.rules["rest_after_s"] else 0
    usable_s = end_s - start_s - rests
    if loaded and not at_sites:
        usable_s -= bay_queue_s(visits)  # the whole shift is for work, the last unloading included
    elif service != septic.SERVICE:
        # Every truck leaves with a full tank, or comes back empty after the communities' hours:
        # that visit lies outside the hours of work. Who has no time for another one meets no
        # queue, either.
        reserve_s = 0 if loaded else queue_reserve_s(shift, bool(visits))
        usable_s += max(0, visit_s - reserve_s)
    if service == haulage.SERVICE:
        total_s = sum(zone.work_s for zone in found)
        usable_s = min(usable_s, math.floor(total_s / _at_once(duties)))
    types = tuple(one.id for one in kinds)
    name = f"{shift_id}/{kind.id}" if at_sites else shift_id
    return Work(service, name, start_s, end_s, usable_s, types, tuple(found))


def plant_way_s(district: District, ground: Ground, tanks: Sequence[str]) -> int:
    """Mean seconds from septic tanks to the nearest plant and back."""
    plants = [ground.place[visit.dump] for visit in unloading(district, NIGHT_SOIL)]
    sites = [ground.place[tank] for tank in tanks]
    there_s = ground.time_s[sites][:, plants].min(axis=1)
    back_s = ground.time_s[plants][:, sites].min(axis=0)
    return round(float((there_s + back_s).mean()))


def _nearest_yards(
    district: District,
    ground: Ground,
    duties: Sequence[Duty],
    kind: VehicleType,
    way_s: NDArray[np.int32],
) -> dict[str, str]:
    """Site id -> the depot with vehicles of a type from which it is reached first."""
    yards = sorted({v.depot_id for v in district.vehicles if v.type_id == kind.id})
    found = {}
    for site in sorted({duty.site_id for duty in duties}):
        ways = [(int(way_s[ground.place[yard], ground.place[site]]), yard) for yard in yards]
        found[site] = min(ways, default=(0, ""))[1]
    return found


def _gap_s(ground: Ground, service: str, duties: Sequence[Duty], way_s: NDArray[np.int32]) -> int:
    """Seconds between two stops, a first estimate."""
    if service != toilets.SERVICE:
        return HAUL_GAP_S if service == haulage.SERVICE else STOP_GAP_S
    sites = np.array(sorted({ground.place[duty.site_id] for duty in duties}))
    ways = np.sort(way_s[np.ix_(sites, sites)], axis=1)[:, 1 : 1 + NEAR_SITES]
    return round(float(ways.mean())) if ways.size else 0
