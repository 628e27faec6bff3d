"""Finding sets of nodes whose border a relaxed plan crosses too seldom, for cuts.py.

What is found here is judged by Borders.least_crossings; the search only has to be lucky.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from routes.cutsets import Borders
from routes.problem import NO_LIMIT
from routes.streetgraph import Bools, Floats

_RINGS = 200
_DRIVEN = 1e-6


def first_sets(borders: Borders, cost: Floats) -> Iterator[Bools]:
    """Sets that bind in many graphs, whatever is driven: (B, n) each.

    Single nodes; what hangs below each node in the tree of shortest ways from the sites, and from
    the depot where trips are limited; all that lies farther than each node, and its parts.

    Args:
        borders: the graph.
        cost: (P,) of driving between the pairs.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    b, n = borders, borders.graph.nodes
    ways = csr_array((cost, (b.pair_a, b.pair_b)), (n, n))
    yield np.eye(n, dtype=bool)
    centres = [b.graph.sites]
    if b.graph.max_trip < NO_LIMIT:
        centres.append([b.graph.depot])
    for centre in centres:
        far, parent, _ = dijkstra(
            ways, directed=False, indices=centre, return_predecessors=True, min_only=True
        )
        below = np.eye(n, dtype=bool)
        order = np.argsort(-far, kind="stable")
        for v in order:
            if parent[v] >= 0:
                below[parent[v]] |= below[v]
        yield below
        yield far >= far[:, None]
        for v in order[:: max(1, n // _RINGS)]:
            outside = far >= far[v]
            pieces = _parts(b, outside[b.pair_a] & outside[b.pair_b])
            yield pieces[pieces.sum(axis=1) > 1]


def parts(borders: Borders, driven: Floats) -> Iterator[Bools]:
    """The connected parts of what is driven, without and with what is served: (B, n) each."""
    for level in (0.01, 0.3, 0.6):
        strong = driven > level
        yield _parts(borders, strong)
        yield _parts(borders, strong | (borders.required > 0))


def _parts(b: Borders, kept: Bools) -> Bools:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = b.graph.nodes
    links = csr_array((np.ones(int(kept.sum())), (b.pair_a[kept], b.pair_b[kept])), (n, n))
    count, label = connected_components(links, directed=False)
    found: Bools = label == np.arange(count)[:, None]
    return found


class _Totals(NamedTuple):
    """Of each growing set, (B,): what crosses its border and what lies within or touches it."""

    driven: Floats
    served: Floats
    within: Floats
    touched: Floats


class Grower:
    """Grows many sets at once, node by node, in arrays of one row a set.

    Only pairs that are driven or served link nodes. The neighbours of each node stand in rows of
    one length; the missing ones are node n, pair P.

    Args:
        borders: the graph.
        driven: (P,) drives without work between the pairs.
        returned: ways home from each site, or none where the depot is the site.
    """

    def __init__(self, borders: Borders, driven: Floats, returned: Floats) -> None:
        self.borders = b = borders
        self.returned = returned
        n, size = b.graph.nodes, len(b.pair_a)
        pair = np.flatnonzero((driven > _DRIVEN) | (b.required > 0))
        node = np.concatenate([b.pair_a[pair], b.pair_b[pair]])
        other = np.concatenate([b.pair_b[pair], b.pair_a[pair]])
        pair = np.tile(pair, 2)
        order = np.lexsort((other, node))
        node, other, pair = node[order], other[order], pair[order]
        column = np.arange(len(node)) - np.searchsorted(node, node)
        self.near = np.full((n + 1, int(column.max(initial=-1)) + 1), n)
        pairs = np.full(self.near.shape, size)
        self.near[node, column] = other
        pairs[node, column] = pair
        self.driven = np.append(driven, 0.0)[pairs]
        self.served = np.append(b.required, 0)[pairs]
        self.load = np.append(b.load, 0.0)[pairs]
        self.node_load = np.append(b.node_load, 0.0)

    def grow(self, starts: Bools, price: float, steps: int, most: int) -> Bools:
        """The sets met while each start grows whose border is crossed too seldom by most.

        Each step adds the neighbour that leaves the least crossings, a vehicle's load of demand
        counting as `price` crossings the other way.

        Args:
            starts: (B, n) sets to begin with; with the depot, their complement is meant.
            price: see above.
            steps: nodes to add at most.
            most: sets to give back at most.

        Returns:
            (at most `most`, n) sets, the worst first.
        """
        graph, rows = self.borders.graph, np.arange(len(starts))[:, None]
        n, near = graph.nodes, self.near
        weight = self.driven
        change = price * self.load - 2 * (weight + self.served)
        inside = np.zeros((len(starts), n + 1), bool)
        inside[:, :n] = starts
        with_depot = inside[:, graph.depot]

        beside = np.zeros(inside.shape, bool)
        link_w, link_s, link_l = np.zeros((3, *inside.shape))
        for column in range(near.shape[1]):
            linked = inside[:, near[:, column]]
            beside |= linked
            link_w += linked * weight[:, column]
            link_s += linked * self.served[:, column]
            link_l += linked * self.load[:, column]
        all_w, all_s, all_l = (x.sum(axis=1) for x in (weight, self.served, self.load))
        totals = _Totals(
            (inside * (all_w - link_w)).sum(axis=1),
            (inside * (all_s - link_s)).sum(axis=1),
            (inside * (self.node_load + link_l / 2)).sum(axis=1),
            (inside * (self.node_load + all_l - link_l / 2)).sum(axis=1),
        )
        gained = np.where(with_depot[:, None], self.node_load, -self.node_load - all_l) + link_l
        score = all_w + all_s - 2 * (link_w + link_s) + price * gained
        offered = np.where(beside & ~inside, score, np.inf)
        score[:, n] = offered[:, n] = np.inf

        last = np.where(inside, 0, steps + 1)
        short = np.zeros((steps + 1, len(starts)))
        short[0] = self._short(inside, with_depot, totals)
        for step in range(1, steps + 1):
            node = offered.argmin(axis=1)
            alive = np.isfinite(offered[rows[:, 0], node])
            if not alive.any():
                break
            node = np.where(alive, node, n)
            around = near[node]
            linked = inside[rows, around]
            loads = (self.load[node] * linked).sum(axis=1)
            totals = _Totals(
                totals.driven + all_w[node] - 2 * (weight[node] * linked).sum(axis=1),
                totals.served + all_s[node] - 2 * (self.served[node] * linked).sum(axis=1),
                totals.within + self.node_load[node] + loads,
                totals.touched + self.node_load[node] + all_l[node] - loads,
            )
            inside[rows[:, 0], node] = True
            inside[:, n] = False
            last[rows[:, 0], node] = step
            score[rows, around] += change[node]
            offered[rows, around] = np.where(inside[rows, around], np.inf, score[rows, around])
            offered[rows[:, 0], node] = np.inf
            short[step] = np.where(alive, self._short(inside, with_depot, totals), 0.0)

        peak = short > 0.01
        peak[1:] &= short[1:] > short[:-1]
        peak[:-1] &= short[:-1] >= short[1:]
        step_of, row_of = np.nonzero(peak)
        worst = np.argsort(-short[step_of, row_of], kind="stable")[:most]
        found: Bools = last[row_of[worst], :n] <= step_of[worst, None]
        return found

    def _short(self, inside: Bools, with_depot: Bools, totals: _Totals) -> Floats:
        """(B,) crossings that are missing, roughly: Borders.least_crossings in loads alone."""
        graph, b = self.borders.graph, self.borders
        total = float(b.load.sum() + b.node_load.sum())
        far = np.where(with_depot, total - totals.within, totals.touched)
        near = np.where(with_depot, totals.touched, total - totals.within)
        at_sites = inside[:, graph.sites] ^ with_depot[:, None]
        counted = ~at_sites.any(axis=1) | (graph.max_trip < NO_LIMIT)
        times = np.where(counted, np.ceil(far - 1e-9), far > 1e-9)
        times = np.maximum(times, np.where(at_sites.all(axis=1), np.ceil(near - 1e-9), 0))
        lacking: Floats = np.maximum(2 * times - totals.served, totals.served % 2) - totals.driven
        if len(self.returned):
            lacking -= at_sites @ self.returned
        return lacking
