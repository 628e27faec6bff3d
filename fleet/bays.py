"""When each run departs and fills, so that no facility has more trucks than bays.

The caller lists the feasible timings of every run; exactly one of each is picked at the least
cost. Minimise Σ cost(r, o) · pick(r, o) + over_cost · Σ over(m), subject to
:func:`one_timing_per_run` and :func:`bays_kept`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fleet.model import SolveNote, Use
from fleet.moments import (
    Conflict,
    Moments,
    Pick,
    find_moments,
    make_pick,
    min_conflicts,
    sweep,
    total_cost,
)
from fleet.solver import BINARY, linear, minimise

NODE_LIMIT = 3
COLUMN_LIMIT = 300
COLUMNS_MORE = 100
ROW_ROUNDS = 25
MODEL_ROUNDS = 4
POLISH_ROUNDS = 300
SEARCH_ROUNDS = 1500

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Option:
    """One feasible timing of a run: what it costs more than the best, and the bays it takes."""

    id: int
    cost: int
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class RunChoices:
    """A run and its feasible timings; there is at least one, with ids of their own."""

    run_id: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError(f"run {self.run_id} has no timing to choose from")
        if len({option.id for option in self.options}) < len(self.options):
            raise ValueError(f"run {self.run_id} has two timings with the same id")


@dataclass(frozen=True, slots=True)
class Departures:
    """The option of each run, and where and when bays are still overfull (recounted)."""

    option: dict[str, int]
    conflicts: tuple[Conflict, ...]
    note: SolveNote


def schedule_departures(
    choices: tuple[RunChoices, ...],
    bays: Mapping[str, int],
    fixed: tuple[Use, ...] = (),
    node_limit: int = NODE_LIMIT,
    rounds: int = MODEL_ROUNDS,
    seed: int = 0,
) -> Departures:
    """Pick one timing for each run so that no facility is overfull, at the least total cost.

    A search finds a good answer first; what cannot be part of a better one is left out of the
    model (see :func:`_prove`), and the model proves or betters the answer. Keeping bays
    comes before any cost: a truck too many at one moment costs more than all timings can save.

    Args:
        choices: runs and their timings; the order does not matter.
        bays: trucks each facility takes at once.
        fixed: uses that are already settled.
        node_limit: most nodes of the model's search tree.
        rounds: how often the model is widened when it could not prove its answer.
        seed: of the search.

    Raises:
        ValueError: two runs with one id, or a facility without bays in ``bays``.
    """
    runs = sorted(choices, key=lambda run: run.run_id)
    if len({run.run_id for run in runs}) < len(runs):
        raise ValueError("two runs have the same id")
    uses = [use for run in runs for option in run.options for use in option.uses]
    if unknown := sorted({use.facility for use in (*uses, *fixed)} - bays.keys()):
        raise ValueError(f"the bays of {', '.join(unknown)} are not given")
    over_cost = 1 + sum(
        max(o.cost for o in run.options) - min(o.cost for o in run.options) for run in runs
    )
    moments = find_moments(uses, fixed, bays)
    options = [sorted(run.options, key=lambda o: (o.cost, o.id)) for run in runs]
    covers = [[moments.covered(option.uses) for option in row] for row in options]
    contested = _contested(covers, moments)
    picks, ids = _distinct(options, covers, contested)
    free = moments.free[contested]
    answer = min_conflicts(picks, free, over_cost, seed, SEARCH_ROUNDS)
    found = total_cost(picks, free, over_cost, answer)
    if found == sum(int(pick.cost.min()) for pick in picks):
        note = SolveNote("optimal", 0.0, float(found), 0)
    else:
        where = [moments.facility[m] for m in contested]
        model = _Model(picks, free, where, over_cost, answer, found, set())
        note = _prove(model, node_limit, rounds)
        answer = model.best
    option = {run.run_id: row[o] for run, row, o in zip(runs, ids, answer, strict=True)}
    return Departures(option, sweep(_taken(runs, option, fixed), bays), note)


def one_timing_per_run(prob: Any, pick: Mapping[tuple[int, int], Any]) -> None:
    """Every run has exactly one timing: Σ_o pick(r, o) = 1 for each run r."""
    rows: dict[int, list[tuple[Any, float]]] = {}
    for (run, _), variable in pick.items():
        rows.setdefault(run, []).append((variable, 1.0))
    for run, terms in rows.items():
        prob += linear(terms) == 1, f"one_timing_{run:04d}"


def bays_kept(
    prob: Any,
    pick: Mapping[tuple[int, int], Any],
    covers: Mapping[tuple[int, int], _Ints],
    free: _Ints,
    over: Mapping[int, Any],
) -> None:
    """No more trucks than bays: Σ_{(r, o) at m} pick(r, o) − over(m) ≤ free(m).

    For each moment m of ``over``, which is at least 0 and paid for dearly; ``free`` is what fixed
    uses leave.
    """
    rows: dict[int, list[tuple[Any, float]]] = {m: [(over[m], -1.0)] for m in over}
    for key, variable in pick.items():
        for moment in covers[key].tolist():
            if moment in rows:
                rows[moment].append((variable, 1.0))
    for moment, terms in rows.items():
        prob += linear(terms) <= int(free[moment]), f"bays_{moment:05d}"


def _contested(covers: list[list[_Ints]], moments: Moments) -> _Ints:
    """Moments that could be overfull: more runs can be there than bays are free."""
    runs_at = np.zeros(len(moments.free), dtype=np.int64)
    for row in covers:
        if row:
            runs_at[np.unique(np.concatenate(row))] += 1
    # A moment that fixed uses alone overfill is a cost that no choice changes unless a run adds.
    contested: _Ints = np.flatnonzero((runs_at > moments.free) & (runs_at > 0))
    return contested


def _distinct(
    options: list[list[Option]], covers: list[list[_Ints]], contested: _Ints
) -> tuple[list[Pick], list[list[int]]]:
    """Of the timings of a run that are alike at every contested moment only the cheapest."""
    place = {int(moment): i for i, moment in enumerate(contested)}
    picks, ids = [], []
    for row, row_covers in zip(options, covers, strict=True):
        seen: dict[tuple[int, ...], Option] = {}
        for option, cover in zip(row, row_covers, strict=True):
            seen.setdefault(tuple(place[m] for m in cover.tolist() if m in place), option)
        picks.append(
            make_pick(
                [option.cost for option in seen.values()],
                [np.array(cover, dtype=np.int64) for cover in seen],
            )
        )
        ids.append([option.id for option in seen.values()])
    return picks, ids


@dataclass(slots=True)
class _Model:
    """The model under way: its options, the moments it has rows for, the best answer so far."""

    picks: list[Pick]
    free: _Ints
    where: list[str]  # facility of each moment
    over_cost: int
    best: list[int]
    cost: int
    rows: set[int]
    nodes: int = 0
    model_found: bool = False

    def offer(self, answer: list[int]) -> None:
        """Keep ``answer`` if it is better than the best so far."""
        cost = total_cost(self.picks, self.free, self.over_cost, answer)
        if cost < self.cost:
            self.best, self.cost, self.model_found = answer, cost, True

    def add_overfull(self, weights: Mapping[tuple[int, int], float]) -> bool:
        """A row for every overfull moment of ``weights`` at which the load peaks; False if none."""
        load = -self.free.astype(np.float64)
        for (r, o), weight in weights.items():
            if weight > 0:
                load[self.picks[r].of(o)] += weight
        load[sorted(self.rows)] = 0.0
        last = len(load) - 1
        peaks = {
            int(m)
            for m in np.flatnonzero(load > 1e-6)
            if (m == 0 or self.where[m - 1] != self.where[m] or load[m] > load[m - 1] + 1e-9)
            and (m == last or self.where[m + 1] != self.where[m] or load[m] >= load[m + 1])
        }
        # A plateau that is left through a row has no peak of its own: then its first moment.
        if not peaks and load.max(initial=0.0) > 1e-6:
            peaks = {int(np.argmax(load))}
        self.rows |= peaks
        return bool(peaks)


def _prove(model: _Model, node_limit: int, rounds: int) -> SolveNote:
    """Better the answer or prove it: the relaxation first, then the model over what is left.

    Only moments that turn out overfull get a row, so few of the thousands do; an answer of the
    smaller model that overfills none of the others is one of the whole model. An option whose
    reduced cost closes the gap between the relaxation and the best answer cannot be in a better
    one and is left out (reduced cost fixing). If more than ``COLUMN_LIMIT`` remain, those with
    the least reduced cost are tried, more each time, and the gap to the relaxation is reported.
    """
    everything = [list(range(len(pick.cost))) for pick in model.picks]
    bound = 0.0
    reduced: dict[tuple[int, int], float] = {}
    for _ in range(ROW_ROUNDS):
        note, weights, reduced = _solve(model, everything, node_limit, whole=False)
        if note.objective is None:  # without a bound nothing can be left out or proven
            return SolveNote("heuristic", None, float(model.cost), model.nodes)
        bound = note.objective
        if not model.add_overfull(weights):
            break
    for attempt in range(rounds):
        # All costs are whole: a bound less than one below the answer proves it.
        if model.cost - bound < 1 - 1e-6:
            return SolveNote("optimal", 0.0, float(model.cost), model.nodes)
        left = {key: dj for key, dj in reduced.items() if bound + dj <= model.cost - 1 + 1e-6}
        tried = sorted(left, key=lambda key: (left[key], key))
        tried = tried[: COLUMN_LIMIT + attempt * COLUMNS_MORE]
        keep = [{own} for own in model.best]
        for r, o in tried:
            keep[r].add(o)
        note, weights, _ = _solve(model, [sorted(row) for row in keep], node_limit, whole=True)
        model.nodes += note.nodes
        if note.objective is None:
            break
        answer = [next(o for o in sorted(row) if weights[r, o] > 0.5) for r, row in enumerate(keep)]
        model.offer(answer)
        added = model.add_overfull(weights)
        exact = not added and note.status == "optimal"
        if exact and len(tried) == len(left):
            return SolveNote("optimal", 0.0, float(model.cost), model.nodes)
        model.offer(
            min_conflicts(model.picks, model.free, model.over_cost, 1, POLISH_ROUNDS, answer)
        )
    gap = (model.cost - bound) / model.cost
    status = "feasible" if model.model_found else "heuristic"
    return SolveNote(status, gap, float(model.cost), model.nodes)


def _solve(
    model: _Model, keep: list[list[int]], node_limit: int, whole: bool
) -> tuple[SolveNote, dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """The model over the options of ``keep``: its note, the values and the reduced costs."""
    import pulp

    prob = pulp.LpProblem("departures", pulp.LpMinimize)
    kind = BINARY if whole else "Continuous"
    pick = {
        (r, o): prob.add_variable(f"pick_{r:04d}_{o:04d}", lowBound=0, upBound=1, cat=kind)
        for r, row in enumerate(keep)
        for o in row
    }
    over = {m: prob.add_variable(f"over_{m:05d}", lowBound=0) for m in sorted(model.rows)}
    prob += linear(
        [(v, float(model.picks[r].cost[o])) for (r, o), v in pick.items()]
        + [(v, float(model.over_cost)) for v in over.values()]
    )
    one_timing_per_run(prob, pick)
    bays_kept(prob, pick, {(r, o): model.picks[r].of(o) for r, o in pick}, model.free, over)
    start = None
    if whole:
        load = np.zeros(len(model.free), dtype=np.int64)
        for r, o in enumerate(model.best):
            load[model.picks[r].of(o)] += 1
        start = {pick[r, o].name: 1.0 for r, o in enumerate(model.best)}
        start |= {v.name: float(max(0, load[m] - model.free[m])) for m, v in over.items()}
    note = minimise(prob, node_limit, gap=0.0, gap_abs=0.999, start=start)
    if note.objective is None:
        return note, {}, {}
    return (
        note,
        {key: float(v.varValue) for key, v in pick.items()},
        {} if whole else {key: float(v.dj) for key, v in pick.items()},
    )


def _taken(runs: list[RunChoices], option: Mapping[str, int], fixed: tuple[Use, ...]) -> list[Use]:
    """All bays taken by the picked timings and the fixed uses."""
    taken = list(fixed)
    for run in runs:
        for candidate in run.options:
            if candidate.id == option[run.run_id]:
                taken.extend(candidate.uses)
    return taken
