"""The office's tables as data and as CSV: what their cells say, by hand, and that none can run."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from officeday import HOSTILE, hostile_day, street_day, waste_day

from sanitation.export import tablefiles
from sanitation.export.csvtext import bare_csv_bytes, guarded
from sanitation.export.daytable import Cell, Column, DayTable, cell_text
from sanitation.export.handout import Handout
from sanitation.export.sheetfiles import csv_files
from sanitation.export.tables_day import DayTables, day_tables
from sanitation.model import Duty, Post, Suspended, Uncovered, Violation, Window


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Handout:
    return street_day(tmp_path_factory.mktemp("street"))


@pytest.fixture(scope="module")
def waste(tmp_path_factory: pytest.TempPathFactory) -> Handout:
    return waste_day(tmp_path_factory.mktemp("waste"))


def named(day: DayTables, key: str) -> DayTable:
    return next(table for table in (*day.overview, *day.tables) if table.key == key)


def rows_of(table: DayTable) -> list[dict[str, Cell]]:
    heads = [column.heading for column in table.columns]
    return [dict(zip(heads, row, strict=True)) for row in table.rows]


def table_of(handout: Handout, key: str, lang: str = "zh") -> list[dict[str, Cell]]:
    return rows_of(named(day_tables(handout, lang, False), key))


def total(rows: list[dict[str, Cell]], head: str) -> float:
    return sum(float(row[head] or 0) for row in rows)  # type: ignore[arg-type]


def test_a_run_by_hand(street: Handout) -> None:
    """N1 goes out at 23:00 of the evening before and is in at 04:31:12: 5.52 h; 16 passes of
    400 m at 3 m are 6.4 km and 19,200 m², and 624 L each are 9.984 m³."""
    row = next(row for row in table_of(street, "runs") if row["班次号"] == "N1")
    assert row["计划出车"] == datetime(2026, 7, 14, 23, 0)
    assert row["计划收车"] == datetime(2026, 7, 15, 4, 31, 12)
    assert (row["工时 (h)"], row["作业里程 (km)"], row["作业面积 (m²)"]) == (5.52, 6.4, 19_200)
    assert (row["用水 (m³)"], row["加水次数"], row["排污次数"]) == (9.984, 1, 1)
    assert (row["作业段/点"], row["休息次数"], row["单号"]) == (16, 1, "20260715-N1")


@pytest.mark.parametrize("which", ["street", "waste"])
def test_the_runs_sum_up_to_the_plans_totals(which: str, request: pytest.FixtureRequest) -> None:
    """Hours, kilometres, water, fuel and cost of all rows are those of the indicators, which are
    rounded to the decimals that they have."""
    handout: Handout = request.getfixturevalue(which)
    rows, sums = table_of(handout, "runs", "en"), handout.plan.indicators["totals"]
    for head, key, within in (
        ("Hours (h)", "hours", 0.00501),
        ("Work (km)", "service_km", 1e-6),
        ("Deadhead (km)", "deadhead_km", 1e-6),
        ("Area (m²)", "washed_m2", 0.5),
        ("Water (m³)", "water_m3", 0.0501),
        ("Fuel (L)", "fuel_l", 0.0501),
        ("Cost (CNY)", "cost_cny", 0.501),
    ):
        assert total(rows, head) == pytest.approx(sums[key], abs=within), head
    taken = sum(row["load_t"] for row in sums.get("streams", ()))
    assert total(rows, "Load (t)") == pytest.approx(taken, abs=1e-6)


def test_pieces_of_work_are_the_passes(street: Handout) -> None:
    """72 passes of 400 m (28 by night, 24 by day, 20 of sprinkling): 28.8 km. The first one of N1
    is on 中央大道, grade 1, from west to east at the kerb, and takes 288 s."""
    rows = table_of(street, "sections")
    assert (len(rows), total(rows, "里程 (m)")) == (72, 28_800)
    assert total(rows, "用水 (L)") == 1000 * total(table_of(street, "runs"), "用水 (m³)")
    first = next(row for row in rows if row["班次号"] == "N1")
    assert (first["序号"], first["路段/点编号"], first["道路/作业点"]) == (1, "R2-1F", "中央大道")
    assert (first["方向"], first["等级"], first["轮次/次数"], first["遍数"]) == ("西→东", 1, 1, 1)
    begins, ends = first["计划开始"], first["计划结束"]
    assert isinstance(begins, datetime)
    assert isinstance(ends, datetime)
    assert (ends - begins).total_seconds() == 288
    assert first["收运量 (kg)"] is None


def test_visits_of_trucks_that_carry_waste(waste: Handout) -> None:
    """K1 takes 1,400 kg in 20 bins at C1, its first piece of work; what is taken by all is what
    is let off."""
    work, off = table_of(waste, "sections"), table_of(waste, "unloadings")
    first = next(row for row in work if row["班次号"] == "K1")
    assert (first["路段/点编号"], first["收运量 (kg)"], first["桶/箱数"]) == ("C1", 1400, 20)
    assert (first["里程 (m)"], first["等级"], first["用水 (L)"]) == (None, None, None)
    assert first["街道"]
    assert total(work, "收运量 (kg)") == total(off, "卸料量 (kg)")
    assert [row["卸料量 (kg)"] for row in off if row["班次号"] == "K1"] == [2100, 1400]


def test_refills_are_litres(street: Handout) -> None:
    """N1 dumps what came back of eight passes (8 x 468 L) and fills up what they took (8 x 624)."""
    rows = [row for row in table_of(street, "refills") if row["班次号"] == "N1"]
    assert [(row["类别"], row["地点编号"], row["水量 (L)"]) for row in rows] == [
        ("排污", "X1", 3744),
        ("加水", "F1", 4992),
    ]


def test_stations_keep_their_balance(waste: Handout) -> None:
    """TS1's residual waste: 2 t at first, 2.8 t come, 4.8 t go, the most is 4.8 t of 6 t, 80 %.
    After its last change each stock is what the day closes with."""
    rows = table_of(waste, "stations")
    row = next(r for r in rows if (r["编号"], r["期初吨"]) == ("TS1", 2.0))
    assert (row["进吨"], row["出吨"], row["期末吨"], row["最高吨"]) == (2.8, 4.8, 0.0, 4.8)
    assert row["最高占用"] == 0.8
    last = {(r["编号"], r["垃圾类别"]): r["存量 (t)"] for r in table_of(waste, "stock")}
    assert last == {(r["编号"], r["垃圾类别"]): r["期末吨"] for r in rows}


def test_vehicles_out_by_half_hour(street: Handout) -> None:
    """At 03:00 all three washers of the night are out; the table ends with the last run."""
    rows = table_of(street, "hours")
    assert next(r for r in rows if r["时段开始"] == datetime(2026, 7, 15, 3, 0))["洗路"] == 3
    assert rows[0]["时段开始"] == datetime(2026, 7, 14, 23, 0)
    assert rows[-1]["时段开始"] == datetime(2026, 7, 15, 13, 30)


def test_why_a_vehicle_is_in(street: Handout) -> None:
    """W4 is in the workshop, W5 a spare; where W2 must stay, W5 drives for it; and a cap of one
    sprinkler leaves the second at home."""
    before = {row["车辆"]: row for row in table_of(street, "vehicles")}
    assert before["W4"]["未出车原因/替班"] == "在修"
    assert before["W5"]["未出车原因/替班"] == "备用待命"
    assert before["S2"]["未出车原因/替班"] == "今日未派"
    assert (before["W2"]["班次数"], before["W2"]["班次号"]) == (2, "N3、D1")
    plan = street.plan
    runs = tuple(
        replace(run, vehicle_id="W5") if run.vehicle_id == "W2" else run for run in plan.runs
    )
    order = {"line": 2, "kind": "truck_off", "target": "样A0002", "ids": ["W2"], "vehicle": ""}
    order |= {"shift": "", "minutes": 0, "note": "", "outcome": "obeyed", "reason": "W5"}
    made = plan.provenance | {"orders": [order], "options": {"fleet": {"sprinkler": 1}}}
    changed = replace(street, plan=replace(plan, runs=runs, provenance=made))
    after = {row["车辆"]: row["未出车原因/替班"] for row in table_of(changed, "vehicles")}
    assert (after["W2"], after["W5"], after["S2"]) == ("指令停驶", "替 W2", "超出限定车数")
    (listed,) = table_of(changed, "orders")
    assert (listed["指令"], listed["对象"], listed["结果"]) == ("车辆停驶", "样A0002", "已执行")


def test_what_people_do(street: Handout) -> None:
    """P3 drives three runs, 05:30 to 13:48: 5,070 s of work in 8.3 h; of N1's 19,872 s P1 rests
    1,200. P7 has Wednesdays off, and nobody called the helper P8: reserve."""
    rows = {row["人员编号"]: row for row in table_of(street, "drivers")}
    driven = rows["P3"]
    assert (driven["班次号"], driven["首班开始"]) == ("A1、A2、A3", datetime(2026, 7, 15, 5, 30))
    assert driven["工作时间 (h)"] == pytest.approx(5070 / 3600, abs=1e-6)
    assert driven["时间跨度 (h)"] == 8.3
    assert rows["P1"]["工作时间 (h)"] == pytest.approx((19_872 - 1200) / 3600, abs=1e-6)
    assert (rows["P7"]["今日"], rows["P8"]["今日"]) == ("轮休", "备勤")
    assert rows["P7"]["首班开始"] is None


def test_what_is_wrong_is_told(street: Handout) -> None:
    """Left over with its fix, suspended with its rule, broken with its time, a post left empty."""
    window = Window(-5400, 23_400)
    duty = Duty(
        *("wash/night/R2-1F/r1p1", "wash", "night", "R2-1F", "R2", 1, 1, 1, 400, (window,), 5)
    )
    plan = replace(
        street.plan,
        uncovered=(Uncovered(duty, "bays", "排队", {"text": "加 1 辆"}),),
        suspended=(Suspended(duty, "rain", "降雨"),),
        violations=(Violation("tank", "N1", 0, "水箱"), Violation("fleet", "", -1, "车数")),
        posts=(Post("T1", "morning", 21_600, 50_400, 1, (), 1, "缺", {}),),
    )
    day = day_tables(replace(street, plan=plan), "zh", False)
    (left,) = rows_of(named(day, "uncovered"))
    assert (left["路段/点编号"], left["道路/作业点"]) == ("R2-1F", "中央大道")
    assert (left["允许时段"], left["里程 (m)"]) == ("22:30–06:30", 400)
    assert (left["原因"], left["说明"], left["最小补救办法"]) == ("bays", "排队", "加 1 辆")
    assert rows_of(named(day, "suspended"))[0]["规定"] == "rain"
    first, second = rows_of(named(day, "violations"))
    assert (first["时间"], first["车辆"]) == (datetime(2026, 7, 14, 23, 0), "W1")
    assert (second["时间"], second["站序"], second["班次号"]) == (None, None, "")
    (post,) = rows_of(named(day, "posts"))
    assert (post["上岗"], post["值守员"]) == (datetime(2026, 7, 15, 6, 0), "缺岗")
    assert day.statement is not None
    assert [row[1] for row in day.statement.faults.rows] == [1, 1, 1, 2, 0, 0]


def test_the_statement_says_what_plan_json_says(street: Handout, waste: Handout) -> None:
    """Its last line is the indicators' totals; work that is counted in different units has no sum;
    mass balance: what the stations begin with and get is what leaves and stays."""
    for handout in (street, waste):
        statement = day_tables(handout, "zh", False).statement
        assert statement is not None
        sums, last = handout.plan.indicators["totals"], rows_of(statement.services)[-1]
        for head, key in (
            ("班次数", "runs"),
            ("车辆", "vehicles"),
            ("工时 h", "hours"),
            ("作业 km", "service_km"),
            ("空驶 km", "deadhead_km"),
            ("用水 m³", "water_m3"),
            ("油耗 L", "fuel_l"),
            ("费用 元", "cost_cny"),
        ):
            assert last[head] == sums[key], head
    assert last["应作业"] is None
    first = day_tables(street, "zh", False).statement
    assert first is not None
    assert rows_of(first.services)[-1]["应作业"] == 28.8
    (*_, balance) = rows_of(statement.stations)
    opening, brought, left, closing = (balance[key] for key in ("期初 t", "进 t", "出 t", "期末 t"))
    assert opening + brought == pytest.approx(left + closing)  # type: ignore[operator]
    assert statement.notes == ("甲",)


def test_a_plan_without_figures_has_its_tables(street: Handout) -> None:
    """One made by hand: no figures to state, so none are, and everything else is there."""
    bare = replace(street, plan=replace(street.plan, indicators={}, provenance={}))
    day = day_tables(bare, "zh", False)
    assert day.overview == ()
    assert day.statement is not None
    assert day.statement.services.rows == ()
    assert len(named(day, "runs").rows) == 8


def test_one_run_tells_nothing_of_the_day(street: Handout) -> None:
    day = day_tables(street.only("N1"), "en", True)
    assert day.statement is None
    assert [table.key for table in (*day.overview, *day.tables)] == [
        *("runs", "sections", "refills", "unloadings")
    ]
    assert {row[0] for table in day.tables for row in table.rows} == {"N1"}
    files = [name for name, _ in tablefiles.table_files(street.only("N1"), "en", "utf-8", True)]
    assert files == [
        f"csv/tables/N1/{t}.csv" for t in ("runs", "sections", "refills", "unloadings")
    ]


def read_csv(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv_reads_back_cell_by_cell(street: Handout, encoding: str) -> None:
    """A file a table, the same cells in both encodings; UTF-8 begins with its mark."""
    files = dict(tablefiles.table_files(street, "zh", encoding, False))
    day = day_tables(street, "zh", False)
    tables = (*day.overview, *day.tables)
    assert set(files) == {f"csv/tables/{t.key}.csv" for t in tables} | {"csv/tables/statement.csv"}
    for table in tables:
        content = files[f"csv/tables/{table.key}.csv"]
        assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8")
        head, *rows = read_csv(content, "utf-8-sig" if encoding == "utf-8" else encoding)
        assert head == [column.heading for column in table.columns]
        kinds = [column.kind for column in table.columns]
        assert rows == [
            [cell_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
            for row in table.rows
        ]


def test_cells_of_csv() -> None:
    """Figures as they are, without marks; a minus stays one; times as a spreadsheet reads them."""
    told: Mapping[Any, str] = {
        (1234567, "whole"): "1234567",
        (-0.5, "number"): "-0.5",
        (0.1 + 0.2, "number"): "0.3",
        (705.0, "number"): "705",
        (0.875, "share"): "87.5%",
        (datetime(2026, 7, 14, 22, 30), "moment"): "2026-07-14 22:30:00",
        (None, "number"): "",
    }
    for (cell, kind), text in told.items():
        assert cell_text(cell, kind) == text


def test_no_cell_of_a_csv_runs(tmp_path: Path) -> None:
    """Names that begin a formula get an apostrophe in every file, sheets' and tables'; figures do
    not, and a long name or a picture is left as it is."""
    day = hostile_day(tmp_path)
    files = {
        **dict(csv_files(day, "zh", "utf-8", False)),
        **dict(tablefiles.table_files(day, "zh", "utf-8", False)),
    }
    cells = {cell for content in files.values() for line in read_csv(content) for cell in line}
    assert not [
        c for c in cells if c[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
    ]
    tables = {cell for line in read_csv(files["csv/tables/sections.csv"]) for cell in line}
    assert {f"'{name}" if name[0] in "=+@－" else name for name in HOSTILE} <= tables
    vehicles = read_csv(files["csv/tables/vehicles.csv"])
    assert next(line for line in vehicles if line[0] == "W1")[1] == "'=1+1"


def test_a_guard_leaves_plain_texts_alone() -> None:
    assert bare_csv_bytes([["a\ud800"]]) == b"\xef\xbb\xbfa?\r\n"
    assert [guarded(text) for text in ("", "a=1", "长江道", "'=1", "\n=1")] == [
        *("", "a=1", "长江道", "'=1", "'\n=1")
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("a",), "1 cells under 2 headings"),
        (("a", "1"), "'1' is no whole"),
        (("a", 1.5), "1.5 is no whole"),
        (("a", True), "True is no whole"),
        ((1, 1), "1 is no text"),
    ],
)
def test_a_table_cannot_hold_nonsense(row: tuple[Cell, ...], told: str) -> None:
    """A text among figures would be a number that a spreadsheet does not add."""
    with pytest.raises(ValueError, match=told):
        DayTable("t", "T", (Column("a"), Column("b", "whole")), (row,))
