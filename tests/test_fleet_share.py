"""Work shared out over depots and vehicles: each rule by hand, and a day of the district's size."""

from __future__ import annotations

import random

import pytest

from fleet import share as module
from fleet.share import Share, Work, Zone, share_work

HOUR = 3600


def _work(
    zones: tuple[Zone, ...],
    shift: str = "night",
    start_s: int = 0,
    end_s: int = 8 * HOUR,
    types: tuple[str, ...] = ("washer",),
    usable_s: int = 10_000,
) -> Work:
    return Work("wash", shift, start_s, end_s, usable_s, types, zones)


def _zones(*loads: int, **depot_s: int) -> tuple[Zone, ...]:
    return tuple(Zone(f"z{i}", load, depot_s or {"A": 0}) for i, load in enumerate(loads))


def _one(answer: tuple[Share, ...]) -> Share:
    assert len(answer) == 1
    return answer[0]


def test_the_fewest_vehicles_that_fit() -> None:
    """27,000 s of work at 9,300 s a vehicle (0.93 of 10,000): 3 vehicles, 9,000 s each."""
    share = _one(share_work((_work(_zones(9000, 9000, 9000)),), {("A", "washer"): 9}, {}))
    assert share.vehicles == {("A", "washer"): 3}
    assert share.target_s == 9000
    assert share.utilisation == pytest.approx(0.9)
    assert share.shortfall_s == 0
    assert share.note.status == "optimal"


def test_the_way_there_and_back_counts() -> None:
    """The same work with 500 s each way: 3 vehicles would need 30,000 s of 27,900; so 4."""
    share = _one(share_work((_work(_zones(9000, 9000, 9000, A=500)),), {("A", "washer"): 9}, {}))
    assert share.vehicles == {("A", "washer"): 4}
    assert share.target_s == 6750 + 1000


def test_all_of_the_time_before_a_shortfall() -> None:
    """3 vehicles, 29,000 s: more than 27,900 but less than 30,000; it fits without reserve."""
    share = _one(share_work((_work(_zones(29_000)),), {("A", "washer"): 3}, {}))
    assert share.vehicles == {("A", "washer"): 3}
    assert share.utilisation == pytest.approx(29 / 30)
    assert share.shortfall_s == 0


def test_the_shortfall_is_counted() -> None:
    """3 vehicles, 34,500 s: 4,500 s are missing, and every vehicle goes out."""
    share = _one(share_work((_work(_zones(34_500)),), {("A", "washer"): 3}, {}))
    assert share.vehicles == {("A", "washer"): 3}
    assert share.shortfall_s == 4500


def test_no_vehicle_at_all() -> None:
    """A cap of 0: all of the work is missing, and nothing is made up."""
    share = _one(share_work((_work(_zones(5000)),), {("A", "washer"): 3}, {"washer": 0}))
    assert share.vehicles == {}
    assert share.shortfall_s == 5000


def test_zones_go_to_their_nearest_depot_whole() -> None:
    """Two zones near A and two near B: each depot takes its own with one vehicle."""
    near_a, near_b = {"A": 100, "B": 900}, {"A": 900, "B": 100}
    zones = (
        Zone("a1", 4000, near_a),
        Zone("a2", 4000, near_a),
        Zone("b1", 4000, near_b),
        Zone("b2", 4000, near_b),
    )
    share = _one(share_work((_work(zones),), {("A", "washer"): 3, ("B", "washer"): 3}, {}))
    assert share.zone_depot == {"a1": "A", "a2": "A", "b1": "B", "b2": "B"}
    assert share.vehicles == {("A", "washer"): 1, ("B", "washer"): 1}


def test_overlapping_works_share_the_vehicles() -> None:
    """18,000 s each need 2 vehicles each, there are 3: 8,000 s are missing; by turns 2 do both."""
    zones = _zones(9000, 9000)
    both = share_work((_work(zones), _work(zones, "other", 4 * HOUR, 9 * HOUR)), AVAILABLE_3, {})
    assert sum(sum(s.vehicles.values()) for s in both) == 3
    assert sum(s.shortfall_s for s in both) == 8000
    turns = share_work((_work(zones), _work(zones, "other", 8 * HOUR, 9 * HOUR)), AVAILABLE_3, {})
    assert [s.shortfall_s for s in turns] == [0, 0]
    assert [s.vehicles for s in turns] == [{("A", "washer"): 2}, {("A", "washer"): 2}]


AVAILABLE_3 = {("A", "washer"): 3}


def test_the_cap_holds_over_all_depots() -> None:
    """Two vehicles at each depot but a cap of 3: 3 go out, 7,000 s of 37,000 s are missing."""
    zones = _zones(18_500, 18_500, A=0, B=0)
    available = {("A", "washer"): 2, ("B", "washer"): 2}
    assert _one(share_work((_work(zones),), available, {})).shortfall_s == 0
    capped = _one(share_work((_work(zones),), available, {"washer": 3}))
    assert sum(capped.vehicles.values()) == 3
    assert capped.shortfall_s >= 7000


def test_depots_are_balanced() -> None:
    """4 zones of 4,000 s, all a little nearer to A, one vehicle at each: two zones each.

    A's vehicle has 14,000 s, so three zones would fit and save a way.
    """
    zones = tuple(Zone(f"z{i}", 4000, {"A": 100, "B": 130}) for i in range(4))
    work = _work(zones, usable_s=14_000)
    share = _one(share_work((work,), {("A", "washer"): 1, ("B", "washer"): 1}, {}))
    assert sorted(share.zone_depot.values()) == ["A", "A", "B", "B"]


def test_the_preferred_type_wins_a_tie() -> None:
    """Both types are able; the first named goes out."""
    available = {("A", "washer"): 2, ("A", "small"): 2}
    work = _work(_zones(9000), types=("small", "washer"))
    assert _one(share_work((work,), available, {})).vehicles == {("A", "small"): 1}


def _district() -> tuple[tuple[Work, ...], dict[tuple[str, str], int]]:
    chance = random.Random(1)
    depots = {"A": (0, 0), "B": (4, 3), "C": (1, 6)}

    def zones(count: int, hours: float) -> tuple[Zone, ...]:
        weights = [chance.uniform(0.5, 1.5) for _ in range(count)]
        places = [(chance.uniform(-1, 6), chance.uniform(-1, 7)) for _ in range(count)]
        return tuple(
            Zone(
                f"z{i:02d}",
                round(hours * HOUR * weight / sum(weights)),
                {d: round(120 + 120 * (abs(x - a) + abs(y - b))) for d, (a, b) in depots.items()},
            )
            for i, (weight, (x, y)) in enumerate(zip(weights, places, strict=True))
        )

    works = (
        _work(zones(36, 235), "night", -5400, 23_400, usable_s=26_600),
        _work(zones(24, 190), "day", 32_400, 59_400, usable_s=25_200),
        _work(zones(24, 40), "dawn", 18_000, 25_200, ("sprinkler",), 6800),
        Work("sweep", "day", 32_400, 57_600, 23_400, ("washer", "small"), zones(12, 20)),
    )
    available = {("A", "washer"): 15, ("B", "washer"): 12, ("C", "washer"): 12}
    available |= {("A", "sprinkler"): 9, ("B", "sprinkler"): 9, ("C", "sprinkler"): 8}
    return works, available | {("A", "small"): 2}


def test_a_day_of_the_district() -> None:
    """39 washers and 26 sprinklers suffice; depots are within 10 % of each other's hours."""
    works, available = _district()
    shares = share_work(works, available, {})
    assert [(s.service, s.shift_id) for s in shares] == [(w.service, w.shift_id) for w in works]
    assert all(s.shortfall_s == 0 for s in shares)
    for share, work in zip(shares, works, strict=True):
        assert set(share.zone_depot) == {z.id for z in work.zones}
        assert all(n <= available[key] for key, n in share.vehicles.items())
        assert share.utilisation <= 1
    night = shares[0]
    loads = night.per_vehicle_s.values()
    assert max(loads) - min(loads) <= 0.16 * night.target_s
    both = [shares[1].vehicles.get((d, "washer"), 0) + shares[3].vehicles.get((d, "washer"), 0)
            for d in "ABC"]  # fmt: skip
    assert all(n <= available[d, "washer"] for d, n in zip("ABC", both, strict=True))


def test_a_capped_day_is_short_but_balanced() -> None:
    """25 washers at night: about 245 h of work and ways on 185 h, spread over all depots."""
    works, available = _district()
    night = share_work(works[:1], available, {"washer": 25})[0]
    assert sum(night.vehicles.values()) == 25
    assert 50 * HOUR < night.shortfall_s < 70 * HOUR
    loads = night.per_vehicle_s.values()
    assert max(loads) - min(loads) <= 0.2 * night.target_s


def test_too_few_vehicles_for_two_works() -> None:
    """One vehicle, two works at once: one is done, all of the other is missing."""
    works = (_work(_zones(9000)), _work(_zones(8000), "other", 4 * HOUR, 9 * HOUR))
    shares = share_work(works, {("A", "washer"): 1}, {})
    assert [s.vehicles for s in shares] == [{("A", "washer"): 1}, {}]
    assert [s.shortfall_s for s in shares] == [0, 8000]


@pytest.mark.parametrize("rule", ["vehicles_available", "hours_fit", "each_zone_one_depot"])
def test_each_rule_is_needed(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    """With the rule's function taken out: 4 of 3 vehicles, 3 where 4 are needed, zones left."""
    zones = _zones(9000, 9000)
    works = (_work(zones), _work(zones, "other", 4 * HOUR, 9 * HOUR))
    far = (_work(_zones(9000, 9000, 9000, A=500)),)
    monkeypatch.setattr(module, rule, lambda *args: None)
    both = share_work(works, AVAILABLE_3, {})
    if rule == "vehicles_available":
        assert sum(sum(s.vehicles.values()) for s in both) == 4
    elif rule == "each_zone_one_depot":
        assert not any(s.zone_depot for s in both)
    else:
        assert _one(share_work(far, {("A", "washer"): 9}, {})).vehicles == {("A", "washer"): 3}


def test_caps_and_balance_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without caps_kept four go out; without depots_balanced A takes three zones of four."""
    zones = _zones(18_500, 18_500, A=0, B=0)
    available = {("A", "washer"): 2, ("B", "washer"): 2}
    uneven = tuple(Zone(f"z{i}", 4000, {"A": 100, "B": 130}) for i in range(4))
    with monkeypatch.context() as patch:
        patch.setattr(module, "caps_kept", lambda *args: None)
        share = _one(share_work((_work(zones),), available, {"washer": 3}))
        assert sum(share.vehicles.values()) == 4
    with monkeypatch.context() as patch:
        patch.setattr(module, "depots_balanced", lambda *args: None)
        yards = {("A", "washer"): 1, ("B", "washer"): 1}
        share = _one(share_work((_work(uneven, usable_s=14_000),), yards, {}))
        assert sorted(share.zone_depot.values()) == ["A", "A", "A", "B"]


def test_bad_input_is_refused() -> None:
    """No time, the same work twice, no utilisation, a depot nobody knows the way to."""
    with pytest.raises(ValueError, match="no time"):
        _work(_zones(1), start_s=5, end_s=5)
    with pytest.raises(ValueError, match="same service"):
        share_work((_work(_zones(1)), _work(_zones(1))), AVAILABLE_3, {})
    with pytest.raises(ValueError, match="utilisation"):
        share_work((_work(_zones(1)),), AVAILABLE_3, {}, utilisation=0)
    with pytest.raises(ValueError, match="how far depot B"):
        share_work((_work(_zones(1)),), {("B", "washer"): 1}, {})
