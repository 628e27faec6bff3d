"""Rounds of toilets: the visits that are due by the tables alone, their spacing, who walks in heat.

Which visits a day has follows from the toilet's class, who goes round it and the rows that hold.
Nothing is said of when a visit is made but this: in its shift, and far enough from the toilet's
others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanitation.audit.causes import clock, found
from sanitation.audit.rows import RunRow, StopRow
from sanitation.audit.weather import Weather
from sanitation.model import District, Violation
from sanitation.places import Toilet, ToiletStandard

if TYPE_CHECKING:
    from sanitation.audit.books import Books

SERVICE = "toilet"
HALF = 0.5  # of the mean interval between a toilet's visits, the least between two of them
WALKED = ("travel", "service", "return")


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit: its shift, the seconds of work there, and where in the shift its equal share is."""

    shift: str
    work_s: int
    share_s: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Rounds:
    """Look-ups of rounds.

    Attributes:
        toilets: by id.
        due: (toilet, number in the day) -> the visit.
        apart_s: toilet -> least seconds between the end of a visit and the start of another.
    """

    toilets: Mapping[str, Toilet]
    due: Mapping[tuple[str, int], DueVisit]
    apart_s: Mapping[str, float]


def read_rounds(district: District, weather: Weather, services: frozenset[str]) -> Rounds:
    """The visits of a day; none is due where the plan was not asked for rounds."""
    due: dict[tuple[str, int], DueVisit] = {}
    apart_s: dict[str, float] = {}
    shifts = {shift.id: shift for shift in district.shifts}
    for toilet in district.toilets if SERVICE in services else ():
        rows = _rows(toilet, district.toilet_standards, weather)
        rows.sort(key=lambda row: shifts[row.shift_id].start_s)
        number = 0
        for row in rows:
            shift = shifts[row.shift_id]
            part_s = (shift.end_s - shift.start_s) / row.visits
            for k in range(row.visits):
                number += 1
                share_s = shift.start_s + k * part_s, shift.start_s + (k + 1) * part_s
                work_s = row.clean_s + row.deodorise_s
                due[toilet.id, number] = DueVisit(shift.id, work_s, share_s)
        if rows:
            first_s = min(shifts[row.shift_id].start_s for row in rows)
            last_s = max(shifts[row.shift_id].end_s for row in rows)
            apart_s[toilet.id] = HALF * (last_s - first_s) / number
    return Rounds({toilet.id: toilet for toilet in district.toilets}, due, apart_s)


def _rows(
    toilet: Toilet, standards: Iterable[ToiletStandard], weather: Weather
) -> list[ToiletStandard]:
    """A toilet's rows, of each shift the one of the strongest condition that holds."""
    by_shift: dict[str, dict[str, ToiletStandard]] = {}
    for row in standards:
        mine = (row.toilet_class, row.type_id) == (toilet.toilet_class, toilet.round_by)
        if mine and row.season in ("any", weather.season) and row.condition in weather.active:
            by_shift.setdefault(row.shift_id, {})[row.condition] = row
    return [
        next(held[name] for name in ("event", "heat", "plain") if name in held)
        for held in by_shift.values()
    ]


def judge_rounds(runs: Iterable[RunRow], books: Books) -> Iterator[Violation]:
    """Who comes, in which shift, how far apart, and whether someone walks in the heat."""
    times: dict[str, list[tuple[StopRow, RunRow]]] = {}
    for run in runs:
        if run.service != SERVICE:
            continue
        for stop in run.stops:
            if stop.site:
                times.setdefault(stop.site, []).append((stop, run))
                yield from _who(run, stop, books)
                yield from _when(run, stop, books)
        yield from _heat(run, books)
    for toilet, own in sorted(times.items()):
        own.sort(key=lambda visit: (visit[0].start_s, visit[0].end_s, visit[1].id))
        yield from _apart(toilet, own, books)


def _who(run: RunRow, stop: StopRow, books: Books) -> Iterator[Violation]:
    kind, toilet = books.kind_of(run.vehicle), books.rounds.toilets.get(stop.site)
    goes = kind is not None and SERVICE in kind.services
    if kind and toilet and goes and toilet.round_by and kind.id != toilet.round_by:
        wanted = books.types[toilet.round_by]
        yield found(
            "access",
            run.id,
            stop.index,
            f"{stop.site} 由{wanted.name}保洁，{run.vehicle} 是{kind.name}",
            f"{stop.site} is cleaned by {wanted.name_en}, {run.vehicle} is a {kind.name_en}",
        )


def _when(run: RunRow, stop: StopRow, books: Books) -> Iterator[Violation]:
    due = books.rounds.due.get((stop.site, stop.round_no))
    if due and run.shift in books.shifts and run.shift != due.shift:
        yield found(
            "window",
            run.id,
            stop.index,
            f"{stop.site} 第 {stop.round_no} 次属班次 {due.shift}，却在 {run.shift}",
            f"visit {stop.round_no} of {stop.site} is due in shift {due.shift}, not {run.shift}",
        )


def _heat(run: RunRow, books: Books) -> Iterator[Violation]:
    """No one is on foot in the hours in which heat forbids it; said once a run and ban."""
    kind = books.kind_of(run.vehicle)
    if kind is None or not kind.on_foot:
        return
    for low, high in books.weather.foot_bans:
        within = [
            (stop, min(stop.end_s, high) - max(stop.start_s, low))
            for stop in run.stops
            if stop.kind in WALKED and stop.start_s < high and low < stop.end_s
        ]
        if within:
            stop, total_s = within[0][0], sum(seconds for _, seconds in within)
            yield found(
                "foot_ban",
                run.id,
                stop.index,
                f"{clock(stop.start_s)} 起有 {total_s} s 在高温禁令 {clock(low)}–{clock(high)} 内",
                f"on foot for {total_s} s of {clock(low)}-{clock(high)}, from "
                f"{clock(stop.start_s)} on",
            )


def _apart(toilet: str, own: list[tuple[StopRow, RunRow]], books: Books) -> Iterator[Violation]:
    least_s = books.rounds.apart_s.get(toilet, 0.0)
    end_s = own[0][0].end_s
    for stop, run in own[1:]:
        gap_s = stop.start_s - end_s
        if gap_s < least_s:
            yield found(
                "spacing",
                run.id,
                stop.index,
                f"{toilet} 距上次保洁 {gap_s} s，至少 {least_s:.0f} s",
                f"{toilet} is visited {gap_s} s after the visit before, at least {least_s:.0f} s "
                "must lie between",
            )
        end_s = max(end_s, stop.end_s)


def foot_banned(due: DueVisit, toilet: str, books: Books) -> bool:
    """Whether heat may stop a visit: who comes walks, and a ban meets its share of the shift."""
    known = books.rounds.toilets.get(toilet)
    kind = books.types.get(known.round_by) if known else None
    low_s, high_s = due.share_s
    return (
        kind is not None
        and kind.on_foot
        and any(low < high_s and low_s < high for low, high in books.weather.foot_bans)
    )
