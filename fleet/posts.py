"""Attendants to posts: who looks after which toilet in which hours of a day.

One model: minimise Σ_p (FILL + PRIORITY · priority(p)) · short(p) + Σ cost(a, p) · take(a, p),
subject to :func:`post_filled` and :func:`one_post_per_person`. Its rows are those of a bipartite
graph, so that the corners of the linear model are whole numbers already (Hoffman and Kruskal,
Integral boundary points of convex polyhedra, 1956). The hours are the rules of ``fleet.duty``: a
match that breaks one is no variable.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet.duty import (
    DAY_RULES,
    PERSON_RULES,
    Chain,
    Day,
    Past,
    RunNeed,
    broken_rule,
    own_depot,
)
from fleet.model import Attendant, Driver, DutyRules, SolveNote
from fleet.solver import chosen, linear, minimise

# A post without a person weighs more than everything that people would rather do together.
FILL = 1_000_000
PRIORITY = 30_000
AWAY = 30  # at another toilet than one's own, and one more for each 100 m
FAR = 40  # most of the latter
CHANGED = 12  # of hours, against one's last duty
WORN = 100  # for a week's most hours, growing with the square
RELIEF = 12  # nearest people of other toilets who may stand in, while that fills all posts
NODE_LIMIT = 1  # the linear model needs no tree
_RULES = tuple((words, rule) for words, rule in (*PERSON_RULES, *DAY_RULES) if rule != own_depot)


@dataclass(frozen=True, slots=True)
class Post:
    """Hours at a place for which ``needed`` people must be there; a whole duty day of each.

    ``shift`` names the hours, the same at all places. Of posts that cannot all be filled those
    of a higher ``priority`` (0 upwards) are.
    """

    id: str
    place: str
    shift: str
    start_s: int
    end_s: int
    needed: int
    priority: int = 0

    def __post_init__(self) -> None:
        if self.start_s >= self.end_s or self.needed < 1 or self.priority < 0:
            raise ValueError(f"post {self.id}: no hours, nobody needed or a priority below 0")


@dataclass(frozen=True, slots=True)
class Short:
    """A post that lacks ``missing`` people.

    ``why`` counts the people who could not come by the first rule that each would break, the
    commonest first, in the words of ``fleet.duty``; "on another post" are all others.
    """

    post_id: str
    missing: int
    why: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """Attendants by post id (sorted, none for a post without any), and what is short."""

    people: dict[str, tuple[str, ...]]
    short: tuple[Short, ...]
    note: SolveNote


def staff_posts(
    posts: Sequence[Post],
    people: Sequence[Attendant],
    way_m: Mapping[tuple[str, str], int],
    past: Past,
    rules: DutyRules,
    weekday: int,
    *,
    absent: frozenset[str] = frozenset(),
    shift_before: Mapping[str, str] | None = None,
    relief: int = RELIEF,
) -> Staffing:
    """As few places as possible stay empty; then people are at home and keep their hours.

    Args:
        posts: of the day, in any order, ids of their own.
        people: all of them; those who cannot work today are left out by the rules.
        way_m: metres from each home to each other place.
        past: what the days before leave behind.
        rules: hours of a day and a week, days in a row, rest between duty days.
        weekday: of the date, 0 is Monday.
        absent: ids of people who are away.
        shift_before: shift of each person's last duty, where there was one.
        relief: people of other toilets who are looked at for each post before all are.

    Raises:
        ValueError: two posts or two people with the same id.
    """
    ordered = sorted(posts, key=lambda post: post.id)
    staff = sorted(people, key=lambda person: person.id)
    for name, ids in (("posts", [p.id for p in ordered]), ("people", [p.id for p in staff])):
        if len(set(ids)) < len(ids):
            raise ValueError(f"two {name} have the same id")
    day = Day(rules, past, weekday, absent)
    able = {
        post.id: [person for person in staff if not _broken(post, person, day)] for post in ordered
    }
    before = shift_before or {}

    def solve(few: int | None) -> tuple[dict[str, tuple[str, ...]], SolveNote]:
        pairs = [
            (post, person)
            for post in ordered
            for person in _nearest(post, able[post.id], way_m, few)
        ]
        costs = [_cost(post, person, way_m, day, before) for post, person in pairs]
        return _matched(ordered, pairs, costs)

    found, note = solve(relief)
    if any(len(found[post.id]) < post.needed for post in ordered):
        found, note = solve(None)
    short = tuple(
        Short(post.id, post.needed - len(found[post.id]), _why(post, staff, found[post.id], day))
        for post in ordered
        if len(found[post.id]) < post.needed
    )
    return Staffing(found, short, note)


def fewest_people(shifts: Iterable[tuple[int, int]], rules: DutyRules) -> int:
    """No fewer people than this can do the same shifts every day.

    In any seven days a person works at most six of them, as one is the day of rest, and as many
    whole shifts as fit into the week's hours.

    Args:
        shifts: (seconds, people needed) of each post of a day.
        rules: the week's hours and the days in a row.
    """
    of_day = [(length_s, needed) for length_s, needed in shifts if needed]
    if not of_day:
        return 0
    shortest_s = min(length_s for length_s, _ in of_day)
    days = min(6, rules.days_in_row, rules.week_work_s // shortest_s)
    by_days = 7 * sum(needed for _, needed in of_day) / max(1, days)
    by_hours = 7 * sum(length_s * needed for length_s, needed in of_day) / rules.week_work_s
    return math.ceil(max(by_days, by_hours))


def post_filled(
    prob: Any,
    posts: Sequence[Post],
    take: Mapping[tuple[str, str], Any],
    short: Mapping[str, Any],
) -> None:
    """Every place is taken or counted as short: Σ_a take(a, p) + short(p) = needed(p)."""
    rows: dict[str, list[tuple[Any, float]]] = {p: [(v, 1.0)] for p, v in short.items()}
    for (post_id, _), variable in take.items():
        rows[post_id].append((variable, 1.0))
    for i, post in enumerate(posts):
        prob += linear(rows[post.id]) == post.needed, f"post_filled_{i:04d}"


def one_post_per_person(prob: Any, take: Mapping[tuple[str, str], Any]) -> None:
    """A post is a whole duty day: Σ_p take(a, p) ≤ 1 for each person a."""
    rows: dict[str, list[tuple[Any, float]]] = {}
    for (_, person), variable in take.items():
        rows.setdefault(person, []).append((variable, 1.0))
    for i, person in enumerate(sorted(rows)):
        prob += linear(rows[person]) <= 1, f"one_post_{i:04d}"


def _matched(
    posts: Sequence[Post], pairs: Sequence[tuple[Post, Attendant]], costs: Sequence[float]
) -> tuple[dict[str, tuple[str, ...]], SolveNote]:
    import pulp

    prob = pulp.LpProblem("posts", pulp.LpMinimize)
    take = {
        (post.id, person.id): prob.add_variable(f"take_{i:06d}", 0, 1)
        for i, (post, person) in enumerate(pairs)
    }
    short = {p.id: prob.add_variable(f"short_{i:04d}", 0, p.needed) for i, p in enumerate(posts)}
    prob += linear(
        [*zip(take.values(), costs, strict=True)]
        + [(short[p.id], float(FILL + PRIORITY * p.priority)) for p in posts]
    )
    post_filled(prob, posts, take, short)
    one_post_per_person(prob, take)
    note = minimise(prob, NODE_LIMIT)
    found: dict[str, list[str]] = {post.id: [] for post in posts}
    for (post_id, person_id), variable in take.items():
        if chosen(variable):
            found[post_id].append(person_id)
    return {post_id: tuple(sorted(who)) for post_id, who in found.items()}, note


def _cost(
    post: Post,
    person: Attendant,
    way_m: Mapping[tuple[str, str], int],
    day: Day,
    before: Mapping[str, str],
) -> float:
    """What speaks against a match: another toilet, other hours than before, a long week so far."""
    cost = 0.0
    if person.toilet_id != post.place:
        cost += AWAY + min(FAR, way_m[person.toilet_id, post.place] // 100)
    if before.get(person.id, post.shift) != post.shift:
        cost += CHANGED
    cost += round(WORN * (day.past.work_s.get(person.id, 0) / day.rules.week_work_s) ** 2)
    # Equal answers are told apart by less than anything above, the same way on every machine.
    return cost + zlib.crc32(f"{person.id}/{post.id}".encode()) % 701 * 1e-5


def _nearest(
    post: Post,
    able: Sequence[Attendant],
    way_m: Mapping[tuple[str, str], int],
    few: int | None,
) -> list[Attendant]:
    """The people of the toilet itself, and the nearest ``few`` of others (None: all of them)."""
    home = [person for person in able if person.toilet_id == post.place]
    others = [person for person in able if person.toilet_id != post.place]
    others.sort(key=lambda person: (way_m[person.toilet_id, post.place], person.id))
    return home + others[:few]


def _broken(post: Post, person: Attendant, day: Day) -> str:
    """The first rule of hours that a post breaks for a person, "" if it keeps them all."""
    work_s = post.end_s - post.start_s
    chain: Chain = (
        RunNeed(post.id, "", post.shift, post.place, "", post.start_s, post.end_s, work_s),
    )
    who = Driver(person.id, person.name, "attendant", person.toilet_id, person.rest_weekday)
    return broken_rule(chain, who, day, _RULES)


def _why(
    post: Post, staff: Sequence[Attendant], there: Sequence[str], day: Day
) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        _broken(post, person, day) or "on another post"
        for person in staff
        if person.id not in there
    )
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
