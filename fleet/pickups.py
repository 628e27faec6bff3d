"""What is to be collected, what takes it in and in which hours; and who takes what, as an answer.

Units: kilograms, seconds, metres in a local plane; ids are strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.model import SolveNote


@dataclass(frozen=True, slots=True)
class Pickup:
    """The waste of one stream at one community on one day; it is never split.

    ``work_s`` is the time at the kerb. ``shifts`` (at least one) are those in which it may be
    taken. ``way_s`` is the mean of the way there and back by station, only of stations that accept
    the stream and can be reached. ``lot_kg`` is the payload of the truck that comes. A kilogram
    that must be left counts ``importance`` times (1 or more).
    """

    id: str
    stream: str
    kg: int
    work_s: int
    shifts: tuple[str, ...]
    way_s: Mapping[str, int]
    x_m: float
    y_m: float
    lot_kg: int
    importance: float = 1.0

    def __post_init__(self) -> None:
        if self.kg < 0 or self.work_s < 0 or self.lot_kg <= 0 or self.importance < 1:
            raise ValueError(f"pickup {self.id} has a weight, work, lot or importance too small")
        if not self.shifts:
            raise ValueError(f"pickup {self.id} may be taken in no shift")

    @property
    def layer(self) -> tuple[str, int]:
        """Pickups that the same trucks take: stream and payload."""
        return self.stream, self.lot_kg


@dataclass(frozen=True, slots=True)
class Intake:
    """What a station takes in: in a day, all streams together, and in each shift.

    ``per_shift_kg`` is what bays and opening hours allow; a shift that is not named is closed.
    """

    id: str
    throughput_kg: int
    per_shift_kg: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Band:
    """A shift of a stream; ``work_s`` is the length of the hours in which it may be taken."""

    id: str
    stream: str
    work_s: int


@dataclass(frozen=True, slots=True)
class Catchment:
    """Which station serves which pickups, and in which shift each is taken.

    ``left`` fits nowhere. ``load_kg`` is by station and shift.
    """

    station: Mapping[str, str]
    shift: Mapping[str, str]
    left: tuple[str, ...]
    load_kg: Mapping[tuple[str, str], int]
    notes: tuple[SolveNote, ...]


Before = Mapping[str, tuple[str, str]]
"""Station and shift of each pickup in an answer given before."""


def checked(pickups: Sequence[Pickup], intakes: Sequence[Intake], bands: Sequence[Band]) -> None:
    """Raise ValueError where ids are not unique or a pickup names what is not there."""
    stations = {i.id for i in intakes}
    hours = {(b.stream, b.id) for b in bands}
    if len(stations) < len(intakes) or len(hours) < len(bands):
        raise ValueError("two stations or two bands are the same")
    if len({p.id for p in pickups}) < len(pickups):
        raise ValueError("two pickups have the same id")
    for p in pickups:
        if not all((p.stream, t) in hours for t in p.shifts):
            raise ValueError(f"pickup {p.id} may be taken in a shift that its stream has not")
        if not stations.issuperset(p.way_s):
            raise ValueError(f"pickup {p.id} knows the way to a station that is not there")
