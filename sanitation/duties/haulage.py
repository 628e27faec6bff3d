"""Haulage 转运: full containers of the transfer stations go to the city's terminals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fleet.model import Shift
from sanitation.model import District, Duty, Window
from sanitation.places import StationStream, Terminal, TerminalWay

SERVICE = "haul"
DAY_END_S = 86_400
PRIORITY = 40


@dataclass(frozen=True, slots=True)
class Inflow:
    """Kilograms of a stream that a station has from a moment on."""

    station_id: str
    stream: str
    time_s: int
    kg: int


@dataclass(frozen=True, slots=True)
class Haul:
    """A container that is to leave its station, before it is known in which shift.

    ``ready_s`` it is full; ``due_s`` it must be gone, or the station has no room. Both are
    counted at the station, where it is gone once the hook-lift has it.
    """

    station_id: str
    stream: str
    number: int  # from 1, by station and stream
    load_kg: int
    ready_s: int
    due_s: int


def way_to_terminal(
    district: District, station_id: str, stream: str
) -> tuple[Terminal, TerminalWay]:
    """The nearest terminal that takes a stream, and the way there.

    Raises:
        KeyError: there is none; the district's checks refuse such tables.
    """
    taking = {
        terminal.id: terminal for terminal in district.terminals if stream in terminal.streams
    }
    ways = [
        way
        for way in district.terminal_ways
        if way.place_id == station_id and way.terminal_id in taking
    ]
    if not ways:
        raise KeyError(f"no terminal for {stream} from {station_id}")
    way = min(ways, key=lambda way: (way.travel_s, way.terminal_id))
    return taking[way.terminal_id], way


def opening_stock(
    district: District, closing_kg: Mapping[tuple[str, str], int] | None
) -> dict[tuple[str, str], int]:
    """Kilograms at 00:00 by station and stream: what the day before left, else the table's."""
    return {
        (row.station_id, row.stream): (closing_kg or {}).get(
            (row.station_id, row.stream), row.opening_kg
        )
        for row in district.station_streams
    }


def hauls_of(
    district: District, inflows: Iterable[Inflow], opening_kg: Mapping[tuple[str, str], int]
) -> tuple[Haul, ...]:
    """Every container that is to leave today, sorted by station, stream and number.

    A container leaves when it is full, if it is so by the rule ``haul_full_by_h``; one that is
    full later may wait for the next day as long as there is room. Of a ``same_day`` stream all
    that is there leaves, the last container as full as it gets.
    """
    came: dict[tuple[str, str], list[Inflow]] = defaultdict(list)
    for inflow in inflows:
        came[inflow.station_id, inflow.stream].append(inflow)
    same_day = {stream.id for stream in district.streams if stream.same_day}
    full_by_s = round(3600 * district.rules["haul_full_by_h"])
    found: list[Haul] = []
    for row in district.station_streams:
        key = row.station_id, row.stream
        rising = _rising(opening_kg[key], came[key])
        found += _hauls(row, rising, row.stream in same_day, full_by_s)
    return tuple(sorted(found, key=lambda haul: (haul.station_id, haul.stream, haul.number)))


def _rising(opening_kg: int, inflows: Sequence[Inflow]) -> list[tuple[int, int]]:
    """(moment, kilograms that have come by then, what was there at 00:00 included)."""
    total = opening_kg
    rising = [(0, total)]
    for inflow in sorted(inflows, key=lambda inflow: (inflow.time_s, inflow.kg)):
        total += inflow.kg
        rising.append((inflow.time_s, total))
    return rising


def _hauls(
    row: StationStream, rising: Sequence[tuple[int, int]], same_day: bool, full_by_s: int
) -> list[Haul]:
    found: list[Haul] = []
    total = rising[-1][1]
    while True:
        gone = row.container_kg * len(found)
        full = gone + row.container_kg
        load = min(row.container_kg, total - gone)
        if load <= 0 or (load < row.container_kg and not same_day):
            return found
        ready_s = next((moment for moment, kg in rising if kg >= full), rising[-1][0])
        over = gone + row.places * row.container_kg
        due_s = next((moment for moment, kg in rising if kg > over), DAY_END_S)
        if ready_s > full_by_s and due_s == DAY_END_S and not same_day:
            return found
        found.append(Haul(row.station_id, row.stream, len(found) + 1, load, ready_s, due_s))


def haul_duty(district: District, haul: Haul, shift: Shift) -> Duty | None:
    """The duty of a haul in a shift; None where it can't be done in it.

    The work begins when the hook-lift is at the station and ends when it has tipped at the
    terminal, whose hours bound it too.
    """
    terminal, way = way_to_terminal(district, haul.station_id, haul.stream)
    hook_s = round(district.rules["hook_s"])
    away_s = way.travel_s + terminal.tip_s
    first_s = max(haul.ready_s, shift.start_s, terminal.open_s - hook_s - way.travel_s)
    last_s = min(haul.due_s + away_s, shift.end_s - way.travel_s, terminal.close_s)
    if last_s - first_s < hook_s + away_s:
        return None
    types = tuple(
        kind.id
        for kind in district.vehicle_types
        if SERVICE in kind.services
        and haul.stream in kind.streams
        and kind.payload_kg >= haul.load_kg
    )
    return duty_in(shift, haul, (Window(first_s, last_s),), hook_s + away_s, types)


def duty_in(
    shift: Shift, haul: Haul, windows: tuple[Window, ...], work_s: int, types: tuple[str, ...]
) -> Duty:
    """A haul as a duty of a shift."""
    return Duty(
        id=f"{SERVICE}/{shift.id}/{haul.station_id}/{haul.stream}/r{haul.number}",
        service=SERVICE,
        shift_id=shift.id,
        section_id="",
        road_id="",
        round_no=haul.number,
        pass_no=0,
        lane=0,
        length_m=0,
        windows=windows,
        priority=PRIORITY,
        site_id=haul.station_id,
        stream=haul.stream,
        load_kg=haul.load_kg,
        work_s=work_s,
        types=types,
    )
