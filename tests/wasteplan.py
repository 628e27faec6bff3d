"""A small plan of collection and haulage without a fault, built by hand on the waste district.

The district is that of wastedistrict.py on a Wednesday. A run is written as a script::

    ("collect", "C1", "residual")            drive to the community, take what is due there
    ("unload", "TS1")                        drive to the station, or at a terminal, and empty
    ("haul", "TS1", "residual", 1, 3000)     drive to the station, take its haul of so many kg
    ("transfer", "E1")                       outside the district to a terminal, station or depot
    ("pump", "T1", 1, 3000)                  drive to the septic tank, take its load of so many kg
    ("gate", "D2")                           drive to where a way outside the district begins
    ("drive", 5)  ("until", 36000)  ("rest", 1200)

Two trucks of residual waste (K1, K2), one of kitchen waste (Q1, two loads), one of recyclables
(Y1) and two hook-lifts (H1: TS1's residual waste in two hauls; H2: the kitchen waste, then TS2).
At TS1 unload Q1 from 09:25:24, K1 from 09:39:12, Q1 from 10:14:36, Y1 from 10:39:36 and K2 from
13:45:36, ten minutes each; K1 is at TS2 from 10:24:42.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from goodplan import WAYS, drive_s, route
from handplan import Command, Script, iso, plan_of, recommanded, scripted_run

DAY = date(2026, 7, 15)
STAND = {"D1": 4, "D2": 9, "TS1": 7, "TS2": 3, "C1": 2, "C2": 8, "C3": 6, "C4": 1}
STAND |= {"T1": 8, "T2": 1, "T3": 2, "T4": 8}  # septic tanks, see septicdistrict.py
DUE_KG = {
    "residual": {"C1": 1400, "C2": 700, "C3": 1400, "C4": 700},
    "kitchen": {"C1": 700, "C2": 350, "C3": 700, "C4": 350},
    # C3 and C4 are due on Thursdays.
    "recyclable": {"C1": 700, "C2": 350, "C3": 700, "C4": 350},
}
# terminal -> place -> seconds at 10 m/s; seconds of tipping
WAY_S = {
    "E1": {"TS1": 1200, "TS2": 1500, "D1": 1320, "D2": 1380},
    "E2": {"TS1": 1800, "TS2": 2100, "D1": 1620, "D2": 1980},
    "E3": {"D1": 1500, "D2": 900},
}
TIP_S = {"E1": 600, "E2": 900, "E3": 720}
HOOK_S, UNLOAD_S = 900, 600


def _at(hour: int, minute: int = 0) -> int:
    return hour * 3600 + minute * 60


GOOD: dict[str, Script] = {
    "K1": Script(
        *("collect", "collect_am", "G1", "P11", "D1", _at(8, 45)),
        (
            ("until", _at(9)),
            ("collect", "C1", "residual"),
            ("collect", "C2", "residual"),
            ("unload", "TS1"),
            ("drive", 6),
            ("until", _at(10)),
            ("collect", "C3", "residual"),
            ("unload", "TS2"),
        ),
        ("A1",),
    ),
    "K2": Script(
        *("collect", "collect_pm", "G2", "P12", "D1", _at(13, 28)),
        (("until", _at(13, 30)), ("collect", "C4", "residual"), ("unload", "TS1")),
    ),
    "Q1": Script(
        *("collect", "kitchen_am", "Q1", "P15", "D2", _at(8, 45)),
        (
            ("until", _at(9)),
            ("collect", "C1", "kitchen"),
            ("collect", "C4", "kitchen"),
            ("unload", "TS1"),
            ("collect", "C2", "kitchen"),
            ("drive", 6),
            ("until", _at(10)),
            ("collect", "C3", "kitchen"),
            ("unload", "TS1"),
        ),
    ),
    "Y1": Script(
        *("collect", "recycle_am", "Y1", "P16", "D2", _at(10, 15)),
        (("collect", "C1", "recyclable"), ("collect", "C2", "recyclable"), ("unload", "TS1")),
    ),
    "H1": Script(
        *("haul", "haul_late", "H1", "P13", "D1", _at(14)),
        (
            ("haul", "TS1", "residual", 1, 3000),
            ("transfer", "E1"),
            ("unload", "E1"),
            ("transfer", "TS1"),
            ("haul", "TS1", "residual", 2, 1800),
            ("transfer", "E1"),
            ("unload", "E1"),
            ("transfer", "D1"),
        ),
    ),
    "H2": Script(
        *("haul", "haul_late", "H2", "P17", "D2", _at(13, 30)),
        (
            ("haul", "TS1", "kitchen", 1, 2100),
            ("transfer", "E2"),
            ("unload", "E2"),
            ("transfer", "TS2"),
            ("haul", "TS2", "residual", 1, 1400),
            ("transfer", "E1"),
            ("unload", "E1"),
            ("transfer", "D2"),
        ),
    ),
}

_FIGURES = ("opening_kg", "in_kg", "out_kg", "closing_kg", "most_kg", "room_kg")
# 2,000 + 2,100 (K1) + 700 (K2) - 3,000 - 1,800 and so on.
STATIONS = [
    {"station": station, "stream": stream, **dict(zip(_FIGURES, figures, strict=True))}
    for station, stream, figures in (
        ("TS1", "kitchen", (0, 2100, 2100, 0, 2100, 3000)),
        ("TS1", "recyclable", (1000, 1050, 0, 2050, 2050, 3000)),
        ("TS1", "residual", (2000, 2800, 4800, 0, 4800, 6000)),
        ("TS2", "residual", (0, 1400, 1400, 0, 1400, 3000)),
    )
]


@dataclass
class _Truck:
    """A run being driven."""

    script: Script
    at: int = 0
    place: str = ""  # the terminal at which it is, or the place where it last stood
    before: int | None = None
    clock_s: int = 0
    load_kg: int = 0
    stops: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, took_s: int, to_node: int | None = None, **more: Any) -> None:
        stop = {"kind": kind, "start": iso(DAY, self.clock_s)}
        self.clock_s += took_s
        to_node = self.at if to_node is None else to_node
        stop |= {"end": iso(DAY, self.clock_s), "from_node": self.at, "to_node": to_node}
        self.stops.append(stop | more | {"load_kg": self.load_kg})
        self.at = to_node

    def go(self, goal: int, kind: str = "travel") -> None:
        nodes = route(self.at, self.before, goal, None)
        if len(nodes) > 1 or kind == "return":
            ways = [WAYS[step] for step in pairwise(nodes)]
            driven = {"nodes": nodes, "ways": ways, "length_m": 400 * len(ways)}
            self.add(kind, drive_s(nodes), nodes[-1], **driven)
            self.before = nodes[-2] if len(nodes) > 1 else self.before

    def collect(self, site: str, stream: str, node: int) -> None:
        self.go(node)
        kg = DUE_KG[stream][site]
        self.load_kg += kg
        duty = f"{self.script.service}/{self.script.shift}/{site}/{stream}"
        named = {"site": site, "stream": stream, "bins": kg // 70, "duty": duty}
        self.add("service", 120 + 60 * (kg // 70), **named)
        self.before = None

    def haul(self, site: str, stream: str, number: int, kg: int, node: int) -> None:
        self.go(node)
        self.load_kg += kg
        duty = f"haul/{self.script.shift}/{site}/{stream}/r{number}"
        self.add("service", HOOK_S, site=site, stream=stream, round=number, duty=duty)
        self.place, self.before = site, None

    def pump(self, tank: str, number: int, kg: int, node: int) -> None:
        self.go(node)
        self.load_kg += kg
        duty = f"septic/{self.script.shift}/{tank}/r{number}"
        named = {"site": tank, "stream": "night_soil", "round": number, "duty": duty}
        self.add("service", 600 + kg * 90 // 1000, **named)
        self.place, self.before = tank, None

    def unload(self, place: str, node: int | None) -> None:
        if node is not None:
            self.go(node)
        self.load_kg = 0
        self.add("unload", TIP_S.get(place, UNLOAD_S), facility=place)
        self.place, self.before = place, None

    def transfer(self, place: str) -> None:
        terminal, inside = (place, self.place) if place in WAY_S else (self.place, place)
        took_s = WAY_S[terminal][inside]
        to_node = None if place in WAY_S else STAND[place]
        self.add("transfer", took_s, to_node, length_m=10 * took_s, facility=place)
        self.place, self.before = place, None


def drive(name: str, script: Script) -> dict[str, Any]:
    """The run that a script describes."""
    truck = _Truck(script, at=STAND[script.depot], clock_s=script.start_s, place=script.depot)
    truck.add("depart", 0, nodes=[truck.at], facility=script.depot)
    for command in script.commands:
        _obey(truck, command)
    truck.go(STAND[script.depot], kind="return")
    return scripted_run(DAY, name, script, truck.stops, truck.clock_s)


def _obey(truck: _Truck, command: Command) -> None:
    match command:
        case ("collect", site, stream):
            truck.collect(site, stream, STAND[site])
        case ("collect", site, stream, node):
            truck.collect(site, stream, node)
        case ("haul", site, stream, number, kg):
            truck.haul(site, stream, number, kg, STAND[site])
        case ("haul", site, stream, number, kg, node):
            truck.haul(site, stream, number, kg, node)
        case ("pump", tank, number, kg):
            truck.pump(tank, number, kg, STAND[tank])
        case ("pump", tank, number, kg, node):
            truck.pump(tank, number, kg, node)
        case ("gate", place):
            truck.go(STAND[place])
            truck.place = place
        case ("unload", place):
            truck.unload(place, STAND.get(place))
        case ("unload", place, node):
            truck.unload(place, node)
        case ("transfer", place):
            truck.transfer(place)
        case ("drive", node):
            truck.go(node)
        case ("until", second_s):
            truck.add("wait", second_s - truck.clock_s)
        case ("rest", seconds):
            truck.add("rest", seconds)


def good_plan(scripts: dict[str, Script] | None = None) -> dict[str, Any]:
    """A plan of the scripts; of GOOD, the default, with the stations' figures."""
    stations = {"stations": [dict(row) for row in STATIONS]} if scripts is None else {}
    scripts = GOOD if scripts is None else scripts
    runs = [drive(name, script) for name, script in sorted(scripts.items())]
    return plan_of(DAY, runs, "collect", "haul", **stations)


def rescript(*names: str, **changes: Any) -> dict[str, Any]:
    """The good plan with some scripts changed."""
    return good_plan(GOOD | {name: replace(GOOD[name], **changes) for name in names})


def recommand(name: str, *pairs: tuple[Command, tuple[Command, ...]]) -> dict[str, Any]:
    """The good plan with commands of one script each replaced by others."""
    return good_plan(GOOD | {name: recommanded(GOOD[name], *pairs)})


def listed(service: str, shift: str, site: str, stream: str, **more: Any) -> dict[str, Any]:
    """A row of ``uncovered`` or ``suspended`` without its cause or rule."""
    kg = DUE_KG[stream].get(site, 0)
    row = {"service": service, "shift": shift, "site": site, "stream": stream, "round": 1}
    return row | {"load_kg": kg, "bins": kg // 70} | more
