"""The route sheets as CSV: a file a run, an index, and the staff list of the toilets."""

from __future__ import annotations

from collections.abc import Iterator

from sanitation.export.csvtext import encoded
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.posts import FILE as POSTS
from sanitation.export.posts import posts_csv
from sanitation.export.sheets import index_csv, sheet_csv


def csv_files(
    handout: Handout, lang: str, encoding: str, one_run: bool
) -> Iterator[tuple[str, bytes]]:
    """``csv/<run>.csv``; of a whole day ``csv/index.csv`` and ``csv/posts.csv`` too.

    Args:
        encoding: utf-8 (with BOM, for Excel) or gb18030.
    """
    sheets = handout.sheets(lang)
    names = [f"{safe_name(sheet.run_id)}.csv" for sheet in sheets]
    for sheet, name in zip(sheets, names, strict=True):
        yield f"csv/{name}", encoded(sheet_csv(sheet), encoding)
    if one_run:
        return
    yield "csv/index.csv", encoded(index_csv(sheets, names, lang), encoding)
    if posts := handout.posts(lang):
        yield f"csv/{POSTS}", encoded(posts_csv(posts), encoding)
