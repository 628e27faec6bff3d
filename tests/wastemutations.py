"""One fault in one run of collection or haulage: functions that return such a plan, its cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goodplan import last, run_of, stop_of
from wasteplan import GOOD, good_plan, listed, recommand, rescript

Plan = dict[str, Any]
C1, C2 = (("collect", site, "recyclable") for site in ("C1", "C2"))
R1, R2 = (("haul", "TS1", "residual", number, kg) for number, kg in ((1, 3000), (2, 1800)))
KITCHEN = ("haul", "TS1", "kitchen", 1, 2100)


def _loads(plan: Plan, name: str, kg: int, first: int, after: int) -> Plan:
    """Add kilograms to what is on board after the stops ``first`` to ``after`` - 1 of a run."""
    for stop in run_of(plan, name)["stops"][first:after]:
        stop["load_kg"] += kg
    plan["indicators"].pop("stations", None)
    return plan


# Where the truck is.


def community_served_elsewhere() -> Plan:
    """Y1 empties the bins of C2 (node 8) while it stands at node 5."""
    return recommand("Y1", (C2, (("collect", "C2", "recyclable", 5),)))


def unloads_elsewhere() -> Plan:
    """Y1 unloads at TS1 (node 7) while it stands at node 8."""
    return recommand("Y1", (("unload", "TS1"), (("unload", "TS1", 8),)))


def hauls_elsewhere() -> Plan:
    """H1 takes the container of TS1 (node 7) while it stands at node 8."""
    return recommand("H1", (R1, ((*R1, 8), ("drive", 7))))


def drives_home_from_a_terminal() -> Plan:
    """H1 returns from E1 as if it were still at TS1."""
    return recommand("H1", (("transfer", "D1"), ()))


def tips_without_the_way() -> Plan:
    """H2 tips at E1 without a transfer to it."""
    return recommand("H2", (("transfer", "E1"), ()))


def tips_at_another_terminal() -> Plan:
    """H2 takes the kitchen waste to E1 and tips it at E2."""
    return recommand("H2", (("transfer", "E2"), (("transfer", "E1"),)))


def from_terminal_to_terminal() -> Plan:
    """H2 comes from E2 to E1, not to TS2 where it goes on."""
    plan = good_plan()
    stop_of(plan, "H2", "transfer", 1)["facility"] = "E1"
    return plan


def transfer_from_nowhere() -> Plan:
    """H1 drives to node 5 with its container: no way outside the district begins there."""
    return recommand("H1", (R1, (R1, ("drive", 5))))


def transfer_ends_elsewhere() -> Plan:
    """H1's transfer back to TS1 (node 7) ends at node 5, where it waits; then it drives to 7."""
    plan = recommand("H1", (("transfer", "TS1"), (("transfer", "TS1"), ("drive", 5))))
    back, travel = stop_of(plan, "H1", "transfer", 1), stop_of(plan, "H1", "travel", 1)
    back["to_node"] = 5
    travel.update(kind="wait", from_node=5)
    for key in ("nodes", "ways", "length_m"):
        del travel[key]
    return plan


def wrong_way_of_the_table() -> Plan:
    """H1 comes back from E1 to TS2, says the plan, but it goes on from TS1's node."""
    plan = good_plan()
    back = stop_of(plan, "H1", "transfer", 1)
    back["facility"] = "TS2"
    back["length_m"] = 15_000
    last(plan, "H1", back, 300)
    return plan


# How long it takes, and how far it is.


def collects_too_fast() -> Plan:
    """Five bins and a stop in 400 s, not 420."""
    plan = good_plan()
    last(plan, "Y1", stop_of(plan, "Y1", "service", 1), -20)
    return plan


def collects_too_slowly() -> Plan:
    """Five bins and a stop in 860 s, more than twice the 420."""
    plan = good_plan()
    last(plan, "Y1", stop_of(plan, "Y1", "service", 1), 440)
    return plan


def hooks_too_fast() -> Plan:
    """Set down and taken up in 600 s, not 900."""
    plan = good_plan()
    last(plan, "H1", stop_of(plan, "H1", "service"), -300)
    return plan


def unloads_too_fast() -> Plan:
    """Five minutes in a bay of TS1, not ten."""
    plan = good_plan()
    last(plan, "Y1", stop_of(plan, "Y1", "unload"), -300)
    return plan


def tips_too_fast() -> Plan:
    """Ten minutes at E2, not fifteen."""
    plan = good_plan()
    last(plan, "H2", stop_of(plan, "H2", "unload"), -300)
    return plan


def transfer_too_fast() -> Plan:
    """From TS1 to E1 in 1,100 s, not 1,200."""
    plan = good_plan()
    last(plan, "H1", stop_of(plan, "H1", "transfer"), -100)
    return plan


def transfer_too_short() -> Plan:
    """From TS1 to E1 11,999 m, not 12,000."""
    plan = good_plan()
    stop_of(plan, "H1", "transfer")["length_m"] -= 1
    return plan


def travel_between_sites_too_fast() -> Plan:
    """Y1 drives from C1 to C2 in 60 s, not 96."""
    plan = good_plan()
    last(plan, "Y1", stop_of(plan, "Y1", "travel", 1), -36)
    return plan


# What is on board.


def departs_loaded() -> Plan:
    """Y1 departs with 10 kg, which go with the rest."""
    return _loads(good_plan(), "Y1", 10, 0, 6)


def takes_more_than_due() -> Plan:
    """Y1 takes 10 kg more on at C2, which go with the rest."""
    return _loads(good_plan(), "Y1", 10, 4, 6)


def empties_too_few_bins() -> Plan:
    """Y1 empties four of the five bins of C2."""
    plan = good_plan()
    stop_of(plan, "Y1", "service", 1)["bins"] = 4
    return plan


def loses_load_on_the_way() -> Plan:
    """Between C2 and TS1 Y1 loses 50 kg."""
    return _loads(good_plan(), "Y1", -50, 5, 6)


def overloaded() -> Plan:
    """Q1 takes 2,100 kg in one load, 1,500 kg are allowed."""
    return rescript(
        "Q1",
        commands=tuple(
            command
            for n, command in enumerate(GOOD["Q1"].commands)
            if (n, command[0]) != (3, "unload")
        ),
    )


def unloads_in_part() -> Plan:
    """Y1 leaves 50 kg on board at TS1 and takes them home."""
    return _loads(good_plan(), "Y1", 50, 6, 8)


def returns_loaded() -> Plan:
    """Y1 takes its load home."""
    return recommand("Y1", (("unload", "TS1"), ()))


def load_vanishes_at_home() -> Plan:
    """Y1 comes home with a load that is gone on arrival."""
    plan = returns_loaded()
    stop_of(plan, "Y1", "return")["load_kg"] = 0
    return plan


def container_too_heavy() -> Plan:
    """A container of TS1 holds 3,000 kg; H1 takes 3,500 and then 1,300."""
    more = ("haul", "TS1", "residual", 1, 3500), ("haul", "TS1", "residual", 2, 1300)
    return recommand("H1", (R1, more[:1]), (R2, more[1:]))


def two_containers_on_board() -> Plan:
    """H1 takes both containers of TS1 at once, 4,800 of 5,000 kg."""
    commands = (R1, R2, *GOOD["H1"].commands[5:])
    return rescript("H1", commands=commands)


def empty_container() -> Plan:
    """H1 takes an empty container from TS1 to E1, too."""
    more = ("transfer", "TS1"), ("haul", "TS1", "residual", 3, 0), ("transfer", "E1")
    home = ("transfer", "D1")
    return recommand("H1", (home, (*more, ("unload", "E1"), home)))


def listed_with_other_kilograms() -> Plan:
    """C2's recyclables are listed as uncovered with 300 kg in 5 bins, not 350."""
    plan = recommand("Y1", (C2, ()))
    row = listed("collect", "recycle_am", "C2", "recyclable", load_kg=300)
    plan["uncovered"] = [row | {"cause": "time"}]
    return plan


# Which stream goes where, and which truck.


def wrong_truck_for_the_stream() -> Plan:
    """The kitchen truck goes out for the recyclables when it is back from the kitchen waste."""
    return rescript("Y1", vehicle="Q1", start_s=38_400)


def station_takes_no_such_stream() -> Plan:
    """Y1 unloads recyclables at TS2."""
    return recommand("Y1", (("unload", "TS1"), (("unload", "TS2"),)))


def station_holds_no_such_stream() -> Plan:
    """H1 hauls 500 kg of kitchen waste from TS2, which has no container for it."""
    more = ("transfer", "TS2"), ("haul", "TS2", "kitchen", 1, 500), ("transfer", "E2")
    home = ("transfer", "D1")
    return recommand("H1", (home, (*more, ("unload", "E2"), home)))


def terminal_takes_no_such_stream() -> Plan:
    """H2 takes the kitchen waste to E1."""
    return recommand(
        "H2", (("transfer", "E2"), (("transfer", "E1"),)), (("unload", "E2"), (("unload", "E1"),))
    )


def unloads_another_stream() -> Plan:
    """Y1 says that it unloads residual waste, recyclables are on board."""
    plan = good_plan()
    stop_of(plan, "Y1", "unload")["stream"] = "residual"
    return plan


def large_truck_in_narrow_lanes() -> Plan:
    """The compactor goes to C4."""
    return rescript("K2", vehicle="G1")


def washer_collects() -> Plan:
    """A washer is sent for residual waste."""
    plan = good_plan()
    run_of(plan, "K2")["vehicle"] = "W1"
    return plan


RUN_MUTATIONS: dict[Callable[[], Plan], str] = {
    community_served_elsewhere: "disconnected",
    unloads_elsewhere: "disconnected",
    hauls_elsewhere: "disconnected",
    drives_home_from_a_terminal: "disconnected",
    tips_without_the_way: "disconnected",
    tips_at_another_terminal: "disconnected",
    from_terminal_to_terminal: "disconnected",
    transfer_from_nowhere: "disconnected",
    transfer_ends_elsewhere: "disconnected",
    wrong_way_of_the_table: "disconnected",
    collects_too_fast: "too_fast",
    collects_too_slowly: "too_slow",
    hooks_too_fast: "too_fast",
    unloads_too_fast: "too_fast",
    tips_too_fast: "too_fast",
    transfer_too_fast: "too_fast",
    transfer_too_short: "length",
    travel_between_sites_too_fast: "too_fast",
    departs_loaded: "load",
    takes_more_than_due: "load",
    empties_too_few_bins: "load",
    loses_load_on_the_way: "load",
    overloaded: "load",
    unloads_in_part: "load",
    returns_loaded: "load",
    load_vanishes_at_home: "load",
    container_too_heavy: "load",
    two_containers_on_board: "load",
    empty_container: "load",
    listed_with_other_kilograms: "load",
    wrong_truck_for_the_stream: "stream",
    station_takes_no_such_stream: "stream",
    station_holds_no_such_stream: "stream",
    terminal_takes_no_such_stream: "stream",
    unloads_another_stream: "stream",
    large_truck_in_narrow_lanes: "access",
    washer_collects: "vehicle_status",
}
