"""Work shared out over depots and vehicles before routing: how many go out, and whose is a zone.

For every work (one service in one shift) and candidate number of vehicles N the seconds per
vehicle are a constant, target = Σ work / N, which makes travel and balance linear. A first model
finds the fewest vehicles that fit, a second one, with N fixed, the territories with the least
travel and the best balance. Works whose shifts overlap and that can use the same types are solved
together. Variables: n(w, d, t) vehicles of type t of work w from depot d; y(w, z, d) = 1 if zone
z belongs to depot d; stretch and short (hours, per work and depot) over the wanted hours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.model import SolveNote
from fleet.solver import BINARY, INTEGER, chosen, linear, minimise, whole

UTILISATION = 0.93  # of the usable seconds; the rest is for what a plan cannot foresee
BALANCE = 0.08
NODE_LIMIT = 200
_TRIES = 6
_H = 3600.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A territory that is not split: its work with service and fills, and the way to each depot.

    ``work_s`` seconds; ``depot_s`` seconds one way by depot id.
    """

    id: str
    work_s: int
    depot_s: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Work:
    """One service in one shift. ``usable_s`` is a vehicle's shift less its rest.

    ``types`` are able to do it, the preferred one first.
    """

    service: str
    shift_id: str
    start_s: int
    end_s: int
    usable_s: int
    types: tuple[str, ...]
    zones: tuple[Zone, ...]

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s or self.usable_s <= 0:
            raise ValueError(f"{self.service} in {self.shift_id} has no time to work in")

    @property
    def total_s(self) -> int:
        return sum(zone.work_s for zone in self.zones)


@dataclass(frozen=True, slots=True)
class Share:
    """What goes out for one work.

    ``target_s`` is the mean of work and travel per vehicle, ``per_vehicle_s`` that of each depot;
    ``utilisation`` the fullest depot's share of the usable seconds; ``shortfall_s`` the vehicle
    seconds that are missing, 0 if the work fits. All are counted from the answer, not taken from
    the solver.
    """

    service: str
    shift_id: str
    vehicles: dict[tuple[str, str], int]
    zone_depot: dict[str, str]
    target_s: int
    per_vehicle_s: dict[str, int]
    utilisation: float
    shortfall_s: int
    note: SolveNote


@dataclass(frozen=True, slots=True)
class _Model:
    """A PuLP model and its variables; w is the index of the work."""

    prob: Any
    works: Sequence[Work]
    n: dict[tuple[int, str, str], Any]
    y: dict[tuple[int, str, str], Any]
    stretch: dict[tuple[int, str], Any]
    short: dict[tuple[int, str], Any]
    uneven: dict[tuple[int, str], Any]
    left: dict[tuple[int, str], Any]
    target_s: Sequence[float]


def share_work(
    works: tuple[Work, ...],
    available: Mapping[tuple[str, str], int],
    caps: Mapping[str, int],
    utilisation: float = UTILISATION,
    vehicle_s: int = 3600,
    node_limit: int = NODE_LIMIT,
) -> tuple[Share, ...]:
    """Share every work out over depots and vehicles at the least cost; one answer per work.

    Cost is ``vehicle_s`` for each vehicle out plus the seconds of travel. If the work does not
    fit at ``utilisation`` of the usable time, all of the time is used; if not even then, the
    missing seconds are reported as ``shortfall_s``.

    Args:
        works: in any order; the answers come in the same order.
        available: vehicles by (depot, type).
        caps: most vehicles out at once by type, over all depots.
        utilisation: wanted share of ``usable_s``, above 0 and at most 1.
        vehicle_s: what one vehicle more is worth, in seconds of travel.
        node_limit: most nodes of each search tree.

    Raises:
        ValueError: two works with the same service and shift, or a zone without its depots' times.
    """
    if not 0 < utilisation <= 1:
        raise ValueError(f"the utilisation must be in (0, 1], not {utilisation}")
    if len({(w.service, w.shift_id) for w in works}) < len(works):
        raise ValueError("two works have the same service and shift")
    answers: dict[tuple[str, str], Share] = {}
    for group in _groups(works):
        for share in _share_group(group, available, caps, utilisation, vehicle_s, node_limit):
            answers[share.service, share.shift_id] = share
    return tuple(answers[w.service, w.shift_id] for w in works)


def each_zone_one_depot(model: _Model) -> None:
    """A territory is whole: Σ_d y(w, z, d) + left(w, z) = 1 for each work w and zone z.

    ``left`` is 0 but where vehicles are so few that a work may get none.
    """
    rows = {key: [(variable, 1.0)] for key, variable in model.left.items()}
    for (w, z, _), variable in model.y.items():
        rows[w, z].append((variable, 1.0))
    for i, terms in enumerate(rows.values()):
        model.prob.addConstraint(linear(terms) == 1, f"zone_one_depot_{i:05d}")


def zone_needs_vehicles(model: _Model) -> None:
    """Only depots that send vehicles have zones: y(w, z, d) ≤ Σ_t n(w, d, t)."""
    for i, ((w, _, d), variable) in enumerate(model.y.items()):
        sent = [(v, -1.0) for (w2, d2, _t), v in model.n.items() if (w2, d2) == (w, d)]
        model.prob.addConstraint(
            linear([(variable, 1.0), *sent]) <= 0, f"zone_needs_vehicles_{i:05d}"
        )


def vehicles_available(model: _Model, available: Mapping[tuple[str, str], int]) -> None:
    """At no time more vehicles than a depot has: Σ_{w at m} n(w, d, t) ≤ available(d, t).

    For every depot d, type t and start m of a shift (between starts no work is added).
    """
    for m, at in enumerate(_together(model.works)):
        for (d, t), count in sorted(available.items()):
            terms = [(model.n[w, d, t], 1.0) for w in at if (w, d, t) in model.n]
            if terms:
                model.prob.addConstraint(linear(terms) <= count, f"available_{m}_{d}_{t}")


def caps_kept(model: _Model, caps: Mapping[str, int]) -> None:
    """At no time more vehicles of a type than its cap: Σ_{w at m, d} n(w, d, t) ≤ caps(t)."""
    for m, at in enumerate(_together(model.works)):
        for t, cap in sorted(caps.items()):
            terms = [(v, 1.0) for (w, _, t2), v in model.n.items() if w in at and t2 == t]
            if terms:
                model.prob.addConstraint(linear(terms) <= cap, f"cap_{m}_{t}")


def hours_fit(model: _Model, utilisation: float) -> None:
    """The hours of each depot's vehicles suffice, with the ways out and back.

    Σ_z y · work(z) · (1 + 2 · depot_s(z, d) / target) ≤ utilisation · usable · Σ_t n
    + stretch + short, where stretch ≤ (1 − utilisation) · usable · Σ_t n. A zone takes
    work / target vehicles out and back, so that the sum is 2 × average travel × n.
    """
    for (w, d), stretch in model.stretch.items():
        work = model.works[w]
        load = [(model.y[w, z.id, d], _load_s(z, d, model.target_s[w]) / _H) for z in work.zones]
        sent = [v for (w2, d2, _), v in model.n.items() if (w2, d2) == (w, d)]
        hours = work.usable_s / _H
        model.prob.addConstraint(
            linear(
                load
                + [(v, -utilisation * hours) for v in sent]
                + [(stretch, -1.0), (model.short[w, d], -1.0)]
            )
            <= 0,
            f"hours_{w}_{d}",
        )
        model.prob.addConstraint(
            linear([(stretch, 1.0)] + [(v, -(1 - utilisation) * hours) for v in sent]) <= 0,
            f"stretch_{w}_{d}",
        )


def depots_balanced(model: _Model, tolerance: float) -> None:
    """Vehicles of all depots have alike much work, as far as possible.

    |Σ_z y · work(z) − target · Σ_t n| ≤ tolerance · target · Σ_t n + uneven, for each depot.
    """
    for (w, d), uneven in model.uneven.items():
        load = [(model.y[w, z.id, d], z.work_s / _H) for z in model.works[w].zones]
        sent = [v for (w2, d2, _), v in model.n.items() if (w2, d2) == (w, d)]
        target = model.target_s[w] / _H
        for sign, side in ((1.0, "over"), (-1.0, "under")):
            terms = [(v, sign * c) for v, c in load]
            terms += [(v, -(sign + tolerance) * target) for v in sent]
            model.prob.addConstraint(
                linear([*terms, (uneven, -1.0)]) <= 0, f"balance_{side}_{w}_{d}"
            )


def vehicles_counted(model: _Model, low: Sequence[int], exact: bool) -> None:
    """The candidate number of vehicles: Σ_{d, t} n(w, d, t) ≥ low(w), or = low(w)."""
    for w, number in enumerate(low):
        total = linear([(v, 1.0) for (w2, _, _), v in model.n.items() if w2 == w])
        model.prob.addConstraint((total == number if exact else total >= number), f"vehicles_{w}")


def _share_group(
    works: Sequence[Work],
    available: Mapping[tuple[str, str], int],
    caps: Mapping[str, int],
    utilisation: float,
    vehicle_s: int,
    node_limit: int,
) -> list[Share]:
    able = [
        w
        for w in works
        if w.zones
        and any(n > 0 and caps.get(t, 1) > 0 and t in w.types for (_, t), n in available.items())
    ]
    shares = [_nothing(w) for w in works if w not in able]
    if not able:
        return shares
    # Level 0: at the wanted utilisation; 1: all of the time; 2: what is missing is counted.
    for level in range(3):
        low = [0] * len(able)
        for _ in range(_TRIES):
            guess = [_full_target(w, utilisation) for w in able]
            model = _build(able, available, caps, utilisation, guess, level, vehicle_s)
            vehicles_counted(model, low, exact=False)
            if minimise(model.prob, node_limit, gap=1e-4).objective is None:
                break
            low = [
                sum(whole(v) for (w2, _, _), v in model.n.items() if w2 == w)
                for w in range(len(able))
            ]
            target = [w.total_s / max(1, n) for w, n in zip(able, low, strict=True)]
            model = _build(able, available, caps, utilisation, target, level, vehicle_s)
            vehicles_counted(model, low, exact=True)
            note = minimise(model.prob, node_limit, gap=1e-4)
            if note.objective is not None:
                return shares + [_read(model, w, note) for w in range(len(able))]
            # Real travel was more than guessed: one vehicle more where they are fullest.
            fullest = max(range(len(able)), key=lambda w: (target[w] / able[w].usable_s, -w))
            low[fullest] += 1
    raise AssertionError("the model with shortfall always has an answer")


def _build(
    works: Sequence[Work],
    available: Mapping[tuple[str, str], int],
    caps: Mapping[str, int],
    utilisation: float,
    target_s: Sequence[float],
    level: int,
    vehicle_s: int,
) -> _Model:
    """All variables, the objective and all rules but the number of vehicles."""
    import pulp

    prob = pulp.LpProblem("share", pulp.LpMinimize)
    n: dict[tuple[int, str, str], Any] = {}
    y: dict[tuple[int, str, str], Any] = {}
    stretch, short, uneven, left = {}, {}, {}, {}
    cost: list[tuple[Any, float]] = []
    for w, work in enumerate(works):
        for z in work.zones:
            left[w, z.id] = prob.add_variable(f"left_{w}_{z.id}", 0, 1 if level == 2 else 0)
            # Dearer than a missing hour, so that only works without any vehicle leave zones.
            cost.append((left[w, z.id], 300.0 * z.work_s / _H))
        yards = sorted({d for (d, t), count in available.items() if count > 0 and t in work.types})
        for d in yards:
            for i, t in enumerate(work.types):
                if available.get((d, t), 0) > 0:
                    n[w, d, t] = prob.add_variable(f"n_{w}_{d}_{t}", 0, available[d, t], INTEGER)
                    # A preferred type wins a tie.
                    cost.append((n[w, d, t], vehicle_s / _H + 0.001 * i))
            for z in work.zones:
                if d not in z.depot_s:
                    raise ValueError(f"zone {z.id} does not say how far depot {d} is")
                y[w, z.id, d] = prob.add_variable(f"y_{w}_{z.id}_{d}", cat=BINARY)
                travel = _load_s(z, d, target_s[w]) - z.work_s
                cost.append((y[w, z.id, d], travel / _H))
            top = None if level >= 1 else 0
            stretch[w, d] = prob.add_variable(f"stretch_{w}_{d}", 0, top)
            short[w, d] = prob.add_variable(f"short_{w}_{d}", 0, None if level == 2 else 0)
            uneven[w, d] = prob.add_variable(f"uneven_{w}_{d}", 0)
            # Prices of an hour: missing ones first of all, then a vehicle more before its
            # reserve of time is used, then balance. Far apart, but the gap still sees the least.
            cost.append((short[w, d], 200.0))
            cost.append((stretch[w, d], 20.0))
            cost.append((uneven[w, d], 5.0))
    prob += linear(cost)
    model = _Model(prob, works, n, y, stretch, short, uneven, left, target_s)
    each_zone_one_depot(model)
    zone_needs_vehicles(model)
    vehicles_available(model, available)
    caps_kept(model, caps)
    hours_fit(model, utilisation)
    depots_balanced(model, BALANCE)
    return model


def _read(model: _Model, w: int, note: SolveNote) -> Share:
    """The answer of one work, with its figures counted anew."""
    work = model.works[w]
    vehicles = {
        (d, t): whole(v) for (w2, d, t), v in sorted(model.n.items()) if w2 == w and whole(v)
    }
    zone_depot = {z: d for (w2, z, d), v in sorted(model.y.items()) if w2 == w and chosen(v)}
    total = sum(vehicles.values())
    if not total:
        return _nothing(work)
    target = work.total_s / total
    load: dict[str, float] = {}
    sent: dict[str, int] = {}
    for (d, _), count in vehicles.items():
        sent[d] = sent.get(d, 0) + count
    for zone in work.zones:
        if zone.id not in zone_depot:
            continue
        d = zone_depot[zone.id]
        load[d] = load.get(d, 0.0) + _load_s(zone, d, target)
    return Share(
        work.service,
        work.shift_id,
        vehicles,
        dict(sorted(zone_depot.items())),
        math.ceil(sum(load.values()) / total),
        {d: math.ceil(load.get(d, 0.0) / count) for d, count in sorted(sent.items())},
        max(load.get(d, 0.0) / (count * work.usable_s) for d, count in sent.items()),
        math.ceil(
            sum(max(0.0, load.get(d, 0.0) - n * work.usable_s) for d, n in sent.items())
            + sum(zone.work_s for zone in work.zones if zone.id not in zone_depot)
            - 1e-3
        ),
        note,
    )


def _nothing(work: Work) -> Share:
    """Nothing to do, or nobody to do it: then all of the work is missing."""
    note = SolveNote("infeasible" if work.zones else "optimal", 0.0, None, 0)
    return Share(work.service, work.shift_id, {}, {}, 0, {}, 0.0, work.total_s, note)


def _load_s(zone: Zone, depot: str, target_s: float) -> float:
    """A zone's seconds from a depot: its work, and the ways of the vehicles that it takes."""
    return zone.work_s * (1 + 2 * zone.depot_s[depot] / max(1.0, target_s))


def _full_target(work: Work, utilisation: float) -> float:
    """Work seconds of a vehicle that is used as much as wanted, from the nearest depot."""
    ways = [2 * min(z.depot_s.values(), default=0) for z in work.zones]
    return max(1.0, work.usable_s * utilisation - sum(ways) / len(ways))


def _together(works: Sequence[Work]) -> list[list[int]]:
    """For each distinct start of a shift the works that are under way then."""
    starts = sorted({w.start_s for w in works})
    return [[i for i, w in enumerate(works) if w.start_s <= s < w.end_s] for s in starts]


def _groups(works: Sequence[Work]) -> list[list[Work]]:
    """Works that compete for vehicles, directly or through others, in one group each."""
    groups: list[list[Work]] = []
    for work in sorted(works, key=lambda w: (w.start_s, w.service, w.shift_id)):
        rivals = [
            g
            for g in groups
            if any(
                work.start_s < o.end_s and o.start_s < work.end_s and set(work.types) & set(o.types)
                for o in g
            )
        ]
        groups = [g for g in groups if g not in rivals]
        groups.append([*(o for g in rivals for o in g), work])
    return groups
