"""Clock times of trucks with loads, on the straight line of test_sanitation_timing.py.

Depot at 0 m, community k at 100 (k + 1) m with 1,000 s of work and 500 kg, 1 m takes 1 s; stations
A at 400 m and B at 600 m unload in 600 s. A truck may bring its load to either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from routing_problems import i32
from test_sanitation_timing import line, told

from routes.solution import Restore, Route, Serve
from sanitation.bookings import Boxes, Facilities
from sanitation.timing import Timeline, Truck, drive_all, drive_alone, uses
from sanitation.workload import Visit, Workload

A, B = Visit("A", "", 600, 0, 0, 0), Visit("B", "", 600, 0, 0, 0)
STATIONS = ((A, 4, 4), (B, 6, 6))


def loaded(
    kg: Sequence[int] = (500, 500, 500),
    *,
    work_s: Sequence[int] = (1000, 1000, 1000),
    stations: Sequence[tuple[Visit, int, int]] = STATIONS,
    room_kg: Mapping[str, int] | None = None,
    latest_s: int = 40_000,
    windows: Sequence[Sequence[tuple[int, int]]] | None = None,
) -> Workload:
    """A job of residual waste in the morning."""
    plain = line(work_s, visits=stations, latest_s=latest_s, windows=windows)
    duties = tuple(
        replace(duty, service="collect", shift_id="am", site_id=f"C{k}", section_id="", road_id="",
                stream="residual", load_kg=kg[k])
        for k, duty in enumerate(plain.duties)
    )  # fmt: skip
    problem = replace(
        plain.problem,
        must_end_restored=True,
        demand=i32([[one] for one in kg]),
        capacity=i32([[9000]] * plain.problem.vehicles),
    )
    return replace(
        plain,
        service="collect",
        shift_id="am",
        problem=problem,
        duties=duties,
        room_kg=room_kg or {},
    )


def trips(*steps: int | str, vehicle: int = 0) -> Route:
    """A number is a community, a letter the station that the search chose."""
    options = {"A": Restore(0), "B": Restore(1)}
    return Route(
        vehicle, 0, tuple(options[s] if isinstance(s, str) else Serve(s, s) for s in steps)
    )


def alone(work: Workload, *steps: int | str, limits: Facilities | None = None) -> Timeline:
    """One truck that departs at 0 s."""
    (run,) = drive_all([(work, trips(*steps), 0)], limits)
    return run


def where(run: Timeline) -> list[str]:
    return [facility for facility, *_ in uses(run)]


def served(run: Timeline) -> list[int]:
    return [event.task for event in run.events if event.kind == "service"]


def posts(
    *, room_kg: Mapping[str, int] | None = None, hours: Mapping[str, tuple[int, int]] | None = None
) -> Facilities:
    """Both stations with a bay each."""
    return Facilities({"A": 1, "B": 1}, hours or {}, room_kg or {})


def test_a_trip_by_hand() -> None:
    """100 m out, 1,000 s, 300 m to A, 600 s there, and 400 m home."""
    run = drive_alone(loaded(), trips(0, "A"), 0)
    assert told(run) == [
        ("travel", 0, 100),
        ("service", 100, 1100),
        ("travel", 1100, 1400),
        ("unload", 1400, 2000),
        ("return", 2000, 2400),
    ]
    assert list(uses(run)) == [("A", 1400, 2000)]
    assert Truck(loaded(), trips(0, "A"), 0).workload.loaded


def test_without_shares_a_load_goes_where_it_is_let_off_first() -> None:
    """The search says B, but from 300 m A is nearer, and so is the way home."""
    assert where(alone(loaded(), 2, "B", limits=posts())) == ["A"]


def test_with_shares_a_load_goes_where_the_search_sent_it() -> None:
    """The search knows the stations' shares, so its choice stands, but for 300 s that A is sooner.

    From 300 m home by way of A takes 100 + 600 + 400 s, by way of B at 500 m 200 s more, at 600 m
    400 s more.
    """
    rooms = {"A": 5000, "B": 5000}
    near = loaded(room_kg=rooms, stations=((A, 4, 4), (B, 5, 5)))
    assert where(alone(near, 2, "B", limits=posts())) == ["B"]
    assert where(alone(near, 2, "A", limits=posts())) == ["A"]
    assert where(alone(loaded(room_kg=rooms), 2, "B", limits=posts())) == ["A"]


def test_the_station_of_the_search_may_be_shut() -> None:
    """B opens at 20,000 s and closes at 20,300 s, which is too short: A takes the load."""
    work = loaded(room_kg={"A": 5000, "B": 5000})
    shut = posts(hours={"B": (20_000, 20_300)})
    assert where(alone(work, 2, "B", limits=shut)) == ["A"]


def test_a_share_that_is_used_up_sends_a_load_elsewhere() -> None:
    """A takes 500 kg today: the second load, sent there too, goes to B, which has a share left."""
    work = loaded(room_kg={"A": 500, "B": 500})
    run = alone(work, 0, "A", 1, "A", limits=posts(room_kg={"A": 500, "B": 500}))
    assert (where(run), run.left) == (["A", "B"], ())


def test_beyond_the_shares_is_better_than_not_at_all() -> None:
    """No share is left anywhere, but room for the day is: the nearest station takes it."""
    work = loaded(room_kg={"A": 100, "B": 100})
    run = alone(work, 0, "B", limits=posts(room_kg={"A": 1000, "B": 400}))
    assert (where(run), run.left) == (["A"], ())


def test_a_full_day_is_full_however_large_the_share() -> None:
    """A has room for 500 kg, B for 499: of two loads the second finds none and is left at once."""
    run = alone(loaded(), 0, "A", 1, "A", limits=posts(room_kg={"A": 500, "B": 499}))
    assert (where(run), served(run), run.left) == (["A"], [0], (1,))
    # Home straight from A, as if it had never set out for the second.
    assert told(run)[-2:] == [("unload", 1400, 2000), ("return", 2000, 2400)]


def test_containers_keep_loads_away() -> None:
    """A has one container for 700 kg of residual waste: the second load of 500 kg goes to B."""
    one = {("A", "residual"): Boxes(1, 700, 0, ((0, 0),))}
    limits = replace(posts(), boxes=one)
    assert where(alone(loaded(), 0, "A", 1, "A", limits=limits)) == ["A", "B"]
    other = {("A", "kitchen"): Boxes(1, 700, 0, ((0, 700),))}
    assert where(alone(loaded(), 0, "A", 1, "A", limits=replace(posts(), boxes=other))) == ["A"] * 2


def test_two_trucks_share_what_room_there_is() -> None:
    """500 kg at A and nothing at B: who comes first lets off, the other stays at home."""
    work = loaded()
    runs = [(work, trips(0, "A"), 0), (work, trips(1, "A", vehicle=1), 0)]
    first, second = drive_all(runs, posts(room_kg={"A": 500, "B": 0}))
    assert (served(first), first.left) == ([0], ())
    assert (served(second), second.left, told(second)) == ([], (1,), [("return", 0, 0)])


def test_a_load_that_finds_no_room_is_made_smaller() -> None:
    """There is room for 1,000 kg: of three communities the last one of the trip is left."""
    run = alone(loaded(), 0, 1, 2, "A", limits=posts(room_kg={"A": 1000, "B": 0}))
    assert (served(run), run.left, where(run)) == ([0, 1], (2,), ["A"])
    assert told(run) == [
        ("travel", 0, 100),
        ("service", 100, 1100),
        ("travel", 1100, 1200),
        ("service", 1200, 2200),
        ("travel", 2200, 2400),
        ("unload", 2400, 3000),
        ("return", 3000, 3400),
    ]


def test_as_few_as_can_be_are_left_and_the_run_goes_on() -> None:
    """Room for 700 kg: of 500 and 500 the first, and then 200 kg of the next trip."""
    work = loaded((500, 500, 200))
    run = alone(work, 0, 1, "A", 2, "A", limits=posts(room_kg={"A": 700, "B": 0}))
    assert (served(run), run.left, where(run)) == ([0, 2], (1,), ["A", "A"])


def test_a_load_that_cannot_be_let_off_is_left_where_it_stood() -> None:
    """No station takes even one of two: the truck has not been there, nor does what follows.

    After the first trip it stands at A; from there it goes home.
    """
    limits = posts(room_kg={"A": 500, "B": 0})
    run = alone(loaded((500, 600, 700)), 0, "A", 1, 2, "A", limits=limits)
    assert (served(run), sorted(run.left)) == ([0], [1, 2])
    assert told(run)[-1] == ("return", 2000, 2400)
    assert len(told(run)) == 5


def test_a_rest_before_a_trip_that_is_undone_is_undone_too() -> None:
    """After 14,000 s and a first trip the truck would rest for the second, which finds no room."""
    work = loaded(work_s=(5000, 9000, 1))
    limits = posts(room_kg={"A": 500, "B": 0})
    run = alone(work, 0, "A", 1, "A", limits=limits)
    assert run.left == (1,)
    assert run.rest_s == 0
    assert run.end_s == 100 + 5000 + 300 + 600 + 400


def test_home_by_way_of_a_station() -> None:
    """Served at 1,100 s, over A home at 2,400 s: a limit of 2,400 s is kept, 2,399 s is not.

    Straight home it would be back at 1,200 s; but with the load it may not.
    """
    assert drive_alone(loaded(latest_s=2400), trips(0, "A"), 0).left == ()
    late = drive_alone(loaded(latest_s=2399), trips(0, "A"), 0)
    assert late.left == (0,)
    assert told(late) == [("return", 0, 0)]


def test_nothing_on_board_is_brought_nowhere() -> None:
    """The window of the only community is over: the truck does not go to the station for it."""
    over: list[list[tuple[int, int]]] = [[(0, 500)], [(0, 90_000)], [(0, 90_000)]]
    run = drive_alone(loaded(windows=over), trips(0, "A"), 0)
    assert (run.left, where(run), run.serves) == ((0,), [], False)
    assert told(run) == [("return", 0, 0)]
    # The second trip is made all the same.
    run = drive_alone(loaded(windows=over), trips(0, "A", 1, "A"), 0)
    assert (run.left, served(run), where(run)) == ((0,), [1], ["A"])


def test_the_queue_at_a_station_is_waited_in() -> None:
    """Both are at A at 1,400 s; B, 200 m farther, would take until 2,200 s and 600 s home.

    At A it would be done at 2,600 s and home at 3,000 s, at B home at 2,800 s: B it is.
    """
    work = loaded()
    runs = [(work, trips(0, "A"), 0), (work, trips(1, "A", vehicle=1), 0)]
    first, second = drive_all(runs, posts())
    assert list(uses(first)) == [("A", 1400, 2000)]
    assert list(uses(second)) == [("B", 1600, 2200)]
    only = loaded(stations=STATIONS[:1])
    runs = [(only, trips(0, "A"), 0), (only, trips(1, "A", vehicle=1), 0)]
    assert list(uses(drive_all(runs, posts())[1])) == [("A", 2000, 2600)]


@pytest.mark.parametrize(("opens_s", "wait_s"), [(0, 0), (1400, 0), (1500, 100)])
def test_a_truck_waits_at_the_gate(opens_s: int, wait_s: int) -> None:
    """It is at A at 1,400 s; the other station is shut."""
    limits = posts(hours={"A": (opens_s, 30_000), "B": (0, 1)})
    run = alone(loaded(), 0, "A", limits=limits)
    assert run.wait_s == wait_s
    assert list(uses(run)) == [("A", 1400 + wait_s, 2000 + wait_s)]
