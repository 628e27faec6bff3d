"""Pickups of each station to shifts: as many truck loads as are wanted, each a territory.

A cell is what one station takes of one layer (stream and payload). First the loads of each cell
are shared out over the shifts: lots(c, t), integers. Then the pickups of each cell are put into
its shifts: y(p, t). The cost is the square of the distance to the middle of the shift's
territory, which makes the territories convex and apart (the cells of a power diagram; Aurenhammer,
Hoffmann, Aronov, doi 10.1007/PL00009187); middles and pickups take turns as in Lloyd's method.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.catchment_middles import Middles, first_middles, next_middles, squared_km
from fleet.model import SolveNote
from fleet.pickups import Band, Before, Intake, Pickup
from fleet.solver import BINARY, INTEGER, linear, minimise, whole

TOLERANCE = 0.03  # of a shift's work
KEEP_KM2 = 1.0  # of squared distance that staying in the shift of before is worth
SPILL = 20.0  # km² for what a territory has over its loads, a tonne for a tonne
OFF = 500.0  # tonnes · km² for an hour of work too much or too little in a shift
ROUNDS = 3
_T = 1000.0
_H = 3600.0
_WHOLE = 1e-6

Cell = tuple[str, str, int]
"""Station, stream and payload."""


@dataclass(frozen=True, slots=True)
class _Load:
    """A cell: its pickups by index, and how many truck loads they are."""

    members: tuple[int, ...]
    shifts: tuple[str, ...]
    kg: int
    work_s: int
    lots: int


@dataclass(frozen=True, slots=True)
class _Lots:
    """The model of loads: lots(c, t), and what is over and under in work, intake and need."""

    prob: Any
    cells: Mapping[Cell, _Load]
    lots: dict[tuple[Cell, str], Any]
    over: dict[tuple[str, int, str], tuple[Any, Any]]
    excess: dict[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class _Model:
    """The model of pickups: y(p, t), left(p), and what is over in work and in loads."""

    prob: Any
    pickups: Sequence[Pickup]
    cells: Mapping[Cell, _Load]
    y: dict[tuple[int, str], Any]
    left: dict[int, Any]
    off: dict[tuple[str, int, str], Any]
    spill: dict[tuple[Cell, str], Any]


def assign_shifts(
    pickups: Sequence[Pickup],
    station: Mapping[str, str],
    intakes: Mapping[str, Intake],
    bands: Mapping[tuple[str, str], Band],
    before: Before,
    node_limit: int,
) -> tuple[dict[str, str], tuple[SolveNote, ...]]:
    """Shift of each pickup that has a station and fits, and the notes of the models.

    Pickups and mappings must be sorted by id. Intakes of shifts are kept; work is balanced and
    loads are full as far as possible.
    """
    cells = _cells(pickups, station, bands)
    if not cells:
        return {}, ()
    kept = {
        p: before[pickup.id][1]
        for p, pickup in enumerate(pickups)
        if pickup.id in before and before[pickup.id][0] == station.get(pickup.id)
    }
    lots, note = _share_lots(pickups, cells, intakes, bands, kept, node_limit)
    notes = [note]
    middles = {
        c: first_middles([pickups[p] for p in load.members], lots[c], _known(load, kept))
        for c, load in cells.items()
    }
    for turn in range(ROUNDS):
        model = _build(pickups, cells, lots, middles, intakes, bands, kept, {}, ())
        notes.append(minimise(model.prob, node_limit))
        fixed, split = _read(model)
        if turn < ROUNDS - 1:
            middles = {
                c: next_middles(
                    [pickups[p] for p in load.members],
                    [fixed.get(p) for p in load.members],
                    middles[c],
                )
                for c, load in cells.items()
            }
    if split:
        model = _build(pickups, cells, lots, middles, intakes, bands, kept, fixed, split)
        notes.append(minimise(model.prob, node_limit, gap=1e-4))
        fixed, _ = _read(model)
    return {pickups[p].id: t for p, t in sorted(fixed.items())}, tuple(notes)


def every_load_in_a_shift(model: _Lots) -> None:
    """All loads of a cell are taken: Σ_t lots(c, t) = lots(c)."""
    for i, (c, load) in enumerate(model.cells.items()):
        terms = [(model.lots[c, t], 1.0) for t in load.shifts]
        model.prob.addConstraint(linear(terms) == load.lots, f"loads_{i:04d}")


def loads_follow_hours(model: _Lots, target_s: Mapping[tuple[str, int, str], float]) -> None:
    """A layer's work in a shift is its hours' share.

    Σ_c work(c) / lots(c) · lots(c, t) + under − over = target(layer, t), in hours.
    """
    for i, ((stream, lot_kg, t), (over, under)) in enumerate(model.over.items()):
        terms = [
            (model.lots[c, t], load.work_s / load.lots / _H)
            for c, load in model.cells.items()
            if c[1:] == (stream, lot_kg)
        ]
        terms += [(under, 1.0), (over, -1.0)]
        target = target_s[stream, lot_kg, t] / _H
        model.prob.addConstraint(linear(terms) == target, f"hours_{i:04d}")


def loads_fit_the_intake(model: _Lots, intakes: Mapping[str, Intake]) -> None:
    """A station's intake of a shift: Σ_c t(c) / lots(c) · lots(c, t) ≤ intake(s, t) + excess."""
    for i, ((s, t), excess) in enumerate(model.excess.items()):
        terms = [
            (model.lots[c, t], load.kg / load.lots / _T)
            for c, load in model.cells.items()
            if c[0] == s and t in load.shifts
        ]
        top = intakes[s].per_shift_kg.get(t, 0) / _T
        model.prob.addConstraint(linear([*terms, (excess, -1.0)]) <= top, f"intake_{i:04d}")


def loads_reach_the_bound(
    model: _Lots, pickups: Sequence[Pickup], cost: list[tuple[Any, float]]
) -> None:
    """Pickups that some shifts are closed to find loads in the others.

    Σ_{t in T} kg(c) / lots(c) · lots(c, t) + missing ≥ Σ kg of pickups of c that may be taken in
    shifts of T alone, for each T that is some pickup's.
    """
    number = 0
    for c, load in model.cells.items():
        for wanted in sorted({tuple(sorted(pickups[p].shifts)) for p in load.members}):
            if set(wanted) == set(load.shifts):
                continue
            kg = sum(pickups[p].kg for p in load.members if set(pickups[p].shifts) <= set(wanted))
            missing = model.prob.add_variable(f"missing_{number:05d}", 0)
            cost.append((missing, 20.0))
            terms = [(model.lots[c, t], load.kg / load.lots / _T) for t in wanted]
            model.prob.addConstraint(
                linear([*terms, (missing, 1.0)]) >= kg / _T, f"bound_{number:05d}"
            )
            number += 1


def each_pickup_one_shift(model: _Model) -> None:
    """A pickup is taken in one of its shifts, or left: Σ_t y(p, t) + left(p) = 1."""
    rows = {p: [(variable, 1.0)] for p, variable in model.left.items()}
    for (p, _), variable in model.y.items():
        rows[p].append((variable, 1.0))
    for p, terms in rows.items():
        model.prob.addConstraint(linear(terms) == 1, f"one_shift_{p:05d}")


def work_follows_hours(model: _Model, target_s: Mapping[tuple[str, int, str], float]) -> None:
    """A layer's work in a shift is its hours' share within the tolerance.

    |Σ_p work(p) · y(p, t) − target(layer, t)| ≤ tolerance · target + off, in hours.
    """
    rows: dict[tuple[str, int, str], list[tuple[Any, float]]] = {key: [] for key in model.off}
    for (p, t), variable in model.y.items():
        pickup = model.pickups[p]
        rows[*pickup.layer, t].append((variable, pickup.work_s / _H))
    for i, (key, off) in enumerate(model.off.items()):
        target = target_s[key] / _H
        for sign, side in ((1.0, "over"), (-1.0, "under")):
            terms = [(v, sign * c) for v, c in rows[key]]
            model.prob.addConstraint(
                linear([*terms, (off, -1.0)]) <= (sign + TOLERANCE) * target, f"{side}_{i:04d}"
            )


def territories_fit_their_loads(
    model: _Model, lots: Mapping[Cell, Mapping[str, int]], at: Mapping[int, Cell]
) -> None:
    """A territory is as many truck loads as were meant: Σ_p t(p) · y(p, t) ≤ lots · payload + spill.

    A cell that is one load has one territory.
    """
    rows: dict[tuple[Cell, str], list[tuple[Any, float]]] = {key: [] for key in model.spill}
    for (p, t), variable in model.y.items():
        rows[at[p], t].append((variable, model.pickups[p].kg / _T))
    for i, ((c, t), spill) in enumerate(model.spill.items()):
        top = lots[c].get(t, 0) * c[2] / _T
        model.prob.addConstraint(
            linear([*rows[c, t], (spill, -1.0)]) <= top, f"territory_{i:04d}"
        )


def intake_kept(model: _Model, intakes: Mapping[str, Intake], at: Mapping[int, Cell]) -> None:
    """No station unloads more in a shift than it can: Σ_p t(p) · y(p, t) ≤ intake(s, t)."""
    rows: dict[tuple[str, str], list[tuple[Any, float]]] = {}
    for (p, t), variable in model.y.items():
        rows.setdefault((at[p][0], t), []).append((variable, model.pickups[p].kg / _T))
    for i, ((s, t), terms) in enumerate(rows.items()):
        top = intakes[s].per_shift_kg.get(t, 0) / _T
        model.prob.addConstraint(linear(terms) <= top, f"intake_{i:04d}")


def _cells(
    pickups: Sequence[Pickup], station: Mapping[str, str], bands: Mapping[tuple[str, str], Band]
) -> dict[Cell, _Load]:
    members: dict[Cell, list[int]] = {}
    for p, pickup in enumerate(pickups):
        if pickup.id in station:
            members.setdefault((station[pickup.id], *pickup.layer), []).append(p)
    cells = {}
    for c, at in sorted(members.items()):
        kg = sum(pickups[p].kg for p in at)
        shifts = tuple(t for stream, t in bands if stream == c[1])
        work = sum(pickups[p].work_s for p in at)
        cells[c] = _Load(tuple(at), shifts, kg, work, max(1, math.ceil(kg / c[2])))
    return cells


def _targets(
    cells: Mapping[Cell, _Load], bands: Mapping[tuple[str, str], Band]
) -> dict[tuple[str, int, str], float]:
    """Seconds of work of each layer and shift, in proportion to the hours of the shifts."""
    work: dict[tuple[str, int], int] = {}
    for c, load in cells.items():
        work[c[1:]] = work.get(c[1:], 0) + load.work_s
    return {
        (stream, lot_kg, t): total * band.work_s / sum(_hours(bands, stream))
        for (stream, lot_kg), total in sorted(work.items())
        for (other, t), band in bands.items()
        if other == stream
    }


def _hours(bands: Mapping[tuple[str, str], Band], stream: str) -> list[int]:
    return [band.work_s for (other, _), band in bands.items() if other == stream]


def _known(load: _Load, kept: Mapping[int, str]) -> list[str | None]:
    return [kept.get(p) for p in load.members]


def _share_lots(
    pickups: Sequence[Pickup],
    cells: Mapping[Cell, _Load],
    intakes: Mapping[str, Intake],
    bands: Mapping[tuple[str, str], Band],
    kept: Mapping[int, str],
    node_limit: int,
) -> tuple[dict[Cell, dict[str, int]], SolveNote]:
    """How many loads of each cell are taken in each shift."""
    import pulp

    prob = pulp.LpProblem("loads", pulp.LpMinimize)
    lots: dict[tuple[Cell, str], Any] = {}
    excess: dict[tuple[str, str], Any] = {}
    cost: list[tuple[Any, float]] = []
    for i, (c, load) in enumerate(cells.items()):
        hours = sum(_hours(bands, c[1]))
        old_kg = sum(pickups[p].kg for p in load.members if p in kept)
        for j, t in enumerate(load.shifts):
            lots[c, t] = prob.add_variable(f"lots_{i:04d}_{j}", 0, load.lots, INTEGER)
            # Loads at a station follow the hours too, or yesterday's answer where there is one:
            # its bays and containers are then used evenly.
            fair = load.lots * bands[c[1], t].work_s / hours
            price = 1.0
            if old_kg:
                old = sum(pickups[p].kg for p in load.members if kept.get(p) == t)
                fair, price = load.lots * old / old_kg, 4.0
            above = prob.add_variable(f"above_{i:04d}_{j}", 0)
            prob.addConstraint(linear([(lots[c, t], 1.0), (above, -1.0)]) <= fair, f"f_{i:04d}_{j}")
            cost.append((above, price))
            if (c[0], t) not in excess:
                excess[c[0], t] = prob.add_variable(f"excess_{len(excess):04d}", 0)
                cost.append((excess[c[0], t], 200.0))
    target_s = _targets(cells, bands)
    over = {
        key: (prob.add_variable(f"over_{i:04d}", 0), prob.add_variable(f"under_{i:04d}", 0))
        for i, key in enumerate(target_s)
    }
    cost += [(variable, 5.0) for pair in over.values() for variable in pair]
    model = _Lots(prob, cells, lots, over, excess)
    every_load_in_a_shift(model)
    loads_follow_hours(model, target_s)
    loads_fit_the_intake(model, intakes)
    loads_reach_the_bound(model, pickups, cost)
    prob += linear(cost)
    note = minimise(prob, node_limit, gap=0.05)
    return {c: {t: whole(lots[c, t]) for t in load.shifts} for c, load in cells.items()}, note


def _build(
    pickups: Sequence[Pickup],
    cells: Mapping[Cell, _Load],
    lots: Mapping[Cell, Mapping[str, int]],
    middles: Mapping[Cell, Middles],
    intakes: Mapping[str, Intake],
    bands: Mapping[tuple[str, str], Band],
    kept: Mapping[int, str],
    fixed: Mapping[int, str],
    entire: Collection[int],
) -> _Model:
    """Variables, objective and rules; ``fixed`` pickups have one shift, ``entire`` are not split."""
    import pulp

    prob = pulp.LpProblem("shifts", pulp.LpMinimize)
    y: dict[tuple[int, str], Any] = {}
    left: dict[int, Any] = {}
    spill: dict[tuple[Cell, str], Any] = {}
    at: dict[int, Cell] = {}
    cost: list[tuple[Any, float]] = []
    for i, (c, load) in enumerate(cells.items()):
        place = {t: j for j, t in enumerate(load.shifts)}
        for t, j in place.items():
            spill[c, t] = prob.add_variable(f"spill_{i:04d}_{j}", 0)
            cost.append((spill[c, t], SPILL))
        for p in load.members:
            at[p] = c
            pickup = pickups[p]
            kind = BINARY if p in entire else "Continuous"
            left[p] = prob.add_variable(f"left_{p:05d}", 0, 0 if p in fixed else 1, kind)
            tonnes = max(pickup.kg, 1) / _T
            cost.append((left[p], 1e4 * tonnes * pickup.importance))
            for t in (fixed[p],) if p in fixed else sorted(pickup.shifts):
                y[p, t] = prob.add_variable(f"y_{p:05d}_{place[t]}", 0, 1, kind)
                far = squared_km(pickup, middles[c].get(t))
                stay = KEEP_KM2 if p in kept and kept[p] != t else 0.0
                cost.append((y[p, t], tonnes * (far + stay)))
    target_s = _targets(cells, bands)
    off = {key: prob.add_variable(f"off_{i:04d}", 0) for i, key in enumerate(target_s)}
    cost += [(variable, OFF) for variable in off.values()]
    prob += linear(cost)
    model = _Model(prob, pickups, cells, y, left, off, spill)
    each_pickup_one_shift(model)
    work_follows_hours(model, target_s)
    territories_fit_their_loads(model, lots, at)
    intake_kept(model, intakes, at)
    return model


def _read(model: _Model) -> tuple[dict[int, str], frozenset[int]]:
    """Pickups that are whole in one shift, and those that are split or left."""
    fixed = {p: t for (p, t), v in model.y.items() if v.varValue > 1 - _WHOLE}
    return fixed, frozenset(model.left) - fixed.keys()
