"""Sheets and tables of rounds, of the hand-made plan of roundplan.py."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rounddistrict import write_rounddistrict
from roundplan import good_plan, listed

from sanitation.archive import plan_of
from sanitation.district import read_district
from sanitation.export.page import page_html
from sanitation.export.rounds import round_runs_table, rounds_table
from sanitation.export.sheets import Sheet, build_sheets, index_csv, sheet_csv, total_fields
from sanitation.export.shown import plan_tables
from sanitation.indicators import indicators
from sanitation.model import DayPlan, District, Suspended
from sanitation.rounds import round_figures


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_rounddistrict(tmp_path_factory.mktemp("rounds")))


@pytest.fixture(scope="module")
def plan(town: District) -> DayPlan:
    """The good plan with its figures, and one more visit suspended."""
    document = good_plan()
    document["suspended"] = [listed("foot_pm", "WC4", 6) | {"rule": "foot_ban", "text": "热"}]
    plan = plan_of(document)
    figures = indicators(town, plan.runs, (), plan.suspended, {}, ())
    return replace(plan, indicators=figures)


def sheets(plan: DayPlan, town: District, lang: str = "zh") -> dict[str, Sheet]:
    return {sheet.run_id: sheet for sheet in build_sheets(plan, town, {}, lang)}


def lines(data: bytes) -> list[list[str]]:
    return [line.split(",") for line in data.decode("utf-8-sig").splitlines()]


def test_rows_of_a_walker(plan: DayPlan, town: District) -> None:
    """Which visit of how many, 15 + 5 minutes in class 2, 10 + 3 in class 3, and ways on foot."""
    rows = lines(sheet_csv(sheets(plan, town)["F1"]))
    first = "序号,类别,作业点,编号,今日第几次,清洁 (分钟),除臭 (分钟),计划起止,里程 (m)"
    head = rows.index([*first.split(","), "实际时间", "完成 √", "备注"])
    found = [row[1:9] for row in rows[head + 1 : head + 7]]
    assert found == [
        ["出发", "D1 西停车场", "", "", "", "", "06:00–06:00", ""],
        ["步行", "公厕4", "", "", "", "", "06:00–06:05", "400"],
        ["保洁", "公厕4", "WC4", "1/5", "15", "5", "06:05–06:25", ""],
        ["步行", "公厕5", "", "", "", "", "06:25–06:36", "800"],
        ["等待", "公厕5", "", "", "", "", "06:36–06:40", ""],
        ["保洁", "公厕5", "WC5", "1/3", "10", "3", "06:40–06:53", ""],
    ]
    assert ["保洁员", ""] in rows


def test_a_van_drives(plan: DayPlan, town: District) -> None:
    """The same columns; it departs, drives and returns."""
    rows = lines(sheet_csv(sheets(plan, town, "en")["V1"]))
    kinds = {row[1] for row in rows if len(row) > 8}
    assert {"Depart", "Drive", "Clean", "Rest", "Wait", "Return"} <= kinds
    assert "Walk" not in kinds


def test_totals_and_head(plan: DayPlan, town: District) -> None:
    """Five visits at two toilets; the head speaks of a cleaner and a base."""
    sheet = sheets(plan, town)["F1"]
    totals = dict(total_fields(sheet))
    assert (totals["作业点"], totals["公厕"]) == ("5", "2")
    # 400 m out, four ways of 800 m between the two, and 400 m home.
    assert totals["行驶里程"] == "4.00 km"
    head = dict(sheet.header)
    assert head["保洁员/同行"] == "保洁员1 / 无"
    assert head["班点"] == "D1 西停车场"
    assert "除臭剂" in head["出车检查"]


def test_heat_is_told_to_who_walks(plan: DayPlan, town: District) -> None:
    """The hours in which nobody may be on foot are on the sheet of walkers alone."""
    ban = [["2026-07-15T12:00:00+08:00", "2026-07-15T15:00:00+08:00"]]
    hot = replace(plan, conditions={**plan.conditions, "foot_ban": ban})
    found = sheets(hot, town)
    assert found["F1"].bans == ("高温停止步行作业：12:00–15:00",)
    assert found["V1"].bans == ()
    assert sheets(hot, town, "en")["F1"].bans == ("Too hot, not on foot: 12:00–15:00",)


def test_event_is_in_the_head(plan: DayPlan, town: District) -> None:
    """An event day says so beside the weather, and counts six visits of class 2."""
    conditions = {**plan.conditions, "active": ["event", "plain"]}
    sheet = sheets(replace(plan, conditions=conditions), town)["F1"]
    assert "活动日" in dict(sheet.header)["天气/气温/预警"]
    assert [row.visits for row in sheet.rows if row.site == "WC4"] == [6, 6, 6]


def test_page_has_a_box_to_tick(plan: DayPlan, town: District) -> None:
    """One box for each of the sixteen visits, and as many cells in a row as columns."""
    found = sheets(plan, town)
    html = page_html(plan, list(found.values()), {}, "zh")
    assert html.count("□</td>") == 16
    rows = [part.partition("</tr>")[0] for part in html.split("<tr")]
    form = found["F1"].form
    row = next(part for part in rows if "WC4" in part and "1/5" in part)
    assert row.count("<td") == len(form.widths_mm)
    way = next(part for part in rows if "步行</span>" in part)
    assert way.count("<td") == len(form.widths_mm) - len(form.span) + 1
    assert "路线示意图" not in html  # no coordinates, no map


def test_index_names_visits_without_loads(plan: DayPlan, town: District) -> None:
    """Bins and tonnes are columns of waste: a plan without it has none."""
    found = list(sheets(plan, town).values())
    head, first, *_ = lines(index_csv(found, [f"{s.run_id}.csv" for s in found], "zh"))
    assert "作业点" in head
    assert not {"桶数", "收运量 (t)"} & set(head)
    assert first[head.index("作业点")] == "5"


def test_summary_by_shift(plan: DayPlan) -> None:
    """WC4 is cleaned until 23,120 and again from 31,200: 8,080 s; WC2 on the van 22,932 to 31,200.

    Least in a shift: on foot early 32,400 to 40,800 is 8,400 s and 8,080 s are less: 2:15; by van
    8,268 s and 32,460 to 40,800 is 8,340 s: 2:18. Of the day 2:15.
    """
    table = rounds_table(plan.indicators, "en")
    columns = {name: i for i, name in enumerate(table.header)}
    rows = {row[1]: row for row in table.rows}
    assert rows["foot am"][columns["least spacing h:mm"]] == "2:15"
    assert rows["van am"][columns["least spacing h:mm"]] == "2:18"
    total = table.rows[-1]
    assert total[columns["least spacing h:mm"]] == "2:15"
    assert [total[columns[name]] for name in ("due visits", "planned visits", "toilets")] == [
        "16", "16", "4",
    ]  # fmt: skip
    assert rows["foot pm"][columns["suspended visits"]] == "1"


def test_runs_one_a_line(plan: DayPlan) -> None:
    """F1: two toilets, five visits, 4 km on foot."""
    row = next(row for row in round_runs_table(plan, "zh").rows if row[0] == "F1")
    assert row[1:6] == ("公厕保洁", "foot_am", "TF1", "K1", "D1")
    assert row[-3:] == ("2", "5", "4.0")


def test_a_plan_of_rounds_has_no_table_of_streets(plan: DayPlan) -> None:
    """Its summary, its runs, and what is suspended: three tables."""
    tables = plan_tables(plan, "zh")
    assert [table.header[2] for table in tables] == ["班组", "班次", "规定"]


def test_figures_without_visits(plan: DayPlan) -> None:
    """What is left is due, what is suspended is not; no gap where nothing is visited twice."""
    (suspended,) = plan.suspended
    assert isinstance(suspended, Suspended)
    found = round_figures((), [suspended.duty], [suspended.duty])
    assert found == {
        "due_stops": 1, "stops": 0, "uncovered_stops": 1, "suspended_stops": 1, "sites": 0,
        "least_gap_min": None,
    }  # fmt: skip
