"""The mini district with waste: what is due on a Wednesday and a Thursday, checked by hand.

Streets, depots, water, washers and sprinklers are those of minidistrict.py::

    1 C4 --- 2 C1 --- 3 TS2      C1 wide          any hour
    |        |        |          C2 wide          any hour
    4 D1 --- 5 ------ 6 C3       C3 wide          10:00-11:00 and 14:00-16:00 only
    |        |        v          C4 narrow lanes  any hour
    7 TS1 -- 8 C2 --- 9 D2

Neighbours are 400 m apart; from 3 to 6 to 9 the street is one-way. A bin of any stream holds
70 kg. Residual and kitchen waste are due every day, recyclables every seventh with the kilograms
of seven days: slot 3 is Wednesday (2026-07-15), slot 4 Thursday. Due kilograms (bins)::

             residual   kitchen   recyclable (slot)
    C1      1,400 (20)  700 (10)  700 (10) Wednesday: 7 x 100
    C2        700 (10)  350 (5)   350 (5)  Wednesday: 7 x 50
    C3      1,400 (20)  700 (10)  700 (10) Thursday
    C4        700 (10)  350 (5)   350 (5)  Thursday
    a day   4,200 (60) 2,100 (30) 1,050 (15) on both days, none on the others

A stop of any collecting truck takes 120 s and 60 s for each bin: residual at C1 is 1,320 s.

Hours of collection (inside the shift): residual collect_am 09:00-11:30 (08:30-12:30) and
collect_pm 13:30-16:30 (13:00-17:30); kitchen kitchen_am 09:00-11:30; recyclable recycle_am
09:00-11:30. Shifts of haulage are haul_early 05:00-13:00 and haul_late 13:00-21:00. Trucks::

    truck   type           depot   payload   streams      narrow  helpers
    G1      compactor      D1      3,000 kg  residual     no      1
    G2      small_truck    D1      1,500 kg  residual     yes     0
    Q1      kitchen_truck  D2      1,500 kg  kitchen      yes     0
    Y1      recycler       D2      2,000 kg  recyclable   yes     0
    H1, H2  hooklift       D1, D2  5,000 kg  all three    no      0

The compactor cannot take the 3,500 kg of C1, C2 and C3 in one load, and only G2 may go to C4.

Stations are open 06:00-22:00, have one bay and take 600 s to unload. Containers hold 3,000 kg::

    TS1  residual 2 containers, 2,000 kg at 00:00   kitchen 1, 0 kg   recyclable 1, 1,000 kg
    TS2  residual 1 container,  0 kg at 00:00

Residual and kitchen waste leave on the same day. Terminals: E1 takes residual and recyclable
(06:00-20:00, 600 s), E2 kitchen (08:00-18:00, 900 s). Ways at 10 m/s (1,200 s: 12 km)::

          TS1    TS2    D1     D2
    E1  1,200  1,500  1,320  1,380 s
    E2  1,800  2,100  1,620  1,980 s

Beside the mini district's six, four drivers at each depot (P11 to P14 at D1, P15 to P18 at D2)
and the helpers A1 and A2 at D1; these ten work on Wednesdays and Thursdays.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from minidistrict import position, write_minidistrict

WEDNESDAY, THURSDAY = "2026-07-15", "2026-07-16"
_AM, _PM = ("09:00", "11:30"), ("13:30", "16:30")
_WAYS_S = {
    "TS1": (1_200, 1_800), "TS2": (1_500, 2_100), "D1": (1_320, 1_620), "D2": (1_380, 1_980),
}  # fmt: skip


def _beside(node: int) -> dict[str, object]:
    """lon and lat about 20 m north-east of the node, as the mini district's places stand."""
    lon, lat = position(node)
    return {"lon": f"{lon + 0.00015:.6f}", "lat": f"{lat + 0.00015:.6f}"}


def append(folder: Path, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows to a table, which is made if need be; columns new to it are empty in the others."""
    file = folder / f"{table}.csv"
    before: list[Mapping[str, object]] = []
    if file.exists():
        with file.open(encoding="utf-8", newline="") as old:
            before = list(csv.DictReader(old))
    every = [*before, *({**row, "provenance": "model"} for row in rows)]
    columns = list(dict.fromkeys(name for row in every for name in row if name != "provenance"))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*columns, "provenance"], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def _communities() -> list[dict[str, object]]:
    own = "10:00-11:00;14:00-16:00"
    rows: list[dict[str, object]] = []
    for key, node, households, kilograms, windows, access, slot in (
        ("C1", 2, 800, (1400, 700, 100), "", "wide", 3),
        ("C2", 8, 400, (700, 350, 50), "", "wide", 3),
        ("C3", 6, 800, (1400, 700, 100), own, "wide", 4),
        ("C4", 1, 400, (700, 350, 50), "", "narrow", 4),
    ):
        residual, kitchen, recyclable = kilograms
        rows.append(
            {"community_id": key, "name": f"小区{key[1]}", "subdistrict": "120104001"}
            | _beside(node)
            | {"households": households, "bins": households // 20}
            | {"residual_kg": residual, "kitchen_kg": kitchen, "recyclable_kg": recyclable}
            | {"hazardous_kg": 0, "windows": windows, "access": access}
            | {"recyclable_slot": slot, "hazardous_slot": 0}
        )
    return rows


def _stations() -> list[dict[str, object]]:
    return [
        {"station_id": key, "name": f"转运站{key[2]}", "subdistrict": "120104001"}
        | _beside(node)
        | {"throughput_t_day": 20, "bays": 1, "open": "06:00", "close": "22:00", "unload_s": 600}
        for key, node in (("TS1", 7), ("TS2", 3))
    ]


def _vehicle_types() -> list[dict[str, object]]:
    collecting = {"services": "collect", "stop_s": 120, "bin_s": 60}
    kinds: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("compactor", "压缩车", {"helpers": 1, "payload_kg": 3000, "streams": "residual"}),
        ("small_truck", "小型压缩车", {"payload_kg": 1500, "streams": "residual", "narrow": 1}),
        ("kitchen_truck", "餐厨车", {"payload_kg": 1500, "streams": "kitchen", "narrow": 1}),
        ("recycler", "可回收物车", {"payload_kg": 2000, "streams": "recyclable", "narrow": 1}),
    )
    common = {"clean_l": 0, "dirty_l": 0, "recovered": 0, "helpers": 0}
    common |= {"fuel_l_per_100km": 30, "fuel_l_per_work_h": 6, "fixed_cny_per_run": 100}
    rows: list[dict[str, object]] = [
        {"type_id": key, "name": name, "name_en": key, **common, **collecting, **own}
        for key, name, own in kinds
    ]
    hooklift = {"type_id": "hooklift", "name": "钩臂车", "name_en": "hook-lift", "services": "haul"}
    carried = {"payload_kg": 5000, "streams": "residual;kitchen;recyclable"}
    return [*rows, {**hooklift, **common, **carried}]


def _crew() -> list[dict[str, object]]:
    """Four drivers at each depot, with the days off Monday, Tuesday, Friday and Saturday."""
    rows: list[dict[str, object]] = [
        {"driver_id": f"P{11 + i}", "name": f"驾驶员{11 + i}", "role": "driver"}
        | {"depot_id": "D1" if i < 4 else "D2", "rest_weekday": (0, 1, 4, 5)[i % 4]}
        for i in range(8)
    ]
    helper = {"role": "helper", "depot_id": "D1"}
    rows += [
        {"driver_id": f"A{i}", "name": f"跟车员{i}", **helper, "rest_weekday": day}
        for i, day in ((1, 0), (2, 6))
    ]
    return rows


def write_wastedistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    write_minidistrict(folder)
    (folder / "communities.csv").unlink()
    (folder / "stations.csv").unlink()
    append(folder, "communities", _communities())
    append(folder, "stations", _stations())
    append(folder, "vehicle_types", _vehicle_types())
    append(
        folder,
        "vehicles",
        [
            {"vehicle_id": key, "plate": f"样C000{i}", "type_id": kind, "depot_id": depot}
            | {"status": "in_service"}
            for i, (key, kind, depot) in enumerate(
                (
                    ("G1", "compactor", "D1"),
                    ("G2", "small_truck", "D1"),
                    ("Q1", "kitchen_truck", "D2"),
                    ("Y1", "recycler", "D2"),
                    ("H1", "hooklift", "D1"),
                    ("H2", "hooklift", "D2"),
                ),
                1,
            )
        ],
    )
    append(folder, "drivers", _crew())
    append(
        folder,
        "shifts",
        [
            {"shift_id": key, "name": name, "name_en": key, "start": start, "end": end}
            | {"min_window_min": 60, "services": "haul" if key.startswith("haul") else ""}
            for key, name, start, end in (
                ("collect_am", "上午收运", "08:30", "12:30"),
                ("collect_pm", "下午收运", "13:00", "17:30"),
                ("kitchen_am", "上午厨余收运", "08:30", "12:30"),
                ("recycle_am", "上午可回收物", "08:30", "12:30"),
                ("haul_early", "早班转运", "05:00", "13:00"),
                ("haul_late", "晚班转运", "13:00", "21:00"),
            )
        ],
    )
    append(
        folder,
        "streams",
        [
            {"stream_id": key, "name": name, "name_en": key, "every_days": days}
            | {"kg_per_bin": 70, "same_day": int(days == 1)}
            for key, name, days in (
                ("residual", "其他垃圾", 1),
                ("kitchen", "厨余垃圾", 1),
                ("recyclable", "可回收物", 7),
            )
        ],
    )
    append(
        folder,
        "collection",
        [
            {"collection_id": shift.replace("_", "-"), "stream": stream, "shift_id": shift}
            | {"start": start, "end": end}
            for stream, shift, (start, end) in (
                ("residual", "collect_am", _AM),
                ("residual", "collect_pm", _PM),
                ("kitchen", "kitchen_am", _AM),
                ("recyclable", "recycle_am", _AM),
            )
        ],
    )
    append(
        folder,
        "station_streams",
        [
            {"station_stream_id": f"{station}-{stream}", "station_id": station, "stream": stream}
            | {"places": places, "container_kg": 3000, "opening_kg": opening}
            for station, stream, places, opening in (
                ("TS1", "residual", 2, 2000),
                ("TS1", "kitchen", 1, 0),
                ("TS1", "recyclable", 1, 1000),
                ("TS2", "residual", 1, 0),
            )
        ],
    )
    append(
        folder,
        "terminals",
        [
            {"terminal_id": "E1", "name": "焚烧厂", "streams": "residual;recyclable"}
            | {"open": "06:00", "close": "20:00", "tip_s": 600},
            {"terminal_id": "E2", "name": "厨余处理厂", "streams": "kitchen"}
            | {"open": "08:00", "close": "18:00", "tip_s": 900},
        ],
    )
    append(
        folder,
        "terminal_ways",
        [
            {"terminal_way_id": f"{place}-{terminal}", "place_id": place, "terminal_id": terminal}
            | {"travel_s": seconds, "length_m": 10 * seconds}
            for place, ways in _WAYS_S.items()
            for terminal, seconds in zip(("E1", "E2"), ways, strict=True)
        ],
    )
    return folder
