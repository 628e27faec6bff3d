"""The full run: public sets, several seeds, a CSV row a search, Markdown tables at the end.

    python tests/benchmarks/full.py gdb egl mcarptif > table.md
    python tests/benchmarks/full.py all --stop-at-optimum --out runs.csv

SET is a set of ../shared/bench, `mcarptif` for all with facilities, or `all`. Each search has the
time of its set (--seconds for another). Rows are written at once: begun again after an
interruption, searches of the same version, threads and seconds that are in the file are not done
again. The version is `git describe`, with a digest of the changes if there are any in the code.

With --stop-at-optimum a search ends as soon as its cost is known to be optimal: at the listed
value where that is proved, else at the lower bound (of instances up to 400 tasks). Solutions
below a published value are kept in records/.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from listed import BENCH, RECORDS, SETS, Listed, beats_kept, read_listed
from report import Row, add_row, read_rows, report

from routes.instances import Instance, read_instance, to_routes, write_solution
from routes.referee import cost_of
from routes.stop import FirstOf, Progress, Stop, TimeLimit
from sanitation import bench
from sanitation.bench import disagreement, lower_bound

SECONDS = {
    "gdb": 5.0, "kshs": 5.0, "val": 5.0, "bmcv": 10.0, "egl": 30.0, "mval": 20.0, "lpr": 20.0,
}  # fmt: skip
_OTHERS_S = 60.0
_LARGE = 2_000  # tasks; more get twice the time
_BOUNDED = 400  # tasks; on larger ones no search meets the bound
_CODE = (":/routes", ":/sanitation/bench.py")  # from the top of the repository


@dataclass(frozen=True, slots=True)
class AtOptimum:
    """Stop once the cost is down to a value that none can be below."""

    value: int

    @property
    def reason(self) -> str:
        return "optimum"

    def __call__(self, progress: Progress) -> float:
        return 1.0 if progress.cost <= self.value and not progress.dropped else 0.0


def seconds_of(listed: Listed) -> float:
    """The time limit of a search."""
    if listed.set_name == "beijing" and listed.tasks > _LARGE:
        return 2 * _OTHERS_S
    return SECONDS.get(listed.set_name, _OTHERS_S)


def least_of(listed: Listed, instance: Instance) -> int | None:
    """A value that no plan is below and some plan may have; None if none is known."""
    if instance.day:
        return None
    if listed.proved and not listed.misprinted:
        return int(listed.best_known)
    return int(lower_bound(instance)) if listed.tasks <= _BOUNDED else None


def search(
    listed: Listed,
    instance: Instance,
    seed: int,
    threads: int,
    limit_s: float,
    least: int | None,
    version: str,
    records: Path,
) -> Row:
    """Search once and judge; keep the solution if it is a record better than the one kept."""
    rules: list[Stop] = [TimeLimit(limit_s)]
    rules += [] if least is None else [AtOptimum(least)]
    result = bench.search(instance, FirstOf(*rules), seed, threads=threads)
    routes = to_routes(instance, result.solution)
    verdict = cost_of(instance, routes)
    note = disagreement(instance, result, verdict)
    if not verdict.feasible:
        note = note or f"breaks rules: {verdict.problems[0]}"
    elif least is not None and verdict.cost < least:
        note = note or f"costs less than {least}, of which the list or our bound says none can"
    if not note and beats_kept(records, listed, verdict):
        write_solution(records / f"{listed.name}.json", instance, verdict.cost, routes)
    return Row(
        version=version,
        set_name=listed.set_name,
        instance=listed.name,
        seed=seed,
        threads=threads,
        limit_s=limit_s,
        cost=verdict.cost,
        vehicles=verdict.routes,
        feasible=verdict.feasible,
        iterations=result.iterations,
        seconds=round(result.seconds, 2),
        stopped_by=result.stopped_by,
        note=note,
    )


def run_all(
    chosen: Sequence[Listed],
    *,
    seeds: int,
    threads: int,
    limit_s: float | None,
    out: Path,
    version: str,
    stop_at_optimum: bool,
    records: Path = RECORDS,
) -> None:
    """Do the searches that are not in the file yet; progress on stderr."""
    done = {row.key for row in read_rows(out)}
    for k, listed in enumerate(chosen, start=1):
        limit = seconds_of(listed) if limit_s is None else limit_s
        key = (version, listed.set_name, listed.name)
        left = [n for n in range(1, seeds + 1) if (*key, n, threads, limit) not in done]
        if not left:
            continue
        instance = read_instance(listed.path)
        least = least_of(listed, instance) if stop_at_optimum else None
        for seed in left:
            row = search(listed, instance, seed, threads, limit, least, version, records)
            add_row(out, row)
            gap = 100 * (row.cost / listed.best_known - 1)
            told = f"{row.cost:g} ({gap:+.3f} %), {row.vehicles} vehicles, {row.seconds:.1f} s"
            told += f"; {row.note}" if row.note else ""
            print(f"{k}/{len(chosen)} {listed.name} seed {seed}: {told}", file=sys.stderr)


def version_of(folder: Path) -> str:
    """`git describe --always`; with changes in the code -dirty and a digest of them.

    A record that is written changes the working tree too, but not what is measured.
    """

    def git(*arguments: str) -> str:
        called = ["git", "-C", str(folder), *arguments]
        return subprocess.run(called, check=True, capture_output=True, text=True).stdout

    described = git("describe", "--always").strip()
    changes = git("diff", "HEAD", "--", *_CODE)
    top = Path(git("rev-parse", "--show-toplevel").strip())
    new = git("ls-files", "--others", "--exclude-standard", "--full-name", "--", *_CODE)
    changes += "".join((top / name).read_text(encoding="utf-8") for name in new.splitlines())
    if not changes:
        return described
    return f"{described}-dirty-{hashlib.sha256(changes.encode()).hexdigest()[:6]}"


def sets_of(names: Sequence[str]) -> list[str]:
    """The sets meant, in the order of SETS; a name may stand for a folder of sets or for all."""
    meant = {s for s in SETS for name in names if name in ("all", s, s.partition("/")[0])}
    unknown = [n for n in names if n != "all" and not any(n in (s, s.split("/")[0]) for s in SETS)]
    if unknown:
        raise SystemExit(f"no set named {', '.join(unknown)}; there are all, {', '.join(SETS)}")
    return [name for name in SETS if name in meant]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="SET", help="a set, mcarptif, or all")
    parser.add_argument("--seeds", type=int, default=5, help="seeds 1 to so many [5]")
    parser.add_argument("--threads", type=int, default=2, help="threads of a search [2]")
    parser.add_argument("--seconds", type=float, help="of each search [by its set]")
    parser.add_argument("--out", type=Path, default=Path("benchmarks.csv"), help="file of the rows")
    parser.add_argument("--stop-at-optimum", action="store_true", help="end when known optimal")
    parser.add_argument("--report", action="store_true", help="only the tables of what is there")
    parser.add_argument("--version", help="instead of git's: rows to go on with, or to report")
    chosen = parser.parse_args(arguments)
    sets = sets_of(chosen.sets)
    if not BENCH.is_dir():
        raise SystemExit("the public instances (../shared/bench) are not here")
    listed = read_listed(sets)
    version = chosen.version or version_of(Path(__file__).resolve().parent)
    status = 0
    try:
        if not chosen.report:
            run_all(
                listed,
                seeds=chosen.seeds,
                threads=chosen.threads,
                limit_s=chosen.seconds,
                out=chosen.out,
                version=version,
                stop_at_optimum=chosen.stop_at_optimum,
            )
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        status = 130
    limits = {(one.set_name, one.name): chosen.seconds or seconds_of(one) for one in listed}
    rows = [
        row
        for row in read_rows(chosen.out)
        if row.version == version
        and row.threads == chosen.threads
        and row.seed <= chosen.seeds
        and limits.get((row.set_name, row.instance)) == row.limit_s
    ]
    print(report(listed, rows))
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
