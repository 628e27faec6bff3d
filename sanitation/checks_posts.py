"""Checks of attended toilets: hours that a person can work, and people and posts that meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sanitation.checks_ids import ids, known_ids, once
from sanitation.errors import Problem
from sanitation.schema import RULES
from sanitation.tables import Row, Tables, fault

_DAY = (-7_200, 86_400)
_OPEN = {"day": "by day", "night": "at night"}


def check_posts(tables: Tables) -> list[Problem]:
    """Every fault of the tables of attended toilets; none where they are not there."""
    rows, people = tables["toilet_posts"], tables["attendants"]
    if not rows and not people:
        return []
    problems = list(_hours(rows, _longest_s(tables)))
    problems += once("toilet_posts", ("toilet_class", "hours_of", "season", "start", "end"), rows)
    attended = frozenset(
        row.values["toilet_id"]
        for row in tables["toilets"]
        if row.values.get("mode") == "attended" and "toilet_id" in row.values
    )
    toilets = ids(tables["toilets"], "toilet_id")
    at_known = [row for row in people if row.values.get("toilet_id") in toilets]
    problems += known_ids("attendants", "toilet_id", at_known, attended, "is not attended")
    drivers = {row.values.get("driver_id"): row.line for row in tables["drivers"]}
    for row in people:
        name = row.values.get("attendant_id")
        if name in drivers:
            text = f"is already used in drivers.csv:{drivers[name]}"
            problems.append(fault("attendants", row, "attendant_id", text, "rename one of them"))
    if rows and all("hours_of" in row.values and "toilet_class" in row.values for row in rows):
        problems += _unstaffed(tables["toilets"], rows)
    return problems


def _longest_s(tables: Tables) -> float:
    """The longest work of a duty day, which a post may not pass."""
    given = (
        row.values.get("value")
        for row in tables["rules"]
        if row.values.get("key") == "duty_day_work_s"
    )
    return next((value for value in given if value is not None), RULES["duty_day_work_s"][0])


def _hours(rows: Sequence[Row], longest_s: float) -> Iterator[Problem]:
    for row in rows:
        start, end = row.values.get("start"), row.values.get("end")
        if start is None or end is None:
            continue
        if start >= end:
            hint = "a night begins the evening before: -1d 22:00"
            yield fault("toilet_posts", row, "end", "the post ends before it starts", hint)
        elif start < _DAY[0]:
            text = "a plan covers 22:00 of the evening before to 24:00 of the date"
            yield fault("toilet_posts", row, "start", text)
        elif end - start > longest_s:
            text = f"the post lasts {(end - start) / 3600:g} h, a duty day {longest_s / 3600:g} h"
            hint = "a post is a whole duty day: split it in two"
            yield fault("toilet_posts", row, "end", text, hint)


def _unstaffed(toilets: Sequence[Row], rows: Sequence[Row]) -> Iterator[Problem]:
    """An attended toilet has posts by day in every season, and at night where it is open 24 h.

    Told for the first toilet of a class, as all of them lack the same row.
    """
    told: set[tuple[object, str]] = set()
    for toilet in toilets:
        values = toilet.values
        if values.get("mode") != "attended" or "toilet_class" not in values:
            continue
        kind = values["toilet_class"]
        for time in ("day", "night") if values.get("open_24h") else ("day",):
            seasons = {
                row.values.get("season")
                for row in rows
                if row.values["toilet_class"] == kind and row.values["hours_of"] == time
            }
            lacking = [s for s in ("warm", "cold") if not seasons & {"any", s, None}]
            if lacking and (kind, time) not in told:
                told.add((kind, time))
                text = f"nobody is posted {_OPEN[time]} in the {lacking[0]} season"
                hint = f"toilet_posts.csv needs a row of class {kind} with hours_of {time}"
                yield fault("toilets", toilet, "toilet_class", text, hint)
