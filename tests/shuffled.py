"""The mini district in other shapes, its rows shuffled or with more work, and plans of it."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from minidistrict import write_minidistrict

from routes.stop import Interrupted
from sanitation.district import read_district
from sanitation.model import DayPlan
from sanitation.options import Options
from sanitation.planner import plan_day

DATE = "2026-07-15"  # a Wednesday, warm and dry unless an option says otherwise
Rows = list[dict[str, str]]
Territory = dict[str, set[str]]
DOUBLE = {1: 8, 2: 4, 3: 4, 4: 4}
TRIPLE = {1: 12, 2: 6, 3: 6, 4: 6}


def edit_table(folder: Path, table: str, change: Callable[[Rows], Rows]) -> None:
    """Rewrite a table of a district's folder; the columns stay."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def write_shuffled(folder: Path, seed: int) -> Path:
    """The mini district with the rows of every table in an order of the seed's."""
    write_minidistrict(folder)
    chance = random.Random(seed)
    for path in sorted(folder.glob("*.csv")):
        edit_table(folder, path.stem, lambda rows: chance.sample(rows, len(rows)))
    return folder


def write_busy(folder: Path, passes: Mapping[int, int]) -> Path:
    """The mini district with other passes of night washing, by grade, and all washers at D1.

    The pass-metres of a night are 800 x (grade 1 + 2 x grade 2 + 2 x grade 3 + grade 4): by
    DOUBLE 22,400 and by TRIPLE 33,600. One washer does about 24,000 in a night.
    """
    write_minidistrict(folder)

    def more(rows: Rows) -> Rows:
        for row in rows:
            if (row["service"], row["shift_id"]) == ("wash", "night"):
                row["passes"] = str(passes[int(row["grade"])])
        return rows

    def one_depot(rows: Rows) -> Rows:
        return [row | {"depot_id": "D1"} if row["type_id"] == "washer" else row for row in rows]

    edit_table(folder, "standards", more)
    edit_table(folder, "vehicles", one_depot)
    return folder


def plan_folder(
    folder: Path,
    *,
    orders: str = "",
    history: Path | None = None,
    interrupted: Interrupted | None = None,
    iterations: int | None = 1000,
    **options: Any,
) -> DayPlan:
    """Plan a folder as the command line does; ``orders`` are rows of a dispatcher's file."""
    path = None
    if orders:
        path = folder.with_suffix(".orders")
        path.write_text(f"order,target,vehicle,shift,minutes\n{orders}\n", encoding="utf-8")
    return plan_day(
        read_district(folder),
        Options(**{"date": DATE, "iterations": iterations} | options),
        orders_path=path,
        history=history or folder.with_suffix(".none"),
        interrupted=interrupted or Interrupted(),
        say=lambda stage, done: None,
    )


def territory(plan: DayPlan, service: str = "wash", shift: str = "night") -> Territory:
    """Which sections each truck serves in a service and shift."""
    found: Territory = {}
    for run in plan.runs:
        if (run.service, run.shift_id) == (service, shift):
            served = {stop.section_id for stop in run.stops if stop.kind == "service"}
            found[run.vehicle_id] = found.get(run.vehicle_id, set()) | served
    return found
