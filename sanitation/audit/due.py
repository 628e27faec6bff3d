"""What is due: metres and passes by road, service and shift, from the standards table alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sanitation.audit.books import Books
from sanitation.audit.streets import Step, Streets, bearing, metres
from sanitation.model import WET_SERVICES, Road, Standard

OPPOSITE_WITHIN_M = 60.0  # the other carriageway of a dual road lies closer than this
DUAL_FROM = 0.3  # share of a road's metres with another carriageway beside, to be called dual
Key = tuple[str, str, str]  # service, shift, road


@dataclass(frozen=True, slots=True)
class Due:
    """``passes`` is the sum over all rounds of the passes of a whole round (both directions)."""

    rounds: int
    passes: int


@dataclass(frozen=True, slots=True)
class RoadSteps:
    """A road's directed steps: metres, and each direction's share of a round's passes.

    The share is 0.5 where the road is driven in both directions and 1 where it is one-way.
    """

    length_m: Mapping[Step, float]
    share: float


def due_work(books: Books) -> dict[Key, Due]:
    """Rounds and passes due of every road; several rows for one road and shift add up."""
    rows: dict[tuple[str, str, int, bool], Due] = {}
    for row in books.district.standards:
        if not holds(row, books):
            continue
        for key_area in (False, True):
            if row.scope == "all" or (row.scope == "key") == key_area:
                key = row.service, row.shift_id, row.grade, key_area
                was = rows.get(key, Due(0, 0))
                rows[key] = Due(was.rounds + row.rounds, was.passes + row.rounds * row.passes)
    return {
        (service, shift, road.id): due
        for (service, shift, grade, key_area), due in rows.items()
        for road in books.district.roads
        if road.grade == grade and road.key_area == key_area
    }


def holds(row: Standard, books: Books) -> bool:
    """Whether a row of the standards is about this day and the services that were asked for."""
    weather = books.weather
    if row.condition not in weather.active or row.service not in books.services:
        return False
    if row.condition == "cold_sweep" and row.shift_id not in weather.cut:
        # A dry sweep stands in for the wet work of its own shift only.
        return False
    if row.season in ("any", weather.season):
        return True
    # Warm rows of wet work are due in the cold season too, and suspended for it, unless the
    # table has rows of its own for the cold season.
    same = (row.service, row.shift_id, row.grade, row.condition)
    return (
        row.season == "warm"
        and row.service in WET_SERVICES
        and not any(
            (r.service, r.shift_id, r.grade, r.condition) == same and r.season == "cold"
            for r in books.district.standards
        )
    )


def allowed_spans(books: Books, service: str, shift_id: str) -> list[tuple[int, int]]:
    """Where in a shift a service may work: wet services by weather and peaks, others throughout."""
    shift = books.shifts[shift_id]
    if service not in WET_SERVICES:
        return [(shift.start_s, shift.end_s)]
    return books.weather.wet_spans(shift.start_s, shift.end_s, peaks=True)


def round_window(
    books: Books, key: Key, due: Due, round_no: int, dropped: frozenset[int]
) -> tuple[int, int]:
    """Where a round may be driven: rounds share the shift out evenly.

    Even shares can be read as shares of the clock, of the time that is allowed, or of the longest
    piece of it, among all rounds or among those that are not suspended (``dropped`` are). The
    window holds them all.
    """
    service, shift_id, _ = key
    shift = books.shifts[shift_id]
    whole = [(shift.start_s, shift.end_s)]
    if round_no > due.rounds:  # an extra order's
        return whole[0]
    allowed = allowed_spans(books, service, shift_id) or whole
    longest = [max(allowed, key=lambda span: (span[1] - span[0], -span[0]))]
    kept = [number for number in range(1, due.rounds + 1) if number not in dropped]
    shares = [_share(spans, round_no, due.rounds) for spans in (whole, allowed, longest)]
    if round_no in kept:
        at = kept.index(round_no) + 1
        shares += [_share(spans, at, len(kept)) for spans in (allowed, longest)]
    return min(low for low, _ in shares), max(high for _, high in shares)


def _share(spans: list[tuple[int, int]], number: int, parts: int) -> tuple[int, int]:
    """First and last second of the ``number``-th of ``parts`` equal parts of some spans."""
    total = sum(high - low for low, high in spans)
    number = min(max(number, 1), parts)
    edges = (total * (number - 1) / parts, total * number / parts)

    def second(spent: float, late: bool) -> float:
        for low, high in spans:
            if spent < high - low or (late and spent == high - low):
                return low + spent
            spent -= high - low
        return spans[-1][1]

    return math.floor(second(edges[0], late=False)), math.ceil(second(edges[1], late=True))


def road_steps(road: Road, streets: Streets) -> RoadSteps:
    """The steps of a road's ways that can be reached, and the share of each direction.

    A road is one-way if no step may be driven back and hardly any has another carriageway beside.
    """
    steps = [step for way in road.way_ids for step in streets.way_steps.get(way, ())]
    length_m = {step: streets.length_m[step] for step in steps}
    one_way = not any((v, u, way) in streets.length_m for u, v, way in steps)
    if one_way:
        beside_m = sum(
            length_m[step]
            for step in steps
            if any(_opposite(step, other, streets) for other in steps)
        )
        one_way = beside_m < DUAL_FROM * sum(length_m.values())
    return RoadSteps(length_m, 1.0 if one_way else 0.5)


def _opposite(step: Step, other: Step, streets: Streets) -> bool:
    """Whether another one-way step runs back beside this one, as a dual road's carriageways do."""
    (a, b), (c, d) = ((streets.position[u], streets.position[v]) for u, v, _ in (step, other))
    turn = abs((bearing(a, b) - bearing(c, d) + 180) % 360 - 180)
    if turn < 120:
        return False
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    # Nearest point of the other step, on a plane in degrees shrunk by latitude.
    shrink = math.cos(math.radians(a[1]))
    east, north = (d[0] - c[0]) * shrink, d[1] - c[1]
    along = (middle[0] - c[0]) * shrink * east + (middle[1] - c[1]) * north
    part = min(1.0, max(0.0, along / ((east * east + north * north) or 1.0)))
    nearest = (c[0] + part * (d[0] - c[0]), c[1] + part * (d[1] - c[1]))
    return metres(middle, nearest) < OPPOSITE_WITHIN_M
