"""Side by side with PyVRP and OR-Tools: the same instances, seconds and machine, one after another.

    python -m venv versus-venv                      # any folder; both are no dependency of ours
    versus-venv/bin/pip install . pyvrp ortools
    versus-venv/bin/python tests/benchmarks/versus.py gdb egl mcarptif > versus.md

SET is as in full.py; a path is an instance file. All plans are judged by routes.referee. All three
run on one thread, as the others can use no more (--threads grants ours a second one). The seconds
are for the search: ours and PyVRP's begin when a first solution stands, OR-Tools' includes it.

Both others get the exact problem of nodes of nodes.py: directions of an edge as alternatives of
which one is visited (PyVRP: a mutually exclusive group of clients; OR-Tools: a disjunction), costs
of service and dumps on the ways, one-way streets by a matrix that is not symmetric. What they
cannot express, and what we did:

- PyVRP has no visit that is required before the end: the way home leads by the cheapest facility,
  in the matrix. Reload depots without limit of visits are its own. A limit of a route's cost is a
  limit of distance. It knows no lunch and no cap over several loads of a day.
- OR-Tools has no facility that may be visited any number of times: there are as many nodes of each
  as all demand needs, and two more; the way home is as in PyVRP. It has no seed.
- So the waste-collection instances (kim) are not compared: a lunch that lies anywhere within an
  hour, and yards a day beside yards a load, are in neither PyVRP nor a plain model of OR-Tools.
- Neither knows streets: neighbours, moves and matrices are over twice as many nodes as tasks, and
  no move turns a street round by itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

from full import seconds_of, sets_of
from listed import BENCH, SETS, read_listed
from nodes import node_model, to_streets
from rivals import by_ortools, by_pyvrp

from routes.instances import Instance, read_instance, to_routes
from routes.referee import Verdict, cost_of
from routes.stop import TimeLimit
from sanitation.bench import search

DEFAULT_S = 30.0
HEADER = (
    "instance", "seconds", "ours", "vehicles", "PyVRP", "vehicles", "OR-Tools", "vehicles",
    "PyVRP above ours %", "OR-Tools above ours %",
)  # fmt: skip


def compare(
    instance: Instance, seconds: float, seed: int, threads: int
) -> tuple[Verdict | None, ...]:
    """Verdicts of ours, PyVRP and OR-Tools; None where no plan was found.

    Raises:
        AssertionError: the referee calls a plan infeasible or dearer than its solver does: a
            model is wrong.
    """
    result = search(instance, TimeLimit(seconds), seed, threads=threads)
    ours = cost_of(instance, to_routes(instance, result.solution))
    judged("ours", instance, ours, result.cost)
    found: list[Verdict | None] = [ours]
    model = node_model(instance)
    for solver, plan in (
        ("PyVRP", by_pyvrp(model, seconds, seed)),
        ("OR-Tools", by_ortools(model, seconds)),
    ):
        verdict = None
        if plan is not None:
            verdict = cost_of(instance, to_streets(model, plan.routes))
            judged(solver, instance, verdict, plan.cost)
        found.append(verdict)
    return tuple(found)


def judged(solver: str, instance: Instance, verdict: Verdict, cost: int) -> None:
    """Raise what the docstring of compare says."""
    if not verdict.feasible:
        raise AssertionError(f"{instance.name}, {solver}: {verdict.problems[0]}")
    if verdict.cost > cost:
        raise AssertionError(f"{instance.name}, {solver}: costs {verdict.cost}, not {cost}")


def row_of(name: str, seconds: float, found: Sequence[Verdict | None]) -> list[str]:
    """A row of the table; a dash where there is no plan."""
    ours = found[0]
    cells = [name, f"{seconds:g}"]
    for verdict in found:
        cells += ["-", "-"] if verdict is None else [f"{verdict.cost:,}", str(verdict.routes)]
    return cells + [_percent(above(ours, other)) for other in found[1:]]


def above(ours: Verdict | None, other: Verdict | None) -> float | None:
    """Per cent that the other's cost is above ours."""
    if ours is None or other is None:
        return None
    return 100 * (other.cost / ours.cost - 1)


def table(
    work: Sequence[tuple[str, Path, float]],
    comparison: Callable[[Instance, float], Sequence[Verdict | None]],
    say: Callable[[str], None],
) -> None:
    """Compare on each (set, file, seconds); say row by row, and the mean of each set after it."""
    say(f"| {' | '.join(HEADER)} |")
    say(f"| --- |{' ---: |' * (len(HEADER) - 1)}")
    by_set: dict[str, list[Sequence[Verdict | None]]] = {}
    for set_name, path, seconds in work:
        instance = read_instance(path)
        found = comparison(instance, seconds)
        by_set.setdefault(set_name, []).append(found)
        say(f"| {' | '.join(row_of(instance.name, seconds, found))} |")
    for set_name, some in by_set.items():
        means = []
        for k in (1, 2):
            gaps = [gap for found in some if (gap := above(found[0], found[k])) is not None]
            means.append(f"{_percent(fmean(gaps) if gaps else None)} ({len(gaps)}/{len(some)})")
        blank = " |" * (len(HEADER) - 3)
        say(f"| mean of {set_name} |{blank} {means[0]} | {means[1]} |")


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", metavar="SET|FILE", help="sets, or instance files")
    parser.add_argument("--seconds", type=float, help="for each solver [as in full.py]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="of ours; the others have one [1]")
    chosen = parser.parse_args(arguments)
    files = [Path(name) for name in chosen.names if Path(name).is_file()]
    sets = [name for name in chosen.names if not Path(name).is_file()]
    work = [(path.parent.name, path, chosen.seconds or DEFAULT_S) for path in files]
    if sets:
        if not BENCH.is_dir():
            raise SystemExit("the public instances (../shared/bench) are not here")
        meant = [name for name in sets_of(sets) if name != SETS[-1]]
        work += [
            (one.set_name, one.path, chosen.seconds or seconds_of(one))
            for one in read_listed(meant)
        ]

    def comparison(instance: Instance, seconds: float) -> Sequence[Verdict | None]:
        return compare(instance, seconds, chosen.seed, chosen.threads)

    table(work, comparison, lambda line: print(line, flush=True))
    print(f"\nPyVRP {version('pyvrp')}, OR-Tools {version('ortools')}; seed {chosen.seed}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
