"""`sanitation export`: the formats there are, where their files go, and writing all or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routes.files import write_atomic
from sanitation.cells import did_you_mean
from sanitation.errors import UsageError
from sanitation.export.crs import CRS
from sanitation.export.handout import Handout
from sanitation.export.labels import LANGS

FOLDER = "export"  # beside the plan, unless another is given
ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; see :func:`read_wanted`. ``one_run`` is true with --run."""

    formats: tuple[str, ...]
    langs: tuple[str, ...]
    crs: str = "wgs84"
    encoding: str = "utf-8"
    one_run: bool = False


# A path inside the folder, and what is in the file.
Files = Iterator[tuple[str, bytes]]
Writer = Callable[[Handout, str, Wanted], Files]


def _csv(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.sheetfiles import csv_files
    from sanitation.export.tablefiles import table_files

    yield from csv_files(handout, lang, wanted.encoding, wanted.one_run)
    yield from table_files(handout, lang, wanted.encoding, wanted.one_run)


def _xlsx(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.workbook import workbook_files

    return workbook_files(handout, lang, wanted.one_run)


def _pdf(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.pdf import pdf_files

    return pdf_files(handout, lang, wanted.one_run)


def _html(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.dayhtml import html_files

    return html_files(handout, lang, wanted.one_run)


def _gpx(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.gpx import gpx_files

    return gpx_files(handout, lang, wanted.crs)


def _geojson(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.geojson import geojson_files

    return geojson_files(handout, lang, wanted.crs, wanted.one_run)


def _gpkg(handout: Handout, lang: str, wanted: Wanted) -> Files:
    from sanitation.export.gpkg import gpkg_files

    return gpkg_files(handout, lang, wanted.crs, wanted.one_run)


# Each begins its imports when it is asked for.
WRITERS: Mapping[str, Writer] = {
    "pdf": _pdf,
    "html": _html,
    "xlsx": _xlsx,
    "csv": _csv,
    "gpx": _gpx,
    "geojson": _geojson,
    "gpkg": _gpkg,
}


def read_wanted(formats: str, langs: str, crs: str, encoding: str, one_run: bool) -> Wanted:
    """Check what was typed.

    Args:
        formats, langs: separated by commas.

    Raises:
        UsageError: an unknown format, language, system of coordinates or encoding, or none.
    """
    return Wanted(
        formats=_chosen("--format", formats, tuple(WRITERS)),
        langs=_chosen("--lang", langs, LANGS),
        crs=_chosen("--crs", crs, CRS, most=1)[0],
        encoding=_chosen("--encoding", encoding, ENCODINGS, most=1)[0],
        one_run=one_run,
    )


def _chosen(option: str, text: str, known: Sequence[str], most: int = 9) -> tuple[str, ...]:
    """The words of an option, each once, in the order typed; "all" is all."""
    words = [word.strip().lower() for word in text.replace("，", ",").split(",") if word.strip()]
    if words == ["all"] and most > 1:
        return tuple(known)
    there_are = f"there are: {', '.join(known)}"
    if not words:
        raise UsageError(f"{option}: nothing is given", there_are)
    for word in words:
        if word not in known:
            hint = did_you_mean(word, known) or there_are
            raise UsageError(f"{option} {word!r}: unknown", hint)
    if len(set(words)) > most:
        raise UsageError(f"{option}: only {most} may be given", there_are)
    return tuple(dict.fromkeys(words))


def export(
    handout: Handout, wanted: Wanted, folder: Path, say: Callable[[str, float], None]
) -> tuple[Path, ...]:
    """Write every file that is wanted into a folder; with two languages each has a folder in it.

    All is made aside first and then moved, so that a fault leaves what was there as it was. Files
    of the same names are replaced, others stay.

    Returns:
        the files written, in order.

    Raises:
        UsageError: two files get the same name, or a folder lies where a file goes.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder, prefix=".part-"))
    try:
        names: list[str] = []
        for name, content in _all_files(handout, wanted, say):
            if name.casefold() in {other.casefold() for other in names}:
                raise UsageError(f"{name}: two runs have ids that give the same file name")
            if (folder / name).is_dir():
                raise UsageError(f"{folder / name}: is a folder", "give another folder with --out")
            names.append(name)
            write_atomic(aside / name, content)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(aside / name, folder / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(folder / name for name in names)


def _all_files(handout: Handout, wanted: Wanted, say: Callable[[str, float], None]) -> Files:
    jobs = [(key, lang) for key in wanted.formats for lang in wanted.langs]
    expected = len(handout.plan.runs) + 1
    for done, (key, lang) in enumerate(jobs):
        say(key, done / len(jobs))
        for number, (name, content) in enumerate(WRITERS[key](handout, lang, wanted), start=1):
            say(key, (done + min(1.0, number / expected)) / len(jobs))
            yield (f"{lang}/{name}" if len(wanted.langs) > 1 else name), content
