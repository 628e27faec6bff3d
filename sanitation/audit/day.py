"""What only shows over all runs: bays, vehicles and people in two places, duty days, the fleet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sanitation.audit.books import Books
from sanitation.audit.causes import clock, found
from sanitation.audit.rows import PlanRows, RunRow, StopRow
from sanitation.audit.sites import Known, site_ids
from sanitation.model import Violation


def judge_day(rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Every check over the runs of the whole day but coverage."""
    for run in rows.runs:
        yield from _ids(run, books)
        yield from _may_go(run, rows, books)
    yield from _bays(rows.runs, books)
    yield from _twice(rows.runs)
    yield from _duty_days(rows.runs, books)
    yield from _fleet(rows, books)


def _ids(run: RunRow, books: Books) -> Iterator[Violation]:
    """Every id that a run and its stops name must be the district's."""
    known: list[Known] = [
        (-1, "车辆", "vehicle", run.vehicle, books.vehicles),
        (-1, "驾驶员", "driver", run.driver, books.drivers),
        (-1, "停车场", "depot", run.depot, books.depots),
        (-1, "班次", "shift", run.shift, books.shifts),
    ]
    known += [(-1, "跟车员", "helper", helper, books.drivers) for helper in run.helpers]
    for stop in run.stops:
        if stop.site or stop.kind in ("unload", "transfer"):
            known += site_ids(run, stop, books)
        elif stop.kind == "service":
            known.append((stop.index, "道路", "road", stop.road, books.roads))
            if stop.stream:
                streams = books.waste.streams
                known.append((stop.index, "垃圾类别", "stream", stop.stream, streams))
            if stop.road in books.roads and not stop.section.startswith(f"{stop.road}-"):
                yield found(
                    "unknown_id",
                    run.id,
                    stop.index,
                    f"道路 {stop.road} 没有路段 {stop.section!r}",
                    f"road {stop.road} has no section {stop.section!r}",
                )
            elif stop.duty and stop.duty != duty_id(run, stop):
                yield found(
                    "unknown_id",
                    run.id,
                    stop.index,
                    f"任务 {stop.duty!r} 与本行不符（应为 {duty_id(run, stop)}）",
                    f"duty {stop.duty!r} is not this row's ({duty_id(run, stop)})",
                )
        elif stop.kind == "fill":
            known.append((stop.index, "加水点", "fill point", stop.facility, books.fills))
        elif stop.kind == "dump":
            known.append((stop.index, "排污点", "dump point", stop.facility, books.dumps))
        elif stop.kind == "depart":
            known.append((stop.index, "停车场", "depot", stop.facility, books.depots))
    for index, zh, en, name, names in known:
        if name not in names:
            yield found("unknown_id", run.id, index, f"没有{zh} {name!r}", f"no {en} {name!r}")


def duty_id(run: RunRow, stop: StopRow) -> str:
    """The id of the duty that a service stop's other columns describe."""
    place = f"{run.service}/{run.shift}/{stop.section}"
    return f"{place}/r{stop.round_no}p{stop.pass_no}"


def _may_go(run: RunRow, rows: PlanRows, books: Books) -> Iterator[Violation]:
    """The vehicle may do this run today, and the people are on duty."""
    vehicle, kind = books.vehicles.get(run.vehicle), books.kind_of(run.vehicle)
    faults = []
    if vehicle and vehicle.status == "workshop":
        faults.append((f"车辆 {vehicle.id} 在修", f"vehicle {vehicle.id} is in the workshop"))
    if run.vehicle in books.orders.off:
        faults.append(
            (f"车辆 {run.vehicle} 按指令停驶", f"an order takes vehicle {run.vehicle} off")
        )
    if vehicle and kind and run.service not in kind.services:
        faults.append(
            (
                f"车辆 {vehicle.id}（{kind.name}）不能做 {run.service}",
                f"vehicle {vehicle.id} is a {kind.name_en}, which cannot {run.service}",
            )
        )
    if vehicle and run.depot in books.depots and vehicle.depot_id != run.depot:
        faults.append(
            (
                f"车辆 {vehicle.id} 属 {vehicle.depot_id}，却自 {run.depot} 出车",
                f"vehicle {vehicle.id} belongs to {vehicle.depot_id}, not {run.depot}",
            )
        )
    if faults:
        yield found("vehicle_status", run.id, -1, *faults[0])
    for person, role in ((run.driver, "driver"), *((name, "helper") for name in run.helpers)):
        known = books.drivers.get(person)
        if known and known.role != role:
            yield found(
                "driver_role",
                run.id,
                -1,
                f"{person} 的岗位是 {known.role}，排为 {role}",
                f"{person} is a {known.role}, not a {role}",
            )
        if known and (known.rest_weekday == rows.day.weekday() or person in books.orders.off):
            yield found(
                "driver_rest_day",
                run.id,
                -1,
                f"{person} 在 {rows.day} 休息",
                f"{person} is off on {rows.day}",
            )


def _bays(runs: Iterable[RunRow], books: Books) -> Iterator[Violation]:
    """No more vehicles at a point than bays, at any moment; each overfull stretch once."""
    stays: dict[str, list[tuple[int, int, RunRow, StopRow]]] = {}
    for run in runs:
        for stop in run.stops:
            if stop.kind in ("fill", "dump", "unload") and stop.start_s < stop.end_s:
                stays.setdefault(stop.facility, []).append((stop.start_s, stop.end_s, run, stop))
    for point in sorted(stays.keys() & books.bays.keys()):
        there: list[tuple[int, str]] = []
        full = False
        for start_s, end_s, run, stop in sorted(
            stays[point], key=lambda stay: (stay[0], stay[1], stay[2].id, stay[3].index)
        ):
            there = [(until_s, name) for until_s, name in there if until_s > start_s]
            full = full and len(there) >= books.bays[point]
            there.append((end_s, run.id))
            if len(there) <= books.bays[point] or full:
                continue
            full = True
            names = ", ".join(sorted(name for _, name in there))
            yield found(
                "bays",
                run.id,
                stop.index,
                f"{clock(start_s)} 在 {point} 有 {len(there)} 辆（{names}），"
                f"只有 {books.bays[point]} 个泊位",
                f"{len(there)} vehicles ({names}) at {point} at {clock(start_s)}, "
                f"{books.bays[point]} bays",
            )


def _twice(runs: Iterable[RunRow]) -> Iterator[Violation]:
    """No vehicle and no person in two runs at once."""
    uses: dict[tuple[str, str], list[RunRow]] = {}
    for run in runs:
        for cause, name in {
            ("vehicle_twice", run.vehicle),
            *(("driver_twice", person) for person in (run.driver, *run.helpers)),
        }:
            uses.setdefault((cause, name), []).append(run)
    for (cause, name), own in sorted(uses.items()):
        own.sort(key=lambda run: (run.start_s, run.end_s, run.id))
        latest = own[0]
        for run in own[1:]:
            overlap_s = latest.end_s - run.start_s
            if overlap_s > 0:
                yield found(
                    cause,
                    run.id,
                    -1,
                    f"{name} 自 {clock(run.start_s)} 起还在 {latest.id} 中，重叠 {overlap_s} s",
                    f"{name} is in run {latest.id} too from {clock(run.start_s)}, "
                    f"for {overlap_s} s",
                )
            latest = max(latest, run, key=lambda one: one.end_s)


def _rest_s(run: RunRow, shortest_s: float) -> int:
    took = (stop.end_s - stop.start_s for stop in run.stops if stop.kind == "rest")
    return sum(seconds for seconds in took if seconds >= shortest_s)


def _duty_days(runs: Iterable[RunRow], books: Books) -> Iterator[Violation]:
    """At most so many runs, so much work and so long a span in a person's duty day."""
    rules = books.rules
    days: dict[str, list[RunRow]] = {}
    for run in runs:
        for person in sorted({run.driver, *run.helpers}):
            days.setdefault(person, []).append(run)
    for person, own in sorted(days.items()):
        own.sort(key=lambda run: (run.start_s, run.id))
        extra_s = sum(books.overtime_s(run.vehicle, run.shift) for run in own)
        last = max(own, key=lambda run: run.end_s)
        if len(own) > rules["duty_day_runs"]:
            most = int(rules["duty_day_runs"])
            yield found(
                "driver_runs",
                own[most].id,
                -1,
                f"{person} 出车 {len(own)} 趟，至多 {most} 趟",
                f"{person} drives {len(own)} runs, {most} are allowed",
            )
        work_s = sum(run.end_s - run.start_s - _rest_s(run, rules["rest_s"]) for run in own)
        # A single run that is too long has a cause of its own.
        if work_s > rules["duty_day_work_s"] + extra_s and len(own) > 1:
            over_s = work_s - rules["duty_day_work_s"] - extra_s
            yield found(
                "driver_work",
                last.id,
                -1,
                f"{person} 工作 {work_s} s，超出 {over_s:.0f} s",
                f"{person} works {work_s} s, {over_s:.0f} s too long",
            )
        span_s = last.end_s - own[0].start_s
        if span_s > rules["duty_day_span_s"] + extra_s:
            over_s = span_s - rules["duty_day_span_s"] - extra_s
            yield found(
                "driver_span",
                last.id,
                -1,
                f"{person} 自 {clock(own[0].start_s)} 至 {clock(last.end_s)}，"
                f"跨度 {span_s} s，超出 {over_s:.0f} s",
                f"{person}'s day lasts {span_s} s from {clock(own[0].start_s)} to "
                f"{clock(last.end_s)}, {over_s:.0f} s too long",
            )


def _caps(options: Mapping[str, Any]) -> dict[str, int]:
    """Caps of ``--fleet`` by vehicle type (also in the plural), as text or as an object."""
    fleet = options.get("fleet")
    if isinstance(fleet, str):
        pairs = [part.partition("=")[::2] for part in fleet.split(",")]
        return {name.strip(): int(cap) for name, cap in pairs if cap.strip().isdigit()}
    if isinstance(fleet, dict):
        return {str(name): cap for name, cap in fleet.items() if isinstance(cap, int)}
    return {}


def _fleet(rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Not more vehicles of a type out in the day than are in service, or than the cap."""
    out: dict[str, set[str]] = {}
    for run in rows.runs:
        if kind := books.kind_of(run.vehicle):
            out.setdefault(kind.id, set()).add(run.vehicle)
    caps = _caps(rows.options)
    for type_id, used in sorted(out.items()):
        serving = sum(
            vehicle.type_id == type_id and vehicle.status == "in_service"
            for vehicle in books.vehicles.values()
        )
        most = caps.get(type_id, caps.get(f"{type_id}s", serving))
        if len(used) > most:
            yield found(
                "fleet",
                "",
                -1,
                f"{type_id} 出车 {len(used)} 辆，至多 {most} 辆",
                f"{len(used)} vehicles of type {type_id} are out, {most} may be",
            )
