"""Collection 收运: which streams are due at which communities on a date, and when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from sanitation.model import District, Duty, Window
from sanitation.places import Community, Stream

SERVICE = "collect"


@dataclass(frozen=True, slots=True)
class Pickup:
    """A stream that is due at a community, before it is known in which shift it is taken.

    ``times``: the shifts in which it may be taken, and the hours of each in which the community
    may be visited, the earliest first. ``types``: vehicle types that carry the stream and fit the
    lane, the largest payload first.
    """

    community_id: str
    stream: str
    load_kg: int
    bins: int
    types: tuple[str, ...]
    times: tuple[tuple[str, tuple[Window, ...]], ...]

    @property
    def id(self) -> str:
        return f"{self.community_id}/{self.stream}"

    def duty(self, shift_id: str) -> Duty:
        """The duty of taking it in a shift, one of ``times``."""
        return Duty(
            id=f"{SERVICE}/{shift_id}/{self.id}",
            service=SERVICE,
            shift_id=shift_id,
            section_id="",
            road_id="",
            round_no=1,
            pass_no=0,
            lane=0,
            length_m=0,
            windows=dict(self.times)[shift_id],
            priority=PRIORITY[self.stream],
            site_id=self.community_id,
            stream=self.stream,
            load_kg=self.load_kg,
            bins=self.bins,
            types=self.types,
        )


# What smells is taken first; recyclables and hazardous waste can wait for a day.
PRIORITY = {"kitchen": 40, "residual": 30, "recyclable": 10, "hazardous": 10}


def pickups_of(district: District, date: str, tonnage: float = 1.0) -> tuple[Pickup, ...]:
    """Everything due on a date, sorted by community and stream.

    Args:
        date: ISO 8601.
        tonnage: share of the tables' kilograms that the day brings.
    """
    ordinal = dt.date.fromisoformat(date).toordinal()
    found = []
    for community in district.communities:
        for stream in district.streams:
            due = ordinal % stream.every_days == community.slot(stream.id)
            kilograms = due_kg(community, stream, tonnage) if due else 0
            if kilograms:
                found.append(
                    Pickup(
                        community.id,
                        stream.id,
                        kilograms,
                        math.ceil(kilograms / stream.kg_per_bin),
                        _types(district, community, stream),
                        tuple(_times(district, community, stream)),
                    )
                )
    return tuple(found)


def due_kg(community: Community, stream: Stream, tonnage: float) -> int:
    """Whole kilograms that wait at a community on a day on which the stream is due."""
    return round(community.kg_a_day(stream.id) * stream.every_days * tonnage)


def _types(district: District, community: Community, stream: Stream) -> tuple[str, ...]:
    able = [
        kind
        for kind in district.vehicle_types
        if SERVICE in kind.services
        and stream.id in kind.streams
        and (kind.narrow or community.access != "narrow")
    ]
    return tuple(kind.id for kind in sorted(able, key=lambda kind: (-kind.payload_kg, kind.id)))


def _times(
    district: District, community: Community, stream: Stream
) -> Iterator[tuple[str, tuple[Window, ...]]]:
    rows = [row for row in district.collection if row.stream == stream.id]
    for row in sorted(rows, key=lambda row: (row.start_s, row.id)):
        own = community.windows or ((row.start_s, row.end_s),)
        windows = tuple(
            Window(max(start_s, row.start_s), min(end_s, row.end_s))
            for start_s, end_s in own
            if max(start_s, row.start_s) < min(end_s, row.end_s)
        )
        if windows:
            yield row.shift_id, windows
