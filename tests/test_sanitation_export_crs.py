"""Places in the systems of China's map services."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanitation.export.crs import (
    CRS,
    convert,
    from_bd09,
    from_gcj02,
    to_bd09,
    to_gcj02,
)

# lon, lat: WGS-84 and GCJ-02, from the tests of eviltransform (googollee/eviltransform on GitHub,
# python/test.py) and, Beijing's second, coordtransform (wandergis/coordtransform, test/app.js).
GCJ02 = {
    "Shanghai": ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    "Shenzhen": ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    "Beijing": ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    "Tian'anmen": ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
}
# GCJ-02 and BD-09, from coordtransform.
BD09 = ((116.404, 39.915), (116.41036949371029, 39.92133699351021))


def apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, a[1] - b[1]) * 111_320.0


@pytest.mark.parametrize("town", GCJ02)
def test_published_places_in_gcj02(town: str) -> None:
    """Right: within 0.1 m of the pairs that two well-known libraries are tested with."""
    wgs84, gcj02 = GCJ02[town]
    assert apart_m(to_gcj02(*wgs84), gcj02) < 0.1
    assert apart_m(from_gcj02(*gcj02), wgs84) < 0.1


def test_published_place_in_bd09() -> None:
    """Right: the step from GCJ-02 to BD-09 is the published one, through WGS-84 and back."""
    gcj02, bd09 = BD09
    wgs84 = from_gcj02(*gcj02)
    assert apart_m(to_bd09(*wgs84), bd09) < 0.1
    assert apart_m(from_bd09(*bd09), wgs84) < 0.1


def test_shift_where_all_waves_are_nought() -> None:
    """Right: at 105 E 35 N the sines vanish, what is left is 300 m east and 100 m south; measured
    by a geodesic on the ellipsoid of Krasovsky, which knows nothing of the formula's radii."""
    from pyproj import Geod

    azimuth, _, length_m = Geod(a=6_378_245.0, rf=298.3).inv(105.0, 35.0, *to_gcj02(105.0, 35.0))
    assert length_m == pytest.approx(math.hypot(300.0, 100.0), abs=0.1)
    assert azimuth == pytest.approx(90.0 + math.degrees(math.atan2(100.0, 300.0)), abs=0.02)


# A degree within the box's edges: nearer to them a place can have two origins.
@settings(max_examples=500, deadline=None)
@given(st.floats(73.0, 136.8), st.floats(1.8, 54.8))
def test_there_and_back(lon: float, lat: float) -> None:
    """Right: anywhere in China's box a place comes back to within a centimetre."""
    assert apart_m(from_gcj02(*to_gcj02(lon, lat)), (lon, lat)) < 0.01
    assert apart_m(from_bd09(*to_bd09(lon, lat)), (lon, lat)) < 0.01


def test_there_and_back_on_a_grid() -> None:
    """Right: the same on every half degree of China, none left to chance."""
    for east in range(146, 274):
        for north in range(4, 110):
            place = east / 2, north / 2
            assert apart_m(from_gcj02(*to_gcj02(*place)), place) < 0.01
            assert apart_m(from_bd09(*to_bd09(*place)), place) < 0.01


@pytest.mark.parametrize(
    "place",
    [(2.35, 48.85), (-122.42, 37.77), (151.2, -33.9), (0.0, 0.0), (71.9, 39.0), (139.7, 35.7)],
)
def test_outside_unchanged(place: tuple[float, float]) -> None:
    """Right: Paris, San Francisco, Sydney, the Gulf, Kyrgyzstan and Tokyo are where they are."""
    for crs in CRS:
        assert convert(*place, crs) == place
    assert from_gcj02(*place) == place
    assert from_bd09(*place) == place


def test_convert_by_name() -> None:
    """Right: the names of --crs lead to their functions; Nankai moves 500 to 700 m in GCJ-02."""
    nankai = 117.15, 39.13
    assert convert(*nankai, "wgs84") == nankai
    assert convert(*nankai, "gcj02") == to_gcj02(*nankai)
    assert convert(*nankai, "bd09") == to_bd09(*nankai)
    assert 500 < apart_m(to_gcj02(*nankai), nankai) < 700
