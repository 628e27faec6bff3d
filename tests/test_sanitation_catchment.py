"""Stations and shifts of pickups on the waste district.

Seconds of the mean way there and back: C1 TS1 178, TS2 72; C2 73, 165; C3 165, 110; C4 144, 144.
Kilograms of residual and kitchen waste: C1 1,400 and 700; C2 700, 350; C3 1,400, 700; C4 700, 350;
of recyclables on Wednesday C1 700, C2 350. Only TS1 accepts kitchen waste and recyclables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from wastedistrict import THURSDAY, WEDNESDAY

from routes.paths import UNREACHABLE
from sanitation.catchment import Catchments, divide
from sanitation.disposal import without_stations
from sanitation.duties.collection import pickups_of
from sanitation.ground import Ground
from sanitation.model import District

Town = tuple[District, Ground]
H = 3600
RESIDUAL = [f"C{i}/residual" for i in (1, 2, 3, 4)]
KITCHEN = [f"C{i}/kitchen" for i in (1, 2, 3, 4)]


def with_station(district: District, station: str, **changes: Any) -> District:
    """The district with a station changed."""
    stations = tuple(replace(s, **changes) if s.id == station else s for s in district.stations)
    assert stations != district.stations
    return replace(district, stations=stations)


def only(district: District, *streams: str, places: int = 0) -> District:
    """The district that has some streams alone, and so many containers for each at a station."""
    rows = tuple(
        replace(row, places=places or row.places)
        for row in district.station_streams
        if row.stream in streams
    )
    kept = tuple(stream for stream in district.streams if stream.id in streams)
    return replace(district, streams=kept, station_streams=rows)


def divided(
    district: District,
    ground: Ground,
    date: str = WEDNESDAY,
    before: Mapping[str, tuple[str, str]] | None = None,
) -> Catchments:
    return divide(district, ground, pickups_of(district, date), before or {})


def names(found: Catchments) -> tuple[list[str], list[str]]:
    """Ids of the pickups that are taken, and of those that are left."""
    taken, left = (
        sorted(f"{duty.site_id}/{duty.stream}" for duty in duties)
        for duties in (found.duties, found.left)
    )
    return taken, left


def shift_of(found: Catchments) -> dict[str, str]:
    return {f"{duty.site_id}/{duty.stream}": duty.shift_id for duty in found.duties}


def loads(found: Catchments) -> Counter[tuple[str, str]]:
    """Kilograms by shift and station."""
    total: Counter[tuple[str, str]] = Counter()
    for duty in found.duties:
        total[duty.shift_id, found.station[f"{duty.site_id}/{duty.stream}"]] += duty.load_kg
    return total


@pytest.mark.parametrize("date", [WEDNESDAY, THURSDAY])
def test_every_pickup_has_a_shift_in_which_it_may_be_taken(town: Town, date: str) -> None:
    """Ten pickups, each once, with its hours in that shift; nothing is left."""
    due = {pickup.id: pickup for pickup in pickups_of(town[0], date)}
    found = divided(*town, date)
    taken, left = names(found)
    assert (taken, left) == (sorted(due), [])
    assert sorted(found.station) == taken
    for duty in found.duties:
        pickup = due[f"{duty.site_id}/{duty.stream}"]
        assert duty == pickup.duty(duty.shift_id)
        assert duty.windows == dict(pickup.times)[duty.shift_id]
    assert len(found.notes) > 0


def test_stations_are_the_nearest_that_accept_the_stream(town: Town) -> None:
    """C1's and C3's residual waste goes to TS2, C2's to TS1; all else can only go to TS1."""
    station = divided(*town).station
    assert [station[key] for key in RESIDUAL[:3]] == ["TS2", "TS1", "TS2"]
    assert {at for key, at in station.items() if not key.endswith("residual")} == {"TS1"}


def test_loads_stay_within_the_throughput(town: Town) -> None:
    """TS2 takes 1.7 t: C1 or C3, with 1.4 t each. C1 would lose 106 s elsewhere, C3 55."""
    district, ground = town
    found = divided(with_station(district, "TS2", throughput_t_day=1.7), ground)
    assert [found.station[key] for key in RESIDUAL[:3]] == ["TS2", "TS1", "TS1"]
    assert found.station["C4/residual"] == "TS1"
    assert found.left == ()


def test_what_no_station_accepts_is_left_in_its_first_shift(town: Town) -> None:
    """No container for kitchen waste: all of it is left, and the rest is taken."""
    district, ground = town
    rows = tuple(row for row in district.station_streams if row.stream != "kitchen")
    found = divided(replace(district, station_streams=rows), ground)
    assert names(found)[1] == KITCHEN
    assert {duty.shift_id for duty in found.left} == {"kitchen_am"}
    assert len(found.duties) == 6
    assert not set(KITCHEN) & found.station.keys()


def test_what_is_more_than_the_throughput_is_left(town: Town) -> None:
    """TS1 alone and 2.1 t: 4.2 t of residual waste, 1.4 + 0.7 are taken and 2.1 t are left.

    Left ones are listed in the first of their shifts, the morning's.
    """
    district, ground = town
    small = with_station(only(district, "residual"), "TS1", throughput_t_day=2.1)
    found = divided(without_stations(small, ["TS2"]), ground)
    taken, left = names(found)
    assert sorted(taken + left) == RESIDUAL
    assert sum(duty.load_kg for duty in found.duties) == 2100
    assert sum(duty.load_kg for duty in found.left) == 2100
    assert {duty.shift_id for duty in found.left} == {"collect_am"}
    assert set(found.station.values()) == {"TS1"}


def test_what_smells_is_left_last(town: Town) -> None:
    """TS1 alone and 2.1 t: just the kitchen waste of all four."""
    district, ground = town
    small = with_station(district, "TS1", throughput_t_day=2.1)
    assert names(divided(without_stations(small, ["TS2"]), ground))[0] == KITCHEN


@pytest.mark.parametrize(
    ("hours", "shift"),
    [({"close_s": 13 * H + 1800}, "collect_am"), ({"open_s": 12 * H + 1800}, "collect_pm")],
)
def test_a_station_that_is_closed_in_a_shift_has_nothing_then(
    town: Town, hours: dict[str, int], shift: str
) -> None:
    """TS2 closes at 13:30, when the afternoon's hours begin; or opens as the morning shift ends."""
    district, ground = town
    found = divided(with_station(district, "TS2", **hours), ground)
    assert {key[0] for key in loads(found) if key[1] == "TS2"} == {shift}
    assert [found.station[key] for key in ("C1/residual", "C3/residual")] == ["TS2", "TS2"]


@pytest.mark.parametrize(("unload_s", "left_kg"), [(12_600, 700), (12_601, 2100), (6300, 0)])
def test_bays_take_a_load_of_the_streams_largest_truck_each(
    town: Town, unload_s: int, left_kg: int
) -> None:
    """TS1 is open for 09:00-12:30, 12,600 s: one unloading, none or two of 1,500 kg.

    Of 700, 350, 700 and 350 kg of kitchen waste 1,400 fit into one load.
    """
    district, ground = town
    slow = with_station(only(district, "kitchen"), "TS1", unload_s=unload_s)
    assert sum(duty.load_kg for duty in divided(slow, ground).left) == left_kg


def test_each_bay_counts_its_own_unloadings(town: Town) -> None:
    """Two bays, 12,600 s, 8,400 s each: one in each bay, so 2 x 1,500 kg, not 3 x 1,500."""
    district, ground = town
    slow = with_station(only(district, "kitchen", places=9), "TS1", unload_s=8400, bays=2)
    assert divided(slow, ground).room_kg == {"kitchen_am": {"TS1": 3000}}


def test_containers_bound_what_a_shift_brings(town: Town) -> None:
    """A container of 1,400 kg for kitchen waste at TS1: 700 of 2,100 kg are left."""
    district, ground = town
    rows = tuple(
        replace(row, container_kg=1400) for row in only(district, "kitchen").station_streams
    )
    found = divided(replace(only(district, "kitchen"), station_streams=rows), ground)
    assert sum(duty.load_kg for duty in found.left) == 700
    assert found.room_kg == {"kitchen_am": {"TS1": 1400}}


def test_room_is_at_least_the_catchment_and_at_most_the_intake(town: Town) -> None:
    """Containers: 6,000 kg of residual waste at TS1, 3,000 at TS2 and of the other streams.

    Where nothing is to be brought there is no room. What 20 t a day leave is shared out as what is
    brought, whichever of two equal answers the solver gives.
    """
    found = divided(*town)
    brought = loads(found)
    rooms = {
        (shift, station): kg for shift, at in found.room_kg.items() for station, kg in at.items()
    }
    assert rooms.keys() == brought.keys()
    assert all(rooms[key] >= kg for key, kg in brought.items())
    residual = {"TS1": 6000, "TS2": 3000}
    for (shift, station), kg in rooms.items():
        total = sum(brought[key] for key in brought if key[1] == station)
        share = 20_000 * brought[shift, station] // total
        assert kg == min(share, residual[station] if shift.startswith("collect") else 3000)


def test_room_shares_out_what_the_throughput_leaves(town: Town) -> None:
    """TS1 alone: 7,350 kg of 14,700 a day, so each shift may bring twice what is meant."""
    district, ground = town
    wide = only(district, "kitchen", "recyclable", "residual", places=9)
    wide = with_station(without_stations(wide, ["TS2"]), "TS1", throughput_t_day=14.7)
    found = divided(wide, ground)
    assert found.left == ()
    assert found.room_kg["kitchen_am"] == {"TS1": 4200}
    assert found.room_kg["recycle_am"] == {"TS1": 2100}
    assert {(shift, "TS1"): 2 * kg for (shift, _), kg in loads(found).items()} == {
        (shift, "TS1"): room["TS1"] for shift, room in found.room_kg.items()
    }
    assert sum(room["TS1"] for room in found.room_kg.values()) == 14_700


@pytest.mark.parametrize("back", [False, True])
def test_stations_that_cannot_be_reached_are_not_used(town: Town, back: bool) -> None:
    """No way to TS2, or none back from it: all goes to TS1."""
    district, ground = town
    times = ground.time_s.copy()
    stand = ground.place["TS2"]
    rows: Any = (stand, slice(None)) if back else (slice(None), stand)
    times[rows] = UNREACHABLE
    found = divided(district, replace(ground, time_s=times))
    assert (set(found.station.values()), found.left) == ({"TS1"}, ())


def test_what_can_reach_no_station_is_left(town: Town) -> None:
    """No way from C2 to anywhere: its three streams are left, the seven others taken."""
    district, ground = town
    times = np.array(ground.time_s)
    times[ground.place["C2"]] = UNREACHABLE
    taken, left = names(divided(district, replace(ground, time_s=times)))
    assert left == ["C2/kitchen", "C2/recyclable", "C2/residual"]
    assert len(taken) == 7


@pytest.mark.parametrize("station", ["TS1", "TS2"])
def test_the_station_of_before_is_kept_for_a_minute(town: Town, station: str) -> None:
    """C4 is as far from both, C3 loses 55 s at TS1: they stay. C1 would lose 106 s: it does not."""
    before = dict.fromkeys(("C1/residual", "C3/residual", "C4/residual"), (station, "collect_am"))
    found = divided(*town, before=before)
    assert [found.station[key] for key in RESIDUAL] == ["TS2", "TS1", station, station]


@pytest.mark.parametrize("shift", ["collect_am", "collect_pm"])
def test_the_shift_of_before_is_kept(town: Town, shift: str) -> None:
    """C4 is the only one that small trucks take: either shift is as good."""
    found = divided(*town, before={"C4/residual": ("TS1", shift)})
    assert shift_of(found)["C4/residual"] == shift


def test_pickups_of_before_that_are_not_due_are_ignored(town: Town) -> None:
    """Yesterday's C3/recyclable, and an answer that names what is not there any more."""
    before = {"C3/recyclable": ("TS1", "recycle_am"), "C9/residual": ("TS1", "collect_am")}
    gone = dict.fromkeys(RESIDUAL, ("TS9", "collect_eve"))
    assert divided(*town, before=before) == divided(*town)
    assert divided(*town, before=gone).station == divided(*town).station


def test_a_shift_of_which_own_hours_leave_too_little_is_not_taken(town: Town) -> None:
    """C3 needs 1,320 s for its residual waste: 1,319 s in one shift and 1,320 in the other."""
    district, ground = town
    for first_s, second_s, shift in ((1319, 1320, "collect_pm"), (1320, 1319, "collect_am")):
        own = (9 * H, 9 * H + first_s), (14 * H, 14 * H + second_s)
        communities = tuple(
            replace(one, windows=own) if one.id == "C3" else one for one in district.communities
        )
        found = divided(replace(district, communities=communities), ground)
        assert shift_of(found)["C3/residual"] == shift


def test_own_hours_that_are_always_too_short_are_no_reason_to_stop(town: Town) -> None:
    """Ten minutes in each shift for C3: it gets a station and a shift; the search leaves it out."""
    district, ground = town
    own = (10 * H, 10 * H + 600), (14 * H, 14 * H + 600)
    communities = tuple(
        replace(one, windows=own) if one.id == "C3" else one for one in district.communities
    )
    assert "C3/residual" in shift_of(divided(replace(district, communities=communities), ground))


def test_nothing_due_is_nothing_to_divide(town: Town) -> None:
    """No pickups: no duties, no rooms and no notes."""
    assert divide(*town, (), {"C1/residual": ("TS1", "collect_am")}) == Catchments(
        (), (), {}, {}, ()
    )
