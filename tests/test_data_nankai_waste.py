"""The waste of the embedded district: 900 t a day, on its way to 14 stations and four terminals.

All of it is a model; the figures here are those that the model was made to have.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from test_data_nankai import table


def test_fleet_of_waste() -> None:
    """Compactors of two sizes, and what else collects and hauls; kitchen waste from D4 alone."""
    fleet = Counter((v["type_id"], v["status"]) for v in table("vehicles"))
    in_service = {kind: count for (kind, status), count in fleet.items() if status == "in_service"}
    assert in_service == {
        "washer": 39, "sprinkler": 26, "compactor_8t": 14, "compactor_3t": 3, "kitchen_truck": 10,
        "recycling_truck": 9, "hazard_van": 3, "hooklift": 12, "vacuum_truck": 7,
        "toilet_van": 4, "toilet_trike": 17, "toilet_foot": 4,
    }  # fmt: skip
    assert len(table("vehicles")) == 168
    depots = {v["type_id"]: set() for v in table("vehicles")}
    for vehicle in table("vehicles"):
        depots[vehicle["type_id"]].add(vehicle["depot_id"])
    assert depots["kitchen_truck"] == {"D4"}
    assert all("D4" not in depots[kind] for kind in depots if kind != "kitchen_truck")
    # Every truck can be crewed by its own depot on a rest day: one in seven is off.
    for depot in ("D1", "D2", "D3", "D4"):
        trucks = sum(v["depot_id"] == depot for v in table("vehicles"))
        drivers = [d for d in table("drivers") if (d["depot_id"], d["role"]) == (depot, "driver")]
        off = Counter(d["rest_weekday"] for d in drivers)
        assert len(drivers) - max(off.values()) >= trucks


def test_waste_adds_up_to_900_tonnes() -> None:
    """900,000 kg a day to the kilogram, 19 bins a community, stations for more than that."""
    streams = ("residual_kg", "kitchen_kg", "recyclable_kg", "hazardous_kg")
    communities = table("communities")
    assert sum(int(row[stream]) for row in communities for stream in streams) == 900_000
    bins = sum(int(row["bins"]) for row in communities) / len(communities)
    assert bins == pytest.approx(19, abs=0.5)
    assert sum(float(row["throughput_t_day"]) for row in table("stations")) >= 950


def test_each_day_of_a_cycle_brings_alike() -> None:
    """Recyclables of seven days lie within 10 % of their mean, hazardous waste within 10 %, too.

    139,100 kg of recyclables a day are 139,100 kg in each of seven slots; 900 kg of hazardous
    waste a day are 900 kg in each of thirty.
    """
    cycles = {row["stream_id"]: int(row["every_days"]) for row in table("streams")}
    assert cycles == {"residual": 1, "kitchen": 1, "recyclable": 7, "hazardous": 30}
    for stream, mean in (("recyclable", 139_100), ("hazardous", 900)):
        due = [0] * cycles[stream]
        for row in table("communities"):
            due[int(row[f"{stream}_slot"])] += int(row[f"{stream}_kg"]) * cycles[stream]
        assert sum(due) == mean * cycles[stream]
        assert max(abs(kilograms - mean) for kilograms in due) <= 0.1 * mean


def test_narrow_lanes_and_quiet_hours() -> None:
    """About an eighth of the communities has narrow lanes, a twelfth hours of its own."""
    rows = table("communities")
    assert 0.10 <= sum(row["access"] == "narrow" for row in rows) / len(rows) <= 0.14
    own = Counter(row["windows"] for row in rows)
    assert set(own) == {"", "09:00-11:30;13:30-16:30"}
    assert 0.06 <= 1 - own[""] / len(rows) <= 0.10


def test_hours_of_collection() -> None:
    """Four times of day for daily streams, two for recyclables, one for hazardous waste."""
    rows = table("collection")
    assert Counter(row["stream"] for row in rows) == {
        "residual": 4, "kitchen": 4, "recyclable": 2, "hazardous": 1,
    }  # fmt: skip
    assert {(row["start"], row["end"]) for row in rows} == {
        ("04:30", "07:00"), ("09:00", "11:30"), ("13:30", "16:30"), ("19:00", "21:30"),
    }  # fmt: skip
    assert len({row["shift_id"] for row in rows}) == 11
    hauling = [row for row in table("shifts") if row["shift_id"].startswith("haul_")]
    assert [(row["start"], row["end"]) for row in hauling] == [
        ("05:30", "13:15"), ("13:30", "21:00"), ("21:15", "24:00"),
    ]  # fmt: skip


def test_stations_accept_and_terminals_take() -> None:
    """Residual everywhere, kitchen at 6 stations, recyclables at 4, hazardous at 1."""
    accepted = defaultdict(list)
    for row in table("station_streams"):
        accepted[row["stream"]].append((row["places"], row["container_kg"], row["opening_kg"]))
    assert {stream: (len(rows), set(rows)) for stream, rows in accepted.items()} == {
        "residual": (14, {("3", "12000", "0")}),
        "kitchen": (6, {("3", "10000", "0")}),
        "recyclable": (4, {("3", "10000", "0")}),
        "hazardous": (1, {("1", "5000", "0")}),
    }
    assert [(row["terminal_id"], row["streams"]) for row in table("terminals")] == [
        ("E1", "residual"), ("E2", "kitchen"), ("E3", "recyclable"), ("E4", "hazardous"),
    ]  # fmt: skip
    assert {(row["open"], row["close"]) for row in table("stations")} == {("04:00", "22:00")}


def test_ways_to_the_terminals() -> None:
    """Each of 14 stations and the 4 depots of trucks has a way to each terminal, at 38 km/h in
    whole minutes."""
    ways = table("terminal_ways")
    places = {row["station_id"] for row in table("stations")}
    places |= {row["depot_id"] for row in table("depots")} - {"D5", "D6", "D7", "D8"}
    ends = {row["terminal_id"] for row in table("terminals")}
    assert {(row["place_id"], row["terminal_id"]) for row in ways} == {
        (place, end) for place in places for end in ends
    }
    for row in ways:
        travel_s, length_m = int(row["travel_s"]), int(row["length_m"])
        assert travel_s % 60 == 0
        assert length_m % 100 == 0
        # Up to a minute more than the way takes, and 50 m of rounding: 5 s.
        assert -6 <= travel_s - length_m / (38 / 3.6) <= 66
        assert 8_000 <= length_m <= 35_000
