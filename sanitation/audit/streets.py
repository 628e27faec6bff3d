"""The referee's own reading of network.osm: ways, directions, restrictions, turning places.

Read with the standard library alone, so that a fault in the planner's network cannot hide here.
Tags as in the OpenStreetMap wiki (Key:highway, Key:oneway, Relation:restriction).
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from sanitation.errors import UsageError

EARTH_M = 6_371_009.0  # mean radius
NEAR_M = 0.5  # who is so little farther is as near
ARTERIAL, SECONDARY, BRANCH = "arterial", "secondary", "branch"
Step = tuple[int, int, int]  # from node, to node, way

# highway values that a truck drives on; links count as the class they lead to
_CLASS = {
    **dict.fromkeys(("motorway", "trunk", "primary"), ARTERIAL),
    **dict.fromkeys(("secondary", "tertiary"), SECONDARY),
    **dict.fromkeys(("unclassified", "residential", "living_street", "service"), BRANCH),
}
_TURNING = frozenset({"turning_circle", "turning_loop", "mini_roundabout"})
_FORWARD, _BACKWARD = frozenset({"yes", "true", "1"}), frozenset({"-1", "reverse"})


@dataclass(frozen=True, slots=True)
class ViaWays:
    """A restriction via ways: after ``start`` and then ``via``, ``to`` is forbidden (or, where
    the kind begins with only_, everything else is)."""

    relation: int
    kind: str
    start: int
    via: tuple[int, ...]
    to: frozenset[int]


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets of a district.

    Attributes:
        position: node -> (lon, lat).
        length_m: step -> metres; a step is here only if it may be driven in that direction.
        road_class: way -> arterial, secondary or branch.
        way_steps: way -> its steps that lie in the core.
        core: nodes from which every other can be reached and left again.
        leaving, arriving: core node -> the steps from it and to it.
        classes: core node -> classes of the ways that meet there.
        turning: nodes tagged as places to turn round.
        banned_turns: two steps -> the restriction (relation id, kind) that forbids the turn.
        after_way: last via way -> the restrictions via ways that end with it.
    """

    position: Mapping[int, tuple[float, float]]
    length_m: Mapping[Step, float]
    road_class: Mapping[int, str]
    way_steps: Mapping[int, tuple[Step, ...]]
    core: frozenset[int]
    leaving: Mapping[int, tuple[Step, ...]]
    arriving: Mapping[int, tuple[Step, ...]]
    classes: Mapping[int, frozenset[str]]
    turning: frozenset[int]
    banned_turns: Mapping[tuple[Step, Step], tuple[int, str]]
    after_way: Mapping[int, tuple[ViaWays, ...]]

    @cached_property
    def _by_latitude(self) -> list[tuple[float, int]]:
        return sorted((self.position[node][1], node) for node in self.core)

    def nearest(self, lon: float, lat: float) -> frozenset[int]:
        """The core node nearest to a point, and any other that is not half a metre farther."""
        ordered = self._by_latitude
        at = bisect_left(ordered, (lat, 0))
        far: dict[int, float] = {}
        least = math.inf
        # From the point's latitude outwards, as far as latitude alone does not rule a node out.
        for side in (reversed(ordered[:at]), ordered[at:]):
            for other, node in side:
                if EARTH_M * math.radians(abs(other - lat)) > least + NEAR_M:
                    break
                far[node] = metres(self.position[node], (lon, lat))
                least = min(least, far[node])
        return frozenset(node for node, length in far.items() if length <= least + NEAR_M)

    def may_turn_round(self, before: Step, back: Step, closed: frozenset[int]) -> bool:
        """Whether u->v (``before``) may be followed by v->u (``back``).

        At places tagged for it, where branch streets only meet, and where there is no other way:
        nothing else may follow ``before`` (a dead end), or nothing else leads into ``back``.

        Args:
            closed: ways that nobody may drive today.
        """
        node = back[0]
        if node in self.turning or self.classes.get(node, frozenset()) == {BRANCH}:
            return True
        banned = self.banned_turns
        onward = any(
            step[1] != before[0] and step[2] not in closed and (before, step) not in banned
            for step in self.leaving.get(node, ())
        )
        led_into = any(
            step[0] != back[1] and step[2] not in closed and (step, back) not in banned
            for step in self.arriving.get(node, ())
        )
        return not onward or not led_into

    def banned(self, trace: Sequence[Step], step: Step) -> tuple[int, str] | None:
        """The restriction (relation id, kind) that forbids ``step`` after ``trace``, or None."""
        if not trace:
            return None
        before = trace[-1]
        if rule := self.banned_turns.get((before, step)):
            return rule
        if step[2] == before[2]:
            return None
        for chain in self.after_way.get(before[2], ()):
            forbidden = (step[2] in chain.to) != chain.kind.startswith("only_")
            if forbidden and _drove(trace, chain.start, chain.via):
                return chain.relation, chain.kind
        return None


def _drove(trace: Sequence[Step], start: int, via: tuple[int, ...]) -> bool:
    """Whether the trace ends with ``start`` and then every way of ``via`` in order."""
    wanted = [start, *via]
    for _, _, way in reversed(trace):
        if way == wanted[-1]:
            continue
        if len(wanted) > 1 and way == wanted[-2]:
            wanted.pop()
            continue
        break
    return len(wanted) == 1


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle metres between two (lon, lat) by the haversine formula."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(math.sqrt(half))


def read_streets(file: Path, class_of_way: Mapping[int, str]) -> Streets:
    """Read a network.

    Args:
        file: OpenStreetMap XML.
        class_of_way: road class of the ways of cleaned roads; it wins over the highway tag.

    Raises:
        UsageError: the file is missing, no XML, or holds no street.
    """
    position: dict[int, tuple[float, float]] = {}
    turning: set[int] = set()
    ways: dict[int, tuple[list[int], dict[str, str]]] = {}
    relations: list[tuple[int, list[tuple[str, str, int]], dict[str, str]]] = []
    try:
        root = ElementTree.parse(file).getroot()
        for item in root:
            if item.tag not in ("node", "way", "relation"):
                continue
            key = int(item.attrib["id"])
            tags = {tag.attrib["k"]: tag.attrib["v"] for tag in item.iter("tag")}
            if item.tag == "node":
                position[key] = (float(item.attrib["lon"]), float(item.attrib["lat"]))
                if tags.get("highway") in _TURNING:
                    turning.add(key)
            elif item.tag == "way":
                ways[key] = ([int(nd.attrib["ref"]) for nd in item.iter("nd")], tags)
            else:
                members = [
                    (m.attrib.get("role", ""), m.attrib["type"], int(m.attrib["ref"]))
                    for m in item.iter("member")
                ]
                relations.append((key, members, tags))
    except (OSError, ElementTree.ParseError, KeyError, ValueError) as fault:
        raise UsageError(f"{file}: cannot be read as OpenStreetMap XML: {fault}") from fault
    length_m: dict[Step, float] = {}
    road_class: dict[int, str] = {}
    for way in sorted(ways):
        nodes, tags = ways[way]
        if not _driveable(tags):
            continue
        road_class[way] = class_of_way.get(way) or _CLASS[tags["highway"].removesuffix("_link")]
        forward, backward = _directions(tags)
        for u, v in pairwise(nodes):
            if u == v or u not in position or v not in position:
                continue
            length = metres(position[u], position[v])
            if forward:
                length_m[u, v, way] = length
            if backward:
                length_m[v, u, way] = length
    if not length_m:
        raise UsageError(f"{file}: no street that a truck may drive on")
    core = _core(length_m)
    leaving: dict[int, list[Step]] = {}
    arriving: dict[int, list[Step]] = {}
    classes: dict[int, set[str]] = {}
    way_steps: dict[int, list[Step]] = {}
    for u, v, way in length_m:
        if u in core and v in core:
            leaving.setdefault(u, []).append((u, v, way))
            arriving.setdefault(v, []).append((u, v, way))
            for node in (u, v):
                classes.setdefault(node, set()).add(road_class[way])
            way_steps.setdefault(way, []).append((u, v, way))
    way_of = {way: tuple(steps) for way, steps in way_steps.items()}
    banned_turns, after_way = _restrictions(relations, position, way_of, leaving)
    return Streets(
        position=position,
        length_m=length_m,
        road_class=road_class,
        way_steps=way_of,
        core=core,
        leaving={node: tuple(steps) for node, steps in leaving.items()},
        arriving={node: tuple(steps) for node, steps in arriving.items()},
        classes={node: frozenset(names) for node, names in classes.items()},
        turning=frozenset(turning),
        banned_turns=banned_turns,
        after_way=after_way,
    )


def _driveable(tags: Mapping[str, str]) -> bool:
    access = tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access")
    if access in ("no", "private") or tags.get("area") == "yes":
        return False
    return tags.get("highway", "").removesuffix("_link") in _CLASS


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether a way may be driven along and against the order of its nodes."""
    oneway = tags.get("oneway", "").lower()
    if oneway in _BACKWARD:
        return False, True
    if oneway in _FORWARD:
        return True, False
    if not oneway and tags.get("junction") in ("roundabout", "circular"):
        return True, False
    if not oneway and tags.get("highway") == "motorway":
        return True, False
    return True, True


def _restrictions(
    relations: Iterable[tuple[int, list[tuple[str, str, int]], dict[str, str]]],
    position: Mapping[int, tuple[float, float]],
    way_steps: Mapping[int, tuple[Step, ...]],
    leaving: Mapping[int, Sequence[Step]],
) -> tuple[dict[tuple[Step, Step], tuple[int, str]], dict[int, tuple[ViaWays, ...]]]:
    """Turns that restrictions via a node forbid, and the restrictions via ways."""
    turns: dict[tuple[Step, Step], tuple[int, str]] = {}
    after_way: dict[int, list[ViaWays]] = {}
    for key, members, tags in sorted(relations, key=lambda relation: relation[0]):
        kind = tags.get("restriction") or tags.get("restriction:hgv") or ""
        exempt = {"hgv", "motor_vehicle"} & set(tags.get("except", "").replace(" ", "").split(";"))
        if tags.get("type") != "restriction" or exempt or not kind.startswith(("no_", "only_")):
            continue
        starts = [ref for role, what, ref in members if role == "from" and what == "way"]
        to = frozenset(ref for role, what, ref in members if role == "to" and what == "way")
        via_ways = tuple(ref for role, what, ref in members if role == "via" and what == "way")
        via_nodes = [ref for role, what, ref in members if role == "via" and what == "node"]
        for start in starts if via_ways and to else ():
            chain = ViaWays(key, kind, start, via_ways, to)
            after_way.setdefault(via_ways[-1], []).append(chain)
        for node in via_nodes:
            into = [step for way in starts for step in way_steps.get(way, ()) if step[1] == node]
            out = leaving.get(node, ())
            meant = [(a, b) for a in into for b in out if b[2] in to]
            # A way that is not split at the node leaves several turns: the word says which.
            if len(meant) > 1:
                meant = [(a, b) for a, b in meant if _fits(kind, a, b, position)]
            if kind.startswith("only_"):
                meant = [(a, b) for a in {a for a, _ in meant} for b in out if (a, b) not in meant]
            turns.update(dict.fromkeys(meant, (key, kind)))
    return turns, {way: tuple(chains) for way, chains in after_way.items()}


def _fits(
    kind: str, before: Step, after: Step, position: Mapping[int, tuple[float, float]]
) -> bool:
    """Whether a turn goes the way that a restriction's word (left, right, straight, u) says."""
    heading = [bearing(position[u], position[v]) for u, v, _ in (before, after)]
    left = (heading[0] - heading[1] + 180) % 360 - 180  # degrees to the left, -180 to 180
    back = after[1] == before[0]
    if "u_turn" in kind:
        return back or abs(left) > 135
    if "straight" in kind:
        return not back and abs(left) < 60
    if "left" in kind:
        return not back and left > 0
    if "right" in kind:
        return not back and left < 0
    return True


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Degrees clockwise from north of the way from a to b, both (lon, lat)."""
    east = (b[0] - a[0]) * math.cos(math.radians(a[1]))
    return math.degrees(math.atan2(east, b[1] - a[1]))


def _core(steps: Iterable[Step]) -> frozenset[int]:
    """The largest strongly connected part (of equally large ones, that of the lowest node)."""
    out: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for u, v, _ in steps:
        out.setdefault(u, []).append(v)
        back.setdefault(v, []).append(u)
    # Kosaraju: finish order on the graph, then sweeps of the reversed graph in opposite order.
    seen: set[int] = set()
    finished: list[int] = []
    for start in sorted(out.keys() | back.keys()):
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(out.get(start, ())))]
        while stack:
            node, heads = stack[-1]
            head = next((h for h in heads if h not in seen), None)
            if head is None:
                finished.append(node)
                stack.pop()
            else:
                seen.add(head)
                stack.append((head, iter(out.get(head, ()))))
    best: set[int] = set()
    taken: set[int] = set()
    for start in reversed(finished):
        if start in taken:
            continue
        part, queue = {start}, [start]
        taken.add(start)
        while queue:
            for tail in back.get(queue.pop(), ()):
                if tail not in taken:
                    taken.add(tail)
                    part.add(tail)
                    queue.append(tail)
        if (len(part), -min(part)) > (len(best), -min(best, default=0)):
            best = part
    return frozenset(best)
