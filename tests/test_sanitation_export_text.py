"""The tables of the command line: contents, piped form and alignment."""

from __future__ import annotations

import unicodedata

from export_town import make_plan, make_sheets

from sanitation.export import text
from sanitation.model import Duty, Suspended, Uncovered, Violation, Window

INDICATORS = {
    "by_service_shift": [
        {"service": "wash", "shift": "night", "shift_name": "夜班", "vehicles": 34, "runs": 34,
         "due_m": 816_000, "covered_m": 815_400, "uncovered_m": 600, "suspended_m": 0,
         "hours": 243.0, "service_km": 815.4, "deadhead_km": 402.4, "deadhead_h": 13.4,
         "bound_h": 9.9, "water_m3": 1273.0, "fuel_l": 2310.2, "cost_cny": 41_234.5,
         "longest_min": 437.0, "shortest_min": 401.2, "shared_sections": 12, "sections": 800},
    ],
    "totals": {"vehicles": 34, "runs": 34, "due_m": 816_000, "covered_m": 815_400},
}  # fmt: skip


def test_summary_has_units_and_totals() -> None:
    """Headings carry the unit, the last row is the total, a figure not given is a dash."""
    table = text.summary_table(INDICATORS)
    line = dict(zip(table.header, table.rows[0], strict=True))
    assert (line["作业"], line["班次"], line["应作业km"], line["未排km"]) == (
        "洗路", "夜班", "816.0", "0.6",
    )  # fmt: skip
    assert (line["最长班"], line["最短班"]) == ("7:17", "6:41")
    assert line["共用路段%"] == "1.5"
    assert table.rows[-1][0] == "合计"
    assert dict(zip(table.header, table.rows[-1], strict=True))["费用元"] == "-"
    assert text.summary_table(INDICATORS, "en").header[4] == "due km"


def test_piped_tables_are_tab_separated() -> None:
    """Through a pipe every line has the header's number of fields, and nothing is padded or cut."""
    table = text.summary_table(INDICATORS)
    lines = text.render(table, tty=False, width=20).split("\n")
    assert len(lines) == 3
    assert {line.count("\t") for line in lines} == {len(table.header) - 1}
    assert lines[1].split("\t") == list(table.rows[0])


def wide(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_chinese_columns_are_aligned() -> None:
    """A Chinese character counts for two columns: figures end where their heading ends."""
    table = text.Table(("道路", "km"), (("长江道", "5.0"), ("A", "12.5")), (False, True))
    lines = text.render(table, tty=True).split("\n")
    assert lines == ["道路      km", "──────  ────", "长江道   5.0", "A       12.5"]
    assert {wide(line) for line in lines} == {12}


def test_wide_tables_are_cut_between_columns() -> None:
    """In 80 columns the summary is blocks that repeat service and shift; no cell is lost."""
    table = text.summary_table(INDICATORS)
    blocks = text.render(table, tty=True, width=80).split("\n\n")
    assert len(blocks) > 1
    assert all(block.startswith("作业") and "夜班" in block for block in blocks)
    assert max(wide(line) for block in blocks for line in block.split("\n")) <= 80
    for heading in table.header:
        assert any(heading in block for block in blocks)


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A tab, a newline or an escape sequence in a name cannot break a line or move the cursor."""
    table = text.Table(("a",), (("x\ty\n\x1b[2J",),), (False,))
    for tty in (True, False):
        assert text.render(table, tty=tty).split("\n")[-1] == "x y  [2J"


def duty(section: str, metres: int) -> Duty:
    return Duty(f"wash/night/{section}/r1p1", "wash", "night", section, section[:4], 1, 1, 1,
                metres, (Window(-5400, 23400),), 1)  # fmt: skip


def test_uncovered_are_grouped_by_cause_and_fix() -> None:
    """Three duties of one cause and fix are one line: 3 passes, 2 roads, 1.2 km; longest first."""
    fix = {"text": "加 1 台洗路车"}
    rows = text.uncovered_table([
        Uncovered(duty("R009-01F", 300), "window", "时段太短", {"type": "washer", "add": 2}),
        Uncovered(duty("R001-01F", 400), "fleet", "车辆不足", fix),
        Uncovered(duty("R001-02F", 400), "fleet", "车辆不足", fix),
        Uncovered(duty("R002-01F", 400), "fleet", "车辆不足", fix),
    ]).rows  # fmt: skip
    assert rows[0] == ("洗路", "night", "fleet", "3", "2", "1.2", "车辆不足", "加 1 台洗路车")
    assert rows[1][3:6] == ("1", "1", "0.3")
    assert rows[1][7] == "add=2, type=washer"


def test_suspended_are_grouped_by_rule() -> None:
    """Two rules give two lines, the longer first."""
    rows = text.suspended_table([
        Suspended(duty("R001-01F", 400), "rain", "雨天停止湿式作业"),
        Suspended(duty("R001-02F", 400), "frost", "低温"),
        Suspended(duty("R002-01F", 300), "frost", "低温"),
    ]).rows  # fmt: skip
    assert [row[2:6] for row in rows] == [("frost", "2", "2", "0.7"), ("rain", "1", "1", "0.4")]


def test_runs_run_and_violations_tables() -> None:
    """One line a run with its sums; one run in full; a violation with the clock of its stop."""
    plan = make_plan()
    runs = text.runs_table(plan).rows
    assert runs[1] == ("W-N-02", "洗路", "night", "W02", "P02", "D1", "07-14 22:30",
                       "07-14 23:09", "0:39", "7", "2.8", "2.8", "0")  # fmt: skip
    table = text.run_table(make_sheets(plan)[1])
    assert len(table.rows) == 7
    assert "实际时间" not in table.header
    found = text.violations_table([Violation("tank", "W-N-01", 5, "…"),
                                   Violation("bays", "", -1, "…")], plan).rows  # fmt: skip
    assert [row[:4] for row in found] == [("tank", "W-N-01", "5", "22:49"), ("bays", "", "", "")]


def test_a_few_metres_do_not_show_as_nothing() -> None:
    """30 m left uncovered are 0.030 km, not 0.0: the reader must see why the plan is not clean."""
    figures = {**INDICATORS["totals"], "uncovered_m": 30}
    table = text.summary_table({"by_service_shift": [], "totals": figures})
    assert dict(zip(table.header, table.rows[-1], strict=True))["未排km"] == "0.030"


def test_orders_are_shown_with_what_became_of_them() -> None:
    """Line, order in words, target, and for a refused one the reason."""
    record = {"target": "X07", "vehicle": "", "shift": "night", "minutes": 0, "note": ""}
    orders = [
        record | {"line": 2, "kind": "truck_off", "outcome": "obeyed", "reason": ""},
        record | {"line": 3, "kind": "pin", "outcome": "refused", "reason": "X07 不能做该作业"},
    ]
    assert text.orders_table(orders).rows == (
        ("2", "车辆停驶", "X07", "", "night", "已执行", ""),
        ("3", "固定路段", "X07", "", "night", "未执行", "X07 不能做该作业"),
    )
    assert text.orders_table(orders, "en").rows[1][1:6:4] == ("pin", "refused")
