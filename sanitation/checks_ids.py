"""Checks of ids: each once, known wherever it is named, and no two places under one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanitation.cells import did_you_mean
from sanitation.errors import Problem
from sanitation.schema import TABLE, TABLES
from sanitation.tables import Row, Tables, fault

# Looking for close names takes milliseconds each: a wholly wrong column gets hints at its head.
MAX_HINTS = 20
SITES = ("stations", "communities", "toilets", "septic_tanks")
# A plan names these in its columns `facility` and `site`: one id is one place.
PLACES = ("depots", "fill_points", "dump_points", "terminals", *SITES)


def check_ids(tables: Tables) -> list[Problem]:
    """Ids given twice, ids that no table has, places that share one, sites like sections."""
    problems: list[Problem] = []
    for table in TABLES:
        problems += once(table.name, (table.key,), tables[table.name])
        for column in table.columns:
            if column.ref:
                other, key = column.ref.split(".")
                known = ids(tables[other], key)
                text = f"is not in {TABLE[other].file}"
                problems += known_ids(table.name, column.name, tables[table.name], known, text)
    problems += once("vehicles", ("plate",), tables["vehicles"])
    problems += _places(tables)
    problems += _sites(tables)
    return problems


def ids(rows: Iterable[Row], column: str) -> frozenset[str]:
    """What a column holds, as far as it could be read."""
    return frozenset(row.values[column] for row in rows if column in row.values)


def once(table: str, columns: tuple[str, ...], rows: Sequence[Row]) -> list[Problem]:
    """Rows that repeat an earlier one in all of the columns."""
    first: dict[tuple[object, ...], int] = {}
    problems = []
    for row in rows:
        values = tuple(row.values.get(column) for column in columns)
        if None in values:
            continue
        if values in first:
            text = f"is already on line {first[values]}"
            shown = ", ".join(row.cells.get(column, "") for column in columns)
            problems.append(fault(table, row, ", ".join(columns), text, value=shown))
        first.setdefault(values, row.line)
    return problems


def known_ids(
    table: str, column: str, rows: Sequence[Row], known: frozenset[str], text: str
) -> list[Problem]:
    """Cells of a column that are none of the known ids; several where a cell holds several.

    Nothing is said where no id is known: the other file's own problem says why, and blaming
    every row here would bury it.
    """
    hints: dict[str, str] = {}
    problems = []
    for row in rows if known else ():
        value = row.values.get(column, ())
        several = isinstance(value, tuple)
        for name in value if several else (value,):
            if name in known:
                continue
            if name not in hints:
                hints[name] = did_you_mean(name, sorted(known)) if len(hints) < MAX_HINTS else ""
            shown = name if several else None
            problems.append(fault(table, row, column, text, hints[name], shown))
    return problems


def _places(tables: Tables) -> list[Problem]:
    first: dict[object, str] = {}
    problems = []
    for table in PLACES:
        here: dict[object, str] = {}
        for row in tables[table]:
            value = row.values.get(TABLE[table].key)
            if value in first:
                text = f"is already used in {first[value]}"
                problems.append(fault(table, row, TABLE[table].key, text, "rename one of them"))
            elif value is not None:
                here.setdefault(value, f"{TABLE[table].file}:{row.line}")
        first |= here
    return problems


def _sites(tables: Tables) -> list[Problem]:
    """A section is called after its road, R012-01F: a site may not be called so, too."""
    roads = ids(tables["roads"], "road_id")
    problems = []
    for table in SITES:
        key = TABLE[table].key
        for row in tables[table]:
            value = str(row.values.get(key, ""))
            marks = (place for place, letter in enumerate(value) if letter == "-")
            road = next((value[:mark] for mark in marks if value[:mark] in roads), None)
            if road is not None:
                text = f"looks like a section of road {road}"
                problems.append(fault(table, row, key, text, f"let it not begin with {road}-"))
    return problems
