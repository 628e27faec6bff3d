"""The hours of drivers: every rule at its limit and one second or run beyond it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fleet.duty import Day, Past, RunNeed, broken_rule, possible_days
from fleet.model import Driver, DutyRules

HOUR = 3600
PERSON = Driver("P", "样例", "driver", "A", 6)


def _run(name: str, start_s: int, end_s: int, work_s: int | None = None) -> RunNeed:
    work = end_s - start_s if work_s is None else work_s
    return RunNeed(name, "wash", "day", "A", "washer", start_s, end_s, work)


def _day(past: Past | None = None, rules: DutyRules | None = None, weekday: int = 2) -> Day:
    return Day(rules or DutyRules(), past or Past(), weekday, frozenset())


FOUR = tuple(_run(f"r{i}", i * 2 * HOUR, i * 2 * HOUR + HOUR) for i in range(4))


@pytest.mark.parametrize(
    ("chain", "day", "words"),
    [
        (FOUR[:3], _day(), ""),
        (FOUR, _day(), "at the most runs of a duty day"),
        ((_run("a", 0, HOUR), _run("b", HOUR + 600, 2 * HOUR)), _day(), ""),
        (
            (_run("a", 0, HOUR), _run("b", HOUR + 599, 2 * HOUR)),
            _day(),
            "on another run at that time",
        ),
        ((_run("a", 0, 9 * HOUR, 8 * HOUR),), _day(), ""),
        ((_run("a", 0, 9 * HOUR, 8 * HOUR + 1),), _day(), "at the most work of a duty day"),
        ((_run("a", 0, HOUR), _run("b", 11 * HOUR, 12 * HOUR)), _day(), ""),
        (
            (_run("a", 0, HOUR), _run("b", 11 * HOUR, 12 * HOUR + 1)),
            _day(),
            "at the longest span of a duty day",
        ),
        ((_run("a", 0, HOUR),), _day(Past(last_end_s={"P": -11 * HOUR})), ""),
        (
            (_run("a", 0, HOUR),),
            _day(Past(last_end_s={"P": -11 * HOUR + 1})),
            "with too short a rest since the last duty day",
        ),
        ((_run("a", 0, HOUR),), _day(Past(work_s={"P": 43 * HOUR})), ""),
        (
            (_run("a", 0, HOUR),),
            _day(Past(work_s={"P": 43 * HOUR + 1})),
            "at the week's most hours",
        ),
        ((_run("a", 0, HOUR),), _day(Past(days_in_row={"P": 5})), ""),
        ((_run("a", 0, HOUR),), _day(Past(days_in_row={"P": 6})), "at the most days in a row"),
        ((_run("a", 0, HOUR),), _day(weekday=6), "on the weekly rest day"),
        ((replace(_run("a", 0, HOUR), depot_id="B"),), _day(), "of another depot"),
        ((_run("a", 0, HOUR),), Day(DutyRules(), Past(), 2, frozenset({"P"})), "absent"),
    ],
)
def test_each_rule_at_its_limit(chain: tuple[RunNeed, ...], day: Day, words: str) -> None:
    """What is just allowed passes; a second, a run or a day more is named."""
    assert broken_rule(chain, PERSON, day) == words


def test_possible_days_by_hand() -> None:
    """a then b or c (which overlap): 3 single days and 2 pairs."""
    runs = (_run("a", 0, HOUR), _run("b", 2 * HOUR, 3 * HOUR), _run("c", 2 * HOUR, 4 * HOUR))
    days = possible_days(runs, {}, _day(), 8)
    assert sorted("".join(r.id for r in chain) for chain in days) == ["a", "ab", "ac", "b", "c"]


def test_followers_prefer_the_same_vehicle() -> None:
    """With one follower each, a goes on with c, which has its vehicle."""
    runs = (_run("a", 0, HOUR), _run("b", 2 * HOUR, 3 * HOUR), _run("c", 2 * HOUR, 4 * HOUR))
    days = possible_days(runs, {"a": "V1", "b": "V2", "c": "V1"}, _day(), 1)
    assert sorted("".join(r.id for r in chain) for chain in days) == ["a", "ac", "b", "c"]


def test_work_longer_than_the_run_is_refused() -> None:
    """An hour's run cannot hold two hours of work."""
    with pytest.raises(ValueError, match="do not fit"):
        _run("a", 0, HOUR, 2 * HOUR)
