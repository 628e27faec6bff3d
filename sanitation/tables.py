"""Reading CSV tables by schema: every fault of a file is collected, none stops the reading.

Rows are numbered as an editor shows them: the header is line 1. Numbers, ids and header names
are folded with Unicode NFKC first, so that full-width digits typed with a Chinese keyboard are
read as what they mean; names of streets keep their full-width punctuation.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanitation.cells import did_you_mean, folded, typed
from sanitation.columns import Column, Table
from sanitation.errors import Problem
from sanitation.schema import TABLE

MAX_BYTES = 200 * 1024 * 1024
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, the typed values by column, and the cells as written."""

    line: int
    values: dict[str, Any]
    cells: dict[str, str]


Tables = Mapping[str, Sequence[Row]]


def fault(
    table: str, row: Row, column: str, text: str, hint: str = "", value: str | None = None
) -> Problem:
    """A problem of a cell; ``value`` is shown in place of what the cell says."""
    shown = row.cells.get(column, "") if value is None else value
    return Problem(TABLE[table].file, text, row=row.line, column=column, value=shown, hint=hint)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A decoded CSV file: header cells and (line, cells) of every row that is not blank."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_bytes(path: Path, problems: list[Problem], max_lines: int | None = None) -> bytes | None:
    """The file's bytes, or None with a problem: missing, unreadable, too large, too many lines.

    Lines are counted chunk by chunk and the reading stops where the limit is passed, so that a
    file of ten million rows costs neither the memory nor the time of reading it.
    """
    chunks: list[bytes] = []
    size = lines = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                lines += max(chunk.count(b"\n"), chunk.count(b"\r"))
                if max_lines is not None and lines > max_lines + 1:
                    text = f"has more than {max_lines:,} rows, the limit of this table"
                    problems.append(Problem(path.name, text, hint="is this the right file?"))
                    return None
                if size > MAX_BYTES:
                    text = f"is larger than {MAX_BYTES // 1024**2} MB"
                    problems.append(Problem(path.name, text, hint="is this the right file?"))
                    return None
                chunks.append(chunk)
    except FileNotFoundError:
        others = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, others) or "every district needs it, see data/README.md"
        problems.append(Problem(path.name, "the file is missing", hint=hint))
        return None
    except OSError as error:
        problems.append(Problem(path.name, f"cannot be read: {error.strerror}"))
        return None
    return b"".join(chunks)


def decode(name: str, data: bytes, problems: list[Problem]) -> str | None:
    """UTF-8 text (a byte order mark is fine), or None with a problem naming the likely cause."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.append(Problem(name, "is not UTF-8", hint="looks like UTF-16; save it as UTF-8"))
        return None
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        problems.append(
            Problem(name, "holds a NUL byte", row=line, hint="is this a text file? save it anew")
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        shown = data[error.start : error.start + 4].hex(" ")
        hint = _encoding_hint(data)
        problems.append(Problem(name, f"is not UTF-8 (bytes {shown})", row=line, hint=hint))
        return None


def _encoding_hint(data: bytes) -> str:
    """Damaged UTF-8 is good text but for a few bytes; GBK is hardly ever valid UTF-8 by chance."""
    damaged = data.decode("utf-8", "replace").count("\ufffd")
    if damaged * 4 < sum(byte > 127 for byte in data):
        return "the character is damaged; write it anew"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "save it as UTF-8"
    return "looks like GBK; save it as UTF-8"


def read_csv(path: Path, max_rows: int, problems: list[Problem]) -> RawTable | None:
    """The cells of a CSV file, or None where it cannot be read as a table at all."""
    data = read_bytes(path, problems, max_rows)
    text = None if data is None else decode(path.name, data, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((before + 1, tuple(cells)))
            before = reader.line_num
    except csv.Error as error:
        hint = 'a quote " inside a cell is written twice, and the cell stands between quotes'
        problems.append(Problem(path.name, f"not CSV: {error}", row=before + 1, hint=hint))
        return None
    if not rows:
        problems.append(Problem(path.name, "the file is empty", hint="it needs a header line"))
        return None
    header = tuple(folded(cell) for cell in rows[0][1])
    if len(header) == 1 and (found := next((mark for mark in ";\t|" if mark in header[0]), "")):
        text = f"columns are separated by {found!r}"
        problems.append(Problem(path.name, text, row=1, hint="save it with commas"))
        return None
    return RawTable(header, tuple(rows[1:]))


def aligned(
    name: str, raw: RawTable, problems: list[Problem], *, may_stop_early: bool = False
) -> list[tuple[int, dict[str, str]]]:
    """Rows as dictionaries by header; rows of another width are problems and left out.

    With ``may_stop_early`` (files typed by hand) a short row has empty cells at its end.
    """
    width = len(raw.header)
    kept = []
    for line, cells in raw.rows:
        if may_stop_early:
            cells += ("",) * (width - len(cells))
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            hint = "a comma inside a cell needs quotes around the cell"
            text = f"has {len(cells)} cells, the header has {width}"
            problems.append(Problem(name, text, row=line, hint=hint))
            continue
        kept.append((line, dict(zip(raw.header, (cell.strip() for cell in cells), strict=False))))
    return kept


def read_table(
    folder: Path, table: Table, foreign: Mapping[str, str], problems: list[Problem]
) -> list[Row]:
    """All rows of a table that could be read, typed by the schema; faults go to ``problems``.

    Args:
        folder: the district's folder.
        table: what the file must hold.
        foreign: the file's own column names -> ours (``[columns.<table>]`` of district.toml).
        problems: gets every fault. A row with faulty cells is kept without those values.
    """
    path = folder / table.file
    if table.may_be_missing and not path.exists():  # district.read_district says if it may
        return []
    raw = read_csv(path, table.max_rows, problems)
    if raw is None:
        return []
    header = tuple(foreign.get(name, name) for name in raw.header)
    columns = _columns(table, header, foreign, problems)
    if not raw.rows and not table.may_be_empty:
        hint = "add at least one"
        problems.append(Problem(table.file, "the table has no rows", row=1, hint=hint))
    rows = []
    for line, cells in aligned(table.file, RawTable(header, raw.rows), problems):
        values: dict[str, Any] = {}
        for column in columns:
            value = typed(table, column, line, cells.get(column.name, ""), problems)
            if value is not None:
                values[column.name] = value
        rows.append(Row(line, values, cells))
    return rows


def _columns(
    table: Table, header: tuple[str, ...], foreign: Mapping[str, str], problems: list[Problem]
) -> list[Column]:
    """Columns to parse: those in the header and the optional ones, which take their default."""
    for name in sorted({name for name in header if header.count(name) > 1 and name}):
        problems.append(Problem(table.file, "the column appears twice", row=1, column=name))
    ours = {column.name for column in table.columns}
    unused = [name for name in header if name not in ours]
    present = []
    for column in table.columns:
        if column.name in header or not column.required:
            present.append(column)
            continue
        hint = did_you_mean(column.name, unused)
        hint += (
            f"{' ' if hint else ''}rename it, or map it in district.toml, [columns.{table.name}]"
        )
        problems.append(
            Problem(table.file, "the column is missing", row=1, column=column.name, hint=hint)
        )
    for name in sorted(set(foreign) - set(header)):
        if foreign[name] not in header:
            text = f"[columns.{table.name}] maps a column that {table.file} does not have"
            key = f"columns.{table.name}"
            hint = did_you_mean(name, header)
            problems.append(Problem("district.toml", text, column=key, value=name, hint=hint))
    return present
