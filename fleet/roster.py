"""Who and what is available on a date: spares, the workshop, caps and weekly rest days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from fleet.model import Driver, Vehicle


@dataclass(frozen=True, slots=True)
class Available:
    """Vehicles of the day, sorted by id.

    ``substitutes`` maps each vehicle that is off to the spare that takes its place; one without
    a spare is in ``missing``. ``cut`` were left at home to keep the cap.
    """

    vehicles: tuple[Vehicle, ...]
    substitutes: dict[str, str]
    missing: tuple[str, ...]
    cut: tuple[str, ...]


def available_vehicles(
    vehicles: tuple[Vehicle, ...], off: frozenset[str], caps: Mapping[str, int]
) -> Available:
    """The vehicles that can go out on a date.

    Vehicles in service that are not ``off``; for each one that is off a spare of its type takes
    its place, of the same depot if there is one, else the lowest id, and works from the depot
    of the one it stands in for. Then each type is cut to its cap, one by one from the depot with
    the most of them left, highest id first.

    Args:
        vehicles: the whole fleet list.
        off: ids that cannot go out (workshop, order); ids unknown to the list are refused.
        caps: most vehicles by type; a type without a cap is not cut.

    Raises:
        ValueError: an unknown id in ``off`` or a negative cap.
    """
    by_id = {v.id: v for v in vehicles}
    if unknown := sorted(off - by_id.keys()):
        raise ValueError(f"no such vehicle: {', '.join(unknown)}")
    if negative := sorted(t for t, cap in caps.items() if cap < 0):
        raise ValueError(f"the cap of {negative[0]} is below zero")
    fleet = sorted(vehicles, key=lambda v: v.id)
    ready = [v for v in fleet if v.status == "in_service" and v.id not in off]
    spares = [v for v in fleet if v.status == "spare" and v.id not in off]
    substitutes: dict[str, str] = {}
    missing: list[str] = []
    gone = [v for v in fleet if v.status == "in_service" and v.id in off]
    # Two rounds, so that a spare of the neighbour's depot is not taken before the neighbour is
    # served from it.
    for same_depot in (True, False):
        for vehicle in gone:
            if vehicle.id in substitutes:
                continue
            for spare in spares:
                if spare.type_id == vehicle.type_id and (
                    not same_depot or spare.depot_id == vehicle.depot_id
                ):
                    substitutes[vehicle.id] = spare.id
                    spares.remove(spare)
                    ready.append(_at(spare, vehicle.depot_id))
                    break
    missing = [v.id for v in gone if v.id not in substitutes]
    kept, cut = _cut(ready, caps)
    return Available(
        tuple(sorted(kept, key=lambda v: v.id)),
        dict(sorted(substitutes.items())),
        tuple(missing),
        tuple(sorted(cut)),
    )


def _at(vehicle: Vehicle, depot_id: str) -> Vehicle:
    return Vehicle(
        vehicle.id, vehicle.plate, vehicle.type_id, depot_id, vehicle.status, vehicle.provenance
    )


def _cut(ready: list[Vehicle], caps: Mapping[str, int]) -> tuple[list[Vehicle], list[str]]:
    """Drop vehicles until no type is over its cap, so that the depots stay alike."""
    kept = list(ready)
    cut: list[str] = []
    for type_id, cap in sorted(caps.items()):
        while True:
            left = [v for v in kept if v.type_id == type_id]
            if len(left) <= cap:
                break
            at = Counter(v.depot_id for v in left)
            fullest = max(at, key=lambda depot: (at[depot], depot))
            worst = max((v for v in left if v.depot_id == fullest), key=lambda v: v.id)
            kept.remove(worst)
            cut.append(worst.id)
    return kept, cut


def rest_day(driver: Driver, weekday: int) -> bool:
    """Whether ``weekday`` (0 is Monday) is the driver's weekly day of rest."""
    return driver.rest_weekday == weekday
