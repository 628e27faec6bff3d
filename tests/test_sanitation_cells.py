"""Cells that hold several things: words, and spans of hours."""

from __future__ import annotations

from typing import Any

import pytest

from sanitation.cells import typed
from sanitation.columns import Column, Table
from sanitation.errors import Problem

WORDS = Column("streams", "words", "streams it takes")
MAY_BE_EMPTY = Column("streams", "words", "streams it carries", required=False)
SPANS = Column("windows", "spans", "hours", required=False)


def read(column: Column, cell: str) -> tuple[Any, list[str]]:
    problems: list[Problem] = []
    value = typed(Table("things", "id", (column,)), column, 2, cell, problems)
    return value, [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("residual", ("residual",)),
        ("residual;kitchen", ("residual", "kitchen")),
        (" residual ；  kitchen; ", ("residual", "kitchen")),  # a full-width semicolon
        ("ｋｉｔｃｈｅｎ", ("kitchen",)),
    ],
)
def test_words(cell: str, value: tuple[str, ...]) -> None:
    """Words in their order, without blanks, full-width letters as plain ones."""
    assert read(WORDS, cell) == (value, [])


@pytest.mark.parametrize("cell", ["", ";", " ； "])
def test_words_may_be_empty_or_not(cell: str) -> None:
    """No word is () where the column may be empty, else a fault."""
    assert read(MAY_BE_EMPTY, cell) == ((), [])
    value, told = read(WORDS, cell)
    assert value is None
    assert told == [f"things.csv:2: streams: is empty (value {cell!r}); streams it takes"]


def test_a_word_twice() -> None:
    """The same word twice is a fault, told once."""
    value, told = read(WORDS, "kitchen;residual;kitchen")
    assert value is None
    assert told == [
        "things.csv:2: streams: 'kitchen' is listed twice (value 'kitchen;residual;kitchen')"
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", ()),
        ("04:30-07:00", ((16_200, 25_200),)),
        ("04:30-07:00;19:00-21:30", ((16_200, 25_200), (68_400, 77_400))),
        ("4:30 – 7:00 ； 07:00-24:00;", ((16_200, 25_200), (25_200, 86_400))),
        ("０４：３０-０７：００", ((16_200, 25_200),)),
    ],
)
def test_spans(cell: str, value: tuple[tuple[int, int], ...]) -> None:
    """Seconds after 00:00; a span may begin where the one before it ends."""
    assert read(SPANS, cell) == (value, [])


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("04:30", "'04:30' is no span of hours (value '04:30'); as in 04:30-07:00;19:00-21:30"),
        ("4-7", "'4-7' is no span of hours (value '4-7'); as in"),
        ("-1d 22:30-06:00", "'-1d 22:30-06:00' is no span of hours"),
        ("04:30-07:60", "is not a clock time (value '04:30-07:60'); write HH:MM"),
        ("04:30-25:00", "is not a clock time (value '04:30-25:00'); write HH:MM"),
        ("07:00-04:30", "'07:00-04:30' ends before it begins (value '07:00-04:30')"),
        ("07:00-07:00", "'07:00-07:00' ends before it begins"),
        ("09:00-11:00;10:59-12:00", "'10:59-12:00' begins before the span before it ends"),
        ("19:00-21:30;04:30-07:00", "'04:30-07:00' begins before the span before it ends"),
    ],
)
def test_spans_with_faults(cell: str, told: str) -> None:
    """What is no span, no clock time, backwards, or not in order is told, and only that."""
    value, found = read(SPANS, cell)
    assert value is None
    assert len(found) == 1
    assert found[0].startswith(f"things.csv:2: windows: {told}")
