"""日报: the day's statement for the office, one page, as plain data.

What is due, planned, left and suspended, with what it takes, from the plan's own indicators, so
that the page and plan.json say the same. What was done in the end is written in by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sanitation.export.daylook import Look
from sanitation.export.daytable import Cell, DayTable, Spec, figure, table, text, whole
from sanitation.export.handout import Handout
from sanitation.export.labels import weather_text, word
from sanitation.export.tables_fleet import means_table
from sanitation.export.tables_overview import fullness, shift_of, streams_of
from sanitation.model import SITE_SERVICES
from sanitation.rounds import SERVICE as ROUNDS

Figures = Mapping[str, Any]
# Streets first, then what is carried, then toilets; a service of a district's own comes last.
_ORDER = ("wash", "sweep", "sprinkle", "bins", "street", "collect", "haul", "septic", "toilet")
# What a service's work is counted in: its words, and the keys of due, planned, left, suspended.
_KM = ("km", "km", ("due_m", "covered_m", "uncovered_m", "suspended_m"), 1000)
_TONNES = ("t", "t", ("due_t", "load_t", "uncovered_t", "suspended_t"), 1)
_BINS = ("箱次", "bins", ("due_bins", "bins", "uncovered_bins", "suspended_bins"), 1)
_VISITS = ("次", "visits", ("due_stops", "stops", "uncovered_stops", "suspended_stops"), 1)
_UNITS = {"bins": _BINS, ROUNDS: _VISITS}

SERVICES: tuple[Spec, ...] = (
    text("作业", "Service"),
    text("班次", "Shift"),
    text("单位", "Unit"),
    figure("应作业", "Due"),
    figure("已排", "Planned"),
    figure("未排", "Left"),
    figure("暂停", "Off"),
    text("实际完成", "Done"),
    whole("班次数", "Runs"),
    whole("车辆", "Trucks"),
    figure("工时 h", "Hours"),
    figure("作业 km", "Work km"),
    figure("空驶 km", "Deadhead km"),
    figure("用水 m³", "Water m³"),
    figure("油耗 L", "Fuel L", 0),
    figure("费用 元", "Cost CNY", 0),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """``fields`` head the page and ``origin`` says what made the plan: (label, value); ``signs``
    are who signs. ``model_mark`` is "" for a real district."""

    title: str
    model_mark: str
    fields: tuple[tuple[str, str], ...]
    services: DayTable
    streams: DayTable
    stations: DayTable
    toilets: DayTable
    means: DayTable
    faults: DayTable
    notes: tuple[str, ...]
    origin: tuple[tuple[str, str], ...]
    signs: tuple[str, ...]

    @property
    def tables(self) -> tuple[DayTable, ...]:
        """The page's tables that say something, in order."""
        made = (self.services, self.streams, self.stations, self.toilets, self.means, self.faults)
        return tuple(table for table in made if table.rows)


def statement_of(handout: Handout, look: Look, vehicles: DayTable, drivers: DayTable) -> Statement:
    """The statement of a whole day.

    Args:
        vehicles, drivers: their tables, of which the page has the counts.
    """
    plan, zh = handout.plan, look.lang == "zh"
    district = handout.district
    unit = district.name if zh else district.name_en or district.name
    given = plan.indicators
    labels = ("单位", "日期", "天气/预警", "说明") if zh else ("Unit", "Date", "Weather", "What")
    what = "计划数；实际完成由调度填写" if zh else "As planned; what was done is written in by hand"
    values = (unit, plan.date, weather_text(plan.conditions, look.lang), what)
    return Statement(
        title="环卫作业日报" if zh else "Daily statement of sanitation work",
        model_mark=word("model_mark", look.lang) if plan.model else "",
        fields=tuple(zip(labels, values, strict=True)),
        services=_services(given, look.lang),
        streams=streams_of(given, look),
        stations=_stations(given, look),
        toilets=_toilets(given, look.lang),
        means=means_table(vehicles, drivers, look.lang),
        faults=_faults(handout, look.lang),
        notes=tuple(_note(str(note), zh) for note in given.get("notes", ())),
        origin=_origin(handout, zh),
        signs=("制表", "审核", "日期") if zh else ("Made by", "Checked by", "Date"),
    )


def _note(note: str, zh: bool) -> str:
    """The half of a note "中文 · English" that is in the language; the whole of any other."""
    chinese, between, english = note.partition(" · ")
    return (chinese if zh else english) if between else note


def _origin(handout: Handout, zh: bool) -> tuple[tuple[str, str], ...]:
    made = handout.plan.provenance
    labels = ("程序", "数据指纹", "随机种子") if zh else ("Program", "Data digest", "Seed")
    values = (str(made.get("program", "")), str(made.get("data_digest", "")))
    return tuple(zip(labels, (*values, str(handout.plan.seed)), strict=True))


def _services(given: Figures, lang: str) -> DayTable:
    """Rows by service and shift; a line of sums, as the plan gives them, after the last row of
    those they are of."""
    rows = sorted(given.get("by_service_shift", ()), key=lambda row: _place(str(row["service"])))
    totals = given.get("service_totals", {})
    lines: list[tuple[Cell, ...]] = []
    sums: set[int] = set()
    for place, row in enumerate(rows):
        service, group = row["service"], _group(row["service"])
        lines.append(_line(word(service, lang), shift_of(row, lang), service, row, lang))
        ends = place + 1 == len(rows) or _group(rows[place + 1]["service"]) != group
        if ends and group in totals:
            name = "道路小计" if group == "street" else "小计"
            name = name if lang == "zh" else "all streets" if group == "street" else "subtotal"
            called = word(service, lang) if group == service else ""
            sums.add(len(lines))
            lines.append(_line(called, name, group, totals[group], lang))
    if rows:
        # Kilometres, tonnes and visits have no sum; what they take has.
        whole_day = _line(word("total", lang), "", "", given["totals"], lang)
        unit = "km" if not totals else ""
        amounts = whole_day[3:7] if not totals else (None,) * 4
        sums.add(len(lines))
        lines.append((*whole_day[:2], unit, *amounts, *whole_day[7:]))
    title = "作业" if lang == "zh" else "Work"
    return table("services", title, lang, SERVICES, lines, sums)


def _place(service: str) -> int:
    return _ORDER.index(service) if service in _ORDER else len(_ORDER)


def _group(service: str) -> str:
    """Which of the plan's totals a service is in."""
    return service if service in SITE_SERVICES else "street"


def _line(first: str, second: str, service: str, row: Figures, lang: str) -> tuple[Cell, ...]:
    zh, en, keys, per = _UNITS.get(service, _TONNES if service in SITE_SERVICES else _KM)
    amounts = (row.get(key) for key in keys)
    return (
        *(first, second, zh if lang == "zh" else en),
        *(amount if amount is None or per == 1 else amount / per for amount in amounts),
        "",
        *(row.get(key) for key in ("runs", "vehicles", "hours", "service_km", "deadhead_km")),
        *(row.get(key) for key in ("water_m3", "fuel_l", "cost_cny")),
    )


def _stations(given: Figures, look: Look) -> DayTable:
    """A row a station, all its streams together, and the sum: opening + in - out = closing."""
    by_station: dict[str, list[Figures]] = {}
    for row in given.get("stations", ()):
        by_station.setdefault(row["station"], []).append(row)
    keys = ("opening_kg", "in_kg", "out_kg", "closing_kg")

    def line(name: str, rows: list[Figures]) -> tuple[Cell, ...]:
        return (name, *(sum(row[key] for row in rows) / 1000 for key in keys), fullness(rows))

    lines = [line(look.facilities.get(one, one), rows) for one, rows in by_station.items()]
    sums = {len(lines)} if lines else ()
    if lines:
        every = [row for rows in by_station.values() for row in rows]
        lines.append(line(word("total", look.lang), every))
    specs: tuple[Spec, ...] = (
        text("转运站", "Station"),
        figure("期初 t", "Opening t"),
        figure("进 t", "In t"),
        figure("出 t", "Out t"),
        figure("期末 t", "Closing t"),
        ("最高占用", "Fullest", "share", 0),
    )
    title = "转运站物料平衡" if look.lang == "zh" else "Stations, mass balance"
    return table("balance", title, look.lang, specs, lines, sums)


def _toilets(given: Figures, lang: str) -> DayTable:
    """Rounds in visits, attended toilets in posts."""
    zh = lang == "zh"
    rows: list[tuple[Cell, ...]] = []
    rounds = given.get("service_totals", {}).get(ROUNDS)
    if rounds:
        gap = rounds.get("least_gap_min")
        least = None if gap is None else timedelta(minutes=gap)
        cells = (rounds.get(key) for key in ("sites", "due_stops", "stops", "uncovered_stops"))
        rows.append(("巡回保洁（次）" if zh else "Rounds (visits)", *cells, least))
    posts = given.get("posts", {}).get("totals")
    if posts:
        cells = (posts[key] for key in ("toilets", "needed", "filled", "missing"))
        rows.append(("值守（人次）" if zh else "Attended (people)", *cells, None))
    specs: tuple[Spec, ...] = (
        text("公厕", "Toilets"),
        whole("座数", "Toilets"),
        whole("应排", "Due"),
        whole("已排", "Planned"),
        whole("未排", "Left"),
        ("最短间隔", "Least spacing", "duration", 0),
    )
    return table("toilets", "公厕" if zh else "Toilets", lang, specs, rows)


def _faults(handout: Handout, lang: str) -> DayTable:
    """How many duties are left or suspended, places empty, rules broken and orders refused."""
    plan, zh = handout.plan, lang == "zh"
    outcomes = [order["outcome"] for order in plan.provenance.get("orders") or ()]
    counts = (
        ("未完成作业", "duties left over", len(plan.uncovered)),
        ("暂停作业", "duties suspended", len(plan.suspended)),
        ("值守缺人", "vacant places at posts", sum(post.missing for post in plan.posts)),
        ("违规", "violations", len(plan.violations)),
        ("指令已执行", "orders obeyed", outcomes.count("obeyed")),
        ("指令未执行", "orders refused", outcomes.count("refused")),
    )
    specs = (text("检查", "Checks"), whole("数量", "Count"))
    rows = ((chinese if zh else english, count) for chinese, english, count in counts)
    return table("faults", "检查" if zh else "Checks", lang, specs, rows)
