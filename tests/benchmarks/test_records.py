"""Every file in records/ is a feasible solution below a published value, by the referee alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from listed import LIST, RECORDS, Listed, beats_kept, is_record, read_listed

from routes.instances import Instance, read_instance, read_solution, write_solution
from routes.referee import Verdict, cost_of

FILES = sorted(path.name for path in RECORDS.glob("*.json"))


@pytest.mark.parametrize("file", FILES)
def test_a_record_is_one(file: str) -> None:
    """The instance is listed with a published value; the solution is feasible and below it."""
    if not LIST.is_file():
        pytest.skip("the public instances (../shared/bench) are not here")
    kept = read_solution(RECORDS / file)
    listed = {one.name: one for one in read_listed()}[kept.instance]
    assert file == f"{listed.name}.json"
    verdict = cost_of(read_instance(listed.path), kept.routes)
    assert verdict.problems == ()
    assert verdict.cost == kept.cost
    assert is_record(listed, verdict)


STREETS = Listed("egl", "e.dat", 9, 3, 100, proved=False, published=True)
MEASURED = Listed("mcarptif/gdb-if", "m.txt", 9, 3, 100, proved=False, published=False)
STOPS = Listed("kim", "k.txt", 9, 3, 100.0, proved=False, published=True)


@pytest.mark.parametrize(
    ("listed", "cost", "routes", "feasible", "record"),
    [
        (STREETS, 99, 9, True, True),
        (STREETS, 100, 3, True, False),
        (STREETS, 99, 3, False, False),
        (MEASURED, 99, 3, True, False),
        (STOPS, 99.9, 3, True, True),
        (STOPS, 99.96, 3, True, False),
        (STOPS, 99.9, 4, True, False),
    ],
)
def test_what_is_called_a_record(
    listed: Listed, cost: float, routes: int, feasible: bool, record: bool
) -> None:
    """Feasible, published, below; with stops no more vehicles, and by more than rounding."""
    assert is_record(listed, Verdict(cost, routes, feasible, ())) is record


def test_only_a_better_record_takes_the_place(tmp_path: Path) -> None:
    """98 is kept against 98 and 99, not against 97; nothing there is worse than a record."""
    instance = Instance("e", "egl", nodes=(1, 2), depot=0, capacity=1)
    assert beats_kept(tmp_path, STREETS, Verdict(99, 3, True, ()))
    assert not beats_kept(tmp_path, STREETS, Verdict(100, 3, True, ()))
    write_solution(tmp_path / "e.json", instance, 98, ((("service", 1, 2),),))
    found = [beats_kept(tmp_path, STREETS, Verdict(cost, 3, True, ())) for cost in (99, 98, 97)]
    assert found == [False, False, True]
