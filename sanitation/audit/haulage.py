"""The ways outside the district: trucks between the streets and the terminals."""

from __future__ import annotations

from collections.abc import Iterator

from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.pace import TOLERANCE_S
from sanitation.audit.rows import OUTSIDE_SERVICES, RunRow, StopRow
from sanitation.model import Violation
from sanitation.places import TerminalWay


def judge_transfers(run: RunRow, books: Books) -> Iterator[Violation]:
    """Transfers follow the table, and at a terminal a truck only unloads, waits or rests.

    Where a transfer may begin and end on the streets is seen in the replay, see drive.py.
    """
    if run.service not in OUTSIDE_SERVICES:
        return
    terminals = books.waste.terminals
    away = ""  # the terminal at which the truck is
    for stop in run.stops:
        if stop.kind == "transfer":
            yield from _transfer(run, stop, away, books)
            away = stop.facility if stop.facility in terminals else ""
        elif stop.kind == "unload" and stop.facility in terminals:
            if stop.facility != away:
                yield _disconnected(run, stop, f"不在 {stop.facility}", f"not at {stop.facility}")
            away = stop.facility
        elif away and stop.kind not in ("unload", "wait", "rest"):
            yield _disconnected(
                run, stop, f"还在 {away}，{stop.kind} 在区内", f"{stop.kind} while still at {away}"
            )
            away = ""


def _disconnected(run: RunRow, stop: StopRow, zh: str, en: str) -> Violation:
    return found("disconnected", run.id, stop.index, zh, en)


def _transfer(run: RunRow, stop: StopRow, away: str, books: Books) -> Iterator[Violation]:
    ways = books.waste.ways
    inside = sorted(books.depots | books.waste.stations.keys())
    if stop.facility not in books.waste.terminals and stop.facility not in inside:
        return  # named as unknown
    found_ways: list[TerminalWay] = []
    if away:
        found_ways = [ways[stop.facility, away]] if (stop.facility, away) in ways else []
    else:
        here = (name for name in inside if stop.from_node in books.stand.get(name, ()))
        found_ways = [ways[name, stop.facility] for name in here if (name, stop.facility) in ways]
    if not found_ways:
        start = away or f"{stop.from_node}"
        yield _disconnected(
            run,
            stop,
            f"自 {start} 至 {stop.facility} 没有区外路线",
            f"there is no way outside the district from {start} to {stop.facility}",
        )
        return
    # Two places at one node may both have a way: the one that the row is about.
    way = min(found_ways, key=lambda way: (way.length_m != stop.length_m, way.travel_s))
    if stop.length_m != way.length_m:
        yield found(
            "length",
            run.id,
            stop.index,
            f"写 {stop.length_m:.0f} m，路线 {way.id} 为 {way.length_m} m",
            f"says {stop.length_m:.0f} m, way {way.id} is {way.length_m} m long",
        )
    took_s = stop.end_s - stop.start_s
    if took_s < way.travel_s - TOLERANCE_S:
        yield found(
            "too_fast",
            run.id,
            stop.index,
            f"区外行驶用时 {took_s} s，路线 {way.id} 需 {way.travel_s} s",
            f"transfer takes {took_s} s, way {way.id} takes {way.travel_s} s",
        )
