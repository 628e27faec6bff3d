"""Builds the embedded district of Nankai from the fact tables in source/.

    python data/nankai/build.py [--out FOLDER]

Deterministic: the same tables give the same bytes. Steps, one module each in builder/:

1. courses: the real streets' courses, their ends brought onto each other, crossings made nodes;
2. blocks: branch streets that fill the blocks between, none in the lake, parks or campuses;
3. chains: pieces in line become streets, the longest secondary, real names without a known
   course given to the nearest ones, the others called 模型路-nnn;
4. roads: streets cut into 70 arterial, 150 secondary and 231 branch roads;
5. traffic and carriageways: one-way streets, dual carriageways, junctions, turning places and
   restrictions, each only if every arc can still be reached from every other;
6. places, operations, waste, posts: every other table;
7. osm_xml and the CSV files, with the columns of sanitation/schema.py.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from builder import (  # noqa: E402
    blocks,
    chains,
    courses,
    operations,
    places,
    road_table,
    septic,
    toilets,
    traffic,
    waste,
)
from builder.carriageways import build_network  # noqa: E402
from builder.graph import BRANCH, SECONDARY  # noqa: E402
from builder.osm_xml import write_osm  # noqa: E402
from builder.posts import POSTS, attendants  # noqa: E402
from builder.roads import cut_roads  # noqa: E402

from sanitation.schema import TABLE  # noqa: E402

# The committed files were built with this GEOS; another one may round a generated street anew.
GEOS_VERSION = (3, 14, 1)

SECONDARY_M = 113_300.0
BRANCH_M = 91_000.0
CULS_DE_SAC = 14
SMALLEST_SIDE_M = 85.0

DISTRICT = """\
id = "nankai"
name = "南开区"
name_en = "Nankai District"
utc_offset = "+08:00"
model = true

# Foreign column names -> ours, by table; this district has ours already.
[columns]
"""


def write_tables(tables: dict[str, list[places.Row]], out: Path) -> None:
    """One CSV file per table: UTF-8, header of the schema, \\n."""
    for name, rows in tables.items():
        columns = [column.name for column in TABLE[name].columns]
        for row in rows:
            if len(row) != len(columns):
                raise ValueError(f"{name}: {len(row)} values for {len(columns)} columns: {row}")
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


def build(out: Path) -> None:
    """Writes network.osm, district.toml and all tables into the folder."""
    source = HERE / "source"
    streets, lines = courses.read_streets(source)
    graph = courses.plane_graph(streets, courses.fit_ends(lines))
    cutter = blocks.BlockCutter(graph)
    cutter.fill(BRANCH, SECONDARY_M + BRANCH_M - graph.length_m(SECONDARY), SMALLEST_SIDE_M)
    cutter.culs_de_sac(CULS_DE_SAC)
    chains.join_straight(graph)
    chains.promote(graph, SECONDARY_M)
    chains.give_names(graph, source)
    roads = cut_roads(graph)
    traffic.choose_one_ways(graph, roads)
    network = build_network(graph, roads)
    traffic.mark_turning(network)
    traffic.choose_restrictions(network)
    subdistricts = places.Subdistricts(source)
    ground = places.Ground(network)
    stations = places.stations(ground, subdistricts)
    yards = places.yards(ground)
    toilet_rows = places.toilets(ground, subdistricts, yards["depots"][len(places.DEPOTS) :])
    faces = [face for _, face in cutter.faces.values()]
    communities = places.communities(source, ground, subdistricts, faces)
    tables = {
        "subdistricts": subdistricts.table(),
        "roads": road_table.table(graph, roads, network, subdistricts),
        "toilets": toilet_rows,
        "stations": stations,
        "communities": communities,
        **yards,
        **places.spots(),
        "vehicle_types": operations.vehicle_types(),
        "vehicles": operations.vehicles(),
        "drivers": operations.crew(),
        "shifts": operations.SHIFTS,
        "standards": operations.standards(),
        "climate": operations.climate(),
        "rules": operations.rules(),
        "streams": waste.STREAMS,
        "collection": waste.collection(),
        "station_streams": waste.station_streams(stations),
        "terminals": waste.terminals(),
        "terminal_ways": waste.terminal_ways(stations, yards["depots"][: len(places.DEPOTS)]),
        "toilet_standards": toilets.standards(),
        "septic_tanks": septic.septic_tanks(toilet_rows, communities),
        "toilet_posts": POSTS,
        "attendants": attendants(toilet_rows),
    }
    out.mkdir(parents=True, exist_ok=True)
    write_tables(tables, out)
    write_osm(network, out / "network.osm")
    (out / "district.toml").write_text(DISTRICT, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write into")
    build(parser.parse_args().out)
