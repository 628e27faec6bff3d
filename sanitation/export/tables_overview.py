"""The day's figures as the plan states them: by service and shift, stream, station, post and hour.

Figures and headings are those that `plan` and `show` print, as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from typing import Any

from sanitation.balance import stock_changes
from sanitation.export.daylook import Look
from sanitation.export.daytable import (
    Cell,
    DayTable,
    Kind,
    Spec,
    at,
    figure,
    moment,
    table,
    text,
    whole,
)
from sanitation.export.handout import Handout
from sanitation.export.labels import km, word
from sanitation.export.posts import posts_summary_table
from sanitation.export.rounds import SUMMARY as ROUND_FIGURES
from sanitation.export.text import SUMMARY as STREET_FIGURES
from sanitation.export.text import Columns, h_mm, one
from sanitation.export.text import whole as rounded
from sanitation.export.waste import BINS as BIN_FIGURES
from sanitation.export.waste import SUMMARY as LOAD_FIGURES
from sanitation.export.waste import balance_table, shown_t, streams_table
from sanitation.model import LOADED_SERVICES, SITE_SERVICES
from sanitation.rounds import SERVICE as ROUNDS

SLOT_S = 1800
# How a figure that is printed in a form is a number: its kind, decimals, and from what it is made.
_AS: dict[Callable[[float], str], tuple[Kind, int, Callable[[float], Cell]]] = {
    rounded: ("number", 0, lambda value: value),
    one: ("number", 1, lambda value: value),
    km: ("number", 1, lambda metres: metres / 1000),
    shown_t: ("number", 1, lambda value: value),
    h_mm: ("duration", 0, lambda minutes: timedelta(minutes=minutes)),
}
Figures = Mapping[str, Any]


def overview_tables(handout: Handout, look: Look) -> tuple[DayTable, ...]:
    """The tables of which the plan has figures; one made by hand may have none."""
    given, lang = handout.plan.indicators, look.lang
    zh = lang == "zh"
    made = [
        _services(given, "street", "道路作业" if zh else "Streets", STREET_FIGURES, lang),
        _services(given, "loads", "收运转运" if zh else "Waste", LOAD_FIGURES, lang),
        _services(given, "bins", "果皮箱" if zh else "Litter bins", BIN_FIGURES, lang),
        streams_of(given, look),
        _services(given, "rounds", "公厕巡回" if zh else "Toilet rounds", ROUND_FIGURES, lang),
    ]
    if "posts" in given:
        made.append(_posts(given, lang))
    return tuple(one for one in made if one.rows)


_OF: dict[str, tuple[Callable[[str], bool], Set[str]]] = {
    # the services of a table's rows, and the keys of its totals
    "street": (lambda service: service not in SITE_SERVICES, frozenset({"street"})),
    "loads": (
        lambda service: service in SITE_SERVICES & LOADED_SERVICES,
        SITE_SERVICES & LOADED_SERVICES,
    ),
    "bins": (
        lambda service: service in LOADED_SERVICES - SITE_SERVICES,
        LOADED_SERVICES - SITE_SERVICES,
    ),
    "rounds": (lambda service: service == ROUNDS, frozenset({ROUNDS})),
}


def _services(given: Figures, key: str, title: str, columns: Columns, lang: str) -> DayTable:
    """Rows by service and shift, then those totals that the plan gives for them."""
    is_mine, sums = _OF[key]
    rows = [row for row in given.get("by_service_shift", ()) if is_mine(row["service"])]
    totals = {name: row for name, row in given.get("service_totals", {}).items() if name in sums}
    if key == "street" and rows and not totals:
        totals = {"": given["totals"]}
    specs: list[Spec] = [
        text(word("service_name", "zh"), word("service_name", "en")),
        text(word("shift", "zh"), word("shift", "en")),
    ]
    specs += [(zh, en, *_AS[form][:2]) for _, zh, en, form in columns]
    lines = [(word(row["service"], lang), shift_of(row, lang), row) for row in rows]
    lines += [(word("total", lang), _sums_of(name, lang), row) for name, row in totals.items()]
    cells = ((first, second, *_cells(row, columns)) for first, second, row in lines)
    summed = range(len(rows), len(lines))
    return table(f"overview_{key}", title, lang, specs, cells, summed)


def _sums_of(name: str, lang: str) -> str:
    """What a key of the plan's totals is called."""
    return ("道路" if lang == "zh" else "streets") if name == "street" else word(name, lang)


def shift_of(row: Figures, lang: str) -> str:
    """What the shift of a row of the indicators is called."""
    return str(row.get("shift_name" if lang == "zh" else "shift_name_en") or row["shift"])


def _cells(given: Figures, columns: Columns) -> Iterator[Cell]:
    for key, _, _, form in columns:
        value = given.get(key)
        if key == "shared_share" and given.get("sections"):
            value = round(100 * given["shared_sections"] / given["sections"], 6)
        yield None if value is None else _AS[form][2](value)


def streams_of(given: Figures, look: Look) -> DayTable:
    """Tonnes by service and stream: due, served, left, suspended."""
    rows = given.get("totals", {}).get("streams", ())
    heads = _heads(streams_table, {"totals": {"streams": ()}}, 2)
    cells = (
        (
            word(row["service"], look.lang),
            look.streams.get(row["stream"], row["stream"]),
            *(row[key] for key in ("due_t", "load_t", "uncovered_t", "suspended_t")),
        )
        for row in rows
    )
    title = "分类垃圾量" if look.lang == "zh" else "Streams"
    return table("overview_streams", title, look.lang, heads, cells)


def _heads(printed: Callable[..., Any], empty: Figures, texts: int) -> list[Spec]:
    """The headings that a printed table has in both languages; figures after the first ones."""
    heads = zip(printed(empty, "zh").header, printed(empty, "en").header, strict=True)
    return [
        text(zh, en) if place < texts else figure(zh, en) for place, (zh, en) in enumerate(heads)
    ]


_POST_KEYS = ("toilets", "due", "staffed", "needed", "filled", "missing", "at_home", "hours")


def _posts(given: Figures, lang: str) -> DayTable:
    """The day's posts by hours, and all together."""
    posts = given["posts"]
    heads = _heads(posts_summary_table, {"posts": {"by_post": (), "totals": posts["totals"]}}, 1)
    lines = [
        (str(row["name"] if lang == "zh" else row["name_en"] or row["name"]), row)
        for row in posts["by_post"]
    ]
    lines.append((word("total", lang), posts["totals"]))
    rows = ((name, *(row[key] for key in _POST_KEYS)) for name, row in lines)
    specs = [heads[0], *((zh, en, kind, 0) for zh, en, kind, _ in heads[1:])]
    title = "公厕值守" if lang == "zh" else "Posts"
    return table("overview_posts", title, lang, specs, rows, {len(lines) - 1})


def hours_table(handout: Handout, look: Look) -> DayTable:
    """How many vehicles are out in each half hour of the day, by service: out means that a run
    of theirs has begun and not ended at some moment of it."""
    plan, lang = handout.plan, look.lang
    services = list(dict.fromkeys(run.service for run in plan.runs))
    out: dict[tuple[int, str], set[str]] = {}
    for run in plan.runs:
        for slot in range(run.start_s // SLOT_S, -(-run.end_s // SLOT_S)):
            out.setdefault((slot, run.service), set()).add(run.vehicle_id)
    slots = sorted({slot for slot, _ in out})
    specs = (
        moment("时段开始", "From"),
        *(whole(word(service, "zh"), word(service, "en")) for service in services),
    )
    rows: Iterator[tuple[Cell, ...]] = (
        (
            at(plan.date, slot * SLOT_S),
            *(len(out.get((slot, service), ())) for service in services),
        )
        for slot in (range(slots[0], slots[-1] + 1) if slots else ())
    )
    title = "出车时段" if lang == "zh" else "Vehicles out"
    return table("hours", title, lang, specs, rows)


_FULLEST: Spec = ("最高占用", "Fullest", "share", 1)
_STOCK = ("opening_kg", "in_kg", "out_kg", "closing_kg", "most_kg", "room_kg")


def stations_table(handout: Handout, look: Look) -> DayTable:
    """One row a station and stream, tonnes: opening + in - out = closing; how full at the most."""
    heads = _heads(balance_table, {"stations": ()}, 2)
    specs = (
        heads[0],
        text("编号", "Id"),
        heads[1],
        *((zh, en, kind, 3) for zh, en, kind, _ in heads[2:]),
        _FULLEST,
    )
    rows = (
        (
            look.facilities.get(row["station"], ""),
            row["station"],
            look.streams.get(row["stream"], row["stream"]),
            *(row[key] / 1000 for key in _STOCK),
            fullness((row,)),
        )
        for row in handout.plan.indicators.get("stations", ())
    )
    title = "转运站" if look.lang == "zh" else "Stations"
    return table("stations", title, look.lang, specs, rows)


def fullness(rows: Iterable[Figures]) -> float | None:
    """The fullest that any of a station's streams gets, as a share of its room."""
    shares = [row["most_kg"] / row["room_kg"] for row in rows if row["room_kg"]]
    return round(max(shares), 6) if shares else None


STOCK: Sequence[Spec] = (
    text("转运站", "Station"),
    text("编号", "Id"),
    text("垃圾类别", "Stream"),
    moment("时间", "Time"),
    figure("进 (t)", "In (t)", 3),
    figure("出 (t)", "Out (t)", 3),
    figure("存量 (t)", "Stock (t)", 3),
)


def stock_table(handout: Handout, look: Look) -> DayTable:
    """The stock of each station and stream after every change of the day, from 00:00 on."""
    plan = handout.plan
    changes = stock_changes(plan.runs)
    rows: list[tuple[Cell, ...]] = []
    for given in plan.indicators.get("stations", ()):
        station, stream = given["station"], given["stream"]
        name, called = look.facilities.get(station, ""), look.streams.get(stream, stream)
        stock_kg, mine = given["opening_kg"], changes.get((station, stream), [])
        began = at(plan.date, min(0, *(when_s for when_s, _, _ in mine), 0))
        rows.append((name, station, called, began, 0.0, 0.0, stock_kg / 1000))
        for when_s, in_kg, out_kg in mine:
            stock_kg += in_kg - out_kg
            moved = (in_kg / 1000, out_kg / 1000, stock_kg / 1000)
            rows.append((name, station, called, at(plan.date, when_s), *moved))
    title = "存量变化" if look.lang == "zh" else "Stock"
    return table("stock", title, look.lang, STOCK, rows)
