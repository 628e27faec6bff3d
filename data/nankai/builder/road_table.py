"""roads.csv: lengths from the ways, areas that add up to the district's."""

from __future__ import annotations

import itertools
from collections import Counter

from .carriageways import Network
from .geometry import great_circle_m, to_lonlat
from .graph import ARTERIAL, CLASS_NAMES, Graph
from .osm_xml import FIRST_WAY
from .places import Row, Subdistricts, whole_shares
from .roads import Road

TOTAL_M2 = 9_060_000
CARRIAGEWAY_M2 = 5_110_000
# The litter bins that the source's district renewed in five years; how many there are in all is
# not known. Metres between two bins on a side by grade, relative to each other.
BINS = 5_111
BIN_EVERY_M = {1: 65, 2: 110, 3: 170, 4: 250}
# Footway per metre of road relative to each other: both sides of an arterial are the widest.
FOOTWAY_SHARE = (20.0, 12.0, 6.3)

# Streets of the old town and 古文化街, round 水上公园, at hospitals and metro stations.
KEY_STREETS = (
    "鼓楼东街", "鼓楼西街", "鼓楼南街", "鼓楼北街", "宫北大街", "宫南大街", "水阁大街", "通北路",
    "东门里大街", "东门外大街", "南开二纬路", "北城街", "南城街", "南开三纬路", "苏堤路", "服装街",
    "天塔道", "水上公园路", "环翠路", "苍穹道", "聂公桥道", "士英路",
)  # fmt: skip


def way_length_m(network: Network, number: int) -> float:
    spots = [to_lonlat(network.points[node]) for node in network.ways[number].nodes]
    return sum(great_circle_m(a, b) for a, b in itertools.pairwise(spots))


def table(
    graph: Graph,
    roads: list[Road],
    network: Network,
    subdistricts: Subdistricts,
) -> list[Row]:
    """Rows of roads.csv in the order of the roads' streets; a dual road is half its ways long."""
    ways: dict[int, list[int]] = {}
    for number, way in enumerate(network.ways):
        if way.road is not None:
            ways.setdefault(way.road, []).append(number)
    lengths = []
    for i in range(len(roads)):
        total = sum(
            way_length_m(network, w) * (0.5 if network.ways[w].dual else 1.0) for w in ways[i]
        )
        lengths.append(round(total, 1))
    scale = CARRIAGEWAY_M2 / sum(r.width_m * m for r, m in zip(roads, lengths, strict=True))
    widths = [round(road.width_m * scale, 1) for road in roads]
    carriageway = [m * w for m, w in zip(lengths, widths, strict=True)]
    weights = [m * FOOTWAY_SHARE[r.road_class] for r, m in zip(roads, lengths, strict=True)]
    per_weight = (TOTAL_M2 - sum(carriageway)) / sum(weights)
    names = _names(graph, roads)
    dense = [m / BIN_EVERY_M[road.grade] for road, m in zip(roads, lengths, strict=True)]
    bins = whole_shares(BINS, dense)
    rows: list[Row] = []
    for i, road in enumerate(roads):
        street = graph.streets[road.street]
        key = int(street.name in KEY_STREETS and road.road_class != ARTERIAL)
        footway = round(weights[i] * per_weight, 1)
        middle = graph.nodes[road.nodes[len(road.nodes) // 2]]
        rows.append(
            [
                f"R{i + 1:03d}", names[i], street.pinyin, road.from_street, road.to_street,
                CLASS_NAMES[road.road_class], road.grade, key,
                subdistricts.at(middle), f"{lengths[i]:.1f}", f"{widths[i]:.1f}", road.lanes,
                f"{footway:.1f}", f"{carriageway[i] + footway:.1f}",
                ";".join(str(FIRST_WAY + w) for w in ways[i]), bins[i], street.provenance,
            ]
        )  # fmt: skip
    return rows


def _names(graph: Graph, roads: list[Road]) -> list[str]:
    """A street's name, with the stretch in brackets where the street has several roads."""
    pieces = Counter(road.street for road in roads)
    names = []
    for road in roads:
        name = graph.streets[road.street].name
        if pieces[road.street] > 1:
            ends = [road.from_street or "起点", road.to_street or "终点"]
            name = f"{name}（{ends[0]}–{ends[1]}）"
        names.append(name)
    again = Counter(names)
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        if again[name] > 1:
            seen[name] += 1
            names[i] = f"{name}{seen[name]}"
    return names
