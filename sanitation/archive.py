"""Plans on disk: plan.json written and read, a plan's folder, the plans of the days before.

The document itself is made and read in planjson.py, whose functions can be had from here too.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from routes.files import write_atomic
from sanitation.errors import UsageError
from sanitation.export.files import check_folder, safe_name
from sanitation.export.page import write_page
from sanitation.export.posts import FILE as POSTS
from sanitation.export.posts import PostList, posts_csv
from sanitation.export.sheets import Sheet, write_csv
from sanitation.model import DayPlan
from sanitation.planjson import (
    SCHEMA,
    iso_clock,
    plan_dict,
    plan_of,
    plan_text,
    times_of,
)

__all__ = [
    "check_writable",
    "iso_clock",
    "load_plan",
    "past_plans",
    "plan_dict",
    "plan_of",
    "plan_text",
    "times_of",
    "write_day",
    "write_plan",
]

PLAN, PAGE, SHEETS = "plan.json", "sheets.html", "sheets"
MAX_BYTES = 512 * 1024**2  # a district's plan is some 10 MB


def write_plan(plan: DayPlan, folder: Path) -> Path:
    """Write ``folder``/plan.json: a kill at any moment leaves the file before it, or none.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / PLAN
    write_atomic(path, plan_text(plan).encode())
    return path


def write_day(
    plan: DayPlan,
    folder: Path,
    sheets: Sequence[Sheet],
    coords: Mapping[int, tuple[float, float]],
    lang: str,
    posts: PostList | None = None,
) -> tuple[Path, ...]:
    """The whole folder of a plan: plan.json, sheets.html and sheets/, in this order.

    ``posts`` is the list of attended toilets (export.posts.build_posts), a sheet of its own.

    All is made in a folder aside first, so that a full disk leaves the earlier plan as it was;
    plan.json comes last. Sheets of the earlier plan whose runs are gone are taken away; files
    that no plan wrote stay.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _run_files(folder)
    aside = Path(tempfile.mkdtemp(dir=folder, prefix=".part-"))
    try:
        made = write_csv(sheets, aside / SHEETS, lang)
        if posts:
            made += (aside / SHEETS / POSTS,)
            write_atomic(made[-1], posts_csv(posts))
        write_page(aside / PAGE, plan, sheets, coords, lang, posts)
        write_plan(plan, aside)
        (folder / SHEETS).mkdir(exist_ok=True)
        for path in made:
            os.replace(path, folder / SHEETS / path.name)
        os.replace(aside / PAGE, folder / PAGE)
        os.replace(aside / PLAN, folder / PLAN)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    for name in sorted(before - {path.name for path in made}):
        (folder / SHEETS / name).unlink(missing_ok=True)
    return folder / PLAN, folder / PAGE, folder / SHEETS


def _run_files(folder: Path) -> set[str]:
    """Names of the sheets that the plan in a folder wrote; none where no plan can be read."""
    try:
        plan = plan_of(load_plan(folder))
        return {f"{safe_name(run.id)}.csv" for run in plan.runs} | (
            {POSTS} if plan.posts else set()
        )
    except UsageError:
        return set()


def check_writable(folder: Path) -> None:
    """Find out before hours of work whether a plan's folder can be written; nothing stays.

    Raises:
        UsageError: it is a file, or may not be written to.
    """
    check_folder(folder)
    for name, is_folder in ((PLAN, False), (PAGE, False), (SHEETS, True)):
        path = folder / name
        if path.exists() and path.is_dir() != is_folder:
            told = f"{path}: is a {'file' if is_folder else 'folder'}"
            raise UsageError(told, "give another folder with --out")


def load_plan(path: Path) -> dict[str, Any]:
    """The JSON document of a plan.json, given itself or its folder.

    Raises:
        UsageError: no such file, no JSON, or another schema.
    """
    file = path / PLAN if path.is_dir() else path
    if not file.is_file():
        what = f"the folder holds no {PLAN}" if path.is_dir() else "there is no such plan"
        raise UsageError(f"{path}: {what}", f"give a {PLAN} or the folder that holds it")
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file}: larger than {MAX_BYTES // 1024**2} MB, no plan of ours")
        document = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8"
        raise UsageError(f"{file}: is not UTF-8 (byte {error.start})", hint) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{file}: is not JSON: {error.msg} ({where})") from error
    except (RecursionError, ValueError) as error:
        raise UsageError(f"{file}: is not JSON that can be read: {error}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{file}: is no plan: the document is not a JSON object")
    schema = document.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        raise UsageError(f"{file}: schema {schema!r} is unknown", f"this program reads {SCHEMA}")
    return document


def past_plans(history: Path, date: str, days: int = 7) -> tuple[list[dict[str, Any]], list[str]]:
    """The plans of the days before a date, newest first.

    Args:
        history: folder that holds a folder for each date.
        date: ISO 8601; its own plan is not among them.

    Returns:
        (documents, notes): every document can be turned into a plan; a note says which plan was
        left out and why. A day without a plan is no fault.
    """
    plans: list[dict[str, Any]] = []
    notes: list[str] = []
    for back in range(1, days + 1):
        day = (dt.date.fromisoformat(date) - dt.timedelta(days=back)).isoformat()
        if not (history / day / PLAN).is_file():
            continue
        try:
            document = load_plan(history / day)
            plan_of(document)
        except UsageError as error:
            notes.append(f"{day} is left out of the history: {error.message}")
            continue
        if document["date"] != day:
            told = f"its plan is of {document['date']}"
            notes.append(f"{day} is left out of the history: {told}")
            continue
        plans.append(document)
    return plans, notes
