"""The kernels, held against the plain evaluation and against trying everything."""

from dataclasses import fields, replace
from itertools import pairwise, permutations, product

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from routing_problems import MIXTURES, NO_YES, i32, i64, random_problem

from routes.bounds import busy_limit_s
from routes.engine.construct import nearest_neighbour
from routes.engine.decode import with_rests
from routes.engine.refs import data_ref, state_ref
from routes.engine.rng import below, seeded, uniform
from routes.engine.search import load
from routes.engine.state import empty_state, prepare, scale
from routes.problem import NO_LIMIT, RoutingProblem
from routes.solution import Rest, Restore, Route, Serve, Solution, Step, evaluate
from routes.solve import solve
from routes.stop import MaxIterations


@pytest.mark.parametrize("resources", [0, 1, 2])
@pytest.mark.parametrize("windows", [1, 2])
def test_cost_is_the_evaluation(resources: int, windows: int) -> None:
    """With every mixture of features, the search's cost is the plain one and no rule is broken."""
    for seed, features in enumerate(MIXTURES):
        problem = random_problem(seed, resources=resources, windows=windows, **features)
        result = solve(problem, MaxIterations(200), seed=seed)
        found = evaluate(problem, result.solution)
        assert found.violations == (), features
        assert found.cost == result.cost, features


DAYS = [
    dict(zip(("capped", "hours", "lunch"), mixture, strict=True))
    for mixture in product(NO_YES, NO_YES, NO_YES)
    if any(mixture)
]


@pytest.mark.parametrize("day", DAYS, ids=lambda day: "+".join(k for k in day if day[k]))
def test_rules_of_a_day(day: dict[str, bool]) -> None:
    """Limits of a day, opening hours and a lunch, with every mixture of the other features: the
    cost is the plain one, no rule is broken, by the nearest neighbour neither; the rules matter."""
    kept = broken = 0
    for seed, features in enumerate(MIXTURES):
        if features["rest"]:
            continue
        plain = random_problem(seed, resources=1 + seed % 2, windows=1 + seed % 3, **features)
        problem = random_problem(
            seed, resources=1 + seed % 2, windows=1 + seed % 3, **features, **day
        )
        result = solve(problem, MaxIterations(200), seed=seed, lanes=1 + seed % 2)
        found = evaluate(problem, result.solution)
        assert found.violations == (), features
        assert found.cost == result.cost, features
        assert evaluate(problem, nearest_neighbour(problem)).violations == (), features
        kept += problem.tasks - len(result.solution.dropped)
        without = solve(plain, MaxIterations(200), seed=seed).solution
        broken += bool(evaluate(problem, without).violations)
    assert kept > len(MIXTURES) * 3
    assert broken > len(MIXTURES) / 10


@pytest.mark.parametrize("resources", [0, 2])
def test_nearest_neighbour_keeps_the_rules(resources: int) -> None:
    """The baseline breaks no rule with any mixture of features."""
    served = 0
    for seed, features in enumerate(MIXTURES):
        problem = random_problem(seed, resources=resources, **features)
        solution = nearest_neighbour(problem)
        assert evaluate(problem, solution).violations == (), features
        served += problem.tasks - len(solution.dropped)
    assert served > len(MIXTURES) * 4


def legs(problem: RoutingProblem, order: tuple[int, ...]) -> list[tuple[Step, ...]]:
    """All ways to serve tasks in an order: modes, restores between tasks, one at the end if due."""
    any_stop = (None, *range(len(problem.restore_in)))
    gaps = [
        (None,),
        *[any_stop] * (len(order) - 1),
        any_stop if problem.must_end_restored else (None,),
    ]
    modes = [range(problem.mode_first[t], problem.mode_first[t + 1]) for t in order]
    ways = []
    for chosen in product(*modes):
        for stops in product(*gaps):
            steps: list[Step] = []
            for t, mode, stop in zip(order, chosen, stops, strict=False):
                if stop is not None:
                    steps.append(Restore(stop))
                steps.append(Serve(t, mode))
            if stops[-1] is not None:
                steps.append(Restore(stops[-1]))
            ways.append(tuple(steps))
    return ways


def cheapest(problem: RoutingProblem, v: int, order: tuple[int, ...], departs: range) -> int | None:
    """The least cost of a route by trying all modes, restores and departures."""
    others = tuple(t for t in range(problem.tasks) if t not in order)
    best = None
    for steps in legs(problem, order):
        for depart in departs:
            route = with_rests(problem, Route(v, depart, steps))
            found = evaluate(problem, Solution((route,), others))
            if not found.violations and (best is None or found.cost < best):
                best = found.cost
    return best


@pytest.mark.parametrize("modes", [1, 2])
@pytest.mark.parametrize("must_end", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_split_is_exact(modes: int, must_end: bool, seed: int) -> None:
    """For a fixed order the dynamic program finds the best modes and restores of all."""
    problem = random_problem(
        seed, tasks=5, modes=modes, must_end=must_end, extras=False, distance=seed % 2
    )
    problem = replace(problem, capacity=problem.capacity // 2)
    data = prepare(problem)
    state = empty_state(data, 0)
    order = tuple(int(t) for t in np.random.default_rng(seed).permutation(5))
    load(data_ref(data), state_ref(state), np.array([(1, t) for t in order]))
    assert state.run[1]["count"] == 5
    assert int(state.run[1]["cost"]) == cheapest(problem, 1, order, range(1))


def test_split_on_time() -> None:
    """With windows the dynamic program is a guess: never below the best of all, mostly equal."""
    equal = 0
    for seed in range(10):
        problem = random_problem(seed, tasks=4, timed=True, extras=False, options=1)
        problem = replace(problem, max_s=problem.max_s * 2)
        data = prepare(problem)
        state = empty_state(data, 0)
        order = [int(t) for t in np.argsort(problem.window_s[:, 0, 0])]
        load(data_ref(data), state_ref(state), np.array([(0, t) for t in order]))
        served = tuple(order[: int(state.run[0]["count"])])
        assert len(served) >= 2
        left = 3000 * (4 - len(served))
        best = cheapest(problem, 0, served, range(0, 900, 1))
        assert best is not None
        assert int(state.run[0]["cost"]) + left >= best
        equal += int(state.run[0]["cost"]) + left == best
    assert equal >= 8


@pytest.mark.parametrize("day", [{"hours": True}, {"lunch": True}, {"hours": True, "lunch": True}])
@pytest.mark.parametrize("must_end", [False, True])
def test_split_with_hours_and_lunch(day: dict[str, bool], must_end: bool) -> None:
    """As on time: what the dynamic program finds is never below the best of all ways to restore
    and to depart, and mostly equal."""
    equal = tasks = 0
    for seed in range(10):
        modes = 1 if must_end else 2
        problem = random_problem(seed, tasks=3, modes=modes, extras=False, must_end=must_end, **day)
        problem = replace(problem, capacity=problem.capacity // 2)
        data = prepare(problem)
        state = empty_state(data, 0)
        load(data_ref(data), state_ref(state), np.array([(0, t) for t in range(3)]))
        served = tuple(range(int(state.run[0]["count"])))
        best = cheapest(problem, 0, served, range(0, 400, 5)) if served else 9000
        cost = int(state.run[0]["cost"]) + 3000 * (3 - len(served))
        assert best is not None
        # departures are tried in steps of 5 s
        assert cost >= best - 5
        equal += cost <= best
        tasks += len(served)
    assert (equal >= 8, tasks >= 20) == (True, True)


def on_a_line(**rules: object) -> RoutingProblem:
    """Two tasks of 10 s at 100 m and one restore at 200 m on a line from a depot, 1 m in 1 s, a
    tank of 4 which each task fills; two vehicles from 0 to 900 s, 500 for one that is used."""
    way = np.abs(np.subtract.outer([0, 100, 200], [0, 100, 200])).astype(np.int32)
    nobody = np.full(2, -1, np.int32)
    problem = RoutingProblem(
        time_s=way, dist_m=way, mode_first=i32([0, 1, 2]), mode_entry=i32([1, 1]),
        mode_exit=i32([1, 1]), service_s=i32([[10], [10]]), service_m=i32([0, 0]),
        demand=i32([[4], [4]]), window_s=i64([[[0, 900]], [[0, 900]]]),
        drop_cost=i64([9000, 9000]), group=nobody, allowed=np.ones((2, 1), bool), pinned=nobody,
        preferred=nobody, vehicle_type=i32([0, 0]), start_place=i32([0, 0]),
        end_place=i32([0, 0]), shift_s=i64([[0, 900]] * 2), max_s=i64([900, 900]),
        capacity=i32([[4], [4]]), fixed_cost=i64([500, 500]), target_s=i64([[0, NO_LIMIT]] * 2),
        restore_in=i32([2]), restore_out=i32([2]), restore_s=i32([30]), restore_m=i32([0]),
        restore_cost=i64([0]),
    )  # fmt: skip
    return replace(problem, **rules)


@pytest.mark.parametrize(
    ("rules", "routes", "cost"),
    [
        ({}, 1, 500 + 100 + 10 + 100 + 30 + 100 + 10 + 100),
        ({"most": i64([[8], [8]])}, 1, 950),
        ({"most": i64([[7], [7]])}, 2, 2 * (500 + 210)),
        ({"restore_window_s": i64([[0, 240]])}, 1, 950),
        ({"restore_window_s": i64([[0, 239]])}, 2, 1420),
        ({"restore_window_s": i64([[640, 900]])}, 1, 950),
        ({"restore_window_s": i64([[661, 900]])}, 2, 1420),
        ({"rest_within_s": (0, 60), "rest_s": 40}, 1, 990),
        ({"rest_within_s": (880, 890), "rest_s": 40}, 0, 18_000),
        ({"rest_within_s": (400, 500), "rest_s": 400}, 1, 1350),
        ({"rest_within_s": (200, 500), "rest_s": 451}, 2, 1000 + 2 * (210 + 451)),
    ],
)
def test_rules_of_a_day_by_hand(rules: dict[str, object], routes: int, cost: int) -> None:
    """Both tasks and the way through the restore take 450 s, a route for one of them 210 s: one
    vehicle may not take more than 7 in all, be there when it is closed, or rest so long."""
    problem = on_a_line(**rules)
    result = solve(problem, MaxIterations(400), seed=1)
    assert evaluate(problem, result.solution).violations == ()
    assert (len(result.solution.routes), result.cost) == (routes, cost)


def test_lunch_is_late() -> None:
    """Begun before the first step that would end after its hour, after waiting for the hour; at
    the latest before the way home."""
    problem = on_a_line(rest_s=40, rest_within_s=(150, 330))
    there = (Serve(0, 0), Restore(0), Serve(1, 1))

    def lunch(depart: int, **rules: object) -> int:
        return with_rests(replace(problem, **rules), Route(0, depart, there)).steps.index(Rest())

    assert lunch(0) == 2  # 110, 240, then 350
    assert lunch(0, rest_within_s=(150, 350)) == 3
    assert lunch(0, rest_within_s=(150, 999)) == 3
    assert lunch(300) == 0
    waited = evaluate(problem, Solution((with_rests(problem, Route(0, 0, there[:1])),), (1,)))
    assert (waited.routes[0].return_s, waited.violations) == (290, ())


def partitions(tasks: list[int], vehicles: int) -> list[list[tuple[int, ...]]]:
    """All ways to hand tasks in order to vehicles; the last tuple are those left out."""
    ways = []
    for hands in product(range(vehicles + 1), repeat=len(tasks)):
        rows = [
            [t for t, h in zip(tasks, hands, strict=True) if h == v] for v in range(vehicles + 1)
        ]
        orders = [list(permutations(row)) for row in rows[:-1]]
        ways += [[*combination, tuple(rows[-1])] for combination in product(*orders)]
    return ways


@pytest.mark.parametrize("seed", range(4))
def test_optimum_of_tiny_problems(seed: int) -> None:
    """Five tasks, two vehicles, groups, preferences and a tank: nothing is cheaper of all."""
    problem = random_problem(seed, tasks=4, vehicles=2, options=1, modes=1, distance=1)
    best: dict[tuple[int, tuple[int, ...]], Route | None] = {}

    def route(v: int, order: tuple[int, ...]) -> Route | None:
        if (v, order) not in best:
            others = tuple(t for t in range(4) if t not in order)
            found = [
                (evaluate(problem, Solution((Route(v, 0, steps),), others)), Route(v, 0, steps))
                for steps in legs(problem, order)
            ]
            found = [(e, r) for e, r in found if not e.violations]
            best[v, order] = min(found, key=lambda pair: pair[0].cost)[1] if found else None
        return best[v, order]

    cheapest_cost = 4 * 3000
    for *orders, left in partitions([0, 1, 2, 3], 2):
        routes = [route(v, order) for v, order in enumerate(orders) if order]
        if None in routes:
            continue
        solution = Solution(tuple(r for r in routes if r is not None), left)
        cheapest_cost = min(cheapest_cost, evaluate(problem, solution).cost)
    assert solve(problem, MaxIterations(3000), seed=1).cost == cheapest_cost


@pytest.mark.parametrize(
    ("limit_s", "busy_s"),
    [
        (0, 0),
        (14_400, 14_400),  # no rest needed
        (15_000, 14_400),  # 13,800 s with a rest are less
        (15_600, 14_400),
        (16_000, 14_800),
        (28_800, 27_600),  # 8 h: 7 h 40
        (30_000, 28_800),  # two stretches of four hours
        (30_600, 28_800),  # a second rest leaves 28,200
        (31_400, 29_000),
    ],
)
def test_busy_limit(limit_s: int, busy_s: int) -> None:
    """Stretches of at most four hours, with 20 minutes of rest between."""
    assert busy_limit_s(limit_s, 4 * 3600, 1200) == busy_s


@pytest.mark.parametrize("day", DAYS, ids=lambda day: "+".join(k for k in day if day[k]))
def test_compiled_once_for_any_layout(day: dict[str, bool]) -> None:
    """Tables that lie in memory column by column give the kernels the same types as any others:
    another layout would have them compiled a second time, which takes most of a minute."""
    features = next(mixture for mixture in reversed(MIXTURES) if not mixture["rest"])
    problem = random_problem(3, resources=2, windows=2, **features, **day)
    tables = {
        name: np.asfortranarray(value)
        for name, value in ((one.name, getattr(problem, one.name)) for one in fields(problem))
        if isinstance(value, np.ndarray) and value.ndim > 1
    }
    assert any(not table.flags.c_contiguous for table in tables.values())
    columns = prepare(replace(problem, **tables))
    for name, one, other in zip(columns._fields, columns, prepare(problem), strict=True):
        assert numba.typeof(one) == numba.typeof(other), name
        assert not isinstance(one, np.ndarray) or one.flags.c_contiguous, name


@pytest.mark.parametrize(
    ("load", "way_s", "group", "coarse", "fine"),
    [
        (1, 0, 0, 160, 40),  # 16 and 4 hundredths of a restore of 1,000 s
        (50, 0, 0, 1000, 1000),  # two tasks a tank: no more than a whole restore
        (1, 1200, 0, 160, 120),  # a tenth of the way
        (1, 9000, 0, 900, 900),
        (1, 0, 90, 160, 90),  # a parted group
        (1, 0, 5000, 1000, 1000),
    ],
)
def test_scale_by_hand(load: int, way_s: int, group: int, coarse: int, fine: int) -> None:
    """Tanks of 100, tasks of one load, all places equally far apart; one unit on top of each."""
    data = prepare(random_problem(3, resources=1, **MIXTURES[0]))
    data = data._replace(
        rule=data.rule._replace(time=1, distance=0, extra_s=1000, group=group),
        time=np.full_like(data.time, way_s),
        demand=np.full_like(data.demand, load),
        capacity=np.full_like(data.capacity, 100),
    )
    assert scale(data) == pytest.approx((coarse + 1, fine + 1))


def test_random_numbers() -> None:
    """splitmix64 of seed 0 begins 0xE220A8397B1DCDAF; numbers stay in range and differ by seed."""
    rng = seeded(0)
    assert uniform(rng) == ((0xE220A8397B1DCDAF >> 12) + 0.5) / 2**52
    drawn = [below(rng, 7) for _ in range(500)]
    assert set(drawn) == set(range(7))
    assert drawn != [below(other, 7) for other in [seeded(1)] for _ in range(500)]


def test_rests_are_late_and_few() -> None:
    """Each rest is needed: without it the next step would end too late after the last rest."""
    problem = random_problem(3, rest=True, timed=False, extras=False)
    solution = solve(problem, MaxIterations(300), seed=0).solution
    rests = 0
    for route, times in zip(solution.routes, evaluate(problem, solution).routes, strict=True):
        rested = route.start_s
        ends = [*times.steps, None]
        for (step, at), (_, after) in pairwise(zip((*route.steps, None), ends, strict=True)):
            if at is not None and isinstance(step, Rest):
                rests += 1
                until = times.return_s if after is None else after.end_s
                assert until - problem.rest_s - rested > problem.rest_after_s
                rested = at.end_s
    assert rests > 0


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    vehicles=st.integers(1, 5),
    tasks=st.integers(1, 16),
    features=st.sampled_from(MIXTURES),
)
def test_any_problem(seed: int, vehicles: int, tasks: int, features: dict[str, int]) -> None:
    """No rule is broken, the cost is the plain one, and nothing is dearer than leaving all out."""
    problem = random_problem(seed, tasks=tasks, vehicles=vehicles, **features)
    result = solve(problem, MaxIterations(200), seed=seed)
    found = evaluate(problem, result.solution)
    assert found.violations == ()
    assert found.cost == result.cost <= int(problem.drop_cost.sum())


@pytest.mark.parametrize("fewest_halved", [1, 1_000])
def test_two_lanes_cost_what_the_evaluation_says(
    fewest_halved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Halved or each on the whole, with every mixture of features; on one thread as on two."""
    monkeypatch.setattr("routes.solve.FEWEST_HALVED", fewest_halved)
    monkeypatch.setattr("routes.solve.FEWEST_IN_LANE", 0)
    for seed, features in enumerate(MIXTURES):
        problem = random_problem(seed, tasks=20, vehicles=6, **features)
        stop = MaxIterations(3_200)
        result = solve(problem, stop, seed=seed, lanes=2)
        found = evaluate(problem, result.solution)
        assert found.violations == (), features
        assert found.cost == result.cost, features
        if seed % 8 == 0:
            assert solve(problem, stop, seed=seed, lanes=2, threads=2) == result


def test_few_routes_are_not_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five vehicles: halves of three routes are never made, halves of one are, and differ."""
    problem = random_problem(1, tasks=20, vehicles=5, **MIXTURES[0])

    def found(tasks: int, routes: int) -> Solution:
        monkeypatch.setattr("routes.solve.FEWEST_HALVED", tasks)
        monkeypatch.setattr("routes.solve.FEWEST_IN_LANE", routes)
        return solve(problem, MaxIterations(3_200), seed=1, lanes=2).solution

    whole = found(1_000, 3)
    assert len(whole.routes) >= 2
    assert found(1, 3) == whole
    assert found(1, 1) != whole
