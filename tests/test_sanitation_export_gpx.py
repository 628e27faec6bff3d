"""Tracks for navigators: GPX 1.1 of the hand-made towns."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from export_town import (
    COORDS,
    SECTIONS,
    WAY_NAMES,
    long_run,
    make_district,
    make_plan,
    node,
    short_run,
)
from gpxschema import SPACE, check_gpx
from rounddistrict import write_rounddistrict
from roundplan import good_plan as round_plan
from waste_town import collection_run, waste_district, waste_plan
from wastedistrict import write_wastedistrict
from wasteplan import good_plan as day_of_waste

from sanitation.archive import plan_of, plan_text
from sanitation.district import read_district
from sanitation.export.bundle import WRITERS, Wanted
from sanitation.export.crs import to_bd09, to_gcj02
from sanitation.export.gpx import gpx_files
from sanitation.export.handout import Handout, handout_of
from sanitation.model import DayPlan, District, Road

HOSTILE = '=cmd|"<script>&\x00\x0b\ud83e 长江道 🚛 ' + "a" * 140


def town(plan: DayPlan, district: District | None = None) -> Handout:
    return Handout(plan, district or make_district(), SECTIONS, WAY_NAMES, COORDS, {}, ())


def gpx(handout: Handout, lang: str = "zh", crs: str = "wgs84") -> dict[str, Element]:
    return {name: check_gpx(content) for name, content in gpx_files(handout, lang, crs)}


def at(point: Element) -> tuple[float, float]:
    return float(point.attrib["lon"]), float(point.attrib["lat"])


def said(point: Element, key: str = "name") -> str:
    return point.findtext(f"{SPACE}{key}", "")


def fixes(root: Element) -> list[list[tuple[tuple[float, float], str]]]:
    """The segments of the track: places with their times."""
    return [
        [(at(point), said(point, "time")) for point in segment]
        for segment in root.iter(f"{SPACE}trkseg")
    ]


def rows_of(nodes: list[int]) -> list[int]:
    """Nodes in a row, each once where it is said twice in succession."""
    return [b for a, b in zip([None, *nodes], nodes, strict=False) if a != b]


def test_the_track_is_the_plans_path() -> None:
    """Right: the places of the track, in order, are those of the nodes of plan.json's stops."""
    plan = make_plan()
    document = json.loads(plan_text(plan))
    found = gpx(town(plan))
    assert list(found) == ["gpx/W-N-01.gpx", "gpx/W-N-02.gpx"]
    for run in document["runs"]:
        nodes = rows_of([n for s in run["stops"] for n in s.get("nodes", [s["from_node"]])])
        (segment,) = fixes(found[f"gpx/{run['id']}.gpx"])
        places = [place for place, _ in segment]
        assert [b for a, b in zip([None, *places], places, strict=False) if a != b] == [
            pytest.approx(COORDS[n], abs=1e-9) for n in nodes
        ]


def test_times_of_the_track() -> None:
    """Right: 22:30 at +08:00 is 14:30 UTC; a way of 400 m at 8 m/s takes 50 s, a block of work
    288 s; the second of two equal blocks begins half-way; times never go back."""
    (segment,) = fixes(gpx(town(make_plan(short_run())))["gpx/W-N-02.gpx"])
    times = [dt.datetime.fromisoformat(time) for _, time in segment]
    assert segment[0] == (pytest.approx(COORDS[node(0, 0)]), "2026-07-14T14:30:00Z")
    assert [time for _, time in segment[1:4]] == [
        "2026-07-14T14:30:50Z", "2026-07-14T14:35:38Z", "2026-07-14T14:40:26Z",
    ]  # fmt: skip
    assert times == sorted(times)
    # The way home from (2, 0): two blocks of equal length in 100 s.
    assert [(b - a).seconds for a, b in zip(times[-3:], times[-2:], strict=False)] == [50, 50]


def test_standing_is_two_fixes() -> None:
    """Right: at a refill the truck is at one place from the start of the dump (600 s) to the end of
    the fill (660 s)."""
    (segment,) = fixes(gpx(town(make_plan(long_run())))["gpx/W-N-01.gpx"])
    times = [
        dt.datetime.fromisoformat(time)
        for place, time in segment
        if place == pytest.approx(COORDS[node(2, 2)])
    ]
    gaps = [(b - a).seconds for a, b in pairwise(times)]
    assert gaps[:2] == [600, 660]


def test_turn_points_in_words() -> None:
    """Right: the first rows of the hand-made night: east along 芥园道, right into 卫津路, south to
    its end, then a way with one turn north to the refill, 8.7 m³ used and 6.5 m³ recovered."""
    root = gpx(town(make_plan(long_run())))["gpx/W-N-01.gpx"]
    (route,) = root.iter(f"{SPACE}rte")
    points = [(said(p), at(p)) for p in route.iter(f"{SPACE}rtept")]
    assert [name for name, _ in points[:7]] == [
        "出车 D1 西站停车场",
        "作业 芥园道（密云路–卫津路） R001-01F…04F 第1遍 靠右路缘",
        "右转 作业 卫津路 R010-01F…04F 第1遍 靠右路缘",
        "空驶 → P1 黄河道排污点",
        "右转 南丰路",
        "排污 P1 黄河道排污点 4.8 m³",
        "加水 F1 长江道水鹤 6.4 m³",
    ]
    assert points[4][1] == pytest.approx(COORDS[node(4, 2)])
    english = gpx(town(make_plan(long_run())), "en")["gpx/W-N-01.gpx"]
    names = [said(p) for p in english.iter(f"{SPACE}rtept")]
    assert "right Work Street 10 R010-01F…04F pass 1 right kerb" in names


def test_waypoints_are_where_tanks_are_filled() -> None:
    """Right: three refills of the night, each with its minute."""
    root = gpx(town(make_plan(long_run())))["gpx/W-N-01.gpx"]
    points = list(root.iter(f"{SPACE}wpt"))
    assert [said(p, "type") for p in points] == ["dump", "fill"] * 3
    assert at(points[1]) == pytest.approx(COORDS[node(2, 2)])
    assert said(points[1], "desc") == "23:21–23:32"


def test_other_systems_move_everything_and_say_so() -> None:
    """Right: every place of the file is moved by the same function, and the file says it."""
    plan = make_plan(short_run())
    plain = gpx(town(plan))["gpx/W-N-02.gpx"]
    for crs, system, moved in (("gcj02", "GCJ-02", to_gcj02), ("bd09", "BD-09", to_bd09)):
        root = gpx(town(plan), crs=crs)["gpx/W-N-02.gpx"]
        for ours, theirs in zip(plain.iter(), root.iter(), strict=True):
            if "lat" in ours.attrib:
                assert at(theirs) == pytest.approx(moved(*at(ours)), abs=2e-7)
        assert system in said(root[0], "desc")
        assert system not in said(plain[0], "desc")


def test_a_hook_lift_has_a_track_only_on_streets(tmp_path: Path) -> None:
    """Right: H1 drives to TS1 (node 7), hauls twice to E1 outside and ends at the depot: a segment
    to the station, one between the trips there, and the yard's one fix; nothing is at the terminal,
    whose stops in the plan carry the station's node."""
    district = read_district(write_wastedistrict(tmp_path / "waste"))
    handout = handout_of(district, plan_of(day_of_waste())).only("H1")
    (run,) = handout.plan.runs
    root = gpx(handout)["gpx/H1.gpx"]
    segments = fixes(root)
    outside = [(s.start_s, s.end_s) for s in run.stops if s.kind == "transfer"]
    gaps = list(zip(outside[::2], outside[1::2], strict=True))
    assert len(segments) == 1 + len(gaps)
    midnight = dt.datetime.fromisoformat("2026-07-15T00:00:00+08:00")
    for segment in segments:
        for _, time in segment:
            at_s = (dt.datetime.fromisoformat(time) - midnight).total_seconds()
            assert not any(out[0] < at_s < back[1] for out, back in gaps)
    kinds = [said(p, "type") for p in root.iter(f"{SPACE}rtept")]
    assert "unload" not in kinds
    assert kinds.count("transfer") == len(gaps)  # the ways there; those back begin outside
    assert "区外路段无轨迹" in said(root[0], "desc")


def test_collection_marks_its_sites() -> None:
    """Right: three communities and two unloadings, 2,030 kg and 350 kg."""
    plan = waste_plan(collection_run())
    root = gpx(town(plan, waste_district()))["gpx/Y-01.gpx"]
    assert [said(p) for p in root.iter(f"{SPACE}wpt")] == [
        "收运 北里 其他垃圾",
        "收运 南里（一期） 其他垃圾",
        "卸料 Z1 复康路转运站 其他垃圾 2,030 kg",
        "收运 西里 其他垃圾",
        "卸料 Z1 复康路转运站 其他垃圾 350 kg",
    ]
    assert len(fixes(root)) == 1


def test_cleaners_on_foot_have_tracks_too(tmp_path: Path) -> None:
    """Right: five visits of the early walker, one unbroken track along the streets walked."""
    district = read_district(write_rounddistrict(tmp_path / "rounds"))
    root = gpx(handout_of(district, plan_of(round_plan())).only("F1"))["gpx/F1.gpx"]
    assert [said(p).split()[0] for p in root.iter(f"{SPACE}wpt")] == ["保洁"] * 5
    assert len(fixes(root)) == 1


def test_a_node_that_no_street_has_ends_the_segment() -> None:
    """Right: a plan changed by hand drives over node 9: the stops before and after have a track,
    that stop has none, and the place of no other node is put in its stead."""
    run = short_run()
    stops = list(run.stops)
    stops[3] = replace(stops[3], nodes=(stops[3].nodes[0], 9))
    segments = fixes(gpx(town(make_plan(replace(run, stops=tuple(stops)))))["gpx/W-N-02.gpx"])
    assert len(segments) == 2
    assert segments[1][0][0] == pytest.approx(COORDS[stops[4].nodes[0]])


def test_hostile_names_make_a_valid_file() -> None:
    """Right: formulas, mark-up, control characters and half an emoji in a name are text, without
    the characters that XML forbids."""
    district = make_district()
    first = replace(district.roads[0], name=HOSTILE)
    assert isinstance(first, Road)
    handout = town(make_plan(long_run()), replace(district, roads=(first, *district.roads[1:])))
    root = gpx(handout)["gpx/W-N-01.gpx"]
    lawful = HOSTILE.replace("\x00", "").replace("\x0b", "").replace("\ud83e", "")
    assert any(lawful in said(p) for p in root.iter(f"{SPACE}rtept"))


def test_gdal_reads_it(tmp_path: Path) -> None:
    """Right: a reader that is not ours finds one route, one track and six way points."""
    from pyogrio import read_info

    ((_, content),) = gpx_files(town(make_plan(long_run())), "zh", "wgs84")
    file = tmp_path / "run.gpx"
    file.write_bytes(content)
    counts = {
        layer: read_info(file, layer, force_feature_count=True)["features"]
        for layer in ("waypoints", "routes", "tracks")
    }
    assert counts == {"waypoints": 6, "routes": 1, "tracks": 1}


def test_same_plan_same_bytes() -> None:
    handout = town(make_plan())
    first, second = (
        list(WRITERS["gpx"](handout, "zh", Wanted(("gpx",), ("zh",)))) for _ in range(2)
    )
    assert first == second
