"""Checks of septic_tanks.csv: every tank has a truck, a shift and a plant, and makes sense.

Nothing is asked of a district without tanks. Terminals and the ways to them are tables of waste;
see checks_waste.py.
"""

from __future__ import annotations

from sanitation.checks_ids import ids, known_ids
from sanitation.errors import Problem
from sanitation.places import NIGHT_SOIL
from sanitation.tables import Row, Tables, fault

FILL_DAYS = 1  # a tank that fills from empty to its limit in less cannot be kept below it


def check_septic(tables: Tables) -> list[Problem]:
    """Every fault of septic tanks that no single cell shows."""
    rows = tables["septic_tanks"]
    if not rows:
        return []
    places = ids(tables["toilets"], "toilet_id") | ids(tables["communities"], "community_id")
    text = "is neither in toilets.csv nor in communities.csv"
    problems = known_ids("septic_tanks", "site_id", rows, places, text)
    for row in rows:
        problems += _levels(row)
    problems += _volumes(tables)
    problems += _trucks(tables)
    problems += _shifts(tables)
    problems += _plant(tables)
    return problems


def _levels(row: Row) -> list[Problem]:
    """The level fits into the tank, and a tank takes some days to fill."""
    names = ("volume_m3", "level_m3", "inflow_m3_day", "limit_share")
    if not row.values.keys() >= {*names}:
        return []  # a fault of its own
    volume, level, inflow, share = (float(row.values[name]) for name in names)
    problems = []
    if level > volume:
        text = f"is more than the tank holds, {volume:g} m³"
        problems.append(fault("septic_tanks", row, "level_m3", text))
    if inflow * FILL_DAYS > volume * share:
        text = f"fills the tank to its limit of {volume * share:g} m³ in less than a day"
        problems.append(fault("septic_tanks", row, "inflow_m3_day", text, "is it m³ a day?"))
    return problems


def _volumes(tables: Tables) -> list[Problem]:
    """A toilet's tank is not larger than toilets.csv says; 0 there is a toilet on the sewer."""
    known = {
        row.values["toilet_id"]: row.values["septic_m3"]
        for row in tables["toilets"]
        if {"toilet_id", "septic_m3"} <= row.values.keys()
    }
    problems = []
    for row in tables["septic_tanks"]:
        site, volume = row.values.get("site_id"), row.values.get("volume_m3")
        if volume is None or site not in known or volume <= known[site]:
            continue
        text = f"is more than septic_m3 of {site} in toilets.csv, {known[site]:g} m³"
        problems.append(fault("septic_tanks", row, "volume_m3", text, "mend one of the two"))
    return problems


def _trucks(tables: Tables) -> list[Problem]:
    """A type empties tanks, carries night soil, takes its time, and fits the lanes."""
    rows = tables["septic_tanks"]
    kinds = tables["vehicle_types"]
    if not all({"services", "streams", "narrow"} <= kind.values.keys() for kind in kinds):
        return []  # a fault of its own
    able = [kind for kind in kinds if "septic" in _services(kind)]
    if not able:
        hint = "vehicle_types.csv needs a type with the service septic"
        return [fault("septic_tanks", rows[0], "tank_id", "no vehicle type can empty it", hint)]
    problems = []
    for kind in able:
        for column, text, hint in (
            ("streams", f"does not have {NIGHT_SOIL}", "a type that does septic carries it"),
            ("payload_kg", "no payload", "a type that does septic needs it"),
            ("pump_s_per_m3", "pumping takes no time", "60 to 120 s a m³ are usual"),
        ):
            value = kind.values.get(column)
            lacks = NIGHT_SOIL not in value if isinstance(value, tuple) else value == 0
            if lacks:
                problems.append(fault("vehicle_types", kind, column, text, hint))
    narrow = {
        row.values["community_id"]
        for row in tables["communities"]
        if row.values.get("access") == "narrow" and "community_id" in row.values
    }
    first = next((row for row in rows if row.values.get("site_id") in narrow), None)
    if first is not None and not any(kind.values["narrow"] for kind in able):
        hint = "set narrow to 1 for a type that does septic"
        text = "has narrow lanes, which no type that empties tanks fits"
        problems.append(fault("septic_tanks", first, "site_id", text, hint))
    return problems


def _services(row: Row) -> list[str]:
    return [part.strip() for part in str(row.values.get("services", "")).split(";")]


def _shifts(tables: Tables) -> list[Problem]:
    """Tanks are emptied in a shift: no other table says which one that is."""
    shifts = tables["shifts"]
    known = all("services" in row.values for row in shifts)
    if not known or any("septic" in row.values["services"] for row in shifts):
        return []
    hint = "write septic in the column services of a shift"
    return [fault("shifts", row, "services", "no shift is one of septic tanks", hint)
            for row in shifts[:1]]  # fmt: skip


def _plant(tables: Tables) -> list[Problem]:
    """A terminal takes night soil, and a way of the table leads to it."""
    terminals = tables["terminals"]
    if not all({"streams", "terminal_id"} <= row.values.keys() for row in terminals):
        return []
    plants = [row for row in terminals if NIGHT_SOIL in row.values["streams"]]
    first = tables["septic_tanks"][0]
    if not plants:
        hint = f"terminals.csv needs one with {NIGHT_SOIL} in its streams"
        return [fault("septic_tanks", first, "tank_id", "no terminal takes night soil", hint)]
    led = ids(tables["terminal_ways"], "terminal_id")
    if not all("terminal_id" in row.values for row in tables["terminal_ways"]):
        return []
    hint = "terminal_ways.csv needs a row from a depot"
    return [
        fault("terminals", row, "terminal_id", "no way leads to the plant for night soil", hint)
        for row in plants
        if row.values["terminal_id"] not in led
    ]
