"""A problem too large for a matrix, its parts as problems of their own, and its evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routes.problem import NO_LIMIT, RoutingProblem, Weights
from routes.solution import Evaluation, Restore, Route, Serve, Solution, Step, evaluate
from routes.zone_ways import Labels, Ways, WayTable, metres, seconds

_OF_TASKS = ("demand", "window_s", "drop_cost", "group", "allowed")
_OF_MODES = ("service_s", "service_m")
_OF_VEHICLES = ("vehicle_type", "shift_s", "max_s", "capacity", "fixed_cost", "target_s", "most")
_OF_RESTORES = ("restore_s", "restore_m", "restore_cost", "restore_window_s")
_NUMBERS = ("must_end_restored", "rest_after_s", "rest_s", "rest_within_s", "weights")
_PLACES = ("mode_entry", "mode_exit", "start_place", "end_place", "restore_in", "restore_out")
_USEFUL = 3  # restores that a part keeps for each of its tasks: those nearest to it


@dataclass(frozen=True, eq=False)
class LargeProblem:
    """A RoutingProblem whose ways are streets instead of matrices.

    Travel:
        ways: the street graph. From place p to place q a vehicle takes its fastest way from node
            stand_node[p] to node begin_node[q], of equally fast ones the shortest.
        stand_node, begin_node: (P,) int32 nodes of the graph where a vehicle at a place stands,
            and where one that wants to begin there must be. They are the same where turns do not
            count.

    All other fields are those of routes.problem.RoutingProblem.

    Raises:
        ValueError: names the array, the index of the first bad entry and its value.
    """

    ways: Ways
    stand_node: NDArray[np.int32]
    begin_node: NDArray[np.int32]
    mode_first: NDArray[np.int32]
    mode_entry: NDArray[np.int32]
    mode_exit: NDArray[np.int32]
    service_s: NDArray[np.int32]
    service_m: NDArray[np.int32]
    demand: NDArray[np.int32]
    window_s: NDArray[np.int64]
    drop_cost: NDArray[np.int64]
    group: NDArray[np.int32]
    allowed: NDArray[np.bool_]
    pinned: NDArray[np.int32]
    preferred: NDArray[np.int32]
    vehicle_type: NDArray[np.int32]
    start_place: NDArray[np.int32]
    end_place: NDArray[np.int32]
    shift_s: NDArray[np.int64]
    max_s: NDArray[np.int64]
    capacity: NDArray[np.int32]
    fixed_cost: NDArray[np.int64]
    target_s: NDArray[np.int64]
    restore_in: NDArray[np.int32]
    restore_out: NDArray[np.int32]
    restore_s: NDArray[np.int32]
    restore_m: NDArray[np.int32]
    restore_cost: NDArray[np.int64]
    must_end_restored: bool = False
    rest_after_s: int = NO_LIMIT
    rest_s: int = 0
    most: NDArray[np.int64] | None = None
    restore_window_s: NDArray[np.int64] | None = None
    rest_within_s: tuple[int, int] | None = None
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        if self.stand_node.shape != self.begin_node.shape or self.stand_node.ndim != 1:
            raise ValueError(
                f"begin_node has shape {self.begin_node.shape}, stand_node {self.stand_node.shape}"
            )
        limits = dict.fromkeys(_PLACES, len(self.stand_node) - 1)
        for name, most in {
            **limits, "stand_node": self.ways.nodes - 1, "begin_node": self.ways.nodes - 1,
        }.items():  # fmt: skip
            array = getattr(self, name)
            for at in np.flatnonzero((array < 0) | (array > most))[:1]:
                raise ValueError(f"{name}[{at}] is {array[at]}, not within 0 .. {most}")
        # the same problem in a town of one place has all else to check
        point = np.zeros((1, 1), np.int32)
        places = {name: np.zeros_like(getattr(self, name)) for name in _PLACES}
        names = ("mode_first", "pinned", "preferred", *_OF_TASKS, *_OF_MODES, *_OF_VEHICLES,
                 *_OF_RESTORES, *_NUMBERS)  # fmt: skip
        rest: dict[str, Any] = {name: getattr(self, name) for name in names}
        RoutingProblem(time_s=point, dist_m=point, **places, **rest)

    @property
    def tasks(self) -> int:
        return len(self.mode_first) - 1

    @property
    def vehicles(self) -> int:
        return len(self.vehicle_type)


def way_table(problem: LargeProblem) -> WayTable:
    """The ways of a problem: balls for its tasks, all of them for its depots and facilities."""
    p = problem
    # a part's matrix is square: each of its places has a row and a column
    places = np.unique(np.concatenate([getattr(p, name) for name in _PLACES]))
    ends, begins = p.stand_node[places], p.begin_node[places]
    hubs_out = p.stand_node[np.concatenate((p.start_place, p.restore_out))]
    hubs_in = p.begin_node[np.concatenate((p.end_place, p.restore_in))]
    return WayTable(p.ways, ends, begins, hubs_out, hubs_in)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Some tasks, vehicles and restores of a large problem: a problem of its own.

    tasks, modes, vehicles, restores: ascending; what each number of the part means in the large
    problem.
    """

    problem: RoutingProblem
    tasks: NDArray[np.int64]
    modes: NDArray[np.int64]
    vehicles: NDArray[np.int64]
    restores: NDArray[np.int64]

    def outward(self, route: Route) -> Route:
        """A route of the part as one of the large problem."""
        tasks, modes, restores = self.tasks, self.modes, self.restores

        def step(one: Step) -> Step:
            if isinstance(one, Serve):
                return Serve(int(tasks[one.task]), int(modes[one.mode]))
            return Restore(int(restores[one.option])) if isinstance(one, Restore) else one

        vehicle = int(self.vehicles[route.vehicle])
        return Route(vehicle, route.start_s, tuple(step(one) for one in route.steps))

    def inward(self, routes: Sequence[Route], dropped: NDArray[np.int64]) -> Solution:
        """A solution of the part, given in the numbers of the large problem."""
        tasks = {int(name): k for k, name in enumerate(self.tasks)}
        modes = {int(name): k for k, name in enumerate(self.modes)}
        restores = {int(name): k for k, name in enumerate(self.restores)}

        def step(one: Step) -> Step:
            if isinstance(one, Serve):
                return Serve(tasks[one.task], modes[one.mode])
            return Restore(restores[one.option]) if isinstance(one, Restore) else one

        inside = sorted(
            (int(np.searchsorted(self.vehicles, route.vehicle)), route) for route in routes
        )
        return Solution(
            tuple(Route(v, r.start_s, tuple(step(one) for one in r.steps)) for v, r in inside),
            tuple(tasks[int(task)] for task in np.sort(dropped)),
        )


def cut_out(
    problem: LargeProblem,
    table: WayTable,
    tasks: NDArray[np.int64],
    vehicles: NDArray[np.int64],
    used_restores: NDArray[np.int64],
) -> Part:
    """A part with the matrix of its own places.

    A preference for a vehicle that is not in the part is left out: no route of the part can meet
    it. A pin to one has to be.

    Args:
        problem: the large problem.
        table: its ways.
        tasks, vehicles: ascending.
        used_restores: restores that the part must have, beside those nearest to its tasks.

    Raises:
        ValueError: a task is pinned to a vehicle that is not in the part.
    """
    p = problem
    count = np.diff(p.mode_first)[tasks]
    first = np.append(0, np.cumsum(count)).astype(np.int32)
    modes = np.repeat(p.mode_first[tasks] - first[:-1], count) + np.arange(first[-1])
    restores = np.union1d(used_restores, _useful(p, table, tasks)).astype(np.int64)
    number = np.full(p.vehicles + 1, -1, np.int32)
    number[vehicles] = np.arange(len(vehicles))
    pinned = number[p.pinned[tasks]]
    for k in np.flatnonzero((p.pinned[tasks] >= 0) & (pinned < 0))[:1]:
        raise ValueError(f"task {tasks[k]} is pinned to {p.pinned[tasks[k]]}, not in the part")
    columns = [
        p.mode_entry[modes], p.mode_exit[modes], p.start_place[vehicles], p.end_place[vehicles],
        p.restore_in[restores], p.restore_out[restores],
    ]  # fmt: skip
    places, inside = np.unique(np.concatenate(columns), return_inverse=True)
    time_s, dist_m = table.matrix(p.stand_node[places], p.begin_node[places])
    ends = np.cumsum([len(column) for column in columns])[:-1]
    numbered = np.split(inside.astype(np.int32), ends)
    fields: dict[str, Any] = dict(zip(_PLACES, numbered, strict=True))
    fields |= {name: getattr(p, name)[tasks] for name in _OF_TASKS}
    fields |= {name: getattr(p, name)[modes] for name in _OF_MODES}
    for names, chosen in ((_OF_VEHICLES, vehicles), (_OF_RESTORES, restores)):
        arrays = {name: getattr(p, name) for name in names}
        fields |= {name: None if a is None else a[chosen] for name, a in arrays.items()}
    fields |= {name: getattr(p, name) for name in _NUMBERS}
    part = RoutingProblem(
        time_s=time_s, dist_m=dist_m, mode_first=first, pinned=pinned,
        preferred=number[p.preferred[tasks]], **fields,
    )  # fmt: skip
    return Part(part, tasks, modes.astype(np.int64), vehicles, restores)


def _useful(p: LargeProblem, table: WayTable, tasks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The restores nearest to any of the tasks: there and back, and the time inside."""
    options = len(p.restore_in)
    if options <= _USEFUL or not len(tasks):
        return np.arange(options)
    modes = p.mode_first[tasks]
    there = table.into(p.begin_node[p.restore_in], p.stand_node[p.mode_exit[modes]])
    back = table.out_of(p.stand_node[p.restore_out], p.begin_node[p.mode_entry[modes]])
    ways = seconds(there).astype(np.int64) + seconds(back)
    cost = p.weights.time * (ways + p.restore_s[:, None]) + p.restore_cost[:, None]
    if p.weights.distance:
        far = metres(there).astype(np.int64) + metres(back)
        cost += p.weights.distance * (far + p.restore_m[:, None])
    return np.unique(np.argpartition(cost, _USEFUL - 1, axis=0)[:_USEFUL])


def tied_cost(problem: LargeProblem | RoutingProblem, vehicle: NDArray[np.int64]) -> int:
    """What split groups and moved tasks cost, when task t is served by vehicle[t], or by none: -1.

    A part knows nothing of the vehicles outside it, so the cost of a solution is not the sum of
    its parts' costs in these two.
    """
    served = vehicle >= 0
    moved = served & (problem.preferred >= 0) & (problem.preferred != vehicle)
    grouped = served & (problem.group >= 0)
    hands = np.unique(np.column_stack((problem.group, vehicle))[grouped], axis=0)
    split = len(hands) - len(np.unique(hands[:, 0]))
    return problem.weights.moved * int(moved.sum()) + problem.weights.split_group * split


class _Legs:
    """Looks like a matrix to evaluate(); holds only the ways that a solution takes."""

    def __init__(self, values: dict[tuple[int, int], int]) -> None:
        self._values = values

    def __getitem__(self, places: tuple[int, int]) -> int:
        return self._values[int(places[0]), int(places[1])]


class _Replay:
    """Looks like a RoutingProblem to evaluate(), with the ways that a solution takes."""

    def __init__(self, problem: LargeProblem, pairs: NDArray[np.int32], labels: Labels) -> None:
        self._problem = problem
        keys = [(int(a), int(b)) for a, b in pairs]
        self.time_s = _Legs(dict(zip(keys, seconds(labels).tolist(), strict=True)))
        self.dist_m = _Legs(dict(zip(keys, metres(labels).tolist(), strict=True)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._problem, name)


def evaluate_large(
    problem: LargeProblem, solution: Solution, table: WayTable | None = None
) -> Evaluation:
    """routes.solution.evaluate for a large problem: it replays every step, and searches anew for
    each way that the solution takes.

    Args:
        problem: the large problem.
        solution: any solution whose tasks, modes, vehicles and options exist in the problem.
        table: the problem's ways, if they are there already.
    """
    p = problem
    legs = {leg for route in solution.routes for leg in _legs_of(p, route)}
    pairs = np.array(sorted(legs), np.int32).reshape(-1, 2)
    labels = (table or way_table(p)).legs(p.stand_node[pairs[:, 0]], p.begin_node[pairs[:, 1]])
    replay: Any = _Replay(p, pairs, labels)
    return evaluate(replay, solution)


def _legs_of(p: LargeProblem, route: Route) -> list[tuple[int, int]]:
    """The ways of a route as pairs of places."""
    legs = []
    place = int(p.start_place[route.vehicle])
    for step in route.steps:
        if isinstance(step, Serve):
            legs.append((place, int(p.mode_entry[step.mode])))
            place = int(p.mode_exit[step.mode])
        elif isinstance(step, Restore):
            legs.append((place, int(p.restore_in[step.option])))
            place = int(p.restore_out[step.option])
    return [*legs, (place, int(p.end_place[route.vehicle]))]
