"""Overloaded routes: priced while the search passes through them, never in what it returns."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from routing_problems import random_problem
from street_towns import street_town
from zoned_towns import whole

from routes.engine.construct import nearest_orders
from routes.engine.decode import best_solution
from routes.engine.lanes import count_up, deal, gather, halves
from routes.engine.overload import ALLOWED, EASE, FULL, follow, over_tank
from routes.engine.refs import data_ref, state_ref
from routes.engine.search import load, search
from routes.engine.state import (
    BEST,
    BIG,
    CURRENT,
    OVER,
    OVER_PRICE,
    Data,
    State,
    empty_state,
    prepare,
    step_of_cost,
)
from routes.problem import RoutingProblem
from routes.solution import evaluate
from routes.solve import _heat_at

OF_VEHICLES = (
    "vehicle_type", "start_place", "end_place", "shift_s", "max_s", "fixed_cost", "target_s",
)  # fmt: skip


def tight_town() -> RoutingProblem:
    """120 streets that fill eight tanks up to the last hundredth."""
    town = whole(street_town(120, 2))
    eighth = int(1.01 * town.demand.sum() / 8)
    vehicles = 14
    return replace(
        town,
        **{name: np.repeat(getattr(town, name)[:1], vehicles, axis=0) for name in OF_VEHICLES},
        capacity=np.full((vehicles, 1), eighth, np.int32),
    )


def searched(data: Data, seed: int) -> tuple[State, list[int]]:
    """The state after 40 x 50 iterations, and the overload after each 50."""
    state = empty_state(data, seed)
    refs = data_ref(data), state_ref(state)
    steps = nearest_orders(data, respect_target=True)[0]
    load(*refs, steps[steps[:, 1] >= 0, :2].copy())
    seen = []
    for k in range(40):
        search(*refs, 50, 40.0 * 0.9**k, 40.0 * 0.9 ** (k + 1))
        seen.append(int(state.num[OVER]))
    return state, seen


def excess(data: Data, state: State) -> list[int]:
    """Overload of each route, from the orders alone."""
    out = []
    for v, run in enumerate(state.run):
        load_of = data.demand[state.seq[v, : run["count"]]].sum(axis=0)
        more = np.maximum(0, load_of - data.capacity[v]) * FULL
        out.append(int(-(-more // data.capacity[v]).sum()))
    return out


def test_passes_through_overload_and_returns_none() -> None:
    """The search stands on overloaded solutions, books them right, allows a tenth of a tank, and
    the best it keeps breaks nothing and costs what the evaluation says."""
    problem = tight_town()
    data = prepare(problem)
    assert data.rule.soft
    state, seen = searched(data, 3)
    assert 5 < sum(over > 0 for over in seen) < 40
    by_route = excess(data, state)
    assert by_route == state.run["over"].tolist()
    assert sum(by_route) == state.num[OVER]
    assert max(by_route) <= ALLOWED * FULL + FULL / data.capacity[0, 0]
    found = evaluate(problem, best_solution(problem, state))
    assert found.violations == ()
    assert found.cost == state.num[BEST]


def test_halves_of_an_overloaded_solution() -> None:
    """A lane whose routes carry too much has no best solution yet; together they have one only
    if neither does. Overload and cost are those of the whole again afterwards."""
    problem = tight_town()
    data = prepare(problem)
    state = next(s for s in (searched(data, seed)[0] for seed in range(20)) if s.num[OVER] > 0)
    over, cost, best = (int(state.num[k]) for k in (OVER, CURRENT, BEST))
    part = halves(data, state)
    lanes = [empty_state(data, 7 + side) for side in (0, 1)]
    D, M = data_ref(data), state_ref(state)
    for side, lane in enumerate(lanes):
        deal(D, M, state_ref(lane), part, side)
        assert lane.num[OVER] == sum(
            o for v, o in enumerate(excess(data, state)) if part[v] == side
        )
        assert (lane.num[BEST] == BIG) == (lane.num[OVER] > 0)
    for lane in lanes:
        gather(D, M, state_ref(lane), False)
    count_up(D, M)
    assert [int(state.num[k]) for k in (OVER, CURRENT, BEST)] == [over, cost, best]


@pytest.mark.parametrize(
    ("load", "capacity", "over"),
    [
        (9, 10, 0),
        (10, 10, 0),
        (11, 10, 100_000),
        (4, 3, 333_334),
        (20, 10, 1_000_000),
        (3, 0, 3_000_000),
    ],
)
def test_overload_in_millionths(load: int, capacity: int, over: int) -> None:
    """One too many in a tank of ten is a tenth of a million; broken numbers are rounded up."""
    data = SimpleNamespace(capacity=np.array([[capacity]]))
    assert over_tank.py_func(data, 0, 0, load) == over


def test_the_price_follows() -> None:
    """It falls by a thousandth while nothing is overloaded, rises by one while something is, and
    stays where a fuller tank means a restore."""
    state = SimpleNamespace(num=np.zeros(13, np.int64), overload=np.array([1000.0, 0.0]))
    data = SimpleNamespace(rule=SimpleNamespace(soft=True))
    follow.py_func(data, state)
    assert state.overload[OVER_PRICE] == 1000 * (1 - EASE)
    state.num[OVER] = 1
    follow.py_func(data, state)
    assert state.overload[OVER_PRICE] == 1000 * (1 - EASE) * (1 + EASE)
    follow.py_func(SimpleNamespace(rule=SimpleNamespace(soft=False)), state)
    assert state.overload[OVER_PRICE] == 1000 * (1 - EASE) * (1 + EASE)


def test_a_vehicle_without_a_tank_gets_nothing() -> None:
    """A start that gives it a task is not taken as it stands: the task goes to another one."""
    problem = tight_town()
    none = problem.capacity.copy()
    none[0] = 0
    problem = replace(problem, capacity=none)
    data = prepare(problem)
    state = empty_state(data, 1)
    load(data_ref(data), state_ref(state), np.array([[0, 0], [1, 1]]))
    assert state.at["where"][:2].tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("features", "soft"),
    [
        ({"options": 0}, True),
        ({"options": 1}, False),
        ({"options": 0, "timed": True}, False),
        ({"options": 0, "resources": 0}, False),
    ],
)
def test_where_overload_is_allowed(features: dict[str, int], soft: bool) -> None:
    """Where no restore takes it and routes cost their time alone."""
    assert prepare(random_problem(1, extras=False, **features)).rule.soft == soft


def test_temperatures_of_several_coolings() -> None:
    """100 to 1 twice: half-way through each it is 10, and the second begins at 100 again."""
    heats = [_heat_at(x, 100.0, 1.0, 2) for x in (0, 0.25, 0.5, 0.75, 1, 1.2)]
    assert heats == pytest.approx([100, 10, 100, 10, 1, 1])
    assert [_heat_at(x, 100.0, 1.0, 1) for x in (0, 0.5, 1)] == pytest.approx([100, 10, 1])


def test_step_of_cost() -> None:
    """Ways and services of 6, 10 and 30 s at 3 a second, vehicles at 12: costs differ by 6; where
    metres cost, by anything."""
    town = whole(street_town(20))
    time = np.where(town.time_s > 0, np.where(town.time_s > 100, 30, 6), 0)
    even = replace(
        town,
        time_s=time.astype(np.int32),
        service_s=np.full_like(town.service_s, 10),
        weights=replace(town.weights, time=3),
        fixed_cost=np.full_like(town.fixed_cost, 12),
    )
    assert step_of_cost(prepare(even)) == 6
    assert step_of_cost(prepare(replace(even, weights=replace(even.weights, distance=1)))) == 1
