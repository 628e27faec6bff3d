"""The planner on the small district with rounds: every visit made, and what is left explained.

On a plain Wednesday sixteen visits are due at four toilets; see rounddistrict.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rounddistrict import write_rounddistrict
from shuffled import edit_table, plan_folder

from routes.paths import UNREACHABLE
from sanitation.archive import plan_dict, plan_of, plan_text, write_plan
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties.toilets import toilet_duties
from sanitation.ground import Ground, read_ground
from sanitation.jobs import share_out
from sanitation.model import DayPlan, District
from sanitation.rounds import fewest_crews
from sanitation.stopload import ROUND_METRE, ROUND_SHARED, build_stop_workload
from sanitation.workload import travel_between, travel_s

ON_FOOT = ("WC4", "WC5")


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rounddistrict(tmp_path_factory.mktemp("planner") / "town")


@pytest.fixture(scope="module")
def ground(town: Path) -> tuple[District, Ground]:
    district = read_district(town)
    return district, read_ground(district)


def planned(folder: Path, **options: Any) -> DayPlan:
    chosen: dict[str, Any] = {"services": ("toilet",), "iterations": 200}
    return plan_folder(folder, **(chosen | options))


def visits(plan: DayPlan) -> dict[str, list[tuple[int, int]]]:
    """Start and end of the visits of each toilet, in order."""
    found: dict[str, list[tuple[int, int]]] = {}
    for run in plan.runs:
        for stop in run.stops:
            if stop.kind == "service":
                found.setdefault(stop.site_id, []).append((stop.start_s, stop.end_s))
    return {site: sorted(times) for site, times in found.items()}


@pytest.fixture(scope="module")
def plain(town: Path) -> DayPlan:
    return planned(town)


def test_every_visit_is_made_in_time_and_apart(plain: DayPlan) -> None:
    """Five and three visits, each in its window, half the interval apart; 1,260 s by van."""
    assert (plain.violations, plain.uncovered, plain.suspended) == ((), (), ())
    found = visits(plain)
    assert {site: len(times) for site, times in found.items()} == {
        "WC2": 5, "WC3": 3, "WC4": 5, "WC5": 3,
    }  # fmt: skip
    for site, least_s in (("WC2", 5760), ("WC3", 9600), ("WC4", 5760), ("WC5", 9600)):
        assert all(b[0] - a[1] >= least_s for a, b in pairwise(found[site]))
    assert 40_800 <= found["WC2"][2][0] <= found["WC2"][2][1] <= 44_640
    assert {end - start for start, end in found["WC2"]} == {1260}
    assert {end - start for start, end in found["WC4"]} == {1200}


def test_who_walks_takes_a_walker_s_time(plain: DayPlan) -> None:
    """Every way on foot takes 320 s for 400 m; those of the van are quicker."""
    ways = [
        (run.vehicle_id[:2], stop.end_s - stop.start_s, stop.length_m)
        for run in plain.runs
        for stop in run.stops
        if stop.kind in ("travel", "return") and stop.length_m
    ]
    assert {seconds / metres for kind, seconds, metres in ways if kind == "TF"} == {0.8}
    assert all(seconds / metres < 0.3 for kind, seconds, metres in ways if kind == "TV")


def test_figures_of_a_plain_day(plain: DayPlan) -> None:
    """16 visits in four rows; of a day the least spacing is that of class 2, of a shift its own."""
    rows = {row["shift"]: row for row in plain.indicators["by_service_shift"]}
    assert {key: (row["due_stops"], row["stops"], row["sites"]) for key, row in rows.items()} == {
        "van_am": (5, 5, 2), "foot_am": (5, 5, 2), "van_pm": (3, 3, 2), "foot_pm": (3, 3, 2),
    }  # fmt: skip
    total = plain.indicators["service_totals"]["toilet"]
    least_s = min(b[0] - a[1] for times in visits(plain).values() for a, b in pairwise(times))
    assert total["least_gap_min"] == round(least_s / 60, 1)
    assert total["due_stops"] == total["stops"] == 16
    assert "streams" not in plain.indicators["totals"]
    assert any("crews, no fewer than 1 could" in note for note in plain.indicators["notes"])


def test_plan_is_kept_and_the_same_again(plain: DayPlan, town: Path, tmp_path: Path) -> None:
    """Stops of rounds have no litres and no kilograms; document and bytes are repeatable."""
    document = plan_dict(plain)
    for run in document["runs"]:
        for stop in run["stops"]:
            assert not {"water_l", "dirty_l", "load_kg"} & stop.keys()
            assert ("round" in stop) == ("site" in stop) == (stop["kind"] == "service")
    assert plan_dict(plan_of(document)) == document
    assert plan_text(planned(town)) == plan_text(plain)


def test_next_day_goes_on_from_the_day_before(plain: DayPlan, town: Path, tmp_path: Path) -> None:
    """Thursday's plan begins with Wednesday's rounds: the same vehicle for each visit."""
    write_plan(plain, tmp_path / plain.date)
    after = planned(town, date="2026-07-16", history=tmp_path)
    assert (after.violations, after.uncovered) == ((), ())

    def hands(plan: DayPlan) -> dict[str, str]:
        return {s.duty_id: r.vehicle_id for r in plan.runs for s in r.stops if s.kind == "service"}

    assert hands(after) == hands(plain)


def test_event_day(town: Path) -> None:
    """6 and 4 visits; the option and the condition are in the plan."""
    plan = planned(town, event=True)
    assert plan.violations == ()
    assert {site: len(times) for site, times in visits(plan).items()} == {
        "WC2": 6, "WC3": 4, "WC4": 6, "WC5": 4,
    }  # fmt: skip
    assert "event" in plan.conditions["active"]
    assert plan.provenance["options"]["event"] is True


def test_nobody_is_on_foot_in_the_heat(town: Path) -> None:
    """At 38 degrees walkers are in from 12:00 to 15:00; the referee agrees."""
    plan = planned(town, tmax_c=38.0)
    assert plan.violations == ()
    for run in plan.runs:
        if run.vehicle_id.startswith("TF"):
            assert run.end_s <= 43_200 or run.start_s >= 54_000
    assert len(visits(plan)["WC2"]) == 6  # by van


def test_without_crews_the_visits_are_uncovered(town: Path) -> None:
    """No van may go out: eight visits, why, and the van that would do."""
    plan = planned(town, fleet=(("van", 0),))
    assert plan.violations == ()
    assert {u.duty.site_id for u in plan.uncovered} == {"WC2", "WC3"}
    assert len(plan.uncovered) == 8
    assert {u.cause for u in plan.uncovered} == {"no_vehicle"}
    texts = {u.text for u in plan.uncovered}
    assert any("toilet/van_am, 0 out, 5 次 visits" in text for text in texts)
    assert {u.fix["fleet"]["van"] for u in plan.uncovered} == {1}


def test_a_day_of_all_services_has_its_rounds(town: Path) -> None:
    """Beside washing and sprinkling: rounds are apart in the totals, streets without them."""
    plan = planned(town, services=("wash", "sprinkle", "toilet"))
    assert plan.violations == ()
    assert set(plan.indicators["service_totals"]) == {"street", "toilet"}
    assert plan.indicators["service_totals"]["street"]["vehicles"] <= 5


def test_problem_of_a_shift(ground: tuple[District, Ground]) -> None:
    """No loads, no facilities; ways at a walker's pace; visits of a toilet belong together."""
    district, _ = ground
    due, _ = toilet_duties(district, conditions_of("2026-07-15", district), ())
    duties = [duty for duty in due if duty.shift_id == "foot_am"]
    walkers = [vehicle for vehicle in district.vehicles if vehicle.type_id == "foot"]
    workload = build_stop_workload(*ground, duties, walkers)
    problem = workload.problem
    assert (problem.demand.shape, len(problem.restore_in)) == ((5, 0), 0)
    assert not workload.loaded
    assert problem.service_s[:, 0].tolist() == [1200, 1200, 1200, 780, 780]
    assert (problem.weights.distance, problem.weights.split_group) == (ROUND_METRE, ROUND_SHARED)
    assert len(set(problem.group.tolist())) == 2
    assert problem.group[0] == problem.group[1] == problem.group[2]
    # WC4 at node 1 and WC5 at node 7 are two blocks apart, 640 s on foot; D1 is between them.
    assert sorted(problem.time_s[0].tolist()) == [0, 320, 640]
    assert problem.shift_s[0].tolist() == [21_600, 50_400]


def test_speeds_do_not_mix(ground: tuple[District, Ground]) -> None:
    """One matrix holds for one speed only; where there is no way there is none on foot."""
    district, streets = ground
    kinds = {kind.id: kind for kind in district.vehicle_types}
    places = np.array([streets.place["WC4"], streets.place["WC5"]])
    with pytest.raises(ValueError, match="different speeds in one job: van, foot"):
        travel_between(streets, places, [kinds["van"], kinds["foot"]])
    time_s, dist_m = travel_between(streets, places, [kinds["van"]])
    assert (time_s[0, 1], dist_m[0, 1]) == (144, 800)
    lost = np.array([[UNREACHABLE]], dtype=np.int32)
    assert travel_s(kinds["foot"], lost, lost).tolist() == [[UNREACHABLE]]


def test_fewest_crews_of_a_shift(ground: tuple[District, Ground]) -> None:
    """Five visits on foot of 10,800 s each, and at least 320 s of way to each, are 55,600 s; two
    walkers have 2 x (28,800 - 1,200) = 55,200 s."""
    district, streets = ground
    due, _ = toilet_duties(district, conditions_of("2026-07-15", district), ())
    duties = [duty for duty in due if duty.shift_id == "foot_am"]
    assert fewest_crews(district, streets, duties) == {"foot_am": 1}
    much = [replace(duty, work_s=10_800) for duty in duties]
    assert fewest_crews(district, streets, much) == {"foot_am": 3}
    assert fewest_crews(district, streets, much[:4]) == {"foot_am": 2}
    assert fewest_crews(district, streets, ()) == {}


def test_crews_come_from_the_point_that_is_near(ground: tuple[District, Ground]) -> None:
    """A van stands at each depot; one goes out for the five early visits, no walker with it."""
    district, streets = ground
    due, _ = toilet_duties(district, conditions_of("2026-07-15", district), ())
    jobs = share_out(district, streets, due, district.vehicles, {}, {})
    out = {job.key[1]: [vehicle.id for vehicle in job.vehicles] for job in jobs}
    assert set(out) == {"van_am", "van_pm", "foot_am", "foot_pm"}
    assert all(len(ids) == 1 for ids in out.values())
    assert {ids[0][:2] for shift, ids in out.items() if shift.startswith("foot")} == {"TF"}


def test_shuffled_rows_make_the_same_rounds(plain: DayPlan, tmp_path: Path) -> None:
    """The order of the tables' rows does not matter."""
    folder = write_rounddistrict(tmp_path / "town")
    for table in ("toilets", "toilet_standards", "shifts", "vehicles"):
        edit_table(folder, table, lambda rows: rows[::-1])
    assert visits(planned(folder)) == visits(plain)
