"""What a driver reads on a sheet: turns over junctions, waits, the page's head, the map's texts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from export_town import COORDS, SECTIONS, long_run, make_district, make_plan, make_sheets, short_run

from sanitation.export import directions, page, paper, sheets, sketch
from sanitation.export.labels import word
from sanitation.model import Stop

# A dual street: the eastward carriageway 0-1, the westward one 2-3 some 22 m north of it, the
# links 1-2 and 0-3 across the median have no name.
DUAL = {0: (117.0, 39.0), 1: (117.005, 39.0), 2: (117.005, 39.0002), 3: (117.0, 39.0002)}
DUAL_NAMES = {1: "长江道", 2: "长江道"}


def test_link_across_a_median_is_one_turn() -> None:
    """Two lefts over an unnamed link of 22 m are one U-turn; its metres go to the next street."""
    found = directions.legs((0, 1, 2, 3), (1, 9, 2), DUAL_NAMES, DUAL)
    assert [(leg.name, leg.turn) for leg in found] == [
        ("长江道", ""), ("长江道", "turn_round"),
    ]  # fmt: skip
    block_m = directions.step_m(DUAL[0], DUAL[1])
    link_m = directions.step_m(DUAL[1], DUAL[2])
    assert link_m == pytest.approx(22.2, abs=0.1)
    assert [leg.length_m for leg in found] == [
        pytest.approx(block_m), pytest.approx(block_m + link_m, abs=0.01),
    ]  # fmt: skip
    # The second begins where the driver leaves the first, at the near end of the link.
    assert [leg.begins for leg in found] == [0, 1]
    assert directions.route_text((1, 2), (9,), 22, DUAL_NAMES, DUAL, "zh") == "过路口 20 m"
    # A way that ends on the link ends, for the driver, where the street does: eastwards.
    assert directions.end_bearing((0, 1, 2), (1, 9), DUAL_NAMES, DUAL, False) == pytest.approx(90)


def test_long_unnamed_street_is_told() -> None:
    """An unnamed street of 111 m is no junction: it keeps its leg and its turns."""
    places = {**DUAL, 2: (117.005, 39.001), 3: (117.0, 39.001)}
    text = directions.route_text((0, 1, 2, 3), (1, 9, 2), 977, DUAL_NAMES, places, "zh")
    assert text == "沿长江道 430 m → 左转 无名路 110 m → 左转 长江道 430 m"


def test_work_after_a_link_says_the_turn_of_the_streets() -> None:
    """Washing east, 22 m over the median, washing west: the row of the way has no turn of its own,
    the work after it says U-turn."""
    head, *_ = short_run().stops
    stops = (
        replace(head, nodes=(0,)),
        Stop("service", 0, 60, nodes=(0, 1), ways=(1,), length_m=432, road_id="R001"),
        Stop("travel", 60, 66, nodes=(1, 2), ways=(9,), length_m=22),
        Stop("service", 66, 126, nodes=(2, 3), ways=(2,), length_m=432, road_id="R001"),
    )
    run = replace(short_run(), stops=stops)
    sheet = sheets.sheet_rows(
        run, make_plan(run), make_district(), SECTIONS, way_names=DUAL_NAMES, coords=DUAL
    )
    assert [(row.turn, row.text) for row in sheet.rows[2:]] == [
        ("", "过路口 20 m"), ("掉头", ""),
    ]  # fmt: skip


def test_standing_still_says_how_long_and_for_what() -> None:
    """A wait names the fill point it is for, a rest its minutes, a turn on the spot that it is."""
    run = long_run()
    index = next(i for i, stop in enumerate(run.stops) if stop.kind == "fill")
    at = run.stops[index]
    spot = replace(at, kind="travel", facility="", end_s=at.start_s + 30)
    wait = replace(at, kind="wait", facility="", end_s=at.start_s + 90)
    stops = (*run.stops[:index], spot, wait, *run.stops[index:])
    run = replace(run, stops=stops)
    for lang, said in (
        ("zh", {"wait": "等待 F1 长江道水鹤：2分钟", "rest": "休息 20分钟"}),
        ("en", {"wait": "Wait for F1 长江道水鹤: 2 min", "rest": "Rest 20 min"}),
    ):
        rows = make_sheets(make_plan(run), lang)[0].rows
        for kind, text in said.items():
            row = next(row for row in rows if row.kind == kind)
            assert paper.span_text(row, lang) == text
        turned = next(row for row in rows if row.kind == "travel" and row.length_m == 0)
        assert turned.text == word("turn_round", lang)


def test_page_head_is_chinese_first_and_whole() -> None:
    """Service and shift in words stand before the run's id; the next page names truck, driver and
    start on a line of their own."""
    plan = make_plan()
    html = page.page_html(plan, make_sheets(plan), COORDS)
    tops = re.findall(r'<div class="what">(.*?)</div>', html)
    assert tops[0] == "<span><b>洗路 · 夜班</b> W-N-01</span>"
    assert tops[1] == tops[0] + (
        '<span class="who">津A·样01 / W01 · 样例王 · 07-14 22:30</span>'
    )  # fmt: skip


def test_numbers_keep_off_the_lines() -> None:
    """A number moves to the other side of its street where another line runs on the right."""
    east, beside = ((0.0, 50.0), (100.0, 50.0)), ((0.0, 60.0), (100.0, 60.0))
    found = sketch._numbers({east: [3]}, sketch._points([beside]), [])
    assert re.findall(r'y="(\d+)"', found[0]) == ["44"]
    free = sketch._numbers({east: [3]}, sketch._points([]), [])
    assert re.findall(r'y="(\d+)"', free[0]) == ["64"]


def test_latin_words_are_not_broken_in_the_estimate() -> None:
    """Ten Chinese characters fill a line of 34.7 mm; a Latin word that does not fit beside another
    starts a line, one longer than a line is broken."""
    ten_mm = 10 * paper.EM_MM * 1.04 + 1.7
    assert paper.lines_of("一二三四五六七八九十", ten_mm) == 1
    assert paper.lines_of("一二三四五六七八九十一", ten_mm) == 2
    # 10 em are 17 Latin letters: 12 + 12 are two lines, 12 + 24 three (12 | 17 | 7).
    assert paper.lines_of("abcdefghijkl abcdefghijkl", ten_mm) == 2
    assert paper.lines_of("abcdefghijkl abcdefghijklabcdefghijkl", ten_mm) == 3
    assert paper.lines_of("straight Shuishanggongyuanxi Lu", ten_mm) == 3


def test_long_names_make_a_row_higher() -> None:
    """A name of three lines (turn, two pieces of a word) is 2 · 3.6 + 2 · 3.9 + 1.2 mm high."""
    row = make_sheets(make_plan(short_run()), "en")[0].rows[2]
    long = replace(row, turn="straight", place="Shuishanggongyuanxi Lu")
    assert paper.row_mm(long, "en") == pytest.approx(16.2)
