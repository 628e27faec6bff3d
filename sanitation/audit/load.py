"""Replay of one run's load: kilograms and stream on board after every stop.

What is unloaded at stations and what is hauled from them is noted on the way, for stations.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fleet.model import VehicleType
from sanitation.audit.bins import STREAM, litter_faults
from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.rows import OUTSIDE_SERVICES, RunRow, StopRow
from sanitation.audit.sites import due_load, place_of
from sanitation.model import LOADED_SERVICES, STATION_SERVICES, Violation
from sanitation.places import NIGHT_SOIL

Fault = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Moved:
    """Kilograms that come into a station's containers (``kg`` > 0) or leave them (< 0)."""

    at_s: int
    run_id: str
    stop: int
    station: str
    stream: str
    kg: float


@dataclass(frozen=True, slots=True)
class OnBoard:
    """Kilograms on a truck and their stream; of an empty one the stream is ""."""

    kg: float = 0.0
    stream: str = ""


def replay_load(run: RunRow, books: Books) -> tuple[list[Violation], list[Moved]]:
    """Follow a run's load from the empty departure to the empty return.

    At most one violation of each cause a stop; the replay goes on from the kilograms stated.
    """
    violations: list[Violation] = []
    moved: list[Moved] = []
    if run.service not in LOADED_SERVICES:
        return violations, moved
    kind = books.kind_of(run.vehicle)
    if kind and run.service not in kind.services:
        kind = None  # a truck of the wrong kind is named as that
    before = OnBoard()
    for stop in run.stops:
        for cause, faults in (
            ("load", _kilograms(run, stop, before, kind, books)),
            ("stream", _streams(run, stop, before, kind, books)),
        ):
            first = next(iter(faults), None)
            if first:
                violations.append(found(cause, run.id, stop.index, *first))
        moved += _moves(run, stop, before, books)
        # A stream that nobody knows is named as that, and not held against the places.
        known = stop.kind == "service" and stop.stream in (*books.waste.streams, NIGHT_SOIL)
        stream = stop.stream if known else before.stream
        before = OnBoard(stop.load_kg, stream if stop.load_kg else "")
    return violations, moved


def _kilograms(
    run: RunRow, stop: StopRow, before: OnBoard, kind: VehicleType | None, books: Books
) -> Iterator[Fault]:
    on_board = stop.load_kg
    takes = stop.kind == "service"
    if takes and run.service == "haul":
        yield from _container(stop, before, books)
    elif takes and run.service == "bins":
        yield from litter_faults(stop, before.kg, books)
    elif takes:
        yield from _taken(run, stop, before, books)
    else:
        due = 0 if stop.kind in ("depart", "unload", "return") else before.kg
        if on_board != due:
            yield (
                f"写 {on_board:.0f} kg，应为 {due:.0f} kg",
                f"says {on_board:.0f} kg on board, {due:.0f} kg follow",
            )
        if stop.kind == "return" and before.kg:
            yield f"收车前未卸 {before.kg:.0f} kg", f"returns with {before.kg:.0f} kg not unloaded"
    if takes and kind and on_board > kind.payload_kg:
        yield (
            f"车上 {on_board:.0f} kg，超过载重 {kind.payload_kg} kg "
            f"{on_board - kind.payload_kg:.0f} kg",
            f"{on_board:.0f} kg on board are {on_board - kind.payload_kg:.0f} kg over the payload "
            f"of {kind.payload_kg} kg",
        )


def _taken(run: RunRow, stop: StopRow, before: OnBoard, books: Books) -> Iterator[Fault]:
    due = due_load(place_of(run, stop), books)
    taken = stop.load_kg - before.kg
    if due is None:  # named as not due; but it takes something on, if anything
        if taken < 0:
            yield f"收运后少了 {-taken:.0f} kg", f"{-taken:.0f} kg less on board after collecting"
    elif (taken, stop.bins) != (due.kg, due.bins):
        yield (
            f"收 {taken:.0f} kg、{stop.bins} 桶，应为 {due.kg} kg、{due.bins} 桶",
            f"takes {taken:.0f} kg in {stop.bins} bins, due are {due.kg} kg in {due.bins} bins",
        )


def _container(stop: StopRow, before: OnBoard, books: Books) -> Iterator[Fault]:
    taken = stop.load_kg - before.kg
    if before.kg:
        yield (
            f"车上已有 {before.kg:.0f} kg 的箱，不能再取",
            f"a container with {before.kg:.0f} kg is on board already",
        )
    elif taken <= 0:
        yield "取走空箱", "takes an empty container"
    holding = books.waste.holdings.get((stop.site, stop.stream))
    if holding and taken > holding.container_kg:
        yield (
            f"取走 {taken:.0f} kg，一箱至多 {holding.container_kg} kg",
            f"takes {taken:.0f} kg, a container holds {holding.container_kg} kg",
        )


def _streams(
    run: RunRow, stop: StopRow, before: OnBoard, kind: VehicleType | None, books: Books
) -> Iterator[Fault]:
    waste = books.waste
    if stop.kind == "service" and stop.stream in (*waste.streams, NIGHT_SOIL):
        if run.service == "bins" and stop.stream != STREAM:
            yield (
                f"果皮箱装 {STREAM}，写 {stop.stream}",
                f"litter bins hold {STREAM}, not {stop.stream}",
            )
        elif kind and stop.stream not in kind.streams:
            yield (
                f"{run.vehicle}（{kind.name}）不能装 {stop.stream}",
                f"{run.vehicle} is a {kind.name_en}, which does not carry {stop.stream}",
            )
        if before.stream and before.stream != stop.stream:
            yield (
                f"车上有 {before.stream}，又装 {stop.stream}",
                f"takes {stop.stream} on with {before.stream} on board",
            )
        known = stop.site in waste.stations
        if run.service == "haul" and known and (stop.site, stop.stream) not in waste.holdings:
            yield f"{stop.site} 不收 {stop.stream}", f"{stop.site} holds no {stop.stream}"
    if stop.kind != "unload" or not before.stream:
        return
    stream, place = before.stream, stop.facility
    if stop.stream and stop.stream != stream:
        yield (
            f"写卸 {stop.stream}，车上是 {stream}",
            f"says it unloads {stop.stream}, {stream} is on board",
        )
    if run.service in OUTSIDE_SERVICES:
        terminal = waste.terminals.get(place)
        refused = terminal is not None and stream not in terminal.streams
    else:
        refused = place in waste.stations and (place, stream) not in waste.holdings
    if refused:
        yield f"{place} 不收 {stream}", f"{place} does not take {stream}"


def _moves(run: RunRow, stop: StopRow, before: OnBoard, books: Books) -> Iterator[Moved]:
    if stop.kind == "unload" and run.service in STATION_SERVICES:
        station, stream, kg = stop.facility, before.stream, before.kg - stop.load_kg
    elif stop.site and run.service == "haul":
        station, stream, kg = stop.site, stop.stream, before.kg - stop.load_kg
    else:
        return
    if kg and station in books.waste.stations:
        yield Moved(stop.end_s, run.id, stop.index, station, stream, kg)
