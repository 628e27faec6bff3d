"""Tables that have no place on the map: fleet, crew, shifts, standards, climate, rules."""

from __future__ import annotations

import sys
from pathlib import Path

from . import toilets

Row = list[object]

_SECTION_3 = "default: domain facts, section 3"
_NO_WATER = ("", "", "", 0, 0, 0)
# The columns are those of sanitation/schema.py.
VEHICLE_TYPES: list[Row] = [
    ["washer", "洗扫车（18 t）", "washer-sweeper 18 t", "wash;sweep",
     "wash:night=5;wash=8;sweep=8", "wash=3;sweep=3", "wash:night=1.56;wash=0.975",
     9000, 7500, 0.75, 0, 38, 12, 160, 0, "", 0, 0, 0, 0,
     "default: domain facts, section 3; pump 130 L/min"],
    ["sprinkler", "洒水车", "sprinkler", "sprinkle", "sprinkle=15", "sprinkle=8",
     "sprinkle=2.16", 10000, 0, 0, 0, 32, 8, 120, 0, "", 0, 0, 0, 0,
     "default: 0.27 L/m2 over 8 m"],
    ["compactor_8t", "压缩式垃圾车（8 t）", "rear-loader compactor 8 t", "collect", *_NO_WATER, 2,
     35, 9, 140, 8000, "residual", 120, 50, 0, 0, _SECTION_3],
    ["compactor_3t", "压缩式垃圾车（3 t）", "rear-loader compactor 3 t", "collect", *_NO_WATER, 1,
     22, 6, 90, 3000, "residual", 120, 50, 1, 0, _SECTION_3],
    ["kitchen_truck", "餐厨垃圾车", "kitchen-waste truck", "collect", *_NO_WATER, 1, 28, 7, 120,
     4000, "kitchen", 120, 50, 1, 0, _SECTION_3],
    ["recycling_truck", "可回收物车", "recycling truck", "collect", *_NO_WATER, 1, 25, 6, 100,
     5000, "recyclable", 120, 50, 1, 0, "default"],
    ["hazard_van", "有害垃圾车", "hazardous-waste van", "collect", *_NO_WATER, 1, 14, 3, 80,
     1000, "hazardous", 300, 60, 1, 0, "default"],
    ["hooklift", "钩臂车", "hook-lift", "haul", *_NO_WATER, 0, 36, 6, 140, 12000,
     "residual;kitchen;recyclable;hazardous", 0, 0, 0, 0, _SECTION_3],
    # 90 s a m³ is 0.67 m³ a minute; ten minutes a stop lay the hoses out and take them up.
    ["vacuum_truck", "吸粪车", "vacuum truck", "septic", *_NO_WATER, 1, 28, 8, 110, 5000,
     "night_soil", 600, 0, 1, 90, _SECTION_3],
    ["bin_truck", "果皮箱收集车", "litter-bin truck", "bins", "bins=12", "", "", 0, 0, 0, 1, 0, 0,
     75, 1500, "residual", 0, 20, 1, 0, "default: electric; current in the fixed cost"],
]  # fmt: skip

# Letter, type, owned by status and depot (D1, D2, D3, D4: the kitchen waste contractor's).
FLEET = (
    ("X", "washer", {"in_service": (13, 13, 13, 0), "spare": (1, 1, 1, 0), "workshop": (1, 1)}),
    ("S", "sprinkler", {"in_service": (9, 9, 8, 0), "spare": (1, 1), "workshop": (0, 0, 1)}),
    ("Y", "compactor_8t", {"in_service": (5, 5, 4), "spare": (1, 1, 1), "workshop": (0, 0, 1)}),
    ("L", "compactor_3t", {"in_service": (1, 1, 1), "spare": (0, 1)}),
    ("C", "kitchen_truck", {"in_service": (0, 0, 0, 10), "spare": (0, 0, 0, 1)}),
    ("Q", "recycling_truck", {"in_service": (3, 3, 3), "spare": (0, 1)}),
    ("A", "hazard_van", {"in_service": (1, 1, 1)}),
    ("G", "hooklift", {"in_service": (4, 4, 4), "spare": (0, 1)}),
    ("W", "vacuum_truck", {"in_service": (3, 2, 2), "spare": (0, 1)}),
    ("B", "bin_truck", {"in_service": (10, 10, 10), "spare": (1, 1, 1)}),
)
# Letter, word, role, and how many in turn at D1 to D3, then at D4, then at D1 to D3 again.
CREWS = (("J", "驾驶员", "driver", 249, 28, 66), ("H", "跟车员", "helper", 150, 28, 66))

SHIFTS: list[Row] = [
    ["night", "夜间深度洗扫", "night deep wash", "-1d 22:30", "06:30", 360, "", "default"],
    ["day", "日间洗扫保洁", "day wash", "09:00", "16:30", 120, "", "default"],
    ["evening", "晚间加洗", "extra evening wash", "19:00", "22:00", 90, "", "default"],
    ["sprinkle_dawn", "清晨洒水", "sprinkling at dawn", "05:00", "07:00", 60, "", "default"],
    ["sprinkle_am", "上午洒水", "morning sprinkling", "09:30", "12:00", 60, "", "default"],
    ["sprinkle_noon", "中午降温洒水", "noon sprinkling", "11:00", "14:00", 60, "", "default"],
    ["sprinkle_pm", "下午洒水", "afternoon sprinkling", "13:30", "16:30", 60, "", "default"],
    ["sprinkle_evening", "晚间洒水", "evening sprinkling", "19:30", "21:30", 60, "", "default"],
    ["collect_dawn", "清晨收运", "collection at dawn", "04:00", "08:00", 60, "", "default"],
    ["collect_am", "上午收运", "morning collection", "08:30", "12:30", 60, "", "default"],
    ["collect_pm", "下午收运", "afternoon collection", "13:00", "17:30", 60, "", "default"],
    ["collect_evening", "晚间收运", "evening collection", "18:30", "22:00", 60, "", "default"],
    ["kitchen_dawn", "清晨厨余收运", "kitchen waste at dawn", "04:00", "08:00", 60, "", "default"],
    ["kitchen_am", "上午厨余收运", "morning kitchen waste", "08:30", "12:30", 60, "", "default"],
    ["kitchen_pm", "下午厨余收运", "afternoon kitchen waste", "13:00", "17:30", 60, "", "default"],
    [
        "kitchen_evening",
        "晚间厨余收运",
        "evening kitchen waste",
        "18:30",
        "22:00",
        60,
        "",
        "default",
    ],
    ["recycle_am", "上午可回收物", "morning recyclables", "08:30", "12:30", 60, "", "default"],
    ["recycle_pm", "下午可回收物", "afternoon recyclables", "13:00", "17:30", 60, "", "default"],
    ["hazard_am", "有害垃圾收运", "hazardous waste", "08:30", "12:30", 60, "", "default"],
    ["haul_early", "早班转运", "early haulage", "05:30", "13:15", 60, "haul", "default"],
    ["haul_late", "晚班转运", "late haulage", "13:30", "21:00", 60, "haul", "default"],
    ["haul_night", "夜班转运", "night haulage", "21:15", "24:00", 60, "haul", "default"],
    ["septic_day", "日间吸粪", "septic emptying by day", "08:00", "16:00", 60, "septic", "default"],
    ["bins_early", "早班果皮箱收运", "early litter bins", "05:30", "11:30", 60, "", "default"],
    ["bins_late", "晚班果皮箱收运", "late litter bins", "13:00", "19:00", 60, "", "default"],
    *toilets.SHIFTS,
]

# Tianjin, mean daily minimum and maximum of each month, recalled to the degree.
CLIMATE = (
    (-7, 2), (-4, 6), (2, 13), (9, 21), (15, 27), (20, 30),
    (23, 31), (22, 30), (17, 27), (9, 20), (1, 11), (-5, 4),
)  # fmt: skip

# service, condition, scope, shift, {grade: (rounds, passes)}
_NIGHT = {1: (1, 4), 2: (1, 2), 3: (1, 2), 4: (1, 2)}
_KEY = {2: (1, 2), 3: (1, 2), 4: (1, 2)}
_STANDARDS: tuple[tuple[str, str, str, str, dict[int, tuple[int, int]]], ...] = (
    ("wash", "plain", "all", "night", _NIGHT),
    ("wash", "plain", "all", "day", {1: (2, 4), 2: (1, 2)}),
    ("sprinkle", "plain", "all", "sprinkle_dawn", {1: (1, 2)}),
    ("sprinkle", "plain", "all", "sprinkle_am", {1: (1, 2)}),
    ("sprinkle", "plain", "all", "sprinkle_pm", {1: (1, 2)}),
    # In the evening the fill points are free of washers.
    ("sprinkle", "plain", "all", "sprinkle_evening", {2: (1, 2)}),
    ("sprinkle", "heat", "all", "sprinkle_noon", {1: (1, 2), 2: (1, 2)}),
    ("wash", "pollution_yellow", "key", "day", _KEY),
    ("wash", "pollution_orange", "all", "evening", {1: (1, 4)}),
    ("wash", "pollution_orange", "key", "day", _KEY),
    ("wash", "pollution_orange", "key", "evening", _KEY),
    ("sprinkle", "pollution_orange", "all", "sprinkle_noon", {1: (1, 2)}),
    ("sprinkle", "pollution_orange", "all", "sprinkle_pm", {2: (1, 2)}),
    ("wash", "pollution_red", "all", "evening", {1: (1, 4)}),
    ("wash", "pollution_red", "key", "day", _KEY),
    ("wash", "pollution_red", "key", "evening", _KEY),
    ("sprinkle", "pollution_red", "all", "sprinkle_noon", {1: (1, 2), 2: (1, 2)}),
    ("sprinkle", "pollution_red", "all", "sprinkle_pm", {2: (1, 2)}),
    ("sweep", "cold_sweep", "all", "night", _NIGHT),
    ("bins", "plain", "all", "bins_early", {1: (2, 2), 2: (1, 2), 3: (1, 2), 4: (1, 2)}),
    ("bins", "plain", "all", "bins_late", {1: (2, 2), 2: (1, 2)}),
)


def standards() -> list[Row]:
    rows: list[Row] = []
    for service, condition, scope, shift, grades in _STANDARDS:
        season = "any" if service in ("sweep", "bins") else "warm"
        for grade, (rounds, passes) in grades.items():
            key = f"{service}-{condition}-{shift}-{grade}"
            rows.append(
                [key, service, grade, season, condition, scope, shift, rounds, passes, "default"]
            )
    return rows


def vehicle_types() -> list[Row]:
    """The types, with the top speed of those that are slower than the streets."""
    types = [*VEHICLE_TYPES, *toilets.VEHICLE_TYPES]
    return [[*row[:-1], toilets.KMH.get(str(row[0]), 0), row[-1]] for row in types]


def vehicles() -> list[Row]:
    """Vehicles with plates that nobody can take for real ones."""
    rows: list[Row] = []
    plate = 0
    for letter, kind, by_status in (*FLEET, *toilets.FLEET):
        number = 0
        for depot in range(8):
            for status in ("in_service", "spare", "workshop"):
                there = by_status.get(status, ())
                for _ in range(there[depot] if depot < len(there) else 0):
                    number += 1
                    plate += 1
                    sign = (
                        f"步行·样{plate:03d}" if kind in toilets.WALKERS else f"津A·样{plate:03d}"
                    )
                    rows.append(
                        [f"{letter}{number:02d}", sign, kind, f"D{depot + 1}", status,
                         "sample: plate; number and split model"]
                    )  # fmt: skip
    return rows


def crew() -> list[Row]:
    rows: list[Row] = []
    for letter, word, role, town, contractor, more in CREWS:
        for i in range(town + contractor + more):
            at_town = i < town or i >= town + contractor
            depot, rest = f"D{i % 3 + 1}" if at_town else "D4", i // 3 % 7
            name = f"{word}{i + 1:03d}（样）"
            rows.append([f"{letter}{i + 1:03d}", name, role, depot, rest, "sample"])
    points = [point[0] for point in toilets.CREW_POINTS]
    for i in range(toilets.CREW):
        depot, rest = points[i % len(points)], i // len(points) % 7
        rows.append([f"N{i + 1:03d}", f"保洁员{i + 1:03d}（样）", "driver", depot, rest, "sample"])
    return rows


def climate() -> list[Row]:
    return [
        [month, low, high, "default: Tianjin, recalled monthly means"]
        for month, (low, high) in enumerate(CLIMATE, 1)
    ]


def rules() -> list[Row]:
    """One row for each key that the program knows, from its own list."""
    root = Path(__file__).resolve().parents[3]
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    from sanitation.schema import RULES

    return [[key, value, unit, meaning, "default"] for key, (value, unit, meaning) in RULES.items()]
