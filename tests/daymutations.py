"""One fault of the day as a whole: functions that return such a plan, and its cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from goodplan import (
    GOOD,
    duty_row,
    good_plan,
    iso,
    rescript,
    run_of,
    stop_of,
)
from planmutations import Plan, section_dropped


def bay_overfull() -> Plan:
    """N2 comes to the one bay of X1 while N1 is there."""
    plan = good_plan()
    at_n1 = stop_of(plan, "N1", "dump")["start"]
    start_s = GOOD["N2"].start_s
    ours = stop_of(plan, "N2", "dump")["start"]
    from_midnight = [_seconds(text) for text in (at_n1, ours)]
    return rescript("N2", start_s=start_s + from_midnight[0] - from_midnight[1] + 300)


def _seconds(text: str) -> int:
    return next(s for s in range(-7200, 86_400) if iso(date(2026, 7, 15), s) == text)


def round_window_broken() -> Plan:
    """Round 2 of R2-1F is driven in round 1's half of the day shift, and the other way round."""
    swapped = tuple(
        ("serve", command[1], 3 - command[2], command[3])
        if command[0] == "serve" and command[1] == "R2-1F"
        else command
        for command in GOOD["D1"].commands
    )
    return rescript("D1", commands=swapped)


def peak() -> Plan:
    """Dawn sprinkling begins at 07:10, in the morning peak."""
    return rescript("A1", start_s=7 * 3600 + 600)


def shift_overrun() -> Plan:
    """A3 comes back twenty minutes after the end of its shift."""
    return rescript("A3", commands=(*GOOD["A3"].commands, ("until", 60_600)))


def wet_in_cold() -> Plan:
    """3 °C at 12:00: D2 washes then, D1 and A3 later."""
    plan = good_plan()
    plan["conditions"]["hourly_c"] = [[hour, 3 if hour == 12 else 26] for hour in range(-2, 24)]
    return plan


def wet_in_rain() -> Plan:
    """It rains all day."""
    plan = good_plan()
    plan["conditions"]["weather"] = "rain"
    return plan


def vehicle_twice() -> Plan:
    """N3 is given W1, which is out on N1."""
    return rescript("N3", vehicle="W1")


def driver_twice() -> Plan:
    """N3 is given P1, who drives N1."""
    return rescript("N3", driver="P1")


def driver_four_runs() -> Plan:
    """P3 drives D2 besides three sprinkler runs."""
    return rescript("D2", driver="P3")


def driver_too_long_at_work() -> Plan:
    """P2 works 05:00-06:52 and 09:30-16:20 with two rests of 20 minutes: 8 h 2 min."""
    more = (("rest", 1200), ("until", 58_800))
    day = replace(GOOD["D1"], commands=(*GOOD["D1"].commands, *more))
    dawn = replace(
        GOOD["A1"],
        driver="P2",
        start_s=18_000,
        commands=(*GOOD["A1"].commands, ("until", 24_720)),
    )
    return good_plan(GOOD | {"D1": day, "A1": dawn})


def driver_span() -> Plan:
    """P1 drives N1 from 23:00 and D2 until 12:18."""
    return rescript("D2", driver="P1")


def driver_on_rest_day() -> Plan:
    """P7 is off on Wednesdays."""
    return rescript("N3", driver="P7")


def helper_drives() -> Plan:
    """P8 is a helper."""
    return rescript("N3", driver="P8")


def workshop_truck() -> Plan:
    """W4, in the workshop, goes out in the place of W2."""
    return good_plan(GOOD | {name: replace(GOOD[name], vehicle="W4") for name in ("N3", "D1")})


def truck_ordered_off() -> Plan:
    """An order takes W1 off, but it goes out."""
    plan = good_plan()
    plan["provenance"]["orders"] = [{"kind": "truck_off", "target": "W1", "outcome": "obeyed"}]
    return plan


def wrong_type() -> Plan:
    """A sprinkler is sent to wash."""
    plan = good_plan()
    run_of(plan, "N3")["vehicle"] = "S1"
    return plan


def foreign_depot() -> Plan:
    """W3 of depot D2 goes out from D1."""
    return good_plan(
        GOOD | {"N3": replace(GOOD["N3"], vehicle="W3", start_s=14_400), "D1": GOOD["D1"]}
    )


def unknown_vehicle() -> Plan:
    """There is no truck W9."""
    plan = good_plan()
    run_of(plan, "N3")["vehicle"] = "W9"
    return plan


def unknown_section() -> Plan:
    """A pass names a section that its road does not have."""
    plan = good_plan()
    stop_of(plan, "N3", "service").update(section="X9-1F", duty="wash/night/X9-1F/r1p1")
    return plan


def duty_of_another_row() -> Plan:
    """A pass names another pass's duty."""
    plan = good_plan()
    stop_of(plan, "N3", "service")["duty"] = "wash/night/R1-2B/r1p1"
    return plan


def section_means_another_street() -> Plan:
    """Two passes of one run exchange their sections, and no longer lie where the day's do."""
    plan = good_plan()
    first, second = stop_of(plan, "N2", "service", 4), stop_of(plan, "N2", "service", 5)
    for stop, other in ((first, "R6-2F"), (second, "R6-1F")):
        stop["section"] = other
        stop["duty"] = f"wash/night/{other}/r1p{stop['pass']}"
    return plan


def fleet_exceeded() -> Plan:
    """Four washers out, three in service."""
    return rescript("N3", vehicle="W5")


def fleet_cap_exceeded() -> Plan:
    """Three washers out under --fleet washers=2."""
    plan = good_plan()
    plan["provenance"]["options"]["fleet"] = "washers=2,sprinklers=26"
    return plan


def suspended_for_no_reason() -> Plan:
    """R1-2B is suspended as too cold in July."""
    plan = section_dropped()
    plan["suspended"] = [duty_row("wash", "night", "R1-2B", 1, 1) | {"rule": "cold"}]
    return plan


def suspended_by_no_order() -> Plan:
    """R1-2B is suspended by an order that is not recorded."""
    plan = section_dropped()
    plan["suspended"] = [duty_row("wash", "night", "R1-2B", 1, 1) | {"rule": "order"}]
    return plan


def closed_road_driven() -> Plan:
    """R1 is closed, the plan says so, and N3 is there."""
    plan = good_plan()
    plan["provenance"]["orders"] = [{"kind": "road_closed", "target": "R1", "ids": ["R1"]}]
    return plan


def pin_broken() -> Plan:
    """R1-1F is pinned to W1 and done by W2."""
    plan = good_plan()
    plan["provenance"]["orders"] = [
        {"kind": "pin", "target": "R1-1", "ids": ["R1-1F"], "vehicle": "W1", "outcome": "obeyed"}
    ]
    return plan


def heat_without_heat() -> Plan:
    """The rows for hot days are said to hold at 26 °C."""
    plan = good_plan()
    plan["conditions"]["active"] = ["heat", "plain"]
    return plan


def wrong_metres() -> Plan:
    """The plan claims a metre more than its rows."""
    plan = good_plan()
    plan["indicators"]["covered_m"]["wash/night"] += 1
    return plan


def text_for_nodes() -> Plan:
    """nodes is a text."""
    plan = good_plan()
    stop_of(plan, "N3", "travel")["nodes"] = "4, 1"
    return plan


DAY_MUTATIONS: dict[Callable[[], Plan], str] = {
    bay_overfull: "bays",
    round_window_broken: "window",
    peak: "peak_ban",
    shift_overrun: "shift",
    wet_in_cold: "wet_forbidden",
    wet_in_rain: "wet_forbidden",
    vehicle_twice: "vehicle_twice",
    driver_twice: "driver_twice",
    driver_four_runs: "driver_runs",
    driver_too_long_at_work: "driver_work",
    driver_span: "driver_span",
    driver_on_rest_day: "driver_rest_day",
    helper_drives: "driver_role",
    workshop_truck: "vehicle_status",
    truck_ordered_off: "vehicle_status",
    wrong_type: "vehicle_status",
    foreign_depot: "vehicle_status",
    unknown_vehicle: "unknown_id",
    unknown_section: "unknown_id",
    duty_of_another_row: "unknown_id",
    section_means_another_street: "section_wrong",
    fleet_exceeded: "fleet",
    fleet_cap_exceeded: "fleet",
    suspended_for_no_reason: "suspended_wrong",
    suspended_by_no_order: "suspended_wrong",
    closed_road_driven: "order_broken",
    pin_broken: "order_broken",
    heat_without_heat: "conditions",
    wrong_metres: "indicators",
    text_for_nodes: "format",
}
