"""Figures of rounds: visits due, done and left, and how far apart those of a toilet are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sanitation.duties import toilets
from sanitation.model import District, Duty, Run

SERVICE = toilets.SERVICE


@dataclass(frozen=True, slots=True)
class Visited:
    """What is done at a visit, and how many its toilet has in the day."""

    of: int
    clean_s: int
    deodorise_s: int


def visits_by_number(
    district: District, conditions: Mapping[str, Any]
) -> dict[tuple[str, int], Visited]:
    """(toilet id, number in the day) -> the visit.

    Args:
        district: with the shifts as its table has them.
        conditions: as a plan keeps them.
    """
    season, active = str(conditions.get("season", "")), conditions.get("active", ())
    found: dict[tuple[str, int], Visited] = {}
    for toilet, rows in toilets.rows_of_day(district, season, active).items():
        works = [(row.clean_s, row.deodorise_s) for row, _ in rows for _ in range(row.visits)]
        for number, work_s in enumerate(works, start=1):
            found[toilet, number] = Visited(len(works), *work_s)
    return found


def round_figures(
    runs: Iterable[Run], uncovered: Sequence[Duty], suspended: Sequence[Duty]
) -> dict[str, Any]:
    """Visits and sites of the runs of rounds and of the duties in none of them.

    ``due_stops`` are those that are done and those that are left; suspended ones are not due.
    ``least_gap_min`` is the shortest time from the end of a visit to the start of the next one of
    the same toilet, minutes; None where no toilet is visited twice.
    """
    times: dict[str, list[tuple[int, int]]] = {}
    for run in runs:
        for stop in run.stops:
            if stop.kind == "service":
                times.setdefault(stop.site_id, []).append((stop.start_s, stop.end_s))
    gaps_s = [
        after[0] - before[1] for own in times.values() for before, after in pairwise(sorted(own))
    ]
    done = sum(len(own) for own in times.values())
    return {
        "due_stops": done + len(uncovered),
        "stops": done,
        "uncovered_stops": len(uncovered),
        "suspended_stops": len(suspended),
        "sites": len(times),
        "least_gap_min": round(min(gaps_s) / 60, 1) if gaps_s else None,
    }
