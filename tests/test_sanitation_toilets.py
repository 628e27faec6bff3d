"""Rounds of toilets: windows that keep visits apart, what heat forbids, and what a row replaces."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import pytest
from rounddistrict import write_rounddistrict

from fleet.model import Shift
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties.toilets import (
    WAVE,
    holding,
    open_hours,
    rows_of_day,
    spacing,
    toilet_duties,
    visits_of,
    without_foot_bans,
)
from sanitation.model import Conditions, District, Window
from sanitation.morning import longer_windows

WEDNESDAY = "2026-07-15"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_rounddistrict(tmp_path_factory.mktemp("rounds")))


def day(town: District, **more: object) -> Conditions:
    return conditions_of(WEDNESDAY, town, **more)  # type: ignore[arg-type]


def test_windows_of_a_plain_day(town: District) -> None:
    """Those of the district's docstring, to the second."""
    found = {
        (visit.toilet_id, visit.number): (visit.window.start_s, visit.window.end_s)
        for visit in visits_of(town, "warm", ("plain",))
    }
    of_class_2 = [(21_600, 25_440), (31_200, 35_040), (40_800, 44_640), (50_400, 54_240),
                  (64_800, 68_640)]  # fmt: skip
    of_class_3 = [(24_000, 28_800), (38_400, 43_200), (56_400, 61_200)]
    expected = {
        (toilet, number): window
        for toilet, windows in (("WC2", of_class_2), ("WC3", of_class_3), ("WC4", of_class_2),
                                ("WC5", of_class_3))
        for number, window in enumerate(windows, start=1)
    }  # fmt: skip
    assert found == expected


def test_duty_of_a_visit(town: District) -> None:
    """The fourth visit of WC2 is the first of the late shift: 900 + 300 s by the van."""
    due, suspended = toilet_duties(town, day(town), ())
    (duty,) = (duty for duty in due if (duty.site_id, duty.round_no) == ("WC2", 4))
    assert duty.id == "toilet/van_pm/WC2/r4"
    assert (duty.work_s, duty.types, duty.windows) == (1200, ("van",), (Window(50_400, 54_240),))
    assert (duty.load_kg, duty.bins, duty.stream, duty.road_id) == (0, 0, "", "")
    assert (len(due), suspended) == (16, [])


@pytest.mark.parametrize(
    ("season", "active", "visits"),
    [
        ("warm", ("plain",), (5, 3)),
        ("cold", ("plain",), (4, 2)),
        ("warm", ("plain", "heat"), (6, 3)),
        ("warm", ("plain", "event"), (6, 4)),
        ("cold", ("plain", "event"), (6, 4)),
        ("warm", ("plain", "heat", "event"), (6, 4)),
        ("warm", ("plain", "pollution_red"), (5, 3)),
    ],
)
def test_the_strongest_row_holds(
    town: District, season: str, active: tuple[str, ...], visits: tuple[int, int]
) -> None:
    """Visits of class 2 and 3 in a day; rows of a stronger condition stand in for the others."""
    rows = rows_of_day(town, season, active)
    counts = tuple(sum(row.visits for row, _ in rows[toilet]) for toilet in ("WC2", "WC3"))
    assert counts == visits
    assert "WC1" not in rows  # attended


def test_an_event_is_stronger_than_heat(town: District) -> None:
    """Both hold for class 2: the event's row is taken, whatever their order in the table."""
    rows = town.toilet_standards
    for order in (rows, rows[::-1]):
        (early, _) = holding(order, "warm", ("plain", "heat", "event"))[2, "van"]
        assert early.condition == "event"


def _guaranteed_s(windows: list[Window]) -> float:
    """The least time between two visits that any plan within the windows can have."""
    return min(after.start_s - before.end_s for before, after in pairwise(windows))


@pytest.mark.parametrize(
    ("early", "late", "hours"),
    [
        (*counts, hours)
        for counts in product((1, 2, 3, 4), (1, 2, 3, 4))
        for hours in ((6, 14, 14, 22), (6, 13.75, 14, 22), (5, 12, 16, 21))
    ],
)
def test_windows_keep_half_the_interval(
    town: District, early: int, late: int, hours: tuple[float, ...]
) -> None:
    """Whoever keeps the windows keeps the distance, wherever they lie in their shares, for every
    split of visits whose windows are not empty."""
    first, second = (
        Shift(key, "", "", round(3600 * a), round(3600 * b), 0)
        for key, a, b in (("van_am", *hours[:2]), ("van_pm", *hours[2:]))
    )
    interval_s, window_s = spacing([(early, first), (late, second)])
    assert interval_s == pytest.approx(3600 * (hours[3] - hours[0]) / (early + late))
    if window_s < 60:
        return
    shifts = {"van_am": first, "van_pm": second}
    counts = {"van_am": early, "van_pm": late}
    changed = replace(
        town,
        shifts=tuple(shifts.get(shift.id, shift) for shift in town.shifts),
        toilet_standards=tuple(
            replace(row, visits=counts.get(row.shift_id, row.visits))
            for row in town.toilet_standards
            if row.type_id == "van" and row.condition == "plain" and row.season == "warm"
        ),
        toilets=tuple(
            replace(town.toilets[1], id=f"T{i}", lon=117.16 + i / 1000) for i in range(WAVE)
        ),
    )
    visits = visits_of(changed, "warm", ("plain",))
    starts = set()
    for toilet in changed.toilets:
        windows = [visit.window for visit in visits if visit.toilet_id == toilet.id]
        assert len(windows) == early + late
        assert _guaranteed_s(windows) >= interval_s / 2
        assert all(w.end_s - w.start_s >= window_s - 2 for w in windows)
        assert all(first.start_s <= w.start_s and w.end_s <= second.end_s for w in windows)
        starts.add(windows[0].start_s)
    assert len(starts) == WAVE  # every place of the wave is used


def test_neighbours_come_one_after_the_other(town: District) -> None:
    """Five toilets in a street, listed in no order, get their windows from one end to the other."""
    order = (3, 0, 4, 1, 2)
    street = tuple(
        replace(town.toilets[1], id=f"T{k}", lon=117.16 + place / 1000)
        for k, place in enumerate(order)
    )
    visits = visits_of(replace(town, toilets=street), "warm", ("plain",))
    starts = {visit.toilet_id: visit.window.start_s for visit in visits if visit.number == 1}
    by_place = [starts[f"T{order.index(place)}"] for place in range(5)]
    assert by_place in (sorted(starts.values()), sorted(starts.values(), reverse=True))


def test_heat_cuts_the_hours_of_walkers_alone(town: District) -> None:
    """At 38 degrees nobody walks from 12:00 to 15:00: of the shifts of walkers 06:00-12:00 and
    15:00-22:00 are left, the van's stay."""
    hot = day(town, tmax_c=38.0)
    assert hot.foot_ban == (Window(43_200, 54_000),)
    hours = {s.id: (s.start_s, s.end_s) for s in without_foot_bans(town, hot)}
    assert hours["foot_am"] == (21_600, 43_200)
    assert hours["foot_pm"] == (54_000, 79_200)
    assert hours["van_am"] == (21_600, 50_400)
    assert hours["night"] == (-5400, 23_400)


def test_what_cannot_be_done_in_the_heat_is_suspended(town: District) -> None:
    """Class 2 has 3 + 3 visits in heat, interval 9,600 s, windows of 4,800 s at p = 0: WC4's third,
    40,800-45,600, keeps 2,400 s before 12:00; its fourth, 50,400-55,200, keeps 1,200 s after 15:00,
    just enough. WC5, of class 3 and p = 1/4, has no row for heat: 24,000, 38,400 and 56,400."""
    due, suspended = toilet_duties(town, day(town, tmax_c=38.0), ())
    windows = {(d.site_id, d.round_no): d.windows for d in due}
    assert windows["WC4", 3] == (Window(40_800, 43_200),)
    assert windows["WC4", 4] == (Window(54_000, 55_200),)
    assert windows["WC2", 3] == (Window(40_800, 45_600),)
    assert suspended == []


def test_a_red_alert_suspends_the_early_shift_on_foot(town: District) -> None:
    """06:00 to 20:00 is forbidden: of nine visits on foot the sixth of WC4 (69,600-74,400 at
    p = 0, cut to 72,000 on) is left."""
    due, suspended = toilet_duties(town, day(town, alerts=(("heat", "red"),)), ())
    on_foot = [(d.site_id, d.round_no, d.windows) for d in due if d.types == ("foot",)]
    assert on_foot == [("WC4", 6, (Window(72_000, 74_400),))]
    assert {s.rule for s in suspended} == {"foot_ban"}
    assert len(suspended) == 8
    assert "no work on foot" in suspended[0].text


def test_open_hours_take_the_longest_piece(town: District) -> None:
    """A ban in the middle leaves the longer side, the earlier of two that are alike."""
    foot = next(kind for kind in town.vehicle_types if kind.id == "foot")
    shift = Shift("x", "", "", 0, 100, 0)
    assert open_hours(shift, foot, (Window(30, 40),)) == Window(40, 100)
    assert open_hours(shift, foot, (Window(40, 60),)) == Window(0, 40)
    assert open_hours(shift, foot, (Window(0, 100),)) is None


def test_overtime_does_not_bring_visits_closer(town: District) -> None:
    """An hour more of the shift leaves the windows of the visits as they are."""
    conditions = day(town)
    due, _ = toilet_duties(town, conditions, ())
    assert longer_windows(due, {"": 3600}, conditions) == tuple(due)


def test_without_the_table_nothing_is_due(tmp_path: Path) -> None:
    """A district without toilet_standards.csv is read, and has no rounds."""
    folder = write_rounddistrict(tmp_path / "town")
    (folder / "toilet_standards.csv").unlink()
    district = read_district(folder)
    assert toilet_duties(district, day(district), ()) == ([], [])
