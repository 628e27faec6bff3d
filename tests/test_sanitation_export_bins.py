"""Sheets and documents of litter bins, of a day on the district of bindistrict.py."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bindistrict import write_bindistrict

from routes.stop import Interrupted
from sanitation.district import read_district
from sanitation.export import forms, page, sheets, text, waste
from sanitation.export.handout import handout_of
from sanitation.model import DayPlan, District, Uncovered
from sanitation.options import Options
from sanitation.planjson import plan_dict, plan_of
from sanitation.planner import plan_day


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_bindistrict(tmp_path_factory.mktemp("bins")))


@pytest.fixture(scope="module")
def plan(town: District) -> DayPlan:
    return plan_day(
        town,
        Options(date="2026-07-15", services=("bins",), iterations=400),
        orders_path=None,
        history=Path("none"),
        interrupted=Interrupted(),
        say=lambda stage, done: None,
    )


def made(plan: DayPlan, town: District, lang: str = "zh") -> tuple[sheets.Sheet, ...]:
    return handout_of(town, plan).sheets(lang)


def test_rows_say_what_to_empty_and_on_which_side(plan: DayPlan, town: District) -> None:
    """125 bins in all rows of work; what is on board grows by 3 kg a bin until it is let off."""
    bins = 0
    for sheet in made(plan, town):
        board_kg = 0
        for row in sheet.rows:
            if row.kind == "service":
                assert row.title == "清箱"
                assert row.load_kg == 3 * row.bins > 0
                board_kg += row.load_kg
                bins += row.bins
                assert row.text.startswith(("第1轮", "第2轮"))
                # R6 is driven one way only: its second pass is for the bins on the left.
                left = row.section.startswith("R6") and "左" in row.side
                assert row.side == ("左侧" if left else "右侧")
            elif row.kind == "unload":
                assert row.load_kg == board_kg
                board_kg = 0
            assert row.on_board_kg == board_kg
    assert bins == 125
    sides = {
        row.side for sheet in made(plan, town) for row in sheet.rows if row.section.startswith("R6")
    }
    assert sides == {"左侧", "右侧"}


@pytest.mark.parametrize(("lang", "head"), [("zh", "箱数"), ("en", "Bins")])
def test_page_has_the_columns_of_bins(plan: DayPlan, town: District, lang: str, head: str) -> None:
    """The widths fill the paper and every row has a cell for each of the twelve columns."""
    assert sum(forms.BINS.widths_mm.values()) == 194
    coords = handout_of(town, plan).coords
    html = page.page_html(plan, made(plan, town, lang), coords, lang)
    printed = re.findall(r'<table class="rows">.*?</table>', html, re.S)
    assert printed
    for body in printed:
        assert f"<th>{head}</th>" in body
        for row in re.findall(r"<tr.*?</tr>", body.split("<tbody>")[1], re.S):
            spans = [int(n) - 1 for n in re.findall(r'colspan="(\d+)"', row)]
            assert row.count("<td") + sum(spans) == 12
    assert ("粗线＝清箱" if lang == "zh" else "thick = bins emptied") in html


def test_totals_and_bans(plan: DayPlan, town: District) -> None:
    """Sums of bins, kilograms and kilometres of work; one-way streets, and no ban of wet work."""
    all_sheets = made(plan, town)
    fields = [dict(sheets.total_fields(sheet)) for sheet in all_sheets]
    assert sum(int(one["果皮箱"]) for one in fields) == 125
    assert sum(float(one["作业里程"].split()[0]) for one in fields) == pytest.approx(9.6)
    bans = " ".join(ban for sheet in all_sheets for ban in sheet.bans)
    assert "东路" in bans
    assert "湿式作业" not in bans
    lines = sheets.index_csv(all_sheets, [one.run_id for one in all_sheets], "zh")
    rows = list(csv.DictReader(io.StringIO(lines.decode("utf-8-sig"))))
    assert sum(int(row["桶数"]) for row in rows) == 125
    assert all(row["用水量 (m³)"] == "" and float(row["作业里程 (km)"]) > 0 for row in rows)
    (head, *_), cells = waste.load_runs_table(plan).header, waste.load_runs_table(plan).rows
    assert (head, len(cells)) == ("班次号", len(plan.runs))


def test_a_plan_is_read_as_it_was_written(plan: DayPlan, town: District) -> None:
    """Bins and kilograms of runs survive, and those of an uncovered pass."""
    duty = next(
        stop for run in plan.runs for stop in run.stops if stop.kind == "service" and stop.bins
    )
    document = plan_dict(plan)
    (row, *_) = (
        stop for run in document["runs"] for stop in run["stops"] if stop["kind"] == "service"
    )
    assert (row["stream"], row["bins"]) == ("residual", duty.bins)
    assert plan_dict(plan_of(document)) == document
    left = {"service": "bins", "shift": "bins_am", "section": "R2-01F", "road": "R2", "pass": 1}
    left |= {"round": 1, "lane": 1, "length_m": 400, "stream": "residual", "load_kg": 30}
    left |= {"bins": 10, "duty": "bins/bins_am/R2-01F/r1p1", "cause": "vehicles", "text": "?"}
    document["uncovered"] = [left | {"fix": {}}]
    again = plan_of(document)
    assert again.uncovered[0].duty.bins == 10
    assert plan_dict(again)["uncovered"] == document["uncovered"]
    named = replace(plan, uncovered=(Uncovered(again.uncovered[0].duty, "vehicles", "", {}),))
    table = text.uncovered_table(named.uncovered)
    assert table.rows[0][0] == "果皮箱收运"
