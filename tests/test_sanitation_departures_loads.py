"""Loads through the day: what one group of runs leaves of room and containers to the next.

On the small district with waste, residual waste: C1 has 1,400 kg, C2 700, C3 1,400, C4 700.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from wastedistrict import WEDNESDAY

from fleet.model import SolveNote
from routes.solution import Restore, Route, Serve, Solution
from sanitation.bookings import Facilities, facilities_of
from sanitation.departures import _less, set_departures, without_room
from sanitation.disposal import without_stations
from sanitation.duties.collection import pickups_of
from sanitation.ground import Ground
from sanitation.jobs import Job
from sanitation.model import District, Duty
from sanitation.search import Searched
from sanitation.stopload import build_stop_workload
from sanitation.timing import Timeline, drive_all

NOTE = SolveNote("optimal", 0.0, 0.0, 0)
H = 3600
Town = tuple[District, Ground]


def only(district: District, *stations: str, throughput_t: float = 20.0) -> District:
    """The district with these stations open, and so much that each may take in a day."""
    closed = [station.id for station in district.stations if station.id not in stations]
    shut = without_stations(district, closed)
    posts = tuple(replace(s, throughput_t_day=throughput_t) for s in shut.stations)
    return replace(shut, stations=posts)


def stock(district: District, kg: int = 0) -> dict[tuple[str, str], int]:
    return {(row.station_id, row.stream): kg for row in district.station_streams}


def job(
    district: District, ground: Ground, shift: str, sites: Sequence[str], vehicle: str = "G1"
) -> Searched:
    """One truck takes residual waste at these sites, in one trip, to a station of its choice."""
    due = pickups_of(district, WEDNESDAY)
    mine = {p.community_id: p.duty(shift) for p in due if p.stream == "residual"}
    duties = tuple(mine[site] for site in sorted(sites))
    trucks = tuple(one for one in district.vehicles if one.id == vehicle)
    work = build_stop_workload(district, ground, duties, trucks)
    task = {duty.site_id: index for index, duty in enumerate(work.duties)}
    steps = (*(Serve(task[site], task[site]) for site in sites), Restore(0))
    route = Route(0, int(work.problem.shift_s[0, 0]), steps)
    key = ("collect", shift)
    return Searched(Job(key, duties, trucks, 0, NOTE), work, Solution((route,)), 1, "iterations")


def driven(limits: Facilities, one: Searched) -> Timeline:
    (run,) = drive_all([(one.workload, r, r.start_s) for r in one.solution.routes], limits)
    return run


def left(one: Searched, *lines: Timeline) -> list[str]:
    return [one.workload.duties[task].site_id for line in lines for task in line.left]


def test_room_and_containers_are_less_by_what_came(town: Town) -> None:
    """G1 brings C1 and C2, 2,100 kg, to TS2: 17,900 kg of 20,000 are left there today.

    Its container has them from the end of the unloading on; TS1 is as it was.
    """
    district, ground = only(town[0], "TS2"), town[1]
    limits = facilities_of(district, stock(district, 100))
    line = driven(limits, job(district, ground, "collect_am", ["C1", "C2"]))
    (unload,) = (event for event in line.events if event.kind == "unload")
    after = _less(limits, job(district, ground, "collect_am", ["C1", "C2"]).workload, line)
    assert after.room_kg == {"TS1": 20_000, "TS2": 17_900}
    assert after.boxes["TS2", "residual"].came == ((0, 100), (unload.end_s, 2100))
    assert limits.room_kg["TS2"] == 20_000
    assert limits.boxes["TS2", "residual"].came == ((0, 100),)
    assert (after.bays, after.hours) == (limits.bays, limits.hours)


def test_without_containers_only_the_room_is_less(town: Town) -> None:
    """Where nothing is hauled there is no container to keep."""
    district, ground = only(town[0], "TS2"), town[1]
    one = job(district, ground, "collect_am", ["C3"])
    limits = facilities_of(district)
    after = _less(limits, one.workload, driven(limits, one))
    assert (after.room_kg["TS2"], after.boxes) == (20_000 - 1400, {})


@pytest.mark.parametrize(
    ("throughput_t", "missing"), [(3.5, []), (3.4, ["C2"]), (2.1, ["C1"]), (2.0, ["C1", "C2"])]
)
def test_the_afternoon_has_what_the_morning_left(
    town: Town, throughput_t: float, missing: list[str]
) -> None:
    """C3 in the morning, C1 and C2 after noon: 1,400 + 2,100 kg in a day, containers aside.

    With 3.4 t a day C2 is left, the last of the trip; with 2.1 t there is room for C2 alone, with
    2.0 t for neither. Nothing of the morning ever is left.
    """
    district, ground = only(town[0], "TS2", throughput_t=throughput_t), town[1]
    jobs = (
        job(district, ground, "collect_pm", ["C1", "C2"]),
        job(district, ground, "collect_am", ["C3"]),
    )
    late, early = set_departures(district, jobs)
    assert [one.searched for one in (late, early)] == list(jobs)
    assert (sorted(left(jobs[0], *late.lines)), left(jobs[1], *early.lines)) == (missing, [])


def test_containers_are_kept_over_the_day(town: Town) -> None:
    """TS2 has one container of 3,000 kg: 1,400 of the morning are not hauled, 1,600 more fit.

    With nothing on record of the stock no container counts.
    """
    district, ground = only(town[0], "TS2"), town[1]
    jobs = (
        job(district, ground, "collect_am", ["C3"]),
        job(district, ground, "collect_pm", ["C1", "C2"]),
    )
    early, late = set_departures(district, jobs, stock_kg=stock(district))
    assert (left(jobs[0], *early.lines), left(jobs[1], *late.lines)) == ([], ["C2"])
    assert set_departures(district, jobs)[1].left == ()


def test_a_full_container_of_the_morning_makes_room(town: Town) -> None:
    """1,600 kg stood there: with C3's 1,400 it is full before noon, and gone by the afternoon."""
    district, ground = only(town[0], "TS2"), town[1]
    jobs = (
        job(district, ground, "collect_am", ["C3"]),
        job(district, ground, "collect_pm", ["C1", "C2"]),
    )
    timed = set_departures(district, jobs, stock_kg=stock(district, 1600))
    assert [one.left for one in timed] == [(), ()]


def full(
    town: Town, stations: Mapping[str, float], stock_kg: int | None, duties: Sequence[Duty]
) -> set[str]:
    """Sites without room after C3's 1,400 kg of the morning, with so many tonnes a day."""
    district = only(town[0], *stations, throughput_t=max(stations.values()))
    stood = None if stock_kg is None else stock(district, stock_kg)
    morning = job(district, town[1], "collect_am", ["C3"])
    timed = set_departures(district, (morning,), stock_kg=stood)
    found = without_room(district, timed, stood, duties)
    return {duty.site_id for duty in duties if duty.id in found}


def test_loads_that_no_station_has_room_for(town: Town) -> None:
    """After 1,400 of 2,200 kg the 1,400 of C1 do not fit any more, the 700 of C2 do.

    They are held one by one against what is left.
    """
    due = pickups_of(town[0], WEDNESDAY)
    duties = [p.duty("collect_pm") for p in due if p.stream == "residual"]
    assert full(town, {"TS2": 2.2}, None, duties) == {"C1", "C3"}
    assert full(town, {"TS2": 2.0}, None, duties) == {"C1", "C2", "C3", "C4"}
    assert full(town, {"TS2": 20.0}, None, duties) == set()
    # In the container 1,500 + 1,400 kg are 100 short of full: nothing above that fits.
    assert full(town, {"TS2": 20.0}, 1500, duties) == {"C1", "C2", "C3", "C4"}
    assert full(town, {"TS2": 20.0}, 900, duties) == {"C1", "C3"}
    # TS1 takes what TS2 does not.
    assert full(town, {"TS1": 20.0, "TS2": 20.0}, 900, duties) == set()


def test_a_stream_that_no_open_station_takes_has_no_room(town: Town) -> None:
    """Kitchen waste with TS1 closed; a haul is no load that comes to a station."""
    due = pickups_of(town[0], WEDNESDAY)
    kitchen = [p.duty("kitchen_am") for p in due if p.stream == "kitchen"]
    assert full(town, {"TS2": 20.0}, None, kitchen) == {"C1", "C2", "C3", "C4"}
    haul = replace(kitchen[0], id="haul/x", service="haul")
    assert full(town, {"TS2": 20.0}, None, [haul]) == set()
