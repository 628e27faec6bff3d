"""Where the rows of a sheet go on A4 paper: pages of at most 25 rows that surely fit.

Millimetres. Heights are estimated from the texts' widths, so that a page never runs over: a
browser's own breaks would put rows on a page that has no number.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sanitation.export.labels import street, word
from sanitation.export.rows import SheetRow

MAX_ROWS = 25
PAPER_MM = 279  # A4 less margins of 8 mm and a millimetre against rounding
FIRST_HEAD_MM = 58  # title, the dispatch order's fields, the table's header
NEXT_HEAD_MM = 27  # title line and the table's header
FOOT_MM = 1
TAIL_MM = 42  # totals, incidents, signatures, the rule; restrictions come on top
MAP_MIN_MM = 75
MAP_MAX_MM = 190
ROW_MIN_MM = 8.4  # enough to write a time by hand
LINE_MM = 3.6
NAME_MM = 3.9  # a line of a road's name, 10 pt
PAD_MM = 1.2
EM_MM = 3.18  # 9 pt

# Widths of the printed columns; together the 194 mm between the margins.
WIDTHS_MM = {
    "seq": 7,
    "section": 36,
    "from": 20,
    "to": 20,
    "direction": 17,
    "grade": 8,
    "pass": 12,
    "plan_time": 13.5,
    "length": 11,
    "area": 11,
    "actual_time": 14,
    "done": 10.5,
    "remark": 14,
}
SPAN = ("section", "from", "to", "direction", "grade", "pass")  # one cell in rows without work


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of a sheet. ``map_mm`` is the height of the map, 0 for none."""

    rows: tuple[SheetRow, ...]
    tail: bool
    map_mm: int


def lines_of(text: str, width_mm: float) -> int:
    """Lines a text takes in a column, the column's padding taken off.

    Chinese breaks after any character, Latin words only where they are longer than a line, as in
    a browser: "straight Shuishanggongyuanxi Lu" takes more lines than its length tells.
    """
    room = (width_mm - 1.6) / (EM_MM * 1.04)
    lines, used = 1, 0.0
    for space, part in _parts(text):
        ems = sum(1.0 if _wide(c) else 0.58 for c in part)
        if used + ems <= room or space:
            used += ems
            continue
        broken = math.ceil(ems / room) - 1
        lines += broken + (used > 0)
        used = ems - broken * room
    return lines


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """(whether it is room between words, the piece) of what a line cannot break within."""
    for kind, group in itertools.groupby(text, key=lambda c: (c.isspace(), _wide(c))):
        chars = "".join(group)
        for piece in chars if kind[1] else (chars,):
            yield kind[0], piece


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"


def span_text(row: SheetRow, lang: str) -> str:
    """The words of a row without work: what to do, where, and the way there."""
    colon = "：" if lang == "zh" else ": "
    head = f"{word(row.kind, lang)} {_aim(row, lang)}".strip()
    notes = []
    litres = row.water_l if row.kind == "fill" else row.dirty_l
    if litres:
        notes.append(f"{litres / 1000:.1f} m³")
    if row.text:
        notes.append(row.text)
    if head == word(row.kind, lang):
        colon = " "  # "休息 20分钟": nothing to set apart
    return head + (colon + " ".join(notes) if notes else "")


def _aim(row: SheetRow, lang: str) -> str:
    place = street(row.place)
    if place and row.kind == "wait":
        return place if lang == "zh" else f"for {place}"
    return f"→ {place}" if place and row.kind in ("travel", "return") else place


def row_mm(row: SheetRow, lang: str) -> float:
    """Height of a printed row."""
    if row.kind == "service":
        cells = (
            ("from", row.from_name),
            ("to", row.to_name),
            ("pass", row.pass_text),
            ("remark", row.text),
        )
        lines = max(lines_of(text, WIDTHS_MM[column]) for column, text in cells)
        led = lines_of(row.direction, WIDTHS_MM["direction"])
        lines = max(lines, led + lines_of(row.side, WIDTHS_MM["direction"]))
        # The road's name is bold, 10 pt, behind the turn; its section has a line of its own.
        name = f"{row.turn}　{street(row.place)}"
        more = lines_of(name, WIDTHS_MM["section"] * 0.88) - 1
        needs = max(lines * LINE_MM, 2 * LINE_MM + more * NAME_MM)
    else:
        needs = LINE_MM * lines_of(
            span_text(row, lang), 0.97 * sum(WIDTHS_MM[name] for name in SPAN)
        )
    return max(ROW_MIN_MM, needs + PAD_MM)


def tail_mm(bans: Sequence[str]) -> float:
    """Height of the part with totals, restrictions and signatures."""
    return TAIL_MM + max(8.0, 1.5 + 4.0 * sum(lines_of(ban, 166) for ban in bans))


def pages(
    rows: Sequence[SheetRow], bans: Sequence[str], lang: str, with_map: bool
) -> tuple[PaperPage, ...]:
    """Share the rows out over pages; the last one has the totals, the signatures and the map."""
    groups: list[list[SheetRow]] = [[]]
    used = FIRST_HEAD_MM + FOOT_MM
    height = float(used)
    for row in rows:
        need = row_mm(row, lang)
        if groups[-1] and (len(groups[-1]) == MAX_ROWS or height + need > PAPER_MM):
            groups.append([])
            height = float(NEXT_HEAD_MM + FOOT_MM)
        groups[-1].append(row)
        height += need
    tail = tail_mm(bans)
    need_mm = tail + (MAP_MIN_MM if with_map else 0)
    if height + need_mm > PAPER_MM:
        groups.append([])
        height = float(NEXT_HEAD_MM + FOOT_MM)
    room = math.floor(PAPER_MM - height - tail) if with_map else 0
    last = len(groups) - 1
    return tuple(
        PaperPage(tuple(group), index == last, min(room, MAP_MAX_MM) if index == last else 0)
        for index, group in enumerate(groups)
    )
