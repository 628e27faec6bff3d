"""How many truck loads each station sends for in each shift.

A cell is what one station takes of one layer (stream and payload). Variables: lots(c, t), loads of
cell c in shift t, integers; over and under, hours of work of a layer and shift; excess, tonnes
over a station's intake; missing, tonnes whose shifts are too narrow for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.model import SolveNote
from fleet.pickups import Band, Intake, Pickup
from fleet.solver import INTEGER, linear, minimise, whole

FILL = 0.97  # of a truck's payload; the rest is for pickups that are whole
LOTS_GAP = 3.0  # loads that may be in another shift than the best one; territories matter more
_T = 1000.0
_H = 3600.0

Cell = tuple[str, str, int]
"""Station, stream and payload."""


@dataclass(frozen=True, slots=True)
class CellLoad:
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
    cells: Mapping[Cell, CellLoad]
    lots: dict[tuple[Cell, str], Any]
    over: dict[tuple[str, int, str], tuple[Any, Any]]
    excess: dict[tuple[str, str], Any]


def share_lots(
    pickups: Sequence[Pickup],
    cells: Mapping[Cell, CellLoad],
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
        # Loads at a station follow the hours too, or yesterday's answer where there is one: its
        # bays and containers are then used evenly.
        old_kg = {
            t: sum(pickups[p].kg for p in load.members if kept.get(p) == t) for t in load.shifts
        }
        hours = {t: bands[c[1], t].work_s for t in load.shifts}
        price = 4.0 if any(old_kg.values()) else 1.0
        fair = (
            _apportioned(load.lots, old_kg)
            if any(old_kg.values())
            else {t: load.lots * h / sum(hours.values()) for t, h in hours.items()}
        )
        for j, t in enumerate(load.shifts):
            lots[c, t] = prob.add_variable(f"lots_{i:04d}_{j}", 0, load.lots, INTEGER)
            above = prob.add_variable(f"above_{i:04d}_{j}", 0)
            prob.addConstraint(
                linear([(lots[c, t], 1.0), (above, -1.0)]) <= fair[t], f"f_{i:04d}_{j}"
            )
            cost.append((above, price))
            if (c[0], t) not in excess:
                excess[c[0], t] = prob.add_variable(f"excess_{len(excess):04d}", 0)
                cost.append((excess[c[0], t], 200.0))
    target_s = targets_s(cells, bands)
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
    note = minimise(prob, node_limit, gap=0.05, gap_abs=LOTS_GAP)
    return {c: {t: whole(lots[c, t]) for t in load.shifts} for c, load in cells.items()}, note


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


def cells_of(
    pickups: Sequence[Pickup], station: Mapping[str, str], bands: Mapping[tuple[str, str], Band]
) -> dict[Cell, CellLoad]:
    members: dict[Cell, list[int]] = {}
    for p, pickup in enumerate(pickups):
        if pickup.id in station:
            members.setdefault((station[pickup.id], *pickup.layer), []).append(p)
    cells = {}
    for c, at in sorted(members.items()):
        kg = sum(pickups[p].kg for p in at)
        shifts = tuple(t for stream, t in bands if stream == c[1])
        work = sum(pickups[p].work_s for p in at)
        cells[c] = CellLoad(tuple(at), shifts, kg, work, max(1, math.ceil(kg / (FILL * c[2]))))
    return cells


def targets_s(
    cells: Mapping[Cell, CellLoad], bands: Mapping[tuple[str, str], Band]
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


def _apportioned(lots: int, weight: Mapping[str, int]) -> dict[str, int]:
    """Lots in proportion to weights, in whole numbers: the largest remainders are rounded up."""
    total = sum(weight.values())
    share = {t: lots * w // total for t, w in weight.items()}
    rest = sorted(weight, key=lambda t: (-(lots * weight[t] % total), t))
    for t in rest[: lots - sum(share.values())]:
        share[t] += 1
    return share
