"""Route sheets as data, CSV and a printable page, of the town in export_town.py."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from export_town import (
    BLOCK_M,
    COORDS,
    SECTIONS,
    WAY_NAMES,
    WIDTH_M,
    long_run,
    make_district,
    make_plan,
    make_sheets,
    node,
    short_run,
)

from routes.files import write_atomic
from sanitation.export import geometry, page, paper, sheets
from sanitation.model import Run


def sums(run: Run) -> tuple[int, int, int]:
    """Metres at work, metres without, litres used, straight from the stops."""
    work = sum(s.length_m for s in run.stops if s.kind == "service")
    litres = sum(
        a.water_l - b.water_l
        for a, b in zip(run.stops, run.stops[1:], strict=False)
        if b.kind == "service"
    )
    return work, sum(s.length_m for s in run.stops) - work, litres


def test_totals_are_the_plans() -> None:
    """What a sheet sums up is what the stops of its run sum up to; one figure checked by hand."""
    plan = make_plan()
    for run, sheet in zip(plan.runs, make_sheets(plan), strict=True):
        totals = sheet.totals
        assert (totals.service_m, totals.travel_m, totals.water_l) == sums(run)
        assert totals.area_m2 == totals.service_m * WIDTH_M
    assert make_sheets(plan)[0].totals.service_m == 32 * BLOCK_M
    short = make_sheets(plan)[1].totals
    assert (short.service_m, short.travel_m, short.water_l) == (2800, 2800, 5600)


def test_merged_rows_keep_sums_and_order() -> None:
    """Four blocks in a row are one printed row; every stop is in exactly one row, in order."""
    run = short_run()
    sheet = make_sheets(make_plan(run))[0]
    row = sheet.rows[2]
    assert (row.section, row.from_name, row.to_name) == ("R002-01F…04F", "密云路", "卫津路")
    assert (row.length_m, row.area_m2, row.end_s - row.start_s) == (1600, 4800.0, 4 * 288)
    assert [index for r in sheet.rows for index in r.stops] == list(range(len(run.stops)))
    assert [r.seq for r in sheet.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [r.length_m for r in sheet.rows] == [0, 400, 1600, 800, 400, 1600, 800]


@pytest.mark.parametrize("field", ["pass_no", "lane", "round_no"])
def test_other_pass_lane_or_round_is_another_row(field: str) -> None:
    """A block in another pass, lane or round is not joined to the one before it."""
    run = short_run()
    stops = list(run.stops)
    stops[3] = replace(stops[3], **{field: 2})  # type: ignore[arg-type]
    sheet = make_sheets(make_plan(replace(run, stops=tuple(stops))))[0]
    assert [row.section for row in sheet.rows[2:5]] == [
        "R002-01F", "R002-02F", "R002-03F…04F",
    ]  # fmt: skip


def test_other_direction_is_another_row() -> None:
    """卫津路 southwards and back northwards are two rows with a U-turn between them."""
    rows = make_sheets(make_plan(short_run()))[0].rows
    assert [(r.section, r.direction, r.turn) for r in rows[3:5]] == [
        ("R010-02F…03F", "北→南", "右转"),
        ("R010-03B", "南→北", "掉头"),
    ]


def test_travel_names_streets_turns_and_lengths() -> None:
    """From 卫津路 northwards by 黄河道 is a left turn; two streets give two legs with a turn."""
    rows = make_sheets(make_plan())[0].rows
    ways = [row.text for row in rows if row.kind == "travel"]
    assert ways[0] == "右转，沿复康路 800 m → 右转 南丰路 800 m"
    back = make_sheets(make_plan(short_run()))[0].rows
    assert back[5].text == "左转，沿黄河道 1.6 km"


def test_travel_without_geometry_names_streets_and_total() -> None:
    """Without coordinates the streets are merged and followed by the length of the whole way."""
    sheet = sheets.sheet_rows(
        long_run(), make_plan(), make_district(), SECTIONS, way_names=WAY_NAMES
    )
    ways = [row.text for row in sheet.rows if row.kind == "travel"]
    assert ways[0] == "沿复康路→南丰路 1.6 km"
    assert sheet.rows[1].direction == "正向"


def test_facilities_rest_and_water() -> None:
    """Fill, dump and rest stand where they are driven, with their place and litres."""
    rows = make_sheets(make_plan())[0].rows
    kinds = [row.kind for row in rows]
    assert kinds[3:7] == ["travel", "dump", "fill", "travel"]
    # Eight blocks at 2 L/m have used 6,400 L, three quarters of which were recovered.
    assert (rows[5].place, rows[5].water_l) == ("F1 长江道水鹤", 6400)
    assert (rows[4].place, rows[4].dirty_l) == ("P1 黄河道排污点", 4800)
    assert kinds.count("rest") == 1


def test_header_bans_and_one_way() -> None:
    """The order's fields are filled from the plan, hand-written ones are empty, bans are named."""
    sheet = make_sheets(make_plan())[0]
    head = dict(sheet.header)
    assert head["日期/班次"] == "2026-07-15 / 夜班 / 洗路"
    assert head["天气/气温/预警"] == "晴 / 24～33 ℃ / 重污染橙色"
    assert head["车牌号/自编号/车型"] == "津A·样01 / W01 / 洗扫车"
    assert head["驾驶员/跟车员"] == "样例王 / 样例赵"
    assert head["计划出车/收车"].startswith("07-14 22:30 → 07-15 ")
    assert head["里程表读数 (km)"] == ""
    assert sheet.bans == (
        "高峰禁止湿式作业：07:00–09:00、17:00–19:00",
        "单行路段，严禁逆行：鞍山西道",
    )
    assert make_sheets(make_plan(short_run()))[0].bans == sheet.bans[:1]


def test_model_data_are_marked_and_real_ones_not() -> None:
    """The mark is on every page, in every CSV and in the index, and only for a model."""
    plan = make_plan()
    made = make_sheets(plan)
    html = page.page_html(plan, made, COORDS)
    assert html.count("模型数据，非真实") == html.count('<section class="sheet-page"') + 1
    assert "模型数据，非真实" in sheets.sheet_csv(made[0]).decode()
    real = replace(plan, model=False)
    assert "模型数据" not in page.page_html(real, make_sheets(real), COORDS)


def test_unknown_language_is_refused() -> None:
    """Only zh and en have words."""
    with pytest.raises(ValueError, match="zh, en"):
        make_sheets(make_plan(), "fr")


def test_csv_has_bom_and_reads_back(tmp_path: Path) -> None:
    """Excel needs the BOM; the rows come back with their sums, and no temporary file is left."""
    made = make_sheets(make_plan())
    paths = sheets.write_csv(made, tmp_path / "out")
    assert [path.name for path in paths] == ["W-N-01.csv", "W-N-02.csv", "index.csv"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in paths)
    for path in paths:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(paths[1].read_text("utf-8-sig"))))
    first = next(i for i, line in enumerate(lines) if line and line[0] == "序号")
    rows = lines[first + 1 : first + 8]
    assert sum(int(row[9]) for row in rows if row[1] == "作业") == 2800
    index = list(csv.DictReader(io.StringIO(paths[2].read_text("utf-8-sig"))))
    assert [line["文件"] for line in index] == ["W-N-01.csv", "W-N-02.csv"]
    assert index[0]["油耗 (L)"] == "61.5"
    assert index[1]["油耗 (L)"] == ""


def test_csv_cells_do_not_run_as_formulas() -> None:
    """A name from a user's table that begins with = is shown by a spreadsheet, not executed."""
    district = make_district("=cmd()")
    run = make_plan().runs[0]
    sheet = sheets.sheet_rows(run, make_plan(), district, SECTIONS)
    assert ",'=cmd()" in sheets.sheet_csv(sheet).decode()


def test_csv_names_that_collide_are_refused(tmp_path: Path) -> None:
    """Run ids that differ only in what a file name cannot hold may not overwrite each other."""
    run = short_run()
    plan = make_plan(replace(run, id="a/1"), replace(run, id="a:1"))
    with pytest.raises(ValueError, match="same file name"):
        sheets.write_csv(make_sheets(plan), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the rename fails the old content stays and no part is left behind."""
    goal = tmp_path / "sheets.html"
    write_atomic(goal, b"old")

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("routes.files.os.replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_atomic(goal, b"new")
    assert goal.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["sheets.html"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_hold_25_rows_and_say_x_of_y(lang: str) -> None:
    """No page has more than 25 rows, every page repeats the table's header, x runs from 1 to y."""
    plan = make_plan()
    made = make_sheets(plan, lang)
    html = page.page_html(plan, made, COORDS, lang)
    parts = re.findall(r'<section class="sheet-page".*?</section>', html, re.S)
    counts = [part.split("<tbody>")[1].split("</tbody>")[0].count("<tr") for part in parts]
    assert max(counts) <= 25
    assert sum(counts) == sum(len(sheet.rows) for sheet in made)
    assert all(part.count("<thead>") == 1 for part in parts)
    pattern = r"第(\d+)页 / 共(\d+)页" if lang == "zh" else r"page (\d+) of (\d+)"
    assert re.findall(pattern, html) == [("1", "2"), ("2", "2"), ("1", "1")]


def test_pages_break_by_height_too() -> None:
    """Rows whose ways take many lines go on the next page before they run off the paper."""
    row = make_sheets(make_plan())[0].rows[3]
    long = replace(row, text="沿长江道 300 m → " * 30)
    laid = paper.pages([long] * 25, (), "zh", with_map=True)
    assert [row for p in laid for row in p.rows] == [long] * 25
    assert len(laid) > 2
    for sheet_page in laid:
        assert sum(paper.row_mm(r, "zh") for r in sheet_page.rows) < paper.PAPER_MM
    assert [p.tail for p in laid] == [False] * (len(laid) - 1) + [True]
    assert laid[-1].map_mm >= paper.MAP_MIN_MM


def test_html_is_one_offline_file() -> None:
    """No address, script, image or import: it opens without a network."""
    plan = make_plan()
    html = page.page_html(plan, make_sheets(plan), COORDS)
    for outside in ("http", "//", "<script", "<img", "<link", "@import", "url("):
        assert outside not in html
    links = set(re.findall(r'href="#(\w+)"', html))
    assert links == set(re.findall(r'<section class="sheet-page" id="(\w+)"', html)) == {"s1", "s2"}


def test_html_escapes_every_name() -> None:
    """Markup in a road's name, a driver's name or a run's id is shown, not interpreted."""
    evil = '<b onload="x">&'
    run = replace(short_run(), id=evil, driver_id=evil)
    plan = replace(make_plan(run), district_name=evil)
    district = replace(make_district(), roads=tuple(
        replace(road, name=evil) for road in make_district().roads
    ))  # fmt: skip
    made = sheets.build_sheets(
        plan, district, SECTIONS, way_names=dict.fromkeys(WAY_NAMES, evil), coords=COORDS
    )
    html = page.page_html(plan, made, COORDS)
    assert "<b onload" not in html
    assert html.count("&lt;b onload=&quot;x&quot;&gt;&amp;") > 5


def test_map_shows_work_ways_and_marks() -> None:
    """The sketch has one thick path, one dashed path, grey streets, north, a bar and the marks."""
    plan = make_plan()
    html = page.page_html(plan, make_sheets(plan), COORDS)
    for name in ("net", "trv", "srv", "bar"):
        found = re.findall(rf'<path class="{name}" d="([^"]*)"', html)
        assert len(found) == 2
        assert all(found)
    for mark in ("停", "水", "污", "休"):
        assert f">{mark}</text>" in html
    assert "<svg" not in page.page_html(plan, make_sheets(plan), {})


def test_street_lines_hold_every_step_once() -> None:
    """The background has each driven step once, whatever the direction and however often."""
    plan = make_plan()
    steps = {
        frozenset(step) for run in plan.runs for stop in run.stops for step in pairwise(stop.nodes)
    }
    drawn = [frozenset(step) for chain in geometry.street_lines(plan) for step in pairwise(chain)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == steps


def test_frame_keeps_the_town_in_its_shape() -> None:
    """400 m east and 400 m south are as long on paper, and the town is inside its margin."""
    frame = geometry.Frame.around(list(COORDS.values()), 760, 400, 22)
    home = frame.at(COORDS[node(0, 0)])
    east, south = frame.at(COORDS[node(0, 1)]), frame.at(COORDS[node(1, 0)])
    assert east[0] - home[0] == pytest.approx(south[1] - home[1], rel=0.02)
    points = [frame.at(place) for place in COORDS.values()]
    assert all(21.9 <= x <= 738.1 and 21.9 <= y <= 378.1 for x, y in points)


def test_same_plan_gives_the_same_bytes() -> None:
    """Two builds of the page are equal to the byte."""
    pages_made = [page.page_html(make_plan(), make_sheets(make_plan()), COORDS) for _ in range(2)]
    assert pages_made[0] == pages_made[1]


def test_work_is_drawn_on_the_right_hand_side() -> None:
    """East is to the right and south is down: the right-hand side of a way east is its south."""
    assert geometry.beside([(0.0, 0.0), (10.0, 0.0)], 2) == [(0.0, 2.0), (10.0, 2.0)]
    assert geometry.beside([(0.0, 0.0), (0.0, 10.0)], 2) == [(-2.0, 0.0), (-2.0, 10.0)]
