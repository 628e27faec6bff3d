"""值守: which attended toilets are staffed in which hours of a date, from the table of posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fleet.posts import Post
from sanitation.duties import toilets
from sanitation.model import District
from sanitation.places import Toilet, ToiletPost

SERVICE = toilets.SERVICE


def posts_of(district: District, date: str, season: str) -> tuple[Post, ...]:
    """The posts of a date, sorted by toilet and start; an id is "<toilet>/<row of the table>".

    Args:
        date: ISO 8601; the night before it, from 22:00, is its own.
        season: warm or cold, from the day's conditions.
    """
    summer = in_summer(date, district.rules)
    found = []
    for toilet in district.toilets:
        rows = [row for row in district.toilet_posts if holds(row, toilet, season, summer=summer)]
        for row in rows:
            # No toilet is without anyone while another has two; then what is open 24 h all year
            # and of the better class comes first.
            alone = not _is_second(row, [other for other in rows if other != row])
            found.append(
                Post(
                    id=f"{toilet.id}/{row.id}",
                    place=toilet.id,
                    shift=row.id,
                    start_s=row.start_s,
                    end_s=row.end_s,
                    needed=row.staff,
                    priority=6 * alone + 2 * (3 - toilet.toilet_class) + toilet.open_24h,
                )
            )
    return tuple(sorted(found, key=lambda post: (post.place, post.start_s, post.id)))


def _is_second(row: ToiletPost, others: Sequence[ToiletPost]) -> bool:
    """Whether somebody else is there at every moment of the row's hours."""
    reached_s = row.start_s
    for other in sorted(others, key=lambda other: other.start_s):
        if other.start_s <= reached_s:
            reached_s = max(reached_s, other.end_s)
    return reached_s >= row.end_s


def in_summer(date: str, rules: Mapping[str, float]) -> bool:
    """Whether attended toilets that close at night in other months are open on a date's night."""
    mmdd = int(date[5:7]) * 100 + int(date[8:10])
    return rules["toilet_summer_start_mmdd"] <= mmdd <= rules["toilet_summer_end_mmdd"]


def holds(row: ToiletPost, toilet: Toilet, season: str, *, summer: bool) -> bool:
    """Whether a row of the table asks for people at a toilet on a day of a season."""
    open_then = {
        "day": True,
        "night": toilet.open_24h or summer,
        "always": toilet.open_24h,
    }[row.hours_of]
    return (
        toilet.mode == "attended"
        and toilet.toilet_class == row.toilet_class
        and row.season in ("any", season)
        and open_then
    )
