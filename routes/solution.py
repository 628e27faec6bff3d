"""Routes, solutions, and their evaluation in plain Python that every kernel is held against."""

from __future__ import annotations

from dataclasses import dataclass

from routes.problem import RoutingProblem


@dataclass(frozen=True, slots=True)
class Serve:
    """Serve a task in one of its modes (an index into the problem's modes)."""

    task: int
    mode: int


@dataclass(frozen=True, slots=True)
class Restore:
    """Visit a facility: an index into the problem's restores."""

    option: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest here, where the step before ended."""


Step = Serve | Restore | Rest


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's steps in order. It departs from its depot at start_s."""

    vehicle: int
    start_s: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes sorted by vehicle, and the tasks that are in none of them, ascending."""

    routes: tuple[Route, ...]
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StepTimes:
    """When a step happens, and the resources used since the last restore once it is over."""

    arrive_s: int
    start_s: int
    end_s: int
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RouteSchedule:
    """A route in time. travel_s is driven without work, time at facilities excluded."""

    vehicle: int
    start_s: int
    return_s: int
    steps: tuple[StepTimes, ...]
    travel_s: int
    wait_s: int
    distance_m: int
    restore_cost: int
    violations: tuple[str, ...]

    @property
    def duration_s(self) -> int:
        return self.return_s - self.start_s


@dataclass(frozen=True, slots=True)
class CostParts:
    """The cost of a solution by what it is for; the parts are in the problem's cost unit."""

    fixed: int
    time: int
    distance: int
    restore: int
    drop: int
    balance: int
    group: int
    moved: int

    @property
    def total(self) -> int:
        return (
            self.fixed + self.time + self.distance + self.restore
            + self.drop + self.balance + self.group + self.moved
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a solution costs, its schedules in the order of its routes, and what it breaks."""

    cost: int
    parts: CostParts
    routes: tuple[RouteSchedule, ...]
    violations: tuple[str, ...]


def evaluate(problem: RoutingProblem, solution: Solution) -> Evaluation:
    """Replay a solution step by step. Slow and plain: every kernel is held against it.

    Args:
        problem: the problem.
        solution: any solution whose tasks, modes, vehicles and options exist in the problem.

    Returns:
        The evaluation. Its cost counts the tasks in solution.dropped as left out; that every
        task is served once or dropped is among the violations it looks for.
    """
    schedules = tuple(schedule(problem, route) for route in solution.routes)
    violations = [text for times in schedules for text in times.violations]
    violations += _assignment_violations(problem, solution)
    weights = problem.weights
    balance = fixed = moved = 0
    hands: dict[int, set[int]] = {}
    for route, times in zip(solution.routes, schedules, strict=True):
        low, high = (int(x) for x in problem.target_s[route.vehicle])
        balance += max(0, low - times.duration_s) + max(0, times.duration_s - high)
        fixed += int(problem.fixed_cost[route.vehicle])
        for step in route.steps:
            if isinstance(step, Serve):
                moved += int(problem.preferred[step.task]) not in (-1, route.vehicle)
                if problem.group[step.task] >= 0:
                    hands.setdefault(int(problem.group[step.task]), set()).add(route.vehicle)
    parts = CostParts(
        fixed=fixed,
        time=weights.time * sum(times.duration_s for times in schedules),
        distance=weights.distance * sum(times.distance_m for times in schedules),
        restore=sum(times.restore_cost for times in schedules),
        drop=sum(int(problem.drop_cost[task]) for task in solution.dropped),
        balance=weights.late_balance * balance,
        group=weights.split_group * sum(len(vehicles) - 1 for vehicles in hands.values()),
        moved=weights.moved * moved,
    )
    return Evaluation(parts.total, parts, schedules, tuple(violations))


def schedule(problem: RoutingProblem, route: Route) -> RouteSchedule:
    """Replay one route: each service starts as early as its windows allow.

    A task that fits into none of its windows any more starts when the vehicle is there, and the
    violation is noted.
    """
    v = route.vehicle
    kind = int(problem.vehicle_type[v])
    capacity = [int(x) for x in problem.capacity[v]]
    now = rested = route.start_s
    place = int(problem.start_place[v])
    used = [0] * len(capacity)
    taken = [0] * len(capacity)
    rests = 0
    travel = wait = metres = cost = 0
    since_restore = False
    broken: list[str] = []
    steps: list[StepTimes] = []

    def stretch(until: int) -> None:
        if until - rested > problem.rest_after_s:
            broken.append(f"vehicle {v}: rest: {until - rested} s without rest at {until} s")

    for step in route.steps:
        arrive = start = now
        if isinstance(step, Rest):
            stretch(now)
            rests += 1
            if problem.rest_within_s is not None:
                start = max(now, problem.rest_within_s[0])
                wait += start - now
                if start > problem.rest_within_s[1]:
                    broken.append(f"vehicle {v}: rest: begins at {start} s, too late")
            now = rested = start + problem.rest_s
        elif isinstance(step, Restore):
            k = step.option
            entry = int(problem.restore_in[k])
            travel += int(problem.time_s[place, entry])
            metres += int(problem.dist_m[place, entry]) + int(problem.restore_m[k])
            arrive = start = now + int(problem.time_s[place, entry])
            now = start + int(problem.restore_s[k])
            if problem.restore_window_s is not None:
                opens, closes = (int(x) for x in problem.restore_window_s[k])
                start = max(arrive, opens)
                wait += start - arrive
                now = start + int(problem.restore_s[k])
                if now > closes:
                    broken.append(f"vehicle {v}: restore {k} is closed at {now} s")
            cost += int(problem.restore_cost[k])
            place = int(problem.restore_out[k])
            used = [0] * len(capacity)
            since_restore = False
        else:
            t, mode = step.task, step.mode
            if not problem.mode_first[t] <= mode < problem.mode_first[t + 1]:
                broken.append(f"vehicle {v}: task {t} has no mode {mode}")
            entry = int(problem.mode_entry[mode])
            work = int(problem.service_s[mode, kind])
            travel += int(problem.time_s[place, entry])
            metres += int(problem.dist_m[place, entry]) + int(problem.service_m[mode])
            arrive = now + int(problem.time_s[place, entry])
            starts = [
                max(arrive, int(opens))
                for opens, closes in problem.window_s[t]
                if max(arrive, int(opens)) + work <= int(closes)
            ]
            if not starts:
                broken.append(f"vehicle {v}: window of task {t} missed at {arrive} s")
            start = min(starts, default=arrive)
            wait += start - arrive
            now = start + work
            place = int(problem.mode_exit[mode])
            for r, amount in enumerate(problem.demand[t]):
                used[r] += int(amount)
                taken[r] += int(amount)
                since_restore = since_restore or amount > 0
                if used[r] > capacity[r]:
                    broken.append(
                        f"vehicle {v}: capacity of resource {r}: {used[r]} used "
                        f"of {capacity[r]} after task {t}"
                    )
        steps.append(StepTimes(arrive, start, now, tuple(used)))
    home = int(problem.time_s[place, problem.end_place[v]])
    now += home
    stretch(now)
    if problem.rest_within_s is not None and rests != 1:
        broken.append(f"vehicle {v}: rest: {rests} rests, not one")
    if problem.most is not None:
        for r, amount in enumerate(taken):
            if amount > problem.most[v, r]:
                limit = problem.most[v, r]
                broken.append(f"vehicle {v}: most of resource {r}: {amount} taken of {limit}")
    if problem.must_end_restored and since_restore:
        broken.append(f"vehicle {v}: ends without a restore")
    opens, closes = (int(x) for x in problem.shift_s[v])
    if route.start_s < opens or now > closes:
        broken.append(f"vehicle {v}: shift {opens}..{closes} left: {route.start_s}..{now}")
    if now - route.start_s > problem.max_s[v]:
        broken.append(f"vehicle {v}: max_s: {now - route.start_s} s of {problem.max_s[v]}")
    metres += int(problem.dist_m[place, problem.end_place[v]])
    return RouteSchedule(
        v, route.start_s, now, tuple(steps), travel + home, wait, metres, cost, tuple(broken)
    )


def _assignment_violations(problem: RoutingProblem, solution: Solution) -> list[str]:
    """Who serves what: allowed types, pins, each task once, each vehicle once and in order."""
    broken = []
    served = [0] * problem.tasks
    for before, route in zip((None, *solution.routes), solution.routes, strict=False):
        v = route.vehicle
        if before is not None and v <= before.vehicle:
            broken.append(f"vehicle {v}: out of order or used twice")
        if not any(isinstance(step, Serve) for step in route.steps):
            broken.append(f"vehicle {v}: serves nothing")
        for step in route.steps:
            if isinstance(step, Serve):
                served[step.task] += 1
                if not problem.allowed[step.task, problem.vehicle_type[v]]:
                    broken.append(f"vehicle {v}: task {step.task} is not allowed for its type")
                if problem.pinned[step.task] not in (-1, v):
                    broken.append(
                        f"vehicle {v}: task {step.task} is pinned to {problem.pinned[step.task]}"
                    )
    dropped = set(solution.dropped)
    if tuple(sorted(dropped)) != solution.dropped:
        broken.append("dropped tasks are not ascending")
    for task, times in enumerate(served):
        if times > 1:
            broken.append(f"task {task}: served twice")
        if times and task in dropped:
            broken.append(f"task {task}: served and dropped")
        if not times and task not in dropped:
            broken.append(f"task {task}: neither served nor dropped")
    return broken
