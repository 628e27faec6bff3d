"""Replay of one run's tanks: clean water falls, dirty water rises, both follow from the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fleet.model import VehicleType
from sanitation.audit.books import Books
from sanitation.audit.causes import found
from sanitation.audit.drive import Driven
from sanitation.audit.rows import RunRow, StopRow
from sanitation.model import WET_SERVICES, Violation

TOLERANCE_L = 2.0


def _rate(kind: VehicleType, run: RunRow) -> float:
    """Litres of clean water a metre: what the shift says, else what the service says."""
    of_shift = kind.water_l_per_m.get(f"{run.service}:{run.shift}")
    return kind.water_l_per_m.get(run.service, 0.0) if of_shift is None else of_shift


def judge_tank(run: RunRow, books: Books, driven: Mapping[int, Driven]) -> Iterator[Violation]:
    """Litres after every stop against what the stop before left and this one uses or restores.

    A stop without litres leaves them as they were; wet runs must state them where they change.
    At most one violation a stop, and the replay goes on from the litres stated.
    """
    kind = books.kind_of(run.vehicle)
    if kind is None or run.service not in kind.services:
        return  # named elsewhere
    wet = run.service in WET_SERVICES
    water: float | None = None
    dirty: float | None = None
    for stop in run.stops:
        water_was, dirty_was = water, dirty
        water = stop.water_l if stop.water_l is not None else water_was
        dirty = stop.dirty_l if stop.dirty_l is not None else dirty_was
        if wet and stop.kind in ("depart", "service", "fill") and stop.water_l is None:
            yield _found(run, stop, "缺少清水升数", "states no litres of clean water")
            continue
        if water is None or (water_was is None and not (wet and stop.kind == "depart")):
            # Nothing to compare with. A dry run may leave empty in frost, but must stay so.
            continue
        dirty = 0.0 if dirty is None else dirty
        dirty_was = 0.0 if dirty_was is None else dirty_was
        if stop.kind == "depart":
            low, high = (float(kind.clean_l), float(kind.clean_l))
            dirty_low, dirty_high = 0.0, 0.0
        else:
            low = high = water if water_was is None else water_was
            dirty_low = dirty_high = dirty_was
        if stop.kind == "service":
            rate = _rate(kind, run) if wet else 0.0
            measured = driven[stop.index].length_m if stop.index in driven else stop.length_m
            used = sorted((rate * stop.length_m, rate * measured))
            low, high = low - used[1], high - used[0]
            dirty_low += used[0] * kind.recovered
            dirty_high += used[1] * kind.recovered
        elif stop.kind == "fill":
            high = max(float(kind.clean_l), low)
        elif stop.kind == "dump":
            dirty_low = dirty_high = 0.0
        faults = [
            *_bounds("清水", "clean water", water, kind.clean_l),
            *_bounds("污水", "dirty water", dirty, kind.dirty_l),
            *_follows("清水", "clean water", water, low, high),
            *_follows("污水", "dirty water", dirty, dirty_low, dirty_high),
        ]
        if faults:
            yield _found(run, stop, *faults[0])


def _bounds(zh: str, en: str, litres: float, tank_l: float) -> Iterator[tuple[str, str]]:
    if litres < 0:
        yield f"{zh} {litres:.0f} L，低于零", f"{en} {litres:.0f} L is below zero"
    elif litres > tank_l:
        yield (
            f"{zh} {litres:.0f} L，超出箱容 {tank_l:.0f} L {litres - tank_l:.0f} L",
            f"{en} {litres:.0f} L is {litres - tank_l:.0f} L over the tank of {tank_l:.0f} L",
        )


def _follows(zh: str, en: str, litres: float, low: float, high: float) -> Iterator[tuple[str, str]]:
    if low - TOLERANCE_L <= litres <= high + TOLERANCE_L:
        return
    due = f"{low:.0f}" if round(low) == round(high) else f"{low:.0f}–{high:.0f}"
    off = litres - (low if litres < low else high)
    yield (
        f"{zh}写 {litres:.0f} L，应为 {due} L（差 {off:+.0f} L）",
        f"{en} {litres:.0f} L, but {due} L follow ({off:+.0f} L)",
    )


def _found(run: RunRow, stop: StopRow, zh: str, en: str) -> Violation:
    return found("tank", run.id, stop.index, zh, en)
