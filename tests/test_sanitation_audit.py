"""The referee: a good plan passes, and each of many mutations is named by its cause alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from daymutations import DAY_MUTATIONS, shift_overrun, suspended_by_no_order
from goodplan import (
    GOOD,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    SECTIONS,
    Script,
    changed,
    count,
    duty_row,
    good_plan,
    run_of,
    write_town,
)
from planmutations import (
    RUN_MUTATIONS,
    Plan,
    one_way_driven_wrong,
    pass_of_a_round_dropped,
    section_dropped,
)

from sanitation.audit import CAUSES, audit_plan

MUTATIONS = RUN_MUTATIONS | DAY_MUTATIONS


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small town of goodplan.py."""
    return write_town(tmp_path_factory.mktemp("town"))


def causes(plan: Any, town: Path) -> set[str]:
    """The causes of everything that the referee finds."""
    return {violation.cause for violation in audit_plan(plan, town)}


def test_good_plan_has_no_violation(town: Path) -> None:
    """The hand-built plan of a plain Wednesday passes without a finding."""
    assert audit_plan(good_plan(), town) == ()


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutation_is_named_by_its_cause_alone(mutate: Callable[[], Plan], town: Path) -> None:
    """One fault, one cause."""
    assert causes(mutate(), town) == {MUTATIONS[mutate]}


def test_text_names_run_stop_place_and_amount(town: Path) -> None:
    """A finding says in Chinese and English which run and stop, where, and by how much."""
    (found,) = audit_plan(one_way_driven_wrong(), town)
    assert (found.cause, found.run_id, found.stop) == ("one_way", "N2", 1)
    assert found.text == (
        "N2 第 1 站 单行道逆行：9→6 在道路 106 上逆行 400 m / run N2, stop 1: 9 to 6 drives 400 m "
        "against one-way way 106 (a one-way street driven against its direction)"
    )


def test_missing_pass_is_named(town: Path) -> None:
    """The section and the round and pass that are nowhere are in the text, with the metres."""
    (found,) = audit_plan(pass_of_a_round_dropped(), town)
    assert found.run_id == ""
    assert "wash/day/R2-2F is due 4 times, 3 are in the plan (r2p2 missing, 400 m)" in found.text


def test_road_left_out_altogether_is_named(town: Path) -> None:
    """Without R1 in any run, its 1,600 m of the night are missing by road."""
    scripts = {name: script for name, script in GOOD.items() if name != "N3"}
    (found,) = audit_plan(good_plan(scripts), town)
    assert found.cause == "pass_missing"
    assert "wash/night/R1 is due 1600 m, the plan has 0 m (-1600 m)" in found.text


def test_uncovered_work_adds_up(town: Path) -> None:
    """Work that is listed as uncovered is accounted for: no violation."""
    plan = section_dropped()
    plan["uncovered"] = [duty_row("wash", "night", "R1-2B", 1, 1) | {"cause": "time"}]
    assert audit_plan(count(plan), town) == ()


def test_overtime_order_extends_the_shift(town: Path) -> None:
    """Twenty minutes late is allowed to S1 by an order of thirty, not by one that was refused."""
    plan = shift_overrun()
    order = {"kind": "overtime", "vehicle": "S1", "shift": "sprinkle_pm", "minutes": 30}
    plan["provenance"]["orders"] = [order | {"outcome": "obeyed"}]
    assert audit_plan(plan, town) == ()
    plan["provenance"]["orders"] = [order | {"outcome": "refused: no driver"}]
    assert causes(plan, town) == {"shift"}


def test_left_out_by_order_may_be_suspended(town: Path) -> None:
    """R1-2B is suspended by a recorded order: no violation."""
    plan = suspended_by_no_order()
    plan["provenance"]["orders"] = [{"kind": "leave_out", "target": "R1-2B", "outcome": "obeyed"}]
    assert audit_plan(plan, town) == ()


def test_run_longer_than_the_rules_allow(tmp_path: Path) -> None:
    """With run_max_s at 4 h in rules.csv only N1 (5 h 31 min) and D1 (4 h 10 min) are too long."""
    folder = write_town(tmp_path)
    with (folder / "rules.csv").open("a", encoding="utf-8") as file:
        file.write("run_max_s,14400,s,longest run,default\n")
    found = audit_plan(good_plan(), folder)
    assert [(v.cause, v.run_id) for v in found] == [("run_too_long", "D1"), ("run_too_long", "N1")]


def frosty_plan() -> Plan:
    """13 January at -5 °C: the night's 28 passes swept dry, all wet work suspended."""
    blocks = (*R2, *R2, *R4, *R3, *R5, *R6, *R6)
    seen: dict[str, int] = {}
    commands = []
    for section in blocks:
        seen[section] = seen.get(section, 0) + 1
        commands.append(("serve", section, 1, seen[section]))
    north = (
        *(("serve", s, 1, 1) for s in R1[:2]),
        ("dump", "X1"),
        *(("serve", s, 1, 1) for s in R1[2:]),
    )
    scripts = {
        "Q1": Script("sweep", "night", "W1", "P1", "D1", 0, tuple(commands)),
        "Q2": Script("sweep", "night", "W2", "P4", "D1", 0, north),
    }
    plan = good_plan(scripts, day=date(2027, 1, 13), celsius=-5)
    plan["conditions"]["active"] = ["cold_sweep", "plain"]
    wet = [
        *(
            ("wash", "night", s, 1, p)
            for s in SECTIONS
            for p in range(1, 3)
            if p == 1 or s in (*R2, *R6)
        ),
        *(("wash", "day", s, n, p) for s in R2 for n in (1, 2) for p in (1, 2)),
        *(("wash", "day", s, 1, 1) for s in R5),
        *(("wash", "day", s, 1, p) for s in R6 for p in (1, 2)),
        *(("sprinkle", f"sprinkle_{k}", s, 1, 1) for k in ("dawn", "am", "pm") for s in R2),
        *(("sprinkle", "sprinkle_am", s, 1, 1) for s in R5),
        *(("sprinkle", "sprinkle_am", s, 1, p) for s in R6 for p in (1, 2)),
    ]
    plan["suspended"] = [duty_row(*duty) | {"rule": "season"} for duty in wet]
    return plan


def test_frosty_day_is_swept_dry(town: Path) -> None:
    """Nothing wrong with a January plan of dry sweeps only; leaving one out is found."""
    plan = frosty_plan()
    assert audit_plan(plan, town) == ()
    del plan["suspended"][0]
    assert causes(plan, town) == {"pass_missing"}


def test_wet_run_on_a_frosty_day(town: Path) -> None:
    """Washing in January is found although the plan records it as allowed."""
    plan = frosty_plan()
    gone = plan["suspended"][:]
    plan["suspended"] = [
        row for row in gone if (row["shift"], row["road"]) != ("sprinkle_dawn", "R2")
    ]
    plan["runs"] += [run_of(good_plan({"A1": GOOD["A1"]}, day=date(2027, 1, 13)), "A1")]
    plan["conditions"]["wet_windows"] = [["2027-01-12T22:00:00+08:00", "2027-01-13T22:00:00+08:00"]]
    assert causes(count(plan), town) == {"wet_forbidden"}


def test_listed_violations_must_be_there(town: Path) -> None:
    """A plan that confesses what the referee does not find is wrong about itself."""
    plan = good_plan()
    plan["violations"] = [{"cause": "tank", "run": "N1", "stop": 3, "text": "?"}]
    assert causes(plan, town) == {"indicators"}


WRONG: tuple[Any, ...] = (None, "x", -1, 1.5, [], {}, [1, "2"], True, float("nan"), 10**30)


@pytest.mark.parametrize("plan", WRONG, ids=repr)
def test_anything_but_an_object_is_a_format_violation(plan: Any, town: Path) -> None:
    """A JSON document that is no plan at all ends in one finding (or two), not a traceback."""
    assert causes(plan, town) == {"format"}


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values in a document; of long lists only the first two and the last."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = [(i, value[i]) for i in sorted({0, 1, len(value) - 1}) if 0 <= i < len(value)]
    return [(*here, key) for key, _ in items] + [
        path for key, inner in items for path in paths(inner, (*here, key))
    ]


def test_no_broken_value_ends_in_a_traceback(town: Path) -> None:
    """Every key of a plan removed or given a value of the wrong type: findings, never an error."""
    plan = good_plan({name: GOOD[name] for name in ("N3",)})
    plan["suspended"] = [duty_row("wash", "day", "R2-1F", 1, 1) | {"rule": "cold"}]
    plan["provenance"]["orders"] = [{"kind": "pin", "target": "R1-1F", "vehicle": "W2"}]
    values = itertools.cycle((*WRONG, "gone"))
    named = total = 0
    for path in [path for path in paths(plan) for _ in range(3)]:
        broken = changed(plan)
        inner = broken
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = next(values)
        if inner[path[-1]] == "gone":
            del inner[path[-1]]
        named += "format" in causes(broken, town)
        total += 1
    assert 0.5 * total < named < total


def test_format_names_run_and_stop(town: Path) -> None:
    """A stop without an end is named by run and stop; no other fault is made of it."""
    plan = good_plan()
    del run_of(plan, "N1")["stops"][4]["end"]
    (found,) = audit_plan(plan, town)
    assert (found.cause, found.run_id, found.stop) == ("format", "N1", 4)
    assert "end must be a time, not None" in found.text


def test_every_cause_has_words_in_both_languages() -> None:
    """The closed list: Chinese and English, no text twice; every mutation's cause is in it."""
    assert all(zh and en and not zh.isascii() and en.isascii() for zh, en in CAUSES.values())
    assert len({en for _, en in CAUSES.values()}) == len(CAUSES)
    assert set(MUTATIONS.values()) <= CAUSES.keys()
