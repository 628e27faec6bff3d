"""The rounds of the embedded district's toilets: who goes where, from which point, how often."""

from __future__ import annotations

import math
from collections import Counter

from test_data_nankai import in_metres, table

POINTS = ("D5", "D6", "D7", "D8")


def _at(row: dict[str, str]) -> tuple[float, float]:
    return in_metres(float(row["lon"]), float(row["lat"]))


def test_who_goes_round() -> None:
    """40 are attended; of 118 others three at each point are reached on foot, those within 2.5 km
    by tricycle, the rest by van."""
    points = [_at(row) for row in table("depots") if row["depot_id"] in POINTS]
    found = Counter(row["round_by"] for row in table("toilets"))
    assert found == {"": 40, "toilet_foot": 12, "toilet_trike": 90, "toilet_van": 16}
    for row in table("toilets"):
        gap = min(math.dist(_at(row), point) for point in points)
        assert (row["round_by"] == "") == (row["mode"] == "attended")
        if row["round_by"] == "toilet_foot":
            assert gap <= 600
        elif row["round_by"]:
            assert (row["round_by"] == "toilet_trike") == (gap <= 2500)


def test_visits_of_a_day() -> None:
    """Class 2: 5 visits on a plain warm day, 4 on a cold one, 6 in heat and at events; class 3: 3,
    2, 4 and 4, whoever goes; 15 + 5 and 10 + 3 minutes."""
    visits: Counter[tuple[str, str, str, str]] = Counter()
    for row in table("toilet_standards"):
        key = row["type_id"], row["toilet_class"], row["season"], row["condition"]
        visits[key] += int(row["visits"])
        minutes = {"2": ("900", "300"), "3": ("600", "180")}
        assert (row["clean_s"], row["deodorise_s"]) == minutes[row["toilet_class"]]
    for kind in ("toilet_van", "toilet_trike", "toilet_foot"):
        for toilet_class, counts in (("2", (5, 4, 6, 6)), ("3", (3, 2, 4, 4))):
            days = ("warm", "plain"), ("cold", "plain"), ("any", "heat"), ("any", "event")
            assert tuple(visits[kind, toilet_class, *when] for when in days) == counts


def test_crews_stand_at_their_points() -> None:
    """Vans, tricycles and walkers are at the crew points alone, and nothing else is there; a walker
    has no plate of a vehicle."""
    for row in table("vehicles"):
        assert (row["depot_id"] in POINTS) == row["type_id"].startswith("toilet_")
        assert row["plate"].startswith("步行·样") == (row["type_id"] == "toilet_foot")
    kmh = {row["type_id"]: float(row["kmh"]) for row in table("vehicle_types")}
    assert {kind: speed for kind, speed in kmh.items() if speed} == {
        "toilet_trike": 15, "toilet_foot": 4.5,
    }  # fmt: skip
