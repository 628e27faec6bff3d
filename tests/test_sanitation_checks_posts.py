"""The tables of attended toilets checked: every fault they can have, and what they count."""

from __future__ import annotations

from pathlib import Path

import pytest
from brokendistricts import add, remove
from brokenwaste import Mutate, both, cell, drop
from postdistrict import write_postdistrict

from sanitation.counts import attendant_counts, counts
from sanitation.district import read_district
from sanitation.errors import DistrictError
from sanitation.export.counts import counts_table

# what is broken, how, and what each reported line begins with
BROKEN: list[tuple[str, Mutate, list[str]]] = [
    (
        "no attendants",
        remove("attendants.csv"),
        ["attendants.csv: the file is missing; toilet_posts.csv is there; the staffing of toilets"],
    ),
    (
        "no posts",
        remove("toilet_posts.csv"),
        ["toilet_posts.csv: the file is missing; attendants.csv is there; the staffing of toilets"],
    ),
    (
        "ends before it starts",
        cell("toilet_posts", "night", "start", "22:00"),
        [
            "toilet_posts.csv:2: end: the post ends before it starts (value '06:00'); a night "
            "begins the evening before: -1d 22:00"
        ],
    ),
    (
        "begins in the afternoon before",
        cell("toilet_posts", "night", "start", "-1d 21:00"),
        ["toilet_posts.csv:2: start: a plan covers 22:00 of the evening before to 24:00"],
    ),
    (
        "longer than a duty day",
        cell("toilet_posts", "morning", "end", "14:30"),
        [
            "toilet_posts.csv:3: end: the post lasts 8.5 h, a duty day 8 h (value '14:30'); a post "
            "is a whole duty day: split it in two"
        ],
    ),
    (
        "longer than a duty day of the rules",
        add("rules.csv", "duty_day_work_s,25200,s,seven hours,default"),
        [
            f"toilet_posts.csv:{line}: end: the post lasts 8 h, a duty day 7 h"
            for line in (2, 3, 4, 5)
        ],
    ),
    (
        "a post twice",
        add("toilet_posts.csv", "again,早班,again,1,day,any,06:00,14:00,1,default"),
        [
            "toilet_posts.csv:6: toilet_class, hours_of, season, start, end: is already on line 3 "
            "(value '1, day, any, 06:00, 14:00')"
        ],
    ),
    (
        "toilets of no kind",
        cell("toilet_posts", "night", "hours_of", "nights"),
        ["toilet_posts.csv:2: hours_of: is not one of the choices (value 'nights'); did you mean"],
    ),
    (
        "nobody at a post",
        cell("toilet_posts", "night", "staff", 0),
        ["toilet_posts.csv:2: staff: is outside 1 to 20 (value '0')"],
    ),
    (
        "at home nowhere",
        cell("attendants", "K1", "toilet_id", "WC11"),
        ["attendants.csv:2: toilet_id: is not in toilets.csv (value 'WC11'); did you mean 'WC1'?"],
    ),
    (
        "at home at a roving toilet",
        cell("attendants", "K1", "toilet_id", "WC2"),
        ["attendants.csv:2: toilet_id: is not attended (value 'WC2'); did you mean"],
    ),
    (
        "called as a driver",
        cell("attendants", "K1", "attendant_id", "P3"),
        ["attendants.csv:2: attendant_id: is already used in drivers.csv:4 (value 'P3'); rename"],
    ),
    (
        "rests on an eighth day",
        cell("attendants", "K1", "rest_weekday", 7),
        ["attendants.csv:2: rest_weekday: is outside 0 to 6 (value '7')"],
    ),
    (
        "a class without posts",
        both(cell("toilets", "WC3", "toilet_class", 2)),
        [
            "toilets.csv:4: toilet_class: nobody is posted by day in the warm season (value '2'); "
            "toilet_posts.csv needs a row of class 2 with hours_of day"
        ],
    ),
    (
        "a night without posts",
        cell("toilet_posts", "night", "season", "warm"),
        [
            "toilets.csv:2: toilet_class: nobody is posted at night in the cold season (value '1')"
            "; toilet_posts.csv needs a row of class 1 with hours_of night"
        ],
    ),
]  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_postdistrict(tmp_path / "town")


@pytest.mark.parametrize(("mutate", "told"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_posts(town: Path, mutate: Mutate, told: list[str]) -> None:
    """One thing broken is told with file, line, column, value and hint, and nothing beside it."""
    read_district(town)
    mutate(town)
    with pytest.raises(DistrictError) as caught:
        read_district(town)
    found = [str(problem) for problem in caught.value.problems]
    assert [line[: len(text)] for line, text in zip(found, told, strict=False)] == told
    assert found[len(told) :] == []


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(both(remove("attendants.csv"), remove("toilet_posts.csv")), id="neither"),
        pytest.param(cell("toilet_posts", "night", "start", "-1d 23:00"), id="a shorter night"),
        pytest.param(cell("toilets", "WC1", "open_24h", 0), id="nothing open all year"),
        pytest.param(
            both(cell("toilet_posts", "morning", "season", "cold"), drop("toilet_posts", "midday")),
            id="in the warm season the afternoon alone",
        ),
        pytest.param(
            both(
                add("rules.csv", "toilet_summer_start_mmdd,1231,MMDD,never,default"),
                add("rules.csv", "toilet_summer_end_mmdd,101,MMDD,never,default"),
            ),
            id="no summer",
        ),
    ],
)
def test_what_is_no_fault(town: Path, mutate: Mutate) -> None:
    """Both tables missing, and what a district may well want."""
    mutate(town)
    read_district(town)


def test_what_is_counted(town: Path) -> None:
    """Seven, six and five posts a day; 7 x 7 / 5 people are 9.8, and there are nine.

    WC1 has four posts on every warm day, for which 5.6 people are needed and five are at home;
    WC3 three in the summer, for which four people do not suffice either (4.2).
    """
    district = read_district(town)
    assert attendant_counts(district) == {
        "count": 9,
        "posts_a_day": {"cold": 5, "warm": 6, "summer": 7},
        "fewest": 10,
        "short_homes": ["WC1", "WC3"],
    }
    shown = {row[0].strip("　"): row[2] for row in counts_table(counts(district)).rows}
    assert shown["值守"] == "2"
    assert shown["全天开放"] == "1"
    assert shown["夏季每日值守人次"] == "7"
    assert (shown["值守员"], shown["至少需"], shown["本厕人员不足的公厕"]) == ("9", "10", "2")


def test_without_the_tables_nothing_is_counted(town: Path) -> None:
    """No attendants, no posts, nothing lacking."""
    both(remove("attendants.csv"), remove("toilet_posts.csv"))(town)
    assert attendant_counts(read_district(town)) == {
        "count": 0,
        "posts_a_day": {"cold": 0, "warm": 0, "summer": 0},
        "fewest": 0,
        "short_homes": [],
    }
