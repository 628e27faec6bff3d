"""OpenStreetMap XML -> street network, through osmnx.

The file is not trusted: before osmnx sees it, it is read once here as a stream, and entity
declarations, missing nodes, impossible coordinates and excessive size are refused with a
ValueError that says where. That reading also takes the turn restrictions, which osmnx ignores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from routes.network import (
    ARTERIAL,
    BRANCH,
    SECONDARY,
    Restriction,
    Step,
    StreetNetwork,
    build_network,
)

MAX_BYTES = 2_000_000_000
MAX_DEPTH = 8  # osm / relation / member is 3
_CHUNK = 1 << 20

# What a lorry may drive on, https://wiki.openstreetmap.org/wiki/Key:highway
CLASS_OF_HIGHWAY = {
    "motorway": ARTERIAL,
    "motorway_link": ARTERIAL,
    "trunk": ARTERIAL,
    "trunk_link": ARTERIAL,
    "primary": ARTERIAL,
    "primary_link": ARTERIAL,
    "secondary": SECONDARY,
    "secondary_link": SECONDARY,
    "tertiary": SECONDARY,
    "tertiary_link": SECONDARY,
    "residential": BRANCH,
    "living_street": BRANCH,
    "unclassified": BRANCH,
    "service": BRANCH,
}
TURNING_NODES = frozenset({"turning_circle", "turning_loop", "mini_roundabout"})
_WAY_TAGS = ["access", "area", "highway", "junction", "lanes", "motor_vehicle", "name", "oneway"]
_WAY_TAGS += ["vehicle"]


def read_network(path: Path, *, roads: Mapping[int, int] | None = None) -> StreetNetwork:
    """The driveable street network of an OpenStreetMap XML file.

    Kept are the ways of CLASS_OF_HIGHWAY that motor vehicles may use; of ``motor_vehicle``,
    ``vehicle`` and ``access`` the first that is tagged decides. No step is joined with another:
    every pair of consecutive nodes is an arc. Lengths are osmnx's great-circle lengths.

    Args:
        path: an .osm or .xml file, UTF-8.
        roads: class (ARTERIAL, SECONDARY, BRANCH) by way id, for ways whose class is known better
            than from their highway tag.

    Returns:
        The largest strongly connected part. Deterministic: the order in the file has no effect.

    Raises:
        ValueError: the file is no readable OpenStreetMap XML, is unsafe, incomplete or too large,
            or holds no connected streets. The message names the file and the element.
        OSError: the file cannot be read.
    """
    facts = _inspect(path)
    graph = _load_graph(path)
    chosen = roads or {}
    steps = []
    for tail, head, edge in graph.edges(data=True):
        highway = edge.get("highway")
        if highway not in CLASS_OF_HIGHWAY or not _may_drive(edge):
            continue
        # osmnx knows only roundabouts as one-way by nature
        by_nature = highway == "motorway" or edge.get("junction") == "circular"
        if edge["reversed"] and by_nature:
            continue
        way = int(edge["osmid"])
        road_class = chosen.get(way, CLASS_OF_HIGHWAY[highway])
        name, length_m = edge.get("name", ""), float(edge["length"])
        steps.append(
            Step(int(tail), int(head), way, length_m, road_class, name, bool(edge["reversed"]))
        )
    nodes = {int(n): (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    turning = [int(n) for n, d in graph.nodes(data=True) if d.get("highway") in TURNING_NODES]
    try:
        return build_network(nodes, steps, facts.restrictions, turning, facts.skipped)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _may_drive(edge: Mapping[str, Any]) -> bool:
    access = edge.get("motor_vehicle") or edge.get("vehicle") or edge.get("access")
    return access not in ("no", "private") and edge.get("area") != "yes"


def _load_graph(path: Path) -> Any:
    """The file as an osmnx MultiDiGraph, every way in it, nothing simplified."""
    import osmnx

    with _osmnx_settings(osmnx.settings):
        try:
            return osmnx.graph_from_xml(path, simplify=False, retain_all=True, bidirectional=False)
        except ValueError as error:
            raise ValueError(f"{path.name}: osmnx cannot read it: {error}") from error


@contextmanager
def _osmnx_settings(settings: Any) -> Iterator[None]:
    """osmnx is steered by module globals: set what we need, and put back what was there."""
    ours = {"useful_tags_way": _WAY_TAGS, "useful_tags_node": ["highway"], "all_oneway": False}
    before = {key: getattr(settings, key) for key in ours}
    try:
        for key, value in ours.items():
            setattr(settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(settings, key, value)


@dataclass
class _Facts:
    """What the first reading finds. ``skipped`` counts restrictions via ways or conditional."""

    restrictions: list[Restriction] = field(default_factory=list)
    skipped: int = 0
    nodes: set[int] = field(default_factory=set)
    ways: set[int] = field(default_factory=set)
    refs: dict[int, int] = field(default_factory=dict)  # node: a way that uses it


def _inspect(path: Path) -> _Facts:
    """Check the file as a stream and collect its turn restrictions; ValueError as read_network."""
    if path.suffix == ".pbf":
        raise ValueError(f"{path.name}: PBF is not read yet; convert it to .osm (XML) first")
    if path.suffix not in (".osm", ".xml"):
        raise ValueError(f"{path.name}: not an .osm or .xml file")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name}: larger than {MAX_BYTES // 10**9} GB; cut the district out")
    try:
        _refuse_entities(path)
        facts = _read_elements(path)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8 (byte {error.start} of a block)") from error
    except ElementTree.ParseError as error:
        raise ValueError(f"{path.name}: not well-formed XML: {error}") from error
    missing = sorted(set(facts.refs) - facts.nodes)
    if missing:
        shown = ", ".join(f"{node} (way {facts.refs[node]})" for node in missing[:5])
        raise ValueError(
            f"{path.name}: {len(missing)} nodes of ways are not in the file: {shown}; "
            "cut the extract with complete ways"
        )
    return facts


def _refuse_entities(path: Path) -> None:
    """Entities can only be declared in a DOCTYPE, which OpenStreetMap files never have.

    The text is searched as it is decoded for the parsers, so no encoding can hide it.
    """
    last = ""
    with path.open(encoding="utf-8") as file:
        while block := file.read(_CHUNK):
            text = last + block
            for bad in ("<!DOCTYPE", "<!ENTITY", "\x00"):
                if bad in text:
                    raise ValueError(f"{path.name}: {bad!r} in the file; refused as unsafe XML")
            last = text[-9:]


def _read_elements(path: Path) -> _Facts:
    facts = _Facts()
    depth = 0
    # Text, not bytes: a declared encoding then has no effect here nor in osmnx.
    with path.open(encoding="utf-8") as file:
        root = None
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                depth += 1
                root = element if root is None else root
                if root.tag != "osm":
                    raise ValueError(f"{path.name}: root is <{root.tag}>, not <osm>")
                if depth > MAX_DEPTH:
                    raise ValueError(f"{path.name}: elements are nested deeper than {MAX_DEPTH}")
                continue
            depth -= 1
            if depth == 1 and root is not None:
                try:
                    _take(element, facts)
                except (KeyError, ValueError) as error:
                    what = f"<{element.tag} id={element.get('id')!r}>"
                    cause = f"attribute {error} missing" if isinstance(error, KeyError) else error
                    raise ValueError(f"{path.name}: {what}: {cause}") from error
                root.clear()
    return facts


def _take(element: ElementTree.Element, facts: _Facts) -> None:
    """Check one node, way or relation; KeyError or ValueError where an attribute is wrong."""
    tags = {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
    if element.tag == "node":
        node = _new_id(element, facts.nodes)
        for key, bound in (("lat", 90), ("lon", 180)):
            if not abs(float(element.attrib[key])) <= bound:
                text = element.attrib[key]
                raise ValueError(f"{key} {text} of node {node} is not within ±{bound} degrees")
    elif element.tag == "way":
        way = _new_id(element, facts.ways)
        for nd in element.iter("nd"):
            facts.refs.setdefault(int(nd.attrib["ref"]), way)
    elif element.tag == "relation":
        members = [
            (m.attrib["role"], m.attrib["type"], int(m.attrib["ref"]))
            for m in element.iter("member")
        ]
        if tags.get("type", "").startswith("restriction"):
            _take_restriction(tags, members, facts)


def _new_id(element: ElementTree.Element, seen: set[int]) -> int:
    number = int(element.attrib["id"])
    if number in seen:
        raise ValueError("the id is there twice")
    seen.add(number)
    return number


def _take_restriction(
    tags: Mapping[str, str], members: list[tuple[str, str, int]], facts: _Facts
) -> None:
    """https://wiki.openstreetmap.org/wiki/Relation:restriction; a truck is a hgv there."""
    kind = tags.get("restriction") or tags.get("restriction:hgv") or ""
    if "hgv" in tags.get("except", "").split(";"):
        return
    via = [ref for role, what, ref in members if role == "via" and what == "node"]
    ways = {
        end: frozenset(ref for role, what, ref in members if role == end and what == "way")
        for end in ("from", "to")
    }
    known = kind.startswith(("no_", "only_"))
    if known and len(via) == 1 and ways["from"] and ways["to"]:
        facts.restrictions.append(Restriction(kind, ways["from"], via[0], ways["to"]))
    elif known or "restriction:conditional" in tags:
        facts.skipped += 1
