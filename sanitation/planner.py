"""The flow of a day on one page: district, conditions, duties, search, crews, referee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from fleet.assign import Unassigned
from fleet.roster import available_vehicles
from routes.stop import Interrupted
from sanitation.archive import load_plan, past_plans, plan_dict, plan_of
from sanitation.audit import audit_plan
from sanitation.binload import fewest_bin_trucks, kept_kg, litter_room
from sanitation.catchment import divide
from sanitation.conditions import conditions_of
from sanitation.crewing import Crewed, crew_up
from sanitation.departures import Timed, set_departures, without_room
from sanitation.disposal import (
    closing_stock,
    fewest_trucks,
    inflows_of,
    left_duty,
    stations_before,
    without_stations,
)
from sanitation.duties import (
    SERVICES,
    collection,
    duties_of,
    haulage,
    posts,
    septic,
    shifts_of_day,
    toilets,
)
from sanitation.duties.collection import Pickup, pickups_of
from sanitation.duties.haulage import hauls_of, opening_stock
from sanitation.emptying import Emptying, emptying_notes, emptying_of
from sanitation.explain import Situation, explain
from sanitation.ground import Ground, read_ground
from sanitation.hauling import Hauled, plan_hauls
from sanitation.history import driver_of, memory_of, past_of, posts_before
from sanitation.indicators import indicators
from sanitation.jobs import Job, Key, Memory, share_out
from sanitation.model import STATION_SERVICES, Conditions, DayPlan, District, Duty
from sanitation.morning import read_morning
from sanitation.options import Options
from sanitation.posts import Staffed, post_figures, staff_day
from sanitation.record import (
    bin_notes,
    conditions_dict,
    crew_notes,
    fleet_notes,
    notes_of,
    provenance_of,
)
from sanitation.rounds import fewest_crews
from sanitation.search import Effort, Searched, Wishes, remember, search_all
from sanitation.timing import Timeline

Say = Callable[[str, float], None]


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
    district = without_stations(district, options.closed)
    ground = read_ground(district)
    before, history_notes = _days_before(history, options.date)
    conditions = _conditions(district, options)
    by_standard = tuple(service for service in options.services if service in SERVICES)
    district = replace(district, shifts=shifts_of_day(district, conditions, by_standard))
    effort = Effort(options.seed, options.iterations, options.time_limit_s, interrupted)
    caps = dict(options.fleet)
    duties, suspended = duties_of(district, conditions, ground.sections, by_standard)
    district = replace(district, shifts=toilets.without_foot_bans(district, conditions))
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
            jobs = _with_rooms(jobs, litter_room(district, ground, duties))
            jobs = tuple(job for job in jobs if job.vehicles)
            plain = search_all(district, ground, jobs, Wishes(memory=memory), effort, say)
            memory = remember(plain)
        if morning.closed_roads:
            ground = read_ground(district, morning.closed_roads)
    roster = available_vehicles(district.vehicles, morning.off, caps)
    memory = _renamed(memory, roster.substitutes)
    reachable, cut_off = _reachable(ground, district, morning.duties)

    say("stations", 0)
    pickups: Sequence[Pickup] = ()
    if collection.SERVICE in options.services:
        pickups = pickups_of(district, options.date, options.tonnage)
    rooms: dict[Key, Mapping[str, int]] = {**litter_room(district, ground, reachable)}
    catchments = divide(
        *(district, ground, pickups, stations_before(before[0] if before else None)),
        kept_kg=kept_kg(rooms),
    )
    rooms |= {(collection.SERVICE, shift): kg for shift, kg in catchments.room_kg.items()}
    emptying = Emptying()
    if septic.SERVICE in options.services:
        emptying = emptying_of(
            district, ground, options.date, options.weather, before, roster.vehicles
        )
    due = (*reachable, *catchments.duties, *emptying.duties)
    jobs = share_out(district, ground, due, roster.vehicles, caps, memory)
    jobs = _with_rooms(jobs, rooms)
    jobs = morning.with_pinned(jobs, roster.vehicles)
    idle = [job for job in jobs if not job.vehicles]
    jobs = tuple(job for job in jobs if job.vehicles)
    wishes = Wishes(morning.pinned(jobs), morning.overtime(jobs), memory)
    searched = search_all(district, ground, jobs, wishes, effort, say)
    say("departures", 0)
    stock = None
    if haulage.SERVICE in options.services:
        stock = opening_stock(district, closing_stock(before[0] if before else None))
    timed = set_departures(district, searched, lambda: interrupted.is_set, stock)
    first = timed

    def haul(timed: tuple[Timed, ...]) -> Hauled:
        assert stock is not None
        say("haulage", 0)
        return plan_hauls(
            district,
            ground,
            hauls_of(district, inflows_of(timed), stock),
            roster.vehicles,
            caps,
            memory,
            lambda jobs: search_all(
                district, ground, jobs, Wishes(memory=memory), effort, lambda stage, done: None
            ),
        )

    def crew(timed: tuple[Timed, ...]) -> Crewed:
        return crew_up(
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

    timed, hauled, crewed = _haul_and_crew(timed, haul if stock is not None else None, crew)
    late = tuple(duty for one in (*first, *hauled.timed) for duty in one.left)
    unasked = hauled.moved | emptying.may_wait
    late = tuple(duty for duty in late if duty.id not in unasked)
    searched, timed = (*searched, *hauled.searched), (*timed, *hauled.timed)
    idle += hauled.idle
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
        options.closed,
        stock,
    )
    full = without_room(district, timed, stock, late)
    dropped = _dropped(searched) + tuple(duty for job in idle for duty in job.duties)
    dropped = tuple(duty for duty in dropped if duty.id not in unasked)
    unfit = [(duty, "station_full") for duty in catchments.left]
    unfit += [(duty, "station_full") for duty in late if duty.id in full]
    late = tuple(duty for duty in late if duty.id not in full)
    unfit += [(left_duty(district, haul), "haul_hours") for haul in hauled.left]
    lacking = [gap for gap in crewed.left if gap[0].id not in unasked]
    uncovered = explain(situation, dropped, late, lacking, cut_off, unfit, say)
    staffed = Staffed()
    if posts.SERVICE in options.services:
        say("posts", 0)
        weekday = dt.date.fromisoformat(options.date).weekday()
        past = past_of(options.date, before)
        staffed = staff_day(district, conditions, weekday, past, posts_before(before))
    say("referee", 0)
    plan = DayPlan(
        date=options.date,
        district_id=district.id,
        district_name=district.name,
        model=district.model,
        utc_offset=district.utc_offset,
        seed=options.seed,
        conditions=conditions_dict(conditions, options.date, district.utc_offset),
        indicators=indicators(
            district,
            crewed.runs,
            uncovered,
            morning.suspended,
            _bounds(timed, crewed),
            [
                *notes_of(searched, crewed.runs),
                *fleet_notes(district, crewed.runs, fewest_trucks(district, pickups)),
                *emptying_notes(district, ground, emptying, crewed.runs),
                *bin_notes(crewed.runs, fewest_bin_trucks(district, reachable)),
                *crew_notes(district, crewed.runs, fewest_crews(district, ground, due)),
                *staffed.notes,
            ],
            stock,
            emptying.levels,
        )
        | post_figures(district, staffed.posts),
        runs=crewed.runs,
        uncovered=uncovered,
        suspended=morning.suspended,
        violations=(),
        provenance=provenance_of(
            district,
            options,
            morning,
            searched,
            timed,
            (*crewed.notes, *staffed.crew_notes),
            history_notes,
            before,
            catchments,
        ),
        posts=staffed.posts,
    )
    return replace(plan, violations=audit_plan(plan_dict(plan), district.folder))


def _with_rooms(jobs: Sequence[Job], rooms: Mapping[Key, Mapping[str, int]]) -> tuple[Job, ...]:
    """The jobs with what each may bring to the stations."""
    return tuple(replace(job, room_kg=rooms.get(job.key, {})) for job in jobs)


def _conditions(district: District, options: Options) -> Conditions:
    return conditions_of(
        options.date,
        district,
        weather=options.weather,
        tmin_c=options.tmin_c,
        tmax_c=options.tmax_c,
        forecast=dict(options.forecast),
        alerts=options.alerts,
        event=options.event,
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


def _haul_and_crew(
    timed: tuple[Timed, ...],
    haul: Callable[[tuple[Timed, ...]], Hauled] | None,
    crew: Callable[[tuple[Timed, ...]], Crewed],
) -> tuple[tuple[Timed, ...], Hauled, Crewed]:
    """Haulage and crews, of what comes to the stations; what nobody brings is not hauled either.

    Args:
        timed: what is driven, haulage apart.
        haul: plans the haulage of what they unload; None where nothing is hauled.
        crew: gives timelines their trucks and people.

    Returns:
        the timelines that are driven, haulage apart; haulage; and all runs with their crews.
    """
    gone: list[tuple[Duty, Unassigned]] = []
    while True:
        hauled = haul(timed) if haul else Hauled()
        crewed = crew((*timed, *hauled.timed))
        lost = [gap for gap in crewed.left if gap[0].service in STATION_SERVICES]
        if haul is None or not lost:
            return timed, hauled, replace(crewed, left=(*gone, *crewed.left))
        gone += lost
        timed = _without_runs_of(timed, {duty.id for duty, _ in lost})


def _without_runs_of(timed: Sequence[Timed], undriven: Set[str]) -> tuple[Timed, ...]:
    """The timelines without those that do any of these duties."""

    def stays(one: Timed, line: Timeline) -> bool:
        served = (event.task for event in line.events if event.kind == "service")
        return undriven.isdisjoint(one.searched.workload.duties[task].id for task in served)

    return tuple(
        replace(one, lines=tuple(line for line in one.lines if stays(one, line))) for one in timed
    )


def _reachable(
    ground: Ground, district: District, duties: Sequence[Duty]
) -> tuple[tuple[Duty, ...], tuple[Duty, ...]]:
    """Duties on sections and at sites that every depot can reach and come back from, and others."""
    from routes.paths import UNREACHABLE

    depots = [ground.place[depot.id] for depot in district.depots]
    near: list[Duty] = []
    far: list[Duty] = []
    for duty in duties:
        at = ground.place[duty.place_id]
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
