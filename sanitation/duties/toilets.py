"""Rounds of public toilets 公厕巡回保洁: every visit due on a day, with a window of its own.

With n visits in a day of H hours (from the start of the first shift of the toilet's rounds to the
end of the last) the interval is H / n, and two visits of a toilet must lie at least half of it
apart, from the end of one to the start of the next. A shift of length T with v visits has shares
of L = T / v; every window is w = min L − interval / 2 long, over the shifts of the day, and that
of visit k (from 0) begins at start + k · L + p · (L − w), where p in [0, 1] is the toilet's own.

Whoever keeps the windows keeps the distance. Within a shift the next window begins L after this
one, so L − w ≥ interval / 2 after its end. From the last visit of a shift to the first of a later
one, with L' and no overlap, it is at least (1 − p) · (L − w) + p · (L' − w), a mean of two numbers
that are interval / 2 or more. Hours that are cut out only shorten windows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fleet.model import Shift, VehicleType
from sanitation.duties.standard import subtract, suspended_as
from sanitation.model import Conditions, District, Duty, Section, Suspended, Window
from sanitation.places import Toilet, ToiletStandard

SERVICE = "toilet"
FOOT_RULE = "foot_ban"
_STRENGTH = ("plain", "heat", "event")
# Toilets in a row whose windows move on from the first place to the last: about as many as a crew
# visits before it comes to the first one again.
WAVE = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is due: ``number`` of its toilet's day, from 1; ``window`` with no hours cut."""

    toilet_id: str
    number: int
    shift_id: str
    window: Window
    row: ToiletStandard


def holding(
    rows: Iterable[ToiletStandard], season: str, active: Iterable[str]
) -> dict[tuple[int, str], tuple[ToiletStandard, ...]]:
    """The rows that hold on a day by class and type: one for each shift, the strongest."""
    days = set(active)
    best: dict[tuple[int, str, str], ToiletStandard] = {}
    for row in rows:
        if row.season not in ("any", season) or row.condition not in days:
            continue
        key = row.toilet_class, row.type_id, row.shift_id
        weaker = best.get(key)
        if weaker is None or _strength(row) > _strength(weaker):
            best[key] = row
    found: dict[tuple[int, str], tuple[ToiletStandard, ...]] = {}
    for (toilet_class, type_id, _), row in sorted(best.items()):
        found[toilet_class, type_id] = (*found.get((toilet_class, type_id), ()), row)
    return found


def _strength(row: ToiletStandard) -> int:
    return _STRENGTH.index(row.condition)


def rows_of_day(
    district: District, season: str, active: Iterable[str]
) -> dict[str, tuple[tuple[ToiletStandard, Shift], ...]]:
    """Toilet id -> the rows that hold for it on a day with their shifts, the earliest first.

    Args:
        district: with the shifts as its table has them.
        season: warm or cold.
        active: the conditions that hold, see Conditions.active.
    """
    shifts = {shift.id: shift for shift in district.shifts}
    rows = {
        key: tuple(
            sorted(
                ((row, shifts[row.shift_id]) for row in mine),
                key=lambda pair: (pair[1].start_s, pair[0].id),
            )
        )
        for key, mine in holding(district.toilet_standards, season, active).items()
    }
    found = {
        toilet.id: rows.get((toilet.toilet_class, toilet.round_by), ())
        for toilet in district.toilets
    }
    return {toilet_id: mine for toilet_id, mine in found.items() if mine}


def visits_of(district: District, season: str, active: Iterable[str]) -> tuple[Visit, ...]:
    """Every visit that is due on a day, by toilet and number; arguments as of rows_of_day."""
    rows = rows_of_day(district, season, active)
    found: list[Visit] = []
    for kind in sorted({toilet.round_by for toilet in district.toilets if toilet.id in rows}):
        mine = [t for t in district.toilets if t.round_by == kind and t.id in rows]
        for place, toilet in enumerate(_in_a_row(mine)):
            found += _visits(toilet.id, rows[toilet.id], place % WAVE / (WAVE - 1))
    return tuple(sorted(found, key=lambda visit: (visit.toilet_id, visit.number)))


def _in_a_row(toilets: Sequence[Toilet]) -> list[Toilet]:
    """A short way through all of them: to the nearest that is left, then without crossings.

    Neighbours in the row get windows that follow each other, so that a crew's work is spread over
    its shift and its ways are short.
    """
    left = sorted(toilets, key=lambda toilet: toilet.id)
    row = [left.pop(0)]
    while left:
        nearest = min(left, key=lambda t: (_far(row[-1], t), t.id))
        left.remove(nearest)
        row.append(nearest)
    shorter = True
    while shorter:
        shorter = False
        for i in range(len(row) - 1):
            for j in range(i + 1, len(row)):
                before = row[i - 1] if i else None
                after = row[j + 1] if j + 1 < len(row) else None
                was = _far(row[i], before) + _far(row[j], after)
                if _far(row[j], before) + _far(row[i], after) < was - 1e-9:
                    row[i : j + 1] = row[i : j + 1][::-1]
                    shorter = True
    return row


def _far(one: Toilet, other: Toilet | None) -> float:
    """Degrees of latitude between two toilets, 0 beyond an end of a row."""
    if other is None:
        return 0.0
    shrink = math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot((one.lon - other.lon) * shrink, one.lat - other.lat)


def spacing(counts: Sequence[tuple[int, Shift]]) -> tuple[float, float]:
    """(interval, length of every window) in seconds of a toilet's day; see the module.

    Args:
        counts: the visits in each of its shifts.
    """
    span_s = max(shift.end_s for _, shift in counts) - min(shift.start_s for _, shift in counts)
    interval_s = span_s / sum(visits for visits, _ in counts)
    shares = [(shift.end_s - shift.start_s) / visits for visits, shift in counts]
    return interval_s, min(shares) - interval_s / 2


def _visits(
    toilet_id: str, rows: Sequence[tuple[ToiletStandard, Shift]], share: float
) -> list[Visit]:
    """The visits of a toilet, whose windows lie at ``share`` of what they can be moved by."""
    _, window_s = spacing([(row.visits, shift) for row, shift in rows])
    found: list[Visit] = []
    for row, shift in rows:
        part_s = (shift.end_s - shift.start_s) / row.visits
        for k in range(row.visits):
            start_s = shift.start_s + k * part_s + share * (part_s - window_s)
            window = Window(math.ceil(start_s), math.floor(start_s + window_s))
            found.append(Visit(toilet_id, len(found) + 1, shift.id, window, row))
    return found


def toilet_duties(
    district: District, conditions: Conditions, sections: Sequence[Section]
) -> tuple[list[Duty], list[Suspended]]:
    """The visits of a day, and those that heat forbids because someone would walk to them.

    Args:
        district: with the shifts as its table has them.
        sections: of the streets, which have no part in it.
    """
    kinds = {kind.id: kind for kind in district.vehicle_types}
    toilets = {toilet.id: toilet for toilet in district.toilets}
    shifts = {shift.id: shift for shift in district.shifts}
    due: list[Duty] = []
    suspended: list[Suspended] = []
    for visit in visits_of(district, conditions.season, conditions.active):
        toilet = toilets[visit.toilet_id]
        kind = kinds[toilet.round_by]
        open_s = open_hours(shifts[visit.shift_id], kind, conditions.foot_ban)
        duty = _duty(visit, toilet)
        window = _inside(visit.window, open_s)
        if window is not None and window.end_s - window.start_s >= duty.work_s + kind.stop_s:
            due.append(replace(duty, windows=(window,)))
        else:
            suspended.append(suspended_as(duty, FOOT_RULE))
    return due, suspended


def _duty(visit: Visit, toilet: Toilet) -> Duty:
    return Duty(
        id=f"{SERVICE}/{visit.shift_id}/{visit.toilet_id}/r{visit.number}",
        service=SERVICE,
        shift_id=visit.shift_id,
        section_id="",
        road_id="",
        round_no=visit.number,
        pass_no=0,
        lane=0,
        length_m=0,
        windows=(visit.window,),
        priority=10 * (4 - toilet.toilet_class),
        site_id=visit.toilet_id,
        work_s=visit.row.clean_s + visit.row.deodorise_s,
        types=(toilet.round_by,),
    )


def _inside(window: Window, hours: Window | None) -> Window | None:
    if hours is None:
        return None
    start_s, end_s = max(window.start_s, hours.start_s), min(window.end_s, hours.end_s)
    return Window(start_s, end_s) if start_s < end_s else None


def open_hours(shift: Shift, kind: VehicleType, foot_ban: Iterable[Window]) -> Window | None:
    """The hours of a shift in which a crew may be out: for walkers the longest piece without a
    ban (the earlier of equals), None where there is none."""
    whole = Window(shift.start_s, shift.end_s)
    pieces = subtract([whole], foot_ban if kind.on_foot else ())
    return max(pieces, key=lambda w: (w.end_s - w.start_s, -w.start_s), default=None)


def without_foot_bans(district: District, conditions: Conditions) -> tuple[Shift, ...]:
    """The district's shifts, those of walkers cut to the hours in which they may be out."""
    kinds: Mapping[str, VehicleType] = {kind.id: kind for kind in district.vehicle_types}
    walked = {row.shift_id: kinds[row.type_id] for row in district.toilet_standards}
    cut = []
    for shift in district.shifts:
        hours = None
        if shift.id in walked:
            hours = open_hours(shift, walked[shift.id], conditions.foot_ban)
        if hours is not None:
            shift = replace(shift, start_s=hours.start_s, end_s=hours.end_s)
        cut.append(shift)
    return tuple(cut)
