"""The referee on litter bins: a good plan passes, each fault is named by its cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bindistrict import write_bindistrict
from binplan import GOOD, good_plan, listed, recommand
from goodplan import last, run_of, stop_of

from sanitation.audit import audit_plan
from sanitation.district import read_district

Plan = dict[str, Any]
R21B, R21F = (("empty", section, 1, 1) for section in ("R2-1B", "R2-1F"))
R42F = ("empty", "R4-2F", 1, 1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the district of bindistrict.py."""
    return write_bindistrict(tmp_path_factory.mktemp("bins"))


def causes(plan: Any, town: Path) -> set[str]:
    """The causes of everything that the referee finds."""
    return {violation.cause for violation in audit_plan(plan, town)}


def stop_at(plan: Plan, run: str, section: str) -> Plan:
    """The first stop at a section in a run."""
    stops = run_of(plan, run)["stops"]
    return next(stop for stop in stops if stop.get("section") == section)


# Bins of rounds and sections.


def a_bin_forgotten() -> Plan:
    """Ten of the eleven bins of R2-1B in round 1: 40 of the road's 41."""
    return recommand("B1", (R21B, ((*R21B, 10),)))


def a_section_left_out() -> Plan:
    """Nobody empties R4-2F in its only round: three of four bins."""
    return recommand("B1", (R42F, ()))


def a_bin_too_many() -> Plan:
    """Two bins at R4-2F, where one stands."""
    return recommand("B1", (R42F, ((*R42F, 2),)))


def a_section_twice() -> Plan:
    """R4-2F once more in the same round."""
    return recommand("B1", (("unload", "TS1"), (R42F, ("unload", "TS1"))))


def a_round_too_many() -> Plan:
    """Round 3 of R2, where two are due."""
    return recommand("B1", (("unload", "TS1"), (("empty", "R2-1F", 3, 1), ("unload", "TS1"))))


def bins_where_none_stand() -> Plan:
    """Two bins at R3, which has none."""
    return recommand("B1", (("unload", "TS1"), (("empty", "R3-1F", 1, 1, 2), ("unload", "TS1"))))


def bins_of_another_section() -> Plan:
    """16 bins of R2-1B and 5 of R2-1F: 41 with the rest, but a quarter of the road has 10 or 11."""
    return recommand("B1", (R21B, ((*R21B, 16),)), (R21F, ((*R21F, 5),)))


def listed_as_well() -> Plan:
    """R4-2F is emptied, and listed as uncovered too."""
    plan = good_plan()
    plan["uncovered"].append(listed("R4-2F", cause="vehicles", text="", fix={}))
    return plan


def suspended_by_rain() -> Plan:
    """R4-2F left out for rain, which stops no bin."""
    plan = a_section_left_out()
    plan["conditions"]["weather"] = "rain"
    plan["suspended"].append(listed("R4-2F", rule="rain", text=""))
    return plan


# Kilograms.


def too_heavy() -> Plan:
    """Two kilograms more on board than the bins give, until the station."""
    plan = good_plan()
    for stop in run_of(plan, "B2")["stops"][3:]:
        if stop["kind"] != "unload" and stop["load_kg"]:
            stop["load_kg"] += 2
    return plan


def listed_too_heavy() -> Plan:
    """R4-2F is uncovered with 5 kg, its one bin has 3."""
    plan = a_section_left_out()
    plan["uncovered"].append(listed("R4-2F", load_kg=5, cause="vehicles", text="", fix={}))
    return plan


def comes_home_loaded() -> Plan:
    """B2 drives home with what it took on after TS2."""
    return recommand("B2", (("unload", "TS1"), ()))


def no_bin_at_all() -> Plan:
    """A pass over R3-1F that empties nothing."""
    return recommand("B1", (("unload", "TS1"), (("empty", "R3-1F", 1, 1, 0), ("unload", "TS1"))))


def another_stream() -> Plan:
    """What comes out of the bins of R6 is called kitchen waste."""
    plan = good_plan()
    stop_at(plan, "B2", "R6-2F")["stream"] = "kitchen"
    return plan


def unknown_stream() -> Plan:
    """The last bins give glass, which the district does not know."""
    plan = good_plan()
    [*_, stop] = (s for s in run_of(plan, "B2")["stops"] if s["kind"] == "service")
    stop["stream"] = "glass"
    return plan


# Time and place.


def too_fast() -> Plan:
    """R5-2B with five bins in 200 s, not 220."""
    plan = good_plan()
    last(plan, "B2", stop_at(plan, "B2", "R5-2B"), -20)
    return plan


def too_slow() -> Plan:
    """R5-2B in 450 s, more than twice 220."""
    plan = good_plan()
    last(plan, "B2", stop_at(plan, "B2", "R5-2B"), 230)
    return plan


def unloads_too_fast() -> Plan:
    """Five minutes in the bay of TS2, not ten."""
    plan = good_plan()
    last(plan, "B2", stop_of(plan, "B2", "unload"), -300)
    return plan


def second_round_too_early() -> Plan:
    """The second round of R2 begins before 09:00."""
    return recommand("B1", (("until", 9 * 3600), ()))


def another_duty() -> Plan:
    """The duty of a pass is that of round 2."""
    plan = good_plan()
    stop_at(plan, "B2", "R5-2B")["duty"] = "bins/bins_am/R5-2B/r2p1"
    return plan


def station_is_shut() -> Plan:
    """TS2 is closed for the day."""
    plan = good_plan()
    plan["provenance"]["options"]["closed"] = ["TS2"]
    return plan


def fills_water() -> Plan:
    """A truck with a load has no tank to fill."""
    plan = good_plan()
    stop_of(plan, "B2", "unload")["kind"] = "fill"
    return plan


def wrong_truck() -> Plan:
    """A compactor empties litter bins."""
    plan = good_plan()
    run_of(plan, "B1")["vehicle"] = "G2"
    return plan


def without_bins() -> Plan:
    """A pass does not say how many bins it empties."""
    plan = good_plan()
    del stop_at(plan, "B2", "R5-2B")["bins"]
    return plan


def both_at_one_bay() -> Plan:
    """B2 unloads at TS1, which has one bay, when B1 does."""
    plan = good_plan()
    first, second = (
        datetime.fromisoformat(stop_of(plan, run, "unload", index)["start"])
        for run, index in (("B1", 0), ("B2", 1))
    )
    late_s = round((first - second).total_seconds())
    return good_plan(GOOD | {"B2": replace(GOOD["B2"], start_s=GOOD["B2"].start_s + late_s)})


MUTATIONS: dict[Callable[[], Plan], str] = {
    a_bin_forgotten: "pass_missing",
    a_section_left_out: "pass_missing",
    a_bin_too_many: "over_served",
    a_section_twice: "served_twice",
    a_round_too_many: "over_served",
    bins_where_none_stand: "over_served",
    bins_of_another_section: "load",
    listed_as_well: "over_served",
    suspended_by_rain: "suspended_wrong",
    too_heavy: "load",
    listed_too_heavy: "load",
    comes_home_loaded: "load",
    another_stream: "stream",
    unknown_stream: "unknown_id",
    too_fast: "too_fast",
    too_slow: "too_slow",
    unloads_too_fast: "too_fast",
    second_round_too_early: "window",
    another_duty: "unknown_id",
    station_is_shut: "closed",
    fills_water: "format",
    wrong_truck: "vehicle_status",
    without_bins: "format",
    both_at_one_bay: "bays",
}


def test_good_plan_has_no_violation(town: Path) -> None:
    """Two runs empty 125 bins and bring 375 kg to two stations without a finding."""
    plan = good_plan()
    stops = [stop for run in plan["runs"] for stop in run["stops"]]
    assert sum(stop.get("bins", 0) for stop in stops) == 125
    assert audit_plan(plan, town) == ()


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutation_is_named_by_its_cause_alone(mutate: Callable[[], Plan], town: Path) -> None:
    """One fault, one cause."""
    assert causes(mutate(), town) == {MUTATIONS[mutate]}


def test_a_pass_without_bins_is_no_work(town: Path) -> None:
    """It takes nothing on, and the road has nothing due: both are said."""
    assert causes(no_bin_at_all(), town) == {"load", "over_served"}


def test_weather_stops_no_bin(town: Path) -> None:
    """In rain and frost everything is due and done all the same."""
    plan = good_plan()
    plan["conditions"]["weather"] = "rain"
    plan["conditions"]["hourly_c"] = [[hour, -5] for hour in range(-2, 24)]
    assert audit_plan(plan, town) == ()


def test_uncovered_bins_are_accounted_for(town: Path) -> None:
    """R4-2F is in no run and listed with its one bin."""
    plan = a_section_left_out()
    plan["uncovered"].append(listed("R4-2F", cause="vehicles", text="", fix={}))
    assert audit_plan(plan, town) == ()


def test_litter_counts_in_the_stations(town: Path) -> None:
    """TS2 takes in 12 bins of B2, TS1 its other 27 and the 86 of B1; 2,000 kg are there before."""
    figures = {
        ("TS1", "residual"): (2000, 339, 6000),
        ("TS1", "kitchen"): (0, 0, 3000),
        ("TS1", "recyclable"): (1000, 0, 3000),
        ("TS2", "residual"): (0, 36, 3000),
    }
    plan = good_plan()
    plan["indicators"]["stations"] = rows = [
        {"station": station, "stream": stream, "opening_kg": opening, "in_kg": came, "out_kg": 0}
        | {"closing_kg": opening + came, "most_kg": opening + came, "room_kg": room}
        for (station, stream), (opening, came, room) in figures.items()
    ]
    assert audit_plan(plan, town) == ()
    rows[0]["in_kg"] = 258
    assert causes(plan, town) == {"indicators"}


def changed(tmp_path: Path, table: str, before: str, after: str) -> Path:
    """The district with some text of a table replaced."""
    folder = write_bindistrict(tmp_path / "town")
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    read_district(folder)
    return folder


@pytest.mark.parametrize(
    ("table", "before", "after", "cause"),
    [
        # 258 kg on B1 with a payload of 250 kg
        ("vehicle_types", ",400,residual,", ",250,residual,", "load"),
        # B1 unloads at about 09:50
        ("stations", "06:00,22:00", "10:30,22:00", "closed"),
        # 41 are emptied in each round
        ("roads", ",41", ",42", "pass_missing"),
    ],
    ids=["payload", "hours", "a bin more on the road"],
)
def test_tables_decide(tmp_path: Path, table: str, before: str, after: str, cause: str) -> None:
    """The same plan on a district with one figure changed."""
    assert causes(good_plan(), changed(tmp_path, table, before, after)) == {cause}


def test_nothing_is_due_unless_asked_for(town: Path) -> None:
    """A plan of washing alone owes no bins; an older plan, which names no services, neither."""
    for services in (["collect"], None):
        plan = good_plan({})
        plan["provenance"]["options"] = {"services": services, "tonnage": 0} if services else {}
        bins = [v for v in audit_plan(plan, town) if "bins" in v.text]
        assert bins == []
    plan["provenance"]["options"] = {"services": ["bins"]}
    assert {v.cause for v in audit_plan(plan, town)} == {"pass_missing"}
    assert len(audit_plan(plan, town)) == 6  # R1, two rounds of R2, R4, R5, R6
