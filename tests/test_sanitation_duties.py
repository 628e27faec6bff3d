"""Duties on the mini district, counted by hand: 20 sections of two-way roads and R6's two."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from minidistrict import mini_sections, write_minidistrict

from sanitation.conditions import conditions_of
from sanitation.counts import hand_cleaned
from sanitation.district import embedded_folder, read_district
from sanitation.duties import duties_of, shifts_of_day
from sanitation.duties.standard import lane_of, passes_of, round_windows, subtract
from sanitation.duties.washing import lanes_waiting
from sanitation.model import District, Duty, Section, Standard, Suspended, Window

H = 3600
SECTIONS = mini_sections()


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_minidistrict(tmp_path_factory.mktemp("duties") / "mini"))


def plan(
    district: District, date: str = "2026-07-15", **weather: object
) -> tuple[tuple[Duty, ...], tuple[Suspended, ...]]:
    return duties_of(district, conditions_of(date, district, **weather), SECTIONS)  # type: ignore[arg-type]


def metres(duties: Iterable[Duty], service: str, shift: str) -> int:
    return sum(d.length_m for d in duties if (d.service, d.shift_id) == (service, shift))


def windows(duties: Iterable[Duty], service: str, shift: str) -> set[tuple[float, float]]:
    return {
        (w.start_s / H, w.end_s / H)
        for d in duties
        if (d.service, d.shift_id) == (service, shift)
        for w in d.windows
    }


def test_a_plain_summer_day(district: District) -> None:
    """Night 800 x (4 + 5 x 2) m, day 800 x (2 x 4 + 2 x 2) m, sprinkling by rounds; no sweep."""
    due, suspended = plan(district)
    assert suspended == ()
    assert metres(due, "wash", "night") == 11_200
    assert metres(due, "wash", "day") == 9_600
    assert metres(due, "sprinkle", "sprinkle_dawn") == 1_600
    assert metres(due, "sprinkle", "sprinkle_am") == 4_800
    assert metres(due, "sprinkle", "sprinkle_noon") == 0
    assert metres(due, "sweep", "night") == 0
    assert windows(due, "wash", "night") == {(-1.5, 6.5)}
    assert len({duty.id for duty in due}) == len(due)


def test_rounds_share_the_shift(district: District) -> None:
    """The arterial's two day rounds take 09:00-12:45 and 12:45-16:30; the secondary's one all."""
    due, _ = plan(district)
    rounds = {(d.road_id, d.round_no): d.windows[0] for d in due if d.shift_id == "day"}
    assert rounds == {
        ("R2", 1): Window(9 * H, 45_900),
        ("R2", 2): Window(45_900, 59_400),
        ("R5", 1): Window(9 * H, 59_400),
        ("R6", 1): Window(9 * H, 59_400),
    }


def test_dawn_sprinkling_ends_before_the_peak(district: District) -> None:
    """05:00-07:00 touches the peak at 07:00 and stays whole; a longer one would be cut."""
    due, _ = plan(district)
    assert windows(due, "sprinkle", "sprinkle_dawn") == {(5, 7)}
    later = tuple(
        dataclasses.replace(s, end_s=10 * H) if s.id == "sprinkle_dawn" else s
        for s in district.shifts
    )
    due, _ = plan(dataclasses.replace(district, shifts=later))
    assert windows(due, "sprinkle", "sprinkle_dawn") == {(5, 7)}


def test_passes_by_direction(district: District) -> None:
    """Four passes are two each way; both of the one-way street's go forward; odd ones forward."""
    due, _ = plan(district)
    night = Counter(d.section_id for d in due if d.shift_id == "night")
    assert night["R2-01F"] == night["R2-01B"] == 2
    assert night["R1-01F"] == night["R1-01B"] == 1
    assert night["R6-01F"] == 2
    forward = next(s for s in SECTIONS if s.id == "R2-01F")
    backward = next(s for s in SECTIONS if s.id == "R2-01B")
    assert (passes_of(forward, 3, False), passes_of(backward, 3, False)) == (2, 1)


def _section(lanes: int) -> Section:
    return dataclasses.replace(SECTIONS[0], lanes=lanes)


def test_lanes_take_turns() -> None:
    """Pass 1 is the kerb every day; pass 2 goes through lanes 2, 3, 4 on three days running."""
    assert [lane_of(_section(4), 1, False, day) for day in (6, 7, 8)] == [1, 1, 1]
    assert [lane_of(_section(4), 2, False, day) for day in (6, 7, 8, 9)] == [2, 3, 4, 2]
    assert [lane_of(_section(4), p, False, 6) for p in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert lane_of(_section(1), 2, False, 7) == 1
    # One-way: the opposite kerb second, then the lanes between.
    assert [lane_of(_section(4), p, True, 6) for p in (1, 2, 3, 4)] == [1, 4, 2, 3]
    assert [lane_of(_section(2), p, True, 7) for p in (1, 2, 3)] == [1, 2, 2]


def test_ids_and_priorities(district: District) -> None:
    """The id says it all; grade weighs most, then the night, then the key area."""
    due = {duty.id: duty for duty in plan(district)[0]}
    night = due["wash/night/R2-01F/r1p2"]
    assert (night.service, night.shift_id, night.round_no, night.pass_no) == ("wash", "night", 1, 2)
    assert night.priority == 48  # grade 1: 40, night: 5, key area: 3
    assert due["wash/day/R2-01F/r2p1"].priority == 43
    assert due["wash/night/R5-01F/r1p1"].priority == 35
    assert due["wash/night/R3-01F/r1p1"].priority == 15


def test_orange_alert_adds_rounds(district: District) -> None:
    """The key arterial gets a third day round, numbered on, each of 150 min; more sprinkling."""
    due, suspended = plan(district, alerts=[("pollution", "orange")])
    day = [d for d in due if d.service == "wash" and d.shift_id == "day"]
    assert {d.round_no for d in day if d.road_id == "R2"} == {1, 2, 3}
    assert metres(due, "wash", "day") == 12_800
    assert {d.windows[0].end_s - d.windows[0].start_s for d in day if d.road_id == "R2"} == {9_000}
    assert metres(due, "sprinkle", "sprinkle_eve") == 1_600
    assert suspended == ()


def test_scope(district: District) -> None:
    """A row for key areas leaves the others out, a row for the others the key areas."""

    def with_row(scope: str) -> District:
        row = Standard("T99", "wash", 2, "warm", "plain", scope, "day", 1, 2, "model")
        rows = (*(s for s in district.standards if s.id != "T10"), row)
        return dataclasses.replace(district, standards=rows)

    assert metres(plan(with_row("other"))[0], "wash", "day") == 9_600
    assert metres(plan(with_row("key"))[0], "wash", "day") == 6_400


def test_heat_adds_sprinkling(district: District) -> None:
    """37 degrees: the arterial is sprinkled once more between 11:00 and 14:00."""
    due, _ = plan(district, tmax_c=37)
    assert metres(due, "sprinkle", "sprinkle_noon") == 1_600
    assert windows(due, "sprinkle", "sprinkle_noon") == {(11, 14)}


def test_january_is_swept_dry(district: District) -> None:
    """No wet work, each pass of it suspended by the season once; every section swept."""
    due, suspended = plan(district, "2026-01-15", tmin_c=-5)
    assert {duty.service for duty in due} == {"sweep"}
    assert {duty.section_id for duty in due} == {section.id for section in SECTIONS}
    assert metres(due, "sweep", "night") == 11_200
    assert {entry.rule for entry in suspended} == {"season"}
    summer, _ = plan(district)
    assert {entry.duty.id for entry in suspended} == {duty.id for duty in summer}
    assert len(suspended) == len(summer)
    assert "outside the washing season" in suspended[0].text


def test_frosty_night_is_swept_and_the_noon_washed(district: District) -> None:
    """-2 and 8 degrees: the night is swept, the day's wash has 11:00-16:30, dawn is cut by cold."""
    due, suspended = plan(district, "2026-03-20", tmin_c=-2, tmax_c=8)
    assert metres(due, "sweep", "night") == 11_200
    assert metres(due, "wash", "night") == 0
    assert metres(due, "wash", "day") == 9_600
    assert windows(due, "wash", "day") == {(11, 13.75), (13.75, 16.5), (11, 16.5)}
    assert windows(due, "sprinkle", "sprinkle_am") == {(11, 12)}
    assert {(e.duty.shift_id, e.rule) for e in suspended} == {
        ("night", "cold"),
        ("sprinkle_dawn", "cold"),
    }
    assert metres((e.duty for e in suspended), "wash", "night") == 11_200


def test_rain_suspends_everything(district: District) -> None:
    """In rain nothing is due; what was due stands with the rule."""
    due, suspended = plan(district, weather="rain")
    assert due == ()
    assert {entry.rule for entry in suspended} == {"rain"}
    assert {e.duty.id for e in suspended} == {duty.id for duty in plan(district)[0]}


def test_snow_in_january_suspends_the_sweep(district: District) -> None:
    """The season stops the wash and the snow stops the sweep in its place: both are told."""
    due, suspended = plan(district, "2026-01-15", weather="snow")
    assert due == ()
    assert {(e.duty.service, e.rule) for e in suspended} == {
        ("wash", "season"),
        ("sprinkle", "season"),
        ("sweep", "snow"),
    }


def test_short_window_drops_the_later_rounds(district: District) -> None:
    """5 degrees: the day has 10:00-16:00, two rounds fit, the third of an orange day does not."""
    cool = dict.fromkeys(range(-2, 24), 5.0)
    due, suspended = plan(district, "2026-03-20", forecast=cool, alerts=[("pollution", "orange")])
    day = {d.round_no for d in due if d.shift_id == "day" and d.road_id == "R2"}
    assert day == {1, 2}
    late = [e for e in suspended if e.duty.shift_id == "day"]
    assert {(e.duty.round_no, e.rule) for e in late} == {(3, "short_window")}
    assert sum(e.duty.length_m for e in late) == 3_200


def test_cold_rows_stand_in_for_warm_ones(district: District) -> None:
    """Where the table has a cold row of wet work, the warm one is not suspended beside it."""
    row = Standard("T98", "wash", 3, "cold", "plain", "all", "night", 1, 1, "model")
    _, suspended = plan(
        dataclasses.replace(district, standards=(*district.standards, row)), "2026-01-15"
    )
    r1 = [e.duty for e in suspended if e.duty.road_id == "R1" and e.duty.service == "wash"]
    assert sorted(duty.id for duty in r1) == ["wash/night/R1-01F/r1p1", "wash/night/R1-02F/r1p1"]


def test_services_are_chosen(district: District) -> None:
    """Only what is asked for; an unknown service is an error."""
    conditions = conditions_of("2026-07-15", district)
    due, _ = duties_of(district, conditions, SECTIONS, ["sprinkle"])
    assert {duty.service for duty in due} == {"sprinkle"}
    with pytest.raises(KeyError):
        duties_of(district, conditions, SECTIONS, ["polish"])


def test_windows_are_cut_and_shared() -> None:
    """A ban inside leaves two pieces; 7 h give two rounds of 3.5 h when each needs 3 h."""
    assert subtract([Window(0, 10)], [Window(3, 4), Window(9, 12)]) == (Window(0, 3), Window(4, 9))
    assert subtract([Window(0, 10)], [Window(0, 10)]) == ()
    assert round_windows(Window(0, 7 * H), 3, 3 * H) == (
        (Window(0, 12_600), Window(12_600, 25_200)),
        1,
    )
    assert round_windows(Window(0, H), 1, 3 * H) == ((Window(0, H),), 0)


def test_area_washed_and_waiting(district: District) -> None:
    """A night on 2026-07-15: the arterial's four passes take its four lanes, nothing waits there.

    Washed is 3.0 m a pass: 4 passes x 800 x 3 = 9,600 m² on the arterial, 4 x 800 x 3 on the two
    secondaries, 6 x 800 x 3 on the three branches, whose 2 lanes are all washed. R5 washes the
    kerb lanes (2 of 4): 800 x 16 / 2 wait, and 800 x 12 / 3 of R6.
    """
    due, _ = plan(district)
    night = [duty for duty in due if duty.shift_id == "night"]
    assert lanes_waiting(district, SECTIONS, night) == {
        "arterial": {"carriageway_m2": 19_200, "washed_m2": 9_600, "waiting_m2": 0},
        "branch": {"carriageway_m2": 19_200, "washed_m2": 14_400, "waiting_m2": 0},
        "secondary": {"carriageway_m2": 22_400, "washed_m2": 9_600, "waiting_m2": 9_600},
    }


def test_hand_cleaned(district: District) -> None:
    """Footways: 8,000 + 3 x 1,600 + 3,200 + 2,400 m²."""
    assert hand_cleaned(district) == {"中心街道": 18_400}


def test_the_embedded_night_is_that_of_the_source() -> None:
    """Roads x length x passes 4/2/2 of the embedded district: 816 pass-km within 3 %."""
    if not (embedded_folder() / "network.osm").exists():
        pytest.skip("data/nankai is not built")
    district = read_district(embedded_folder())
    passes: Counter[int] = Counter()
    for row in district.standards:
        if (row.service, row.shift_id, row.condition) == ("wash", "night", "plain"):
            passes[row.grade] += row.rounds * row.passes
    total = sum(road.length_m * passes[road.grade] for road in district.roads)
    assert total / 1000 == pytest.approx(816, rel=0.03)


def shifts_on(nankai: District, date: str, **weather: Any) -> dict[str, tuple[float, float]]:
    """Hours of the sprinkling shifts of a date."""
    conditions = conditions_of(date, nankai, **weather)
    shifts = shifts_of_day(nankai, conditions, ("wash", "sprinkle", "sweep"))
    return {
        shift.id: (shift.start_s / 3600, shift.end_s / 3600)
        for shift in shifts
        if shift.id in ("sprinkle_am", "sprinkle_noon", "sprinkle_pm")
    }


def test_noon_sprinkling_takes_its_hours_from_the_shifts_beside_it() -> None:
    """At 37 °C: 09:30-10:45, 11:00-14:00, 14:15-16:30, so that a truck can do all three."""
    nankai = read_district(embedded_folder())
    plain = {"sprinkle_am": (9.5, 12), "sprinkle_noon": (11, 14), "sprinkle_pm": (13.5, 16.5)}
    assert shifts_on(nankai, "2026-07-15", tmax_c=31.0) == plain
    hot = {"sprinkle_am": (9.5, 10.75), "sprinkle_noon": (11, 14), "sprinkle_pm": (14.25, 16.5)}
    assert shifts_on(nankai, "2026-07-15", tmax_c=37.0) == hot


def test_a_shift_that_weather_would_leave_nothing_of_is_not_cut() -> None:
    """Wet work from 11:00 on: the morning's hours before it would be none, so it keeps its own."""
    nankai = read_district(embedded_folder())
    orange = (("pollution", "orange"),)
    cold = shifts_on(nankai, "2026-03-10", tmin_c=-2.0, tmax_c=8.0, alerts=orange)
    assert cold["sprinkle_am"] == (9.5, 12)
    assert cold["sprinkle_pm"] == (14.25, 16.5)


def test_the_pause_between_shifts_is_that_of_the_rules_table() -> None:
    """Half an hour between two runs of a truck: the morning ends at 10:30."""
    nankai = read_district(embedded_folder())
    slow = dataclasses.replace(nankai, rules={**nankai.rules, "vehicle_gap_s": 1800.0})
    assert shifts_on(slow, "2026-07-15", tmax_c=37.0)["sprinkle_am"] == (9.5, 10.5)
