"""Why a duty is uncovered, and the smallest change that covers it, found by trying it.

Hundreds of sections share a cause, so causes are looked at by service and shift. A change is
tried by planning that service and shift again with it, queues at fill points included; the
smallest one that leaves nothing over is the fix. Overtime is tried before more trucks: minutes
cost less than a truck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from fleet.assign import Unassigned
from fleet.model import Vehicle, VehicleType
from fleet.roster import available_vehicles
from sanitation.departures import set_departures
from sanitation.ground import Ground
from sanitation.jobs import Job, Key, share_out
from sanitation.model import Conditions, District, Duty, Uncovered
from sanitation.morning import longer_windows
from sanitation.search import THREADS, Effort, Searched, Wishes, remember, search_all
from sanitation.stopload import stop_s
from sanitation.workload import service_s

OVERTIME_MIN = (20, 40, 60)
# Short of a plan's own search, so that what does in a trial does in the plan.
TRIAL_PER_DUTY = 14
CAUSES = {
    "vehicles": ("车辆工时不足", "not enough truck hours"),
    "no_vehicle": ("无可用车辆", "no truck may go out"),
    "bays": ("加水排污泊位排队，时间不够", "queues at fill and dump points leave no time"),
    "rests": ("休息和等候之后时间不够", "rests and waiting leave no time"),
    "window": ("允许作业时段太短", "the permitted window is shorter than the pass"),
    "station_full": ("转运站处理能力或箱位已满", "the stations have no room for it today"),
    "haul_hours": ("转运时段内运不走", "no shift of the hook-lifts and hours of the terminal fit"),
    "unreachable": ("道路不通，车辆到不了", "no permitted way leads there and back"),
    "vehicle": ("无车可派", "no truck for the run"),
    "driver": ("无驾驶员可派", "no driver for the run"),
    "helper": ("无跟车员可派", "no helper for the run"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the plan was made from, to try changes on."""

    district: District
    ground: Ground
    off: frozenset[str]
    searched: tuple[Searched, ...]
    wishes: Wishes
    effort: Effort
    conditions: Conditions
    closed: tuple[str, ...]  # what orders close, as written in them
    closed_stations: tuple[str, ...] = ()
    stock_kg: Mapping[tuple[str, str], int] | None = None  # in the stations, see set_departures


@dataclass(frozen=True, slots=True)
class _Group:
    """Duties of one service and shift that lack the same thing."""

    key: Key
    cause: str
    duties: tuple[Duty, ...]


def explain(
    situation: Situation,
    dropped: Sequence[Duty],
    late: Sequence[Duty],
    lacking: Sequence[tuple[Duty, Unassigned]],
    cut_off: Sequence[Duty],
    unfit: Sequence[tuple[Duty, str]],
    say: Callable[[str, float], None],
) -> tuple[Uncovered, ...]:
    """Reason and fix of every duty that is due but in no run, sorted by duty.

    Args:
        situation: what the plan was made from.
        dropped: duties that the search left out.
        late: duties for which queues, or rests where there are none, left no time.
        lacking: duties of runs without a truck or people.
        cut_off: duties on sections that can't be reached.
        unfit: duties that the stations or terminals can't take, with the cause.
        say: told how far the trials are.
    """
    found = [_unreachable(duty, situation) for duty in cut_off]
    found += [Uncovered(duty, gap.what, _words(gap.what, gap.reason), {}) for duty, gap in lacking]
    found += _unfit(situation, unfit)
    out = {one.job.key: len(one.job.vehicles) for one in situation.searched}
    groups = []
    queued = {one.job.key for one in situation.searched if one.workload.visits}
    for cause, duties in (("vehicles", dropped), ("bays", late)):
        for key in sorted({(duty.service, duty.shift_id) for duty in duties}):
            mine = tuple(duty for duty in duties if (duty.service, duty.shift_id) == key)
            named = "rests" if cause == "bays" and key not in queued else cause
            groups.append(_Group(key, named if out.get(key) else "no_vehicle", mine))
    keys = sorted({group.key for group in groups})
    say("reasons", 0)
    with ThreadPoolExecutor(THREADS) as pool:
        tried = pool.map(
            lambda key: _smallest_fix(situation, key, [g for g in groups if g.key == key]), keys
        )
        fixes = dict(zip(keys, tried, strict=True))
    for group in groups:
        text = _words(group.cause, _count(group, out.get(group.key, 0)))
        found += [Uncovered(duty, group.cause, text, fixes[group.key]) for duty in group.duties]
    return tuple(sorted(found, key=lambda one: one.duty.id))


def _words(cause: str, detail: str) -> str:
    zh, en = CAUSES[cause]
    return f"{zh} · {en}" + (f": {detail}" if detail else "")


def _count(group: _Group, trucks: int) -> str:
    metres = sum(duty.length_m for duty in group.duties)
    kg = sum(duty.load_kg for duty in group.duties)
    size = f"{metres / 1000:.1f} km" if metres else f"{kg / 1000:.1f} t"
    if not metres and not kg:
        size = f"{len(group.duties)} 次 visits"
    bins = sum(duty.bins for duty in group.duties) if metres else 0
    size += f", {bins} bins" if bins else ""
    return f"{group.key[0]}/{group.key[1]}, {trucks} out, {size}"


def _unreachable(duty: Duty, situation: Situation) -> Uncovered:
    names = list(situation.closed)
    fix: dict[str, Any] = {}
    if names:
        fix = {
            "text": f"取消封闭 {'、'.join(names)} · reopen {', '.join(names)}",
            "drop_orders": names,
        }
    return Uncovered(duty, "unreachable", _words("unreachable", ""), fix)


def _unfit(situation: Situation, unfit: Sequence[tuple[Duty, str]]) -> list[Uncovered]:
    """What stations or terminals can't take; a closed station that is opened again may do."""
    found = []
    for duty, cause in unfit:
        kg = sum(d.load_kg for d, c in unfit if c == cause)
        names = sorted(situation.closed_stations)
        if cause == "station_full" and names:
            fix: dict[str, Any] = {
                "text": f"恢复转运站 {'、'.join(names)} · reopen {', '.join(names)}",
                "open": names,
            }
        elif cause == "station_full":
            fix = {
                "text": f"转运站处理能力或箱位增加 {math.ceil(kg / 100) / 10} t · "
                f"throughput or containers for {math.ceil(kg / 100) / 10} t more",
                "throughput_kg": kg,
            }
        else:
            fix = {"text": "延长转运或终端时段 · longer hours of haulage or of the terminal"}
        found.append(Uncovered(duty, cause, _words(cause, f"{kg / 1000:.1f} t"), fix))
    return found


def _smallest_fix(situation: Situation, key: Key, groups: Sequence[_Group]) -> dict[str, Any]:
    """The first change, from small to large, with which nothing of the job is left over."""
    if situation.effort.interrupted.is_set:
        return {"text": "提前停止，未试算 · stopped early, nothing tried"}
    job = next((one.job for one in situation.searched if one.job.key == key), None)
    lacking = tuple(duty for group in groups for duty in group.duties)
    duties = job.duties if job else lacking
    missing_s = sum(_least_s(situation, key, duty) for duty in lacking)
    if job and job.vehicles:
        for minutes in OVERTIME_MIN:
            if minutes * 60 * len(job.vehicles) < missing_s:
                continue
            if not _left_over(situation, key, duties, job.vehicles, minutes):
                return _overtime_fix(key, minutes)
    kind = _kind_for(situation.district, key[0], lacking[0])
    out = sum(vehicle.type_id == kind.id for vehicle in job.vehicles) if job else 0
    return _fleet_fix(situation, key, duties, kind, out)


def _overtime_fix(key: Key, minutes: int) -> dict[str, Any]:
    return {
        "text": f"{key[1]} 班延长 {minutes} 分钟 · {minutes} min of overtime in shift {key[1]}",
        "order": {"order": "overtime", "shift": key[1], "minutes": minutes},
    }


def _fleet_fix(
    situation: Situation, key: Key, duties: Sequence[Duty], kind: VehicleType, out: int
) -> dict[str, Any]:
    """The fewest trucks of a type that cover the job, within the trucks there are.

    Args:
        kind: does best what is left over.
        out: how many of it go out already.
    """
    district = situation.district
    ready = available_vehicles(district.vehicles, situation.off, {}).vehicles
    most = sum(vehicle.type_id == kind.id for vehicle in ready)
    low = out + 1

    def suffices(number: int) -> bool:
        caps = {kind.id: number}
        vehicles = available_vehicles(district.vehicles, situation.off, caps).vehicles
        return not _left_over(situation, key, duties, vehicles, 0)

    if low > most or not suffices(most):
        unit, who = ("名", "crews") if kind.on_foot else ("辆", "trucks")
        zh = f"{most} {unit}{kind.name}全部出车仍不够"
        return {"text": f"{zh} · all {most} {who} of type {kind.id} do not suffice"}
    best = most
    while low < best:
        middle = (low + best) // 2
        if suffices(middle):
            best = middle
        else:
            low = middle + 1
    unit = "名" if kind.on_foot else "辆"
    return {
        "text": f"{kind.name}增至 {best} {unit}（+{best - out}） · "
        f"{kind.id}s={best} (+{best - out})",
        "fleet": {kind.id: best},
        "option": f"--fleet {kind.id}s={best}",
    }


def _least_s(situation: Situation, key: Key, duty: Duty) -> int:
    """Work alone, without any way: no change below this can do."""
    kind = _kind_for(situation.district, key[0], duty)
    if duty.site_id:
        return stop_s(kind, duty)
    return service_s(kind, *key, duty.length_m, duty.bins)


def _kind_for(district: District, service: str, duty: Duty) -> VehicleType:
    """The type that does a duty best."""
    able = [kind for kind in district.vehicle_types if service in kind.services]
    return next((kind for kind in able if kind.id in duty.types[:1]), able[0])


def _left_over(
    situation: Situation,
    key: Key,
    duties: Iterable[Duty],
    vehicles: Sequence[Vehicle],
    overtime_min: int,
) -> int:
    """Duties that are left over when the job is planned again with a change."""
    duties = tuple(duties)
    overtime_s = overtime_min * 60
    if overtime_s:
        duties = longer_windows(duties, {key[1]: overtime_s}, situation.conditions)
    memory = situation.wishes.memory
    if overtime_s:
        # The same trucks keep their routes; with more of them everything is dealt out anew.
        memory = remember([one for one in situation.searched if one.job.key == key])
    jobs: tuple[Job, ...] = share_out(
        situation.district, situation.ground, duties, vehicles, {}, memory
    )
    rooms = {one.job.key: one.job.room_kg for one in situation.searched}
    jobs = tuple(replace(job, room_kg=rooms.get(job.key, {})) for job in jobs)
    if overtime_s:
        # Overtime is for the trucks that are out already.
        jobs = tuple(replace(job, vehicles=tuple(vehicles)) for job in jobs)
    wishes = replace(
        situation.wishes,
        memory=memory,
        overtime_s={key: {vehicle.id: overtime_s for vehicle in vehicles}} if overtime_s else {},
    )
    effort = replace(situation.effort, iterations=TRIAL_PER_DUTY * len(duties), time_limit_s=None)
    idle = sum(not duty.may_wait for job in jobs if not job.vehicles for duty in job.duties)
    jobs = tuple(job for job in jobs if job.vehicles)
    searched = search_all(
        situation.district, situation.ground, jobs, wishes, effort, lambda stage, done: None
    )
    timed = set_departures(situation.district, searched, lambda: False, situation.stock_kg)
    left = [one.workload.duties[task] for one in searched for task in one.solution.dropped]
    left += [duty for one in timed for duty in one.left]
    return idle + sum(not duty.may_wait for duty in left)
