"""Routes of every job: the search in two grains, first along whole streets, then by sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from routes.chains import join, unjoin
from routes.problem import NO_LIMIT, RoutingProblem
from routes.solution import Restore, Route, Serve, Solution, evaluate
from routes.stop import FirstOf, Interrupted, MaxIterations, Progress, Stop, TimeLimit
from sanitation.ground import Ground
from sanitation.jobs import Job, Key, Memory
from sanitation.model import District, Duty
from sanitation.stopload import build_stop_workload
from sanitation.streetchains import street_chains
from sanitation.workload import Workload, build_workload

if TYPE_CHECKING:
    from routes.solve import Result

ITERATIONS_PER_DUTY = {
    "wash": 170,
    "sprinkle": 560,
    "sweep": 80,
    "collect": 340,
    "haul": 2000,
    "septic": 2000,
    "bins": 32,
    "toilet": 120,
}
THREADS = 2  # two jobs are searched side by side; each search is its own, so the answer is the same


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a search.

    ``share`` of the iterations. ``joined``: whole streets are placed, not single sections.
    ``band``: seconds that a run may lie below and above the mean before it costs (None: as it
    likes). ``heat`` at the start of the phase, None for the engine's own. ``over_s``: seconds
    above the band that no run may exceed.
    """

    share: float
    joined: bool
    band: tuple[int, int] | None
    heat: float | None = None
    over_s: int = NO_LIMIT


# The bands are a little narrower than half of what the longest and the shortest run of a shift
# may differ by, 45 minutes; queues at fill points take the rest.
FRESH = (
    Phase(0.2, True, None),
    Phase(0.5, True, (1000, 800), 0.7),
    Phase(0.3, False, (900, 900), 0.002, 240),
)
# From what was done before, which should not come apart again.
AGAIN = (
    Phase(0.3, False, None, 0.002),
    Phase(0.7, False, (900, 900), 0.002, 240),
)
# Sites have no streets to go along. Between the phases stations that are brought too much become
# dearer (routes to them, not the truck hours), and cheaper where there is room.
FRESH_STOPS = (
    Phase(0.3, False, None),
    Phase(0.15, False, None, 0.1),
    Phase(0.15, False, None, 0.1),
    Phase(0.15, False, None, 0.1),
    Phase(0.25, False, (900, 900), 0.002, 240),
)
DEARER_S = 240  # a truck load too much makes a visit dearer by so many seconds
# Where not everything fits, an iteration takes far longer, and evenness comes by itself.
OVERLOADED = 0.3
AGAIN_SHARE = 0.5  # of the iterations of a fresh search
KNOWN = 0.5  # with less than this share of the duties done before, the search begins afresh


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
    rows = _alike(jobs)
    in_row = {job.key: sum(weight[mate.key] for mate in row) for row in rows for job in row}

    def one(job: Job, before: Mapping[str, tuple[str, ...]]) -> Searched:
        def heard(fraction: float) -> None:
            done[job.key] = fraction * weight[job.key]
            say("search", sum(done.values()) / total)

        share_s = None
        if effort.time_limit_s is not None:
            # Jobs of a row come one after the other, and no row may take longer than the limit.
            row_s = effort.time_limit_s * min(1.0, THREADS * in_row[job.key] / total)
            share_s = row_s * weight[job.key] / in_row[job.key]
        return _search(district, ground, job, before, wishes, effort, share_s, heard)

    def several(row: Sequence[Job]) -> list[Searched]:
        """The first job of a row, and the others from its routes."""
        first = one(row[0], wishes.memory.get(row[0].key, {}))
        found = [first]
        for job in row[1:]:
            found.append(one(job, wishes.memory.get(job.key) or _carried(first, job)))
        return found

    rows.sort(key=lambda row: (-in_row[row[0].key], row[0].key))
    with ThreadPoolExecutor(THREADS) as pool:
        found = [searched for row in pool.map(several, rows) for searched in row]
    return tuple(sorted(found, key=lambda searched: searched.job.key))


def _alike(jobs: Sequence[Job]) -> list[list[Job]]:
    """Jobs with the same passes of the same sections and the same trucks, in rows.

    Such shifts should be driven alike: a driver who comes back at noon knows the streets.
    """
    rows: dict[tuple[object, ...], list[Job]] = defaultdict(list)
    for job in jobs:
        passes = tuple(sorted(_pass(duty) for duty in job.duties))
        rows[job.key[0], passes, job.vehicles].append(job)
    return [sorted(row, key=lambda job: job.key) for row in rows.values()]


def _pass(duty: Duty) -> tuple[str, str, int, int]:
    """A pass whatever its shift; at a station the containers of each stream are counted apart."""
    return duty.place_id, duty.stream, duty.round_no, duty.pass_no


def _carried(done: Searched, job: Job) -> Mapping[str, tuple[str, ...]]:
    """What a job did, as duties of one that is alike."""
    mine = {_pass(duty): duty.id for duty in job.duties}
    theirs = {duty.id: mine[_pass(duty)] for duty in done.job.duties}
    by_vehicle = remember([done])[done.job.key]
    return {
        vehicle: tuple(theirs[duty] for duty in duties) for vehicle, duties in by_vehicle.items()
    }


def _search(
    district: District,
    ground: Ground,
    job: Job,
    before: Mapping[str, tuple[str, ...]],
    wishes: Wishes,
    effort: Effort,
    limit_s: float | None,
    heard: Callable[[float], None],
) -> Searched:
    from routes.solve import solve

    workload = _workload(district, ground, job, before, wishes)
    at_sites = bool(job.duties[0].site_id)
    chains = () if at_sites else street_chains(workload, ground)
    alone = workload.problem
    joined = alone if at_sites else join(alone, chains)
    start = starting(workload, before)
    phases = (FRESH_STOPS if at_sites else FRESH) if start is None else AGAIN
    count = effort.iterations
    if count is None:
        count = ITERATIONS_PER_DUTY[job.key[0]] * len(job.duties)
        if start is not None:
            count = round(AGAIN_SHARE * count)
    done, iterations, mean_s, stopped_by = 0.0, 0, 0, ""
    price_s = np.zeros(len(workload.visits), dtype=np.int64)
    was_joined = phases[0].joined
    for phase in phases:

        def told(progress: Progress, done: float = done, share: float = phase.share) -> None:
            heard(done + share * progress.fraction)

        def run(
            start: Solution | None,
            mean_s: int,
            over_s: int,
            phase: Phase = phase,
            price_s: NDArray[np.int64] = price_s,
        ) -> tuple[RoutingProblem, Result]:
            problem = _banded(joined if phase.joined else alone, mean_s, phase.band, over_s)
            if workload.room_kg:
                problem = replace(problem, restore_cost=price_s)
            share = phase.share * (OVERLOADED if start is not None and start.dropped else 1)
            stops: list[Stop] = [effort.interrupted]
            if limit_s is None or effort.iterations is not None:
                stops.append(MaxIterations(max(1, round(count * share))))
            if limit_s is not None:
                stops.append(TimeLimit(limit_s * phase.share))
            stop = FirstOf(*stops)
            return problem, solve(
                problem, stop, effort.seed, start=start, heat=phase.heat, on_progress=told
            )

        if start is not None and was_joined and not phase.joined:
            start = unjoin(start, chains)
        was_joined = phase.joined
        over_s = phase.over_s if start is not None and not start.dropped else NO_LIMIT
        problem, result = run(start, mean_s, over_s)
        if over_s < NO_LIMIT and result.solution.dropped:
            # An even day is no reason to leave work out.
            problem, result = run(start, mean_s, NO_LIMIT)
        start = result.solution
        lengths = [route.duration_s for route in evaluate(problem, start).routes]
        mean_s = sum(lengths) // max(1, len(lengths))
        if workload.room_kg:
            price_s = dearer(workload, start, price_s)
        done += phase.share
        iterations += result.iterations
        stopped_by = result.stopped_by
    assert start is not None
    return Searched(job, workload, in_order(workload, start), iterations, stopped_by)


def _workload(
    district: District,
    ground: Ground,
    job: Job,
    before: Mapping[str, tuple[str, ...]],
    wishes: Wishes,
) -> Workload:
    """The job as a routing problem, with what was done before as a preference."""
    place_of = {duty.id: duty.place_id for duty in job.duties}
    preferred = {
        place_of[duty]: vehicle
        for vehicle, duties in before.items()
        for duty in duties
        if duty in place_of
    }
    overtime_s = wishes.overtime_s.get(job.key, {})
    if job.duties[0].site_id:
        return build_stop_workload(
            district,
            ground,
            job.duties,
            job.vehicles,
            preferred=preferred,
            overtime_s=overtime_s,
            room_kg=job.room_kg or None,
        )
    return build_workload(
        district,
        ground,
        job.duties,
        job.vehicles,
        pinned=wishes.pinned.get(job.key, {}),
        preferred=preferred,
        overtime_s=overtime_s,
        room_kg=job.room_kg or None,
    )


def in_order(workload: Workload, solution: Solution) -> Solution:
    """The same routes, with the passes that a run drives over a section numbered as they come.

    The passes of a round differ in nothing but their number and lane: the kerb is done first.
    Those that take a load on differ by it too, and stay as they are.
    """
    if workload.loaded:
        return solution

    def kind(task: int) -> tuple[str, str, int]:
        return _pass(workload.duties[task])[:3]

    routes = []
    for route in solution.routes:
        passes: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for task in sorted(step.task for step in route.steps if isinstance(step, Serve)):
            passes[kind(task)].append(task)
        steps = tuple(
            Serve(passes[kind(step.task)][0], passes[kind(step.task)].pop(0))
            if isinstance(step, Serve)
            else step
            for step in route.steps
        )
        routes.append(replace(route, steps=steps))
    return replace(solution, routes=tuple(routes))


def dearer(workload: Workload, solution: Solution, price_s: NDArray[np.int64]) -> NDArray[np.int64]:
    """Prices of visits, (K,) seconds: up where a station is brought too much, else down."""
    brought_kg = np.zeros(len(workload.visits))
    for route in solution.routes:
        load_kg = 0
        for step in route.steps:
            if isinstance(step, Serve):
                load_kg += workload.duties[step.task].load_kg
            elif isinstance(step, Restore):
                brought_kg[step.option] += load_kg
                load_kg = 0
    room_kg = np.array([workload.room_kg[visit.dump] for visit in workload.visits])
    truck_kg = float(workload.problem.capacity.mean())
    change = DEARER_S * np.clip((brought_kg - room_kg) / truck_kg, -0.25, 3)
    dear: NDArray[np.int64] = np.maximum(0, price_s + change).astype(np.int64)
    return dear


def _banded(
    problem: RoutingProblem, mean_s: int, band: tuple[int, int] | None, over_s: int
) -> RoutingProblem:
    """The problem with a band for the length of runs around the mean so far."""
    if band is None:
        return problem
    target_s = np.empty_like(problem.target_s)
    target_s[:] = max(0, mean_s - band[0]), mean_s + band[1]
    most_s = np.minimum(problem.max_s, mean_s + band[1] + over_s)
    return replace(problem, target_s=target_s, max_s=most_s)


def starting(workload: Workload, before: Mapping[str, Sequence[str]]) -> Solution | None:
    """What was done before as a start: each vehicle's duties that are due again, in order.

    None where too little of what is due was done before.
    """
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
    if len(served) < KNOWN * len(workload.duties):
        return None
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
