"""Drivers and helpers for runs that have a vehicle, one depot at a time.

First the runs are bundled into duty days (set partitioning over the possible ones), then the duty
days go to people (assignment), and runs of a duty day that nobody can work are given, one by one
or in smaller bundles, to whoever still can (set packing). The hours are the rules of
``fleet.duty``: a duty day or a match that breaks one is no variable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from fleet.duty import Chain, Day, RunNeed, broken_rule, possible_days
from fleet.model import Driver, SolveNote
from fleet.solver import BINARY, chosen, linear, minimise

NODE_LIMIT = 50
FOLLOWERS = 8
_NOBODY = 1000.0  # a run without a person; all preferences of a duty day together are less


def crew(
    runs: tuple[RunNeed, ...], people: Sequence[Driver], vehicle: Mapping[str, str], day: Day
) -> tuple[dict[str, str], list[SolveNote]]:
    """One person for each run, as many runs as possible, stable pairs kept.

    Args:
        runs: of one depot.
        people: of one role; those who cannot work today are left out by the rules.
        vehicle: of each run.
        day: rules, past, weekday, absences.

    Returns:
        person by run id (runs without one are missing), and the notes of the models.
    """
    if not runs:
        return {}, []
    staff = sorted(people, key=lambda p: p.id)
    bundles, first = _bundle(runs, vehicle, day)
    worked, second = _match(
        [(chain, person) for chain in bundles for person in staff], {}, vehicle, day
    )
    notes = [first, second]
    done = {run.id for chain in worked.values() for run in chain}
    left = tuple(run for run in runs if run.id not in done)
    if left:
        pairs: list[tuple[Chain, Driver]] = []
        small = possible_days(left, vehicle, day, FOLLOWERS)
        for person in staff:
            has = worked.get(person.id, ())
            more = small if not has else [c for k in (1, 2) for c in combinations(left, k)]
            pairs.extend((_merged(has, chain), person) for chain in more)
        worked2, third = _match(pairs, worked, vehicle, day)
        worked = {**worked, **worked2}
        notes.append(third)
    return {run.id: pid for pid, chain in worked.items() for run in chain}, notes


def why_nobody(run: RunNeed, people: Sequence[Driver], mine: Mapping[str, Chain], day: Day) -> str:
    """Why no one of ``people`` can take ``run`` besides what they already do, commonest first."""
    own = [p for p in people if p.depot_id == run.depot_id]
    if not own:
        return f"depot {run.depot_id} has none"
    counts = Counter(broken_rule(_merged(mine.get(p.id, ()), (run,)), p, day) for p in own)
    free = counts.pop("", 0)
    parts = [f"{n} {words}" for words, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
    # Someone is free only if the models stopped early or chose to leave this run for another.
    if free:
        parts.append(f"{free} free but not matched within the node limit")
    return f"of {len(own)} at depot {run.depot_id}: " + ", ".join(parts)


def each_run_in_one_day(prob: Any, days: Sequence[Chain], use: Sequence[Any]) -> None:
    """Every run is in exactly one duty day: Σ_{c ∋ r} use(c) = 1 for each run r."""
    rows: dict[str, list[tuple[Any, float]]] = {}
    for chain, variable in zip(days, use, strict=True):
        for run in chain:
            rows.setdefault(run.id, []).append((variable, 1.0))
    for i, run_id in enumerate(sorted(rows)):
        prob += linear(rows[run_id]) == 1, f"run_in_one_day_{i:04d}"


def one_day_per_person(
    prob: Any, pairs: Sequence[tuple[Chain, Driver]], take: Sequence[Any]
) -> None:
    """Nobody has two duty days within a plan: Σ_c take(c, p) ≤ 1 for each person p."""
    rows: dict[str, list[tuple[Any, float]]] = {}
    for (_, person), variable in zip(pairs, take, strict=True):
        rows.setdefault(person.id, []).append((variable, 1.0))
    for i, person_id in enumerate(sorted(rows)):
        prob += linear(rows[person_id]) <= 1, f"one_day_per_person_{i:04d}"


def one_person_per_run(
    prob: Any,
    pairs: Sequence[tuple[Chain, Driver]],
    take: Sequence[Any],
    nobody: Mapping[str, Any],
) -> None:
    """Every run has one person or is counted as open: Σ_{c ∋ r, p} take(c, p) + nobody(r) = 1."""
    rows: dict[str, list[tuple[Any, float]]] = {r: [(v, 1.0)] for r, v in nobody.items()}
    for (chain, _), variable in zip(pairs, take, strict=True):
        for run in chain:
            if run.id in rows:
                rows[run.id].append((variable, 1.0))
    for i, run_id in enumerate(sorted(rows)):
        prob += linear(rows[run_id]) == 1, f"one_person_per_run_{i:04d}"


def _bundle(
    runs: tuple[RunNeed, ...], vehicle: Mapping[str, str], day: Day
) -> tuple[list[Chain], SolveNote]:
    """Few duty days: minimise Σ (100 + 10 · changes of vehicle + 15 · of driver + idle hours)."""
    import pulp

    days = possible_days(runs, vehicle, day, FOLLOWERS)
    prob = pulp.LpProblem("duty_days", pulp.LpMinimize)
    use = [prob.add_variable(f"use_{i:06d}", cat=BINARY) for i in range(len(days))]
    prob += linear([(v, _day_cost(c, vehicle)) for v, c in zip(use, days, strict=True)])
    each_run_in_one_day(prob, days, use)
    note = minimise(prob, NODE_LIMIT, gap=1e-3)
    if note.objective is None:
        return [(run,) for run in runs], note
    return [chain for chain, v in zip(days, use, strict=True) if chosen(v)], note


def _day_cost(chain: Chain, vehicle: Mapping[str, str]) -> float:
    cost = 100.0
    for run, after in pairwise(chain):
        cost += 10.0 * (vehicle.get(run.id) != vehicle.get(after.id))
        cost += 15.0 * (run.preferred_driver != after.preferred_driver)
        cost += (after.start_s - run.end_s) / 3600
    return cost


def _match(
    pairs: Sequence[tuple[Chain, Driver]],
    worked: Mapping[str, Chain],
    vehicle: Mapping[str, str],
    day: Day,
) -> tuple[dict[str, Chain], SolveNote]:
    """Duty days to people: minimise 1000 · open runs − Σ rewards of :func:`_worth`.

    ``worked`` are the duty days so far; a person's new one contains the old one, and its runs
    are not open.
    """
    import pulp

    fixed = {run.id for chain in worked.values() for run in chain}
    kept = [(c, p) for c, p in pairs if not broken_rule(c, p, day)]
    runs = sorted({run.id for chain, _ in pairs for run in chain} - fixed)
    prob = pulp.LpProblem("crews", pulp.LpMinimize)
    take = [prob.add_variable(f"take_{i:06d}", cat=BINARY) for i in range(len(kept))]
    nobody = {r: prob.add_variable(f"nobody_{i:04d}", 0, 1) for i, r in enumerate(runs)}
    prob += linear(
        [(v, -_worth(c, p, vehicle, day)) for v, (c, p) in zip(take, kept, strict=True)]
        + [(v, _NOBODY) for v in nobody.values()]
    )
    one_day_per_person(prob, kept, take)
    one_person_per_run(prob, kept, take, nobody)
    note = minimise(prob, NODE_LIMIT, gap=1e-6)
    return {p.id: c for v, (c, p) in zip(take, kept, strict=True) if chosen(v)}, note


def _worth(chain: Chain, person: Driver, vehicle: Mapping[str, str], day: Day) -> float:
    """Reward of a match: the driver of the day before, known vehicles, then the least worked."""
    worth = 0.0
    for run in chain:
        worth += 20.0 * (run.preferred_driver == person.id)
        worth += 2.0 * min(5, day.past.pairs.get((person.id, vehicle.get(run.id, "")), 0))
    worth -= day.past.work_s.get(person.id, 0) / 36_000
    return worth - 0.5 * day.past.days_in_row.get(person.id, 0)


def _merged(has: Chain, more: Chain) -> Chain:
    return tuple(sorted((*has, *more), key=lambda run: (run.start_s, run.id)))
