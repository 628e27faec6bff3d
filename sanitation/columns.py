"""What a column and a table of a district are, and the columns that many tables share."""

from __future__ import annotations

from dataclasses import dataclass

PROVENANCE = ("source", "public", "default", "model", "sample")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``kind`` is text, int, float, bool (0/1), clock (HH:MM, "-1d 22:30" for the evening before),
    ways (OSM way ids, ";" between), choice, provenance, pairs ("key=value;key=value", floats),
    words (";" between) or spans ("04:30-07:00;19:00-21:30").
    ``low``/``high`` bound numbers (inclusive); ``ref`` is "table.column" that must hold the value.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    required: bool = True
    default: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file. ``key`` is unique; more than ``max_rows`` rows are refused unread."""

    name: str
    key: str
    columns: tuple[Column, ...]
    max_rows: int = 100_000
    may_be_empty: bool = False
    may_be_missing: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def lonlat() -> tuple[Column, Column]:
    return (
        Column("lon", "float", "longitude, WGS-84", "degree", low=-180, high=180),
        Column("lat", "float", "latitude, WGS-84", "degree", low=-90, high=90),
    )


PROVENANCE_COLUMN = Column("provenance", "provenance", "where the row comes from")
NAME = Column("name", "text", "Chinese name")
SUBDISTRICT = Column("subdistrict", "text", "subdistrict", ref="subdistricts.subdistrict_id")
