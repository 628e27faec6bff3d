"""The referee's own reading of a network: directions, turning places, restrictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanitation.audit.streets import read_streets
from sanitation.errors import UsageError


def osm(tmp_path: Path, ways: str, extra: str = "", node_tags: str = "") -> Path:
    """A network: nodes 1 to 5 from west to east, 100 m apart, node 6 north of 3."""
    lons = {node: 117.0 + 0.00115 * node for node in range(1, 6)}
    nodes = [
        f'<node id="{n}" lon="{lon}" lat="39.1">{node_tags if n == 4 else ""}</node>'
        for n, lon in lons.items()
    ]
    nodes.append(f'<node id="6" lon="{lons[3]}" lat="39.101"/>')
    file = tmp_path / "network.osm"
    file.write_text(f"<osm>{''.join(nodes)}{ways}{extra}</osm>", encoding="utf-8")
    return file


def way(key: int, nodes: str, **tags: str) -> str:
    """A way through nodes given as digits."""
    inner = "".join(f'<nd ref="{n}"/>' for n in nodes)
    inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
    return f'<way id="{key}">{inner}</way>'


def test_directions_of_ways(tmp_path: Path) -> None:
    """oneway=yes, -1, a roundabout, and a footway that nobody drives."""
    file = osm(
        tmp_path,
        way(1, "12", highway="primary", oneway="yes")
        + way(2, "12", highway="primary", oneway="-1")
        + way(3, "2362", highway="residential", junction="roundabout")
        + way(4, "45", highway="footway"),
    )
    steps = set(read_streets(file, {}).length_m)
    assert steps == {(1, 2, 1), (2, 1, 2), (2, 3, 3), (3, 6, 3), (6, 2, 3)}


def test_where_turning_round_is_allowed(tmp_path: Path) -> None:
    """At dead ends, on branch streets and at a turning circle; not in the middle of an arterial."""
    tags = '<tag k="highway" v="turning_circle"/>'
    file = osm(
        tmp_path, way(1, "12345", highway="primary") + way(2, "36", highway="service"), "", tags
    )
    streets = read_streets(file, {2: "branch"})
    way_at = {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2}
    came = {1: 2, 2: 1, 3: 2, 4: 3, 5: 4, 6: 3}

    def allowed_at(closed: frozenset[int]) -> set[int]:
        return {
            node
            for node, way_id in way_at.items()
            if streets.may_turn_round(
                (came[node], node, way_id), (node, came[node], way_id), closed
            )
        }

    assert allowed_at(frozenset()) == {1, 4, 5, 6}


def test_a_trap_is_a_place_to_turn_round(tmp_path: Path) -> None:
    """From node 3, reached from 2 only, the arterial back to 2 needs turning round; 6 is one-way.

    A street closed beyond node 2 makes a dead end of it.
    """
    drawn = way(1, "12", highway="primary") + way(2, "23", highway="primary")
    drawn += way(3, "36", highway="primary", oneway="yes")
    drawn += way(4, "61", highway="primary", oneway="yes")
    streets = read_streets(osm(tmp_path, drawn), {})
    assert streets.may_turn_round((2, 3, 2), (3, 2, 2), frozenset())
    assert not streets.may_turn_round((1, 2, 1), (2, 1, 1), frozenset())
    assert streets.may_turn_round((1, 2, 1), (2, 1, 1), frozenset({2}))


def test_restriction_via_a_way(tmp_path: Path) -> None:
    """After way 1 and way 2 it is forbidden to turn into way 4; from elsewhere it is not."""
    members = [("from", "way", 1), ("via", "way", 2), ("to", "way", 4)]
    relation = '<relation id="7">' + "".join(
        f'<member type="{kind}" ref="{ref}" role="{role}"/>' for role, kind, ref in members
    )
    relation += '<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>'
    drawn = "".join(
        way(k, n, highway="primary") for k, n in ((1, "12"), (2, "23"), (3, "345"), (4, "36"))
    )
    streets = read_streets(osm(tmp_path, drawn, relation), {})
    assert streets.banned([(1, 2, 1), (2, 3, 2)], (3, 6, 4)) == (7, "no_left_turn")
    assert streets.banned([(2, 3, 2)], (3, 6, 4)) is None
    assert streets.banned([(1, 2, 1), (2, 3, 2)], (3, 4, 3)) is None


def test_only_restriction_forbids_everything_else(tmp_path: Path) -> None:
    """only_straight_on from way 1 into way 3 at node 3 forbids way 4 and turning back."""
    members = [("from", "way", 1), ("via", "node", 3), ("to", "way", 3)]
    relation = '<relation id="8">' + "".join(
        f'<member type="{kind}" ref="{ref}" role="{role}"/>' for role, kind, ref in members
    )
    relation += (
        '<tag k="type" v="restriction"/><tag k="restriction" v="only_straight_on"/></relation>'
    )
    drawn = "".join(
        way(k, n, highway="residential") for k, n in ((1, "123"), (3, "345"), (4, "36"))
    )
    streets = read_streets(osm(tmp_path, drawn, relation), {})
    came = [(2, 3, 1)]
    assert streets.banned(came, (3, 4, 3)) is None
    assert streets.banned(came, (3, 6, 4)) == (8, "only_straight_on")
    assert streets.banned(came, (3, 2, 1)) == (8, "only_straight_on")


def test_unreadable_network_is_a_usage_error(tmp_path: Path) -> None:
    """No XML: an error with the file's name, exit status 2."""
    file = tmp_path / "network.osm"
    file.write_text("<osm><node", encoding="utf-8")
    with pytest.raises(UsageError, match=r"network\.osm: cannot be read"):
        read_streets(file, {})
