"""Solve problems too large for a matrix: part by part, each part a problem for routes.solve.

First the town is cut into zones, each with its share of the vehicles, and every zone is solved
for a short while. Then parts of the solution are improved: a route that has waited longest and
the routes nearest to it, until they have some hundreds of tasks. A part is a problem of its own
with a small matrix; its search begins with the routes as they are, warm at first and cooler as
the whole search goes on, and what it finds replaces them when it is not worse. This is POPMUSIC
(Taillard & Voß, POPMUSIC: a partial optimization metaheuristic under special intensification
conditions, in: Essays and Surveys in Metaheuristics, 2002;
for vehicle routing Ostertag, Doerner, Hartl, Taillard & Waelti, POPMUSIC for a real-world
large-scale vehicle routing problem with time windows, Journal of the Operational Research Society
60(7), 2009).

Parts of a round have no route in common, so they are searched side by side, and the result does
not depend on how many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routes.solution import Restore, Route, Serve, Solution, evaluate
from routes.solve import Result, solve
from routes.stop import FirstOf, MaxIterations, Progress, Stop, Stopwatch
from routes.zone_cut import Numbers, share_vehicles, task_nodes, zones_of
from routes.zone_problem import LargeProblem, Part, cut_out, tied_cost, way_table
from routes.zone_ways import WayTable, seconds

PART_TASKS = 600
FEWEST_ROUTES = 6  # of a part; where routes are long, a part has more tasks
WHOLE_TASKS = 3_000  # problems of so many tasks are solved whole
FIRST_A_TASK = 20  # iterations for each task of a zone, from nothing
EACH_A_TASK = 40  # iterations for each task of a part
HOT, COLD = 1.0, 0.05  # first and last temperature a part begins with; see solve(heat=)
COOLING = 0.5
ROUND = 8  # parts of a round, at most
IDLE = 4  # unused vehicles of a part
REACH = 3  # nodes looked at around the middle of a part, in parts' worth of them


def solve_large(
    problem: LargeProblem,
    stop: Stop,
    seed: int = 0,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    threads: int = 1,
    part_tasks: int = PART_TASKS,
    whole_tasks: int = WHOLE_TASKS,
) -> Result:
    """Search for a solution of least cost, as routes.solve.solve does, of a problem of any size.

    Args:
        problem: the problem.
        stop: when to end. It is asked when the first zone is about to be searched, after each
            round, and while parts are searched, then with the iterations done before the round.
            With MaxIterations alone the same seed gives the same result, and the search may go
            on for less than a round beyond them. Threads may ask it at the same time.
        seed: of the random numbers.
        on_progress: called before the first round and after each. Until all zones have a solution
            the cost counts the tasks still waiting as dropped.
        threads: how many parts are searched at a time; the result never depends on it.
        part_tasks: tasks of a zone and of a part.
        whole_tasks: a problem of at most so many tasks is solved whole, with its full matrix.

    Returns:
        The best solution, without violations; tasks that fit nowhere are dropped.

    Raises:
        ValueError: threads, part_tasks or whole_tasks is out of range.
    """
    for name, value, least in (
        ("threads", threads, 1), ("part_tasks", part_tasks, 2), ("whole_tasks", whole_tasks, 0),
    ):  # fmt: skip
        if value < least:
            raise ValueError(f"{name} is {value}, below {least}")
    table = way_table(problem)
    if problem.tasks <= max(1, whole_tasks):
        tasks, vehicles = np.arange(problem.tasks), np.arange(problem.vehicles)
        whole = cut_out(problem, table, tasks, vehicles, np.arange(len(problem.restore_in)))
        return solve(whole.problem, stop, seed, on_progress=on_progress, lanes=2, threads=threads)
    return _Search(problem, table, stop, seed, on_progress, threads, part_tasks).run()


@dataclass(frozen=True, eq=False, slots=True)
class _Job:
    """A part to search: its tasks and vehicles, the iterations, and how to begin.

    heat: None to begin from nothing.
    """

    tasks: Numbers
    vehicles: Numbers
    iterations: int
    seed: int
    heat: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class _Found:
    """What a search of a part came to, in the numbers of the large problem.

    gain: by how much the part became cheaper. untied: the same without groups and moved tasks,
    whose cost depends on routes outside the part.
    """

    job: _Job
    routes: tuple[Route, ...]
    gain: int
    untied: int
    iterations: int


@dataclass(frozen=True, slots=True)
class _Lukewarm:
    """A number of iterations that end before the search has cooled down altogether."""

    iterations: int
    cooling: float

    @property
    def reason(self) -> str:
        return "iterations"

    def __call__(self, progress: Progress) -> float:
        done = progress.iterations >= self.iterations
        return 1.0 if done else self.cooling * progress.iterations / self.iterations


@dataclass(frozen=True, slots=True)
class _Over:
    """Ends the search of a part when the whole search ends meanwhile.

    progress: that of the whole search before the round, so that no part sees what others of its
    round came to: that would depend on the threads.
    """

    stop: Stop
    progress: Progress

    @property
    def reason(self) -> str:
        return self.stop.reason

    def __call__(self, progress: Progress) -> float:
        return float(self.stop(self.progress) >= 1)


class _Search:
    """The solution so far, and the rounds that improve it."""

    def __init__(
        self,
        problem: LargeProblem,
        table: WayTable,
        stop: Stop,
        seed: int,
        on_progress: Callable[[Progress], None] | None,
        threads: int,
        part_tasks: int,
    ) -> None:
        self._p, self._table, self._stop = problem, table, stop
        self._on_progress = on_progress
        self._threads = threads
        self._rng = np.random.default_rng(seed)
        a_route = problem.tasks / max(1, problem.vehicles)
        self._size = max(part_tasks, round(FEWEST_ROUTES * a_route))
        self._routes: dict[int, Route] = {}
        self._where = np.full(problem.tasks, -1, np.int64)  # vehicle of each task, or -1
        self._mode = problem.mode_first[:-1].astype(np.int64)
        self._visits = np.zeros(problem.vehicles, np.int64)
        self._untied_cost = int(problem.drop_cost.sum())  # without groups and moved tasks
        self._iterations = 0
        self._fraction = 0.0
        has_task = np.zeros(table.nodes, np.bool_)
        has_task[problem.begin_node[problem.mode_entry]] = True
        self._has_task = has_task
        self._kind = _kinds(problem)
        self._before = self._progress()

    def run(self) -> Result:
        """First solution, then rounds until told to stop."""
        watch = Stopwatch()
        cut = zones_of(self._p, self._table, self._size)
        zones = list(zip(*share_vehicles(self._p, self._table, cut), strict=True))
        # compiles the kernels before the clock starts
        tasks, vehicles = zones[0]
        solve(self._cut(tasks[:2], vehicles).problem, MaxIterations(0))
        pool = ThreadPoolExecutor(self._threads) if self._threads > 1 else None
        with pool or nullcontext():
            self._look()
            for first in range(0, len(zones), ROUND):
                self._round(pool, self._first_jobs(zones[first : first + ROUND]))
            while self._fraction < 1 and self._routes:
                self._round(pool, list(self._next_jobs()))
        routes = tuple(self._routes[v] for v in sorted(self._routes))
        dropped = tuple(int(t) for t in np.flatnonzero(self._where < 0))
        cost = self._progress().cost
        solution = Solution(routes, dropped)
        return Result(solution, cost, self._iterations, self._stop.reason, watch.seconds)

    def _progress(self) -> Progress:
        cost = self._untied_cost + tied_cost(self._p, self._where)
        dropped = int((self._where < 0).sum())
        return Progress(self._iterations, cost, len(self._routes), dropped, self._fraction)

    def _look(self) -> None:
        """Ask whether to go on, and tell how far it is."""
        self._fraction = self._stop(self._progress())
        if self._on_progress:
            self._on_progress(self._progress())

    def _round(self, pool: ThreadPoolExecutor | None, jobs: list[_Job]) -> None:
        """Search parts that have nothing in common; take over what is not worse."""
        before = self._progress()
        # a rule may start its clock when asked with no iterations; it does so in _look
        self._before = replace(before, iterations=max(1, before.iterations))
        for found in (pool.map if pool else map)(self._search, jobs):
            self._take_over(found)
        self._look()

    def _new_seed(self) -> int:
        return int(self._rng.integers(1 << 30))

    def _first_jobs(self, zones: list[tuple[Numbers, Numbers]]) -> list[_Job]:
        effort = FIRST_A_TASK if self._fraction < 1 else 0
        return [
            _Job(tasks, vehicles, effort * len(tasks), self._new_seed())
            for tasks, vehicles in zones
        ]

    def _next_jobs(self) -> Iterator[_Job]:
        """Parts around the routes that have waited longest, none sharing anything."""
        heat = HOT * (COLD / HOT) ** self._fraction
        count = np.bincount(self._where[self._where >= 0], minlength=self._p.vehicles)
        free = np.ones(self._p.vehicles, np.bool_)
        waiting = self._where < 0
        parts = min(ROUND, max(1, round(self._p.tasks / self._size / 2)))
        for _ in range(parts):
            used = np.flatnonzero(free & (count > 0))
            if not len(used):
                return
            vehicles, tasks = self._part(used, count, free, waiting)
            free[vehicles] = False
            waiting[tasks] = False
            effort = EACH_A_TASK * len(tasks)
            yield _Job(tasks, vehicles, effort, self._new_seed(), heat)

    def _part(
        self,
        used: Numbers,
        count: Numbers,
        free: NDArray[np.bool_],
        waiting: NDArray[np.bool_],
    ) -> tuple[Numbers, Numbers]:
        """Vehicles and tasks of one part: routes, some idle vehicles, and tasks left out."""
        p = self._p
        visits = self._visits[used]
        longest = used[visits == visits.min()]
        seed = int(longest[self._rng.integers(len(longest))])
        own = np.flatnonzero(self._where == seed)
        centre = task_nodes(p, self._mode[own[self._rng.integers(len(own), size=1)]])
        share = self._size / p.tasks
        most = max(1, min(int(self._has_task.sum()), round(REACH * share * self._has_task.sum())))
        labels = self._table.around(int(centre[0]), self._has_task, most)
        node_s = seconds(labels)
        far = node_s[task_nodes(p, self._mode)].astype(np.float64)
        far = np.minimum(far, 2 * far[far < node_s.max()].max(initial=1))
        served = self._where >= 0
        mean = np.bincount(self._where[served], far[served], p.vehicles) / np.maximum(1, count)
        mean[seed] = -1
        order = used[np.argsort(mean[used], kind="stable")]
        routes = order[: 1 + int(np.searchsorted(np.cumsum(count[order]), self._size))]
        idle = np.flatnonzero(free & (count == 0))
        away = seconds(self._table.out_of(p.stand_node[p.start_place[idle]], centre))[:, 0]
        idle = idle[np.argsort(away, kind="stable")]
        idle = idle[_one_of_each_first(self._kind[idle])][:IDLE]
        vehicles = np.sort(np.concatenate((routes, idle)))
        near = waiting & (far <= max(1.0, mean[routes].max()))
        near &= (p.pinned < 0) | np.isin(p.pinned, vehicles)
        tasks = np.flatnonzero(near)[: self._size]
        return vehicles, np.union1d(tasks, np.flatnonzero(np.isin(self._where, vehicles)))

    def _search(self, job: _Job) -> _Found:
        """Search one part. Reads the solution so far; writes nothing."""
        p = self._p
        before = [self._routes[v] for v in job.vehicles.tolist() if v in self._routes]
        used = {s.option for r in before for s in r.steps if isinstance(s, Restore)}
        part = self._cut(job.tasks, job.vehicles, used)
        start, cost, tied = None, int(p.drop_cost[job.tasks].sum()), 0
        rule: Stop = MaxIterations(job.iterations)
        if job.heat is not None:
            start = part.inward(before, job.tasks[self._where[job.tasks] < 0])
            cost = evaluate(part.problem, start).cost
            tied = _tied(part, start)
            rule = _Lukewarm(job.iterations, COOLING)
        rule = FirstOf(rule, _Over(self._stop, self._before))
        result = solve(part.problem, rule, job.seed, start=start, heat=job.heat)
        routes = tuple(part.outward(route) for route in result.solution.routes)
        gain = cost - result.cost
        untied = gain - tied + _tied(part, result.solution)
        return _Found(job, routes, gain, untied, result.iterations)

    def _cut(self, tasks: Numbers, vehicles: Numbers, used: Collection[int] = ()) -> Part:
        return cut_out(self._p, self._table, tasks, vehicles, np.array(sorted(used), np.int64))

    def _take_over(self, found: _Found) -> None:
        self._iterations += found.iterations
        self._visits[found.job.vehicles] += 1
        if found.gain < 0:
            return
        self._untied_cost -= found.untied
        for v in found.job.vehicles.tolist():
            self._routes.pop(v, None)
        self._where[found.job.tasks] = -1
        for route in found.routes:
            self._routes[route.vehicle] = route
            for step in route.steps:
                if isinstance(step, Serve):
                    self._where[step.task] = route.vehicle
                    self._mode[step.task] = step.mode


def _tied(part: Part, solution: Solution) -> int:
    """What groups and moved tasks cost in a solution of a part."""
    vehicle = np.full(part.problem.tasks, -1, np.int64)
    for route in solution.routes:
        vehicle[[step.task for step in route.steps if isinstance(step, Serve)]] = route.vehicle
    return tied_cost(part.problem, vehicle)


def _kinds(p: LargeProblem) -> Numbers:
    """(V,) a number for each vehicle, the same for vehicles that differ in nothing."""
    rows = np.column_stack([
        p.vehicle_type, p.start_place, p.end_place, p.shift_s, p.max_s, p.capacity,
        p.fixed_cost, p.target_s,
    ])  # fmt: skip
    return np.unique(rows, axis=0, return_inverse=True)[1].ravel().astype(np.int64)


def _one_of_each_first(kind: Numbers) -> Numbers:
    """Order that takes the first of every kind, then the second of every kind, and so on."""
    order = np.argsort(kind, kind="stable")
    rank = np.empty(len(kind), np.int64)
    rank[order] = np.arange(len(kind)) - np.searchsorted(kind[order], kind[order])
    return np.argsort(rank, kind="stable")
