"""How the engine grows: towns of 1,000 to 50,000 streets to serve, each searched for some time.

Run on two cores with nothing else running:

    python tests/benchmarks/growth.py                       all sizes, ten minutes each
    python tests/benchmarks/growth.py --halvings 5          also how short a search is enough
    python tests/benchmarks/growth.py --tasks 1000 50000 --seconds 60 --plot growth.png

The towns are those of tests/street_towns.py; the cost is metres, of which only the deadhead can
be saved. Each search has a process of its own, so that its peak of memory is its own. Its seconds
count from the call to the solver, with the making of matrices or zones, without the compiling of
kernels. Every solution is replayed step by step.

A search cools down as its time runs out, so the time within one search after which it stays
within 2 % of its end follows from the time given. How long a search has to be to end so close is
told by --halvings: it searches again with a half, a quarter ... of the time.
"""

from __future__ import annotations

import argparse
import math
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from routes.stop import MaxIterations, Progress, Stopwatch, TimeLimit
from routes.zone_problem import evaluate_large
from routes.zones import WHOLE_TASKS, solve_large

sys.path.append(str(Path(__file__).resolve().parents[1]))
from street_towns import street_town

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
CHECKPOINTS = (0.05, 0.1, 0.2, 0.5, 1.0)  # of the time
CLOSE = 1.02


@dataclass(frozen=True, slots=True)
class Growth:
    """One search. costs: (seconds, best cost) whenever the stop rule was asked."""

    tasks: int
    limit_s: float
    cost: int
    deadhead_m: int
    vehicles: int
    dropped: int
    iterations: int
    seconds: float
    peak_mb: int
    costs: tuple[tuple[float, int], ...]

    def cost_at(self, share: float) -> int:
        """The cost after a share of the time."""
        return min(
            cost for s, cost in self.costs if s <= max(share * self.seconds, self.costs[0][0])
        )

    @property
    def close_s(self) -> float:
        """Seconds until the cost is within 2 % of the last."""
        return next(s for s, cost in self.costs if cost <= CLOSE * self.cost)


class Watched:
    """A time limit that writes down the cost whenever it is asked."""

    def __init__(self, seconds: float) -> None:
        self._limit = TimeLimit(seconds)
        self.watch = Stopwatch()
        self.costs: list[tuple[float, int]] = []

    @property
    def reason(self) -> str:
        return self._limit.reason

    def __call__(self, progress: Progress) -> float:
        if not self.costs or progress.cost < self.costs[-1][1]:
            self.costs.append((self.watch.seconds, progress.cost))
        return self._limit(progress)


def measure(tasks: int, seconds: float, threads: int, seed: int) -> Growth:
    """Search one town; the kernels are compiled before."""
    for whole in (0, WHOLE_TASKS):
        small = street_town(400, seed)
        solve_large(small, MaxIterations(4_000), threads=threads, part_tasks=200, whole_tasks=whole)
    problem = street_town(tasks, seed)
    stop = Watched(seconds)
    result = solve_large(problem, stop, seed, threads=threads)
    seen_s = stop.watch.seconds
    checked = evaluate_large(problem, result.solution)
    if checked.cost != result.cost or checked.violations:
        raise SystemExit(
            f"{tasks} tasks: the search says {result.cost}, the replay {checked.cost}; "
            f"{len(checked.violations)} violations {checked.violations[:1]}"
        )
    work = problem.service_s[problem.mode_first[:-1], 0].sum()
    return Growth(
        tasks=tasks,
        limit_s=seconds,
        cost=result.cost,
        deadhead_m=result.cost - int(work),
        vehicles=len(result.solution.routes),
        dropped=len(result.solution.dropped),
        iterations=result.iterations,
        seconds=seen_s,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        costs=(*stop.costs, (seen_s, result.cost)),
    )


def in_own_process(tasks: int, seconds: float, threads: int, seed: int) -> Growth:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, tasks, seconds, threads, seed).result()


def shortest_s(runs: Sequence[Growth]) -> float:
    """The shortest of the time limits whose search ends within 2 % of that of the longest."""
    longest = max(runs, key=lambda run: run.limit_s)
    return min(run.limit_s for run in runs if run.cost <= CLOSE * longest.cost)


def table(by_size: dict[int, list[Growth]]) -> str:
    """Markdown; `runs` of a size begin with the longest."""
    header = [
        "tasks", "vehicles", "it/s", "peak MB",
        *(f"cost at {share:.0%}" for share in CHECKPOINTS),
        "deadhead %", "s to 2 %", "s to 2 % / n log n, µs", "shortest search to 2 %, s",
    ]  # fmt: skip
    lines = [header, ["---"] * len(header)]
    for tasks, runs in by_size.items():
        run = runs[0]
        lines.append([
            f"{tasks:,}", str(run.vehicles), f"{run.iterations / run.seconds:,.0f}",
            f"{run.peak_mb:,}", *(f"{run.cost_at(share):,}" for share in CHECKPOINTS),
            f"{100 * run.deadhead_m / (run.cost - run.deadhead_m):.1f}", f"{run.close_s:.1f}",
            f"{1e6 * run.close_s / (tasks * math.log(tasks)):.0f}",
            f"{shortest_s(runs):g}" if len(runs) > 1 else "–",
        ])  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plot(by_size: dict[int, list[Growth]], file: Path) -> None:
    """Seconds to 2 % against tasks, both logarithmic, and n log n through the first."""
    from matplotlib import pyplot

    sizes = sorted(by_size)
    figure, axes = pyplot.subplots(figsize=(7, 5))
    lines = {"within one search": [by_size[n][0].close_s for n in sizes]}
    if len(by_size[sizes[0]]) > 1:
        lines["shortest search"] = [shortest_s(by_size[n]) for n in sizes]
    for name, seconds in lines.items():
        axes.loglog(sizes, seconds, "o-", label=name)
        unit = seconds[0] / (sizes[0] * math.log(sizes[0]))
        axes.loglog(sizes, [unit * n * math.log(n) for n in sizes], "--", label="n log n")
    axes.set_xlabel("tasks")
    axes.set_ylabel(f"seconds to within 2 % of the result of {by_size[sizes[0]][0].limit_s:g} s")
    axes.grid(True, which="both", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=150)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, nargs="+", default=SIZES, help="sizes of the towns")
    parser.add_argument("--seconds", type=float, default=600.0, help="of each search [600]")
    parser.add_argument("--halvings", type=int, default=0, help="shorter searches of each town")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the towns and the searches")
    parser.add_argument("--plot", type=Path, help="picture of the times")
    chosen = parser.parse_args(arguments)
    by_size: dict[int, list[Growth]] = {}
    for tasks in sorted(chosen.tasks):
        by_size[tasks] = []
        for halving in range(chosen.halvings + 1):
            limit_s = chosen.seconds / 2**halving
            run = in_own_process(tasks, limit_s, chosen.threads, chosen.seed)
            by_size[tasks].append(run)
            told = f"{run.cost:,} with {run.dropped} left out, {run.iterations:,} iterations"
            print(f"{tasks:,} tasks, {limit_s:g} s: {told}", file=sys.stderr)
    print(table(by_size))
    if chosen.plot:
        plot(by_size, chosen.plot)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
