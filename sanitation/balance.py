"""Waste on its way: what runs take on and let off, and what that makes of the stations' stock.

Kilograms and seconds after 00:00 of the plan's date; tonnes only in the figures that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanitation.duties import haulage
from sanitation.model import LOADED_SERVICES, STATION_SERVICES, District, Duty, Run
from sanitation.places import NIGHT_SOIL


@dataclass(frozen=True, slots=True)
class Move:
    """Waste that a stop takes on at a site or along a street (``service``) or lets off at a
    facility (``unload``); along a street ``place_id`` is the section."""

    kind: str
    place_id: str
    stream: str
    load_kg: int
    bins: int
    at_s: int  # end of the stop, from when on it counts


def moves_of(run: Run) -> dict[int, Move]:
    """The moves of a run by the index of their stop; none for a run that carries no waste.

    A truck keeps to one stream until it is empty, so what it lets off is of the last one taken on.
    """
    found: dict[int, Move] = {}
    if run.service not in LOADED_SERVICES:
        return found
    before_kg, stream = 0, ""
    for index, stop in enumerate(run.stops):
        if stop.kind == "service":
            stream, taken_kg = stop.stream, stop.load_kg - before_kg
            place_id = stop.site_id or stop.section_id
            found[index] = Move(stop.kind, place_id, stream, taken_kg, stop.bins, stop.end_s)
        elif stop.kind == "unload":
            off_kg = before_kg - stop.load_kg
            found[index] = Move(stop.kind, stop.facility, stream, off_kg, 0, stop.end_s)
        before_kg = stop.load_kg
    return found


def moves_by_kind(runs: Iterable[Run], kind: str, service: str = "") -> list[Move]:
    """Every move of one kind, of one service if it is given."""
    return [
        move
        for run in runs
        if service in ("", run.service)
        for move in moves_of(run).values()
        if move.kind == kind
    ]


def stock_changes(runs: Sequence[Run]) -> dict[tuple[str, str], list[tuple[int, int, int]]]:
    """By station and stream, in order of time: (second, kilograms that come, that are hauled off).

    What comes and goes at one moment is one change.
    """
    found: dict[tuple[str, str], dict[int, list[int]]] = {}
    changing = [(0, "unload", service) for service in sorted(STATION_SERVICES)]
    for side, kind, service in (*changing, (1, "service", haulage.SERVICE)):
        for move in moves_by_kind(runs, kind, service):
            at = found.setdefault((move.place_id, move.stream), {}).setdefault(move.at_s, [0, 0])
            at[side] += move.load_kg
    return {
        key: [(at_s, in_kg, out_kg) for at_s, (in_kg, out_kg) in sorted(changes.items())]
        for key, changes in found.items()
    }


def station_balance(
    district: District,
    runs: Sequence[Run],
    opening_kg: Mapping[tuple[str, str], int] | None = None,
) -> list[dict[str, Any]]:
    """The stock of every station and stream that it accepts over the day.

    ``opening_kg`` by station and stream, the table's where it is not given.
    ``opening_kg`` + ``in_kg`` (unloaded there) - ``out_kg`` (hauled off) = ``closing_kg``;
    ``most_kg`` is the highest stock at any moment and ``room_kg`` what the containers hold. What
    comes and goes at one moment is counted together.
    """
    rows = []
    changes = stock_changes(runs)
    for held in sorted(district.station_streams, key=lambda row: (row.station_id, row.id)):
        mine = changes.get((held.station_id, held.stream), [])
        began_kg = (opening_kg or {}).get((held.station_id, held.stream), held.opening_kg)
        stock_kg = most_kg = began_kg
        for _, in_kg, out_kg in mine:
            stock_kg += in_kg - out_kg
            most_kg = max(most_kg, stock_kg)
        rows.append(
            {
                "station": held.station_id,
                "stream": held.stream,
                "opening_kg": began_kg,
                "in_kg": sum(in_kg for _, in_kg, _ in mine),
                "out_kg": sum(out_kg for _, _, out_kg in mine),
                "closing_kg": stock_kg,
                "most_kg": most_kg,
                "room_kg": held.places * held.container_kg,
            }
        )
    return rows


def load_figures(
    runs: Iterable[Run], uncovered: Iterable[Duty], suspended: Iterable[Duty]
) -> dict[str, Any]:
    """Stops, tonnes, bins and unloadings of loaded runs and of the duties in none of them.

    ``due_stops`` and ``due_t`` are what is served and what is left; suspended duties are not due.
    A stop is at a site, or along a section. Duties that take nothing on are passed over.
    """
    runs = tuple(runs)
    served = moves_by_kind(runs, "service")
    left = [duty for duty in uncovered if duty.stream]
    return {
        "due_stops": len(served) + len(left),
        "stops": len(served),
        "uncovered_stops": len(left),
        **_tonnes(served, left, [duty for duty in suspended if duty.stream]),
        "bins": sum(move.bins for move in served),
        "unloads": len(moves_by_kind(runs, "unload")),
    }


def bin_figures(
    runs: Iterable[Run], uncovered: Iterable[Duty], suspended: Iterable[Duty]
) -> dict[str, Any]:
    """Litter bins due in all rounds, and those that are left or suspended."""
    left = sum(duty.bins for duty in uncovered)
    return {
        "due_bins": sum(move.bins for move in moves_by_kind(runs, "service")) + left,
        "uncovered_bins": left,
        "suspended_bins": sum(duty.bins for duty in suspended),
    }


def stream_figures(
    district: District,
    runs: Sequence[Run],
    uncovered: Sequence[Duty],
    suspended: Sequence[Duty],
) -> list[dict[str, Any]]:
    """Tonnes due, collected or hauled, and left by service and stream, those that there are."""
    rows = []
    for service in sorted(LOADED_SERVICES):
        for stream in (*(stream.id for stream in district.streams), NIGHT_SOIL):
            served = [m for m in moves_by_kind(runs, "service", service) if m.stream == stream]
            left, off = (
                [duty for duty in duties if (duty.service, duty.stream) == (service, stream)]
                for duties in (uncovered, suspended)
            )
            if served or left or off:
                row: dict[str, Any] = {"service": service, "stream": stream}
                rows.append(row | _tonnes(served, left, off))
    return rows


def _tonnes(
    served: Sequence[Move], left: Sequence[Duty], suspended: Sequence[Duty]
) -> dict[str, float]:
    load_kg, left_kg, off_kg = (
        sum(one.load_kg for one in many) for many in (served, left, suspended)
    )
    return {
        "due_t": (load_kg + left_kg) / 1000,
        "load_t": load_kg / 1000,
        "uncovered_t": left_kg / 1000,
        "suspended_t": off_kg / 1000,
    }


def waste_figures(
    district: District, runs: Sequence[Run], opening_kg: Mapping[tuple[str, str], int] | None
) -> dict[str, Any]:
    """What the indicators of a plan with waste have beside rows and totals: the stations' stock,
    and what stations and streams are called."""
    return {
        "stations": station_balance(district, runs, opening_kg),
        "station_names": {station.id: station.name for station in district.stations},
        "stream_names": {
            stream.id: {"zh": stream.name, "en": stream.name_en} for stream in district.streams
        },
    }
