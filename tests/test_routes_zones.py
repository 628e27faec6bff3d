"""solve_large(): towns small enough to check with a full matrix, forced through zones and parts."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from street_towns import DROP, street_town
from zoned_towns import dijkstra, filled_up, plain, tied, whole

from routes.problem import Weights
from routes.solution import Evaluation, Restore, evaluate
from routes.solve import Result, solve
from routes.stop import FirstOf, Interrupted, MaxIterations, Progress, Stop, TimeLimit
from routes.zone_cut import share_vehicles, zones_of
from routes.zone_problem import LargeProblem, cut_out, evaluate_large, tied_cost, way_table
from routes.zone_ways import UNREACHABLE, Ways, WayTable
from routes.zones import _one_of_each_first, solve_large


def by_parts(
    problem: LargeProblem, iterations: int, threads: int = 1, part_tasks: int = 100
) -> Result:
    stop = MaxIterations(iterations)
    return solve_large(problem, stop, 3, threads=threads, part_tasks=part_tasks, whole_tasks=0)


def checked(problem: LargeProblem, result: Result) -> Evaluation:
    """Replayed with the full matrix: as the search says, and nothing broken."""
    found = evaluate(whole(problem), result.solution)
    assert found.violations == ()
    assert found.cost == result.cost
    return found


TOWNS = {"plain": plain, "filled up": filled_up, "tied": tied}
ENOUGH = {"plain": 20_000, "filled up": 20_000, "tied": 50_000}  # iterations to serve all


@cache
def found_in(name: str) -> tuple[LargeProblem, Result]:
    problem = TOWNS[name]()
    return problem, by_parts(problem, ENOUGH[name])


@pytest.mark.parametrize("name", TOWNS)
def test_every_task_once_at_the_cost_told(name: str) -> None:
    """By a full matrix nothing is broken (each task once, tanks, time limits, windows, pins), the
    cost is the one told, and nothing is left out."""
    problem, result = found_in(name)
    checked(problem, result)
    assert result.solution.dropped == ()
    assert result.stopped_by == "iterations"
    assert evaluate_large(problem, result.solution) == evaluate(whole(problem), result.solution)


def test_tanks_are_filled_on_the_way() -> None:
    """Every route ends with a visit, many have several, and all are home in three hours."""
    problem, result = found_in("filled up")
    visits = [sum(isinstance(step, Restore) for step in r.steps) for r in result.solution.routes]
    assert min(visits) >= 1
    assert max(visits) >= 2
    assert max(r.duration_s for r in checked(problem, result).routes) <= 10_800
    assert all(isinstance(r.steps[-1], Restore) for r in result.solution.routes)


def test_costs_that_reach_across_parts_are_in_the_total() -> None:
    """Groups lie in several zones and tasks are far from their vehicles: both costs are there."""
    parts = checked(*found_in("tied")).parts
    assert parts.group > 0
    assert parts.moved > 0


def test_tied_cost_by_hand() -> None:
    """Group 7 in the hands of vehicles 0 and 1, group 8 of one; one of two tasks moved."""
    town = street_town(30, weights=Weights(split_group=100, moved=9))
    group, preferred = np.full((2, town.tasks), -1, np.int32)
    vehicle = np.full(town.tasks, 2)
    group[:5] = 7, 7, 7, 8, 8
    vehicle[:5] = 0, 1, 0, 1, -1
    preferred[[0, 1, 4]] = 0, 2, 0
    assert tied_cost(replace(town, group=group, preferred=preferred), vehicle) == 100 + 9


@pytest.mark.parametrize("name", TOWNS)
def test_threads_change_nothing(name: str) -> None:
    """One thread and two: the same solution, cost and iterations."""
    problem, result = found_in(name)
    assert by_parts(problem, ENOUGH[name], threads=2) == result


def test_seed_matters() -> None:
    """Other random numbers, another solution."""
    problem, result = found_in("plain")
    other = solve_large(problem, MaxIterations(20_000), 4, part_tasks=100, whole_tasks=0)
    assert other.solution != result.solution


@pytest.mark.parametrize(
    ("part_tasks", "most_m", "most"), [(150, 85_829, 1.05), (300, 84_579, 1.03)]
)
def test_about_as_good_as_the_whole_at_equal_iterations(
    part_tasks: int, most_m: int, most: float
) -> None:
    """Parts of a quarter or a half cost little more than a search of the whole.

    most_m: 1.03 and 1.015 times what a search of the whole came to before it could pass through
    overloaded routes (83,329 m). That took 1 % off the whole and nothing off the short searches
    of parts, so against the whole of today they stand at 1.045 and 1.024 in these two towns.
    """
    towns = [street_town(600, seed) for seed in (1, 2)]
    parts = [by_parts(town, 80_000, part_tasks=part_tasks).cost for town in towns]
    once = [solve(whole(town), MaxIterations(80_000), 3).cost for town in towns]
    assert parts[0] <= most_m
    assert sum(parts) <= most * sum(once)


def test_rounds_improve_the_zones() -> None:
    """The cost never rises, and rounds of parts take a part of the zones' deadhead away."""
    problem = plain()
    seen: list[Progress] = []
    solve_large(
        problem, MaxIterations(60_000), 3, part_tasks=50, whole_tasks=0, on_progress=seen.append
    )
    served = [progress.cost for progress in seen if progress.dropped == 0]
    assert seen[0].cost == DROP * problem.tasks
    assert seen[0].dropped == problem.tasks
    assert served == sorted(served, reverse=True)
    work = int(problem.service_s[problem.mode_first[:-1], 0].sum())
    assert served[-1] - work < 0.97 * (served[0] - work)
    assert seen[-1].fraction == 1


def test_small_problems_are_solved_whole() -> None:
    """Up to whole_tasks the result is that of solve() with two lanes on the full matrix."""
    problem = street_town(120, 5)
    result = solve_large(problem, MaxIterations(8_000), 3, whole_tasks=120)
    assert result == solve(whole(problem), MaxIterations(8_000), 3, lanes=2)
    assert result != solve_large(problem, MaxIterations(8_000), 3, part_tasks=60, whole_tasks=119)


@pytest.mark.parametrize("seconds", [0, 1.0])
def test_time_limit(seconds: float) -> None:
    """However little time there is, every task is served; the search is not much longer."""
    problem = plain()
    by_parts(problem, 100)  # compiled
    stop = TimeLimit(seconds)
    result = solve_large(problem, stop, threads=2, part_tasks=100, whole_tasks=0)
    checked(problem, result)
    assert result.solution.dropped == ()
    assert result.stopped_by == "time"
    assert seconds <= result.seconds < seconds + 4


def test_interrupted_within_a_round() -> None:
    """A flag set while parts are searched ends them and the search; what there is is whole."""
    problem, flag, asked = plain(), Interrupted(), 0

    class Third:
        """Sets the flag when asked for the third time, which is within the first round."""

        reason = "never"

        def __call__(self, progress: Progress) -> float:
            nonlocal asked
            asked += 1
            if asked == 3:
                flag.set()
            return 0.0

    rule: Stop = FirstOf(Third(), flag)
    result = solve_large(problem, rule, part_tasks=100, whole_tasks=0)
    checked(problem, result)
    assert result.solution.dropped == ()
    assert result.stopped_by == "interrupted"
    assert result.iterations < 100 * 20


@pytest.mark.parametrize("vehicles", [0, 2])
def test_fewer_vehicles_than_zones(vehicles: int) -> None:
    """Tasks that fit nowhere are left out and paid for; a vehicle or none, nothing breaks."""
    town = street_town(200, 7)
    names = ("vehicle_type", "start_place", "end_place", "shift_s", "max_s", "capacity",
             "fixed_cost", "target_s")  # fmt: skip
    few = replace(town, **{name: getattr(town, name)[:vehicles] for name in names})
    result = by_parts(few, 5_000, part_tasks=40)
    found = checked(few, result)
    assert len(found.routes) == vehicles
    assert found.parts.drop == DROP * len(result.solution.dropped)
    assert len(result.solution.dropped) <= 200 - 40 * vehicles


def test_tasks_left_out_come_back() -> None:
    """Zones without enough vehicles of one type leave tasks out; parts around take them in."""
    seen: list[Progress] = []
    stop = MaxIterations(ENOUGH["tied"])
    solve_large(tied(), stop, 3, part_tasks=100, whole_tasks=0, on_progress=seen.append)
    zones_done = next(progress for progress in seen if progress.iterations)
    assert 0 < zones_done.dropped < 30
    assert seen[-1].dropped == 0


@pytest.mark.parametrize(
    ("name", "value"), [("threads", 0), ("part_tasks", 1), ("whole_tasks", -1)]
)
def test_arguments_out_of_range(name: str, value: int) -> None:
    """The message names the argument and its value."""
    given: Any = {name: value}
    with pytest.raises(ValueError, match=f"{name} is {value}, below"):
        solve_large(street_town(20), MaxIterations(1), **given)


def test_bad_graphs_and_places_are_named() -> None:
    """Ways and LargeProblem check what indexes what."""
    town = street_town(20)
    with pytest.raises(ValueError, match=r"head\[0\] is 99999, not within"):
        replace(town.ways, head=np.full_like(town.ways.head, 99_999))
    with pytest.raises(ValueError, match=r"dist_m has shape \(1,\), expected"):
        replace(town.ways, dist_m=town.ways.dist_m[:1])
    with pytest.raises(ValueError, match=r"stand_node\[0\] is -1, not within"):
        replace(town, stand_node=np.full_like(town.stand_node, -1))
    with pytest.raises(ValueError, match=r"begin_node has shape \(1,\), stand_node"):
        replace(town, begin_node=town.begin_node[:1])
    with pytest.raises(ValueError, match=r"mode_exit\[0\] is 99999, not within"):
        replace(town, mode_exit=np.full_like(town.mode_exit, 99_999))
    with pytest.raises(ValueError, match=r"pinned\[0\] is 999, not within"):
        replace(town, pinned=np.full(20, 999, np.int32))


def test_a_part_needs_the_vehicle_a_task_is_pinned_to() -> None:
    """Or else the pin would be lost."""
    town = street_town(20)
    pinned = replace(town, pinned=np.full(20, 1, np.int32))
    with pytest.raises(ValueError, match="task 4 is pinned to 1, not in the part"):
        cut_out(pinned, way_table(pinned), np.array([4]), np.array([0]), np.array([], np.int64))


def directed(town: LargeProblem) -> LargeProblem:
    """The town with one way for each street, served one way, and standing apart from beginning:
    many places are entered only."""
    first = town.mode_first[:-1]
    nodes = town.ways.nodes
    lone = Ways(
        2 * nodes,
        np.concatenate((town.ways.tail, np.arange(nodes))).astype(np.int32),
        np.concatenate((town.ways.head + nodes, np.arange(nodes))).astype(np.int32),
        np.append(town.ways.time_s, np.full(nodes, 7)).astype(np.int32),
        np.append(town.ways.dist_m, np.full(nodes, 3)).astype(np.int32),
    )
    back = replace(
        lone,
        tail=np.concatenate((lone.tail, np.arange(nodes) + nodes)).astype(np.int32),
        head=np.concatenate((lone.head, np.arange(nodes))).astype(np.int32),
        time_s=np.append(lone.time_s, np.full(nodes, 5)).astype(np.int32),
        dist_m=np.append(lone.dist_m, np.full(nodes, 2)).astype(np.int32),
    )
    return replace(
        town,
        ways=back,
        begin_node=(town.begin_node + nodes).astype(np.int32),
        mode_first=np.arange(town.tasks + 1, dtype=np.int32),
        mode_entry=town.mode_entry[first],
        mode_exit=town.mode_exit[first],
        service_s=town.service_s[first],
        service_m=town.service_m[first],
    )


@pytest.mark.parametrize("budget_bytes", [0, 40_000, 10_000_000])
@pytest.mark.parametrize("turn", [lambda town: town, directed], ids=["corners", "directed"])
def test_ways_of_parts_are_those_of_a_full_search(
    turn: Callable[[LargeProblem], LargeProblem], budget_bytes: int
) -> None:
    """Seconds and metres of parts, in balls of one node, of a few, and of all, are scipy's."""
    p = turn(filled_up())
    places = np.unique(np.concatenate((p.mode_entry, p.mode_exit, p.start_place, p.restore_in)))
    hubs = np.concatenate((p.start_place, p.restore_in))
    table = WayTable(
        p.ways, p.stand_node[places], p.begin_node[places], p.stand_node[hubs],
        p.begin_node[hubs], budget_bytes,
    )  # fmt: skip
    full = whole(p)
    g = np.random.default_rng(0)
    for _ in range(6):
        tasks = np.sort(g.choice(p.tasks, 25, replace=False))
        vehicles = np.sort(g.choice(p.vehicles, 3, replace=False))
        part = cut_out(p, table, tasks, vehicles, np.array([3]))
        q = part.problem
        leave = np.concatenate((q.mode_exit, q.start_place, q.restore_out))
        reach = np.concatenate((q.mode_entry, q.end_place, q.restore_in))
        from_here = np.concatenate((
            p.mode_exit[part.modes], p.start_place[vehicles], p.restore_out[part.restores]
        ))  # fmt: skip
        to_there = np.concatenate((
            p.mode_entry[part.modes], p.end_place[vehicles], p.restore_in[part.restores]
        ))  # fmt: skip
        assert 3 in part.restores
        for name in ("time_s", "dist_m"):
            got = getattr(q, name)[np.ix_(leave, reach)]
            assert np.array_equal(got, getattr(full, name)[np.ix_(from_here, to_there)])


def test_no_way_and_the_shortest_of_the_fastest() -> None:
    """0 -> 1 -> 3 and 0 -> 2 -> 3 take 10 s each, the second has 8 m less; 4 leads nowhere."""
    at = np.array([[0, 1, 6, 50], [1, 3, 4, 50], [0, 2, 5, 46], [2, 3, 5, 46], [0, 4, 1, 1]])
    ways = Ways(5, *at.astype(np.int32).T)
    nodes, none = np.arange(5, dtype=np.int32), np.array([], np.int32)
    for hubs in (none, nodes):
        table = WayTable(ways, nodes, nodes, hubs, none)
        time_s, dist_m = table.matrix(nodes[[0, 4]], nodes[[3, 0, 4]])
        assert time_s.tolist() == [[10, 0, 1], [UNREACHABLE, UNREACHABLE, 0]]
        assert dist_m.tolist() == [[92, 0, 1], [UNREACHABLE, UNREACHABLE, 0]]


def test_zones_hold_every_task_once() -> None:
    """400 tasks in zones of at most 90: eight of fifty, each with vehicles for its work; each
    vehicle in one zone; the zones compact."""
    town = plain()
    table = way_table(town)
    zones = zones_of(town, table, 90)
    assert [len(zone) for zone in zones] == [50] * 8
    assert np.array_equal(np.sort(np.concatenate(zones)), np.arange(400))
    tasks, vehicles = share_vehicles(town, table, zones)
    assert [zone.tolist() for zone in tasks] == [zone.tolist() for zone in zones]
    assert np.array_equal(np.sort(np.concatenate(vehicles)), np.arange(town.vehicles))
    work = [town.demand[zone].sum() / town.demand.sum() * town.vehicles for zone in zones]
    assert max(abs(len(v) - due) for v, due in zip(vehicles, work, strict=True)) <= 1
    entry = town.mode_entry[town.mode_first[:-1]]
    way = dijkstra(town.ways)[0][np.ix_(entry, entry)]
    inside = np.mean([way[np.ix_(zone, zone)].mean() for zone in zones])
    assert inside < 0.5 * way.mean()


def test_pinned_tasks_go_with_their_vehicle() -> None:
    """Tasks all over the town pinned to one vehicle are in its zone, where most of them were."""
    town = plain()
    table = way_table(town)
    zones = zones_of(town, table, 100)
    pinned = np.full(400, -1, np.int32)
    pinned[zones[2][:6]] = pinned[zones[0][:2]] = pinned[zones[3][:3]] = 1
    tasks, vehicles = share_vehicles(replace(town, pinned=pinned), table, zones)
    assert 1 in vehicles[2]
    assert set(np.flatnonzero(pinned == 1)) <= set(tasks[2])
    assert len(tasks[0]) == len(zones[0]) - 2


def test_idle_vehicles_of_every_kind() -> None:
    """Kinds a a b a c b: the firsts of a, b, c, then the seconds of a, b, then the third a."""
    kinds = np.array([7, 7, 2, 7, 5, 2])
    assert _one_of_each_first(kinds).tolist() == [0, 2, 4, 1, 5, 3]
