"""What facilities can take, and who is at which of them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from routes.problem import NO_LIMIT
from sanitation.duties import haulage
from sanitation.model import District
from sanitation.places import NIGHT_SOIL, DumpPoint, FillPoint, Terminal, TransferStation

# A full container is gone so long after it is full, or after the hook-lifts begin.
HAULED_S = 7200


@dataclass(frozen=True, slots=True)
class Boxes:
    """The containers of a station for a stream, and what has come and is booked to come.

    ``came``: (second, kilograms), the first one is what was there at 00:00.
    """

    places: int
    container_kg: int
    hauls_from_s: int
    came: tuple[tuple[int, int], ...]

    def with_load(self, time_s: int, kg: int) -> Boxes:
        return replace(self, came=tuple(sorted((*self.came, (time_s, kg)))))

    @property
    def overfull(self) -> bool:
        """Whether more comes at any moment than fits, if containers leave as they are hauled."""
        total = 0
        gone: list[int] = []  # when each full container is gone
        for moment, kg in self.came:
            total += kg
            left = self.container_kg * sum(away_s <= moment for away_s in gone)
            if total - left > self.places * self.container_kg:
                return True
            while total >= self.container_kg * (len(gone) + 1):
                gone.append(max(moment, self.hauls_from_s) + HAULED_S)
        return False


@dataclass(frozen=True, slots=True)
class Facilities:
    """What limits visits: bays, opening hours, and the kilograms that a day may still bring.

    A facility without an entry is always open and takes everything.
    """

    bays: Mapping[str, int]
    hours: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    room_kg: Mapping[str, int] = field(default_factory=dict)
    boxes: Mapping[tuple[str, str], Boxes] = field(default_factory=dict)  # by station, stream


class Bookings:
    """Who is at which facility when. Without limits there is never a queue."""

    def __init__(self, limits: Facilities | None) -> None:
        self.limits = limits
        self.taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
        # By job and facility.
        self.brought_kg: dict[tuple[str, str], int] = defaultdict(int)
        self.boxes: dict[tuple[str, str], Boxes] = dict(limits.boxes) if limits else {}

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

    def has_room(self, load: Load, facility: str, end_s: int, share_kg: Mapping[str, int]) -> bool:
        """Whether a facility takes a load whose unloading ends then.

        It must have room today, of the job's share of it, and in its containers.
        """
        if self.limits is None:
            return True
        today_kg = self.brought_kg["", facility] + load.kg
        own_kg = self.brought_kg[load.job, facility] + load.kg
        if today_kg > self.limits.room_kg.get(facility, NO_LIMIT):
            return False
        boxes = self.boxes.get((facility, load.stream))
        full = boxes is not None and boxes.with_load(end_s, load.kg).overfull
        return not full and own_kg <= share_kg.get(facility, NO_LIMIT)

    def bring(self, load: Load, facility: str, end_s: int) -> None:
        """A load is let off."""
        for job in ("", load.job):
            self.brought_kg[job, facility] += load.kg
        key = facility, load.stream
        if key in self.boxes:
            self.boxes[key] = self.boxes[key].with_load(end_s, load.kg)


@dataclass(frozen=True, slots=True)
class Load:
    """What a truck carries, and for which job."""

    job: str
    stream: str
    kg: int


def facilities_of(
    district: District, stock_kg: Mapping[tuple[str, str], int] | None = None
) -> Facilities:
    """The limits of every fill point, dump point, station and plant for night soil.

    A plant has as many bays as trucks come.

    Args:
        stock_kg: what is in the stations' containers at 00:00; None where nothing is hauled, so
            that only the day's throughput limits them.
    """
    hauls_from_s = min(
        (s.start_s for s in district.shifts if haulage.SERVICE in s.services), default=0
    )
    posts: tuple[FillPoint | DumpPoint | TransferStation, ...] = (
        *district.fill_points,
        *district.dump_points,
        *district.stations,
    )
    plants = [terminal for terminal in district.terminals if NIGHT_SOIL in terminal.streams]
    gates: tuple[TransferStation | Terminal, ...] = (*district.stations, *plants)
    bays = dict.fromkeys((plant.id for plant in plants), NO_LIMIT)
    return Facilities(
        bays=bays | {post.id: post.bays for post in posts},
        hours={gate.id: (gate.open_s, gate.close_s) for gate in gates},
        room_kg={
            station.id: round(1000 * station.throughput_t_day) for station in district.stations
        },
        boxes={
            (row.station_id, row.stream): Boxes(
                row.places,
                row.container_kg,
                hauls_from_s,
                ((0, stock_kg[row.station_id, row.stream]),),
            )
            for row in district.station_streams
        }
        if stock_kg is not None
        else {},
    )
