"""The referee's own count of what is due agrees with the duties, section by section."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from minidistrict import write_minidistrict

from sanitation.audit import audit_plan
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties.sprinkling import sprinkling_duties
from sanitation.duties.sweeping import sweeping_duties
from sanitation.duties.washing import washing_duties
from sanitation.ground import CLASS
from sanitation.model import Duty, Section
from sanitation.sections import build_sections


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mini district's folder."""
    return write_minidistrict(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="module")
def sections(town: Path) -> tuple[Section, ...]:
    """The planner's sections of it."""
    from routes.osm import read_network

    district = read_district(town)
    classes = {way: CLASS[road.road_class] for road in district.roads for way in road.way_ids}
    network = read_network(district.network_file, roads=classes)
    return tuple(build_sections(district.roads, network, district.rules))


def idle_plan(
    town: Path, sections: tuple[Section, ...], date: str, **weather: Any
) -> dict[str, Any]:
    """A plan in which nobody goes out: every duty is uncovered or suspended."""
    district = read_district(town)
    day = conditions_of(date, district, **weather)
    due: list[dict[str, Any]] = []
    suspended: list[dict[str, Any]] = []
    for duties in (washing_duties, sprinkling_duties, sweeping_duties):
        open_work, stopped = duties(district, day, sections)
        due += [row(duty) | {"cause": "vehicles"} for duty in open_work]
        suspended += [row(entry.duty) | {"rule": entry.rule} for entry in stopped]
    recorded = {
        "season": day.season,
        "weather": day.weather,
        "tmin_c": day.tmin_c,
        "tmax_c": day.tmax_c,
        "hourly_c": [list(pair) for pair in day.hourly_c],
        "alerts": [list(pair) for pair in day.alerts],
        "active": list(day.active),
    }
    plan = {"schema": 1, "date": date, "conditions": recorded, "runs": []}
    return plan | {"uncovered": due, "suspended": suspended}


def row(duty: Duty) -> dict[str, Any]:
    """A duty as plan.json lists it."""
    return {
        "service": duty.service,
        "shift": duty.shift_id,
        "section": duty.section_id,
        "road": duty.road_id,
        "pass": duty.pass_no,
        "round": duty.round_no,
        "lane": duty.lane,
        "length_m": duty.length_m,
        "duty": duty.id,
    }


DAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("2026-07-15", {}),
    "hot and polluted": (
        "2026-07-15",
        {"tmin_c": 25, "tmax_c": 38, "alerts": [("pollution", "orange")]},
    ),
    "deep frost": ("2027-01-13", {"tmin_c": -8, "tmax_c": -1}),
    "snow in January": ("2027-01-13", {"weather": "snow"}),
    "frosty night, mild day": ("2026-11-12", {"tmin_c": -2, "tmax_c": 8}),
    "wet work at midday only": ("2026-11-12", {"tmin_c": 2, "tmax_c": 6}),
    "first of March": ("2026-03-01", {"tmin_c": 1, "tmax_c": 11}),
    "rain": ("2026-07-15", {"weather": "rain"}),
    "rainstorm and red alert": (
        "2026-07-15",
        {"alerts": [("rainstorm", "red"), ("pollution", "yellow"), ("pollution", "red")]},
    ),
}


@pytest.mark.parametrize("name", DAYS)
def test_all_duties_listed_are_all_that_is_due(
    name: str, town: Path, sections: tuple[Section, ...]
) -> None:
    """Nothing missing, nothing too much, every suspension by a rule that holds; one less is found.

    Two recounts that share no code: the planner's duties and the referee's due work.
    """
    date, weather = DAYS[name]
    plan = idle_plan(town, sections, date, **weather)
    assert audit_plan(plan, town) == ()
    del (plan["uncovered"] or plan["suspended"])[0]
    assert {violation.cause for violation in audit_plan(plan, town)} == {"pass_missing"}


@pytest.mark.parametrize(
    ("name", "rule", "cause"),
    [("plain", "cold", "suspended_wrong"), ("rain", "snow", "suspended_wrong")],
)
def test_suspension_needs_the_right_rule(
    name: str, rule: str, cause: str, town: Path, sections: tuple[Section, ...]
) -> None:
    """Work suspended by a rule that does not hold that day is found, wherever it comes from."""
    date, weather = DAYS[name]
    plan = idle_plan(town, sections, date, **weather)
    works = plan["uncovered"] or plan["suspended"]
    plan["suspended"] = [{**works[0], "rule": rule}, *plan["suspended"][1:]]
    plan["uncovered"] = plan["uncovered"][1:]
    assert {violation.cause for violation in audit_plan(plan, town)} == {cause}
