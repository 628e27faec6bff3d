"""Stations and terminals: hours, throughput, and what is in the containers at every moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sanitation.audit.books import Books
from sanitation.audit.causes import clock, found
from sanitation.audit.load import Moved
from sanitation.audit.rows import OUTSIDE_SERVICES, PlanRows, RunRow
from sanitation.model import LOADED_SERVICES, STATION_SERVICES, Violation
from sanitation.places import StationStream

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Level:
    """Kilograms in the containers from a second on, and the last move that made them so many."""

    at_s: int
    kg: float
    move: Moved | None


def judge_hours(run: RunRow, books: Books) -> Iterator[Violation]:
    """Stations and terminals are open from the beginning of each unloading to its end."""
    for stop in run.stops:
        shut = run.service in STATION_SERVICES and stop.facility in books.waste.closed
        if shut and stop.kind == "unload":
            yield found(
                "closed",
                run.id,
                stop.index,
                f"在 {stop.facility} 卸料，该站当日停用",
                f"unloads at {stop.facility}, which is closed for the day",
            )
            continue
        away = run.service in OUTSIDE_SERVICES
        places = books.waste.terminals if away else books.waste.stations
        place = places.get(stop.facility) if stop.kind == "unload" else None
        if place is None:
            continue
        off_s = max(place.open_s - stop.start_s, stop.end_s - place.close_s)
        if off_s > 0:
            yield found(
                "closed",
                run.id,
                stop.index,
                f"{clock(stop.start_s)}–{clock(stop.end_s)} 在 {place.id} 卸料，开放 "
                f"{clock(place.open_s)}–{clock(place.close_s)}（差 {off_s} s）",
                f"unloads {clock(stop.start_s)}-{clock(stop.end_s)} at {place.id}, open "
                f"{clock(place.open_s)}-{clock(place.close_s)} ({off_s} s outside)",
            )


def judge_throughput(moved: Iterable[Moved], books: Books) -> Iterator[Violation]:
    """No station takes in more than it can handle in a day; named where it is passed."""
    taken: dict[str, float] = {}
    passed: dict[str, Moved] = {}
    for move in sorted(moved, key=lambda move: (move.at_s, move.run_id, move.stop)):
        if move.kg > 0:
            taken[move.station] = taken.get(move.station, 0) + move.kg
            if taken[move.station] > books.waste.stations[move.station].throughput_t_day * 1000:
                passed.setdefault(move.station, move)
    for station, move in sorted(passed.items()):
        most_kg = books.waste.stations[station].throughput_t_day * 1000
        yield found(
            "throughput",
            move.run_id,
            move.stop,
            f"{station} 当日进站 {taken[station]:.0f} kg，至多 {most_kg:.0f} kg，"
            f"{clock(move.at_s)} 起超出",
            f"{station} takes in {taken[station]:.0f} kg in the day, {most_kg:.0f} kg at most, "
            f"passed at {clock(move.at_s)}",
        )


def judge_stocks(moved: Sequence[Moved], rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Containers are never too full nor drawn below empty, and same-day streams leave nothing.

    Not judged where the plan was not asked for haulage; the stations' figures always are.
    """
    levels = {
        key: _levels(holding, _opening_kg(holding, rows), moved)
        for key, holding in sorted(books.waste.holdings.items())
    }
    if "haul" in books.services:
        listed: dict[tuple[str, str], float] = {}
        for work in rows.site_works:
            if work.service == "haul":
                key = (work.site, work.stream)
                listed[key] = listed.get(key, 0) + work.load_kg
        for key, own in levels.items():
            yield from _bounds(books.waste.holdings[key], own)
            yield from _rest(key, own, listed.get(key, 0), books)
    stated = rows.indicators.get("stations")
    if stated is not None and books.services & LOADED_SERVICES:
        yield from _figures(stated, levels, moved, books)


def _opening_kg(holding: StationStream, rows: PlanRows) -> float:
    """The stock at 00:00: the table's; after a day with a plan, what this one states.

    What the day before left is in its plan, which is not at hand: any stock is believed that the
    containers can hold.
    """
    if rows.has_history:
        stations = rows.indicators.get("stations")
        for row in stations if isinstance(stations, list) else ():
            if isinstance(row, Mapping) and (row.get("station"), row.get("stream")) == _key(
                holding
            ):
                kg = row.get("opening_kg")
                if isinstance(kg, int | float) and not isinstance(kg, bool):
                    return kg if 0 <= kg <= _room_kg(holding) else holding.opening_kg
    return holding.opening_kg


def _levels(holding: StationStream, opening_kg: float, moved: Iterable[Moved]) -> list[Level]:
    """The stock from 00:00 on and after every second in which something moves."""
    own = [move for move in moved if (move.station, move.stream) == _key(holding)]
    own.sort(key=lambda move: (move.at_s, move.run_id, move.stop))
    levels = [Level(0, opening_kg, None)]
    for at_s, together in groupby(own, key=lambda move: move.at_s):
        moves = list(together)
        kg = levels[-1].kg + sum(move.kg for move in moves)
        levels.append(Level(at_s, kg, moves[-1]))
    return levels


def _key(holding: StationStream) -> tuple[str, str]:
    return holding.station_id, holding.stream


def _room_kg(holding: StationStream) -> int:
    return holding.places * holding.container_kg


def _bounds(holding: StationStream, levels: Sequence[Level]) -> Iterator[Violation]:
    """Each stretch of too much or less than nothing, with its worst kilograms."""
    room_kg, name = _room_kg(holding), "/".join(_key(holding))
    for state, stretch in groupby(levels, lambda level: (level.kg > room_kg) - (level.kg < 0)):
        inside = list(stretch)
        if state == 0:
            continue
        first = inside[0]
        run_id, stop = (first.move.run_id, first.move.stop) if first.move else ("", -1)
        if state > 0:
            most_kg = max(level.kg for level in inside)
            zh = f"{name} 有 {most_kg:.0f} kg，只容 {room_kg} kg（多 {most_kg - room_kg:.0f} kg）"
            en = (
                f"{most_kg:.0f} kg in the containers of {name}, {most_kg - room_kg:.0f} kg more "
                f"than their {room_kg} kg"
            )
        else:
            least_kg = min(level.kg for level in inside)
            zh = f"{name} 多运走 {-least_kg:.0f} kg"
            en = f"{-least_kg:.0f} kg more are hauled from {name} than came in"
        yield found(
            "containers",
            run_id,
            stop,
            f"{clock(first.at_s)} 起 {zh}",
            f"from {clock(first.at_s)} on {en}",
        )


def _rest(
    key: tuple[str, str], levels: Sequence[Level], listed_kg: float, books: Books
) -> Iterator[Violation]:
    """What is left at 24:00 against what the plan lists as not hauled."""
    left_kg = [level.kg for level in levels if level.at_s <= DAY_S][-1]
    name = "/".join(key)
    stream = books.waste.streams.get(key[1])
    if stream and stream.same_day and left_kg > listed_kg:
        yield found(
            "not_emptied",
            "",
            -1,
            f"24:00 {name} 还有 {left_kg:.0f} kg，列为未运的 {listed_kg:.0f} kg",
            f"{left_kg:.0f} kg are left in {name} at 24:00, {listed_kg:.0f} kg are listed",
        )
    elif listed_kg > max(left_kg, 0):
        yield found(
            "load",
            "",
            -1,
            f"{name} 列为未运的有 {listed_kg:.0f} kg，24:00 只有 {left_kg:.0f} kg",
            f"{listed_kg:.0f} kg of {name} are listed as not hauled, at 24:00 there are "
            f"{left_kg:.0f} kg",
        )


def _figures(
    stated: object,
    levels: Mapping[tuple[str, str], Sequence[Level]],
    moved: Sequence[Moved],
    books: Books,
) -> Iterator[Violation]:
    """``indicators.stations`` must be one row for each station and stream, as counted here."""
    counted: dict[tuple[str, str], dict[str, float]] = {}
    for key, own in levels.items():
        mine = [move.kg for move in moved if (move.station, move.stream) == key]
        counted[key] = {
            "opening_kg": own[0].kg,
            "in_kg": sum(kg for kg in mine if kg > 0),
            "out_kg": -sum(kg for kg in mine if kg < 0),
            "closing_kg": own[-1].kg,
            "most_kg": max(level.kg for level in own),
            "room_kg": _room_kg(books.waste.holdings[key]),
        }
    given: dict[tuple[str, str], Mapping[str, object]] = {}
    for row in stated if isinstance(stated, list) else ():
        known = isinstance(row, Mapping)
        key = (str(row.get("station")), str(row.get("stream"))) if known else ("?", "?")
        if not known or key in given or key not in counted:
            yield _wrong(key, "多出一行", "a row too many")
        else:
            given[key] = row
    for key, figures in counted.items():
        if key not in given:
            yield _wrong(key, "缺少", "no row")
            continue
        for figure, kg in figures.items():
            if given[key].get(figure) != kg:
                value = given[key].get(figure)
                zh = f"{figure} 为 {value!r}，应为 {kg:.0f} kg"
                yield _wrong(key, zh, f"{figure} is {value!r}, the rows make {kg:.0f} kg")


def _wrong(key: tuple[str, str], zh: str, en: str) -> Violation:
    name = "/".join(key)
    return found("indicators", "", -1, f"stations {name} {zh}", f"stations {name}: {en}")
