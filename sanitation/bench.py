"""The `bench` command: the engine on public benchmark instances, judged by the referee."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routes.cuts import cost_bound
from routes.fewest import solve_fewest
from routes.instances import (
    Instance,
    InstanceError,
    objective_of,
    read_instance,
    routing_problem,
    to_routes,
    write_solution,
)
from routes.referee import Verdict, cost_of
from routes.solve import Result, solve
from routes.stop import FirstOf, Interrupted, MaxIterations, Progress, Stop, TimeLimit
from routes.stopcuts import miles_bound
from routes.streetgraph import street_graph
from sanitation.cells import did_you_mean
from sanitation.errors import UsageError
from sanitation.export.table import Table

ENDINGS = (".dat", ".txt")
DEFAULT_S = 30.0
LANES = 2  # searches side by side; on one thread in turn, with the same result
_SHOWN = 5  # problems of a solution that are told one by one


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how to search each instance. time_limit_s None: iterations alone decide."""

    time_limit_s: float | None
    seed: int
    threads: int
    iterations: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """An instance, and the file for its solution, if one is wanted. label: place in the list."""

    instance: Instance
    solution: Path | None
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the search found on an instance, as the referee sees it.

    lower_bound: in the unit of the cost; None if the search was interrupted. seconds: of the
    search, without the bound.
    """

    instance: Instance
    verdict: Verdict
    lower_bound: int | float | None
    seconds: float
    iterations: int
    notes: tuple[str, ...]

    def document(self, effort: Effort) -> dict[str, Any]:
        """The JSON object of the instance."""
        return {
            "instance": self.instance.name,
            "set": self.instance.set_name,
            "cost": self.verdict.cost,
            "routes": self.verdict.routes,
            "feasible": self.verdict.feasible,
            "lower_bound": self.lower_bound,
            "seconds": round(self.seconds, 3),
            "iterations": self.iterations,
            "seed": effort.seed,
            "threads": effort.threads,
        }


def read_effort(
    time_limit_s: float | None, seed: int, threads: int, iterations: int | None
) -> Effort:
    """Check what was typed. With iterations alone there is no time limit, with neither 30 s.

    Raises:
        UsageError: a number that makes no sense.
    """
    if time_limit_s is not None and not (math.isfinite(time_limit_s) and time_limit_s >= 0):
        raise UsageError(f"--time-limit {time_limit_s:g}: must be seconds, 0 or more")
    for name, count, least in (
        ("--iterations", iterations, 0),
        ("--seed", seed, 0),
        ("--threads", threads, 1),
    ):
        if count is not None and count < least:
            raise UsageError(f"{name} {count}: must be {least} or more")
    if time_limit_s is None and iterations is None:
        time_limit_s = DEFAULT_S
    return Effort(time_limit_s, seed, threads, iterations)


def read_jobs(paths: Sequence[Path], solution: Path | None) -> list[Job]:
    """Read all instances before any is searched, so that a typo costs no waiting.

    Args:
        paths: files, in this order; of a folder all .dat and .txt files in it and below, sorted.
            A file that is named twice is taken once.
        solution: file for the solution; with several instances a folder, NAME.json in it.

    Raises:
        UsageError: something is missing or no instance (all such files at once), or the solution
            cannot be written there.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files_of(path)))
    instances, wrong, hint = [], [], ""
    for file in files:
        try:
            instances.append(read_instance(file))
        except InstanceError as error:
            wrong.append(error.message)
            hint = hint or error.hint
    if wrong:
        raise UsageError("\n  ".join(wrong), hint)
    targets = _targets(instances, solution)
    labels = [f"{k}/{len(files)} {i.name}" for k, i in enumerate(instances, start=1)]
    return [Job(*job) for job in zip(instances, targets, labels, strict=True)]


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
        if not found:
            raise UsageError(f"{path}: no instance in this folder", f"looked for {ENDINGS}")
        return found
    if not path.exists():
        beside = path.parent
        near = [p.name for p in sorted(beside.iterdir())] if beside.is_dir() else []
        hint = did_you_mean(path.name, near) or "give instance files, or folders of them"
        raise UsageError(f"{path}: there is no such file or folder", hint)
    return [path]


def _targets(instances: Sequence[Instance], solution: Path | None) -> list[Path | None]:
    """Where each solution goes; refuses what could not be written after minutes of search."""
    if solution is None:
        return [None] * len(instances)
    if len(instances) == 1 and not solution.is_dir():
        targets, folder = [solution], solution.parent
    else:
        targets, folder = [solution / f"{i.name}.json" for i in instances], solution
        names = [i.name for i in instances]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"--solution {solution}: two instances are named {name!r}; run apart")
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        told = f"--solution {solution}: {folder} is a file, not a folder"
        raise UsageError(told, "with several instances, --solution names a folder")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"--solution {solution}: {folder} cannot be written to")
    for target in targets:
        if target.is_dir():
            raise UsageError(f"--solution {solution}: {target} is a folder")
    return list(targets)


def run_job(
    job: Job, effort: Effort, interrupted: Interrupted, say: Callable[[str, float], None]
) -> Outcome:
    """Search, let the referee judge, write the solution file if one is wanted, bound the cost.

    Args:
        interrupted: once set, the search ends with what it has, and no bound is begun.
        say: told (stage, fraction done) as the search goes on, and when the bound is begun.

    Raises:
        AssertionError: the engine and the referee disagree, or a feasible solution is below the
            bound. A bug; the solution is written first.
        OSError: the solution cannot be written.
    """

    def on_progress(progress: Progress) -> None:
        best = f"{objective_of(job.instance, progress.cost, progress.vehicles):.12g}"
        found = f"{progress.dropped} left out" if progress.dropped else best
        say(f"{job.label}: {found}", progress.fraction)

    rules: list[Stop] = [interrupted]
    if effort.time_limit_s is not None:
        rules.append(TimeLimit(effort.time_limit_s))
    if effort.iterations is not None:
        rules.append(MaxIterations(effort.iterations))
    stop = FirstOf(*rules)
    result = search(
        job.instance, stop, effort.seed, threads=effort.threads, on_progress=on_progress
    )
    routes = to_routes(job.instance, result.solution)
    verdict = cost_of(job.instance, routes)
    if job.solution is not None:
        write_solution(job.solution, job.instance, verdict.cost, routes)
    if fault := disagreement(job.instance, result, verdict):
        raise AssertionError(f"{job.instance.name}: {fault}")
    notes = [f"{job.instance.name}: {text}" for text in verdict.problems[:_SHOWN]]
    if more := len(verdict.problems) - _SHOWN:
        notes += [f"{job.instance.name}: ... and {more} more"] if more > 0 else []
    bound = None
    if not interrupted.is_set:
        say(f"{job.label}: lower bound", 1.0)
        bound = lower_bound(job.instance)
        if verdict.feasible and bound > verdict.cost:
            told = f"the lower bound is {bound}, a feasible solution costs {verdict.cost}"
            raise AssertionError(f"{job.instance.name}: {told}")
    return Outcome(job.instance, verdict, bound, result.seconds, result.iterations, tuple(notes))


def search(
    instance: Instance,
    stop: Stop,
    seed: int,
    *,
    threads: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Search as the sets count: where days or trips are limited, vehicles come before cost."""
    timed = instance.day is not None or instance.max_trip is not None
    solver = solve_fewest if timed else solve
    problem = routing_problem(instance)
    return solver(problem, stop, seed, on_progress=on_progress, lanes=LANES, threads=threads)


def lower_bound(instance: Instance) -> int | float:
    """A lower bound of the cost: whole units of streets; miles of stops, down to tenths.

    It takes a moment for a small instance, and up to half a minute for thousands of streets.
    """
    if instance.day:
        return math.floor(miles_bound(instance) * 10) / 10
    return cost_bound(street_graph(instance))


def disagreement(instance: Instance, result: Result, verdict: Verdict) -> str:
    """What engine and referee disagree on, or "".

    What the engine finds keeps all rules, in streets and in stops, unless the engine itself says
    that work is left.
    """
    if result.solution.dropped:
        return ""
    if verdict.problems:
        return f"the engine calls feasible what breaks rules: {verdict.problems[0]}"
    ours = objective_of(instance, result.cost, len(result.solution.routes))
    legs = sum(len(route.steps) + 1 for route in result.solution.routes)
    tolerance = legs / 5280 if instance.day else 0  # a foot a leg, as miles
    if abs(ours - verdict.cost) > tolerance:
        return f"the engine's cost is {ours}, the referee's {verdict.cost}"
    return ""


_HEADER = (
    "set", "instance", "tasks", "cost", "routes", "feasible", "lower_bound", "seconds",
    "iterations",
)  # fmt: skip


def bench_table(outcomes: Sequence[Outcome]) -> Table:
    """A row an instance."""
    rows = [
        (
            outcome.instance.set_name,
            outcome.instance.name,
            str(outcome.instance.tasks),
            f"{outcome.verdict.cost:.1f}" if outcome.instance.day else str(outcome.verdict.cost),
            str(outcome.verdict.routes),
            "yes" if outcome.verdict.feasible else "no",
            "-" if outcome.lower_bound is None else str(outcome.lower_bound),
            f"{outcome.seconds:.1f}",
            str(outcome.iterations),
        )
        for outcome in outcomes
    ]
    right = (False, False, True, True, True, False, True, True, True)
    return Table(_HEADER, tuple(rows), right, keys=2)
