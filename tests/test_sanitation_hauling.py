"""The haulage of a day on the waste district, shift by shift, with seconds by hand.

TS1 has 2,000 kg of residual waste and 1,000 kg of recyclables at 00:00; containers hold 3,000 kg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sanitation.duties.haulage import Haul, Inflow, hauls_of, opening_stock
from sanitation.ground import Ground
from sanitation.hauling import plan_hauls
from sanitation.jobs import Job
from sanitation.model import District, Duty
from sanitation.search import Searched

Town = tuple[District, Ground]
H, NEVER = 3600, 86_400


def searched(
    town: Town, hauls: Sequence[Haul], hooks: int = 99
) -> tuple[list[Job], tuple[Haul, ...]]:
    """The jobs that the search is asked for, shift by shift, and what fits into none."""
    district, ground = town
    trucks = [v for v in district.vehicles if v.type_id == "hooklift"]
    asked: list[Job] = []

    def search(jobs: tuple[Job, ...]) -> tuple[Searched, ...]:
        asked.extend(jobs)
        return ()

    found = plan_hauls(district, ground, hauls, trucks, {}, {}, search)
    asked += found.idle
    return asked, found.left


def planned(town: Town, hauls: Sequence[Haul]) -> tuple[list[Duty], tuple[Haul, ...]]:
    jobs, left = searched(town, hauls)
    return [duty for job in jobs for duty in job.duties], left


def test_hauls_go_into_the_first_shift_that_they_fit(town: Town) -> None:
    """Ready at 42,900 s: just done in the early shift, a second later in the late one.

    What is ready when E1 has closed fits in neither. Duties are sorted by id.
    """
    hauls = [
        Haul("TS2", "residual", 1, 3000, 72_000, NEVER),
        Haul("TS1", "residual", 2, 3000, 42_901, NEVER),
        Haul("TS1", "residual", 1, 3000, 42_900, NEVER),
    ]
    duties, left = planned(town, hauls)
    assert [duty.id for duty in duties] == [
        "haul/haul_early/TS1/residual/r1",
        "haul/haul_late/TS1/residual/r2",
    ]
    assert left == (hauls[0],)


def test_the_first_shift_is_the_earliest(town: Town) -> None:
    """The late shift is given the id that comes first, and other services have none of it."""
    district = town[0]
    shifts = tuple(
        replace(s, id="a_late") if s.id == "haul_late" else s for s in reversed(district.shifts)
    )
    hauls = [Haul("TS1", "residual", 1, 3000, 0, NEVER)]
    (duty,), _ = planned((replace(district, shifts=shifts), town[1]), hauls)
    assert duty.shift_id == "haul_early"
    others = tuple(s for s in district.shifts if "haul" not in s.services)
    assert planned((replace(district, shifts=others), town[1]), hauls) == ([], tuple(hauls))


WEDNESDAYS = (
    Inflow("TS1", "residual", 10 * H, 2100),
    Inflow("TS1", "kitchen", 11 * H, 2100),
    Inflow("TS2", "residual", 11 * H, 1400),
    Inflow("TS1", "recyclable", 12 * H, 1050),
    Inflow("TS1", "residual", 14 * H, 700),
)


def jobs_of(town: Town, *more: Inflow) -> tuple[dict[str, Job], tuple[Haul, ...]]:
    """Jobs by shift, of a Wednesday's inflows and more."""
    district, ground = town
    hauls = hauls_of(district, (*WEDNESDAYS, *more), opening_stock(district, None))
    jobs, left = searched((district, ground), hauls)
    assert all(job.key == ("haul", job.duties[0].shift_id) for job in jobs)
    return {job.key[1]: job for job in jobs}, left


def sizes(duties: tuple[Duty, ...]) -> dict[str, tuple[int, int, int]]:
    """Kilograms and hours of duties by the end of their ids."""
    return {
        duty.id.split("/", 2)[2]: (duty.load_kg, duty.windows[0].start_s, duty.windows[0].end_s)
        for duty in duties
    }


def test_the_jobs_of_a_day(town: Town) -> None:
    """2,000 + 2,100 kg at TS1: a full container at 10:00, the rest with the 700 kg of 14:00.

    Kitchen waste (2,100 kg) and TS2's residual waste (1,400) are all there at 11:00; 2,050 kg of
    recyclables may stay. Early trucks are back by 13:00: 1,200, 1,800 and 1,500 s from the
    terminal. Late ones: E1 closes at 20:00.
    """
    jobs, left = jobs_of(town)
    assert left == ()
    assert sizes(jobs["haul_early"].duties) == {
        "TS1/residual/r1": (3000, 10 * H, 13 * H - 1200),
        "TS1/kitchen/r1": (2100, 11 * H, 13 * H - 1800),
        "TS2/residual/r1": (1400, 11 * H, 13 * H - 1500),
    }
    assert sizes(jobs["haul_late"].duties) == {"TS1/residual/r2": (1800, 14 * H, 20 * H)}
    assert {len(job.vehicles) > 0 for job in jobs.values()} == {True}
    assert {v.type_id for job in jobs.values() for v in job.vehicles} == {"hooklift"}


def test_the_jobs_of_a_day_without_time_for_everything(town: Town) -> None:
    """Kitchen waste that comes at 17:00 is one second too late for E2 at 18:00, and is left.

    2,700 s of hook and way would end at 17:45, and 900 s of tipping after it.
    """
    jobs, left = jobs_of(town, Inflow("TS1", "kitchen", 17 * H + 1, 300))
    assert left == (Haul("TS1", "kitchen", 1, 2400, 17 * H + 1, NEVER),)
    assert "TS1/kitchen/r1" not in sizes(jobs["haul_early"].duties + jobs["haul_late"].duties)
    jobs, left = jobs_of(town, Inflow("TS1", "kitchen", 17 * H, 300))
    assert left == ()
    assert sizes(jobs["haul_late"].duties)["TS1/kitchen/r1"] == (2400, 17 * H, 18 * H)


def test_a_station_without_room_is_emptied_in_time(town: Town) -> None:
    """TS2 has one place, full with 3,000 kg at 11:30: it must be off when 500 kg more come.

    At 15:00 they change nothing, E1 - TS2 takes 1,500 s and the early shift ends at 13:00. At 12:00
    1,500 s of way and 600 s of tipping may follow. The 500 kg leave in the late shift.
    """
    full = Inflow("TS2", "residual", 11 * H + 1800, 1600)
    for more_s, last_s in ((15 * H, 13 * H - 1500), (12 * H, 12 * H + 2100)):
        jobs, left = jobs_of(town, full, Inflow("TS2", "residual", more_s, 500))
        assert left == ()
        early, late = (sizes(jobs[shift].duties) for shift in ("haul_early", "haul_late"))
        assert early["TS2/residual/r1"] == (3000, 41_400, last_s)
        assert late["TS2/residual/r2"] == (500, max(13 * H, more_s), 20 * H)


def test_what_an_early_shift_has_no_truck_for_is_the_late_ones(town: Town) -> None:
    """Without hook-lifts the early shift leaves both; the one that is due at 12:00 stays there."""
    hauls = [
        Haul("TS1", "residual", 1, 3000, 36_000, NEVER),
        Haul("TS2", "residual", 1, 3000, 36_000, 43_200),
    ]
    district, ground = town
    found = plan_hauls(district, ground, hauls, (), {}, {}, lambda jobs: ())
    assert found.moved == {"haul/haul_early/TS1/residual/r1"}
    left = [duty.id for job in found.idle for duty in job.duties if duty.id not in found.moved]
    assert left == ["haul/haul_early/TS2/residual/r1", "haul/haul_late/TS1/residual/r1"]
