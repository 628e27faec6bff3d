"""The day's binder: cover and contents before the sheets of all runs, the staff list behind them.

Made of the runs' own files, so that it cannot differ from them; their pages get the binder's
numbers, the contents links, and the file bookmarks by depot.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanitation.export.handout import Handout
from sanitation.export.labels import clock, date_clock, km, tonnes, weather_text, word
from sanitation.export.posts import COLUMNS, WIDTHS_MM, PostLine, PostList, hours
from sanitation.export.printed import Data, say, soft
from sanitation.export.sheets import Sheet
from sanitation.model import Run

if TYPE_CHECKING:
    from pikepdf import Pdf

SetPdf = Callable[[Data], bytes]
LINK = "sheet:"  # of the contents, before the number of a sheet; staff is the last


@dataclass(frozen=True, slots=True)
class Bound:
    """A sheet in the binder: its depot, its file, and how many pages it has."""

    depot: str
    sheet: Sheet
    pdf: bytes
    pages: int


def binder(
    handout: Handout, lang: str, files: Sequence[tuple[Run, Sheet, bytes]], set_pdf: SetPdf
) -> bytes:
    """All the day's paper in one file, by depot, departure and run.

    Args:
        files: each run, its sheet and the PDF of it.
        set_pdf: makes a PDF of data of the template binder.typ.
    """
    import pikepdf

    ordered = sorted(files, key=lambda file: (file[0].depot_id, file[0].start_s, file[0].id))
    bound = [
        Bound(f"{run.depot_id} {sheet.depot}", sheet, pdf, _pages(pdf))
        for run, sheet, pdf in ordered
    ]
    posts = handout.posts(lang)
    staff = set_pdf(_data("staff", lang, staff=_staff(posts))) if posts else b""
    front, first = _front(handout, lang, bound, bool(staff), set_pdf)
    with pikepdf.new() as book:
        for part in (front, *(one.pdf for one in bound), staff):
            if part:
                with pikepdf.open(io.BytesIO(part)) as pdf:
                    book.pages.extend(pdf.pages)
        starts = [first + before for before in _sums(one.pages for one in bound)]
        _number(book, set_pdf(_data("numbers", lang, pages=len(book.pages))))
        _link(book, first, starts)
        _bookmark(book, bound, starts, lang, bool(staff))
        book.docinfo["/Title"] = _title(handout, lang)
        made = io.BytesIO()
        book.save(
            made,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return made.getvalue()


def _data(kind: str, lang: str, **more: Any) -> Data:
    return {"kind": kind, "lang": lang, "title": word("index", lang), **more}


def _title(handout: Handout, lang: str) -> str:
    return f"{_district(handout, lang)} {handout.plan.date} {word('index', lang)}"


def _district(handout: Handout, lang: str) -> str:
    district = handout.district
    return district.name if lang == "zh" else district.name_en or district.name


def _pages(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _sums(counts: Any) -> list[int]:
    """What comes before each, and after the last: 3, 2 -> 0, 3, 5."""
    return [0, *itertools.accumulate(counts)]


def _front(
    handout: Handout, lang: str, bound: Sequence[Bound], staff: bool, set_pdf: SetPdf
) -> tuple[bytes, int]:
    """Cover and contents, and how many pages they have: set twice, for they shift the sheets."""
    first = 0
    for _ in range(2):
        contents = _contents(bound, lang, first, staff)
        front = set_pdf(_data("front", lang, cover=_cover(handout, lang, bound), contents=contents))
        first = _pages(front)
    return front, first


def _cover(handout: Handout, lang: str, bound: Sequence[Bound]) -> Data:
    plan = handout.plan
    groups: dict[str, list[Sheet]] = {}
    for one in bound:
        groups.setdefault(one.sheet.service, []).append(one.sheet)
    heads = ("service_name", "runs", "vehicles", "total_service", "total_driven", "total_load")
    units = {"total_service": " km", "total_driven": " km", "total_load": " t"}
    return {
        "unit": _district(handout, lang),
        "title": word("title", lang),
        "date": plan.date,
        "weather": weather_text(plan.conditions, lang),
        "mark": word("model_mark", lang) if plan.model else "",
        "heads": [f"{say(head, lang)}{units.get(head, '')}" for head in heads],
        "services": [
            [word(service, lang), *_figures(sheets)] for service, sheets in sorted(groups.items())
        ],
        "total": [word("total", lang), *_figures([one.sheet for one in bound])],
    }


def _figures(sheets: Sequence[Sheet]) -> list[str]:
    """Runs, vehicles, km of work, km driven in all, tonnes taken on; "" for what there is none
    of."""
    service_m = sum(sheet.totals.service_m for sheet in sheets)
    driven_m = service_m + sum(sheet.totals.travel_m for sheet in sheets)
    load_kg = sum(sheet.totals.load_kg for sheet in sheets)
    return [
        str(len(sheets)),
        str(len({sheet.vehicle for sheet in sheets})),
        km(service_m) if service_m else "",
        km(driven_m),
        tonnes(load_kg) if load_kg else "",
    ]


def _contents(bound: Sequence[Bound], lang: str, first: int, staff: bool) -> Data:
    """The lines by depot, each with the binder's page that the sheet begins on."""
    starts = _sums(one.pages for one in bound)
    groups: list[Data] = []
    numbered = enumerate(zip(bound, starts, strict=False))
    for depot, members in itertools.groupby(numbered, key=lambda item: item[1][0].depot):
        lines = []
        for number, (one, before) in members:
            sheet = one.sheet
            cells = (
                f"{sheet.service_name} {sheet.run_id}",
                f"{sheet.plate} / {sheet.vehicle}",
                sheet.driver,
                date_clock(sheet.date, sheet.start_s),
                str(first + before + 1),
            )
            lines.append({"to": number, "cells": [soft(cell) for cell in cells]})
        groups.append({"depot": soft(depot), "lines": lines})
    if staff:
        told = [word("posts_title", lang), "", "", "", str(first + starts[-1] + 1)]
        lines = [{"to": len(bound), "cells": told}]
        groups.append({"depot": word("posts_title", lang), "lines": lines})
    heads = ("run", "plate", "driver", "planned_out", "page")
    return {
        "title": word("index", lang),
        "heads": [say(head, lang) for head in heads],
        "groups": groups,
    }


def _number(book: Pdf, numbers: bytes) -> None:
    """Put the binder's page number on every page but the cover."""
    import pikepdf

    with pikepdf.open(io.BytesIO(numbers)) as stamps:
        pairs = zip(book.pages, stamps.pages, strict=True)
        for number, (page, stamp) in enumerate(pairs, start=1):
            if number == 1:
                continue
            # Page.add_overlay would do, but draws the name by lot: not the same bytes twice.
            name = f"/Binder{number}"
            form = book.copy_foreign(stamp.as_form_xobject())
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(name))
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q q {name} Do Q".encode())


def _link(book: Pdf, first: int, starts: Sequence[int]) -> None:
    """Turn the links of the contents into jumps to the sheets."""
    import pikepdf

    for page in book.pages[:first]:
        for link in page.get("/Annots", ()):
            uri = str(link.A.URI)
            target = book.pages[starts[int(uri.removeprefix(LINK))]]
            del link["/A"]
            link.Dest = pikepdf.Array([target.obj, pikepdf.Name.Fit])


def _bookmark(
    book: Pdf, bound: Sequence[Bound], starts: Sequence[int], lang: str, staff: bool
) -> None:
    """Bookmarks: the contents, depots with their runs, the staff list."""
    from pikepdf import OutlineItem

    with book.open_outline() as outline:
        outline.root.append(OutlineItem(word("index", lang), 1))
        pairs = zip(bound, starts, strict=False)
        for depot, members in itertools.groupby(pairs, key=lambda pair: pair[0].depot):
            runs = list(members)
            group = OutlineItem(depot, runs[0][1])
            group.is_closed = True
            for one, start in runs:
                sheet = one.sheet
                told = f"{clock(sheet.start_s)} {sheet.run_id} {sheet.plate} {sheet.driver}"
                group.children.append(OutlineItem(told, start))
            outline.root.append(group)
        if staff:
            outline.root.append(OutlineItem(word("posts_title", lang), starts[-1]))


def _staff(listed: PostList) -> Mapping[str, Any]:
    lang = listed.lang
    toilets = []
    for _, group in itertools.groupby(listed.lines, key=lambda line: line.toilet_id):
        own = list(group)
        toilets.append(
            {
                "name": soft(own[0].toilet),
                "at": soft(f"{own[0].toilet_id} {own[0].subdistrict}"),
                "lines": [
                    {"vacant": not line.attendant_id, "cells": _staff_cells(listed, line)}
                    for line in own
                ],
            }
        )
    return {
        "title": word("posts_title", lang),
        "date": listed.date,
        "mark": listed.model_mark,
        "header": [[label, soft(value)] for label, value in listed.header],
        "widths": list(WIDTHS_MM),
        "heads": [word(column, lang) for column in COLUMNS],
        "toilets": toilets,
        "abnormal": word("abnormal", lang),
        "signs": [word(key, lang) for key in ("dispatcher", "inspector")],
    }


def _staff_cells(listed: PostList, line: PostLine) -> list[str]:
    """The cells of a line but those of its toilet and those to sign in."""
    who = f"{line.attendant} {line.attendant_id}".strip()
    cells = (str(line.seq), line.post, hours(listed.date, line), who, line.remark)
    return [soft(cell) for cell in cells]
