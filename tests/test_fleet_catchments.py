"""Who is served by which station and when, on towns small enough to count, and on the district."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from fleet.catchments import Band, Catchment, Intake, Pickup, assign_pickups

DATA = Path(__file__).parents[1] / "data" / "nankai"
DAY = Band("day", "rest", 9_000)
AM, PM = Band("am", "rest", 9_000), Band("pm", "rest", 9_000)


def pickup(
    name: str,
    kg: int,
    way_s: dict[str, int],
    shifts: tuple[str, ...] = ("day",),
    at: tuple[float, float] = (0.0, 0.0),
    importance: float = 1.0,
) -> Pickup:
    return Pickup(name, "rest", kg, kg, shifts, way_s, *at, 8_000, importance)


def intake(name: str, throughput_kg: int, **per_shift_kg: int) -> Intake:
    return Intake(name, throughput_kg, per_shift_kg or {"day": 99_000})


def kept(answer: Catchment) -> dict[str, tuple[str, str]]:
    return {p: (answer.station[p], answer.shift[p]) for p in answer.station}


FOUR = [pickup(f"p{i}", 1_000, {"A": 100, "B": 200 + 100 * i}) for i in range(4)]


def test_where_there_is_room_all_go_to_the_nearest() -> None:
    """Four pickups of 1 t, all nearer to A: all go there."""
    answer = assign_pickups(FOUR, [intake("A", 9_000), intake("B", 9_000)], [DAY])
    assert answer.station == dict.fromkeys(["p0", "p1", "p2", "p3"], "A")
    assert answer.load_kg == {("A", "day"): 4_000}


def test_a_full_station_sends_those_away_that_lose_least() -> None:
    """A takes 2.5 t: p0 and p1 lose 100 and 200 s and go to B."""
    answer = assign_pickups(FOUR, [intake("A", 2_500), intake("B", 9_000)], [DAY], spread=0.0)
    assert answer.station == {"p0": "B", "p1": "B", "p2": "A", "p3": "A"}
    assert answer.left == ()


def test_as_little_as_possible_is_left() -> None:
    """2.5 t of 1, 1, 0.6 and 0.4 t: 0.6 t are left, as 1 + 1 + 0.4 is the most that fits."""
    weights = {"a": 1_000, "b": 1_000, "c": 600, "d": 400}
    rest = [pickup(name, kg, {"A": 100}) for name, kg in weights.items()]
    answer = assign_pickups(rest, [intake("A", 2_500)], [DAY])
    assert answer.left == ("c",)
    assert sorted(answer.station) == sorted(answer.shift) == ["a", "b", "d"]


def test_what_is_important_is_left_last() -> None:
    """As before, but the 0.6 t count twice: one of 1 t is left instead."""
    weights = {"a": 1_000, "b": 1_000, "c": 600, "d": 400}
    rest = [
        pickup(name, kg, {"A": 100}, importance=2.0 if name == "c" else 1.0)
        for name, kg in weights.items()
    ]
    answer = assign_pickups(rest, [intake("A", 2_500)], [DAY])
    assert len(answer.left) == 1
    assert answer.left[0] in {"a", "b"}


def test_a_pickup_that_no_station_takes_is_left() -> None:
    """No way to any station: left, and the other one is served."""
    answer = assign_pickups(
        [pickup("far", 500, {}), pickup("near", 500, {"A": 9})], [intake("A", 9_000)], [DAY]
    )
    assert answer.left == ("far",)
    assert answer.station == {"near": "A"}


def test_a_shift_takes_what_its_bays_can() -> None:
    """A unloads 1.5 t in each of two shifts, so of three pickups of 1 t one goes to B."""
    rest = [pickup(n, 1_000, {"A": 100, "B": 900}, ("am", "pm")) for n in "abc"]
    doors = [intake("A", 9_000, am=1_500, pm=1_500), intake("B", 9_000, am=9_000, pm=9_000)]
    answer = assign_pickups(rest, doors, [AM, PM])
    assert answer.left == ()
    assert sorted(answer.station.values()) == ["A", "A", "B"]
    assert all(kg <= 1_500 for (s, _), kg in answer.load_kg.items() if s == "A")


def test_a_station_that_is_closed_in_all_shifts_takes_nothing() -> None:
    """A is nearer but opens in the afternoon only; the pickup may be taken in the morning."""
    doors = [intake("A", 9_000, pm=9_000), intake("B", 9_000, am=9_000)]
    answer = assign_pickups([pickup("a", 500, {"A": 1, "B": 900}, ("am",))], doors, [AM, PM])
    assert (answer.station, answer.shift) == ({"a": "B"}, {"a": "am"})


def test_closed_shifts_stay_closed() -> None:
    """The two western ones may be taken in the afternoon alone: the eastern ones are the morning's.

    Were the halves given out by name, the western half would come first, in the morning.
    """
    west = [pickup(f"a{i}", 3_800, {"A": 9}, ("pm",), (10.0 * i, 0.0)) for i in range(2)]
    east = [pickup(f"b{i}", 3_800, {"A": 9}, ("am", "pm"), (900.0 + i, 0.0)) for i in range(2)]
    answer = assign_pickups(west + east, [intake("A", 99_000, am=50_000, pm=50_000)], [AM, PM])
    assert answer.shift == {"a0": "pm", "a1": "pm", "b0": "am", "b1": "am"}


def test_work_follows_the_hours_and_lies_together() -> None:
    """Sixteen alike on a line, hours of 3 to 1: twelve in a row in the morning, four at an end."""
    rest = [pickup(f"p{i:02d}", 1_900, {"A": 9}, ("am", "pm"), (100.0 * i, 0.0)) for i in range(16)]
    hours = [Band("am", "rest", 27_000), Band("pm", "rest", 9_000)]
    answer = assign_pickups(rest, [intake("A", 99_000, am=90_000, pm=90_000)], hours)
    row = [answer.shift[p.id] for p in rest]
    assert row.count("pm") == 4
    assert sum(a != b for a, b in pairwise(row)) == 1


def test_the_fullest_station_is_relieved() -> None:
    """Ten of 1 t, A for 10 t is nearer by a second: relieved to 8.5 t and no further, so 8 go."""
    rest = [pickup(f"p{i}", 1_000, {"A": 10, "B": 11}) for i in range(10)]
    doors = [intake("A", 10_000), intake("B", 10_000)]
    alone = assign_pickups(rest, doors, [DAY], spread=0.0)
    assert alone.load_kg == {("A", "day"): 10_000}
    spread = assign_pickups(rest, doors, [DAY], spread=100.0)
    assert spread.load_kg == {("A", "day"): 8_000, ("B", "day"): 2_000}


def test_what_was_is_kept_if_it_costs_little() -> None:
    """B costs 30 s more than A: who was there stays. At 300 s more it goes to A."""
    doors = [intake("A", 9_000), intake("B", 9_000)]
    before = {"a": ("B", "day"), "b": ("B", "day")}
    rest = [pickup("a", 500, {"A": 100, "B": 130}), pickup("b", 500, {"A": 100, "B": 400})]
    answer = assign_pickups(rest, doors, [DAY], before=before)
    assert answer.station == {"a": "B", "b": "A"}
    assert assign_pickups(rest, doors, [DAY]).station == {"a": "A", "b": "A"}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"shifts": ("noon",)}, "a shift that its stream has not"),
        ({"way_s": {"Z": 1}}, "a station that is not there"),
        ({"id": "p1"}, "the same id"),
        ({"shifts": ()}, "in no shift"),
        ({"importance": 0.5}, "too small"),
    ],
)
def test_what_does_not_agree_is_refused(change: dict[str, object], word: str) -> None:
    """Unknown shifts and stations, double ids, no shift at all, importance below 1."""
    doors = [intake("A", 9_000), intake("B", 9_000)]
    with pytest.raises(ValueError, match=word):
        assign_pickups([replace(FOUR[0], **change), *FOUR[1:]], doors, [DAY])  # type: ignore[arg-type]


# The embedded district, with ways as straight lines x 1.35 at 25 km/h.

LOT_KG = {"residual": 8_000, "kitchen": 4_000, "recyclable": 5_000, "hazardous": 1_000}
BAYS = {"residual": 0.5, "kitchen": 0.3, "recyclable": 0.15, "hazardous": 0.05}  # of their time
Inputs = tuple[list[Pickup], list[Intake], list[Band]]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3_600 + int(minutes) * 60


def plane(row: dict[str, str]) -> tuple[float, float]:
    x = (float(row["lon"]) - 117.15) * 111_320 * math.cos(math.radians(39.1))
    return x, (float(row["lat"]) - 39.1) * 110_540


def read(day: date) -> Inputs:
    """The pickups of a day, stations and hours."""
    hours, stations = rows("collection"), rows("stations")
    shifts = {row["shift_id"]: row for row in rows("shifts")}
    at = {row["station_id"]: plane(row) for row in stations}
    takes = [(row["stream"], row["station_id"]) for row in rows("station_streams")]
    pickups = []
    for stream in rows("streams"):
        name, every = stream["stream_id"], int(stream["every_days"])
        stop_s, bin_s = (300, 60) if name == "hazardous" else (120, 50)
        own = [row for row in hours if row["stream"] == name]
        for row in rows("communities"):
            kg = round(float(row[f"{name}_kg"]) * every)
            if kg == 0 or (every > 1 and day.toordinal() % every != int(row[f"{name}_slot"])):
                continue
            work_s = stop_s + bin_s * math.ceil(kg / float(stream["kg_per_bin"]))
            spans = [tuple(map(clock, w.split("-"))) for w in row["windows"].split(";") if w]
            fits = tuple(
                h["shift_id"]
                for h in own
                if not spans
                or any(
                    max(low, clock(h["start"])) + work_s <= min(high, clock(h["end"]))
                    for low, high in spans
                )
            )
            x, y = plane(row)
            way = {
                s: round(math.dist((x, y), at[s]) * 1.35 / (25 / 3.6))
                for stream_id, s in takes
                if stream_id == name
            }
            lot = 3_000 if name == "residual" and row["access"] == "narrow" else LOT_KG[name]
            key = f"{row['community_id']}-{name}"
            pickups.append(Pickup(key, name, kg, work_s, fits, way, x, y, lot))
    intakes = []
    for row in stations:
        room = {}
        for h in hours:
            shift = shifts[h["shift_id"]]
            open_s = min(clock(shift["end"]), clock(row["close"]))
            open_s -= max(clock(shift["start"]), clock(row["open"]))
            trucks = open_s / int(row["unload_s"]) * int(row["bays"]) * BAYS[h["stream"]]
            room[h["shift_id"]] = int(0.8 * trucks * LOT_KG[h["stream"]])
        intakes.append(Intake(row["station_id"], int(row["throughput_t_day"]) * 1_000, room))
    bands = [Band(h["shift_id"], h["stream"], clock(h["end"]) - clock(h["start"])) for h in hours]
    return pickups, intakes, bands


@pytest.fixture(scope="module")
def nankai() -> Inputs:
    return read(date(2026, 7, 15))


@pytest.fixture(scope="module")
def answer(nankai: Inputs) -> Catchment:
    return assign_pickups(*nankai)


def test_the_district_fits_its_stations(nankai: Inputs, answer: Catchment) -> None:
    """Nothing is left; throughputs and intakes are kept."""
    pickups, intakes, _ = nankai
    assert answer.left == ()
    assert sorted(answer.station) == sorted(answer.shift) == sorted(p.id for p in pickups)
    assert all(answer.station[p.id] in p.way_s for p in pickups)
    assert all(answer.shift[p.id] in p.shifts for p in pickups)
    full = {}
    for door in intakes:
        shifts = {t: kg for (s, t), kg in answer.load_kg.items() if s == door.id}
        assert all(kg <= door.per_shift_kg[t] for t, kg in shifts.items())
        full[door.id] = sum(shifts.values()) / door.throughput_kg
    assert max(full.values()) <= 0.96
    # All of it to the nearest station would overfill some of them.
    nearest = sum(p.kg * min(p.way_s.values()) for p in pickups)
    assert sum(p.kg * p.way_s[answer.station[p.id]] for p in pickups) <= 1.25 * nearest


def test_the_districts_work_follows_the_hours(nankai: Inputs, answer: Catchment) -> None:
    """The kerb time of every stream and payload is within 3 % of each shift's share."""
    pickups, _, bands = nankai
    for layer in {p.layer for p in pickups}:
        own = [p for p in pickups if p.layer == layer]
        hours = [b for b in bands if b.stream == layer[0]]
        for band in hours:
            work = sum(p.work_s for p in own if answer.shift[p.id] == band.id)
            fair = sum(p.work_s for p in own) * band.work_s / sum(b.work_s for b in hours)
            assert work == pytest.approx(fair, rel=0.03)


def middle_m(pickups: list[Pickup], place: dict[str, tuple[str, str]]) -> float:
    """Mean distance to the middle of the pickups with the same station and shift."""
    groups: dict[tuple[str, str], list[Pickup]] = {}
    for p in pickups:
        groups.setdefault(place[p.id], []).append(p)
    total = 0.0
    for group in groups.values():
        kg = sum(p.kg for p in group)
        centre = sum(p.kg * p.x_m for p in group) / kg, sum(p.kg * p.y_m for p in group) / kg
        total += sum(math.dist(centre, (p.x_m, p.y_m)) for p in group)
    return total / len(pickups)


@pytest.mark.parametrize(
    ("layer", "limit_m"), [(("residual", 8_000), 340), (("kitchen", 4_000), 540)]
)
def test_the_districts_territories_lie_together(
    nankai: Inputs, answer: Catchment, layer: tuple[str, int], limit_m: float
) -> None:
    """Far closer to their middles than the same shifts dealt out at random at each station.

    And hardly more truck loads than the tonnes need.
    """
    own = [p for p in nankai[0] if p.layer == layer]
    place = kept(answer)
    chance = random.Random(1)
    dealt = {}
    for s in sorted(set(answer.station.values())):
        here = [p.id for p in own if answer.station[p.id] == s]
        shifts = [answer.shift[p] for p in here]
        chance.shuffle(shifts)
        dealt |= {p: (s, t) for p, t in zip(here, shifts, strict=True)}
    assert middle_m(own, place) <= limit_m
    assert middle_m(own, place) <= 0.6 * middle_m(own, dealt)
    load: dict[tuple[str, str], int] = {}
    for p in own:
        load[place[p.id]] = load.get(place[p.id], 0) + p.kg
    loads = sum(math.ceil(kg / layer[1]) for kg in load.values())
    assert loads <= 1.2 * math.ceil(sum(p.kg for p in own) / layer[1])


def test_the_order_of_the_district_does_not_matter(nankai: Inputs, answer: Catchment) -> None:
    """All inputs shuffled: the same answer in every part."""
    chance = random.Random(5)
    pickups, intakes, bands = (chance.sample(part, len(part)) for part in nankai)
    assert assign_pickups(pickups, intakes, bands) == answer  # type: ignore[arg-type]


def test_a_little_more_changes_little(nankai: Inputs, answer: Catchment) -> None:
    """One community of 1.2 t brings 20 % more: under 5 % of the pickups go elsewhere."""
    pickups, intakes, bands = nankai
    more = [
        replace(p, kg=p.kg * 6 // 5, work_s=p.work_s * 6 // 5) if p.id == "C143-residual" else p
        for p in pickups
    ]
    again = kept(assign_pickups(more, intakes, bands, before=kept(answer)))
    changed = sum(again[p] != place for p, place in kept(answer).items())
    assert changed < 0.05 * len(pickups)
