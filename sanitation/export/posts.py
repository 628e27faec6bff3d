"""值守表: who looks after which toilet in which hours, for the wall, the office and the terminal.

One line for each person of a post, signed on coming and going; a place that stays empty has its
line too. Units: seconds after 00:00 of the plan's date.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sanitation.export.csvtext import csv_bytes
from sanitation.export.labels import clock, date_clock, weather_text, word
from sanitation.export.table import Table
from sanitation.export.text import fix_text
from sanitation.model import DayPlan, District, Post

FILE = "posts.csv"
PAGE_ROWS = 25
COLUMNS = ("seq", "toilet_site", "post", "duty_time", "attendant", "remark", "sign_on", "sign_off")
WIDTHS_MM = (8, 42, 24, 30, 33, 24, 16, 16)


@dataclass(frozen=True, slots=True)
class PostLine:
    """One person of a post; ``attendant`` is "" for a place that stays empty."""

    seq: int
    toilet_id: str
    toilet: str
    subdistrict: str
    post: str
    start_s: int
    end_s: int
    attendant_id: str
    attendant: str
    remark: str


@dataclass(frozen=True, slots=True)
class PostList:
    """The list of a day in one language. ``header`` is (label, value), "" to be filled in."""

    date: str
    lang: str
    model_mark: str  # "" for a real district
    header: tuple[tuple[str, str], ...]
    lines: tuple[PostLine, ...]


def build_posts(plan: DayPlan, district: District, lang: str = "zh") -> PostList | None:
    """The day's list, by toilet and hours; None where no toilet is staffed.

    Raises:
        ValueError: unknown language.
    """
    if not plan.posts:
        return None
    zh = lang == "zh"
    toilets = {toilet.id: toilet for toilet in district.toilets}
    areas = {s.id: s.name if zh else s.name_en or s.name for s in district.subdistricts}
    shifts = {row.id: row.name if zh else row.name_en or row.name for row in district.toilet_posts}
    people = {person.id: person for person in district.attendants}
    lines: list[PostLine] = []
    for post in plan.posts:
        toilet = toilets.get(post.toilet_id)
        for name in (*post.attendants, *("" for _ in range(post.missing))):
            person = people.get(name)
            home = person.toilet_id if person else post.toilet_id
            remark = "" if home == post.toilet_id else f"{word('relief', lang)} ← {home}"
            lines.append(
                PostLine(
                    seq=len(lines) + 1,
                    toilet_id=post.toilet_id,
                    toilet=toilet.name if toilet else "",
                    subdistrict=areas.get(toilet.subdistrict, "") if toilet else "",
                    post=shifts.get(post.post_id, post.post_id),
                    start_s=post.start_s,
                    end_s=post.end_s,
                    attendant_id=name,
                    attendant=person.name if person else name,
                    remark=remark if name else word("vacant", lang),
                )
            )
    staffed = sum(bool(line.attendant_id) for line in lines)
    values = {
        "number": f"{plan.date.replace('-', '')}-{plan.district_id}-posts",
        "date": plan.date,
        "weather": weather_text(plan.conditions, lang),
        "unit": district.name if zh else district.name_en or district.name,
        "toilets": str(len({line.toilet_id for line in lines})),
        "attendants": f"{staffed} / {len(lines)}",
    }
    return PostList(
        date=plan.date,
        lang=lang,
        model_mark=word("model_mark", lang) if plan.model else "",
        header=tuple((word(key, lang), value) for key, value in values.items()),
        lines=tuple(lines),
    )


def posts_csv(listed: PostList) -> bytes:
    """The list as UTF-8 CSV with BOM: header fields, a line a person, room for signatures."""
    lang = listed.lang
    columns = (
        *("seq", "site_id", "toilet_site", "subdistrict", "post", "duty_time"),
        *("attendant_id", "attendant", "remark", "sign_on", "sign_off"),
    )
    lines: list[Sequence[str]] = [(word("posts_title", lang), listed.model_mark)]
    lines += [*listed.header, (), tuple(word(column, lang) for column in columns)]
    lines += [
        (
            str(line.seq),
            line.toilet_id,
            line.toilet,
            line.subdistrict,
            line.post,
            hours(listed.date, line),
            line.attendant_id,
            line.attendant,
            line.remark,
            "",
            "",
        )
        for line in listed.lines
    ]
    lines += [(), *((word(key, lang), "") for key in ("abnormal", "dispatcher", "inspector"))]
    return csv_bytes(lines)


def posts_pages(listed: PostList, anchor: str) -> list[str]:
    """The list as sections of the printable page: A4, a toilet's lines together."""
    laid = list(_paged(listed.lines))
    lang = listed.lang
    found = []
    for index, lines in enumerate(laid):
        count = f"第{index + 1}页 / 共{len(laid)}页"
        if lang != "zh":
            count = f"page {index + 1} of {len(laid)}"
        mark = f'<span class="mark">{escape(listed.model_mark)}</span>' if listed.model_mark else ""
        name = f' id="{anchor}"' if index == 0 else ""
        parts = [
            f'<section class="sheet-page"{name}><div class="top">'
            f"<h3>{escape(word('posts_title', lang))}</h3>"
            f'<div class="what"><span><b>{listed.date}</b></span></div>{mark}'
            f'<span class="page">{escape(count)}</span></div>'
        ]
        if index == 0:
            cells = [
                f'<td class="k">{escape(label)}</td><td class="v">{escape(value)}</td>'
                for label, value in listed.header
            ]
            rows = "".join(f"<tr>{''.join(cells[i : i + 2])}</tr>" for i in range(0, len(cells), 2))
            parts.append(f'<table class="order">{rows}</table>')
        parts.append(_table(listed, lines))
        if index == len(laid) - 1:
            signed = "".join(
                f'<td class="k">{escape(word(key, lang))}</td><td></td>'
                for key in ("dispatcher", "inspector")
            )
            parts.append(
                f'<div class="tail"><table><tr class="blank"><td class="k">'
                f'{escape(word("abnormal", lang))}</td><td colspan="3"></td></tr>'
                f"<tr>{signed}</tr></table></div>"
            )
        parts.append("</section>")
        found.append("".join(parts))
    return found


def _paged(lines: Sequence[PostLine]) -> Iterator[list[PostLine]]:
    """At most PAGE_ROWS lines a page; a toilet with more than that fills pages of its own."""
    page: list[PostLine] = []
    for _, group in itertools.groupby(lines, key=lambda line: line.toilet_id):
        own = list(group)
        if page and len(page) + len(own) > PAGE_ROWS:
            yield page
            page = []
        page += own
        while len(page) > PAGE_ROWS:
            yield page[:PAGE_ROWS]
            page = page[PAGE_ROWS:]
    yield page


def _table(listed: PostList, lines: Sequence[PostLine]) -> str:
    columns = "".join(f'<col style="width:{width}mm">' for width in WIDTHS_MM)
    heads = "".join(f"<th>{escape(word(column, listed.lang))}</th>" for column in COLUMNS)
    rows = []
    for _, group in itertools.groupby(lines, key=lambda line: line.toilet_id):
        own = list(group)
        for number, line in enumerate(own):
            where = ""
            if number == 0:
                area = f"{line.toilet_id} {line.subdistrict}"
                where = (
                    f'<td rowspan="{len(own)}"><span class="road">{escape(line.toilet)}</span>'
                    f'<span class="id">{escape(area)}</span></td>'
                )
            who = f"{line.attendant} {line.attendant_id}".strip()
            rows.append(
                f'<tr{"" if line.attendant_id else " class=o"}><td class="c">{line.seq}</td>'
                f"{where}<td>{escape(line.post)}</td>"
                f'<td class="t">{escape(hours(listed.date, line))}</td><td>{escape(who)}</td>'
                f'<td>{escape(line.remark)}</td><td class="w"></td><td class="w"></td></tr>'
            )
    return (
        f'<table class="rows"><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def hours(date: str, line: PostLine) -> str:
    """06:00–14:00; with its day where a night begins the evening before."""
    first = clock(line.start_s)
    if line.start_s < 0:
        first = date_clock(date, line.start_s)
    return f"{first}–{clock(line.end_s)}"


# key of the figures, Chinese and English heading
_FIGURES = (
    ("toilets", "公厕", "toilets"),
    ("due", "应设岗", "posts due"),
    ("staffed", "已满岗", "staffed"),
    ("needed", "需人", "people needed"),
    ("filled", "到岗", "there"),
    ("missing", "缺人", "missing"),
    ("at_home", "本厕人员", "at their home toilet"),
    ("hours", "工时h", "hours"),
)


def posts_summary_table(indicators: Mapping[str, Any], lang: str = "zh") -> Table:
    """The day's posts by hours, and all together."""
    zh = lang == "zh"
    given = indicators["posts"]
    lines = [
        (str(row["name"] if zh else row["name_en"] or row["name"]), row) for row in given["by_post"]
    ]
    lines.append((word("total", lang), given["totals"]))
    return Table(
        header=("值守岗位" if zh else "post", *((a if zh else b) for _, a, b in _FIGURES)),
        rows=tuple(
            (name, *(f"{figures[key]:g}" for key, _, _ in _FIGURES)) for name, figures in lines
        ),
        right=(False, *(True for _ in _FIGURES)),
        total=1,
    )


def posts_table(plan: DayPlan, lang: str = "zh") -> Table:
    """Every post of a plan and its people."""
    header = ("公厕", "岗位", "上岗", "下岗", "需人", "值守员")
    return Table(
        header=header if lang == "zh" else ("toilet", "post", "from", "to", "needed", "attendants"),
        rows=tuple(
            (
                post.toilet_id,
                post.post_id,
                date_clock(plan.date, post.start_s),
                date_clock(plan.date, post.end_s),
                str(post.needed),
                ", ".join(post.attendants) or word("vacant", lang),
            )
            for post in plan.posts
        ),
        right=(False, False, False, False, True, False),
    )


def short_table(posts: Sequence[Post], lang: str = "zh") -> Table:
    """Posts that lack people, why, and what would mend it."""
    header = ("公厕", "岗位", "需人", "缺人", "原因", "补救办法")
    english = ("toilet", "post", "needed", "missing", "why", "smallest fix")
    return Table(
        header=header if lang == "zh" else english,
        rows=tuple(
            (p.toilet_id, p.post_id, str(p.needed), str(p.missing), p.text, fix_text(p.fix))
            for p in posts
            if p.missing
        ),
        right=(False, False, True, True, False, False),
        keys=6,
    )
