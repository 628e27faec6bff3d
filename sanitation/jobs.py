"""One service in one shift is a job: which vehicles go out for it, and its routes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from fleet.model import SolveNote, Vehicle
from routes.solution import Route, Serve, Solution
from routes.stop import FirstOf, Interrupted, MaxIterations, Progress, Stop, TimeLimit
from sanitation.ground import Ground
from sanitation.model import District, Duty
from sanitation.workload import (
    Workload,
    build_workload,
    queue_reserve_s,
    service_s,
    visits_for,
    water_l,
)

if TYPE_CHECKING:
    from fleet.share import Work
    from routes.solve import Result

Key = tuple[str, str]  # service, shift id
# What every vehicle did in each job: vehicle id -> duty ids in order.
Memory = Mapping[Key, Mapping[str, tuple[str, ...]]]

ITERATIONS_PER_DUTY = {"wash": 110, "sprinkle": 300, "sweep": 60}
# Of a search that goes on from a solution, which should not come apart again. A sprinkler's tank
# lasts 18 minutes: runs can be evened out only by moving whole tanks, which takes more heat.
LITTLE_HEAT = {"wash": 0.002, "sprinkle": 0.1, "sweep": 0.01}
THREADS = 2  # two jobs are searched side by side; each search is its own, so the answer is the same
# Share of the usable time that work may fill: the rest lets departures move apart, so that not
# every truck of a shift stands at the fill points at once.
UTILISATION = {"wash": 0.85, "sprinkle": 0.42, "sweep": 0.9}
GAP_S = 20  # between two passes, a first estimate
DETOUR_S = 360  # way to a fill point and back, a first estimate


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a search: its share of the iterations, and seconds that a run may lie below and
    above the mean (None: as it likes)."""

    share: float
    band: tuple[int, int] | None
    hard: bool = False  # no run may be longer than the band by more than OVER_S


# The last band is a little narrower than half of what the longest and the shortest run of a shift
# may differ by, 45 minutes.
PHASES = (Phase(0.56, None), Phase(0.14, (1 << 40, 720)), Phase(0.3, (1140, 1140), True))
OVER_S = 240


@dataclass(frozen=True, slots=True)
class Job:
    """Duties of one service and shift and the vehicles that go out for them."""

    key: Key
    duties: tuple[Duty, ...]
    vehicles: tuple[Vehicle, ...]
    shortfall_s: int
    note: SolveNote


@dataclass(frozen=True, slots=True)
class Wishes:
    """What orders and the plan before ask of the search.

    ``pinned`` section id -> vehicle id, by job; ``overtime_s`` vehicle id -> seconds, by job;
    ``memory`` what was done before, from which the search starts and moves as little as it must.
    """

    pinned: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    overtime_s: Mapping[Key, Mapping[str, int]] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Searched:
    """A job with its routes."""

    job: Job
    workload: Workload
    solution: Solution
    iterations: int
    stopped_by: str


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search: iterations for each job, or seconds for all of them, or the default."""

    seed: int
    iterations: int | None
    time_limit_s: float | None
    interrupted: Interrupted


def share_out(
    district: District,
    ground: Ground,
    duties: Sequence[Duty],
    vehicles: Sequence[Vehicle],
    caps: Mapping[str, int],
    memory: Memory,
) -> tuple[Job, ...]:
    """Decide which vehicles go out for each service and shift (fleet.scheduler.share_work).

    Vehicles that did the job before go out again first; then the lowest ids of each depot.
    """
    from fleet.scheduler import share_work

    by_key: dict[Key, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_key[duty.service, duty.shift_id].append(duty)
    works = {key: _work(district, ground, key, found) for key, found in sorted(by_key.items())}
    count: dict[tuple[str, str], int] = defaultdict(int)
    for vehicle in vehicles:
        count[vehicle.depot_id, vehicle.type_id] += 1
    jobs = []
    for service in sorted({key[0] for key in works}):
        chosen = {key: work for key, work in works.items() if key[0] == service}
        shares = share_work(
            tuple(chosen.values()), dict(count), dict(caps), utilisation=UTILISATION[service]
        )
        for (key, _), share in zip(chosen.items(), shares, strict=True):
            before = memory.get(key, {})
            out: list[Vehicle] = []
            for (depot, kind), number in sorted(share.vehicles.items()):
                here = [v for v in vehicles if (v.depot_id, v.type_id) == (depot, kind)]
                here.sort(key=lambda v, before=before: (v.id not in before, v.id))  # type: ignore[misc]
                out += here[:number]
            jobs.append(
                Job(
                    key,
                    tuple(by_key[key]),
                    tuple(sorted(out, key=lambda v: v.id)),
                    share.shortfall_s,
                    share.note,
                )
            )
    return tuple(jobs)


def _work(district: District, ground: Ground, key: Key, duties: Sequence[Duty]) -> Work:
    """A job as the scheduler sees it: hours by subdistrict, and the way from each depot."""
    from fleet.share import Work, Zone

    service, shift_id = key
    shift = next(shift for shift in district.shifts if shift.id == shift_id)
    kinds = [kind for kind in district.vehicle_types if service in kind.services]
    kind = kinds[0]
    home = {road.id: road.subdistrict for road in district.roads}
    visits = visits_for(district, ground, kind) if water_l(kind, service, 1000) else ()
    visit_s = min((visit.total_s for visit in visits), default=0) + (DETOUR_S if visits else 0)
    zones: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        zones[home[duty.road_id]].append(duty)
    found = []
    for zone, inside in sorted(zones.items()):
        work = sum(service_s(kind, service, shift_id, d.length_m) + GAP_S for d in inside)
        litres = sum(water_l(kind, service, d.length_m) for d in inside)
        fills = litres / kind.clean_l if visits else 0.0
        ways = {
            depot.id: sum(
                int(ground.time_s[ground.place[depot.id], ground.place[d.section_id]])
                for d in inside
            )
            // len(inside)
            for depot in district.depots
        }
        found.append(Zone(zone, round(work + fills * visit_s), ways))
    start_s = max(shift.start_s, min(d.windows[0].start_s for d in duties))
    end_s = min(shift.end_s, max(d.windows[-1].end_s for d in duties))
    rest_s = int(district.rules["rest_s"])
    rests = rest_s if end_s - start_s > district.rules["rest_after_s"] else 0
    # Every truck leaves with a full tank: that visit is done before the shift.
    usable_s = end_s - start_s - rests + visit_s - queue_reserve_s(shift, bool(visits))
    types = tuple(kind.id for kind in kinds)
    return Work(service, shift_id, start_s, end_s, usable_s, types, tuple(found))


def search_all(
    district: District,
    ground: Ground,
    jobs: Sequence[Job],
    wishes: Wishes,
    effort: Effort,
    say: Callable[[str, float], None],
) -> tuple[Searched, ...]:
    """Search the routes of every job, two at a time; the answer does not depend on that."""
    weight = {job.key: len(job.duties) for job in jobs}
    total = sum(weight.values()) or 1
    done: dict[Key, float] = defaultdict(float)

    def one(job: Job) -> Searched:
        def heard(progress: Progress) -> None:
            done[job.key] = progress.fraction * weight[job.key]
            say("search", sum(done.values()) / total)

        share_s = (
            None
            if effort.time_limit_s is None
            else effort.time_limit_s * min(1.0, THREADS * weight[job.key] / total)
        )
        return _search(district, ground, job, wishes, effort, share_s, heard)

    longest_first = sorted(jobs, key=lambda job: (-weight[job.key], job.key))
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(one, longest_first))
    return tuple(sorted(found, key=lambda searched: searched.job.key))


def _search(
    district: District,
    ground: Ground,
    job: Job,
    wishes: Wishes,
    effort: Effort,
    limit_s: float | None,
    heard: Callable[[Progress], None],
) -> Searched:
    from routes.solution import evaluate
    from routes.solve import solve

    before = wishes.memory.get(job.key, {})
    section_of = {duty.id: duty.section_id for duty in job.duties}
    owner = {
        section_of[duty]: vehicle
        for vehicle, duties in before.items()
        for duty in duties
        if duty in section_of
    }
    pinned = wishes.pinned.get(job.key, {})
    overtime = wishes.overtime_s.get(job.key, {})

    def build(target_s: tuple[int, int] | None) -> Workload:
        return build_workload(
            district,
            ground,
            job.duties,
            job.vehicles,
            target_s=target_s,
            pinned=pinned,
            preferred=owner,
            overtime_s=overtime,
        )

    count = effort.iterations
    if count is None:
        count = ITERATIONS_PER_DUTY[job.key[0]] * len(job.duties)
    workload = build(None)
    start = starting(workload, before) if before else None
    done, iterations, spent = 0.0, 0, 0
    previous: tuple[Workload, Result] | None = None
    for phase in PHASES:
        if phase.band is not None and start is not None:
            # Routes differ as the search likes until here: first none may be much longer than
            # the mean, then none much shorter.
            lengths = evaluate(workload.problem, start).routes
            mean_s = sum(route.duration_s for route in lengths) // max(1, len(job.vehicles))
            below, above = phase.band
            workload = build((max(0, mean_s - below), mean_s + above))
            if phase.hard:
                most = np.minimum(workload.problem.max_s, mean_s + above + OVER_S)
                workload = replace(workload, problem=replace(workload.problem, max_s=most))
        stop: Stop
        if limit_s is None:
            stop = MaxIterations(round(count * (done + phase.share)) - spent)
            spent = round(count * (done + phase.share))
        else:
            stop = TimeLimit(limit_s * phase.share)
        result = solve(
            workload.problem,
            FirstOf(stop, effort.interrupted),
            effort.seed,
            start=start,
            heat=None if start is None else LITTLE_HEAT[job.key[0]],
            on_progress=lambda told, done=done, share=phase.share: heard(  # type: ignore[misc]
                replace(told, fraction=done + share * told.fraction)
            ),
        )
        worse = previous and len(result.solution.dropped) > len(previous[1].solution.dropped)
        if phase.hard and previous and worse:
            # An even day is no reason to leave work out.
            workload, result = previous
        start = result.solution
        previous = workload, result
        done += phase.share
        iterations += result.iterations
    return Searched(job, workload, result.solution, iterations, result.stopped_by)


def starting(workload: Workload, before: Mapping[str, Sequence[str]]) -> Solution:
    """What was done before as a start: each vehicle's duties that are due again, in order."""
    slot = {vehicle.id: index for index, vehicle in enumerate(workload.vehicles)}
    task = {duty.id: index for index, duty in enumerate(workload.duties)}
    first = workload.problem.mode_first
    routes, served = [], set()
    for vehicle, duties in sorted(before.items()):
        tasks = [task[duty] for duty in duties if duty in task and task[duty] not in served]
        if vehicle in slot and tasks:
            steps = tuple(Serve(t, int(first[t])) for t in tasks)
            start_s = int(workload.problem.shift_s[slot[vehicle], 0])
            routes.append(Route(slot[vehicle], start_s, steps))
            served |= set(tasks)
    left = tuple(t for t in range(len(workload.duties)) if t not in served)
    return Solution(tuple(sorted(routes, key=lambda route: route.vehicle)), left)


def remember(searched: Sequence[Searched]) -> dict[Key, dict[str, tuple[str, ...]]]:
    """What every vehicle does, as a memory for the next search."""
    return {
        one.job.key: {
            one.workload.vehicles[route.vehicle].id: tuple(
                one.workload.duties[step.task].id for step in route.steps if isinstance(step, Serve)
            )
            for route in one.solution.routes
        }
        for one in searched
    }
