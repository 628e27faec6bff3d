"""Attended toilets get their people for a day: who is where, who is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.duty import Past
from fleet.posts import Post as Hours
from fleet.posts import Short, Staffing, fewest_people, staff_posts
from sanitation.crewing import duty_rules
from sanitation.duties.posts import posts_of
from sanitation.model import Conditions, District, Post
from sanitation.streets import distance_m

# What fleet.posts says of people who cannot come, in Chinese.
_WHY = {
    "absent": "缺勤",
    "on the weekly rest day": "周休",
    "at the most days in a row": "连续上岗天数已满",
    "with too short a rest since the last duty day": "班间休息不足",
    "at the week's most hours": "周工时已满",
    "at the most work of a duty day": "超过单日工时",
    "at the longest span of a duty day": "超过单日跨度",
    "on another post": "已在岗",
}


@dataclass(frozen=True, slots=True)
class Staffed:
    """The posts of a day, sorted by toilet and start, and notes for the plan's readers."""

    posts: tuple[Post, ...] = ()
    crew_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def staff_day(
    district: District,
    conditions: Conditions,
    weekday: int,
    past: Past,
    shift_before: Mapping[str, str],
    absent: frozenset[str] = frozenset(),
) -> Staffed:
    """People for every post of the date; what cannot be filled says why and what would mend it.

    Args:
        weekday: of the date, 0 is Monday.
        past: what the days before leave behind.
        shift_before: the row of the posts' table of each person's last duty.
        absent: ids of people who are away.
    """
    due = posts_of(district, conditions.date, conditions.season)
    if not due:
        return Staffed()
    rules = duty_rules(district.rules)
    answer = staff_posts(
        due,
        district.attendants,
        _ways_m(district),
        past,
        rules,
        weekday,
        absent=absent,
        shift_before=shift_before,
    )
    posts = _filled(due, answer, len(district.attendants))
    fewest = fewest_people(((post.end_s - post.start_s, post.needed) for post in due), rules)
    there = len(district.attendants)
    note = (
        f"公厕值守：在册 {there} 人，按今日岗位全年至少 {fewest} 人 · "
        f"attended toilets: {there} attendants, no fewer than {fewest} could staff such days"
    )
    return Staffed(posts, (f"attendants: {answer.note.text}",), (note,))


def missing_people(posts: Iterable[Post]) -> int:
    """How many people the posts of a day lack."""
    return sum(post.missing for post in posts)


def post_figures(district: District, posts: Sequence[Post]) -> dict[str, Any]:
    """Figures of a day's posts for the plan's indicators; nothing where there are none.

    Returns:
        ``posts``: ``by_post``, a row for each row of the posts' table that holds, and ``totals``,
        with ``toilets``, posts ``due`` and fully ``staffed``, people ``needed``, ``filled`` and
        ``missing``, how many of them are ``at_home``, and their ``hours``.
    """
    if not posts:
        return {}
    home = {person.id: person.toilet_id for person in district.attendants}
    rows = []
    for row in sorted(district.toilet_posts, key=lambda row: (row.start_s, row.id)):
        mine = [post for post in posts if post.post_id == row.id]
        if mine:
            named = {"post": row.id, "name": row.name, "name_en": row.name_en}
            rows.append(named | _sums(mine, home))
    return {"posts": {"by_post": rows, "totals": _sums(posts, home)}}


def _sums(posts: Sequence[Post], home: Mapping[str, str]) -> dict[str, Any]:
    return {
        "toilets": len({post.toilet_id for post in posts}),
        "due": len(posts),
        "staffed": sum(not post.missing for post in posts),
        "needed": sum(post.needed for post in posts),
        "filled": sum(len(post.attendants) for post in posts),
        "missing": missing_people(posts),
        "at_home": sum(home[a] == post.toilet_id for post in posts for a in post.attendants),
        "hours": round(sum((p.end_s - p.start_s) * len(p.attendants) for p in posts) / 3600, 2),
    }


def _ways_m(district: District) -> dict[tuple[str, str], int]:
    """Straight lines from home toilets to attended ones, metres."""
    at = {toilet.id: (toilet.lon, toilet.lat) for toilet in district.toilets}
    homes = sorted({person.toilet_id for person in district.attendants})
    open_ones = [toilet.id for toilet in district.toilets if toilet.mode == "attended"]
    return {
        (home, place): round(distance_m(at[home], at[place]))
        for home in homes
        for place in open_ones
    }


def _filled(due: Sequence[Hours], answer: Staffing, of: int) -> tuple[Post, ...]:
    """The posts with their people; ``of`` are employed."""
    short = {gap.post_id: gap for gap in answer.short}
    found = []
    for post in due:
        gap = short.get(post.id)
        found.append(
            Post(
                toilet_id=post.place,
                post_id=post.shift,
                start_s=post.start_s,
                end_s=post.end_s,
                needed=post.needed,
                attendants=answer.people[post.id],
                missing=gap.missing if gap else 0,
                text=_text(gap, of) if gap else "",
                fix=_fix(gap, post.place) if gap else {},
            )
        )
    return tuple(found)


def _text(gap: Short, of: int) -> str:
    zh = "、".join(f"{n} 人{_WHY[words]}" for words, n in gap.why) or "无人在册"
    en = ", ".join(f"{n} {words}" for words, n in gap.why) or "nobody is employed"
    return f"缺 {gap.missing} 人：在册 {of} 人中 {zh} · {gap.missing} short: of {of}, {en}"


def _fix(gap: Short, toilet: str) -> dict[str, Any]:
    return {
        "text": f"{toilet} 增加值守员 {gap.missing} 人 · +{gap.missing} attendant at {toilet}",
        "toilet": toilet,
        "attendants": gap.missing,
    }
