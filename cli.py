"""The `sanitation` command line: parse, one call, show. No logic.

Light to import: whatever takes long is imported inside the command that needs it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sanitation.console import (
    bug,
    complain,
    first_ctrl_c,
    note,
    progress,
    rendered,
    show_json,
    show_tables,
    speak_chinese,
)
from sanitation.errors import SanitationError, UsageError

if TYPE_CHECKING:
    from sanitation.model import DayPlan

OUTSIDE, VIOLATIONS = 4, 3
HISTORY = Path("plans")
MOST_NAMES = 20  # of written files that are told one by one


class _Commands(TyperGroup):
    """Where our exceptions become a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        sys.excepthook = bug
        for stream in (sys.stdout, sys.stderr):
            speak_chinese(stream)
        try:
            return super().invoke(ctx)
        except SanitationError as error:
            complain(error.message, error.hint)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            raise  # the reader of our output is gone: Typer ends quietly
        except OSError as error:
            complain(f"{error.filename or 'the system'}: {error.strerror or error}")
            raise typer.Exit(OUTSIDE) from error


app = typer.Typer(
    cls=_Commands,
    help="环卫作业排班：冲洗、洒水、机扫的一日计划 · plans a district's day of street cleaning.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[Path | None, typer.Option("--data", help="District folder [embedded district].")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en.")]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json or its folder.")]


def _version(asked: bool) -> None:
    if asked:
        from sanitation.versions import versions

        typer.echo(versions()[0])
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def plan(
    date: Annotated[str, typer.Option(help="Date [first whose night run has not begun].")] = "",
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write [plans/<date>].")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    time_limit: Annotated[float | None, typer.Option(help="Seconds of search.")] = None,
    iterations: Annotated[
        int | None, typer.Option(help="Iterations of search: the same bytes every time.")
    ] = None,
    services: Annotated[
        str, typer.Option(help="wash,sprinkle,sweep,collect,haul,septic,bins,toilet [all].")
    ] = "",
    fleet: Annotated[str, typer.Option(help="Caps, as in washers=25,sprinklers=20.")] = "",
    weather: Annotated[str, typer.Option(help="clear, cloudy, rain or snow.")] = "clear",
    tmin: Annotated[float | None, typer.Option(help="Lowest temperature, °C.")] = None,
    tmax: Annotated[float | None, typer.Option(help="Highest temperature, °C.")] = None,
    forecast: Annotated[
        Path | None, typer.Option(help="CSV hour,temperature_c for hours of your own.")
    ] = None,
    alert: Annotated[
        list[str] | None,
        typer.Option(help="pollution, heat, rainstorm or snow : blue, yellow, orange or red."),
    ] = None,
    orders: Annotated[Path | None, typer.Option(help="The dispatcher's orders, CSV.")] = None,
    closed: Annotated[
        list[str] | None, typer.Option(help="A transfer station that takes nothing today.")
    ] = None,
    tonnage: Annotated[float, typer.Option(help="The day's waste: 1.15 for 15 % more.")] = 1.0,
    event: Annotated[bool, typer.Option("--event", help="活动日 · A day with crowds.")] = False,
    history: Annotated[Path, typer.Option(help="Folder of the days before.")] = HISTORY,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """排定一日计划 · Plan a day and print its summary."""
    from datetime import UTC, datetime

    from routes.stop import Interrupted
    from sanitation.archive import check_writable, write_day
    from sanitation.district import embedded_folder, read_district
    from sanitation.export.handout import handout_of
    from sanitation.options import Typed, read_options

    _check_lang(lang)
    district = read_district(data or embedded_folder())
    typed = Typed(
        date=date,
        seed=seed,
        time_limit_s=time_limit,
        iterations=iterations,
        services=services,
        fleet=fleet,
        weather=weather,
        tmin_c=tmin,
        tmax_c=tmax,
        forecast=forecast,
        alerts=tuple(alert or ()),
        orders=orders,
        closed=tuple(closed or ()),
        tonnage=tonnage,
        event=event,
    )
    options = read_options(typed, district, datetime.now(UTC))
    folder = out or HISTORY / options.date
    check_writable(folder)

    from sanitation.planner import plan_day

    interrupted = Interrupted()
    with first_ctrl_c(interrupted), progress() as say:
        day = plan_day(
            district,
            options,
            orders_path=orders,
            history=history,
            interrupted=interrupted,
            say=say,
        )
        say("sheets", 1.0)
        handout = handout_of(district, day)
        written = write_day(
            day, folder, handout.sheets(lang), handout.coords, lang, handout.posts(lang)
        )
    if as_json:
        show_json({"date": day.date, "path": str(written[0]), "indicators": day.indicators})
    else:
        _show_summary(day, lang)
    for line in (*day.indicators.get("notes", ()), *day.provenance.get("history_notes", ())):
        note(f"note: {line}")
    for path in written:
        note(str(path))
    if day.violations or day.uncovered or any(post.missing for post in day.posts):
        raise typer.Exit(VIOLATIONS)


@app.command()
def show(
    path: PlanFile,
    run: Annotated[str, typer.Option("--run", metavar="ID", help="One run in full.")] = "",
    plot: Annotated[
        Path | None, typer.Option(help="Draw it into this file instead: .png, .svg or .pdf.")
    ] = None,
    shift: Annotated[str, typer.Option(metavar="ID", help="Of --plot: one shift.")] = "",
    data: Data = None,
    lang: Lang = "zh",
    as_json: Json = False,
) -> None:
    """显示计划 · Show the tables of a plan, or one run in full, or draw them."""
    from sanitation.archive import load_plan, plan_of
    from sanitation.export.shown import plan_tables, run_tables
    from sanitation.options import unknown_id

    _check_lang(lang)
    if plot is not None:
        _draw(path, plot, run, shift, data, lang)
        return
    if shift:
        raise UsageError("--shift: only a picture is of one shift", "give --plot FILE too")
    document = load_plan(path)
    if as_json and not run:
        show_json(document)
        return
    day = plan_of(document)
    if run:
        if run not in (known := [row.id for row in day.runs]):
            raise unknown_id("run", run, known)
        if as_json:
            show_json(next(row for row in document["runs"] if row["id"] == run))
        else:
            show_tables(run_tables(day, run, data, lang))
        return
    show_tables(plan_tables(day, lang))


@app.command()
def audit(path: PlanFile, data: Data = None, lang: Lang = "zh", as_json: Json = False) -> None:
    """审查计划 · Judge any plan, ours, edited or hand-made; exit status 3 with violations."""
    from sanitation.archive import load_plan, times_of
    from sanitation.audit import audit_plan
    from sanitation.district import embedded_folder, read_district
    from sanitation.export.text import violations_table

    _check_lang(lang)
    document, folder = load_plan(path), data or embedded_folder()
    if (of := times_of(document).district_id) not in ("", ours := read_district(folder).id):
        note(f"note: the plan is of district {of!r}, judged by the data of {ours!r} (--data)")
    found = audit_plan(document, folder)
    if as_json:
        keys = ("cause", "run", "stop", "text")
        rows = [(v.cause, v.run_id, v.stop, v.text) for v in found]
        show_json({"violations": [dict(zip(keys, row, strict=True)) for row in rows]})
    elif found:
        show_tables([violations_table(found, times_of(document), lang)])
    else:
        typer.echo("0 violations")
    if found:
        raise typer.Exit(VIOLATIONS)


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="District folder [embedded district].")
    ] = None,
    as_json: Json = False,
) -> None:
    """检查数据 · Check a district's data and count what it holds."""
    from sanitation.counts import counts
    from sanitation.district import embedded_folder, read_district
    from sanitation.export.counts import counts_table

    district = read_district(folder or embedded_folder())
    if as_json:
        show_json(counts(district))
    else:
        show_tables([counts_table(counts(district))])
        if district.model:
            note(f"{district.name}: model data, not real (模型数据，非真实)")


@app.command()
def export(
    path: PlanFile,
    formats: Annotated[
        str,
        typer.Option(
            "--format", help="pdf, html, xlsx, csv, gpx, geojson, gpkg; several: pdf,html; all."
        ),
    ],
    run: Annotated[str, typer.Option("--run", metavar="ID", help="One run alone.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder to write [export, beside the plan].")
    ] = None,
    crs: Annotated[str, typer.Option(help="wgs84, gcj02 or bd09: of tracks.")] = "wgs84",
    encoding: Annotated[str, typer.Option(help="utf-8 or gb18030: of CSV.")] = "utf-8",
    data: Data = None,
    lang: Annotated[str, typer.Option("--lang", help="zh, en or zh,en.")] = "zh",
) -> None:
    """导出 · Write what drivers and offices need: sheets, workbook, map, tracks."""
    from sanitation.archive import load_plan, plan_of
    from sanitation.district import embedded_folder, read_district
    from sanitation.export.bundle import FOLDER, read_wanted
    from sanitation.export.bundle import export as export_files
    from sanitation.export.files import check_folder
    from sanitation.export.handout import handout_of

    wanted = read_wanted(formats, lang, crs, encoding, bool(run))
    folder = out or (path if path.is_dir() else path.parent) / FOLDER
    day = plan_of(load_plan(path))
    check_folder(folder)
    with progress() as say:
        say("plan", 0.0)
        handout = handout_of(read_district(data or embedded_folder()), day)
        written = export_files(handout.only(run) if run else handout, wanted, folder, say)
    for file in written if len(written) <= MOST_NAMES else written[:0]:
        typer.echo(str(file))
    if len(written) > MOST_NAMES:
        typer.echo(f"{folder}: {len(written)} files")


@app.command()
def bench(
    paths: Annotated[
        list[Path], typer.Argument(metavar="INSTANCE...", help="Instances, or folders of them.")
    ],
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds of search for each instance [30].")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads of the search.")] = 1,
    iterations: Annotated[
        int | None, typer.Option(help="Iterations of search: the same cost every time.")
    ] = None,
    solution: Annotated[
        Path | None,
        typer.Option(help="File to write the solution to; for several instances, a folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an instance.")] = False,
) -> None:
    """公开算例 · Run the engine on public instances; exit status 3 if a solution breaks rules."""
    from routes.stop import Interrupted
    from sanitation.bench import bench_table, read_effort, read_jobs, run_job

    effort = read_effort(time_limit, seed, threads, iterations)
    jobs, interrupted, outcomes = read_jobs(paths, solution), Interrupted(), []
    with first_ctrl_c(interrupted), progress() as say:
        for job in jobs:
            outcomes.append(outcome := run_job(job, effort, interrupted, say))
            if as_json:
                typer.echo(json.dumps(outcome.document(effort), ensure_ascii=False))
            for line in outcome.notes:
                note(f"note: {line}")
            if interrupted.is_set:
                break
    if not as_json:
        show_tables([bench_table(outcomes)])
    if left := len(jobs) - len(outcomes):
        note(f"note: stopped; {left} of {len(jobs)} instances were not begun")
    if not all(outcome.verdict.feasible for outcome in outcomes):
        raise typer.Exit(VIOLATIONS)


def _show_summary(day: DayPlan, lang: str) -> None:
    """The summary on stdout; orders, and what is suspended, uncovered or wrong, on stderr."""
    from sanitation.export.shown import fault_tables, summary_tables
    from sanitation.export.text import orders_table

    show_tables(summary_tables(day.indicators, lang))
    orders = day.provenance.get("orders")
    tables = [orders_table(orders, lang)] if orders else []
    for table in tables + fault_tables(day, lang):
        typer.echo("\n" + rendered(table, sys.stderr), err=True)


def _draw(path: Path, file: Path, run: str, shift: str, data: Path | None, lang: str) -> None:
    """The picture of a plan, of one run or of a shift, and on stdout where it is."""
    from routes.files import write_atomic
    from sanitation.archive import load_plan, plan_of
    from sanitation.district import embedded_folder, read_district
    from sanitation.export.handout import handout_of
    from sanitation.export.picture import check_suffix, chosen, picture

    suffix = check_suffix(file)
    handout = handout_of(read_district(data or embedded_folder()), plan_of(load_plan(path)))
    write_atomic(file, picture(handout, chosen(handout, run, shift), lang, suffix))
    typer.echo(str(file))


def _check_lang(lang: str) -> None:
    if lang not in ("zh", "en"):
        raise UsageError(f"--lang {lang!r}: unknown language", "zh or en")
