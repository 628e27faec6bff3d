"""Water and waste in a picture: bays of fill points, containers of stations, a truck's tank."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sanitation.balance import stock_changes
from sanitation.export.labels import word
from sanitation.export.picture_look import INK, Shown, said
from sanitation.export.picture_time import time_axis
from sanitation.model import LOADED_SERVICES, DayPlan, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND = 0.8  # of a row, how high all bays are
_FILL, _OVER = "#3f9fdc", "#c00000"
_MINUTE_S = 60
Step = tuple[int, int]


def fills_of(plan: DayPlan, from_s: int, to_s: int) -> dict[str, list[tuple[int, int, int]]]:
    """By fill point: start, end and litres of every fill of any run that ends in some hours."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for run in plan.runs:
        before_l = 0
        for stop in run.stops:
            if stop.kind == "fill" and from_s < stop.end_s <= to_s:
                taken_l = stop.water_l - before_l
                found[stop.facility].append((stop.start_s, stop.end_s, taken_l))
            before_l = stop.water_l
    return {point: sorted(found[point]) for point in sorted(found)}


def in_use(fills: list[tuple[int, int, int]]) -> list[Step]:
    """(second, bays in use from then on), in order of time."""
    change: dict[int, int] = defaultdict(int)
    for start_s, end_s, _ in fills:
        change[start_s] += 1
        change[end_s] -= 1
    found: list[Step] = []
    used = 0
    for at_s in sorted(change):
        used += change[at_s]
        found.append((at_s, used))
    return found


def draw_bays(axes: Axes, shown: Shown) -> None:
    """A band a fill point: bays in use against those there; the litres of all, cumulated."""
    fills = fills_of(shown.handout.plan, shown.from_s, shown.to_s)
    points = {point.id: point for point in shown.handout.district.fill_points}
    labels = []
    for row, (name, own) in enumerate(fills.items()):
        bays = points[name].bays if name in points else 0
        steps = [(shown.from_s, 0), *in_use(own), (shown.to_s, 0)]
        scale = _BAND / max(1, bays)
        axes.fill_between(
            [at_s for at_s, _ in steps],
            row,
            [row + used * scale for _, used in steps],
            step="post",
            color=_FILL,
            linewidth=0,
        )
        axes.hlines(row + _BAND, shown.from_s, shown.to_s, color="#777777", linewidth=0.6)
        cubic_m = sum(litres for _, _, litres in own) / 1000
        labels.append(f"{name} {bays} {said('bays', shown.lang)} {cubic_m:.0f} m³")
    axes.set_ylim(0, len(fills))
    axes.set_yticks([row + _BAND / 2 for row in range(len(fills))], labels)
    axes.set_title(said("water", shown.lang), fontsize=11, loc="left")
    time_axis(axes, shown)
    taken = sorted((end_s, litres) for own in fills.values() for _, end_s, litres in own)
    total, line = 0.0, [(shown.from_s, 0.0)]
    for end_s, litres in taken:
        total += litres / 1000
        line.append((end_s, total))
    line.append((shown.to_s, total))
    right = axes.twinx()
    right.step(*zip(*line, strict=True), where="post", color=INK, linewidth=1.4)
    right.set_ylim(0, max(1.0, total * 1.05))
    right.set_ylabel(said("total_m3", shown.lang), fontsize=8)
    right.tick_params(labelsize=7, length=2)
    right.spines["top"].set_visible(False)


def stocks_of(plan: DayPlan) -> list[tuple[dict[str, Any], list[Step]]]:
    """By station and stream, the row of the plan's balance and (second, kilograms from then on)."""
    changes = stock_changes(plan.runs)
    found = []
    for row in plan.indicators.get("stations") or ():
        stock_kg = row["opening_kg"]
        steps = []
        for at_s, in_kg, out_kg in changes.get((row["station"], row["stream"]), []):
            stock_kg += in_kg - out_kg
            steps.append((at_s, stock_kg))
        if steps or stock_kg:
            found.append((row, steps))
    return found


def draw_containers(axes: Axes, shown: Shown) -> None:
    """A row a station and stream: how much of its containers' room is taken, minute by minute.

    The darker the fuller; more than there is room for is red.
    """
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    plan = shown.handout.plan
    stocks = stocks_of(plan)
    names = plan.indicators.get("stream_names", {})
    minutes = range(shown.from_s, shown.to_s, _MINUTE_S)
    shares, labels = [], []
    for row, steps in stocks:
        level, left, line = row["opening_kg"], list(steps), []
        for at_s in minutes:
            while left and left[0][0] <= at_s:
                level = left.pop(0)[1]
            line.append(level / max(1, row["room_kg"]))
        shares.append(line)
        stream = names.get(row["stream"], {}).get(shown.lang) or word(row["stream"], shown.lang)
        labels.append(
            f"{row['station']} {stream} {row['most_kg'] / 1000:.0f}/{row['room_kg'] / 1000:.0f} t"
        )
    # Cut short of black, so that the darkest is still a colour; red is no colour of the scale.
    scale = colormaps["Blues"].with_extremes(over=_OVER)
    picture = axes.imshow(
        shares,
        aspect="auto",
        interpolation="nearest",
        cmap=scale,
        norm=Normalize(0.0, 1.0),
        extent=(shown.from_s, shown.to_s, len(shares) - 0.5, -0.5),
    )
    axes.set_yticks(range(len(labels)), labels)
    for row_no in range(1, len(labels)):
        axes.axhline(row_no - 0.5, color="white", linewidth=1.5)
    axes.set_title(said("containers", shown.lang), fontsize=11, loc="left")
    time_axis(axes, shown)
    bar = axes.figure.colorbar(picture, ax=axes, fraction=0.025, pad=0.01, extend="max")
    bar.set_ticks([0, 0.5, 1], labels=["0", "50 %", "100 %"])
    bar.ax.tick_params(labelsize=7, length=2)


def draw_tank(axes: Axes, shown: Shown, run: Run) -> None:
    """What one truck has on board over its run: water, or waste. Straight lines within a stop."""
    time_s = [time for stop in run.stops for time in (stop.start_s, stop.end_s)]
    if run.service in LOADED_SERVICES:
        kinds = [("load", "load_kg", "-")]
    else:
        kinds = [("clean", "water_l", "-"), ("dirty", "dirty_l", "--")]
    colours = {"load": INK, "clean": "#0072b2", "dirty": "#6e2c00"}
    for key, name, dash in kinds:
        before, levels = getattr(run.stops[0], name), []
        for stop in run.stops:
            after = getattr(stop, name)
            levels += [before / 1000, after / 1000]
            before = after
        if key == "clean" or any(levels):
            axes.plot(time_s, levels, dash, color=colours[key], label=said(key, shown.lang))
    axes.set_ylim(bottom=0)
    title = "load" if run.service in LOADED_SERVICES else "tank"
    axes.set_title(said(title, shown.lang), fontsize=11, loc="left")
    if title == "tank":
        axes.legend(fontsize=7, frameon=False, loc="upper right", ncols=2)
    time_axis(axes, shown)
