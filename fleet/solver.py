"""The one way a PuLP model is solved here: HiGHS, one thread, limited by nodes, told truthfully.

Two things of PuLP 3.3 are stepped round. It says "Optimal" for whatever stopped with values, so
the status, the gap and the nodes are read from HiGHS itself. And it knows no name for what HiGHS
answers at a node limit (``kSolutionLimit``) and ends in a KeyError, so the solver's steps are
called one by one and the values are read here. Nodes, not seconds, limit the search: the same
model gives the same answer on a slow machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fleet.model import SolveNote

INTEGER = "Integer"
BINARY = "Binary"


def minimise(
    prob: Any,
    nodes: int,
    gap: float = 1e-6,
    gap_abs: float = 1e-6,
    start: Mapping[str, float] | None = None,
) -> SolveNote:
    """Solve a ``pulp.LpProblem`` and leave its values in the variables.

    Args:
        prob: the model; every variable used must be in the objective or a constraint.
        nodes: most nodes of the search tree.
        gap: relative gap at which the answer counts as optimal.
        gap_abs: absolute gap likewise, in units of the objective.
        start: values of an answer known before, by variable name; variables left out are 0.

    Returns:
        the note; ``varValue`` is None in every variable when there is no answer, ``dj`` is the
        reduced cost where the model has no integers, and ``prob.sol_status`` agrees with the note.
    """
    import highspy
    import pulp

    solver = pulp.HiGHS(
        msg=False, threads=1, gapRel=gap, gapAbs=gap_abs, mip_max_nodes=nodes, random_seed=0
    )
    solver.createAndConfigureSolver(prob)
    solver.buildSolverModel(prob)
    model = prob.solverModel
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = [start.get(v.name, 0.0) for v in prob.variables()]
        model.setSolution(given)
    solver.callSolver(prob)

    status = model.getModelStatus()
    info = model.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    proven = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
    values = model.getSolution().col_value if found else ()
    duals = model.getSolution().col_dual if found else ()
    for variable in prob.variables():
        variable.varValue = values[variable.index] if found else None
        # Reduced costs exist for a model without integers only.
        variable.dj = duals[variable.index] if found and duals else None
    nodes_used = max(0, int(info.mip_node_count))
    if not found:
        none = status in (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        prob.assignStatus(
            pulp.LpStatusInfeasible if none else pulp.LpStatusNotSolved,
            pulp.LpSolutionInfeasible if none else pulp.LpSolutionNoSolutionFound,
        )
        return SolveNote("infeasible" if none else "none", None, None, nodes_used)
    prob.assignStatus(
        pulp.LpStatusOptimal,
        pulp.LpSolutionOptimal if proven else pulp.LpSolutionIntegerFeasible,
    )
    # HiGHS leaves the gap at infinity for a model without integers, which it solves exactly.
    gap_found = float(info.mip_gap)
    if not math.isfinite(gap_found):
        gap_shown = 0.0 if proven else None
    else:
        gap_shown = gap_found
    objective = float(info.objective_function_value)
    return SolveNote("optimal" if proven else "feasible", gap_shown, objective, nodes_used)


def chosen(variable: Any) -> bool:
    """Whether a binary variable is 1 in the answer (solvers return 0.9999999)."""
    return variable.varValue is not None and variable.varValue > 0.5


def whole(variable: Any) -> int:
    """The value of an integer variable, 0 without an answer."""
    return 0 if variable.varValue is None else round(variable.varValue)


def linear(terms: list[tuple[Any, float]]) -> Any:
    """Σ coefficient · variable; faster than adding the terms up one by one."""
    import pulp

    return pulp.LpAffineExpression(terms)
