"""Litter bins: what is due on the district of bindistrict.py, and how it goes out and home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bindistrict import write_bindistrict
from binplan import bins_of

from routes.stop import Interrupted
from sanitation.balance import moves_of
from sanitation.binload import fewest_bin_trucks, kept_kg, litter_room
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.duties.bins import shares
from sanitation.export.shown import summary_tables
from sanitation.export.table import Table
from sanitation.ground import Ground, read_ground
from sanitation.history import memory_of
from sanitation.indicators import deadhead_s
from sanitation.model import DayPlan, District, Duty, Suspended
from sanitation.options import Options
from sanitation.planjson import plan_text
from sanitation.planner import plan_day
from sanitation.workload import build_workload

DAY = "2026-07-15"
H = 3600


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_bindistrict(tmp_path_factory.mktemp("bins")))


@pytest.fixture(scope="module")
def ground(town: District) -> Ground:
    return read_ground(town)


def due_on(
    town: District, ground: Ground, weather: str = "clear", date: str = DAY
) -> tuple[tuple[Duty, ...], tuple[Suspended, ...]]:
    conditions = conditions_of(date, town, weather=weather)
    return duties_of(town, conditions, ground.sections, ["bins"])


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (41, [400, 400, 400, 400], [11, 10, 10, 10]),
        (9, [400, 400, 400, 400], [3, 2, 2, 2]),
        (10, [400, 200], [7, 3]),  # 6.67 and 3.33
        (1, [300, 301], [0, 1]),
        (0, [300, 301], [0, 0]),
    ],
)
def test_shares(total: int, weights: list[int], expected: list[int]) -> None:
    """Whole bins in proportion, largest remainders first, that sum to the total."""
    assert shares(total, weights) == expected


def test_bins_of_every_round(town: District, ground: Ground) -> None:
    """24 passes: 4 of R1, R4 and R5 each, twice 4 of R2, 4 of R6; each with its share of bins."""
    due, suspended = due_on(town, ground)
    assert suspended == ()
    assert len(due) == 4 + 2 * 4 + 4 + 4 + 4
    for duty in due:
        section = duty.section_id.replace("-0", "-")
        assert duty.bins == bins_of(section, duty.pass_no), duty.id
        assert duty.load_kg == 3 * duty.bins
        assert (duty.stream, duty.site_id) == ("residual", "")
    assert {duty.road_id for duty in due} == {"R1", "R2", "R4", "R5", "R6"}
    rounds = {
        duty.round_no: (duty.windows[0].start_s, duty.windows[0].end_s)
        for duty in due
        if duty.road_id == "R2"
    }
    assert rounds == {1: (6 * H, 9 * H), 2: (9 * H, 12 * H)}


@pytest.mark.parametrize(("weather", "date"), [("rain", DAY), ("snow", "2026-01-14")])
def test_no_weather_stops_bins(town: District, ground: Ground, weather: str, date: str) -> None:
    """Rain in July and snow in January: the same bins."""
    due, suspended = due_on(town, ground, weather, date)
    assert (sum(duty.bins for duty in due), suspended) == (125, ())


def test_a_round_that_does_not_fit_is_suspended(town: District, ground: Ground) -> None:
    """In four hours there is no room for two rounds of 2.5 h: R2's second one, 41 bins."""
    shifts = tuple(
        replace(shift, end_s=10 * H) if shift.id == "bins_am" else shift for shift in town.shifts
    )
    due, suspended = due_on(replace(town, shifts=shifts), ground)
    assert sum(duty.bins for duty in due) == 84
    assert {one.rule for one in suspended} == {"short_window"}
    assert sum(one.duty.bins for one in suspended) == 41


def test_workload_carries_kilograms(town: District, ground: Ground) -> None:
    """A pass of 400 m at 12 km/h takes 120 s and 20 s a bin; trucks hold 400 kg and end empty."""
    due, _ = due_on(town, ground)
    trucks = [vehicle for vehicle in town.vehicles if vehicle.type_id == "bin_truck"]
    workload = build_workload(town, ground, due, trucks, room_kg={"TS2": 400})
    problem = workload.problem
    assert workload.loaded
    assert [visit.dump for visit in workload.visits] == ["TS2"]
    assert problem.capacity.tolist() == [[400], [400]]
    assert problem.demand[:, 0].sum() == 375
    assert problem.restore_window_s is not None
    assert problem.restore_window_s.tolist() == [[6 * H, 22 * H]]
    task = next(t for t, duty in enumerate(workload.duties) if duty.bins == 11)
    assert problem.service_s[task, 0] == 120 + 220


def test_room_is_kept_on_the_way_home(town: District, ground: Ground) -> None:
    """What lies nearer to D1 goes to TS1, two blocks from it; 375 kg are a load of 400 kg each."""
    due, _ = due_on(town, ground)
    rooms = litter_room(town, ground, due)
    assert rooms == {("bins", "bins_am"): {"TS1": 400, "TS2": 400}}
    assert kept_kg({**rooms, ("bins", "late"): {"TS1": 800}}) == {"TS1": 1200, "TS2": 400}
    assert litter_room(town, ground, []) == {}


def test_fewest_trucks(town: District, ground: Ground) -> None:
    """24 passes x 120 s + 125 bins x 20 s + one unloading of 600 s are 5,980 s: one truck.

    With bins that take 400 s the two rounds of R2 have 41 x 400 + 480 = 16,880 s each, in three
    hours: two trucks; all takes 53,480 s of the 20,400 s that a truck can work in the shift: three.
    """
    due, _ = due_on(town, ground)
    assert fewest_bin_trucks(town, due) == 1
    slow = tuple(
        replace(kind, bin_s=400.0) if kind.id == "bin_truck" else kind
        for kind in town.vehicle_types
    )
    slower = replace(town, vehicle_types=slow)
    assert fewest_bin_trucks(slower, due) == 3
    assert fewest_bin_trucks(slower, [duty for duty in due if duty.round_no == 2]) == 2
    assert fewest_bin_trucks(town, []) == 0


@pytest.fixture(scope="module")
def plan(town: District) -> DayPlan:
    options = Options(date=DAY, services=("bins",), iterations=400)
    return plan_day(
        town,
        options,
        orders_path=None,
        history=Path("none"),
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )


def test_day_of_bins(plan: DayPlan, town: District) -> None:
    """All 125 bins are emptied, 375 kg come to the stations, the referee finds nothing."""
    assert (plan.violations, plan.uncovered, plan.suspended) == ((), (), ())
    moves = [move for run in plan.runs for move in moves_of(run).values()]
    assert sum(move.bins for move in moves) == 125
    assert sum(move.load_kg for move in moves if move.kind == "service") == 375
    assert sum(move.load_kg for move in moves if move.kind == "unload") == 375
    came = {(row["station"], row["stream"]): row["in_kg"] for row in plan.indicators["stations"]}
    assert came["TS1", "residual"] + came["TS2", "residual"] == 375
    assert all(deadhead_s(town, run) < run.end_s - run.start_s - 120 for run in plan.runs)


def test_figures_of_bins(plan: DayPlan) -> None:
    """24 passes of 400 m: 9.6 km of work, 125 bins, 0.375 t; one table for them alone."""
    (row,) = plan.indicators["by_service_shift"]
    assert (row["due_m"], row["covered_m"]) == (9600, 9600)
    assert (row["due_bins"], row["bins"], row["uncovered_bins"]) == (125, 125, 0)
    assert row["suspended_bins"] == 0
    assert (row["due_stops"], row["stops"], row["load_t"]) == (24, 24, 0.375)
    tables: list[Table] = summary_tables(plan.indicators, "zh")
    assert tables[0].header[4:6] == ("应清箱次", "已清箱次")
    assert tables[0].rows[0][:2] == ("果皮箱收运", "果皮箱")
    assert tables[0].rows[0][4:6] == ("125", "125")
    assert tables[1].rows[0][:3] == ("果皮箱收运", "其他垃圾", "0.4")
    (note,) = [note for note in plan.indicators["notes"] if "果皮箱" in note]
    assert note.endswith("no fewer than 1 could")


def test_next_day_keeps_its_trucks(plan: DayPlan, town: District, tmp_path: Path) -> None:
    """The next day each truck empties what it emptied before."""
    folder = tmp_path / "plans" / DAY
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(plan_text(plan), encoding="utf-8")
    tomorrow = plan_day(
        town,
        Options(date="2026-07-16", services=("bins",), iterations=400),
        orders_path=None,
        history=tmp_path / "plans",
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )
    assert tomorrow.violations == ()
    today = {key: {who: {*d} for who, d in by.items()} for key, by in memory_of(plan).items()}
    assert today == {
        key: {who: {*d} for who, d in by.items()} for key, by in memory_of(tomorrow).items()
    }


def test_no_truck_is_a_reason(town: District) -> None:
    """With --fleet bin_truck=0 every bin is uncovered, with the number of trucks that would do."""
    options = Options(date=DAY, services=("bins",), iterations=100, fleet=(("bin_truck", 0),))
    plan = plan_day(
        town,
        options,
        orders_path=None,
        history=Path("none"),
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )
    assert plan.violations == ()
    assert sum(entry.duty.bins for entry in plan.uncovered) == 125
    (cause,) = {entry.cause for entry in plan.uncovered}
    assert cause == "no_vehicle"
    assert plan.uncovered[0].fix["fleet"] == {"bin_truck": 1}
    assert "9.6 km, 125 bins" in plan.uncovered[0].text
