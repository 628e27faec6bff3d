"""The solver's word: what was proven and what was not."""

from __future__ import annotations

import random
from typing import Any

import pulp

from fleet.solver import BINARY, linear, minimise


def _knapsacks(count: int) -> tuple[Any, list[Any]]:
    """A multi-dimensional knapsack that takes many nodes to prove."""
    chance = random.Random(1)
    prob = pulp.LpProblem("knapsacks", pulp.LpMinimize)
    take = [prob.add_variable(f"x{i:02d}", cat=BINARY) for i in range(count)]
    prob += linear([(v, -chance.randint(50, 99)) for v in take])
    for k in range(15):
        prob += linear([(v, chance.randint(20, 99)) for v in take]) <= 25 * count, f"sack_{k}"
    return prob, take


def test_a_node_limit_is_not_called_optimal() -> None:
    """After 5 nodes there is an answer and a gap; PuLP's own solve() ends in a KeyError here."""
    prob, take = _knapsacks(60)
    note = minimise(prob, nodes=5)
    assert note.status == "feasible"
    assert note.gap is not None
    assert note.gap > 0
    assert prob.sol_status == pulp.LpSolutionIntegerFeasible
    assert all(v.varValue is not None for v in take)
    assert note.text == f"feasible, gap {note.gap * 100:.1f} %, {note.nodes} nodes"


def test_an_infeasible_model_has_no_values() -> None:
    """x ≤ 1 and x ≥ 2: infeasible, and nothing that could be read as an answer."""
    prob = pulp.LpProblem("none", pulp.LpMinimize)
    x = prob.add_variable("x", 0, 1, BINARY)
    prob += linear([(x, 1.0)])
    prob += linear([(x, 1.0)]) >= 2, "too_much"
    note = minimise(prob, nodes=10)
    assert note.status == "infeasible"
    assert note.objective is None
    assert x.varValue is None
    assert prob.sol_status == pulp.LpSolutionInfeasible


def test_an_optimal_model_says_so() -> None:
    """Of two items worth 3 and 2 that exclude each other the first is taken."""
    prob = pulp.LpProblem("two", pulp.LpMinimize)
    a, b = (prob.add_variable(n, cat=BINARY) for n in "ab")
    prob += linear([(a, -3.0), (b, -2.0)])
    prob += linear([(a, 1.0), (b, 1.0)]) <= 1, "one"
    note = minimise(prob, nodes=10)
    assert (note.status, note.objective, note.gap) == ("optimal", -3.0, 0.0)
    assert (round(a.varValue), round(b.varValue)) == (1, 0)


def test_a_known_answer_is_a_start() -> None:
    """Given an answer, one node ends no worse than it."""
    prob, take = _knapsacks(60)
    best = minimise(prob, nodes=50)
    start = {v.name: float(round(v.varValue)) for v in take}
    again, _ = _knapsacks(60)
    note = minimise(again, nodes=1, start=start)
    assert note.objective is not None
    assert best.objective is not None
    assert note.objective <= best.objective + 1e-6
