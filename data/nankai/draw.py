"""Draws the embedded district: its network by cleaning grade, or the runs of a shift of a plan.

    python data/nankai/draw.py [--out FILE]                    docs/pictures/network.png
    python data/nankai/draw.py --plan plan.json --shift night [--service wash] [--out FILE]
    python data/nankai/draw_waste.py plan.json [--out FILE]    docs/pictures/waste.png

Needs matplotlib. Names are Chinese where a font for them is installed, else pinyin or English.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib

matplotlib.use("Agg")
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from builder.geometry import Xy, campuses, lake, parks, to_xy  # noqa: E402

# Beginnings of the file names of fonts that hold Chinese, the first one found is taken.
FONTS = ("NotoSansCJK-Regular", "NotoSansSC", "SourceHanSans", "msyh", "PingFang", "simhei",
         "wqy-microhei", "NotoSerifCJK-Regular")  # fmt: skip
GRADE_STYLE = {1: ("#c0392b", 1.9), 2: ("#2471a3", 1.1), 3: ("#1e8449", 0.8), 4: ("#b7950b", 0.8)}
GRADE_NAME = {
    1: ("一级（主干道）", "grade 1, arterial"),
    2: ("二级（次干道）", "grade 2, secondary"),
    3: ("三级（支路）", "grade 3, branch"),
    4: ("四级（小街巷）", "grade 4, minor branch"),
}
POINT_STYLE = (
    ("depots", "停车场", "depot", "s", "#111111", 60),
    ("fill_points", "加水点", "fill point", "v", "#1f77b4", 40),
    ("dump_points", "排污点", "dump point", "x", "#6e2c00", 34),
    ("stations", "转运站", "transfer station", "P", "#8e44ad", 32),
)
SHORTEST_LABEL_M = 700.0
# Colours of the runs: strong on white and far apart; runs near each other get different ones.
RUN_COLOURS = (
    "#d62728", "#1f5fbf", "#2a9134", "#e07b00", "#7b2fa8", "#00939c", "#8c4a1f", "#d81b90",
    "#6b7a00", "#3b2fd0", "#7a0026", "#4a6274", "#e8a800", "#00b4e6", "#ff6f61", "#9bbf1e",
    "#b57edc", "#000000", "#00d09c", "#c9a27e",
)  # fmt: skip
LANE_M = 13.0  # how far apart the passes on the lanes of a carriageway are drawn
LABEL_M = 260.0  # numbers of runs nearer than this would cover each other
SERVICE_NAME = {"wash": ("洗路", "washing"), "sprinkle": ("洒水", "sprinkling")}


def chinese_font() -> str | None:
    """Name of an installed font that holds Chinese, None if there is none."""
    files = sorted(font_manager.findSystemFonts())
    for beginning in FONTS:
        for file in files:
            if Path(file).name.startswith(beginning):
                font_manager.fontManager.addfont(file)
                return font_manager.FontProperties(fname=file).get_name()
    return None


def read_table(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_nodes() -> dict[str, Xy]:
    """Node id -> plane metres."""
    root = ElementTree.parse(HERE / "network.osm").getroot()
    return {
        node.attrib["id"]: to_xy(float(node.attrib["lon"]), float(node.attrib["lat"]))
        for node in root.iter("node")
    }


def read_ways() -> dict[str, list[Xy]]:
    """Way id -> its course in plane metres."""
    root = ElementTree.parse(HERE / "network.osm").getroot()
    nodes = read_nodes()
    return {
        way.attrib["id"]: [nodes[nd.attrib["ref"]] for nd in way.iter("nd")]
        for way in root.iter("way")
    }


def draw_roads(axes: Axes, roads: list[dict[str, str]], ways: dict[str, list[Xy]]) -> None:
    """Links in grey, then roads from the least to the greatest grade."""
    cleaned = {way for road in roads for way in road["way_ids"].split(";")}
    for way, course in ways.items():
        if way not in cleaned:
            axes.plot(*zip(*course, strict=True), color="#999999", linewidth=0.7, zorder=2)
    for grade in (4, 3, 2, 1):
        colour, width = GRADE_STYLE[grade]
        for road in roads:
            if int(road["grade"]) == grade:
                for way in road["way_ids"].split(";"):
                    course = ways[way]
                    axes.plot(
                        *zip(*course, strict=True), color=colour, linewidth=width,
                        solid_capstyle="round", zorder=8 - grade,
                    )  # fmt: skip


def label_streets(
    axes: Axes, roads: list[dict[str, str]], ways: dict[str, list[Xy]], chinese: bool
) -> None:
    """Each real street once, along its longest road."""
    best: dict[str, dict[str, str]] = {}
    for road in roads:
        name = road["name"].split("（")[0]
        if not road["name"].startswith("模型路") and (
            name not in best or float(road["length_m"]) > float(best[name]["length_m"])
        ):
            best[name] = road
    for name, road in best.items():
        if float(road["length_m"]) < SHORTEST_LABEL_M and int(road["grade"]) > 1:
            continue
        course = [p for way in road["way_ids"].split(";") for p in ways[way]]
        x = sum(p[0] for p in course) / len(course)
        y = sum(p[1] for p in course) / len(course)
        x, y = min(course, key=lambda p: math.dist(p, (x, y)))
        way = max((ways[w] for w in road["way_ids"].split(";")), key=len)
        angle = math.degrees(math.atan2(way[-1][1] - way[0][1], way[-1][0] - way[0][0]))
        angle = (angle + 90) % 180 - 90
        axes.text(
            x, y, name if chinese else road["name_en"], fontsize=5.5, rotation=angle,
            ha="center", va="center", zorder=12,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.75},
        )  # fmt: skip


def draw(out: Path) -> None:
    font = chinese_font()
    if font:
        matplotlib.rcParams["font.family"] = [font, "DejaVu Sans"]
    chinese = font is not None
    roads, ways = read_table("roads"), read_ways()
    figure, axes = plt.subplots(figsize=(11, 13.2))
    axes.fill(*lake().exterior.xy, color="#aed6f1", zorder=1)
    axes.fill(*campuses().exterior.xy, color="#e8daef", zorder=1)
    for park in parks():
        axes.fill(*park.exterior.xy, color="#d5f5e3", zorder=1)
    draw_roads(axes, roads, ways)
    label_streets(axes, roads, ways, chinese)
    for table, zh, en, marker, colour, size in POINT_STYLE:
        spots = [to_xy(float(r["lon"]), float(r["lat"])) for r in read_table(table)]
        axes.scatter(
            *zip(*spots, strict=True), marker=marker, c=colour, s=size, zorder=13,
            label=f"{zh if chinese else en} ({len(spots)})",
        )  # fmt: skip
    for grade, (colour, width) in GRADE_STYLE.items():
        own = [float(r["length_m"]) for r in roads if int(r["grade"]) == grade]
        name = GRADE_NAME[grade][0 if chinese else 1]
        label = f"{name}: {len(own)}, {sum(own) / 1000:.1f} km"
        axes.plot([], [], color=colour, linewidth=width + 0.8, label=label)
    axes.legend(loc="lower left", fontsize=8, frameon=False)
    title = "南开区（模型）道路作业网络" if chinese else "Nankai District (model): cleaned roads"
    axes.set_title(title)
    axes.text(
        0.99, 0.005, "模型；部分走向 / some courses © OpenStreetMap contributors, ODbL" if chinese
        else "model; some courses © OpenStreetMap contributors, ODbL",
        transform=axes.transAxes, ha="right", fontsize=6.5, color="#555555",
    )  # fmt: skip
    axes.set_aspect("equal")
    axes.axis("off")
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=130, bbox_inches="tight", metadata={"Software": None})


def right_of(course: list[Xy], offset_m: float) -> list[Xy]:
    """A course moved to the right of its direction (y is north)."""
    moved = []
    for index, (x, y) in enumerate(course):
        back, ahead = course[max(0, index - 1)], course[min(len(course) - 1, index + 1)]
        dx, dy = ahead[0] - back[0], ahead[1] - back[1]
        size = math.hypot(dx, dy) or 1.0
        moved.append((x + dy / size * offset_m, y - dx / size * offset_m))
    return moved


def near_m(points: list[list[Xy]], one: int, other: int) -> float:
    """How near two runs work to each other: mean over the first's points, metres."""
    near = [min(math.dist(p, q) for q in points[other]) for p in points[one]]
    return sum(near) / len(near)


def colours_of(points: list[list[Xy]]) -> list[str]:
    """A colour a run, so that runs that work near each other do not share one.

    In the order of the runs: the colour whose nearest bearer so far is the farthest away, the
    earlier colour where two are equal.
    """
    given: list[int] = []
    for run in range(len(points)):
        best, best_m = 0, -1.0
        for colour in range(len(RUN_COLOURS)):
            bearers = [r for r in range(run) if given[r] == colour]
            away = min(
                (min(near_m(points, run, r), near_m(points, r, run)) for r in bearers),
                default=math.inf,
            )
            if away > best_m:
                best, best_m = colour, away
        given.append(best)
    return [RUN_COLOURS[colour] for colour in given]


def label_points(points: list[list[Xy]]) -> list[Xy]:
    """Where each run's number stands: in the middle of its work, clear of the numbers before."""
    found: list[Xy] = []
    for own in points:
        middle_first = sorted(own, key=lambda p: (sum(math.dist(p, q) for q in own), p))
        clear = (p for p in middle_first if all(math.dist(p, q) > LABEL_M for q in found))
        found.append(next(clear, middle_first[0]))
    return found


def draw_runs(plan_file: Path, shift: str, service: str | None, out: Path) -> None:
    """The runs of a shift: work strong, ways without work thin, each run in one colour."""
    font = chinese_font()
    if font:
        matplotlib.rcParams["font.family"] = [font, "DejaVu Sans"]
    chinese = font is not None
    plan: dict[str, Any] = json.loads(plan_file.read_text(encoding="utf-8"))
    runs = [
        run for run in plan["runs"]
        if run["shift"] == shift and service in (None, run["service"])
    ]  # fmt: skip
    if not runs:
        known = ", ".join(sorted({f"{r['shift']} ({r['service']})" for r in plan["runs"]}))
        raise SystemExit(f"the plan has no run of shift {shift!r}; it has: {known}")
    nodes = read_nodes()
    work = [[s for s in run["stops"] if s["kind"] == "service"] for run in runs]
    middles = [[nodes[str(s["nodes"][len(s["nodes"]) // 2])] for s in own] for own in work]
    colours = colours_of(middles)
    figure, axes = plt.subplots(figsize=(11, 13.6))
    axes.fill(*lake().exterior.xy, color="#e3f1fb", zorder=1)
    for course in read_ways().values():
        axes.plot(*zip(*course, strict=True), color="#dddddd", linewidth=0.8, zorder=2)
    for run, own, colour in zip(runs, work, colours, strict=True):
        empty = sorted({
            tuple(sorted(step)) for s in run["stops"] if s["kind"] != "service"
            for step in pairwise(s["nodes"])
        })  # fmt: skip
        for a, b in empty:
            axes.plot(
                *zip(nodes[str(a)], nodes[str(b)], strict=True), color=colour, linewidth=0.55,
                alpha=0.55, zorder=3,
            )  # fmt: skip
        for stop in own:
            course = [nodes[str(node)] for node in stop["nodes"]]
            course = right_of(course, LANE_M * max(1, stop.get("lane", 1)) - LANE_M / 2)
            axes.plot(
                *zip(*course, strict=True), color=colour, linewidth=2.0, zorder=4,
                solid_capstyle="butt",
            )  # fmt: skip
    for run, spot, colour in zip(runs, label_points(middles), colours, strict=True):
        axes.text(
            *spot, run["id"].rpartition("-")[2], fontsize=8.5, fontweight="bold",
            color="white", family="DejaVu Sans", ha="center", va="center", zorder=12,
            bbox={"boxstyle": "round,pad=0.22", "facecolor": colour, "edgecolor": "white"},
        )  # fmt: skip
    # The first column of each of the tables is the id.
    visited = {s["facility"] for run in runs for s in run["stops"] if s.get("facility")}
    for table, zh, en, marker, colour, size in POINT_STYLE[:3]:
        spots = [r for r in read_table(table) if next(iter(r.values())) in visited]
        if spots:
            axes.scatter(
                *zip(*(to_xy(float(r["lon"]), float(r["lat"])) for r in spots), strict=True),
                marker=marker, c=colour, s=1.7 * size, zorder=13, linewidths=1.2,
                edgecolors="white" if marker != "x" else None,
                label=f"{zh} / {en} ({len(spots)})" if chinese else f"{en} ({len(spots)})",
            )  # fmt: skip
    work_km = sum(s["length_m"] for own in work for s in own) / 1000
    all_km = sum(s.get("length_m", 0) for run in runs for s in run["stops"]) / 1000
    for zh, en, width, alpha, length in (
        ("作业", "work", 2.0, 1.0, work_km), ("空驶", "deadhead", 0.7, 0.6, all_km - work_km)
    ):  # fmt: skip
        label = f"{zh} / {en}: {length:.0f} km" if chinese else f"{en}: {length:.0f} km"
        axes.plot([], [], color="#333333", linewidth=width, alpha=alpha, label=label)
    axes.legend(loc="lower left", fontsize=10, frameon=False)
    names = [SERVICE_NAME.get(s, (s, s)) for s in sorted({run["service"] for run in runs})]
    title = (
        f"Nankai District (model), {plan['date']}, shift {shift}: "
        f"{len(runs)} {' and '.join(en for _, en in names)} runs"
    )
    if chinese:
        shifts = {row["shift_id"]: row["name"] for row in read_table("shifts")}
        what = "、".join(zh for zh, _ in names)
        head = f"南开区（模型） {plan['date']} {shifts.get(shift, shift)}：{what} {len(runs)} 车次"
        axes.text(0.5, 1.035, head, transform=axes.transAxes, ha="center", fontsize=17)
    axes.text(0.5, 1.01, title, transform=axes.transAxes, ha="center", fontsize=11)
    credit = "some courses © OpenStreetMap contributors, ODbL"
    axes.text(
        0.99, -0.012, f"模型；部分走向 / model; {credit}" if chinese else f"model; {credit}",
        transform=axes.transAxes, ha="right", fontsize=7.5, color="#555555",
    )  # fmt: skip
    axes.set_aspect("equal")
    axes.axis("off")
    axes.margins(0.01)
    out.parent.mkdir(parents=True, exist_ok=True)
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=200, bbox_inches="tight", pad_inches=0.1)
    # A palette halves the file and cannot be told from the full colours.
    picture = Image.open(drawn).convert("RGB")
    picture = picture.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(out, format="PNG", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", type=Path, help="plan.json whose runs are drawn")
    parser.add_argument("--shift", default="night", help="shift of the plan (night)")
    parser.add_argument("--service", help="only the runs of this service")
    parser.add_argument("--out", type=Path, help="the picture (docs/pictures/...)")
    given = parser.parse_args()
    pictures = HERE.parents[1] / "docs" / "pictures"
    if given.plan is None:
        draw(given.out or pictures / "network.png")
    else:
        out = given.out or pictures / f"{given.shift}_runs.png"
        draw_runs(given.plan, given.shift, given.service, out)


if __name__ == "__main__":
    main()
