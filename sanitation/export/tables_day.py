"""The tables of the office's files, those of a day and those of one run, in the sheets' order."""

from __future__ import annotations

from dataclasses import dataclass

from sanitation.export.daylook import look_of
from sanitation.export.daytable import DayTable
from sanitation.export.handout import Handout
from sanitation.export.statement import Statement, statement_of
from sanitation.export.tables_faults import (
    orders_table,
    suspended_table,
    uncovered_table,
    violations_table,
)
from sanitation.export.tables_fleet import drivers_table, posts_table, vehicles_table
from sanitation.export.tables_overview import (
    hours_table,
    overview_tables,
    stations_table,
    stock_table,
)
from sanitation.export.tables_work import (
    refills_table,
    runs_table,
    sections_table,
    unloadings_table,
)


@dataclass(frozen=True, slots=True)
class DayTables:
    """``tables`` have a sheet each; ``statement`` is None, ``overview`` () of one run alone."""

    statement: Statement | None
    overview: tuple[DayTable, ...]
    tables: tuple[DayTable, ...]


def day_tables(handout: Handout, lang: str, one_run: bool) -> DayTables:
    """Everything that the workbook and the CSV files say.

    Args:
        one_run: the handout is of one run, of which nothing of the day is told.

    Raises:
        ValueError: unknown language.
    """
    look = look_of(handout, lang)
    work = (
        runs_table(handout, look),
        sections_table(handout, look),
        refills_table(handout, look),
        unloadings_table(handout, look),
    )
    if one_run:
        return DayTables(None, (), work)
    vehicles, drivers = vehicles_table(handout, look), drivers_table(handout, look)
    tables = (
        *work,
        uncovered_table(handout, look),
        suspended_table(handout, look),
        orders_table(handout, look),
        violations_table(handout, look),
        vehicles,
        hours_table(handout, look),
        drivers,
        posts_table(handout, look),
        stations_table(handout, look),
        stock_table(handout, look),
    )
    return DayTables(
        statement=statement_of(handout, look, vehicles, drivers),
        overview=overview_tables(handout, look),
        tables=tables,
    )
