"""All route sheets of a plan as one printable HTML file that needs nothing but a browser.

No script, no external resource: it opens from a memory stick on the yard's computer. Printed, each
``section.sheet-page`` is one A4 page of at most 25 rows with its page x of y.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from routes.files import write_atomic
from sanitation.export.directions import Coords
from sanitation.export.forms import Form
from sanitation.export.geometry import street_lines
from sanitation.export.labels import clock, date_clock, distance, km, street, tonnes, word
from sanitation.export.page_style import SITE_STYLE, STYLE
from sanitation.export.paper import SEPARATOR, PaperPage, lines_of, pages, span_text
from sanitation.export.posts import PostList, posts_pages
from sanitation.export.rows import SheetRow
from sanitation.export.sheets import Sheet, row_cells, total_fields
from sanitation.export.sketch import sketch_svg
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, DayPlan, Run

MAP_WIDTH_MM = 192


def page_html(
    plan: DayPlan,
    sheets: Sequence[Sheet],
    coords: Coords,
    lang: str = "zh",
    posts: PostList | None = None,
) -> str:
    """The whole file as text.

    Args:
        sheets: sheets of runs of ``plan`` in the language ``lang`` (sheets.build_sheets).
        coords: OpenStreetMap node id -> (lon, lat); where it is empty there are no maps.
        posts: who looks after which toilet (posts.build_posts); it comes after the sheets.
    """
    streets = street_lines(plan)
    runs = {run.id: run for run in plan.runs}
    title = f"{plan.district_name} {plan.date} {word('title', lang)}"
    body = []
    counts = []
    for number, sheet in enumerate(sheets, start=1):
        parts = _sheet(f"s{number}", sheet, runs[sheet.run_id], streets, coords)
        counts.append(len(parts))
        body += parts
    listed = posts_pages(posts, "posts") if posts else []
    at_sites = any(sheet.service in LOADED_SERVICES | SITE_SERVICES for sheet in sheets)
    style = STYLE + SITE_STYLE if at_sites else STYLE
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
        f"{_index(title, plan, sheets, counts, lang, len(listed))}\n"
        + "\n".join([*body, *listed])
        + "\n</body>\n</html>\n"
    )


def write_page(
    path: Path,
    plan: DayPlan,
    sheets: Sequence[Sheet],
    coords: Coords,
    lang: str = "zh",
    posts: PostList | None = None,
) -> Path:
    """Write page_html to ``path``, whole or not at all. OSError: it cannot be written."""
    write_atomic(path, page_html(plan, sheets, coords, lang, posts).encode())
    return path


def _index(
    title: str,
    plan: DayPlan,
    sheets: Sequence[Sheet],
    counts: Sequence[int],
    lang: str,
    post_pages: int,
) -> str:
    """Links to the sheets by service and shift, and to the list of posts; on the screen only."""
    groups: dict[tuple[str, str], list[tuple[int, Sheet]]] = {}
    for number, sheet in enumerate(sheets, start=1):
        groups.setdefault((sheet.service_name, sheet.shift_name), []).append((number, sheet))
    columns = ("run", "vehicle", "driver", "depot", "planned")
    parts = [f'<nav><h1 id="top">{escape(title)}</h1>']
    if plan.model:
        parts.append(f"<p><b>{escape(word('model_mark', lang))}</b></p>")
    for (service, shift), members in groups.items():
        parts.append(f"<h2>{escape(service)} · {escape(shift)} ({len(members)})</h2><table><tr>")
        sums = _index_sums(members[0][1])
        heads = (*(word(column, lang) for column in columns), *(label for label, _ in sums))
        parts += [f"<th>{escape(head)}</th>" for head in heads]
        parts.append(f"<th>{escape(word('pages', lang))}</th></tr>")
        for number, sheet in members:
            out = f"{clock(sheet.start_s)}–{clock(sheet.end_s)}"
            cells = (
                f"{sheet.plate} / {sheet.vehicle}",
                sheet.driver,
                sheet.depot,
                out,
                *(value for _, value in _index_sums(sheet)),
                str(counts[number - 1]),
            )
            link = f'<a href="#s{number}">{escape(sheet.run_id)}</a>'
            parts.append(f"<tr><td>{link}</td>")
            parts.append("".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
        parts.append("</table>")
    if post_pages:
        name = f"{word('posts_title', lang)} ({word('pages', lang)} {post_pages})"
        parts.append(f'<h2><a href="#posts">{escape(name)}</a></h2>')
    parts.append("</nav>")
    return "".join(parts)


def _index_sums(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Label and value of what the index says of a run."""
    sums = sheet.totals
    driven = f"{km(sums.travel_m)} km"
    values: tuple[tuple[str, str], ...] = (
        ("total_service", f"{km(sums.service_m)} km"),
        ("total_travel", driven),
    )
    if sheet.service in SITE_SERVICES:
        load = f"{tonnes(sums.load_kg)} t"
        values = ("total_stops", str(sums.stops)), ("total_load", load), ("total_driven", driven)
    elif sheet.service in LOADED_SERVICES:
        values = (
            ("total_litter_bins", str(sums.bins)),
            ("total_load", f"{sums.load_kg:,} kg"),
            *values,
        )
    elif sheet.service in SITE_SERVICES:
        values = ("total_stops", str(sums.stops)), ("total_driven", driven)
    return tuple((word(key, sheet.lang), value) for key, value in values)


def _sheet(
    anchor: str, sheet: Sheet, run: Run, streets: Sequence[Sequence[int]], coords: Coords
) -> list[str]:
    """The pages of one sheet."""
    drawn = any(node in coords for stop in run.stops for node in stop.nodes)
    laid = pages(sheet.rows, sheet.bans, sheet.lang, drawn, sheet.form, sheet.totals.unloads)
    found = []
    for index, page in enumerate(laid):
        name = f' id="{anchor}"' if index == 0 else ""
        parts = [f'<section class="sheet-page"{name}>', _top(sheet, index + 1, len(laid))]
        if index == 0:
            parts.append(_order(sheet))
        if page.rows:
            parts.append(_table(page, sheet.form, sheet.lang))
        if page.tail:
            parts.append(_tail(sheet))
        if page.map_mm:
            # The caption takes 5 mm of the map's room, its margins 3.
            parts.append(
                sketch_svg(run, sheet, streets, coords, MAP_WIDTH_MM, page.map_mm - 8)
                + f'<p class="legend">{escape(_legend(sheet))}</p>'
            )
        parts.append("</section>")
        found.append("".join(parts))
    return found


def _top(sheet: Sheet, page: int, of: int) -> str:
    lang = sheet.lang
    count = f"第{page}页 / 共{of}页" if lang == "zh" else f"page {page} of {of}"
    mark = f'<span class="mark">{escape(sheet.model_mark)}</span>' if sheet.model_mark else ""
    # The next pages of a run may part from its first: they name truck, driver and start again.
    more = ""
    if page > 1:
        start = date_clock(sheet.date, sheet.start_s)
        who = f"{sheet.plate} / {sheet.vehicle} · {sheet.driver} · {start}"
        more = f'<span class="who">{escape(who)}</span>'
    what = f"{sheet.service_name} · {sheet.shift_name}"
    return (
        f'<div class="top"><h3>{escape(word("title", lang))}</h3>'
        f'<div class="what"><span><b>{escape(what)}</b> {escape(sheet.run_id)}</span>{more}</div>'
        f'{mark}<span class="page">{escape(count)}</span></div>'
    )


def _order(sheet: Sheet) -> str:
    """The fields of the dispatch order, two a line; the pre-trip check has a line to itself."""
    cells = [
        f'<td class="k">{escape(label)}</td>'
        f'<td class="v{" small" if lines_of(value, 58) > 1 else ""}">{escape(value)}</td>'
        for label, value in sheet.header[:-1]
    ]
    lines = ["".join(cells[i : i + 2]) for i in range(0, len(cells), 2)]
    label, value = sheet.header[-1]
    wide = f'<td class="k">{escape(label)}</td><td class="v" colspan="3">{escape(value)}</td>'
    return (
        '<table class="order">'
        + '<colgroup><col style="width:33mm"><col><col style="width:33mm"><col></colgroup>'
        + "".join(f"<tr>{line}</tr>" for line in (*lines, wide))
        + "</table>"
    )


def _table(page: PaperPage, form: Form, lang: str) -> str:
    columns = "".join(f'<col style="width:{width}mm">' for width in form.widths_mm.values())
    heads = "".join(f"<th>{escape(word(column, lang))}</th>" for column in form.widths_mm)
    rows = "".join(_tr(row, form, lang) for row in page.rows)
    return (
        f'<table class="rows"><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _tr(row: SheetRow, form: Form, lang: str) -> str:
    start, end = clock(row.start_s), clock(row.end_s)
    time = f'<td class="t">{start}{"" if start == end else f"<br>{end}"}</td>'
    metres = f'<td class="r">{row.length_m or ""}</td>'
    if row.kind == "service" and row.at_sites:
        return _site_tr(row, form, time)
    if row.kind != "service":
        rest = span_text(row, lang)[len(row.title) :].strip()
        head = (
            f'<tr class="o"><td class="c">{row.seq}</td><td colspan="{len(form.span)}">'
            f'<span class="kind">{escape(row.title)}</span>{escape(rest)}</td>'
        )
        written = '<td class="w"></td><td class="w c"></td>'
        if row.loaded or row.at_sites:
            board = f'<td class="r">{row.on_board_kg if row.kind == "unload" else ""}</td>'
            board = board if "on_board" in form.widths_mm else ""
            driven = distance(row.length_m) if row.length_m else ""
            return f'{head}{board}{time}{written}<td class="r">{driven}</td></tr>'
        return f'{head}{time}{metres}<td></td>{written}<td class="w"></td></tr>'
    chip = f'<span class="kind">{escape(row.turn)}</span>' if row.turn else ""
    return (
        f'<tr><td class="c">{row.seq}</td>'
        f'<td><span class="road">{chip}{escape(street(row.place))}</span>'
        f'<span class="id">{escape(row.section)}</span></td>'
        f"<td>{escape(row.from_name)}</td><td>{escape(row.to_name)}</td>"
        f"<td>{escape(row.direction)}<br>{escape(row.side)}</td>"
        + (_emptied(row) + time if row.loaded else _passed(row, time + metres))
        + f"<td></td><td></td><td>{escape(row.text)}</td></tr>"
    )


def _passed(row: SheetRow, middle: str) -> str:
    """Grade and pass of a row along a street, and the area."""
    return (
        f'<td class="c">{escape(row.grade)}</td><td class="c">{escape(row.pass_text)}</td>{middle}'
        f'<td class="r">{row.area_m2:.0f}</td>'
    )


def _emptied(row: SheetRow) -> str:
    """Bins of a row along a street, and the kilograms that they give."""
    return (
        f'<td class="r load">{row.bins}</td><td class="r">{row.load_kg:,}</td>'
        f'<td class="r">{row.on_board_kg:,}</td>'
    )


def _site_tr(row: SheetRow, form: Form, time: str) -> str:
    """A stop at a site."""
    texts = dict(zip(form.columns, row_cells(row, form), strict=True))
    texts |= {"load": f"{row.load_kg:,}", "on_board": f"{row.on_board_kg:,}"}
    classes = {"stream": "c", "visit": "c load", "done": "c"}
    classes |= dict.fromkeys(("load", "pumped"), "r load")
    if "visit" in form.widths_mm:
        texts["done"] = "□"
    cells = {
        column: f'<td class="{classes.get(column, "r")}">{escape(texts[column])}</td>'
        for column in form.widths_mm
        if column in classes or column in form.span or column == "on_board"
    }
    cells["plan_time"] = time
    rest = [cells.get(column, "<td></td>") for column in form.widths_mm][2:]
    return (
        f'<tr><td class="c">{row.seq}</td>'
        f'<td><span class="road"><span class="kind">{escape(row.title)}</span>'
        f'{escape(row.place)}</span><span class="id">{escape(row.site)}</span></td>'
        f"{''.join(rest)}</tr>"
    )


def _tail(sheet: Sheet) -> str:
    """Totals, restrictions, room for incidents and the three signatures."""
    lang = sheet.lang
    sums = "".join(
        f'<td class="sum">{escape(label)}<b>{escape(value) or "&nbsp;"}</b></td>'
        for label, value in total_fields(sheet)
    )
    bans = "<br>".join(escape(ban) for ban in sheet.bans) or escape(word("none", lang))
    signed = "".join(
        f'<td class="k">{escape(word(key, lang))}</td><td></td>' for key in sheet.form.signs
    )
    unloads = ""
    if sheet.totals.unloads:
        listed = escape(SEPARATOR.join(sheet.totals.unloads))
        unloads = (
            f'<tr><td class="k">{escape(word("unload", lang))}</td>'
            f'<td colspan="5">{listed}</td></tr>'
        )
    return (
        f'<div class="tail"><table><tr><td class="k">{escape(word("total", lang))}</td>{sums}</tr>'
        f"</table><table>{unloads}"
        f'<tr><td class="k">{escape(word("bans", lang))}</td><td colspan="5">{bans}</td></tr>'
        f'<tr class="blank"><td class="k">{escape(word("abnormal", lang))}</td>'
        f'<td colspan="5"></td></tr><tr>{signed}</tr></table>'
        f'<p class="rule">{escape(word("rule", lang))}</p></div>'
    )


def _legend(sheet: Sheet) -> str:
    if sheet.service in LOADED_SERVICES - SITE_SERVICES:
        return (
            "路线示意图：粗线＝清箱（数字＝序号，箭头＝方向）　虚线＝行驶　灰线＝道路　"
            "停＝停车场　卸＝卸料　休＝休息"
            if sheet.lang == "zh"
            else "Sketch map: thick = bins emptied (number = row, arrow = direction), dashed = "
            "driven, grey = streets, P = depot, U = unloading, R = rest"
        )
    loaded = sheet.service in LOADED_SERVICES
    if sheet.service in SITE_SERVICES and not loaded:
        if sheet.lang == "zh":
            return (
                "路线示意图：圆点＝公厕（数字＝序号）　虚线＝途中　灰线＝道路　停＝班点　休＝休息"
            )
        return (
            "Sketch map: dot = toilet (number = row), dashed = way, grey = streets, "
            "P = base, R = rest"
        )
    if sheet.lang == "zh":
        if loaded:
            return (
                "路线示意图：圆点＝作业点（数字＝序号）　虚线＝行驶　灰线＝道路　"
                "停＝停车场　卸＝卸料　休＝休息"
            )
        return (
            "路线示意图：粗线＝作业（数字＝序号，箭头＝方向）　虚线＝空驶　灰线＝道路　"
            "停＝停车场　水＝加水点　污＝排污点　休＝休息"
        )
    if loaded:
        return (
            "Sketch map: dot = site (number = row), dashed = driven, grey = streets, "
            "P = depot, U = unloading, R = rest"
        )
    return (
        "Sketch map: thick = work (number = row, arrow = direction), dashed = deadhead, "
        "grey = streets, P = depot, F = fill point, D = dump point, R = rest"
    )
