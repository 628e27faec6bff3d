"""The office's workbook, read back: types, figures, how it prints, and that it is data alone."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from officeday import HOSTILE, hostile_day, street_day, waste_day

from sanitation.export.daytable import Column
from sanitation.export.handout import Handout
from sanitation.export.tables_day import day_tables
from sanitation.export.workbook import workbook_bytes, workbook_files
from sanitation.export.xlsxstyle import MOST_CHARACTERS, lines_of, number_format, put

SHEETS = [
    *("日报", "概览", "班次", "作业段", "加水排污", "卸料", "未完成", "暂停", "调度指令", "违规"),
    *("车辆", "出车时段", "人员", "公厕值守", "转运站", "存量变化"),
]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Handout:
    return street_day(tmp_path_factory.mktemp("street"))


@pytest.fixture(scope="module")
def book(street: Handout) -> Any:
    return opened(workbook_bytes(street, "zh", False))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def columns(sheet: Any, row: int = 2) -> dict[str, int]:
    """Where each heading stands."""
    return {cell.value: cell.column for cell in sheet[row]}


def test_a_sheet_for_each_table(book: Any) -> None:
    """In the order in which an office looks at them; the first is open."""
    assert book.sheetnames == SHEETS
    assert book.active.title == "日报"


def test_numbers_are_numbers_and_times_are_times(book: Any) -> None:
    """N1: 6.4 km out of 23:00 of the evening before; a text of digits stays a text."""
    sheet = book["班次"]
    at = columns(sheet)
    row = next(cell.row for cell in sheet["A"] if cell.value == "N1")
    out, work = sheet.cell(row, at["计划出车"]), sheet.cell(row, at["作业里程 (km)"])
    assert (out.value, out.data_type) == (datetime(2026, 7, 14, 23, 0), "d")
    assert out.number_format == "mm-dd hh:mm"
    assert (work.value, work.data_type, work.number_format) == (6.4, "n", "#,##0.00")
    fills = sheet.cell(row, at["加水次数"])
    assert (fills.value, fills.data_type) == (1, "n")


def test_the_statement_is_plan_jsons(street: Handout, book: Any) -> None:
    """Its totals are values, not formulas that a viewer may show as 0, and equal the indicators."""
    sheet, sums = book["日报"], street.plan.indicators["totals"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "作业")
    at = {cell.value: cell.column for cell in head}
    last = next(
        row[0].row for row in reversed(list(sheet.iter_rows(max_row=40))) if row[0].value == "合计"
    )
    for heading, key in (("工时 h", "hours"), ("作业 km", "service_km"), ("费用 元", "cost_cny"),
                         ("用水 m³", "water_m3"), ("空驶 km", "deadhead_km")):  # fmt: skip
        cell = sheet.cell(last, at[heading])
        assert (cell.data_type, cell.value) == ("n", sums[key]), heading
    told = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for said in ("模型数据，非真实", "2026-07-15", "by hand", "制表：", "审核：", "随机种子：1"):
        assert said in told


def test_no_sheet_has_a_formula_or_a_link(tmp_path: Path) -> None:
    """=cmd|..., +1, @x, 140 characters and pictures arrive as the texts that they are."""
    content = workbook_bytes(hostile_day(tmp_path), "zh", False)
    book = opened(content)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {*HOSTILE, "=1+1", "-2+3"} <= texts
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in sheets if b"<f>" in parts.read(name)]


def test_what_a_long_list_needs(book: Any) -> None:
    """Filters over all rows, panes frozen under the headings and beside the id, titles repeated
    on each printed page, everything printed, A4 lying, page numbers and the model's mark."""
    for name in SHEETS[2:]:
        sheet = book[name]
        last = sheet.cell(2, len(columns(sheet))).column_letter
        if name not in ("出车时段", "转运站"):  # with a chart beside
            last = sheet.cell(2, sheet.max_column).column_letter
            assert sheet.print_area == f"'{name}'!$A$1:${last}${sheet.max_row}"
            assert sheet.auto_filter.ref == f"A2:{last}{sheet.max_row}"
        assert sheet.freeze_panes == "B3"
        assert sheet.print_title_rows == "$1:$2"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert "&P" in sheet.oddFooter.right.text
        assert "&N" in sheet.oddFooter.right.text
        assert sheet.oddHeader.right.text.strip() == "模型数据，非真实"
        assert sheet.oddHeader.left.text.strip() == "2026-07-15"
    for name in ("班次", "作业段"):
        setup = book[name].page_setup
        assert book[name].sheet_properties.pageSetUpPr.fitToPage
        assert (setup.fitToWidth, setup.fitToHeight) == (None, 0)  # one page, as by default


def test_the_statement_is_one_page(book: Any) -> None:
    sheet = book["日报"]
    assert sheet.page_setup.orientation in (None, "portrait")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight in (None, 1)
    assert sheet.page_setup.fitToWidth in (None, 1)


def test_charts_stand_beside_their_tables(tmp_path: Path) -> None:
    """Vehicles out by half hour, and the stations' stock beside their room; inside what is
    printed."""
    book = opened(workbook_bytes(waste_day(tmp_path), "zh", False))
    assert {sheet.title: len(sheet._charts) for sheet in book if sheet._charts} == {
        "出车时段": 1,
        "转运站": 1,
    }
    for name in ("出车时段", "转运站"):
        sheet = book[name]
        _, _, _, right, bottom = sheet.print_area.replace(":", "").split("$")
        anchor = sheet._charts[0].anchor
        assert anchor.to.row + 1 <= int(bottom)
        assert anchor.to.col + 1 <= openpyxl.utils.column_index_from_string(right)
        assert anchor._from.col >= len([cell for cell in sheet[2] if cell.value])


def test_the_same_plan_gives_the_same_bytes(street: Handout) -> None:
    """No clock: the properties have the plan's date, the parts of the archive none."""
    first = workbook_bytes(street, "zh", False)
    assert workbook_bytes(street, "zh", False) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
    properties = opened(first).properties
    assert properties.created == properties.modified == datetime(2026, 7, 15)
    assert properties.description == "模型数据，非真实"


def test_one_run_has_its_rows_alone(street: Handout) -> None:
    """No statement and nothing of other runs; in English with --lang en."""
    ((name, content),) = workbook_files(street.only("N1"), "en", True)
    book = opened(content)
    assert name == "N1.xlsx"
    assert book.sheetnames == ["Runs", "Work", "Refills", "Unloadings"]
    for sheet in book:
        assert {cell.value for cell in sheet["A"][2:]} <= {"N1"}
    assert columns(book["Runs"])["Planned out"] == columns(opened(
        workbook_bytes(street, "zh", False))["班次"])["计划出车"]  # fmt: skip
    assert [name for name, _ in workbook_files(street, "zh", False)] == ["2026-07-15.xlsx"]


def test_every_table_arrives_whole(street: Handout, book: Any) -> None:
    """Row by row, what the tables hold; a cell that says nothing is empty."""
    for table in day_tables(street, "zh", False).tables:
        sheet = book[table.title]
        rows = [
            [row[place].value for place in range(len(table.columns))]
            for row in sheet.iter_rows(min_row=3, max_row=2 + len(table.rows))
        ] if table.rows else []  # fmt: skip
        assert rows == [[cell if cell != "" else None for cell in row] for row in table.rows]


def test_a_row_is_as_high_as_its_text() -> None:
    """Ten units hold eleven characters, five Chinese ones; words break after a hyphen or space."""
    assert lines_of("", 10) == lines_of("abcdefghijk", 10) == 1
    assert lines_of("长" * 5, 10) == 1
    assert lines_of("长" * 6, 10) == 2
    assert lines_of("wash-night-01", 10) == 2
    assert lines_of("x" * 33, 10) == 3
    assert lines_of("a\nb\nc", 10) == 3


def test_a_text_that_no_cell_holds_is_cut_and_says_so() -> None:
    """Excel refuses a file with longer cells, and no file holds half a character."""
    written: list[str] = []

    class Sheet:
        def write_string(self, row: int, column: int, text: str, style: object) -> None:
            written.append(text)

    put(Sheet(), 0, 0, "x" * (MOST_CHARACTERS + 1), None)
    put(Sheet(), 0, 0, "x" * MOST_CHARACTERS, None)
    put(Sheet(), 0, 0, "a\ud800", None)
    assert [len(text) for text in written] == [MOST_CHARACTERS, MOST_CHARACTERS, 2]
    assert [text[-1] for text in written] == ["…", "x", "?"]


def test_number_formats() -> None:
    kinds = ("whole", "number", "share", "moment", "duration")
    assert [number_format(Column("", kind, 1)) for kind in kinds] == [
        *("#,##0", "#,##0.0", "0.0%", "mm-dd hh:mm", "[h]:mm")
    ]


@pytest.fixture(scope="module")
def office() -> str:
    """LibreOffice, as far as it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        pytest.skip("LibreOffice (soffice) is not installed: its reading cannot be tried")
    return found


def test_libreoffice_reads_the_same_figures(office: str, street: Handout, tmp_path: Path) -> None:
    """The sheet of runs, opened and saved as CSV by another program: the same cells."""
    path = tmp_path / "day.xlsx"
    path.write_bytes(workbook_bytes(street, "zh", False))
    # Sheet 3, UTF-8, as formatted: no.
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,3"
    done = subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", kind, "--outdir", str(tmp_path), str(path)],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.glob("*.csv")
    with made.open(encoding="utf-8-sig", newline="") as file:
        _, head, *rows = csv.reader(file)
    runs = next(t for t in day_tables(street, "zh", False).tables if t.key == "runs")
    assert head[: len(runs.columns)] == [column.heading for column in runs.columns]
    assert len(rows) == len(runs.rows) == 8
    for ours, theirs in zip(runs.rows, rows, strict=True):
        for cell, text, column in zip(ours, theirs, runs.columns, strict=False):
            if column.kind in ("whole", "number"):
                assert float(text) == pytest.approx(float(cell), abs=1e-9)  # type: ignore[arg-type]
            elif isinstance(cell, datetime):
                assert datetime.strptime(text, "%m/%d/%Y %H:%M:%S") == cell
            else:
                assert text == (cell or "")


def test_a_day_without_a_run_has_its_sheets(street: Handout) -> None:
    """Nothing to do is told by empty tables, no fault and no missing sheet."""
    plan = replace(street.plan, runs=(), indicators={}, provenance={})
    book = opened(workbook_bytes(replace(street, plan=plan), "zh", False))
    assert book.sheetnames == [name for name in SHEETS if name != "概览"]
    assert "共 0 条" in book["班次"]["A1"].value
    assert book["车辆"].max_row == 2 + len(street.district.vehicles)
