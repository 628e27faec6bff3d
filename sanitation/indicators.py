"""The plan's figures as plain data: no printing, no rounding that adds up wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from fleet.costs import run_cost
from fleet.model import Prices, VehicleType
from sanitation import septic
from sanitation.balance import bin_figures, load_figures, stream_figures, waste_figures
from sanitation.duties import haulage
from sanitation.model import (
    LOADED_SERVICES,
    SITE_SERVICES,
    STATION_SERVICES,
    District,
    Duty,
    Run,
    Stop,
    Suspended,
    Uncovered,
)
from sanitation.rounds import SERVICE as ROUNDS
from sanitation.rounds import round_figures
from sanitation.septic import Level
from sanitation.workload import service_s

# 60,000 runs a year, which the source document reports, over 365 days.
RUNS_REFERENCE = 164.4
DRIVEN = ("travel", "transfer", "return")

_STOCK_SERVICES = STATION_SERVICES | {haulage.SERVICE}  # what moves stations' stock
Key = tuple[str, str]  # service, shift id


def indicators(
    district: District,
    runs: Sequence[Run],
    uncovered: Sequence[Uncovered],
    suspended: Sequence[Suspended],
    bound_s: Mapping[Key, int],
    notes: Iterable[str],
    opening_kg: Mapping[tuple[str, str], int] | None = None,
    levels: Mapping[str, Level] | None = None,
) -> dict[str, Any]:
    """Figures by service and shift, and their totals.

    Args:
        district: for shifts, vehicle types and prices.
        runs, uncovered, suspended: of the plan.
        bound_s: lower bound of the deadhead time of each service and shift, seconds; none for
            those of which no bound is known.
        notes: sentences shown under the table.
        opening_kg: in the containers at 00:00 by station and stream, the table's if None.
        levels: of every septic tank at 00:00, None where the plan has nothing to do with them.

    Returns:
        ``by_service_shift``: rows in the order of the shifts; ``totals``: the same keys;
        ``due_m``, ``covered_m``, ``uncovered_m``: metres by "service/shift"; ``runs``.
        ``deadhead_km`` and ``deadhead_h`` are the ways without work, turns onto a section
        included. ``bound_h`` of the totals is None where a row with work due has none, and their
        ``above_bound_pct`` is that of the rows that have one.

        Where waste is collected or hauled its rows have ``load_figures`` too, those of rounds
        ``round_figures`` (the metres of work of both are 0 and ``deadhead`` is all that they
        drive; of ``bins`` they have metres of both kinds, and ``bin_figures``). ``service_totals``
        are then the totals of ``street`` (all other services) and of each of these services apart,
        as waste that is collected and hauled would count twice. With waste the totals have tonnes
        by ``streams`` and ``waste_figures`` are added; ``septic`` are the figures of septic tanks,
        where there are levels.
    """
    left = [one.duty for one in uncovered]
    off = [one.duty for one in suspended]
    keys = {(run.service, run.shift_id) for run in runs} | {_key(duty) for duty in (*left, *off)}
    shifts = {shift.id: shift for shift in district.shifts}
    ordered = sorted(keys, key=lambda key: (shifts[key[1]].start_s, key))
    rows = []
    for key in ordered:
        row: dict[str, Any] = {
            "service": key[0],
            "shift": key[1],
            "shift_name": shifts[key[1]].name,
            "shift_name_en": shifts[key[1]].name_en,
        }
        mine = [run for run in runs if (run.service, run.shift_id) == key]
        row |= _figures(district, mine, _of(left, {key}), _of(off, {key}))
        row |= _bound(district, mine, bound_s.get(key))
        rows.append(row)
    totals = _totals(district, rows, runs, left, off, bound_s)
    waste: dict[str, Any] = {}
    if any(row["service"] in SITE_SERVICES for row in rows):
        kinds: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            name = row["service"] if row["service"] in SITE_SERVICES else "street"
            kinds.setdefault(name, []).append(row)
        waste["service_totals"] = {
            name: _totals(district, some, runs, left, off, bound_s)
            for name, some in sorted(kinds.items())
        }
    if any(row["service"] in LOADED_SERVICES for row in rows):
        totals["streams"] = stream_figures(district, runs, left, off)
    if any(row["service"] in _STOCK_SERVICES for row in rows):
        waste |= waste_figures(district, runs, opening_kg)
    if levels:
        waste[septic.SERVICE] = septic.tank_figures(district, runs, levels)
    by = {f"{row['service']}/{row['shift']}": row for row in rows}
    return {
        "runs": len(runs),
        "due_m": {name: row["due_m"] for name, row in by.items()},
        "covered_m": {name: row["covered_m"] for name, row in by.items()},
        "uncovered_m": {name: row["uncovered_m"] for name, row in by.items()},
        "by_service_shift": rows,
        "totals": totals,
        **waste,
        "notes": list(notes),
    }


def _key(duty: Duty) -> Key:
    return duty.service, duty.shift_id


def _of(duties: Iterable[Duty], keys: Set[Key]) -> list[Duty]:
    return [duty for duty in duties if _key(duty) in keys]


def _out(district: District, runs: Iterable[Run], services: set[str]) -> int:
    return len({run.vehicle_id for run in runs if run.service in services})


def kind_of(district: District, run: Run) -> VehicleType:
    """The type of a run's vehicle."""
    type_id = next(v.type_id for v in district.vehicles if v.id == run.vehicle_id)
    return next(kind for kind in district.vehicle_types if kind.id == type_id)


def used_l(run: Run) -> int:
    """Litres of clean water that the run's work takes."""
    used, before = 0, run.stops[0].water_l
    for stop in run.stops[1:]:
        if stop.kind == "service":
            used += before - stop.water_l
        before = stop.water_l
    return used


def cost_of(district: District, run: Run) -> dict[str, float]:
    """Fuel, water and money of a run."""
    rules = district.rules
    prices = Prices(rules["diesel_cny_l"], rules["water_cny_m3"], rules["driver_cny_h"])
    driven_m = sum(stop.length_m for stop in run.stops if stop.kind in DRIVEN)
    work_s = sum(stop.end_s - stop.start_s for stop in run.stops if stop.kind == "service")
    litres = used_l(run)
    cost = run_cost(
        kind_of(district, run), driven_m, work_s, run.end_s - run.start_s, litres, prices
    )
    return {
        "fuel_l": cost.fuel_l,
        "water_l": litres,
        "total_cny": cost.total_cny,
        "co2_kg": cost.co2_kg,
    }


def deadhead_s(district: District, run: Run) -> int:
    """Seconds that a run drives without work: ways, and short turns kept in a pass's row.

    A turn that joins the pass after it (sanitation.compile) has no metres; it is what the row
    takes beyond the time of its pass.
    """
    kind = kind_of(district, run)

    def idle_s(stop: Stop) -> int:
        took_s = stop.end_s - stop.start_s
        if stop.kind == "service" and stop.site_id:
            return 0  # stands still
        if stop.kind == "service":
            work_s = service_s(kind, run.service, run.shift_id, stop.length_m, stop.bins)
            return max(0, took_s - work_s)
        return took_s if stop.kind in DRIVEN else 0

    return sum(idle_s(stop) for stop in run.stops)


def _bound(district: District, runs: Sequence[Run], bound_s: int | None) -> dict[str, Any]:
    """A lower bound of the runs' deadhead in hours, and how far they are above it in per cent."""
    driven_s = sum(deadhead_s(district, run) for run in runs)
    return {
        "bound_h": None if bound_s is None else round(bound_s / 3600, 2),
        "above_bound_pct": round(100 * (driven_s / bound_s - 1), 1) if bound_s else None,
    }


def _totals(
    district: District,
    rows: Sequence[Mapping[str, Any]],
    runs: Sequence[Run],
    left: Sequence[Duty],
    off: Sequence[Duty],
    bound_s: Mapping[Key, int],
) -> dict[str, Any]:
    """The figures of the services and shifts of ``rows`` together."""
    keys = {(row["service"], row["shift"]) for row in rows}
    mine = [run for run in runs if (run.service, run.shift_id) in keys]
    totals = _figures(district, mine, _of(left, keys), _of(off, keys))
    # Runs whose deadhead a bound can be held against.
    bounded = [run for run in mine if (run.service, run.shift_id) in bound_s]
    known_s = [bound_s[key] for key in keys if key in bound_s]
    totals |= _bound(district, bounded, sum(known_s) if known_s else None)
    if any(row["bound_h"] is None for row in rows if row["due_m"] or row.get("due_stops")):
        totals["bound_h"] = None
    return totals | {
        "shared_sections": sum(row["shared_sections"] for row in rows),
        "sections": sum(row["sections"] for row in rows),
        "washers_out": _out(district, mine, {"wash", "sweep"}),
        "sprinklers_out": _out(district, mine, {"sprinkle"}),
        "runs_reference": RUNS_REFERENCE,
    }


def _figures(
    district: District, runs: Sequence[Run], left: Sequence[Duty], off: Sequence[Duty]
) -> dict[str, Any]:
    stops = [stop for run in runs for stop in run.stops]
    service = [stop for stop in stops if stop.kind == "service"]
    driven = [stop for stop in stops if stop.kind in DRIVEN]
    covered_m = sum(stop.length_m for stop in service)
    minutes = [(run.end_s - run.start_s) / 60 for run in runs]
    hands: dict[str, set[str]] = {}
    for run in runs:
        for stop in run.stops:
            if stop.section_id:
                hands.setdefault(stop.section_id, set()).add(run.id)
    uncovered_m = sum(duty.length_m for duty in left)
    services = {run.service for run in runs} | {duty.service for duty in (*left, *off)}
    loaded = len(services) == 1 and services <= LOADED_SERVICES
    costs = [cost_of(district, run) for run in runs]
    width = [kind_of(district, run).width_m.get(run.service, 0.0) for run in runs]
    served_m2 = sum(
        w * sum(stop.length_m for stop in run.stops if stop.kind == "service")
        for w, run in zip(width, runs, strict=True)
    )
    return {
        "vehicles": len({run.vehicle_id for run in runs}),
        "runs": len(runs),
        "due_m": covered_m + uncovered_m,
        "covered_m": covered_m,
        "uncovered_m": uncovered_m,
        "suspended_m": sum(duty.length_m for duty in off),
        "hours": round(sum(minutes) / 60, 2),
        "service_km": round(covered_m / 1000, 3),
        "deadhead_km": round(sum(stop.length_m for stop in driven) / 1000, 3),
        "deadhead_h": round(sum(deadhead_s(district, run) for run in runs) / 3600, 2),
        "washed_m2": round(served_m2),
        "water_m3": round(sum(cost["water_l"] for cost in costs) / 1000, 1),
        "fuel_l": round(sum(cost["fuel_l"] for cost in costs), 1),
        "cost_cny": round(sum(cost["total_cny"] for cost in costs)),
        "co2_kg": round(sum(cost["co2_kg"] for cost in costs)),
        "longest_min": round(max(minutes), 1) if minutes else None,
        "shortest_min": round(min(minutes), 1) if minutes else None,
        "shared_sections": sum(len(of) > 1 for of in hands.values()),
        "sections": len(hands),
        **(load_figures(runs, left, off) if loaded else {}),
        **(bin_figures(runs, left, off) if loaded and not services & SITE_SERVICES else {}),
        **(round_figures(runs, left, off) if services == {ROUNDS} else {}),
    }
