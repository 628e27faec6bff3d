"""Septic tanks on the district of septicdistrict.py: levels, what is due, and the plan of a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from septicdistrict import write_septicdistrict
from wastedistrict import WEDNESDAY

from routes.paths import UNREACHABLE
from routes.stop import Interrupted
from sanitation.archive import write_plan
from sanitation.district import read_district
from sanitation.duties.septic import DUE, EARLY, URGENT, loads_of, septic_duties, types_for
from sanitation.emptying import emptying_of, fewest_vacuum_trucks, truck_loads
from sanitation.export.handout import handout_of
from sanitation.export.sheets import Sheet, row_cells, total_fields
from sanitation.export.shown import summary_tables
from sanitation.export.table import render
from sanitation.ground import Ground, gateway, read_ground
from sanitation.model import DayPlan, District
from sanitation.options import Options
from sanitation.planner import plan_day
from sanitation.septic import Level, Part, levels_of, parts_of
from sanitation.stopload import stop_s

THURSDAY = "2026-07-16"
SERVED = ("T1/r1", "T1/r2", "T1/r3", "T2/r1")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[District, Ground]:
    folder = tmp_path_factory.mktemp("septic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(folder / "cache"))
        district = read_district(write_septicdistrict(folder / "district"))
        return district, read_ground(district)


@pytest.fixture(scope="module")
def wednesday(town: tuple[District, Ground], tmp_path_factory: pytest.TempPathFactory) -> DayPlan:
    return planned(town[0], tmp_path_factory.mktemp("history"))


def planned(district: District, history: Path, date: str = WEDNESDAY, **more: Any) -> DayPlan:
    chosen: dict[str, Any] = {"services": ("septic",), "iterations": 60} | more
    return plan_day(
        district,
        Options(date, **chosen),
        orders_path=None,
        history=history,
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )


def opening(district: District) -> dict[str, Level]:
    return levels_of(district, WEDNESDAY, [])[0]


def served(plan: DayPlan) -> list[str]:
    """Tank and number of every load in a run."""
    stops = (stop for run in plan.runs for stop in run.stops if stop.kind == "service")
    return sorted(f"{stop.site_id}/r{stop.round_no}" for stop in stops)


def row_of(plan: DayPlan, tank: str) -> dict[str, Any]:
    return next(row for row in plan.indicators["septic"] if row["tank"] == tank)


# What is due.


def test_due_before_the_limit_and_at_the_end_of_the_cycle(town: tuple[District, Ground]) -> None:
    """T1 is due in three loads, T2 in one; T3 with 8 days left and T4 with 130 are not."""
    district, _ = town
    duties = septic_duties(district, opening(district), rain=False, room=99)
    assert [(duty.id, duty.load_kg, duty.types) for duty in duties] == [
        ("septic/septic_day/T1/r1", 3000, ("vacuum",)),
        ("septic/septic_day/T1/r2", 3000, ("vacuum",)),
        ("septic/septic_day/T1/r3", 3000, ("vacuum",)),
        ("septic/septic_day/T2/r1", 2000, ("vacuum_s",)),
    ]
    assert {(duty.priority, duty.may_wait, duty.stream) for duty in duties} == {
        (DUE, False, "night_soil")
    }
    kinds = {kind.id: kind for kind in district.vehicle_types}
    assert [stop_s(kinds[duty.types[0]], duty) for duty in duties] == [870, 870, 870, 780]


@pytest.mark.parametrize(
    ("level_kg", "days", "priority"),
    [
        (8699, 0, None),
        (8700, 0, DUE),
        (9000, 0, DUE),
        (9001, 0, URGENT),
        (1, 89, None),
        (1, 90, DUE),
    ],
)
def test_first_day_that_it_is_due(
    town: tuple[District, Ground], level_kg: int, days: int, priority: int | None
) -> None:
    """T1 gets 300 kg a day and holds 9,600: due from 9,600 - 3 x 300 on, urgent above 9,600 - 600;
    else 90 days after it was emptied."""
    district, _ = town
    levels = {tank.id: Level(0, 0) for tank in district.septic_tanks}
    levels["T1"] = Level(level_kg, days)
    duties = septic_duties(district, levels, rain=False, room=99)
    assert {duty.priority for duty in duties} == (set() if priority is None else {priority})


@pytest.mark.parametrize(("room", "early"), [(6, 2), (5, 0)])
def test_rain_brings_forward_what_trucks_have_time_for(
    town: tuple[District, Ground], room: int, early: int
) -> None:
    """T3's two loads come beside the four that are due where there is room for six."""
    district, _ = town
    duties = septic_duties(district, opening(district), rain=True, room=room)
    waiting = [duty for duty in duties if duty.may_wait]
    assert len(duties) - len(waiting) == 4
    assert [(d.id, d.load_kg, d.priority) for d in waiting] == [
        ("septic/septic_day/T3/r1", 2500, EARLY),
        ("septic/septic_day/T3/r2", 2500, EARLY),
    ][:early]


def test_empty_tank_and_no_shift(town: tuple[District, Ground]) -> None:
    """Nothing is taken out of an empty tank, whatever its cycle, nor without a shift for it."""
    district, _ = town
    levels = {tank.id: Level(0, 9999) for tank in district.septic_tanks}
    assert septic_duties(district, levels, rain=True, room=99) == ()
    shifts = tuple(shift for shift in district.shifts if shift.id != "septic_day")
    without = replace(district, shifts=shifts)
    assert septic_duties(without, opening(district), rain=False, room=99) == ()


def test_equal_loads(town: tuple[District, Ground]) -> None:
    """10,000 kg are three loads that differ by a kilogram; 2,001 kg are too much for V2 at once."""
    district, _ = town
    kinds = types_for(district, narrow=False)
    assert [kind.id for kind in kinds] == ["vacuum", "vacuum_s"]
    assert [kg for kg, _ in loads_of(10_000, kinds)] == [3333, 3333, 3334]
    assert loads_of(2000, kinds) == ((2000, ("vacuum", "vacuum_s")),)
    assert loads_of(2001, kinds) == ((2001, ("vacuum",)),)
    assert [kg for kg, _ in loads_of(2001, types_for(district, narrow=True))] == [1000, 1001]


# From day to day.


def test_levels_follow_from_the_plan_before(
    town: tuple[District, Ground], wednesday: DayPlan
) -> None:
    """On Thursday T1 has the 0.3 m³ of Wednesday, emptied a day ago; on Saturday two days more.

    T3 was not emptied: 5 + 0.5 m³ on Thursday, 6.5 on Saturday, 10 + 3 days after.
    """
    district, _ = town
    thursday, day = levels_of(district, THURSDAY, [wednesday])
    assert day == WEDNESDAY
    assert (thursday["T1"], thursday["T3"]) == (Level(300, 1), Level(5500, 11))
    saturday, _ = levels_of(district, "2026-07-18", [wednesday])
    assert (saturday["T1"], saturday["T3"]) == (Level(900, 3), Level(6500, 13))


def test_plan_without_tanks_is_passed_over(
    town: tuple[District, Ground], wednesday: DayPlan
) -> None:
    """Thursday's plan was made for other services: Friday follows from Wednesday's."""
    district, _ = town
    other = replace(wednesday, date=THURSDAY, indicators={}, runs=())
    friday, day = levels_of(district, "2026-07-17", [other, wednesday])
    assert (day, friday["T1"]) == (WEDNESDAY, Level(600, 2))


def test_tank_that_was_emptied_in_part(town: tuple[District, Ground], wednesday: DayPlan) -> None:
    """A load of T1 is not taken: it keeps its days, and 3,300 kg."""
    district, _ = town
    rows = [dict(row) for row in wednesday.indicators["septic"]]
    rows[0] |= {"taken_m3": 6.0, "closing_m3": 3.3}
    before = replace(wednesday, indicators={"septic": rows})
    assert levels_of(district, THURSDAY, [before])[0]["T1"] == Level(3300, 31)


# The way to the plant.


def test_way_to_the_plant_leads_by_a_depot(town: tuple[District, Ground]) -> None:
    """From T1 (node 8) by D2 (node 9), from T2 (node 1) by D2 too: longer streets, a shorter way.

    8 to 9 is 72 s; back from 9 to 8, too. From 1 by 4 (72 s) and 1,500 s it would be longer.
    """
    district, ground = town
    plant = ground.place["E3"]
    for tank in ("T1", "T2", "T3", "T4"):
        here = ground.place[tank]
        assert gateway(district, ground, here, plant).place_id == "D2"
        assert gateway(district, ground, here, plant, back=True).place_id == "D2"
    here, gate = ground.place["T1"], ground.place["D2"]
    assert ground.time_s[here, plant] == ground.time_s[here, gate] + 900
    assert ground.dist_m[here, plant] == ground.dist_m[here, gate] + 9000 == 9400
    assert ground.time_s[plant, ground.place["D1"]] == 900 + ground.time_s[gate, ground.place["D1"]]
    # Hook-lifts still have the ways of the table alone.
    assert ground.time_s[here, ground.place["E1"]] == UNREACHABLE


def test_tank_stands_where_its_site_does(town: tuple[District, Ground]) -> None:
    """T2 is at C4, T1 at the toilet WC2 beside node 8."""
    _, ground = town
    assert ground.place["T2"] == ground.place["C4"]
    assert ground.network.node_ids[ground.node["T1"]] == 8


# The plan of a day.


def test_plan_of_a_day(wednesday: DayPlan) -> None:
    """Every due load is taken and brought to the plant, without a finding."""
    assert wednesday.violations == ()
    assert wednesday.uncovered == ()
    assert served(wednesday) == list(SERVED)
    assert row_of(wednesday, "T1") == {
        "tank": "T1", "opening_m3": 9.0, "inflow_m3": 0.3, "taken_m3": 9.0, "closing_m3": 0.3,
        "limit_m3": 9.6, "since_days": 30,
    }  # fmt: skip
    assert row_of(wednesday, "T4")["closing_m3"] == 3.1
    unloads = [stop for run in wednesday.runs for stop in run.stops if stop.kind == "unload"]
    assert {stop.facility for stop in unloads} == {"E3"}
    assert all(run.stops[-2].kind in ("transfer", "rest") for run in wednesday.runs)
    assert "stations" not in wednesday.indicators


def test_rows_to_the_plant_and_back(wednesday: DayPlan) -> None:
    """V1: by street to D2, outside to the plant, and back; the rows' loads and metres."""
    run = next(run for run in wednesday.runs if run.vehicle_id == "V1")
    first = next(i for i, stop in enumerate(run.stops) if stop.kind == "service")
    rows = run.stops[first : first + 5]
    assert [(stop.kind, stop.facility, stop.load_kg) for stop in rows[:4]] == [
        ("service", "", 3000), ("travel", "D2", 3000), ("transfer", "E3", 3000),
        ("unload", "E3", 0),
    ]  # fmt: skip
    assert [stop.length_m for stop in rows[1:3]] == [400, 9000]
    back = next(stop for stop in run.stops[first + 4 :] if stop.kind != "rest")
    assert (back.kind, back.facility, back.length_m) == ("transfer", "D2", 9000)


def test_next_day_follows_and_is_empty(
    town: tuple[District, Ground], wednesday: DayPlan, tmp_path: Path
) -> None:
    """On Thursday T1 and T2 are nearly empty: nothing is due, and the levels roll on."""
    write_plan(wednesday, tmp_path / WEDNESDAY)
    plan = planned(town[0], tmp_path, THURSDAY)
    assert (plan.runs, plan.violations, plan.uncovered) == ((), (), ())
    assert [row_of(plan, "T1")[key] for key in ("opening_m3", "closing_m3")] == [0.3, 0.6]
    assert any(WEDNESDAY in note for note in plan.indicators["notes"])


def test_after_a_day_of_rain(town: tuple[District, Ground], tmp_path: Path) -> None:
    """Rain on Wednesday: T3 is emptied early that day or, where it could not, on Thursday."""
    rainy = planned(town[0], tmp_path, weather="rain")
    assert served(rainy) == [*SERVED, "T3/r1", "T3/r2"]
    assert rainy.violations == ()
    dry = replace(planned(town[0], tmp_path), conditions=rainy.conditions)
    write_plan(dry, tmp_path / WEDNESDAY)
    after = planned(town[0], tmp_path, THURSDAY)
    assert served(after) == ["T3/r1", "T3/r2"]  # 5.5 m³, seven days left
    assert after.violations == ()


def test_what_may_wait_is_not_uncovered(town: tuple[District, Ground], tmp_path: Path) -> None:
    """Without the large truck T1 can't be taken and T2 can; T3, for which it rains, waits."""
    district, ground = town
    vehicles = tuple(vehicle for vehicle in district.vehicles if vehicle.id != "V1")
    plan = planned(replace(district, vehicles=vehicles), tmp_path, weather="rain")
    assert {one.duty.site_id for one in plan.uncovered} == {"T1"}
    assert {one.cause for one in plan.uncovered} == {"vehicles"}
    emptying = emptying_of(district, ground, WEDNESDAY, "rain", [], district.vehicles)
    assert emptying.may_wait == {"septic/septic_day/T3/r1", "septic/septic_day/T3/r2"}


def test_too_little_time_says_why_and_what_helps(
    town: tuple[District, Ground], tmp_path: Path
) -> None:
    """In a shift of 08:00-10:00 V1 takes two of T1's three loads; overtime covers the third.

    A trip to the plant and back to T1 takes 870 + 72 + 900 + 720 + 900 + 72 s, nearly an hour.
    """
    district, _ = town
    shifts = tuple(
        replace(shift, end_s=10 * 3600) if shift.id == "septic_day" else shift
        for shift in district.shifts
    )
    plan = planned(replace(district, shifts=shifts), tmp_path)
    left = [one for one in plan.uncovered if one.duty.site_id == "T1"]
    assert left
    assert {one.cause for one in left} <= {"vehicles", "bays"}
    assert all(one.fix.get("text") for one in left)


def test_room_and_bound(town: tuple[District, Ground]) -> None:
    """What trucks can do, and how many a day's loads need, by hand.

    Times to the plant and back by D2: T1 and T4 (node 8) 972 + 972 s, T2 and T3 farther. V1 has
    8 h less 1,200 s of rest: 27,600 s. A bound: four loads take 3 x 870 + 780 = 3,390 s; none is
    brought away and tipped in less than 972 + 720 s. One truck does that.
    """
    district, ground = town
    duties = septic_duties(district, opening(district), rain=False, room=0)
    assert fewest_vacuum_trucks(district, ground, duties) == 1
    assert fewest_vacuum_trucks(district, ground, ()) == 0
    # 27,600 s are 10 loads of 870 + 972 + 720 s and 972 s back, but for the last way back:
    # n (27,600 - 1,692 + 2,664) >= 11 x 870 + 11 x 2,664 = 38,874 needs two.
    assert fewest_vacuum_trucks(district, ground, (duties[0],) * 10) == 2
    assert fewest_vacuum_trucks(district, ground, (duties[0],) * 7) == 1
    none = truck_loads(district, ground, ())
    one = truck_loads(district, ground, [v for v in district.vehicles if v.id == "V1"])
    both = truck_loads(district, ground, district.vehicles)
    assert none == 0 < one < both


def test_waste_is_collected_as_without_septic_tanks(
    town: tuple[District, Ground], wednesday: DayPlan, tmp_path: Path
) -> None:
    """Vacuum trucks meet nobody at a station: the stops of all runs are those of plans apart.

    The balance of stations and the tonnes of other streams know nothing of night soil.
    """
    district, _ = town
    waste = planned(district, tmp_path, services=("collect", "haul"))
    both = planned(district, tmp_path, services=("collect", "haul", "septic"))
    assert both.violations == ()
    apart = {run.id: run.stops for run in (*waste.runs, *wednesday.runs)}
    assert {run.id: run.stops for run in both.runs} == apart
    assert both.indicators["stations"] == waste.indicators["stations"]
    assert both.indicators["septic"] == wednesday.indicators["septic"]
    streams = {row["stream"]: row for row in both.indicators["totals"]["streams"]}
    assert streams["night_soil"]["load_t"] == 11.0


# What a crew and an office see.


def sheet_of(district: District, plan: DayPlan, vehicle: str, lang: str) -> Sheet:
    run = next(run for run in plan.runs if run.vehicle_id == vehicle)
    (sheet,) = handout_of(district, plan).sheets(lang, [run])
    return sheet


def test_sheet_tells_level_load_and_plant(
    town: tuple[District, Ground], wednesday: DayPlan
) -> None:
    """V1 finds 9, 6 and 3 m³ in T1 and takes three each: 1/3, 2/3, 3/3; each goes to the plant."""
    sheet = sheet_of(town[0], wednesday, "V1", "zh")
    columns = sheet.form.columns
    assert columns[2:8] == ("site", "site_id", "level", "part", "pumped", "on_board")
    cells = [row_cells(row, sheet.form) for row in sheet.rows if row.kind == "service"]
    assert [line[1:8] for line in cells] == [
        ("吸粪", "南街公厕", "T1", "9.00", "1/3", "3.00", "3000"),
        ("吸粪", "南街公厕", "T1", "6.00", "2/3", "3.00", "3000"),
        ("吸粪", "南街公厕", "T1", "3.00", "3/3", "3.00", "3000"),
    ]
    assert sheet.totals.unloads == ("E3 粪便处理厂 粪污 3,000 kg",) * 3
    assert ("吸取量", "9.00 m³") in total_fields(sheet)
    assert dict(sheet.header)["出车检查"].startswith("□灯光")
    english = sheet_of(town[0], wednesday, "V1", "en")
    assert [row.title for row in english.rows if row.kind == "service"] == ["Pump out"] * 3


def test_parts_count_what_is_left(wednesday: DayPlan) -> None:
    """T2's load is 1/1 of 2,000 kg; loads are counted in the order in which they are taken."""
    parts = parts_of(wednesday)
    assert parts["septic/septic_day/T2/r1"] == Part(2000, 1, 1)
    assert {(part.before_kg, part.number) for key, part in parts.items() if "T1" in key} == {
        (9000, 1), (6000, 2), (3000, 3),
    }  # fmt: skip


def test_summary_in_both_languages(wednesday: DayPlan) -> None:
    """Loads and tonnes of night soil are in the summary, and how many trucks could do."""
    for lang, words in (("zh", ("化粪池清掏", "粪污")), ("en", ("septic emptying", "night soil"))):
        text = "\n".join(
            render(table, 200, False) for table in summary_tables(wednesday.indicators, lang)
        )
        assert all(word in text for word in words)
        assert "11.0" in text
    notes = wednesday.indicators["notes"]
    assert any("4 loads, 2 trucks, no fewer than" in note for note in notes)
    assert any("T3, 5.50 m³, 61% of its limit" in note for note in notes)  # of 9 m³
