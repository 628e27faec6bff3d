"""Figures of rounds: visits due, done and left, their spacing, the fewest crews that could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from fleet.model import VehicleType
from sanitation.duties import toilets
from sanitation.ground import Ground
from sanitation.model import District, Duty, Run
from sanitation.stopload import stop_s
from sanitation.workload import travel_s

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


def fewest_crews(district: District, ground: Ground, duties: Iterable[Duty]) -> dict[str, int]:
    """A proved bound of the crews of each shift of rounds.

    A crew works and goes for busy_limit_s at most. Every visit takes its work, and the way to it
    from wherever the crew was before, which is no shorter than the shortest one there is; windows
    and ways home are counted as nothing.

    Args:
        district: with the shifts in which crews may be out.
        duties: what is due; only rounds count.
    """
    from routes.bounds import busy_limit_s

    kinds = {kind.id: kind for kind in district.vehicle_types}
    shifts = {shift.id: shift for shift in district.shifts}
    rest_after_s, rest_s = (int(district.rules[key]) for key in ("rest_after_s", "rest_s"))
    by_shift: dict[str, list[Duty]] = {}
    for duty in duties:
        if duty.service == SERVICE:
            by_shift.setdefault(duty.shift_id, []).append(duty)
    found = {}
    for shift_id, mine in sorted(by_shift.items()):
        kind, shift = kinds[mine[0].types[0]], shifts[shift_id]
        ways_s = _least_ways(district, ground, kind, mine)
        busy_s = busy_limit_s(shift.end_s - shift.start_s, rest_after_s, rest_s)
        found[shift_id] = -(
            -sum(stop_s(kind, duty) + ways_s[duty.site_id] for duty in mine) // busy_s
        )
    return found


def _least_ways(
    district: District, ground: Ground, kind: VehicleType, duties: Sequence[Duty]
) -> dict[str, int]:
    """Site id -> the least seconds before a visit there: a way, or the wait since the last one."""
    sites = sorted({duty.site_id for duty in duties})
    yards = sorted({v.depot_id for v in district.vehicles if v.type_id == kind.id})
    places = np.array([ground.place[key] for key in (*sites, *yards)])
    ways_s = travel_s(
        kind, ground.time_s[np.ix_(places, places)], ground.dist_m[np.ix_(places, places)]
    )
    waits_s = [
        after.windows[0].start_s - before.windows[-1].end_s
        for before, after in pairwise(
            sorted(duties, key=lambda duty: (duty.site_id, duty.round_no))
        )
        if before.site_id == after.site_id
    ]
    found = {}
    for index, site in enumerate(sites):
        others = [int(way) for k, way in enumerate(ways_s[:, index]) if k != index]
        found[site] = max(0, min([*others, *waits_s]))
    return found
