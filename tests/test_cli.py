"""The command line: what it prints where, exit statuses, refusals before any work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from goodplan import good_plan, write_town
from minidistrict import write_minidistrict
from typer.testing import CliRunner

import cli
from sanitation.archive import plan_of
from sanitation.model import DayPlan, Duty, Uncovered

ROOT = Path(cli.__file__).parent
INDICATORS = {
    "by_service_shift": [
        {"service": "wash", "shift": "night", "shift_name": "夜班", "runs": 3, "due_m": 11_200}
    ],
    "totals": {"runs": 8},
    "notes": ["a note on the runs"],
}
MISSED = Duty("wash/night/R1-1F/r1p1", "wash", "night", "R1-1F", "R1", 1, 1, 1, 400, (), 1)


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return write_minidistrict(tmp_path / "mini")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative folders of the program fall into the test's own; its exception hook stays."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def ready_plan() -> DayPlan:
    return replace(plan_of(good_plan()), indicators=INDICATORS)


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Puts a planner in the place of the real one; returns the options it was called with."""

    def put(plan: DayPlan, during: Callable[[Any], None] = lambda _: None) -> list[Any]:
        calls: list[Any] = []

        def plan_day(district: Any, options: Any, **more: Any) -> DayPlan:
            calls.append((options, more))
            more["say"]("searching", 0.5)
            during(more["interrupted"])
            return plan

        fake = SimpleNamespace(plan_day=plan_day)
        monkeypatch.setitem(sys.modules, "sanitation.planner", fake)
        return calls

    return put


def test_check_counts_the_district(mini: Path) -> None:
    """Six roads, five vehicles: as a tab-separated table, Chinese first, and as data."""
    result = run("check", mini)
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert ["道路", "roads", "6", ""] in lines
    assert ["道路长度", "road length", "4800", "m"] in lines
    assert ["　washer 在用", "  washer in service", "3", ""] in lines
    assert {len(line) for line in lines} == {4}
    assert "模型数据" in result.stderr
    data = json.loads(run("check", mini, "--json").stdout)
    assert (data["roads"]["count"], data["fill_points"]["bays"]) == (6, 3)


def test_a_broken_district_is_told_in_full_and_exits_2(mini: Path) -> None:
    """Two faults in two files: both on stderr with a hint, nothing on stdout."""
    (mini / "depots.csv").unlink()
    (mini / "toilets.csv").write_text("toilet_id\n", encoding="utf-8")
    result = run("check", mini)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert "depots.csv" in result.stderr
    assert "toilets.csv" in result.stderr
    assert "\nhint: " in result.stderr


def test_plan_writes_everything_and_prints_the_summary(
    mini: Path, planner: Callable[..., list[Any]]
) -> None:
    """The table on stdout, notes and files on stderr, no progress in a pipe, exit 0."""
    calls = planner(ready_plan())
    result = run(
        "plan", "--data", mini, "--date", "2026-07-15", "--fleet", "washers=2", "--seed", 7
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[1].split("\t")[:5] == ["洗路", "夜班", "-", "3", "11.2"]
    assert "note: a note on the runs" in result.stderr
    assert "searching" not in result.stderr
    folder = Path("plans/2026-07-15")
    assert str(folder / "plan.json") in result.stderr
    assert (folder / "sheets" / "N1.csv").is_file()
    assert "小区" in (folder / "sheets.html").read_text(encoding="utf-8")
    assert plan_of(json.loads((folder / "plan.json").read_text(encoding="utf-8"))) == ready_plan()
    options, more = calls[0]
    assert (options.fleet, options.seed) == ((("washer", 2),), 7)
    assert (more["history"], more["orders_path"]) == (Path("plans"), None)


def test_plan_as_json_is_one_document(mini: Path, planner: Callable[..., list[Any]]) -> None:
    """stdout is JSON alone: the indicators and where the plan is."""
    planner(ready_plan())
    result = run("plan", "--data", mini, "--date", "2026-07-15", "--out", "here", "--json")
    document = json.loads(result.stdout)
    assert document["indicators"] == INDICATORS
    assert document["path"] == str(Path("here/plan.json"))


def test_uncovered_work_exits_3(mini: Path, planner: Callable[..., list[Any]]) -> None:
    """The plan is written, the reason told, and the status says that work is left."""
    planner(replace(ready_plan(), uncovered=(Uncovered(MISSED, "hours", "no time", {}),)))
    result = run("plan", "--data", mini, "--date", "2026-07-15")
    assert result.exit_code == 3
    assert "no time" in result.stderr
    assert Path("plans/2026-07-15/plan.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--fleet", "wahsers=3"), "did you mean 'washers'?"),
        (("--services", "wash,sprinkel"), "did you mean 'sprinkle'?"),
        (("--weather", "claer"), "did you mean 'clear'?"),
        (("--alert", "heat:rde"), "did you mean 'red'?"),
        (("--date", "2026/07/15"), "write it as 2026-07-15"),
        (("--tmin", "9", "--tmax", "3"), "swap --tmin and --tmax"),
        (("--orders", "no.csv"), "no such file"),
        (("--out", "mini/roads.csv"), "is a file, not a folder"),
        (("--lang", "fr"), "zh or en"),
        (("--seed", "x"), "Invalid value for '--seed'"),
        (("--nonsense",), "No such option"),
    ],
)
def test_wrong_options_stop_before_the_planner(
    mini: Path, planner: Callable[..., list[Any]], arguments: tuple[str, ...], told: str
) -> None:
    """Exit 2, the hint on stderr, nothing planned and nothing written."""
    calls = planner(ready_plan())
    result = run("plan", "--data", mini, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert calls == []
    assert not Path("plans").exists()


def test_a_disk_that_fails_exits_4(
    mini: Path, planner: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system says is told in one line; the earlier plan is as it was."""
    planner(ready_plan())
    assert run("plan", "--data", mini, "--date", "2026-07-15").exit_code == 0
    before = Path("plans/2026-07-15/plan.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "plan.json")

    monkeypatch.setattr("sanitation.archive.write_plan", full)
    result = run("plan", "--data", mini, "--date", "2026-07-15", "--seed", "2")
    assert result.exit_code == 4
    assert "error: plan.json: No space left on device" in result.stderr
    assert Path("plans/2026-07-15/plan.json").read_bytes() == before


def test_the_first_ctrl_c_keeps_the_plan(mini: Path, planner: Callable[..., list[Any]]) -> None:
    """SIGINT in the search sets the flag that stops it; the plan is written all the same."""
    seen = []

    def once(interrupted: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        seen.append(interrupted(None))

    planner(ready_plan(), once)
    result = run("plan", "--data", mini, "--date", "2026-07-15")
    assert (result.exit_code, seen) == (0, [1.0])
    assert "stopping with the best plan so far" in result.stderr
    assert Path("plans/2026-07-15/plan.json").is_file()


def test_the_second_ctrl_c_ends_the_program(mini: Path, planner: Callable[..., list[Any]]) -> None:
    """Exit 130, nothing written."""

    def twice(_: Any) -> None:
        for _attempt in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)

    planner(ready_plan(), twice)
    assert run("plan", "--data", mini, "--date", "2026-07-15").exit_code == 130
    assert not Path("plans").exists()


def written_plan(document: dict[str, Any]) -> Path:
    path = Path("plan.json")
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_show_prints_the_runs() -> None:
    """Eight runs by hand, without a summary as it has none; --json is the document itself."""
    path = written_plan(good_plan())
    result = run("show", path)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("班次号\t")
    assert len(lines) == 9
    assert json.loads(run("show", path, "--json").stdout) == good_plan()
    assert run("show", path, "--lang", "en").stdout.startswith("run\t")


def test_show_one_run(mini: Path, planner: Callable[..., list[Any]]) -> None:
    """The head of the sheet and its rows with the district's names; --json is the run's object."""
    planner(ready_plan())
    path = written_plan(good_plan())
    result = run("show", path, "--run", "D1", "--data", mini)
    assert result.exit_code == 0, result.stderr
    assert "中央大道" in result.stdout
    assert "样A0002 / W2" in result.stdout
    only = json.loads(run("show", path, "--run", "D1", "--json").stdout)
    assert only == next(row for row in good_plan()["runs"] if row["id"] == "D1")


def test_show_refuses_what_is_not_there(mini: Path) -> None:
    """An unknown run gets the nearest id; another district's data is refused; so is no plan."""
    path = written_plan(good_plan())
    result = run("show", path, "--run", "N11", "--data", mini)
    assert result.exit_code == 2
    assert "error: there is no run 'N11'\nhint: did you mean 'N1'?" in result.stderr
    result = run("show", path, "--run", "N1")
    assert result.exit_code == 2
    assert "'nankai'" in result.stderr
    assert run("show", "nothing.json").exit_code == 2


def test_audit_judges(tmp_path: Path) -> None:
    """The good plan is clean; one truck in two places is a violation and exit 3."""
    town = write_town(tmp_path / "town")
    result = run("audit", written_plan(good_plan()), "--data", town)
    assert (result.exit_code, result.stdout) == (0, "0 violations\n")
    wrong = good_plan()
    wrong["runs"][0]["vehicle"] = "NOBODY"
    path = written_plan(wrong)
    result = run("audit", path, "--data", town)
    assert result.exit_code == 3
    assert "\nunknown_id\t" in result.stdout
    document = json.loads(run("audit", path, "--data", town, "--json").stdout)
    assert "unknown_id" in [row["cause"] for row in document["violations"]]


def test_audit_says_when_the_data_is_of_another_district(tmp_path: Path) -> None:
    """A plan of mini judged by the data of another district: a note says so on stderr."""
    town = write_town(tmp_path / "town")
    settings = town / "district.toml"
    told = settings.read_text(encoding="utf-8").replace('id = "mini"', 'id = "maxi"')
    settings.write_text(told, encoding="utf-8")
    result = run("audit", written_plan(good_plan()), "--data", town)
    assert "of district 'mini', judged by the data of 'maxi'" in result.stderr


def test_audit_reads_plans_that_cannot_be_shown(tmp_path: Path) -> None:
    """A run without stops is a violation of the format, no crash."""
    wrong = good_plan()
    del wrong["runs"][0]["stops"]
    result = run("audit", written_plan(wrong), "--data", write_town(tmp_path / "town"))
    assert result.exit_code == 3
    assert "\nformat\t" in result.stdout


def test_an_unknown_command_exits_2() -> None:
    """Typer's own message."""
    result = run("paln")
    assert result.exit_code == 2
    assert "paln" in result.stderr


def subprocess_of(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "LC_ALL": "POSIX"},
    )


def test_a_bug_exits_1_with_traceback_and_versions() -> None:
    """A fault of the program itself is not dressed up as the user's."""
    ended = subprocess_of(
        "import cli, sanitation.district as d\nd.read_district = lambda folder: 1 / 0\ncli.app()",
        "check",
    )
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr
    assert "this is a bug in the program" in ended.stderr
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in ended.stderr


def test_help_is_light_and_speaks_chinese_in_any_locale() -> None:
    """Showing help loads nothing that takes long, and needs no UTF-8 locale."""
    ended = subprocess_of(
        "import sys, cli\n"
        "try:\n"
        "    cli.app()\n"
        "except SystemExit as end:\n"
        "    heavy = 'numpy pandas numba scipy osmnx pulp networkx matplotlib highspy rich'\n"
        "    sys.exit(' '.join(sorted(set(heavy.split()) & set(sys.modules))) or end.code)\n",
        "--help",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "排定一日计划" in ended.stdout
    for command in ("plan", "show", "audit", "check", "bench"):
        assert f"\n  {command} " in ended.stdout
