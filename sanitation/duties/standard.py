"""From rows of the standards table to duties: rounds, passes, lanes, windows, priorities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fleet.model import DutyRules, Shift
from sanitation.conditions import RULE_TEXT, dry_cut
from sanitation.model import (
    WET_SERVICES,
    Conditions,
    District,
    Duty,
    Road,
    Section,
    Standard,
    Suspended,
    Window,
)

MORNING_S = 6 * 3600
WHOLE_PLAN = Window(-7_200, 79_200)
WEATHERPROOF = frozenset({"bins"})  # full bins are emptied in rain, snow and frost, too
Cut = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """When a service may work: the pieces, and for everything else the rule that forbids it."""

    pieces: tuple[Window, ...]
    cut: Cut

    def in_shift(self, shift: Shift) -> tuple[Window | None, str]:
        """The longest piece inside a shift (the earlier of equals), or None and the rule."""
        rule = dry_cut(shift, self.pieces, self.cut)
        inside = [
            Window(max(w.start_s, shift.start_s), min(w.end_s, shift.end_s))
            for w in self.pieces
            if max(w.start_s, shift.start_s) < min(w.end_s, shift.end_s)
        ]
        longest = max(inside, key=lambda w: (w.end_s - w.start_s, -w.start_s), default=None)
        return (None, rule) if rule or longest is None else (longest, "")


def subtract(windows: Iterable[Window], bans: Iterable[Window]) -> tuple[Window, ...]:
    """What is left of the windows without the bans."""
    left = list(windows)
    for ban in bans:
        left = [
            Window(start, end)
            for w in left
            for start, end in (
                (w.start_s, min(w.end_s, ban.start_s)),
                (max(w.start_s, ban.end_s), w.end_s),
            )
            if start < end
        ]
    return tuple(left)


def allowed(service: str, conditions: Conditions) -> Allowed:
    """Wet work: its windows without the peaks. Dry sweeping: all day unless streets are wet.
    Litter bins: always."""
    if service in WEATHERPROOF:
        return Allowed((WHOLE_PLAN,), ())
    if service in WET_SERVICES:
        peaks = tuple((ban.start_s, ban.end_s, "peak") for ban in conditions.peak_bans)
        pieces = subtract(conditions.wet_windows, conditions.peak_bans)
        return Allowed(pieces, (*conditions.wet_rules, *peaks))
    falling = {kind for kind, _ in conditions.alerts} | {conditions.weather}
    rule = "snow" if "snow" in falling else "rain"
    whole_plan = (WHOLE_PLAN.start_s, WHOLE_PLAN.end_s, rule)
    return Allowed(conditions.sweep_windows, () if conditions.sweep_windows else (whole_plan,))


def holding_rows(district: District, conditions: Conditions, service: str) -> tuple[Standard, ...]:
    """Rows of a service that hold on the day, plain ones first, so that rounds keep their numbers.

    In the cold season the warm rows of wet work hold too, unless cold ones stand in their place:
    they end up suspended, so that a plan of January says why nobody washes.
    """
    rows = [
        row
        for row in district.standards
        if row.service == service and row.condition in conditions.active
    ]
    cold = {(row.shift_id, row.grade, row.condition) for row in rows if row.season == "cold"}
    kept = [
        row
        for row in rows
        if row.season in ("any", conditions.season)
        or (
            row.season == "warm"
            and service in WET_SERVICES
            and (row.shift_id, row.grade, row.condition) not in cold
        )
    ]
    return tuple(sorted(kept, key=lambda row: (row.condition != "plain", row.condition, row.id)))


def shifts_of_day(
    district: District, conditions: Conditions, services: Iterable[str]
) -> tuple[Shift, ...]:
    """The district's shifts, cut where an extra one of the same service needs the trucks.

    A shift is extra when none of its rows is plain: sprinkling at noon in heat, 11:00 to 14:00,
    ends the morning's at 10:45 and lets the afternoon's begin at 14:15, so that every sprinkler
    can do all three, with a quarter of an hour between. A shift of which too little would be left,
    by the clock or by what weather permits, stays as it is.
    """
    cut = {shift.id: shift for shift in district.shifts}
    for service in services:
        times = allowed(service, conditions)
        conditions_of: dict[str, set[str]] = {}
        for row in holding_rows(district, conditions, service):
            conditions_of.setdefault(row.shift_id, set()).add(row.condition)
        extra = [cut[key] for key, found in sorted(conditions_of.items()) if "plain" not in found]
        gap_s = int(district.rules.get("vehicle_gap_s", DutyRules().vehicle_gap_s))
        bans = [Window(shift.start_s - gap_s, shift.end_s + gap_s) for shift in extra]
        for key in sorted(conditions_of.keys() - {shift.id for shift in extra}):
            shift = cut[key]
            parts = subtract([Window(shift.start_s, shift.end_s)], bans)
            longest = max(parts, key=lambda w: (w.end_s - w.start_s, -w.start_s), default=None)
            if longest is None or longest.end_s - longest.start_s < shift.min_window_s:
                continue
            rest = replace(shift, start_s=longest.start_s, end_s=longest.end_s)
            if times.in_shift(rest)[0] is not None:
                cut[key] = rest
    return tuple(cut[shift.id] for shift in district.shifts)


def applies(row: Standard, road: Road) -> bool:
    """Whether a row is about a road: its grade, and key areas or the others."""
    scope = row.scope == "all" or (row.scope == "key") == road.key_area
    return row.grade == road.grade and scope


def round_windows(piece: Window, rounds: int, min_round_s: int) -> tuple[tuple[Window, ...], int]:
    """(windows of the rounds that fit, number of rounds that do not).

    Rounds share the piece evenly, so that they are not driven one right after the other. One
    round always fits; a share of several must last ``min_round_s``.
    """
    length = piece.end_s - piece.start_s
    fitting = rounds
    while fitting > 1 and length < fitting * min_round_s:
        fitting -= 1
    edges = [piece.start_s + length * i // fitting for i in range(fitting + 1)]
    windows = tuple(Window(edges[i], edges[i + 1]) for i in range(fitting))
    return windows, rounds - fitting


def passes_of(section: Section, passes: int, one_way: bool) -> int:
    """A section's share of a round's passes: half, forward the odd one; all where one-way."""
    if one_way:
        return passes
    return (passes + 1) // 2 if section.direction == "forward" else passes // 2


def lane_of(section: Section, pass_no: int, one_way: bool, ordinal: int) -> int:
    """Lane of a pass, 1 at the kerb. The kerb comes first, every day; the rest takes turns.

    In a one-way street the second pass takes the opposite kerb. The lanes between go by the
    date's ordinal day, so that each comes up in turn and the same date gives the same lane.
    """
    lanes = section.lanes
    if pass_no == 1 or lanes == 1:
        return 1
    if not one_way:
        return (ordinal + pass_no - 2) % (lanes - 1) + 2
    if pass_no == 2 or lanes == 2:
        return lanes
    return (ordinal + pass_no - 3) % (lanes - 2) + 2


def one_way_roads(sections: Iterable[Section]) -> frozenset[str]:
    """Roads that have sections in one direction only."""
    directions: dict[str, set[str]] = {}
    for section in sections:
        directions.setdefault(section.road_id, set()).add(section.direction)
    return frozenset(road for road, known in directions.items() if len(known) == 1)


def priority_of(road: Road, shift: Shift) -> int:
    """Grade first, then night before day, then key areas; higher is kept."""
    return (5 - road.grade) * 10 + (5 if shift.start_s < MORNING_S else 0) + 3 * road.key_area


def suspended_as(duty: Duty, rule: str, detail: str = "") -> Suspended:
    """A suspended duty with the rule's words, Chinese first."""
    chinese, english = RULE_TEXT[rule]
    return Suspended(duty, rule, f"{chinese} · {english}" + (f": {detail}" if detail else ""))


def round_duties(
    service: str,
    shift: Shift,
    road: Road,
    sections: Sequence[Section],
    *,
    one_way: bool,
    round_no: int,
    passes: int,
    window: Window,
    ordinal: int,
) -> list[Duty]:
    """The duties of one round of a road's sections."""
    priority = priority_of(road, shift)
    return [
        Duty(
            id=f"{service}/{shift.id}/{section.id}/r{round_no}p{pass_no}",
            service=service,
            shift_id=shift.id,
            section_id=section.id,
            road_id=road.id,
            round_no=round_no,
            pass_no=pass_no,
            lane=lane_of(section, pass_no, one_way, ordinal),
            length_m=section.length_m,
            windows=(window,),
            priority=priority,
        )
        for section in sections
        for pass_no in range(1, passes_of(section, passes, one_way) + 1)
    ]


def sections_by_road(sections: Iterable[Section]) -> dict[str, list[Section]]:
    """Sections of each road, by id."""
    by_road: dict[str, list[Section]] = {}
    for section in sorted(sections, key=lambda section: section.id):
        by_road.setdefault(section.road_id, []).append(section)
    return by_road


def expand(
    district: District,
    conditions: Conditions,
    sections: Sequence[Section],
    service: str,
    rows: Sequence[Standard],
) -> tuple[list[Duty], list[Suspended]]:
    """Duties of the rows that hold; rounds of several rows for one shift and road add up."""
    due: list[Duty] = []
    suspended: list[Suspended] = []
    ordinal = dt.date.fromisoformat(conditions.date).toordinal()
    by_road = sections_by_road(sections)
    one_way = one_way_roads(sections)
    times = allowed(service, conditions)
    shifts: Mapping[str, Shift] = {shift.id: shift for shift in district.shifts}
    pieces = {row.shift_id: times.in_shift(shifts[row.shift_id]) for row in rows}
    min_round_s = round(district.rules["min_round_min"] * 60)
    for road in district.roads:
        for shift_id, (piece, rule) in sorted(pieces.items()):
            shift = shifts[shift_id]
            rounds = [
                row.passes
                for row in rows
                if row.shift_id == shift_id and applies(row, road)
                for _ in range(row.rounds)
            ]
            if not rounds:
                continue
            whole = Window(shift.start_s, shift.end_s)
            fitting: tuple[Window, ...] = ()
            if piece is not None:
                fitting, _ = round_windows(piece, len(rounds), min_round_s)
            for index, passes in enumerate(rounds):
                duties = round_duties(
                    service,
                    shift,
                    road,
                    by_road.get(road.id, []),
                    one_way=road.id in one_way,
                    round_no=index + 1,
                    passes=passes,
                    window=fitting[index] if index < len(fitting) else whole,
                    ordinal=ordinal,
                )
                if index < len(fitting):
                    due += duties
                else:
                    suspended += [suspended_as(d, rule or "short_window") for d in duties]
    return due, suspended
