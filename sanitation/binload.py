"""Litter on its way: room kept for it at the stations, and the fewest trucks that could take it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sanitation.duties import bins
from sanitation.ground import Ground
from sanitation.jobs import Key
from sanitation.model import District, Duty
from sanitation.workload import service_s, unloading


def litter_room(
    district: District, ground: Ground, duties: Iterable[Duty]
) -> dict[Key, dict[str, int]]:
    """Kilograms of litter that each station may be brought, by service and shift.

    Trucks are seldom full before they go home, so litter is counted at the station that is the
    least detour on the way from its section to the nearest yard; in whole truck loads. A station
    with none may be used where the others are full.

    Args:
        duties: of any services.
    """
    stations = [visit.dump for visit in unloading(district, bins.STREAM)]
    kinds = {k.id: k.payload_kg for k in district.vehicle_types if bins.SERVICE in k.services}
    payload_kg = max(kinds.values(), default=0)
    yards = sorted({v.depot_id for v in district.vehicles if v.type_id in kinds})
    time_s, place = ground.time_s, ground.place
    brought_kg: dict[Key, Counter[str]] = defaultdict(Counter)
    for duty in duties:
        if duty.service != bins.SERVICE or not stations or not yards:
            continue
        at = place[duty.place_id]
        home = min((place[yard] for yard in yards), key=lambda yard: int(time_s[at, yard]))
        _, station = min(
            (int(time_s[at, place[name]]) + int(time_s[place[name], home]), name)
            for name in stations
        )
        brought_kg[duty.service, duty.shift_id][station] += duty.load_kg
    return {
        key: {name: payload_kg * math.ceil(kg[name] / payload_kg) for name in stations}
        for key, kg in sorted(brought_kg.items())
    }


def kept_kg(rooms: Mapping[Key, Mapping[str, int]]) -> dict[str, int]:
    """What is kept for litter at each station over the day."""
    total: Counter[str] = Counter()
    for room in rooms.values():
        total.update(room)
    return dict(total)


def fewest_bin_trucks(district: District, duties: Iterable[Duty]) -> int:
    """A proved bound of the trucks that go out for bins: no plan of these duties needs fewer.

    The busiest of the shifts decides: its work and the unloadings that its tonnes make, over what
    a truck can work in it, rests taken off; and in each round's share of it the work alone. Ways
    count as nothing.
    """
    from routes.bounds import busy_limit_s

    able = [kind for kind in district.vehicle_types if bins.SERVICE in kind.services]
    unload_s = min((visit.total_s for visit in unloading(district, bins.STREAM)), default=0)
    rest_after_s, rest_s = (int(district.rules[key]) for key in ("rest_after_s", "rest_s"))
    work_s: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    load_kg: Counter[str] = Counter()
    for duty in duties:
        if duty.service == bins.SERVICE and able:
            least_s = min(
                service_s(kind, duty.service, duty.shift_id, duty.length_m, duty.bins)
                for kind in able
            )
            span = duty.windows[0].start_s, duty.windows[-1].end_s
            work_s[duty.shift_id][span] += least_s
            load_kg[duty.shift_id] += duty.load_kg
    most = 0
    for shift in district.shifts:
        if shift.id in work_s:
            loads = math.ceil(load_kg[shift.id] / max(kind.payload_kg for kind in able))
            busy_s = busy_limit_s(shift.end_s - shift.start_s, rest_after_s, rest_s)
            whole_s = sum(work_s[shift.id].values()) + loads * unload_s
            most = max(most, math.ceil(whole_s / busy_s))
            for (start_s, end_s), inside_s in work_s[shift.id].items():
                most = max(most, math.ceil(inside_s / (end_s - start_s)))
    return most
