"""Water and waste in a picture: bays of fill points, containers of stations, a truck's tank."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sanitation.balance import stock_changes
from sanitation.export.labels import word
from sanitation.export.picture_look import INK, RUN_COLOURS, STREAM_COLOURS, Shown, said
from sanitation.export.picture_time import time_axis
from sanitation.model import LOADED_SERVICES, DayPlan, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND = 0.8  # of a row, how high all bays are
_FILL, _OVER = "#3f9fdc", "#c00000"
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
    """A band a station and stream: tonnes in its containers over the day, up to the room there is.

    What there is no room for is red, above the band's line.
    """
    plan = shown.handout.plan
    stocks = stocks_of(plan)
    colours = stream_colours(plan)
    labels = []
    for row_no, (row, steps) in enumerate(stocks):
        scale = _BAND / max(1, row["room_kg"])
        line = [(shown.from_s, row["opening_kg"]), *steps]
        line.append((shown.to_s, line[-1][1]))
        time_s = [at_s for at_s, _ in line]
        floor, room = len(stocks) - 1 - row_no, len(stocks) - 1 - row_no + _BAND
        level = [floor + kg * scale for _, kg in line]
        axes.fill_between(
            time_s,
            floor,
            [min(high, room) for high in level],
            step="post",
            color=colours[row["stream"]],
            linewidth=0,
        )
        axes.fill_between(
            time_s, room, [max(high, room) for high in level], step="post", color=_OVER, linewidth=0
        )
        axes.hlines(room, shown.from_s, shown.to_s, color="#777777", linewidth=0.6)
        labels.append(
            f"{row['station']} {_stream(shown, row['stream'])} "
            f"{row['most_kg'] / 1000:.0f}/{row['room_kg'] / 1000:.0f} t"
        )
    axes.set_ylim(0, len(stocks))
    axes.set_yticks([len(stocks) - 1 - row_no + _BAND / 2 for row_no in range(len(stocks))], labels)
    axes.set_title(said("containers", shown.lang), fontsize=11, loc="left")
    time_axis(axes, shown)


def draw_tonnes(axes: Axes, shown: Shown) -> None:
    """A bar a station: the tonnes that come in over the day, by stream."""
    plan = shown.handout.plan
    rows = plan.indicators["stations"]
    stations = sorted({row["station"] for row in rows})
    base = dict.fromkeys(stations, 0.0)
    for stream, colour in stream_colours(plan).items():
        own = {row["station"]: row["in_kg"] / 1000 for row in rows if row["stream"] == stream}
        in_t = [own.get(station, 0.0) for station in stations]
        label = f"{_stream(shown, stream)} {sum(in_t):.1f} t"
        axes.bar(stations, in_t, bottom=list(base.values()), color=colour, label=label)
        base = {name: base[name] + tonnes for name, tonnes in zip(stations, in_t, strict=True)}
    axes.set_ylim(0, 1.25 * max(*base.values(), 1.0))
    axes.legend(fontsize=8, frameon=False, loc="upper center", ncols=4)
    axes.set_title(said("tonnes_in", shown.lang), fontsize=11, loc="left")
    axes.tick_params(labelsize=8, length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def stream_colours(plan: DayPlan) -> dict[str, str]:
    """A colour for each stream that comes to a station, those of the glossary's four first."""
    streams = {row["stream"] for row in plan.indicators.get("stations") or ()}
    others = iter(RUN_COLOURS * (1 + len(streams)))
    return {
        stream: STREAM_COLOURS.get(stream) or next(others)
        for stream in [
            *(known for known in STREAM_COLOURS if known in streams),
            *sorted(streams - STREAM_COLOURS.keys()),
        ]
    }


def _stream(shown: Shown, stream: str) -> str:
    names = shown.handout.plan.indicators.get("stream_names", {})
    return names.get(stream, {}).get(shown.lang) or word(stream, shown.lang)


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
