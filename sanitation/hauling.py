"""The haulage of a day: shift by shift, what one leaves is the next one's where that is in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fleet.model import Shift, Vehicle
from sanitation.departures import Timed, set_departures
from sanitation.duties import haulage
from sanitation.duties.haulage import Haul
from sanitation.ground import Ground
from sanitation.jobs import Job, Memory, share_out
from sanitation.model import District, Duty
from sanitation.search import Searched

Search = Callable[[tuple[Job, ...]], tuple[Searched, ...]]


@dataclass(frozen=True, eq=False)
class Hauled:
    """The runs of hook-lifts.

    ``idle`` are jobs for which there is no truck; ``left`` are containers that fit in no shift;
    ``moved`` are duties that a later shift does instead.
    """

    searched: tuple[Searched, ...] = ()
    timed: tuple[Timed, ...] = ()
    idle: tuple[Job, ...] = ()
    left: tuple[Haul, ...] = ()
    moved: frozenset[str] = frozenset()


def plan_hauls(
    district: District,
    ground: Ground,
    hauls: Sequence[Haul],
    vehicles: Sequence[Vehicle],
    caps: Mapping[str, int],
    memory: Memory,
    search: Search,
) -> Hauled:
    """Plan every haul in the first shift that it fits into, or where that lacks trucks in a later.

    Args:
        hauls: containers that are to leave today.
        search: finds the routes of jobs.
    """
    shifts = [shift for shift in district.shifts if haulage.SERVICE in shift.services]
    shifts.sort(key=lambda shift: (shift.start_s, shift.id))
    searched: list[Searched] = []
    timed: list[Timed] = []
    idle: list[Job] = []
    moved: set[str] = set()
    waiting = list(hauls)
    for number, shift in enumerate(shifts):
        found = {haul: haulage.haul_duty(district, haul, shift) for haul in waiting}
        here = {duty.id: haul for haul, duty in found.items() if duty is not None}
        duties = [duty for duty in found.values() if duty is not None]
        waiting = [haul for haul in waiting if found[haul] is None]
        free = _free(vehicles, timed, shift, {one.id: one for one in shifts})
        jobs = share_out(district, ground, duties, free, caps, memory)
        without = [job for job in jobs if not job.vehicles]
        routed = search(tuple(job for job in jobs if job.vehicles))
        driven = set_departures(district, routed)
        for duty_id in _undone(without, routed, driven):
            later = (haulage.haul_duty(district, here[duty_id], s) for s in shifts[number + 1 :])
            if any(duty is not None for duty in later):
                moved.add(duty_id)
                waiting.append(here[duty_id])
        searched += routed
        timed += driven
        idle += without
    return Hauled(tuple(searched), tuple(timed), tuple(idle), tuple(waiting), frozenset(moved))


def _undone(
    without: Sequence[Job], routed: Sequence[Searched], driven: Sequence[Timed]
) -> list[str]:
    """Ids of the duties that trucks, the search or the clock left."""
    duties: list[Duty] = [duty for job in without for duty in job.duties]
    for one in routed:
        duties += [one.workload.duties[task] for task in one.solution.dropped]
    for line in driven:
        duties += line.left
    return sorted(duty.id for duty in duties)


def _free(
    vehicles: Sequence[Vehicle], timed: Sequence[Timed], shift: Shift, shifts: Mapping[str, Shift]
) -> list[Vehicle]:
    """Vehicles that are out in no earlier shift that overlaps with this one."""
    out: set[str] = set()
    for one in timed:
        workload = one.searched.workload
        if shifts[workload.shift_id].end_s > shift.start_s:
            out |= {workload.vehicles[line.route.vehicle].id for line in one.lines}
    return [vehicle for vehicle in vehicles if vehicle.id not in out]
