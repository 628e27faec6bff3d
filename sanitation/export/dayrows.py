"""The rows and figures of a run's route sheet for the day's page, in both languages at once.

A row is ``[stops, title, place, section, from, to, turn, text, chips, figures]`` with trailing
zeros left out: ``stops`` is how many of the run's stops it and what was left out before it take,
``chips`` are short remarks, ``figures`` a flat list of a number into :data:`FIGURES` and a value.
Words are numbers of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanitation.export.daytexts import Texts
from sanitation.export.rows import SheetRow
from sanitation.export.sheets import Sheet, total_fields

# Figures of a row as the page names and writes them; litres of water are used or filled.
FIGURES = (
    *("length_m", "area_m2", "water_l", "dirty_l", "load_kg", "on_board_kg", "bins", "level_l"),
    "fill_l",
)


def run_rows(zh: Sheet, en: Sheet, texts: Texts) -> list[list[Any]]:
    """The rows of a run whose sheet is given in both languages."""
    found: list[list[Any]] = []
    taken = 0
    for a, b in zip(zh.rows, en.rows, strict=True):
        stops, taken = a.stops[-1] + 1 - taken, a.stops[-1] + 1
        row = [
            stops,
            texts.pair(a.title, b.title),
            texts.pair(a.place, b.place),
            texts.name(a.section or a.site),
            texts.name(a.from_name),
            texts.name(a.to_name),
            texts.pair(a.turn, b.turn),
            texts.pair(a.text, b.text),
            [texts.pair(x, y) for x, y in zip(_chips(a, "zh"), _chips(b, "en"), strict=True)],
            _figures(a),
        ]
        found.append(trimmed(row))
    return found


def run_sums(zh: Sheet, en: Sheet, texts: Texts) -> list[list[int]]:
    """Label and value of the sheet's totals; those without a value are left out."""
    return [
        [texts.pair(a[0], b[0]), texts.pair(a[1], b[1])]
        for a, b in zip(total_fields(zh), total_fields(en), strict=True)
        if a[1]
    ]


def trimmed(row: Sequence[Any]) -> list[Any]:
    """The row without the zeros, -1 and empty lists at its end."""
    kept = list(row)
    while kept and (kept[-1] in (0, -1, "") or kept[-1] == []):
        kept.pop()
    return kept


def _chips(row: SheetRow, lang: str) -> list[str]:
    """What a row says beside its place; as many in every language."""
    zh = lang == "zh"
    found = [row.direction, row.side]
    found.append((row.grade if zh else f"grade {row.grade}") if row.grade else "")
    found += [row.pass_text, row.stream]
    if row.part:
        found.append(f"第 {row.part} 车" if zh else f"load {row.part}")
    if row.visits:
        count = f"{row.round_no}/{row.visits}"
        found.append(f"今日第 {count} 次" if zh else f"visit {count} today")
    for seconds, word in (
        (row.clean_s, ("清洁", "clean")),
        (row.deodorise_s, ("除臭", "deodorise")),
    ):
        if seconds:
            minutes = round(seconds / 60)
            found.append(f"{word[0]} {minutes} 分钟" if zh else f"{word[1]} {minutes} min")
    return [chip for chip in found if chip]


def _figures(row: SheetRow) -> list[int]:
    values = (
        row.length_m,
        round(row.area_m2),
        0 if row.kind == "fill" else row.water_l,
        row.dirty_l,
        row.load_kg,
        row.on_board_kg if row.kind in ("service", "unload", "transfer") else 0,
        row.bins,
        round(row.level_m3 * 1000),
        row.water_l if row.kind == "fill" else 0,
    )
    return [part for pair in enumerate(values) if pair[1] for part in pair]
