"""A table as plain data and as text: aligned for a terminal, tab-separated for a pipe."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

GAP = "  "


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text. ``right`` says which columns are figures; ``keys`` is the number of leading
    columns that are repeated when a terminal is too narrow for all; ``total`` is the number
    of last rows that are sums of the others.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    keys: int = 1
    total: int = 0

    def __post_init__(self) -> None:
        columns = len(self.header)
        if len(self.right) != columns or not 0 <= self.keys <= columns:
            raise ValueError(f"a table of {columns} columns has {len(self.right)} alignments")
        for row in self.rows:
            if len(row) != columns:
                raise ValueError(f"a row of {len(row)} cells in a table of {columns} columns")


def clean(cell: str) -> str:
    """A cell without control characters: names from tables must not move a terminal's cursor."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in cell)


def columns_of(text: str) -> int:
    """Terminal columns of a text: a Chinese character takes two, a combining one none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def render(table: Table, tty: bool, width: int = 120) -> str:
    """The table as text without a final newline.

    Args:
        tty: aligned columns for a terminal; else tab-separated lines, header first.
        width: terminal columns. A table that is wider is cut between columns into blocks that
            repeat the key columns; a cell is never shortened.
    """
    lines = [tuple(clean(cell) for cell in row) for row in (table.header, *table.rows)]
    if not tty:
        return "\n".join("\t".join(line) for line in lines)
    wide = [max(columns_of(line[i]) for line in lines) for i in range(len(table.header))]
    return "\n\n".join(
        "\n".join(_block(table, lines, wide, chosen)) for chosen in _blocks(table, wide, width)
    )


def _blocks(table: Table, wide: Sequence[int], width: int) -> list[list[int]]:
    """Which columns stand side by side, block by block."""
    keys = list(range(table.keys))
    blocks: list[list[int]] = [list(keys)]
    for column in range(table.keys, len(table.header)):
        used = sum(wide[i] + len(GAP) for i in blocks[-1]) + wide[column]
        if used > width and len(blocks[-1]) > len(keys):
            blocks.append(list(keys))
        blocks[-1].append(column)
    return blocks


def _block(
    table: Table, lines: Sequence[Sequence[str]], wide: Sequence[int], chosen: Sequence[int]
) -> list[str]:
    rule = GAP.join("─" * wide[i] for i in chosen)
    found = []
    for number, line in enumerate(lines):
        cells = []
        for i in chosen:
            fill = " " * (wide[i] - columns_of(line[i]))
            cells.append(fill + line[i] if table.right[i] else line[i] + fill)
        if table.total and number == max(1, len(lines) - table.total):
            found.append(rule)
        found.append(GAP.join(cells).rstrip())
        if number == 0:
            found.append(rule)
    return found
