"""Attended toilets: every post that the tables ask for has its people, or says how many it lacks.

Judged within the plan alone: what its attendants worked on the days before is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanitation.audit.books import Books
from sanitation.audit.causes import clock, found
from sanitation.audit.reader import Reader
from sanitation.audit.rows import PlanRows
from sanitation.model import Violation

SERVICE = "toilet"
Key = tuple[str, str]  # toilet, row of the posts' table


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as the plan has it. Times are seconds after 00:00 of the plan's date."""

    toilet: str
    post: str
    start_s: int
    end_s: int
    needed: int
    attendants: tuple[str, ...]
    missing: int

    @property
    def name(self) -> str:
        return f"{self.toilet}/{self.post}"


def read_posts(
    plan: Mapping[str, Any], rows: PlanRows, utc_offset: str
) -> tuple[tuple[PostRow, ...], list[Violation]]:
    """The plan's posts and every fault of their form; rows with a fault are left out.

    Args:
        plan: the JSON document.
        rows: the rest of it, for the date.
        utc_offset: the district's, such as "+08:00".
    """
    reader = Reader()
    reader.begin_day(rows.day, utc_offset)
    posts = []
    for index, row in enumerate(reader.tables(plan, "posts", needed=False)):
        before = len(reader.faults)
        reader.at(place=f"posts[{index}].")
        people = reader.items(row, "attendants")
        if not all(isinstance(person, str) and person for person in people):
            reader.fault("attendants", "应为编号列表", "must be a list of ids")
        post = PostRow(
            toilet=reader.text(row, "toilet"),
            post=reader.text(row, "post"),
            start_s=reader.clock(row, "start"),
            end_s=reader.clock(row, "end"),
            needed=reader.whole(row, "needed"),
            attendants=tuple(str(person) for person in people),
            missing=reader.whole(row, "missing", needed=False),
        )
        if len(reader.faults) == before:
            posts.append(post)
    return tuple(posts), reader.faults


def judge_posts(
    posts: Sequence[PostRow], rows: PlanRows, books: Books, *, whole: bool
) -> Iterator[Violation]:
    """Every check of posts.

    Args:
        whole: all rows could be read, so that a post that is not there is missing.
    """
    due = _due(posts, rows, books)
    yield from _ids(posts, books)
    yield from _as_due(posts, due)
    yield from _people(posts, rows, books)
    if whole:
        there = {(post.toilet, post.post) for post in posts}
        for key, (_, _, staff) in due.items():
            if key not in there:
                name = "/".join(key)
                zh, en = f"{name} 应有 {staff} 人，计划未列", f"{name} needs {staff}, it is nowhere"
                yield found("staffing", "", -1, zh, en)
        yield from _figures(posts, rows)


def _due(posts: Sequence[PostRow], rows: PlanRows, books: Books) -> dict[Key, tuple[int, int, int]]:
    """Start, end and people of each post of the date; none where it was not asked for toilets."""
    asked = rows.options.get("services")
    if not (SERVICE in asked if isinstance(asked, list) and asked else posts):
        return {}
    day = rows.day.month * 100 + rows.day.day
    first, last = (books.rules[f"toilet_summer_{end}_mmdd"] for end in ("start", "end"))
    due = {}
    for toilet in books.district.toilets:
        if toilet.mode != "attended":
            continue
        kinds = {"day"}
        if toilet.open_24h:
            kinds |= {"night", "always"}
        elif first <= day <= last:
            kinds |= {"night"}
        for row in books.district.toilet_posts:
            seasons = ("any", books.weather.season)
            fits = row.toilet_class == toilet.toilet_class and row.season in seasons
            if fits and row.hours_of in kinds:
                due[toilet.id, row.id] = (row.start_s, row.end_s, row.staff)
    return due


def _ids(posts: Sequence[PostRow], books: Books) -> Iterator[Violation]:
    toilets = {toilet.id for toilet in books.district.toilets}
    shifts = {row.id for row in books.district.toilet_posts}
    people = {person.id for person in books.district.attendants}
    for post in posts:
        known = [("公厕", "toilet", post.toilet, toilets), ("岗位", "post", post.post, shifts)]
        known += [("值守员", "attendant", name, people) for name in post.attendants]
        for zh, en, name, names in known:
            if name not in names:
                zh, en = f"{post.name}：没有{zh} {name!r}", f"{post.name}: no {en} {name!r}"
                yield found("unknown_id", "", -1, zh, en)


def _as_due(
    posts: Sequence[PostRow], due: Mapping[Key, tuple[int, int, int]]
) -> Iterator[Violation]:
    """Each post once, in the hours and with the people of the table, or fewer and listed so."""
    seen: set[Key] = set()
    for post in posts:
        key, name, there = (post.toilet, post.post), post.name, len(post.attendants)
        if key in seen:
            yield found("served_twice", "", -1, f"{name} 列了两次", f"{name} is there twice")
            continue
        seen.add(key)
        if key not in due:
            zh, en = f"{name} 当日不设岗", f"{name} is not staffed on this day"
            yield found("over_served", "", -1, zh, en)
            continue
        start_s, end_s, staff = due[key]
        if (post.start_s, post.end_s) != (start_s, end_s):
            hours = f"{clock(start_s)}–{clock(end_s)}"
            said = f"{clock(post.start_s)}–{clock(post.end_s)}"
            zh, en = f"{name} 应为 {hours}，却是 {said}", f"{name} is {hours}, not {said}"
            yield found("window", "", -1, zh, en)
        if there > staff:
            zh, en = f"{name} 需 {staff} 人，排了 {there} 人", f"{name} needs {staff}, has {there}"
            yield found("over_served", "", -1, zh, en)
        elif post.needed != staff or there + post.missing != staff:
            zh = (
                f"{name} 需 {staff} 人（所列 {post.needed}），有 {there} 人，列缺 {post.missing} 人"
            )
            en = f"{name} needs {staff} (it says {post.needed}), has {there}, lists {post.missing}"
            yield found("staffing", "", -1, zh, f"{en} as missing")


def _people(posts: Sequence[PostRow], rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Nobody in two places, on the day of rest, or at work for longer than a day allows."""
    known = {person.id: person for person in books.district.attendants}
    mine: dict[str, list[PostRow]] = {}
    for post in posts:
        for name in post.attendants:
            mine.setdefault(name, []).append(post)
    for name, own in sorted(mine.items()):
        own.sort(key=lambda post: (post.start_s, post.end_s, post.name))
        person = known.get(name)
        off = name in books.orders.off
        if off or (person and person.rest_weekday == rows.day.weekday()):
            zh, en = f"{name} 在 {rows.day} 休息", f"{name} is off on {rows.day}"
            yield found("driver_rest_day", "", -1, f"{own[0].name}：{zh}", f"{own[0].name}: {en}")
        until = own[0]
        for post in own[1:]:
            if post.start_s < until.end_s:
                zh = f"{name} 在 {clock(post.start_s)} 同时在 {until.name} 和 {post.name}"
                en = f"{name} is at {until.name} and {post.name} at {clock(post.start_s)}"
                yield found("driver_twice", "", -1, zh, en)
            until = max(until, post, key=lambda post: post.end_s)
        work_s = sum(post.end_s - post.start_s for post in own)
        most_s = books.rules["duty_day_work_s"]
        if work_s > most_s:
            zh = f"{name} 值守 {work_s / 3600:.1f} h，至多 {most_s / 3600:.1f} h"
            en = f"{name} is on duty for {work_s / 3600:.1f} h, {most_s / 3600:.1f} h at most"
            yield found("driver_work", "", -1, zh, en)


def _figures(posts: Sequence[PostRow], rows: PlanRows) -> Iterator[Violation]:
    """``indicators.posts`` must be what the posts make; figures that it does not give are not
    missed."""
    stated = rows.indicators.get("posts")
    if not isinstance(stated, Mapping):
        return
    by_post = stated.get("by_post")
    given: list[tuple[str, object]] = [("totals", stated.get("totals"))]
    for row in by_post if isinstance(by_post, list) else ():
        given.append((str(row.get("post")) if isinstance(row, Mapping) else "?", row))
    for name, figures in given:
        mine = [post for post in posts if name in ("totals", post.post)]
        counted = {
            "toilets": len({post.toilet for post in mine}),
            "due": len(mine),
            "staffed": sum(len(post.attendants) >= post.needed for post in mine),
            "needed": sum(post.needed for post in mine),
            "filled": sum(len(post.attendants) for post in mine),
            "missing": sum(post.missing for post in mine),
        }
        for figure, number in counted.items():
            value = figures.get(figure) if isinstance(figures, Mapping) else None
            if value is not None and value != number:
                zh = f"posts {name} {figure} 为 {value!r}，应为 {number}"
                en = f"posts {name}: {figure} is {value!r}, the rows make {number}"
                yield found("indicators", "", -1, zh, en)
