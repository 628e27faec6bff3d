"""Departures so that bays are never overfull: hand-checkable cases, a day, and brute force."""

from __future__ import annotations

import random
from itertools import product

import pytest

from fleet import bays as module
from fleet.bays import Option, RunChoices, schedule_departures
from fleet.model import Use
from fleet.moments import Conflict, find_moments, sweep


def _run(name: str, *starts: int, length: int = 10, at: str = "F") -> RunChoices:
    """One use of a bay for ``length`` seconds; the k-th start costs k."""
    return RunChoices(
        name,
        tuple(Option(i, i, (Use(at, s, s + length),)) for i, s in enumerate(starts)),
    )


def test_two_trucks_take_turns_at_one_bay() -> None:
    """Both want 0–10; the later start costs 1, and 10–20 touches but does not overlap."""
    answer = schedule_departures((_run("a", 0, 10), _run("b", 0, 10)), {"F": 1})
    assert sorted(answer.option.values()) == [0, 1]
    assert answer.conflicts == ()
    assert answer.note.status == "optimal"
    assert answer.note.objective == 1


def test_two_bays_take_both() -> None:
    """With two bays nobody waits."""
    answer = schedule_departures((_run("a", 0, 10), _run("b", 0, 10)), {"F": 2})
    assert answer.option == {"a": 0, "b": 0}


def test_fixed_uses_are_in_the_way() -> None:
    """A settled use 0–10 sends the run to its second timing."""
    answer = schedule_departures((_run("a", 0, 10),), {"F": 1}, (Use("F", 0, 10),))
    assert answer.option == {"a": 1}


def test_what_cannot_be_met_is_named() -> None:
    """Three trucks, one bay, the same ten seconds: two too many, there and then."""
    answer = schedule_departures(tuple(_run(n, 0) for n in "abc"), {"F": 1})
    assert answer.conflicts == (Conflict("F", 0, 10, 2),)
    assert answer.note.status == "optimal"


def test_the_smallest_conflict_is_left() -> None:
    """Two of three can be parted; the third overlaps somebody: one too many, not two."""
    answer = schedule_departures(tuple(_run(n, 0, 10) for n in "abc"), {"F": 1})
    assert [c.over for c in answer.conflicts] == [1]


def test_bays_come_before_costs() -> None:
    """The dear option is taken rather than a bay overfilled, whatever it costs."""
    dear = RunChoices("b", (Option(0, 0, (Use("F", 0, 10),)), Option(1, 10**6, ())))
    answer = schedule_departures((_run("a", 0), dear), {"F": 1})
    assert answer.option == {"a": 0, "b": 1}
    assert answer.conflicts == ()


def test_fixed_uses_that_are_too_many_are_reported_not_blamed_on_runs() -> None:
    """Two settled uses on one bay are a conflict that no run can mend."""
    fixed = (Use("F", 0, 10), Use("F", 5, 15))
    answer = schedule_departures((_run("a", 30, 50),), {"F": 1}, fixed)
    assert answer.option == {"a": 0}
    assert answer.conflicts == (Conflict("F", 5, 10, 1),)


def test_without_the_rule_bays_are_overfull(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model keeps bays through bays_kept alone: without it the cheapest timings collide."""
    monkeypatch.setattr(module, "bays_kept", lambda *args: None)
    monkeypatch.setattr(module, "min_conflicts", lambda picks, *rest: [1] * len(picks))
    answer = schedule_departures((_run("a", 0, 20, 10), _run("b", 0, 20, 10)), {"F": 1})
    assert answer.conflicts == (Conflict("F", 0, 10, 1),)


def test_the_model_betters_a_poor_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the search finds nothing good, the model finds the optimum and proves it."""
    monkeypatch.setattr(module, "min_conflicts", lambda picks, *rest: [1] * len(picks))
    answer = schedule_departures((_run("a", 0, 20, 10), _run("b", 0, 20, 10)), {"F": 1})
    assert answer.conflicts == ()
    assert answer.note.status == "optimal"
    assert answer.note.objective == 1


def test_moments_are_maximal() -> None:
    """Starts 0, 5, 20 with ends 10, 12, 30: 0 is part of 5; so 5 and 20 are checked."""
    uses = (Use("F", 0, 10), Use("F", 5, 12), Use("F", 20, 30))
    assert find_moments(uses, (), {"F": 1}).at_s == (5, 20)


def test_moments_are_half_open() -> None:
    """A use that ends at 10 and one that starts at 10 are two moments, not one."""
    assert find_moments((Use("F", 0, 10), Use("F", 10, 20)), (), {"F": 1}).at_s == (0, 10)


def test_sweep_counts_by_hand() -> None:
    """Three uses on one bay: 1 over in 5–8, 2 over in 8–10, 1 over in 10–12."""
    uses = (Use("F", 0, 10), Use("F", 5, 12), Use("F", 8, 14))
    assert sweep(uses, {"F": 1}) == (
        Conflict("F", 5, 8, 1),
        Conflict("F", 8, 10, 2),
        Conflict("F", 10, 12, 1),
    )


def _instance(seed: int, runs: int, shifts: int) -> tuple[tuple[RunChoices, ...], dict[str, int]]:
    """Runs with four fills each at near points, departures shifted by minutes, other points."""
    chance = random.Random(seed)
    facilities = {f"F{i:02d}": 2 if i < 4 else 1 for i in range(18)}
    choices = []
    for k in range(runs):
        start = 60 * chance.randint(-90, 0)
        near = chance.sample(sorted(facilities), 3)
        gaps = [chance.randint(4500, 6500) for _ in range(4)]
        points = [chance.choice(near) for _ in range(4)]
        options = []
        for shift, other in product(range(shifts), range(5)):
            at, uses = start + 60 * shift, []
            for j, point in enumerate(points):
                at += gaps[j]
                if other == j + 1:
                    point = near[(near.index(point) + 1) % 3]
                    at += 240
                length = 600 if facilities[point] == 2 else 1080
                uses.append(Use(point, at, at + length))
                at += length
            cost = 60 * shift + 600 * (other > 0)
            options.append(Option(len(options), cost, tuple(uses)))
        choices.append(RunChoices(f"r{k:02d}", tuple(options)))
    return tuple(choices), facilities


def test_a_night_of_forty_runs() -> None:
    """40 runs × 150 timings × 4 fills at 18 points: no conflict, and the proven best."""
    choices, facilities = _instance(1, 40, 30)
    answer = schedule_departures(choices, facilities)
    assert answer.conflicts == ()
    assert answer.note.status == "optimal"
    assert answer.note.objective == sum(
        option.cost
        for run in choices
        for option in run.options
        if option.id == answer.option[run.run_id]
    )


@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_trying_everything(seed: int) -> None:
    """4 runs × 3 timings at 2 points: conflicts and cost equal those of all 81 answers."""
    chance = random.Random(seed)
    choices = tuple(
        RunChoices(
            f"r{k}",
            tuple(
                Option(
                    i,
                    chance.randint(0, 5),
                    tuple(
                        Use(f"F{chance.randint(0, 1)}", s, s + chance.randint(1, 8))
                        for s in (chance.randint(0, 8), chance.randint(20, 26))
                    ),
                )
                for i in range(3)
            ),
        )
        for k in range(4)
    )
    bays = {"F0": 1, "F1": 1}

    def judge(picked: tuple[int, ...]) -> tuple[bool, int]:
        taken = [u for r, o in zip(choices, picked, strict=True) for u in r.options[o].uses]
        cost = sum(r.options[o].cost for r, o in zip(choices, picked, strict=True))
        return bool(sweep(taken, bays)), cost

    best = min(judge(picked) for picked in product(range(3), repeat=4))
    answer = schedule_departures(choices, bays)
    mine = judge(tuple(answer.option[r.run_id] for r in choices))
    assert mine[0] == best[0]
    if not best[0]:
        assert mine[1] == best[1]


def test_the_order_of_the_runs_does_not_matter() -> None:
    """Runs and options shuffled: the same answer."""
    choices, facilities = _instance(2, 8, 6)
    shuffled = tuple(RunChoices(r.run_id, r.options[::-1]) for r in choices[::-1])
    assert schedule_departures(shuffled, facilities) == schedule_departures(choices, facilities)


def test_bad_input_is_refused() -> None:
    """No timing, two runs of one name, a point nobody knows."""
    with pytest.raises(ValueError, match="no timing"):
        RunChoices("a", ())
    with pytest.raises(ValueError, match="same id"):
        schedule_departures((_run("a", 0), _run("a", 0)), {"F": 1})
    with pytest.raises(ValueError, match="bays of F"):
        schedule_departures((_run("a", 0),), {})
