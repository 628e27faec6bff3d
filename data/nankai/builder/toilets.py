"""Rounds of public toilets: crew points, who goes round which toilet, how often, crews."""

from __future__ import annotations

import math

from .geometry import Xy

Row = list[object]

# Where six toilets lie within 600 m: walkers, tricycles and vans start here.
CREW_POINTS = (
    ("D5", "模型保洁班点（北）", 117.1442, 39.1365),
    ("D6", "模型保洁班点（东）", 117.1674, 39.1212),
    ("D7", "模型保洁班点（西南）", 117.1419, 39.0870),
    ("D8", "模型保洁班点（南）", 117.1639, 39.0708),
)
FOOT_M, FOOT_MOST = 600, 3  # of a point's toilets its walker has the nearest ones
TRIKE_M = 2_500
WALKERS = ("toilet_foot",)  # they have no plate
KMH = {"toilet_trike": 15, "toilet_foot": 4.5}
_NO_WATER = ("", "", "", 0, 0, 0)
# As operations.VEHICLE_TYPES: no payload, and what each stop takes beside the work there.
VEHICLE_TYPES: list[Row] = [
    ["toilet_van", "公厕保洁车", "toilet-cleaning van", "toilet", *_NO_WATER, 0, 11, 0, 60, 0, "",
     120, 0, 0, 0, "default"],
    ["toilet_trike", "电动保洁三轮车", "electric tricycle of a cleaner", "toilet", *_NO_WATER, 0, 0,
     0, 15, 0, "", 60, 0, 1, 0, "default: 15 km/h, 0.8 CNY/kWh"],
    ["toilet_foot", "步行保洁员", "cleaner on foot", "toilet", *_NO_WATER, 0, 0, 0, 5, 0, "", 30, 0,
     1, 0, "default: 4.5 km/h; a row of vehicles.csv is a cleaner"],
]  # fmt: skip
# As operations.FLEET, at D1 to D4 nothing.
FLEET = (
    ("TV", "toilet_van", {"in_service": (0, 0, 0, 0, 1, 1, 1, 1), "spare": (0, 0, 0, 0, 0, 1)}),
    (
        "TK",
        "toilet_trike",
        {"in_service": (0, 0, 0, 0, 4, 5, 5, 3), "spare": (0, 0, 0, 0, 1, 0, 1)},
    ),
    ("TF", "toilet_foot", {"in_service": (0, 0, 0, 0, 1, 1, 1, 1)}),
)
CREW = 64  # at the crew points in turn
SHIFTS: list[Row] = [
    [f"{kind}_{part}", f"{word}（{'早' if part == 'am' else '晚'}班）", f"{name}, {english}", start,
     end, 60, "", "default"]
    for kind, word, name in (
        ("toilet_van", "公厕保洁车", "toilet van"),
        ("toilet_trike", "公厕三轮保洁", "toilets by tricycle"),
        ("toilet_foot", "公厕步行保洁", "toilets on foot"),
    )
    for part, english, start, end in (
        ("am", "early", "06:00", "13:45"),
        ("pm", "late", "14:00", "22:00"),
    )
]  # fmt: skip
# class -> season, condition -> visits in the early and the late shift
_VISITS = {
    2: {("warm", "plain"): (3, 2), ("cold", "plain"): (2, 2), ("any", "heat"): (3, 3),
        ("any", "event"): (3, 3)},
    3: {("warm", "plain"): (2, 1), ("cold", "plain"): (1, 1), ("any", "heat"): (2, 2),
        ("any", "event"): (2, 2)},
}  # fmt: skip
_WORK_S = {2: (900, 300), 3: (600, 180)}  # cleaning, deodorising


def standards() -> list[Row]:
    rows: list[Row] = []
    for toilet_class, days in _VISITS.items():
        for (season, condition), visits in days.items():
            for kind in (row[0] for row in VEHICLE_TYPES):
                for part, count in zip(("am", "pm"), visits, strict=True):
                    key = f"c{toilet_class}-{season}-{condition}-{kind}-{part}"
                    rows.append(
                        [key, toilet_class, season, condition, kind, f"{kind}_{part}", count,
                         *_WORK_S[toilet_class], "default"]
                    )  # fmt: skip
    return rows


def goers(places: list[tuple[str, Xy]], points: list[Xy]) -> dict[str, str]:
    """Who goes round each toilet: the walker of a point, a tricycle within its reach, or a van.

    Args:
        places: id and place of the toilets that are not attended.
        points: places of the crew points.
    """
    found = {
        name: "toilet_trike" if min(math.dist(p, at) for p in points) <= TRIKE_M else "toilet_van"
        for name, at in places
    }
    for point in points:
        near = sorted((math.dist(point, at), name) for name, at in places)
        for gap, name in near[:FOOT_MOST]:
            if gap <= FOOT_M:
                found[name] = "toilet_foot"
    return found
