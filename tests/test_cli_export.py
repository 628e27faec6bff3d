"""`sanitation export`: what is typed, where files go, and that nothing is left half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from goodplan import good_plan
from minidistrict import write_minidistrict
from typer.testing import CliRunner

import cli
from sanitation.archive import plan_of, plan_text
from sanitation.export import bundle


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return write_minidistrict(tmp_path / "mini")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A folder with a plan of three night runs N1-N3 of the mini district."""
    folder = tmp_path / "plans" / "2026-07-15"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(plan_text(plan_of(good_plan())), encoding="utf-8")
    return folder


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["export", *(str(argument) for argument in arguments)])


def test_csv_of_a_day_lies_beside_the_plan(plan: Path, mini: Path) -> None:
    """A file a run, an index and the office's tables in export/csv, their number on stdout."""
    result = run(plan, "--format", "csv", "--data", mini)
    assert result.exit_code == 0, result.stderr
    folder = plan / "export" / "csv"
    runs = [row["id"] for row in json.loads((plan / "plan.json").read_text("utf-8"))["runs"]]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*(f"{run}.csv" for run in runs), "index.csv", "tables"]
    )
    assert (folder / "tables" / "runs.csv").is_file()
    written = len([path for path in folder.rglob("*") if path.is_file()])
    assert result.stdout == f"{plan / 'export'}: {written} files\n"


def test_one_run_leaves_the_days_index_alone(plan: Path, mini: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(plan, "--format", "csv", "--run", "N1", "--data", mini, "--out", out)
    assert result.exit_code == 0, result.stderr
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.csv")}
    tables = ("runs", "sections", "refills", "unloadings")
    assert files == {"csv/N1.csv", *(f"csv/tables/N1/{table}.csv" for table in tables)}
    assert Path(result.stdout.splitlines()[0]).name == "N1.csv"


def test_workbooks_of_a_day_and_of_a_run(plan: Path, mini: Path, tmp_path: Path) -> None:
    """Named by the date, or by the run, which leaves the day's as it is."""
    assert run(plan, "--format", "xlsx", "--data", mini, "--out", tmp_path).exit_code == 0
    day = (tmp_path / "2026-07-15.xlsx").read_bytes()
    result = run(plan, "--format", "xlsx", "--run", "N1", "--data", mini, "--out", tmp_path)
    assert result.stdout == f"{tmp_path / 'N1.xlsx'}\n"
    assert (tmp_path / "2026-07-15.xlsx").read_bytes() == day


def test_two_languages_have_a_folder_each(plan: Path, mini: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(plan, "--format", "csv", "--run", "N1", "--data", mini, "--out", out, "--lang", "zh,en")
    assert "环卫" in (out / "zh/csv/N1.csv").read_text("utf-8-sig")
    assert "Route sheet" in (out / "en/csv/N1.csv").read_text("utf-8-sig")


def test_gb18030_is_the_same_text(plan: Path, mini: Path, tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        run(plan, "--format", "csv", "--data", mini, "--out", tmp_path / encoding,
            "--encoding", encoding)  # fmt: skip
    ours = (tmp_path / "utf-8/csv/N1.csv").read_bytes()
    assert ours.startswith(b"\xef\xbb\xbf")
    theirs = (tmp_path / "gb18030/csv/N1.csv").read_bytes()
    assert theirs.decode("gb18030") == ours.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "told", "hint"),
    [
        (("--format", "cvs"), "--format 'cvs': unknown", "did you mean 'csv'?"),
        (("--format", ","), "--format: nothing is given", "there are: "),
        (("--format", "csv", "--lang", "fr"), "--lang 'fr': unknown", "there are: zh, en"),
        (("--format", "csv", "--crs", "gcj"), "--crs 'gcj': unknown", "gcj02"),
        (("--format", "csv", "--encoding", "gbk"), "--encoding 'gbk': unknown", "gb18030"),
        (("--format", "csv", "--run", "N11"), "there is no run 'N11'", "did you mean 'N1'?"),
    ],
)
def test_what_cannot_be_is_refused(
    plan: Path, mini: Path, arguments: tuple[str, ...], told: str, hint: str
) -> None:
    """Exit 2 with a hint, and nothing is written."""
    result = run(plan, "--data", mini, *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert hint in result.stderr
    assert not (plan / "export").exists()


def test_a_plan_of_another_district_is_refused(plan: Path) -> None:
    """The embedded district is not the mini one."""
    result = run(plan, "--format", "csv")
    assert result.exit_code == 2
    assert "--data" in result.stderr


def test_a_fault_leaves_what_was_there(
    plan: Path, mini: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file cannot be made: the first of an earlier export stays as it was, and nothing
    else is left in the folder."""
    old = plan / "export" / "csv" / "N1.csv"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")

    def broken(*_: object) -> bundle.Files:
        yield "csv/N1.csv", b"new"
        raise OSError(28, "No space left on device", "csv/N2.csv")

    monkeypatch.setattr(bundle, "WRITERS", {"csv": broken})
    result = run(plan, "--format", "csv", "--data", mini)
    assert result.exit_code == 4
    assert "No space left" in result.stderr
    assert old.read_text("utf-8") == "old"
    assert [path.name for path in (plan / "export").iterdir()] == ["csv"]
