"""One fault of a waste plan's hours, accounts or stations: functions that return such a plan."""

from __future__ import annotations

from collections.abc import Callable

from goodplan import stop_of
from wastemutations import C1, C2, KITCHEN, R2, Plan
from wasteplan import GOOD, good_plan, listed, recommand, rescript

C4 = ("collect", "C4", "residual")


# When.


def before_the_hours() -> Plan:
    """K2 is at C4 at 13:06, residual waste may be collected from 13:30."""
    commands = GOOD["K2"].commands[1:]
    return rescript("K2", start_s=47_100, commands=commands)


def after_the_hours() -> Plan:
    """Y1 begins at C2 at 11:26:24 and ends 3 min 24 s after 11:30."""
    return rescript("Y1", start_s=40_200)


def outside_the_community_s_own_hours() -> Plan:
    """K1 does not wait for C3, which is open from 10:00."""
    return recommand("K1", (("until", 36_000), ()))


def in_another_stream_s_shift() -> Plan:
    """K2 collects residual waste in the shift for recyclables."""
    return rescript("K2", shift="recycle_am", start_s=38_700, commands=GOOD["K2"].commands[1:])


def shift_overrun() -> Plan:
    """K2 comes back at 17:40, its shift ends at 17:30."""
    return rescript("K2", commands=(*GOOD["K2"].commands, ("rest", 1200), ("until", 63_600)))


def no_rest() -> Plan:
    """H1 waits for an hour and 50 minutes at E1: 4 h 3 min without a rest."""
    return recommand("H1", (R2, (("until", 60_972), R2)))


def station_closed() -> Plan:
    """H2 is at E2 from 17:47:24 to 18:02:24, it closes at 18:00."""
    return rescript("H2", start_s=61_200)


# Due, and done once.


def load_not_collected() -> Plan:
    """Nobody takes the recyclables of C2."""
    return recommand("Y1", (C2, ()))


def collected_twice() -> Plan:
    """Y1 comes to C2 twice."""
    return recommand("Y1", (C2, (C2, ("drive", 5), C2)))


def not_due_on_wednesday() -> Plan:
    """Y1 collects the recyclables of C3, due on Thursdays."""
    return recommand("Y1", (C1, (("collect", "C3", "recyclable"), C1)))


def done_and_listed() -> Plan:
    """The recyclables of C2 are collected and listed as uncovered."""
    plan = good_plan()
    row = listed("collect", "recycle_am", "C2", "recyclable")
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def listed_but_not_due() -> Plan:
    """The recyclables of C4 are listed as uncovered on a Wednesday."""
    plan = good_plan()
    row = listed("collect", "recycle_am", "C4", "recyclable")
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def one_haul_twice() -> Plan:
    """Both hauls of TS1 are called the first."""
    return recommand("H1", (R2, (("haul", "TS1", "residual", 1, 1800),)))


def haul_done_and_listed() -> Plan:
    """The haul of recyclables that is listed (2,050 kg stay) has the number of one that is done."""
    hauls = ("haul", "TS1", "recyclable", 1, 1000), ("transfer", "E1"), ("unload", "E1")
    home = ("transfer", "D1")
    plan = recommand("H1", (home, (("transfer", "TS1"), *hauls, home)))
    row = listed("haul", "haul_late", "TS1", "recyclable", load_kg=1050)
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def suspended_for_no_reason() -> Plan:
    """The recyclables of C2 are suspended for rain."""
    plan = load_not_collected()
    row = listed("collect", "recycle_am", "C2", "recyclable")
    plan["suspended"] = [row | {"rule": "rain"}]
    return plan


def suspended_by_no_order() -> Plan:
    """The recyclables of C2 are suspended by an order that is not recorded."""
    plan = suspended_for_no_reason()
    plan["suspended"][0]["rule"] = "order"
    return plan


def left_out_but_done() -> Plan:
    """An order leaves C2 out of the shift for recyclables, Y1 goes there."""
    plan = good_plan()
    plan["provenance"]["orders"] = [
        {"kind": "leave_out", "target": "C2", "shift": "recycle_am", "outcome": "obeyed"}
    ]
    return plan


def pin_broken() -> Plan:
    """C4 is pinned to G1, K2 goes there with G2 in the same shift."""
    plan = rescript("K2", shift="collect_am", start_s=38_700, commands=GOOD["K2"].commands[1:])
    plan["provenance"]["orders"] = [
        {"kind": "pin", "target": "C4", "shift": "collect_am", "vehicle": "G1"}
    ]
    return plan


def unknown_community() -> Plan:
    """There is no community C9; C2 is listed as uncovered."""
    plan = good_plan()
    stop = stop_of(plan, "Y1", "service", 1)
    stop.update(site="C9", duty="collect/recycle_am/C9/recyclable")
    row = listed("collect", "recycle_am", "C2", "recyclable")
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def unknown_stream() -> Plan:
    """There is no stream of glass; the recyclables of C2 are listed as uncovered."""
    plan = good_plan()
    stop = stop_of(plan, "Y1", "service", 1)
    stop.update(stream="glass", duty="collect/recycle_am/C2/glass")
    row = listed("collect", "recycle_am", "C2", "recyclable")
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def unknown_shift() -> Plan:
    """There is no shift collect_noon."""
    return rescript("K2", shift="collect_noon")


def unknown_station() -> Plan:
    """There is no station TS9."""
    plan = good_plan()
    del plan["indicators"]["stations"]
    stop_of(plan, "Y1", "unload")["facility"] = "TS9"
    return plan


def unknown_terminal() -> Plan:
    """There is no terminal E9."""
    plan = good_plan()
    stop_of(plan, "H1", "unload")["facility"] = "E9"
    return plan


def unknown_in_the_list() -> Plan:
    """The list of uncovered duties has a stream that there is not."""
    plan = good_plan()
    row = listed("collect", "recycle_am", "C2", "recyclable")
    plan["uncovered"] = [row | {"stream": "glass", "cause": "time"}]
    return plan


def duty_of_another_row() -> Plan:
    """A visit to C2 names the duty of C1."""
    plan = good_plan()
    stop_of(plan, "Y1", "service", 1)["duty"] = "collect/recycle_am/C1/recyclable"
    return plan


def duty_of_another_haul() -> Plan:
    """The second haul of TS1 names the first."""
    plan = good_plan()
    stop_of(plan, "H1", "service", 1)["duty"] = "haul/haul_late/TS1/residual/r1"
    return plan


# Stations.


def bay_taken() -> Plan:
    """Y1 comes to the one bay of TS1 a minute after Q1."""
    return rescript("Y1", start_s=35_460)


def hauled_before_it_came() -> Plan:
    """H2 takes 2,100 kg of kitchen waste at 09:47:24, when 1,050 kg have come in."""
    return rescript("H2", shift="haul_early", start_s=34_200)


def not_all_hauled() -> Plan:
    """H1 leaves 100 kg of residual waste at TS1."""
    return recommand("H1", (R2, (("haul", "TS1", "residual", 2, 1700),)))


def more_left_than_listed() -> Plan:
    """H1 leaves 1,800 kg at TS1, of which 1,000 are listed."""
    plan = rescript("H1", commands=(*GOOD["H1"].commands[:3], ("transfer", "D1")))
    row = listed("haul", "haul_late", "TS1", "residual", round=2, load_kg=1000)
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def less_left_than_listed() -> Plan:
    """A haul of 500 kg of kitchen waste is listed as uncovered, nothing is left."""
    plan = good_plan()
    row = listed("haul", "haul_late", "TS1", "kitchen", round=2, load_kg=500)
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


def kitchen_waste_forgotten() -> Plan:
    """H2 does not take the kitchen waste of TS1."""
    at = GOOD["H2"].commands.index(KITCHEN)
    commands = (
        ("haul", "TS2", "residual", 1, 1400),
        *GOOD["H2"].commands[at + 5 :],
    )
    return rescript("H2", commands=commands)


def wrong_stock() -> Plan:
    """The plan claims a kilogram more than came into TS2."""
    plan = good_plan()
    plan["indicators"]["stations"][3]["in_kg"] += 1
    return plan


def wrong_highest_stock() -> Plan:
    """The plan says that no more than 4,100 kg were in TS1."""
    plan = good_plan()
    plan["indicators"]["stations"][2]["most_kg"] = 4100
    return plan


def station_without_figures() -> Plan:
    """The plan's figures leave TS2 out."""
    plan = good_plan()
    del plan["indicators"]["stations"][3]
    return plan


def figures_of_no_station() -> Plan:
    """The plan's figures have a row of kitchen waste at TS2."""
    plan = good_plan()
    plan["indicators"]["stations"].append(plan["indicators"]["stations"][3] | {"stream": "kitchen"})
    return plan


# Form.


def no_load_stated() -> Plan:
    """A wait does not say what is on board."""
    plan = good_plan()
    del stop_of(plan, "K1", "wait")["load_kg"]
    return plan


def service_without_a_site() -> Plan:
    """A visit does not say where."""
    plan = good_plan()
    del stop_of(plan, "Y1", "service")["site"]
    return plan


def fills_water() -> Plan:
    """A collecting truck fills its tank, and has none."""
    plan = good_plan()
    stop_of(plan, "K1", "wait").update(kind="fill", facility="F1")
    return plan


def collects_outside_the_district() -> Plan:
    """A collecting truck takes a way to a terminal."""
    plan = good_plan()
    stop_of(plan, "K1", "wait").update(kind="transfer", facility="E1", length_m=0)
    return plan


DAY_MUTATIONS: dict[Callable[[], Plan], str] = {
    before_the_hours: "window",
    after_the_hours: "window",
    outside_the_community_s_own_hours: "window",
    in_another_stream_s_shift: "window",
    shift_overrun: "shift",
    no_rest: "rest_missing",
    station_closed: "closed",
    load_not_collected: "pass_missing",
    collected_twice: "served_twice",
    not_due_on_wednesday: "over_served",
    done_and_listed: "over_served",
    listed_but_not_due: "over_served",
    one_haul_twice: "served_twice",
    haul_done_and_listed: "over_served",
    suspended_for_no_reason: "suspended_wrong",
    suspended_by_no_order: "suspended_wrong",
    left_out_but_done: "order_broken",
    pin_broken: "order_broken",
    unknown_community: "unknown_id",
    unknown_stream: "unknown_id",
    unknown_shift: "unknown_id",
    unknown_station: "unknown_id",
    unknown_terminal: "unknown_id",
    unknown_in_the_list: "unknown_id",
    duty_of_another_row: "unknown_id",
    duty_of_another_haul: "unknown_id",
    bay_taken: "bays",
    hauled_before_it_came: "containers",
    not_all_hauled: "not_emptied",
    more_left_than_listed: "not_emptied",
    less_left_than_listed: "load",
    kitchen_waste_forgotten: "not_emptied",
    wrong_stock: "indicators",
    wrong_highest_stock: "indicators",
    station_without_figures: "indicators",
    figures_of_no_station: "indicators",
    no_load_stated: "format",
    service_without_a_site: "format",
    fills_water: "format",
    collects_outside_the_district: "format",
}
