"""What the plans before leave behind, on plans of a few runs, and on the good plan of the town."""

from __future__ import annotations

from typing import Any

import pytest
from goodplan import GOOD, good_plan

from sanitation.archive import plan_of
from sanitation.history import driver_of, memory_of, past_of
from sanitation.model import DayPlan, Run, Stop

H = 3600


def run_of(
    vehicle: str,
    driver: str,
    start_h: float,
    end_h: float,
    *,
    helpers: tuple[str, ...] = (),
    rest_s: int = 0,
    duties: tuple[str, ...] = (),
    job: tuple[str, str] = ("wash", "night"),
) -> Run:
    """A run of service stops for the duties and one rest at its end."""
    start_s, end_s = round(start_h * H), round(end_h * H)
    stops = [
        Stop("depart", start_s, start_s),
        *(Stop("service", start_s, start_s, duty_id=duty) for duty in duties),
        Stop("rest", end_s - rest_s, end_s),
        Stop("return", end_s, end_s),
    ]
    return Run(
        f"{vehicle} {start_h}",
        *job,
        vehicle,
        driver,
        helpers,
        "D1",
        start_s,
        end_s,
        tuple(stops),
    )


def plan_on(date: str, *runs: Run) -> DayPlan:
    empty: Any = ((), (), ())
    return DayPlan(date, "mini", "小区", True, "+08:00", 1, {}, {}, runs, *empty)


def test_nothing_before() -> None:
    """Without plans nobody has done anything."""
    past = past_of("2026-07-15", [])
    assert (past.last_end_s, past.work_s, past.days_in_row) == ({}, {}, {})
    assert (past.pairs, past.vehicle_use) == ({}, {})


def test_the_last_end_is_told_from_today() -> None:
    """16:00 yesterday is -8 h; the same day's 06:00 and an older 20:00 do not count."""
    past = past_of(
        "2026-07-15",
        [
            plan_on("2026-07-14", run_of("W1", "P1", 9, 16), run_of("W1", "P1", -1, 6)),
            plan_on("2026-07-13", run_of("W1", "P1", 14, 20), run_of("W1", "P2", 14, 20)),
        ],
    )
    assert past.last_end_s == {"P1": -8 * H, "P2": (20 - 48) * H}


def test_months_are_no_obstacle() -> None:
    """The 30th of June is one day before the 1st of July."""
    past = past_of("2026-07-01", [plan_on("2026-06-30", run_of("W1", "P1", 9, 16))])
    assert past.last_end_s == {"P1": -8 * H}
    assert past.days_in_row == {"P1": 1}


def test_work_is_without_rests() -> None:
    """7 h with 20 minutes of rest and 2 h of another run: 8 h 40 min, for the helper as well."""
    plan = plan_on(
        "2026-07-14",
        run_of("W1", "P1", -1, 6, helpers=("P8", "P9"), rest_s=1200),
        run_of("W2", "P1", 10, 12, helpers=("P8",)),
    )
    past = past_of("2026-07-15", [plan])
    assert past.work_s == {"P1": 31_200, "P8": 31_200, "P9": 24_000}


def test_the_week_is_six_days_before() -> None:
    """An hour on each of the eight days before: six of them are in the week."""
    plans = [plan_on(f"2026-07-{day:02d}", run_of("W1", "P1", 9, 10)) for day in range(14, 6, -1)]
    past = past_of("2026-07-15", plans)
    assert past.work_s == {"P1": 6 * H}
    assert past.days_in_row == {"P1": 8}
    assert past.pairs == {("P1", "W1"): 8}


@pytest.mark.parametrize(
    ("worked", "row"),
    [((14,), 1), ((14, 13, 12), 3), ((14, 12, 11), 1), ((13, 12, 11), 0)],
)
def test_days_in_a_row(worked: tuple[int, ...], row: int) -> None:
    """Days are counted back from yesterday to the first one off; two runs a day are one day."""
    runs = run_of("W1", "P1", -1, 2), run_of("W1", "P1", 9, 10)
    past = past_of("2026-07-15", [plan_on(f"2026-07-{day}", *runs) for day in worked])
    assert past.days_in_row == {"P1": row}


def test_pairs_and_use_count_runs() -> None:
    """P1 drove W1 twice and W2 once; helpers make no pair; W1 was out three times."""
    past = past_of(
        "2026-07-15",
        [
            plan_on(
                "2026-07-14",
                run_of("W1", "P1", -1, 2, helpers=("P8",)),
                run_of("W1", "P2", 9, 10),
                run_of("W2", "P1", 12, 13),
            ),
            plan_on("2026-07-13", run_of("W1", "P1", 9, 10)),
        ],
    )
    assert past.pairs == {("P1", "W1"): 2, ("P2", "W1"): 1, ("P1", "W2"): 1}
    assert past.vehicle_use == {"W1": 3, "W2": 1}


def test_memory_keeps_the_order_of_work() -> None:
    """Duties by vehicle as they were served, two runs of a vehicle joined, jobs apart."""
    day = ("wash", "day")
    memory = memory_of(
        plan_on(
            "2026-07-14",
            run_of("W1", "P1", -1, 2, duties=("c", "a")),
            run_of("W2", "P2", -1, 2, duties=("d",)),
            run_of("W1", "P1", 3, 4, duties=("b",)),
            run_of("W1", "P3", 9, 10, duties=("e",), job=day),
            run_of("W3", "P4", 9, 10, job=day),
        )
    )
    assert memory == {
        ("wash", "night"): {"W1": ("c", "a", "b"), "W2": ("d",)},
        ("wash", "day"): {"W1": ("e",), "W3": ()},
    }


def test_memory_of_the_good_plan() -> None:
    """The night's 28 passes: 16 by W1, 8 by W3, 4 by W2, R2's first; travel is no duty."""
    memory = memory_of(plan_of(good_plan()))
    night = memory["wash", "night"]
    assert {vehicle: len(duties) for vehicle, duties in night.items()} == {
        "W1": 16,
        "W2": 4,
        "W3": 8,
    }
    assert night["W2"] == tuple(f"wash/night/R1-{block}/r1p1" for block in ("1F", "2F", "2B", "1B"))
    assert {key: sum(map(len, by.values())) for key, by in memory.items()} == {
        ("wash", "night"): 28,
        ("wash", "day"): 24,
        ("sprinkle", "sprinkle_dawn"): 4,
        ("sprinkle", "sprinkle_am"): 12,
        ("sprinkle", "sprinkle_pm"): 4,
    }


def test_drivers_of_the_good_plan() -> None:
    """Every script's driver, by service, shift and vehicle: W2's by night is not the day's."""
    found = driver_of(plan_of(good_plan()))
    assert found["wash", "night", "W2"] == "P4"
    assert found["wash", "day", "W2"] == "P2"
    assert found == {(s.service, s.shift, s.vehicle): s.driver for s in GOOD.values()}
