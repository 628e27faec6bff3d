"""Draws a day's waste: tonnes by stream and station, and how a station's containers fill and empty.

    python data/nankai/draw_waste.py plan.json [--station Z04] [--out FILE]

Needs matplotlib. Names are Chinese where a font for them is installed, else English.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from draw import HERE, chinese_font
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

sys.path.insert(0, str(HERE.parents[1]))

from sanitation.archive import load_plan, plan_of
from sanitation.balance import stock_changes
from sanitation.model import DayPlan

COLOUR = {
    "residual": "#5d6d7e", "kitchen": "#2a9134", "recyclable": "#1f5fbf", "hazardous": "#d62728",
}  # fmt: skip


def _names(plan: DayPlan, chinese: bool) -> dict[str, str]:
    names = plan.indicators["stream_names"]
    return {stream: name["zh" if chinese else "en"] for stream, name in names.items()}


def draw_tonnes(axes: Axes, plan: DayPlan, chinese: bool) -> None:
    """A bar a station, what is unloaded there by stream."""
    names = _names(plan, chinese)
    stations = sorted({row["station"] for row in plan.indicators["stations"]})
    base = dict.fromkeys(stations, 0.0)
    for stream, colour in COLOUR.items():
        rows = [row for row in plan.indicators["stations"] if row["stream"] == stream]
        tonnes = {row["station"]: row["in_kg"] / 1000 for row in rows}
        heights = [tonnes.get(station, 0.0) for station in stations]
        label = f"{names[stream]} {sum(heights):.1f} t"
        axes.bar(stations, heights, bottom=list(base.values()), color=colour, label=label)
        base = {s: base[s] + height for s, height in zip(stations, heights, strict=True)}
    axes.set_ylabel("进站 t/日  tonnes in" if chinese else "tonnes in")
    axes.legend(fontsize=8, loc="upper center", ncols=2)
    axes.set_ylim(0, max(base.values()) * 1.3)


def draw_fill(axes: Axes, plan: DayPlan, station: str, chinese: bool) -> None:
    """The stock of each stream of a station over the day, and the room for it."""
    names = _names(plan, chinese)
    changes = stock_changes(plan.runs)
    for row in plan.indicators["stations"]:
        if row["station"] != station:
            continue
        stream = row["stream"]
        stock = row["opening_kg"]
        hours, tonnes = [0.0], [stock / 1000]
        for at_s, in_kg, out_kg in changes.get((station, stream), []):
            stock += in_kg - out_kg
            hours.append(at_s / 3600)
            tonnes.append(stock / 1000)
        axes.step([*hours, 24], [*tonnes, tonnes[-1]], where="post", color=COLOUR[stream], lw=1.8,
                  label=names[stream])  # fmt: skip
        axes.axhline(row["room_kg"] / 1000, color=COLOUR[stream], ls="--", lw=1)
    axes.set_xlim(0, 24)
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(0, 25, 4), [f"{hour:02d}:00" for hour in range(0, 25, 4)])
    axes.set_ylabel("站内存量 t  stock" if chinese else "stock, tonnes")
    head = f"{station}：容器存量，虚线为容量 · stock, dashed: room"
    axes.set_title(
        head if chinese else f"{station}: stock in containers, dashed: room", fontsize=10
    )
    axes.legend(fontsize=8, loc="upper left")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("plan", type=Path, help="plan.json")
    parser.add_argument("--station", default="Z04", help="whose stock is drawn (Z04)")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "docs/pictures/waste.png")
    given = parser.parse_args()
    plan = plan_of(load_plan(given.plan))
    font = chinese_font()
    chinese = font is not None
    if font:
        plt.rcParams["font.family"] = [font, "DejaVu Sans"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.2))
    draw_tonnes(left, plan, chinese)
    left.set_title(
        f"{plan.district_name}（模型 model） {plan.date}" if chinese else plan.date, fontsize=10
    )
    draw_fill(right, plan, given.station, chinese)
    figure.tight_layout()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(given.out, dpi=110)


if __name__ == "__main__":
    main()
