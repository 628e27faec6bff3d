"""Runs to vehicles, drivers and helpers, decomposed by depot and vehicle type.

Vehicles first: minimise 1000 · runs without one + Σ cost(r, v) · take(r, v) + 3 · Σ much(v),
subject to :func:`one_vehicle_per_run`, :func:`one_run_at_a_time` and :func:`use_spread`. Then the
crews of ``fleet.crews``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.crews import crew, why_nobody
from fleet.duty import Chain, Day, Past, RunNeed
from fleet.model import Driver, DutyRules, SolveNote, Vehicle
from fleet.solver import BINARY, chosen, linear, minimise

NODE_LIMIT = 50
_NONE = 1000.0


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A run that lacks something: ``what`` is vehicle, driver or helper, and why."""

    run_id: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """By run id. A run without a vehicle has no driver; one without a driver no helpers."""

    vehicle: dict[str, str]
    driver: dict[str, str]
    helpers: dict[str, tuple[str, ...]]
    unassigned: tuple[Unassigned, ...]
    notes: tuple[tuple[str, SolveNote], ...]  # (model, how it was solved)


def assign_runs(
    runs: tuple[RunNeed, ...],
    vehicles: tuple[Vehicle, ...],
    drivers: tuple[Driver, ...],
    past: Past,
    rules: DutyRules,
    weekday: int,
    absent_drivers: frozenset[str] = frozenset(),
) -> Assignment:
    """Give every run a vehicle of its depot and type and people of its depot.

    Args:
        runs: in any order, ids of their own.
        vehicles: those that can go out today (see ``fleet.roster``).
        drivers: drivers and helpers.
        past: what the days before leave behind.
        rules: hours and pauses.
        weekday: of the plan's date, 0 is Monday; people rest on theirs.
        absent_drivers: ids of drivers and helpers who are away.

    Raises:
        ValueError: two runs with the same id, or no such weekday.
    """
    if len({run.id for run in runs}) < len(runs):
        raise ValueError("two runs have the same id")
    if not 0 <= weekday <= 6:
        raise ValueError(f"weekday must be 0 to 6, not {weekday}")
    day = Day(rules, past, weekday, absent_drivers)
    ordered = tuple(sorted(runs, key=lambda run: (run.start_s, run.id)))
    notes: list[tuple[str, SolveNote]] = []
    unassigned: list[Unassigned] = []
    vehicle: dict[str, str] = {}
    for depot, kind in sorted({(run.depot_id, run.type_id) for run in ordered}):
        group = [r for r in ordered if (r.depot_id, r.type_id) == (depot, kind)]
        here = [v for v in vehicles if (v.depot_id, v.type_id) == (depot, kind)]
        found, note = _vehicles(group, sorted(here, key=lambda v: v.id), past, rules)
        vehicle |= found
        notes.append((f"vehicles {depot} {kind}", note))
        unassigned += [
            Unassigned(r.id, "vehicle", _why_no_vehicle(r, here, vehicles))
            for r in group
            if r.id not in found
        ]
    driver = _crews(
        "driver",
        tuple(r for r in ordered if r.id in vehicle),
        drivers,
        vehicle,
        day,
        notes,
        unassigned,
    )
    helpers: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for seat in range(1, max((r.helpers for r in ordered), default=0) + 1):
        need = tuple(r for r in ordered if r.id in driver and r.helpers >= seat)
        free = tuple(p for p in drivers if p.id not in taken)
        seated = _crews("helper", need, free, vehicle, day, notes, unassigned)
        taken |= set(seated.values())
        for run_id, person in seated.items():
            helpers[run_id] = (*helpers.get(run_id, ()), person)
    return Assignment(
        dict(sorted(vehicle.items())),
        dict(sorted(driver.items())),
        dict(sorted(helpers.items())),
        tuple(sorted(unassigned, key=lambda u: (u.run_id, u.what))),
        tuple(notes),
    )


def one_vehicle_per_run(
    prob: Any, take: Mapping[tuple[str, str], Any], none: Mapping[str, Any]
) -> None:
    """Every run has one vehicle or is counted as open: Σ_v take(r, v) + none(r) = 1."""
    rows: dict[str, list[tuple[Any, float]]] = {r: [(v, 1.0)] for r, v in none.items()}
    for (run, _), variable in take.items():
        rows[run].append((variable, 1.0))
    for i, run in enumerate(sorted(rows)):
        prob += linear(rows[run]) == 1, f"one_vehicle_{i:04d}"


def one_run_at_a_time(
    prob: Any, runs: Sequence[RunNeed], take: Mapping[tuple[str, str], Any], gap_s: int
) -> None:
    """A vehicle is on one run, or in the pause after it: Σ_{r at m} take(r, v) ≤ 1.

    For every vehicle v and start m of a run; r is at m if start(r) ≤ m < end(r) + gap.
    """
    by_vehicle: dict[str, list[RunNeed]] = {}
    for run in runs:
        for run_id, v in take:
            if run_id == run.id:
                by_vehicle.setdefault(v, []).append(run)
    for i, v in enumerate(sorted(by_vehicle)):
        seen: set[frozenset[str]] = set()
        for m, moment in enumerate(sorted({run.start_s for run in by_vehicle[v]})):
            at = [r.id for r in by_vehicle[v] if r.start_s <= moment < r.end_s + gap_s]
            # A clique inside the one before says nothing new.
            if len(at) > 1 and not any(set(at) <= before for before in seen):
                seen.add(frozenset(at))
                terms = [(take[r, v], 1.0) for r in at]
                prob += linear(terms) <= 1, f"one_run_at_a_time_{i:03d}_{m:03d}"


def use_spread(
    prob: Any, take: Mapping[tuple[str, str], Any], much: Mapping[str, Any], fair: int
) -> None:
    """Runs are spread over the vehicles: Σ_r take(r, v) ≤ fair + much(v) for each vehicle v."""
    for i, v in enumerate(sorted(much)):
        terms = [(x, 1.0) for (_, v2), x in take.items() if v2 == v]
        prob += linear([*terms, (much[v], -1.0)]) <= fair, f"use_spread_{i:03d}"


def _vehicles(
    runs: Sequence[RunNeed], here: Sequence[Vehicle], past: Past, rules: DutyRules
) -> tuple[dict[str, str], SolveNote]:
    """Vehicles of one depot and type; a pinned run has no other choice."""
    import pulp

    prob = pulp.LpProblem("vehicles", pulp.LpMinimize)
    take: dict[tuple[str, str], Any] = {}
    cost: list[tuple[Any, float]] = []
    ids = {v.id for v in here}
    least = min((past.vehicle_use.get(v, 0) for v in ids), default=0)
    none = {r.id: prob.add_variable(f"none_{i:04d}", 0, 1) for i, r in enumerate(runs)}
    for i, run in enumerate(runs):
        for j, v in enumerate(here):
            if run.pinned_vehicle and v.id != run.pinned_vehicle:
                continue
            variable = prob.add_variable(f"take_{i:04d}_{j:03d}", cat=BINARY)
            take[run.id, v.id] = variable
            moved = run.preferred_vehicle in ids and run.preferred_vehicle != v.id
            used = min(10, past.vehicle_use.get(v.id, 0) - least)
            cost.append((variable, 20.0 * moved + 0.2 * used + 0.001 * j))
    # A pinned run counts for two: it is not left out for another one.
    cost += [(none[r.id], _NONE * (2 if r.pinned_vehicle else 1)) for r in runs]
    much = {v.id: prob.add_variable(f"much_{j:03d}", 0) for j, v in enumerate(here)}
    cost += [(v, 3.0) for v in much.values()]
    prob += linear(cost)
    one_vehicle_per_run(prob, take, none)
    one_run_at_a_time(prob, runs, take, rules.vehicle_gap_s)
    use_spread(prob, take, much, math.ceil(len(runs) / max(1, len(here))))
    note = minimise(prob, NODE_LIMIT, gap=1e-3)
    return {r: v for (r, v), variable in take.items() if chosen(variable)}, note


def _why_no_vehicle(run: RunNeed, here: Sequence[Vehicle], fleet: Sequence[Vehicle]) -> str:
    place = f"of type {run.type_id} at depot {run.depot_id}"
    pin = run.pinned_vehicle
    if pin and pin not in {v.id for v in here}:
        if pin in {v.id for v in fleet}:
            return f"it is pinned to {pin}, which is not {place}"
        return f"it is pinned to {pin}, which cannot go out today"
    if pin:
        return f"it is pinned to {pin}, which is on another run at that time"
    if not here:
        return f"no vehicle {place} can go out today"
    return f"all {len(here)} vehicles {place} are on other runs at that time"


def _crews(
    role: str,
    runs: tuple[RunNeed, ...],
    people: Sequence[Driver],
    vehicle: Mapping[str, str],
    day: Day,
    notes: list[tuple[str, SolveNote]],
    unassigned: list[Unassigned],
) -> dict[str, str]:
    """People of one role for the runs of all depots; what is open goes to ``unassigned``."""
    staff = [p for p in people if p.role == role]
    found: dict[str, str] = {}
    for depot in sorted({run.depot_id for run in runs}):
        here = tuple(run for run in runs if run.depot_id == depot)
        at = [p for p in staff if p.depot_id == depot]
        answer, solved = crew(here, at, vehicle, day)
        found |= answer
        notes += [(f"{role}s {depot}", note) for note in solved]
        mine: dict[str, Chain] = {}
        for run in here:
            if run.id in answer:
                mine[answer[run.id]] = (*mine.get(answer[run.id], ()), run)
        unassigned += [
            Unassigned(run.id, role, why_nobody(run, at, mine, day))
            for run in here
            if run.id not in answer
        ]
    return found
