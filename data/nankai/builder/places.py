"""Points of the district: communities, toilets, stations, depots, fill and dump points, spots."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from scipy.spatial import cKDTree
from shapely import STRtree
from shapely.geometry import LineString, Point, Polygon

from .carriageways import Network
from .geometry import Xy, dice, no_streets, outline, to_lonlat, to_xy
from .toilets import CREW_POINTS, goers
from .waste import collection_of

Row = list[object]
COMMUNITIES, TOILETS, STATIONS = 675, 158, 14
DAY_KG = {"residual": 540_000, "kitchen": 220_000, "recyclable": 139_100, "hazardous": 900}

DEPOTS = (
    ("D1", "模型停车场（西北）", 117.1215, 39.1335),
    ("D2", "模型停车场（中东）", 117.1575, 39.1235),
    ("D3", "模型停车场（南）", 117.1535, 39.0795),
    ("D4", "模型停车场（厨余承运）", 117.1290, 39.1050),
)
CRANES = (
    ("西北", 117.1235, 39.1385),
    ("中", 117.1500, 39.1290),
    ("西", 117.1350, 39.1120),
    ("南", 117.1620, 39.0765),
)
HYDRANTS = (
    ("鼓楼", 117.1725, 39.1420),
    ("万兴", 117.1665, 39.1205),
    ("学府", 117.1495, 39.1040),
    ("水上", 117.1700, 39.0930),
    ("王顶堤", 117.1350, 39.0925),
    ("华苑", 117.1270, 39.0815),
)
# Besides the four cranes: three near the depots, one in the east.
DUMPS = (
    ("西北停车场", 117.1180, 39.1320),
    ("中东停车场", 117.1610, 39.1245),
    ("南停车场", 117.1500, 39.0785),
    ("鼓楼", 117.1765, 39.1385),
)
BRINE = (("莲安里", 117.1385, 39.0935), ("阳光100", 117.1455, 39.0805))
FLOOD = (
    ("烈士路（西营门外大街）", 117.1482, 39.1310),
    ("咸阳路", 117.1315, 39.1335),
    ("密云一支路/西营门地道", 117.1122, 39.1295),
    ("城厢东路", 117.1785, 39.1405),
    ("金川西里", 117.1205, 39.0842),
    ("金庄公寓", 117.1385, 39.0895),
    ("凌奥花园", 117.1592, 39.0745),
)


class Subdistricts:
    """Official subdistricts with their recalled centres; a place belongs to the nearest one."""

    def __init__(self, folder: Path) -> None:
        with (folder / "subdistricts.csv").open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.id_of = {row["name"]: row["subdistrict_id"] for row in self.rows}
        self.centres = [to_xy(float(row["lon"]), float(row["lat"])) for row in self.rows]

    def at(self, point: Xy) -> str:
        gaps = [math.dist(centre, point) for centre in self.centres]
        return str(self.rows[gaps.index(min(gaps))]["subdistrict_id"])

    def table(self) -> list[Row]:
        provenance = "public: name and code; centre recalled"
        return [
            [r["subdistrict_id"], r["name"], r["name_en"], r["lon"], r["lat"], provenance]
            for r in self.rows
        ]


class Ground:
    """Where something may stand, and which street node is near."""

    def __init__(self, network: Network) -> None:
        lines = [LineString([network.points[n] for n in way.nodes]) for way in network.ways]
        self.streets = STRtree(lines)
        self.lines = lines
        self.inside = outline().buffer(-15).difference(no_streets())
        self.nodes = sorted({n for way in network.ways for n in way.nodes})
        self.tree = cKDTree([network.points[n] for n in self.nodes])
        self.points = network.points
        self.quiet: dict[int, tuple[float, float]] = {}
        for way in network.ways:
            if way.oneway or way.link or way.highway not in ("secondary", "residential"):
                continue
            for a, b, c in zip(way.nodes, way.nodes[1:], way.nodes[2:], strict=False):
                p, q = network.points[a], network.points[c]
                run = math.dist(p, q)
                self.quiet[b] = ((q[1] - p[1]) / run, -(q[0] - p[0]) / run)

    def free(self, point: Xy, clear_m: float = 14) -> bool:
        spot = Point(point)
        if not self.inside.contains(spot):
            return False
        near = self.streets.query(spot.buffer(clear_m))
        return all(self.lines[k].distance(spot) >= clear_m for k in near)

    def kerb(self, target: Xy, off_m: float, taken: set[int]) -> Xy:
        """A place beside the untaken node of a two-way side street nearest to the target."""
        for node in sorted(self.quiet, key=lambda n: math.dist(self.points[n], target)):
            if node in taken:
                continue
            at, side = self.points[node], self.quiet[node]
            place = (at[0] + side[0] * off_m, at[1] + side[1] * off_m)
            if self.nodes[int(self.tree.query(place)[1])] == node:
                taken.add(node)
                return place
        raise ValueError("no street node is near")


def _lonlat(point: Xy) -> list[object]:
    lon, lat = to_lonlat(point)
    return [f"{lon:.6f}", f"{lat:.6f}"]


def communities(
    folder: Path, ground: Ground, subdistricts: Subdistricts, blocks: list[Polygon]
) -> list[Row]:
    """The real names where they fit, model communities in the emptiest blocks, 900 t in all."""
    with (folder / "communities.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    placed: list[tuple[str, str, Xy, str]] = []
    centre = dict(zip([r["name"] for r in subdistricts.rows], subdistricts.centres, strict=True))
    for row in source:
        point = to_xy(float(row["lon"]), float(row["lat"]))
        subdistrict = subdistricts.id_of[row["subdistrict"]]
        provenance = "public: name; position model"
        if row["measured"] == "1" and ground.inside.contains(Point(point)):
            provenance = "public: name and point"
        elif row["measured"] == "1":
            provenance = "public: name; its public point lies outside, position model"
        if provenance != "public: name and point":
            point = _near(ground, row["name"], point, centre[row["subdistrict"]])
        placed.append((row["name"], subdistrict, point, provenance))
    open_blocks = [b for b in blocks if b.area > 12_000 and ground.inside.contains(b.centroid)]
    taken = [point for _, _, point, _ in placed]
    for number in range(1, COMMUNITIES - len(placed) + 1):
        tree = cKDTree(taken)
        best = max(
            open_blocks,
            key=lambda b: (tree.query((b.centroid.x, b.centroid.y))[0], b.centroid.x),
        )
        point = _near(ground, f"model{number}", (best.centroid.x, best.centroid.y), None)
        taken.append(point)
        placed.append((f"模型小区-{number:03d}", subdistricts.at(point), point, "model"))
    return _with_tonnage(placed)


def _near(ground: Ground, name: str, wanted: Xy, home: Xy | None) -> Xy:
    """The wanted place if it is free, else one thrown around it, else around the home centre."""
    if ground.free(wanted):
        return wanted
    for attempt in range(400):
        base = wanted if attempt < 60 or home is None else home
        radius = (30 + 3 * attempt if base is wanted else 150 + 2 * attempt) * math.sqrt(
            dice(name, "r", attempt)
        )
        angle = 2 * math.pi * dice(name, "a", attempt)
        point = (base[0] + radius * math.cos(angle), base[1] + radius * math.sin(angle))
        if ground.free(point):
            return point
    raise ValueError(f"no place for {name}")


def _with_tonnage(placed: list[tuple[str, str, Xy, str]]) -> list[Row]:
    weights = [0.35 + 1.9 * dice("size", name) ** 1.6 for name, *_ in placed]
    streams = {key: whole_shares(total, weights) for key, total in DAY_KG.items()}
    day_kg = [{key: streams[key][i] for key in DAY_KG} for i in range(len(placed))]
    rounds = collection_of([(name, subdistrict) for name, subdistrict, *_ in placed], day_kg)
    rows: list[Row] = []
    for i, (name, subdistrict, point, provenance) in enumerate(placed):
        kilos = [streams[key][i] for key in DAY_KG]
        households = round(sum(kilos) / 2.25)
        bins = max(4, round(sum(kilos) / 70))
        rows.append(
            [f"C{i + 1:03d}", name, subdistrict, *_lonlat(point), households, bins, *kilos,
             *rounds[i], provenance]
        )  # fmt: skip
    return rows


def whole_shares(total: int, weights: list[float]) -> list[int]:
    """Whole shares that add up to the total, largest remainders first."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def toilets(ground: Ground, subdistricts: Subdistricts, points: list[Row]) -> list[Row]:
    """158 toilets beside side streets, spread evenly: always the place farthest from the others."""
    taken: set[int] = set()
    candidates = sorted(ground.quiet, key=lambda n: (dice("toilet", n), n))
    chosen = [candidates[0]]
    gap = {n: math.dist(ground.points[n], ground.points[chosen[0]]) for n in candidates}
    while len(chosen) < TOILETS:
        node = max(candidates, key=lambda n: gap[n])
        chosen.append(node)
        for n in candidates:
            gap[n] = min(gap[n], math.dist(ground.points[n], ground.points[node]))
    chosen.sort(key=lambda n: (-ground.points[n][1], ground.points[n][0]))
    rows: list[Row] = []
    visited: list[tuple[str, Xy]] = []
    for number, node in enumerate(chosen, 1):
        place = ground.kerb(ground.points[node], 11, taken)
        kind = 1 if number % 4 == 1 else 3 if number % 4 == 3 else 2
        mode = "attended" if kind == 1 else "roving"
        open_24h = int(kind == 1 and number % 8 == 1)
        septic = 0 if dice("septic", number) < 0.45 else 6 + round(14 * dice("tank", number))
        rows.append(
            [f"T{number:03d}", f"模型公厕-{number:03d}", subdistricts.at(place), *_lonlat(place),
             kind, mode, open_24h, septic, "", "model"]
        )  # fmt: skip
        if mode == "roving":
            visited.append((f"T{number:03d}", place))
    by = goers(visited, [to_xy(float(str(row[2])), float(str(row[3]))) for row in points])
    for row in rows:
        row[-2] = by.get(str(row[0]), "")
    return rows


def stations(ground: Ground, subdistricts: Subdistricts) -> list[Row]:
    """One transfer station near each subdistrict's centre, two more in the largest ones."""
    taken: set[int] = set()
    x, y = to_xy(117.1240, 39.1405)
    targets = [*subdistricts.centres, (x, y), to_xy(117.1690, 39.0720)]
    rows: list[Row] = []
    for number, target in enumerate(targets, 1):
        place = ground.kerb((target[0] + 150, target[1] - 120), 14, taken)
        tonnes = 50 + 5 * round(12 * dice("station", number))
        bays = 1 if tonnes < 65 else 2 if tonnes < 95 else 3
        rows.append(
            [f"Z{number:02d}", f"模型转运站-{number:02d}", subdistricts.at(place), *_lonlat(place),
             tonnes, bays, "04:00", "22:00", 720, "model"]
        )  # fmt: skip
    return rows


def yards(ground: Ground) -> dict[str, list[Row]]:
    """Depots, crew points among them, fill and dump points: beside nodes of two-way streets."""
    taken: set[int] = set()
    depots: list[Row] = [
        [key, name, *_lonlat(ground.kerb(to_xy(lon, lat), 16, taken)), "model"]
        for key, name, lon, lat in DEPOTS
    ]
    fills: list[Row] = []
    dumps: list[Row] = []
    for number, (where, lon, lat) in enumerate(CRANES, 1):
        place = _lonlat(ground.kerb(to_xy(lon, lat), 8, taken))
        fills.append(
            [f"F{number:02d}", f"模型水鹤-{where}", "water_crane", *place, 2, 17, 150, "model"]
        )
        dumps.append([f"P{number}", f"模型排污点-{where}水鹤旁", *place, 2, 600, "model"])
    for number, (where, lon, lat) in enumerate(HYDRANTS, len(CRANES) + 1):
        place = _lonlat(ground.kerb(to_xy(lon, lat), 6, taken))
        fills.append(
            [f"F{number:02d}", f"模型消火栓-{where}", "hydrant", *place, 1, 9, 120, "model"]
        )
    for number, (where, lon, lat) in enumerate(DUMPS, len(CRANES) + 1):
        place = _lonlat(ground.kerb(to_xy(lon, lat), 8, taken))
        dumps.append([f"P{number}", f"模型排污点-{where}", *place, 2, 600, "model"])
    crews: list[Row] = [
        [key, name, *_lonlat(ground.kerb(to_xy(lon, lat), 10, taken)), "model"]
        for key, name, lon, lat in CREW_POINTS
    ]
    depots += crews
    return {"depots": depots, "fill_points": fills, "dump_points": dumps}


def spots() -> dict[str, list[Row]]:
    """Brine stations and rain-prone spots: public names, model positions."""
    provenance = "public: name; position model"
    return {
        "brine_stations": [
            [f"B{i}", name, f"{lon:.6f}", f"{lat:.6f}", provenance]
            for i, (name, lon, lat) in enumerate(BRINE, 1)
        ],
        "flood_spots": [
            [f"W{i}", name, f"{lon:.6f}", f"{lat:.6f}", provenance]
            for i, (name, lon, lat) in enumerate(FLOOD, 1)
        ],
    }
