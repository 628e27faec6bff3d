"""Timelines of trucks that leave the district into runs: what is taken on, ways outside, tipping.

A hook-lift takes a container at a station and drives to its terminal; a vacuum truck drives by
street to the nearest place from which a way leads to the plant, or comes back by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from sanitation.compile import Who, as_run, way_of
from sanitation.duties import haulage
from sanitation.duties.haulage import way_to_terminal
from sanitation.ground import Ground, gateway
from sanitation.model import District, Run, Stop
from sanitation.timing import Event, Timeline
from sanitation.workload import Workload


def leaves_district(ground: Ground, workload: Workload) -> bool:
    """Whether a terminal is among the places of a workload."""
    return bool((workload.places >= len(ground.exits)).any())


def compile_outside(
    district: District,
    ground: Ground,
    workload: Workload,
    line: Timeline,
    **who: Unpack[Who],
) -> Run:
    """One run of a truck that goes to terminals.

    A haul becomes three rows: service, transfer and unload. A way to a terminal or back becomes
    a transfer, and a row on the streets where the way of the table begins elsewhere.
    """
    depot_id = workload.vehicles[line.route.vehicle].depot_id
    node = _node(ground, ground.place[depot_id])
    stops = [Stop("depart", line.start_s, line.start_s, nodes=(node,), facility=depot_id)]
    for event in line.events:
        before = stops[-1]
        stops += _rows(district, ground, workload, event, before.nodes[-1], before.load_kg)
    return as_run(workload, line, stops, **who)


def _node(ground: Ground, place: int) -> int:
    """OpenStreetMap id of the node where a place inside the district is that is no section."""
    return int(ground.network.node_ids[~ground.entries[place]])


def _rows(
    district: District, ground: Ground, workload: Workload, event: Event, at: int, load_kg: int
) -> Iterator[Stop]:
    """The rows of an event that begins at node ``at`` with so many kilograms on board."""
    if event.kind == "service" and workload.service == haulage.SERVICE:
        yield from _hauled(district, workload, event, at)
    elif event.kind == "service":
        duty = workload.duties[event.task]
        yield Stop(
            "service",
            event.start_s,
            event.end_s,
            nodes=(at,),
            duty_id=duty.id,
            round_no=duty.round_no,
            site_id=duty.site_id,
            stream=duty.stream,
            load_kg=load_kg + duty.load_kg,
        )
    elif event.kind == "unload":
        yield Stop("unload", event.start_s, event.end_s, nodes=(at,), facility=event.facility)
    elif event.kind in ("travel", "return"):
        yield from _driven(district, ground, workload, event, at, load_kg)
    else:
        yield Stop(event.kind, event.start_s, event.end_s, nodes=(at,), load_kg=load_kg)


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


def _driven(
    district: District, ground: Ground, workload: Workload, event: Event, at: int, load_kg: int
) -> Iterator[Stop]:
    """A way by streets, with the way from or to a terminal before or after it.

    Who comes from a terminal straight to the depot returns there without a way.
    """
    inside = len(ground.exits)
    origin, goal = (int(workload.places[place]) for place in (event.origin, event.goal))
    clock_s, until_s, last = event.start_s, event.end_s, None
    if origin >= inside:
        way = gateway(district, ground, goal, origin, back=True)
        origin = ground.place[way.place_id]
        nodes = at, _node(ground, origin)
        clock_s += way.travel_s
        yield Stop(
            "transfer",
            event.start_s,
            clock_s,
            nodes=nodes,
            length_m=way.length_m,
            facility=way.place_id,
            load_kg=load_kg,
        )
        at = nodes[-1]
    if goal >= inside:
        last = gateway(district, ground, origin, goal)
        goal = ground.place[last.place_id]
        until_s -= last.travel_s
    if until_s > clock_s or event.kind == "return":
        arcs = way_of(ground, origin, goal) if until_s > clock_s else ()
        network = ground.network
        yield Stop(
            event.kind,
            clock_s,
            until_s,
            nodes=(at, *(int(network.node_ids[network.head[arc]]) for arc in arcs)),
            ways=tuple(int(network.way_ids[arc]) for arc in arcs),
            length_m=network.length_of(arcs),
            facility=last.place_id if last is not None else "",
            load_kg=load_kg,
        )
    if last is not None:
        there = _node(ground, goal)
        yield Stop(
            "transfer",
            until_s,
            event.end_s,
            nodes=(there, there),
            length_m=last.length_m,
            facility=last.terminal_id,
            load_kg=load_kg,
        )
