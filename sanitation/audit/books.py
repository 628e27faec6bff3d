"""What the referee looks things up in: the district's tables by id, streets, weather, orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet.model import Driver, Shift, Vehicle, VehicleType
from sanitation.audit.rows import STREET_SERVICES, PlanRows
from sanitation.audit.septic import Septic, read_septic
from sanitation.audit.streets import Streets, read_streets
from sanitation.audit.toilets import Rounds, read_rounds
from sanitation.audit.waste import Waste, read_waste
from sanitation.audit.weather import Weather, read_weather
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, District, Road
from sanitation.places import Community, DumpPoint, FillPoint, Toilet, TransferStation

_REFUSED = ("refuse", "reject", "ignore")


@dataclass(frozen=True, slots=True)
class Orders:
    """The dispatcher's orders that the plan says it obeys, by what they do.

    ``overtime_s``: (vehicle, shift) -> seconds beyond the shift's end. "" stands for every
    vehicle or shift.
    """

    off: frozenset[str]  # vehicles and people
    closed_roads: frozenset[str]
    pinned: Mapping[tuple[str, str], str]  # (section, shift) -> vehicle
    left_out: frozenset[tuple[str, str]]  # (section or road, shift)
    extra: frozenset[str]  # sections or roads
    overtime_s: Mapping[tuple[str, str], int]

    def is_left_out(self, section: str, road: str, shift: str) -> bool:
        """Whether an order leaves a section or its road out of a shift."""
        return any((name, s) in self.left_out for name in (section, road) for s in (shift, ""))


@dataclass(frozen=True, eq=False)
class Books:
    """Everything a check may look up. ``stand`` maps a place (a depot, a facility, a site that the
    plan names) to the nodes it may stand at; no two places have the same id."""

    district: District
    streets: Streets
    weather: Weather
    orders: Orders
    rules: Mapping[str, float]
    roads: Mapping[str, Road]
    vehicles: Mapping[str, Vehicle]
    types: Mapping[str, VehicleType]
    drivers: Mapping[str, Driver]
    shifts: Mapping[str, Shift]
    fills: Mapping[str, FillPoint]
    dumps: Mapping[str, DumpPoint]
    depots: frozenset[str]
    bays: Mapping[str, int]
    stand: Mapping[str, frozenset[int]]
    services: frozenset[str]  # that the plan was asked for, see _services
    waste: Waste
    septic: Septic
    rounds: Rounds

    def kind_of(self, vehicle: str) -> VehicleType | None:
        """The type of a vehicle id, None for an unknown one."""
        known = self.vehicles.get(vehicle)
        return self.types.get(known.type_id) if known else None

    def overtime_s(self, vehicle: str, shift: str) -> int:
        """Seconds that orders let a vehicle work beyond the end of a shift."""
        keys = [(v, s) for v in (vehicle, "") for s in (shift, "")]
        return max(self.orders.overtime_s.get(key, 0) for key in keys)


def open_books(district: District, rows: PlanRows) -> Books:
    """Look-ups for judging ``rows`` in ``district``; reads the network. UsageError if it can't."""
    class_of_way = {way: road.road_class for road in district.roads for way in road.way_ids}
    streets = read_streets(district.network_file, class_of_way)
    posts: tuple[FillPoint | DumpPoint, ...] = (*district.fill_points, *district.dump_points)
    depots = {depot.id: streets.nearest(depot.lon, depot.lat) for depot in district.depots}
    # Of the hundreds of sites only those that a plan is about: looking for nodes takes a while.
    named = {name for run in rows.runs for stop in run.stops for name in (stop.site, stop.facility)}
    named |= {way.place_id for way in district.terminal_ways if way.terminal_id in named}
    site_of = {tank.id: tank.site_id for tank in district.septic_tanks if tank.id in named}
    named |= set(site_of.values())
    sites: list[TransferStation | Community | Toilet] = [
        *district.stations,
        *district.communities,
        *district.toilets,
    ]
    places = {site.id: streets.nearest(site.lon, site.lat) for site in sites if site.id in named}
    places |= {tank: places[site] for tank, site in site_of.items()}
    shifts = {shift.id: shift for shift in district.shifts}
    sweeps = frozenset(r.shift_id for r in district.standards if r.condition == "cold_sweep")
    services = _services(rows)
    weather = read_weather(rows, district.rules, shifts, sweeps)
    return Books(
        district=district,
        streets=streets,
        weather=weather,
        orders=read_orders(rows.orders),
        rules=district.rules,
        roads={road.id: road for road in district.roads},
        vehicles={vehicle.id: vehicle for vehicle in district.vehicles},
        types={kind.id: kind for kind in district.vehicle_types},
        drivers={driver.id: driver for driver in district.drivers},
        shifts=shifts,
        fills={point.id: point for point in district.fill_points},
        dumps={point.id: point for point in district.dump_points},
        depots=frozenset(depot.id for depot in district.depots),
        bays={post.id: post.bays for post in (*posts, *district.stations)},
        services=services,
        waste=read_waste(district, rows, services),
        septic=read_septic(district, rows, services),
        rounds=read_rounds(district, weather, services),
        stand=depots | {post.id: streets.nearest(post.lon, post.lat) for post in posts} | places,
    )


def _services(rows: PlanRows) -> frozenset[str]:
    """What the plan was asked for. Where it does not say: all work of washers and sprinklers, and
    other work if it has runs or duties of that service, for older plans know nothing of it."""
    asked = rows.options.get("services")
    if isinstance(asked, list) and asked:
        return frozenset(str(name) for name in asked)
    there = {run.service for run in rows.runs} | {work.service for work in rows.site_works}
    there |= {work.service for work in (*rows.uncovered, *rows.suspended)}
    later = LOADED_SERVICES | SITE_SERVICES
    return (frozenset(STREET_SERVICES) - later) | (there & later)


def read_orders(rows: Iterable[Mapping[str, Any]]) -> Orders:
    """Sort a plan's recorded orders by what they do. Refused and unreadable ones have no effect.

    An order is an object with ``kind``, ``target``, ``ids`` (what the target stands for),
    ``vehicle``, ``shift``, ``minutes`` and ``outcome``, see sanitation/orders.py.
    """
    named: dict[str, set[str]] = {}
    pinned: dict[tuple[str, str], str] = {}
    left_out: set[tuple[str, str]] = set()
    overtime: dict[tuple[str, str], int] = {}
    for row in rows:
        kind = str(row.get("kind") or row.get("order") or "")
        if str(row.get("outcome", "")).lower().startswith(_REFUSED):
            continue
        ids = row.get("ids")
        targets = ids if isinstance(ids, list) and ids else [row.get("target")]
        names = {name for name in targets if isinstance(name, str) and name}
        vehicle, shift = str(row.get("vehicle") or ""), str(row.get("shift") or "")
        minutes = row.get("minutes")
        if kind == "overtime" and isinstance(minutes, int):
            overtime[vehicle, shift] = max(overtime.get((vehicle, shift), 0), minutes * 60)
        elif kind == "pin":
            pinned.update({(name, shift): vehicle for name in names})
        elif kind == "leave_out":
            left_out |= {(name, shift) for name in names}
        else:
            named.setdefault(kind, set()).update(names)
    return Orders(
        off=frozenset(named.get("truck_off", set()) | named.get("driver_off", set())),
        closed_roads=frozenset(named.get("road_closed", ())),
        pinned=pinned,
        left_out=frozenset(left_out),
        extra=frozenset(named.get("extra_wash", ())),
        overtime_s=overtime,
    )
