"""The dispatcher's morning on the mini district with a truck in the workshop and a spare one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from goodplan import write_town
from minidistrict import mini_sections

from fleet.model import SolveNote, Vehicle
from fleet.roster import available_vehicles
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.jobs import Job, Key
from sanitation.model import Conditions, District, Duty, Window
from sanitation.morning import Morning, longer_windows, read_morning

H = 3600
SECTIONS = mini_sections()
NOTE = SolveNote("optimal", 0.0, 0.0, 1)
Read = Callable[..., Morning]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_town(tmp_path_factory.mktemp("morning") / "mini"))


@pytest.fixture
def read(district: District, tmp_path: Path) -> Read:
    """The morning after orders from lines of CSV; none at all without lines."""

    def from_lines(
        *lines: str, date: str = "2026-07-15", caps: Any = (), **weather: Any
    ) -> Morning:
        path = None
        if lines:
            path = tmp_path / "orders.csv"
            header = "order,target,vehicle,shift,minutes,note"
            path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        conditions = conditions_of(date, district, **weather)
        duties, suspended = duties_of(district, conditions, SECTIONS)
        ground: Any = SimpleNamespace(sections=SECTIONS)
        return read_morning(path, district, ground, conditions, duties, suspended, dict(caps))

    return from_lines


def due_of(morning: Morning) -> dict[str, Duty]:
    return {duty.id: duty for duty in morning.duties}


def told(morning: Morning) -> list[tuple[str, str, str]]:
    return [(o.order.kind, o.result, o.reason) for o in morning.outcomes]


def last_ends(morning: Morning, service: str, shift: str) -> set[tuple[int, float]]:
    """(round, hour at which the last window ends) of a job's duties."""
    return {
        (duty.round_no, duty.windows[-1].end_s / H)
        for duty in morning.duties
        if (duty.service, duty.shift_id) == (service, shift)
    }


def vehicles_of(district: District, *ids: str) -> tuple[Vehicle, ...]:
    return tuple(vehicle for vehicle in district.vehicles if vehicle.id in ids)


def job_of(
    morning: Morning, district: District, *out: str, key: Key = ("wash", "night"), **more: Any
) -> Job:
    """A job with all of its duties and the named trucks."""
    duties = tuple(duty for duty in morning.duties if (duty.service, duty.shift_id) == key)
    assert duties
    return replace(Job(key, duties, vehicles_of(district, *out), 0, NOTE), **more)


def out_of(jobs: tuple[Job, ...]) -> list[list[str]]:
    return [[vehicle.id for vehicle in job.vehicles] for job in jobs]


def test_a_morning_without_orders(read: Read, district: District) -> None:
    """Nothing is ordered, so the day's duties stay: 28 passes at night, 24 by day, 20 sprinkled."""
    morning = read()
    assert (morning.orders, morning.outcomes, morning.suspended) == ((), (), ())
    assert len(morning.duties) == 28 + 24 + 20
    assert (morning.off, morning.absent, morning.closed_roads) == (set(), set(), set())
    assert morning.longest_overtime_s == 0
    assert morning.services_of["W1"] == ("wash", "sweep")
    assert morning.services_of["S1"] == ("sprinkle",)
    jobs = (job_of(morning, district, "W1"),)
    assert morning.with_pinned(jobs, district.vehicles) == jobs
    assert (morning.pinned(jobs), morning.overtime(jobs)) == ({}, {})


def test_trucks_and_drivers_off(read: Read) -> None:
    """Each is obeyed without more words, trucks and people apart; the duties stay as they are."""
    morning = read("truck_off,W1,,,,", "driver_off,P3,,,,", "driver_off,P8,,,,")
    assert morning.off == {"W1"}
    assert morning.absent == {"P3", "P8"}
    assert morning.duties == read().duties
    assert told(morning) == [
        ("truck_off", "obeyed", ""),
        ("driver_off", "obeyed", ""),
        ("driver_off", "obeyed", ""),
    ]


def test_orders_about_streets(read: Read) -> None:
    """Closed R2 loses 8 + 16 + 12 passes, R5-02 its night's two; R1 gains four, R3 comes first."""
    morning = read(
        "road_closed,R2,,,,", "leave_out,R5-02,,night,,", "extra_wash,R1,,,,", "first,R3,,,,"
    )
    assert told(morning) == [
        ("road_closed", "obeyed", "36 passes suspended"),
        ("leave_out", "obeyed", "2 passes suspended"),
        ("extra_wash", "obeyed", "4 passes added in shift day"),
        ("first", "obeyed", "4 passes put first"),
    ]
    assert morning.closed_roads == {"R2"}
    due = due_of(morning)
    assert len(due) == 72 - 36 - 2 + 4
    assert len(morning.suspended) == 36 + 2
    assert "wash/day/R1-01F/r1p1" in due
    assert due["wash/night/R3-01F/r1p1"].priority == max(d.priority for d in due.values())


def test_streets_refused(read: Read) -> None:
    """What a closure, or rain, forbids is refused with that reason."""
    closed = read("extra_wash,R1,,,,", "first,R1,,,,", "road_closed,R1,,,,")
    assert told(closed)[0] == ("extra_wash", "refused", "road_closed (line 4)")
    assert told(closed)[1][:2] == ("first", "refused")
    assert "道路封闭 R1" in told(closed)[1][2]
    rain = read("extra_wash,R1,,,,", weather="rain")
    assert told(rain)[0][:2] == ("extra_wash", "refused")
    assert "in rain" in told(rain)[0][2]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("pin,R1-01F,W1,,,",), ""),
        (("pin,R2-01F,S1,,,",), ""),  # sprinkled, though the washers are there too
        (("pin,R2-01F,S1,sprinkle_dawn,,",), ""),
        (("pin,R1-01F,W1,,,", "truck_off,W1,,,,"), "W1 今日不出车 · W1 is off today"),
        (("pin,R1-01F,W4,,,",), "W4 今日不出车 · W4 is off today"),  # in the workshop
        (("pin,R1-01F,W5,,,",), "W5 为备用车 · W5 is a spare"),
        (("pin,R1-01F,W1,day,,",), "今日该路段无作业 · nothing is due there"),
        (("pin,R1-01F,W1,,,", "road_closed,R1,,,,"), "今日该路段无作业 · nothing is due there"),
        (("pin,R1-01F,S1,,,",), "S1 不能做该作业 · S1 cannot do that work"),
        (("pin,R2-01F,S1,night,,",), "S1 不能做该作业 · S1 cannot do that work"),
    ],
)
def test_pins(read: Read, lines: tuple[str, ...], reason: str) -> None:
    """A pin holds when the truck goes out and can do something due there; else it says why not."""
    outcome = read(*lines).outcomes[0]
    assert outcome.order.kind == "pin"
    assert outcome.result == ("refused" if reason else "obeyed")
    assert outcome.reason == reason


def test_no_pin_to_a_truck_that_a_cap_keeps_at_home(read: Read, district: District) -> None:
    """Of W1, W2 (D1) and W3 (D2) a cap of one leaves W1: a pin to W3 is refused, and recorded so.

    The jobs of the two trucks that stay at home have nobody to change.
    """
    caps = {"washer": 1}
    morning = read("pin,R4-01F,W3,,,", "pin,R4-02F,W1,,,", caps=caps)
    assert [record["outcome"] for record in morning.records()] == ["refused", "obeyed"]
    assert "W3 is kept at home by --fleet washers=1: raise it, or" in morning.outcomes[0].reason
    roster = available_vehicles(district.vehicles, morning.off, caps).vehicles
    night = job_of(morning, district, "W1")
    assert out_of(morning.with_pinned((night,), roster)) == [["W1"]]
    assert morning.pinned((night,)) == {("wash", "night"): {"R4-02F": "W1"}}


def test_a_cap_that_keeps_nobody_at_home(read: Read) -> None:
    """Three washers under a cap of three, and of two with one of them off; sprinklers uncounted."""
    off = "truck_off,W1,,,,", "truck_off,W5,,,,"
    for lines, caps in (((), {"washer": 3, "sprinkler": 0}), (off, {"washer": 2})):
        assert told(read("pin,R4-01F,W3,,,", *lines, caps=caps))[0] == ("pin", "obeyed", "")


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("R1-01F,W1,,,", "R1-01F,W2,,,", True),
        ("R1-01,W1,,,", "R1-01F,W2,,,", True),  # a section and one of its directions
        ("R1-01F,W1,,,", "R1-01,W2,,,", True),
        ("R1-01F,W1,,,", "R1-01F,W2,night,,", True),  # all shifts and one of them
        ("R1-01F,W1,night,,", "R1-01F,W2,,,", True),
        ("R1-01F,W1,,,", "R1-01B,W2,,,", False),  # the other direction
        ("R1-01F,W1,,,", "R1-01,W1,,,", False),  # the same truck
        ("R5-01F,W1,night,,", "R5-01F,W2,day,,", False),  # another shift
        ("R2-01F,W1,,,", "R2-01F,S1,,,", False),  # washed by one, sprinkled by the other
    ],
)
def test_two_pins_of_one_section(read: Read, first: str, second: str, refused: bool) -> None:
    """The second to another truck in the same shift is refused, and told which one holds."""
    morning = read(f"pin,{first}", f"pin,{second}")
    target, vehicle = first.split(",")[:2]
    assert told(morning)[0] == ("pin", "obeyed", "")
    reason = f"第 2 行已将 {target} 固定给 {vehicle} · line 2 has pinned {target} to {vehicle}"
    assert told(morning)[1] == ("pin", *(("refused", reason) if refused else ("obeyed", "")))


def test_a_pin_on_the_extra_round(read: Read) -> None:
    """What an order adds can be pinned by the next one: R1 has a day wash only by the order."""
    morning = read("pin,R1-01F,W1,day,,", "extra_wash,R1,,,,")
    assert told(morning)[0] == ("pin", "obeyed", "")


def test_outcomes_and_records_by_line(read: Read) -> None:
    """One outcome for every order, in the order of the file, as plain data with names resolved."""
    morning = read(
        "overtime,,W1,night,30,rain last night",
        "pin,R1-01,W5,,,",
        "road_closed,中央大道,,,,works",
        "truck_off,样A0002,,,,",
    )
    records = morning.records()
    assert [record["line"] for record in records] == [2, 3, 4, 5]
    assert records[0] == {
        "line": 2,
        "kind": "overtime",
        "target": "",
        "ids": [],
        "vehicle": "W1",
        "shift": "night",
        "minutes": 30,
        "note": "rain last night",
        "outcome": "obeyed",
        "reason": "",
    }
    assert (records[1]["ids"], records[1]["outcome"]) == (["R1-01B", "R1-01F"], "refused")
    assert records[1]["reason"] == "W5 为备用车 · W5 is a spare"
    assert (records[2]["ids"], records[2]["reason"]) == (["R2"], "36 passes suspended")
    assert (records[3]["target"], records[3]["ids"]) == ("样A0002", ["W2"])


def test_obeyed_leaves_out_what_was_refused(read: Read) -> None:
    """A refused pin pins nothing."""
    morning = read("pin,R1-01F,W5,,,", "pin,R1-02F,W1,,,", "truck_off,W2,,,,")
    assert [order.line for order in morning.obeyed("pin")] == [3]
    assert [order.line for order in morning.obeyed("truck_off")] == [4]


def test_overtime_in_the_windows(read: Read) -> None:
    """An hour more: the night ends at 07:00 for the morning peak, not at 07:30; the day stays."""
    morning = read("overtime,,W1,night,60,")
    assert last_ends(morning, "wash", "night") == {(1, 7)}
    assert last_ends(morning, "wash", "day") == {(1, 12.75), (1, 16.5), (2, 16.5)}
    assert morning.longest_overtime_s == H


def test_the_longest_overtime_counts(read: Read) -> None:
    """Of 10 and 20 minutes the windows have 20, whichever comes first; the day's 15 are its own."""
    for lines in (("W1,night,10", "W2,night,20"), ("W2,night,20", "W1,night,10")):
        morning = read(*(f"overtime,,{line}," for line in (*lines, ",day,15")))
        assert last_ends(morning, "wash", "night") == {(1, 6.5 + 20 / 60)}
        assert last_ends(morning, "wash", "day") == {(1, 12.75), (1, 16.75), (2, 16.75)}
        assert morning.longest_overtime_s == 1200


def longer(
    district: District, more_s: dict[str, int], services: tuple[str, ...] = (), **weather: Any
) -> dict[str, tuple[Window, ...]]:
    """Windows by duty id after longer_windows."""
    conditions: Conditions = conditions_of(weather.pop("date", "2026-07-15"), district, **weather)
    duties, _ = duties_of(district, conditions, SECTIONS, services or ("wash", "sprinkle", "sweep"))
    return {duty.id: duty.windows for duty in longer_windows(duties, more_s, conditions)}


def test_only_the_last_round_lasts_longer(district: District) -> None:
    """R2's first day round still ends at 12:45; its second at 16:50, and so does R5's only one."""
    found = longer(district, {"day": 1200})
    assert found["wash/day/R2-01F/r1p1"] == (Window(9 * H, 45_900),)
    assert found["wash/day/R2-01F/r2p1"] == (Window(45_900, 60_600),)
    assert found["wash/day/R5-01F/r1p1"] == (Window(9 * H, 60_600),)
    assert found["wash/night/R1-01F/r1p1"] == (Window(-5400, 23_400),)


def test_longer_up_to_the_peaks(district: District) -> None:
    """+1 h: day 16:30 -> 17:00 and dawn stays at 07:00, both peaks; the forenoon is free: 13:00."""
    found = longer(district, {"": H})
    assert found["wash/day/R5-01F/r1p1"] == (Window(9 * H, 17 * H),)
    assert found["sprinkle/sprinkle_dawn/R2-01F/r1p1"] == (Window(5 * H, 7 * H),)
    assert found["sprinkle/sprinkle_am/R2-01F/r1p1"] == (Window(34_200, 13 * H),)


def test_longer_for_all_shifts_or_one(district: District) -> None:
    """600 s for all and 1,200 s for the night: the night has 1,200, the day 600."""
    found = longer(district, {"": 600, "night": 1200})
    assert found["wash/night/R1-01F/r1p1"][-1].end_s == 23_400 + 1200
    assert found["wash/day/R5-01F/r1p1"][-1].end_s == 59_400 + 600


def test_longer_only_while_it_is_warm_enough(district: District) -> None:
    """At 5 degrees wet work ends at 16:00, overtime or not."""
    cool = dict.fromkeys(range(-2, 24), 5.0)
    found = longer(district, {"day": 1800}, date="2026-03-20", forecast=cool)
    assert found["wash/day/R5-01F/r1p1"] == (Window(10 * H, 16 * H),)


def test_a_dry_sweep_lasts_longer_through_the_peak(district: District) -> None:
    """The bans are of wet work: a January night's sweep goes on to 07:30."""
    found = longer(district, {"night": H}, ("sweep",), date="2026-01-15", tmin_c=-5)
    assert found
    assert set(found.values()) == {(Window(-5400, 27_000),)}


def test_pinned_by_job(read: Read, district: District) -> None:
    """A pair is pinned with both directions, in the jobs that the truck goes out for."""
    morning = read("pin,R5-01,W1,,,", "pin,R2-01F,S1,,,")
    night = job_of(morning, district, "W1", "W3")
    day = job_of(morning, district, "W3", key=("wash", "day"))
    dawn = job_of(morning, district, "S1", key=("sprinkle", "sprinkle_dawn"))
    assert morning.pinned((night, day, dawn)) == {
        ("wash", "night"): {"R5-01F": "W1", "R5-01B": "W1"},
        ("sprinkle", "sprinkle_dawn"): {"R2-01F": "S1"},
    }


def test_pinned_in_one_shift(read: Read, district: District) -> None:
    """A pin of the day leaves the night free, though the truck is out in both."""
    morning = read("pin,R5-01F,W1,day,,")
    jobs = (
        job_of(morning, district, "W1"),
        job_of(morning, district, "W1", key=("wash", "day")),
    )
    assert morning.pinned(jobs) == {("wash", "day"): {"R5-01F": "W1"}}


@pytest.mark.parametrize(
    ("out", "pins", "after"),
    [
        # D1 has W1, W2 and W5, D2 has W3
        (("W1", "W3"), ("W1",), ["W1", "W3"]),  # out already
        (("W1", "W3"), ("W2",), ["W2", "W3"]),  # W1 of the same depot stays at home
        (("W3",), ("W1",), ["W1"]),  # none of the same depot: W3 does
        (("W1",), ("W1", "W2"), ["W1", "W2"]),  # nobody who is wanted stays at home
        (("W1", "W5"), ("W2",), ["W1", "W2"]),  # the highest id stays
        ((), ("W2",), ["W2"]),
    ],
)
def test_pinned_trucks_go_out(
    read: Read, district: District, out: tuple[str, ...], pins: tuple[str, ...], after: list[str]
) -> None:
    """A pinned truck goes out in the place of one of its depot, else of any."""
    morning = read(*(f"pin,R4-0{i}F,{truck},,," for i, truck in enumerate(pins, 1)))
    assert {result for _, result, _ in told(morning)} == {"obeyed"}
    job = job_of(morning, district, *out)
    assert out_of(morning.with_pinned((job,), district.vehicles)) == [after]


def test_a_pin_of_another_job_moves_nobody(read: Read, district: District) -> None:
    """A pin by day changes the day's trucks only; one for sections that are not due, none."""
    morning = read("pin,R5-01F,W2,day,,")
    night = job_of(morning, district, "W1")
    day = job_of(morning, district, "W1", key=("wash", "day"))
    dawn = job_of(morning, district, "S1", key=("sprinkle", "sprinkle_dawn"))
    rest = replace(day, duties=tuple(d for d in day.duties if d.section_id != "R5-01F"))
    jobs = (night, day, dawn, rest)
    assert out_of(morning.with_pinned(jobs, district.vehicles)) == [["W1"], ["W2"], ["S1"], ["W1"]]


def test_a_sprinkler_is_not_sent_out_to_wash(read: Read, district: District) -> None:
    """R2-01F is washed at night and sprinkled at dawn: S1 goes out for the latter only."""
    morning = read("pin,R2-01F,S1,,,")
    night = job_of(morning, district, "W1")
    dawn = job_of(morning, district, "S2", key=("sprinkle", "sprinkle_dawn"))
    assert out_of(morning.with_pinned((night, dawn), district.vehicles)) == [["W1"], ["S1"]]


def test_overtime_by_job_and_truck(read: Read, district: District) -> None:
    """All of the day's trucks have 30 minutes; by night W1 alone has 60; W2 is not out."""
    morning = read("overtime,,,day,30,", "overtime,,W1,night,60,", "overtime,,W2,night,45,")
    night = job_of(morning, district, "W1", "W3")
    day = job_of(morning, district, "W2", "W3", key=("wash", "day"))
    dawn = job_of(morning, district, "S1", key=("sprinkle", "sprinkle_dawn"))
    assert morning.overtime((night, day, dawn)) == {
        ("wash", "night"): {"W1": 3600},
        ("wash", "day"): {"W2": 1800, "W3": 1800},
    }


def test_the_longest_overtime_of_a_truck(read: Read, district: District) -> None:
    """60 minutes for W1 and 30 for all trucks: W1 has 3,600 s, whichever comes first."""
    orders = "overtime,,W1,night,60,", "overtime,,,night,30,"
    for morning in (read(*orders), read(*orders[::-1])):
        night = job_of(morning, district, "W1", "W3")
        assert morning.overtime((night,)) == {("wash", "night"): {"W1": 3600, "W3": 1800}}
