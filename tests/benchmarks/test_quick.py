"""The quick check: fixed iterations and seed lead to the costs of quick.csv, on any threads.

If a change of the engine is meant to change them, see quick.py.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import quick

EXPECTED = quick.expected_rows()


@pytest.mark.parametrize("name", quick.ITERATIONS)
def test_the_cost_is_the_expected_one(name: str) -> None:
    """On one thread and on two: the same solution, the engine's cost, the referee's, the table's.

    Iterations are done in chunks, so there are at least as many as asked for.
    """
    if not quick.is_here(name):
        pytest.skip(f"the public instance {name} (../shared/bench) is not here")
    one, verdict = quick.run(name, threads=1)
    two, _ = quick.run(name, threads=2)
    assert verdict.problems == ()
    assert one.iterations >= quick.ITERATIONS[name]
    assert one == two
    assert one.cost == verdict.cost
    assert quick.Row(name, quick.ITERATIONS[name], verdict.cost, verdict.routes) == EXPECTED[name]


def test_the_same_twice() -> None:
    """Nothing is left over from a search that changes the next one on two threads."""
    assert quick.run("town-dumps", threads=2) == quick.run("town-dumps", threads=2)


def test_the_table_is_complete() -> None:
    """A row for each instance, in order, of as many iterations as are run."""
    rows = [(row.instance, row.iterations) for row in EXPECTED.values()]
    assert rows == list(quick.ITERATIONS.items())


def test_a_new_table_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What differs is told; without --write the file stays; rows of absent instances stay."""
    table = tmp_path / "quick.csv"
    table.write_text("instance,iterations,cost,routes\ntown,8000,1,1\ngdb/none.dat,10,7,2\n")
    monkeypatch.setattr(quick, "EXPECTED", table)
    monkeypatch.setattr(quick, "ITERATIONS", {"town": 8_000, "gdb/none.dat": 10})
    assert quick.main([]) == 0
    town = quick.row_of("town")
    cost, routes = town.cost, town.routes
    printed = capsys.readouterr()
    assert f"town: {cost}, {routes} routes (expected 1, 1 routes)\n" in printed.out
    assert "not here: gdb/none.dat" in printed.err
    assert "town,8000,1,1\n" in table.read_text()
    quick.main(["--write"])
    with table.open(newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["town", "8000", str(cost), str(routes)],
            ["gdb/none.dat", "10", "7", "2"],
        ]
