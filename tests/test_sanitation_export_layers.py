"""Plans as layers of a map: GeoJSON and GeoPackage of the hand-made towns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from export_town import COORDS, SECTIONS, WAY_NAMES, make_district, make_plan, node
from waste_town import haul_run, pickup, waste_district, waste_plan

from sanitation.archive import plan_text
from sanitation.export.bundle import WRITERS, Wanted
from sanitation.export.crs import from_bd09, from_gcj02
from sanitation.export.handout import Handout, Street
from sanitation.export.layers import COLUMNS, NUMBERS, Layers
from sanitation.model import DayPlan, District, Duty, Uncovered, Window

STREETS = (
    Street(100, "芥园道", 0, (node(0, 0), node(0, 1), node(0, 2))),
    Street(105, '=cmd|"<script>🚛', 2, (node(0, 0), node(1, 0))),
)
# A block of 芥园道 and the second community are left over.
SECTION_NODES = {"R001-02F": (node(0, 1), node(0, 2))}
LEFT = (
    Uncovered(
        Duty("wash/night/R001-02F/r1p1", "wash", "night", "R001-02F", "R001", 1, 1, 1, 400,
             (Window(0, 3600),), 5),
        "tank", "水箱不够", {},
    ),
    Uncovered(pickup("C2", 700, 10), "no_vehicle", "无车", {}),
)  # fmt: skip


def town(plan: DayPlan, district: District) -> Handout:
    return Handout(plan, district, SECTIONS, WAY_NAMES, COORDS, {}, STREETS, SECTION_NODES)


@pytest.fixture
def washing() -> Handout:
    return town(make_plan(), make_district())


@pytest.fixture
def waste() -> Handout:
    return town(replace(waste_plan(), uncovered=LEFT), waste_district())


def geojson(handout: Handout, crs: str = "wgs84", one_run: bool = False) -> dict[str, Any]:
    wanted = Wanted(("geojson",), ("zh",), crs, one_run=one_run)
    ((_, content),) = WRITERS["geojson"](handout, "zh", wanted)
    document = json.loads(content, parse_constant=lambda text: pytest.fail(text))
    check_rfc7946(document)
    assert isinstance(document, dict)
    return document


def check_rfc7946(document: Mapping[str, Any]) -> None:
    """What RFC 7946 demands of what we write (sections 3, 4, 5 and 7)."""
    places = []
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document  # taken out of the standard, section 4
    # Members that would make it something else, section 7.1
    assert not {"coordinates", "geometries", "geometry", "properties"} & document.keys()
    for feature in document["features"]:
        assert feature.keys() == {"type", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        geometry = feature["geometry"]
        if geometry is None:
            continue
        assert geometry.keys() == {"type", "coordinates"}
        coordinates = geometry["coordinates"]
        if geometry["type"] == "Point":
            row = [coordinates]
        else:
            assert geometry["type"] == "LineString"
            row = coordinates
            assert len(row) >= 2
        places += row
    for lon, lat in places:
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        assert (round(lon, 7), round(lat, 7)) == (lon, lat)
    lons, lats = zip(*places, strict=True)
    assert document["bbox"] == [min(lons), min(lats), max(lons), max(lats)]


def layer(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [f for f in document["features"] if f["properties"]["layer"] == name]


def test_stops_are_the_plans(washing: Handout) -> None:
    """Right: a feature for every stop of plan.json in its order, with the very places of its
    nodes, and its kind, times, metres and litres."""
    document = geojson(washing)
    stops = [
        (run["id"], stop)
        for run in json.loads(plan_text(washing.plan))["runs"]
        for stop in run["stops"]
    ]
    found = [f for f in document["features"] if f["properties"]["layer"] in ("work", "stops")]
    assert len(found) == len(stops)
    for feature, (run, stop) in zip(found, stops, strict=True):
        said, geometry = feature["properties"], feature["geometry"]
        nodes = stop.get("nodes", [stop["from_node"]])
        places = [list(COORDS[n]) for n in nodes]
        drawn = geometry["coordinates"]
        assert (drawn if geometry["type"] == "LineString" else [drawn]) == [
            pytest.approx(place, abs=1e-7) for place in places
        ]
        assert said["run"] == run
        for key in ("kind", "start", "end", "water_l", "dirty_l"):
            assert said[key] == stop[key]
        for key in ("road", "section", "pass", "lane", "duty", "facility"):
            assert said.get(key) == stop.get(key)
        assert said["length_m"] == stop.get("length_m", 0)


def test_day_says_what_it_is(washing: Handout) -> None:
    """Right: the model mark, the date, WGS-84; the streets' names in the language."""
    document = geojson(washing)
    assert document["model"] == "模型数据，非真实"
    assert document["date"] == "2026-07-15"
    assert document["coordinate_system"] == "WGS-84"
    assert document["attribution"] == "© OpenStreetMap contributors, ODbL"
    names = {f["properties"].get("road_name") for f in layer(document, "work")}
    assert "长江道" in names


def test_facilities_with_their_visits(washing: Handout) -> None:
    """Right: the night's three refills at F1 and P1; the depot is left and come back to twice."""
    found = {f["properties"]["id"]: f for f in layer(geojson(washing), "facilities")}
    visits = {key: f["properties"]["visits"] for key, f in found.items()}
    assert visits == {"D1": 4, "F1": 3, "P1": 3}
    assert found["F1"]["geometry"]["coordinates"] == pytest.approx(COORDS[node(2, 2)], abs=1e-7)


def test_one_run_has_its_own_file(washing: Handout) -> None:
    """Right: W-N-02 never fills, so only its depot is there, and nothing of the other run."""
    handout = washing.only("W-N-02")
    wanted = Wanted(("geojson",), ("zh",), one_run=True)
    assert [name for name, _ in WRITERS["geojson"](handout, "zh", wanted)] == [
        "geojson/W-N-02.geojson"
    ]
    document = geojson(handout, one_run=True)
    assert {f["properties"]["id"] for f in layer(document, "facilities")} == {"D1"}
    assert {f["properties"]["run"] for f in layer(document, "work")} == {"W-N-02"}


def test_sites_and_what_is_outside(waste: Handout) -> None:
    """Right: what was taken at each site; the terminal, the ways to it and what is done there
    have no geometry instead of the station's."""
    document = geojson(waste)
    sites = {f["properties"]["id"]: f["properties"] for f in layer(document, "sites")}
    assert {key: (s["visits"], s["load_kg"]) for key, s in sites.items()} == {
        "C1": (1, 1330), "C2": (1, 700), "C3": (1, 350), "Z1": (2, 15_000),
    }  # fmt: skip
    nowhere = Counter(
        f["properties"]["kind"] for f in document["features"] if f["geometry"] is None
    )
    assert nowhere == {"terminal": 1, "transfer": 4, "unload": 2}


def test_uncovered_with_cause_and_place(waste: Handout) -> None:
    """Right: the block of a street as a line, the community as a point, with their causes."""
    block, site = layer(geojson(waste), "uncovered")
    assert block["geometry"] == {
        "type": "LineString",
        "coordinates": [pytest.approx(COORDS[n], abs=1e-7) for n in SECTION_NODES["R001-02F"]],
    }
    assert (block["properties"]["cause"], block["properties"]["text"]) == ("tank", "水箱不够")
    assert site["geometry"]["type"] == "Point"
    assert site["properties"]["load_kg"] == 700


@pytest.mark.parametrize(
    ("crs", "system", "back"), [("gcj02", "GCJ-02", from_gcj02), ("bd09", "BD-09", from_bd09)]
)
def test_moved_for_map_services(waste: Handout, crs: str, system: str, back: Any) -> None:
    """Right: a foreign member names the system, and moved back every place is where it was."""
    plain, moved = geojson(waste), geojson(waste, crs)
    assert moved["coordinate_system"] == system
    for ours, theirs in zip(plain["features"], moved["features"], strict=True):
        if ours["geometry"] is None:
            assert theirs["geometry"] is None
        elif ours["geometry"]["type"] == "Point":
            at = back(*theirs["geometry"]["coordinates"])
            assert at == pytest.approx(ours["geometry"]["coordinates"], abs=3e-7)


def test_columns_are_what_features_have(waste: Handout) -> None:
    """Right: every feature has the fields of its layer in their order; numbers are whole."""
    layers = Layers(waste, "zh", "wgs84", False)
    seen = set()
    for some in (layers.runs, layers.stops, layers.facilities, layers.sites, layers.uncovered,
                 layers.streets):  # fmt: skip
        for feature in some():
            seen.add(feature.layer)
            assert tuple(feature.fields) == COLUMNS[feature.layer]
            for key, value in feature.fields.items():
                assert isinstance(value, int if key in NUMBERS else str) or value is None
    assert seen == COLUMNS.keys()


def gpkg(handout: Handout, folder: Path, crs: str = "wgs84") -> Path:
    ((name, content),) = WRITERS["gpkg"](handout, "zh", Wanted(("gpkg",), ("zh",), crs))
    assert name == "gpkg/2026-07-15.gpkg"
    file = folder / "day.gpkg"
    file.write_bytes(content)
    return file


def test_geopackage_read_back(waste: Handout, tmp_path: Path) -> None:
    """Right: GDAL finds seven layers in EPSG:4326 with as many features as the plan has runs,
    stops, facilities, sites, uncovered duties and ways; hostile names as they are."""
    from pyogrio import list_layers, raw, read_info

    file = gpkg(waste, tmp_path)
    assert sorted(name for name, _ in list_layers(file)) == sorted(COLUMNS)
    stops = sum(len(run.stops) for run in waste.plan.runs)
    infos = {name: read_info(file, name) for name in COLUMNS}
    counts = {name: info["features"] for name, info in infos.items()}
    assert counts.pop("work") + counts.pop("stops") == stops
    # A depot, a fill point, a dump point, a station, a terminal; C1-C3 and the station's hauls.
    assert counts == {"runs": 2, "facilities": 5, "sites": 4, "uncovered": 2, "streets": 2}
    assert {info["crs"] for info in infos.values()} == {"EPSG:4326"}
    assert infos["work"]["layer_metadata"] == {
        "DESCRIPTION": "模型数据，非真实; © OpenStreetMap contributors, ODbL"
    }
    _, _, _, (_, names, kinds) = raw.read(file, layer="streets")
    assert list(names) == ["芥园道", '=cmd|"<script>🚛']
    assert list(kinds) == ["arterial", "branch"]


def test_geopackage_draws_the_plans_path(washing: Handout, tmp_path: Path) -> None:
    """Right: the line of W-N-02 has the plan's nodes in order, and 14 blocks of 400 m."""
    import shapely
    from pyogrio import raw

    file = gpkg(washing, tmp_path)
    _, _, geometries, fields = raw.read(file, layer="runs", columns=["run", "length_m"])
    assert list(fields[1]) == [sum(s.length_m for s in run.stops) for run in washing.plan.runs]
    (line,) = shapely.from_wkb(geometries[1]).geoms
    nodes: list[int] = []
    for stop in washing.plan.runs[1].stops:
        nodes += [n for n in stop.nodes if nodes[-1:] != [n]]
    assert list(line.coords) == [pytest.approx(COORDS[n], abs=1e-7) for n in nodes]


def test_geopackage_in_other_systems_is_not_wgs84(waste: Handout, tmp_path: Path) -> None:
    """Right: the layers' system bears the name GCJ-02, so QGIS does not lay them on WGS-84."""
    from pyogrio import read_info

    system = read_info(gpkg(waste, tmp_path, "gcj02"), "work")["crs"]
    assert system.startswith('GEOGCS["GCJ-02"')


def test_empty_day_has_every_layer(tmp_path: Path) -> None:
    """Right: a plan without runs gives valid files: the facilities and streets, no work."""
    from pyogrio import read_info

    handout = town(replace(make_plan(), runs=()), make_district())
    assert layer(geojson(handout), "work") == []
    file = gpkg(handout, tmp_path)
    assert read_info(file, "work")["features"] == 0
    assert read_info(file, "streets")["features"] == 2


def test_same_plan_same_bytes(waste: Handout) -> None:
    for key in ("geojson", "gpkg"):
        wanted = Wanted((key,), ("zh",))
        first, second = (list(WRITERS[key](waste, "zh", wanted)) for _ in range(2))
        assert first == second


def test_haul_is_broken_at_the_station() -> None:
    """Right: of the haul run's path only the way in town is drawn: six blocks, seven nodes."""
    handout = town(waste_plan(haul_run()), waste_district())
    (run,) = Layers(handout, "zh", "wgs84", True).runs()
    assert [len(line) for line in run.lines] == [7]
