"""The list of attended toilets: its lines, its CSV file, its printed pages and its tables."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from postdistrict import SUMMER, write_postdistrict

from sanitation.archive import write_day
from sanitation.district import read_district
from sanitation.export.page import page_html
from sanitation.export.posts import (
    PAGE_ROWS,
    build_posts,
    posts_csv,
    posts_pages,
    posts_summary_table,
    posts_table,
    short_table,
)
from sanitation.export.shown import fault_tables, plan_tables, summary_tables
from sanitation.model import DayPlan, District, Post
from sanitation.posts import post_figures

LACKS = {"text": "WC3 增加值守员 1 人 · +1 attendant at WC3", "toilet": "WC3", "attendants": 1}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_postdistrict(tmp_path_factory.mktemp("posts") / "town"))


def a_plan(district: District, posts: tuple[Post, ...] | None = None) -> DayPlan:
    """A night at WC1, a morning with relief from WC3 there, and nobody at WC3."""
    posts = posts if posts is not None else (
        Post("WC1", "night", -7200, 21_600, 1, ("K1",)),
        Post("WC1", "morning", 21_600, 50_400, 1, ("K7",)),
        Post("WC3", "morning", 21_600, 50_400, 1, (), 1, "缺 1 人 · 1 short", LACKS),
    )  # fmt: skip
    weather = {"weather": "clear", "tmin_c": 23.0, "tmax_c": 31.0, "alerts": []}
    figures = {"by_service_shift": [], "totals": {}, **post_figures(district, posts)}
    return DayPlan(
        SUMMER, "mini", "小区", True, "+08:00", 1, weather, figures, (), (), (), (), {}, posts
    )


def lines_of(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_line_for_each_person(district: District) -> None:
    """Three places, two people; relief names the home toilet, and the empty place is a line."""
    listed = build_posts(a_plan(district), district)
    assert listed is not None
    assert [(line.toilet, line.post, line.attendant, line.remark) for line in listed.lines] == [
        ("中央公厕", "夜班", "值守员1", ""),
        ("中央公厕", "早班", "值守员7", "支援 ← WC3"),
        ("北街公厕", "早班", "", "缺岗"),
    ]
    assert dict(listed.header)["到岗/需人"] == "2 / 3"
    assert listed.model_mark == "模型数据，非真实"


def test_in_english(district: District) -> None:
    """Titles, remarks and the names of posts."""
    listed = build_posts(a_plan(district), district, "en")
    assert listed is not None
    assert [line.remark for line in listed.lines] == ["", "relief ← WC3", "vacant"]
    assert listed.lines[0].post == "night"
    assert lines_of(posts_csv(listed))[0][0] == "Toilet staffing list"
    with pytest.raises(ValueError, match="language 'fr'"):
        build_posts(a_plan(district), district, "fr")


def test_no_posts_no_list(district: District) -> None:
    """A plan without posts has none, and nothing of it in its page or its tables."""
    plan = a_plan(district, ())
    assert build_posts(plan, district) is None
    assert "值守" not in page_html(plan, (), {}, "zh")
    assert all("值守" not in cell for table in plan_tables(plan, "zh") for cell in table.header)


def test_the_file_for_the_office(district: District) -> None:
    """Columns in the order signed; a night shows the day on which it begins."""
    listed = build_posts(a_plan(district), district)
    assert listed is not None
    rows = lines_of(posts_csv(listed))
    head = next(i for i, row in enumerate(rows) if row[:1] == ["序号"])
    assert rows[head] == [
        *("序号", "编号", "公厕", "街道", "岗位", "值守时间"),
        *("人员编号", "值守员", "备注", "签到", "签退"),
    ]
    assert rows[head + 1] == [
        *("1", "WC1", "中央公厕", "中心街道", "夜班", "07-14 22:00–06:00"),
        *("K1", "值守员1", "", "", ""),
    ]
    assert rows[head + 3][5:9] == ["06:00–14:00", "", "", "缺岗"]


def test_pages_keep_a_toilet_together(district: District) -> None:
    """Ten toilets of four lines: six on a page of 25, the other four on the next."""
    posts = tuple(
        Post(f"X{i}", name, 6 * 3600, 14 * 3600, 1, ("K1",)) for i in range(10) for name in "abcd"
    )
    made = build_posts(replace(a_plan(district), posts=posts), district)
    assert made is not None
    pages = posts_pages(made, "posts")
    counts = [page.count('class="t"') for page in pages]
    assert counts == [24, 16]
    assert max(counts) <= PAGE_ROWS
    assert ["第1页 / 共2页" in pages[0], "第2页 / 共2页" in pages[1]] == [True, True]
    assert 'id="posts"' in pages[0]
    assert "调度员" in pages[1]
    assert "调度员" not in pages[0]


def test_a_toilet_with_more_lines_than_a_page(district: District) -> None:
    """One toilet with 30 posts: 25 and 5."""
    posts = tuple(Post("WC1", f"p{i}", 6 * 3600, 14 * 3600, 1, ("K1",)) for i in range(30))
    made = build_posts(replace(a_plan(district), posts=posts), district)
    assert made is not None
    pages = posts_pages(made, "posts")
    assert [page.count('class="t"') for page in pages] == [25, 5]


def test_the_page_links_to_the_list(district: District) -> None:
    """The index names it with its pages; names of tables do not become markup."""
    plan = a_plan(district)
    html = page_html(plan, (), {}, "zh", build_posts(plan, district))
    assert '<a href="#posts">公厕值守表 (页数 1)</a>' in html
    assert len(re.findall("sheet-page", html)) - html.count(".sheet-page") == 1
    assert "<tr class=o>" in html


def test_files_of_a_day(district: District, tmp_path: Path) -> None:
    """sheets/posts.csv is written, and taken away with the plan that had it."""
    plan = a_plan(district)
    written = write_day(plan, tmp_path, (), {}, "zh", build_posts(plan, district))
    assert [path.name for path in written] == ["plan.json", "sheets.html", "sheets"]
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == [
        "index.csv",
        "posts.csv",
    ]
    bare = a_plan(district, ())
    write_day(bare, tmp_path, (), {}, "zh", build_posts(bare, district))
    assert [path.name for path in (tmp_path / "sheets").iterdir()] == ["index.csv"]


def test_tables_of_the_terminal(district: District) -> None:
    """The summary has a line for each post of the table and all together; faults are told."""
    plan = a_plan(district)
    table = posts_summary_table(plan.indicators)
    assert [row[:7] for row in table.rows] == [
        ("夜班", "1", "1", "1", "1", "1", "0"),
        ("早班", "2", "2", "1", "2", "1", "1"),
        ("合计", "2", "3", "2", "3", "2", "1"),
    ]
    assert [t.header[0] for t in summary_tables(plan.indicators, "en")] == ["post"]
    assert [row[-1] for row in posts_table(plan, "en").rows] == ["K1", "K7", "vacant"]
    (short,) = fault_tables(plan, "zh")
    assert short == short_table(plan.posts)
    assert short.rows == (("WC3", "morning", "1", "1", "缺 1 人 · 1 short", LACKS["text"]),)
