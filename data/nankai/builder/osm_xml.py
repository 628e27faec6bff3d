"""network.osm: OpenStreetMap XML 0.6 with synthetic ids, sorted, 7 decimals."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from .carriageways import Network
from .geometry import to_lonlat

FIRST_NODE, FIRST_WAY, FIRST_RELATION = 1_000_001, 2_000_001, 3_000_001


def numbering(network: Network) -> dict[int, int]:
    """Network node number -> OpenStreetMap id, for the nodes that ways use."""
    used = sorted({node for way in network.ways for node in way.nodes})
    return {node: FIRST_NODE + rank for rank, node in enumerate(used)}


def write_osm(network: Network, path: Path) -> None:
    ids = numbering(network)
    out = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="nankai model">']
    for node, number in ids.items():
        lon, lat = to_lonlat(network.points[node])
        head = f'  <node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"'
        if node in network.turning:
            out += [f"{head}>", _tag("highway", network.turning[node]), "  </node>"]
        else:
            out.append(f"{head}/>")
    for rank, way in enumerate(network.ways):
        out.append(f'  <way id="{FIRST_WAY + rank}" version="1">')
        out += [f'    <nd ref="{ids[node]}"/>' for node in way.nodes]
        out.append(_tag("highway", way.highway))
        if way.name:
            out.append(_tag("name", way.name))
        out.append(_tag("lanes", str(way.lanes)))
        if way.oneway:
            out.append(_tag("oneway", "yes"))
        out.append("  </way>")
    for rank, (kind, one, via, two) in enumerate(network.restrictions):
        out.append(f'  <relation id="{FIRST_RELATION + rank}" version="1">')
        for role, kind_of, ref in (
            ("from", "way", FIRST_WAY + one),
            ("via", "node", ids[via]),
            ("to", "way", FIRST_WAY + two),
        ):
            out.append(f'    <member type="{kind_of}" ref="{ref}" role="{role}"/>')
        out += [_tag("type", "restriction"), _tag("restriction", kind), "  </relation>"]
    out.append("</osm>\n")
    path.write_text("\n".join(out), encoding="utf-8", newline="\n")


def _tag(key: str, value: str) -> str:
    return f'    <tag k="{key}" v={quoteattr(value)}/>'
