"""A small plan of septic tanks without a fault, by hand on the district of septicdistrict.py.

V1 takes T1's three loads from 08:00 on, V2 the one of T2 from 08:30 on. V1 comes to the plant
through D2's gate, which is next to T1; V2 goes out through D1's and comes back through D2's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handplan import Command, Script
from septicdistrict import TANKS
from wasteplan import good_plan as plan_of_scripts

R1, R2, R3 = (("pump", "T1", number, 3000) for number in (1, 2, 3))
T2 = ("pump", "T2", 1, 2000)
OUT = ("gate", "D2"), ("transfer", "E3"), ("unload", "E3")
GOOD: dict[str, Script] = {
    "V1": Script(
        *("septic", "septic_day", "V1", "P11", "D1", 8 * 3600),
        (R1, *OUT, ("transfer", "D2"), R2, *OUT, ("transfer", "D2"), R3, *OUT, ("transfer", "D1")),
    ),
    "V2": Script(
        *("septic", "septic_day", "V2", "P15", "D2", 8 * 3600 + 1800),
        (T2, ("gate", "D1"), ("transfer", "E3"), ("unload", "E3"), ("transfer", "D2")),
    ),
}
TAKEN_M3 = {"T1": 9, "T2": 2}


def rows() -> list[dict[str, Any]]:
    """``indicators.septic``: 9 + 0.3 - 9 = 0.3 m³ in T1, 0.1 in T2, 5.5 in T3, 3.1 in T4."""
    closing_m3 = {"T1": 0.3, "T2": 0.1, "T3": 5.5, "T4": 3.1}
    limit_m3 = {"T1": 9.6, "T2": 4, "T3": 9, "T4": 16}
    return [
        {"tank": tank, "opening_m3": level, "inflow_m3": inflow}
        | {"taken_m3": TAKEN_M3.get(tank, 0), "closing_m3": closing_m3[tank]}
        | {"limit_m3": limit_m3[tank], "since_days": since}
        for tank, _, _, inflow, _, level, _, since in TANKS
    ]


def good_plan(scripts: dict[str, Script] | None = None) -> dict[str, Any]:
    """A plan of the scripts; of GOOD, the default, with the tanks' figures."""
    plan = plan_of_scripts(GOOD if scripts is None else scripts)
    plan["provenance"]["options"] = {"services": ["septic"]}
    if scripts is None:
        plan["indicators"]["septic"] = rows()
    return plan


def rescript(name: str, **changes: Any) -> dict[str, Any]:
    """The good plan with a script changed, without figures."""
    return good_plan(GOOD | {name: replace(GOOD[name], **changes)})


def recommand(name: str, *pairs: tuple[Command, tuple[Command, ...]]) -> dict[str, Any]:
    """The good plan with commands of one script each replaced by others, without figures."""
    others = dict(pairs)
    commands = GOOD[name].commands
    assert others.keys() <= set(commands)
    return rescript(name, commands=tuple(n for c in commands for n in others.get(c, (c,))))


def listed(tank: str, number: int, kg: int, **more: Any) -> dict[str, Any]:
    """A row of ``uncovered`` or ``suspended`` without its cause or rule."""
    row = {"service": "septic", "shift": "septic_day", "site": tank, "stream": "night_soil"}
    return row | {"round": number, "load_kg": kg, "bins": 0} | more
