"""Who and what is available: spares, caps and rest days."""

from __future__ import annotations

import pytest

from fleet.model import Driver, Vehicle
from fleet.roster import available_vehicles, rest_day


def _vehicle(vid: str, depot: str, status: str = "in_service", kind: str = "washer") -> Vehicle:
    return Vehicle(vid, f"样{vid}", kind, depot, status)


FLEET = (
    _vehicle("W1", "A"),
    _vehicle("W2", "A"),
    _vehicle("W3", "B"),
    _vehicle("W4", "B", "workshop"),
    _vehicle("W5", "B", "spare"),
    _vehicle("W6", "A", "spare"),
    _vehicle("S1", "A", kind="sprinkler"),
)


def _ids(vehicles: tuple[Vehicle, ...]) -> list[str]:
    return [v.id for v in vehicles]


def test_only_vehicles_in_service_go_out() -> None:
    """Spares stay in the yard and the workshop keeps its own as long as nothing is off."""
    answer = available_vehicles(FLEET, frozenset(), {})
    assert _ids(answer.vehicles) == ["S1", "W1", "W2", "W3"]
    assert answer.substitutes == {}


def test_a_spare_of_the_same_depot_comes_first() -> None:
    """W1 of depot A is replaced by W6 (depot A), not by W5, whose id is lower."""
    answer = available_vehicles(FLEET, frozenset({"W1"}), {})
    assert answer.substitutes == {"W1": "W6"}
    assert _ids(answer.vehicles) == ["S1", "W2", "W3", "W6"]


def test_a_neighbours_spare_works_from_the_depot_it_helps() -> None:
    """Two of A are off: W6 of A and W5 of B stand in, and W5 then belongs to A."""
    answer = available_vehicles(FLEET, frozenset({"W1", "W2"}), {})
    assert answer.substitutes == {"W1": "W6", "W2": "W5"}
    assert {v.id: v.depot_id for v in answer.vehicles}["W5"] == "A"


def test_a_spare_is_left_to_its_own_depot() -> None:
    """W1, W2 (A) and W3 (B) off: W5 goes to W3 of its own depot, and W2 has none left."""
    answer = available_vehicles(FLEET, frozenset({"W1", "W2", "W3"}), {})
    assert answer.substitutes == {"W1": "W6", "W3": "W5"}
    assert answer.missing == ("W2",)


def test_no_spare_of_another_type_and_none_that_is_off() -> None:
    """The sprinkler has no spare of its type; a spare that is off cannot stand in."""
    answer = available_vehicles(FLEET, frozenset({"S1", "W1", "W6"}), {})
    assert answer.missing == ("S1",)
    assert answer.substitutes == {"W1": "W5"}


def test_the_cap_takes_from_the_fullest_depot() -> None:
    """A cap of 2 on 2 + 1 washers drops W2: depot A has the most and W2 its highest id."""
    answer = available_vehicles(FLEET, frozenset(), {"washer": 2})
    assert _ids(answer.vehicles) == ["S1", "W1", "W3"]
    assert answer.cut == ("W2",)


def test_the_order_of_the_list_does_not_matter() -> None:
    """Rows shuffled, same answer."""
    off, caps = frozenset({"W1"}), {"washer": 2}
    assert available_vehicles(FLEET[::-1], off, caps) == available_vehicles(FLEET, off, caps)


def test_unknown_vehicles_and_negative_caps_are_refused() -> None:
    """A typing error in an order must not pass as "nothing is off"."""
    with pytest.raises(ValueError, match="W9"):
        available_vehicles(FLEET, frozenset({"W9"}), {})
    with pytest.raises(ValueError, match="washer"):
        available_vehicles(FLEET, frozenset(), {"washer": -1})


def test_rest_day() -> None:
    """Weekday 2 is Wednesday."""
    driver = Driver("P1", "样例", "driver", "A", 2)
    assert rest_day(driver, 2)
    assert not rest_day(driver, 3)
