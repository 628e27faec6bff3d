"""Money, fuel, water and CO2 of a run."""

from __future__ import annotations

from fleet.model import Cost, Prices, VehicleType

# Burning a litre of diesel; the usual figures are 2.62 to 2.68 kg/L (0.84 kg/L × 43 MJ/kg × 72.6
# to 74.1 g/MJ, the 2006 IPCC guidelines, volume 2, table 3.2.1), tank to wheel. Editable (R).
DIESEL_CO2_KG_PER_L = 2.63


def run_cost(
    vehicle_type: VehicleType,
    driven_m: float,
    work_s: float,
    total_s: float,
    water_l: float,
    prices: Prices,
    co2_kg_per_l: float = DIESEL_CO2_KG_PER_L,
) -> Cost:
    """The cost of one run.

    fuel = driven × L/100 km + work × L/h; total = fuel + water + driver + fixed.

    Args:
        vehicle_type: its fuel figures and fixed cost.
        driven_m: metres driven without work (deadhead).
        work_s: seconds at work (water, suction or brushes on).
        total_s: seconds from departure to return; the driver is paid for them.
        water_l: clean water taken.
        prices: of diesel, water and drivers.

    Raises:
        ValueError: a negative amount, or more work than time.
    """
    if min(driven_m, work_s, total_s, water_l) < 0:
        raise ValueError("a run's metres, seconds and litres cannot be below zero")
    if work_s > total_s:
        raise ValueError(f"{work_s} s of work in a run of {total_s} s")
    fuel_l = (
        driven_m / 100_000 * vehicle_type.fuel_l_per_100km
        + work_s / 3600 * vehicle_type.fuel_l_per_work_h
    )
    fuel_cny = fuel_l * prices.diesel_cny_l
    water_cny = water_l / 1000 * prices.water_cny_m3
    driver_cny = total_s / 3600 * prices.driver_cny_h
    fixed_cny = vehicle_type.fixed_cny_per_run
    return Cost(
        fuel_l,
        fuel_cny,
        water_cny,
        driver_cny,
        fixed_cny,
        fuel_cny + water_cny + driver_cny + fixed_cny,
        fuel_l * co2_kg_per_l,
    )
