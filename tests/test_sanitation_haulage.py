"""When containers leave their station, on the waste district: kilograms and seconds by hand.

TS1: residual 2 containers of 3,000 kg with 2,000 kg in them, leaves on the same day; recyclable
1 container with 1,000 kg, need not. A container that is full by 20:00 (72,000 s) leaves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from wastedistrict import write_wastedistrict

from fleet.model import Shift
from sanitation.district import read_district
from sanitation.duties.haulage import (
    Haul,
    Inflow,
    haul_duty,
    hauls_of,
    opening_stock,
    way_to_terminal,
)
from sanitation.model import District, Window

H, NEVER = 3600, 86_400
TABLE = {
    ("TS1", "kitchen"): 0,
    ("TS1", "recyclable"): 1000,
    ("TS1", "residual"): 2000,
    ("TS2", "residual"): 0,
}
EMPTY = dict.fromkeys(TABLE, 0)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_wastedistrict(tmp_path_factory.mktemp("haulage")))


def came(stream: str, *loads: tuple[int, int], station: str = "TS1") -> list[Inflow]:
    """(second, kilograms) of a stream as inflows."""
    return [Inflow(station, stream, time_s, kg) for time_s, kg in loads]


def hauls(
    district: District, stream: str, *loads: tuple[int, int], opening_kg: int = 0
) -> list[tuple[int, int, int, int]]:
    """Number, kilograms, ready and due of TS1's hauls of a stream; all else is empty."""
    found = hauls_of(district, came(stream, *loads), EMPTY | {("TS1", stream): opening_kg})
    assert all((haul.station_id, haul.stream) == ("TS1", stream) for haul in found)
    return [(haul.number, haul.load_kg, haul.ready_s, haul.due_s) for haul in found]


def shift(district: District, name: str) -> Shift:
    return next(shift for shift in district.shifts if shift.id == name)


def test_a_container_leaves_when_it_is_full_with_what_was_there(district: District) -> None:
    """1,000 at 00:00, 1,500 and 500: full to the kilogram with the third; alone, never."""
    loads = (36_000, 1500), (40_000, 500)
    assert hauls(district, "recyclable", *loads, opening_kg=1000) == [(1, 3000, 40_000, NEVER)]
    assert hauls(district, "recyclable", *loads, opening_kg=999) == []
    assert hauls(district, "recyclable", *loads) == []


def test_what_is_full_at_midnight_is_ready_at_once(district: District) -> None:
    """3,000 kg at 00:00 and nothing comes."""
    assert hauls(district, "recyclable", opening_kg=3000) == [(1, 3000, 0, NEVER)]


def test_a_container_is_due_when_the_next_load_has_no_room(district: District) -> None:
    """One place for 3,000 kg: full at 40,000 s, and a kilogram more comes at 50,000 s."""
    loads = (36_000, 2000), (40_000, 1000), (50_000, 1)
    assert hauls(district, "recyclable", *loads) == [(1, 3000, 40_000, 50_000)]


def test_a_load_may_fill_and_pass_the_room_at_once(district: District) -> None:
    """3,001 kg for one place: it would have to be gone in the second in which it is full."""
    assert hauls(district, "recyclable", (40_000, 3001)) == [(1, 3000, 40_000, 40_000)]


def slow(district: District, stream: str) -> District:
    """The district where a stream need not leave on the same day."""
    streams = (replace(s, same_day=False) if s.id == stream else s for s in district.streams)
    return replace(district, streams=tuple(streams))


def test_several_containers_each_with_its_moments(district: District) -> None:
    """2,000 kg at 00:00; then 3,000, 6,000, 8,000 and 10,000 in all, with room for 6,000.

    The first must be gone before 8,000 are there, the second before 10,000; the third could stay.
    1,000 kg remain.
    """
    loads = (30_000, 1000), (40_000, 3000), (50_000, 2000), (60_000, 2000)
    assert hauls(slow(district, "residual"), "residual", *loads, opening_kg=2000) == [
        (1, 3000, 30_000, 50_000),
        (2, 3000, 40_000, 60_000),
        (3, 3000, 60_000, NEVER),
    ]


def test_the_order_of_the_inflows_does_not_matter(district: District) -> None:
    """Trucks come in any order; hauls are sorted by station, stream and number."""
    loads = [
        *came("residual", (50_000, 4000), (40_000, 3000)),
        *came("residual", (45_000, 3000), station="TS2"),
        *came("kitchen", (30_000, 100)),
    ]
    found = hauls_of(district, loads, EMPTY)
    assert found == hauls_of(district, loads[::-1], EMPTY)
    assert [(haul.station_id, haul.stream, haul.number) for haul in found] == [
        ("TS1", "kitchen", 1),
        ("TS1", "residual", 1),
        ("TS1", "residual", 2),
        ("TS1", "residual", 3),
        ("TS2", "residual", 1),
    ]


def test_containers_full_after_the_hour_of_the_rule_wait(district: District) -> None:
    """At 20:00 sharp it leaves, a second later it stays, but where there is no room for more."""
    assert hauls(district, "recyclable", (72_000, 3000)) == [(1, 3000, 72_000, NEVER)]
    assert hauls(district, "recyclable", (72_001, 3000)) == []
    late = hauls(district, "recyclable", (72_001, 3000), (80_000, 10))
    assert late == [(1, 3000, 72_001, 80_000)]


def test_the_hour_of_the_rule_is_the_tables(district: District) -> None:
    """With 10.5 h the limit is 37,800 s."""
    early = replace(district, rules=district.rules | {"haul_full_by_h": 10.5})
    assert hauls(early, "recyclable", (37_800, 3000)) == [(1, 3000, 37_800, NEVER)]
    assert hauls(early, "recyclable", (37_801, 3000)) == []


def test_same_day_streams_leave_nothing(district: District) -> None:
    """6,000 kg at 40,000 s fill two containers; the first must be gone when 500 kg more come.

    These leave too, once the last truck was there.
    """
    loads = (40_000, 4000), (75_000, 500)
    assert hauls(district, "residual", *loads, opening_kg=2000) == [
        (1, 3000, 40_000, 75_000),
        (2, 3000, 40_000, NEVER),
        (3, 500, 75_000, NEVER),
    ]


def test_same_day_streams_do_not_wait_for_the_next_day(district: District) -> None:
    """Full only at 21:00, and what was there at 00:00 though nothing comes."""
    assert hauls(district, "kitchen", (75_600, 3000)) == [(1, 3000, 75_600, NEVER)]
    assert hauls(district, "residual", opening_kg=700) == [(1, 700, 0, NEVER)]


def test_nothing_leaves_an_empty_station(district: District) -> None:
    """No stock and no truck; the 1,000 kg of recyclables of the table fill nothing either."""
    assert hauls_of(district, [], EMPTY) == ()
    assert hauls_of(district, [], TABLE | {("TS1", "residual"): 0}) == ()


def haul(stream: str = "residual", **changes: Any) -> Haul:
    return replace(Haul("TS1", stream, 1, 3000, 0, NEVER), **changes)


def windows(district: District, name: str, what: Haul) -> tuple[Window, ...] | None:
    duty = haul_duty(district, what, shift(district, name))
    return duty.windows if duty else None


def test_a_haul_is_bounded_by_the_terminal_and_the_shift(district: District) -> None:
    """To E1 (06:00-20:00): hooked in 900 s, 1,200 s away, 600 s of tipping.

    Early (05:00-13:00): the truck is at E1 at 06:00 if it begins at 05:25, and must be back from
    E1 at 13:00. Late (13:00-21:00): E1 closes before the way back matters.
    """
    assert windows(district, "haul_early", haul()) == (Window(19_500, 13 * H - 1200),)
    assert windows(district, "haul_late", haul()) == (Window(13 * H, 20 * H),)


def test_a_haul_to_a_terminal_that_opens_late(district: District) -> None:
    """Kitchen waste to E2 (08:00-18:00): 900 + 1,800 s before 08:00, 900 s of tipping."""
    early, late = haul("kitchen"), haul("kitchen", due_s=60_000)
    assert windows(district, "haul_early", early) == (Window(26_100, 13 * H - 1800),)
    assert windows(district, "haul_late", late) == (Window(13 * H, 60_000 + 1800 + 900),)


def test_a_haul_is_bounded_by_when_it_is_ready_and_due(district: District) -> None:
    """Due at the station: the 1,200 s of way and 600 s of tipping come after it."""
    assert windows(district, "haul_late", haul(ready_s=50_000, due_s=60_000)) == (
        Window(50_000, 61_800),
    )


def test_a_haul_that_does_not_fit_is_none(district: District) -> None:
    """2,700 s before 12:40 is 42,900 s; the hook needs 900 s between ready and due."""
    assert windows(district, "haul_early", haul(ready_s=42_900)) == (Window(42_900, 45_600),)
    assert windows(district, "haul_early", haul(ready_s=42_901)) is None
    assert windows(district, "haul_late", haul(ready_s=50_000, due_s=50_900)) is not None
    assert windows(district, "haul_late", haul(ready_s=50_000, due_s=50_899)) is None


def test_a_haul_as_a_duty(district: District) -> None:
    """Its id, its size and the time until it has tipped."""
    duty = haul_duty(district, haul(number=2, load_kg=1800), shift(district, "haul_late"))
    assert duty is not None
    assert duty.id == "haul/haul_late/TS1/residual/r2"
    assert (duty.service, duty.shift_id, duty.site_id) == ("haul", "haul_late", "TS1")
    assert (duty.stream, duty.round_no, duty.load_kg, duty.bins) == ("residual", 2, 1800, 0)
    assert (duty.work_s, duty.length_m) == (900 + 1200 + 600, 0)
    assert duty.types == ("hooklift",)


def test_types_haul_the_stream_and_lift_the_load(district: District) -> None:
    """A lighter hook-lift of 2,000 kg takes 2,000 kg and no more; kitchen waste it takes not."""
    big = next(kind for kind in district.vehicle_types if kind.id == "hooklift")
    light = replace(big, id="light", payload_kg=2000, streams=("residual",))
    both = replace(district, vehicle_types=(*district.vehicle_types, light))

    def types(what: Haul) -> tuple[str, ...]:
        duty = haul_duty(both, what, shift(both, "haul_late"))
        assert duty is not None
        return duty.types

    assert types(haul(load_kg=2000)) == ("hooklift", "light")
    assert types(haul(load_kg=2001)) == ("hooklift",)
    assert types(haul("kitchen", load_kg=2000)) == ("hooklift",)


def test_the_terminal_takes_the_stream(district: District) -> None:
    """Residual waste to E1, kitchen waste to E2; none takes hazardous waste."""
    for stream, terminal_id, travel_s in (("residual", "E1", 1200), ("kitchen", "E2", 1800)):
        terminal, way = way_to_terminal(district, "TS1", stream)
        assert (terminal.id, way.travel_s, way.place_id) == (terminal_id, travel_s, "TS1")
    with pytest.raises(KeyError, match="hazardous"):
        way_to_terminal(district, "TS1", "hazardous")


@pytest.mark.parametrize(("travel_s", "nearest"), [(1199, "E2"), (1200, "E1"), (1800, "E1")])
def test_the_nearest_terminal_of_the_station(
    district: District, travel_s: int, nearest: str
) -> None:
    """E2 takes residual waste too, and is near to TS2 all along; from TS1 E1 is 1,200 s away."""
    terminals = tuple(replace(t, streams=("kitchen", "residual")) for t in district.terminals)
    ways = tuple(
        replace(way, travel_s={"TS1": travel_s, "TS2": 60}[way.place_id])
        if way.terminal_id == "E2" and way.place_id in ("TS1", "TS2")
        else way
        for way in district.terminal_ways
    )
    both = replace(district, terminals=terminals, terminal_ways=ways)
    assert way_to_terminal(both, "TS1", "residual")[0].id == nearest


def test_the_stock_at_midnight(district: District) -> None:
    """From the table; from the day before where it says so, an empty container included.

    A station that is not there any more is not asked for.
    """
    assert opening_stock(district, None) == TABLE
    before = {("TS1", "residual"): 0, ("TS2", "residual"): 900, ("TS9", "residual"): 5}
    assert opening_stock(district, before) == TABLE | {
        ("TS1", "residual"): 0,
        ("TS2", "residual"): 900,
    }
