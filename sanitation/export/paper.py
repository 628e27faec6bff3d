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

from sanitation.export.forms import STREET, Form
from sanitation.export.labels import street
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
SEPARATOR = "　"  # between unloadings


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
    head = f"{row.title} {_aim(row, lang)}".strip()
    notes = []
    litres = row.water_l if row.kind == "fill" else row.dirty_l
    if litres:
        notes.append(f"{litres / 1000:.1f} m³")
    if row.text:
        notes.append(row.text)
    if head == row.title:
        colon = " "  # "休息 20分钟": nothing to set apart
    return head + (colon + " ".join(notes) if notes else "")


def _aim(row: SheetRow, lang: str) -> str:
    # Of a road the stretch in brackets is left out; of a site they may be what tells it apart.
    place = row.place if row.at_sites else street(row.place)
    if place and row.kind == "wait":
        return place if lang == "zh" else f"for {place}"
    return f"→ {place}" if place and row.kind in ("travel", "transfer", "return") else place


def row_mm(row: SheetRow, lang: str, form: Form = STREET) -> float:
    """Height of a printed row."""
    widths_mm = form.widths_mm
    if row.kind == "service" and row.at_sites:
        # The site's name is bold, 10 pt, behind what is done there; its id has its own line.
        lines = lines_of(f"{row.title}　{row.place}", widths_mm["site"] * 0.88)
        told = lines_of(row.stream, widths_mm["stream"]) if "stream" in widths_mm else 1
        needs = max(lines * NAME_MM + LINE_MM, told * LINE_MM)
    elif row.kind == "service":
        cells = (
            ("from", row.from_name),
            ("to", row.to_name),
            ("pass", row.pass_text),
            ("remark", row.text),
        )
        lines = max(lines_of(t, widths_mm[column]) for column, t in cells if column in widths_mm)
        led = lines_of(row.direction, widths_mm["direction"])
        lines = max(lines, led + lines_of(row.side, widths_mm["direction"]))
        # The road's name is bold, 10 pt, behind the turn; its section has a line of its own.
        name = f"{row.turn}　{street(row.place)}"
        more = lines_of(name, widths_mm["section"] * 0.88) - 1
        needs = max(lines * LINE_MM, 2 * LINE_MM + more * NAME_MM)
    else:
        needs = LINE_MM * lines_of(
            span_text(row, lang), 0.97 * sum(widths_mm[name] for name in form.span)
        )
    return max(ROW_MIN_MM, needs + PAD_MM)


def tail_mm(bans: Sequence[str], unloads: Sequence[str] = ()) -> float:
    """Height of the part with totals, unloadings, restrictions and signatures."""
    listed_mm = max(8.0, 1.5 + 4.0 * lines_of(SEPARATOR.join(unloads), 166)) if unloads else 0.0
    return TAIL_MM + listed_mm + max(8.0, 1.5 + 4.0 * sum(lines_of(ban, 166) for ban in bans))


def pages(
    rows: Sequence[SheetRow],
    bans: Sequence[str],
    lang: str,
    with_map: bool,
    form: Form = STREET,
    unloads: Sequence[str] = (),
) -> tuple[PaperPage, ...]:
    """Share the rows out over pages; the last one has the totals, the signatures and the map."""
    groups: list[list[SheetRow]] = [[]]
    used = FIRST_HEAD_MM + FOOT_MM
    height = float(used)
    for row in rows:
        need = row_mm(row, lang, form)
        if groups[-1] and (len(groups[-1]) == MAX_ROWS or height + need > PAPER_MM):
            groups.append([])
            height = float(NEXT_HEAD_MM + FOOT_MM)
        groups[-1].append(row)
        height += need
    tail = tail_mm(bans, unloads)
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
