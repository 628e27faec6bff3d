"""Checks of litter bins: how many stand at a road, the trucks that empty them, where it goes."""

from __future__ import annotations

from collections.abc import Sequence

from sanitation.checks_ids import ids
from sanitation.checks_waste import services_of
from sanitation.errors import Problem
from sanitation.tables import Row, Tables, fault

SERVICE = "bins"
STREAM = "residual"
CLOSEST_M = 5.0  # between two bins on a side of a road


def check_bins(tables: Tables) -> list[Problem]:
    """Every fault of litter bins that no single cell shows."""
    problems = _density(tables["roads"])
    problems += _trucks(tables["vehicle_types"])
    problems += _somewhere(tables)
    return problems


def _density(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row in rows:
        bins, length_m = row.values.get("bins"), row.values.get("length_m")
        if not bins or length_m is None:
            continue
        most = int(2 * length_m / CLOSEST_M)
        if bins > most:
            text = f"is too many for {length_m:,.0f} m: a bin every {2 * length_m / bins:.1f} m"
            hint = f"both sides together hold {most} bins at {CLOSEST_M:g} m from one to the next"
            problems.append(fault("roads", row, "bins", text, hint))
    return problems


def _trucks(rows: Sequence[Row]) -> list[Problem]:
    """Trucks that empty bins carry what is in them, and it takes time."""
    problems = []
    for row in rows:
        if SERVICE not in services_of(row):
            continue
        why = f"a type that does {SERVICE} needs it"
        if row.values.get("payload_kg") == 0:
            problems.append(fault("vehicle_types", row, "payload_kg", "no payload", why))
        if STREAM not in row.values.get("streams", (STREAM,)):
            text = f"does not carry {STREAM}, which is what litter bins hold"
            problems.append(fault("vehicle_types", row, "streams", text, why))
        if row.values.get("bin_s") == 0:
            hint = "give the seconds of each bin in bin_s"
            problems.append(fault("vehicle_types", row, "bin_s", "emptying takes no time", hint))
    return problems


def _somewhere(tables: Tables) -> list[Problem]:
    """Where bins are due there is a station for what is in them."""
    rounds = [row for row in tables["standards"] if row.values.get("service") == SERVICE]
    due = any(row.values.get("bins") for row in tables["roads"])
    if not (rounds and due) or STREAM in ids(tables["station_streams"], "stream"):
        return []
    text = f"no station accepts {STREAM}, which is what litter bins hold"
    hint = f"station_streams.csv needs a row of {STREAM}"
    return [fault("standards", rounds[0], "service", text, hint)]
