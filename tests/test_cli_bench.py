"""`sanitation bench`: what it prints where, solution files, exit statuses, refusals before work."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarkfiles import CARP, FACILITY, MIXED, STOPS, written
from typer.testing import CliRunner

import cli
import sanitation.bench
from routes.instances import read_instance, read_solution
from routes.referee import cost_of

QUICK = ("--iterations", "200")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative folders of the program fall into the test's own; its exception hook stays."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A folder with an instance of each format of streets, two of them in a folder below."""
    (tmp_path / "drawn" / "if").mkdir(parents=True)
    written(tmp_path / "drawn", CARP, "b.dat")
    written(tmp_path / "drawn", MIXED, "a.TXT")
    written(tmp_path / "drawn" / "if", FACILITY, "c.txt")
    written(tmp_path / "drawn", "no instance", "README.md")
    return tmp_path / "drawn"


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["bench", *(str(argument) for argument in arguments)])


def test_a_table_of_a_folder(drawn: Path) -> None:
    """Tab-separated in a pipe, files in order, the optima found by hand; no progress, exit 0.

    CARP: 14 of service, and 1 for each of two ways home or out. See benchmarkfiles for the rest.
    The bound is the optimum on all three.
    """
    result = run(drawn, *QUICK)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert lines[0][:6] == ["set", "instance", "tasks", "cost", "routes", "feasible"]
    assert [line[:7] for line in lines[1:]] == [
        ["drawn", "a", "2", "122", "1", "yes", "122"],
        ["drawn", "b", "4", "19", "2", "yes", "19"],
        ["if", "c", "2", "62", "1", "yes", "62"],
    ]


def test_a_json_line_an_instance(drawn: Path) -> None:
    """The keys and types of the contract, one line each; the same again but for the seconds."""
    arguments = (drawn / "b.dat", drawn / "if", "--json", "--seed", 7, "--threads", 2, *QUICK)
    result = run(*arguments)
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(document) for document in documents] == [
        ["instance", "set", "cost", "routes", "feasible", "lower_bound", "seconds", "iterations",
         "seed", "threads"]
    ] * 2  # fmt: skip
    assert documents[0].pop("seconds") > 0
    assert documents[0] | {"iterations": 0} == {
        "instance": "b", "set": "drawn", "cost": 19, "routes": 2, "feasible": True,
        "lower_bound": 19, "iterations": 0, "seed": 7, "threads": 2,
    }  # fmt: skip
    assert documents[0]["iterations"] >= 200
    again = json.loads(run(*arguments).stdout.splitlines()[0])
    assert again | {"seconds": 0} == documents[0] | {"seconds": 0}


def test_solutions_are_written(drawn: Path) -> None:
    """One instance: the file itself; several: a folder, made if need be. The referee agrees."""
    assert run(drawn / "b.dat", "--solution", "new/one.json", *QUICK).exit_code == 0
    kept = read_solution(Path("new/one.json"))
    assert (kept.instance, kept.cost) == ("b", 19)
    assert cost_of(read_instance(drawn / "b.dat"), kept.routes).cost == 19
    assert run(drawn, "--solution", "several", *QUICK).exit_code == 0
    assert sorted(p.name for p in Path("several").iterdir()) == ["a.json", "b.json", "c.json"]
    assert run(drawn / "a.TXT", "--solution", "new", *QUICK).exit_code == 0
    assert read_solution(Path("new/a.json")).cost == 122


def test_a_time_limit(drawn: Path) -> None:
    """Half a second of search is more than nothing and not a minute."""
    document = json.loads(run(drawn / "b.dat", "--time-limit", 0.5, "--json").stdout)
    assert document["iterations"] > 0
    assert 0.5 <= document["seconds"] < 30


def test_a_solution_that_breaks_rules_exits_3(tmp_path: Path) -> None:
    """Two yards a day where one stop has four: nothing can be done about it; all is told."""
    path = written(tmp_path, STOPS.replace("1000 1500 0", "1000 1001 0"), "day.txt")
    result = run(path, *QUICK)
    assert result.exit_code == 3
    assert result.stdout.splitlines()[1].split("\t")[5] == "no"
    assert "note: day: stop 2: served 0 times" in result.stderr
    assert json.loads(run(path, "--json", *QUICK).stdout)["feasible"] is False


def test_the_first_ctrl_c_keeps_what_is_found(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The instance being searched is finished and written; the others are not begun."""
    real = sanitation.bench.solve

    def stopped(*arguments: Any, **more: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments, **more)

    monkeypatch.setattr(sanitation.bench, "solve", stopped)
    result = run(drawn, "--time-limit", "60", "--solution", "kept")
    assert result.exit_code == 0
    assert "note: stopped; 2 of 3 instances were not begun" in result.stderr
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == ["instance", "a"]
    assert [line.split("\t")[6] for line in result.stdout.splitlines()] == ["lower_bound", "-"]
    assert [p.name for p in Path("kept").iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cost": 18}, "b: the engine's cost is 18, the referee's 19"),
        ({"cost": 19, "problems": ("too heavy",)}, "b: the engine calls .*: too heavy"),
    ],
)  # fmt: skip
def test_a_referee_that_disagrees_is_a_bug(
    drawn: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], told: str
) -> None:
    """Neither is believed: the program fails with both, and the solution is there to look at."""
    real = sanitation.bench.solve
    problems = change.pop("problems", ())

    def other(*arguments: Any, **more: Any) -> Any:
        return replace(real(*arguments, **more), **change)

    def judged(*arguments: Any) -> Any:
        return replace(cost_of(*arguments), problems=problems)

    monkeypatch.setattr(sanitation.bench, "solve", other)
    monkeypatch.setattr(sanitation.bench, "cost_of", judged)
    with pytest.raises(AssertionError, match=told):
        cli_app_raises(drawn / "b.dat", "--solution", "kept.json", *QUICK)
    assert read_solution(Path("kept.json")).cost == 19


def test_a_bound_above_a_plan_is_a_bug(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan costs 19: a bound of 20 is wrong, one of 19 is not. The solution is there."""
    monkeypatch.setattr(sanitation.bench, "cost_bound", lambda _: 20)
    with pytest.raises(AssertionError, match=r"b: the lower bound is 20, a feasible .* costs 19"):
        cli_app_raises(drawn / "b.dat", "--solution", "kept.json", *QUICK)
    assert read_solution(Path("kept.json")).cost == 19
    monkeypatch.setattr(sanitation.bench, "cost_bound", lambda _: 19)
    assert run(drawn / "b.dat", *QUICK).exit_code == 0


def test_the_bound_of_stops_is_in_tenths_of_a_mile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never rounded up: 7.99 miles are 7.9; without a feasible plan nothing is compared.

    By hand: 4 and 6 yards do not fit into 8, so it is depot - stop 2 - landfill - stop 3 -
    landfill - depot, 2 + 1 + 2 + 2 + 1 = 8 miles.
    """
    path = written(tmp_path, STOPS, "day.txt")
    assert json.loads(run(path, "--json", *QUICK).stdout)["lower_bound"] in (7.9, 8.0)
    monkeypatch.setattr(sanitation.bench, "miles_bound", lambda _: 7.99)
    assert json.loads(run(path, "--json", *QUICK).stdout)["lower_bound"] == 7.9
    assert run(path, *QUICK).stdout.splitlines()[1].split("\t")[6] == "7.9"
    monkeypatch.setattr(sanitation.bench, "miles_bound", lambda _: 99.0)
    broken = written(tmp_path, STOPS.replace("1000 1500 0", "1000 1001 0"), "broken.txt")
    assert json.loads(run(broken, "--json", *QUICK).stdout)["lower_bound"] == 99.0


def test_the_bound_comes_after_the_search(drawn: Path) -> None:
    """It is told as a stage of its own, at the end, since it may take half a minute."""
    told: list[tuple[str, float]] = []
    job = sanitation.bench.read_jobs([drawn / "b.dat"], None)[0]
    effort = sanitation.bench.read_effort(None, 1, 1, 200)
    never = sanitation.bench.Interrupted()
    outcome = sanitation.bench.run_job(job, effort, never, lambda *stage: told.append(stage))
    assert outcome.lower_bound == 19
    assert told[-1] == ("1/1 b: lower bound", 1.0)
    assert [stage for stage, _ in told[:-1]] == ["1/1 b: 19"] * (len(told) - 1)


def cli_app_raises(*arguments: object) -> None:
    """Run it, and raise what a shell would get a traceback of."""
    result = run(*arguments)
    assert result.exit_code == 1
    raise result.exception


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("drawn/B.dta",), "no such file or folder\nhint: did you mean 'b.dat'?"),
        (("nowhere/x.dat",), "hint: give instance files, or folders of them"),
        (("empty",), "empty: no instance in this folder"),
        (("drawn", "--time-limit", "-1"), "--time-limit -1: must be seconds, 0 or more"),
        (("drawn", "--iterations", "-1"), "--iterations -1: must be 0 or more"),
        (("drawn", "--threads", "0"), "--threads 0: must be 1 or more"),
        (("drawn", "--seed", "-3"), "--seed -3: must be 0 or more"),
        (("drawn", "--solution", "drawn/b.dat"), "drawn/b.dat is a file, not a folder"),
        (("drawn", "dangling"), "dangling: there is no such file or folder"),
        (("drawn", "other", "--solution", "x"), "two instances are named 'b'; run apart"),
        (("drawn/b.dat", "--solution", "drawn/b.dat/x"), "drawn/b.dat is a file, not a folder"),
        (("--json",), "Missing argument 'INSTANCE...'"),
        (("drawn", "--thread", "2"), "No such option: --thread"),
    ],
)  # fmt: skip
def test_wrong_usage_stops_before_the_search(
    drawn: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    """Exit 2, the hint on stderr, nothing searched."""
    Path("empty").mkdir()
    Path("other").mkdir()
    written(Path("other"), CARP, "b.dat")
    Path("dangling").symlink_to("nowhere")
    monkeypatch.setattr(sanitation.bench, "solve", lambda *_: pytest.fail("searched"))
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_all_broken_instances_are_told_at_once(drawn: Path) -> None:
    """Two files with a fault each, before any search; file and line of both."""
    written(drawn, CARP.replace("demanda 3", "demanda 6"), "x.dat")
    written(drawn, "nothing", "y.dat")
    result = run(drawn, *QUICK)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "x.dat:12: the demand 6 is above the capacity 5\n" in result.stderr
    assert "y.dat: no benchmark instance that is known here" in result.stderr
