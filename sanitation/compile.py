"""Timelines into runs: the streets driven, what is in the tanks, ids instead of indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from fleet.model import VehicleType
from sanitation.ground import Ground
from sanitation.model import Run, Stop
from sanitation.timing import Event, Timeline
from sanitation.workload import Workload, dirty_l, water_l

# A turn onto the next section is part of its pass; turning round or a way to drive is a row.
TURN_S = 15


class Who(TypedDict):
    """Under which id and with whom a run is driven."""

    run_id: str
    vehicle_id: str
    driver_id: str
    helper_ids: tuple[str, ...]


def compile_run(
    ground: Ground,
    workload: Workload,
    line: Timeline,
    kind: VehicleType,
    **who: Unpack[Who],
) -> Run:
    """One run with every street node it passes.

    Args:
        kind: the vehicle's type, for the tanks.
        who: who and what drives it.
    """
    depot_id = workload.vehicles[line.route.vehicle].depot_id
    clean, dirty, load = kind.clean_l, 0, 0
    at = ground.node[depot_id]
    stops = [
        Stop(
            "depart",
            line.start_s,
            line.start_s,
            nodes=(int(ground.network.node_ids[at]),),
            facility=depot_id,
            water_l=clean,
            dirty_l=dirty,
        )
    ]
    turned_s = 0
    for index, event in enumerate(line.events):
        arcs: tuple[int, ...] = ()
        took_from = event.start_s - turned_s
        turned_s = 0
        if event.kind in ("travel", "return"):
            arcs = way_of(
                ground, int(workload.places[event.origin]), int(workload.places[event.goal])
            )
            following = line.events[index + 1] if index + 1 < len(line.events) else None
            if not arcs and following and _joins(workload, event, following):
                turned_s = event.end_s - event.start_s
                continue
        elif event.kind == "service":
            duty = workload.duties[event.task]
            load += duty.load_kg
            arcs = ground.by_id[duty.section_id].arcs if duty.section_id else ()
            used = water_l(kind, workload.service, workload.shift_id, duty.length_m)
            clean -= used
            dirty += dirty_l(kind, used) if kind.dirty_l else 0
        elif event.kind == "dump":
            dirty = 0
        elif event.kind == "unload":
            load = 0
        elif event.kind == "fill":
            clean = kind.clean_l
        nodes = [at] + [int(ground.network.head[arc]) for arc in arcs]
        at = nodes[-1]
        stops.append(_stop(ground, workload, event, took_from, arcs, nodes, clean, dirty, load))
    return as_run(workload, line, stops, **who)


def as_run(workload: Workload, line: Timeline, stops: Sequence[Stop], **who: Unpack[Who]) -> Run:
    """The run of a timeline with its rows."""
    return Run(
        id=who["run_id"],
        service=workload.service,
        shift_id=workload.shift_id,
        vehicle_id=who["vehicle_id"],
        driver_id=who["driver_id"],
        helper_ids=who["helper_ids"],
        depot_id=workload.vehicles[line.route.vehicle].depot_id,
        start_s=line.start_s,
        end_s=line.end_s,
        stops=tuple(stops),
    )


def _joins(workload: Workload, turn: Event, following: Event) -> bool:
    """Whether a mere turn can count as a part of the pass after it: short, and in its window."""
    return (
        following.kind == "service"
        and turn.end_s - turn.start_s <= TURN_S
        and any(
            window.start_s <= turn.start_s and following.end_s <= window.end_s
            for window in workload.duties[following.task].windows
        )
    )


def way_of(ground: Ground, origin: int, goal: int) -> tuple[int, ...]:
    """The arcs from a place of the ground to another."""
    leg = ground.router.leg(int(ground.exits[origin]), int(ground.entries[goal]))
    return leg.arcs


def _stop(
    ground: Ground,
    workload: Workload,
    event: Event,
    start_s: int,
    arcs: tuple[int, ...],
    nodes: list[int],
    clean: int,
    dirty: int,
    load: int,
) -> Stop:
    network = ground.network
    duty = workload.duties[event.task] if event.task >= 0 else None
    return Stop(
        kind=event.kind,
        start_s=start_s,
        end_s=event.end_s,
        nodes=tuple(int(network.node_ids[node]) for node in nodes),
        ways=tuple(int(network.way_ids[arc]) for arc in arcs),
        length_m=duty.length_m if duty else network.length_of(arcs),
        duty_id=duty.id if duty else "",
        section_id=duty.section_id if duty else "",
        road_id=duty.road_id if duty else "",
        pass_no=duty.pass_no if duty else 0,
        round_no=duty.round_no if duty else 0,
        lane=duty.lane if duty else 0,
        facility=event.facility,
        water_l=clean,
        dirty_l=dirty,
        site_id=duty.site_id if duty else "",
        stream=duty.stream if duty else "",
        load_kg=load,
        bins=duty.bins if duty else 0,
    )
