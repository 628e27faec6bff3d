"""One fault in one run or its work: functions that return such a plan, and its cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goodplan import (
    GOOD,
    count,
    duty_row,
    good_plan,
    last,
    later,
    redirect,
    rescript,
    run_of,
    stop_of,
)

Plan = dict[str, Any]
NIGHT_N3 = ("serve", "R1-2B", 1, 1)


def section_dropped() -> Plan:
    """R1-2B is in no run and in no list."""
    left = tuple(command for command in GOOD["N3"].commands if command != NIGHT_N3)
    return rescript("N3", commands=left)


def pass_of_a_round_dropped() -> Plan:
    """The second pass of round 2 of R2-2F by day is gone."""
    gone = ("serve", "R2-2F", 2, 2)
    return rescript("D1", commands=tuple(c for c in GOOD["D1"].commands if c != gone))


def served_twice() -> Plan:
    """N3 washes R1-1B twice."""
    return rescript("N3", commands=(*GOOD["N3"].commands, ("serve", "R1-1B", 1, 1)))


def pass_too_many() -> Plan:
    """N3 washes R1-1B a second time, as a pass that no standard asks for."""
    return rescript("N3", commands=(*GOOD["N3"].commands, ("serve", "R1-1B", 1, 2)))


def also_uncovered() -> Plan:
    """A pass that is done is listed as uncovered as well."""
    plan = good_plan()
    plan["uncovered"] = [duty_row("wash", "night", "R1-1B", 1, 1) | {"cause": "time"}]
    return count(plan)


def one_way_driven_wrong() -> Plan:
    """N2 leaves its depot at node 9 northwards, against one-way R6."""
    plan = good_plan()
    redirect(plan, "N2", stop_of(plan, "N2", "travel"), [9, 6, 5])
    return plan


def banned_turn() -> Plan:
    """N3 comes down R5 and turns right into R2 at node 5."""
    plan = good_plan()
    stop = stop_of(plan, "N3", "return")
    redirect(plan, "N3", stop, [1, 2, 5, 4])
    return plan


def u_turn_on_arterial() -> Plan:
    """D1 leaves its depot, drives R2 to node 5 and turns round there."""
    plan = good_plan()
    stop = run_of(plan, "D1")["stops"][0]
    travel = dict(stop) | {"kind": "travel", "nodes": [4], "ways": [], "length_m": 0}
    del travel["facility"]
    run_of(plan, "D1")["stops"].insert(1, travel)
    redirect(plan, "D1", travel, [4, 7, 4, 5, 4, 7, 4])
    return plan


def gap_in_rows() -> Plan:
    """N2's first travel is left out: it waits at the depot and goes on elsewhere."""
    plan = good_plan()
    stop = stop_of(plan, "N2", "travel")
    del stop["ways"], stop["length_m"]
    stop |= {"kind": "wait", "to_node": stop["from_node"], "nodes": [stop["from_node"]]}
    return plan


def fills_elsewhere() -> Plan:
    """N1's fill at node 5 is booked at F2, which is at node 7."""
    plan = good_plan()
    stop = stop_of(plan, "N1", "fill")
    stop["facility"] = "F2"
    last(plan, "N1", stop, 600)  # the hydrant is slower
    last(plan, "N1", stop_of(plan, "N1", "wait"), -600)
    return plan


def way_swapped() -> Plan:
    """The first step of a travel is put on a way that it is no part of."""
    plan = good_plan()
    stop_of(plan, "N2", "travel")["ways"][0] = 101
    return plan


def length_falsified() -> Plan:
    """A travel claims 100 m more than its nodes make."""
    plan = good_plan()
    stop_of(plan, "N2", "travel")["length_m"] += 100
    return plan


def travel_too_fast() -> Plan:
    """A travel takes five seconds."""
    plan = good_plan()
    stop = stop_of(plan, "D2", "travel")
    last(plan, "D2", stop, -55)
    return plan


def service_too_fast() -> Plan:
    """400 m of deep wash at 7.2 instead of 5 km/h."""
    plan = good_plan()
    last(plan, "N3", stop_of(plan, "N3", "service"), -88)
    return plan


def service_too_slow() -> Plan:
    """400 m of deep wash in three times its time."""
    plan = good_plan()
    last(plan, "N3", stop_of(plan, "N3", "service"), 576)
    return plan


def fill_too_short() -> Plan:
    """A fill that lasts 100 s less than hose and flow take."""
    plan = good_plan()
    last(plan, "N1", stop_of(plan, "N1", "fill"), -100)
    return plan


def dump_too_short() -> Plan:
    """Emptying in 400 s where 600 s are needed."""
    plan = good_plan()
    last(plan, "N1", stop_of(plan, "N1", "dump"), -200)
    return plan


def time_gap() -> Plan:
    """A stop begins a minute after the one before has ended."""
    plan = good_plan()
    stop = stop_of(plan, "N1", "wait")
    stop["start"] = later(stop["start"], 60)
    return plan


def tank_overdrawn() -> Plan:
    """N1 takes no water at its fill: its last two passes have none left."""
    plan = good_plan()
    stops = run_of(plan, "N1")["stops"]
    at = next(i for i, stop in enumerate(stops) if stop["kind"] == "fill")
    taken = stops[at]["water_l"] - stops[at - 1]["water_l"]
    for stop in stops[at:]:
        stop["water_l"] -= taken
    assert stops[-1]["water_l"] == 9_000 - 16 * 624
    return plan


def tank_falsified() -> Plan:
    """From one pass on there are 300 L more in the tank than the work leaves."""
    plan = good_plan()
    for stop in run_of(plan, "N2")["stops"][4:9]:
        stop["water_l"] += 300
    return plan


def dirty_falsified() -> Plan:
    """A pass brings nothing back into the dirty tank."""
    plan = good_plan()
    stop_of(plan, "N3", "service", 3)["dirty_l"] -= 468
    for stop in run_of(plan, "N3")["stops"][-1:]:
        stop["dirty_l"] -= 468
    return plan


def leaves_half_full() -> Plan:
    """N3 departs with 5,000 L."""
    plan = good_plan()
    for stop in run_of(plan, "N3")["stops"]:
        stop["water_l"] -= 4_000
    return plan


def rest_removed() -> Plan:
    """N1 waits instead of resting: 5 h 31 min without a rest."""
    plan = good_plan()
    stop_of(plan, "N1", "rest")["kind"] = "wait"
    return plan


def rest_too_short() -> Plan:
    """N1 rests for ten minutes only, then waits for ten."""
    plan = good_plan()
    stops = run_of(plan, "N1")["stops"]
    rest = stop_of(plan, "N1", "rest")
    middle = later(rest["start"], 600)
    stops.insert(stops.index(rest) + 1, dict(rest) | {"kind": "wait", "start": middle})
    rest["end"] = middle
    return plan


RUN_MUTATIONS: dict[Callable[[], Plan], str] = {
    section_dropped: "pass_missing",
    pass_of_a_round_dropped: "pass_missing",
    served_twice: "served_twice",
    pass_too_many: "over_served",
    also_uncovered: "over_served",
    one_way_driven_wrong: "one_way",
    banned_turn: "turn_banned",
    u_turn_on_arterial: "u_turn",
    gap_in_rows: "disconnected",
    fills_elsewhere: "disconnected",
    way_swapped: "not_on_way",
    length_falsified: "length",
    travel_too_fast: "too_fast",
    service_too_fast: "too_fast",
    service_too_slow: "too_slow",
    fill_too_short: "too_fast",
    dump_too_short: "too_fast",
    time_gap: "time_gap",
    tank_overdrawn: "tank",
    tank_falsified: "tank",
    dirty_falsified: "tank",
    leaves_half_full: "tank",
    rest_removed: "rest_missing",
    rest_too_short: "rest_missing",
}
