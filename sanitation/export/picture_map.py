"""The map of a picture: the runs of a service on the streets, one colour a run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sanitation.export.geometry import METRES_PER_DEGREE, Point, along, beside
from sanitation.export.labels import km
from sanitation.export.picture_look import (
    INK,
    MOST_NAMED,
    RUN_COLOURS,
    STREET,
    Shown,
    said,
)
from sanitation.export.tracks import Fix, places_of, spots, terminals_of, track
from sanitation.model import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANE_M = 13.0  # how far apart the passes on the lanes of a carriageway are drawn
LABEL_SHARE = 0.03  # of the map's height: numbers of runs nearer than this would cover each other
# Kind, marker, colour, size.
_MARKS = (
    ("depot", "s", "#111111", 34.0),
    ("station", "P", "#8e44ad", 34.0),
    ("dump_point", "x", "#6e2c00", 26.0),
    ("fill_point", "v", "#1f4fb4", 34.0),
)


def draw_map(axes: Axes, shown: Shown, runs: Sequence[Run], title: str) -> None:
    """Work strong, ways without work thin, sites as dots, each run in one colour.

    Runs are numbered where there are few enough to be read and no two have one number.
    """
    from matplotlib.collections import LineCollection

    handout = shown.handout
    terminals = terminals_of(handout.district)
    middle = _middle(list(handout.coords.values()))
    at = {node: _metres(place, middle) for node, place in handout.coords.items()}
    axes.add_collection(
        LineCollection(
            [[at[n] for n in street.nodes] for street in handout.streets],
            colors=STREET,
            linewidths=0.7,
            zorder=1,
        )
    )
    places = [places_of(run, handout.coords, terminals) for run in runs]
    work = [
        [nodes for stop, nodes in zip(run.stops, own, strict=True)
         if stop.kind == "service" and nodes]
        for run, own in zip(runs, places, strict=True)
    ]  # fmt: skip
    middles = [_middle([at[nodes[len(nodes) // 2]] for nodes in own]) for own in work]
    colours = _colours(middles)
    thin, strong, dots = [], [], []  # a row of points, or a point, and its colour
    for run, own, colour in zip(runs, places, colours, strict=True):
        rows = track(run, handout.coords, terminals)
        thin += [(step, colour) for step in _steps(rows, at)]
        for stop, nodes in zip(run.stops, own, strict=True):
            if stop.kind == "service" and len(nodes) > 1:
                aside_m = LANE_M * max(1, stop.lane) - LANE_M / 2
                # The other way round than on paper: y is north here.
                strong.append((beside([at[node] for node in nodes], -aside_m), colour))
            elif stop.kind == "service" and nodes:
                dots.append((at[nodes[0]], colour))
    for lines, width, alpha, layer in ((thin, 0.6, 0.55, 2), (strong, 1.7, 1.0, 3)):
        axes.add_collection(
            LineCollection(
                [line for line, _ in lines],
                colors=[colour for _, colour in lines],
                linewidths=width,
                alpha=alpha,
                zorder=layer,
            )
        )
    east, north = [spot[0] for spot, _ in dots], [spot[1] for spot, _ in dots]
    axes.scatter(east, north, s=16, c=[colour for _, colour in dots], zorder=4, linewidths=0)
    _marks(axes, shown, runs, middle)
    axes.set_aspect("equal")
    axes.autoscale_view()
    if len(runs) == 1:
        _zoom(axes, [at[node] for nodes in places[0] for node in nodes])
        _point_ahead(axes, [line for line, _ in strong])
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
    if 1 < len(runs) <= MOST_NAMED and len({_number_of(run) for run in runs}) == len(runs):
        _number(axes, runs, work, at, colours)


def _zoom(axes: Axes, points: Sequence[Point]) -> None:
    """The stretch of the town that a run sees, with some of it around."""
    if not points:
        return
    east, north = zip(*points, strict=True)
    around_m = max(200.0, 0.08 * max(max(east) - min(east), max(north) - min(north)))
    axes.set_xlim(min(east) - around_m, max(east) + around_m)
    axes.set_ylim(min(north) - around_m, max(north) + around_m)


def _point_ahead(axes: Axes, lines: Sequence[Sequence[Point]]) -> None:
    """An arrow in the middle of each pass, the way it is driven."""
    arrows = [along(line, 0.5) for line in lines]
    if arrows:
        east, north = zip(*(spot for spot, _ in arrows), strict=True)
        east_by, north_by = zip(*(ahead for _, ahead in arrows), strict=True)
        axes.quiver(
            east, north, east_by, north_by, angles="xy", pivot="mid", color=INK, scale=90,
            width=0.0025, headwidth=7, headlength=7, headaxislength=6, zorder=5,
        )  # fmt: skip


def _number(
    axes: Axes,
    runs: Sequence[Run],
    work: Sequence[Sequence[tuple[int, ...]]],
    at: Mapping[int, Point],
    colours: Sequence[str],
) -> None:
    """The number of each run in the middle of its work, clear of the numbers before it."""
    low, high = axes.get_ylim()
    clear_m = (high - low) * LABEL_SHARE
    placed: list[Point] = []
    for run, own, colour in zip(runs, work, colours, strict=True):
        points = [at[nodes[len(nodes) // 2]] for nodes in own]
        if not points:
            continue
        centre = _middle(points)
        nearest = sorted(points, key=lambda p: (math.dist(p, centre), p))
        free = (p for p in nearest if all(math.dist(p, q) > clear_m for q in placed))
        spot = next(free, nearest[0])
        placed.append(spot)
        axes.text(
            *spot,
            _number_of(run),
            fontsize=7,
            color="white",
            ha="center",
            va="center",
            zorder=6,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": colour, "edgecolor": "white"},
        )


def _number_of(run: Run) -> str:
    return run.id.rpartition("-")[2]


def _marks(axes: Axes, shown: Shown, runs: Sequence[Run], middle: Point) -> None:
    """The facilities that the runs visit, with a legend."""
    visited = {stop.facility for run in runs for stop in run.stops} | {r.depot_id for r in runs}
    sites = {stop.site_id for run in runs for stop in run.stops if stop.site_id}
    found = [s for s in spots(shown.handout.district).values() if s.id in visited | sites]
    for kind, marker, colour, size in _MARKS:
        there = [_metres(spot.at, middle) for spot in found if spot.kind == kind and spot.at]
        if there:
            east, north = zip(*there, strict=True)
            axes.scatter(
                east,
                north,
                marker=marker,
                s=size,
                color=colour,
                edgecolors=None if marker == "x" else "white",
                linewidths=1.2 if marker == "x" else 0.6,
                zorder=5,
                label=f"{said(kind, shown.lang)} {len(there)}",
            )
    length_m: Counter[str] = Counter()
    for run in runs:
        for stop in run.stops:
            length_m[stop.kind] += stop.length_m
    work_m, outside_m = length_m["service"], length_m["transfer"]
    if work_m:
        label = f"{said('work', shown.lang)} {km(work_m)} km"
        axes.plot([], [], color=INK, linewidth=1.7, label=label)
    elif sites:
        label = f"{said('site', shown.lang)} {len(sites)}"
        axes.plot([], [], color=INK, marker="o", markersize=4, linewidth=0, label=label)
    label = f"{said('way', shown.lang)} {km(length_m.total() - work_m - outside_m)} km"
    axes.plot([], [], color=INK, linewidth=0.6, label=label)
    if outside_m:
        axes.plot([], [], linewidth=0, label=f"{said('outside', shown.lang)} {km(outside_m)} km")
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3, fontsize=7, frameon=False,
        borderaxespad=0.1, columnspacing=1.0,
    )  # fmt: skip


def _metres(place: Point, middle: Point) -> Point:
    """East and north of the middle, metres."""
    shrink = math.cos(math.radians(middle[1]))
    return (
        (place[0] - middle[0]) * METRES_PER_DEGREE * shrink,
        (place[1] - middle[1]) * METRES_PER_DEGREE,
    )


def _middle(points: Sequence[Point]) -> Point:
    """The mean of some points; the origin of none."""
    count = max(1, len(points))
    return sum(p[0] for p in points) / count, sum(p[1] for p in points) / count


def _steps(rows: Sequence[Sequence[Fix]], at: Mapping[int, Point]) -> list[tuple[Point, Point]]:
    """Every step driven once, whatever its direction: overlaid steps would look like work."""
    steps = {(min(a, b), max(a, b)) for row in rows for (a, _), (b, _) in pairwise(row) if a != b}
    return [(at[a], at[b]) for a, b in sorted(steps)]


def _colours(middles: Sequence[Point]) -> list[str]:
    """A colour a run, so that runs that work near each other do not share one.

    In the order of the runs: the colour whose nearest bearer so far is the farthest away, the
    earlier colour where two are equal.
    """
    given: list[int] = []
    for spot in middles:
        away = [math.inf] * len(RUN_COLOURS)
        for other, colour in zip(middles, given, strict=False):
            away[colour] = min(away[colour], math.dist(spot, other))
        given.append(max(range(len(away)), key=lambda colour: (away[colour], -colour)))
    return [RUN_COLOURS[colour] for colour in given]
