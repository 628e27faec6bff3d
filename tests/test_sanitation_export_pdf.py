"""Route sheets as PDF: what drivers read, on paper that holds it, and the day's binder."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst
import zxingcpp
from export_town import (
    COORDS,
    SECTIONS,
    WAY_NAMES,
    Drive,
    long_run,
    make_district,
    make_plan,
    make_sheets,
    short_run,
    way_of,
)
from PIL import Image

from sanitation.errors import SanitationError
from sanitation.export import amap, fonts, pdf, printed
from sanitation.export.crs import to_gcj02
from sanitation.export.handout import Handout, Street
from sanitation.export.sheets import Sheet, total_fields
from sanitation.model import DayPlan, District, Post, Run

ROWS_A_PAGE = range(20, 37)  # about 25; pages of many short ways hold more


def make_handout(plan: DayPlan, district: District | None = None) -> Handout:
    steps = [(a, b) for a in COORDS for b in (a + 1, a + 10) if b in COORDS]
    return Handout(
        plan=plan,
        district=district or make_district(),
        sections=SECTIONS,
        way_names=WAY_NAMES,
        coords=COORDS,
        fuel_l={"W-N-01": 61.5},
        streets=tuple(Street(way_of(a, b), WAY_NAMES[way_of(a, b)], 0, (a, b)) for a, b in steps),
    )


def files_of(plan: DayPlan, lang: str = "zh", one_run: bool = False) -> dict[str, bytes]:
    return dict(pdf.pdf_files(make_handout(plan), lang, one_run))


@pytest.fixture(scope="module")
def day() -> dict[str, bytes]:
    """The files of the long run and the short one."""
    return files_of(make_plan())


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def texts(made: bytes) -> list[str]:
    """The text of each page without the breaks and spaces that a layout puts into it."""
    return [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in read(made).pages]


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def set_sheet(sheet: Sheet, run: Run, handout: Handout | None = None) -> bytes:
    """The PDF of a sheet that was changed by hand."""
    data = pdf.run_data(run, sheet, handout or make_handout(make_plan(run)), ())
    return pdf.setters()[0](data)


def test_the_file_has_an_order_the_sheet_and_a_map(day: Mapping[str, bytes]) -> None:
    """Page 1 is the dispatch order, which the sheet's page numbers do not count; the short run's
    17 rows are one page, its map the second."""
    pages = texts(day["pdf/W-N-02.pdf"])
    assert len(pages) == 3
    assert pages[0].startswith("派车单")
    assert "第" not in pages[0].partition("无派车单")[2]
    for told in ("20260715-W-N-02", "2026-07-15", "津A·样02/W02", "07-1422:30", "部门负责人"):
        assert told in pages[0]
    assert "第1页/共2页" in pages[1]
    assert "第2页/共2页" in pages[2]
    assert "粗线＝作业" in pages[2]


def test_everything_on_the_sheet_is_selectable_text(day: Mapping[str, bytes]) -> None:
    """Header fields, every row's road with its ends and times, bans and signatures are text."""
    sheet = make_handout(make_plan()).sheets("zh")[0]
    text = "".join(texts(day["pdf/W-N-01.pdf"]))
    for label, value in sheet.header:
        assert plain(label) in text
        assert plain(value) in text
    for row in sheet.rows:
        if row.kind == "service":
            assert plain(printed.street(row.place)) in text
            assert {row.from_name, row.to_name} <= set(WAY_NAMES.values())
        assert plain(printed.clock(row.start_s)) in text
        assert plain(row.text) in text
    for told in ("禁行提示", "高峰禁止湿式作业", "异常情况", "调度员", "驾驶员", "检查员"):
        assert told in text


def test_totals_are_the_plans(day: Mapping[str, bytes]) -> None:
    """7 blocks of 400 m are 2.80 km of work, as are the ways; the plan's fuel is 61.5 L."""
    text = texts(day["pdf/W-N-02.pdf"])[1]
    assert "作业里程2.80km空驶里程2.80km作业面积8400m²用水量5.6m³" in text
    sheet = make_handout(make_plan()).sheets("zh")[0]
    fields = "".join(plain(label + value) for label, value in total_fields(sheet))
    assert fields.endswith("61.5L")
    assert fields in "".join(texts(day["pdf/W-N-01.pdf"]))


def test_visits_have_place_minute_and_litres(day: Mapping[str, bytes]) -> None:
    """Each of the three refills names its place, its minutes and its litres, the rest 20 min."""
    sheet = make_handout(make_plan()).sheets("zh")[0]
    text = "".join(texts(day["pdf/W-N-01.pdf"]))
    fills = [row for row in sheet.rows if row.kind == "fill"]
    assert len(fills) == 3
    for row in fills:
        start, end = printed.clock(row.start_s), printed.clock(row.end_s)
        assert f"加水F1长江道水鹤{row.water_l:,}L{start}{end}" in text
    assert "休息20分钟" in text


def test_every_font_is_embedded_and_ours(day: Mapping[str, bytes]) -> None:
    """Nothing but subsets of Noto Sans CJK SC, within the file, in sheets and binder."""
    for made in day.values():
        for page in read(made).pages:
            for font in _fonts(page):
                inner = font["/DescendantFonts"][0].get_object()
                assert "NotoSansCJKsc" in str(inner["/BaseFont"])
                assert "/FontFile3" in inner["/FontDescriptor"]


def _fonts(page: Any) -> Iterator[Any]:
    """The fonts of a page and of the drawings on it."""
    resources = page["/Resources"].get_object()
    for font in resources.get("/Font", {}).values():
        yield font.get_object()
    for drawn in resources.get("/XObject", {}).values():
        if "/Resources" in drawn.get_object():
            yield from _fonts(drawn.get_object())


def test_300_rows_take_pages_of_about_25(day: Mapping[str, bytes]) -> None:
    """Every row once and in order, the table's header on each page, page x of y right."""
    run = long_run()
    sheet = make_sheets(make_plan(run))[0]
    rows = [replace(sheet.rows[i % len(sheet.rows)], seq=i + 1) for i in range(300)]
    pages = texts(set_sheet(replace(sheet, rows=tuple(rows)), run))[1:]
    count = len(pages)
    assert [f"第{x}页/共{count}页" in page for x, page in enumerate(pages, start=1)] == [
        True
    ] * count
    tables = [page for page in pages if "作业路段" in page]
    assert len(tables) in range(count - 2, count)
    raw = read(set_sheet(replace(sheet, rows=tuple(rows)), run)).pages[1 : 1 + len(tables)]
    found = [_row_numbers(page) for page in raw]
    assert [n for numbers in found for n in numbers] == list(range(1, 301))
    assert all(len(numbers) in ROWS_A_PAGE for numbers in found[:-1])


def _row_numbers(page: Any) -> list[int]:
    """The numbers in the first column of a page's table: at most 15 mm from its left edge."""
    found: list[tuple[float, int]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x = tm[4] * cm[0] + cm[4]
        y = tm[5] * cm[3] + cm[5]
        if text.strip().isdigit() and x < 15 * 72 / 25.4:
            found.append((y, int(text)))

    page.extract_text(visitor_text=visit)
    return [number for _, number in found]


def test_a_run_without_service_is_a_sheet_too() -> None:
    """Out and back: one page with the rows and totals of nothing, and the map of the way."""
    drive = Drive()
    drive.go((0, 1))
    drive.go((0, 0), kind="return", facility="D1")
    pages = texts(
        files_of(make_plan(drive.run("E-01", "W01", "P01")), one_run=True)["pdf/E-01.pdf"]
    )
    assert len(pages) == 3
    assert "计划目的地无" in pages[0]
    assert "作业里程0.00km空驶里程0.80km" in pages[1]


HOSTILE = (
    '#panic("x")', "*a* _b_ `c` $d$ @e <f> \\g", "=cmd|' /C calc'!A0", "<script>&amp;</script>",
    "]]> {} #{ [", "名" * 140, "A" * 140, "路\x00\x07\u202e口", "🚛路", "",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(name: str) -> None:
    """A road may be called anything: it is shown as it is, within its column and on the map."""
    run = short_run()
    handout = make_handout(make_plan(run), make_district(first_road=name))
    handout = replace(
        handout,
        way_names=dict.fromkeys(WAY_NAMES, name),
        streets=tuple(replace(street, name=name) for street in handout.streets),
        plan=replace(handout.plan, district_name=name),
    )
    sheet = replace(handout.sheets("zh")[0], driver=name)
    sheet = replace(sheet, rows=tuple(replace(row, place=name) for row in sheet.rows))
    made = set_sheet(sheet, run, handout)
    shown = re.sub(r"[\s\x00-\x1f\u202e🚛]", "", name)
    pages = texts(made)
    assert shown in re.sub(r"[\x00-\x1f\u202e🚛]", "", "".join(pages[1:-1]))
    assert f"共{len(pages) - 1}页" in pages[-1]
    for page in read(made).pages:
        assert all(0 <= x <= 595 for x in _lefts(page))


def _lefts(page: Any) -> list[float]:
    """Where texts begin, points from the left."""
    found: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            found.append(tm[4] * cm[0] + cm[4])

    page.extract_text(visitor_text=visit)
    return found


def test_long_words_can_break() -> None:
    """What is longer than a column gets a break each 7 characters, Chinese needs none."""
    assert printed.soft("A" * 16) == "AAAAAAA\u200bAAAAAAA\u200bAA"
    assert printed.soft("W-N-01 长江道" * 3) == "W-N-01 长江道" * 3


def test_the_same_plan_gives_the_same_bytes(day: Mapping[str, bytes]) -> None:
    """Made again, sheets and binder are equal to the byte."""
    assert files_of(make_plan()) == day


def test_fonts_of_the_system_change_nothing(
    day: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another Chinese font in the user's folder the bytes are the same."""
    for folder in (".fonts", ".local/share/fonts"):
        (tmp_path / folder).mkdir(parents=True)
        font = fonts.font_folder().parent / "wqy" / "wqy-microhei.ttc"
        shutil.copy(font, tmp_path / folder / font.name)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typst.Fonts().families() != typst.Fonts(include_system_fonts=False).families()
    made = files_of(make_plan(short_run()), one_run=True)
    assert made["pdf/W-N-02.pdf"] == day["pdf/W-N-02.pdf"]


def test_a_missing_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that carries the font the message says what to install."""
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with pytest.raises(SanitationError, match="Noto Sans CJK SC") as caught:
        fonts.font_folder()
    assert "mpl-font" in caught.value.hint


def test_codes_lead_to_the_first_work_and_each_facility_once() -> None:
    """The long run begins in 芥园道 and visits one dump point and one water crane, thrice each; the
    codes on its map's page, as printed at 150 dpi, are read as their links."""
    handout = make_handout(make_plan(long_run()))
    sheet = handout.sheets("zh")[0]
    goals = amap.goals_of(handout.plan.runs[0], sheet, handout.district, COORDS)
    assert [(goal.kind, goal.name) for goal in goals] == [
        ("work", "芥园道"), ("dump", "P1 黄河道排污点"), ("fill", "F1 长江道水鹤"),
    ]  # fmt: skip
    data = pdf.run_data(handout.plan.runs[0], sheet, handout, ())
    images = typst.compile(
        pdf.TEMPLATES / "sheets.typ",
        format="png",
        ppi=150,
        font_paths=typst.Fonts(False, False, [fonts.font_folder()]),
        sys_inputs={"data": pdf.json.dumps(data)},
    )
    read_codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(images[-1])))
    assert sorted(code.text for code in read_codes) == sorted(map(amap.amap_link, goals))
    for code in read_codes:
        corners = code.position
        assert (corners.top_right.x - corners.top_left.x) / 150 * 25.4 > 18


def test_a_link_is_in_amaps_coordinates() -> None:
    """(121.5272106, 31.1774276) is (121.531542, 31.175304) in GCJ-02, a place abroad is itself;
    the name has 8 characters, and no comma or sign of a link."""
    goal = amap.Goal("fill", "F1 甲,乙&mode=x", 121.5272106, 31.1774276)
    assert amap.amap_link(goal) == (
        "https://uri.amap.com/navigation?to=121.531542,31.175304,F1%20%E7%94%B2%20%E4%B9%99%26m"
        "&mode=car&coordinate=gaode&callnative=1"
    )
    assert "&mode=walk&" in amap.amap_link(replace(goal, on_foot=True))
    assert to_gcj02(2.35, 48.85) == (2.35, 48.85)


def test_every_row_of_work_has_its_number_on_the_map() -> None:
    """All rows of the long run are in the sketch, within its edges."""
    handout = make_handout(make_plan(long_run()))
    sheet = handout.sheets("zh")[0]
    svg = pdf.run_data(handout.plan.runs[0], sheet, handout, handout.streets)["run"]["map"]["svg"]
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    labels = re.findall(r'class="num" x="(-?\d+)" y="(-?\d+)">([^<]*)<', svg)
    shown = {int(number) for *_, label in labels for number in label.split("·")}
    assert shown == {row.seq for row in sheet.rows if row.kind == "service"}
    assert all(0 < int(x) < width and 0 < int(y) < height for x, y, _ in labels)


def test_the_binder_is_the_day_in_order(day: Mapping[str, bytes]) -> None:
    """Cover, contents, the sheets by depot, departure and run; bookmarks, links and printed page
    numbers agree: the long run (5 pages or so) leaves at 22:30 like the short one, and is first."""
    book, pages = read(day["pdf/all.pdf"]), texts(day["pdf/all.pdf"])
    first = len(read(day["pdf/W-N-01.pdf"]).pages)
    second = len(read(day["pdf/W-N-02.pdf"]).pages)
    assert len(pages) == 2 + first + second
    for told in ("环卫作业路线单", "2026-07-15", "模型数据，非真实", "洗路22"):
        assert told in pages[0]
    assert [f"总第{n}页" in page for n, page in enumerate(pages, start=1)] == [
        False, *[True] * (len(pages) - 1),
    ]  # fmt: skip
    starts = [2, 2 + first]
    assert "20260715-W-N-01" in pages[starts[0]]
    assert "20260715-W-N-02" in pages[starts[1]]
    assert f"洗路W-N-01津A·样01/W01样例王07-1422:30{starts[0] + 1}" in pages[1]
    assert f"洗路W-N-02津A·样02/W02样例李07-1422:30{starts[1] + 1}" in pages[1]
    links = [link.get_object() for link in book.pages[1]["/Annots"]]
    led = [book.get_page_number(link["/Dest"][0].get_object()) for link in links]
    assert list(dict.fromkeys(led)) == starts
    contents, depot, runs = book.outline
    assert book.get_destination_page_number(contents) == 1
    assert depot.title == "D1 西站停车场"
    assert [book.get_destination_page_number(run) for run in runs] == starts


def test_the_staff_list_is_the_binders_end() -> None:
    """A person a line with room to sign, a place that stays empty too; the last bookmark."""
    post = Post("T1", "early", 21600, 50400, 2, ("K1",), 1, "absent")
    book = files_of(replace(make_plan(short_run()), posts=(post,)))["pdf/all.pdf"]
    last = texts(book)[-1]
    assert "公厕值守表" in last
    assert "06:00–14:00" in last
    assert "缺岗" in last
    assert read(book).outline[-1].title == "公厕值守表"


def test_one_run_has_no_binder_and_english_is_english() -> None:
    """--run gives the run's file alone; in English labels and page numbers are."""
    made = files_of(make_plan(short_run()), lang="en", one_run=True)
    assert list(made) == ["pdf/W-N-02.pdf"]
    pages = texts(made["pdf/W-N-02.pdf"])
    assert pages[0].startswith("Dispatchorder")
    assert "page1of2" in pages[1]
    assert "Model data, not real".replace(" ", "") in pages[1]
