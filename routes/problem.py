"""The routing problem: tasks with modes, vehicles with tanks, facilities, windows and weights.

Units: seconds, metres and integers throughout; ends of windows are excluded. A *place* is an
index into the matrices: row = where a vehicle stands, column = where it wants to begin. Several
passes of a street share its places, so the matrices do not grow with the passes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NO_LIMIT = 1 << 40


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each thing costs. All integers, so that sums are exact."""

    time: int = 1  # a second of a run
    distance: int = 0  # a metre of travel
    late_balance: int = 0  # a second of a run outside its vehicle's target band
    split_group: int = 0  # each further vehicle that serves a task of a group
    moved: int = 0  # a task not served by its preferred vehicle


@dataclass(frozen=True, eq=False)
class RoutingProblem:
    """One problem, streets and stops alike. P places, N tasks, M modes, V vehicles, Y types.

    Travel:
        time_s, dist_m: (P, P) int32. From standing at a place to beginning at a place. Turn
            penalties and restrictions are inside. Vehicle speeds on the way are one for all.

    Tasks:
        mode_first: (N + 1,) int32. Task t is served in one of the modes
            mode_first[t] .. mode_first[t + 1] - 1.
        mode_entry, mode_exit: (M,) int32 places where service begins and ends.
        service_s: (M, Y) int32, time to serve, by vehicle type.
        service_m: (M,) int32, metres driven while serving.
        demand: (N, R) int32. What serving takes of each of the R resources (a tank's litres used,
            the other tank's litres gained, kilograms loaded). R may be 0.
        window_s: (N, W, 2) int64. Service starts and ends inside one of the W windows; sorted;
            unused ones repeat the last.
        drop_cost: (N,) int64, the cost of leaving the task out.
        group: (N,) int32, tasks that should be in one vehicle's hands, or -1.
        allowed: (N, Y) bool, types that may serve it.
        pinned: (N,) int32, the only vehicle that may serve it, or -1.
        preferred: (N,) int32, the vehicle it had before, or -1.

    Vehicles (each one is a slot for at most one route):
        vehicle_type: (V,) int32.
        start_place, end_place: (V,) int32.
        shift_s: (V, 2) int64, earliest departure and latest return.
        max_s: (V,) int64, longest route, rests included.
        capacity: (V, R) int32, at departure all of it is free.
        fixed_cost: (V,) int64, cost of using the vehicle.
        target_s: (V, 2) int64, band for the route's length; outside it a second costs
            weights.late_balance. (0, NO_LIMIT) for none.
        most: (V, R) int64, the most of each resource that a route may take in all, however often
            it is restored; None for no limits.

    Restores (facility visits; one visit frees the whole capacity of every resource):
        restore_in, restore_out: (K,) int32 places; restore_s: (K,) int32 time inside (a chain of
            dump and fill counts the way between); restore_m: (K,) int32; restore_cost: (K,) int64.
        must_end_restored: bool, a route with demand, of any resource, since the last visit ends
            with one more.
        restore_window_s: (K, 2) int64, when the facility is open: a visit starts and ends inside,
            and a vehicle that is early waits; None for always.

    Rest:
        rest_after_s: longest stretch of a route without rest; rest_s: length of a rest. A rest is
            taken between two steps, never during one, and a restore is no rest.
            (NO_LIMIT, 0) for none.
        rest_within_s: a lunch instead: each route has exactly one rest, which begins between these
            two times of the day, both included; a vehicle may wait for it. rest_after_s is
            NO_LIMIT then. None for the rule above.

    Frozen data: do not write into the arrays; make variants with dataclasses.replace().
    """

    time_s: NDArray[np.int32]
    dist_m: NDArray[np.int32]
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
    weights: Weights = field(default_factory=Weights)
    most: NDArray[np.int64] | None = None
    restore_window_s: NDArray[np.int64] | None = None
    rest_within_s: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        """Check shapes, indices and ranges.

        Raises:
            ValueError: names the array, the index of the first bad entry and its value.
        """
        places, tasks = len(self.time_s), len(self.mode_first) - 1
        modes, vehicles = len(self.mode_entry), len(self.vehicle_type)
        options = len(self.restore_in)
        if tasks < 0:
            raise ValueError("mode_first needs at least one entry, it has none")
        types = self.service_s.shape[1] if self.service_s.ndim == 2 else -1
        resources = self.demand.shape[1] if self.demand.ndim == 2 else -1
        windows = self.window_s.shape[1] if self.window_s.ndim == 3 else -1
        shapes: dict[str, tuple[int, ...]] = {
            "time_s": (places, places), "dist_m": (places, places), "mode_first": (tasks + 1,),
            "mode_entry": (modes,), "mode_exit": (modes,), "service_s": (modes, types),
            "service_m": (modes,), "demand": (tasks, resources), "window_s": (tasks, windows, 2),
            "drop_cost": (tasks,), "group": (tasks,), "allowed": (tasks, types),
            "pinned": (tasks,), "preferred": (tasks,), "vehicle_type": (vehicles,),
            "start_place": (vehicles,), "end_place": (vehicles,), "shift_s": (vehicles, 2),
            "max_s": (vehicles,), "capacity": (vehicles, resources), "fixed_cost": (vehicles,),
            "target_s": (vehicles, 2), "restore_in": (options,), "restore_out": (options,),
            "restore_s": (options,), "restore_m": (options,), "restore_cost": (options,),
        }  # fmt: skip
        if self.most is not None:
            shapes["most"] = (vehicles, resources)
        if self.restore_window_s is not None:
            shapes["restore_window_s"] = (options, 2)
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
            if array.dtype.kind not in ("b" if name == "allowed" else "iu"):
                raise ValueError(f"{name} has dtype {array.dtype}, expected integers or bool")
        if windows < 1:
            raise ValueError("window_s needs at least one window for each task")
        for name in ("mode_entry", "mode_exit", "start_place", "end_place",
                     "restore_in", "restore_out"):  # fmt: skip
            _within(name, getattr(self, name), 0, places - 1)
        _within("vehicle_type", self.vehicle_type, 0, types - 1)
        _within("pinned", self.pinned, -1, vehicles - 1)
        _within("preferred", self.preferred, -1, vehicles - 1)
        _within("group", self.group, -1, NO_LIMIT)
        for name in ("time_s", "dist_m", "service_s", "service_m", "demand", "drop_cost",
                     "max_s", "capacity", "fixed_cost",
                     "restore_s", "restore_m", "restore_cost"):  # fmt: skip
            _within(name, getattr(self, name), 0, NO_LIMIT)
        if self.mode_first[0] != 0 or self.mode_first[-1] != modes:
            raise ValueError(
                f"mode_first runs from {self.mode_first[0]} to {self.mode_first[-1]}, "
                f"expected 0 to {modes}"
            )
        for task in np.flatnonzero(np.diff(self.mode_first) < 1)[:1]:
            raise ValueError(f"mode_first[{task + 1}] is {self.mode_first[task + 1]}: no mode")
        if self.most is not None:
            _within("most", self.most, 0, NO_LIMIT)
        for name in ("window_s", "shift_s", "target_s", "restore_window_s"):
            array = getattr(self, name)
            if array is None:
                continue
            for at in np.argwhere(array[..., 0] > array[..., 1])[:1]:
                raise ValueError(f"{name}{at.tolist()} is {array[tuple(at)].tolist()}: ends first")
        for at in np.argwhere(np.diff(self.window_s, axis=1).min(axis=2) < 0)[:1]:
            raise ValueError(f"window_s[{at[0]}, {at[1] + 1}] comes before the window before it")
        if self.rest_after_s < 1 or self.rest_s < 0:
            raise ValueError(f"rest_after_s is {self.rest_after_s}, rest_s is {self.rest_s}")
        if self.rest_within_s is not None:
            if self.rest_within_s[0] > self.rest_within_s[1]:
                raise ValueError(f"rest_within_s is {self.rest_within_s}: ends first")
            if self.rest_after_s != NO_LIMIT:
                raise ValueError(f"rest_after_s is {self.rest_after_s} beside rest_within_s")
        for name in ("time", "distance", "late_balance", "split_group", "moved"):
            if getattr(self.weights, name) < 0:
                raise ValueError(f"weights.{name} is {getattr(self.weights, name)}, below 0")

    @property
    def tasks(self) -> int:
        return len(self.mode_first) - 1

    @property
    def vehicles(self) -> int:
        return len(self.vehicle_type)


def _within(name: str, array: NDArray[np.integer], low: int, high: int) -> None:
    for at in np.argwhere((array < low) | (array > high))[:1]:
        value = array[tuple(at)]
        raise ValueError(f"{name}{at.tolist()} is {value}, not within {low} .. {high}")
