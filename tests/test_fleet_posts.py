"""Attendants to posts: small cases checked by hand, and the fewest empty places by trying all."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import pytest

from fleet.duty import Past
from fleet.model import Attendant, DutyRules
from fleet.posts import Post, Staffing, fewest_people, staff_posts

H = 3600
TUESDAY = 1
# A, B and C stand in a row, 400 m apart.
AT = {"A": 0, "B": 400, "C": 800}
WAY_M = {(a, b): abs(AT[a] - AT[b]) for a in AT for b in AT}


def post(name: str, start_h: float, end_h: float, needed: int = 1, priority: int = 0) -> Post:
    """``name`` is "<place>/<shift>"."""
    place, _, shift = name.partition("/")
    return Post(name, place, shift, round(start_h * H), round(end_h * H), needed, priority)


def person(name: str, home: str, rest: int = 6) -> Attendant:
    return Attendant(name, name, home, rest)


def staff(
    posts: Sequence[Post], people: Sequence[Attendant], past: Past | None = None, **more: Any
) -> Staffing:
    return staff_posts(posts, people, WAY_M, past or Past(), DutyRules(), TUESDAY, **more)


def test_everyone_is_at_home() -> None:
    """Two people of A and one of B for two posts at A and one at B."""
    posts = [post("A/am", 6, 14), post("A/pm", 14, 22), post("B/am", 6, 14)]
    answer = staff(posts, [person("1", "B"), person("2", "A"), person("3", "A")])
    assert answer.people["B/am"] == ("1",)
    assert set(answer.people["A/am"] + answer.people["A/pm"]) == {"2", "3"}
    assert answer.short == ()
    assert answer.note.status == "optimal"


@pytest.mark.parametrize(("near", "far"), [("1", "2"), ("2", "1")])
def test_the_nearest_stands_in(near: str, far: str) -> None:
    """Nobody is at home at A: the one of B, 400 m away, comes rather than the one of C."""
    answer = staff([post("A/am", 6, 14)], [person(far, "C"), person(near, "B")])
    assert answer.people == {"A/am": (near,)}


def test_who_is_far_away_comes_when_nobody_else_can() -> None:
    """No relief is looked at beside people at home; the one of C is found all the same."""
    answer = staff([post("A/am", 6, 14)], [person("1", "C")], relief=0)
    assert answer.people == {"A/am": ("1",)}


def test_two_at_a_time() -> None:
    """A post for two takes the two of its own toilet, sorted."""
    answer = staff(
        [post("A/am", 6, 14, 2)], [person(n, h) for n, h in (("3", "A"), ("1", "B"), ("2", "A"))]
    )
    assert answer.people == {"A/am": ("2", "3")}


def test_what_matters_more_is_filled_first() -> None:
    """One person, at home where it matters less: B is staffed, and A says what it lacks."""
    posts = [post("A/am", 6, 14, priority=2), post("B/am", 6, 14, priority=3)]
    answer = staff(posts, [person("1", "A")])
    assert answer.people == {"A/am": (), "B/am": ("1",)}
    (gap,) = answer.short
    assert (gap.post_id, gap.missing, gap.why) == ("A/am", 1, (("on another post", 1),))


def test_more_posts_rather_than_an_important_one() -> None:
    """Person 1 may do either post, 2 only the afternoon's: both are filled, whatever matters."""
    past = Past(last_end_s={"2": -2 * H})  # until 22:00 of the evening before
    posts = [post("A/am", 6, 14), post("A/pm", 14, 22, priority=5)]
    answer = staff(posts, [person("1", "A"), person("2", "A")], past)
    assert answer.people == {"A/am": ("1",), "A/pm": ("2",)}


def test_people_keep_their_hours() -> None:
    """Both are at home and free; each goes on with the shift of the last duty, either way round."""
    posts = [post("A/am", 6, 14), post("A/pm", 14, 22)]
    people = [person("1", "A"), person("2", "A")]
    for before in ({"1": "am", "2": "pm"}, {"1": "pm", "2": "am"}):
        answer = staff(posts, people, shift_before=before)
        assert answer.people == {f"A/{shift}": (who,) for who, shift in before.items()}


def test_home_counts_for_more_than_hours() -> None:
    """1 is at home and did another shift, 2 did this one and is 400 m away: 1 comes."""
    people = [person("1", "A"), person("2", "B")]
    answer = staff([post("A/am", 6, 14)], people, shift_before={"1": "pm", "2": "am"})
    assert answer.people == {"A/am": ("1",)}


def test_the_week_is_shared() -> None:
    """Of two people at home the one with fewer hours in the week comes."""
    past = Past(work_s={"1": 32 * H, "2": 8 * H})
    people = [person("1", "A"), person("2", "A")]
    assert staff([post("A/am", 6, 14)], people, past).people == {"A/am": ("2",)}


@pytest.mark.parametrize(
    ("past", "rest", "absent", "words"),
    [
        (Past(), TUESDAY, (), "on the weekly rest day"),
        (Past(), 6, ("1",), "absent"),
        (Past(days_in_row={"1": 6}), 6, (), "at the most days in a row"),
        (Past(work_s={"1": 37 * H}), 6, (), "at the week's most hours"),
        (
            Past(last_end_s={"1": -4 * H}),
            6,
            (),
            "with too short a rest since the last duty day",
        ),
    ],
)
def test_why_nobody_comes(past: Past, rest: int, absent: tuple[str, ...], words: str) -> None:
    """One person, kept away by one rule: the post is short and names it."""
    answer = staff([post("A/am", 6, 14)], [person("1", "A", rest)], past, absent=frozenset(absent))
    (gap,) = answer.short
    assert (gap.missing, gap.why) == (1, ((words, 1),))


def test_at_the_very_limit_of_each_rule() -> None:
    """36 h in the week and 8 more are 44, five days before are six, 11 h of rest are enough."""
    past = Past(work_s={"1": 36 * H}, days_in_row={"1": 5}, last_end_s={"1": -5 * H})
    assert staff([post("A/am", 6, 14)], [person("1", "A")], past).short == ()


def test_a_post_longer_than_a_day() -> None:
    """Nine hours are nobody's duty day."""
    (gap,) = staff([post("A/am", 6, 15)], [person("1", "A")]).short
    assert gap.why == (("at the most work of a duty day", 1),)


def test_no_one_at_all() -> None:
    """Three places, no people: all three are missing, and there is no one to give a reason for."""
    answer = staff([post("A/am", 6, 14, 3)], [])
    assert [(gap.missing, gap.why) for gap in answer.short] == [(3, ())]


def test_no_posts() -> None:
    """Nothing is due: nobody comes."""
    assert staff([], [person("1", "A")]).people == {}


def test_what_makes_no_sense_is_refused() -> None:
    """Ids twice, a post without hours or people."""
    with pytest.raises(ValueError, match="two posts have the same id"):
        staff([post("A/am", 6, 14)] * 2, [])
    with pytest.raises(ValueError, match="two people have the same id"):
        staff([], [person("1", "A")] * 2)
    for wrong in ((14, 6, 1, 0), (6, 14, 0, 0), (6, 14, 1, -1)):
        with pytest.raises(ValueError, match="post A/am: no hours"):
            post("A/am", *wrong)


def _town(seed: int) -> tuple[list[Post], list[Attendant], Past]:
    """Up to four posts and five people, who are tired or resting by chance."""
    chance = random.Random(seed)
    posts = [
        post(f"{place}/{shift}", *hours, chance.choice((1, 1, 2)), chance.randint(0, 3))
        for place in AT
        for shift, hours in (("am", (6, 14)), ("pm", (14, 22)))
        if chance.random() < 0.6
    ][:4]  # fmt: skip
    people = [person(str(i), chance.choice("ABC"), chance.choice((1, 3, 6))) for i in range(5)]
    ends_h = {p.id: chance.choice((-2, -8, -20)) for p in people}
    return posts, people, Past(last_end_s={name: h * H for name, h in ends_h.items()})


@pytest.mark.parametrize("seed", range(12))
def test_as_few_places_as_possible_stay_empty(seed: int) -> None:
    """Every way to give people places is tried by hand: none fills more."""
    posts, people, past = _town(seed)
    able = [p for p in people if p.rest_weekday != TUESDAY]
    places = [one for one in posts for _ in range(one.needed)]

    def filled(order: Sequence[Attendant]) -> int:
        """People in turn take the first free place that their rest allows."""
        free = list(places)
        for who in order:
            fits = (x for x in free if x.start_s - past.last_end_s[who.id] >= 11 * H)
            if (place := next(fits, None)) is not None:
                free.remove(place)
        return len(places) - len(free)

    best = max(filled(order) for order in itertools.permutations(able))
    answer = staff(posts, people, past)
    assert sum(len(who) for who in answer.people.values()) == best
    assert sum(gap.missing for gap in answer.short) == len(places) - best
    busy = [name for who in answer.people.values() for name in who]
    assert len(set(busy)) == len(busy)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    """Twenty alike people for twelve alike posts: the same answer from shuffled lists."""
    chance = random.Random(seed)
    posts = [post(f"{place}/{i}", 6, 14) for place in AT for i in range(4)]
    people = [person(f"{i:02d}", "ABC"[i % 3]) for i in range(20)]
    again = staff(chance.sample(posts, len(posts)), chance.sample(people, len(people)))
    assert again.people == staff(posts, people).people


@pytest.mark.parametrize(
    ("shifts", "rules", "fewest"),
    [
        # 44 h are five shifts of eight: 140 x 7 / 5
        ([(8 * H, 140)], DutyRules(), 196),
        # six of seven hours are 42 h: 60 x 7 / 6
        ([(7 * H, 60)], DutyRules(), 70),
        # one shift a day: 7 / 5 people
        ([(8 * H, 1)], DutyRules(), 2),
        # 4 h a day each: one day of rest at least, 12 x 7 / 6
        ([(4 * H, 12)], DutyRules(), 14),
        # mixed: by days (10 + 10) x 7 / 6 = 24, by hours 120 x 7 / 44 = 20
        ([(8 * H, 10), (4 * H, 10)], DutyRules(), 24),
        ([(8 * H, 140)], DutyRules(week_work_s=48 * H), 164),
        ([(8 * H, 0)], DutyRules(), 0),
        ([], DutyRules(), 0),
    ],
)  # fmt: skip
def test_fewest_people(shifts: list[tuple[int, int]], rules: DutyRules, fewest: int) -> None:
    """A week of the same posts every day, against what a person may work in it."""
    assert fewest_people(shifts, rules) == fewest
