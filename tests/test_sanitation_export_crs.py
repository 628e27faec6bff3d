"""GCJ-02: the shift of the map services of China."""

from __future__ import annotations

import pytest

from sanitation.export.crs import to_gcj02


def test_tiananmen_is_where_the_map_services_have_it() -> None:
    """The published pair of the formula's authors: 39.90734, 116.39089 becomes 39.90874,
    116.39713, to a metre."""
    lon, lat = to_gcj02(116.39089, 39.90734)
    assert lon == pytest.approx(116.39713, abs=2e-5)
    assert lat == pytest.approx(39.90874, abs=2e-5)


def test_outside_china_nothing_moves() -> None:
    assert to_gcj02(-0.1276, 51.5072) == (-0.1276, 51.5072)
