"""The search of stops: prices of stations, hauls of two streams, and phases without streets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from wastedistrict import WEDNESDAY

from fleet.model import SolveNote
from routes.solution import Restore, Route, Serve, Solution
from routes.stop import Interrupted
from sanitation import search
from sanitation.duties.collection import pickups_of
from sanitation.duties.haulage import Haul, haul_duty
from sanitation.ground import Ground
from sanitation.jobs import Job
from sanitation.model import District, Duty
from sanitation.search import (
    AGAIN,
    DEARER_S,
    FRESH_STOPS,
    Effort,
    Searched,
    Wishes,
    _alike,
    dearer,
    in_order,
    remember,
    search_all,
)
from sanitation.stopload import build_stop_workload
from sanitation.workload import Workload

NOTE = SolveNote("optimal", 0.0, 0.0, 0)
Town = tuple[District, Ground]


def collection(town: Town, shift: str = "collect_am") -> Job:
    """Residual waste of C1 to C4 (1,400, 700, 1,400, 700 kg) with G1 and G2."""
    due = pickups_of(town[0], WEDNESDAY)
    duties = tuple(pickup.duty(shift) for pickup in due if pickup.stream == "residual")
    trucks = tuple(v for v in town[0].vehicles if v.id in ("G1", "G2"))
    return Job(("collect", shift), duties, trucks, 0, NOTE)


def haulage(town: Town, *hauls: tuple[str, str, int]) -> Job:
    """Hauls by station, stream and number in the early shift, with H1."""
    shift = next(shift for shift in town[0].shifts if shift.id == "haul_early")
    found: list[Duty] = []
    for station, stream, number in hauls:
        duty = haul_duty(town[0], Haul(station, stream, number, 2000, 0, 86_400), shift)
        assert duty is not None
        found.append(duty)
    trucks = tuple(v for v in town[0].vehicles if v.id == "H1")
    return Job(("haul", "haul_early"), tuple(found), trucks, 0, NOTE)


def built(town: Town, job: Job, room_kg: Mapping[str, int] | None = None) -> Workload:
    return build_stop_workload(*town, job.duties, job.vehicles, room_kg=room_kg)


def searched(town: Town, jobs: Sequence[Job], wishes: Wishes | None = None) -> tuple[Searched, ...]:
    effort = Effort(1, 100, None, Interrupted())
    return search_all(*town, jobs, wishes or Wishes(), effort, lambda stage, done: None)


def prices(work: Workload, steps: Sequence[int | str], before: Sequence[int] = (0, 0)) -> list[int]:
    """Prices of TS1 and TS2 after one run; a number is a community, a letter a station."""
    options = {"1": Restore(0), "2": Restore(1)}
    route = Route(0, 0, tuple(options[s] if isinstance(s, str) else Serve(s, s) for s in steps))
    found = dearer(work, Solution((route,)), np.array(before, dtype=np.int64))
    assert found.dtype == np.int64
    return found.tolist()  # type: ignore[no-any-return]


def test_a_station_that_is_brought_too_much_becomes_dearer(town: Town) -> None:
    """The trucks carry 3,000 and 1,500 kg, 2,250 on the mean: so many too much are 240 s.

    1,400 + 700 kg at TS1, whose room is 975: 1,125 kg or half a load too much are 120 s.
    """
    assert DEARER_S == 240
    work = built(town, collection(town), {"TS1": 975, "TS2": 5000})
    assert prices(work, (0, 1, "1")) == [120, 0]
    # Two trips are added up, and a price from before stays.
    assert prices(work, (0, "1", 1, "1"), (30, 0)) == [150, 0]
    # What goes to TS2 is none of TS1's.
    assert prices(work, (0, "2", 1, "1")) == [0, 0]


def test_a_station_with_room_becomes_cheaper_but_not_free_work(town: Town) -> None:
    """At most a quarter of 240 s at once, and never below nothing; just enough changes nothing."""
    work = built(town, collection(town), {"TS1": 2100, "TS2": 9000})
    assert prices(work, (0, 1, "1"), (100, 100)) == [100, 40]
    assert prices(work, (0, 1, "1"), (100, 59)) == [100, 0]
    # 450 kg of 2,250 below its room: a fifth of 240 s.
    work = built(town, collection(town), {"TS1": 2550, "TS2": 9000})
    assert prices(work, (0, 1, "1"), (100, 100)) == [52, 40]


def test_three_loads_too_much_are_as_dear_as_four(town: Town) -> None:
    """4,200 kg where nothing may go are 1.87 loads, 448 s; a price rises by 720 s at most."""
    work = built(town, collection(town), {"TS1": 0, "TS2": 9000})
    assert prices(work, (0, 1, 2, 3, "1"))[0] == 448
    heavy = replace(work, duties=tuple(replace(duty, load_kg=9000) for duty in work.duties))
    assert prices(heavy, (0, 1, 2, 3, "1"))[0] == 720


def test_prices_reach_the_search(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """With rooms each phase has the prices that the one before left; without any there are none."""
    seen: list[list[int]] = []

    def rising(work: Workload, found: Solution, price_s: Any) -> Any:
        seen.append(price_s.tolist())
        return price_s + 10

    monkeypatch.setattr(search, "dearer", rising)
    searched(town, [replace(collection(town), room_kg={"TS1": 9000, "TS2": 9000})])
    assert seen == [[10 * n] * 2 for n in range(len(FRESH_STOPS))]
    seen.clear()
    searched(town, [collection(town)])
    assert seen == []


@pytest.mark.parametrize(("room_kg", "option"), [((0, 9000), 1), ((9000, 0), 0)])
def test_a_full_station_is_left_for_another(
    town: Town, room_kg: tuple[int, int], option: int
) -> None:
    """One station has room for nothing, the other for all: in the end every load goes there."""
    rooms = dict(zip(("TS1", "TS2"), room_kg, strict=True))
    (one,) = searched(town, [replace(collection(town), room_kg=rooms)])
    assert one.solution.dropped == ()
    visited = {s.option for r in one.solution.routes for s in r.steps if isinstance(s, Restore)}
    assert visited == {option}


# Hauls: the first container of residual waste and the first of kitchen waste are not the same.


def test_hauls_of_two_streams_keep_their_order(town: Town) -> None:
    """Residual waste before kitchen waste at one station, both number 1: nothing is renumbered."""
    work = built(town, haulage(town, ("TS1", "kitchen", 1), ("TS1", "residual", 1)))
    assert [duty.stream for duty in work.duties] == ["kitchen", "residual"]
    solution = Solution((Route(0, 0, (Serve(1, 1), Serve(0, 0))),))
    assert in_order(work, solution) == solution


def test_shifts_with_hauls_of_other_streams_are_not_alike(town: Town) -> None:
    """Three jobs of one container each at TS1: only those of the same stream are alike."""
    early = haulage(town, ("TS1", "residual", 1))
    kitchen = replace(haulage(town, ("TS1", "kitchen", 1)), key=("haul", "haul_late"))
    again = replace(early, key=("haul", "haul_night"))
    rows = sorted([job.key[1] for job in row] for row in _alike([early, kitchen, again]))
    assert rows == [["haul_early", "haul_night"], ["haul_late"]]


def test_what_was_hauled_before_is_where_a_search_starts(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh search has the phases of stops, one with a memory those of a search again."""
    seen: list[Any] = []
    banded = search._banded

    def watched(problem: Any, mean_s: int, band: Any, over_s: int) -> Any:
        seen.append(band)
        return banded(problem, mean_s, band, over_s)

    monkeypatch.setattr(search, "_banded", watched)
    job = collection(town)
    (fresh,) = searched(town, [job])
    assert seen == [phase.band for phase in FRESH_STOPS]
    seen.clear()
    (again,) = searched(town, [job], Wishes(memory=remember([fresh])))
    assert seen == [phase.band for phase in AGAIN]
    assert again.solution.dropped == fresh.solution.dropped == ()
