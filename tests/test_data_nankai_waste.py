"""The waste of the embedded district: 900 t a day, on its way to 14 stations and five terminals.

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
        "bin_truck": 30, "toilet_van": 4, "toilet_trike": 17, "toilet_foot": 4,
    }  # fmt: skip
    assert len(table("vehicles")) == 201
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
        ("E5", "night_soil"),
    ]  # fmt: skip
    assert {(row["open"], row["close"]) for row in table("stations")} == {("04:00", "22:00")}


def test_ways_to_the_terminals() -> None:
    """Each of 14 stations and the 4 depots of trucks has a way to each terminal, at 38 km/h in
    whole minutes; to the plant for night soil lead those of the depots alone."""
    ways = table("terminal_ways")
    places = {row["station_id"] for row in table("stations")}
    places |= {row["depot_id"] for row in table("depots")} - {"D5", "D6", "D7", "D8"}
    ends = {row["terminal_id"] for row in table("terminals")}
    depots = {row["depot_id"] for row in table("depots")}
    assert {(row["place_id"], row["terminal_id"]) for row in ways} == {
        (place, end) for place in places for end in ends if end != "E5" or place in depots
    }
    for row in ways:
        travel_s, length_m = int(row["travel_s"]), int(row["length_m"])
        assert travel_s % 60 == 0
        assert length_m % 100 == 0
        # Up to a minute more than the way takes, and 50 m of rounding: 5 s.
        assert -6 <= travel_s - length_m / (38 / 3.6) <= 66
        assert 8_000 <= length_m <= 35_000


def test_septic_tanks() -> None:
    """86 toilets with the volume of toilets.csv and 300 communities of 30 to 75 m³.

    They fill in three to twelve months (95 to 360 days), none holds more than its limit, and each
    of ninety days has 10 to 20 truck loads of 5 m³ that become due for the first time.
    """
    volumes = {row["toilet_id"]: float(row["septic_m3"]) for row in table("toilets")}
    rows = table("septic_tanks")
    toilets = [row for row in rows if row["site_id"] in volumes]
    communities = [row for row in rows if row["site_id"].startswith("C")]
    assert (len(toilets), len(communities), len(rows)) == (86, 300, 386)
    assert {row["site_id"] for row in toilets} == {name for name, size in volumes.items() if size}
    assert all(float(row["volume_m3"]) == volumes[row["site_id"]] for row in toilets)
    assert {float(row["volume_m3"]) for row in communities} <= {30.0 + 5 * k for k in range(10)}
    loads = Counter[int]()
    for row in rows:
        limit, level, inflow = (
            round(1000 * float(kg))
            for kg in (
                float(row["limit_share"]) * float(row["volume_m3"]),
                row["level_m3"],
                row["inflow_m3_day"],
            )
        )
        assert 90 <= limit / inflow <= 366
        assert 0 <= level <= limit
        days = max(0, -(-(limit - level) // inflow) - 3)
        days = min(days, int(row["cycle_days"]) - int(row["since_days"]))
        loads[days] += -(-(level + days * inflow) // 5000)
    assert all(10 <= loads[day] <= 20 for day in range(90))


def test_litter_bins_of_roads() -> None:
    """5,111 bins, dense on the great streets: 79 m apart on a side of grade 1, 296 m of grade 4."""
    rows = table("roads")
    assert sum(int(row["bins"]) for row in rows) == 5_111
    apart_m = {
        grade: round(
            2
            * sum(float(row["length_m"]) for row in rows if row["grade"] == grade)
            / sum(int(row["bins"]) for row in rows if row["grade"] == grade)
        )
        for grade in "1234"
    }
    assert apart_m == {"1": 79, "2": 133, "3": 207, "4": 296}
