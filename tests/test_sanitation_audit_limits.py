"""The referee on a day's limits: closed stations, more or less waste, and the stock of before."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from goodplan import run_of, stop_of
from wastedistrict import write_wastedistrict
from wasteplan import GOOD, good_plan, listed, rescript

from sanitation.audit import audit_plan
from sanitation.district import read_district
from sanitation.duties.collection import pickups_of

Plan = dict[str, Any]
DATE = "2026-07-15"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wastedistrict(tmp_path_factory.mktemp("waste"))


def asked(plan: Plan, **options: Any) -> Plan:
    """The plan with more options."""
    plan = deepcopy(plan)
    plan["provenance"]["options"] |= options
    return plan


def found(plan: Plan, town: Path) -> list[tuple[str, str, int]]:
    """Cause, run and stop of everything that the referee finds."""
    return [(one.cause, one.run_id, one.stop) for one in audit_plan(plan, town)]


# Closed stations: at TS2 only K1 unloads, its twelfth stop, and H2 hauls from there.


def test_nothing_is_unloaded_at_a_closed_station(town: Path) -> None:
    """K1's visit to TS2 is named, H2's haul from there is not; nor is anybody at TS1."""
    plan = asked(good_plan(), closed=["TS2"])
    assert run_of(plan, "K1")["stops"][12]["facility"] == "TS2"
    assert found(plan, town) == [("closed", "K1", 12)]
    text = audit_plan(plan, town)[0].text
    assert "unloads at TS2, which is closed for the day" in text


def test_each_unloading_at_a_closed_station_is_named(town: Path) -> None:
    """Five times at TS1: K1 and K2 once each, Q1 twice, Y1 once."""
    plan = asked(good_plan(), closed=["TS1"])
    assert [(cause, run) for cause, run, _ in found(plan, town)] == [
        ("closed", run) for run in ("K1", "K2", "Q1", "Q1", "Y1")
    ]


@pytest.mark.parametrize("closed", [[], ["TS9"], ["E1"]])
def test_other_names_close_nothing(closed: list[str], town: Path) -> None:
    """No station, one that there is not, and a terminal, which stays open."""
    assert found(asked(good_plan(), closed=closed), town) == []


def test_what_a_closed_station_would_take_may_be_left(town: Path) -> None:
    """K1 goes home without C3, which is listed; H2 without its haul of what C3 would bring."""
    at = GOOD["K1"].commands.index(("collect", "C3", "residual"))
    plan = rescript("K1", commands=GOOD["K1"].commands[:at])
    plan["runs"] = [run for run in plan["runs"] if run["id"] != "H2"]
    kitchen = (*GOOD["H2"].commands[:3], ("transfer", "D2"))
    plan["runs"].append(run_of(rescript("H2", commands=kitchen), "H2"))
    plan["indicators"] = {}
    row = listed("collect", "collect_am", "C3", "residual")
    plan["uncovered"] = [row | {"cause": "station_full"}]
    assert found(asked(plan, closed=["TS2"]), town) == []


# More waste: 7 x 100 and 7 x 50 kg of recyclables a week are 805 and 402 kg at 1.15.


def more_waste() -> Plan:
    """A plan of Y1 and its list alone, at 1.15: everything else is listed with its kilograms."""
    plan = good_plan({})
    plan["provenance"]["options"] |= {"services": ["collect"], "tonnage": 1.15}
    plan["uncovered"] = [
        listed("collect", shift, site, stream, load_kg=kg, bins=bins) | {"cause": "vehicles"}
        for shift, stream, loads in (
            ("collect_am", "residual", {"C1": (1610, 23), "C2": (805, 12), "C3": (1610, 23)}),
            ("collect_am", "residual", {"C4": (805, 12)}),
            ("kitchen_am", "kitchen", {"C1": (805, 12), "C2": (402, 6), "C3": (805, 12)}),
            ("kitchen_am", "kitchen", {"C4": (402, 6)}),
            ("recycle_am", "recyclable", {"C1": (805, 12), "C2": (402, 6)}),
        )
        for site, (kg, bins) in loads.items()
    ]
    return plan


def test_more_waste_is_due_by_the_tonnage(town: Path) -> None:
    """Whole kilograms of the product and bins rounded up: 402.5 kg are 402 (to even), in 6 bins."""
    assert found(more_waste(), town) == []
    one_less = more_waste()
    one_less["uncovered"][0]["load_kg"] -= 1
    assert found(one_less, town) == [("load", "", -1)]


def test_the_planner_and_the_referee_agree_on_what_is_due(town: Path) -> None:
    """At odd shares of the tables every load of the planner's is the referee's."""
    district = read_district(town)
    for tonnage in (0.1, 0.333, 1.0, 1.15, 2.0 / 3, 7.77):
        plan = good_plan({})
        plan["provenance"]["options"] |= {"services": ["collect"], "tonnage": tonnage}
        plan["uncovered"] = [
            listed("collect", p.times[0][0], p.community_id, p.stream, load_kg=p.load_kg)
            | {"bins": p.bins, "cause": "vehicles"}
            for p in pickups_of(district, DATE, tonnage)
        ]
        assert len(plan["uncovered"]) == 10
        assert found(plan, town) == []


def test_the_tables_waste_is_not_that_of_a_busy_day(town: Path) -> None:
    """At 1.15 every one of the ten visits takes too little; the hauls are as they were."""
    causes = [cause for cause, *_ in found(asked(good_plan(), tonnage=1.15), town)]
    assert causes.count("load") == 10


def test_nothing_is_due_at_a_tonnage_of_nothing(town: Path) -> None:
    """All ten visits are too many; without them there is nothing to be found."""
    plan = asked(good_plan(), services=["collect"], tonnage=0)
    assert [cause for cause, *_ in found(plan, town)].count("over_served") == 10 + 4
    empty = good_plan({})
    assert found(asked(empty, services=["collect"], tonnage=0), town) == []


@pytest.mark.parametrize(
    "options", [{"tonnage": "1"}, {"tonnage": -1}, {"tonnage": True}, {"closed": "TS1"},
                {"closed": [1]}]
)  # fmt: skip
def test_limits_that_cannot_be_read(options: Plan, town: Path) -> None:
    """A value of the wrong type is a fault of form, and neither closes nor adds anything."""
    assert found(asked(good_plan(), **options), town) == [("format", "", -1)]


# The stock at 00:00. By the table TS1 has 1,000 kg of recyclables, of which none are hauled.


def with_opening(kg: Any, history: Any) -> Plan:
    """The good plan with another opening stock of TS1's recyclables, figures added up."""
    plan = good_plan()
    row = plan["indicators"]["stations"][1]
    assert (row["station"], row["stream"], row["opening_kg"]) == ("TS1", "recyclable", 1000)
    if isinstance(kg, int):
        row |= {name: row[name] + kg - 1000 for name in ("closing_kg", "most_kg")}
    row["opening_kg"] = kg
    plan["provenance"]["history"] = history
    return plan


@pytest.mark.parametrize("kg", [0, 400, 1000, 1950])
def test_stock_of_the_day_before_is_believed(kg: int, town: Path) -> None:
    """Any stock from an empty container to one that is full with the day's 1,050 kg."""
    assert found(with_opening(kg, ["2026-07-14"]), town) == []


@pytest.mark.parametrize("history", [None, [], "none: hours and pairs start fresh", [1]])
def test_without_a_day_before_the_stock_is_the_table_s(history: Any, town: Path) -> None:
    """400 kg instead of 1,000: opening, closing and highest stock are wrong by 600 kg."""
    assert found(with_opening(400, history), town) == [("indicators", "", -1)] * 3
    assert found(with_opening(1000, history), town) == []


@pytest.mark.parametrize(("kg", "wrong"), [(-1, 3), (3001, 3), ("400", 1), (True, 1), (None, 1)])
def test_stock_that_cannot_be_is_not_believed(kg: Any, wrong: int, town: Path) -> None:
    """Less than nothing, more than one container holds, or no number: the table's is taken."""
    plan = with_opening(kg, ["2026-07-14"])
    if kg is True:  # an int to Python, but no kilograms
        plan["indicators"]["stations"][1] |= {"closing_kg": 2050, "most_kg": 2050}
    assert found(plan, town) == [("indicators", "", -1)] * wrong


def test_stock_of_the_day_before_counts_in_the_containers(town: Path) -> None:
    """2,500 kg were left of the day before: with 1,050 more they are 550 too many."""
    plan = with_opening(2500, ["2026-07-14"])
    assert [cause for cause, *_ in found(plan, town)] == ["containers"]
    assert (
        "3550 kg in the containers of TS1/recyclable, 550 kg more" in audit_plan(plan, town)[0].text
    )


def test_less_stock_than_stated_cannot_be_hauled(town: Path) -> None:
    """1,800 kg of residual waste were there, not 2,000: H1 takes 200 kg more than came in."""
    plan = good_plan()
    row = plan["indicators"]["stations"][2]
    row |= {"opening_kg": 1800, "closing_kg": -200, "most_kg": 4600}
    plan["provenance"]["history"] = ["2026-07-14"]
    assert [cause for cause, *_ in found(plan, town)] == ["containers"]


def test_a_station_without_figures_has_the_table_s_stock(town: Path) -> None:
    """A plan with a history that says nothing of its stations is judged by the table."""
    plan = good_plan()
    del plan["indicators"]["stations"]
    plan["provenance"]["history"] = ["2026-07-14"]
    assert found(plan, town) == []
    assert stop_of(plan, "H1", "service")["load_kg"] == 3000
