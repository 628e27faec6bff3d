"""The cost of a run, by hand."""

from __future__ import annotations

import pytest

from fleet.costs import DIESEL_CO2_KG_PER_L, run_cost
from fleet.model import Prices, VehicleType

WASHER = VehicleType(
    "washer", "洗路车", "washer", ("wash",), {"wash": 8.0}, {"wash": 3.0}, {"wash": 1.56},
    9000, 7500, 0.75, 0, 40.0, 12.0, 60.0,
)  # fmt: skip


def test_run_cost_by_hand() -> None:
    """10 km at 40 L/100 km and 2 h at 12 L/h are 28 L; 3 h of driver; 9 m³ of water."""
    cost = run_cost(WASHER, 10_000, 7200, 10_800, 9000, Prices(7.5, 8.0, 45.0))
    assert cost.fuel_l == pytest.approx(28.0)
    assert cost.fuel_cny == pytest.approx(210.0)
    assert cost.water_cny == pytest.approx(72.0)
    assert cost.driver_cny == pytest.approx(135.0)
    assert cost.fixed_cny == 60.0
    assert cost.total_cny == pytest.approx(477.0)
    assert cost.co2_kg == pytest.approx(28.0 * 2.63)


def test_co2_factor_is_near_the_chemistry() -> None:
    """0.84 kg/L × 43 MJ/kg × 74.1 g/MJ = 2.68 kg/L; ours is within 3 %."""
    assert pytest.approx(0.84 * 43 * 0.0741, rel=0.03) == DIESEL_CO2_KG_PER_L


@pytest.mark.parametrize("bad", [(-1, 0, 0, 0), (0, 10, 5, 0), (0, 0, 0, -1)])
def test_impossible_amounts_are_refused(bad: tuple[float, float, float, float]) -> None:
    """Negative amounts, and more work than the run lasts."""
    with pytest.raises(ValueError, match=r"below zero|of work"):
        run_cost(WASHER, *bad, Prices())
