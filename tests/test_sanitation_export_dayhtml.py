"""The day's page as a file: what its data says, and that nothing can break out of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import accumulate, pairwise
from typing import Any

import pytest
from day_page import HOSTILE, handout, uncovered, violation
from export_town import COORDS, node

from sanitation.export.dayhtml import day_html, html_files, json_text
from sanitation.export.dayrows import FIGURES
from sanitation.export.daywords import WORDS
from sanitation.model import Run, Stop


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="day">(.*?)</script>', page, re.S)
    assert found is not None
    return dict(json.loads(found[1]))


def text(data: dict[str, Any], number: int, lang: int = 0) -> str:
    pair = data["texts"][number]
    return str(pair if isinstance(pair, str) else pair[lang])


def path_of(data: dict[str, Any], run: dict[str, Any]) -> list[list[int]]:
    """The nodes of every stop, read as the page reads them."""
    at, ways = -1, []
    for stop in run["stops"]:
        way = stop[3] if len(stop) > 3 else ""
        if not isinstance(way, str):
            at, way = way
        nodes = [at]
        for letter in way:
            at = data["next"][at][ord(letter) - 48]
            nodes.append(at)
        ways.append(nodes)
    return ways


def test_ways_and_times_are_the_plans() -> None:
    """Every stop's nodes and seconds come back as they are in the plan."""
    given = handout()
    data = data_of(day_html(given, "zh"))
    numbers = {place: number for number, place in enumerate(sorted(COORDS))}
    for run, shown in zip(given.plan.runs, data["runs"], strict=True):
        time_s = run.start_s
        for stop, told, nodes in zip(run.stops, shown["stops"], path_of(data, shown), strict=True):
            kind, gap, takes = [*told, 0, 0][:3]
            assert data["kinds"][kind] == stop.kind
            assert (time_s + gap, time_s + gap + takes) == (stop.start_s, stop.end_s)
            time_s = stop.end_s
            if stop.nodes:
                assert nodes == [numbers[place] for place in stop.nodes]


def test_a_way_outside_the_district_is_no_street() -> None:
    """A haul from one end of the town to the other by a terminal: no step joins them, and the stop
    after it begins at its own node."""
    far, near = node(4, 4), node(0, 0)
    stops = (
        Stop("depart", 0, 0, nodes=(near,), facility="D1"),
        Stop("transfer", 0, 1800, nodes=(near, far), length_m=9000, facility="D1"),
        Stop("rest", 1800, 3000, nodes=(far,)),
    )
    run = Run("G-1", "haul", "night", "W01", "P01", (), "D1", 0, 3000, stops)
    data = data_of(day_html(handout(runs=(run,)), "zh"))
    assert path_of(data, data["runs"][0]) == [[0], [0], [24]]
    assert sum(len(after) for after in data["next"]) == 0


def test_coordinates_come_back_to_a_decimetre() -> None:
    data = data_of(day_html(handout(), "zh"))
    lons, lats = (list(accumulate(axis)) for axis in data["nodes"])
    for place, lon, lat in zip(sorted(COORDS), lons, lats, strict=True):
        assert (lon / 1e6, lat / 1e6) == pytest.approx(COORDS[place], abs=1e-6)


def test_rows_are_those_of_the_sheet_in_both_languages() -> None:
    """As many rows, taking all stops; the second row of the short run is 400 m of driving, whose
    title is 空驶 and Drive."""
    given = handout()
    data = data_of(day_html(given, "en"))
    for sheet, run in zip(given.sheets("zh"), data["runs"], strict=True):
        assert len(run["rows"]) == len(sheet.rows)
        assert sum(row[0] for row in run["rows"]) <= len(run["stops"])
    row = data["runs"][1]["rows"][1]
    assert (text(data, row[1], 0), text(data, row[1], 1)) == ("空驶", "Drive")
    assert row[9] == [FIGURES.index("length_m"), 400]


def test_the_language_asked_for_is_the_one_it_begins_with() -> None:
    for lang, tag in (("zh", "zh-CN"), ("en", "en")):
        page = day_html(handout(), lang)
        assert page.startswith(f'<!DOCTYPE html>\n<html lang="{tag}">')
        assert data_of(page)["lang"] == lang


def test_hostile_names_stay_inside_the_data() -> None:
    """Not one `<` of a name reaches the file: the marks of the page are those of a tame town."""
    tame, hostile = day_html(handout(), "zh"), day_html(handout(hostile=True), "zh")
    assert "alert(1)" in hostile
    assert hostile.count("<") == tame.count("<")
    assert hostile.count("</script>") == 2
    texts = json.dumps(data_of(hostile)["texts"], ensure_ascii=False)
    for name in (HOSTILE[0], HOSTILE[4]):
        assert name in texts
    assert "\u2028" not in hostile


def test_a_name_cannot_turn_the_text_after_it_round() -> None:
    """U+202E would write what follows backwards; the emoji stays."""
    texts = data_of(day_html(handout(hostile=True), "zh"))["texts"]
    assert any("🚮 桶" in str(told) for told in texts)
    assert not any("\u202e" in str(told) or "\u2028" in str(told) for told in texts)


def test_json_text_escapes_what_could_end_its_element() -> None:
    told = json_text({"a": "</script>&\u2028\u2029"})
    assert told == '{"a":"\\u003c/script\\u003e\\u0026\\u2028\\u2029"}'
    assert json.loads(told) == {"a": "</script>&\u2028\u2029"}


def test_only_its_own_script_and_style_may_run() -> None:
    """The policy forbids everything and names the hashes of the one script and the one style."""
    page = day_html(handout(), "zh")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    for element, rule in (("style", "style-src"), ("script", "script-src")):
        source = re.search(rf"<{element}>(.*?)</{element}>", page, re.S)
        assert source is not None
        digest = base64.b64encode(hashlib.sha256(source[1].encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy[1]


def test_nothing_points_outside_but_the_link_to_the_map() -> None:
    page = day_html(handout(), "zh")
    assert set(re.findall(r"https?://[^\s\"'`?$]*", page)) == {"https://uri.amap.com/marker"}
    for forbidden in (
        *("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch("),
        *("XMLHttpRequest", "sendBeacon", "WebSocket", "@import", "url("),
    ):
        assert forbidden not in page, forbidden


def test_what_is_left_and_wrong_is_told() -> None:
    """One uncovered pass on 黄河道 and one violation: two tables, one road, a count of 2."""
    given = handout(uncovered=(uncovered(),), violations=(violation(),))
    data = data_of(day_html(given, "zh"))
    assert data["faultKinds"] == ["uncovered", "violations"]
    assert [table[0] for table in data["tables"]] == [1, 1]
    assert "增加 1 辆洗扫车" in json.dumps(data["tables"][0][1], ensure_ascii=False)
    assert data["left"] == [["uncovered", 2, -1]]
    assert data["faultCount"] == 2


def test_one_runs_page_has_no_tables_of_the_day() -> None:
    given = handout(uncovered=(uncovered(),)).only("W-N-02")
    ((name, content),) = html_files(given, "zh", True)
    data = data_of(content.decode())
    assert name == "W-N-02.html"
    assert [run["id"] for run in data["runs"]] == ["W-N-02"]
    assert (data["tables"], data["left"], data["posts"]) == ([], [], [])
    # Its depot; no other place is of this run.
    assert [place[1] for place in data["places"]] == ["D1"]


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert day_html(handout(), "zh") == day_html(handout(), "zh")


def test_places_are_given_in_the_coordinates_of_the_map_services_too() -> None:
    """In Tianjin GCJ-02 is 0.006 degrees to the east and 0.0012 to the north, to a tenth."""
    data = data_of(day_html(handout(), "zh"))
    assert len(data["places"]) == 5
    for _, _, _, lon, lat, other_lon, other_lat in data["places"]:
        assert (other_lon - lon) / 1e6 == pytest.approx(0.0060, abs=0.0006)
        assert (other_lat - lat) / 1e6 == pytest.approx(0.0012, abs=0.0003)


def test_steps_that_share_a_street_are_carried_once() -> None:
    """The town has 40 blocks, each driven in at most two directions."""
    data = data_of(day_html(handout(), "zh"))
    assert sum(len(after) for after in data["next"]) <= 80
    driven = {
        step for run in handout().plan.runs for stop in run.stops for step in pairwise(stop.nodes)
    }
    assert sum(len(after) for after in data["next"]) == len(driven)


def test_every_word_is_there_in_both_languages() -> None:
    """And every word that the script asks for by a plain name is in the table."""
    assert all(zh and en for zh, en in WORDS.values())
    page = day_html(handout(), "zh")
    asked = set(re.findall(r'word\("(\w+)"', page)) | set(
        re.findall(r'data-(?:word|label)="(\w+)"', page)
    )
    assert asked - WORDS.keys() == set()
