"""What facilities can take, and who is at which of them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from routes.problem import NO_LIMIT
from sanitation.model import District
from sanitation.places import DumpPoint, FillPoint, TransferStation


@dataclass(frozen=True, slots=True)
class Facilities:
    """What limits visits: bays, opening hours, and the kilograms that a day may still bring.

    A facility without an entry is always open and takes everything.
    """

    bays: Mapping[str, int]
    hours: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    room_kg: Mapping[str, int] = field(default_factory=dict)


class Bookings:
    """Who is at which facility when. Without limits there is never a queue."""

    def __init__(self, limits: Facilities | None) -> None:
        self.limits = limits
        self.taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
        # By job and facility.
        self.brought_kg: dict[tuple[str, str], int] = defaultdict(int)

    def first_slot(self, facility: str, ready_s: int, took_s: int) -> int | None:
        """Earliest start at or after ``ready_s`` with a bay free all the time, None for never."""
        if self.limits is None or not facility:
            return ready_s
        opens_s, closes_s = self.limits.hours.get(facility, (ready_s, ready_s + NO_LIMIT))
        begin = self._free(facility, max(ready_s, opens_s), took_s)
        return None if begin + took_s > closes_s else begin

    def _free(self, facility: str, ready_s: int, took_s: int) -> int:
        assert self.limits is not None
        bays = self.limits.bays[facility]
        held = [span for span in self.taken[facility] if span[1] > ready_s]
        if sum(span[0] < ready_s + took_s for span in held) < bays:
            return ready_s
        for begin in sorted({ready_s, *(end for _, end in held)}):
            inside = [span for span in held if span[0] < begin + took_s and span[1] > begin]
            edges = {begin, *(start for start, _ in inside if start > begin)}
            if max(sum(a <= edge < b for a, b in inside) for edge in edges) < bays:
                return begin
        raise AssertionError("after the last one has left a bay is free")

    def book(self, facility: str, start_s: int, end_s: int) -> None:
        if self.limits is not None and facility and end_s > start_s:
            self.taken[facility].append((start_s, end_s))

    def has_room(self, job: str, facility: str, load_kg: int, share_kg: Mapping[str, int]) -> bool:
        """Whether a facility takes a load: it has room today, and of the job's share of it."""
        if self.limits is None:
            return True
        today_kg = self.brought_kg["", facility] + load_kg
        own_kg = self.brought_kg[job, facility] + load_kg
        return today_kg <= self.limits.room_kg.get(facility, NO_LIMIT) and own_kg <= share_kg.get(
            facility, NO_LIMIT
        )

    def bring(self, job: str, facility: str, load_kg: int) -> None:
        """A load is let off."""
        for key in ("", job):
            self.brought_kg[key, facility] += load_kg


def facilities_of(district: District) -> Facilities:
    """The limits of every fill point, dump point and station."""
    posts: tuple[FillPoint | DumpPoint | TransferStation, ...] = (
        *district.fill_points,
        *district.dump_points,
        *district.stations,
    )
    return Facilities(
        bays={post.id: post.bays for post in posts},
        hours={station.id: (station.open_s, station.close_s) for station in district.stations},
        room_kg={
            station.id: round(1000 * station.throughput_t_day) for station in district.stations
        },
    )
