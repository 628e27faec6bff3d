"""Deadhead against a nearest-neighbour plan on the same duties, rules, trucks and queues.

The baseline: truck after truck goes to the pass it can begin first, to the visit nearest on the
way when a tank is short, and home when nothing fits (routes.engine.construct); its runs are then
driven through the same queues as ours. It is under no obligation to be even, or to keep the
passes of a section in one hand, and what queues make it leave out it need not drive to: all of
that is to its advantage.

    python -m pytest -m long -s tests/benchmarks
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fleet.roster import available_vehicles
from routes.engine.construct import nearest_neighbour
from routes.stop import Interrupted
from sanitation.conditions import conditions_of
from sanitation.departures import Timed, set_departures
from sanitation.district import embedded_folder, read_district
from sanitation.duties import duties_of
from sanitation.ground import read_ground
from sanitation.jobs import share_out
from sanitation.search import Effort, Wishes, search_all

STREETS = ("wash", "sprinkle", "sweep")
# A dry sweep never goes to fill, and trucks that turn round at every end are hard to beat there.
LESS = {"plain": 0.35, "heat": 0.35, "frost": 0.10}


def deadhead_s(timed: Timed) -> int:
    """Driven without work; time at facilities excluded."""
    events = (event for line in timed.lines for event in line.events)
    return sum(e.end_s - e.start_s for e in events if e.kind in ("travel", "return"))


def left_m(timed: Timed) -> int:
    """Metres due that are in no run, for want of trucks or because of queues."""
    workload = timed.searched.workload
    dropped = (workload.duties[task] for task in timed.searched.solution.dropped)
    return sum(duty.length_m for duty in (*dropped, *timed.left))


def served_m(timed: Timed) -> int:
    """Metres of the passes that are driven."""
    return sum(duty.length_m for duty in timed.searched.workload.duties) - left_m(timed)


@pytest.mark.long
@pytest.mark.parametrize(
    ("day", "date", "weather"),
    [
        ("plain", "2026-07-15", {}),
        ("heat", "2026-07-15", {"tmax_c": 37.0}),
        ("frost", "2026-01-15", {"tmin_c": -5.0}),
    ],
)
def test_less_deadhead_than_nearest_neighbour(
    day: str, date: str, weather: Mapping[str, float]
) -> None:
    """Ours covers every duty, with at least LESS of the nearest neighbour's hours a km saved.

    On a plain day the whole plan must save as much, although the nearest neighbour leaves work out.
    """
    district = read_district(embedded_folder())
    ground = read_ground(district)
    conditions = conditions_of(date, district, **weather)
    duties, _ = duties_of(district, conditions, ground.sections, STREETS)
    fleet = available_vehicles(district.vehicles, frozenset(), {}).vehicles
    jobs = share_out(district, ground, duties, fleet, {}, {})
    effort = Effort(1, None, None, Interrupted())
    searched = search_all(district, ground, jobs, Wishes(), effort, lambda stage, done: None)
    nearest = tuple(
        replace(one, solution=nearest_neighbour(one.workload.problem)) for one in searched
    )
    ours, theirs = set_departures(district, searched), set_departures(district, nearest)
    print(f"\n{day:28}{'ours h':>8}{'nearest h':>11}{'less':>8}{'nearest leaves m':>18}")
    for mine, other in zip(ours, theirs, strict=True):
        less = 1 - deadhead_s(mine) / deadhead_s(other)
        print(
            f"{'/'.join(mine.searched.job.key):28}{deadhead_s(mine) / 3600:8.1f}"
            f"{deadhead_s(other) / 3600:11.1f}{less:8.1%}{left_m(other):18d}"
        )
    all_ours, all_theirs = sum(map(deadhead_s, ours)), sum(map(deadhead_s, theirs))
    less = 1 - all_ours / all_theirs
    share = sum(map(served_m, theirs)) / sum(map(served_m, ours))
    less_a_km = 1 - all_ours / all_theirs * share
    print(f"{'together':28}{all_ours / 3600:8.1f}{all_theirs / 3600:11.1f}{less:8.1%}")
    print(f"{'together, for each km':47}{less_a_km:8.1%}")
    assert sum(map(left_m, ours)) == 0
    assert less_a_km >= LESS[day]
    if day == "plain":
        assert less >= LESS[day]
