"""The town of export_town.py with waste in it: a collection run and a haul run, made by hand.

Community C1 is at the corner (0, 2), C2 at (2, 2), C3 at (2, 0), the station Z1 at (4, 2); a block
is 400 m and driven in 50 s. Collection, from 04:30: 1,330 kg at C1 and 700 kg at C2, a rest, a
minute's wait and 2,030 kg unloaded by 05:24:40 (19,480 s); 350 kg at C3, unloaded by 05:48:20
(20,900 s). 8,000 m. Haulage, from 05:00: Z1 left with 12,000 kg at 05:15 (18,900 s) and with
3,000 kg at 06:59 (25,140 s), both to the terminal E1, 25.9 km away; home from there in 20 km.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from export_town import BLOCK_M, COORDS, SECTIONS, WAY_NAMES, make_district, make_plan, node, way_of

from fleet.model import Driver, Shift, Vehicle, VehicleType
from sanitation.export import sheets
from sanitation.model import DayPlan, District, Duty, Run, Stop, Window
from sanitation.places import (
    Community,
    StationStream,
    Stream,
    Terminal,
    TransferStation,
)

SECONDS_A_BLOCK = 50


def waste_district() -> District:
    """The streets' district with a compactor, a hook-lift and where they go."""
    places = {"C1": ("北里", (0, 2)), "C2": ("南里（一期）", (2, 2)), "C3": ("西里", (2, 0))}
    town = make_district()
    return replace(
        town,
        communities=tuple(
            Community(key, name, "x", *COORDS[node(*at)], 400, 19, 1330, 0, 0, 0, (), "wide", 0, 0,
                      "model")
            for key, (name, at) in places.items()
        ),
        stations=(
            TransferStation("Z1", "复康路转运站", "x", *COORDS[node(4, 2)], 60, 2, 0, 86_400, 720,
                            "model"),
        ),
        station_streams=(
            StationStream("Z1-recyclable", "Z1", "recyclable", 2, 10_000, 500, "model"),
            StationStream("Z1-residual", "Z1", "residual", 3, 12_000, 14_000, "model"),
        ),
        terminals=(Terminal("E1", "焚烧厂", ("residual",), 18_000, 86_400, 720, "model"),),
        streams=(
            Stream("residual", "其他垃圾", "residual waste", 1, 70, True, "model"),
            Stream("recyclable", "可回收物", "recyclables", 7, 70, False, "model"),
        ),
        vehicle_types=(
            *town.vehicle_types,
            VehicleType("compactor", "压缩车", "compactor", ("collect",), {}, {}, {}, 0, 0, 0, 1,
                        35, 9, 140, payload_kg=8000, streams=("residual",)),
            VehicleType("hooklift", "钩臂车", "hook-lift", ("haul",), {}, {}, {}, 0, 0, 0, 0,
                        36, 6, 140, payload_kg=12_000, streams=("residual", "recyclable")),
        ),
        vehicles=(*town.vehicles,
                  Vehicle("Y01", "津A·样81", "compactor", "D1", "in_service"),
                  Vehicle("G01", "津A·样91", "hooklift", "D1", "in_service")),
        drivers=(*town.drivers, Driver("P03", "样例孙", "driver", "D1", 3)),
        shifts=(*town.shifts,
                Shift("collect_dawn", "清晨收运", "dawn collection", 16_200, 27_000, 3600),
                Shift("haul_day", "白天清运", "day haulage", 18_000, 64_800, 3600)),
        rules={"diesel_cny_l": 7.5, "water_cny_m3": 7.9, "driver_cny_h": 45.0},
    )  # fmt: skip


class Haul:
    """Writes the stops of a truck that carries waste; the load is kept."""

    def __init__(self, start_s: int) -> None:
        self.time_s, self.load_kg, self.at = start_s, 0, node(0, 0)
        self.stops: list[Stop] = []
        self.add("depart", 0, nodes=(self.at,), facility="D1")

    def add(self, kind: str, takes_s: int, **fields: object) -> None:
        start_s, self.time_s = self.time_s, self.time_s + takes_s
        stop = Stop(kind, start_s, self.time_s, load_kg=self.load_kg, **fields)  # type: ignore[arg-type]
        self.stops.append(stop)

    def go(self, *corners: tuple[int, int], kind: str = "travel", facility: str = "") -> None:
        """Drive by the corners, straight between them."""
        nodes = [self.at]
        for row, column in corners:
            goal = node(row, column)
            step = 10 if nodes[-1] % 10 == goal % 10 else 1
            while nodes[-1] != goal:
                nodes.append(nodes[-1] + (step if goal > nodes[-1] else -step))
        ways = tuple(way_of(a, b) for a, b in pairwise(nodes))
        self.at = nodes[-1]
        self.add(kind, SECONDS_A_BLOCK * len(ways), nodes=tuple(nodes), ways=ways,
                 length_m=BLOCK_M * len(ways), facility=facility)  # fmt: skip

    def take(self, site: str, load_kg: int, takes_s: int, bins: int = 0, round_no: int = 1) -> None:
        self.load_kg += load_kg
        self.add("service", takes_s, duty_id=f"{site}/residual", site_id=site, stream="residual",
                 bins=bins, round_no=round_no)  # fmt: skip

    def unload(self, facility: str) -> None:
        self.load_kg = 0
        self.add("unload", 720, facility=facility)


def collection_run() -> Run:
    """Three communities in two loads: 2,380 kg of 34 bins, 8 km, 04:30 to 05:53:20."""
    truck = Haul(16_200)
    truck.go((0, 2))
    truck.take("C1", 1330, 600, bins=19)
    truck.go((2, 2))
    truck.take("C2", 700, 400, bins=10)
    truck.add("rest", 1200)
    truck.go((4, 2))
    truck.add("wait", 60)
    truck.unload("Z1")
    truck.go((4, 0), (2, 0))
    truck.take("C3", 350, 300, bins=5)
    truck.go((4, 0), (4, 2))
    truck.unload("Z1")
    truck.go((0, 2), (0, 0), kind="return", facility="D1")
    return Run("Y-01", "collect", "collect_dawn", "Y01", "P01", ("H01",), "D1",
               16_200, truck.time_s, tuple(truck.stops))  # fmt: skip


def haul_run(later_s: int = 0) -> Run:
    """Two containers, 15,000 kg: 2.4 km in town, 3 x 25.9 km and 20 km home."""
    truck = Haul(18_000 + later_s)
    truck.go((4, 0), (4, 2))
    truck.take("Z1", 12_000, 600)
    truck.add("transfer", 2460, length_m=25_900, facility="E1")
    truck.unload("E1")
    truck.add("transfer", 2460, length_m=25_900, facility="Z1")
    truck.take("Z1", 3000, 600, round_no=2)
    truck.add("transfer", 2460, length_m=25_900, facility="E1")
    truck.unload("E1")
    truck.add("transfer", 1800, length_m=20_000, facility="D1")
    truck.add("return", 0, facility="D1")
    return Run("G-01", "haul", "haul_day", "G01", "P03", (), "D1",
               18_000 + later_s, truck.time_s, tuple(truck.stops))  # fmt: skip


def pickup(site: str, load_kg: int, bins: int, shift: str = "collect_dawn") -> Duty:
    """A stop that is due at a community."""
    return Duty(f"collect/{shift}/{site}/residual", "collect", shift, "", "", 1, 0, 0, 0,
                (Window(16_200, 25_200),), 30, site_id=site, stream="residual",
                load_kg=load_kg, bins=bins)  # fmt: skip


def waste_plan(*runs: Run) -> DayPlan:
    return make_plan(*(runs or (collection_run(), haul_run())))


def waste_sheets(plan: DayPlan, lang: str = "zh") -> tuple[sheets.Sheet, ...]:
    return sheets.build_sheets(
        plan, waste_district(), SECTIONS, lang, way_names=WAY_NAMES, coords=COORDS,
        fuel_l={"Y-01": 6.1},
    )  # fmt: skip
