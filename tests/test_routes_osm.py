"""routes/osm.py: OpenStreetMap XML to a street network."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from town import draw, node_id

from routes.network import ARTERIAL, BRANCH, SECONDARY, StreetNetwork
from routes.osm import read_network

NANJING = Path("/work/shared/osm/nanjing_drive.osm")

SQUARE = """
    A---B---C
    |   |   |
    D---E---F
"""


def write(folder: Path, text: str, name: str = "town.osm") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def way(number: int, letters: str, **tags: str) -> str:
    refs = "".join(f'<nd ref="{node_id(letter)}"/>' for letter in letters)
    tags = {"highway": "residential", **tags}
    return f'<way id="{number}">{refs}' + tag_xml(tags) + "</way>"


def tag_xml(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def with_ways(folder: Path, *ways: str) -> StreetNetwork:
    """The square town with further ways."""
    text = draw(SQUARE).xml().replace("</osm>", "".join(ways) + "</osm>")
    return read_network(write(folder, text))


def same(one: StreetNetwork, two: StreetNetwork) -> bool:
    lengths = np.allclose(one.length_m, two.length_m, atol=0.01)
    keys = ("node_ids", "tail", "head", "way_ids", "road_class", "name", "banned", "turn_round")
    return lengths and all(np.array_equal(getattr(one, k), getattr(two, k)) for k in keys)


def test_a_drawn_town_and_its_xml_are_the_same_network(tmp_path: Path) -> None:
    """Drawn, written as OpenStreetMap XML and read through osmnx: nothing is lost."""
    town = draw(
        "A---B-->C\n|   |   |\nD---E---F",
        streets={"长江道": "DEF"},
        classes={"长江道": ARTERIAL, "AB": SECONDARY},
        no_turn=["A B E"],
    )
    read = read_network(write(tmp_path, town.xml()))
    assert same(read, town.network)
    assert read.names == ("", "长江道")
    assert len(read.banned) == 1
    assert read.arcs == 13  # six two-way steps and one one-way


def test_the_order_in_the_file_has_no_effect(tmp_path: Path) -> None:
    """Shuffled nodes and ways give the same bytes."""
    lines = draw(SQUARE, streets={"长江道": "ABC"}).xml().replace("\n<nd", "<nd")
    lines = lines.replace("\n<tag", "<tag").replace("\n</way>", "</way>")
    head, first, *elements, last = lines.split("\n")
    networks = []
    for seed in range(3):
        random.Random(seed).shuffle(elements)
        path = write(tmp_path, "\n".join([head, first, *elements, last]))
        networks.append(read_network(path).digest())
    assert len(set(networks)) == 1


def test_only_streets_that_lorries_may_use(tmp_path: Path) -> None:
    """Footways, private drives and streets closed to motor vehicles are left out."""
    network = with_ways(
        tmp_path,
        way(101, "AE", highway="footway"),
        way(102, "AE", highway="construction"),
        way(103, "AE", access="private"),
        way(104, "AE", motor_vehicle="no"),
        way(105, "AE", access="no", motor_vehicle="yes"),
        way(106, "AE", area="yes"),
        way(107, "AE", building="yes", highway="steps"),
        way(108, "AE", highway="service"),
    )
    assert {int(w) for w in network.way_ids if w > 100} == {105, 108}


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"oneway": "yes"}, {("A", "E")}),
        ({"oneway": "-1"}, {("E", "A")}),
        ({"oneway": "no"}, {("A", "E"), ("E", "A")}),
        ({"junction": "roundabout"}, {("A", "E")}),
        ({"junction": "circular"}, {("A", "E")}),
        ({"highway": "motorway"}, {("A", "E")}),
    ],
)
def test_directions(tmp_path: Path, tags: dict[str, str], directions: set[tuple[str, str]]) -> None:
    """oneway both ways round, and what is one-way by nature."""
    network = with_ways(tmp_path, way(101, "AE", **tags))
    ids = network.node_ids
    found = {
        (chr(ids[network.tail[a]]), chr(ids[network.head[a]]))
        for a in np.flatnonzero(network.way_ids == 101)
    }
    assert found == directions


def test_classes_come_from_the_highway_tag_unless_the_road_table_knows(tmp_path: Path) -> None:
    """primary is arterial, tertiary secondary; way 102 is arterial because the caller says so."""
    text = (
        draw(SQUARE)
        .xml()
        .replace(
            "</osm>",
            way(101, "AE", highway="primary_link")
            + way(102, "BF", highway="tertiary")
            + way(103, "CE", highway="tertiary")
            + "</osm>",
        )
    )
    network = read_network(write(tmp_path, text), roads={102: ARTERIAL})
    of = {int(w): int(c) for w, c in zip(network.way_ids, network.road_class, strict=True)}
    assert (of[101], of[102], of[103], of[1]) == (ARTERIAL, ARTERIAL, SECONDARY, BRANCH)


def test_every_node_of_a_way_is_kept_and_parallel_ways_stay_apart(tmp_path: Path) -> None:
    """D-E-F is two steps each way; a second way along D-E is told apart by its id."""
    network = with_ways(tmp_path, way(101, "DE"), way(102, "DED"))
    de = [
        int(w)
        for t, h, w in zip(network.tail, network.head, network.way_ids, strict=True)
        if (chr(network.node_ids[t]), chr(network.node_ids[h])) == ("D", "E")
    ]
    assert len(de) == 3  # the drawn one, 101, and 102 once although it passes twice
    assert de == sorted(de)


def test_what_cannot_be_left_again_is_dropped_and_counted() -> None:
    """G and H can be reached but not left: both go, and their ways are named."""
    town = draw("A---B-->G\n|   |   |\nD---E   H")
    assert [chr(n) for n in town.network.node_ids] == ["A", "B", "D", "E"]
    assert town.network.dropped_nodes == 2
    assert town.network.dropped_ways.tolist() == sorted([town.way_id("BG"), town.way_id("GH")])


def test_where_a_truck_may_turn_round() -> None:
    """On an arterial only at its dead ends, in branch streets anywhere, where both meet nowhere."""
    town = draw(
        "A---B---C---D\n        |\n        F---G",
        streets={"长江道": "ABCD"},
        classes={"长江道": ARTERIAL},
    )
    may = {
        chr(n): bool(t) for n, t in zip(town.network.node_ids, town.network.turn_round, strict=True)
    }
    assert may == {"A": True, "B": False, "C": False, "D": True, "F": True, "G": True}


def test_a_turning_circle_is_a_place_to_turn_round(tmp_path: Path) -> None:
    """A node tagged so may be turned at, even between two arterial steps."""
    town = draw("A---B---C", streets={"长江道": "ABC"}, classes={"长江道": ARTERIAL})
    plain = town.xml()
    b = f'<node id="{node_id("B")}"'
    at = plain.index("/>", plain.index(b))
    circle = plain[:at] + ">" + tag_xml({"highway": "turning_circle"}) + "</node>" + plain[at + 2 :]
    assert read_network(write(tmp_path, plain)).turn_round.tolist() == [True, False, True]
    assert read_network(write(tmp_path, circle)).turn_round.tolist() == [True, True, True]


def relation(kind: str, via: str, **extra: str) -> str:
    """A restriction from way 1 (A-B-C) to way 2 (B-E)."""
    members = f'<member type="way" ref="1" role="from"/>{via}<member type="way" ref="2" role="to"/>'
    tags = tag_xml({"type": "restriction", "restriction": kind, **extra})
    return f'<relation id="1">{members}{tags}</relation>'


VIA_B = f'<member type="node" ref="{node_id("B")}" role="via"/>'


@pytest.mark.parametrize(
    ("kind", "banned"),
    [
        # The way A-B-C is not split at B, so the word decides which of its ends is meant.
        ("no_right_turn", {"AB>BE"}),
        ("no_left_turn", {"CB>BE"}),
        ("only_right_turn", {"AB>BC", "AB>BA"}),
    ],
)
def test_turn_restrictions(tmp_path: Path, kind: str, banned: set[str]) -> None:
    """no_ bans its turn, only_ bans the others from there, and left is not right."""
    town = draw(SQUARE, streets={"长江道": "ABC", "红旗路": "BE"})
    text = town.xml().replace("</osm>", relation(kind, VIA_B) + "</osm>")
    network = read_network(write(tmp_path, text))
    names = {
        f"{town.letters([int(a)])}>{town.letters([int(b)])}" for a, b in network.banned.tolist()
    }
    assert names == banned


def test_restrictions_that_are_not_carried_over_are_counted(tmp_path: Path) -> None:
    """Via a way: skipped and counted. With an exception for lorries: not a restriction for us."""
    town = draw(SQUARE, streets={"长江道": "ABC", "红旗路": "BE"})
    via_way = '<member type="way" ref="3" role="via"/>'
    for text, skipped in (
        (relation("no_left_turn", via_way), 1),
        (relation("no_left_turn", VIA_B, **{"except": "bus;hgv"}), 0),
    ):
        network = read_network(write(tmp_path, town.xml().replace("</osm>", text + "</osm>")))
        assert (len(network.banned), network.skipped_restrictions) == (0, skipped)


BOMB = '<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><osm>&b;</osm>'
DEEP = "<osm>" + "<a>" * 20 + "</a>" * 20 + "</osm>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "'<!DOCTYPE' in the file; refused as unsafe XML"),
        ("<osm>" + " " * ((1 << 20) - 9) + "<!ENTITY x 'y'></osm>", "unsafe XML"),
        (DEEP, "nested deeper than 8"),
        ("<osm><node", "not well-formed XML"),
        ("<html></html>", "root is <html>, not <osm>"),
        ("<osm></osm>", "osmnx cannot read it"),
        ('<osm><node id="1" lat="117.1" lon="39.1"/></osm>', "lat 117.1 of node 1 is not within"),
        ('<osm><node id="1" lat="nan" lon="39.1"/></osm>', "lat nan of node 1"),
        ('<osm><node id="1" lon="39.1"/></osm>', "attribute 'lat' missing"),
        ('<osm><way id="5"><nd ref="7"/></way></osm>', "not in the file: 7 (way 5)"),
        (
            '<osm><node id="1" lat="1" lon="1"/><node id="1" lat="2" lon="2"/></osm>',
            "the id is there twice",
        ),
        ('<osm><node id="1" lat="1" lon="1"/></osm>', "no two streets"),
    ],
)
def test_bad_files_are_refused_in_words(tmp_path: Path, text: str, message: str) -> None:
    """Each fault gives a ValueError that names the file and the fault."""
    with pytest.raises(ValueError, match=r"^town\.osm: ") as caught:
        read_network(write(tmp_path, text))
    assert message in str(caught.value)


def test_encodings_hide_nothing(tmp_path: Path) -> None:
    """GBK is refused as not UTF-8, and an entity in UTF-16 is found out as well."""
    path = tmp_path / "town.osm"
    path.write_bytes("<osm note='长江道'></osm>".encode("gbk"))
    with pytest.raises(ValueError, match="not UTF-8"):
        read_network(path)
    path.write_bytes(BOMB.encode("utf-16-le"))
    with pytest.raises(ValueError, match="unsafe XML"):
        read_network(path)


def test_pbf_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """No guess at a binary file."""
    with pytest.raises(ValueError, match=r"a\.osm\.pbf: PBF is not read yet; convert"):
        read_network(write(tmp_path, "", "a.osm.pbf"))


def test_the_network_cannot_hold_nonsense() -> None:
    """A length that is no number, and arcs out of order, are refused at once."""
    network = draw(SQUARE).network
    fields = {name: getattr(network, name) for name in network.__dataclass_fields__}
    bad = network.length_m.copy()
    bad[3] = np.nan
    with pytest.raises(ValueError, match="length_m: nan is not between"):
        StreetNetwork(**{**fields, "length_m": bad})
    with pytest.raises(ValueError, match="arcs are not sorted"):
        StreetNetwork(**{**fields, "tail": network.head, "head": network.tail[::-1]})


def test_the_nearest_node() -> None:
    """A little west of A is A."""
    town = draw(SQUARE)
    lon, lat = town.lonlat["A"]
    assert town.network.nearest_node(lon - 0.0001, lat) == town.node("A")


@pytest.mark.skipif(not NANJING.exists(), reason="the extract is not here")
def test_a_real_extract() -> None:
    """Central Nanjing: 127 km of lanes, four of its five restrictions on streets that are kept."""
    network = read_network(NANJING)
    assert (network.nodes, network.arcs, network.dropped_nodes) == (800, 1754, 77)
    assert len(network.banned) == 4
    assert round(network.length_m.sum()) == 126_887
    assert "中山路" in network.names
