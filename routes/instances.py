"""Public benchmark instances: read one, make the engine's problem of it, keep its solutions.

The formats are those of the sets gdb, kshs, val, egl, EGL-large, BMCV, Hefei and Beijing (CARP),
mval and Lpr (mixed CARP), the same with facilities and a time limit, and Kim et al. (waste
collection with time windows). routes.referee judges a solution from the instance alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routes.files import write_atomic
from routes.instance_formats import parse_instance
from routes.instance_model import (
    DayRules,
    Instance,
    InstanceError,
    Site,
    SolutionRoutes,
    SolutionStep,
    Street,
)
from routes.instance_problem import objective_of, routing_problem, to_routes

__all__ = [
    "DayRules",
    "Instance",
    "InstanceError",
    "Site",
    "SolutionFile",
    "SolutionRoutes",
    "SolutionStep",
    "Street",
    "objective_of",
    "read_instance",
    "read_solution",
    "routing_problem",
    "to_routes",
    "write_solution",
]


@dataclass(frozen=True, slots=True)
class SolutionFile:
    """What a solution file says: the instance's name, the cost claimed, the routes."""

    instance: str
    cost: float
    routes: SolutionRoutes


def read_instance(path: Path) -> Instance:
    """Read an instance; its content tells the format, its folder the name of the set.

    Raises:
        InstanceError: it is no instance, or something in it is wrong; names file and line.
        OSError: the file cannot be read.
    """
    return parse_instance(_text(path), str(path), path.stem, path.resolve().parent.name)


def read_solution(path: Path) -> SolutionFile:
    """Read a solution file. That it fits an instance is for the referee to say.

    Raises:
        InstanceError: it is no solution file; names the place in it.
        OSError: the file cannot be read.
    """
    hint = 'expected {"instance": name, "cost": number, "routes": [[["service", a, b], ...], ...]}'
    try:
        document = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise InstanceError(f"{path}:{error.lineno}: no JSON: {error.msg}", hint) from error
    if not isinstance(document, dict):
        raise InstanceError(f"{path}: no JSON object", hint)
    name, cost, routes = (document.get(key) for key in ("instance", "cost", "routes"))
    if not isinstance(name, str):
        raise InstanceError(f"{path}: instance is {name!r}, not a name", hint)
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        raise InstanceError(f"{path}: cost is {cost!r}, not a number", hint)
    if not isinstance(routes, list):
        raise InstanceError(f"{path}: routes is not a list", hint)
    for at, route in enumerate(routes):
        if not isinstance(route, list):
            raise InstanceError(f"{path}: routes[{at}] is not a list", hint)
        for k, step in enumerate(route):
            if not _is_step(step):
                raise InstanceError(f"{path}: routes[{at}][{k}] is {step!r}, no step", hint)
    return SolutionFile(name, cost, tuple(tuple(tuple(step) for step in r) for r in routes))


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, list)
        and bool(step)
        and isinstance(step[0], str)
        and all(isinstance(x, int) and not isinstance(x, bool) for x in step[1:])
    )


def write_solution(path: Path, instance: Instance, cost: float, routes: SolutionRoutes) -> None:
    """Write a solution file, a route a line; it is there as a whole or not at all.

    Its folder is made if need be.

    Raises:
        OSError: the file cannot be written.
    """
    lines = ",\n".join(f"  {json.dumps(route)}" for route in routes)
    head = f'{{"instance": {json.dumps(instance.name, ensure_ascii=False)}, "cost": {cost}'
    text = f'{head}, "routes": [\n{lines}\n]}}\n'
    write_atomic(path, text.encode())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InstanceError(
            f"{path}: no text (byte {error.start} is not UTF-8)", "give an uncompressed text file"
        ) from error
