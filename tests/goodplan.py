"""A small plan without a fault, built by hand on the mini district, for the referee's tests.

The town is the mini district of ``minidistrict.py`` with a few additions: right turns from R5 into
R2 are banned at node 5, dawn sprinkling may last until 08:00 (so that it meets the morning peak),
and there are a truck in the workshop (W4), a spare one (W5), a driver off on Wednesdays (P7) and
a helper (P8).

A run is written as a script, a list of commands::

    ("serve", "R2-1F", 1, 1)   drive to the section by the shortest allowed way, then round 1 pass 1
    ("dump", "X1")  ("fill", "F1")  ("rest", 1200)  ("until", 7200)  (wait until that second)

Every block is 400 m: 42 s on R2 (35 km/h), 48 s on R5 and R6 (30 km/h), 72 s on the branches
(20 km/h); a pass takes 288 s (night wash), 180 s (day wash, sweep) or 96 s (sprinkling) and 624 L
(wash; 468 L come back) or 864 L (sprinkling).
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from handplan import Command, Script, iso, plan_of, scripted_run
from minidistrict import write_minidistrict

WAYS = {
    **dict.fromkeys(((1, 2), (2, 3)), 101),
    **dict.fromkeys(((4, 5), (5, 6)), 102),
    **dict.fromkeys(((7, 8), (8, 9)), 103),
    **dict.fromkeys(((1, 4), (4, 7)), 104),
    **dict.fromkeys(((2, 5), (5, 8)), 105),
}
WAYS |= {(v, u): way for (u, v), way in WAYS.items()}
WAYS |= {(3, 6): 106, (6, 9): 106}
BLOCK_S = {101: 72, 102: 42, 103: 72, 104: 72, 105: 48, 106: 48}
NO_TURN = {(2, 5, 4), (8, 5, 6)}  # the right turns from R5 into R2
TURN_ROUND = {1, 7, 9}  # only branch streets meet at 1 and 7; from 9 only node 8 can be reached
STAND = {"D1": 4, "D2": 9, "F1": 5, "F2": 7, "X1": 3}
# section -> its two nodes, along and against the road
SECTIONS = {
    f"R{way - 100}-{1 + (min(u, v) not in (1, 4, 7))}{'F' if u < v else 'B'}": (u, v)
    for (u, v), way in sorted(WAYS.items())
    if way in (101, 102, 103)
} | {
    f"R{way - 100}-{1 + (min(u, v) > 3)}{'F' if u < v else 'B'}": (u, v)
    for (u, v), way in sorted(WAYS.items())
    if way in (104, 105, 106)
}
PASS_S = {"wash/night": 288, "wash/day": 180, "sweep": 180, "sprinkle": 96}
USED_L = {"wash/day": 390, "wash": 624, "sprinkle": 864, "sweep": 0}


def _hour(hours: float) -> int:
    return round(hours * 3600)


def _serve(*sections: str, rounds: tuple[int, ...] = (1,), passes: int = 1) -> tuple[Command, ...]:
    return tuple(
        ("serve", section, number, pass_no)
        for number in rounds
        for pass_no in range(1, passes + 1)
        for section in sections
    )


R1 = ("R1-1F", "R1-2F", "R1-2B", "R1-1B")
R2 = ("R2-1F", "R2-2F", "R2-2B", "R2-1B")
R3 = ("R3-1F", "R3-2F", "R3-2B", "R3-1B")
R4 = ("R4-1F", "R4-2F", "R4-2B", "R4-1B")
R5 = ("R5-1F", "R5-2F", "R5-2B", "R5-1B")
R6 = ("R6-1F", "R6-2F")

# The night's 28 passes, the day's 24, and sprinkling's 4 + 12 + 4.
GOOD: dict[str, Script] = {
    "N1": Script(
        *("wash", "night", "W1", "P1", "D1", _hour(-1)),
        (
            *_serve(*R2, passes=2),
            ("dump", "X1"),
            ("fill", "F1"),
            *_serve(*R3),
            ("until", _hour(2)),
            ("rest", 1200),
            *_serve(*R4),
            ("until", _hour(4.5)),
        ),
    ),
    "N2": Script(
        *("wash", "night", "W3", "P5", "D2", _hour(2)),
        (
            ("serve", "R5-2F", 1, 1),
            *_serve("R5-2B", "R5-1B", "R5-1F"),
            ("dump", "X1"),
            ("fill", "F2"),
            *_serve(*R6, passes=2),
        ),
    ),
    # Between R1-2F and R1-2B it turns round at node 3, where the dump point is.
    "N3": Script(
        *("wash", "night", "W2", "P4", "D1", _hour(3)),
        (*_serve(*R1[:2]), ("dump", "X1"), *_serve(*R1[2:])),
    ),
    "D1": Script(
        *("wash", "day", "W2", "P2", "D1", _hour(9.5)),
        (
            *_serve(*R2, passes=2),
            ("until", _hour(11.5)),
            ("rest", 1200),
            ("dump", "X1"),
            ("fill", "F1"),
            ("until", _hour(13)),
            *_serve(*R2, rounds=(2,), passes=2),
        ),
    ),
    "D2": Script(
        *("wash", "day", "W3", "P6", "D2", _hour(11.7)), (*_serve(*R5), *_serve(*R6, passes=2))
    ),
    "A1": Script(*("sprinkle", "sprinkle_dawn", "S1", "P3", "D1", _hour(5.5)), _serve(*R2)),
    "A2": Script(
        *("sprinkle", "sprinkle_am", "S1", "P3", "D1", _hour(9.6)),
        (*_serve(*R2), *_serve(*R5), ("fill", "F2"), *_serve(*R6, passes=2)),
    ),
    "A3": Script(*("sprinkle", "sprinkle_pm", "S1", "P3", "D1", _hour(13.6)), _serve(*R2)),
}


def write_town(folder: Path) -> Path:
    """The mini district with the additions named above."""
    write_minidistrict(folder)
    network = folder / "network.osm"
    members = ("from", "way", 105), ("via", "node", 5), ("to", "way", 102)
    relation = "".join(
        f'<member type="{kind}" ref="{ref}" role="{role}"/>' for role, kind, ref in members
    )
    tags = '<tag k="type" v="restriction"/><tag k="restriction" v="no_right_turn"/>'
    network.write_text(
        network.read_text(encoding="utf-8").replace(
            "</osm>", f'<relation id="900" version="1">{relation}{tags}</relation></osm>'
        ),
        encoding="utf-8",
    )
    shifts = folder / "shifts.csv"
    shifts.write_text(
        shifts.read_text(encoding="utf-8").replace("05:00,07:00", "05:00,08:00"), encoding="utf-8"
    )
    for table, rows in (
        ("vehicles", "W4,样A0004,washer,D1,workshop,sample\nW5,样A0005,washer,D1,spare,sample\n"),
        ("drivers", "P7,驾驶员7,driver,D1,2,sample\nP8,跟车员8,helper,D1,0,sample\n"),
    ):
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    return folder


def route(at: int, before: int | None, goal: int, then: int | None) -> list[int]:
    """Fewest blocks from ``at`` (reached from ``before``) to ``goal``, so that ``then`` may follow.

    Turning round and banned turns are left out; ``before`` None: any first step will do.
    """

    def may(came: int | None, here: int, onward: int) -> bool:
        if came is None:
            return True
        return (onward != came or here in TURN_ROUND) and (came, here, onward) not in NO_TURN

    queue = deque([(at, before, [at])])
    seen = {(at, before)}
    while queue:
        node, came, path = queue.popleft()
        if node == goal and (then is None or may(came, node, then)):
            return path
        for u, v in sorted(WAYS):
            if u == node and (v, u) not in seen and may(came, u, v):
                seen.add((v, u))
                queue.append((v, u, [*path, v]))
    raise ValueError(f"no way from {at} to {goal}")


@dataclass
class _Truck:
    """A run being driven."""

    day: date
    script: Script
    at: int = 0
    before: int | None = None
    clock_s: int = 0
    water_l: int = 0
    dirty_l: int = 0
    stops: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, took_s: int, nodes: list[int], **more: Any) -> None:
        stop = {"kind": kind, "start": iso(self.day, self.clock_s)}
        self.clock_s += took_s
        stop |= {"end": iso(self.day, self.clock_s)}
        stop |= {"from_node": nodes[0], "to_node": nodes[-1], "nodes": nodes}
        if kind in ("travel", "service", "return"):
            stop["ways"] = [WAYS[step] for step in pairwise(nodes)]
            stop["length_m"] = 400 * (len(nodes) - 1)
        self.stops.append(stop | more | {"water_l": self.water_l, "dirty_l": self.dirty_l})
        self.at = nodes[-1]
        if len(nodes) > 1:
            self.before = nodes[-2]

    def go(self, goal: int, then: int | None = None, kind: str = "travel") -> None:
        nodes = route(self.at, self.before, goal, then)
        if len(nodes) > 1 or kind == "return":
            self.add(kind, drive_s(nodes), nodes)

    def serve(self, section: str, round_no: int, pass_no: int) -> None:
        script = self.script
        u, v = SECTIONS[section]
        self.go(u, v)
        used = USED_L.get(f"{script.service}/{script.shift}", USED_L[script.service])
        self.water_l -= used
        self.dirty_l += used * 3 // 4 if script.service == "wash" else 0
        took_s = PASS_S.get(f"{script.service}/{script.shift}") or PASS_S[script.service]
        duty = f"{script.service}/{script.shift}/{section}/r{round_no}p{pass_no}"
        named = {"road": section[:2], "section": section, "pass": pass_no, "round": round_no}
        self.add("service", took_s, [u, v], **named, lane=1, duty=duty)

    def visit(self, kind: str, point: str) -> None:
        self.go(STAND[point])
        took_s = 600
        if kind == "dump":
            self.dirty_l = 0
        else:
            full = 10_000 if self.script.service == "sprinkle" else 9_000
            took_s = 180 + -(-(full - self.water_l) // (16 if point == "F1" else 9))
            self.water_l = full
        self.add(kind, took_s, [self.at], facility=point)
        self.before = None


def drive_s(nodes: list[int]) -> int:
    """Travel time of a list of nodes."""
    return sum(BLOCK_S[WAYS.get(step) or WAYS[step[::-1]]] for step in pairwise(nodes))


def drive(day: date, name: str, script: Script) -> dict[str, Any]:
    """The run that a script describes."""
    truck = _Truck(day, script, at=STAND[script.depot], clock_s=script.start_s)
    truck.water_l = {"wash": 9_000, "sprinkle": 10_000, "sweep": 0}[script.service]
    truck.add("depart", 0, [truck.at], facility=script.depot)
    for command in script.commands:
        match command:
            case ("serve", section, round_no, pass_no):
                truck.serve(section, round_no, pass_no)
            case ("dump" | "fill" as kind, point):
                truck.visit(kind, point)
            case ("rest", seconds):
                truck.add("rest", seconds, [truck.at])
            case ("until", second_s):
                truck.add("wait", second_s - truck.clock_s, [truck.at])
    truck.go(STAND[script.depot], kind="return")
    return scripted_run(day, name, script, truck.stops, truck.clock_s)


def good_plan(
    scripts: dict[str, Script] | None = None, day: date = date(2026, 7, 15), celsius: float = 26
) -> dict[str, Any]:
    """A plan of the scripts (default: GOOD, the whole of a plain Wednesday's work)."""
    scripts = GOOD if scripts is None else scripts
    runs = [drive(day, name, script) for name, script in sorted(scripts.items())]
    return count(plan_of(day, runs, celsius=celsius))


def count(plan: dict[str, Any]) -> dict[str, Any]:
    """Write the plan's figures anew from its rows."""
    covered: dict[str, int] = {}
    uncovered: dict[str, int] = {}
    for run in plan["runs"]:
        for stop in run["stops"]:
            if stop["kind"] == "service":
                key = f"{run['service']}/{run['shift']}"
                covered[key] = covered.get(key, 0) + stop["length_m"]
    for work in plan["uncovered"]:
        key = f"{work['service']}/{work['shift']}"
        uncovered[key] = uncovered.get(key, 0) + work["length_m"]
    due = {key: covered.get(key, 0) + uncovered.get(key, 0) for key in sorted(covered | uncovered)}
    plan["indicators"] = {
        "runs": len(plan["runs"]),
        "due_m": due,
        "covered_m": covered,
        "uncovered_m": uncovered,
    }
    return plan


def duty_row(service: str, shift: str, section: str, number: int, pass_no: int) -> dict[str, Any]:
    """A row of ``uncovered`` or ``suspended`` without its cause or rule."""
    return {
        "service": service,
        "shift": shift,
        "section": section,
        "road": section[:2],
        "pass": pass_no,
        "round": number,
        "lane": 1,
        "length_m": 400,
        "duty": f"{service}/{shift}/{section}/r{number}p{pass_no}",
    }


def rescript(name: str, **changes: Any) -> dict[str, Any]:
    """The good plan with one script changed."""
    return good_plan(GOOD | {name: replace(GOOD[name], **changes)})


def run_of(plan: dict[str, Any], name: str) -> dict[str, Any]:
    """A run of the plan by its id."""
    return next(run for run in plan["runs"] if run["id"] == name)


def stop_of(plan: dict[str, Any], name: str, kind: str, number: int = 0) -> dict[str, Any]:
    """The ``number``-th stop of a kind in a run."""
    return [stop for stop in run_of(plan, name)["stops"] if stop["kind"] == kind][number]


def later(text: str, seconds: int) -> str:
    """A clock time so many seconds later."""
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).isoformat()


def last(plan: dict[str, Any], name: str, stop: dict[str, Any], seconds: int) -> None:
    """Let a stop last so much longer (or shorter) and move what follows in its run."""
    run = run_of(plan, name)
    stop["end"] = later(stop["end"], seconds)
    at = next(i for i, other in enumerate(run["stops"]) if other is stop)
    for other in run["stops"][at + 1 :]:
        other["start"], other["end"] = later(other["start"], seconds), later(other["end"], seconds)
    run["end"] = later(run["end"], seconds)


def redirect(plan: dict[str, Any], name: str, stop: dict[str, Any], nodes: list[int]) -> None:
    """Let a stop drive other nodes, in the time that they take."""
    started, ended = (datetime.fromisoformat(stop[key]) for key in ("start", "end"))
    stop["nodes"], stop["length_m"] = nodes, 400 * (len(nodes) - 1)
    stop["ways"] = [WAYS.get(step) or WAYS[step[::-1]] for step in pairwise(nodes)]
    last(plan, name, stop, drive_s(nodes) - round((ended - started).total_seconds()))


def changed(plan: dict[str, Any]) -> dict[str, Any]:
    """A copy that may be changed."""
    return copy.deepcopy(plan)
