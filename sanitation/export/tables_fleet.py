"""Every vehicle and every person of the district on the day: at work, or not and why; the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fleet.roster import Available, available_vehicles, rest_day
from sanitation.export.counts import STATUS
from sanitation.export.daylook import Look
from sanitation.export.daytable import (
    DayTable,
    Spec,
    at,
    exact,
    figure,
    moment,
    table,
    text,
    whole,
)
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.indicators import DRIVEN
from sanitation.model import DayPlan, Run

_ROLES = {"driver": ("驾驶员", "driver"), "helper": ("跟车员", "helper")}
# Why a vehicle or a person is not at work.
_WHY = {
    "workshop": ("在修", "workshop"),
    "spare": ("备用待命", "spare"),
    "truck_off": ("指令停驶", "off by an order"),
    "cap": ("超出限定车数", "over the cap of its type"),
    "idle": ("今日未派", "not needed"),
    "driver_off": ("请假", "away by an order"),
    "rest": ("轮休", "weekly day of rest"),
    "reserve": ("备勤", "reserve"),
}

RUNS_TODAY = whole("班次数", "Runs")
TODAY = text("今日", "Today")
ROLE = text("岗位", "Role")
WHY = text("未出车原因/替班", "Why not out, or for whom")
VEHICLES: tuple[Spec, ...] = (
    text("车辆", "Vehicle"),
    text("车牌号", "Plate"),
    text("车型", "Type"),
    text("停车场", "Depot"),
    text("车况", "Status"),
    TODAY,
    RUNS_TODAY,
    text("班次号", "Run ids"),
    moment("首次出车", "First out"),
    moment("末次收车", "Last in"),
    figure("工时 (h)", "Hours (h)", 2),
    figure("作业里程 (km)", "Work (km)"),
    figure("空驶里程 (km)", "Deadhead (km)"),
    WHY,
)
DRIVERS: tuple[Spec, ...] = (
    text("人员编号", "Id"),
    text("姓名", "Name"),
    ROLE,
    text("停车场", "Depot"),
    TODAY,
    RUNS_TODAY,
    text("班次号", "Run ids"),
    text("车辆", "Vehicles"),
    moment("首班开始", "First start"),
    moment("末班结束", "Last end"),
    figure("工作时间 (h)", "Work (h)", 2),
    figure("时间跨度 (h)", "Span (h)", 2),
)
POSTS: tuple[Spec, ...] = (
    whole("序号", "No."),
    text("公厕编号", "Toilet id"),
    text("公厕", "Toilet"),
    text("街道", "Subdistrict"),
    text("岗位", "Post"),
    moment("上岗", "From"),
    moment("下岗", "To"),
    text("人员编号", "Attendant id"),
    text("值守员", "Attendant"),
    text("备注", "Remarks"),
)


def _word(words: Mapping[str, tuple[str, str]], key: str, lang: str) -> str:
    return words[key][0 if lang == "zh" else 1] if key in words else key


def _joined(parts: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys(parts))


def _obeyed(plan: DayPlan, kind: str) -> frozenset[str]:
    """Vehicles or people that obeyed orders keep at home."""
    return frozenset(
        order["ids"][0]
        for order in plan.provenance.get("orders") or ()
        if order["kind"] == kind and order["outcome"] == "obeyed" and order.get("ids")
    )


def roster_of(handout: Handout) -> Available:
    """Who stood in for whom and who was left at home, from the plan's orders and options; what a
    plan does not say (one made by hand) took nobody out."""
    known = {vehicle.id for vehicle in handout.district.vehicles}
    options = handout.plan.provenance.get("options") or {}
    return available_vehicles(
        handout.district.vehicles,
        _obeyed(handout.plan, "truck_off") & known,
        {str(kind): int(most) for kind, most in (options.get("fleet") or {}).items()},
    )


def vehicles_table(handout: Handout, look: Look) -> DayTable:
    """Every vehicle of the fleet list, and any other that the plan sends out."""
    plan, lang = handout.plan, look.lang
    runs: dict[str, list[Run]] = {vehicle.id: [] for vehicle in handout.district.vehicles}
    for run in plan.runs:
        runs.setdefault(run.vehicle_id, []).append(run)
    roster = roster_of(handout)
    off = _obeyed(plan, "truck_off")
    stands_in = {spare: gone for gone, spare in roster.substitutes.items()}

    def why(vehicle_id: str) -> str:
        status = look.vehicles[vehicle_id].status if vehicle_id in look.vehicles else ""
        if runs[vehicle_id]:
            gone = stands_in.get(vehicle_id)
            return "" if gone is None else (f"替 {gone}" if lang == "zh" else f"for {gone}")
        if vehicle_id in off:
            return _word(_WHY, "truck_off", lang)
        if vehicle_id in roster.cut:
            return _word(_WHY, "cap", lang)
        return _word(_WHY, status if status in ("workshop", "spare") else "idle", lang)

    rows = (
        (
            vehicle_id,
            look.plate(vehicle_id),
            look.kind(vehicle_id),
            _depot(look.vehicles[vehicle_id].depot_id, look) if vehicle_id in look.vehicles else "",
            _word(STATUS, look.vehicles[vehicle_id].status, lang)
            if vehicle_id in look.vehicles
            else "",
            _today(bool(mine), lang),
            len(mine),
            _joined((run.id for run in mine), lang),
            at(plan.date, mine[0].start_s) if mine else None,
            at(plan.date, max(run.end_s for run in mine)) if mine else None,
            exact(sum(run.end_s - run.start_s for run in mine) / 3600),
            _metres(mine, ("service",)) / 1000,
            _metres(mine, DRIVEN) / 1000,
            why(vehicle_id),
        )
        for vehicle_id, mine in sorted((one, _by_start(many)) for one, many in runs.items())
    )
    return table("vehicles", "车辆" if lang == "zh" else "Vehicles", lang, VEHICLES, rows)


def _by_start(runs: Iterable[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: (run.start_s, run.id))


def _metres(runs: Iterable[Run], kinds: Sequence[str]) -> int:
    return sum(stop.length_m for run in runs for stop in run.stops if stop.kind in kinds)


def _depot(depot_id: str, look: Look) -> str:
    return f"{depot_id} {look.depots.get(depot_id, '')}".strip()


def _today(out: bool, lang: str) -> str:
    return ("出勤" if out else "未出") if lang == "zh" else ("out" if out else "in")


def drivers_table(handout: Handout, look: Look) -> DayTable:
    """Every driver and helper: the day's runs, work (rests taken out) and span, or why none.

    Reserve are those whom neither an order nor the weekly rest keeps at home; some of them may
    have reached the week's most hours, which a plan does not tell.
    """
    plan, lang = handout.plan, look.lang
    runs: dict[str, list[Run]] = {person.id: [] for person in handout.district.drivers}
    for run in plan.runs:
        for person_id in dict.fromkeys((run.driver_id, *run.helper_ids)):
            if person_id:
                runs.setdefault(person_id, []).append(run)
    away, weekday = _obeyed(plan, "driver_off"), date.fromisoformat(plan.date).weekday()

    def today(person_id: str) -> str:
        if runs[person_id]:
            return _today(True, lang)
        if person_id in away:
            return _word(_WHY, "driver_off", lang)
        rests = rest_day(look.people[person_id], weekday)
        return _word(_WHY, "rest" if rests else "reserve", lang)

    rows = (
        (
            person_id,
            look.person(person_id),
            _word(_ROLES, look.people[person_id].role, lang) if person_id in look.people else "",
            _depot(look.people[person_id].depot_id, look) if person_id in look.people else "",
            today(person_id),
            len(mine),
            _joined((run.id for run in mine), lang),
            _joined((run.vehicle_id for run in mine), lang),
            at(plan.date, mine[0].start_s) if mine else None,
            at(plan.date, max(run.end_s for run in mine)) if mine else None,
            exact(sum(_work_s(run) for run in mine) / 3600),
            exact((max(run.end_s for run in mine) - mine[0].start_s) / 3600) if mine else None,
        )
        for person_id, mine in sorted((one, _by_start(many)) for one, many in runs.items())
    )
    return table("drivers", "人员" if lang == "zh" else "People", lang, DRIVERS, rows)


def _work_s(run: Run) -> int:
    """From out to in without the rests; filling, dumping and waiting are work."""
    rests_s = sum(stop.end_s - stop.start_s for stop in run.stops if stop.kind == "rest")
    return run.end_s - run.start_s - rests_s


def posts_table(handout: Handout, look: Look) -> DayTable:
    """One row a person of a post, as in the list on the wall; a vacant place has its row."""
    listed = handout.posts(look.lang)
    rows = (
        (
            line.seq,
            line.toilet_id,
            line.toilet,
            line.subdistrict,
            line.post,
            at(handout.plan.date, line.start_s),
            at(handout.plan.date, line.end_s),
            line.attendant_id,
            line.attendant or word("vacant", look.lang),
            line.remark,
        )
        for line in (listed.lines if listed else ())
    )
    return table("posts", "公厕值守" if look.lang == "zh" else "Posts", look.lang, POSTS, rows)


def means_table(vehicles: DayTable, people: DayTable, lang: str) -> DayTable:
    """How many vehicles and people of each role there are and go out, and why the others do not.

    Args:
        vehicles, people: of :func:`vehicles_table` and :func:`drivers_table`.
    """
    zh = lang == "zh"
    named = ("车辆" if zh else "vehicles", *(_word(_ROLES, role, lang) for role in _ROLES))
    groups: dict[str, list[tuple[bool, str]]] = {name: [] for name in named}
    for row in vehicles.rows:
        out, why = bool(row[VEHICLES.index(RUNS_TODAY)]), str(row[VEHICLES.index(WHY)])
        groups[named[0]].append((out, why))
    for row in people.rows:
        out, why = bool(row[DRIVERS.index(RUNS_TODAY)]), str(row[DRIVERS.index(TODAY)])
        groups.setdefault(str(row[DRIVERS.index(ROLE)]), []).append((out, why))
    specs = (
        text("人车", "Means"),
        whole("在册", "Listed"),
        whole("出勤", "Out"),
        text("未出", "In"),
    )
    rows = (
        (
            name,
            len(lines),
            sum(out for out, _ in lines),
            "  ".join(
                f"{why} {count}"
                for why, count in Counter(why for out, why in lines if not out).items()
            ),
        )
        for name, lines in groups.items()
    )
    return table("means", "人车" if zh else "Means", lang, specs, rows)
