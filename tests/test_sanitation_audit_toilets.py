"""The referee on rounds of toilets: a good plan passes, each fault is named by its cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from goodplan import last, run_of, stop_of
from rounddistrict import write_rounddistrict
from roundplan import GOOD, good_plan, listed, recommand, rescript

from sanitation.audit import CAUSES, audit_plan

Plan = dict[str, Any]
LAST = ("clean", "WC2", 5)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rounddistrict(tmp_path_factory.mktemp("rounds"))


def changed_town(tmp_path: Path, table: str, before: str, after: str) -> Path:
    """The district with some text of a table replaced."""
    folder = write_rounddistrict(tmp_path / "town")
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def causes(plan: Any, town: Path) -> set[str]:
    return {violation.cause for violation in audit_plan(plan, town)}


def test_good_plan_has_no_violation(town: Path) -> None:
    """Four runs make the sixteen visits of four toilets without a finding."""
    plan = good_plan()
    visits = [s["site"] for run in plan["runs"] for s in run["stops"] if s["kind"] == "service"]
    assert sorted(visits) == ["WC2"] * 5 + ["WC3"] * 3 + ["WC4"] * 5 + ["WC5"] * 3
    assert audit_plan(plan, town) == ()


# One fault each.


def left_out() -> Plan:
    """Nobody comes to WC2 for the fifth time."""
    return recommand("V2", (LAST, ()))


def too_soon() -> Plan:
    """WC2's second visit begins 5,068 s after the first ends at 22,932; 5,760 must lie between."""
    return recommand("V1", (("until", 31_200), ()), (("rest", 30_800), (("rest", 28_000),)))


def done_twice() -> Plan:
    """WC3's third visit is made again 9,600 s later."""
    return recommand("V2", (LAST, (LAST, ("until", 66_840), ("clean", "WC3", 3))))


def once_too_often() -> Plan:
    """WC3 has three visits a day, not four."""
    return recommand("V2", (LAST, (LAST, ("until", 66_840), ("clean", "WC3", 4))))


def an_attended_one() -> Plan:
    """Nobody goes round WC1."""
    return recommand("V2", (LAST, (LAST, ("clean", "WC1", 1))))


def in_another_shift() -> Plan:
    """WC2's fourth visit is made in the early shift, long enough after its third."""
    early, late = GOOD["V1"].commands, GOOD["V2"].commands[2:]
    changed = {"V1": (*early, ("until", 47_900), ("clean", "WC2", 4)), "V2": late}
    runs = [rescript(name, commands=commands) for name, commands in changed.items()]
    plan = good_plan()
    plan["runs"] = [run_of(runs[0], "V1"), run_of(runs[1], "V2"), *plan["runs"][:2]]
    return plan


def by_the_van() -> Plan:
    """A van makes the rounds that are made on foot."""
    return rescript("F1", vehicle="TV2")


def elsewhere() -> Plan:
    """WC3 (node 2) is cleaned from node 5."""
    return recommand("V1", (("clean", "WC3", 1), (("go", 5), ("clean", "WC3", 1, 5))))


def unknown_toilet() -> Plan:
    """There is no WC9; WC1's work fills the time."""
    plan = an_attended_one()
    stop = next(s for s in run_of(plan, "V2")["stops"] if s.get("site") == "WC1")
    stop.update(site="WC9", duty="toilet/van_pm/WC9/r1")
    return plan


def another_duty() -> Plan:
    """The duty's id is of another visit than its row."""
    plan = good_plan()
    stop_of(plan, "V1", "service")["duty"] = "toilet/van_am/WC2/r2"
    return plan


def cleaned_too_fast() -> Plan:
    """The last visit takes 1,200 s, without the 60 s of parking."""
    plan = good_plan()
    last(plan, "V2", stop_of(plan, "V2", "service", 2), -60)
    return plan


def cleaned_too_slowly() -> Plan:
    """The last visit takes 2,600 s, more than twice 1,260."""
    plan = good_plan()
    last(plan, "V2", stop_of(plan, "V2", "service", 2), 1340)
    return plan


def runs_home() -> Plan:
    """Who walks is home, 400 m away, after 310 s, not 320; streets would allow 72 s."""
    plan = good_plan()
    last(plan, "F2", stop_of(plan, "F2", "return"), -10)
    return plan


def no_rest() -> Plan:
    """V2 waits in place of its first rest: 50,400 to 64,000 are 13,600 s, then on to 66,132."""
    return recommand(
        "V2",
        (("rest", 55_600), (("until", 55_600),)),
        (("rest", 64_000), (("until", 64_000),)),
    )


def late_home() -> Plan:
    """F1, of another walker and from 06:04, is out until 14:03:20."""
    commands = (*GOOD["F1"].commands, ("rest", 50_280))
    return rescript("F1", vehicle="TF2", start_s=21_840, commands=commands)


def done_and_listed() -> Plan:
    plan = good_plan()
    plan["uncovered"] = [listed("van_am", "WC2", 1) | {"cause": "vehicles", "text": "?"}]
    return plan


def listed_but_not_due() -> Plan:
    plan = good_plan()
    plan["uncovered"] = [listed("van_pm", "WC3", 4) | {"cause": "vehicles", "text": "?"}]
    return plan


def suspended_in_no_heat() -> Plan:
    """A maximum of 26 degrees stops nobody."""
    plan = recommand("F2", (("clean", "WC4", 4), ()))
    plan["suspended"] = [listed("foot_pm", "WC4", 4) | {"rule": "foot_ban", "text": "?"}]
    return plan


def no_number() -> Plan:
    plan = good_plan()
    del stop_of(plan, "V1", "service")["round"]
    return plan


def fills_water() -> Plan:
    """A crew has no tank to fill."""
    plan = good_plan()
    stop_of(plan, "V1", "wait").update(kind="fill", facility="F1")
    return plan


MUTATIONS: dict[Callable[[], Plan], str] = {
    left_out: "pass_missing",
    too_soon: "spacing",
    done_twice: "served_twice",
    once_too_often: "over_served",
    an_attended_one: "over_served",
    in_another_shift: "window",
    by_the_van: "access",
    elsewhere: "disconnected",
    unknown_toilet: "unknown_id",
    another_duty: "unknown_id",
    cleaned_too_fast: "too_fast",
    cleaned_too_slowly: "too_slow",
    runs_home: "too_fast",
    no_rest: "rest_missing",
    late_home: "shift",
    done_and_listed: "over_served",
    listed_but_not_due: "over_served",
    suspended_in_no_heat: "suspended_wrong",
    no_number: "format",
    fills_water: "format",
}


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutation_is_named_by_its_cause_alone(mutate: Callable[[], Plan], town: Path) -> None:
    """One fault, one cause."""
    assert causes(mutate(), town) == {MUTATIONS[mutate]}
    assert MUTATIONS[mutate] in CAUSES


def test_spacing_says_how_much_is_missing(town: Path) -> None:
    (found,) = audit_plan(too_soon(), town)
    assert "WC2 is visited 5068 s after the visit before, at least 5760 s must lie" in found.text


def test_half_the_interval_is_enough(town: Path) -> None:
    """The second visit 5,760 s after the first ends: 28,692. A second less is too soon."""
    for start_s, found in ((28_692, set()), (28_691, {"spacing"})):
        plan = recommand("V1", (("until", 31_200), ()), (("rest", 30_800), (("rest", start_s),)))
        assert causes(plan, town) == found


def test_uncovered_visit_adds_up(town: Path) -> None:
    """A visit that is listed as uncovered is not missed."""
    plan = left_out()
    plan["uncovered"] = [listed("van_pm", "WC2", 5) | {"cause": "vehicles", "text": "?"}]
    assert audit_plan(plan, town) == ()


def test_event_brings_visits(town: Path) -> None:
    """On an event day class 2 has 3 + 3 visits and class 3 2 + 2: four are missing, and the
    recorded conditions lack the event."""
    plan = good_plan()
    plan["provenance"]["options"]["event"] = True
    found = [v for v in audit_plan(plan, town) if v.cause != "window"]
    assert [v.cause for v in found if v.cause != "conditions"] == ["pass_missing"] * 4
    assert len(found) == 5
    plan["conditions"]["active"] = ["event", "plain"]
    assert "conditions" not in causes(plan, town)


def test_an_event_that_nobody_asked_for(town: Path) -> None:
    """A plan that records an event without the option records what does not follow."""
    plan = good_plan()
    plan["conditions"]["active"] = ["event", "plain"]
    assert causes(plan, town) == {"conditions"}


def test_nobody_walks_in_the_heat(tmp_path: Path) -> None:
    """At 38 degrees (rows for heat hold from 39 here) nobody is on foot from 12:00 to 15:00.

    F2 sets out at 14:00 for WC4 and has done its fourth visit by 14:25:20; the way on to WC5 falls
    into the ban too: 320 + 1,200 + 640 s. F1 is home at 11:45.
    """
    town = changed_town(tmp_path, "rules", "heat_c,35", "heat_c,39")
    plan = good_plan()
    plan["conditions"]["tmax_c"] = 38
    (found,) = audit_plan(plan, town)
    assert (found.cause, found.run_id, found.stop) == ("foot_ban", "F2", 1)
    assert "on foot for 2160 s of 12:00:00-15:00:00" in found.text


def test_a_visit_on_foot_may_be_suspended_in_the_heat(tmp_path: Path) -> None:
    """WC4's fourth visit has the share 14:00-18:00, which the ban meets; its fifth has not."""
    town = changed_town(tmp_path, "rules", "heat_c,35", "heat_c,39")
    for number, found in ((4, set()), (5, {"suspended_wrong"})):
        gone = ("clean", "WC4", number)
        commands = tuple(c for c in GOOD["F2"].commands if c != gone)
        start_s = 54_100 if number == 4 else 54_000
        commands = commands if number == 4 else (("clean", "WC4", 4), *commands[3:])
        plan = rescript("F2", start_s=start_s, commands=commands)
        plan["conditions"]["tmax_c"] = 38
        plan["suspended"] = [listed("foot_pm", "WC4", number) | {"rule": "foot_ban", "text": "?"}]
        assert causes(plan, town) == found


def test_red_alert_keeps_walkers_in_all_day(town: Path) -> None:
    """06:00 to 20:00 at a red alert: both walkers are named once each."""
    plan = good_plan()
    plan["conditions"]["alerts"] = [["heat", "red"]]
    found = [v.run_id for v in audit_plan(plan, town) if v.cause == "foot_ban"]
    assert found == ["F1", "F2"]


def test_nothing_is_due_without_the_service(town: Path) -> None:
    """A plan that was asked for washing alone owes no visits, and may not make any."""
    plan = good_plan()
    plan["provenance"]["options"] = {"services": ["wash"]}
    assert "over_served" in causes(plan, town)
