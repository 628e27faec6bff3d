"""What is printed of a run, as plain data for the template sheets.typ: texts, styles, widths.

Nothing here knows of fonts or breaks; the template knows nothing of runs. Texts go over as JSON, so
that no name can be read as the template's language. Millimetres; times are clock times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sanitation.export.amap import Goal, amap_link, qr_svg
from sanitation.export.forms import Form
from sanitation.export.labels import clock, date_clock, distance, street, word, word_of
from sanitation.export.paper import SEPARATOR
from sanitation.export.rows import SheetRow
from sanitation.export.sheets import Sheet, row_cells, total_fields, visit_text
from sanitation.export.sketch import MARKS

Data = dict[str, Any]

_WORDS = {
    "order": ("派车单", "Dispatch order"),
    "plate": ("车牌号/自编号", "Plate / no."),
    "user": ("用车单位", "Vehicle user"),
    "reason": ("事由", "Reason"),
    "goal": ("计划目的地", "Planned destination"),
    "planned_out": ("计划出车", "Planned out"),
    "planned_in": ("计划收车", "Planned in"),
    "head": ("部门负责人", "Head of department"),
    "actual_out": ("实际出车", "Actual out"),
    "actual_in": ("实际收车", "Actual in"),
    "odometer_out": ("出车里程表 (km)", "Odometer out (km)"),
    "odometer_in": ("收车里程表 (km)", "Odometer in (km)"),
    "driven": ("行驶公里 (km)", "Driven (km)"),
    "signature": ("签字", "Signature"),
    "order_rule": (
        "无派车单不得出车；未经调度员同意，不得改变路线和时间。收车后交回存档。",
        "No departure without this order. Keep to route and times unless the dispatcher agrees. "
        "Hand it in on return; it is filed.",
    ),
    "runs": ("班次数", "Runs"),
    "vehicles": ("车辆", "Vehicles"),
    "page": ("页", "Page"),
    "codes": ("手机扫码，高德地图导航", "Scan to be led by Amap"),
    "work": ("首个作业点", "First work"),
    "fill": ("加水点", "Fill point"),
    "dump": ("排污点", "Dump point"),
    "unload": ("卸料点", "Unloading"),
    "thick": ("粗线＝作业（数字＝序号，箭头＝方向）", "thick = work (number = row, arrow = way)"),
    "dot": ("圆点＝作业点（数字＝序号）", "dot = site (number = row)"),
    "dashed": ("虚线＝空驶", "dashed = driven"),
    "walked": ("虚线＝途中", "dashed = way"),
    "grey": ("灰线＝道路", "grey = streets"),
    "mark_depart": ("停车场", "depot"),
    "mark_fill": ("加水点", "fill point"),
    "mark_dump": ("排污点", "dump point"),
    "mark_unload": ("卸料点", "unloading"),
    "mark_rest": ("休息", "rest"),
}  # fmt: skip
TIME_MM = 35.0  # "06:00–06:03　24.4 km" on one line
WIDE = ("user", "goal")  # fields of an order that have a line to themselves
CAPTION_CHARS = 30  # under a code: three lines at most
DESTINATIONS = 8  # streets or sites that an order names


def say(key: str, lang: str) -> str:
    """A word that only paper uses, else one of the labels."""
    return _WORDS[key][lang != "zh"] if key in _WORDS else word(key, lang)


def soft(text: str) -> str:
    """The text with invisible breaks (U+200B) in what is longer than a column and has none."""
    return re.sub(r"[!-,.-~À-ɏ]{15,}", lambda long: "\u200b".join(_cut(long[0], 7)), text)


def _cut(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def sheet_data(sheet: Sheet) -> Data:
    """The sheet without its map."""
    lang, form = sheet.lang, sheet.form
    return {
        "title": word("title", lang),
        "what": f"{sheet.service_name} · {sheet.shift_name}",
        "run": sheet.run_id,
        "who": _who(sheet),
        "mark": sheet.model_mark,
        "header": [[label, soft(value)] for label, value in sheet.header],
        "widths": list(form.widths_mm.values()),
        "heads": [word(column, lang).replace(" (", "\n(") for column in form.widths_mm],
        "rows": [_row(row, form, lang) for row in sheet.rows],
        "total": word("total", lang),
        "sums": list(total_fields(sheet)),
        "notes": [
            *_listed(word("unload", lang), [SEPARATOR.join(sheet.totals.unloads)]),
            *_listed(word("bans", lang), sheet.bans or (word("none", lang),)),
        ],
        "abnormal": word("abnormal", lang),
        "signs": [word(key, lang) for key in sheet.form.signs],
        "rule": word("rule", lang),
    }


def _who(sheet: Sheet) -> str:
    start = date_clock(sheet.date, sheet.start_s)
    return f"{sheet.plate} / {sheet.vehicle} · {sheet.driver} · {start}"


def _listed(label: str, lines: Iterable[str]) -> list[list[Any]]:
    """A labelled line of the foot, none where there is nothing to say."""
    told = [soft(line) for line in lines if line]
    return [[label, told]] if told else []


def _cell(text: str, style: str = "", span: int = 1, **more: str) -> Data:
    """A cell; ``more`` are a ``chip`` (boxed words before the text), ``then`` (plain
    words after it) and ``small`` (a line below it)."""
    cell: Data = {"t": soft(text)}
    if style:
        cell["s"] = style
    if span > 1:
        cell["n"] = span
    return cell | {key: soft(value) for key, value in more.items() if value}


def _row(row: SheetRow, form: Form, lang: str) -> Data:
    """A row of the table: ``k`` is work, stop (a place where something is done) or drive."""
    columns = tuple(form.widths_mm)
    if row.kind == "service":
        texts = dict(zip(form.columns, row_cells(row, form), strict=True))
        return {"k": "work", "c": [_work_cell(column, row, texts) for column in columns]}
    span = len(form.span)
    cells = [_cell(str(row.seq), "c")]
    if row.kind in ("fill", "dump", "unload", "rest"):
        cells.append(_cell(_place(row), "stop", span, chip=row.title, small=_told(row)))
        for column in columns[1 + span :]:
            if column == "on_board":
                cells.append(_cell(f"{row.on_board_kg:,}" if row.kind == "unload" else "", "r"))
            else:
                cells.append(_cell(_span_of(row) if column == "plan_time" else "", _style(column)))
        return {"k": "stop", "c": cells}
    first = columns.index("plan_time")
    cells.append(_cell(_aim(row), "b", first - 1, chip=row.title, then=row.text))
    wide = next(
        n
        for n in range(1, len(columns) - first + 1)
        if n == len(columns) - first
        or sum(form.widths_mm[c] for c in columns[first : first + n]) >= TIME_MM
    )
    metres = distance(row.length_m) if row.length_m else ""
    cells.append(_cell(f"{_span_of(row, '–')}　{metres}".strip("　"), "b", wide))
    if first + wide < len(columns):
        cells.append(_cell("", "", len(columns) - first - wide))
    return {"k": "drive", "c": cells}


def _work_cell(column: str, row: SheetRow, texts: Mapping[str, str]) -> Data:
    if column == "section":
        return _cell(street(row.place), "road", chip=row.turn, small=row.section)
    if column == "site":
        return _cell(row.place, "road", chip=row.title, small=row.site)
    if column == "plan_time":
        return _cell(_span_of(row), "bc")
    if column == "direction":
        return _cell("\n".join(part for part in (row.direction, row.side) if part))
    if column == "visit":
        return _cell(visit_text(row, " / "), "bc")
    if column in ("load", "on_board"):
        figure = row.load_kg if column == "load" else row.on_board_kg
        return _cell(f"{figure:,}", _style(column))
    if column == "remark":
        return _cell(row.text)
    return _cell(texts[column], _style(column))


def _style(column: str) -> str:
    """Alignment and weight: c centred, r right, b bold, box a box to tick."""
    if column in ("load", "pumped", "bin_count", "litter_bins"):
        return "br"
    if column in ("length", "area", "on_board", "level"):
        return "r"
    if column == "plan_time":
        return "bc"
    if column == "done":
        return "box"
    return "" if column in ("from", "to", "remark", "section", "site", "direction") else "c"


def _span_of(row: SheetRow, dash: str = "\n") -> str:
    start, end = clock(row.start_s), clock(row.end_s)
    return start if start == end else f"{start}{dash}{end}"


def _place(row: SheetRow) -> str:
    return row.place if row.kind != "rest" else row.text


def _told(row: SheetRow) -> str:
    """Litres or kilograms that a stop is for."""
    litres = row.water_l if row.kind == "fill" else row.dirty_l
    if row.kind in ("fill", "dump"):
        return f"{litres:,} L" if litres else ""
    return row.text if row.kind == "unload" else ""


def _aim(row: SheetRow) -> str:
    """Where a way leads to, or what is waited for."""
    place = row.place if row.at_sites else street(row.place)
    leads = place and row.kind in ("travel", "transfer", "return")
    return f"→ {place}" if leads else place


def order_data(sheet: Sheet) -> Data:
    """The dispatch order of a run: what was planned, and what is filled in on the way."""
    lang = sheet.lang
    told = dict(sheet.header)

    def of(key: str) -> str:
        return told.get(word_of(key, sheet.service, lang), "")

    planned = (
        ("number", sheet.number),
        ("date", sheet.date),
        ("plate", f"{sheet.plate} / {sheet.vehicle}"),
        ("crew", of("crew")),
        ("user", of("unit")),
        ("goal", destinations(sheet)),
        ("reason", f"{sheet.service_name}（{sheet.shift_name}）"),
        ("depot", of("depot")),
        ("planned_out", date_clock(sheet.date, sheet.start_s)),
        ("planned_in", date_clock(sheet.date, sheet.end_s)),
    )
    written = ("actual_out", "actual_in", "odometer_out", "odometer_in", "driven", "remark")
    signed = ("dispatcher", "head", sheet.form.signs[1])
    label = {
        key: word_of(key, sheet.service, lang) if key in ("crew", "depot") else say(key, lang)
        for key, _ in planned
    }
    return {
        "title": say("order", lang),
        "unit": of("unit"),
        "mark": sheet.model_mark,
        "planned": [[label[key], soft(value), key in WIDE] for key, value in planned],
        "written": [say(key, lang) for key in written],
        "signs": [f"{say(key, lang)} {say('signature', lang)}" for key in signed],
        "rule": say("order_rule", lang),
    }


def destinations(sheet: Sheet) -> str:
    """Where a run goes, shortened: its first streets or sites, and how many there are."""
    work = [row for row in sheet.rows if row.kind == "service"]
    names = list(dict.fromkeys(row.place if row.at_sites else street(row.place) for row in work))
    zh = sheet.lang == "zh"
    shown = ("、" if zh else ", ").join(names[:DESTINATIONS])
    if len(names) <= DESTINATIONS:
        return shown or word("none", sheet.lang)
    at_sites = work[0].at_sites
    if zh:
        return f"{shown}等{len(names)}{'处' if at_sites else '条道路'}"
    return f"{shown} and {len(names) - DESTINATIONS} more {'sites' if at_sites else 'streets'}"


def codes_data(goals: Sequence[Goal], lang: str) -> list[Data]:
    """QR codes with what they lead to."""
    return [
        {
            "svg": qr_svg(amap_link(goal)),
            "kind": say(goal.kind, lang),
            "name": soft(_capped(goal.name)),
        }
        for goal in goals
    ]


def _capped(name: str) -> str:
    return name if len(name) <= CAPTION_CHARS else f"{name[: CAPTION_CHARS - 1]}…"


def legend(sheet: Sheet, on_foot: bool) -> str:
    """What the map's signs mean, those that the run has."""
    lang = sheet.lang
    at_sites = any(row.at is not None for row in sheet.rows)
    keys = ["dot" if at_sites else "thick", "walked" if on_foot else "dashed", "grey"]
    kinds = {row.kind for row in sheet.rows}
    marks = [
        f"{letter}＝{say(f'mark_{kind}', lang)}"
        for kind, letter in MARKS[lang].items()
        if kind in kinds
    ]
    return "　".join([*(say(key, lang) for key in keys), *marks])
