"""WGS-84 to GCJ-02, the shifted coordinates of every map service in China."""

from __future__ import annotations

import math

SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940
ECCENTRICITY_2 = 0.00669342162296594323


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 of a WGS-84 place, to about a metre; outside China it is the same place.

    Source of the formula: eviltransform (MIT).
    """
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    sine = math.sin(math.radians(lat))
    bend = 1 - ECCENTRICITY_2 * sine * sine
    per_lat = math.radians(SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / (bend * math.sqrt(bend)))
    per_lon = math.radians(SEMI_MAJOR_M / math.sqrt(bend) * math.cos(math.radians(lat)))
    return lon + east / per_lon, lat + north / per_lat
