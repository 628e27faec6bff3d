"""Septic tanks 化粪池: which are emptied on a date, and in how many truck loads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, pairwise

from fleet.model import Shift, VehicleType
from sanitation.model import District, Duty, Window
from sanitation.places import NIGHT_SOIL, SepticTank
from sanitation.septic import SERVICE, Level

__all__ = ["SERVICE", "loads_of", "septic_duties", "types_for"]

URGENT, DUE, EARLY = 60, 40, 10  # priorities; urgent: it would be too full tomorrow evening


def septic_duties(
    district: District, levels: Mapping[str, Level], *, rain: bool, room: int
) -> tuple[Duty, ...]:
    """The truck loads of the day, sorted by id.

    A tank is due when it reaches its limit within the rule ``septic_lead_days``, or when it was
    last emptied ``cycle_days`` ago. After rain those that reach it within
    ``septic_rain_lead_days`` are brought forward, the fullest first, as far as trucks have time;
    such a duty may wait.

    Args:
        levels: of every tank at 00:00.
        rain: it rains today or rained yesterday.
        room: truck loads that can be done in the day; what is due is not cut by it.
    """
    shifts = [shift for shift in district.shifts if SERVICE in shift.services]
    if not shifts:
        return ()
    shifts.sort(key=lambda shift: (shift.start_s, shift.id))
    lead, rain_lead = (district.rules[key] for key in ("septic_lead_days", "septic_rain_lead_days"))
    narrow = {community.id for community in district.communities if community.access == "narrow"}
    due: list[tuple[float, SepticTank]] = []
    early: list[tuple[float, SepticTank]] = []
    for tank in district.septic_tanks:
        level = levels[tank.id]
        left_days = (tank.limit_kg - level.kg) / tank.inflow_kg
        if level.kg < 1:
            continue
        if left_days <= lead or level.since_days >= tank.cycle_days:
            due.append((left_days, tank))
        elif rain and left_days <= rain_lead:
            early.append((left_days, tank))
    duties: list[Duty] = []
    in_turn = cycle(shifts)
    for tanks, is_due in ((due, True), (early, False)):
        for left_days, tank in sorted(tanks, key=lambda one: (one[0], one[1].id)):
            priority = EARLY if not is_due else URGENT if left_days < 2 else DUE
            loads = loads_of(levels[tank.id].kg, types_for(district, tank.site_id in narrow))
            if is_due or len(duties) + len(loads) <= room:
                duties += _duties(tank, loads, next(in_turn), priority)
    return tuple(sorted(duties, key=lambda duty: duty.id))


def types_for(district: District, narrow: bool) -> tuple[VehicleType, ...]:
    """Vehicle types that may empty a tank, the largest payload first."""
    able = [
        kind
        for kind in district.vehicle_types
        if SERVICE in kind.services and NIGHT_SOIL in kind.streams and (kind.narrow or not narrow)
    ]
    return tuple(sorted(able, key=lambda kind: (-kind.payload_kg, kind.id)))


def loads_of(kg: int, kinds: Sequence[VehicleType]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """A tank in equal parts that the largest truck carries: kilograms, and types that may come.

    The parts differ by a kilogram at most, and add up to what is in the tank.
    """
    parts = -(-kg // kinds[0].payload_kg)
    ends = [kg * number // parts for number in range(parts + 1)]
    found = []
    for low, high in pairwise(ends):
        types = tuple(kind.id for kind in kinds if kind.payload_kg >= high - low)
        found.append((high - low, types))
    return tuple(found)


def _duties(
    tank: SepticTank,
    loads: Sequence[tuple[int, tuple[str, ...]]],
    shift: Shift,
    priority: int,
) -> Iterator[Duty]:
    for number, (load_kg, types) in enumerate(loads, 1):
        yield Duty(
            id=f"{SERVICE}/{shift.id}/{tank.id}/r{number}",
            service=SERVICE,
            shift_id=shift.id,
            section_id="",
            road_id="",
            round_no=number,
            pass_no=0,
            lane=0,
            length_m=0,
            windows=(Window(shift.start_s, shift.end_s),),
            priority=priority,
            site_id=tank.id,
            stream=NIGHT_SOIL,
            load_kg=load_kg,
            types=types,
            may_wait=priority == EARLY,
        )
