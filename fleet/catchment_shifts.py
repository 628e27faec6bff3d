"""Pickups of each station to shifts: as many truck loads as are wanted, each a territory.

After the loads of each cell (station, stream and payload) have been shared out over the shifts,
its pickups are put into them: y(p, t). The cost is the square of the distance to the middle of the
shift's territory, which makes territories convex and apart (cells of a power diagram; Aurenhammer,
Hoffmann and Aronov, Minkowski-type theorems and least-squares clustering, Algorithmica 20, 1998);
middles and pickups take turns as in Lloyd's method.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.catchment_lots import FILL, Cell, CellLoad, cells_of, share_lots, targets_s
from fleet.catchment_middles import Middles, first_middles, next_middles, squared_km
from fleet.model import SolveNote
from fleet.pickups import Band, Before, Intake, Pickup
from fleet.solver import BINARY, linear, minimise

TOLERANCE = 0.03  # of a shift's work
KEEP_KM2 = 1.0  # of squared distance that staying in the shift of before is worth
SPILL = 20.0  # km² for what a territory has over its loads, a tonne for a tonne
OFF = 500.0  # tonnes · km² for an hour of work too much or too little in a shift
ROUNDS = 3
FEW = 120  # pickups of a layer, among which one weighs in the balance
_T = 1000.0
_H = 3600.0
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class _Model:
    """The model of pickups: y(p, t), left(p), and what is over in work and in loads."""

    prob: Any
    pickups: Sequence[Pickup]
    cells: Mapping[Cell, CellLoad]
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
    cells = cells_of(pickups, station, bands)
    if not cells:
        return {}, ()
    kept = {
        p: before[pickup.id][1]
        for p, pickup in enumerate(pickups)
        if pickup.id in before and before[pickup.id][0] == station.get(pickup.id)
    }
    lots, note = share_lots(pickups, cells, intakes, bands, kept, node_limit)
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
    entire = split | _of_small_layers(cells)
    if entire:
        fixed = {p: t for p, t in fixed.items() if p not in entire}
        model = _build(pickups, cells, lots, middles, intakes, bands, kept, fixed, entire)
        notes.append(minimise(model.prob, node_limit, gap=5e-3))
        fixed, _ = _read(model)
    return {pickups[p].id: t for p, t in sorted(fixed.items())}, tuple(notes)


def each_pickup_one_shift(model: _Model) -> None:
    """A pickup is taken in one of its shifts, or left: Σ_t y(p, t) + left(p) = 1."""
    rows = {p: [(variable, 1.0)] for p, variable in model.left.items()}
    for (p, _), variable in model.y.items():
        rows[p].append((variable, 1.0))
    for p, terms in rows.items():
        model.prob.addConstraint(linear(terms) == 1, f"one_shift_{p:05d}")


def work_follows_hours(
    model: _Model, target_s: Mapping[tuple[str, int, str], float], tolerance: float
) -> None:
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
                linear([*terms, (off, -1.0)]) <= (sign + tolerance) * target, f"{side}_{i:04d}"
            )


def territories_fit_their_loads(
    model: _Model, lots: Mapping[Cell, Mapping[str, int]], at: Mapping[int, Cell]
) -> None:
    """A territory is as many truck loads as were meant.

    Σ_p t(p) · y(p, t) ≤ fill · lots(c, t) · payload + spill.
    """
    rows: dict[tuple[Cell, str], list[tuple[Any, float]]] = {key: [] for key in model.spill}
    for (p, t), variable in model.y.items():
        rows[at[p], t].append((variable, model.pickups[p].kg / _T))
    for i, ((c, t), spill) in enumerate(model.spill.items()):
        top = FILL * lots[c].get(t, 0) * c[2] / _T
        model.prob.addConstraint(linear([*rows[c, t], (spill, -1.0)]) <= top, f"territory_{i:04d}")


def intake_kept(model: _Model, intakes: Mapping[str, Intake], at: Mapping[int, Cell]) -> None:
    """No station unloads more in a shift than it can: Σ_p t(p) · y(p, t) ≤ intake(s, t)."""
    rows: dict[tuple[str, str], list[tuple[Any, float]]] = {}
    for (p, t), variable in model.y.items():
        rows.setdefault((at[p][0], t), []).append((variable, model.pickups[p].kg / _T))
    for i, ((s, t), terms) in enumerate(rows.items()):
        top = intakes[s].per_shift_kg.get(t, 0) / _T
        model.prob.addConstraint(linear(terms) <= top, f"intake_{i:04d}")


def _of_small_layers(cells: Mapping[Cell, CellLoad]) -> frozenset[int]:
    """Pickups of layers with few of them: there all are free to balance the hours."""
    layers: dict[tuple[str, int], list[int]] = {}
    for c, load in cells.items():
        layers.setdefault(c[1:], []).extend(load.members)
    return frozenset(p for at in layers.values() if len(at) <= FEW for p in at)


def _known(load: CellLoad, kept: Mapping[int, str]) -> list[str | None]:
    return [kept.get(p) for p in load.members]


def _build(
    pickups: Sequence[Pickup],
    cells: Mapping[Cell, CellLoad],
    lots: Mapping[Cell, Mapping[str, int]],
    middles: Mapping[Cell, Middles],
    intakes: Mapping[str, Intake],
    bands: Mapping[tuple[str, str], Band],
    kept: Mapping[int, str],
    fixed: Mapping[int, str],
    entire: Collection[int],
) -> _Model:
    """Variables, objective and rules.

    ``fixed`` pickups have one shift and ``entire`` ones are not split. As long as pickups may be
    split, less than the tolerance is used: making them whole needs the rest.
    """
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
    target_s = targets_s(cells, bands)
    off = {key: prob.add_variable(f"off_{i:04d}", 0) for i, key in enumerate(target_s)}
    cost += [(variable, OFF) for variable in off.values()]
    prob += linear(cost)
    model = _Model(prob, pickups, cells, y, left, off, spill)
    each_pickup_one_shift(model)
    work_follows_hours(model, target_s, TOLERANCE if entire else 0.7 * TOLERANCE)
    territories_fit_their_loads(model, lots, at)
    intake_kept(model, intakes, at)
    return model


def _read(model: _Model) -> tuple[dict[int, str], frozenset[int]]:
    """Pickups that are whole in one shift, and those that are split or left."""
    fixed = {p: t for (p, t), v in model.y.items() if v.varValue > 1 - _WHOLE}
    return fixed, frozenset(model.left) - fixed.keys()
