"""What the quick check runs: a few small instances, each with a fixed number of iterations.

The costs that are expected stand in quick.csv. After a change of the engine that is meant to
change them, look at the new ones, then write them:

    python tests/benchmarks/quick.py            # expected and new, side by side
    python tests/benchmarks/quick.py --write    # and write quick.csv

The public instances are not part of the project; where they are absent, only the towns drawn
here are checked.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from listed import BENCH

from routes.instances import Instance, read_instance, to_routes
from routes.referee import Verdict, cost_of
from routes.solve import Result
from routes.stop import MaxIterations
from sanitation.bench import search

EXPECTED = Path(__file__).resolve().parent / "quick.csv"
HEADER = ("instance", "iterations", "cost", "routes")
SEED = 1
ITERATIONS = {
    "town": 8_000,
    "town-mixed": 8_000,
    "town-dumps": 20_000,
    "gdb/gdb8.dat": 20_000,
    "kshs/kshs4.dat": 20_000,
    "val/5D.dat": 40_000,
    "egl/egl-e1-C.dat": 40_000,
    "mval/mval3C.txt": 20_000,
    "mcarptif/gdb-if/gdb8_IF.txt": 20_000,
}
_SIDE = 6  # blocks of a drawn town


@dataclass(frozen=True, slots=True)
class Row:
    """What a number of iterations leads to on an instance."""

    instance: str
    iterations: int
    cost: int | float
    routes: int


def is_here(name: str) -> bool:
    """Whether the instance is drawn here or among the public ones that are present."""
    return name.startswith("town") or (BENCH / name).is_file()


def instance_of(name: str) -> Instance:
    """Read a public instance, or draw a town.

    Raises:
        OSError: the public instances are not there.
    """
    if not name.startswith("town"):
        return read_instance(BENCH / name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.txt"
        path.write_text(_town(name), encoding="utf-8")
        return read_instance(path)


def run(name: str, threads: int) -> tuple[Result, Verdict]:
    """Search the instance for its number of iterations; the referee's verdict with it."""
    instance = instance_of(name)
    stop = MaxIterations(ITERATIONS[name])
    result = search(instance, stop, SEED, threads=threads)
    return result, cost_of(instance, to_routes(instance, result.solution))


def row_of(name: str) -> Row:
    verdict = run(name, threads=1)[1]
    return Row(name, ITERATIONS[name], verdict.cost, verdict.routes)


def expected_rows() -> dict[str, Row]:
    """The rows of quick.csv by instance."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {
            row["instance"]: Row(
                row["instance"], int(row["iterations"]), int(row["cost"]), int(row["routes"])
            )
            for row in csv.DictReader(file)
        }


def _town(name: str) -> str:
    """A grid of streets around the depot; lengths and demands by a rule, so always the same.

    With one-way streets in every third column where it is mixed; with two facilities and a limit
    of a trip where there are dumps.
    """
    mixed, dumps = name != "town", name == "town-dumps"
    edges, arcs = [], []
    for x in range(_SIDE):
        for y in range(_SIDE):
            node = x * _SIDE + y + 1
            for step, inside in ((_SIDE, x < _SIDE - 1), (1, y < _SIDE - 1)):
                if not inside:
                    continue
                travel = 10 + (7 * x + 11 * y + 3 * step) % 17
                ends, demand = (node, node + step), 1 + (5 * x + 3 * y + step) % 6
                if mixed and step == 1 and x % 3 == 1:
                    arcs.append((*(ends if y % 2 else ends[::-1]), travel, demand))
                else:
                    edges.append((*ends, travel, demand))
    head = {"NAME": name, "NODES": _SIDE**2, "REQ_EDGES": len(edges), "NOREQ_EDGES": 0}
    head |= {"REQ_ARCS": len(arcs), "NOREQ_ARCS": 0, "VEHICLES": 1, "CAPACITY": 40}
    head |= {"DUMPING_COST": 9 if dumps else 0}
    head |= {"MAX_TRIP": 700} if dumps else {}
    lines = [f"{key} : {value}" for key, value in head.items()]
    for kind, streets in (("EDGES", edges), ("ARCS", arcs)):
        lines.append(f"LIST_REQ_{kind} :")
        for a, b, travel, demand in streets:
            lines.append(f"({a},{b}) serv_cost {2 * travel} trav_cost {travel} demand {demand}")
    lines.append("DEPOT : 1")
    lines += ["DUMPING_SITES : 15,36"] if dumps else []
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the new costs to quick.csv")
    write = parser.parse_args(arguments).write
    if missing := [name for name in ITERATIONS if not is_here(name)]:
        print(f"not here: {', '.join(missing)}; their rows stay", file=sys.stderr)
    before = expected_rows() if EXPECTED.is_file() else {}
    rows = []
    for name in ITERATIONS:
        known = before.get(name)
        new = row_of(name) if is_here(name) else known
        if new is None:
            continue
        rows.append(new)
        told = "" if known is None else f" (expected {known.cost}, {known.routes} routes)"
        print(f"{name}: {new.cost}, {new.routes} routes{'' if new == known else told or ' (new)'}")
    if write:
        lines = [f"{r.instance},{r.iterations},{r.cost},{r.routes}" for r in rows]
        EXPECTED.write_text("\n".join([",".join(HEADER), *lines]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
