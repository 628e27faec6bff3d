"""Septic tanks: how full they are, what is due, and whether one gets fuller than it may.

A tank's level at 00:00 is the table's; after a day with a plan it is what this one states, for the
plan before is not at hand. What is due follows from it and the tables alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fleet.model import VehicleType
from sanitation.audit.causes import found
from sanitation.audit.rows import PlanRows
from sanitation.audit.waste import DueLoad
from sanitation.model import District, Violation
from sanitation.places import NIGHT_SOIL, SepticTank

SERVICE = "septic"
_FIGURES = ("opening_m3", "inflow_m3", "taken_m3", "closing_m3", "limit_m3", "since_days")


@dataclass(frozen=True, slots=True)
class Stand:
    """A tank at 00:00: what is in it, and the days since it was last emptied."""

    kg: int
    since_days: int


@dataclass(frozen=True, eq=False)
class Septic:
    """Look-ups of septic tanks.

    Attributes:
        stands: of every tank at 00:00.
        due: (tank, number of the truck load) -> what it takes, of all tanks that may be emptied.
        must: tanks that must be emptied, or listed.
        narrow: tanks at communities with narrow lanes.
        shifts: shifts in which tanks are emptied.
    """

    tanks: Mapping[str, SepticTank]
    stands: Mapping[str, Stand]
    due: Mapping[tuple[str, int], DueLoad]
    must: frozenset[str]
    narrow: frozenset[str]
    shifts: frozenset[str]


def read_septic(district: District, rows: PlanRows, services: frozenset[str]) -> Septic:
    """The tanks of a plan; nothing is due where it was not asked for them."""
    stated = _stated(rows) if rows.has_history else {}
    lanes = {community.id for community in district.communities if community.access == "narrow"}
    narrow = frozenset(tank.id for tank in district.septic_tanks if tank.site_id in lanes)
    stands = {tank.id: _believed(tank, stated.get(tank.id, {})) for tank in district.septic_tanks}
    must, due = set[str](), dict[tuple[str, int], DueLoad]()
    # Rain of the day before is in its plan, too: after a day with a plan it may have rained.
    early = rows.weather == "rain" or rows.has_history
    for tank in district.septic_tanks if SERVICE in services else ():
        stand = stands[tank.id]
        soon = _fills(tank, stand, district.rules["septic_lead_days"])
        if soon or stand.since_days >= tank.cycle_days:
            must.add(tank.id)
        elif not (early and _fills(tank, stand, district.rules["septic_rain_lead_days"])):
            continue
        due |= _loads(tank.id, stand.kg, _largest_kg(district.vehicle_types, tank.id in narrow))
    shifts = frozenset(shift.id for shift in district.shifts if SERVICE in shift.services)
    emptied = {name for name, _ in due}
    return Septic(
        {tank.id: tank for tank in district.septic_tanks},
        stands,
        due,
        frozenset(must & emptied),
        narrow,
        shifts,
    )


def _stated(rows: PlanRows) -> dict[str, Mapping[str, object]]:
    """The rows of ``indicators.septic`` by tank, as far as they can be read."""
    given = rows.indicators.get(SERVICE)
    found_rows: dict[str, Mapping[str, object]] = {}
    for row in given if isinstance(given, list) else ():
        if isinstance(row, Mapping):
            found_rows.setdefault(str(row.get("tank")), row)
    return found_rows


def _believed(tank: SepticTank, row: Mapping[str, object]) -> Stand:
    """Any level is believed but one below nothing, and any whole number of days."""
    level, since = row.get("opening_m3"), row.get("since_days")
    known = isinstance(level, int | float) and not isinstance(level, bool) and level >= 0
    counted = type(since) is int and since >= 0
    return Stand(
        round(1000 * level) if known else tank.level_kg,  # type: ignore[operator]
        since if counted else tank.since_days,  # type: ignore[arg-type]
    )


def _fills(tank: SepticTank, stand: Stand, days: float) -> bool:
    """Whether it reaches its limit within so many days."""
    return stand.kg + days * tank.inflow_kg >= tank.limit_kg


def _largest_kg(kinds: Sequence[VehicleType], narrow: bool) -> int:
    return max(
        (
            kind.payload_kg
            for kind in kinds
            if SERVICE in kind.services and NIGHT_SOIL in kind.streams
            if kind.narrow or not narrow
        ),
        default=0,
    )


def _loads(tank: str, kg: int, payload_kg: int) -> dict[tuple[str, int], DueLoad]:
    """As few equal loads as the largest truck needs; later ones may be a kilogram more."""
    if kg <= 0 or payload_kg <= 0:
        return {}
    count = (kg + payload_kg - 1) // payload_kg
    return {
        (tank, number): DueLoad(kg * number // count - kg * (number - 1) // count, 0)
        for number in range(1, count + 1)
    }


def judge_levels(rows: PlanRows, septic: Septic) -> Iterator[Violation]:
    """``indicators.septic`` has a row for each tank that adds up, and no tank gets too full.

    One may that is listed as uncovered.
    """
    taken_kg: dict[str, float] = {}
    for run in rows.runs:
        before_kg = 0.0
        for stop in run.stops:
            if run.service == SERVICE and stop.site:
                taken_kg[stop.site] = taken_kg.get(stop.site, 0) + stop.load_kg - before_kg
            before_kg = stop.load_kg
    listed = {
        work.site
        for work in rows.site_works
        if work.service == SERVICE and work.listed == "uncovered"
    }
    counted: dict[str, dict[str, float]] = {}
    for name, tank in septic.tanks.items():
        stand, gone_kg = septic.stands[name], taken_kg.get(name, 0)
        closing_kg = stand.kg + tank.inflow_kg - gone_kg
        kilograms = (stand.kg, tank.inflow_kg, gone_kg, closing_kg, tank.limit_kg)
        figures = (*(kg / 1000 for kg in kilograms), stand.since_days)
        counted[name] = dict(zip(_FIGURES, figures, strict=True))
        if closing_kg > tank.limit_kg and name not in listed:
            over_m3 = (closing_kg - tank.limit_kg) / 1000
            yield found(
                "septic_full",
                "",
                -1,
                f"{name} 24:00 有 {closing_kg / 1000:.2f} m³，上限 {tank.limit_kg / 1000:.2f} m³"
                f"（多 {over_m3:.2f} m³）",
                f"{closing_kg / 1000:.2f} m³ in {name} at 24:00, {over_m3:.2f} m³ more than its "
                f"limit of {tank.limit_kg / 1000:.2f} m³",
            )
    stated = rows.indicators.get(SERVICE)
    if stated is not None:
        yield from _figures(stated, counted)


def _figures(stated: object, counted: Mapping[str, Mapping[str, float]]) -> Iterator[Violation]:
    given: dict[str, Mapping[str, object]] = {}
    for row in stated if isinstance(stated, list) else ():
        name = str(row.get("tank")) if isinstance(row, Mapping) else "?"
        if name in given or name not in counted:
            yield _wrong(name, "多出一行", "a row too many")
        else:
            given[name] = row
    for name, figures in counted.items():
        if name not in given:
            yield _wrong(name, "缺少", "no row")
            continue
        for figure, value in figures.items():
            said = given[name].get(figure)
            if said != value:
                zh = f"{figure} 为 {said!r}，应为 {value:g}"
                yield _wrong(name, zh, f"{figure} is {said!r}, it must be {value:g}")


def _wrong(name: str, zh: str, en: str) -> Violation:
    return found("indicators", "", -1, f"septic {name} {zh}", f"septic {name}: {en}")
