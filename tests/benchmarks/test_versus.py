"""The comparison: streets as nodes and back at the same cost, the others' plans, the table."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
import quick
import versus
from nodes import END, FIRST, START, node_model, to_streets
from rivals import Plan, by_ortools, by_pyvrp

from routes.instance_model import DayRules, Street
from routes.instances import Instance
from routes.referee import Verdict, cost_of

# A street 1 = 2, a one-way 2 > 3 and the one-way 3 > 1 home; 100 a route.
MIXED = Instance(
    "mixed",
    "s",
    nodes=(1, 2, 3),
    depot=0,
    capacity=4,
    required=(Street(0, 1, 10, 4, 2), Street(1, 2, 7, 3, 2, oneway=True)),
    links=(Street(2, 0, 5, 5, oneway=True),),
    dump_cost=100,
)
# A line -1 = -2 = -3, the depot at one end, the facility in the middle; 20 a dump.
LINE = Instance(
    "line",
    "s",
    nodes=(-1, -2, -3),
    depot=0,
    capacity=5,
    required=(Street(0, 1, 10, 4, 3), Street(1, 2, 6, 2, 3)),
    facilities=(1,),
    dump_cost=20,
    max_trip=62,
)


def test_costs_between_nodes_by_hand() -> None:
    """Nodes 2 and 3 are the street's two directions, 4 the one-way street."""
    model = node_model(MIXED)
    assert model.tasks == ((2, 3), (4,))
    assert model.cost[START, [2, 3, 4]].tolist() == [10, 14, 11]
    assert model.cost[[2, 3, 4], END].tolist() == [4, 0, 5]
    assert (model.cost[2, 4], model.cost[3, 4], model.cost[4, 2]) == (7, 11, 15)
    assert (model.fixed, model.limit, model.demand.tolist()) == (100, None, [2, 2, 2])


def test_the_way_home_leads_by_the_facility() -> None:
    """From -3: 2 to the facility, 20 there, 4 home. The best plan: 10 + 20 + 6 + 26 = 62."""
    model = node_model(LINE)
    assert model.first_facility == 6
    assert model.cost[FIRST + 2, END] == 26
    assert model.cost[6, END] == 4
    route = [START, 2, 6, 4, END]
    assert sum(model.cost[a, b] for a, b in pairwise(route)) == 62
    routes = to_streets(model, [[2, 6, 6, 4], [], [6]])
    assert routes == (
        (("service", -1, -2, 0), ("facility", -2), ("service", -2, -3, 1), ("facility", -2)),
    )
    assert cost_of(LINE, routes) == Verdict(62, 1, True, ())


@pytest.mark.parametrize("name", ["town-mixed", "town-dumps"])
def test_any_plan_costs_the_same_in_nodes(name: str) -> None:
    """Tasks in any order, in any of their directions, with visits anywhere between."""
    instance, dice = quick.instance_of(name), random.Random(3)
    model = node_model(instance)
    for _ in range(5):
        order = [dice.choice(task) for task in model.tasks]
        dice.shuffle(order)
        routes = [order[k : k + 7] for k in range(0, len(order), 7)]
        for route in routes if model.facilities else []:
            route.insert(3, model.first_facility + dice.randrange(model.facilities))
        cost = sum(
            int(model.cost[a, b]) for r in routes for a, b in pairwise([START, *r, END])
        ) + model.fixed * len(routes)
        assert cost_of(instance, to_streets(model, routes)).cost == cost


def test_stops_are_refused() -> None:
    """What cannot be expressed is not compared."""
    day = DayRules(load=1, stops=1, lunch_s=3600, speed_ft_s=50.0)
    with pytest.raises(ValueError, match="lunches"):
        node_model(Instance("k", "kim", nodes=(0,), depot=0, capacity=1, day=day))


@pytest.mark.parametrize(("instance", "best"), [(MIXED, 122), (LINE, 62)])
@pytest.mark.parametrize("solver", ["pyvrp", "ortools"])
def test_the_others_find_the_optimum(solver: str, instance: Instance, best: int) -> None:
    """Of instances solved by hand; the referee agrees with their cost."""
    pytest.importorskip(solver, reason=f"{solver} is not installed; see versus.py")
    model = node_model(instance)
    plan = by_pyvrp(model, 0.5, 1) if solver == "pyvrp" else by_ortools(model, 1)
    assert isinstance(plan, Plan)
    assert plan.cost == best
    assert cost_of(instance, to_streets(model, plan.routes)) == Verdict(best, 1, True, ())


def test_a_plan_that_is_not_what_its_solver_says() -> None:
    """Broken rules or a higher cost mean that a model is wrong; a lower cost does not."""
    with pytest.raises(AssertionError, match="line, X: too heavy"):
        versus.judged("X", LINE, Verdict(62, 1, False, ("too heavy",)), 62)
    with pytest.raises(AssertionError, match="line, X: costs 62, not 61"):
        versus.judged("X", LINE, Verdict(62, 1, True, ()), 61)
    versus.judged("X", LINE, Verdict(62, 1, True, ()), 62)


def test_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours 1000, the others 1010 and nothing: 1 % above, and a dash; means by set."""
    monkeypatch.setattr(versus, "read_instance", lambda _: LINE)
    found = (Verdict(1000, 2, True, ()), Verdict(1010, 3, True, ()), None)
    lines: list[str] = []
    versus.table([("s", Path("line.txt"), 5.0)], lambda *_: found, lines.append)
    assert lines[2:] == [
        "| line | 5 | 1,000 | 2 | 1,010 | 3 | - | - | +1.00 | - |",
        "| mean of s | | | | | | | | +1.00 (1/1) | - (0/1) |",
    ]
    assert all(line.count("|") == lines[0].count("|") for line in lines)
