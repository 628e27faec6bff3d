"""What a plan leaves, suspends or breaks, and what became of the dispatcher's orders."""

from __future__ import annotations

from sanitation.export.daylook import Look
from sanitation.export.daytable import Cell, DayTable, Spec, at, moment, table, text, whole
from sanitation.export.handout import Handout
from sanitation.export.labels import clock, word
from sanitation.export.text import fix_text
from sanitation.model import Duty
from sanitation.orders import KINDS

_DUTY: tuple[Spec, ...] = (
    text("作业", "Service"),
    text("班次", "Shift"),
    text("路段/点编号", "Section or site"),
    text("道路/作业点", "Road or site"),
    text("街道", "Subdistrict"),
    whole("轮次/次数", "Round"),
    whole("遍数", "Pass"),
    text("允许时段", "Permitted hours"),
    whole("里程 (m)", "Length (m)"),
    text("垃圾类别", "Stream"),
    whole("桶/箱数", "Bins"),
    whole("应收 (kg)", "Due (kg)"),
)
UNCOVERED = (
    *_DUTY,
    text("原因", "Cause"),
    text("说明", "Why"),
    text("最小补救办法", "Smallest fix"),
)
SUSPENDED = (*_DUTY, text("规定", "Rule"), text("说明", "Why"))


def _duty_cells(duty: Duty, look: Look) -> tuple[Cell, ...]:
    hours = (f"{clock(window.start_s)}–{clock(window.end_s)}" for window in duty.windows)
    at_site = bool(duty.site_id)
    return (
        word(duty.service, look.lang),
        look.shifts.get(duty.shift_id, duty.shift_id),
        duty.place_id,
        look.sites.get(duty.site_id, "") if at_site else look.roads.get(duty.road_id, ""),
        look.site_area.get(duty.site_id, ""),
        duty.round_no or None,
        duty.pass_no or None,
        ("、" if look.lang == "zh" else ", ").join(hours),
        None if at_site else duty.length_m,
        look.streams.get(duty.stream, duty.stream),
        duty.bins if duty.stream else None,
        duty.load_kg if duty.stream else None,
    )


def uncovered_table(handout: Handout, look: Look) -> DayTable:
    """Each duty that is due but in no run; places that stay empty at a post are with the posts."""
    title = "未完成" if look.lang == "zh" else "Left over"
    rows = (
        (*_duty_cells(one.duty, look), one.cause, one.text, fix_text(one.fix))
        for one in handout.plan.uncovered
    )
    return table("uncovered", title, look.lang, UNCOVERED, rows)


def suspended_table(handout: Handout, look: Look) -> DayTable:
    """Each duty that weather or an order forbids."""
    title = "暂停" if look.lang == "zh" else "Suspended"
    rows = ((*_duty_cells(one.duty, look), one.rule, one.text) for one in handout.plan.suspended)
    return table("suspended", title, look.lang, SUSPENDED, rows)


ORDERS: tuple[Spec, ...] = (
    whole("行", "Line"),
    text("指令", "Order"),
    text("对象", "Target"),
    text("车辆", "Vehicle"),
    text("班次", "Shift"),
    whole("分钟", "Minutes"),
    text("结果", "Outcome"),
    text("说明", "Why"),
    text("备注", "Note"),
)
_OUTCOMES = {"obeyed": ("已执行", "obeyed"), "refused": ("未执行", "refused")}


def orders_table(handout: Handout, look: Look) -> DayTable:
    """Each line of the orders' file and what became of it."""
    zh = look.lang == "zh"
    given = handout.plan.provenance.get("orders") or ()
    rows = (
        (
            int(order["line"]),
            KINDS.get(order["kind"], str(order["kind"])) if zh else str(order["kind"]),
            str(order["target"]),
            str(order["vehicle"]),
            look.shifts.get(order["shift"], str(order["shift"])),
            int(order.get("minutes") or 0) or None,
            _OUTCOMES[order["outcome"]][0 if zh else 1],
            str(order["reason"]),
            str(order.get("note", "")),
        )
        for order in given
    )
    return table("orders", "调度指令" if zh else "Orders", look.lang, ORDERS, rows)


VIOLATIONS: tuple[Spec, ...] = (
    text("原因", "Cause"),
    text("班次号", "Run"),
    text("车辆", "Vehicle"),
    whole("站序", "Stop"),
    moment("时间", "Time"),
    text("说明", "What"),
)


def violations_table(handout: Handout, look: Look) -> DayTable:
    """The referee's findings with the time of the stop they are about."""
    plan, title = handout.plan, "违规" if look.lang == "zh" else "Violations"
    runs = {run.id: run for run in plan.runs}
    rows: list[tuple[Cell, ...]] = []
    for found in plan.violations:
        run = runs.get(found.run_id)
        known = run is not None and 0 <= found.stop < len(run.stops)
        rows.append(
            (
                found.cause,
                found.run_id,
                run.vehicle_id if run else "",
                found.stop if found.stop >= 0 else None,
                at(plan.date, run.stops[found.stop].start_s) if run and known else None,
                found.text,
            )
        )
    return table("violations", title, look.lang, VIOLATIONS, rows)
