"""CSV that a spreadsheet opens as it is meant: its encoding known, and texts that stay texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it Excel reads UTF-8 as GBK
# What begins a formula, in the width of either keyboard; a control character hides one.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """A cell that a spreadsheet shows instead of running: names come from the user's tables."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def csv_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of texts as UTF-8 CSV with BOM that a spreadsheet opens as text."""
    return bare_csv_bytes([guarded(cell) for cell in line] for line in lines)


def bare_csv_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    """The same of cells that are guarded already, or figures, whose minus must stay one.

    Half a character, which JSON can hold and UTF-8 cannot, becomes "?".
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return (BOM + text.getvalue()).encode(errors="replace")


def encoded(utf8: bytes, encoding: str) -> bytes:
    """CSV of this module as ``encoding``, utf-8 or gb18030, which has every character too."""
    return utf8 if encoding == "utf-8" else utf8.decode("utf-8-sig").encode(encoding)
