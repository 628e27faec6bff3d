"""The embedded district holds what the README promises: counts, sums, a network that can be driven.

The expected figures come from the district's plan (451 roads, 9.06 million m2, 158 toilets, 14
stations, 675 communities, about 900 t a day) and from the length model of 70/150/231 roads of
1.45/0.75/0.40 km; nothing here reads them back from the builder.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from sanitation.columns import PROVENANCE
from sanitation.schema import RULES, TABLES

ROOT = Path(__file__).resolve().parents[1]
NANKAI = ROOT / "data" / "nankai"
M_PER_LAT = 111_195.0
M_PER_LON = M_PER_LAT * math.cos(math.radians(39.105))


@dataclass(frozen=True)
class Way:
    nodes: tuple[str, ...]
    tags: dict[str, str]

    @property
    def oneway(self) -> bool:
        return self.tags.get("oneway") == "yes"


@dataclass(frozen=True)
class Osm:
    nodes: dict[str, tuple[float, float]]
    turning: frozenset[str]
    ways: dict[str, Way]
    restrictions: tuple[tuple[str, str, str, str], ...]

    def length_m(self, way: str) -> float:
        spots = [self.nodes[node] for node in self.ways[way].nodes]
        return sum(
            math.hypot((a[0] - b[0]) * M_PER_LON, (a[1] - b[1]) * M_PER_LAT)
            for a, b in pairwise(spots)
        )


@cache
def table(name: str) -> list[dict[str, str]]:
    with (NANKAI / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def osm() -> Osm:
    root = ElementTree.parse(NANKAI / "network.osm").getroot()

    def tags(element: ElementTree.Element) -> dict[str, str]:
        return {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}

    nodes, turning, ways, restrictions = {}, set(), {}, []
    for node in root.iter("node"):
        nodes[node.attrib["id"]] = (float(node.attrib["lon"]), float(node.attrib["lat"]))
        if tags(node).get("highway") in ("turning_circle", "turning_loop"):
            turning.add(node.attrib["id"])
    for way in root.iter("way"):
        refs = tuple(nd.attrib["ref"] for nd in way.iter("nd"))
        ways[way.attrib["id"]] = Way(refs, tags(way))
    for relation in root.iter("relation"):
        member = {m.attrib["role"]: m.attrib["ref"] for m in relation.iter("member")}
        kind = tags(relation)["restriction"]
        restrictions.append((kind, member["from"], member["via"], member["to"]))
    return Osm(nodes, frozenset(turning), ways, tuple(restrictions))


def road_ways(road: dict[str, str]) -> list[str]:
    return road["way_ids"].split(";")


def in_metres(lon: float, lat: float) -> tuple[float, float]:
    return (lon - 117.16) * M_PER_LON, (lat - 39.088) * M_PER_LAT


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_columns_keys_and_provenance(spec) -> None:
    """Each table has exactly the schema's columns, unique keys, and a provenance on each row."""
    raw = (NANKAI / spec.file).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    header = raw.decode("utf-8").splitlines()[0].split(",")
    assert header == [column.name for column in spec.columns]
    rows = table(spec.name)
    keys = [row[spec.key] for row in rows]
    assert len(set(keys)) == len(keys) > 0
    assert all(row["provenance"].split(":")[0] in PROVENANCE for row in rows)


def test_counts() -> None:
    """The counts of the district's plan, and of the model where the plan names none."""
    expected = {
        "subdistricts": 12, "roads": 451, "toilets": 158, "stations": 14, "communities": 675,
        "depots": 8, "fill_points": 10, "dump_points": 8, "brine_stations": 2, "flood_spots": 7,
        "shifts": 31, "climate": 12, "rules": len(RULES), "streams": 4, "collection": 11,
        "station_streams": 25, "terminals": 5, "terminal_ways": 76, "vehicle_types": 13,
        "septic_tanks": 386, "toilet_posts": 4, "attendants": 212, "toilet_standards": 48,
    }  # fmt: skip
    assert {name: len(table(name)) for name in expected} == expected
    roads = table("roads")
    assert Counter(road["road_class"] for road in roads) == {
        "arterial": 70, "secondary": 150, "branch": 231,
    }  # fmt: skip
    assert Counter(road["grade"] for road in roads) == {"1": 70, "2": 150, "3": 181, "4": 50}
    assert Counter(t["mode"] for t in table("toilets")) == {"attended": 40, "roving": 118}
    key = [road for road in roads if road["key_area"] == "1"]
    assert 20 <= len(key) <= 30
    assert all(road["road_class"] != "arterial" for road in key)


def test_fleet_and_crew() -> None:
    """39 of 44 washers and 26 of 29 sprinklers in service; nobody can take a plate for real."""
    fleet = Counter((v["type_id"], v["status"]) for v in table("vehicles"))
    assert fleet["washer", "in_service"] == 39
    assert fleet["washer", "spare"] == 3
    assert fleet["washer", "workshop"] == 2
    assert fleet["sprinkler", "in_service"] == 26
    assert fleet["sprinkler", "spare"] == 2
    assert fleet["sprinkler", "workshop"] == 1
    assert all("样" in vehicle["plate"] for vehicle in table("vehicles"))
    assert Counter(d["role"] for d in table("drivers")) == {"driver": 407, "helper": 244}
    assert all(driver["name"].endswith("（样）") for driver in table("drivers"))
    per_depot = Counter((d["role"], d["depot_id"]) for d in table("drivers"))
    assert per_depot == {
        ("driver", "D1"): 105, ("driver", "D2"): 105, ("driver", "D3"): 105, ("driver", "D4"): 28,
        ("driver", "D5"): 16, ("driver", "D6"): 16, ("driver", "D7"): 16, ("driver", "D8"): 16,
        ("helper", "D1"): 72, ("helper", "D2"): 72, ("helper", "D3"): 72, ("helper", "D4"): 28,
    }  # fmt: skip


def test_water() -> None:
    """10 fill points with 14 bays; half of the dump points stand where a truck also fills."""
    points = table("fill_points")
    assert sum(int(point["bays"]) for point in points) == 14
    assert Counter(point["kind"] for point in points) == {"water_crane": 4, "hydrant": 6}
    places = {(point["lon"], point["lat"]) for point in points}
    assert sum((p["lon"], p["lat"]) in places for p in table("dump_points")) == 4


def test_community_names_are_real_or_say_they_are_not() -> None:
    """All 574 names of the public list, each once, and 101 numbered model communities."""
    with (NANKAI / "source" / "communities.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["name"] for row in csv.DictReader(file)}
    names = [row["name"] for row in table("communities")]
    assert len(listed) == 574
    assert listed <= set(names)
    assert sum(name.startswith("模型小区-") for name in names) == 101


def test_road_lengths_and_areas() -> None:
    """306 km in all, classes within 3 %; 9.06 million m2, of which 5.11 million carriageway."""
    length = defaultdict(float)
    for road in table("roads"):
        length[road["road_class"]] += float(road["length_m"])
        assert float(road["length_m"]) >= 120
        carriageway = float(road["length_m"]) * float(road["width_m"])
        assert float(road["area_m2"]) == pytest.approx(
            carriageway + float(road["footway_m2"]), abs=0.2
        )
    assert length["arterial"] == pytest.approx(101_500, rel=0.03)
    assert length["secondary"] == pytest.approx(112_500, rel=0.03)
    assert length["branch"] == pytest.approx(92_400, rel=0.03)
    assert sum(length.values()) == pytest.approx(306_000, rel=0.01)
    roads = table("roads")
    assert sum(float(r["area_m2"]) for r in roads) == pytest.approx(9_060_000, abs=500)
    carriageway = sum(float(r["length_m"]) * float(r["width_m"]) for r in roads)
    assert carriageway == pytest.approx(5_110_000, rel=0.01)


def test_road_names_are_real_or_say_they_are_not() -> None:
    """A road is called after a street of the source tables or 模型路-nnn; names are unique."""
    real = set()
    for file_name in ("streets.csv", "names.csv"):
        with (NANKAI / "source" / file_name).open(encoding="utf-8", newline="") as file:
            real |= {row["name"] for row in csv.DictReader(file) if row["name"]}
    used = set()
    for road in table("roads"):
        street = road["name"].split("（")[0]
        if street.startswith("模型路-"):
            assert road["provenance"].startswith("model")
        else:
            assert street in real
            assert road["provenance"].startswith("public")
            used.add(street)
    assert len(used) >= 160
    assert not used & {"外环西路", "外环南路"}
    names = [road["name"] for road in table("roads")]
    assert len(set(names)) == len(names)


def test_ways_of_roads() -> None:
    """Ways exist, belong to one road, hang together, and are as long as the road says."""
    streets = osm()
    owner = Counter(way for road in table("roads") for way in road_ways(road))
    assert set(owner) <= set(streets.ways)
    assert set(owner.values()) == {1}
    duals = 0
    for road in table("roads"):
        ways = road_ways(road)
        oneway = [way for way in ways if streets.ways[way].oneway]
        total = sum(streets.length_m(way) for way in ways)
        is_dual = len(oneway) == len(ways) and road["road_class"] == "arterial"
        duals += is_dual
        assert float(road["length_m"]) == pytest.approx(total / (2 if is_dual else 1), rel=0.002)
        joined: dict[str, set[str]] = defaultdict(set)
        for way in ways:
            for a, b in pairwise(streets.ways[way].nodes):
                joined[a].add(b)
                joined[b].add(a)
        parts, left = 0, set(joined)
        while left:
            parts += 1
            queue = [left.pop()]
            while queue:
                for other in joined[queue.pop()] & left:
                    left.discard(other)
                    queue.append(other)
        assert parts <= (2 if is_dual else 1)
    assert duals >= 42  # 60 % of the arterials


def test_traffic_features() -> None:
    """One-way branches, dead ends with turning circles, restrictions of three kinds."""
    streets = osm()
    roads = table("roads")
    branches = [road for road in roads if road["road_class"] == "branch"]
    one_way = [r for r in branches if all(streets.ways[w].oneway for w in road_ways(r))]
    assert len(one_way) >= 25
    near: dict[str, set[str]] = defaultdict(set)
    primary = set()
    for way in streets.ways.values():
        if way.tags["highway"] == "primary":
            primary |= set(way.nodes)
        for a, b in pairwise(way.nodes):
            near[a].add(b)
            near[b].add(a)
    ends = {node for node, others in near.items() if len(others) == 1}
    assert len(ends) >= 20
    assert len(ends & streets.turning) >= 0.7 * len(ends)
    assert not primary & streets.turning
    kinds = Counter(kind for kind, *_ in streets.restrictions)
    assert set(kinds) == {"no_left_turn", "no_u_turn", "only_straight_on"}
    assert sum(kinds.values()) >= 30
    assert set(near) == set(streets.nodes)
    assert 2_500 <= len(streets.nodes) <= 5_000


def test_every_arc_can_be_reached_from_every_other() -> None:
    """Strong connectivity of the arcs; turning round only at dead ends and turning places.

    This is stricter than the program, which also allows it on branch streets.
    """
    streets = osm()
    arcs = []
    for key, way in streets.ways.items():
        for a, b in pairwise(way.nodes):
            arcs.append((a, b, key))
            if not way.oneway:
                arcs.append((b, a, key))
    leaving = defaultdict(list)
    for number, (a, _b, _key) in enumerate(arcs):
        leaving[a].append(number)
    banned = {(f, v, t) for kind, f, v, t in streets.restrictions if kind.startswith("no_")}
    only = {(f, v): t for kind, f, v, t in streets.restrictions if kind.startswith("only_")}
    pairs = []
    for number, (a, b, key) in enumerate(arcs):
        onward = [k for k in leaving[b] if arcs[k][1] != a]
        if not onward or b in streets.turning:
            onward = leaving[b]
        for k in onward:
            to = arcs[k][2]
            if (key, b, to) not in banned and only.get((key, b), to) == to:
                pairs.append((number, k))
    rows, columns = np.array(pairs).T
    graph = coo_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(arcs), len(arcs)))
    assert connected_components(graph, directed=True, connection="strong")[0] == 1


def test_nothing_through_lake_and_campuses_and_all_inside() -> None:
    """No node in the lake or on the campuses, no community in them, all within the district."""
    streets = osm()
    people = [(float(r["lon"]), float(r["lat"])) for r in table("communities")]
    for lon, lat in [*streets.nodes.values(), *people]:
        assert 117.102 < lon < 117.190
        assert 39.059 < lat < 39.153
        assert math.hypot(*in_metres(lon, lat)) > 400
        assert not (117.1572 < lon < 117.1725 and 39.1010 < lat < 39.1135)
    # Long steps cannot jump over them.
    for way in streets.ways.values():
        for a, b in pairwise(way.nodes):
            p, q = in_metres(*streets.nodes[a]), in_metres(*streets.nodes[b])
            assert math.dist(p, q) < 150


def test_streets_meet_at_nodes_only() -> None:
    """No two ways cross without sharing a node there."""
    from shapely import STRtree
    from shapely.geometry import LineString, Point

    streets = osm()
    keys = list(streets.ways)
    lines = [
        LineString([in_metres(*streets.nodes[n]) for n in streets.ways[k].nodes]) for k in keys
    ]
    first, second = STRtree(lines).query(lines, predicate="intersects")
    for i, j in zip(first, second, strict=True):
        if i >= j:
            continue
        shared = set(streets.ways[keys[i]].nodes) & set(streets.ways[keys[j]].nodes)
        rest = lines[i].intersection(lines[j])
        for node in shared:
            rest = rest.difference(Point(in_metres(*streets.nodes[node])).buffer(0.05))
        assert rest.is_empty, (streets.ways[keys[i]].tags, streets.ways[keys[j]].tags)


def test_osmnx_reads_the_network() -> None:
    """The same door as a real extract: all nodes arrive, nothing is left out."""
    import osmnx

    graph = osmnx.graph_from_xml(NANKAI / "network.osm", simplify=False, retain_all=True)
    assert len(graph) == len(osm().nodes)


def test_yards_stand_at_streets_that_can_be_left_both_ways() -> None:
    """Depots, fill, dump points, stations: the nearest node is within 30 m and on no arterial."""
    streets = osm()
    kinds: dict[str, set[str]] = defaultdict(set)
    for way in streets.ways.values():
        for node in way.nodes:
            kinds[node].add(way.tags["highway"])
    for name in ("depots", "fill_points", "dump_points", "stations"):
        for row in table(name):
            here = in_metres(float(row["lon"]), float(row["lat"]))
            gap, node = min(
                (math.dist(here, in_metres(*place)), node) for node, place in streets.nodes.items()
            )
            assert gap < 30
            assert kinds[node] <= {"secondary", "residential"}


def test_build_gives_the_committed_bytes(tmp_path: Path) -> None:
    """python data/nankai/build.py reproduces every file (run it after changing schema.RULES)."""
    import shapely

    script = NANKAI / "build.py"
    with_geos = f"GEOS_VERSION = {shapely.geos_version}"
    if with_geos not in script.read_text(encoding="utf-8"):
        pytest.skip(f"another GEOS than the committed files were built with: {with_geos}")
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, timeout=300)
    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == sorted([*(spec.file for spec in TABLES), "district.toml", "network.osm"])
    for name in built:
        assert (tmp_path / name).read_bytes() == (NANKAI / name).read_bytes(), name
