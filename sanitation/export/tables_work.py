"""The runs of a day and what they do, a row each: runs, pieces of work, refills, unloadings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sanitation.balance import moves_of
from sanitation.export.daylook import Look
from sanitation.export.daytable import (
    Cell,
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
from sanitation.export.names import Names, names_of
from sanitation.export.rows import direction_text, side_text
from sanitation.indicators import DRIVEN, cost_of, used_l
from sanitation.model import Run, Stop

RUNS: tuple[Spec, ...] = (
    text("班次号", "Run"),
    text("单号", "No."),
    text("作业", "Service"),
    text("班次", "Shift"),
    text("车辆", "Vehicle"),
    text("车牌号", "Plate"),
    text("车型", "Type"),
    text("人员编号", "Driver id"),
    text("驾驶员/保洁员", "Driver"),
    text("跟车员", "Helpers"),
    text("停车场", "Depot"),
    moment("计划出车", "Planned out"),
    moment("计划收车", "Planned in"),
    figure("工时 (h)", "Hours (h)", 2),
    figure("作业里程 (km)", "Work (km)", 2),
    figure("空驶里程 (km)", "Deadhead (km)", 2),
    figure("作业面积 (m²)", "Area (m²)", 0),
    figure("用水 (m³)", "Water (m³)"),
    whole("加水次数", "Fills"),
    whole("排污次数", "Dumps"),
    whole("卸料次数", "Unloadings"),
    figure("收运量 (t)", "Load (t)", 2),
    whole("桶/箱数", "Bins"),
    whole("作业段/点", "Pieces of work"),
    whole("休息次数", "Rests"),
    figure("油耗 (L)", "Fuel (L)"),
    figure("费用 (元)", "Cost (CNY)", 2),
)


def runs_table(handout: Handout, look: Look) -> DayTable:
    """One row a run; hours are from out to in, deadhead is all that it drives without work."""
    title = "班次" if look.lang == "zh" else "Runs"
    rows = (_run_row(handout, run, look) for run in handout.plan.runs)
    return table("runs", title, look.lang, RUNS, rows)


def _run_row(handout: Handout, run: Run, look: Look) -> tuple[Cell, ...]:
    date = handout.plan.date
    served = [stop for stop in run.stops if stop.kind == "service"]
    moves = [move for move in moves_of(run).values() if move.kind == "service"]
    cost = cost_of(handout.district, run)

    def count(kind: str) -> int:
        return sum(stop.kind == kind for stop in run.stops)

    work_m = sum(stop.length_m for stop in served)
    kind = look.vehicles.get(run.vehicle_id)
    width_m = look.kinds[kind.type_id].width_m.get(run.service, 0.0) if kind else 0.0
    return (
        run.id,
        f"{date.replace('-', '')}-{run.id}",
        word(run.service, look.lang),
        look.shifts.get(run.shift_id, run.shift_id),
        run.vehicle_id,
        look.plate(run.vehicle_id),
        look.kind(run.vehicle_id),
        run.driver_id,
        look.person(run.driver_id),
        look.named(run.helper_ids),
        f"{run.depot_id} {look.depots.get(run.depot_id, '')}".strip(),
        at(date, run.start_s),
        at(date, run.end_s),
        exact((run.end_s - run.start_s) / 3600),
        work_m / 1000,
        sum(stop.length_m for stop in run.stops if stop.kind in DRIVEN) / 1000,
        exact(work_m * width_m),
        used_l(run) / 1000,
        count("fill"),
        count("dump"),
        count("unload"),
        sum(move.load_kg for move in moves) / 1000,
        sum(move.bins for move in moves),
        len(served),
        count("rest"),
        exact(cost["fuel_l"]),
        exact(cost["total_cny"]),
    )


SECTIONS: tuple[Spec, ...] = (
    text("班次号", "Run"),
    text("车辆", "Vehicle"),
    text("作业", "Service"),
    whole("序号", "No."),
    text("路段/点编号", "Section or site"),
    text("道路编号", "Road id"),
    text("道路/作业点", "Road or site"),
    text("街道", "Subdistrict"),
    text("起点", "From"),
    text("止点", "To"),
    text("方向", "Direction"),
    text("侧/车道", "Side or lane"),
    whole("等级", "Grade"),
    whole("轮次/次数", "Round"),
    whole("遍数", "Pass"),
    moment("计划开始", "Start"),
    moment("计划结束", "End"),
    whole("里程 (m)", "Length (m)"),
    figure("面积 (m²)", "Area (m²)", 0),
    whole("用水 (L)", "Water (L)"),
    text("垃圾类别", "Stream"),
    whole("桶/箱数", "Bins"),
    whole("收运量 (kg)", "Load (kg)"),
)


def sections_table(handout: Handout, look: Look) -> DayTable:
    """One row a piece of work: a pass over a section, emptying its bins on the way, or a visit at
    a site. ``No.`` counts the pieces of a run, whose sheet joins passes that follow each other."""
    title = "作业段" if look.lang == "zh" else "Work"
    rows = (row for run in handout.plan.runs for row in _work_rows(handout, run, look))
    return table("sections", title, look.lang, SECTIONS, rows)


def _work_rows(handout: Handout, run: Run, look: Look) -> Iterator[tuple[Cell, ...]]:
    names = names_of(
        *(run, handout.district, handout.sections, handout.way_names, handout.coords, look.lang),
        *({}, {}),
    )
    moves, number, wet = moves_of(run), 0, used_l(run) > 0
    for index, stop in enumerate(run.stops):
        if stop.kind != "service":
            continue
        number += 1
        move = moves.get(index)
        used = run.stops[index - 1].water_l - stop.water_l if wet and index else None
        yield (
            run.id,
            run.vehicle_id,
            word(run.service, look.lang),
            number,
            *(_at_site(stop, look) if stop.site_id else _on_street(stop, names)),
            stop.round_no or None,
            stop.pass_no or None,
            at(handout.plan.date, stop.start_s),
            at(handout.plan.date, stop.end_s),
            None if stop.site_id else stop.length_m,
            None if stop.site_id or not names.width_m else exact(stop.length_m * names.width_m),
            used,
            look.streams.get(stop.stream, stop.stream),
            move.bins if move else None,
            move.load_kg if move else None,
        )


def _on_street(stop: Stop, names: Names) -> tuple[Cell, ...]:
    """From the section's id to its grade."""
    section = names.sections.get(stop.section_id)
    return (
        stop.section_id,
        stop.road_id,
        names.roads.get(stop.road_id, ""),
        "",
        section.from_name if section else "",
        section.to_name if section else "",
        direction_text(list(stop.nodes), section, names),
        side_text(stop, names),
        names.grades.get(stop.road_id),
    )


def _at_site(stop: Stop, look: Look) -> tuple[Cell, ...]:
    area = look.site_area.get(stop.site_id, "")
    return (stop.site_id, "", look.sites.get(stop.site_id, ""), area, "", "", "", "", None)


REFILLS: tuple[Spec, ...] = (
    text("班次号", "Run"),
    text("车辆", "Vehicle"),
    text("车牌号", "Plate"),
    text("类别", "Kind"),
    text("地点编号", "Facility id"),
    text("地点", "Facility"),
    moment("计划开始", "Start"),
    moment("计划结束", "End"),
    whole("水量 (L)", "Litres (L)"),
)
UNLOADINGS: tuple[Spec, ...] = (
    *REFILLS[:3],
    *REFILLS[4:8],
    text("垃圾类别", "Stream"),
    whole("卸料量 (kg)", "Load (kg)"),
)


def refills_table(handout: Handout, look: Look) -> DayTable:
    """Where tanks are filled, and where dirty water is let off; litres of clean or dirty water."""
    title = "加水排污" if look.lang == "zh" else "Refills"
    return table("refills", title, look.lang, REFILLS, _refills(handout, look))


def _refills(handout: Handout, look: Look) -> Iterator[tuple[Cell, ...]]:
    for run in handout.plan.runs:
        before: Sequence[Stop] = run.stops[:1]
        for stop in run.stops:
            if stop.kind in ("fill", "dump"):
                litres = stop.water_l - before[0].water_l
                if stop.kind == "dump":
                    litres = before[0].dirty_l - stop.dirty_l
                kind = word(stop.kind, look.lang)
                who = (run.id, run.vehicle_id, look.plate(run.vehicle_id))
                yield *who, kind, *_visit(handout, stop, look), litres
            before = (stop,)


def unloadings_table(handout: Handout, look: Look) -> DayTable:
    """Where waste is let off: at the stations, or at the terminals."""
    title = "卸料" if look.lang == "zh" else "Unloadings"
    rows = (
        (
            *(run.id, run.vehicle_id, look.plate(run.vehicle_id)),
            *_visit(handout, run.stops[index], look),
            look.streams.get(move.stream, move.stream),
            move.load_kg,
        )
        for run in handout.plan.runs
        for index, move in moves_of(run).items()
        if move.kind == "unload"
    )
    return table("unloadings", title, look.lang, UNLOADINGS, rows)


def _visit(handout: Handout, stop: Stop, look: Look) -> tuple[Cell, ...]:
    return (
        stop.facility,
        look.facilities.get(stop.facility, ""),
        at(handout.plan.date, stop.start_s),
        at(handout.plan.date, stop.end_s),
    )
