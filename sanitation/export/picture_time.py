"""The timetable of a picture: a bar a run, by service and shift."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sanitation.export.picture_look import (
    GRID,
    INK,
    MOST_NAMED,
    SERVICE_COLOURS,
    Shown,
    hour_ticks,
    said,
    service_colour,
)
from sanitation.model import Run
from sanitation.planvalues import Clock

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What a stop is drawn as; a site's service is work like a street's. Light to dark without colour:
# rest, ways, work, refills.
_PARTS = {
    "depart": "way", "return": "way", "travel": "way", "service": "work", "transfer": "outside",
    "fill": "fill", "dump": "dump", "unload": "unload", "rest": "rest", "wait": "wait",
}  # fmt: skip
_COLOURS = {
    "way": "#cfcfcf", "outside": "#8f8f8f", "fill": "#0b1f66", "dump": "#d9a066",
    "unload": "#111111", "rest": "#ffffff", "wait": "#f3e6a8",
}  # fmt: skip
_NAME_ROWS = 6


def in_order(runs: Sequence[Run]) -> list[Run]:
    """By service, its shifts in order of time, and the runs' departures."""
    first: dict[tuple[str, str], int] = {}
    for run in runs:
        key = run.service, run.shift_id
        first[key] = min(first.get(key, run.start_s), run.start_s)
    known = list(_services(runs))
    return sorted(
        runs,
        key=lambda run: (
            known.index(run.service),
            first[run.service, run.shift_id],
            run.shift_id,
            run.start_s,
            run.id,
        ),
    )


def _services(runs: Sequence[Run]) -> list[str]:
    own = {run.service for run in runs}
    return [*(s for s in SERVICE_COLOURS if s in own), *sorted(own - SERVICE_COLOURS.keys())]


def draw_timetable(axes: Axes, shown: Shown) -> None:
    """Bars in the order of :func:`in_order`, the first at the top; peak bans shaded."""
    groups = groups_of(shown.runs)
    seen = _draw_bars(axes, groups, thin=len(shown.runs) > MOST_NAMED)
    rows = rows_of(groups)
    # A few bars alone are no thicker than many.
    spare = max(0.0, (5 - rows) / 2)
    axes.set_ylim(rows - 0.4 + spare, -0.6 - spare)
    time_axis(axes, shown)
    title = said("timetable", shown.lang)
    if _shade_bans(axes, shown):
        title += said("bans_shaded", shown.lang)
    axes.set_title(title, fontsize=11, loc="left")
    _name_rows(axes, shown, groups)
    _legend(axes, shown, seen)


def groups_of(runs: Sequence[Run]) -> list[tuple[int, list[Run]]]:
    """The runs of each service and shift in order, and the row of the first of them.

    Where runs are too many to be named, a small group has rows to spare, for its own name.
    """
    found: list[tuple[int, list[Run]]] = []
    begin = 0
    for _, group in groupby(in_order(runs), key=lambda run: (run.service, run.shift_id)):
        own = list(group)
        found.append((begin, own))
        begin += len(own) if len(runs) <= MOST_NAMED else max(len(own), _NAME_ROWS)
    return found


def rows_of(groups: Sequence[tuple[int, Sequence[Run]]]) -> int:
    """How many rows :func:`groups_of` takes."""
    return max((begin + len(own) for begin, own in groups), default=0)


def _draw_bars(
    axes: Axes, groups: Sequence[tuple[int, Sequence[Run]]], thin: bool
) -> frozenset[str]:
    """A bar a run, in the parts of its day; tells which parts there are."""
    from matplotlib.collections import PolyCollection

    boxes, colours, frames = [], [], []
    seen: set[str] = set()
    for begin, runs in groups:
        for row, run in enumerate(runs, start=begin):
            # A frame, so that a white rest is part of the bar.
            frames.append(_box(run.start_s, run.end_s, row))
            for part, stops in groupby(run.stops, key=lambda stop: _PARTS.get(stop.kind, "way")):
                own = list(stops)
                boxes.append(_box(own[0].start_s, own[-1].end_s, row))
                work = part == "work"
                colours.append(service_colour(run.service) if work else _COLOURS[part])
                if own[-1].end_s > own[0].start_s:
                    seen.add(part)
    axes.add_collection(PolyCollection(boxes, facecolors=colours, linewidths=0))
    width = 0.15 if thin else 0.5
    axes.add_collection(PolyCollection(frames, facecolors="none", edgecolors=INK, linewidths=width))
    return frozenset(seen)


def _box(start_s: int, end_s: int, row: int) -> list[tuple[float, float]]:
    low, high = row - 0.42, row + 0.42
    return [(start_s, low), (end_s, low), (end_s, high), (start_s, high)]


def _legend(axes: Axes, shown: Shown, seen: frozenset[str]) -> None:
    from matplotlib.patches import Patch

    services = {run.service for run in shown.runs}
    colours = dict(_COLOURS)
    colours["work"] = service_colour(services.pop()) if len(services) == 1 else "#777777"
    patches = [
        Patch(facecolor=colours[part], edgecolor=INK, linewidth=0.5, label=said(part, shown.lang))
        for part in dict.fromkeys(_PARTS.values())
        if part in seen
    ]
    if patches:
        axes.legend(
            handles=patches, ncols=len(patches), fontsize=7, loc="lower right", frameon=False,
            bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2, columnspacing=1.0, handlelength=1.2,
        )  # fmt: skip


def time_axis(axes: Axes, shown: Shown) -> None:
    """The hours of what is shown below an axis."""
    ticks, labels = hour_ticks(shown.from_s, shown.to_s)
    axes.set_xlim(shown.from_s, shown.to_s)
    axes.set_xticks(ticks, labels)
    axes.tick_params(labelsize=7, length=2)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _shade_bans(axes: Axes, shown: Shown) -> bool:
    """Whether there is a peak ban in the hours shown."""
    plan = shown.handout.plan
    clock = Clock(plan.date, plan.utc_offset)
    bans = [
        (clock.seconds(start), clock.seconds(end))
        for start, end in plan.conditions.get("peak_bans") or ()
    ]
    seen = [(start, end) for start, end in bans if start < shown.to_s and end > shown.from_s]
    for start, end in seen:
        axes.axvspan(start, end, color="#bbbbbb", alpha=0.35, zorder=0)
    return bool(seen)


def _name_rows(axes: Axes, shown: Shown, groups: Sequence[tuple[int, Sequence[Run]]]) -> None:
    """Each run's id where there is room, and the service and shift of every group."""
    named = len(shown.runs) <= MOST_NAMED
    ticks: list[float] = []
    labels: list[str] = []
    for begin, own in groups:
        if begin:
            axes.axhline(begin - 0.5, color="#888888", linewidth=0.5, zorder=0)
        first = own[0]
        shift = shown.shift_name(first.shift_id)
        name = f"{said(first.service, shown.lang)} {shift} {len(own)}"
        if not named:
            ticks.append(begin + (len(own) - 1) / 2)
            labels.append(name)
            continue
        ticks += range(begin, begin + len(own))
        labels += [run.id for run in own]
        if len(groups) > 1:
            axes.text(
                1.01, begin - 0.4, name, fontsize=7, ha="left", va="top",
                transform=axes.get_yaxis_transform(),
            )  # fmt: skip
    axes.set_yticks(ticks, labels)
