"""The flow of a day on one page: district, conditions, duties, search, crews, referee."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fleet.roster import available_vehicles
from routes.stop import Interrupted
from sanitation.archive import iso_clock, load_plan, past_plans, plan_dict, plan_of
from sanitation.audit import audit_plan
from sanitation.conditions import conditions_of
from sanitation.crewing import Crewed, crew_up
from sanitation.departures import Timed, set_departures
from sanitation.duties import duties_of, shifts_of_day
from sanitation.explain import Situation, explain
from sanitation.ground import Ground, read_ground
from sanitation.history import driver_of, memory_of, past_of
from sanitation.indicators import cost_of, indicators
from sanitation.jobs import Memory, share_out
from sanitation.model import Conditions, DayPlan, District, Duty, Run, Section, Window
from sanitation.morning import Morning, read_morning
from sanitation.options import Options
from sanitation.search import Effort, Searched, Wishes, remember, search_all

Say = Callable[[str, float], None]
SOURCE_RUNS = 164  # 60,000 a year (source document); /365


def plan_day(
    district: District,
    options: Options,
    *,
    orders_path: Path | None,
    history: Path,
    interrupted: Interrupted,
    say: Say,
) -> DayPlan:
    """Plan a date.

    Args:
        district: as read from its folder.
        options: date, weather, services, caps, and how long to search.
        orders_path: the dispatcher's orders, or None.
        history: folder of the plans of the days before.
        interrupted: once it is set the search ends with the best plan so far.
        say: told the stage and how much of it is done, 0 to 1.

    Returns:
        a plan that the referee has judged; what it found is in ``violations``.

    Raises:
        SanitationError: the district, the options or the orders make no sense.
    """
    say("streets", 0)
    ground = read_ground(district)
    before, history_notes = _days_before(history, options.date)
    conditions = _conditions(district, options)
    shifts = shifts_of_day(district, conditions, options.services)
    district = replace(district, shifts=shifts)
    effort = Effort(options.seed, options.iterations, options.time_limit_s, interrupted)
    caps = dict(options.fleet)
    duties, suspended = duties_of(district, conditions, ground.sections, options.services)
    morning = read_morning(orders_path, district, ground, conditions, duties, suspended, caps)

    memory: Memory = memory_of(before[0]) if before else {}
    if morning.orders:
        # A morning's orders change the plan of the evening as little as they can, so that plan
        # is where the search starts: the one filed for the date, or the one that would be.
        filed = _filed(history, options.date)
        if filed is not None:
            memory = memory_of(filed)
        else:
            fleet = available_vehicles(district.vehicles, frozenset(), caps).vehicles
            jobs = share_out(district, ground, duties, fleet, caps, memory)
            jobs = tuple(job for job in jobs if job.vehicles)
            plain = search_all(district, ground, jobs, Wishes(memory=memory), effort, say)
            memory = remember(plain)
        if morning.closed_roads:
            ground = read_ground(district, morning.closed_roads)
    roster = available_vehicles(district.vehicles, morning.off, caps)
    memory = _renamed(memory, roster.substitutes)
    reachable, cut_off = _reachable(ground, district, morning.duties)

    jobs = share_out(district, ground, reachable, roster.vehicles, caps, memory)
    jobs = morning.with_pinned(jobs, roster.vehicles)
    idle = [job for job in jobs if not job.vehicles]
    jobs = tuple(job for job in jobs if job.vehicles)
    wishes = Wishes(morning.pinned(jobs), morning.overtime(jobs), memory)
    searched = search_all(district, ground, jobs, wishes, effort, say)
    say("departures", 0)
    timed = set_departures(district, searched, lambda: interrupted.is_set)
    crewed = crew_up(
        district,
        ground,
        timed,
        roster.vehicles,
        past_of(options.date, before),
        date=options.date,
        pinned=wishes.pinned,
        drivers_before=driver_of(before[0]) if before else {},
        absent=morning.absent,
        overtime_s=morning.longest_overtime_s,
    )
    say("reasons", 0)
    situation = Situation(
        district,
        ground,
        morning.off,
        searched,
        wishes,
        effort,
        conditions,
        tuple(order.target for order in morning.obeyed("road_closed")),
    )
    late = tuple(duty for one in timed for duty in one.left)
    dropped = _dropped(searched) + tuple(duty for job in idle for duty in job.duties)
    uncovered = explain(situation, dropped, late, crewed.left, cut_off, say)
    say("referee", 0)
    plan = DayPlan(
        date=options.date,
        district_id=district.id,
        district_name=district.name,
        model=district.model,
        utc_offset=district.utc_offset,
        seed=options.seed,
        conditions=_conditions_dict(conditions, options.date, district.utc_offset),
        indicators=indicators(
            district,
            crewed.runs,
            uncovered,
            morning.suspended,
            _bounds(timed, crewed),
            _notes(searched, crewed.runs),
        ),
        runs=crewed.runs,
        uncovered=uncovered,
        suspended=morning.suspended,
        violations=(),
        provenance=_provenance(
            district, options, morning, searched, timed, crewed.notes, history_notes, before
        ),
    )
    return replace(plan, violations=audit_plan(plan_dict(plan), district.folder))


def _conditions(district: District, options: Options) -> Conditions:
    return conditions_of(
        options.date,
        district,
        weather=options.weather,
        tmin_c=options.tmin_c,
        tmax_c=options.tmax_c,
        forecast=dict(options.forecast),
        alerts=options.alerts,
    )


def _days_before(history: Path, date: str) -> tuple[list[DayPlan], list[str]]:
    plans, notes = past_plans(history, date)
    return [plan_of(plan) for plan in plans], notes


def _filed(history: Path, date: str) -> DayPlan | None:
    """The plan that is on file for the date itself."""
    path = history / date / "plan.json"
    return plan_of(load_plan(path)) if path.is_file() else None


def _renamed(memory: Memory, substitutes: Mapping[str, str]) -> Memory:
    """The memory with the work of trucks that are off in the hands of those that stand in."""
    return {
        key: {substitutes.get(vehicle, vehicle): duties for vehicle, duties in by.items()}
        for key, by in memory.items()
    }


def _reachable(
    ground: Ground, district: District, duties: Sequence[Duty]
) -> tuple[tuple[Duty, ...], tuple[Duty, ...]]:
    """Duties on sections that every depot can reach and come back from, and the others."""
    from routes.paths import UNREACHABLE

    depots = [ground.place[depot.id] for depot in district.depots]
    near: list[Duty] = []
    far: list[Duty] = []
    for duty in duties:
        at = ground.place[duty.section_id]
        worst = max(max(ground.time_s[d, at], ground.time_s[at, d]) for d in depots)
        (near if worst < UNREACHABLE else far).append(duty)
    return tuple(near), tuple(far)


def _dropped(searched: Sequence[Searched]) -> tuple[Duty, ...]:
    return tuple(one.workload.duties[task] for one in searched for task in one.solution.dropped)


def _bounds(timed: Sequence[Timed], crewed: Crewed) -> dict[tuple[str, str], int]:
    """Lower bound of the deadhead time of each job, seconds.

    It holds for plans that do all of the job's work with as many trucks: a job of which the
    search, the queues or the crews leave anything over has none.
    """
    from routes.bounds import deadhead_bound_s

    undriven = {(duty.service, duty.shift_id) for duty, _ in crewed.left}
    return {
        one.searched.job.key: deadhead_bound_s(
            one.searched.workload.problem, len(one.searched.solution.routes)
        )
        for one in timed
        if not one.searched.solution.dropped
        and not one.left
        and one.searched.job.key not in undriven
    }


def _notes(searched: Sequence[Searched], runs: Sequence[Run]) -> list[str]:
    notes: list[str] = []
    if any(one.stopped_by == "interrupted" for one in searched):
        notes.insert(0, "提前停止：当前最好方案 · stopped early: the best plan so far")
    if runs:
        more = len(runs) > SOURCE_RUNS
        zh = "：每个洒水班多派车，少加水、少排队" if more else ""
        en = (
            ": more sprinklers go out in each shift, so that fewer of them fill and queue"
            if more
            else ""
        )
        notes.append(
            f"班次数 {len(runs)}，源文件日均 {SOURCE_RUNS}{zh} · {len(runs)} runs, the source's "
            f"mean is {SOURCE_RUNS}{en}"
        )
    return notes


def _provenance(
    district: District,
    options: Options,
    morning: Morning,
    searched: Sequence[Searched],
    timed: Sequence[Timed],
    crew_notes: Sequence[str],
    history_notes: Sequence[str],
    before: Sequence[DayPlan],
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
            "orders_file": options.orders_file,
        },
        "orders": morning.records(),
        "stopped_by": {"/".join(one.job.key): one.stopped_by for one in searched},
        "stopped_early": any(one.stopped_by == "interrupted" for one in searched),
        "share": {"/".join(one.job.key): one.job.note.text for one in searched},
        "departures": {"/".join(one.searched.job.key): one.note.text for one in timed},
        "crews": list(crew_notes),
        "history": [plan.date for plan in before] or "none: hours and pairs start fresh",
        "history_notes": list(history_notes),
    }


def _conditions_dict(conditions: Conditions, date: str, utc_offset: str) -> dict[str, Any]:
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


def sheet_inputs(
    district: District, plan: DayPlan
) -> tuple[
    Mapping[str, Section], Mapping[int, str], Mapping[int, tuple[float, float]], Mapping[str, float]
]:
    """Sections by id, street names by way, lon and lat by node, litres of fuel by run."""
    ground = read_ground(district)
    network = ground.network
    names = {
        int(way): network.names[name]
        for way, name in zip(network.way_ids, network.name, strict=True)
    }
    coords = {
        int(node): (float(lon), float(lat))
        for node, lon, lat in zip(network.node_ids, network.lon, network.lat, strict=True)
    }
    fuel = {run.id: cost_of(district, run)["fuel_l"] for run in plan.runs}
    return ground.by_id, names, coords, fuel
