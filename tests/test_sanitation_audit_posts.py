"""The referee on attended toilets: a good day passes, each fault is named by its cause alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from postdistrict import COLD, SUMMER, WARM, write_postdistrict

from sanitation.audit import CAUSES, audit_plan

Plan = dict[str, Any]
HOURS = {
    "night": ("22:00", "06:00"),
    "morning": ("06:00", "14:00"),
    "midday": ("10:00", "18:00"),
    "afternoon": ("14:00", "22:00"),
}
# Who is where on the Wednesday of the summer; see postdistrict.py.
DAY = {
    ("WC1", "night"): "K1", ("WC1", "morning"): "K2", ("WC1", "midday"): "K3",
    ("WC1", "afternoon"): "K4", ("WC3", "night"): "K6", ("WC3", "morning"): "K7",
    ("WC3", "afternoon"): "K8",
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_postdistrict(tmp_path_factory.mktemp("posts") / "town")


def posted(toilet: str, post: str, *people: str, date: str = SUMMER) -> Plan:
    start, end = HOURS[post]
    eve = f"{date[:-2]}{int(date[-2:]) - 1:02d}" if post == "night" else date
    return {
        "toilet": toilet,
        "post": post,
        "start": f"{eve}T{start}:00+08:00",
        "end": f"{date}T{end}:00+08:00",
        "needed": 1,
        "attendants": list(people),
    }


def good_plan() -> Plan:
    """Seven posts of a summer day, all of them staffed, with their figures."""
    totals = {"toilets": 2, "due": 7, "staffed": 7, "needed": 7, "filled": 7, "missing": 0}
    one = {"post": "midday", "toilets": 1, "due": 1, "staffed": 1, "needed": 1, "filled": 1}
    return {
        "schema": 1,
        "date": SUMMER,
        "district": {"id": "mini", "name": "小区", "model": True, "utc_offset": "+08:00"},
        "seed": 1,
        "conditions": {
            "season": "warm",
            "weather": "clear",
            "tmin_c": 23,
            "tmax_c": 31,
            "hourly_c": [[hour, 25] for hour in range(-2, 24)],
            "alerts": [],
            "active": ["plain"],
        },
        "indicators": {"posts": {"totals": totals, "by_post": [one]}},
        "runs": [],
        "posts": [posted(*key, who) for key, who in DAY.items()],
        "uncovered": [],
        "suspended": [],
        "violations": [],
        "provenance": {"options": {"services": ["toilet"]}},
    }


def _post(plan: Plan, toilet: str, post: str) -> Plan:
    """The row to break; figures would break with it."""
    plan["indicators"].pop("posts", None)
    (found,) = (p for p in plan["posts"] if (p["toilet"], p["post"]) == (toilet, post))
    return found


def post_left_out() -> Plan:
    """WC3 has no afternoon."""
    plan = good_plan()
    plan["posts"].remove(_post(plan, "WC3", "afternoon"))
    return plan


def post_without_people() -> Plan:
    """Nobody is at WC3 in the afternoon, and it does not say so."""
    plan = good_plan()
    _post(plan, "WC3", "afternoon")["attendants"] = []
    return plan


def fewer_needed_than_the_table_says() -> Plan:
    """It says that nobody is needed."""
    plan = good_plan()
    _post(plan, "WC3", "afternoon").update(attendants=[], needed=0)
    return plan


def more_needed_than_the_table_says() -> Plan:
    """One is there, as the table asks, but it says that two are needed."""
    plan = good_plan()
    _post(plan, "WC3", "afternoon")["needed"] = 2
    return plan


def more_missing_than_there_are() -> Plan:
    """One is there and one is said to be missing, of one."""
    plan = good_plan()
    _post(plan, "WC3", "afternoon")["missing"] = 1
    return plan


def two_for_one() -> Plan:
    """K3 leaves midday, which says that it lacks one, and is with K4 in the afternoon."""
    plan = good_plan()
    _post(plan, "WC1", "midday").update(attendants=[], missing=1)
    _post(plan, "WC1", "afternoon")["attendants"] = ["K4", "K3"]
    return plan


def not_open_then() -> Plan:
    """WC3 has a second attendant at midday, as only toilets open all year have."""
    plan = good_plan()
    plan["posts"].append(posted("WC3", "midday"))
    plan["indicators"].pop("posts")
    return plan


def the_same_post_twice() -> Plan:
    """WC3's afternoon is there twice, once without people."""
    plan = good_plan()
    plan["posts"].append(posted("WC3", "afternoon"))
    plan["indicators"].pop("posts")
    return plan


def comes_an_hour_late() -> Plan:
    """WC1's morning begins at 07:00."""
    plan = good_plan()
    _post(plan, "WC1", "morning")["start"] = f"{SUMMER}T07:00:00+08:00"
    return plan


def in_two_toilets() -> Plan:
    """K2 has both toilets' mornings."""
    plan = good_plan()
    _post(plan, "WC3", "morning")["attendants"] = ["K2"]
    return plan


def night_and_afternoon() -> Plan:
    """K1 leaves at 06:00 and comes again at 14:00: 16 h of work."""
    plan = good_plan()
    _post(plan, "WC1", "afternoon")["attendants"] = ["K1"]
    return plan


def on_the_day_of_rest() -> Plan:
    """K5 rests on Wednesdays."""
    plan = good_plan()
    _post(plan, "WC1", "afternoon")["attendants"] = ["K5"]
    return plan


def sent_home_by_an_order() -> Plan:
    """An order takes K4 off."""
    plan = good_plan()
    order = {"kind": "driver_off", "target": "K4", "outcome": "obeyed"}
    plan["provenance"]["orders"] = [order]
    return plan


def unknown_attendant() -> Plan:
    """There is no K44."""
    plan = good_plan()
    _post(plan, "WC1", "afternoon")["attendants"] = ["K44"]
    return plan


def wrong_totals() -> Plan:
    """Eight posts due."""
    plan = good_plan()
    plan["indicators"]["posts"]["totals"]["due"] = 8
    return plan


def wrong_row() -> Plan:
    """Nobody at midday."""
    plan = good_plan()
    plan["indicators"]["posts"]["by_post"][0]["filled"] = 0
    return plan


def no_list_of_people() -> Plan:
    """A name instead of a list."""
    plan = good_plan()
    _post(plan, "WC1", "afternoon")["attendants"] = "K4"
    return plan


def no_time() -> Plan:
    """The end is missing."""
    plan = good_plan()
    del _post(plan, "WC1", "afternoon")["end"]
    return plan


MUTATIONS: dict[Callable[[], Plan], str] = {
    post_left_out: "staffing",
    post_without_people: "staffing",
    fewer_needed_than_the_table_says: "staffing",
    more_needed_than_the_table_says: "staffing",
    more_missing_than_there_are: "staffing",
    two_for_one: "over_served",
    not_open_then: "over_served",
    the_same_post_twice: "served_twice",
    comes_an_hour_late: "window",
    night_and_afternoon: "driver_work",
    on_the_day_of_rest: "driver_rest_day",
    sent_home_by_an_order: "driver_rest_day",
    unknown_attendant: "unknown_id",
    wrong_totals: "indicators",
    wrong_row: "indicators",
    no_list_of_people: "format",
    no_time: "format",
}


def causes(plan: Plan, town: Path) -> list[str]:
    return [violation.cause for violation in audit_plan(plan, town)]


def test_good_day_has_no_violation(town: Path) -> None:
    """Seven people, seven posts."""
    assert audit_plan(good_plan(), town) == ()


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutation_is_named_by_its_cause_alone(mutate: Callable[[], Plan], town: Path) -> None:
    """One fault, one finding, of one cause."""
    assert causes(mutate(), town) == [MUTATIONS[mutate]]
    assert MUTATIONS[mutate] in CAUSES


def test_in_two_places_at_once(tmp_path: Path) -> None:
    """K2 has both mornings, which is 16 h of work too, unless a day may have as many."""
    town = write_postdistrict(tmp_path / "town")
    assert sorted(causes(in_two_toilets(), town)) == ["driver_twice", "driver_work"]
    with (town / "rules.csv").open("a", encoding="utf-8") as file:
        file.write("duty_day_work_s,57600,s,sixteen hours,default\n")
    assert causes(in_two_toilets(), town) == ["driver_twice"]
    text = audit_plan(in_two_toilets(), town)[0].text
    assert "K2 在 06:00:00 同时在 WC1/morning 和 WC3/morning" in text
    assert "K2 is at WC1/morning and WC3/morning at 06:00:00" in text


def test_unknown_toilet_and_post(town: Path) -> None:
    """Names that the tables do not have; of them nothing is due either."""
    for key, name in (("toilet", "WC9"), ("post", "evening")):
        plan = good_plan()
        del plan["indicators"]["posts"]
        plan["posts"].append(posted("WC1", "night") | {key: name})
        found = causes(plan, town)
        assert sorted(found) == ["over_served", "unknown_id"]


def test_what_is_missing_and_says_so_is_no_fault(town: Path) -> None:
    """K8 is ill: the afternoon of WC3 lacks one, as listed."""
    plan = good_plan()
    _post(plan, "WC3", "afternoon").update(attendants=[], missing=1, text="?", fix={})
    assert audit_plan(plan, town) == ()


@pytest.mark.parametrize("date", [WARM, COLD])
def test_other_seasons_have_fewer_posts(date: str, town: Path) -> None:
    """In spring WC3's night is too much, in winter the midday too; the rest is right."""
    plan = good_plan()
    plan["date"] = date
    del plan["indicators"]["posts"]
    plan["posts"] = [posted(*key, who, date=date) for key, who in DAY.items()]
    if date == COLD:
        plan["conditions"] |= {"season": "cold", "active": ["cold_sweep", "plain"]}
    too_much = {("WC3", "night")} | ({("WC1", "midday")} if date == COLD else set())
    assert causes(plan, town) == ["over_served"] * len(too_much)
    kept = copy.deepcopy(plan)
    kept["posts"] = [p for p in plan["posts"] if (p["toilet"], p["post"]) not in too_much]
    assert audit_plan(kept, town) == ()


def test_who_did_not_ask_for_toilets(town: Path) -> None:
    """Another service: no post is due, and one that is there is too much."""
    plan = good_plan()
    plan["provenance"]["options"] = {"services": ["haul"]}
    del plan["indicators"]["posts"]
    assert causes(plan, town) == ["over_served"] * 7
    plan["posts"] = []
    assert audit_plan(plan, town) == ()


def test_a_plan_that_does_not_say_what_it_was_asked_for(town: Path) -> None:
    """With posts it was asked for them, and lacks one; an older plan knows nothing of them."""
    plan = post_left_out()
    plan["provenance"] = {}
    assert "staffing" in causes(plan, town)
    del plan["posts"]
    assert "staffing" not in causes(plan, town)


def test_a_row_that_cannot_be_read_hides_no_other(town: Path) -> None:
    """With a faulty row no post is looked for, but what is there is judged."""
    plan = no_time()
    _post(plan, "WC3", "morning")["attendants"] = ["K9"]
    assert sorted(causes(plan, town)) == ["driver_rest_day", "format"]
