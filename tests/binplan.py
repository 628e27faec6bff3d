"""A small plan of litter bins without a fault, built by hand on the district of bindistrict.py.

A run is written as a script::

    ("empty", "R2-1F", 1, 1)      drive to the section, then empty its bins in round 1, pass 1
    ("empty", "R2-1F", 1, 1, 5)   the same, but five bins
    ("unload", "TS1")  ("until", 32400)

B1 does both rounds of R2 and R4 (86 bins, 258 kg), B2 the rest (39 bins, 117 kg): it turns round at
node 3, where a street can't be turned in, by unloading at TS2, and unloads at TS1 in the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from goodplan import R2, R4, R6, SECTIONS, WAYS, drive_s, route
from handplan import Command, Script, iso, plan_of, recommanded, scripted_run

DAY = date(2026, 7, 15)
STAND = {"D1": 4, "D2": 9, "TS1": 7, "TS2": 3}
# The first of a road's passes, in the order of their ids, have the bins that do not divide by 4.
_MORE = {"R1-1B/1": 3, "R1-1F/1": 3, "R2-1B/1": 11, "R6-1F/1": 3}
_LEAST = {"R1": 2, "R2": 10, "R4": 1, "R5": 5, "R6": 2}


def bins_of(section: str, pass_no: int) -> int:
    """Bins of a section in a pass of any round."""
    return _MORE.get(f"{section}/{pass_no}", _LEAST.get(section[:2], 0))


def _empty(*sections: str, rounds: int = 1, pass_no: int = 1) -> tuple[Command, ...]:
    return tuple(("empty", section, rounds, pass_no) for section in sections)


GOOD: dict[str, Script] = {
    "B1": Script(
        *("bins", "bins_am", "B1", "P11", "D1", 8 * 3600),
        (
            *_empty(*R2),
            ("until", 9 * 3600),
            *_empty(*R2, rounds=2),
            *_empty(*R4),
            ("unload", "TS1"),
        ),
    ),
    "B2": Script(
        *("bins", "bins_am", "B2", "P15", "D2", 7 * 3600),
        (
            *_empty("R5-2B", "R5-1B", "R1-2F"),
            ("unload", "TS2"),
            *_empty("R1-2B", "R1-1B", "R1-1F", "R5-1F", "R5-2F"),
            *_empty(*R6),
            *_empty(*R6, pass_no=2),
            ("unload", "TS1"),
        ),
    ),
}


@dataclass
class _Truck:
    script: Script
    at: int
    clock_s: int
    before: int | None = None
    load_kg: int = 0
    stops: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, took_s: int, nodes: list[int], **more: Any) -> None:
        stop: dict[str, Any] = {"kind": kind, "start": iso(DAY, self.clock_s)}
        self.clock_s += took_s
        stop |= {"end": iso(DAY, self.clock_s), "from_node": nodes[0], "to_node": nodes[-1]}
        stop["nodes"] = nodes
        if kind in ("travel", "service", "return"):
            stop["ways"] = [WAYS[step] for step in pairwise(nodes)]
            stop["length_m"] = 400 * (len(nodes) - 1)
        self.stops.append(stop | more | {"load_kg": self.load_kg})
        self.at = nodes[-1]
        self.before = nodes[-2] if len(nodes) > 1 else self.before

    def go(self, goal: int, then: int | None = None, kind: str = "travel") -> None:
        nodes = route(self.at, self.before, goal, then)
        if len(nodes) > 1 or kind == "return":
            self.add(kind, drive_s(nodes), nodes)

    def empty(self, section: str, round_no: int, pass_no: int, bins: int) -> None:
        u, v = SECTIONS[section]
        self.go(u, v)
        self.load_kg += 3 * bins
        duty = f"bins/{self.script.shift}/{section}/r{round_no}p{pass_no}"
        named = {"road": section[:2], "section": section, "pass": pass_no, "round": round_no}
        more = {"lane": 1, "stream": "residual", "bins": bins, "duty": duty}
        self.add("service", 120 + 20 * bins, [u, v], **named, **more)

    def unload(self, station: str) -> None:
        self.go(STAND[station])
        self.load_kg = 0
        self.add("unload", 600, [self.at], facility=station)
        self.before = None


def drive(name: str, script: Script) -> dict[str, Any]:
    """The run that a script describes."""
    truck = _Truck(script, STAND[script.depot], script.start_s)
    truck.add("depart", 0, [truck.at], facility=script.depot)
    for command in script.commands:
        match command:
            case ("empty", section, round_no, pass_no):
                truck.empty(section, round_no, pass_no, bins_of(section, pass_no))
            case ("empty", section, round_no, pass_no, bins):
                truck.empty(section, round_no, pass_no, bins)
            case ("unload", station):
                truck.unload(station)
            case ("until", second_s):
                truck.add("wait", second_s - truck.clock_s, [truck.at])
    truck.go(STAND[script.depot], kind="return")
    return scripted_run(DAY, name, script, truck.stops, truck.clock_s)


def good_plan(scripts: dict[str, Script] | None = None) -> dict[str, Any]:
    """A plan of the scripts, GOOD if none are given."""
    scripts = GOOD if scripts is None else scripts
    runs = [drive(name, script) for name, script in sorted(scripts.items())]
    return plan_of(DAY, runs, "bins")


def recommand(name: str, *pairs: tuple[Command, tuple[Command, ...]]) -> dict[str, Any]:
    """The good plan with commands of one script each replaced by others."""
    return good_plan(GOOD | {name: recommanded(GOOD[name], *pairs)})


def listed(section: str, round_no: int = 1, pass_no: int = 1, **more: Any) -> dict[str, Any]:
    """A row of ``uncovered`` or ``suspended`` without its cause or rule."""
    bins = bins_of(section, pass_no)
    row = {"service": "bins", "shift": "bins_am", "section": section, "road": section[:2]}
    row |= {"pass": pass_no, "round": round_no, "lane": 1, "length_m": 400}
    return row | {"stream": "residual", "load_kg": 3 * bins, "bins": bins} | more
