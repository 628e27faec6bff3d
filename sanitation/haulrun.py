"""Timelines of hook-lifts into runs: containers taken, ways outside the district, tipping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from sanitation.compile import Who, as_run, way_of
from sanitation.duties.haulage import way_to_terminal
from sanitation.ground import Ground
from sanitation.model import District, Run, Stop
from sanitation.timing import Event, Timeline
from sanitation.workload import Workload


def compile_haul(
    district: District,
    ground: Ground,
    workload: Workload,
    line: Timeline,
    **who: Unpack[Who],
) -> Run:
    """One run of a hook-lift. A duty becomes three rows: service, transfer and unload."""
    depot_id = workload.vehicles[line.route.vehicle].depot_id
    node = _node(ground, depot_id)
    stops = [Stop("depart", line.start_s, line.start_s, nodes=(node,), facility=depot_id)]
    for event in line.events:
        stops += _rows(district, ground, workload, event, stops[-1].nodes[-1], depot_id)
    return as_run(workload, line, stops, **who)


def _node(ground: Ground, place: str) -> int:
    """OpenStreetMap id of the node where a depot or station stands."""
    return int(ground.network.node_ids[ground.node[place]])


def _rows(
    district: District, ground: Ground, workload: Workload, event: Event, at: int, depot_id: str
) -> Iterator[Stop]:
    """The rows of an event that begins at node ``at``."""
    if event.kind == "service":
        yield from _hauled(district, workload, event, at)
    elif event.kind not in ("travel", "return"):
        yield Stop(event.kind, event.start_s, event.end_s, nodes=(at,))
    elif int(workload.places[event.origin]) >= len(ground.exits):
        yield from _back(ground, workload, event, at, depot_id)
    else:
        arcs = way_of(ground, workload, event)
        network = ground.network
        yield Stop(
            event.kind,
            event.start_s,
            event.end_s,
            nodes=(at, *(int(network.node_ids[network.head[arc]]) for arc in arcs)),
            ways=tuple(int(network.way_ids[arc]) for arc in arcs),
            length_m=network.length_of(arcs),
        )


def _hauled(district: District, workload: Workload, event: Event, at: int) -> Iterator[Stop]:
    """The container is taken, driven to its terminal, and tipped there."""
    duty = workload.duties[event.task]
    terminal, way = way_to_terminal(district, duty.site_id, duty.stream)
    hooked_s = event.start_s + round(district.rules["hook_s"])
    there_s = hooked_s + way.travel_s
    yield Stop(
        "service",
        event.start_s,
        hooked_s,
        nodes=(at,),
        duty_id=duty.id,
        round_no=duty.round_no,
        site_id=duty.site_id,
        stream=duty.stream,
        load_kg=duty.load_kg,
    )
    yield Stop(
        "transfer",
        hooked_s,
        there_s,
        nodes=(at, at),
        length_m=way.length_m,
        facility=terminal.id,
        load_kg=duty.load_kg,
    )
    yield Stop("unload", there_s, event.end_s, nodes=(at,), facility=terminal.id)


def _back(
    ground: Ground, workload: Workload, event: Event, at: int, depot_id: str
) -> Iterator[Stop]:
    """From a terminal to the next station, or home, where the run returns without a way."""
    origin, goal = int(workload.places[event.origin]), int(workload.places[event.goal])
    place = depot_id if event.kind == "return" else _station_at(workload, event.goal)
    there = _node(ground, place)
    yield Stop(
        "transfer",
        event.start_s,
        event.end_s,
        nodes=(at, there),
        length_m=int(ground.dist_m[origin, goal]),
        facility=place,
    )
    if event.kind == "return":
        yield Stop("return", event.end_s, event.end_s, nodes=(there,))


def _station_at(workload: Workload, goal: int) -> str:
    """The station at a place of the problem."""
    entry = workload.problem.mode_entry
    return next(
        duty.site_id for task, duty in enumerate(workload.duties) if int(entry[task]) == goal
    )
