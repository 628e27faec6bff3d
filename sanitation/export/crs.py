"""Places as China's map services want them: GCJ-02 (Amap, Tencent) and BD-09 (Baidu).

Inside the program every place is lon, lat in WGS-84. The law has maps of China shown in GCJ-02,
which lies some hundred metres beside it; a file in WGS-84 laid over such a map runs through the
houses. The formulas are the public ones (eviltransform, PRCoords; ellipsoid of Krasovsky 1940);
outside China's box a place is the same in all systems.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

Place = tuple[float, float]  # lon, lat in degrees

_RADIUS_M = 6_378_245.0
_EE = 0.00669342162296594323  # squared eccentricity
_BAIDU = math.pi * 3000.0 / 180.0
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_EXACT_DEG = 1e-11  # a thousandth of a millimetre
_ROUNDS = 30


def to_gcj02(lon: float, lat: float) -> Place:
    """A place of WGS-84 in GCJ-02."""
    return _gcj02(lon, lat) if _in_china(lon, lat) else (lon, lat)


def to_bd09(lon: float, lat: float) -> Place:
    """A place of WGS-84 in BD-09."""
    return _bd09(lon, lat) if _in_china(lon, lat) else (lon, lat)


def from_gcj02(lon: float, lat: float) -> Place:
    """A place of GCJ-02 in WGS-84: what :func:`to_gcj02` makes this place of, to a millimetre.

    At the very border of the box two places can have one image; the one inside is given.
    """
    return _origin(lon, lat, _gcj02)


def from_bd09(lon: float, lat: float) -> Place:
    """A place of BD-09 in WGS-84; see :func:`from_gcj02`."""
    return _origin(lon, lat, _bd09)


def _as_it_is(lon: float, lat: float) -> Place:
    return lon, lat


_TO: Mapping[str, Callable[[float, float], Place]] = {
    "wgs84": _as_it_is,
    "gcj02": to_gcj02,
    "bd09": to_bd09,
}
CRS = tuple(_TO)


def convert(lon: float, lat: float, crs: str) -> Place:
    """A place of WGS-84 in the system ``crs``, one of :data:`CRS`."""
    return _TO[crs](lon, lat)


def _in_china(lon: float, lat: float) -> bool:
    """Whether a place of WGS-84 is in the box that the formulas are for; it is no border."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _gcj02(lon: float, lat: float) -> Place:
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    root = math.sqrt(abs(x))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (
        waves
        + 20.0 * math.sin(y * math.pi)
        + 40.0 * math.sin(y / 3.0 * math.pi)
        + 160.0 * math.sin(y / 12.0 * math.pi)
        + 320.0 * math.sin(y / 30.0 * math.pi)
    ) * (2.0 / 3.0)
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (
        waves
        + 20.0 * math.sin(x * math.pi)
        + 40.0 * math.sin(x / 3.0 * math.pi)
        + 150.0 * math.sin(x / 12.0 * math.pi)
        + 300.0 * math.sin(x / 30.0 * math.pi)
    ) * (2.0 / 3.0)
    flat = 1.0 - _EE * math.sin(math.radians(lat)) ** 2
    parallel_m = _RADIUS_M / math.sqrt(flat) * math.cos(math.radians(lat))
    meridian_m = _RADIUS_M * (1.0 - _EE) / (flat * math.sqrt(flat))
    return lon + math.degrees(east_m / parallel_m), lat + math.degrees(north_m / meridian_m)


def _bd09(lon: float, lat: float) -> Place:
    x, y = _gcj02(lon, lat)
    size = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return size * math.cos(angle) + 0.0065, size * math.sin(angle) + 0.006


def _origin(lon: float, lat: float, image: Callable[[float, float], Place]) -> Place:
    """The place in the box whose image this is; the place itself where the box has none.

    The shift changes by less than a fiftieth of a step, so that each round gains two digits.
    """
    x, y = lon, lat
    for _ in range(_ROUNDS):
        seen_x, seen_y = image(x, y)
        x, y = x + lon - seen_x, y + lat - seen_y
        if abs(lon - seen_x) + abs(lat - seen_y) < _EXACT_DEG:
            break
    return (x, y) if _in_china(x, y) else (lon, lat)
