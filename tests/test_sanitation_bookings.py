"""Bays, hours, the day's room and containers of facilities, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from minidistrict import write_minidistrict
from wastedistrict import write_wastedistrict

from sanitation.bookings import HAULED_S, Bookings, Boxes, Facilities, Load, facilities_of
from sanitation.district import read_district
from sanitation.model import District

H = 3600


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_wastedistrict(tmp_path_factory.mktemp("bookings") / "waste"))


def boxes(*came: tuple[int, int], places: int = 2, from_s: int = 5 * H) -> Boxes:
    """Containers of 1,000 kg; nothing at 00:00 unless ``came`` says so."""
    first = () if came[:1] and came[0][0] == 0 else ((0, 0),)
    return Boxes(places, 1000, from_s, (*first, *came))


@pytest.mark.parametrize(
    ("came", "places", "overfull"),
    [
        ([(8 * H, 2000)], 2, False),  # both to the brim
        ([(8 * H, 2001)], 2, True),
        ([(8 * H, 1000), (9 * H, 1000)], 2, False),
        ([(8 * H, 1500), (9 * H, 501)], 2, True),
        ([(8 * H, 1001)], 1, True),
        ([(0, 2000)], 2, False),  # what stood there
        ([(0, 2001)], 2, True),
        ([(0, 1999), (8 * H, 2)], 2, False),  # the first one full at 00:00 was gone at 06:30
    ],
)
def test_no_more_than_fits(came: list[tuple[int, int]], places: int, overfull: bool) -> None:
    """Containers of 1,000 kg; a full one is in the way until it is hauled."""
    assert boxes(*came, places=places).overfull is overfull


def test_a_full_container_is_gone_two_hours_later() -> None:
    """Full at 08:00: at 09:59:59 it is still there, at 10:00:00 it is gone."""
    assert HAULED_S == 7200
    full = boxes((8 * H, 1000), places=1)
    assert full.with_load(8 * H + 7199, 1).overfull
    assert not full.with_load(8 * H + 7200, 1).overfull
    assert not full.with_load(8 * H + 7200, 1000).overfull
    assert full.with_load(8 * H + 7200, 1001).overfull


def test_a_container_that_is_not_full_stays() -> None:
    """999 kg since 00:00 wait for the last kilogram: by 20:00 only one more container's fit."""
    stands = boxes((0, 999), places=1)
    assert not stands.with_load(20 * H, 1).overfull
    assert stands.with_load(20 * H, 2).overfull


def test_what_is_full_before_the_hook_lifts_come() -> None:
    """Full at 00:00, hauled from 05:00 on: gone at 07:00, not at 02:00."""
    night = boxes((0, 1000), places=1, from_s=5 * H)
    assert night.with_load(5 * H, 1).overfull
    assert night.with_load(5 * H + 7199, 1).overfull
    assert not night.with_load(5 * H + 7200, 1).overfull


def test_containers_leave_one_by_one() -> None:
    """2,500 kg at 08:00 in three: two are full and gone at 10:00, 500 kg stay; 2,500 more fit."""
    three = boxes((8 * H, 2500), places=3)
    assert not three.with_load(10 * H - 1, 500).overfull
    assert three.with_load(10 * H - 1, 501).overfull
    assert not three.with_load(10 * H, 2500).overfull
    assert three.with_load(10 * H, 2501).overfull


def test_loads_are_booked_in_any_order() -> None:
    """A load that comes earlier than one booked before may make that one too much."""
    later = boxes((12 * H, 900), places=1)
    assert not later.overfull
    assert later.with_load(11 * H, 101).overfull
    assert later.with_load(11 * H, 101) == boxes((11 * H, 101), (12 * H, 900), places=1)
    # 1,000 kg at 10:00 are gone at 12:00, and with them nothing is in the way at 12:00.
    assert not later.with_load(10 * H, 1000).overfull


LOAD = Load("am", "residual", 600)


def booked(*, room_kg: int = 10_000, places: int = 9) -> Bookings:
    """One station TS with a bay; containers of 1,000 kg for residual waste alone."""
    return Bookings(
        Facilities(
            bays={"TS": 1},
            hours={"TS": (6 * H, 22 * H)},
            room_kg={"TS": room_kg},
            boxes={("TS", "residual"): Boxes(places, 1000, 0, ((0, 0),))},
        )
    )


@pytest.mark.parametrize(("room_kg", "fits"), [(1200, True), (1199, False)])
def test_the_room_of_the_day_is_for_all_jobs(room_kg: int, fits: bool) -> None:
    """600 kg came in another shift and of another stream: 600 more make 1,200."""
    station = booked(room_kg=room_kg)
    station.bring(Load("pm", "kitchen", 600), "TS", 8 * H)
    assert station.has_room(LOAD, "TS", 9 * H, {}) is fits


@pytest.mark.parametrize(("share_kg", "fits"), [(1200, True), (1199, False)])
def test_a_job_s_share_is_its_own(share_kg: int, fits: bool) -> None:
    """600 kg of the job's share are used; what the afternoon brought is none of it."""
    station = booked()
    station.bring(LOAD, "TS", 8 * H)
    station.bring(Load("pm", "residual", 5000), "TS", 15 * H)
    assert station.has_room(LOAD, "TS", 9 * H, {"TS": share_kg}) is fits
    assert station.has_room(LOAD, "TS", 9 * H, {})
    assert station.has_room(LOAD, "TS", 9 * H, {"other": 0})


def test_containers_must_have_room_when_it_comes() -> None:
    """600 of 1,000 kg are there: 600 more fit into no second container, until the first is gone.

    It is never gone, for it is not full; of kitchen waste, which has no row here, any fits.
    """
    station = booked(places=1)
    station.bring(LOAD, "TS", 8 * H)
    assert not station.has_room(LOAD, "TS", 9 * H, {})
    assert not station.has_room(LOAD, "TS", 20 * H, {})
    assert station.has_room(Load("am", "residual", 400), "TS", 9 * H, {})
    assert station.has_room(Load("am", "kitchen", 600), "TS", 9 * H, {})
    station.bring(Load("am", "residual", 400), "TS", 9 * H)
    assert not station.has_room(LOAD, "TS", 10 * H + 1799, {})
    assert station.has_room(LOAD, "TS", 11 * H, {})


def test_to_ask_is_not_to_bring() -> None:
    """Asking ten times leaves room for as much as before."""
    station = booked(room_kg=600)
    assert all(station.has_room(LOAD, "TS", 9 * H, {"TS": 600}) for _ in range(10))


def test_without_limits_everything_fits() -> None:
    """Driven alone a truck finds room and a bay at any time."""
    alone = Bookings(None)
    alone.bring(Load("am", "residual", 10**9), "TS", 0)
    assert alone.has_room(Load("am", "residual", 10**9), "TS", 0, {"TS": 0})
    assert alone.first_slot("TS", -100, 10**6) == -100


@pytest.mark.parametrize(
    ("ready_s", "took_s", "start_s"),
    [
        (5 * H, 600, 6 * H),  # waits at the gate
        (6 * H, 600, 6 * H),
        (22 * H - 600, 600, 22 * H - 600),  # out as it closes
        (22 * H - 599, 600, None),
        (23 * H, 600, None),
    ],
)
def test_stations_have_hours(ready_s: int, took_s: int, start_s: int | None) -> None:
    """Open from 06:00 to 22:00: a visit begins and ends inside."""
    assert booked().first_slot("TS", ready_s, took_s) == start_s


def test_a_queue_may_last_until_it_closes() -> None:
    """The bay is taken until 21:55: ten minutes more end after 22:00, five do not."""
    station = booked()
    station.book("TS", 21 * H, 22 * H - 300)
    assert station.first_slot("TS", 21 * H, 300) == 22 * H - 300
    assert station.first_slot("TS", 21 * H, 600) is None


def test_facilities_of_a_district(district: District) -> None:
    """20 t a day and 06:00-22:00 at each station, hook-lifts from 05:00, stock as told."""
    stock = {(row.station_id, row.stream): 7 for row in district.station_streams}
    found = facilities_of(district, stock)
    assert found.bays == {"F1": 2, "F2": 1, "X1": 1, "TS1": 1, "TS2": 1}
    assert found.hours == {"TS1": (6 * H, 22 * H), "TS2": (6 * H, 22 * H)}
    assert found.room_kg == {"TS1": 20_000, "TS2": 20_000}
    assert found.boxes == {
        ("TS1", "residual"): Boxes(2, 3000, 5 * H, ((0, 7),)),
        ("TS1", "kitchen"): Boxes(1, 3000, 5 * H, ((0, 7),)),
        ("TS1", "recyclable"): Boxes(1, 3000, 5 * H, ((0, 7),)),
        ("TS2", "residual"): Boxes(1, 3000, 5 * H, ((0, 7),)),
    }


def test_where_nothing_is_hauled_containers_are_no_limit(district: District) -> None:
    """Without a stock only the day's throughput counts."""
    found = facilities_of(district)
    assert found.boxes == {}
    assert found.room_kg == {"TS1": 20_000, "TS2": 20_000}


def test_a_district_without_waste(tmp_path: Path) -> None:
    """Its stations take what they take in a day, and no stream has a container."""
    plain = read_district(write_minidistrict(tmp_path / "mini"))
    found = facilities_of(plain, {})
    assert found.boxes == {}
    assert set(found.room_kg) == {station.id for station in plain.stations}
