"""The hours of drivers and helpers: one function per rule, each says whether a duty day keeps it.

A duty day is the runs of one person within a plan, sorted by start. The rules are used to list
the duty days that are possible at all, to match them with people, and to say why a run has
nobody: the reason is the rule that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from fleet.model import Driver, DutyRules
from fleet.roster import rest_day


@dataclass(frozen=True, slots=True)
class RunNeed:
    """A run that needs a vehicle, a driver and ``helpers`` helpers.

    ``work_s`` is start to end less the rests. ``pinned_vehicle`` must be kept, the preferred
    ones (of the day before) should be.
    """

    id: str
    service: str
    shift_id: str
    depot_id: str
    type_id: str
    start_s: int
    end_s: int
    work_s: int
    helpers: int = 0
    pinned_vehicle: str = ""
    preferred_vehicle: str = ""
    preferred_driver: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.work_s <= self.end_s - self.start_s:
            raise ValueError(f"run {self.id}: {self.work_s} s of work do not fit its times")


@dataclass(frozen=True, slots=True)
class Past:
    """What the days before leave behind; ids that are not in a mapping have done nothing.

    ``last_end_s`` is relative to 00:00 of this plan's date (−9,000 is 21:30 the evening before);
    ``work_s`` is of the six days before; ``pairs`` counts runs of (driver, vehicle).
    """

    last_end_s: Mapping[str, int] = field(default_factory=dict)
    work_s: Mapping[str, int] = field(default_factory=dict)
    days_in_row: Mapping[str, int] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    vehicle_use: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything the rules look at besides the runs and the person. 0 is Monday."""

    rules: DutyRules
    past: Past
    weekday: int
    absent: frozenset[str]


Chain = tuple[RunNeed, ...]
Rule = Callable[[Chain, Driver, Day], bool]


def own_depot(chain: Chain, person: Driver, day: Day) -> bool:
    """People work from the depot that is their crew base."""
    return all(run.depot_id == person.depot_id for run in chain)


def not_absent(chain: Chain, person: Driver, day: Day) -> bool:
    """Nobody who is ill or on leave."""
    return person.id not in day.absent


def not_on_rest_day(chain: Chain, person: Driver, day: Day) -> bool:
    """Nobody on the weekly day of rest; the night run of a date counts for that date."""
    return not rest_day(person, day.weekday)


def days_in_row_kept(chain: Chain, person: Driver, day: Day) -> bool:
    """Days worked in a row + this one ≤ days_in_row."""
    return day.past.days_in_row.get(person.id, 0) + 1 <= day.rules.days_in_row


def rest_since_last_day(chain: Chain, person: Driver, day: Day) -> bool:
    """First start − end of the last duty day ≥ between_days_s."""
    last = day.past.last_end_s.get(person.id)
    return last is None or chain[0].start_s - last >= day.rules.between_days_s


def week_kept(chain: Chain, person: Driver, day: Day) -> bool:
    """Work of the six days before + Σ work ≤ week_work_s."""
    done = day.past.work_s.get(person.id, 0)
    return done + sum(run.work_s for run in chain) <= day.rules.week_work_s


def runs_apart(chain: Chain, person: Driver, day: Day) -> bool:
    """Start of the next run − end of the run ≥ driver_gap_s: no one is in two places."""
    gap = day.rules.driver_gap_s
    return all(after.start_s - run.end_s >= gap for run, after in pairwise(chain))


def runs_of_day_kept(chain: Chain, person: Driver, day: Day) -> bool:
    """Number of runs ≤ duty_day_runs."""
    return len(chain) <= day.rules.duty_day_runs


def work_of_day_kept(chain: Chain, person: Driver, day: Day) -> bool:
    """Σ work ≤ duty_day_work_s, rests taken out; filling and dumping are work."""
    return sum(run.work_s for run in chain) <= day.rules.duty_day_work_s


def span_of_day_kept(chain: Chain, person: Driver, day: Day) -> bool:
    """Last end − first start ≤ duty_day_span_s."""
    return max(run.end_s for run in chain) - chain[0].start_s <= day.rules.duty_day_span_s


# What a person is, then what the days before allow, then what the day itself allows: the first
# that fails is the reason given. The words complete "N <people> ...".
PERSON_RULES: tuple[tuple[str, Rule], ...] = (
    ("of another depot", own_depot),
    ("absent", not_absent),
    ("on the weekly rest day", not_on_rest_day),
    ("at the most days in a row", days_in_row_kept),
    ("with too short a rest since the last duty day", rest_since_last_day),
    ("at the week's most hours", week_kept),
)
DAY_RULES: tuple[tuple[str, Rule], ...] = (
    ("at the most runs of a duty day", runs_of_day_kept),
    ("on another run at that time", runs_apart),
    ("at the most work of a duty day", work_of_day_kept),
    ("at the longest span of a duty day", span_of_day_kept),
)


def broken_rule(
    chain: Chain,
    person: Driver,
    day: Day,
    rules: tuple[tuple[str, Rule], ...] = (*PERSON_RULES, *DAY_RULES),
) -> str:
    """The first rule that ``chain`` breaks for ``person``, "" if it keeps them all."""
    for words, rule in rules:
        if not rule(chain, person, day):
            return words
    return ""


def possible_days(
    runs: tuple[RunNeed, ...], vehicle: Mapping[str, str], day: Day, followers: int
) -> list[Chain]:
    """Every duty day that keeps the rules of the day, whoever works it.

    Each run is followed by at most ``followers`` others: those with the same vehicle first, then
    the same driver as the day before, then the shortest wait.
    """
    nobody = Driver("", "", "", "", -1)
    ordered = sorted(runs, key=lambda run: (run.start_s, run.id))

    def kept(chain: Chain) -> bool:
        return all(rule(chain, nobody, day) for _, rule in DAY_RULES)

    after: dict[str, list[RunNeed]] = {}
    for i, run in enumerate(ordered):
        later = [other for other in ordered[i + 1 :] if kept((run, other))]
        later.sort(
            key=lambda o, run=run: (  # type: ignore[misc]
                vehicle.get(o.id) != vehicle.get(run.id),
                o.preferred_driver != run.preferred_driver,
                o.start_s,
                o.id,
            )
        )
        after[run.id] = later[:followers]
    days: list[Chain] = []
    # A single run is listed even if it is too long a day, so that it is seen and given a reason.
    grow: list[Chain] = [(run,) for run in ordered]
    while grow:
        days.extend(grow)
        grow = [(*c, o) for c in grow for o in after[c[-1].id] if kept((*c, o))]
    return days
