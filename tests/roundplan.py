"""A small plan of rounds without a fault, built by hand on the district of rounddistrict.py.

A Wednesday. A run is written as a script::

    ("clean", "WC2", 1)    go to the toilet, visit 1 of its day; a fourth part: another node
    ("until", 36000)  ("rest", 31200)  (wait, or rest, until that second)  ("go", 5)

V1 and V2 are the van's early and late shift, F1 and F2 those of who walks. Visits begin at::

    WC2 21,672 31,200 40,800 50,472 64,800    WC3 24,000 38,400 56,400
    WC4 21,920 31,200 40,800 50,720 64,800    WC5 24,000 38,400 56,400
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from goodplan import WAYS, drive_s, route
from handplan import Command, Script, iso, plan_of, recommanded, scripted_run

DAY = date(2026, 7, 15)
STAND = {"D1": 4, "D2": 9, "WC1": 5, "WC2": 8, "WC3": 2, "WC4": 1, "WC5": 7}
WORK_S = {"WC1": 1200, "WC2": 1200, "WC3": 780, "WC4": 1200, "WC5": 780}
WALK_S, PARK_S = 320, 60  # a block on foot, a stop of the van


def _round(first: str, second: str) -> tuple[Command, ...]:
    """The early shift of a toilet of class 2 and one of class 3."""
    return (
        *(("clean", first, 1), ("until", 24_000), ("clean", second, 1), ("rest", 30_800)),
        *(("until", 31_200), ("clean", first, 2), ("rest", 37_600), ("until", 38_400)),
        *(("clean", second, 2), ("until", 40_800), ("clean", first, 3)),
    )


def _late(first: str, second: str) -> tuple[Command, ...]:
    return (
        *(("clean", first, 4), ("rest", 55_600), ("until", 56_400), ("clean", second, 3)),
        *(("rest", 64_000), ("until", 64_800), ("clean", first, 5)),
    )


GOOD: dict[str, Script] = {
    "V1": Script("toilet", "van_am", "TV1", "K5", "D2", 21_600, _round("WC2", "WC3")),
    "V2": Script("toilet", "van_pm", "TV1", "K6", "D2", 50_400, _late("WC2", "WC3")),
    "F1": Script("toilet", "foot_am", "TF1", "K1", "D1", 21_600, _round("WC4", "WC5")),
    "F2": Script("toilet", "foot_pm", "TF1", "K2", "D1", 50_400, _late("WC4", "WC5")),
}


@dataclass
class _Crew:
    """A run on its way."""

    script: Script
    at: int = 0
    before: int | None = None
    clock_s: int = 0
    stops: list[dict[str, Any]] = field(default_factory=list)

    @property
    def walks(self) -> bool:
        return self.script.vehicle.startswith("TF")

    def add(self, kind: str, took_s: int, to_node: int | None = None, **more: Any) -> None:
        stop = {"kind": kind, "start": iso(DAY, self.clock_s)}
        self.clock_s += took_s
        to_node = self.at if to_node is None else to_node
        stop |= {"end": iso(DAY, self.clock_s), "from_node": self.at, "to_node": to_node}
        self.stops.append(stop | more)
        self.at = to_node

    def go(self, goal: int, kind: str = "travel") -> None:
        nodes = route(self.at, self.before, goal, None)
        if len(nodes) > 1 or kind == "return":
            ways = [WAYS[step] for step in pairwise(nodes)]
            took_s = WALK_S * len(ways) if self.walks else drive_s(nodes)
            driven = {"nodes": nodes, "ways": ways, "length_m": 400 * len(ways)}
            self.add(kind, took_s, nodes[-1], **driven)
            self.before = nodes[-2] if len(nodes) > 1 else self.before

    def clean(self, site: str, number: int, node: int) -> None:
        """Go there first: a wait that stands before it in the script is at the toilet."""
        self.go(node)
        duty = f"toilet/{self.script.shift}/{site}/r{number}"
        took_s = WORK_S[site] + (0 if self.walks else PARK_S)
        self.add("service", took_s, site=site, round=number, duty=duty)
        self.before = None


def drive(name: str, script: Script) -> dict[str, Any]:
    """The run that a script describes; waits and rests are at the place that comes next."""
    crew = _Crew(script, at=STAND[script.depot], clock_s=script.start_s)
    crew.add("depart", 0, nodes=[crew.at], facility=script.depot)
    for index, command in enumerate(script.commands):
        match command:
            case ("clean", site, number, *node):
                crew.clean(site, number, node[0] if node else STAND[site])
            case ("until" | "rest" as kind, second_s):
                following = (c for c in script.commands[index:] if c[0] == "clean")
                goal = next(following, None)
                if goal and len(goal) == 3:
                    crew.go(STAND[goal[1]])
                crew.add("wait" if kind == "until" else "rest", second_s - crew.clock_s)
            case ("go", node):
                crew.go(node)
    crew.go(STAND[script.depot], kind="return")
    return scripted_run(DAY, name, script, crew.stops, crew.clock_s)


def good_plan(scripts: dict[str, Script] | None = None) -> dict[str, Any]:
    """A plan of the scripts; of GOOD, the default."""
    scripts = GOOD if scripts is None else scripts
    runs = [drive(name, script) for name, script in sorted(scripts.items())]
    return plan_of(DAY, runs, "toilet")


def rescript(*names: str, **changes: Any) -> dict[str, Any]:
    """The good plan with some scripts changed."""
    return good_plan(GOOD | {name: replace(GOOD[name], **changes) for name in names})


def recommand(name: str, *pairs: tuple[Command, tuple[Command, ...]]) -> dict[str, Any]:
    """The good plan with commands of one script each replaced by others."""
    return good_plan(GOOD | {name: recommanded(GOOD[name], *pairs)})


def listed(shift: str, site: str, number: int, **more: Any) -> dict[str, Any]:
    """A row of ``uncovered`` or ``suspended`` without its cause or rule."""
    row = {"service": "toilet", "shift": shift, "site": site, "stream": "", "round": number}
    return row | {"load_kg": 0, "bins": 0, "duty": f"toilet/{shift}/{site}/r{number}"} | more
