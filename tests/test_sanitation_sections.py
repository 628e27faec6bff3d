"""sanitation/sections.py: roads cut into sections."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from town import Town, draw

from routes.network import StreetNetwork
from routes.osm import read_network
from routes.paths import Router, Travel
from sanitation.district import embedded_folder, read_district
from sanitation.errors import DistrictError
from sanitation.model import Road, Section
from sanitation.sections import build_sections, sections_by_id

NANJING = Path("/work/shared/osm/nanjing_drive.osm")
RULES = {"section_min_m": 200.0, "section_max_m": 600.0}


def road(way_ids: Sequence[int], **changes: object) -> Road:
    """A road of 16 m and 4 lanes from 起点街 to 终点街."""
    plain = Road(
        id="R001",
        name="长江道",
        name_en="",
        from_street="起点街",
        to_street="终点街",
        road_class="arterial",
        grade=1,
        key_area=False,
        subdistrict="S",
        length_m=1000,
        width_m=16,
        lanes=4,
        footway_m2=0,
        area_m2=16000,
        way_ids=tuple(way_ids),
        provenance="model",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def cut(town: Town, way_ids: Sequence[int], **changes: object) -> dict[str, str]:
    """Section id -> its letters, the road's sections checked."""
    one = road(way_ids, **changes)
    sections = build_sections((one,), town.network, RULES)
    assert_sections_ok(sections, (one,), town.network)
    return {section.id[5:]: town.letters(section.arcs) for section in sections}


def assert_sections_ok(
    sections: Sequence[Section], roads: Sequence[Road], network: StreetNetwork
) -> None:
    """Every arc of every road once; every section drivable without turning round; ids unique."""
    router = Router(network, Travel())
    served: dict[str, list[int]] = defaultdict(list)
    for section in sections:
        router.drive_s(section.arcs)  # raises on a jump or a forbidden turn
        for a, b in pairwise(section.arcs):
            assert network.head[b] != network.tail[a], f"{section.id} turns round"
        assert section.length_m == network.length_of(section.arcs)
        assert section.id == section.pair + {"forward": "F", "backward": "B"}[section.direction]
        served[section.road_id] += section.arcs
    for one in roads:
        want = np.flatnonzero(np.isin(network.way_ids, one.way_ids)).tolist()
        assert sorted(served[one.id]) == want
    assert len({section.id for section in sections}) == len(sections)


def test_a_two_way_street_is_cut_at_a_cross_street_both_ways() -> None:
    """800 m with cross streets at 300 and 600 m: the even cut at 400 m has no junction, so 300."""
    town = draw(
        """
        A-----------B---C-------D-------E
                    |           |
                    F           G
        """,
        streets={"长江道": "ABCDE", "红旗路": "BF", "黄河道": "DG"},
    )
    assert cut(town, [1]) == {"01F": "AB", "01B": "BA", "02F": "BCDE", "02B": "EDCB"}


def test_names_widths_and_lanes() -> None:
    """Named by the cross streets, at the outer ends by the table; half the width each way."""
    town = draw(
        "A-----------B-----------E\n            |\n            F",
        streets={"长江道": "ABE", "红旗路": "BF"},
    )
    sections = sections_by_id(build_sections((road([1], lanes=3),), town.network, RULES))
    one = sections["R001-01F"]
    assert (one.from_name, one.to_name, one.length_m) == ("起点街", "红旗路", 300)
    assert (one.width_m, one.lanes, one.direction, one.pair) == (8, 1, "forward", "R001-01")
    back = sections["R001-02B"]
    assert (back.from_name, back.to_name, back.direction) == ("终点街", "红旗路", "backward")


def test_without_cross_streets_the_running_metre_is_the_name() -> None:
    """700 m without a junction are two halves, and both directions name the same place."""
    town = draw("A-----------B-C-----------D", streets={"长江道": "ABCD"})
    sections = sections_by_id(build_sections((road([1]),), town.network, RULES))
    names = {key: (s.from_name, s.to_name) for key, s in sections.items()}
    assert names["R001-01F"] == ("起点街", "长江道约300米处")
    assert names["R001-02B"] == ("终点街", "长江道约300米处")
    assert [s.length_m for s in sections.values()] == [300, 300, 350, 350]


def test_an_end_where_no_street_is_met_is_called_a_dead_end() -> None:
    """A driver looks for the end of the street, not for a place "about 0 m" along it."""
    town = draw("A-----------B-C-----------D", streets={"长江道": "ABCD"})
    dead = road([1], from_street="", to_street="")
    sections = sections_by_id(build_sections((dead,), town.network, RULES))
    ends = {key: (s.from_name, s.to_name) for key, s in sections.items()}
    assert ends["R001-01F"] == ("长江道尽头", "长江道约300米处")
    assert ends["R001-02F"] == ("长江道约300米处", "长江道尽头")
    assert ends["R001-02B"] == ("长江道尽头", "长江道约300米处")


def test_a_short_road_is_one_section_and_a_long_step_is_not_cut() -> None:
    """100 m is less than the minimum; 750 m without a node is more than the maximum."""
    short = draw("A---B---C", streets={"长江道": "AB"})
    assert cut(short, [1]) == {"01F": "AB", "01B": "BA"}
    long = draw("A------------------------------B", streets={"长江道": "AB"})
    assert cut(long, [1]) == {"01F": "AB", "01B": "BA"}


def test_forward_is_the_order_of_the_first_way() -> None:
    """The first way is drawn from C to A, so the road runs C, B, A, whatever the others do."""
    town = draw("A---B---C---D", streets={"长江道": "CBA", "红旗路": "CD"})
    assert cut(town, [1, 2]) == {"01F": "DCBA", "01B": "ABCD"}
    assert cut(town, [2, 1]) == {"01F": "ABCD", "01B": "DCBA"}


def test_a_one_way_street_has_forward_sections_of_full_width() -> None:
    """A to C one way: no B sections, 16 m, 4 lanes."""
    town = draw("A-->B-->C\n|       |\nD-------E", streets={"长江道": "ABC"})
    (one,) = build_sections((road([1]),), town.network, RULES)
    assert (one.id, town.letters(one.arcs)) == ("R001-01F", "ABC")
    assert (one.width_m, one.lanes) == (16, 4)


DUAL = """
    1           2           3
    |           |           |
    A----<------B---<-------C
    |           |           |
    D------>----E--->-------F
    |           |           |
    4           5           6
"""


def test_a_dual_carriageway_is_cut_at_the_same_places() -> None:
    """Carriageways 30 m apart, 600 m long, a cross street in the middle: they share numbers."""
    town = draw(DUAL, streets={"长江道#1": "DEF", "长江道#2": "CBA", "红旗路": "2BE5"}, row_m=15)
    assert cut(town, [1, 2]) == {"01F": "DE", "02F": "EF", "02B": "CB", "01B": "BA"}
    assert cut(town, [2, 1]) == {"01F": "CB", "02F": "BA", "02B": "DE", "01B": "EF"}
    sections = sections_by_id(build_sections((road([1, 2]),), town.network, RULES))
    back = sections["R001-02B"]
    assert (back.width_m, back.lanes) == (8, 2)
    assert (back.from_name, back.to_name) == ("终点街", "红旗路")


def test_the_table_says_which_way_a_road_runs() -> None:
    """The first way runs from 黄河道 to 红旗路, the road from 红旗路 to 黄河道: it is backward.

    A T-junction that meets one carriageway only gives its name to both.
    """
    town = draw(
        """
        1                       3
        |                       |
        A----<------B---<-------C
        |                       |
        D------>----E--->-------F
        |           |           |
        4           5           6
        """,
        streets={
            "长江道#1": "CBA",
            "长江道#2": "DEF",
            "红旗路#1": "1A",
            "红旗路#2": "4D",
            "黄河道#1": "3C",
            "黄河道#2": "6F",
            "白堤路": "5E",
        },
        row_m=15,
    )
    one = road([1, 2], from_street="红旗路", to_street="黄河道")
    assert cut(town, [1, 2], from_street="红旗路", to_street="黄河道") == {
        "01F": "DE",
        "02F": "EF",
        "02B": "CB",
        "01B": "BA",
    }
    sections = sections_by_id(build_sections((one,), town.network, RULES))
    ends = {key[5:]: (s.from_name, s.to_name) for key, s in sections.items()}
    assert ends == {
        "01F": ("红旗路", "白堤路"),
        "02F": ("白堤路", "黄河道"),
        "02B": ("黄河道", "白堤路"),
        "01B": ("白堤路", "红旗路"),
    }


def test_two_carriageways_that_end_in_one_point() -> None:
    """Both come together at A and at C: still one trail each way, no hairpin between them."""
    town = draw(
        """
        X---A---------------B---Y
             \\             /
              C-----------D
        """,
        streets={"长江道#1": "AB>", "长江道#2": "BDCA>"},
        row_m=15,
    )
    assert cut(town, [1, 2]) == {"01F": "AB", "01B": "BDCA"}


def test_carriageways_with_nodes_at_different_places() -> None:
    """The backward one is cut at its node nearest to the forward cut, 25 m on."""
    town = draw(
        """
        A------<-----B---<-------C
        |                        |
        D------>----E---->-------F
        """,
        streets={"长江道#1": "DEF", "长江道#2": "CBA"},
        row_m=15,
    )
    assert cut(town, [1, 2]) == {"01F": "DE", "02F": "EF", "02B": "CB", "01B": "BA"}


def test_a_street_that_splits_into_two_carriageways() -> None:
    """Two-way, dual, two-way: one trail each way through all of it, numbers side by side."""
    town = draw(
        """
        A-------B---->----C-------F
                ^         v
                D----<----E
        """,
        streets={"长江道#1": "AB", "长江道#2": "BC", "长江道#3": "CEDB", "长江道#4": "CF"},
        row_m=15,
    )
    found = cut(town, [1, 2, 3, 4])
    numbers = sorted({key[:2] for key in found})
    assert len(numbers) == 2
    assert joined(found[number + "F"] for number in numbers) == "ABCF"
    assert joined(found[number + "B"] for number in numbers[::-1]) == "FCEDBA"


def joined(parts: Iterable[str]) -> str:
    """Strings of nodes that follow each other, put together."""
    whole = ""
    for part in parts:
        assert not whole or whole[-1] == part[0]
        whole += part[1:] if whole else part
    return whole


def test_a_street_shaped_like_a_t() -> None:
    """The straight way on is one trail, the stem another; the stem begins at the junction."""
    town = draw(
        """
        A-----------B-----------C
                    |
                    D
        """,
        streets={"长江道#1": "ABC", "长江道#2": "BD"},
    )
    assert cut(town, [1, 2]) == {"01F": "ABC", "01B": "CBA", "02F": "BD", "02B": "DB"}


def test_a_ring_begins_where_another_street_meets_it() -> None:
    """A ring of 400 m, met at B: one section each way round, both from B to B."""
    town = draw("A---B---E\n|   |\nD---C", streets={"长江道": "ABCDA"})
    assert cut(town, [1]) == {"01F": "BCDAB", "01B": "BADCB"}


def test_a_one_way_ring() -> None:
    """One way round only, from where the other street meets it."""
    town = draw("A->-B---E\n^   v\nD-<-C", streets={"长江道": "ABCDA"})
    assert cut(town, [1]) == {"01F": "BCDAB"}


def test_a_street_with_a_ring_at_its_end() -> None:
    """In by E-A and round the block, straight on first; backward it is the mirror."""
    town = draw("E---A---B\n    |   |\n    D---C", streets={"长江道": "EABCDA"})
    assert cut(town, [1]) == {"01F": "EABCDA", "01B": "ADCBAE"}


def test_no_section_holds_a_forbidden_turn() -> None:
    """A to C straight on at B is forbidden, so B is where sections end, both ways alike."""
    town = draw(
        "A---B---C\n|   |   |\nD---E---F",
        streets={"长江道#1": "AB", "长江道#2": "BC"},
        no_turn=["A B C"],
    )
    assert cut(town, [1, 2]) == {"01F": "AB", "01B": "BA", "02F": "BC", "02B": "CB"}


def test_ways_that_are_missing_are_all_named_at_once() -> None:
    """An unknown way, one that cannot be left, one in two roads: three problems, one error."""
    town = draw("A---B-->G\n|   |\nD---E")
    ab, bg = town.way_id("AB"), town.way_id("BG")
    roads = (road([ab, 999]), road([bg, ab], id="R002"))
    with pytest.raises(DistrictError) as caught:
        build_sections(roads, town.network, RULES)
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == 3
    assert lines[0].startswith("roads.csv: way_ids: road R001 has a way that is no driveable")
    assert "(value '999')" in lines[0]
    assert "R002" in lines[1]
    assert "R001 has already" in lines[2]


def random_district(seed: int) -> tuple[tuple[Road, ...], StreetNetwork]:
    """A grid of 7 by 7 streets, some one-way or missing, ways handed to roads at random."""
    rng = random.Random(seed)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rows = [["     "] * 6 for _ in range(11)]
    for r in range(6):
        for c in range(6):
            across = rng.choice(["----", "----", "-->-", "-<--", "    "]) if c < 5 else ""
            rows[2 * r][c] = letters[6 * r + c] + across
            if r < 5:
                rows[2 * r + 1][c] = rng.choice("|||v^ ") + "    "
    town = draw("\n".join("".join(row) for row in rows))
    dropped = set(town.network.dropped_ways.tolist())
    ways = sorted(set(town.network.way_ids.tolist()) - dropped)
    rng.shuffle(ways)
    bounds = [0, *sorted(rng.sample(range(1, len(ways)), 5)), len(ways)]
    roads = tuple(
        road(ways[i:j], id=f"R{k:03d}", name=f"路{k}")
        for k, (i, j) in enumerate(pairwise(bounds), 1)
    )
    return roads, town.network


@pytest.mark.parametrize("seed", range(12))
def test_any_shape_of_road_is_covered_once(seed: int) -> None:
    """Roads of ways picked at random, branching and torn: every arc in exactly one section."""
    roads, network = random_district(seed)
    sections = build_sections(roads, network, RULES)
    assert_sections_ok(sections, roads, network)
    assert [s.id for s in sections] == sorted(s.id for s in sections)
    assert build_sections(roads[::-1], network, RULES) == sections


@pytest.mark.skipif(not NANJING.exists(), reason="the extract is not here")
def test_real_streets() -> None:
    """Central Nanjing, a road for every street name: covered once, none above 600 m, in pairs."""
    network = read_network(NANJING)
    dropped = set(network.dropped_ways.tolist())
    by_name: dict[str, list[int]] = defaultdict(list)
    for way in sorted(set(network.way_ids.tolist()) - dropped):
        arc = int(np.flatnonzero(network.way_ids == way)[0])
        by_name[network.names[network.name[arc]] or f"way {way}"].append(way)
    roads = tuple(
        road(ways, id=f"R{k:03d}", name=name) for k, (name, ways) in enumerate(by_name.items(), 1)
    )
    sections = build_sections(roads, network, RULES)
    assert_sections_ok(sections, roads, network)
    assert max(section.length_m for section in sections) <= 600
    directions = Counter(section.pair for section in sections)
    backward = [s for s in sections if s.direction == "backward"]
    assert len(backward) > 150
    # A backward section without a forward one beside it is rare: odd shapes only.
    assert sum(directions[s.pair] == 1 for s in backward) <= 4


def test_the_embedded_district() -> None:
    """All 451 roads: every arc once, 100 to 600 m, in pairs, and every section from every other.

    Both directions of all roads times half the width is the carriageway's area, to 1 %.
    """
    district = read_district(embedded_folder())
    network = read_network(district.network_file)
    sections = build_sections(district.roads, network, district.rules)
    assert_sections_ok(sections, district.roads, network)
    lengths = [section.length_m for section in sections]
    assert min(lengths) >= 100
    assert max(lengths) <= 600
    forward = {s.pair for s in sections if s.direction == "forward"}
    assert {s.pair for s in sections if s.direction == "backward"} <= forward
    carriageway_m2 = sum(r.length_m * r.width_m for r in district.roads)
    swept_m2 = sum(s.length_m * s.width_m for s in sections)
    assert swept_m2 == pytest.approx(carriageway_m2, rel=0.01)
    exits, entries = [s.arcs[-1] for s in sections], [s.arcs[0] for s in sections]
    time_s, _ = Router(network, Travel()).matrix(exits, entries)
    assert time_s.max() < 3600
