"""Which trucks go out for collection and haulage, on the small district with waste.

A stop of residual waste at C1 takes 1,320 s and 90 s to the next one; a load of 1,400 kg is
1,400/3,000 of a compactor's visit, which takes 600 s and 360 s of detour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from wastedistrict import WEDNESDAY

from fleet.model import Vehicle
from sanitation import jobs
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul, haul_duty
from sanitation.ground import Ground
from sanitation.jobs import Job, _at_once, _smaller, _works, share_out
from sanitation.model import District, Duty, Window

H = 3600
Town = tuple[District, Ground]
COLLECT = ("collect", "collect_am")


def residual(town: Town) -> tuple[Duty, ...]:
    """C1 to C4 in the morning; C4 is narrow."""
    due = pickups_of(town[0], WEDNESDAY)
    return tuple(pickup.duty(COLLECT[1]) for pickup in due if pickup.stream == "residual")


def haul(town: Town, station: str, stream: str, kg: int, ready_s: int) -> Duty:
    shift = next(shift for shift in town[0].shifts if shift.id == "haul_early")
    duty = haul_duty(town[0], Haul(station, stream, 1, kg, ready_s, 24 * H), shift)
    assert duty is not None
    return duty


def out_of(found: Sequence[Job]) -> dict[tuple[str, str], list[str]]:
    return {job.key: [vehicle.id for vehicle in job.vehicles] for job in found}


def test_one_part_for_each_kind_of_truck(town: Town) -> None:
    """C1, C2 and C3 are the compactor's, or else the small truck's; C4 is the small truck's alone.

    3 stops are 2 x 1,320 + 720 + 3 x 90 = 3,630 s and 3,500/3,000 of 960 s, 1,120 s; C4 is 810 s
    and 700/1,500 of 960 s, 448 s.
    """
    wide, narrow = _works(*town, COLLECT, residual(town))
    assert (wide.types, narrow.types) == (("compactor", "small_truck"), ("small_truck",))
    assert (wide.shift_id, narrow.shift_id) == ("collect_am/compactor", "collect_am/small_truck")
    assert (wide.total_s, narrow.total_s) == (3630 + 1120, 810 + 448)
    assert (wide.start_s, wide.end_s) == (9 * H, 11 * H + 1800)


def test_streets_are_one_part(town: Town) -> None:
    """A job of passes is not cut by kinds of truck, and keeps the shift's name."""
    windows = (Window(-5400, 23_400),)
    one = Duty("d", "wash", "night", "R2-01F", "R2", 1, 1, 1, 400, windows, 1)
    (work,) = _works(*town, ("wash", "night"), [one])
    assert (work.shift_id, work.types) == ("night", ("washer",))


def test_both_kinds_go_out(town: Town) -> None:
    """The compactor for three communities and the small truck for the fourth, each once.

    Without the compactor the small truck is alone, without the small one the narrow lanes wait.
    """
    district, ground = town
    duties = residual(town)
    assert out_of(share_out(district, ground, duties, district.vehicles, {}, {})) == {
        COLLECT: ["G1", "G2"]
    }
    for gone, left in (("G1", ["G2"]), ("G2", ["G1"])):
        trucks = tuple(vehicle for vehicle in district.vehicles if vehicle.id != gone)
        assert out_of(share_out(district, ground, duties, trucks, {}, {})) == {COLLECT: left}


def test_no_truck_is_promised_to_both_parts(town: Town) -> None:
    """Two small trucks and no compactor: whatever the parts ask for, each goes out once."""
    district, ground = town
    more = Vehicle("G3", "", "small_truck", "D1", "in_service")
    trucks = (*(v for v in district.vehicles if v.id == "G2"), more)
    (job,) = share_out(district, ground, residual(town), trucks, {}, {})
    assert len({vehicle.id for vehicle in job.vehicles}) == len(job.vehicles) <= 2


def test_haulage_comes_after_collection(town: Town) -> None:
    """Hook-lifts are no collecting trucks: both jobs have their own."""
    district, ground = town
    duties = (*residual(town), haul(town, "TS1", "residual", 3000, 10 * H))
    found = out_of(share_out(district, ground, duties, district.vehicles, {}, {}))
    assert found[COLLECT] == ["G1", "G2"]
    assert len(found["haul", "haul_early"]) == 1


def test_hauls_at_the_same_time_need_two_hook_lifts(town: Town) -> None:
    """Both containers are ready at 10:30 and the shift ends at 13:00: one truck has time for one.

    Kitchen waste to E2 is 3,600 s, residual waste of TS2 to E1 3,000 s, and 2,400 s back each.
    The stations lie in one subdistrict, but each is a zone of its own: H1 is at D1, H2 at D2.
    """
    district, ground = town
    ready_s = 10 * H + 1800
    duties = (
        haul(town, "TS1", "kitchen", 2100, ready_s),
        haul(town, "TS2", "residual", 1400, ready_s),
    )
    key = ("haul", "haul_early")
    assert out_of(share_out(district, ground, duties, district.vehicles, {}, {})) == {
        key: ["H1", "H2"]
    }
    alone = out_of(share_out(district, ground, duties[:1], district.vehicles, {}, {}))
    assert len(alone[key]) == 1


def at(start_s: int, end_s: int, work_s: int) -> Duty:
    duty = Duty("h", "haul", "haul_early", "", "", 1, 0, 0, 0, (Window(start_s, end_s),), 1)
    return replace(duty, site_id="TS1", work_s=work_s)


def test_trucks_that_are_needed_at_once() -> None:
    """Work and the 2,400 s back over the time, and 2,400 s beyond it for the last way home."""
    assert jobs.HAUL_GAP_S == 2400
    assert _at_once([at(0, 5000, 2600)]) == pytest.approx(5000 / 7400)
    # Three of them in the same 5,000 s.
    assert _at_once([at(0, 5000, 2600)] * 3) == pytest.approx(15_000 / 7400)
    # One has all day: the two others are the worst.
    many = [at(0, 5000, 2600), at(0, 5000, 2600), at(0, 80_000, 2600)]
    assert _at_once(many) == pytest.approx(10_000 / 7400)
    # One after the other: 5,000 of 7,400 s, and 10,000 of 12,400 s taken together.
    assert _at_once([at(0, 5000, 2600), at(5000, 10_000, 2600)]) == pytest.approx(10_000 / 12_400)


def stops(*sites: str) -> list[Duty]:
    plain = at(0, 5000, 0)
    return [replace(plain, id=f"x/{site}", site_id=site) for site in sites]


def test_zones_in_smaller_parts() -> None:
    """Five sites in parts of two: by id, the last one alone; a zone with one is a part itself."""
    parts = _smaller({"A": stops("e", "b", "d", "a", "c"), "B": stops("z")}, 2)
    sites = {name: [duty.site_id for duty in inside] for name, inside in parts.items()}
    assert sites == {"A/0": ["a", "b"], "A/1": ["c", "d"], "A/2": ["e"], "B/0": ["z"]}


def test_parts_of_a_zone_are_of_a_few_sites(town: Town) -> None:
    """Up to eight communities, and one container: this is served from one depot."""
    (wide, _) = _works(*town, COLLECT, residual(town))
    assert [zone.id for zone in wide.zones] == ["120104001/0"]
    hauls = [haul(town, "TS1", stream, 2000, 0) for stream in ("residual", "recyclable")]
    (work,) = _works(*town, ("haul", "haul_early"), hauls)
    assert [zone.id for zone in work.zones] == ["120104001/0", "120104001/1"]
