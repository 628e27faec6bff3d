"""Plans on disk: the JSON document and back, atomic writing, reading, the days before."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from export_town import COORDS, make_plan, make_sheets, short_run
from goodplan import good_plan, write_town

from sanitation import archive
from sanitation.audit import audit_plan
from sanitation.errors import UsageError
from sanitation.model import DayPlan, Duty, Run, Stop, Suspended, Uncovered, Violation, Window

DUTY = Duty(
    "wash/night/R001-01F/r1p2", "wash", "night", "R001-01F", "R001", 1, 2, 1, 400,
    (Window(-5400, 23400),), 9,
)  # fmt: skip


def full_plan() -> DayPlan:
    """A plan with something under every key."""
    return replace(
        make_plan(),
        conditions={"weather": "clear", "alerts": (("heat", "red"),)},
        indicators={"runs": 2, "by_hour": {5: 1.5}},
        uncovered=(Uncovered(DUTY, "hours", "no time left", {"vehicles": {"washer": 1}}),),
        suspended=(Suspended(DUTY, "cold", "气温过低"),),
        violations=(Violation("tank", "W-N-01", 3, "水箱"),),
        provenance={"options": {"seed": 1}},
    )


def test_the_document_survives_a_round_trip() -> None:
    """Document -> plan -> document is the same, and JSON gives back the same values."""
    document = archive.plan_dict(full_plan())
    assert archive.plan_dict(archive.plan_of(document)) == document
    assert json.loads(archive.plan_text(full_plan())) == document
    assert document["uncovered"][0]["fix"] == {"vehicles": {"washer": 1}}


def test_a_hand_made_plan_comes_back_key_by_key(tmp_path: Path) -> None:
    """The referee's hand-made plan is the same after plan_of and plan_dict, and still clean."""
    by_hand = good_plan()
    ours = archive.plan_dict(archive.plan_of(by_hand))
    assert ours == by_hand
    assert audit_plan(ours, write_town(tmp_path / "town")) == ()


def test_keys_stand_in_the_order_of_the_format() -> None:
    """Top level, run and service stop have the keys of data/README.md in its order."""
    document = archive.plan_dict(full_plan())
    assert " ".join(document) == (
        "schema date district seed conditions indicators runs uncovered suspended violations "
        "provenance"
    )
    run = document["runs"][0]
    assert " ".join(run) == "id service shift vehicle driver helper depot start end stops"
    work = next(stop for stop in run["stops"] if stop["kind"] == "service")
    assert " ".join(work) == (
        "kind start end from_node to_node nodes ways road section pass round lane duty length_m "
        "water_l dirty_l"
    )
    assert " ".join(document["uncovered"][0]) == (
        "service shift section road pass round lane length_m duty cause text fix"
    )


def test_times_are_iso_with_the_offset() -> None:
    """-5400 s of 15 July at +08:00 is 22:30 of the 14th; another offset moves no clock."""
    assert archive.iso_clock("2026-07-15", -5400, "+08:00") == "2026-07-14T22:30:00+08:00"
    assert archive.iso_clock("2026-01-01", 86_401, "-03:30") == "2026-01-02T00:00:01-03:30"
    run = archive.plan_dict(make_plan(short_run()))["runs"][0]
    assert run["start"] == "2026-07-14T22:30:00+08:00"


def test_what_says_nothing_is_left_out() -> None:
    """A rest without nodes stands where the stop before ended; a return without way keeps []."""
    stops = (
        Stop("depart", 0, 0, nodes=(7,), facility="D1", water_l=9000),
        Stop("rest", 0, 1200, water_l=9000),
        Stop("return", 1200, 1200, nodes=(7,), facility="D1", water_l=9000),
    )
    run = Run("X", "wash", "night", "W1", "P1", (), "D1", 0, 1200, stops)
    rows = archive.plan_dict(make_plan(run))["runs"][0]["stops"]
    assert rows[1] == {
        "kind": "rest", "start": "2026-07-15T00:00:00+08:00", "end": "2026-07-15T00:20:00+08:00",
        "from_node": 7, "to_node": 7, "water_l": 9000, "dirty_l": 0,
    }  # fmt: skip
    assert (rows[2]["ways"], rows[2]["length_m"]) == ([], 0)


def test_runs_are_sorted_and_nodes_share_a_line() -> None:
    """Whatever order the runs come in, the text is the same; lists of ids are on one line."""
    plan = make_plan()
    text = archive.plan_text(plan)
    assert archive.plan_text(replace(plan, runs=plan.runs[::-1])) == text
    assert '\n  "district": {\n    "id": "nankai",\n    "name": "南开区",' in text
    assert '"nodes": [1000],' in text
    assert text.endswith("}\n")


def test_a_figure_that_is_not_finite_is_refused() -> None:
    """NaN is no JSON: better no file than one that others cannot read."""
    with pytest.raises(ValueError, match="JSON compliant"):
        archive.plan_text(replace(make_plan(), indicators={"cost": float("nan")}))


def test_kill_during_writing_leaves_the_plan_before(tmp_path: Path) -> None:
    """Killed with the new file written but not yet renamed: the old plan.json is whole."""
    old = archive.write_plan(make_plan(), tmp_path).read_bytes()
    code = (
        "import os, signal, sys, pathlib\n"
        "from dataclasses import replace\n"
        "from export_town import make_plan\n"
        "from sanitation import archive\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "archive.write_plan(replace(make_plan(), seed=2), pathlib.Path(sys.argv[1]))\n"
    )
    tests = Path(__file__).parent
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"PYTHONPATH": f"{tests}:{tests.parent}"},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "plan.json").read_bytes() == old
    assert len(list(tmp_path.iterdir())) == 2  # and the part that was being written


def test_a_day_is_written_with_its_sheets(tmp_path: Path) -> None:
    """plan.json, the page and a CSV a run; sheets of runs that are gone go, other files stay."""
    plan = make_plan()
    archive.write_day(plan, tmp_path, make_sheets(plan), COORDS, "zh")
    names = {path.name for path in (tmp_path / "sheets").iterdir()}
    assert names == {"W-N-01.csv", "W-N-02.csv", "index.csv"}
    (tmp_path / "sheets" / "mine.csv").write_text("mine", encoding="utf-8")
    less = make_plan(short_run())
    written = archive.write_day(less, tmp_path, make_sheets(less), COORDS, "zh")
    names = {path.name for path in (tmp_path / "sheets").iterdir()}
    assert names == {"W-N-02.csv", "index.csv", "mine.csv"}
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written}
    assert len(archive.load_plan(tmp_path)["runs"]) == 1


def test_a_failure_leaves_the_day_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the last file: every file of the earlier plan is byte for byte there."""
    plan = make_plan()
    archive.write_day(plan, tmp_path, make_sheets(plan), COORDS, "zh")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "write_plan", full)
    less = make_plan(short_run())
    with pytest.raises(OSError, match="No space left"):
        archive.write_day(less, tmp_path, make_sheets(less), COORDS, "zh")
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "is not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"schema": 2}', "schema 2 is unknown"),
        (b'{"schema": true}', "schema True is unknown"),
        (b'{"date": "2026-07-15"}', "schema None is unknown"),
        ('{"name": "南开"}'.encode("gbk"), "is not UTF-8"),
        (b"[" * 100_000, "cannot be read|can be read"),
    ],
)
def test_files_that_are_no_plan_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    """Each kind of broken file is named with what is wrong with it."""
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=told):
        archive.load_plan(file)


def test_a_missing_plan_is_said_to_be_missing(tmp_path: Path) -> None:
    """A folder without plan.json and a path that is not there have each their words."""
    with pytest.raises(UsageError, match=r"holds no plan\.json"):
        archive.load_plan(tmp_path)
    with pytest.raises(UsageError, match="no such plan"):
        archive.load_plan(tmp_path / "nothing.json")


def test_faults_of_a_document_are_named_with_their_place() -> None:
    """A stop without start and a length that is text: run, stop and key are in the message."""
    plan = good_plan()
    del plan["runs"][1]["stops"][2]["start"]
    with pytest.raises(UsageError, match=f"run {plan['runs'][1]['id']}, stop 2: .*'start'"):
        archive.plan_of(plan)
    plan = good_plan()
    plan["runs"][0]["stops"][1]["length_m"] = "400"
    with pytest.raises(UsageError, match="stop 1 cannot be read: length_m must be a number"):
        archive.plan_of(plan)
    assert archive.times_of(plan).runs == ()


def test_the_days_before_come_newest_first(tmp_path: Path) -> None:
    """Seven days back, not the date itself, not the eighth; broken and misfiled ones are noted."""
    for day in (7, 8, 13, 14, 15):
        plan = archive.plan_of(good_plan(day=date(2026, 7, day)))
        archive.write_plan(plan, tmp_path / f"2026-07-{day:02d}")
    archive.write_plan(archive.plan_of(good_plan()), tmp_path / "2026-07-12")
    (tmp_path / "2026-07-11").mkdir()
    (tmp_path / "2026-07-11" / "plan.json").write_text("{", encoding="utf-8")
    plans, notes = archive.past_plans(tmp_path, "2026-07-15")
    assert [plan["date"] for plan in plans] == ["2026-07-14", "2026-07-13", "2026-07-08"]
    assert len(notes) == 2
    assert "2026-07-12 is left out of the history: its plan is of 2026-07-15" in notes
    assert notes[1].startswith("2026-07-11 is left out")
    assert archive.past_plans(tmp_path / "none", "2026-07-15") == ([], [])


def test_a_folder_that_cannot_be_written_is_found_out_early(tmp_path: Path) -> None:
    """A file in the way of the folder, of its parents or of its parts; nothing is left behind."""
    archive.check_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "b"):
        with pytest.raises(UsageError, match="is a file, not a folder"):
            archive.check_writable(folder)
    (tmp_path / "c" / "plan.json").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"plan\.json: is a folder"):
        archive.check_writable(tmp_path / "c")
