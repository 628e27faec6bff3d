"""The routing problem of stops on the small district with waste; see wastedistrict.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from wastedistrict import WEDNESDAY

from routes.problem import NO_LIMIT
from routes.solution import Restore, Serve, evaluate
from routes.solve import solve
from routes.stop import MaxIterations
from sanitation.disposal import without_stations
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul, haul_duty
from sanitation.ground import Ground
from sanitation.model import District, Duty
from sanitation.stopload import AT_HOME_S, build_stop_workload, stop_s
from sanitation.workload import STATION_QUEUE_S, Workload, drop_cost, unloading

H = 3600
Town = tuple[District, Ground]


def pickups(town: Town, shift: str, stream: str) -> tuple[Duty, ...]:
    """All of a stream in one shift, backwards."""
    due = [p for p in pickups_of(town[0], WEDNESDAY) if p.stream == stream]
    return tuple(pickup.duty(shift) for pickup in due)[::-1]


def hauls(town: Town) -> tuple[Duty, ...]:
    """A full container of TS1's residual waste and its kitchen waste, both there at 10:00."""
    shift = next(shift for shift in town[0].shifts if shift.id == "haul_early")
    found = [
        haul_duty(town[0], Haul("TS1", stream, 1, kg, 10 * H, 24 * H), shift)
        for stream, kg in (("residual", 3000), ("kitchen", 2100))
    ]
    return tuple(duty for duty in found if duty is not None)


def built(town: Town, duties: Sequence[Duty], *ids: str, **more: Any) -> Workload:
    vehicles = tuple(vehicle for vehicle in town[0].vehicles if vehicle.id in ids)
    return build_stop_workload(*town, duties, vehicles[::-1], **more)


@pytest.fixture(scope="module")
def morning(town: Town) -> Workload:
    """Residual waste in the morning, with the compactor and the small truck."""
    return built(town, pickups(town, "collect_am", "residual"), "G1", "G2")


def test_indices_are_those_of_sorted_ids(morning: Workload) -> None:
    """Tasks by duty id, slots by vehicle id, in whatever order they came."""
    ids = [f"collect/collect_am/C{k}/residual" for k in (1, 2, 3, 4)]
    assert [duty.id for duty in morning.duties] == ids
    assert [vehicle.id for vehicle in morning.vehicles] == ["G1", "G2"]
    assert (morning.service, morning.shift_id, morning.loaded) == ("collect", "collect_am", True)


def test_service_times_by_type(town: Town, morning: Workload) -> None:
    """A stop takes 120 s and 60 s a bin, 20 or 10 bins; a truck twice as slow takes twice as long.

    A fraction of a second is one whole.
    """
    assert morning.problem.service_s.tolist() == [[1320] * 2, [720] * 2, [1320] * 2, [720] * 2]
    district, ground = town
    slow = tuple(
        replace(kind, stop_s=240, bin_s=60.05) if kind.id == "small_truck" else kind
        for kind in district.vehicle_types
    )
    duties = pickups(town, "collect_am", "residual")
    mixed = built((replace(district, vehicle_types=slow), ground), duties, "G1", "G2")
    # 240 + 20 x 60.05 = 1,441 and 240 + 600.5 = 840.5
    assert mixed.problem.service_s.tolist() == [[1320, 1441], [720, 841]] * 2
    (kind,) = (kind for kind in slow if kind.id == "small_truck")
    assert stop_s(kind, next(duty for duty in duties if duty.site_id == "C1")) == 1441


def test_loads_and_payloads(morning: Workload) -> None:
    """Kilograms of each stop, 3,000 kg of the compactor and 1,500 of the small truck."""
    assert morning.problem.demand.tolist() == [[1400], [700], [1400], [700]]
    assert morning.problem.capacity.tolist() == [[3000], [1500]]
    assert morning.problem.must_end_restored


def test_only_the_small_truck_fits_narrow_lanes(morning: Workload) -> None:
    """C4 is narrow. The types are compactor and small_truck."""
    assert morning.problem.vehicle_type.tolist() == [0, 1]
    assert morning.problem.allowed.tolist() == [[True, True]] * 3 + [[False, True]]


def test_windows_are_those_of_stream_and_community(morning: Workload) -> None:
    """09:00-11:30 is 32,400-41,400 s; C3 has 10:00-11:00 of its own, in the shift 08:30-12:30.

    Trucks are back five minutes before the shift ends, for queues; with one, by its end.
    """
    plain = [[32_400, 41_400]]
    assert morning.problem.window_s.tolist() == [plain, plain, [[36_000, 39_600]], plain]
    assert STATION_QUEUE_S == 300
    assert morning.problem.shift_s.tolist() == [[30_600, 45_000 - 300]] * 2
    assert morning.latest_s.tolist() == [45_000] * 2


def test_two_windows_beside_one(town: Town) -> None:
    """Where a duty has two windows the single one of another is there twice."""
    one, *rest = pickups(town, "collect_am", "residual")
    two = replace(one, windows=(replace(one.windows[0], end_s=33_000), *one.windows))
    window_s = built(town, (two, *rest), "G1", "G2").problem.window_s
    assert window_s.shape == (4, 2, 2)
    assert window_s[3].tolist() == [[32_400, 33_000], [32_400, 41_400]]
    assert window_s[0].tolist() == [[32_400, 41_400]] * 2


def test_overtime_is_the_truck_s_own(town: Town) -> None:
    """G2 may come back half an hour later, and be out half an hour longer."""
    duties = pickups(town, "collect_am", "residual")
    longer = built(town, duties, "G1", "G2", overtime_s={"G2": 1800})
    assert longer.latest_s.tolist() == [45_000, 46_800]
    assert (longer.longest_s[1] - longer.longest_s[0]).tolist() == 1800


def test_stations_that_take_the_stream(town: Town, morning: Workload) -> None:
    """Residual waste at TS1 and TS2, 600 s each, from 06:00 to 22:00; kitchen waste at TS1."""
    assert [visit.dump for visit in morning.visits] == ["TS1", "TS2"]
    problem = morning.problem
    assert problem.restore_s.tolist() == [600, 600]
    assert problem.restore_in.tolist() == problem.restore_out.tolist()
    assert problem.restore_window_s is not None
    assert problem.restore_window_s.tolist() == [[6 * H, 22 * H]] * 2
    ground = town[1]
    stands = [int(morning.places[at]) for at in problem.restore_in]
    assert stands == [ground.place["TS1"], ground.place["TS2"]]
    assert [visit.dump for visit in unloading(town[0], "kitchen")] == ["TS1"]
    assert unloading(town[0], "glass") == ()


def test_nothing_is_unloaded_at_a_closed_station(town: Town) -> None:
    """With TS1 closed residual waste goes to TS2, and kitchen waste nowhere."""
    closed = without_stations(town[0], ["TS1"])
    assert [visit.dump for visit in unloading(closed, "residual")] == ["TS2"]
    assert unloading(closed, "kitchen") == ()


@pytest.mark.parametrize(
    ("room_kg", "stations"),
    [
        (None, ["TS1", "TS2"]),
        ({"TS2": 1}, ["TS2"]),
        ({"TS1": 0, "TS2": 9000, "TS9": 1}, ["TS1", "TS2"]),
    ],
)
def test_a_station_that_is_not_named_takes_nothing(
    town: Town, room_kg: Mapping[str, int] | None, stations: list[str]
) -> None:
    """Rooms restrict the stations to those named; without any, all that take the stream do."""
    duties = pickups(town, "collect_am", "residual")
    work = built(town, duties, "G1", "G2", room_kg=room_kg)
    assert [visit.dump for visit in work.visits] == stations
    assert len(work.problem.restore_in) == len(stations)
    assert work.room_kg == (room_kg or {})


def test_ways_are_those_of_the_streets(town: Town, morning: Workload) -> None:
    """From C1 to the depot of both trucks and to each other place, as in the ground's matrix."""
    ground = town[1]
    problem = morning.problem
    keys = ["C1", "C2", "C3", "C4", "D1", "TS1", "TS2"]
    rows = [ground.place[key] for key in keys]
    assert morning.places.tolist() == rows
    assert np.array_equal(problem.time_s, ground.time_s[np.ix_(rows, rows)])
    assert np.array_equal(problem.dist_m, ground.dist_m[np.ix_(rows, rows)])
    assert [keys[at] for at in problem.mode_entry] == ["C1", "C2", "C3", "C4"]
    assert problem.mode_exit.tolist() == problem.mode_entry.tolist()
    assert [keys[at] for at in problem.start_place] == ["D1", "D1"]
    assert problem.start_place.tolist() == problem.end_place.tolist()


def test_what_is_left_out_costs_by_its_kilograms(morning: Workload) -> None:
    """Twice the load is worth more; the vehicle it had before is preferred to others."""
    costs = morning.problem.drop_cost.tolist()
    assert costs == [drop_cost(duty) for duty in morning.duties]
    assert costs[0] == costs[2] > costs[1] == costs[3]


def test_the_truck_that_came_before(town: Town) -> None:
    """C2 was G2's, C3 that of a truck that is not there today."""
    duties = pickups(town, "collect_am", "residual")
    work = built(town, duties, "G1", "G2", preferred={"C2": "G2", "C3": "G9"})
    assert work.problem.preferred.tolist() == [-1, 1, -1, -1]


def test_a_small_problem_solved_ends_empty(morning: Workload) -> None:
    """All four stops by two trucks: no trip above a payload, C4 by G2, and nothing on board."""
    result = solve(morning.problem, MaxIterations(300), 1)
    assert result.solution.dropped == ()
    tasks: list[int] = []
    for route in result.solution.routes:
        aboard_kg = 0
        for step in route.steps:
            if isinstance(step, Serve):
                tasks.append(step.task)
                aboard_kg += morning.duties[step.task].load_kg
                assert aboard_kg <= morning.problem.capacity[route.vehicle, 0]
                assert step.task != 3 or morning.vehicles[route.vehicle].id == "G2"
            elif isinstance(step, Restore):
                aboard_kg = 0
        assert aboard_kg == 0
    assert sorted(tasks) == [0, 1, 2, 3]
    assert evaluate(morning.problem, result.solution).cost > 0


# Hook-lifts.


def test_a_haul_ends_at_its_terminal(town: Town) -> None:
    """It begins at TS1, takes 900 s to hook, the way and the tipping, and ends at E1 or E2."""
    ground = town[1]
    work = built(town, hauls(town), "H1", "H2")
    assert [duty.id for duty in work.duties] == [
        f"haul/haul_early/TS1/{stream}/r1" for stream in ("kitchen", "residual")
    ]
    places = [int(place) for place in work.places]
    problem = work.problem
    at = {name: places.index(ground.place[name]) for name in ("TS1", "E1", "E2", "D1", "D2")}
    assert problem.mode_entry.tolist() == [at["TS1"]] * 2
    assert problem.mode_exit.tolist() == [at["E2"], at["E1"]]
    # A hook-lift's stop takes no time of its own.
    assert problem.service_s.tolist() == [[900 + 1800 + 900], [900 + 1200 + 600]]
    # By the table from TS1 to E1 and back, from E2 to D2.
    assert problem.time_s[at["E1"], at["TS1"]] == 1200
    assert problem.time_s[at["E2"], at["D2"]] == 1980
    assert problem.dist_m[at["E1"], at["D1"]] == 13_200
    assert problem.start_place.tolist() == [at["D1"], at["D2"]]


def test_hook_lifts_carry_no_load_from_stop_to_stop(town: Town) -> None:
    """One container at a time, tipped at the end of each duty; one truck fewer is worth 1.5 h."""
    work = built(town, hauls(town), "H1", "H2")
    problem = work.problem
    assert (problem.demand.shape, problem.capacity.shape) == ((2, 0), (2, 0))
    assert (work.visits, work.loaded, problem.must_end_restored) == ((), False, False)
    assert AT_HOME_S["haul"] == 5400
    assert problem.fixed_cost.tolist() == [5400, 5400]
    assert problem.target_s.tolist() == [[0, NO_LIMIT]] * 2


def test_one_hook_lift_does_both(town: Town) -> None:
    """Two hours and a half of work in one run are cheaper than a second truck."""
    work = built(town, hauls(town), "H1", "H2")
    result = solve(work.problem, MaxIterations(200), 1)
    assert result.solution.dropped == ()
    assert len(result.solution.routes) == 1
