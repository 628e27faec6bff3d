"""What the commands say and how: tables, notes, errors, the line of progress, Ctrl-C.

With cli.py the only place that prints. The answer goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from routes.stop import Interrupted
    from sanitation.export.table import Table


def show_tables(tables: Sequence[Table]) -> None:
    typer.echo("\n\n".join(rendered(table, sys.stdout) for table in tables))


def rendered(table: Table, stream: Any) -> str:
    from sanitation.export.table import render

    return render(table, stream.isatty(), shutil.get_terminal_size().columns)


def show_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    typer.echo(text, err=True)


def complain(message: str, hint: str = "") -> None:
    typer.echo(f"error: {message}", err=True)
    if hint:
        typer.echo(f"hint: {hint}", err=True)


def speak_chinese(stream: Any) -> None:
    """A pipe carries UTF-8 whatever the locale; a terminal that lacks a letter shows another."""
    if hasattr(stream, "reconfigure"):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """One line on stderr that is written over; silent where stderr is no terminal."""
    from sanitation.export.table import clean, columns_of

    shown = ""

    def say(stage: str, fraction: float) -> None:
        nonlocal shown
        text = clean(f"{fraction:4.0%} {stage}")
        while columns_of(text) >= shutil.get_terminal_size().columns:
            text = text[:-1]
        if text != shown and sys.stderr.isatty():
            blank = " " * max(0, columns_of(shown) - columns_of(text))
            typer.echo(f"\r{text}{blank}", nl=False, err=True)
            shown = text

    try:
        yield say
    finally:
        if shown:
            typer.echo(f"\r{' ' * columns_of(shown)}\r", nl=False, err=True)


@contextmanager
def first_ctrl_c(interrupted: Interrupted) -> Iterator[None]:
    """The first Ctrl-C stops the search with what it has; the second ends the program (130)."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        interrupted.set()
        typer.echo("\nstopping with the best plan so far", err=True)

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def bug(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None = None
) -> None:
    """A fault of ours: the traceback and what a report needs. Python then ends with status 1."""
    from sanitation.versions import versions

    traceback.print_exception(kind, error, trace)
    typer.echo("error: this is a bug in the program\n" + "\n".join(versions()), err=True)
