"""Pickups to transfer stations: the least way within what each station takes in a day.

Tonnes and seconds. Variables: x(p, s) the share of pickup p that goes to station s; left(p) what
goes nowhere; load(s) ≤ throughput(s); full, how full the fullest is; flow(c, s, t), tonnes of class
c (pickups of one stream that may be taken in the same shifts) unloaded at s in shift t.

The linear model splits as many pickups as there are full stations; these few are then made whole
by a model with integers in which all others stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.model import SolveNote
from fleet.pickups import Band, Before, Intake, Pickup
from fleet.solver import BINARY, linear, minimise

KEEP_S = 60.0  # of way that staying where it was before is worth
FULL_FROM = 0.85  # of the throughput; below that nobody minds who is the fullest
AGAIN = 120  # pickups that are put to the choice again where some are left
_T = 1000.0
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class _Model:
    """A PuLP model and its variables; p is the index of the pickup."""

    prob: Any
    pickups: Sequence[Pickup]
    x: dict[tuple[int, str], Any]
    left: Sequence[Any]
    load: dict[str, Any]
    full: Any
    flow: dict[tuple[tuple[str, tuple[str, ...]], str, str], Any]


def assign_stations(
    pickups: Sequence[Pickup],
    intakes: Mapping[str, Intake],
    bands: Mapping[tuple[str, str], Band],
    spread: float,
    before: Before,
    node_limit: int,
) -> tuple[dict[str, str], tuple[SolveNote, ...]]:
    """Station of each pickup that finds one, and the notes.

    Pickups and mappings must be sorted by id. If pickups made whole do not fit, they and those
    that lose least by another station are put to the choice again (all, if they are few).
    """
    pickups = [p for p in pickups if p.way_s]
    everyone = frozenset(range(len(pickups)))
    model = _build(pickups, intakes, spread, before, {}, everyone, "Continuous")
    notes = [minimise(model.prob, node_limit)]
    found = _read(model)
    if len(found) < len(pickups):
        model = _build(pickups, intakes, spread, before, found, everyone - found.keys(), BINARY)
        notes.append(minimise(model.prob, node_limit, gap=1e-4))
        found = _read(model)
    if len(found) < len(pickups):
        start = {v.name: v.varValue for v in model.prob.variables()}
        again = _put_again(pickups, found)
        model = _build(pickups, intakes, spread, before, found, again, BINARY)
        notes.append(minimise(model.prob, node_limit, gap=1e-3, start=start))
        found = _read(model)
    return {pickups[p].id: s for p, s in sorted(found.items())}, tuple(notes)


def each_pickup_once(model: _Model) -> None:
    """A pickup goes to stations or is left: Σ_s x(p, s) + left(p) = 1."""
    rows = [[(variable, 1.0)] for variable in model.left]
    for (p, _), variable in model.x.items():
        rows[p].append((variable, 1.0))
    for p, terms in enumerate(rows):
        model.prob.addConstraint(linear(terms) == 1, f"once_{p:05d}")


def loads_added_up(model: _Model) -> None:
    """What a station takes in, all streams together: Σ_p t(p) · x(p, s) = load(s)."""
    rows = {s: [(variable, -1.0)] for s, variable in model.load.items()}
    for (p, s), variable in model.x.items():
        rows[s].append((variable, model.pickups[p].kg / _T))
    for i, terms in enumerate(rows.values()):
        model.prob.addConstraint(linear(terms) == 0, f"load_{i}")


def fullest_known(model: _Model, intakes: Mapping[str, Intake]) -> None:
    """The fullest station is as full as any: load(s) ≤ throughput(s) · full."""
    for i, (s, variable) in enumerate(model.load.items()):
        top = intakes[s].throughput_kg / _T
        model.prob.addConstraint(linear([(variable, 1.0), (model.full, -top)]) <= 0, f"full_{i}")


def shifts_reached(model: _Model) -> None:
    """All that a class brings to a station is unloaded in its shifts.

    Σ_{p in c} t(p) · x(p, s) = Σ_t flow(c, s, t).
    """
    rows: dict[tuple[tuple[str, tuple[str, ...]], str], list[tuple[Any, float]]] = {}
    for (c, s, _), variable in model.flow.items():
        rows.setdefault((c, s), []).append((variable, -1.0))
    for (p, s), variable in model.x.items():
        rows[_class(model.pickups[p]), s].append((variable, model.pickups[p].kg / _T))
    for i, terms in enumerate(rows.values()):
        model.prob.addConstraint(linear(terms) == 0, f"reached_{i:04d}")


def shift_intake_kept(model: _Model, intakes: Mapping[str, Intake]) -> None:
    """No station unloads more in a shift than it can: Σ_c flow(c, s, t) ≤ intake(s, t)."""
    rows: dict[tuple[str, str], list[tuple[Any, float]]] = {}
    for (_, s, t), variable in model.flow.items():
        rows.setdefault((s, t), []).append((variable, 1.0))
    for i, ((s, t), terms) in enumerate(rows.items()):
        top = intakes[s].per_shift_kg.get(t, 0) / _T
        model.prob.addConstraint(linear(terms) <= top, f"intake_{i:04d}")


def _class(pickup: Pickup) -> tuple[str, tuple[str, ...]]:
    return pickup.stream, tuple(sorted(pickup.shifts))


def _build(
    pickups: Sequence[Pickup],
    intakes: Mapping[str, Intake],
    spread: float,
    before: Before,
    found: Mapping[int, str],
    again: Collection[int],
    kind: str,
) -> _Model:
    """Variables, objective and rules.

    Pickups in ``again`` have the choice of all their stations; of the others, those that are
    ``found`` stay there and those that are not stay left. Names do not depend on that, so that
    one model's answer can start another.
    """
    import pulp

    prob = pulp.LpProblem("stations", pulp.LpMinimize)
    x: dict[tuple[int, str], Any] = {}
    flow: dict[tuple[tuple[str, tuple[str, ...]], str, str], Any] = {}
    left = []
    place = {s: i for i, s in enumerate(intakes)}
    classes = {c: i for i, c in enumerate(sorted({_class(p) for p in pickups}))}
    cost: list[tuple[Any, float]] = []
    # Making room moves at most one pickup at each station, each by less than the longest way.
    lost_s = (len(intakes) + 1) * (_longest(pickups) + KEEP_S) + spread
    for p, pickup in enumerate(pickups):
        tonnes = max(pickup.kg, 1) / _T
        sort = kind if p in again else "Continuous"
        stays = p in found and p not in again
        left.append(prob.add_variable(f"left_{p:05d}", 0, 0 if stays else 1, sort))
        open_to = sorted(pickup.way_s) if p in again else (found[p],) if stays else ()
        cost.append((left[p], tonnes * lost_s * pickup.importance))
        stayed = before.get(pickup.id, ("", ""))[0]
        for s in open_to:
            x[p, s] = prob.add_variable(f"x_{p:05d}_{place[s]}", 0, 1, sort)
            way = pickup.way_s[s] + (KEEP_S if stayed and s != stayed else 0.0)
            cost.append((x[p, s], tonnes * way))
            for i, t in enumerate(_class(pickup)[1]):
                key = _class(pickup), s, t
                if key not in flow:
                    name = f"flow_{classes[key[0]]}_{place[s]}_{i}"
                    flow[key] = prob.add_variable(name, 0)
    load = {
        s: prob.add_variable(f"load_{place[s]}", 0, i.throughput_kg / _T)
        for s, i in intakes.items()
    }
    full = prob.add_variable("full", FULL_FROM)
    cost.append((full, spread * sum(p.kg for p in pickups) / _T))
    prob += linear(cost)
    model = _Model(prob, pickups, x, left, load, full, flow)
    each_pickup_once(model)
    loads_added_up(model)
    fullest_known(model, intakes)
    shifts_reached(model)
    shift_intake_kept(model, intakes)
    return model


def _longest(pickups: Sequence[Pickup]) -> int:
    return max((way for p in pickups for way in p.way_s.values()), default=0)


def _put_again(pickups: Sequence[Pickup], found: Mapping[int, str]) -> frozenset[int]:
    """Some left pickups, the lightest first, and those with the best second choice."""
    left = sorted((pickups[p].kg, p) for p in range(len(pickups)) if p not in found)
    # One that has no other station can still make room for a left one.
    loss = sorted(
        (min((w for s, w in way.items() if s != mine), default=way[mine]) - way[mine], p)
        for p, mine in found.items()
        for way in (pickups[p].way_s,)
    )
    again = [p for _, p in left[: AGAIN // 2]]
    again += [p for _, p in loss[: AGAIN - len(again)]]
    return frozenset(again)


def _read(model: _Model) -> dict[int, str]:
    """The station of each pickup that is whole at one."""
    return {p: s for (p, s), v in model.x.items() if v.varValue > 1 - _WHOLE}
