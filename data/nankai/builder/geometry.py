"""Plane coordinates, the district's rough outline and its empty places, and a stable dice.

Plane coordinates are metres east and north of ORIGIN on a sphere of the radius that osmnx uses;
over the district's 10 km the distortion is below 0.1 %.
"""

from __future__ import annotations

import hashlib
import math
from functools import cache

from shapely.geometry import Point, Polygon
from shapely.ops import unary_union

EARTH_RADIUS_M = 6_371_009.0
ORIGIN = (117.145, 39.105)
_M_PER_LAT = math.radians(1) * EARTH_RADIUS_M
_M_PER_LON = _M_PER_LAT * math.cos(math.radians(ORIGIN[1]))

Xy = tuple[float, float]

# Own vertices, rounded, drawn some 50 m inside the district by eye (units of 1e-4 degree east of
# 117 and north of 39). It is only the sheet on which blocks are cut, not a boundary.
_OUTLINE = (
    (1818, 663), (1612, 607), (1523, 675), (1484, 651), (1426, 701), (1403, 731), (1376, 719),
    (1162, 829), (1158, 837), (1300, 898), (1279, 972), (1265, 1050), (1247, 1140), (1046, 1326),
    (1046, 1337), (1152, 1415), (1149, 1447), (1198, 1461), (1222, 1502), (1284, 1458),
    (1371, 1468), (1372, 1431), (1432, 1418), (1515, 1405), (1651, 1411), (1651, 1457),
    (1883, 1460), (1880, 1340), (1746, 1357), (1736, 1205), (1735, 882), (1772, 716),
)  # fmt: skip


def to_xy(lon: float, lat: float) -> Xy:
    """Degrees to metres."""
    return (lon - ORIGIN[0]) * _M_PER_LON, (lat - ORIGIN[1]) * _M_PER_LAT


def to_lonlat(point: Xy) -> tuple[float, float]:
    """Metres to degrees, rounded to the 7 decimals of OpenStreetMap."""
    lon = ORIGIN[0] + point[0] / _M_PER_LON
    lat = ORIGIN[1] + point[1] / _M_PER_LAT
    return round(lon, 7), round(lat, 7)


def great_circle_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Length in metres between two (lon, lat), haversine."""
    lat_a, lat_b = math.radians(a[1]), math.radians(b[1])
    s = math.sin((lat_b - lat_a) / 2) ** 2
    s += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(s))


def dice(*key: object) -> float:
    """A number in [0, 1) that depends on the key alone: the same on every machine."""
    text = "|".join(str(part) for part in key)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") / 2**56


def _hundredths(lon: float, lat: float) -> Xy:
    return to_xy(117 + lon / 1e4, 39 + lat / 1e4)


def outline() -> Polygon:
    """The sheet on which blocks are cut."""
    return Polygon([_hundredths(*vertex) for vertex in _OUTLINE])


def lake() -> Polygon:
    """The lake of 水上公园: an ellipse of 0.86 km by 0.86 km around 117.160 39.088."""
    return Point(_hundredths(1602, 880)).buffer(430, quad_segs=16)


def campuses() -> Polygon:
    """The ground of Tianjin University and Nankai University between its four streets."""
    corners = ((1570, 996), (1570, 1135), (1725, 1135), (1725, 1003), (1678, 998))
    return Polygon([_hundredths(*corner) for corner in corners])


def parks() -> tuple[Polygon, ...]:
    """Two parks besides 水上公园, modelled as discs: 长虹生态园 and 南翠屏公园."""
    return (
        Point(_hundredths(1456, 1312)).buffer(215, quad_segs=12),
        Point(_hundredths(1488, 862)).buffer(200, quad_segs=12),
    )


def water_park() -> Polygon:
    """水上公园 between its four roads: the lake's surroundings."""
    corners = ((1548, 830), (1552, 960), (1670, 963), (1682, 834))
    return Polygon([_hundredths(*corner) for corner in corners])


@cache
def no_streets() -> Polygon:
    """Where no street is laid: lake and park, campuses, two smaller parks."""
    return unary_union([water_park().buffer(-60), campuses(), *parks()])
