"""Attended toilets from the tables to the plan: what is due, who comes, and the day after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from postdistrict import COLD, SUMMER, WARM, write_postdistrict
from shuffled import edit_table, plan_folder

from sanitation.archive import plan_dict, plan_of, plan_text, write_plan
from sanitation.district import read_district
from sanitation.duties.posts import in_summer, posts_of
from sanitation.errors import UsageError
from sanitation.history import past_of, posts_before
from sanitation.model import DayPlan, Post
from sanitation.options import Options

Rows = list[dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_postdistrict(tmp_path_factory.mktemp("posts") / "town")


def planned(folder: Path, **options: Any) -> DayPlan:
    """Attended toilets alone."""
    chosen: dict[str, Any] = {"services": ("toilet",)}
    return plan_folder(folder, **(chosen | options))


@pytest.fixture(scope="module")
def plain(town: Path) -> DayPlan:
    return planned(town)


def shifts(plan: DayPlan) -> dict[str, list[str]]:
    """Rows of the posts' table by toilet, in order."""
    found: dict[str, list[str]] = {}
    for post in plan.posts:
        found.setdefault(post.toilet_id, []).append(post.post_id)
    return found


@pytest.mark.parametrize(
    ("date", "season", "due"),
    [
        (SUMMER, "warm", ("night morning midday afternoon", "night morning afternoon")),
        (WARM, "warm", ("night morning midday afternoon", "morning afternoon")),
        (COLD, "cold", ("night morning afternoon", "morning afternoon")),
    ],
)
def test_what_is_due(town: Path, date: str, season: str, due: tuple[str, str]) -> None:
    """As the table in postdistrict.py says; a roving toilet has no posts."""
    found: dict[str, str] = {}
    for post in posts_of(read_district(town), date, season):
        found[post.place] = f"{found.get(post.place, '')} {post.shift}".strip()
    assert found == dict(zip(("WC1", "WC3"), due, strict=True))


def test_the_summer_is_in_the_rules(town: Path) -> None:
    """1 June to 31 August, both days in it; ends the other way round: never."""
    rules = read_district(town).rules
    days = ("2026-05-31", "2026-06-01", "2026-08-31", "2026-09-01")
    assert [in_summer(day, rules) for day in days] == [False, True, True, False]
    never = rules | {"toilet_summer_start_mmdd": 831.0, "toilet_summer_end_mmdd": 601.0}
    assert not any(in_summer(day, never) for day in days)


def test_what_is_staffed_first(town: Path) -> None:
    """WC1, open 24 h, before WC3; after both WC1's midday, when another one is there anyway."""
    priority = {p.id: p.priority for p in posts_of(read_district(town), SUMMER, "warm")}
    assert priority["WC1/night"] == priority["WC1/morning"] == priority["WC1/afternoon"]
    assert priority["WC1/morning"] > priority["WC3/morning"] > priority["WC1/midday"]


def test_a_gap_of_a_minute_is_no_second_attendant(tmp_path: Path) -> None:
    """The afternoon begins at 14:01: at 14:00 the midday's is the only one, and comes first."""
    folder = write_postdistrict(tmp_path / "town")

    def later(rows: Rows) -> Rows:
        return [row | {"start": row["start"].replace("14:00", "14:01")} for row in rows]

    edit_table(folder, "toilet_posts", later)
    priority = {p.id: p.priority for p in posts_of(read_district(folder), SUMMER, "warm")}
    assert priority["WC1/midday"] == priority["WC1/morning"]


def test_a_summer_day(town: Path, plain: DayPlan) -> None:
    """Seven people for seven posts, all at home, and nothing for the referee to find."""
    assert (plain.violations, plain.runs, plain.uncovered) == ((), (), ())
    assert shifts(plain)["WC1"] == ["night", "morning", "midday", "afternoon"]
    people = {post.toilet_id: set[str]() for post in plain.posts}
    for post in plain.posts:
        people[post.toilet_id] |= set(post.attendants)
    assert people == {"WC1": {"K1", "K2", "K3", "K4"}, "WC3": {"K6", "K7", "K8"}}
    night = plain.posts[0]
    assert (night.start_s, night.end_s, night.needed, night.missing) == (-7200, 21_600, 1, 0)


def test_figures_of_the_day(plain: DayPlan) -> None:
    """Seven posts of eight hours: 56 h; the night's at both toilets, the midday's at one."""
    figures = plain.indicators["posts"]
    assert figures["totals"] == {
        "toilets": 2, "due": 7, "staffed": 7, "needed": 7, "filled": 7, "missing": 0,
        "at_home": 7, "hours": 56.0,
    }  # fmt: skip
    assert [(row["post"], row["name"], row["due"]) for row in figures["by_post"]] == [
        ("night", "夜班", 2),
        ("morning", "早班", 2),
        ("midday", "日间加岗", 1),
        ("afternoon", "中班", 2),
    ]
    # 7 posts x 7 days / 5 shifts of 8 h in 44 h
    assert any("在册 9 人，按今日岗位全年至少 10 人" in note for note in plain.indicators["notes"])


def test_the_plan_is_written_and_read(plain: DayPlan) -> None:
    """The document and back: the same; posts stand before what is uncovered."""
    document = plan_dict(plain)
    assert plan_of(document) == plain
    keys = list(document)
    assert keys.index("posts") == keys.index("uncovered") - 1
    assert document["posts"][0] == {
        "toilet": "WC1",
        "post": "night",
        "start": "2026-07-14T22:00:00+08:00",
        "end": "2026-07-15T06:00:00+08:00",
        "needed": 1,
        "attendants": list(plain.posts[0].attendants),
    }
    document["posts"][0]["attendants"] = "K1"
    with pytest.raises(UsageError, match="attendants must be a list"):
        plan_of(document)


def test_the_same_plan_again(town: Path, plain: DayPlan) -> None:
    """The same inputs, and the rows of three tables backwards: the same bytes."""
    assert plan_text(planned(town)) == plan_text(plain)
    backwards = write_postdistrict(town.parent / "backwards" / "town")
    for table in ("toilets", "toilet_posts", "attendants"):
        edit_table(backwards, table, lambda rows: rows[::-1])
    assert plan_text(planned(backwards)) == plan_text(plain)


def test_without_the_service_or_the_tables_nothing_is_said(town: Path, tmp_path: Path) -> None:
    """Another service, or no table of posts: no posts, no figures of them, no key in the plan."""
    bare = write_postdistrict(tmp_path / "town")
    for table in ("toilet_posts", "attendants"):
        (bare / f"{table}.csv").unlink()
    for plan in (planned(town, services=("sprinkle",)), planned(bare)):
        assert plan.posts == ()
        assert "posts" not in plan.indicators
        assert "posts" not in plan_dict(plan)
        assert plan.violations == ()


def test_who_is_missing_is_told(tmp_path: Path) -> None:
    """K6 to K8 have gone: the four of WC1 who do not rest are all there are for seven posts.

    WC1's night, morning and afternoon come first, then one of WC3's three; that and WC1's second
    attendant at midday are missing, with the reason and what mends it.
    """
    folder = write_postdistrict(tmp_path / "town")
    gone = ("K6", "K7", "K8")
    edit_table(
        folder, "attendants", lambda rows: [r for r in rows if r["attendant_id"] not in gone]
    )
    plan = planned(folder)
    assert plan.violations == ()
    lacking = [post for post in plan.posts if post.missing]
    assert [post.toilet_id for post in lacking] == ["WC1", "WC3", "WC3"]
    assert lacking[0].post_id == "midday"
    assert lacking[0].text == (
        "缺 1 人：在册 6 人中 4 人已在岗、2 人周休 · 1 short: of 6, 4 on another post, "
        "2 on the weekly rest day"
    )
    assert lacking[0].fix["attendants"] == 1
    assert lacking[1].fix["text"].startswith("WC3 增加值守员 1 人")
    totals = plan.indicators["posts"]["totals"]
    assert (totals["staffed"], totals["filled"], totals["missing"]) == (4, 4, 3)
    assert plan_of(plan_dict(plan)) == plan


def test_the_day_after_remembers(town: Path, plain: DayPlan, tmp_path: Path) -> None:
    """Thursday: K3 rests. K5 and K9 are back, everyone else keeps the shift of Wednesday.

    Who had the afternoon until 22:00 could not come at 06:00, and whoever had the morning until
    14:00 has no eleven hours before 22:00.
    """
    (tmp_path / SUMMER).mkdir()
    write_plan(plain, tmp_path / SUMMER)
    plan = planned(town, date="2026-07-16", history=tmp_path)
    assert plan.violations == ()
    assert plan.indicators["posts"]["totals"]["missing"] == 0
    before = posts_before([plain])
    now = {name: post for post in plan.posts for name in post.attendants}
    assert "K3" not in now
    kept = [name for name in before if name in now and before[name] == now[name].post_id]
    assert len(kept) >= 5
    ends = past_of("2026-07-16", [plain]).last_end_s
    assert all(post.start_s - ends.get(name, -86_400) >= 39_600 for name, post in now.items())


def test_the_past_of_attendants(plain: DayPlan) -> None:
    """The night of 15 July ended at 06:00: seen from the 17th 42 h ago, with 8 h of work."""
    (night,) = plain.posts[0].attendants
    past = past_of("2026-07-17", [plain])
    assert past.last_end_s[night] == 21_600 - 2 * 86_400
    assert past.work_s[night] == 8 * 3600
    assert past.days_in_row[night] == 0
    assert past_of("2026-07-16", [plain]).days_in_row[night] == 1
    assert posts_before([plain])[night] == "night"


def test_the_newest_duty_counts(plain: DayPlan) -> None:
    """Of two days the newer one says which hours a person keeps."""
    (night,) = plain.posts[0].attendants
    newer = Post("WC1", "morning", 21_600, 50_400, 1, (night,))
    later = DayPlan("2026-07-16", "", "", False, "", 0, {}, {}, (), (), (), (), {}, (newer,))
    assert posts_before([later, plain])[night] == "morning"


def test_a_week_of_summer_days(tmp_path: Path) -> None:
    """Twelve people, two more than the fewest, staff 7 posts for ten days within all hours.

    No one works more than five days of any seven, or comes back within eleven hours.
    """
    folder = write_postdistrict(tmp_path / "town")

    def more(rows: Rows) -> Rows:
        extra = [
            {"attendant_id": name, "name": name, "toilet_id": home, "rest_weekday": rest}
            | {"provenance": "sample"}
            for name, home, rest in (("K10", "WC1", "6"), ("K11", "WC3", "3"), ("K12", "WC3", "1"))
        ]
        return rows + extra

    edit_table(folder, "attendants", more)
    history = tmp_path / "history"
    ends: dict[str, int] = {}
    days: dict[str, list[int]] = {}
    for day in range(10):
        date = f"2026-07-{6 + day:02d}"
        plan = planned(folder, date=date, history=history)
        (history / date).mkdir(parents=True)
        write_plan(plan, history / date)
        assert plan.violations == ()
        assert plan.indicators["posts"]["totals"]["missing"] == 0
        for post in plan.posts:
            for name in post.attendants:
                at_s = day * 86_400
                assert at_s + post.start_s - ends.get(name, -(10**9)) >= 39_600
                ends[name] = at_s + post.end_s
                days.setdefault(name, []).append(day)
    for worked in days.values():
        assert all(sum(d <= day < d + 7 for day in worked) <= 5 for d in range(10))


def test_toilet_is_a_service() -> None:
    """It is planned unless other services are asked for."""
    assert "toilet" in Options(SUMMER).services
