"""What the district's tables say about waste, by id, and what is due at the communities today."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sanitation.audit.rows import PlanRows
from sanitation.model import District
from sanitation.places import (
    Community,
    StationStream,
    Stream,
    Terminal,
    TerminalWay,
    TransferStation,
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DueLoad:
    """What one visit to a community takes of a stream."""

    kg: int
    bins: int


@dataclass(frozen=True, eq=False)
class Waste:
    """Look-ups of collection and haulage.

    Attributes:
        holdings: (station, stream) -> the containers there.
        ways: (station or depot, terminal) -> the way between them.
        hours: (stream, shift) -> when communities may be visited for it.
        due: (community, stream) -> what is to be collected on the plan's date.
        closed: stations where nothing may be unloaded on that day.
    """

    streams: Mapping[str, Stream]
    communities: Mapping[str, Community]
    stations: Mapping[str, TransferStation]
    terminals: Mapping[str, Terminal]
    holdings: Mapping[tuple[str, str], StationStream]
    ways: Mapping[tuple[str, str], TerminalWay]
    hours: Mapping[tuple[str, str], tuple[Span, ...]]
    due: Mapping[tuple[str, str], DueLoad]
    closed: frozenset[str]


def read_waste(district: District, rows: PlanRows, services: frozenset[str]) -> Waste:
    """The tables of waste; nothing is due where the plan was not asked for collection."""
    hours: dict[tuple[str, str], tuple[Span, ...]] = {}
    for row in district.collection:
        key = (row.stream, row.shift_id)
        hours[key] = (*hours.get(key, ()), (row.start_s, row.end_s))
    return Waste(
        streams={stream.id: stream for stream in district.streams},
        communities={community.id: community for community in district.communities},
        stations={station.id: station for station in district.stations},
        terminals={terminal.id: terminal for terminal in district.terminals},
        holdings={(row.station_id, row.stream): row for row in district.station_streams},
        ways={(way.place_id, way.terminal_id): way for way in district.terminal_ways},
        hours=hours,
        due=_due(district, rows) if "collect" in services else {},
        closed=rows.closed,
    )


def _due(district: District, rows: PlanRows) -> dict[tuple[str, str], DueLoad]:
    """Streams whose day it is: the waste of all days since the last collection, in full bins.

    It is as much of the tables' as the plan was asked for by its option ``tonnage``.
    """
    due = {}
    for stream in district.streams:
        for community in district.communities:
            cycle = stream.every_days
            if cycle > 1 and rows.day.toordinal() % cycle != community.slot(stream.id):
                continue
            kg = round(community.kg_a_day(stream.id) * cycle * rows.tonnage)
            if kg > 0:
                due[community.id, stream.id] = DueLoad(kg, math.ceil(kg / stream.kg_per_bin))
    return due
