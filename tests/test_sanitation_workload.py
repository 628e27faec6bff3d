"""Duties as a routing problem: indices, windows, litres, visits, and chains along streets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from minidistrict import write_minidistrict

from fleet.model import Shift, VehicleType
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.ground import Ground, read_ground
from sanitation.model import District, Duty, Window
from sanitation.streetchains import street_chains
from sanitation.workload import (
    Visit,
    Workload,
    build_workload,
    dirty_l,
    drop_cost,
    fill_s,
    queue_reserve_s,
    service_s,
    visits_for,
    water_l,
)


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[District, Ground]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        district = read_district(write_minidistrict(tmp_path_factory.mktemp("workload") / "mini"))
        yield district, read_ground(district)


@pytest.fixture(scope="module")
def district(mini: tuple[District, Ground]) -> District:
    return mini[0]


@pytest.fixture(scope="module")
def ground(mini: tuple[District, Ground]) -> Ground:
    return mini[1]


def kind_of(district: District, type_id: str) -> VehicleType:
    return next(kind for kind in district.vehicle_types if kind.id == type_id)


def duties(district: District, ground: Ground, service: str, shift: str) -> tuple[Duty, ...]:
    """What is due on a warm plain day."""
    found, _ = duties_of(district, conditions_of("2026-07-15", district), ground.sections)
    return tuple(duty for duty in found if (duty.service, duty.shift_id) == (service, shift))


def work(
    district: District, ground: Ground, service: str = "wash", shift: str = "day", **wishes: Any
) -> Workload:
    kind = "sprinkler" if service == "sprinkle" else "washer"
    trucks = [vehicle for vehicle in district.vehicles if vehicle.type_id == kind]
    return build_workload(
        district, ground, duties(district, ground, service, shift), trucks, **wishes
    )


def test_indices_mean_duties_vehicles_and_places(district: District, ground: Ground) -> None:
    """Task i is duties[i], slot v is vehicles[v], by id, in whatever order they are given."""
    given = duties(district, ground, "wash", "day")[::-1]
    trucks = [vehicle for vehicle in district.vehicles if vehicle.type_id == "washer"][::-1]
    workload = build_workload(district, ground, given, trucks)
    problem = workload.problem
    assert (workload.service, workload.shift_id) == ("wash", "day")
    assert [duty.id for duty in workload.duties] == sorted(duty.id for duty in given)
    assert [vehicle.id for vehicle in workload.vehicles] == ["W1", "W2", "W3"]
    place = workload.places
    for task, duty in enumerate(workload.duties):
        assert place[problem.mode_entry[task]] == ground.place[duty.section_id]
        assert place[problem.mode_exit[task]] == ground.place[duty.section_id]
    for ends in (problem.start_place, problem.end_place):
        assert place[ends].tolist() == [ground.place[key] for key in ("D1", "D1", "D2")]
    assert (problem.time_s == ground.time_s[place][:, place]).all()
    assert (problem.dist_m == ground.dist_m[place][:, place]).all()
    assert place[problem.restore_in].tolist() == [ground.place["X1"]] * 2
    assert place[problem.restore_out].tolist() == [ground.place["F1"], ground.place["F2"]]


def test_windows_end_before_the_reserve_for_queues(district: District, ground: Ground) -> None:
    """Of the morning's 9000 s 7 % are 630 s: windows and returns until 43,200 - 630 s."""
    workload = work(district, ground, "sprinkle", "sprinkle_am")
    assert workload.problem.window_s.tolist() == [[[34_200, 42_570]]] * 12
    assert workload.problem.shift_s.tolist() == [[34_200, 42_570]] * 2
    assert workload.latest_s.tolist() == [43_200] * 2


def test_the_reserve_has_a_limit(district: District, ground: Ground) -> None:
    """7 % of the day's 27,000 s would be 1890 s; 1500 s are enough. Without visits none is kept.

    The day's two rounds of grade 1 have a window each, the second from 45,900 s on: it opens and
    ends 1500 s early, the first does not open before the shift.
    """
    workload = work(district, ground)
    ends = {tuple(row[0]) for row in workload.problem.window_s.tolist()}
    assert ends == {(32_400, 44_400), (44_400, 57_900), (32_400, 57_900)}
    shift = Shift("s", "", "", 0, 10_000, 0)
    assert queue_reserve_s(shift, True) == 700
    assert queue_reserve_s(shift, False) == 0


def test_dry_work_has_no_water_no_visits_and_no_reserve(district: District, ground: Ground) -> None:
    """Sweeping takes nothing of any tank and may use the whole shift."""
    swept = [
        replace(duty, service="sweep", id=duty.id.replace("wash", "sweep"))
        for duty in duties(district, ground, "wash", "night")
    ]
    workload = build_workload(district, ground, swept, district.vehicles[2:4])
    problem = workload.problem
    assert workload.visits == ()
    assert problem.demand.shape == (28, 0)
    assert problem.capacity.shape == (2, 0)
    assert problem.shift_s.tolist() == [[-5400, 23_400]] * 2
    assert problem.window_s.tolist() == [[[-5400, 23_400]]] * 28


def test_duties_with_fewer_windows_repeat_the_last(district: District, ground: Ground) -> None:
    """Three windows, two and one: the last one counts again, which changes nothing.

    Of the shift's 10,800 s 756 s are the reserve: windows open and end so much earlier, but do
    not open before 48,600 s, nor end before they really open.
    """
    first, second, third = duties(district, ground, "sprinkle", "sprinkle_pm")[:3]
    short = replace(third, windows=(Window(58_000, 58_700),))
    two = Window(50_000, 52_000), Window(53_000, 58_000)
    given = (replace(first, windows=(Window(48_600, 49_500), *two)), replace(second, windows=two))
    workload = build_workload(district, ground, (*given, short), district.vehicles[:1])
    assert workload.problem.window_s.tolist() == [
        [[48_600, 48_744], [49_244, 51_244], [52_244, 57_244]],
        [[49_244, 51_244], [52_244, 57_244], [52_244, 57_244]],
        [[57_244, 58_000]] * 3,
    ]


def test_overtime_pins_and_preferences(district: District, ground: Ground) -> None:
    """An hour more for W1 only, of the shift and of the run; sections become slots of vehicles."""
    workload = work(
        district,
        ground,
        overtime_s={"W1": 3600},
        pinned={"R6-01F": "W3"},
        preferred={"R5-02B": "W2", "R6-02F": "W9"},
    )
    problem = workload.problem
    assert workload.latest_s.tolist() == [63_000, 59_400, 59_400]
    assert problem.shift_s.tolist() == [[32_400, 61_500], [32_400, 57_900], [32_400, 57_900]]
    assert problem.max_s.tolist() == workload.longest_s.tolist() == [32_400, 28_800, 28_800]
    for task, duty in enumerate(workload.duties):
        assert problem.pinned[task] == (2 if duty.section_id == "R6-01F" else -1)
        assert problem.preferred[task] == (1 if duty.section_id == "R5-02B" else -1)


def test_passes_of_a_section_are_a_group(district: District, ground: Ground) -> None:
    """By day R2 has four passes a section, R6 two, R5 one: six groups, and R5 in none."""
    workload = work(district, ground)
    groups: dict[str, set[int]] = {}
    for task, duty in enumerate(workload.duties):
        groups.setdefault(duty.section_id, set()).add(int(workload.problem.group[task]))
    alone = {key: found for key, found in groups.items() if key.startswith("R5")}
    assert list(alone.values()) == [{-1}] * 4
    others = [found for key, found in groups.items() if key not in alone]
    assert all(len(found) == 1 for found in others)
    assert set.union(*others) == set(range(6))


def test_litres_and_seconds_follow_the_shift(district: District) -> None:
    """The pump gives 130 L a minute: 1.56 L/m at the night's 5 km/h, 0.975 L/m at 8 km/h."""
    washer, sprinkler = kind_of(district, "washer"), kind_of(district, "sprinkler")
    assert water_l(washer, "wash", "night", 400) == 624
    assert water_l(washer, "wash", "day", 400) == 390
    assert water_l(washer, "sweep", "night", 400) == 0
    assert water_l(sprinkler, "sprinkle", "sprinkle_am", 400) == 864
    assert (dirty_l(washer, 624), dirty_l(sprinkler, 864)) == (468, 0)
    assert service_s(washer, "wash", "night", 400) == 288
    assert service_s(washer, "wash", "day", 400) == 180
    assert service_s(sprinkler, "sprinkle", "sprinkle_am", 400) == 96
    assert service_s(sprinkler, "sprinkle", "sprinkle_am", 401) == 97  # 96.24 s


@pytest.mark.parametrize(
    ("service", "shift", "demand", "took_s", "capacity"),
    [
        ("wash", "night", [624, 468], 288, [9000, 7500]),
        ("wash", "day", [390, 292], 180, [9000, 7500]),
        ("sprinkle", "sprinkle_am", [864], 96, [10_000]),
    ],
)
def test_demand_by_shift(
    district: District,
    ground: Ground,
    service: str,
    shift: str,
    demand: list[int],
    took_s: int,
    capacity: list[int],
) -> None:
    """Every pass of 400 m takes clean water and, for washers, room in the dirty tank."""
    problem = work(district, ground, service, shift).problem
    assert problem.demand.tolist() == [demand] * problem.tasks
    assert problem.service_s.tolist() == [[took_s]] * problem.tasks
    assert problem.service_m.tolist() == [400] * problem.tasks
    assert problem.capacity.tolist() == [capacity] * problem.vehicles


def test_visits_of_sprinklers(district: District, ground: Ground) -> None:
    """One for each fill point: 180 s to connect and 10,000 L at 16 L/s or at 9 L/s."""
    assert visits_for(district, ground, kind_of(district, "sprinkler")) == (
        Visit("", "F1", 0, 0, 0, 180 + 625),
        Visit("", "F2", 0, 0, 0, 180 + 1112),
    )
    assert fill_s(district.fill_points[1], 9000) == 180 + 1000


def test_visits_of_washers(district: District, ground: Ground) -> None:
    """X1 first, then on: 400 m down R6 and 400 m of R2 to F1, 48 + 42 + 5 s for the turn."""
    to_f1, to_f2 = visits_for(district, ground, kind_of(district, "washer"))
    assert to_f1 == Visit("X1", "F1", 600, 95, 800, 180 + 563)
    assert to_f1.total_s == 600 + 95 + 743
    assert (to_f2.dump, to_f2.fill, to_f2.between_m) == ("X1", "F2", 1600)
    problem = work(district, ground).problem
    assert problem.restore_s.tolist() == [to_f1.total_s, to_f2.total_s]
    assert problem.restore_m.tolist() == [800, 1600]


def test_the_way_inside_a_visit_is_from_dump_to_fill(district: District, ground: Ground) -> None:
    """R6 is one-way: from its south end to its north end it is 1600 m, the other way 800 m."""
    kind, at = kind_of(district, "washer"), ground.place
    up = replace(ground, place={**at, "X1": at["D2"], "F1": at["X1"]})
    down = replace(ground, place={**at, "F1": at["D2"]})
    ups, downs = (visits_for(district, way, kind)[0] for way in (up, down))
    assert (ups.between_m, downs.between_m) == (1600, 800)
    assert (ups.between_s, downs.between_s) == (251, 96)


def test_only_the_nearest_dump_points_are_visited(district: District, ground: Ground) -> None:
    """Of four the three nearest to F1 in time, ties by id: 42 s from D1, 95 s from X1, 126 s no."""
    here = {"X4": "D1", "X2": "D1", "X3": "D2"}
    many = [district.dump_points[0]]
    many += [replace(many[0], id=key, service_s=60) for key in here]
    place = {**ground.place, **{key: ground.place[at] for key, at in here.items()}}
    visits = visits_for(
        replace(district, dump_points=tuple(many)),
        replace(ground, place=place),
        kind_of(district, "washer"),
    )
    to_f1 = [(visit.dump, visit.between_s, visit.dump_s) for visit in visits if visit.fill == "F1"]
    assert to_f1 == [("X2", 42, 60), ("X4", 42, 60), ("X1", 95, 600)]
    assert len(visits) == 6


def test_what_is_left_out_last(district: District, ground: Ground) -> None:
    """Priority counts more than length, and any of them more than a shift's detour."""
    duty = duties(district, ground, "wash", "night")[0]
    short, urgent = replace(duty, length_m=200), replace(duty, length_m=300, priority=48)
    assert drop_cost(duty) == (30_000 + 24_000) * (4 + 25)
    assert drop_cost(short) < drop_cost(duty) < drop_cost(urgent)
    costs = work(district, ground, "wash", "night")
    assert costs.problem.drop_cost.tolist() == [drop_cost(duty) for duty in costs.duties]


def test_chains_of_the_small_district(district: District, ground: Ground) -> None:
    """Two sections of 400 m a direction: fourteen chains of two by night, each a street driven on.

    Backwards the second section comes first.
    """
    workload = work(district, ground, "wash", "night")
    chains = street_chains(workload, ground)
    assert chains == tuple(sorted(chains))
    assert Counter(t for chain in chains for t in chain) == Counter(range(28))
    named = {tuple(workload.duties[t].id[11:] for t in chain) for chain in chains}
    assert ("R1-01F/r1p1", "R1-02F/r1p1") in named
    assert ("R1-02B/r1p1", "R1-01B/r1p1") in named
    assert ("R2-01F/r1p2", "R2-02F/r1p2") in named
    assert len(chains) == 14
    tails, heads = ground.network.tail, ground.network.head
    for chain in chains:
        before, after = (ground.by_id[workload.duties[t].section_id].arcs for t in chain)
        assert heads[before[-1]] == tails[after[0]]


@pytest.mark.parametrize(
    "change",
    [
        {"round_no": 2},
        {"pass_no": 2},
        {"road_id": "R9"},
        {"windows": (Window(-5400, 20_000),)},
    ],
)
def test_what_is_not_alike_is_not_in_one_chain(
    district: District, ground: Ground, change: dict[str, Any]
) -> None:
    """Another round, pass, road or window: R1's first section is not joined with its second."""
    both = [d for d in duties(district, ground, "wash", "night") if d.section_id[-1] == "F"][:2]
    assert [duty.section_id for duty in both] == ["R1-01F", "R1-02F"]

    def chains(second: Duty) -> tuple[tuple[int, ...], ...]:
        given = (both[0], second)
        return street_chains(
            build_workload(district, ground, given, district.vehicles[2:3]), ground
        )

    assert chains(both[1]) == ((0, 1),)
    assert chains(replace(both[1], **change)) == ((0,), (1,))


@pytest.mark.parametrize("wish", ["pinned", "preferred"])
def test_wishes_part_chains(district: District, ground: Ground, wish: str) -> None:
    """A section pinned to a truck, or done by one before, is not joined with one that is not."""
    workload = work(district, ground, "wash", "night", **{wish: {"R1-02F": "W2"}})
    single = [chain for chain in street_chains(workload, ground) if len(chain) == 1]
    assert {workload.duties[chain[0]].section_id for chain in single} == {"R1-01F", "R1-02F"}


def straight(
    lengths_m: Sequence[int], *, gap_after: int = -1, tank: tuple[int, int] = (100_000, 1)
) -> tuple[Any, Any]:
    """One road, section k from node k to node k + 1, all alike; what street_chains looks at.

    After section ``gap_after`` the next begins elsewhere. ``tank``: its litres and those a metre
    takes.
    """
    count = len(lengths_m)
    head = np.arange(1, count + 1)
    head[gap_after] = 99
    ids = [f"L-{k:02d}F" for k in range(count)]
    ground = SimpleNamespace(
        network=SimpleNamespace(tail=np.arange(count), head=head),
        by_id={key: SimpleNamespace(direction="forward", arcs=(k,)) for k, key in enumerate(ids)},
    )
    duty = Duty("", "wash", "night", "", "L", 1, 1, 1, 0, (Window(0, 9),), 1)
    litres, rate = tank
    metres = np.array(lengths_m, dtype=np.int32)
    workload = SimpleNamespace(
        duties=tuple(
            replace(duty, id=key, section_id=key, length_m=m)
            for key, m in zip(ids, lengths_m, strict=True)
        ),
        problem=SimpleNamespace(
            pinned=np.full(count, -1),
            preferred=np.full(count, -1),
            service_m=metres,
            demand=np.stack([metres * rate, metres * 0], axis=1),
            capacity=np.array([[litres, litres], [2 * litres, litres]]),
        ),
    )
    return workload, ground


@pytest.mark.parametrize(
    ("lengths_m", "parts"),
    [
        ([400] * 6, [6]),  # 2400 m, just allowed
        ([400] * 7, [3, 4]),  # 2800 m: 1200 + 1600 m, not 2400 + 400 m
        ([400] * 13, [4, 5, 4]),  # 5200 m in three
        ([*[300] * 5, 1500], [5, 1]),  # by length, not by number: 1500 m each
        ([3000], [1]),  # a section is never cut
    ],
)
def test_long_rows_are_cut_evenly(lengths_m: list[int], parts: list[int]) -> None:
    """The fewest parts of at most 2400 m, about equally long, each section in exactly one."""
    chains = street_chains(*straight(lengths_m))
    assert [len(chain) for chain in chains] == parts
    assert [task for chain in chains for task in chain] == list(range(len(lengths_m)))
    assert all(len(c) == 1 or sum(lengths_m[t] for t in c) <= 2400 for c in chains)


def test_a_chain_uses_a_quarter_of_a_tank_at_most() -> None:
    """4000 L of the smaller truck at 1 L/m: 1000 m, so 2800 m make three parts, not two."""
    chains = street_chains(*straight([400] * 7, tank=(4000, 1)))
    assert chains == ((0, 1), (2, 3, 4), (5, 6))
    chains = street_chains(*straight([400] * 7, tank=(8000, 2)))
    assert len(chains) == 3


def test_a_row_ends_where_the_street_does() -> None:
    """Section 2 does not lead to section 3: two chains, though both are of one road."""
    assert street_chains(*straight([400] * 6, gap_after=2)) == ((0, 1, 2), (3, 4, 5))
