"""Lower bounds, so that every plan can say how far from the best possible it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routes.problem import RoutingProblem

_FORBIDDEN = 1 << 40
_EXACT = 2500  # rows of an assignment up to which it is solved as a whole
_NEAREST = 16
_PRICINGS = 4  # times entries are added to those of a large one


def deadhead_bound_s(problem: RoutingProblem, vehicles_used: int) -> int:
    """A lower bound of the seconds driven without work, time at facilities excluded.

    It holds for every plan that serves all tasks with exactly vehicles_used vehicles. Each task
    is left once and entered once, each vehicle leaves a depot and comes home, and each restore
    that the demand makes necessary is entered and left: an assignment of ends to beginnings of
    least time. Relaxed: that routes start and end at the same vehicle's depot, that they are
    connected, capacities of single routes, windows, shifts, rests, and that a task is entered
    and left in the same mode. Where driving through facilities is quicker than driving past, that
    counts as the way, so further restores cannot undercut the bound.

    Args:
        problem: the problem; N tasks, O(N^2) memory. Exact for the relaxation up to some 2,000
            tasks, within a few thousandths above, where an exact assignment takes too long.
        vehicles_used: how many vehicles go out, each serving at least one task.

    Raises:
        ValueError: vehicles_used is not within 1 .. the number of tasks and vehicles.
    """
    p = problem
    if p.tasks == 0 and vehicles_used == 0:
        return 0
    if not 1 <= vehicles_used <= min(p.tasks, p.vehicles):
        raise ValueError(f"vehicles_used is {vehicles_used}, not within 1 .. tasks and vehicles")
    drive, enter_restore, leave_restore = drive_past_restores(p)
    starts = np.unique(p.start_place)
    ends = np.unique(p.end_place)
    from_depot = drive[starts].min(axis=0)
    to_depot = drive[:, ends].min(axis=1)

    restores = least_restores(p, vehicles_used)
    size = p.tasks + vehicles_used + restores
    cost = np.full((size, size), _FORBIDDEN, np.int64)
    between = _over_modes(p, drive)
    np.fill_diagonal(between, _FORBIDDEN)
    tasks = slice(0, p.tasks)
    depots = slice(p.tasks, p.tasks + vehicles_used)
    visits = slice(p.tasks + vehicles_used, size)
    cost[tasks, tasks] = between
    cost[depots, tasks] = _min_by_task(p, from_depot[p.mode_entry])
    cost[tasks, depots] = _min_by_task(p, to_depot[p.mode_exit])[:, None]
    if len(p.restore_in):
        # between two necessary restores there is a task that makes the second one necessary
        cost[visits, tasks] = _min_by_task(p, leave_restore[p.mode_entry])
        cost[tasks, visits] = _min_by_task(p, enter_restore[p.mode_exit])[:, None]
        if p.must_end_restored:
            cost[visits, depots] = leave_restore[ends].min()
    return assignment_bound(cost, extra=vehicles_used + restores)


def assignment_bound(cost: NDArray[np.int64], extra: int) -> int:
    """A lower bound of the least assignment of rows to columns; the least itself if it is small.

    In a large one only the cheapest entries of each row and column are assigned. Prices of the
    rows under which that assignment is best, and for each column the most that all of its entries
    then allow, bound the whole from below by duality. Entries that allow less than the assignment
    takes are added, a few times.

    Args:
        cost: (S, S), at or above 0; _FORBIDDEN where no assignment may be.
        extra: of the last rows and columns so many are alike: depots and facilities.
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    size = len(cost)
    if size > _EXACT:
        keep = np.zeros(cost.shape, bool)
        every = np.arange(size)
        keep[every[:, None], np.argpartition(cost, _NEAREST, axis=1)[:, :_NEAREST]] = True
        keep[np.argpartition(cost, _NEAREST, axis=0)[:_NEAREST], every] = True
        few = min(size - 1, 2 * extra + _NEAREST)
        last = every[size - extra :]
        keep[last[:, None], np.argpartition(cost[last], few, axis=1)[:, :few]] = True
        keep[np.argpartition(cost[:, last], few, axis=0)[:few], last] = True
        keep &= cost < _FORBIDDEN
        best = 0
        for _ in range(_PRICINGS):
            row, column = np.nonzero(keep)
            value = cost[row, column]
            # an entry of 0 would be none in a sparse matrix
            entries = csr_array((value + 1.0, (row, column)), cost.shape)
            try:
                matched = min_weight_full_bipartite_matching(entries)[1]
            except ValueError:  # the entries kept allow no full assignment
                break
            owner = np.argsort(matched)
            gain = value - cost[owner, every][column]
            price = np.zeros(size, np.int64)
            for _ in range(size):
                before = price.copy()
                np.minimum.at(price, row, before[owner[column]] + gain)
                if (price == before).all():
                    break
            left = cost - price[:, None]
            best = max(best, int(price.sum() + left.min(axis=0).sum()))
            missing = left < left[owner, every]
            if not missing.any():
                return best
            keep |= missing & (cost < _FORBIDDEN)
        if best:
            return best
    rows, columns = linear_sum_assignment(cost)
    return int(cost[rows, columns].sum())


def vehicle_bound(problem: RoutingProblem) -> int:
    """A lower bound of the vehicles that serve all tasks.

    The least number whose shifts, rests taken off, hold all service (in the quickest mode and
    type), the restores that the demand makes necessary, and the shortest way out and home of
    each; all driving between tasks, windows and pins are left aside.

    Returns:
        The bound; the number of vehicles plus 1 when not even all of them are enough.
    """
    p = problem
    if p.tasks == 0:
        return 0
    work = np.where(
        p.allowed[_task_of_mode(p)], p.service_s.astype(np.int64), _FORBIDDEN
    ).min(axis=1)  # fmt: skip
    total = int(_min_by_task(p, work).sum())
    limits = np.minimum(p.max_s, p.shift_s[:, 1] - p.shift_s[:, 0])
    ways = drive_past_restores(p)[0]
    out = ways[p.start_place][:, p.mode_entry].min(axis=1)
    back = ways[p.mode_exit][:, p.end_place].min(axis=0)
    usable = sorted(
        (
            max(0, busy_limit_s(int(limit), p.rest_after_s, p.rest_s) - int(a) - int(b))
            for limit, a, b in zip(limits, out, back, strict=True)
        ),
        reverse=True,
    )
    fill_s = int(p.restore_s.min()) if len(p.restore_s) else 0
    for used in range(1, p.vehicles + 1):
        restores = least_restores(p, used)
        if restores and not len(p.restore_in):
            continue
        if total + restores * fill_s <= sum(usable[:used]):
            return used
    return p.vehicles + 1


def least_restores(problem: RoutingProblem, vehicles_used: int) -> int:
    """Restores that any plan with so many vehicles makes, by the tasks' demand alone."""
    most = 0
    for r in range(problem.demand.shape[1]):
        demand = int(problem.demand[:, r].sum())
        largest = int(problem.capacity[:, r].max(initial=0))
        if demand and largest:
            most = max(most, -(-demand // largest))
    return most if problem.must_end_restored else max(0, most - vehicles_used)


def busy_limit_s(limit_s: int, rest_after_s: int, rest_s: int) -> int:
    """The most a route of at most limit_s can drive and work, its rests taken off."""
    best = rests = 0
    while limit_s - rests * rest_s > rests * rest_after_s:
        best = max(best, min((rests + 1) * rest_after_s, limit_s - rests * rest_s))
        rests += 1
    return best


def drive_past_restores(
    problem: RoutingProblem,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Driving when restores may be visited on the way, time inside them left out.

    Returns:
        (P, P) seconds from place to place, straight or through any restores; (P,) seconds to the
        nearest restore; (P,) seconds from the nearest.
    """
    drive = problem.time_s.astype(np.int64)
    if not len(problem.restore_in):
        nowhere = np.full(len(drive), _FORBIDDEN, np.int64)
        return drive, nowhere, nowhere
    hop = drive[np.ix_(problem.restore_out, problem.restore_in)]
    np.fill_diagonal(hop, 0)
    for k in range(len(hop)):
        hop = np.minimum(hop, hop[:, k, None] + hop[None, k])
    to = drive[:, problem.restore_in]
    onward = drive[problem.restore_out]
    enter = np.min([to[:, k, None] + hop[k] for k in range(len(hop))], axis=0)
    for k in range(len(hop)):
        drive = np.minimum(drive, np.add.outer(enter[:, k], onward[k]))
    return drive, to.min(axis=1), onward.min(axis=0)


def _task_of_mode(p: RoutingProblem) -> NDArray[np.int64]:
    return np.repeat(np.arange(p.tasks), np.diff(p.mode_first))


def _min_by_task(p: RoutingProblem, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """(M,) values of modes -> (N,) the least of each task."""
    least: NDArray[np.int64] = np.minimum.reduceat(values, p.mode_first[:-1])
    return least


def _over_modes(p: RoutingProblem, drive: NDArray[np.int64]) -> NDArray[np.int64]:
    """(N, N) shortest drive from the end of one task to the beginning of another."""
    rows = np.minimum.reduceat(drive[p.mode_exit], p.mode_first[:-1], axis=0)
    between: NDArray[np.int64] = np.minimum.reduceat(
        rows[:, p.mode_entry], p.mode_first[:-1], axis=1
    )
    return between
