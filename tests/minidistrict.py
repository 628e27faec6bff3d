"""A tiny complete district that a person can check by hand, written into a folder.

A 3 x 3 grid, neighbours 400 m apart (north is up), so that every road is 800 m long::

    1 --R1-- 2 ------ 3      R1 branch    grade 3  2 lanes   8 m
    |        |        |      R2 arterial  grade 1  4 lanes  24 m  key area
    R4       R5       R6     R3 branch    grade 4  2 lanes   8 m
    |        |        v      R4 branch    grade 3  2 lanes   8 m
    4 --R2-- 5 ------ 6      R5 secondary grade 2  4 lanes  16 m
    |        |        |      R6 secondary grade 2  3 lanes  12 m  one-way southwards
    7 --R3-- 8 ------ 9

Road Rn is way 100 + n. Depots D1 beside node 4 and D2 beside node 9; fill points F1 (crane, two
bays) beside node 5 and F2 (hydrant) beside node 7; dump point X1 beside node 3. Three washers,
two sprinklers, six drivers (all on duty on Wednesdays). A warm night's wash is
800 m x (4 + 5 x 2) passes = 11,200 pass-metres; a plain day's 800 x (2 x 4 + 2 x 2) = 9,600.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from sanitation.model import Section

LAT_STEP = 400 / 111_195.0797
LON_STEP = LAT_STEP / 0.776_046  # cos(39.1 degrees)
WEST, NORTH = 117.16, 39.10

_ROADS = (
    # id, way, name, class, grade, key, lanes, width_m, footway_m2, nodes, OSM highway, oneway
    ("R1", 101, "北街", "branch", 3, 0, 2, 8, 1600, (1, 2, 3), "residential", False),
    ("R2", 102, "中央大道", "arterial", 1, 1, 4, 24, 8000, (4, 5, 6), "primary", False),
    ("R3", 103, "南街", "branch", 4, 0, 2, 8, 1600, (7, 8, 9), "residential", False),
    ("R4", 104, "西街", "branch", 3, 0, 2, 8, 1600, (1, 4, 7), "residential", False),
    ("R5", 105, "中路", "secondary", 2, 0, 4, 16, 3200, (2, 5, 8), "secondary", False),
    ("R6", 106, "东路", "secondary", 2, 0, 3, 12, 2400, (3, 6, 9), "secondary", True),
)


def position(node: int) -> tuple[float, float]:
    """(lon, lat) of grid node 1 to 9."""
    row, column = divmod(node - 1, 3)
    return round(WEST + column * LON_STEP, 7), round(NORTH - row * LAT_STEP, 7)


def _beside(node: int) -> tuple[str, str]:
    """(lon, lat) as text, about 20 m north-east of the node."""
    lon, lat = position(node)
    return f"{lon + 0.00015:.6f}", f"{lat + 0.00015:.6f}"


def _network() -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for node in range(1, 10):
        lon, lat = position(node)
        lines.append(f'  <node id="{node}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    for _, way, name, *_rest, nodes, highway, oneway in _ROADS:
        lanes = _rest[3]
        lines.append(f'  <way id="{way}" version="1">')
        lines += [f'    <nd ref="{node}"/>' for node in nodes]
        tags = {"highway": highway, "name": name, "lanes": lanes}
        if oneway:
            tags["oneway"] = "yes"
        lines += [f'    <tag k="{key}" v="{value}"/>' for key, value in tags.items()]
        lines.append("  </way>")
    return "\n".join([*lines, "</osm>", ""])


def _write(folder: Path, table: str, header: str, rows: Sequence[Sequence[object]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _standards() -> list[list[object]]:
    rows: list[tuple[str, int, str, str, str, str, int, int]] = []
    for grade, passes in ((1, 4), (2, 2), (3, 2), (4, 2)):
        rows.append(("wash", grade, "warm", "plain", "all", "night", 1, passes))
        rows.append(("sweep", grade, "any", "cold_sweep", "all", "night", 1, passes))
    rows += [
        ("wash", 1, "warm", "plain", "all", "day", 2, 4),
        ("wash", 2, "warm", "plain", "all", "day", 1, 2),
        ("wash", 1, "warm", "pollution_orange", "key", "day", 1, 4),
        ("sprinkle", 1, "warm", "plain", "all", "sprinkle_dawn", 1, 2),
        ("sprinkle", 1, "warm", "plain", "all", "sprinkle_am", 1, 2),
        ("sprinkle", 1, "warm", "plain", "all", "sprinkle_pm", 1, 2),
        ("sprinkle", 2, "warm", "plain", "all", "sprinkle_am", 1, 2),
        ("sprinkle", 1, "warm", "heat", "all", "sprinkle_noon", 1, 2),
        ("sprinkle", 1, "warm", "pollution_orange", "all", "sprinkle_eve", 1, 2),
    ]
    return [[f"T{i:02d}", *row, "model"] for i, row in enumerate(rows, 1)]


def write_minidistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "district.toml").write_text(
        'id = "mini"\nname = "小区"\nname_en = "Mini"\nutc_offset = "+08:00"\nmodel = true\n',
        encoding="utf-8",
    )
    (folder / "network.osm").write_text(_network(), encoding="utf-8")
    _write(
        folder,
        "subdistricts",
        "subdistrict_id,name,name_en,lon,lat,provenance",
        [["120104001", "中心街道", "Centre", *_beside(5), "model"]],
    )
    _write(
        folder,
        "roads",
        "road_id,name,name_en,from_street,to_street,road_class,grade,key_area,subdistrict,"
        "length_m,width_m,lanes,footway_m2,area_m2,way_ids,provenance",
        [
            [
                *(road, name, "", "", "", road_class, grade, key, "120104001"),
                *(800, width, lanes, footway, 800 * width + footway, way, "model"),
            ]
            for road, way, name, road_class, grade, key, lanes, width, footway, *_ in _ROADS
        ],
    )
    _write(
        folder,
        "toilets",
        "toilet_id,name,subdistrict,lon,lat,toilet_class,mode,open_24h,septic_m3,provenance",
        [
            ["WC1", "中央公厕", "120104001", *_beside(5), 1, "attended", 1, 0, "model"],
            ["WC2", "南街公厕", "120104001", *_beside(8), 2, "roving", 0, 12, "model"],
        ],
    )
    _write(
        folder,
        "stations",
        "station_id,name,subdistrict,lon,lat,throughput_t_day,bays,provenance",
        [["TS1", "南街转运站", "120104001", *_beside(7), 60, 2, "model"]],
    )
    _write(
        folder,
        "communities",
        "community_id,name,subdistrict,lon,lat,households,bins,residual_kg,kitchen_kg,"
        "recyclable_kg,hazardous_kg,provenance",
        [
            ["C1", "北里", "120104001", *_beside(2), 800, 19, 800, 400, 120, 2, "model"],
            ["C2", "南里", "120104001", *_beside(8), 400, 10, 400, 200, 60, 1, "model"],
        ],
    )
    _write(
        folder,
        "depots",
        "depot_id,name,lon,lat,provenance",
        [
            ["D1", "西停车场", *_beside(4), "model"],
            ["D2", "东停车场", *_beside(9), "model"],
        ],
    )
    _write(
        folder,
        "fill_points",
        "fill_point_id,name,kind,lon,lat,bays,flow_l_per_s,connect_s,provenance",
        [
            ["F1", "中路水鹤", "water_crane", *_beside(5), 2, 16, 180, "model"],
            ["F2", "西街消火栓", "hydrant", *_beside(7), 1, 9, 180, "model"],
        ],
    )
    _write(
        folder,
        "dump_points",
        "dump_point_id,name,lon,lat,bays,service_s,provenance",
        [["X1", "东路排污点", *_beside(3), 1, 600, "model"]],
    )
    _write(
        folder,
        "brine_stations",
        "brine_station_id,name,lon,lat,provenance",
        [["B1", "中央融雪站", *_beside(5), "model"]],
    )
    _write(
        folder,
        "flood_spots",
        "flood_spot_id,name,lon,lat,provenance",
        [["L1", "南街地道", *_beside(8), "model"]],
    )
    _write(
        folder,
        "vehicle_types",
        "type_id,name,name_en,services,work_kmh,width_m,water_l_per_m,clean_l,dirty_l,recovered,"
        "helpers,fuel_l_per_100km,fuel_l_per_work_h,fixed_cny_per_run,provenance",
        [
            [
                *("washer", "洗扫车", "washer-sweeper", "wash;sweep"),
                *("wash:night=5;wash=8;sweep=8", "wash=3;sweep=3", "wash:night=1.56;wash=0.975"),
                *(9000, 7500, 0.75, 0, 38, 12, 150, "default"),
            ],
            [
                *("sprinkler", "洒水车", "sprinkler", "sprinkle"),
                *("sprinkle=15", "sprinkle=8", "sprinkle=2.16"),
                *(10000, 0, 0, 0, 35, 10, 120, "default"),
            ],
        ],
    )
    _write(
        folder,
        "vehicles",
        "vehicle_id,plate,type_id,depot_id,status,provenance",
        [
            ["W1", "样A0001", "washer", "D1", "in_service", "sample"],
            ["W2", "样A0002", "washer", "D1", "in_service", "sample"],
            ["W3", "样A0003", "washer", "D2", "in_service", "sample"],
            ["S1", "样B0001", "sprinkler", "D1", "in_service", "sample"],
            ["S2", "样B0002", "sprinkler", "D2", "in_service", "sample"],
        ],
    )
    _write(
        folder,
        "drivers",
        "driver_id,name,role,depot_id,rest_weekday,provenance",
        [
            [f"P{i}", f"驾驶员{i}", "driver", "D1" if i <= 4 else "D2", day, "sample"]
            for i, day in enumerate((0, 1, 3, 4, 5, 6), 1)
        ],
    )
    _write(
        folder,
        "shifts",
        "shift_id,name,name_en,start,end,min_window_min,provenance",
        [
            ["night", "夜班", "night", "-1d 22:30", "06:30", 240, "default"],
            ["day", "白班", "day", "09:00", "16:30", 120, "default"],
            ["sprinkle_dawn", "清晨洒水", "dawn sprinkling", "05:00", "07:00", 60, "default"],
            ["sprinkle_am", "上午洒水", "morning sprinkling", "09:30", "12:00", 60, "default"],
            ["sprinkle_noon", "高温洒水", "heat sprinkling", "11:00", "14:00", 60, "default"],
            ["sprinkle_pm", "下午洒水", "afternoon sprinkling", "13:30", "16:30", 60, "default"],
            ["sprinkle_eve", "晚间洒水", "evening sprinkling", "19:30", "21:30", 60, "default"],
        ],
    )
    _write(
        folder,
        "standards",
        "standard_id,service,grade,season,condition,scope,shift_id,rounds,passes,provenance",
        _standards(),
    )
    means = (
        *((-7, 2), (-4, 6), (2, 13), (9, 21), (15, 27), (20, 31)),
        *((23, 31), (22, 30), (17, 27), (10, 20), (2, 11), (-4, 4)),
    )
    _write(
        folder,
        "climate",
        "month,tmin_c,tmax_c,provenance",
        [[month, *extremes, "default"] for month, extremes in enumerate(means, 1)],
    )
    _write(
        folder,
        "rules",
        "key,value,unit,meaning,provenance",
        [
            ["wet_min_c", 4, "degC", "no wet work below", "default"],
            ["heat_c", 35, "degC", "heat rows hold from", "default"],
        ],
    )
    return folder


def mini_sections() -> tuple[Section, ...]:
    """The district's sections without arcs: two stretches of 400 m a road, F and B, R6 only F."""
    sections = []
    for road, _, _, _, _, _, lanes, width, _, nodes, _, oneway in _ROADS:
        for seq in (1, 2):
            ends = str(nodes[seq - 1]), str(nodes[seq])
            for letter in "F" if oneway else "FB":
                sections.append(
                    Section(
                        id=f"{road}-{seq:02d}{letter}",
                        road_id=road,
                        pair=f"{road}-{seq:02d}",
                        direction="forward" if letter == "F" else "backward",
                        arcs=(),
                        length_m=400,
                        width_m=float(width) if oneway else width / 2,
                        lanes=lanes if oneway else lanes // 2,
                        from_name=ends[0] if letter == "F" else ends[1],
                        to_name=ends[1] if letter == "F" else ends[0],
                    )
                )
    return tuple(sorted(sections, key=lambda section: section.id))
