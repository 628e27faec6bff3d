"""The referee of benchmark solutions: costs by hand, and every rule broken once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarkfiles import CARP, FACILITY, MIXED, STOPS, written

from routes.instances import SolutionRoutes, read_instance
from routes.referee import Verdict, cost_of

# 3 + 4 + 1 home; 1 + loop 2 + 5 + 3 home
TWO = (
    (("service", 0, 1), ("service", 1, 2, 1)),
    (("service", 2, 2), ("service", 2, 1, 2)),
)
ROUND = ((("service", 1, 2), ("service", 2, 3)),)
DUMPS = ((("service", -1, -2), ("facility", -2), ("service", -2, -3), ("facility", -2)),)
# Leave 10:00, stop 2 10:03 to 10:04, landfill 10:05:30 to 10:15:30, at stop 3 10:18:30, lunch
# there 11:00 to 12:00, wait, 12:15 to 12:16, landfill 12:19 to 12:29, home 12:30:30.
DAY = ((("stop", 2), ("facility", 11), ("lunch",), ("stop", 3), ("facility", 11)),)


def judged(folder: Path, text: str, routes: SolutionRoutes) -> Verdict:
    return cost_of(read_instance(written(folder, text)), routes)


@pytest.mark.parametrize(
    ("text", "routes", "cost"),
    [
        (CARP, TWO, 8 + 11),
        (MIXED, ROUND, 10 + 7 + 5 + 100),
        (MIXED, ((("service", 2, 3), ("service", 2, 1)),), 4 + 7 + 9 + 10 + 100),
        (FACILITY, DUMPS, 10 + 20 + 6 + 2 + 20 + 4),
        (STOPS, DAY, 2 + 1 + 2 + 2 + 1),
    ],
)
def test_costs_by_hand(tmp_path: Path, text: str, routes: SolutionRoutes, cost: int) -> None:
    """Service, the shortest ways between, dumps; miles along the axes."""
    assert judged(tmp_path, text, routes) == Verdict(cost, len(routes), True, ())


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        (TWO[:1], r"street \(1, 2\), 2 in the file: served 0 times"),
        ((*TWO, TWO[0]), r"street \(0, 1\), 0 in the file: served 2 times"),
        ((TWO[0] + TWO[1],), r"route 0, step 2: load 6 above the capacity 5"),
        ((*TWO, ()), r"route 2: serves nothing"),
        ((*TWO, (("service", 0, 2),)), r"route 2, step 0: no street to serve runs from 0 to 2"),
        ((TWO[0], (("service", 2, 1),)), r"streets \[1, 2\] run .*: say which as fourth element"),
        ((TWO[0], (("service", 2, 1, 0),)), r"street 0 in the file does not run from 2 to 1"),
        ((TWO[0], (("service", 2, 9),)), r"names a node that the instance does not have"),
        ((TWO[0], (("serve", 2, 1, 2),)), r"\('serve', 2, 1, 2\) is neither a service"),
        ((TWO[0], (("service", 2),)), r"is neither a service"),
        ((*TWO, (("facility", 2),)), r"\('facility', 2\) is neither .* a facility of the inst"),
    ],
)  # fmt: skip
def test_rules_of_streets(tmp_path: Path, routes: SolutionRoutes, told: str) -> None:
    """Every street once, in a direction and by a name it has; the capacity."""
    verdict = judged(tmp_path, CARP, routes)
    assert not verdict.feasible
    assert any(re.search(told, problem) for problem in verdict.problems)


def test_a_one_way_street_is_not_served_backwards(tmp_path: Path) -> None:
    """The arc runs from 2 to 3 alone."""
    verdict = judged(tmp_path, MIXED, ((("service", 1, 2), ("service", 3, 2)),))
    assert verdict.problems == (
        "route 0, step 1: no street to serve runs from 3 to 2",
        "street (2, 3), 1 in the file: served 0 times",
    )


def test_it_comes_home_empty(tmp_path: Path) -> None:
    """Without the last dump: 20 and the way to it less, and a load of 3."""
    verdict = judged(tmp_path, FACILITY, (DUMPS[0][:-1],))
    assert verdict.problems == ("route 0: comes home with load 3, not empty",)
    assert verdict.cost == 62 - 20


def test_the_limit_of_a_route(tmp_path: Path) -> None:
    """62 is allowed; 61 is not."""
    verdict = judged(tmp_path, FACILITY.replace("TRIP : 62", "TRIP : 61"), DUMPS)
    assert verdict.problems == ("route 0: costs 62, above the limit 61",)


def test_a_load_is_dumped_in_time(tmp_path: Path) -> None:
    """3 and 3 without a dump between do not fit into 5."""
    steps = (DUMPS[0][0], DUMPS[0][2], DUMPS[0][3])
    verdict = judged(tmp_path, FACILITY, (steps,))
    assert verdict.problems == ("route 0, step 1: load 6 above the capacity 5",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1215\t1275", "600\t1160", ()),  # there at 12:00 sharp, after lunch
        ("1215\t1275", "600\t1159", ("step 3: arrives at 12:00:00, closed since 11:59:00",)),
        ("600 1700 600", "600 1218 600", ("step 4: arrives at 12:19:00, closed since 12:18:00",)),
        ("1000 1500 0", "1000 1230 0", ("route 0: back at 12:30:30, after the depot closes",)),
        (
            "600 1700 600",
            "1200 1700 600",
            ("step 3: the lunch before it could only start at 12:1",),
        ),
        ("10\t\t//", "9\t\t//", ("route 0: 10.0 yards, above 9.0 a day",)),
        ("500\t\t//", "1\t\t//", ("route 0: 2 stops, above 1 a day",)),
    ],
)
def test_rules_of_the_day(tmp_path: Path, old: str, new: str, told: tuple[str, ...]) -> None:
    """Hours of stops, landfills and depot, the lunch, the caps: each just kept or just not."""
    assert old in STOPS
    problems = judged(tmp_path, STOPS.replace(old, new, 1), DAY).problems
    assert [text for text in problems if not any(part in text for part in told)] == []
    assert len(problems) == len(told)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([0, 1, 3, 4], "route 0: 0 lunches, not one"),
        ([0, 2, 1, 2, 3, 4], "route 0: 2 lunches, not one"),
        ([0, 1, 2, 3], "route 0: its last visit is not to a landfill"),
        ([0, 2, 3, 4], "route 0, step 2: load 10.0 yards above the capacity"),
        ([0, 1, 2, 4], "stop 3: served 0 times"),
        ([0, 1, 2, 3, 4, 3, 4], "stop 3: served 2 times"),
        ([2, 1], "route 0: serves nothing"),
    ],
)
def test_rules_of_a_route_with_stops(tmp_path: Path, steps: list[int], told: str) -> None:
    """One lunch, a landfill at the end and when full, every stop once."""
    assert told in judged(tmp_path, STOPS, (tuple(DAY[0][k] for k in steps),)).problems


def test_a_lunch_before_the_way_or_after_it(tmp_path: Path) -> None:
    """Standing at 11:58:30 and arriving at 12:00:30 the lunch is before; the cost is the same."""
    late = STOPS.replace("1000 1500 0", "1143 1500 0")
    steps = (("stop", 2), ("facility", 11), ("lunch",), ("stop", 3), ("facility", 11))
    verdict = judged(tmp_path, late.replace("1215\t1275", "0\t1301"), (steps,))
    assert verdict == Verdict(8.0, 1, False, (
        "route 0, step 3: arrives at 13:01:30, closed since 13:01:00",
    ))  # fmt: skip


def test_strangers_in_a_route(tmp_path: Path) -> None:
    """A landfill is no stop, a street is nothing here; what cannot be understood costs nothing."""
    strange = (("stop", 11), ("service", 2, 3), ("facility", 2), *DAY[0])
    verdict = judged(tmp_path, STOPS, (strange,))
    assert [text.partition(" is no stop")[0] for text in verdict.problems] == [
        "route 0, step 0: ('stop', 11)",
        "route 0, step 1: ('service', 2, 3)",
        "route 0, step 2: ('facility', 2)",
    ]
    assert verdict.cost == 8
