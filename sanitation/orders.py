"""The dispatcher's orders for the day: read, checked, and carried out on the duties.

A CSV file with the columns order, target, vehicle, shift, minutes, note. Kinds and column names
may be written in Chinese. Orders about vehicles, drivers and hours are for the planner; those
about roads and sections change the duties here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from fleet.model import Shift
from sanitation.cells import did_you_mean, folded, number
from sanitation.columns import Column
from sanitation.conditions import RULE_TEXT
from sanitation.duties.standard import (
    allowed,
    one_way_roads,
    round_duties,
    sections_by_road,
    suspended_as,
)
from sanitation.errors import Problem, TableError
from sanitation.model import Conditions, District, Duty, Road, Section, Suspended
from sanitation.tables import RawTable, aligned, read_csv

COLUMNS = ("order", "target", "vehicle", "shift", "minutes", "note")
HEADERS = {
    "指令": "order",
    "类型": "order",
    "对象": "target",
    "目标": "target",
    "车辆": "vehicle",
    "车号": "vehicle",
    "班次": "shift",
    "分钟": "minutes",
    "时长": "minutes",
    "备注": "note",
}
KINDS = {
    "truck_off": "车辆停驶",
    "driver_off": "人员请假",
    "road_closed": "道路封闭",
    "pin": "固定路段",
    "extra_wash": "加洗",
    "leave_out": "今日免做",
    "first": "优先",
    "overtime": "延时",
}
_CHINESE = {chinese: kind for kind, chinese in KINDS.items()}
MAX_ROWS = 10_000
FIRST_PRIORITY = 1_000  # above every priority that grade, shift and key area add up to
# Overtime is at most 3 h a day (domain.md §3).
_MINUTES = Column("minutes", "int", "minutes the shift may last longer", "min", low=1, high=180)
_TARGETS = {
    "truck_off": ("vehicle",),
    "driver_off": ("driver",),
    "road_closed": ("road",),
    "pin": ("section", "pair"),
    "extra_wash": ("section", "pair", "road"),
    "leave_out": ("section", "pair", "road"),
    "first": ("section", "pair", "road"),
    "overtime": (),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One order, its names resolved.

    ``ids`` are what the target stands for: a vehicle, a driver, roads for road_closed, sections
    for pin, extra_wash, leave_out and first; empty for overtime.
    ``vehicle`` is a vehicle id or "" (overtime: all), ``shift`` a shift id or "" (all), and
    ``minutes`` 0 where the kind has none.
    """

    line: int
    kind: str
    target: str
    ids: tuple[str, ...]
    vehicle: str = ""
    shift: str = ""
    minutes: int = 0
    note: str = ""


class Outcome(NamedTuple):
    """What became of an order: ``result`` is obeyed or refused."""

    order: Order
    result: str
    reason: str


Names = dict[str, tuple[str, ...]]  # what may be written -> ids it stands for
Say = Callable[..., None]


def read_orders(path: Path, district: District, sections: Sequence[Section]) -> tuple[Order, ...]:
    """All orders of a file, in its order.

    Raises:
        TableError: faults in the file; all of them at once, with line and "did you mean".
    """
    problems: list[Problem] = []
    raw = read_csv(path, MAX_ROWS, problems)
    orders: list[Order] = []
    if raw is not None:
        header = tuple(HEADERS.get(name, name.lower()) for name in raw.header)
        for column in ("order", "target"):
            if column not in header:
                hint = did_you_mean(column, header) or "columns: " + ",".join(COLUMNS)
                text = "the column is missing"
                problems.append(Problem(path.name, text, row=1, column=column, hint=hint))
        for name in sorted({name for name in header if name in COLUMNS and header.count(name) > 1}):
            problems.append(Problem(path.name, "the column appears twice", row=1, column=name))
        if not problems:
            reader = _OrderReader(path.name, district, sections, problems)
            table = RawTable(header, raw.rows)
            for line, cells in aligned(path.name, table, problems, may_stop_early=True):
                order = reader.read(line, cells)
                if order is not None:
                    orders.append(order)
    if problems:
        raise TableError(str(path), problems)
    return tuple(orders)


class _OrderReader:
    """Turns rows into orders against one district; keeps what every name stands for."""

    def __init__(
        self,
        file: str,
        district: District,
        sections: Sequence[Section],
        problems: list[Problem],
    ) -> None:
        self.file = file
        self.problems = problems
        self.road_sections: dict[str, tuple[str, ...]] = {road.id: () for road in district.roads}
        pairs: Names = {}
        for section in sorted(sections, key=lambda section: section.id):
            pairs[section.pair] = (*pairs.get(section.pair, ()), section.id)
            self.road_sections[section.road_id] += (section.id,)
        self.names: dict[str, Names] = {
            "vehicle": _named((v.id, v.plate) for v in district.vehicles),
            "driver": _named((p.id, p.name) for p in district.drivers),
            "road": _named((road.id, road.name) for road in district.roads),
            "section": {section.id: (section.id,) for section in sections},
            "pair": pairs,
            "shift": _named((shift.id, shift.name) for shift in district.shifts),
        }

    def read(self, line: int, cells: Mapping[str, str]) -> Order | None:
        """The order of a row, or None when it has faults."""
        before = len(self.problems)

        def say(column: str) -> Say:
            def to_column(text: str, hint: str = "") -> None:
                value = cells.get(column, "")
                self.problems.append(
                    Problem(self.file, text, row=line, column=column, value=value, hint=hint)
                )

            return to_column

        written = folded(cells.get("order", ""))
        kind = _CHINESE.get(written, written.lower())
        if kind not in KINDS:
            hint = did_you_mean(kind, [*KINDS, *_CHINESE]) or "one of: " + ", ".join(KINDS)
            say("order")("is no kind of order" if kind else "is empty", hint)
            return None
        target = cells.get("target", "")
        ids = self._target(kind, target, say("target"))
        vehicle = self._single("vehicle", cells, say("vehicle"))
        shift = self._single("shift", cells, say("shift"))
        if kind == "pin" and not cells.get("vehicle"):
            say("vehicle")("is empty", "pin needs the truck that the section is given to")
        minutes = 0
        if kind == "overtime":
            if not shift and not cells.get("shift"):
                say("shift")("is empty", "overtime needs the shift that may last longer")
            if not cells.get("minutes"):
                say("minutes")("is empty", "overtime needs its minutes, at most 180")
            else:
                minutes = int(number(cells["minutes"], _MINUTES, say("minutes")) or 0)
        if kind == "extra_wash" and not shift:
            shift = "day" if "day" in self.names["shift"] and not cells.get("shift") else ""
            if not shift and not cells.get("shift"):
                say("shift")("is empty", "extra_wash needs a shift: there is none called day")
        if len(self.problems) > before:
            return None
        note = cells.get("note", "")
        return Order(line, kind, target, ids, vehicle, shift, minutes, note)

    def _target(self, kind: str, target: str, say: Say) -> tuple[str, ...]:
        kinds = _TARGETS[kind]
        if not kinds:
            return ()
        if not target:
            say("is empty", f"{kind} needs a {' or a '.join(kinds)}")
            return ()
        for sort in kinds:
            ids = self._find(sort, target)
            if len(ids) > 1 and sort in ("driver", "vehicle"):
                say(f"is the name of more than one {sort}", "give the id: " + ", ".join(ids))
                return ()
            if ids and sort == "road" and kind != "road_closed":
                return tuple(section for road in ids for section in self.road_sections[road])
            if ids:
                return ids
        known = [name for sort in kinds for name in self.names[sort]]
        say(f"is no {' or '.join(kinds)} of the district", did_you_mean(folded(target), known))
        return ()

    def _single(self, sort: str, cells: Mapping[str, str], say: Say) -> str:
        written = cells.get(sort, "")
        ids = self._find(sort, written) if written else ()
        if written and not ids:
            hint = did_you_mean(folded(written), self.names[sort])
            say(f"is no {sort} of the district", hint)
        if len(ids) > 1:
            say(f"is the name of more than one {sort}", "give the id: " + ", ".join(ids))
        return ids[0] if ids else ""

    def _find(self, sort: str, written: str) -> tuple[str, ...]:
        names = self.names[sort]
        return names.get(written) or names.get(folded(written)) or ()


def _named(pairs: Iterable[tuple[str, str]]) -> Names:
    """Ids by id and by name, as written and folded; an id wins over a name."""
    rows = sorted(pairs)
    names: Names = {}
    for item, name in rows:
        for spelling in sorted({name, folded(name)}):
            names[spelling] = (*names.get(spelling, ()), item)
    return names | {item: (item,) for item, _ in rows}


def _passes(count: int) -> str:
    return f"{count} pass" + ("es" if count != 1 else "")


def apply_to_duties(
    orders: Sequence[Order],
    duties: Sequence[Duty],
    suspended: Sequence[Suspended],
    sections: Sequence[Section],
    district: District,
    conditions: Conditions,
) -> tuple[tuple[Duty, ...], tuple[Suspended, ...], tuple[Outcome, ...]]:
    """Carry out road_closed, leave_out, extra_wash and first.

    Closures come before the rest, whatever the file's order, so that nothing is ordered onto a
    closed road. The other kinds have no outcome here.

    Returns:
        duties and suspended, sorted by id, and one outcome for each order carried out or refused
        here, by line.
    """
    work = _Applying(duties, suspended, sections, district, conditions)
    steps = (
        (("road_closed", "leave_out"), work.suspend),
        (("extra_wash",), work.extra_wash),
        (("first",), work.first),
    )
    outcomes: list[Outcome] = []
    for kinds, carry_out in steps:
        for order in orders:
            if order.kind in kinds:
                obeyed, reason = carry_out(order)
                outcomes.append(Outcome(order, "obeyed" if obeyed else "refused", reason))
    return (
        tuple(work.due[key] for key in sorted(work.due)),
        tuple(work.suspended[key] for key in sorted(work.suspended)),
        tuple(sorted(outcomes, key=lambda outcome: outcome.order.line)),
    )


class _Applying:
    """Duties while orders are carried out on them."""

    def __init__(
        self,
        duties: Sequence[Duty],
        suspended: Sequence[Suspended],
        sections: Sequence[Section],
        district: District,
        conditions: Conditions,
    ) -> None:
        self.due = {duty.id: duty for duty in duties}
        self.suspended = {entry.duty.id: entry for entry in suspended}
        self.by_road = sections_by_road(sections)
        self.one_way = one_way_roads(sections)
        self.district = district
        self.conditions = conditions
        self.closed: dict[tuple[str, str], Order] = {}  # by section and shift, "" for all

    def _sections(self, order: Order) -> set[str]:
        if order.kind != "road_closed":
            return set(order.ids)
        return {section.id for road in order.ids for section in self.by_road.get(road, ())}

    def _hit(self, order: Order) -> list[Duty]:
        ids = self._sections(order)
        return [
            duty
            for duty in self.due.values()
            if duty.section_id in ids and order.shift in ("", duty.shift_id)
        ]

    def suspend(self, order: Order) -> tuple[bool, str]:
        """road_closed, leave_out: the duties move to the suspended ones."""
        hit = self._hit(order)
        for duty in hit:
            detail = f"{KINDS[order.kind]} {order.target} · {order.kind} (line {order.line})"
            self.suspended[duty.id] = suspended_as(self.due.pop(duty.id), "order", detail)
        self.closed |= {(section, order.shift): order for section in self._sections(order)}
        if not hit:
            return True, "nothing was due there"
        return True, f"{_passes(len(hit))} suspended"

    def first(self, order: Order) -> tuple[bool, str]:
        """Keep these when not everything fits."""
        hit = self._hit(order)
        for duty in hit:
            self.due[duty.id] = replace(duty, priority=duty.priority + FIRST_PRIORITY)
        if hit:
            return True, f"{_passes(len(hit))} put first"
        ids = self._sections(order)
        why = sorted({e.text for e in self.suspended.values() if e.duty.section_id in ids})
        return False, "; ".join(why) or "nothing is due there"

    def extra_wash(self, order: Order) -> tuple[bool, str]:
        """One more round of washing, any time that wet work is allowed in the shift."""
        closures = {
            section: self.closed.get((section, "")) or self.closed.get((section, order.shift))
            for section in order.ids
        }
        open_ids = [section for section in order.ids if closures[section] is None]
        if not open_ids:
            told = sorted({f"{o.kind} (line {o.line})" for o in closures.values() if o})
            return False, "; ".join(told) or "the road has no sections"
        shift = next(shift for shift in self.district.shifts if shift.id == order.shift)
        piece, rule = allowed("wash", self.conditions).in_shift(shift)
        if piece is None:
            chinese, english = RULE_TEXT[rule]
            return False, f"{chinese} · {english}"
        added = 0
        for road in self.district.roads:
            chosen = [s for s in self.by_road.get(road.id, ()) if s.id in open_ids]
            if not chosen:
                continue
            duties = round_duties(
                "wash",
                shift,
                road,
                chosen,
                one_way=road.id in self.one_way,
                round_no=self._rounds(road, shift) + 1,
                passes=self._passes(road, shift),
                window=piece,
                ordinal=dt.date.fromisoformat(self.conditions.date).toordinal(),
            )
            self.due |= {duty.id: duty for duty in duties}
            added += len(duties)
        return True, f"{_passes(added)} added in shift {shift.id}"

    def _rounds(self, road: Road, shift: Shift) -> int:
        """Rounds of washing that the road has in the shift already, suspended ones counted."""
        known = [*self.due.values(), *(entry.duty for entry in self.suspended.values())]
        return max(
            (
                duty.round_no
                for duty in known
                if (duty.service, duty.shift_id, duty.road_id) == ("wash", shift.id, road.id)
            ),
            default=0,
        )

    def _passes(self, road: Road, shift: Shift) -> int:
        """Passes of a round as the standards have them for the grade; at least both kerbs."""
        rows = [
            row.passes
            for row in self.district.standards
            if (row.service, row.grade, row.shift_id) == ("wash", road.grade, shift.id)
        ]
        return max([2, *rows])
