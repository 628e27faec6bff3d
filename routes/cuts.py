"""Lower bounds of the cost of arc routing problems, by cutting planes.

Source: Belenguer & Benavent, Computers & Operations Research 30(5), 2003, doi
10.1016/S0305-0548(02)00046-1; with one-way streets Belenguer, Benavent, Lacomme & Prins, Computers
& Operations Research 33(12), 2006, doi 10.1016/j.cor.2005.02.009.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, gcd
from typing import Any

import numpy as np

from routes.cutsearch import Grower, first_sets, parts
from routes.cutsets import Borders
from routes.problem import NO_LIMIT
from routes.streetgraph import Bools, Floats, Ints, StreetGraph, cheapest_arcs, simplified, sparse

_ROUNDS = (20, 150)  # at least, and at most
_WORK = 60_000  # rounds times nodes
_PRICES = (2.0, 0.0, 1.0, 4.0)  # of a vehicle's load while sets grow, in turn
_TAIL = (16, 3e-4)  # rounds, and the least gain in them that is worth going on, relative
_VIOLATED = 0.01
_SLACK = 0.1
_TIDY = 8  # rounds between two times that rows which bind no more are taken out
_AT_ONCE = 256  # sets judged at a time, so that what they cross fits into the cache


def cost_bound(graph: StreetGraph, rounds: int | None = None) -> int:
    """A lower bound of the total cost: service, drives without work, unloadings.

    A linear program over how often each way is driven without work, in each direction, over all
    vehicles. As many vehicles leave every node as come in, and the borders of sets of nodes are
    crossed as often as what is to be served beyond them asks for: by capacity, by the longest
    trip, and because the number of crossings is even (Borders.least_crossings). Sets that are
    crossed too seldom are searched for and added, round by round.

    Relaxed: which vehicle drives where, so that the routes are neither connected nor each
    within its capacity and limit; drives in parts; sets that the search does not find.

    Args:
        graph: the problem.
        rounds: searches at most, by default fewer the larger the graph. The same graph and rounds
            give the same bound; any number gives a valid one.

    Returns:
        The bound, in the graph's unit, rounded up to what costs can be.
    """
    if not len(graph.service):
        return 0
    relaxation = Relaxation(simplified(graph))
    relaxation.tighten(rounds)
    return relaxation.bound()


@dataclass(frozen=True, eq=False)
class _Cut:
    """Across the border of far (n,) lie these columns, to be driven need times together."""

    far: Bools
    columns: Ints
    need: int


class Relaxation:
    """The linear program of cost_bound and the sets that it is cut with.

    Args:
        graph: the problem, with at least one task.
        sets: (B, n) sets to begin with; none: cutsearch.first_sets.
    """

    def __init__(self, graph: StreetGraph, sets: Bools | None = None) -> None:
        self.graph = graph
        self._borders = Borders(graph)
        self._vehicles = graph.least_routes
        self._cuts: list[_Cut] = []
        self._known: set[bytes] = set()
        cost = self._columns()
        self._driven: Floats = np.zeros(len(cost))
        self._returned: Floats = np.zeros(len(self._home))
        for some in first_sets(self._borders, cost) if sets is None else (sets,):
            self._add(self._lacking(some))
        self._solve()

    def _columns(self) -> Floats:
        """Set up the drives and the balance; the cost of driving between the pairs.

        Where every way costs the same in both directions and every task may be served from both
        ends, a column is a pair, driven in either direction: balance would add nothing.

        With facilities a route's last way, from a site home, is a column of its own: nothing can
        be served on it.
        """
        graph, b = self.graph, self._borders
        tail, head, cost = cheapest_arcs(graph.tail, graph.head, graph.cost)
        key = np.minimum(tail, head) * graph.nodes + np.maximum(tail, head)
        pair = np.searchsorted(b.pair_a * graph.nodes + b.pair_b, key)
        size = len(b.pair_a)
        dear, cheap = np.zeros(size), np.full(size, np.inf)
        np.maximum.at(dear, pair, cost)
        np.minimum.at(cheap, pair, cost)
        two = np.bincount(pair, minlength=size) == 2
        symmetric = bool(graph.both_ways.all() and two.all() and (dear == cheap).all())
        self._pair = np.arange(size) if symmetric else pair
        first = dear if symmetric else cost
        edges = np.flatnonzero(graph.both_ways & (graph.required_a != graph.required_b))
        turns = edges[:0] if symmetric else edges
        sites = graph.sites if graph.facilities else []
        self._home = len(first) + len(turns) + np.arange(len(sites))
        home = graph.ways[1][sites]
        way = np.isfinite(home)
        self._cost = np.concatenate([first, np.zeros(len(turns)), np.where(way, home, 0.0)])
        # A best plan goes at most once along a way between two of its steps; each task is one,
        # begins at most one route and makes at most one unloading necessary.
        self._most = np.full(len(self._cost), 3.0 * len(graph.service) + 1)
        self._most[len(first) : len(first) + len(turns)] = 1.0
        self._most[self._home[~way]] = 0.0

        self._solver = _solver()
        count, none = len(self._cost), np.zeros(0, np.int32)
        least, values = np.zeros(count), np.zeros(0)
        self._solver.addCols(count, self._cost, least, self._most, 0, none, none, values)
        ends = (tail[:0], head[:0]) if symmetric else (tail, head)
        self._fix(*ends, turns)
        return dear

    def _fix(self, tail: Ints, head: Ints, turns: Ints) -> None:
        """The rows that stay: as many vehicles leave each node as come in; all of them go home.

        tail, head: of the arcs, the first columns; turns: the tasks of the next ones, each the
        share that is served from a to b. None of them: no balance. The last columns are the ways
        home from each site, the last row the vehicles.
        """
        graph, n = self.graph, self.graph.nodes
        a, b = graph.required_a, graph.required_b
        home, count = self._home, len(self._home)
        row, column, value, due = [np.full(count, n)], [home], [np.ones(count)], np.zeros(n + 1)
        if len(tail):
            arcs, turn = np.arange(len(tail)), len(tail) + np.arange(len(turns))
            sites = np.array(graph.sites[:count], np.int64)
            row += [tail, head, a[turns], b[turns], sites, np.full(count, graph.depot)]
            column += [arcs, arcs, turn, turn, home, home]
            for many, sign in ((tail, 1.0), (head, -1.0), (turns, 2.0), (turns, -2.0)):
                value.append(np.full(len(many), sign))
            value += [np.ones(count), -np.ones(count)]
            oneway = ~graph.both_ways
            np.add.at(due, np.concatenate([b[oneway], a[turns]]), 1)
            np.add.at(due, np.concatenate([a[oneway], b[turns]]), -1)
        due[n] = self._vehicles if count and graph.all_unload else 0
        entries = np.concatenate(value), (np.concatenate(row), np.concatenate(column))
        self._fixed, self._due = sparse(entries, (n + 1, len(self._cost))), due
        most, m = np.append(due[:n], np.inf), self._fixed
        self._solver.addRows(n + 1, due, most, m.nnz, m.indptr[:-1], m.indices, m.data)

    def tighten(self, rounds: int | None = None) -> None:
        """Search for sets and cut with them, until none is found or it is not worth it."""
        if rounds is None:
            rounds = int(np.clip(_WORK // self.graph.nodes, *_ROUNDS))
        idle, values = 0, [self._value]
        last, gain = _TAIL
        for number in range(rounds):
            if self._more_vehicles():
                self._solve()
                continue
            found = self._search(number)
            idle = 0 if found else idle + 1
            if idle == len(_PRICES):
                break
            if number % _TIDY == _TIDY - 1:
                self._tidy()
            if found:
                self._add(found)
                self._solve()
            values.append(self._value)
            if len(values) > last and values[-1] - values[-1 - last] < gain * values[-1]:
                break

    def bound(self) -> int:
        """The bound of the total cost as the program stands: cost_bound's after any tightening."""
        graph = self.graph
        unloadings = max(graph.unloadings, self._vehicles if graph.all_unload else 0)
        fixed = int(graph.service.sum()) + graph.unload_cost * unloadings
        step = gcd(*graph.cost.tolist()) or 1
        return fixed + max(0, ceil((self.value() - 1e-6) / step) * step)

    def weighed_sets(self) -> tuple[Bools, Floats, Ints]:
        """(K, n) the sets that bind, without the depot, (K,) their duals, (K,) least crossings."""
        duals = self._duals[len(self._due) :]
        binding = np.flatnonzero(duals > 0)
        far = np.array([self._cuts[k].far for k in binding], bool).reshape(-1, self.graph.nodes)
        need = np.array([self._cuts[k].need for k in binding], np.int64)
        return far, duals[binding], need

    def value(self) -> float:
        """The program's value by its duals alone, valid whatever tolerance the solver leaves."""
        split = len(self._due)
        fixed, weight = self._duals[:split].copy(), self._duals[split:].clip(min=0.0)
        fixed[-1] = max(fixed[-1], 0.0)
        columns = np.concatenate([np.zeros(0, np.int64), *(cut.columns for cut in self._cuts)])
        lengths = np.array([len(cut.columns) for cut in self._cuts], np.int64)
        share = np.repeat(weight, lengths)
        reduced: Floats = self._cost - np.bincount(columns, share, len(self._cost))
        reduced -= self._fixed.T @ fixed
        value = weight @ np.array([cut.need for cut in self._cuts], float) + fixed @ self._due
        return float(value + self._most @ reduced.clip(max=0.0))

    def _solve(self) -> None:
        self._solver.run()
        solution = self._solver.getSolution()
        self._value = float(self._solver.getInfo().objective_function_value)
        self._duals = np.array(solution.row_dual)
        driven = np.array(solution.col_value)
        size = len(self._borders.pair_a)
        self._driven = np.zeros(size)
        np.add.at(self._driven, self._pair, driven[: len(self._pair)])
        self._returned = driven[self._home]

    def _more_vehicles(self) -> bool:
        """Whether the bound itself asks for more vehicles, and all cuts with them."""
        if self.graph.max_trip >= NO_LIMIT:
            return False
        least = -(-self.bound() // self.graph.max_trip)
        if least <= self._vehicles:
            return False
        self._vehicles = least
        if len(self._home) and self.graph.all_unload:
            self._due[-1] = least
            self._solver.changeRowBounds(len(self._due) - 1, float(least), np.inf)
        before, self._cuts = self._cuts, []
        for start in range(0, len(before), _AT_ONCE):
            some = before[start : start + _AT_ONCE]
            needs = self._borders.least_crossings(np.array([cut.far for cut in some]), least)
            for cut, need in zip(some, needs.tolist(), strict=True):
                row = len(self._due) + len(self._cuts)
                self._solver.changeRowBounds(row, float(need), np.inf)
                self._cuts.append(_Cut(cut.far, cut.columns, need))
        return True

    def _search(self, number: int) -> list[_Cut]:
        graph, n = self.graph, self.graph.nodes
        width = int(np.clip(250_000 // n, 64, 128))
        steps = 60 if n < 1000 else 100
        nodes = np.union1d(graph.required_a, graph.required_b)
        single = np.eye(n, dtype=bool)[_some(nodes, width, number)]
        tight = self.weighed_sets()[0]
        tight = tight[_some(np.arange(len(tight)), width, number)]
        depot = np.arange(n) == graph.depot
        starts = np.concatenate([single, single | depot, tight, ~tight])
        price = _PRICES[number % len(_PRICES)]
        grower = Grower(self._borders, self._driven, self._returned)
        grown = grower.grow(starts, price, min(n, steps), 4 * width)
        sets = np.concatenate([*parts(self._borders, self._driven), grown])
        return self._lacking(sets)[: 150 + n // 8]

    def _lacking(self, sets: Bools) -> list[_Cut]:
        """The new ones of the sets that are crossed too seldom, the worst first."""
        far = sets ^ sets[:, [self.graph.depot]]
        keys = [row.tobytes() for row in np.packbits(far, axis=1)]
        fresh = {key: row for row, key in enumerate(keys) if key not in self._known}
        rows = list(fresh.values())
        found: list[tuple[float, _Cut]] = []
        b, sites = self._borders, self.graph.sites[: len(self._home)]
        used = np.flatnonzero(self._driven > 0)
        for start in range(0, len(rows), _AT_ONCE):
            some = far[rows[start : start + _AT_ONCE]]
            need = b.least_crossings(some, self._vehicles)
            driven = (some[:, b.pair_a[used]] ^ some[:, b.pair_b[used]]) @ self._driven[used]
            short = need - driven - some[:, sites] @ self._returned
            for row in np.flatnonzero(short > _VIOLATED):
                one = some[row]
                ways = np.flatnonzero((one[b.pair_a] ^ one[b.pair_b])[self._pair])
                columns = np.append(ways, self._home[one[sites]])
                found.append((-float(short[row]), _Cut(one, columns, int(need[row]))))
        found.sort(key=lambda one: one[0])
        return [cut for _, cut in found]

    def _add(self, cuts: Sequence[_Cut]) -> None:
        if cuts:
            lengths = [len(cut.columns) for cut in cuts]
            columns = np.concatenate([cut.columns for cut in cuts]).astype(np.int32)
            starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
            need = np.array([cut.need for cut in cuts], float)
            free, ones = np.full(len(cuts), np.inf), np.ones(len(columns))
            self._solver.addRows(len(cuts), need, free, len(columns), starts, columns, ones)
            self._cuts += cuts
            self._known.update(np.packbits(cut.far).tobytes() for cut in cuts)

    def _tidy(self) -> None:
        """Take out the cuts that bind no more; the search may find them again."""
        split = len(self._due)
        value = np.array(self._solver.getSolution().row_value)[split:]
        slack = value - np.array([cut.need for cut in self._cuts])
        old = np.flatnonzero((slack > _SLACK) & (self._duals[split:] == 0))
        if len(old):
            self._solver.deleteRows(len(old), (split + old).astype(np.int32))
            for k in old:
                self._known.discard(np.packbits(self._cuts[k].far).tobytes())
            gone = set(old.tolist())
            self._cuts = [cut for k, cut in enumerate(self._cuts) if k not in gone]
            self._duals = np.delete(self._duals, split + old)


def _solver() -> Any:
    """An empty program for the simplex method on one thread."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        solver.setOptionValue(option, value)
    return solver


def _some(items: Ints, most: int, number: int) -> Ints:
    """At most so many of the items, evenly spread, other ones each round."""
    if len(items) <= most:
        return items
    spread: Ints = items[(np.arange(most) * len(items) // most + 7 * number) % len(items)]
    return spread
