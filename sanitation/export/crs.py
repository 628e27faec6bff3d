"""Systems of coordinates at the door: inside all is WGS-84 (lon, lat)."""

from __future__ import annotations

import math

_A, _EE = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, as the GCJ-02 shift has them


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 as GCJ-02, which Amap and Tencent maps use (the public eviltransform formula).

    Outside China's bounding box the place is unchanged.
    """
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    both = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (
        both
        + 20 * math.sin(y * math.pi)
        + 40 * math.sin(y / 3 * math.pi)
        + 160 * math.sin(y / 12 * math.pi)
        + 320 * math.sin(y / 30 * math.pi)
    ) * (2 / 3)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (
        both
        + 20 * math.sin(x * math.pi)
        + 40 * math.sin(x / 3 * math.pi)
        + 150 * math.sin(x / 12 * math.pi)
        + 300 * math.sin(x / 30 * math.pi)
    ) * (2 / 3)
    curve = 1 - _EE * math.sin(math.radians(lat)) ** 2
    north_deg = math.degrees(north / (_A * (1 - _EE) / (curve * math.sqrt(curve))))
    east_deg = math.degrees(east / (_A / math.sqrt(curve) * math.cos(math.radians(lat))))
    return lon + east_deg, lat + north_deg
