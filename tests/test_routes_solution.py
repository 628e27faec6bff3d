"""The reference evaluation, held against sums made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from routing_problems import i32, i64

from routes.problem import NO_LIMIT, RoutingProblem, Weights
from routes.solution import Rest, Restore, Route, Serve, Solution, evaluate


def line() -> RoutingProblem:
    """Depot at 0 m, tasks at 100, 200 and 300 m, a facility at 400 m; 1 m takes 1 s."""
    at = np.arange(5) * 100
    way = np.abs(at[:, None] - at[None])
    return RoutingProblem(
        time_s=i32(way),
        dist_m=i32(way * 2),
        mode_first=i32([0, 1, 2, 3]),
        mode_entry=i32([1, 2, 3]),
        mode_exit=i32([1, 2, 3]),
        service_s=i32([[10, 20], [10, 20], [10, 20]]),
        service_m=i32([1, 1, 1]),
        demand=i32([[4], [4], [4]]),
        window_s=i64([[[0, 5000]] * 2, [[0, 300], [600, 900]], [[0, 5000]] * 2]),
        drop_cost=i64([1000, 2000, 3000]),
        group=i32([0, 0, 0]),
        allowed=np.array([[True, True], [True, True], [True, False]]),
        pinned=i32([-1, -1, 0]),
        preferred=i32([1, -1, -1]),
        vehicle_type=i32([0, 1]),
        start_place=i32([0, 0]),
        end_place=i32([0, 0]),
        shift_s=i64([[0, 2000], [0, 2000]]),
        max_s=i64([1900, 1900]),
        capacity=i32([[8], [8]]),
        fixed_cost=i64([70, 90]),
        target_s=i64([[0, 1000], [0, NO_LIMIT]]),
        restore_in=i32([4]),
        restore_out=i32([4]),
        restore_s=i32([50]),
        restore_m=i32([3]),
        restore_cost=i64([11]),
        weights=Weights(time=1, distance=2, late_balance=5, split_group=13, moved=17),
    )


def test_schedule_and_cost() -> None:
    """One route with a restore and a wait: 100+10, 100+10, 200+50, 100+10, 300 home = 880 s."""
    route = Route(0, 100, (Serve(0, 0), Serve(1, 1), Restore(0), Serve(2, 2)))
    result = evaluate(line(), Solution((route,)))
    times = result.routes[0]
    assert [(s.arrive_s, s.start_s, s.end_s) for s in times.steps] == [
        (200, 200, 210), (310, 600, 610), (810, 810, 860), (960, 960, 970),
    ]  # fmt: skip
    assert [s.used for s in times.steps] == [(4,), (8,), (0,), (4,)]
    assert times.return_s == 1270
    assert (times.travel_s, times.wait_s) == (800, 290)
    assert result.violations == ()
    parts = result.parts
    assert (parts.fixed, parts.time, parts.restore, parts.drop) == (70, 1170, 11, 0)
    assert parts.distance == 2 * (1600 + 3 + 3)
    assert (parts.balance, parts.group, parts.moved) == (5 * 170, 0, 17)
    assert result.cost == parts.total == 70 + 1170 + 3212 + 11 + 850 + 17


def test_groups_and_drops() -> None:
    """A group in two vehicles' hands costs once more; dropped tasks cost their price."""
    routes = (Route(0, 0, (Serve(1, 1),)), Route(1, 0, (Serve(0, 0),)))
    result = evaluate(line(), Solution(routes, (2,)))
    assert result.violations == ()
    assert (result.parts.group, result.parts.drop, result.parts.moved) == (13, 3000, 0)
    assert result.routes[1].return_s == 100 + 20 + 100


@pytest.mark.parametrize(
    ("routes", "dropped", "text"),
    [
        ([Route(0, 0, (Serve(0, 0), Serve(1, 1), Serve(2, 2)))], (), "capacity of resource 0: 12"),
        ([Route(0, 850, (Serve(1, 1),))], (0, 2), "window of task 1 missed at 1050 s"),
        ([Route(0, -1, (Serve(0, 0),))], (1, 2), "shift 0..2000 left: -1"),
        ([Route(0, 1800, (Serve(0, 0),))], (1, 2), "shift 0..2000 left: 1800..2010"),
        ([Route(0, 0, (Serve(0, 0), Serve(0, 0)))], (1, 2), "task 0: served twice"),
        ([Route(0, 0, (Serve(0, 0),))], (2,), "task 1: neither served nor dropped"),
        ([Route(0, 0, (Serve(0, 0),))], (0, 1, 2), "task 0: served and dropped"),
        ([Route(1, 0, (Serve(2, 2),))], (0, 1), "task 2 is not allowed"),
        ([Route(1, 0, (Serve(2, 2),))], (0, 1), "task 2 is pinned to 0"),
        ([Route(0, 0, (Serve(0, 1),))], (1, 2), "task 0 has no mode 1"),
        ([Route(0, 0, (Restore(0),))], (0, 1, 2), "serves nothing"),
        ([Route(0, 0, (Serve(0, 0),)), Route(0, 0, (Serve(1, 1),))], (2,), "used twice"),
    ],
)
def test_violations(routes: list[Route], dropped: tuple[int, ...], text: str) -> None:
    """Each broken rule is named."""
    found = evaluate(line(), Solution(tuple(routes), dropped)).violations
    assert any(text in violation for violation in found), found


def test_longest_route() -> None:
    """900 s to the window of task 1 and home are too long for max_s of 200 s."""
    problem = replace(line(), max_s=i64([200, 200]))
    found = evaluate(problem, Solution((Route(0, 0, (Serve(1, 1),)),), (0, 2))).violations
    assert found == ("vehicle 0: max_s: 410 s of 200",)


def test_rest_rule() -> None:
    """410 s without a rest break a limit of 300 s; a rest after the service keeps it."""
    problem = replace(line(), rest_after_s=300, rest_s=40)
    without = Solution((Route(0, 0, (Serve(1, 1),)),), (0, 2))
    assert evaluate(problem, without).violations == (
        "vehicle 0: rest: 410 s without rest at 410 s",
    )
    rested = Solution((Route(0, 0, (Serve(1, 1), Rest())),), (0, 2))
    result = evaluate(problem, rested)
    assert result.violations == ()
    assert result.routes[0].return_s == 450


def test_lunch() -> None:
    """One rest of 40 s, begun within 300..400: after the service at 110 s it waits until 300, and
    the vehicle is home at 440 s; without, twice, or begun at 610 s it breaks the rule."""
    problem = replace(line(), rest_within_s=(300, 400), rest_s=40)

    def of(*steps: Serve | Rest) -> tuple[int, int, tuple[str, ...]]:
        found = evaluate(problem, Solution((Route(0, 0, steps),), (1, 2)))
        return found.routes[0].return_s, found.routes[0].wait_s, found.violations

    assert of(Serve(0, 0), Rest()) == (440, 190, ())
    assert of(Serve(0, 0)) == (210, 0, ("vehicle 0: rest: 0 rests, not one",))
    assert of(Serve(0, 0), Rest(), Rest())[2] == ("vehicle 0: rest: 2 rests, not one",)
    late = evaluate(problem, Solution((Route(0, 500, (Serve(0, 0), Rest())),), (1, 2)))
    assert late.violations == ("vehicle 0: rest: begins at 610 s, too late",)


def test_most_of_a_day() -> None:
    """Twelve in two tanks of eight: eleven are allowed, then twelve."""
    route = Route(0, 0, (Serve(0, 0), Serve(1, 1), Restore(0), Serve(2, 2)))
    for most, broken in ((11, ("vehicle 0: most of resource 0: 12 taken of 11",)), (12, ())):
        problem = replace(line(), most=i64([[most], [99]]))
        assert evaluate(problem, Solution((route,))).violations == broken


def test_opening_hours() -> None:
    """At the facility at 410 s for 50 s: it waits until it opens at 500; 460 is when it closes."""
    route = Route(0, 0, (Serve(0, 0), Restore(0)))

    def of(opens: int, closes: int) -> tuple[int, int, tuple[str, ...]]:
        problem = replace(line(), restore_window_s=i64([[opens, closes]]))
        found = evaluate(problem, Solution((route,), (1, 2)))
        return found.routes[0].return_s, found.routes[0].wait_s, found.violations

    assert of(500, 550) == (950, 90, ())
    assert of(0, 460) == (860, 0, ())
    assert of(0, 459) == (860, 0, ("vehicle 0: restore 0 is closed at 460 s",))


def test_must_end_restored() -> None:
    """With demand since the last restore the route may not end."""
    problem = replace(line(), must_end_restored=True)
    open_end = Solution((Route(0, 0, (Serve(0, 0),)),), (1, 2))
    assert evaluate(problem, open_end).violations == ("vehicle 0: ends without a restore",)
    closed = Solution((Route(0, 0, (Serve(0, 0), Restore(0))),), (1, 2))
    assert evaluate(problem, closed).violations == ()
