"""The planner on the small district with waste: collected, hauled, and what is left explained.

On a Wednesday 4,200 kg of residual, 2,100 of kitchen waste and 1,050 of recyclables are due at ten
stops; see wastedistrict.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shuffled import edit_table, plan_folder
from wastedistrict import THURSDAY, WEDNESDAY, write_wastedistrict

from sanitation.archive import plan_dict, plan_text, write_plan
from sanitation.audit import audit_plan
from sanitation.balance import moves_by_kind
from sanitation.model import DayPlan

DUE_KG = {
    "residual": {"C1": 1400, "C2": 700, "C3": 1400, "C4": 700},
    "kitchen": {"C1": 700, "C2": 350, "C3": 700, "C4": 350},
    "recyclable": {"C1": 700, "C2": 350},
}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wastedistrict(tmp_path_factory.mktemp("planner") / "town")


def planned(folder: Path, **options: Any) -> DayPlan:
    """Collection and haulage alone, in few iterations."""
    chosen: dict[str, Any] = {"services": ("collect", "haul"), "iterations": 60}
    return plan_folder(folder, **(chosen | options))


def collected(plan: DayPlan) -> dict[tuple[str, str], int]:
    """Kilograms by stream and community of what is collected or listed, each of them once."""
    moves = moves_by_kind(plan.runs, "service", "collect")
    found = [(move.stream, move.place_id, move.load_kg) for move in moves]
    left = [one.duty for one in plan.uncovered if one.duty.service == "collect"]
    found += [(duty.stream, duty.site_id, duty.load_kg) for duty in left]
    assert len({one[:2] for one in found}) == len(found)
    return {(stream, site): kg for stream, site, kg in found}


def due(share: float = 1.0) -> dict[tuple[str, str], int]:
    return {
        (stream, site): round(kg * share)
        for stream, sites in DUE_KG.items()
        for site, kg in sites.items()
    }


def unloaded(plan: DayPlan) -> set[str]:
    """Stations at which anything is unloaded."""
    return {move.place_id for move in moves_by_kind(plan.runs, "unload", "collect")}


def stations(plan: DayPlan) -> dict[tuple[str, str], dict[str, int]]:
    return {(row["station"], row["stream"]): row for row in plan.indicators["stations"]}


@pytest.fixture(scope="module")
def plain(town: Path) -> DayPlan:
    return planned(town)


def test_all_that_is_due_is_collected_and_hauled(town: Path, plain: DayPlan) -> None:
    """Nothing is left and nothing is found; what leaves on the same day has left."""
    assert (plain.violations, plain.uncovered, plain.suspended) == ((), (), ())
    assert audit_plan(plan_dict(plain), town) == ()
    assert collected(plain) == due()
    assert {run.service for run in plain.runs} == {"collect", "haul"}
    rows = stations(plain)
    assert rows["TS1", "kitchen"]["out_kg"] == 2100
    assert rows["TS1", "residual"]["out_kg"] + rows["TS2", "residual"]["out_kg"] == 2000 + 4200
    assert [row["closing_kg"] for key, row in rows.items() if key[1] != "recyclable"] == [0] * 3
    assert rows["TS1", "recyclable"]["closing_kg"] == 1000 + 1050


def test_the_same_plan_again(town: Path, plain: DayPlan) -> None:
    """The same inputs, and the rows of three tables backwards: the same bytes."""
    assert plan_text(planned(town)) == plan_text(plain)
    backwards = write_wastedistrict(town.parent / "backwards" / "town")
    for table in ("communities", "stations", "station_streams", "collection", "vehicles"):
        edit_table(backwards, table, lambda rows: rows[::-1])
    assert plan_text(planned(backwards)) == plan_text(plain)


def test_a_closed_station_with_another_for_its_stream(town: Path) -> None:
    """TS2 has residual waste alone, which TS1 takes too: all of it is collected and hauled."""
    plan = planned(town, closed=("TS2",))
    assert (plan.violations, plan.uncovered) == ((), ())
    assert collected(plan) == due()
    assert unloaded(plan) == {"TS1"}
    assert stations(plan)["TS2", "residual"]["in_kg"] == 0
    assert stations(plan)["TS1", "residual"]["out_kg"] == 2000 + 4200


def test_a_closed_station_that_no_other_stands_for(town: Path) -> None:
    """Only TS1 takes kitchen waste and recyclables, and TS2 has one container for residual waste.

    All that is left has this reason and is mended by opening TS1, from where the 2,000 kg of the
    morning are hauled all the same.
    """
    plan = planned(town, closed=("TS1",))
    assert plan.violations == ()
    assert collected(plan) == due()
    assert unloaded(plan) == {"TS2"}
    left = {(one.duty.stream, one.duty.site_id) for one in plan.uncovered}
    assert {place for place in left if place[0] != "residual"} == {
        (stream, site) for stream in ("kitchen", "recyclable") for site in DUE_KG[stream]
    }
    assert 0 < sum(due()[place] for place in left if place[0] == "residual") <= 1400
    assert {one.cause for one in plan.uncovered} == {"station_full"}
    assert {tuple(one.fix["open"]) for one in plan.uncovered} == {("TS1",)}
    assert stations(plan)["TS1", "residual"]["out_kg"] == 2000


def test_a_day_with_more_waste(town: Path) -> None:
    """15 % more: 8,452 kg, each load rounded for itself, and nothing left or found."""
    plan = planned(town, tonnage=1.15)
    assert (plan.violations, plan.uncovered) == ((), ())
    assert collected(plan) == due(1.15)
    assert sum(row["in_kg"] for row in plan.indicators["stations"]) == sum(due(1.15).values())


def test_more_waste_than_trucks_take_is_told(town: Path) -> None:
    """Twice the waste: C1's 2,800 kg and 1,400 of kitchen waste; books in order all the same."""
    plan = planned(town, tonnage=2.0)
    assert plan.violations == ()
    assert collected(plan) == due(2.0)
    assert plan.uncovered
    assert all(one.cause and one.text and one.fix["text"] for one in plan.uncovered)


def test_the_day_after_begins_with_what_was_left(
    town: Path, plain: DayPlan, tmp_path: Path
) -> None:
    """1,000 kg of recyclables by the table, 2,050 after Wednesday; Thursday brings 1,050 more.

    That would be 3,100 kg in one container of 3,000: one of two stops is left, for want of room.
    """
    (tmp_path / WEDNESDAY).mkdir()
    write_plan(plain, tmp_path / WEDNESDAY)
    plan = planned(town, date=THURSDAY, history=tmp_path)
    assert plan.violations == ()
    assert plan.provenance["history"] == [WEDNESDAY]
    rows = stations(plan)
    assert rows["TS1", "recyclable"]["opening_kg"] == 2050
    assert rows["TS1", "residual"]["opening_kg"] == 0
    (left,) = plan.uncovered
    assert (left.duty.stream, left.cause) == ("recyclable", "station_full")
    assert rows["TS1", "recyclable"]["in_kg"] == 1050 - left.duty.load_kg
    assert stations(planned(town, date=THURSDAY))["TS1", "residual"]["opening_kg"] == 2000


def test_collection_alone_fills_the_stations(town: Path) -> None:
    """Nobody hauls: all is collected, and stands in the containers as far as the plan knows."""
    plan = planned(town, services=("collect",))
    assert (plan.violations, plan.uncovered) == ((), ())
    assert {run.service for run in plan.runs} == {"collect"}
    assert sum(row["out_kg"] for row in plan.indicators["stations"]) == 0


def test_haulage_alone_empties_what_stood_there(town: Path) -> None:
    """The morning's 2,000 kg of residual waste leave TS1; recyclables fill no container."""
    plan = planned(town, services=("haul",))
    assert (plan.violations, plan.uncovered) == ((), ())
    (move,) = moves_by_kind(plan.runs, "service", "haul")
    assert (move.place_id, move.stream, move.load_kg) == ("TS1", "residual", 2000)


def test_streets_and_waste_in_one_plan(town: Path, plain: DayPlan) -> None:
    """All services: nothing is found, and the streets' figures stand beside those of waste."""
    plan = planned(town, services=("wash", "sprinkle", "collect", "haul"), iterations=200)
    assert (plan.violations, plan.uncovered) == ((), ())
    assert collected(plan) == due()
    assert set(plan.indicators["service_totals"]) == {"street", "collect", "haul"}


def test_a_terminal_that_opens_too_late(tmp_path: Path) -> None:
    """E2 takes kitchen waste from 04:00 to 05:00, before any has come: its haul is told."""
    folder = write_wastedistrict(tmp_path / "town")

    def early(rows: Rows) -> Rows:
        hours = {"open": "04:00", "close": "05:00"}
        return [row | hours if row["terminal_id"] == "E2" else row for row in rows]

    edit_table(folder, "terminals", early)
    plan = planned(folder)
    assert plan.violations == ()
    assert collected(plan) == due()
    (left,) = plan.uncovered
    assert (left.duty.service, left.duty.stream, left.duty.load_kg) == ("haul", "kitchen", 2100)
    assert left.cause == "haul_hours"


def test_what_nobody_drives_is_not_hauled(town: Path) -> None:
    """Both helpers are away, and the compactor needs one: its loads stay where they are.

    Whatever the other trucks bring is hauled, and nothing that never came.
    """
    plan = planned(town, orders="driver_off,A1,,,\ndriver_off,A2,,,")
    assert plan.violations == ()
    assert collected(plan) == due()
    assert {one.cause for one in plan.uncovered} == {"helper"}
    assert {one.duty.stream for one in plan.uncovered} == {"residual"}
    assert "G1" not in {run.vehicle_id for run in plan.runs}
    left_kg = sum(one.duty.load_kg for one in plan.uncovered)
    rows = stations(plan)
    hauled_kg = sum(rows[name, "residual"]["out_kg"] for name in ("TS1", "TS2"))
    assert hauled_kg == 2000 + 4200 - left_kg
