"""The office's tables as CSV, a file each, and the day's statement as one more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sanitation.export.csvtext import bare_csv_bytes, encoded, guarded
from sanitation.export.daytable import DayTable, cell_text
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.statement import Statement
from sanitation.export.tables_day import day_tables

FOLDER = "csv/tables"


def table_files(
    handout: Handout, lang: str, encoding: str, one_run: bool
) -> Iterator[tuple[str, bytes]]:
    """``csv/tables/<table>.csv``; those of one run lie in ``csv/tables/<run>/``, so that they
    never stand in for the day's.

    The first line of a table has its headings, every other one a row; ``statement.csv`` is laid
    out as its page.
    """
    day = day_tables(handout, lang, one_run)
    folder = f"{FOLDER}/{safe_name(handout.plan.runs[0].id)}" if one_run else FOLDER
    if day.statement is not None:
        yield f"{folder}/statement.csv", encoded(statement_csv(day.statement), encoding)
    for table in (*day.overview, *day.tables):
        yield f"{folder}/{table.key}.csv", encoded(bare_csv_bytes(_lines(table)), encoding)


def _lines(table: DayTable) -> Iterator[list[str]]:
    yield [guarded(column.heading) for column in table.columns]
    for row in table.rows:
        yield [
            guarded(cell) if isinstance(cell, str) else cell_text(cell, column.kind)
            for cell, column in zip(row, table.columns, strict=True)
        ]


def statement_csv(statement: Statement) -> bytes:
    """Fields, then the page's tables under their titles, notes, origin and room to sign."""
    lines: list[Sequence[str]] = [_guarded((statement.title, statement.model_mark))]
    lines += [_guarded(field) for field in statement.fields]
    for table in statement.tables:
        lines += [(), _guarded((table.title,)), *_lines(table)]
    lines += [(), *(_guarded((note,)) for note in statement.notes)]
    lines += [(), *(_guarded(field) for field in statement.origin)]
    lines += [(sign, "") for sign in statement.signs]
    return bare_csv_bytes(lines)


def _guarded(cells: Iterable[str]) -> list[str]:
    return [guarded(cell) for cell in cells]
