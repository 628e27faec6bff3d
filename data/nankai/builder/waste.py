"""Tables of waste: streams, collection hours, containers, terminals and the ways to them."""

from __future__ import annotations

import math

from .geometry import dice, to_xy

Row = list[object]

# stream, Chinese and English name, every so many days, kg a bin, hauled off the same day
STREAMS: list[Row] = [
    ["residual", "其他垃圾", "residual waste", 1, 70, 0, "default: domain facts, section 4"],
    ["kitchen", "厨余垃圾", "kitchen waste", 1, 70, 1, "default: domain facts, section 4"],
    ["recyclable", "可回收物", "recyclables", 7, 70, 0, "default: domain facts, section 4"],
    ["hazardous", "有害垃圾", "hazardous waste", 30, 20, 0, "default: domain facts, section 4"],
]
# When communities may be visited; the shifts around these hours are in operations.SHIFTS.
HOURS = {
    "dawn": ("04:30", "07:00"),
    "am": ("09:00", "11:30"),
    "pm": ("13:30", "16:30"),
    "evening": ("19:00", "21:30"),
}
_TIMES = (
    ("residual", "collect", ("dawn", "am", "pm", "evening")),
    ("kitchen", "kitchen", ("dawn", "am", "pm", "evening")),
    ("recyclable", "recycle", ("am", "pm")),
    ("hazardous", "hazard", ("am",)),
)
# stream -> stations that accept it (None: all of them), containers that stand there, kg of each
_ACCEPTED: dict[str, tuple[tuple[str, ...] | None, int, int]] = {
    "residual": (None, 3, 12_000),
    "kitchen": (("Z04", "Z06", "Z07", "Z12", "Z13", "Z14"), 3, 10_000),
    "recyclable": (("Z01", "Z08", "Z10", "Z12"), 3, 10_000),
    "hazardous": (("Z08",), 1, 5_000),
}
# id, name, streams, lon, lat, open, close, minutes there
TERMINALS = (
    ("E1", "模型焚烧发电厂", "residual", 117.020, 38.990, "05:00", "24:00", 12),
    ("E2", "模型厨余处理厂", "kitchen", 117.010, 39.180, "05:00", "24:00", 12),
    ("E3", "模型再生资源分拣中心", "recyclable", 117.060, 39.020, "08:00", "20:00", 15),
    ("E4", "模型有害垃圾暂存库", "hazardous", 117.280, 39.000, "09:00", "17:00", 15),
    ("E5", "模型粪便处理厂", "night_soil", 117.070, 39.055, "07:00", "18:00", 12),
)
_DETOUR, _KMH = 1.35, 38.0  # over the straight line; mean speed of a hook-lift


def collection() -> list[Row]:
    return [
        [f"{prefix}-{part}", stream, f"{prefix}_{part}", *HOURS[part], "default"]
        for stream, prefix, parts in _TIMES
        for part in parts
    ]


def station_streams(stations: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for station in stations:
        for stream, (accepting, places, container_kg) in _ACCEPTED.items():
            if accepting is None or station[0] in accepting:
                key = f"{station[0]}-{stream}"
                rows.append([key, station[0], stream, places, container_kg, 0, "model"])
    return rows


def terminals() -> list[Row]:
    return [
        [key, name, streams, start, end, minutes * 60, "model"]
        for key, name, streams, _, _, start, end, minutes in TERMINALS
    ]


def terminal_ways(stations: list[Row], depots: list[Row]) -> list[Row]:
    """From every station and depot to every terminal, whole minutes and hundreds of metres.

    No station has night soil: to its plant the ways are those of the depots alone.
    """
    places = [(row[0], row[3], row[4]) for row in stations] + [row[:1] + row[2:4] for row in depots]
    yards = {row[0] for row in depots}
    rows: list[Row] = []
    for place, lon, lat in places:
        here = to_xy(float(str(lon)), float(str(lat)))
        for key, _, stream, there_lon, there_lat, *_ in TERMINALS:
            if stream == "night_soil" and place not in yards:
                continue
            metres = _DETOUR * math.dist(here, to_xy(there_lon, there_lat))
            minutes = math.ceil(metres / 1000 / _KMH * 60)
            length_m = round(metres / 100) * 100
            rows.append([f"{place}-{key}", place, key, 60 * minutes, length_m, "model"])
    return rows


def collection_of(
    placed: list[tuple[str, str]], kilos: list[dict[str, int]]
) -> list[tuple[str, str, int, int]]:
    """(windows, access, recyclable_slot, hazardous_slot) of each community.

    Communities of one subdistrict have their rounds on the same days, as far as each day of a
    cycle brings alike many kilograms.

    Args:
        placed: (name, subdistrict) of each.
        kilos: of each, by stream.
    """
    order = sorted(range(len(placed)), key=lambda i: (placed[i][1], i))
    slots: dict[str, dict[int, int]] = {}
    for stream, days in (("recyclable", 7), ("hazardous", 30)):
        total = sum(kilos[i][stream] for i in order)
        done = 0
        slots[stream] = {}
        for i in order:
            slots[stream][i] = min(days - 1, int(done * days / total))
            done += kilos[i][stream]
    found = []
    for i, (name, _) in enumerate(placed):
        windows = "09:00-11:30;13:30-16:30" if dice("quiet", name) < 0.08 else ""
        access = "narrow" if dice("lane", name) < 0.12 else "wide"
        found.append((windows, access, slots["recyclable"][i], slots["hazardous"][i]))
    return found
