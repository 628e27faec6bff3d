"""A night's wash and a day's collection side by side with PyVRP: same rules, seconds, one thread.

    python -m venv versus-venv                      # any folder; PyVRP is no dependency of ours
    versus-venv/bin/pip install . pyvrp
    versus-venv/bin/python tests/benchmarks/shift_versus.py --seconds 60 wash collect > table.md
    versus-venv/bin/python tests/benchmarks/shift_versus.py --extract hankou.osm hankou

The problems are those of shifts.py, which says what of the day plan's rules is left out. In the
washes a truck costs more than any way saves, so that few are used; in collection the trucks are
those that the day plan sends out. Both plans are replayed by routes.solution.evaluate; deadhead is
driving without work, visits to facilities apart.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from shift_rival import by_pyvrp
from shifts import collection_shifts, hankou_night, washing_night

from routes.problem import RoutingProblem
from routes.solution import Restore, Solution, evaluate
from routes.solve import solve
from routes.stop import TimeLimit

HEADER = (
    "shift",
    "tasks",
    "s",
    "solver",
    "vehicles",
    "hours",
    "deadhead h",
    "visits",
    "left out",
    "cost",
)


def problems(name: str, extract: Path | None) -> Iterator[tuple[str, RoutingProblem]]:
    """The shifts of a name: wash, collect or hankou."""
    if name == "wash":
        yield "wash night", washing_night()
    elif name == "hankou":
        if extract is None:
            raise SystemExit("hankou needs --extract, a file of OpenStreetMap XML")
        yield "hankou night", hankou_night(extract)
    else:
        for stream in ("residual", "kitchen", "recyclable"):
            yield from collection_shifts(stream)


def row(problem: RoutingProblem, solution: Solution | None) -> list[str]:
    """Figures of a plan.

    Raises:
        AssertionError: the plan breaks a rule of the problem.
    """
    if solution is None:
        return ["-"] * 6
    found = evaluate(problem, solution)
    if found.violations:
        raise AssertionError(found.violations[0])
    whole_s = sum(route.duration_s for route in found.routes)
    driven_s = sum(route.travel_s for route in found.routes)
    visits = sum(isinstance(step, Restore) for route in solution.routes for step in route.steps)
    return [
        str(len(solution.routes)),
        f"{whole_s / 3600:.1f}",
        f"{driven_s / 3600:.1f}",
        str(visits),
        str(len(solution.dropped)),
        f"{found.cost:,}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=("wash", "collect", "hankou"))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extract", type=Path)
    options = parser.parse_args()
    print(f"| {' | '.join(HEADER)} |\n| --- |{' ---: |' * (len(HEADER) - 1)}", flush=True)
    for name in options.names:
        for shift, problem in problems(name, options.extract):
            for solver, solution in (
                ("ours", solve(problem, TimeLimit(options.seconds), options.seed).solution),
                ("PyVRP", by_pyvrp(problem, options.seconds, options.seed)),
            ):
                about = [shift, str(problem.tasks), f"{options.seconds:g}", solver]
                print(f"| {' | '.join([*about, *row(problem, solution)])} |", flush=True)
                print(shift, solver, file=sys.stderr)


if __name__ == "__main__":
    main()
