"""Attended toilets of the embedded district: the tables' figures, and people enough for a week."""

from __future__ import annotations

from collections import Counter

import pytest
from test_data_nankai import table

from fleet.posts import fewest_people
from sanitation.counts import attendant_counts
from sanitation.crewing import duty_rules
from sanitation.district import embedded_folder, read_district
from sanitation.duties.posts import posts_of
from sanitation.history import past_of, posts_before
from sanitation.model import Conditions, DayPlan, District
from sanitation.posts import missing_people, staff_day


@pytest.fixture(scope="module")
def nankai() -> District:
    return read_district(embedded_folder())


def test_counts() -> None:
    """Four posts; 212 people at 40 toilets: six where it is open 24 h, else five or four."""
    assert [row["toilet_post_id"] for row in table("toilet_posts")] == [
        "morning", "midday", "afternoon", "night",
    ]  # fmt: skip
    people = table("attendants")
    always = {row["toilet_id"]: row["open_24h"] for row in table("toilets")}
    homes = Counter(row["toilet_id"] for row in people)
    assert Counter((always[home], count) for home, count in homes.items()) == {
        ("1", 6): 20, ("0", 5): 12, ("0", 4): 8,
    }  # fmt: skip
    assert len(people) == 212
    assert set(Counter(row["rest_weekday"] for row in people).values()) == {30, 31}
    assert all(row["provenance"] == "sample" for row in people)


def test_people_beside_the_fewest(nankai: District) -> None:
    """Summer 140 posts x 7 / 5 = 196 people; 212 are 8 % more. Eight toilets need relief."""
    found = attendant_counts(nankai)
    assert found["posts_a_day"] == {"cold": 100, "warm": 120, "summer": 140}
    assert (found["count"], found["fewest"], len(found["short_homes"])) == (212, 196, 8)
    assert fewest_people([(28_800, 140)], duty_rules(nankai.rules)) == 196
    assert 1.07 < 212 / 196 < 1.09


@pytest.mark.parametrize(("month", "season", "due"), [("07", "warm", 140), ("01", "cold", 100)])
def test_every_weekday_is_staffed(nankai: District, month: str, season: str, due: int) -> None:
    """Nine days in a row from a fresh start: nobody is missing, hours and rest are kept."""
    plans: list[DayPlan] = []
    worked: dict[str, list[int]] = {}
    for day in range(9):
        date = f"2026-{month}-{5 + day:02d}"
        conditions = Conditions(date, season, "clear", 0, 0, (), (), (), (), (), (), (), ())
        weekday = (6 + day if month == "07" else day) % 7
        staffed = staff_day(
            nankai, conditions, weekday, past_of(date, plans[:7]), posts_before(plans[:7])
        )
        assert len(staffed.posts) == due
        assert missing_people(staffed.posts) == 0
        for post in staffed.posts:
            for name in post.attendants:
                worked.setdefault(name, []).append(day)
        plan = DayPlan(date, "", "", True, "+08:00", 0, {}, {}, (), (), (), (), {}, staffed.posts)
        plans.insert(0, plan)
    for days in worked.values():
        assert all(sum(first <= day < first + 7 for day in days) <= 5 for first in range(9))


def test_posts_of_a_class_one_toilet(nankai: District) -> None:
    """T001 is open 24 h, T005 by day: 6.00 h after 22:00 in the summer both are staffed."""
    shifts = {
        (date[5:7], post.place, post.shift)
        for date, season in (("2026-07-15", "warm"), ("2026-10-15", "warm"), ("2026-01-15", "cold"))
        for post in posts_of(nankai, date, season)
    }
    for month, place, night, midday in (
        ("07", "T001", True, True), ("10", "T001", True, True), ("01", "T001", True, False),
        ("07", "T005", True, False), ("10", "T005", False, False), ("01", "T005", False, False),
    ):  # fmt: skip
        assert ((month, place, "night") in shifts) is night
        assert ((month, place, "midday") in shifts) is midday
        assert (month, place, "morning") in shifts
