"""Timelines into runs on the mini district: nodes, ways, times and tanks checked by hand.

A pass of 400 m takes 288 s at night (5 km/h) and 180 s by day (8 km/h). A right turn takes 5 s, a
left one 15 s, turning round at node 1 takes 60 s.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from minidistrict import write_minidistrict

from routes.bounds import deadhead_bound_s
from routes.solution import Restore, Route, Serve
from sanitation.compile import compile_run
from sanitation.district import read_district
from sanitation.ground import Ground, read_ground
from sanitation.indicators import deadhead_s
from sanitation.model import District, Duty, Run, Stop, Window
from sanitation.timing import Event, Timeline, drive_alone
from sanitation.workload import Workload, build_workload

Town = tuple[District, Ground]
NIGHT = Window(-5400, 23_400)
SHIFTS = {
    ("wash", "night"): NIGHT,
    ("wash", "day"): Window(32_400, 59_400),
    ("sprinkle", "sprinkle_am"): Window(34_200, 43_200),
    ("sweep", "night"): NIGHT,
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("compile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_minidistrict(folder / "mini"))
        return district, read_ground(district)


def duty_of(section: str, service: str, shift: str) -> Duty:
    name = f"{service}/{shift}/{section}/r2p3"
    windows = (SHIFTS[service, shift],)
    return Duty(name, service, shift, section, section[:2], 2, 3, 4, 400, windows, 1)


def workload_of(town: Town, duties: list[Duty], vehicle: str = "W1") -> Workload:
    district, ground = town
    return build_workload(
        district, ground, duties, [v for v in district.vehicles if v.id == vehicle]
    )


def compiled(town: Town, workload: Workload, line: Timeline) -> Run:
    district, ground = town
    type_id = workload.vehicles[0].type_id
    kind = next(kind for kind in district.vehicle_types if kind.id == type_id)
    who = {"run_id": "N1", "vehicle_id": "W2", "driver_id": "P1", "helper_ids": ("P8", "P9")}
    return compile_run(ground, workload, line, kind, **who)  # type: ignore[arg-type]


def driven(
    town: Town,
    *sections: str | Restore,
    service: str = "wash",
    shift: str = "night",
    vehicle: str = "W1",
    length_m: int = 400,
) -> Run:
    """The run that serves the sections in this order, from the start of its shift on."""
    served = [step for step in sections if isinstance(step, str)]
    duties = [replace(duty_of(s, service, shift), length_m=length_m) for s in served]
    workload = workload_of(town, duties, vehicle)
    tasks = {duty.section_id: task for task, duty in enumerate(workload.duties)}
    steps = tuple(Serve(tasks[s], tasks[s]) if isinstance(s, str) else s for s in sections)
    start_s = SHIFTS[service, shift].start_s
    line = drive_alone(workload, Route(0, start_s, steps), start_s)
    assert not line.left
    return compiled(town, workload, line)


def kinds_of(run: Run) -> list[str]:
    return [stop.kind for stop in run.stops]


def times_of(run: Run) -> list[tuple[int, int]]:
    return [(stop.start_s - run.start_s, stop.end_s - run.start_s) for stop in run.stops]


def chained(run: Run) -> bool:
    """Every stop begins at the node and the second where the one before it ended."""
    return all(a.nodes[-1] == b.nodes[0] and a.end_s == b.start_s for a, b in pairwise(run.stops))


def test_a_loop_node_to_node(town: Town) -> None:
    """4-5-6, right down to 9, right to 8 and 7, right up to 4: six passes and three right turns.

    The turns of 5 s are part of the pass after them, so there is no row between two passes.
    """
    run = driven(town, "R2-01F", "R2-02F", "R6-02F", "R3-02B", "R3-01B", "R4-02B")
    assert kinds_of(run) == ["depart", *["service"] * 6, "return"]
    nodes = [(4,), (4, 5), (5, 6), (6, 9), (9, 8), (8, 7), (7, 4), (4,)]
    assert [stop.nodes for stop in run.stops] == nodes
    ways = [(), (102,), (102,), (106,), (103,), (103,), (104,), ()]
    assert [stop.ways for stop in run.stops] == ways
    assert times_of(run) == [
        (0, 0),
        (0, 288),
        (288, 576),
        (576, 869),
        (869, 1162),
        (1162, 1450),
        (1450, 1743),
        (1743, 1743),
    ]
    assert (run.start_s, run.end_s) == (-5400, -5400 + 1743)


def test_the_way_out_and_home(town: Town) -> None:
    """From node 4 up to 1 (72 s + 5 for the right turn), R1-01F to 2; home by node 5 in 100 s."""
    run = driven(town, "R1-01F")
    assert kinds_of(run) == ["depart", "travel", "service", "return"]
    assert [stop.nodes for stop in run.stops] == [(4,), (4, 1), (1, 2), (2, 5, 4)]
    assert [stop.ways for stop in run.stops] == [(), (104,), (101,), (105, 102)]
    assert [stop.length_m for stop in run.stops] == [0, 400, 400, 800]
    # Home: right 5 s, 48 s down R5, right 5 s, 41.1 s on R2, together 99.1 s, rounded up.
    assert times_of(run) == [(0, 0), (0, 77), (77, 365), (365, 465)]


def test_who_and_what(town: Town) -> None:
    """The run names what it was given; the duty's pass, round and lane stand in its row only."""
    run = driven(town, "R1-01F")
    assert (run.id, run.service, run.shift_id, run.depot_id) == ("N1", "wash", "night", "D1")
    assert (run.vehicle_id, run.driver_id, run.helper_ids) == ("W2", "P1", ("P8", "P9"))
    row = run.stops[2]
    assert (row.duty_id, row.section_id, row.road_id) == (
        "wash/night/R1-01F/r2p3",
        "R1-01F",
        "R1",
    )
    assert (row.round_no, row.pass_no, row.lane) == (2, 3, 4)
    travel = run.stops[1]
    assert (travel.duty_id, travel.section_id, travel.road_id) == ("", "", "")
    assert (travel.round_no, travel.pass_no, travel.lane) == (0, 0, 0)
    assert [stop.facility for stop in run.stops] == ["D1", "", "", ""]


@pytest.mark.parametrize(
    ("service", "shift", "vehicle", "length_m", "clean", "dirty"),
    [
        # 1.56 L/m by night, of which three quarters come back
        ("wash", "night", "W1", 400, (9000, 8376, 7752), (0, 468, 936)),
        # 0.975 L/m by day; 292.5 L come back, whole litres are kept
        ("wash", "day", "W1", 400, (9000, 8610, 8220), (0, 292, 584)),
        ("wash", "night", "W1", 250, (9000, 8610, 8220), (0, 292, 584)),
        # 2.16 L/m, and no dirty tank
        ("sprinkle", "sprinkle_am", "S1", 400, (10_000, 9136, 8272), (0, 0, 0)),
        ("sweep", "night", "W1", 400, (9000, 9000, 9000), (0, 0, 0)),
    ],
)
def test_water_by_metre_and_shift(
    town: Town,
    service: str,
    shift: str,
    vehicle: str,
    length_m: int,
    clean: tuple[int, ...],
    dirty: tuple[int, ...],
) -> None:
    """The tanks after departure and after each of two passes; the way home changes nothing."""
    run = driven(
        town, "R2-01F", "R2-02F", service=service, shift=shift, vehicle=vehicle, length_m=length_m
    )
    assert kinds_of(run) == ["depart", "service", "service", "return"]
    assert [stop.length_m for stop in run.stops[1:3]] == [length_m, length_m]
    assert tuple(stop.water_l for stop in run.stops) == (*clean, clean[-1])
    assert tuple(stop.dirty_l for stop in run.stops) == (*dirty, dirty[-1])


def test_dump_and_fill(town: Town) -> None:
    """At node 3 the dirty tank is emptied in 600 s; F1 at node 5 fills in 180 + 9,000/16 = 743 s.

    Between them 3-6-5: 48 s, right 5 s, 41.1 s. The dump leaves the clean tank, the fill the
    dirty one, as they are.
    """
    run = driven(town, "R1-01F", "R1-02F", Restore(0))
    assert kinds_of(run) == [
        *("depart", "travel", "service", "service"),
        *("dump", "travel", "fill", "return"),
    ]
    assert [stop.nodes for stop in run.stops[4:]] == [(3,), (3, 6, 5), (5,), (5, 4)]
    assert [stop.facility for stop in run.stops[4:]] == ["X1", "", "F1", ""]
    assert [stop.water_l for stop in run.stops[2:]] == [8376, 7752, 7752, 7752, 9000, 9000]
    assert [stop.dirty_l for stop in run.stops[2:]] == [468, 936, 0, 0, 0, 0]
    # 77 s out and two passes; then the visit; then 41.1 s home, rounded up.
    assert times_of(run)[4:] == [(653, 1253), (1253, 1348), (1348, 2091), (2091, 2133)]
    assert chained(run)


def test_turning_round_is_a_row(town: Town) -> None:
    """60 s at node 1 between R1-01B and R1-01F: a travel of no metres at that node."""
    run = driven(town, "R1-01B", "R1-01F")
    turn = run.stops[kinds_of(run).index("service") + 1]
    assert (turn.kind, turn.nodes, turn.ways, turn.length_m) == ("travel", (1,), (), 0)
    assert turn.end_s - turn.start_s == 60
    assert chained(run)


def corner(
    town: Town,
    turn_s: int,
    *,
    window: Window = NIGHT,
    wait_s: int = 0,
    onto: str = "R1-01F",
) -> tuple[Stop, ...]:
    """Rows after the first pass of a run that washes R4-01B to node 1, turns, washes ``onto``.

    The turn (or drive) takes ``turn_s`` from second 288 on; ``wait_s`` after it the second pass
    begins, due in ``window``.
    """
    workload = workload_of(
        town, [duty_of(onto, "wash", "night"), duty_of("R4-01B", "wash", "night")]
    )
    second, first = workload.duties
    workload = replace(workload, duties=(replace(second, windows=(window,)), first))
    there, after = 1, 0  # places, and tasks: the sections in the order of their ids
    events = [
        Event("service", 0, 288, there, there, there),
        Event("travel", 288, 288 + turn_s, there, after),
    ]
    begin = 288 + turn_s + wait_s
    if wait_s:
        events.append(Event("wait", 288 + turn_s, begin, after, after))
    events.append(Event("service", begin, begin + 288, after, after, after))
    line = Timeline(Route(0, 0, ()), 0, tuple(events))
    run = compiled(town, workload, line)
    assert kinds_of(run)[:2] == ["depart", "service"]
    assert chained(run)
    return run.stops[2:]


def test_a_left_turn_is_part_of_the_pass(town: Town) -> None:
    """Of 15 s or less: one row, from the start of the turn to the end of the pass."""
    (row,) = corner(town, 15)
    assert (row.kind, row.nodes, row.start_s, row.end_s) == ("service", (1, 2), 288, 591)
    assert (row.length_m, row.water_l) == (400, 9000 - 2 * 624)


def test_a_longer_turn_is_a_row(town: Town) -> None:
    """16 s are turning round: a row of its own, and the pass begins after it."""
    turn, row = corner(town, 16)
    assert (turn.kind, turn.nodes, turn.start_s, turn.end_s) == ("travel", (1,), 288, 304)
    assert (row.kind, row.start_s, row.end_s) == ("service", 304, 592)


def test_a_short_drive_is_a_row(town: Town) -> None:
    """On to R1-02F, past R1-01F: were it 15 s, it is driven and not a mere turn."""
    drive, row = corner(town, 15, onto="R1-02F")
    assert (drive.kind, drive.nodes, drive.ways, drive.length_m) == ("travel", (1, 2), (101,), 400)
    assert (row.kind, row.nodes, row.start_s) == ("service", (2, 3), 303)


@pytest.mark.parametrize(
    ("window", "rows"),
    [
        (Window(288, 591), 1),  # turn and pass just fit
        (Window(289, 591), 2),  # the pass with its turn would begin before it may
        (Window(288, 590), 2),  # ... or end after
    ],
)
def test_a_turn_keeps_to_the_window(town: Town, window: Window, rows: int) -> None:
    """A pass with its turn must lie in the window; else the turn is driven before it."""
    assert len(corner(town, 15, window=window)) == rows


def test_a_turn_before_a_wait_is_a_row(town: Town) -> None:
    """Turn, wait, pass: the turn does not swallow the wait, and the pass begins after it."""
    rows = corner(town, 15, wait_s=100)
    assert [(row.kind, row.start_s, row.end_s) for row in rows] == [
        ("travel", 288, 303),
        ("wait", 303, 403),
        ("service", 403, 691),
    ]
    assert {row.nodes for row in rows[:2]} == {(1,)}


def test_one_turn_counts_once(town: Town) -> None:
    """Only the pass right after a turn takes it in: here the third pass follows straight on."""
    run = driven(town, "R4-02B", "R4-01B", "R1-01F", "R1-02F")
    served = [stop for stop in run.stops if stop.kind == "service"]
    assert [stop.end_s - stop.start_s for stop in served] == [288, 288, 293, 288]


def test_turns_in_passes_are_deadhead(town: Town) -> None:
    """The loop of six passes has three right turns of 5 s in its rows: 15 s, its lower bound."""
    loop = "R2-01F", "R2-02F", "R6-02F", "R3-02B", "R3-01B", "R4-02B"
    workload = workload_of(town, [duty_of(section, "wash", "night") for section in loop])
    assert deadhead_bound_s(workload.problem, 1) == 15
    assert deadhead_s(town[0], driven(town, *loop)) == 15


@pytest.mark.parametrize("turn_s", [5, 15, 16, 60])
def test_deadhead_does_not_depend_on_the_row(town: Town, turn_s: int) -> None:
    """A turn counts as long as it is, in the row of a pass or in its own."""
    run = Run("N1", "wash", "night", "W1", "P1", (), "D1", 0, 9, corner(town, turn_s))
    assert deadhead_s(town[0], run) == turn_s
