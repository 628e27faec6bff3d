"""The search of all jobs: rows of alike shifts, starts, phases, and what ends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from minidistrict import write_minidistrict
from shuffled import DATE, TRIPLE, edit_table, plan_folder, write_busy

from fleet.model import SolveNote, Vehicle
from routes.problem import NO_LIMIT
from routes.solution import Serve, Solution
from routes.stop import Interrupted, TimeLimit
from sanitation import explain, search
from sanitation.archive import plan_text
from sanitation.conditions import conditions_of
from sanitation.district import read_district
from sanitation.duties import duties_of
from sanitation.ground import Ground, read_ground
from sanitation.jobs import Job, Key
from sanitation.model import District, Duty
from sanitation.search import (
    Effort,
    Phase,
    Searched,
    Wishes,
    _alike,
    _banded,
    remember,
    search_all,
    starting,
)
from sanitation.workload import Workload, build_workload

NOTE = SolveNote("optimal", 0.0, 0.0, 0)
Known = tuple[District, Ground, tuple[Duty, ...]]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """A busy night, and every road sprinkled twice at dawn and again, alike, in the afternoon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITATION_CACHE", str(tmp_path_factory.mktemp("cache")))
        folder = write_busy(tmp_path_factory.mktemp("search") / "mini", TRIPLE)

        def all_grades(rows: list[dict[str, str]]) -> list[dict[str, str]]:
            alike = [row for row in rows if row["shift_id"] in ("sprinkle_dawn", "sprinkle_pm")]
            more = [
                row | {"standard_id": f"{row['standard_id']}-{grade}", "grade": str(grade)}
                for row in alike
                for grade in (2, 3, 4)
            ]
            return rows + more

        edit_table(folder, "standards", all_grades)
        district = read_district(folder)
        ground = read_ground(district)
        due, _ = duties_of(district, conditions_of(DATE, district), ground.sections)
        yield district, ground, due


def job(known: Known, key: Key, vehicles: Sequence[str]) -> Job:
    """All that is due of a service and shift, for these trucks."""
    district, _, due = known
    mine = tuple(duty for duty in due if (duty.service, duty.shift_id) == key)
    return Job(key, mine, tuple(v for v in district.vehicles if v.id in vehicles), 0, NOTE)


def searched(known: Known, jobs: Sequence[Job], wishes: Wishes | None = None, **effort: Any) -> Any:
    chosen = {"seed": 1, "iterations": 200, "time_limit_s": None, "interrupted": Interrupted()}
    return search_all(
        known[0],
        known[1],
        jobs,
        wishes or Wishes(),
        Effort(**(chosen | effort)),
        lambda stage, done: None,
    )


def sections_of(one: Searched) -> dict[str, set[str]]:
    """Vehicle id -> the sections it serves."""
    return {
        one.workload.vehicles[route.vehicle].id: {
            one.workload.duties[step.task].section_id
            for step in route.steps
            if isinstance(step, Serve)
        }
        for route in one.solution.routes
    }


DAWN, NOON, NIGHT = (
    ("sprinkle", "sprinkle_dawn"),
    ("sprinkle", "sprinkle_pm"),
    ("wash", "night"),
)


def test_alike_shifts_are_in_one_row(known: Known) -> None:
    """Dawn and afternoon with both trucks; not with one fewer, nor with one pass fewer."""
    dawn, noon = (job(known, key, ("S1", "S2")) for key in (DAWN, NOON))
    night = job(known, NIGHT, ("W1", "W2"))
    for order in permutations((dawn, noon, night)):
        rows = sorted([one.key for one in row] for row in _alike(order))
        assert rows == [[DAWN, NOON], [NIGHT]]
    assert len(_alike([dawn, job(known, NOON, ("S1",))])) == 2
    assert len(_alike([dawn, replace(noon, duties=noon.duties[1:])])) == 2


def test_alike_shifts_have_the_same_territories(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The afternoon's search begins with the dawn's routes, duty for duty; no section moves."""
    begun: list[dict[str, tuple[str, ...]]] = []

    def watched(workload: Workload, before: Mapping[str, tuple[str, ...]]) -> Solution | None:
        begun.append(dict(before))
        return starting(workload, before)

    monkeypatch.setattr(search, "starting", watched)
    dawn, noon = searched(known, [job(known, key, ("S1", "S2")) for key in (DAWN, NOON)])
    assert dawn.solution.dropped == noon.solution.dropped == ()
    done = remember([dawn])[DAWN]
    moved = {
        vehicle: tuple(duty.replace("/sprinkle_dawn/", "/sprinkle_pm/") for duty in duties)
        for vehicle, duties in done.items()
    }
    assert begun == [{}, moved]
    first, second = sections_of(dawn), sections_of(noon)
    assert set(first) == set(second) == {"S1", "S2"}
    assert first == second


def test_a_start_needs_half_of_the_duties(known: Known) -> None:
    """84 passes due: with 42 of them known there is a start, with 41 there is none."""
    district, ground, _ = known
    night = job(known, NIGHT, ("W1", "W2"))
    workload = build_workload(district, ground, night.duties, night.vehicles)
    ids = [duty.id for duty in workload.duties]
    assert len(ids) == 84
    start = starting(workload, {"W2": ids[:30], "W1": [*ids[30:42], "no longer due"]})
    assert start is not None
    steps = {workload.vehicles[r.vehicle].id: [s.task for s in r.steps] for r in start.routes}
    assert steps == {"W1": list(range(30, 42)), "W2": list(range(30))}
    assert start.dropped == tuple(range(42, 84))
    assert starting(workload, {"W2": ids[:30], "W1": ids[30:41]}) is None
    assert starting(workload, {"W3": ids}) is None
    twice = starting(workload, {"W1": ids[:42], "W2": ids[:42]})
    assert twice is not None
    assert [route.vehicle for route in twice.routes] == [0]


def test_a_phase_without_a_band_leaves_runs_as_they_like(known: Known) -> None:
    """The very same problem; with a band its targets lie around the mean, its longest above."""
    district, ground, _ = known
    night = job(known, NIGHT, ("W1", "W2"))
    problem = build_workload(district, ground, night.duties, night.vehicles).problem
    assert _banded(problem, 10_000, None, NO_LIMIT) is problem
    even = _banded(problem, 10_000, (1000, 800), 240)
    assert even.target_s.tolist() == [[9000, 10_800]] * 2
    assert even.max_s.tolist() == [11_040] * 2
    assert _banded(problem, 300, (1000, 800), NO_LIMIT).target_s.tolist() == [[0, 1100]] * 2
    longest = _banded(problem, 10_000, (1000, 800), NO_LIMIT).max_s
    assert longest.tolist() == problem.max_s.tolist()


def test_phases_with_a_band_even_the_runs_out(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three sprinklers' worth of work: the last phase gets problems with the band it names."""
    seen: list[tuple[tuple[int, int] | None, int]] = []
    banded = search._banded

    def watched(problem: Any, mean_s: int, band: tuple[int, int] | None, over_s: int) -> Any:
        seen.append((band, over_s))
        return banded(problem, mean_s, band, over_s)

    monkeypatch.setattr(search, "_banded", watched)
    night = job(known, NIGHT, ("W1", "W2"))
    (fresh,) = searched(known, [night])
    assert seen == [(phase.band, phase.over_s) for phase in search.FRESH]
    seen.clear()
    searched(known, [night], Wishes(memory=remember([fresh])))
    assert seen == [(phase.band, phase.over_s) for phase in search.AGAIN]


def test_evenness_leaves_nothing_out(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """A band that no run can keep, half an hour below the mean: the work is done all the same."""
    phases = (Phase(0.7, True, None), Phase(0.3, False, (1800, -1800), 0.002, 0))
    monkeypatch.setattr(search, "FRESH", phases)
    (night,) = searched(known, [job(known, NIGHT, ("W1", "W2"))])
    assert night.solution.dropped == ()
    assert sum(len(route.steps) for route in night.solution.routes) >= 84


def test_the_plan_before_is_where_a_search_starts(known: Known) -> None:
    """Territories by the parity of the section's number: nobody would choose them, all stay."""
    night = job(known, NIGHT, ("W1", "W2"))
    ids = [duty.id for duty in night.duties]
    sections = sorted({duty.section_id for duty in night.duties})
    odd = {section for index, section in enumerate(sections) if index % 2}
    memory: Mapping[str, tuple[str, ...]] = {
        "W1": tuple(i for i in ids if i.split("/")[2] in odd),
        "W2": tuple(i for i in ids if i.split("/")[2] not in odd),
    }

    def in_other_hands(one: Searched) -> int:
        served = sections_of(one)
        return len(served["W1"] - odd) + len(served["W2"] & odd)

    (again,) = searched(known, [night], Wishes(memory={NIGHT: memory}))
    (fresh,) = searched(known, [night])
    assert in_other_hands(again) <= 3
    assert in_other_hands(fresh) > 6


def test_the_answer_does_not_depend_on_threads(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread and two: the same routes and bytes, reasons of uncovered work included."""
    monkeypatch.setenv("SANITATION_CACHE", str(tmp_path / "cache"))
    folder = write_minidistrict(tmp_path / "mini")
    jobs = [job(known, DAWN, ("S1", "S2")), job(known, NIGHT, ("W1", "W2"))]
    answers = []
    for threads in (1, 2):
        monkeypatch.setattr(search, "THREADS", threads)
        monkeypatch.setattr(explain, "THREADS", threads)
        found = searched(known, jobs, iterations=4000)
        routes = [(one.iterations, one.solution) for one in found]
        answers.append((routes, plan_text(plan_folder(folder, fleet=(("washer", 0),)))))
    assert answers[0] == answers[1]


def test_the_order_of_the_jobs_does_not_matter(known: Known) -> None:
    """Jobs in either order: the same routes, sorted by key."""
    jobs = [job(known, DAWN, ("S1", "S2")), job(known, NIGHT, ("W1", "W2"))]
    forth, back = searched(known, jobs), searched(known, jobs[::-1])
    assert [one.job.key for one in forth] == [DAWN, NIGHT]
    assert [one.solution for one in forth] == [one.solution for one in back]


def test_a_time_limit_ends_the_search(known: Known) -> None:
    """Half a second instead of the millions of iterations that are asked for otherwise."""
    (night,) = searched(known, [job(known, NIGHT, ("W1", "W2"))], iterations=None, time_limit_s=0.5)
    assert night.stopped_by == "time"
    assert night.iterations > 0
    (none,) = searched(known, [job(known, NIGHT, ("W1", "W2"))], iterations=None, time_limit_s=0.0)
    assert (none.stopped_by, none.iterations) == ("time", 0)
    assert none.solution.dropped == ()


def test_alike_shifts_share_the_time_limit(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dawn and afternoon come one after the other: the phases of both have 2 s together."""
    given: list[float] = []

    def watched(seconds: float) -> TimeLimit:
        given.append(seconds)
        return TimeLimit(seconds)

    monkeypatch.setattr(search, "TimeLimit", watched)
    jobs = [job(known, key, ("S1", "S2")) for key in (DAWN, NOON)]
    both = searched(known, jobs, iterations=None, time_limit_s=2.0)
    assert [one.stopped_by for one in both] == ["time", "time"]
    assert sum(given) == pytest.approx(2.0)


def test_iterations_hold_beside_a_time_limit(known: Known) -> None:
    """A few iterations are over long before the hour is."""
    (night,) = searched(known, [job(known, NIGHT, ("W1",))], iterations=5, time_limit_s=3600.0)
    assert night.stopped_by == "iterations"


def test_passes_are_numbered_as_they_are_driven(known: Known) -> None:
    """A driver does the first pass of a section, at the kerb, before the second one."""
    (night,) = searched(known, [job(known, NIGHT, ("W1", "W2"))])
    several = 0
    for route in night.solution.routes:
        seen: dict[tuple[str, int], int] = {}
        for step in route.steps:
            if isinstance(step, Serve):
                duty = night.workload.duties[step.task]
                before = seen.get((duty.section_id, duty.round_no), 0)
                assert duty.pass_no > before
                seen[duty.section_id, duty.round_no] = duty.pass_no
                several += before > 0
    assert several > 10


def test_an_interrupt_ends_the_search_in_any_phase(known: Known) -> None:
    """A thousand million iterations would take days; somebody stops them after half a second."""
    interrupted = Interrupted()
    timer = threading.Timer(0.5, interrupted.set)
    timer.start()
    (night,) = searched(
        known, [job(known, NIGHT, ("W1", "W2"))], iterations=10**9, interrupted=interrupted
    )
    timer.join()
    assert night.stopped_by == "interrupted"
    assert night.solution.dropped == ()
    vehicles: tuple[Vehicle, ...] = night.workload.vehicles
    assert {vehicle.id for vehicle in vehicles} == {"W1", "W2"}
