"""The light look at the streets: the nearest node, found without looking at all of them."""

from __future__ import annotations

import random
from pathlib import Path

from minidistrict import position, write_minidistrict

from sanitation.streets import NEAR_STREET_M, NearestNode, Streets, Way, distance_m, parse_streets


def grid(folder: Path) -> Streets:
    network = write_minidistrict(folder) / "network.osm"
    streets = parse_streets(network.name, network.read_bytes(), [])
    assert streets is not None
    return streets


def test_nearest_node_by_hand(tmp_path: Path) -> None:
    """On a node, beside it, and between two of them, where the lower id is taken."""
    nearest = NearestNode(grid(tmp_path))
    lon, lat = position(5)
    assert nearest(lon, lat) == 5
    assert nearest(lon + 0.0003, lat - 0.0003) == 5
    east, _ = position(6)
    assert nearest((lon + east) / 2 - 1e-4, lat) == 5
    assert nearest((lon + east) / 2 + 1e-4, lat) == 6


def test_of_two_as_near_the_lower_id() -> None:
    """Two nodes at one point: the order of the rows does not decide."""
    point = (117.16, 39.1)
    streets = Streets({8: point, 3: point}, {1: Way((8, 3), 0, 1)}, frozenset({1}))
    assert NearestNode(streets)(117.1601, 39.1001) == 3


def test_nearest_node_is_that_of_a_plain_search(tmp_path: Path) -> None:
    """500 points in and around the grid, near streets and beyond 500 m of any."""
    streets = grid(tmp_path)
    nearest = NearestNode(streets)
    west, south, east, north = streets.box()
    draw = random.Random(11)
    far = 0
    for _ in range(500):
        point = draw.uniform(west - 0.01, east + 0.01), draw.uniform(south - 0.01, north + 0.01)
        gap_m, node = min((distance_m(point, place), key) for key, place in streets.nodes.items())
        far += gap_m > NEAR_STREET_M
        assert nearest(*point) == (node if gap_m <= NEAR_STREET_M else None)
    assert 100 < far < 400
