"""What a plan says of itself: conditions, where everything came from, and notes for its readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sanitation.archive import iso_clock
from sanitation.catchment import Catchments
from sanitation.departures import Timed
from sanitation.duties import bins, collection
from sanitation.model import (
    LOADED_SERVICES,
    SITE_SERVICES,
    Conditions,
    DayPlan,
    District,
    Run,
    Window,
)
from sanitation.morning import Morning
from sanitation.options import Options
from sanitation.rounds import SERVICE as ROUNDS
from sanitation.search import Searched

SOURCE_RUNS = 164  # sweeping and washing, 60,000 a year (source document); /365


def notes_of(searched: Sequence[Searched], runs: Sequence[Run]) -> list[str]:
    notes: list[str] = []
    if any(one.stopped_by == "interrupted" for one in searched):
        notes.insert(0, "提前停止：当前最好方案 · stopped early: the best plan so far")
    beside = LOADED_SERVICES | SITE_SERVICES
    counted = sum(run.service not in beside for run in runs)
    if counted:
        more = counted > SOURCE_RUNS
        zh = "：每个洒水班多派车，少加水、少排队" if more else ""
        en = (
            ": more sprinklers go out in each shift, so that fewer of them fill and queue"
            if more
            else ""
        )
        notes.append(
            f"清扫保洁班次数 {counted}，源文件日均 {SOURCE_RUNS}{zh} · "
            f"{counted} runs on the streets, the source's mean is {SOURCE_RUNS}{en}"
        )
    return notes


def crew_notes(district: District, runs: Sequence[Run], fewest: Mapping[str, int]) -> list[str]:
    """How many crews go round in each shift, beside the fewest that could."""
    notes = []
    for shift in sorted(district.shifts, key=lambda shift: (shift.start_s, shift.id)):
        out = sum((run.service, run.shift_id) == (ROUNDS, shift.id) for run in runs)
        if shift.id in fewest and out:
            notes.append(
                f"{shift.name}：出 {out} 组，下界 {fewest[shift.id]} 组 · "
                f"{shift.name_en}: {out} crews, no fewer than {fewest[shift.id]} could"
            )
    return notes


def fleet_notes(district: District, runs: Sequence[Run], fewest: Mapping[str, int]) -> list[str]:
    """How many trucks collect each stream, beside the fewest that could."""
    notes = []
    for stream in district.streams:
        out = {
            run.vehicle_id
            for run in runs
            if run.service == collection.SERVICE
            and any(stop.stream == stream.id for stop in run.stops)
        }
        if stream.id in fewest and out:
            notes.append(
                f"{stream.name}：出车 {len(out)} 辆，下界 {fewest[stream.id]} 辆 · "
                f"{stream.name_en}: {len(out)} trucks, no fewer than {fewest[stream.id]} could"
            )
    return notes


def bin_notes(runs: Sequence[Run], fewest: int) -> list[str]:
    """How many trucks empty litter bins, beside the fewest that could."""
    out = {run.vehicle_id for run in runs if run.service == bins.SERVICE}
    if not out:
        return []
    return [
        f"果皮箱：出车 {len(out)} 辆，下界 {fewest} 辆 · "
        f"litter bins: {len(out)} trucks, no fewer than {fewest} could"
    ]


def provenance_of(
    district: District,
    options: Options,
    morning: Morning,
    searched: Sequence[Searched],
    timed: Sequence[Timed],
    crewed: Sequence[str],
    history_notes: Sequence[str],
    before: Sequence[DayPlan],
    catchments: Catchments,
) -> dict[str, Any]:
    try:
        program = version("sanitation-ops")
    except PackageNotFoundError:
        program = "checkout"
    return {
        "program": f"sanitation {program}",
        "data_digest": district.digest,
        "options": {
            "date": options.date,
            "seed": options.seed,
            "iterations": options.iterations,
            "time_limit_s": options.time_limit_s,
            "services": list(options.services),
            "fleet": dict(options.fleet),
            "weather": options.weather,
            "tmin_c": options.tmin_c,
            "tmax_c": options.tmax_c,
            "forecast": [list(pair) for pair in options.forecast],
            "alerts": [list(alert) for alert in options.alerts],
            "closed": list(options.closed),
            "tonnage": options.tonnage,
            "event": options.event,
            "orders_file": options.orders_file,
        },
        "orders": morning.records(),
        "stopped_by": {"/".join(one.job.key): one.stopped_by for one in searched},
        "stopped_early": any(one.stopped_by == "interrupted" for one in searched),
        "share": {"/".join(one.job.key): one.job.note.text for one in searched},
        "catchments": dict(catchments.station),
        "catchment_notes": list(catchments.notes),
        "departures": {"/".join(one.searched.job.key): one.note.text for one in timed},
        "crews": list(crewed),
        "history": [plan.date for plan in before] or "none: hours and pairs start fresh",
        "history_notes": list(history_notes),
    }


def conditions_dict(conditions: Conditions, date: str, utc_offset: str) -> dict[str, Any]:
    def clock(time_s: int) -> str:
        return iso_clock(date, time_s, utc_offset)

    def spans(windows: Sequence[Window]) -> list[list[str]]:
        return [[clock(window.start_s), clock(window.end_s)] for window in windows]

    return {
        "season": conditions.season,
        "weather": conditions.weather,
        "tmin_c": conditions.tmin_c,
        "tmax_c": conditions.tmax_c,
        "hourly_c": [[hour, round(degrees, 2)] for hour, degrees in conditions.hourly_c],
        "alerts": [list(alert) for alert in conditions.alerts],
        "active": list(conditions.active),
        "wet_windows": spans(conditions.wet_windows),
        "sweep_windows": spans(conditions.sweep_windows),
        "peak_bans": spans(conditions.peak_bans),
        "foot_ban": spans(conditions.foot_ban),
        "wet_rules": [[clock(a), clock(b), rule] for a, b, rule in conditions.wet_rules],
        "notes": list(conditions.notes),
    }
