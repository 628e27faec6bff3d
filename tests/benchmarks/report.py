"""Rows of full runs -> Markdown: a table a set, and one row a set for the README."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import fmean

from listed import Listed

INSTANCE_HEADER = (
    "instance", "best known", "published", "mean", "best", "mean gap %", "best gap %",
    "vehicles", "listed", "seconds",
)  # fmt: skip
SET_HEADER = (
    "set", "instances", "seeds", "seconds", "mean gap %", "worst gap %", "best gap %",
    "reached", "below", "more vehicles",
)  # fmt: skip
_FEET = 0.05  # miles: listed ones have one decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One search. limit_s: its time limit; seconds: what it took, the first solution included.

    note: why it counts for nothing, else empty: feasible is False, or the engine and the referee
    disagree.
    """

    version: str
    set_name: str
    instance: str
    seed: int
    threads: int
    limit_s: float
    cost: float
    vehicles: int
    feasible: bool
    iterations: int
    seconds: float
    stopped_by: str
    note: str

    @property
    def key(self) -> tuple[str, str, str, int, int, float]:
        """What tells that a run has been done."""
        return (
            self.version, self.set_name, self.instance, self.seed, self.threads, self.limit_s,
        )  # fmt: skip

    @property
    def counts(self) -> bool:
        return self.feasible and not self.note


HEADER = tuple(field.name for field in fields(Row))


def read_rows(path: Path) -> list[Row]:
    """All rows of a file; none if there is no file. A last line that was cut off is left out."""
    if not path.is_file():
        return []
    whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
    return [
        Row(
            version=row["version"],
            set_name=row["set_name"],
            instance=row["instance"],
            seed=int(row["seed"]),
            threads=int(row["threads"]),
            limit_s=float(row["limit_s"]),
            cost=float(row["cost"]),
            vehicles=int(row["vehicles"]),
            feasible=row["feasible"] == "True",
            iterations=int(row["iterations"]),
            seconds=float(row["seconds"]),
            stopped_by=row["stopped_by"],
            note=row["note"],
        )
        for row in csv.DictReader(whole.splitlines())
    ]


def add_row(path: Path, row: Row) -> None:
    """Add a row to the file at once, with a header if it is new; mend a line that was cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        if not text.endswith("\n"):
            path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")
    new = not path.is_file() or not path.stat().st_size
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(asdict(row))


@dataclass(frozen=True, slots=True)
class Summary:
    """What the searches of one instance come to. Only rows that count, at least one."""

    listed: Listed
    rows: tuple[Row, ...]

    @property
    def best(self) -> Row:
        """Of least cost, or of the fewest vehicles first where these are the objective."""
        if self.listed.counts_vehicles:
            return min(self.rows, key=lambda row: (row.vehicles, row.cost))
        return min(self.rows, key=lambda row: (row.cost, row.vehicles))

    @property
    def mean(self) -> float:
        return fmean(row.cost for row in self.rows)

    @property
    def mean_gap(self) -> float:
        """Per cent above the best known value."""
        return 100 * (self.mean / self.listed.best_known - 1)

    @property
    def best_gap(self) -> float:
        return 100 * (self.best.cost / self.listed.best_known - 1)

    @property
    def more_vehicles(self) -> bool:
        return self.best.vehicles > self.listed.vehicles

    @property
    def reached(self) -> bool:
        """Whether a seed is as good as the best known value."""
        if self.listed.counts_vehicles:
            return not self.more_vehicles and self.best.cost <= self.listed.best_known + _FEET
        return self.best.cost <= self.listed.best_known

    @property
    def below(self) -> bool:
        if self.listed.counts_vehicles:
            return not self.more_vehicles and self.best.cost < self.listed.best_known - _FEET
        return self.best.cost < self.listed.best_known


def summaries(listed: Iterable[Listed], rows: Sequence[Row]) -> list[Summary]:
    """Of the instances with rows that count, in the order of listed."""
    by_instance: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.counts:
            by_instance.setdefault((row.set_name, row.instance), []).append(row)
    found = [(one, by_instance.get((one.set_name, one.name))) for one in listed]
    return [Summary(one, tuple(some)) for one, some in found if some]


def report(listed: Sequence[Listed], rows: Sequence[Row]) -> str:
    """The tables of all sets that have rows, then the row of each set, with footnotes.

    rows: of one version, number of threads and so on; their notes are told.
    """
    lines: list[str] = []
    total: list[tuple[str, ...]] = []
    begun = {row.set_name for row in rows}
    for name in dict.fromkeys(one.set_name for one in listed if one.set_name in begun):
        members = [one for one in listed if one.set_name == name]
        found = summaries(members, rows)
        lines += [f"## {name}", "", *_markdown(INSTANCE_HEADER, [_instance(s) for s in found], 1)]
        lines.append("")
        count = sum(not one.misprinted for one in members)
        total.append(_set(name, count, [s for s in found if not s.listed.misprinted]))
    lines += ["## Sets", "", *_markdown(SET_HEADER, total, 1), ""]
    misprinted = [s.listed.name for s in summaries(listed, rows) if s.listed.misprinted]
    if misprinted:
        told = "the listed value is a misprint (the service alone); in no mean"
        lines.append(f"\\* {', '.join(misprinted)}: {told}.")
    lines.append("Vehicles: of the best solution. Below: a seed is below the listed value.")
    lines += [f"- {r.set_name} {r.instance}, seed {r.seed}: {r.note}" for r in rows if r.note]
    versions = ", ".join(sorted({row.version for row in rows}))
    threads = ", ".join(sorted({str(row.threads) for row in rows}))
    lines.append(f"Version {versions}; {threads} threads.")
    return "\n".join(lines)


def _instance(one: Summary) -> tuple[str, ...]:
    listed, miles = one.listed, one.listed.counts_vehicles
    return (
        listed.name + (" \\*" if listed.misprinted else ""),
        f"{listed.best_known:,}",
        "yes" if listed.published else "no",
        f"{one.mean:,.1f}",
        f"{one.best.cost:,.1f}" if miles else f"{one.best.cost:,.0f}",
        f"{one.mean_gap:+.3f}",
        f"{one.best_gap:+.3f}",
        str(one.best.vehicles),
        str(listed.vehicles),
        f"{fmean(row.seconds for row in one.rows):.1f}",
    )


def _set(name: str, members: int, found: Sequence[Summary]) -> tuple[str, ...]:
    """members: how many instances the set has; those found may be fewer."""
    if not found:
        return (name, f"0 of {members}", *["-"] * (len(SET_HEADER) - 2))
    count = len(found)
    seeds = sorted({len(one.rows) for one in found})
    limits = sorted({row.limit_s for one in found for row in one.rows})
    gaps = [one.mean_gap for one in found]
    more = sum(one.more_vehicles for one in found)
    return (
        name,
        str(count) if count == members else f"{count} of {members}",
        "-".join(str(n) for n in dict.fromkeys((seeds[0], seeds[-1]))),
        "-".join(f"{s:g}" for s in dict.fromkeys((limits[0], limits[-1]))),
        f"{fmean(gaps):+.3f}",
        f"{max(gaps):+.3f}",
        f"{fmean(one.best_gap for one in found):+.3f}",
        f"{sum(one.reached for one in found)}/{count}",
        f"{sum(one.below for one in found)}/{count}",
        str(more) if name == "kim" or name.startswith("mcarptif") else "-",
    )


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """The lines of a table, its first columns to the left."""
    rule = ["---" if column < left else "---:" for column in range(len(header))]
    return [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]
