"""Judges solutions of benchmark instances: cost and feasibility from the instance file alone.

Shares nothing with the engine, its matrices or routes.solution: shortest paths are found anew,
between the ends of one step and the next, by Dijkstra's algorithm on the instance's streets.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from routes.instance_model import DayRules, Instance, Site, SolutionRoutes, SolutionStep, Street

_FEET_A_MILE = 5280
_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Verdict:
    """The published objective of the set, how many routes there are, and what they break.

    cost: streets: service, travel and dumps; stops: miles. Steps that cannot be understood are
    left out of it, so it means little where there are problems.
    """

    cost: int | float
    routes: int
    feasible: bool
    problems: tuple[str, ...]


def cost_of(instance: Instance, routes: SolutionRoutes) -> Verdict:
    """Drive all routes of a solution and judge them.

    Every street or stop is served exactly once, streets in a direction they have; no vehicle ever
    carries more than its capacity; where there are facilities it comes home empty; a route with
    a limit keeps it, service, travel and dumps together. Between two steps a vehicle takes the
    shortest way; it starts and ends at the depot.

    Stops: a vehicle drives as early as it can and waits where it is too early. Service starts
    within the window of the stop or landfill; the vehicle leaves and is back within the hours of
    the depot; the last visit is to a landfill; yards and stops a day are kept. Every route has
    one lunch, spent standing: where the vehicle is, or on arrival at the next place, whichever
    lets it go on sooner. It starts between 11:00 and 12:00.
    """
    if instance.day:
        return _judge_stops(instance, instance.day, routes)
    return _judge_streets(instance, routes)


def _judge_streets(instance: Instance, routes: SolutionRoutes) -> Verdict:
    node = {number: at for at, number in enumerate(instance.nodes)}
    dumps = frozenset(instance.facilities)
    between = _shortest_ways(instance)
    runs = _directions(instance)
    served = [0] * len(instance.required)
    problems: list[str] = []
    total = 0
    for r, route in enumerate(routes):
        places, load, cost = [instance.depot], 0, 0
        before = sum(served)
        for k, step in enumerate(route):
            where = f"route {r}, step {k}: "
            if step[0] == "facility" and (site := _node_meant(step, node)) in dumps:
                places += [site, site]
                cost, load = cost + instance.dump_cost, 0
                continue
            found = _street_meant(step, node, runs)
            if isinstance(found, str):
                problems.append(where + found)
                continue
            task, entry, leave = found
            places += [entry, leave]
            served[task] += 1
            street = instance.required[task]
            cost, load = cost + street.service, load + street.demand
            if load > instance.capacity:
                problems.append(f"{where}load {load} above the capacity {instance.capacity}")
        places.append(instance.depot)
        for a, b in zip(places[::2], places[1::2], strict=True):
            way = between(a, b)
            if way is None:
                problems.append(f"route {r}: no way {instance.nodes[a]} to {instance.nodes[b]}")
            cost += way or 0
        if sum(served) == before:
            problems.append(f"route {r}: serves nothing")
        if dumps and load:
            problems.append(f"route {r}: comes home with load {load}, not empty")
        if not dumps:
            cost += instance.dump_cost
        if instance.max_trip is not None and cost > instance.max_trip:
            problems.append(f"route {r}: costs {cost}, above the limit {instance.max_trip}")
        total += cost
    for task, times in enumerate(served):
        if times != 1:
            street = instance.required[task]
            ends = f"({instance.nodes[street.a]}, {instance.nodes[street.b]})"
            problems.append(f"street {ends}, {task} in the file: served {times} times")
    return Verdict(total, len(routes), not problems, tuple(problems))


def _node_meant(step: SolutionStep, node: dict[int, int]) -> int:
    """The index of x in a step (kind, x); -1 where there is none."""
    return node.get(step[1], -1) if len(step) == 2 and isinstance(step[1], int) else -1


def _directions(instance: Instance) -> dict[tuple[int, int], list[int]]:
    """(from node, to node) -> the required streets, by their place, that may be served so."""
    runs: dict[tuple[int, int], list[int]] = {}
    for task, street in enumerate(instance.required):
        ends = {(street.a, street.b)} | (set() if street.oneway else {(street.b, street.a)})
        for way in ends:
            runs.setdefault(way, []).append(task)
    return runs


def _street_meant(
    step: SolutionStep, node: dict[int, int], runs: dict[tuple[int, int], list[int]]
) -> tuple[int, int, int] | str:
    """(place in the file, entry, exit) of a ("service", a, b[, k]), or why it is none."""
    if step[0] != "service" or len(step) not in (3, 4):
        return f"{step} is neither a service nor a visit to a facility of the instance"
    a, b = (node.get(end, -1) if isinstance(end, int) else -1 for end in step[1:3])
    if min(a, b) < 0:
        return f"{step} names a node that the instance does not have"
    meant = runs.get((a, b), [])
    if len(step) == 4:
        if step[3] not in meant:
            return f"street {step[3]} in the file does not run from {step[1]} to {step[2]}"
        return int(step[3]), a, b
    if not meant:
        return f"no street to serve runs from {step[1]} to {step[2]}"
    if len(meant) > 1:
        return f"streets {meant} run from {step[1]} to {step[2]}: say which as fourth element"
    return meant[0], a, b


def _shortest_ways(instance: Instance) -> Callable[[int, int], int | None]:
    """A function (from node, to node) -> travel cost, or None where there is no way."""
    onward: list[list[tuple[int, int]]] = [[] for _ in instance.nodes]

    def add(street: Street, a: int, b: int) -> None:
        onward[a].append((b, street.travel))

    for street in (*instance.required, *instance.links):
        add(street, street.a, street.b)
        if not street.oneway:
            add(street, street.b, street.a)

    def between(start: int, target: int) -> int | None:
        best = {start: 0}
        queue = [(0, start)]
        while queue:
            cost, at = heapq.heappop(queue)
            if at == target:
                return cost
            if cost > best[at]:
                continue
            for to, travel in onward[at]:
                if cost + travel < best.get(to, cost + travel + 1):
                    best[to] = cost + travel
                    heapq.heappush(queue, (cost + travel, to))
        return None

    return between


def _judge_stops(instance: Instance, day: DayRules, routes: SolutionRoutes) -> Verdict:
    node = {number: at for at, number in enumerate(instance.nodes)}
    stops, landfills = frozenset(instance.stops), frozenset(instance.facilities)
    served = dict.fromkeys(instance.stops, 0)
    problems: list[str] = []
    feet = 0.0
    for r, route in enumerate(routes):
        depot = at = instance.sites[instance.depot]
        now = float(depot.opens_s)
        load = yards = count = lunches = 0
        hungry = False
        last = ""
        for k, step in enumerate((*route, ("home",))):
            where = f"route {r}, step {k}: "
            if step == ("lunch",):
                lunches += 1
                hungry = True
                continue
            there = _node_meant(step, node)
            if step == ("home",):
                site = depot
            elif step[0] == "stop" and there in stops:
                site = instance.sites[there]
                served[there] += 1
                load, yards, count = load + site.load, yards + site.load, count + 1
                if load > instance.capacity:
                    problems.append(f"{where}load {load / 100} yards above the capacity")
            elif step[0] == "facility" and there in landfills:
                site, load = instance.sites[there], 0
            else:
                problems.append(f"{where}{step} is no stop, landfill or lunch of the instance")
                continue
            way = abs(at.x_ft - site.x_ft) + abs(at.y_ft - site.y_ft)
            feet += way
            now = _arrival(now, way / day.speed_ft_s, day if hungry else None, where, problems)
            hungry = False
            at = site
            if step != ("home",):
                now = _served(now, site, where, problems)
                last = str(step[0])
        if now > depot.closes_s + _ROUNDING_S:
            problems.append(f"route {r}: back at {_clock(now)}, after the depot closes")
        if not count:
            problems.append(f"route {r}: serves nothing")
        if last != "facility":
            problems.append(f"route {r}: its last visit is not to a landfill")
        if lunches != 1:
            problems.append(f"route {r}: {lunches} lunches, not one")
        if yards > day.load:
            problems.append(f"route {r}: {yards / 100} yards, above {day.load / 100} a day")
        if count > day.stops:
            problems.append(f"route {r}: {count} stops, above {day.stops} a day")
    for at_node, times in served.items():
        if times != 1:
            problems.append(f"stop {instance.nodes[at_node]}: served {times} times")
    miles = round(feet / _FEET_A_MILE, 6)
    return Verdict(miles, len(routes), not problems, tuple(problems))


def _arrival(
    now: float, drive_s: float, day: DayRules | None, where: str, problems: list[str]
) -> float:
    """When the vehicle arrives, ready to serve; with the rules of the day it has lunch first."""
    if day is None:
        return now + drive_s
    if now > day.lunch_to_s + _ROUNDING_S:
        problems.append(f"{where}the lunch before it could only start at {_clock(now)}")
    on_arrival = now + drive_s
    if on_arrival <= day.lunch_to_s:
        return max(on_arrival, day.lunch_from_s) + day.lunch_s
    return max(now, day.lunch_from_s) + day.lunch_s + drive_s


def _served(now: float, site: Site, where: str, problems: list[str]) -> float:
    if now > site.closes_s + _ROUNDING_S:
        problems.append(f"{where}arrives at {_clock(now)}, closed since {_clock(site.closes_s)}")
    return max(now, site.opens_s) + site.service_s


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
