"""Which vehicles go out for a service and shift, on the mini district with hand-made loads.

A night pass of 400 m is 288 s at 5 km/h and 20 s to the next one; its 624 L are 624/9,000 of a
visit, which takes 600 s at X1, 95 s from there to F1, 180 s + 9,000/16 L/s = 743 s at F1 and
360 s of detour: 1,798 s. So 100 passes are 30,800 s + 6.933 x 1,798 s = 43,266 s.

Of the night's 8 h a truck has 28,800 - 1,200 (rest) - 1,500 (queues) + 1,798 s (the first visit
is done before the shift) = 27,898 s, at 0.85 of it 23,713 s.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from minidistrict import write_minidistrict

from fleet.model import Vehicle
from sanitation.district import read_district
from sanitation.ground import Ground, read_ground
from sanitation.jobs import Job, Memory, share_out
from sanitation.model import District, Duty, Window

Town = tuple[District, Ground]
WINDOWS = {
    ("wash", "night"): Window(-5400, 23_400),
    ("wash", "day"): Window(32_400, 59_400),
    ("sweep", "night"): Window(-5400, 23_400),
    ("sprinkle", "sprinkle_am"): Window(34_200, 43_200),
}
NIGHT = ("wash", "night")
BY_D1, BY_D2 = ("R2-01F", "R4-02F"), ("R3-02B",)  # they begin at node 4, and at node 9


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("jobs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_minidistrict(folder / "mini"))
        return district, read_ground(district)


def passes(
    count: int, *sections: str, key: tuple[str, str] = NIGHT, length_m: int = 400
) -> tuple[Duty, ...]:
    """So many passes, the sections in turn."""
    found = []
    for number in range(count):
        section = sections[number % len(sections)]
        name = "/".join((*key, section, f"r1p{number + 1}"))
        windows = (WINDOWS[key],)
        found.append(Duty(name, *key, section, section[:2], 1, number + 1, 1, length_m, windows, 1))
    return tuple(found)


def share(
    town: Town,
    duties: tuple[Duty, ...],
    *ids: str,
    caps: dict[str, int] | None = None,
    memory: Memory | None = None,
) -> tuple[Job, ...]:
    """The jobs with the named vehicles at hand."""
    vehicles = tuple(vehicle for vehicle in town[0].vehicles if vehicle.id in ids)
    return share_out(*town, duties, vehicles, caps or {}, memory or {})


def out_of(job: Job) -> list[str]:
    return [vehicle.id for vehicle in job.vehicles]


def test_one_truck_is_enough(town: Town) -> None:
    """28 passes are 12,115 s of 23,713: one truck, the lowest id, though three are there."""
    (job,) = share(town, passes(28, *BY_D1), "W1", "W2", "W3")
    assert job.key == NIGHT
    assert job.duties == passes(28, *BY_D1)
    assert out_of(job) == ["W1"]
    assert job.shortfall_s == 0
    assert job.note.status == "optimal"


def test_two_trucks_for_more_work(town: Town) -> None:
    """100 passes are 43,266 s: above 23,713 s of one truck, below 47,427 s of two."""
    (job,) = share(town, passes(100, *BY_D1), "W1", "W2", "W3")
    assert len(job.vehicles) == 2
    assert job.shortfall_s == 0


def test_the_bound_of_one_truck(town: Town) -> None:
    """Beside D1 there is no way out: 54 passes (23,364 s) are one truck's, 55 (23,797 s) two's."""
    (one,) = share(town, passes(54, "R2-01F"), "W1", "W2")
    (two,) = share(town, passes(55, "R2-01F"), "W1", "W2")
    assert (out_of(one), out_of(two)) == (["W1"], ["W1", "W2"])


def test_the_day_is_quicker_and_shorter(town: Town) -> None:
    """By day a pass is 180 + 20 s and 390/9,000 of 1,798 s: 277.9 s; 7.5 h are 26,098 s usable.

    At 0.85 that is 22,183 s: 79 passes (21,955 s) for one truck, 80 (22,233 s) for two.
    """
    key = ("wash", "day")
    (one,) = share(town, passes(79, "R2-01F", key=key), "W1", "W2")
    (two,) = share(town, passes(80, "R2-01F", key=key), "W1", "W2")
    assert (len(one.vehicles), len(two.vehicles)) == (1, 2)


def test_a_sweep_needs_no_water(town: Town) -> None:
    """200 s a pass, no visit and no queue: 27,600 s x 0.9 are 124 passes of one truck."""
    key = ("sweep", "night")
    (one,) = share(town, passes(124, "R2-01F", key=key), "W1", "W2")
    (two,) = share(town, passes(125, "R2-01F", key=key), "W1", "W2")
    assert (len(one.vehicles), len(two.vehicles)) == (1, 2)


def test_trucks_of_the_depot_nearby(town: Town) -> None:
    """Work that begins at node 4 is D1's, at node 9 D2's."""
    (west,) = share(town, passes(28, *BY_D1), "W1", "W3")
    (east,) = share(town, passes(28, *BY_D2), "W1", "W3")
    assert (out_of(west), out_of(east)) == (["W1"], ["W3"])


def test_who_did_it_before_goes_out_again(town: Town) -> None:
    """W2 washed the night before: it goes out in the place of W1, whatever it did there."""
    (job,) = share(town, passes(28, *BY_D1), "W1", "W2", memory={NIGHT: {"W2": ()}})
    assert out_of(job) == ["W2"]


def test_a_memory_of_another_shift(town: Town) -> None:
    """Who washed by day is none of the night's business."""
    memory = {("wash", "day"): {"W2": ("x",)}}
    (job,) = share(town, passes(28, *BY_D1), "W1", "W2", memory=memory)
    assert out_of(job) == ["W1"]


def test_a_remembered_truck_and_another(town: Town) -> None:
    """Of three trucks two go out: W3 of before and the lowest id; listed by id."""
    district, ground = town
    here = tuple(replace(v, depot_id="D1") for v in district.vehicles if v.type_id == "washer")
    memory = {NIGHT: {"W3": ("x",)}}
    (job,) = share_out(district, ground, passes(100, *BY_D1), here[::-1], {}, memory)
    assert out_of(job) == ["W1", "W3"]


def test_a_remembered_truck_that_is_off(town: Town) -> None:
    """Memory sends out nobody who is not at hand."""
    (job,) = share(town, passes(28, *BY_D1), "W1", memory={NIGHT: {"W2": ("x",)}})
    assert out_of(job) == ["W1"]


def test_a_cap_keeps_trucks_at_home(town: Town) -> None:
    """One washer at most: 43,266 s of work and no way there are 27,898 s and 15,368 too many."""
    (job,) = share(town, passes(100, "R2-01F"), "W1", "W2", caps={"washer": 1})
    assert out_of(job) == ["W1"]
    assert job.shortfall_s == 43_266 - 27_898


def test_a_cap_of_another_type(town: Town) -> None:
    """A cap on sprinklers is none on washers."""
    (job,) = share(town, passes(100, "R2-01F"), "W1", "W2", caps={"sprinkler": 0})
    assert out_of(job) == ["W1", "W2"]


def test_no_truck_at_all(town: Town) -> None:
    """Nobody goes out, the job is still there with its duties, and all of its work is missing."""
    for ids, caps in (((), {}), (("S1",), {}), (("W1",), {"washer": 0})):
        (job,) = share(town, passes(100, "R2-01F"), *ids, caps=caps)
        assert out_of(job) == []
        assert len(job.duties) == 100
        assert job.shortfall_s == 43_266


def test_a_full_shift_before_a_shortfall(town: Town) -> None:
    """64 passes are 27,690 s: above 0.85 of the night, below all of it: one truck takes them."""
    (job,) = share(town, passes(64, "R2-01F"), "W1")
    assert job.shortfall_s == 0
    (job,) = share(town, passes(65, "R2-01F"), "W1")
    assert job.shortfall_s == 28_123 - 27_898


def test_the_way_there_counts(town: Town) -> None:
    """R1-02B is 242 s from D1: 54 passes and the way there and back, 23,848 s, are two trucks'."""
    ground = town[1]
    assert ground.time_s[ground.place["D1"], ground.place["R1-02B"]] == 242
    (job,) = share(town, passes(54, "R1-02B"), "W1", "W2")
    assert len(job.vehicles) == 2


def test_jobs_by_service_and_shift(town: Town) -> None:
    """Each service and shift is a job with its own duties and the trucks that can do it."""
    am = ("sprinkle", "sprinkle_am")
    duties = {key: passes(6, "R2-01F", "R2-02F", key=key) for key in (NIGHT, ("wash", "day"), am)}
    everything = tuple(duty for found in duties.values() for duty in found)
    jobs = share(town, everything[::-1], "W1", "S1", "S2")
    assert {job.key: set(job.duties) for job in jobs} == {k: set(d) for k, d in duties.items()}
    assert len(jobs) == 3
    assert {job.key: out_of(job) for job in jobs} == {
        am: ["S1"],
        ("wash", "day"): ["W1"],
        NIGHT: ["W1"],
    }


@pytest.mark.parametrize(
    ("start_s", "fit"),
    [
        (23_400 - 14_400, 28),  # 14,400 - 1,500 + 1,798 = 14,698, x 0.85 = 12,493; a pass is 432.7
        (23_400 - 14_401, 26),  # a second more and there is a rest: 13,499, x 0.85 = 11,474
    ],
)
def test_a_window_shorter_than_the_shift(town: Town, start_s: int, fit: int) -> None:
    """The last four hours of the night: one truck does 28 passes; with a rest in them 26."""

    def late(count: int) -> tuple[Duty, ...]:
        windows = (Window(start_s, 23_400),)
        return tuple(replace(duty, windows=windows) for duty in passes(count, "R2-01F"))

    (one,) = share(town, late(fit), "W1", "W2")
    (two,) = share(town, late(fit + 1), "W1", "W2")
    assert (len(one.vehicles), len(two.vehicles)) == (1, 2)


def test_the_order_of_the_fleet_list_is_no_matter(town: Town) -> None:
    """The same trucks in any order: the same jobs."""
    district, ground = town
    vehicles: tuple[Vehicle, ...] = district.vehicles
    duties = passes(100, *BY_D1)
    there = share_out(district, ground, duties, vehicles, {}, {})
    back = share_out(district, ground, duties, vehicles[::-1], {}, {})
    assert there == back


SWEEP = ("sweep", "night")


def by_key(jobs: tuple[Job, ...]) -> dict[tuple[str, str], list[str]]:
    return {job.key: out_of(job) for job in jobs}


def test_one_truck_is_promised_once(town: Town) -> None:
    """W1 washes at night, so W2 sweeps, though it was W1 before; by day W1 is free again."""
    day = passes(6, "R2-01F", key=("wash", "day"))
    duties = passes(10, "R2-01F", key=SWEEP) + passes(28, "R2-01F") + day
    jobs = share(town, duties, "W1", "W2", memory={SWEEP: {"W1": ("x",)}})
    assert [job.key for job in jobs] == [SWEEP, ("wash", "day"), NIGHT]
    assert by_key(jobs) == {SWEEP: ["W2"], ("wash", "day"): ["W1"], NIGHT: ["W1"]}


def test_washing_comes_before_sweeping(town: Town) -> None:
    """One truck at hand, or one allowed: it washes, and the 10 x 200 s of sweeping are missing."""
    duties = passes(10, "R2-01F", key=SWEEP) + passes(28, "R2-01F")
    for ids, caps in ((("W1",), {}), (("W1", "W2"), {"washer": 1})):
        jobs = share(town, duties, *ids, caps=caps)
        assert by_key(jobs) == {SWEEP: [], NIGHT: ["W1"]}
        assert {job.key: job.shortfall_s for job in jobs} == {SWEEP: 2000, NIGHT: 0}


def test_a_service_at_another_time_takes_nobody(town: Town) -> None:
    """The wash by day begins after the night's sweep: W1 does both."""
    duties = passes(10, "R2-01F", key=SWEEP) + passes(6, "R2-01F", key=("wash", "day"))
    assert by_key(share(town, duties, "W1", "W2")) == {SWEEP: ["W1"], ("wash", "day"): ["W1"]}


def test_a_window_shorter_than_the_reserve_for_queues(town: Town) -> None:
    """335 s in a shift of 8 h, whose reserve is 1,500 s, and 1,165 s saved by the first fill.

    A pass of 96 + 20 + 0.0864 x 1,165 = 217 s is one truck's, which meets no queue; two of them,
    433 s, are 98 s too many.
    """
    district, ground = town
    key = ("sprinkle", "sprinkle_am")
    long = tuple(
        replace(shift, start_s=32_400, end_s=61_200) if shift.id == key[1] else shift
        for shift in district.shifts
    )
    brief = (Window(36_000, 36_335),)
    two = tuple(replace(duty, windows=brief) for duty in passes(2, "R2-01F", key=key))
    for duties, missing_s in ((two[:1], 0), (two, 98)):
        (job,) = share((replace(district, shifts=long), ground), duties, "S1")
        assert (out_of(job), job.shortfall_s) == (["S1"], missing_s)
