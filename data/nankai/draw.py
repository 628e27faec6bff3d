"""Draws the embedded district: its network by cleaning grade.

    python data/nankai/draw.py [--out FILE]    docs/pictures/network.png

Pictures of plans are drawn by `sanitation show --plot`.
Needs matplotlib. Names are Chinese where a font for them is installed, else pinyin or English.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib

matplotlib.use("Agg")
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "docs/pictures/network.png")
    draw(parser.parse_args().out)


if __name__ == "__main__":
    main()
