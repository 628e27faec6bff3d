"""The public instances as listed in ../shared/bench/bks.csv, and what counts as a record."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from routes.instances import read_solution
from routes.referee import Verdict

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"
LIST = BENCH / "bks.csv"
RECORDS = Path(__file__).resolve().parent / "records"
SETS = (
    "gdb", "kshs", "val", "bmcv", "egl", "egl-large", "hefei", "beijing", "mval", "lpr",
    "mcarptif/gdb-if", "mcarptif/bccm-if", "mcarptif/lpr-if", "mcarptif/act-if", "kim",
)  # fmt: skip
# Listed as proved optimal, but the figure is the service alone, below any lower bound.
MISPRINTED = frozenset({"D24", "D25"})
_MILES_ROUNDED = 0.05  # listed miles have one decimal


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list. best_known: in the unit of the set's cost; vehicles: of that solution."""

    set_name: str
    file: str
    tasks: int
    vehicles: int
    best_known: int | float
    proved: bool
    published: bool

    @property
    def name(self) -> str:
        return Path(self.file).stem

    @property
    def path(self) -> Path:
        return BENCH / self.set_name / self.file

    @property
    def misprinted(self) -> bool:
        return self.set_name == "bmcv" and self.name in MISPRINTED

    @property
    def counts_vehicles(self) -> bool:
        """Whether a plan with more vehicles than listed is worse whatever it costs."""
        return self.set_name == "kim"


def read_listed(sets: Sequence[str] = SETS) -> list[Listed]:
    """The instances of some sets, set by set as in SETS, by tasks and name within each.

    Raises:
        KeyError: no such set.
        OSError: the list is not there.
    """
    if unknown := [name for name in sets if name not in SETS]:
        raise KeyError(f"no set named {', '.join(unknown)}; there are {', '.join(SETS)}")
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] in sets]
    found = [
        Listed(
            set_name=row["set"],
            file=row["file"],
            tasks=int(row["tasks"]),
            vehicles=int(row["vehicles"]),
            best_known=_number(row["best_known"]),
            proved=row["proved_optimal"] == "yes",
            published=row["published"] == "yes",
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (SETS.index(one.set_name), one.tasks, one.name))


def is_record(listed: Listed, verdict: Verdict) -> bool:
    """Whether a solution is feasible and below a published value, whatever was found before.

    Where vehicles count it may not have more of them, and must be below by more than rounding.
    """
    if not (verdict.feasible and listed.published):
        return False
    if listed.counts_vehicles:
        fits = verdict.routes <= listed.vehicles
        return fits and verdict.cost < listed.best_known - _MILES_ROUNDED
    return verdict.cost < listed.best_known


def beats_kept(folder: Path, listed: Listed, verdict: Verdict) -> bool:
    """Whether it is a record and better than the one in the folder, if there is one."""
    if not is_record(listed, verdict):
        return False
    try:
        kept = read_solution(folder / f"{listed.name}.json")
    except FileNotFoundError:
        return True
    if listed.counts_vehicles:
        return (verdict.routes, verdict.cost) < (len(kept.routes), kept.cost)
    return verdict.cost < kept.cost


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
