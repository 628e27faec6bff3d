"""Sheets and tables of collection and haulage, of the town in waste_town.py."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from export_town import COORDS, node, short_run
from waste_town import (
    collection_run,
    haul_run,
    pickup,
    waste_district,
    waste_plan,
    waste_sheets,
)

from sanitation.export import forms, page, paper, sheets, shown, table, text, waste
from sanitation.export.rows import SheetRow
from sanitation.indicators import indicators
from sanitation.model import Run, Suspended, Uncovered


def collection_sheet(lang: str = "zh") -> sheets.Sheet:
    return waste_sheets(waste_plan(collection_run()), lang)[0]


def haul_sheet(lang: str = "zh") -> sheets.Sheet:
    return waste_sheets(waste_plan(haul_run()), lang)[0]


def told(row: SheetRow, lang: str = "zh") -> str:
    """A row without work as it is printed."""
    return paper.span_text(row, lang)


def test_a_collection_run_reads_from_stop_to_stop() -> None:
    """Out, a way, a stop with its load and what is on board, ..., the unloading, ..., in."""
    rows = collection_sheet().rows
    assert [row.title for row in rows] == [
        "出车", "行驶", "收运", "行驶", "收运", "休息", "行驶", "等待", "卸料", "行驶", "收运",
        "行驶", "卸料", "收车",
    ]  # fmt: skip
    stops = [row for row in rows if row.kind == "service"]
    assert [(r.place, r.site, r.stream, r.bins, r.load_kg, r.on_board_kg) for r in stops] == [
        ("北里", "C1", "其他垃圾", 19, 1330, 1330),
        ("南里（一期）", "C2", "其他垃圾", 10, 700, 2030),
        ("西里", "C3", "其他垃圾", 5, 350, 350),
    ]
    assert told(rows[1]) == "行驶 → 北里：沿芥园道 800 m"
    # A site may be left by any arc: no turn; and its name is whole, brackets and all.
    assert told(rows[3]) == "行驶 → 南里（一期）：沿南丰路 800 m"
    assert told(rows[5]) == "休息 20分钟"
    assert told(rows[7]) == "等待 Z1 复康路转运站：1分钟"
    assert told(rows[8]) == "卸料 Z1 复康路转运站：其他垃圾 2,030 kg"
    assert told(rows[9]) == "行驶 → 西里：沿复康路 800 m → 右转 密云路 800 m"
    assert (rows[8].load_kg, rows[8].on_board_kg) == (2030, 0)


def test_a_haul_run_reads_from_container_to_container() -> None:
    """The container, the way to the terminal in km and minutes, the tipping, the way back."""
    rows = haul_sheet().rows
    assert [told(row) for row in rows if row.kind not in ("service", "depart", "travel")] == [
        "转运 → E1 焚烧厂：25.9 km，41分钟",
        "卸料 E1 焚烧厂：其他垃圾 12,000 kg",
        "返程 → Z1 复康路转运站：25.9 km，41分钟",
        "转运 → E1 焚烧厂：25.9 km，41分钟",
        "卸料 E1 焚烧厂：其他垃圾 3,000 kg",
        "返程 → D1 西站停车场：20.0 km，30分钟",
        "收车 → D1 西站停车场",
    ]
    swaps = [row for row in rows if row.kind == "service"]
    assert [(r.title, r.place, r.round_no, r.load_kg) for r in swaps] == [
        ("换箱", "复康路转运站", 1, 12_000),
        ("换箱", "复康路转运站", 2, 3000),
    ]


def test_english_sheets_name_the_stream_in_english() -> None:
    """Kinds of rows, streams and the totals; names of places stay as they are."""
    rows = collection_sheet("en").rows
    assert (rows[2].title, rows[2].stream) == ("Collect", "residual waste")
    assert told(rows[8], "en") == "Unload Z1 复康路转运站: residual waste 2,030 kg"
    hauled = haul_sheet("en").rows
    assert told(hauled[3], "en") == "Transfer → E1 焚烧厂: 25.9 km, 41 min"
    assert told(hauled[5], "en") == "Drive back → Z1 复康路转运站: 25.9 km, 41 min"
    assert sheets.total_fields(collection_sheet("en"))[:3] == (
        ("Stops", "3"), ("Bins", "34"), ("Load", "2,380 kg"),
    )  # fmt: skip


@pytest.mark.parametrize("run", [collection_run(), haul_run()], ids=["collect", "haul"])
def test_totals_are_the_plans(run: Run) -> None:
    """What the sheet sums up is what the run's stops sum up to, and all of it is unloaded."""
    totals = waste_sheets(waste_plan(run))[0].totals
    services = [stop for stop in run.stops if stop.kind == "service"]
    assert totals.stops == len(services)
    assert totals.bins == sum(stop.bins for stop in services)
    assert totals.travel_m == sum(stop.length_m for stop in run.stops)
    rises = [b.load_kg - a.load_kg for a, b in zip(run.stops, run.stops[1:], strict=False)]
    assert totals.load_kg == sum(kg for kg in rises if kg > 0)
    let_off = [int(re.findall(r"([\d,]+) kg", one)[0].replace(",", "")) for one in totals.unloads]
    assert let_off == [-kg for kg in rises if kg < 0]
    assert sum(let_off) == totals.load_kg


def test_totals_by_hand() -> None:
    """3 stops, 34 bins, 2,380 kg in two loads, 8 km; 2 containers, 15 t, 100.1 km."""
    assert dict(sheets.total_fields(collection_sheet())) == {
        "作业点": "3", "桶数": "34", "收运量": "2,380 kg", "卸料次数": "2", "行驶里程": "8.00 km",
        "油耗": "6.1 L",
    }  # fmt: skip
    assert collection_sheet().totals.unloads == (
        "Z1 复康路转运站 其他垃圾 2,030 kg",
        "Z1 复康路转运站 其他垃圾 350 kg",
    )
    assert dict(sheets.total_fields(haul_sheet()))["行驶里程"] == "100.10 km"


def test_head_checks_what_the_truck_has() -> None:
    """No nozzles and no water on a compactor, no bin lift on a hook-lift, no ban of wet work."""
    for sheet, part in ((collection_sheet(), "上料机构"), (haul_sheet(), "钩臂")):
        check = dict(sheet.header)["出车检查"]
        assert part in check
        assert "水位" not in check
        assert sheet.bans == ()


def test_csv_has_the_columns_of_the_service() -> None:
    """Bins for collection, the haul's number for haulage; figures are plain; loads add up."""
    lines = list(csv.reader(io.StringIO(sheets.sheet_csv(collection_sheet()).decode("utf-8-sig"))))
    first = next(i for i, line in enumerate(lines) if line and line[0] == "序号")
    assert lines[first] == [
        "序号", "类别", "作业点", "编号", "垃圾类别", "桶数", "收运量 (kg)", "车载累计 (kg)",
        "计划起止", "里程 (m)", "实际时间", "完成 √", "备注",
    ]  # fmt: skip
    rows = lines[first + 1 : first + 15]
    assert rows[2] == [
        "3", "收运", "北里", "C1", "其他垃圾", "19", "1330", "1330", "04:31–04:41", "", "", "", "",
    ]  # fmt: skip
    assert sum(int(row[6]) for row in rows if row[6]) == 2380
    assert sum(int(row[9]) for row in rows if row[9]) == 8000
    assert [row[7] for row in rows if row[1] == "卸料"] == ["0", "0"]
    assert ["卸料", "Z1 复康路转运站 其他垃圾 350 kg"] in lines
    assert "箱次" in sheets.sheet_csv(haul_sheet()).decode()


def test_index_csv_has_loads_where_there_are_any(tmp_path: Path) -> None:
    """Each run has the sums of its kind; an index of streets only has the columns it had."""
    plan = waste_plan(short_run(), collection_run())
    paths = sheets.write_csv(waste_sheets(plan), tmp_path)
    washed, collected = csv.DictReader(io.StringIO(paths[-1].read_text("utf-8-sig")))
    assert (washed["作业里程 (km)"], washed["作业点"]) == ("2.8", "")
    assert (collected["作业里程 (km)"], collected["收运量 (t)"]) == ("", "2.4")
    assert (collected["作业点"], collected["行驶里程 (km)"]) == ("3", "8.0")
    only = sheets.index_csv(waste_sheets(waste_plan(short_run())), ["a"], "zh").decode()
    assert "收运量" not in only


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_has_the_columns_of_the_service(lang: str) -> None:
    """The widths fill the paper, each row has a cell a column, and all rows are printed."""
    plan = waste_plan()
    made = waste_sheets(plan, lang)
    html = page.page_html(plan, made, COORDS, lang)
    for form in (forms.STREET, forms.COLLECT, forms.HAUL):
        assert sum(form.widths_mm.values()) == 194
    printed = re.findall(r'<table class="rows">.*?</table>', html, re.S)
    for body in printed:
        for row in re.findall(r"<tr.*?</tr>", body.split("<tbody>")[1], re.S):
            spans = [int(n) - 1 for n in re.findall(r'colspan="(\d+)"', row)]
            assert row.count("<td") + sum(spans) == 10
    assert sum(body.count("<tr") - 1 for body in printed) == 14 + 11
    assert '<td class="r load">1,330</td><td class="r">1,330</td>' in html
    unloaded = "卸料" if lang == "zh" else "Unload"
    assert f'<td class="k">{unloaded}</td>' in html
    assert ("收运量 (kg)" if lang == "zh" else "Load (kg)") in html


def test_pages_leave_room_for_the_unloadings() -> None:
    """Twelve unloadings take lines in the tail; the map gets what is left."""
    rows = collection_sheet().rows[:2]
    few = paper.pages(rows, (), "zh", True, forms.COLLECT)
    many = paper.pages(rows, (), "zh", True, forms.COLLECT, ("Z1 复康路转运站 350 kg",) * 12)
    assert many[0].map_mm < few[0].map_mm - 12


def test_long_names_of_sites_make_a_row_higher() -> None:
    """A name of three lines and its id: 3 x 3.9 + 3.6 + 1.2 mm; a short one the least height."""
    row = collection_sheet().rows[2]
    assert paper.row_mm(row, "zh", forms.COLLECT) == pytest.approx(3.9 + 3.6 + 1.2)
    long = replace(row, place="时代奥城商业广场东区" * 3)
    assert paper.row_mm(long, "zh", forms.COLLECT) == pytest.approx(16.5)


def test_map_shows_sites_as_numbered_dots() -> None:
    """Three dots with the numbers of their rows, an unloading in town marked; a terminal, which is
    outside, is not; maps of streets have no dots."""
    html = page.page_html(waste_plan(collection_run()), (collection_sheet(),), COORDS)
    assert html.count('<circle class="site"') == 3
    for number in (3, 5, 11):
        assert f">{number}</text>" in html
    assert ">卸</text>" in html
    assert "圆点＝作业点" in html
    hauled = page.page_html(waste_plan(haul_run()), (haul_sheet(),), COORDS)
    assert hauled.count('<circle class="site"') == 1
    assert ">3·7</text>" in hauled
    assert ">卸</text>" not in hauled
    washed = waste_plan(short_run())
    assert 'class="site"' not in page.page_html(washed, waste_sheets(washed), COORDS)


def test_site_off_the_streets_is_inside_the_map() -> None:
    """A dot stands where the community is, not at the corner, and the map reaches that far."""
    district = waste_district()
    far = (COORDS[node(0, 2)][0] + 0.01, COORDS[node(0, 2)][1])
    moved = replace(district.communities[0], lon=far[0], lat=far[1])
    plan = waste_plan(collection_run())
    sheet = sheets.build_sheets(
        plan,
        replace(district, communities=(moved, *district.communities[1:])),
        {},
        coords=COORDS,
    )[0]
    assert sheet.rows[2].at == far
    html = page.page_html(plan, (sheet,), COORDS)
    width = int(re.findall(r'viewBox="0 0 (\d+)', html)[0])
    across = [int(x) for x in re.findall(r'<circle class="site" cx="(\d+)"', html)]
    assert across[0] == max(across) <= width - 22


def plan_figures(*runs: Run, uncovered: tuple[Uncovered, ...] = ()) -> dict[str, Any]:
    return indicators(waste_district(), runs, uncovered, (), {}, ())


def line_of(found: table.Table, row: int) -> dict[str, str]:
    return dict(zip(found.header, found.rows[row], strict=True))


def test_summary_of_loaded_services() -> None:
    """A row by service and shift, a total for each service; stops, tonnes, bins, unloadings, km."""
    left = (Uncovered(pickup("C4", 30, 1), "hours", "没有时间", {}),)
    found = waste.loads_table(plan_figures(collection_run(), haul_run(), uncovered=left))
    assert found.total == 2
    first = line_of(found, 0)
    assert [first[key] for key in ("作业", "班次", "应收点", "已收点", "未收点")] == [
        "收运", "清晨收运", "4", "3", "1",
    ]  # fmt: skip
    assert [first[key] for key in ("已收吨", "未收吨", "桶", "卸料次数", "行驶km", "最长班")] == [
        "2.4", "0.030", "34", "2", "8.0", "1:23",
    ]  # fmt: skip
    assert line_of(found, 3)["已收吨"] == "15.0"
    assert [row[:2] for row in found.rows[2:]] == [("合计", "收运"), ("合计", "转运")]
    english = waste.loads_table(plan_figures(collection_run()), "en")
    assert english.header[:5] == ("Service", "Shift", "trucks", "runs", "due stops")


def test_balance_table() -> None:
    """Tonnes of each station and stream, and each stream's sums after a rule."""
    found = waste.balance_table(plan_figures(collection_run(), haul_run()))
    assert found.header == (
        "转运站", "垃圾类别", "期初吨", "进吨", "出吨", "期末吨", "最高吨", "容量吨",
    )  # fmt: skip
    assert found.rows[1] == (
        "Z1 复康路转运站", "其他垃圾", "14.0", "2.4", "15.0", "1.4", "14.0", "36.0",
    )  # fmt: skip
    assert found.rows[2:] == (
        ("合计", "可回收物", "0.5", "0.0", "0.0", "0.5", "-", "20.0"),
        ("合计", "其他垃圾", "14.0", "2.4", "15.0", "1.4", "-", "36.0"),
    )
    lines = table.render(found, tty=True).split("\n")
    assert [line.startswith("──") for line in lines] == [
        False,
        True,
        False,
        False,
        True,
        *[False] * 2,
    ]
    assert waste.balance_table(plan_figures(haul_run()), "en").rows[0][1] == "recyclables"


def test_streams_table() -> None:
    """Tonnes due, served, left and suspended of each stream."""
    found = waste.streams_table(plan_figures(collection_run(), haul_run()))
    assert found.rows == (
        ("收运", "其他垃圾", "2.4", "2.4", "0.0", "0.0"),
        ("转运", "其他垃圾", "15.0", "15.0", "0.0", "0.0"),
    )


def test_tables_of_waste_are_shown_where_there_is_any() -> None:
    """Streets only: one summary and one table of runs; waste only: none of the streets'."""
    washed = plan_figures(short_run())
    assert shown.summary_tables(washed, "zh") == [text.summary_table(washed)]
    mixed = plan_figures(short_run(), collection_run())
    street, *rest = shown.summary_tables(mixed, "zh")
    assert [row[0] for row in street.rows] == ["洗路", "合计"]
    assert line_of(street, 1)["已排km"] == "2.8"
    assert [found.header[0] for found in rest] == ["作业", "作业", "转运站"]
    only = shown.summary_tables(plan_figures(haul_run()), "zh")
    assert [found.header[2] for found in only] == ["车辆", "应收吨", "期初吨"]
    plan = replace(waste_plan(short_run(), haul_run()), indicators=mixed)
    heads = [found.header[-1] for found in shown.plan_tables(plan, "zh")]
    assert heads[-2:] == ["加水次数", "行驶km"]
    for found in (*rest, *only):
        lines = table.render(found, tty=False).split("\n")
        assert {line.count("\t") for line in lines} == {len(found.header) - 1}


def test_runs_and_run_tables() -> None:
    """One line a run with its sums; one run in full, without what is filled in by hand."""
    plan = waste_plan(short_run(), collection_run(), haul_run())
    assert [row[0] for row in text.runs_table(plan).rows] == ["W-N-02"]
    rows = waste.load_runs_table(plan).rows
    assert rows[0][8:] == ("1:23", "3", "34", "2.4", "2", "8.0")
    assert rows[1][8:] == ("3:22", "2", "0", "15.0", "2", "100.1")
    full = text.run_table(collection_sheet())
    assert "实际时间" not in full.header
    assert line_of(full, 4)["车载累计 (kg)"] == "2030"
    assert full.right[full.header.index("桶数")]


def test_uncovered_and_suspended_sites_are_counted() -> None:
    """Two duties at C4, one at C5: 3 times, 2 sites, 460 kg; passes keep their roads and km."""
    evening = pickup("C4", 210, 3, "collect_evening")
    same = replace(evening, shift_id="collect_dawn", stream="kitchen")
    street = replace(evening, service="wash", shift_id="night", section_id="R001-01F",
                     road_id="R001", length_m=400, site_id="", stream="", load_kg=0)  # fmt: skip
    duties = (pickup("C4", 210, 3), same, pickup("C5", 40, 1), street)
    found = text.uncovered_table([Uncovered(duty, "hours", "没有时间", {}) for duty in duties])
    assert found.header[3:8] == ("次数", "道路数", "km", "点数", "kg")
    assert [row[3:8] for row in found.rows] == [
        ("1", "1", "0.4", "", ""), ("3", "", "", "2", "460"),
    ]  # fmt: skip
    off = text.suspended_table([Suspended(duty, "snow", "雪") for duty in duties[:3]], "en")
    assert off.header == ("service", "shift", "rule", "passes", "roads", "km", "sites", "kg", "why")
    assert off.rows[0][3:8] == ("3", "", "", "2", "460")
