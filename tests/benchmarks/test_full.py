"""The full run: what is done again and what not, when it stops, and what its tables say."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import full
import pytest
from listed import Listed
from report import Row, Summary, add_row, read_rows, report

from routes.instance_model import Street
from routes.instances import Instance, read_solution
from routes.referee import Verdict
from routes.stop import Progress

ROW = Row("v1", "egl", "a", 1, 2, 30.0, 101.0, 4, True, 5_000, 30.1, "time", "")
A = Listed("egl", "a.dat", 9, 4, 100, proved=False, published=True)
D24 = Listed("bmcv", "D24.dat", 9, 4, 100, proved=True, published=True)
KIM = Listed("kim", "k.txt", 9, 4, 100.0, proved=False, published=True)


def test_rows_are_kept_as_they_are(tmp_path: Path) -> None:
    """Written and read again; a line cut off by an interruption is as if it were not there."""
    path = tmp_path / "new" / "runs.csv"
    assert read_rows(path) == []
    other = replace(ROW, seed=2, feasible=False, note='"breaks", rules')
    add_row(path, ROW)
    add_row(path, other)
    assert read_rows(path) == [ROW, other]
    path.write_text(path.read_text()[:-5])
    assert read_rows(path) == [ROW]
    add_row(path, other)
    assert read_rows(path) == [ROW, other]


def test_gaps_by_hand() -> None:
    """101 and 99 against 100: 0 % on average, the best 1 % below; 4 vehicles as listed."""
    one = Summary(A, (ROW, replace(ROW, seed=2, cost=99.0)))
    assert (one.mean, one.mean_gap) == (100.0, pytest.approx(0))
    assert one.best_gap == pytest.approx(-1)
    assert (one.reached, one.below, one.more_vehicles) == (True, True, False)
    above = Summary(A, (ROW,))
    assert (above.reached, above.below) == (False, False)


def test_vehicles_come_first_with_stops() -> None:
    """4 vehicles and 101 miles are better than 5 and 90; 90 with 5 reaches nothing."""
    more = replace(ROW, set_name="kim", instance="k", seed=2, cost=90.0, vehicles=5)
    fewer = replace(ROW, set_name="kim", instance="k")
    assert Summary(KIM, (more, fewer)).best is fewer
    assert (Summary(KIM, (more,)).reached, Summary(KIM, (more,)).below) == (False, False)
    rounded = replace(fewer, cost=100.04)
    assert (Summary(KIM, (rounded,)).reached, Summary(KIM, (rounded,)).below) == (True, False)


def test_the_tables() -> None:
    """Broken runs and misprinted values are told, and are in no mean."""
    broken = replace(ROW, seed=2, cost=50.0, feasible=False, note="breaks rules: load")
    misprint = replace(ROW, set_name="bmcv", instance="D24", cost=150.0)
    ours = replace(misprint, instance="D01", cost=102.0, limit_s=10.0)
    late = replace(broken, set_name="kim", instance="k", note="breaks rules: late")
    listed = [D24, replace(D24, file="D01.dat"), A, replace(A, file="b.dat"), KIM]
    listed.append(replace(A, set_name="gdb"))
    lines = report(listed, [ROW, broken, misprint, ours, late]).splitlines()
    assert "| a | 100 | yes | 101.0 | 101 | +1.000 | +1.000 | 4 | 4 | 30.1 |" in lines
    assert "| egl | 1 of 2 | 1 | 30 | +1.000 | +1.000 | +1.000 | 0/1 | 0/1 | - |" in lines
    assert "| bmcv | 1 | 1 | 10 | +2.000 | +2.000 | +2.000 | 0/1 | 0/1 | - |" in lines
    assert "| kim | 0 of 1 | - | - | - | - | - | - | - | - |" in lines
    assert not any("gdb" in line for line in lines)
    assert "- egl a, seed 2: breaks rules: load" in lines
    assert any(line.startswith("\\* D24: the listed value is a misprint") for line in lines)


def test_when_a_search_may_stop() -> None:
    """At a value that is proved to be optimal, else at the bound, and only with all work done."""
    stop = full.AtOptimum(100)
    assert [stop(Progress(1, cost, 4, 0)) for cost in (101, 100, 99)] == [0.0, 1.0, 1.0]
    assert stop(Progress(1, 100, 4, 1)) == 0.0
    street = Street(0, 1, service=7, travel=7, demand=1)
    line = Instance("x", "s", nodes=(1, 2), depot=0, capacity=1, required=(street,))
    assert full.least_of(replace(A, proved=True), line) == 100
    assert full.least_of(A, line) == 14
    assert full.least_of(D24, line) == 14
    assert full.least_of(replace(A, tasks=401), line) is None


@pytest.mark.parametrize(
    ("set_name", "tasks", "seconds"),
    [("gdb", 20, 5), ("egl", 98, 30), ("beijing", 2000, 60), ("beijing", 2151, 120),
     ("kim", 2092, 60), ("mcarptif/lpr-if", 806, 60)],
)  # fmt: skip
def test_the_time_of_a_set(set_name: str, tasks: int, seconds: int) -> None:
    """As in the table of the goals; only Beijing's largest get twice the time."""
    assert full.seconds_of(replace(A, set_name=set_name, tasks=tasks)) == seconds


def test_sets_by_name() -> None:
    """A folder of sets stands for all in it; the order is that of the list."""
    assert full.sets_of(["mcarptif/act-if", "gdb"]) == ["gdb", "mcarptif/act-if"]
    assert len(full.sets_of(["mcarptif"])) == 4
    assert full.sets_of(["all"]) == list(full.SETS)
    with pytest.raises(SystemExit, match="no set named bgd"):
        full.sets_of(["bgd"])


def test_what_is_done_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two seeds, then three: one more; another version or time: all again."""
    searched: list[tuple[int, str, float]] = []

    def search(listed: Listed, _: Any, seed: int, threads: int, limit_s: float, *more: Any) -> Row:
        searched.append((seed, more[1], limit_s))
        return replace(
            ROW, version=more[1], instance=listed.name, seed=seed, threads=threads, limit_s=limit_s
        )

    monkeypatch.setattr(full, "search", search)
    monkeypatch.setattr(full, "read_instance", lambda _: None)

    def run(seeds: int, version: str = "v1", limit_s: float | None = None) -> list[Any]:
        searched.clear()
        full.run_all(
            [A], seeds=seeds, threads=2, limit_s=limit_s, out=tmp_path / "runs.csv",
            version=version, stop_at_optimum=False,
        )  # fmt: skip
        return list(searched)

    assert run(2) == [(1, "v1", 30.0), (2, "v1", 30.0)]
    assert run(3) == [(3, "v1", 30.0)]
    assert run(1, "v2") == [(1, "v2", 30.0)]
    assert run(1, "v2", 7.0) == [(1, "v2", 7.0)]
    assert "1/1 a seed 3: 101 (+1.000 %), 4 vehicles, 30.1 s" in capsys.readouterr().err


def test_the_version_is_that_of_the_code(tmp_path: Path) -> None:
    """A record changes nothing; a change of the engine does, and so does a file new to it."""

    def git(*arguments: str) -> None:
        by = ["-c", "user.name=x", "-c", "user.email=x"]
        subprocess.run(["git", "-C", str(tmp_path), *by, *arguments], check=True)

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return full.version_of(tmp_path / "tests")

    git("init", "-q")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.json").write_text("1")
    (tmp_path / "routes").mkdir()
    (tmp_path / "routes" / "solve.py").write_text("1")
    git("add", ".")
    git("commit", "-qm", "x")
    clean = write("tests/a.json", "2")
    assert "dirty" not in clean
    changed = write("routes/solve.py", "2")
    assert changed.startswith(f"{clean}-dirty-")
    assert len({clean, changed, write("routes/new.py", "1"), write("routes/new.py", "2")}) == 4


def test_a_search_keeps_its_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There and back is 14, below a listed 15: kept. What breaks rules is told and not kept."""
    street = Street(0, 1, service=7, travel=7, demand=1)
    line = Instance("a", "s", nodes=(1, 2), depot=0, capacity=1, required=(street,))
    listed = replace(A, best_known=15)

    def run() -> Row:
        return full.search(listed, line, 1, 1, 5.0, 14, "v", tmp_path)

    row = run()
    assert (row.cost, row.feasible, row.stopped_by, row.note) == (14, True, "optimum", "")
    assert read_solution(tmp_path / "a.json").cost == 14
    (tmp_path / "a.json").unlink()
    assert full.search(listed, line, 1, 1, 5.0, 15, "v", tmp_path).note.startswith("costs less")
    monkeypatch.setattr(full, "cost_of", lambda *_: Verdict(14, 1, False, ("too heavy",)))
    row = run()
    assert row.note == "the engine calls feasible what breaks rules: too heavy"
    assert not row.counts
    assert list(tmp_path.iterdir()) == []
