"""What plans built by hand have in common: scripts of runs, and everything around the runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

Command = tuple[Any, ...]


@dataclass(frozen=True)
class Script:
    """One run: who, when (seconds after 00:00) and its commands."""

    service: str
    shift: str
    vehicle: str
    driver: str
    depot: str
    start_s: int
    commands: tuple[Command, ...]
    helper: tuple[str, ...] = ()


def iso(day: date, second_s: int) -> str:
    """Clock time of a second of the plan's day."""
    zone = timezone(timedelta(hours=8))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight + timedelta(seconds=second_s)).isoformat()


def scripted_run(
    day: date, name: str, script: Script, stops: Sequence[dict[str, Any]], end_s: int
) -> dict[str, Any]:
    """The run of a script with its stops, which end at a second of the day."""
    head = {"id": name, "service": script.service, "shift": script.shift}
    who = {"vehicle": script.vehicle, "driver": script.driver, "helper": list(script.helper)}
    times = {"start": iso(day, script.start_s), "end": iso(day, end_s)}
    return head | who | {"depot": script.depot} | times | {"stops": stops}


def plan_of(
    day: date,
    runs: Sequence[dict[str, Any]],
    *services: str,
    celsius: float = 26,
    **figures: Any,
) -> dict[str, Any]:
    """A plan of the runs on a clear day; what is asked for and other indicators as given."""
    return {
        "schema": 1,
        "date": day.isoformat(),
        "district": {"id": "mini", "name": "小区", "model": True, "utc_offset": "+08:00"},
        "seed": 1,
        "conditions": {
            "season": "warm" if 3 <= day.month <= 10 else "cold",
            "weather": "clear",
            "tmin_c": celsius,
            "tmax_c": celsius,
            "hourly_c": [[hour, celsius] for hour in range(-2, 24)],
            "alerts": [],
            "active": ["plain"],
        },
        "indicators": {"runs": len(runs)} | figures,
        "runs": runs,
        "uncovered": [],
        "suspended": [],
        "violations": [],
        "provenance": {
            "program": "by hand",
            "options": {"services": list(services)} if services else {},
            "orders": [],
        },
    }


def recommanded(script: Script, *pairs: tuple[Command, tuple[Command, ...]]) -> Script:
    """The script with some of its commands each replaced by others."""
    others = dict(pairs)
    assert others.keys() <= set(script.commands)
    new = tuple(new for command in script.commands for new in others.get(command, (command,)))
    return replace(script, commands=new)
