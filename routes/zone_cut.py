"""A town cut into zones of neighbouring tasks, and its vehicles shared out among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routes.zone_problem import LargeProblem
from routes.zone_ways import WayTable, seconds

Numbers = NDArray[np.int64]


def task_nodes(problem: LargeProblem, modes: Numbers) -> NDArray[np.int32]:
    """(N,) the node where service of each task begins in the mode given."""
    return problem.begin_node[problem.mode_entry[modes]]


def zones_of(problem: LargeProblem, table: WayTable, size: int) -> list[Numbers]:
    """All tasks in zones of at most `size`, each cut in two halves while it is larger.

    A zone is cut across its longest way: between two ends, each far from the other, a task goes
    with the nearer one.

    Returns:
        The tasks of each zone, ascending. Zones that follow one another lie beside each other.
    """
    node = task_nodes(problem, problem.mode_first[:-1].astype(np.int64))
    waiting = [np.arange(problem.tasks)]
    zones: list[Numbers] = []
    while waiting:
        zone = waiting.pop()
        if len(zone) <= size:
            zones.append(np.sort(zone))
            continue
        nodes = node[zone]
        one = nodes[np.argmax(_ways_to(table, int(nodes[0]), nodes))]
        from_one = _ways_to(table, int(one), nodes)
        other = nodes[np.argmax(from_one)]
        nearer = from_one - _ways_to(table, int(other), nodes)
        order = np.argsort(nearer, kind="stable")
        half = len(zone) // 2
        waiting += [zone[order[half:]], zone[order[:half]]]
    return zones


def _ways_to(table: WayTable, source: int, nodes: NDArray[np.int32]) -> Numbers:
    wanted = np.zeros(table.nodes, np.bool_)
    wanted[nodes] = True
    labels = table.around(source, wanted, int(wanted.sum()))
    return seconds(labels)[nodes].astype(np.int64)


def share_vehicles(
    problem: LargeProblem, table: WayTable, zones: list[Numbers]
) -> tuple[list[Numbers], list[Numbers]]:
    """Vehicles for each zone, by type in proportion to the work that the type may do there.

    Of one type, those go to a zone whose depots are near it. A vehicle to which tasks are pinned,
    or that had them before, goes where most of those are; tasks pinned to it follow.

    Returns:
        The tasks and the vehicles of each zone, both ascending.
    """
    p = problem
    zone_of = np.empty(p.tasks, np.int64)
    for k, zone in enumerate(zones):
        zone_of[zone] = k
    held = np.where(p.pinned >= 0, p.pinned, p.preferred)
    votes = np.zeros((p.vehicles, len(zones)), np.int64)
    np.add.at(votes, (held[held >= 0], zone_of[held >= 0]), 1)
    bound = np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
    zone_of = np.where(p.pinned >= 0, np.append(bound, -1)[p.pinned], zone_of)
    far = _from_depots(p, table, zone_of, len(zones))
    work = p.demand[:, 0] if p.demand.shape[1] else p.service_s[p.mode_first[:-1], 0]
    for kind in range(p.allowed.shape[1]):
        of_type = np.flatnonzero(p.vehicle_type == kind)
        there = np.bincount(zone_of, work * p.allowed[:, kind], len(zones)).astype(np.float64)
        has = np.bincount(bound[of_type][bound[of_type] >= 0], minlength=len(zones))
        free = of_type[bound[of_type] < 0]
        bound[free] = _nearest_slots(far[free], _shares(there, has, len(of_type)))
    return (
        [np.flatnonzero(zone_of == k) for k in range(len(zones))],
        [np.flatnonzero(bound == k) for k in range(len(zones))],
    )


def _from_depots(
    p: LargeProblem, table: WayTable, zone_of: Numbers, zones: int
) -> NDArray[np.float64]:
    """(V, Z) mean seconds from where a vehicle starts to the tasks of a zone."""
    nodes = task_nodes(p, p.mode_first[:-1].astype(np.int64))
    starts, of_vehicle = np.unique(p.stand_node[p.start_place], return_inverse=True)
    way = seconds(table.out_of(starts, nodes))
    count = np.maximum(1, np.bincount(zone_of, minlength=zones))
    mean = np.array([np.bincount(zone_of, row, zones) / count for row in way])
    return mean.reshape(len(starts), zones)[of_vehicle]


def _shares(work: NDArray[np.float64], has: Numbers, vehicles: int) -> Numbers:
    """How many more vehicles each zone gets: in all as many as are left, none below zero.

    Largest remainders: the next vehicle goes where most work waits for each vehicle.
    """
    left = vehicles - int(has.sum())
    due = work * (vehicles / work.sum()) if work.sum() else np.full(len(work), vehicles / len(work))
    more: Numbers = np.maximum(0, np.floor(due).astype(np.int64) - has)
    while more.sum() > left:
        more[np.argmax(np.where(more > 0, more + has - due, -np.inf))] -= 1
    while more.sum() < left:
        more[np.argmax(due - has - more)] += 1
    return more


def _nearest_slots(far: NDArray[np.float64], more: Numbers) -> Numbers:
    """(V,) the zone of each vehicle, `more` of them in each, with the least ways in all."""
    from scipy.optimize import linear_sum_assignment

    slots = np.repeat(np.arange(len(more)), more)
    vehicles, chosen = linear_sum_assignment(far[:, slots])
    zone = np.empty(len(far), np.int64)
    zone[vehicles] = slots[chosen]
    return zone
