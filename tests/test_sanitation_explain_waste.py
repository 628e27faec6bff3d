"""Reasons of waste that is left: stations without room, hours of haulage, trucks it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from wastedistrict import WEDNESDAY, write_wastedistrict

from fleet.model import SolveNote
from routes.solution import Solution
from routes.stop import Interrupted
from sanitation import explain as explaining
from sanitation.conditions import conditions_of
from sanitation.disposal import left_duty
from sanitation.district import read_district
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul
from sanitation.explain import Situation, explain
from sanitation.ground import read_ground
from sanitation.jobs import Job
from sanitation.model import Duty, Uncovered
from sanitation.search import Effort, Searched, Wishes
from sanitation.stopload import build_stop_workload

NOTE = SolveNote("optimal", 0.0, 0.0, 0)
AM = ("collect", "collect_am")
Unfit = tuple[tuple[Duty, str], ...]


@pytest.fixture(scope="module")
def situation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Situation]:
    """Residual waste in the morning: G1 and G2 are out, and do none of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        district = read_district(write_wastedistrict(tmp_path_factory.mktemp("explain") / "town"))
        ground = read_ground(district)
        due = pickups_of(district, WEDNESDAY)
        duties = tuple(p.duty(AM[1]) for p in due if p.stream == "residual")
        trucks = tuple(v for v in district.vehicles if v.id in ("G1", "G2"))
        room_kg = {"TS1": 6000, "TS2": 3000}
        work = build_stop_workload(district, ground, duties, trucks, room_kg=room_kg)
        nothing = Solution((), tuple(range(len(duties))))
        searched = Searched(
            Job(AM, duties, trucks, 0, NOTE, room_kg), work, nothing, 1, "iterations"
        )
        effort = Effort(1, 100, None, Interrupted())
        conditions = conditions_of(WEDNESDAY, district)
        yield Situation(
            district, ground, frozenset(), (searched,), Wishes(), effort, conditions, ()
        )


def told(
    situation: Situation, *, unfit: Unfit = (), dropped: tuple[Duty, ...] = ()
) -> tuple[Uncovered, ...]:
    return explain(situation, dropped, (), (), (), unfit, lambda stage, done: None)


def residual(situation: Situation) -> tuple[Duty, ...]:
    return situation.searched[0].job.duties


def test_stations_without_room_need_more(situation: Situation) -> None:
    """C1's 1,400 kg and C2's 700 find no room: 2.1 t more would do, for each of them the same."""
    first, second, *_ = residual(situation)
    found = told(situation, unfit=((second, "station_full"), (first, "station_full")))
    assert [(one.duty, one.cause) for one in found] == [
        (first, "station_full"),
        (second, "station_full"),
    ]
    for one in found:
        assert "the stations have no room for it today: 2.1 t" in one.text
        assert one.fix["throughput_kg"] == 2100
        assert "for 2.1 t more" in one.fix["text"]


@pytest.mark.parametrize(("kg", "tonnes"), [(50, "0.1"), (1400, "1.4"), (1401, "1.5")])
def test_what_is_asked_for_is_enough(situation: Situation, kg: int, tonnes: str) -> None:
    """Tonnes are rounded up: 50 kg do not fit into 0.0 t."""
    duty = replace(residual(situation)[0], load_kg=kg)
    (only,) = told(situation, unfit=((duty, "station_full"),))
    assert f"for {tonnes} t more" in only.fix["text"]


def test_a_closed_station_may_be_opened_again(situation: Situation) -> None:
    """Both that are closed are named, sorted; nothing else is asked for."""
    closed = replace(situation, closed_stations=("TS2", "TS1"))
    (only,) = told(closed, unfit=((residual(situation)[0], "station_full"),))
    assert only.fix == {
        "text": "恢复转运站 TS1、TS2 · reopen TS1, TS2",
        "open": ["TS1", "TS2"],
    }


def test_hauls_outside_all_hours(situation: Situation) -> None:
    """A container that fits into no shift: longer hours, whether a station is closed or not."""
    haul = left_duty(situation.district, Haul("TS1", "kitchen", 1, 2100, 80_000, 86_400))
    for made in (situation, replace(situation, closed_stations=("TS2",))):
        (only,) = told(made, unfit=((haul, "haul_hours"),))
        assert (only.duty, only.cause) == (haul, "haul_hours")
        assert "2.1 t" in only.text
        assert "longer hours of haulage" in only.fix["text"]
        assert "open" not in only.fix


def test_two_reasons_are_summed_apart(situation: Situation) -> None:
    """1.4 t without room and 2.1 t without hours are not 3.5 t of either."""
    haul = left_duty(situation.district, Haul("TS1", "kitchen", 1, 2100, 80_000, 86_400))
    unfit = ((residual(situation)[0], "station_full"), (haul, "haul_hours"))
    texts = {one.cause: one.text for one in told(situation, unfit=unfit)}
    assert "1.4 t" in texts["station_full"]
    assert "2.1 t" in texts["haul_hours"]


def test_trucks_of_the_kind_that_is_missing(
    situation: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C4 is narrow: not more compactors, small trucks. One is out, there are three."""
    district = situation.district
    (small,) = (v for v in district.vehicles if v.id == "G2")
    more = tuple(replace(small, id=f"G{n}") for n in (3, 4))
    made = replace(situation, district=replace(district, vehicles=(*district.vehicles, *more)))
    tried: list[tuple[int, int]] = []

    def trial(_: Any, key: Any, duties: Any, vehicles: Any, overtime_min: int) -> int:
        number = sum(vehicle.type_id == "small_truck" for vehicle in vehicles)
        tried.append((number, overtime_min))
        return 0 if number >= 2 and not overtime_min else 1

    monkeypatch.setattr(explaining, "_left_over", trial)
    (only,) = told(made, dropped=residual(situation)[3:])
    assert only.fix["fleet"] == {"small_truck": 2}
    assert only.fix["option"] == "--fleet small_trucks=2"
    assert "(+1)" in only.fix["text"]
    assert (3, 0) in tried


def test_a_trial_keeps_to_the_rooms_and_the_stock(
    situation: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every trial of the morning has its rooms, and containers count where something is hauled."""
    rooms: list[Any] = []
    stocks: list[Any] = []
    search, depart = explaining.search_all, explaining.set_departures

    def watched(district: Any, ground: Any, jobs: Any, *rest: Any) -> Any:
        rooms.extend(dict(job.room_kg) for job in jobs)
        return search(district, ground, jobs, *rest)

    def departing(district: Any, searched: Any, stopped: Any, stock_kg: Any) -> Any:
        stocks.append(stock_kg)
        return depart(district, searched, stopped, stock_kg)

    monkeypatch.setattr(explaining, "search_all", watched)
    monkeypatch.setattr(explaining, "set_departures", departing)
    rows = situation.district.station_streams
    stock = {(row.station_id, row.stream): row.opening_kg for row in rows}
    found = told(replace(situation, stock_kg=stock), dropped=residual(situation)[3:])
    assert [one.cause for one in found] == ["vehicles"]
    assert found[0].fix["order"] == {"order": "overtime", "shift": "collect_am", "minutes": 20}
    assert rooms == [{"TS1": 6000, "TS2": 3000}]
    assert stocks == [stock]
