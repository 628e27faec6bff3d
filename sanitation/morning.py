"""The dispatcher's morning: each order carried out or refused, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fleet.model import Vehicle
from fleet.roster import available_vehicles
from sanitation.duties import toilets
from sanitation.ground import Ground
from sanitation.jobs import Job, Key
from sanitation.model import WET_SERVICES, Conditions, District, Duty, Suspended, Window
from sanitation.orders import Order, Outcome, apply_to_duties, read_orders


@dataclass(frozen=True, slots=True)
class Morning:
    """Orders with their outcome, and the duties that are left when they have been applied."""

    orders: tuple[Order, ...]
    outcomes: tuple[Outcome, ...]
    duties: tuple[Duty, ...]
    suspended: tuple[Suspended, ...]
    services_of: Mapping[str, tuple[str, ...]]  # vehicle id -> services

    def obeyed(self, kind: str) -> tuple[Order, ...]:
        return tuple(
            outcome.order
            for outcome in self.outcomes
            if outcome.order.kind == kind and outcome.result == "obeyed"
        )

    @property
    def off(self) -> frozenset[str]:
        """Vehicles that cannot go out."""
        return frozenset(order.ids[0] for order in self.obeyed("truck_off"))

    @property
    def absent(self) -> frozenset[str]:
        """Drivers and helpers who are away."""
        return frozenset(order.ids[0] for order in self.obeyed("driver_off"))

    @property
    def closed_roads(self) -> frozenset[str]:
        return frozenset(road for order in self.obeyed("road_closed") for road in order.ids)

    @property
    def longest_overtime_s(self) -> int:
        return max((order.minutes * 60 for order in self.obeyed("overtime")), default=0)

    def pinned(self, jobs: Sequence[Job]) -> dict[Key, dict[str, str]]:
        """Section id -> vehicle id, by job, where the vehicle goes out for the job."""
        found: dict[Key, dict[str, str]] = {}
        for job in jobs:
            out = {vehicle.id for vehicle in job.vehicles}
            for order in self._pins(job):
                if order.vehicle in out:
                    found.setdefault(job.key, {}).update(dict.fromkeys(order.ids, order.vehicle))
        return found

    def _pins(self, job: Job) -> list[Order]:
        due = {duty.section_id for duty in job.duties}
        return [
            order
            for order in self.obeyed("pin")
            if order.shift in ("", job.key[1])
            and job.key[0] in self.services_of[order.vehicle]
            and due.intersection(order.ids)
        ]

    def with_pinned(self, jobs: Sequence[Job], roster: Sequence[Vehicle]) -> tuple[Job, ...]:
        """The jobs with the trucks that sections are pinned to among those that go out.

        One of the same depot stays at home instead, or of any depot where there is none.
        """
        by_id = {vehicle.id: vehicle for vehicle in roster}
        changed = []
        for job in jobs:
            out = list(job.vehicles)
            wanted = {order.vehicle for order in self._pins(job)}
            for vehicle_id in sorted(wanted - {vehicle.id for vehicle in out}):
                free = sorted(
                    (v for v in out if v.id not in wanted),
                    key=lambda v, d=by_id[vehicle_id].depot_id: (v.depot_id == d, v.id),  # type: ignore[misc]
                )
                if free:
                    out.remove(free[-1])
                out.append(by_id[vehicle_id])
            changed.append(replace(job, vehicles=tuple(sorted(out, key=lambda v: v.id))))
        return tuple(changed)

    def overtime(self, jobs: Sequence[Job]) -> dict[Key, dict[str, int]]:
        """Vehicle id -> seconds beyond the shift, by job."""
        found: dict[Key, dict[str, int]] = {}
        for job in jobs:
            for order in self.obeyed("overtime"):
                if order.shift in ("", job.key[1]):
                    for vehicle in job.vehicles:
                        if order.vehicle in ("", vehicle.id):
                            more_s = found.setdefault(job.key, {})
                            longest_s = max(more_s.get(vehicle.id, 0), order.minutes * 60)
                            more_s[vehicle.id] = longest_s
        return found

    def records(self) -> list[dict[str, Any]]:
        """The orders as the plan's provenance keeps them."""
        return [
            {
                "line": order.line,
                "kind": order.kind,
                "target": order.target,
                "ids": list(order.ids),
                "vehicle": order.vehicle,
                "shift": order.shift,
                "minutes": order.minutes,
                "note": order.note,
                "outcome": result,
                "reason": reason,
            }
            for order, result, reason in self.outcomes
        ]


def read_morning(
    path: Path | None,
    district: District,
    ground: Ground,
    conditions: Conditions,
    duties: Sequence[Duty],
    suspended: Sequence[Suspended],
    caps: Mapping[str, int],
) -> Morning:
    """Read and apply the orders of a file; without one nothing changes.

    Args:
        path: the dispatcher's file, or None.
        district, ground, conditions: of the day.
        duties, suspended: what is due before the orders, and what rules forbid.
        caps: most vehicles by type: nothing can be pinned to one that they keep at home.

    Raises:
        TableError: faults in the file, all at once.
    """
    kinds = {kind.id: kind for kind in district.vehicle_types}
    services_of = {v.id: kinds[v.type_id].services for v in district.vehicles}
    if path is None:
        return Morning((), (), tuple(duties), tuple(suspended), services_of)
    orders = read_orders(path, district, ground.sections)
    due, off, outcomes = apply_to_duties(
        orders, duties, suspended, ground.sections, district, conditions
    )
    judged = list(outcomes)
    off_today = frozenset(order.ids[0] for order in orders if order.kind == "truck_off")
    at_home = _at_home(district, off_today, caps)
    held: dict[str, Order] = {}  # duty id -> the pin that it is bound by
    for order in orders:
        if order.kind in ("truck_off", "driver_off", "overtime"):
            judged.append(Outcome(order, "obeyed", ""))
        elif order.kind == "pin":
            bound = [
                duty.id
                for duty in _aimed_at(order, due)
                if duty.service in services_of[order.vehicle]
            ]
            reason = at_home.get(order.vehicle, "") or _no_pin(order, due, bound, held)
            judged.append(Outcome(order, "refused" if reason else "obeyed", reason))
            if not reason:
                held |= dict.fromkeys(bound, order)
    ordered = tuple(sorted(judged, key=lambda outcome: outcome.order.line))
    morning = Morning(orders, ordered, due, off, services_of)
    more: dict[str, int] = {}
    for order in morning.obeyed("overtime"):
        more[order.shift] = max(more.get(order.shift, 0), order.minutes * 60)
    return replace(morning, duties=longer_windows(due, more, conditions))


def _at_home(district: District, off: frozenset[str], caps: Mapping[str, int]) -> dict[str, str]:
    """Vehicles that nothing can be pinned to today, and why."""
    cut = available_vehicles(district.vehicles, off, caps).cut
    why: dict[str, str] = {}
    for vehicle in district.vehicles:
        own, kind = vehicle.id, vehicle.type_id
        if own in off or vehicle.status == "workshop":
            why[own] = f"{own} 今日不出车 · {own} is off today"
        elif vehicle.status == "spare":
            why[own] = f"{own} 为备用车 · {own} is a spare"
        elif own in cut:
            option = f"--fleet {kind}s={caps[kind]}"
            why[own] = (
                f"{own} 因 {option} 今日留场：请提高上限，或改派出车的车辆 · "
                f"{own} is kept at home by {option}: raise it, or pin to a truck that goes out"
            )
    return why


def _aimed_at(order: Order, duties: Sequence[Duty]) -> list[Duty]:
    """Duties on an order's sections in its shift."""
    return [
        duty
        for duty in duties
        if duty.section_id in order.ids and order.shift in ("", duty.shift_id)
    ]


def _no_pin(
    order: Order, duties: Sequence[Duty], bound: Sequence[str], held: Mapping[str, Order]
) -> str:
    """Why a section can't be pinned to a truck that goes out, or "".

    Args:
        order: the pin.
        duties: all that is due.
        bound: ids of the duties that the pin would give to its truck.
        held: duty id -> the pin of an earlier row that has given it to a truck.
    """
    if not _aimed_at(order, duties):
        return "今日该路段无作业 · nothing is due there"
    if not bound:
        return f"{order.vehicle} 不能做该作业 · {order.vehicle} cannot do that work"
    rivals = (held[duty] for duty in bound if duty in held)
    first = next((rival for rival in rivals if rival.vehicle != order.vehicle), None)
    if first is not None:
        return (
            f"第 {first.line} 行已将 {first.target} 固定给 {first.vehicle} · line {first.line} "
            f"has pinned {first.target} to {first.vehicle}"
        )
    return ""


def longer_windows(
    duties: Sequence[Duty], more_s: Mapping[str, int], conditions: Conditions
) -> tuple[Duty, ...]:
    """Duties whose last window lasts longer by overtime, where weather and peaks let it.

    The windows of toilets keep their visits apart, so they stay; their crews come home later.

    Args:
        duties: any.
        more_s: seconds of overtime by shift id, "" for all shifts.
        conditions: for the hours in which wet work is allowed.
    """
    last: dict[tuple[str, str], int] = {}
    for duty in duties:
        key = (duty.service, duty.shift_id)
        last[key] = max(last.get(key, duty.windows[-1].end_s), duty.windows[-1].end_s)
    longer = []
    for duty in duties:
        extra_s = max(more_s.get("", 0), more_s.get(duty.shift_id, 0))
        window = duty.windows[-1]
        spaced = duty.service == toilets.SERVICE
        if extra_s and not spaced and window.end_s == last[duty.service, duty.shift_id]:
            end_s = window.end_s + extra_s
            if duty.service in WET_SERVICES:
                end_s = _wet_until(conditions, window, end_s)
            final = Window(window.start_s, max(end_s, window.end_s))
            duty = replace(duty, windows=(*duty.windows[:-1], final))
        longer.append(duty)
    return tuple(longer)


def _wet_until(conditions: Conditions, window: Window, end_s: int) -> int:
    """How far a wet window that ends at ``window.end_s`` may be stretched towards ``end_s``."""
    for ban in conditions.peak_bans:
        if window.end_s <= ban.start_s:
            end_s = min(end_s, ban.start_s)
    for wet in conditions.wet_windows:
        if wet.start_s <= window.start_s <= wet.end_s:
            end_s = min(end_s, wet.end_s)
    return end_s
