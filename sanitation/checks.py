"""Checks across tables and against the streets: what no single cell can show to be wrong."""

from __future__ import annotations

from collections.abc import Sequence

from sanitation.cells import did_you_mean, folded, unit_doubt
from sanitation.checks_bins import check_bins
from sanitation.checks_ids import MAX_HINTS, PLACES, check_ids
from sanitation.checks_posts import check_posts
from sanitation.checks_septic import check_septic
from sanitation.checks_toilets import check_toilets
from sanitation.checks_waste import check_waste, services_of
from sanitation.errors import Problem
from sanitation.schema import RULES, TABLES
from sanitation.streets import (
    DEGREE_M,
    NEAR_STREET_M,
    NearestNode,
    Streets,
    distance_m,
    strong_part,
)
from sanitation.tables import Row, Tables, fault

FAR_M = 5_000.0
AREA_TOLERANCE = 0.05
# A road's length against the sum of its ways: a dual carriageway's ways add up to twice the road.
LENGTH_TO_WAYS = (0.25, 2.0)
WET_TYPES_NEED = ("work_kmh", "width_m", "water_l_per_m")
_UNIT_RANGE = {
    "km/h": (5.0, 120.0),
    "degC": (-60.0, 60.0),
    "h": (0.0, 24.0),
    "min": (0.0, 1440.0),
    "s": (0.0, 604_800.0),
    "d": (1.0, 366.0),
    "m": (1.0, 100_000.0),
    "runs": (1.0, 24.0),
    "kg": (0.1, 100.0),
}
_ORDERED_RULES = (
    ("wet_min_c", "wet_midday_c"),
    ("wet_midday_start_h", "wet_midday_end_h"),
    ("season_start_mmdd", "season_end_mmdd"),
    ("peak_am_start_h", "peak_am_end_h"),
    ("peak_pm_start_h", "peak_pm_end_h"),
    ("foot_ban_c", "foot_stop_c"),
    ("rest_s", "rest_after_s"),
    ("section_min_m", "section_max_m"),
    ("septic_lead_days", "septic_rain_lead_days"),
)
_WORK_KMH = (2.5, 40.0)


def check_tables(tables: Tables) -> list[Problem]:
    """Every fault between tables: duplicates, unknown references, contradictions."""
    problems = check_ids(tables)
    problems += _areas(tables["roads"])
    problems += _shifts(tables["shifts"])
    problems += _late(tables)
    problems += _vehicle_types(tables)
    problems += _doers(tables)
    problems += check_waste(tables)
    problems += check_septic(tables)
    problems += check_bins(tables)
    problems += check_posts(tables)
    problems += check_toilets(tables)
    problems += _months(tables["climate"])
    problems += _rules(tables["rules"])
    return problems


def _areas(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row in rows:
        cells = [row.values.get(c) for c in ("length_m", "width_m", "footway_m2", "area_m2")]
        if None in cells:
            continue
        length, width, footway, area = (float(cell or 0) for cell in cells)
        expected = length * width + footway
        if abs(area - expected) > AREA_TOLERANCE * expected:
            text = f"length x width + footway is {expected:,.0f} m², more than 5 % off"
            hint = unit_doubt(area, expected * 0.95, expected * 1.05, "m2")
            problems.append(fault("roads", row, "area_m2", text, hint))
    return problems


def _shifts(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row in rows:
        start, end = row.values.get("start"), row.values.get("end")
        if start is None or end is None:
            continue
        if start >= end:
            hint = "a shift over midnight starts the evening before: -1d 22:30"
            problems.append(fault("shifts", row, "end", "the shift ends before it starts", hint))
        elif start < -7_200 or end > 86_400:
            column = "start" if start < -7_200 else "end"
            text = "a plan covers 22:00 of the evening before to 24:00 of the date"
            problems.append(fault("shifts", row, column, text))
    return problems


def _late(tables: Tables) -> list[Problem]:
    """Only haulage may last to 24:00: the streets are the next day's from 22:00 on."""
    late = {
        row.values.get("shift_id") for row in tables["shifts"] if row.values.get("end", 0) > 79_200
    }
    return [
        fault(table, row, "shift_id", "ends after 22:00, which only haulage may")
        for table in ("standards", "collection", "toilet_standards")
        for row in tables[table]
        if row.values.get("shift_id") in late
    ]


def _vehicle_types(tables: Tables) -> list[Problem]:
    problems = []
    shifts = {row.values.get("shift_id") for row in tables["shifts"]}
    for row in tables["vehicle_types"]:
        services = services_of(row)
        for column in WET_TYPES_NEED:
            for key, value in (row.values.get(column) or {}).items():
                service, _, shift = key.partition(":")
                if service not in services:
                    text = f"{key!r} is for a service the type does not do"
                    hint = did_you_mean(service, services)
                    problems.append(fault("vehicle_types", row, column, text, hint))
                elif shift and (column == "width_m" or shift not in shifts):
                    names = sorted(str(name) for name in shifts)
                    text = f"{key!r} names a shift that is not in shifts.csv"
                    hint = did_you_mean(shift, names)
                    problems.append(fault("vehicle_types", row, column, text, hint))
                if column == "work_kmh" and not _WORK_KMH[0] <= value <= _WORK_KMH[1]:
                    text = f"{key} is outside {_WORK_KMH[0]:g} to {_WORK_KMH[1]:g} km/h"
                    hint = unit_doubt(value, *_WORK_KMH, "km/h")
                    problems.append(fault("vehicle_types", row, column, text, hint))
        for column in ("clean_l", "dirty_l"):
            litres = row.values.get(column) or 0
            if 0 < litres < 100:
                text = "is too small for a tank"
                hint = unit_doubt(litres, 500, 30_000, "L")
                problems.append(fault("vehicle_types", row, column, text, hint))
        if row.values.get("recovered", 0) > 0 and row.values.get("dirty_l") == 0:
            text = "water is recovered but there is no dirty tank"
            problems.append(fault("vehicle_types", row, "dirty_l", text))
    return problems


def _can_do(row: Row, service: str, shift: str) -> bool:
    speeds = row.values.get("work_kmh") or {}
    widths = row.values.get("width_m") or {}
    water = row.values.get("water_l_per_m") or {}
    ready = service in services_of(row) and (service in speeds or f"{service}:{shift}" in speeds)
    wet = service in ("wash", "sprinkle")
    watered = service in water or f"{service}:{shift}" in water
    if service == "bins":
        return ready
    return (
        ready and service in widths and (not wet or (watered and row.values.get("clean_l", 1) > 0))
    )


def _doers(tables: Tables) -> list[Problem]:
    """Every service and shift of the standards needs a type able to do it."""
    problems = []
    told: set[tuple[str, str]] = set()
    for row in tables["standards"]:
        work = (row.values.get("service"), row.values.get("shift_id"))
        if None in work or work in told or not tables["vehicle_types"]:
            continue
        told.add(work)  # type: ignore[arg-type]
        if not any(_can_do(kind, str(work[0]), str(work[1])) for kind in tables["vehicle_types"]):
            text = f"no vehicle type can do {work[0]} in shift {work[1]}"
            hint = (
                "vehicle_types.csv needs a type with the service, its work_kmh and width_m, "
                "and for wet work a clean tank and water_l_per_m"
            )
            if work[0] == "bins":
                hint = "vehicle_types.csv needs a type with the service and its work_kmh"
            problems.append(fault("standards", row, "service", text, hint))
    return problems


def _months(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    there = {row.values.get("month") for row in rows}
    missing = [str(month) for month in range(1, 13) if month not in there]
    if rows and missing:
        text = "months without a row: " + ", ".join(missing)
        problems.append(Problem("climate.csv", text, column="month", hint="one row a month, 1-12"))
    for row in rows:
        low, high = row.values.get("tmin_c"), row.values.get("tmax_c")
        if low is not None and high is not None and low > high:
            problems.append(fault("climate", row, "tmin_c", "is above tmax_c"))
    return problems


def _rules(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    figures = {key: default for key, (default, _, _) in RULES.items()}
    lines: dict[str, Row] = {}
    for row in rows:
        key, value = row.values.get("key"), row.values.get("value")
        if key is None:
            continue
        if key not in RULES:
            hint = did_you_mean(key, RULES) or "the known keys are in data/README.md"
            problems.append(fault("rules", row, "key", "is not a rule", hint))
            continue
        ours = RULES[key][1]
        unit = folded(row.values.get("unit", "")).replace("°C", "degC").replace("³", "3")
        if unit and unit != ours:
            problems.append(fault("rules", row, "unit", f"{key} is in {ours}", "convert it"))
            continue
        if value is None:
            continue
        low, high = _UNIT_RANGE.get(ours, (0.0, 1e9))
        if ours == "MMDD" and not (value.is_integer() and _is_day(int(value))):
            problems.append(fault("rules", row, "value", f"{key} is no day", "301 is 1 March"))
        elif not low <= value <= high:
            text = f"{key} is outside {low:g} to {high:g} {ours}"
            hint = unit_doubt(value, low, high, ours)
            problems.append(fault("rules", row, "value", text, hint))
        else:
            figures[key] = value
            lines[key] = row
    for first, second in _ORDERED_RULES:
        at = lines.get(second) or lines.get(first)
        if at is not None and figures[first] > figures[second]:
            text = f"{first} ({figures[first]:g}) is above {second} ({figures[second]:g})"
            problems.append(fault("rules", at, "value", text))
    return problems


def _is_day(mmdd: int) -> bool:
    month, day = divmod(mmdd, 100)
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 + (month + month // 8) % 2)


def check_places(tables: Tables, streets: Streets) -> list[Problem]:
    """Coordinates near the network, lon and lat not swapped."""
    problems = []
    west, south, east, north = streets.box()
    margin_lat = FAR_M / DEGREE_M
    middle = ((west + east) / 2, (south + north) / 2)
    margin_lon = FAR_M / max(distance_m(middle, (middle[0] + 1, middle[1])), 1.0)

    def near(lon: float, lat: float) -> bool:
        return (
            west - margin_lon <= lon <= east + margin_lon
            and south - margin_lat <= lat <= north + margin_lat
        )

    for table in TABLES:
        if not any(column.name == "lon" for column in table.columns):
            continue
        for row in tables[table.name]:
            lon, lat = row.values.get("lon"), row.values.get("lat")
            if lon is None or lat is None or near(lon, lat):
                continue
            shown = f"{row.cells.get('lon', '')}, {row.cells.get('lat', '')}"
            if near(lat, lon):
                text, hint = "lon and lat look swapped", f"lon {lat}, lat {lon} would fit"
            elif not (-180 <= lon <= 180 and -90 <= lat <= 90):
                text, hint = "is no place on earth", "degrees, WGS-84: lon about 117, lat about 39"
            else:
                text = "is more than 5 km from the streets of network.osm"
                hint = f"it covers lon {west:.4f} to {east:.4f}, lat {south:.4f} to {north:.4f}"
            problems.append(fault(table.name, row, "lon, lat", text, hint, shown))
    return problems


def check_roads(rows: Sequence[Row], streets: Streets) -> list[Problem]:
    """Ways of roads: in the network, in one road only, about as long as the road says."""
    problems = []
    owner: dict[int, tuple[str, int]] = {}
    unknown = 0
    known = [str(way) for way in sorted(streets.ways)]
    for row in rows:
        road = str(row.values.get("road_id", ""))
        ways = row.values.get("way_ids") or ()
        for way in ways:
            if way in owner:
                other, line = owner[way]
                text = f"way {way} is already in road {other} (line {line})"
                problems.append(fault("roads", row, "way_ids", text))
            owner.setdefault(way, (road, row.line))
            if way not in streets.ways:
                text = f"way {way} is not in network.osm"
                unknown += 1
                hint = did_you_mean(str(way), known) if unknown <= MAX_HINTS else ""
                if way in streets.all_way_ids:
                    text, hint = f"way {way} is no street for trucks", "see its highway tag"
                problems.append(fault("roads", row, "way_ids", text, hint))
        length = row.values.get("length_m")
        if length is None or not ways or any(way not in streets.ways for way in ways):
            continue
        total = sum(streets.way_length_m(way) for way in ways)
        if not LENGTH_TO_WAYS[0] * total <= length <= LENGTH_TO_WAYS[1] * total:
            hint = unit_doubt(length, 0.4 * total, 1.1 * total, "m")
            text = f"the road's ways are {total:,.0f} m long together"
            problems.append(fault("roads", row, "length_m", text, hint))
    return problems


def check_reachability(tables: Tables, streets: Streets) -> list[Problem]:
    """Places of the district beside a street that trucks can reach and leave; roads too.

    Within NEAR_STREET_M: the middle of a large gated community may be some 300 m from its gate.
    """
    problems = []
    part = strong_part(streets)
    nearest = NearestNode(streets)
    for table in PLACES:
        for row in tables[table]:  # terminals lie outside the district and have no coordinates
            lon, lat = row.values.get("lon"), row.values.get("lat")
            if lon is None or lat is None:
                continue
            node = nearest(lon, lat)
            if node is not None and node in part:
                continue
            shown = f"{row.cells.get('lon', '')}, {row.cells.get('lat', '')}"
            if node is None:
                text = f"no street within {NEAR_STREET_M:.0f} m"
                hint = "move the point to its gate on the street"
            else:
                text = f"its street (node {node}) cannot be both reached and left again"
                hint = "see the one-way streets around it in network.osm"
            problems.append(fault(table, row, "lon, lat", text, hint, shown))
    for row in tables["roads"]:
        for way in row.values.get("way_ids") or ():
            if way in streets.ways and any(n not in part for n in streets.ways[way].nodes):
                text = f"way {way} cannot be both reached and left again"
                hint = "see the one-way streets around it in network.osm"
                problems.append(fault("roads", row, "way_ids", text, hint))
    return problems
