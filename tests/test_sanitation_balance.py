"""Figures of collection and haulage and the stations' stock, of the town in waste_town.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from export_town import short_run
from waste_town import collection_run, haul_run, pickup, waste_district

from sanitation.balance import Move, moves_of, station_balance
from sanitation.indicators import cost_of, deadhead_s, indicators
from sanitation.model import Duty, Run, Suspended, Uncovered

COLLECT, HAUL = "collect/collect_dawn", "haul/haul_day"


def figures(*runs: Run, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"uncovered": (), "suspended": (), "bound_s": {}, "notes": ()}
    return indicators(waste_district(), runs, **(given | more))


def row_of(found: dict[str, Any], service: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = found["by_service_shift"]
    return next(row for row in rows if row["service"] == service)


def left(duty: Duty) -> Uncovered:
    return Uncovered(duty, "hours", "no time", {})


def test_moves_of_a_run() -> None:
    """What each stop takes on is the rise of the load, what it lets off its fall and of the same
    stream; by the index of the stop."""
    moves = moves_of(collection_run())
    assert list(moves) == [2, 4, 8, 10, 12]
    assert moves[4] == Move("service", "C2", "residual", 700, 10, 17_400)
    assert moves[8] == Move("unload", "Z1", "residual", 2030, 0, 19_480)
    assert [move.load_kg for move in moves.values()] == [1330, 700, 2030, 350, 350]
    assert moves_of(short_run()) == {}


def test_stock_of_a_station() -> None:
    """14,000 kg, 12,000 off at 05:15, 2,030 on at 05:24, 350 on at 05:48, 3,000 off at 06:59: 1,380
    in the end and never more than at first. Three containers of 12 t; recyclables lie still."""
    recyclable, residual = station_balance(waste_district(), (collection_run(), haul_run()))
    assert residual == {
        "station": "Z1",
        "stream": "residual",
        "opening_kg": 14_000,
        "in_kg": 2380,
        "out_kg": 15_000,
        "closing_kg": 1380,
        "most_kg": 14_000,
        "room_kg": 36_000,
    }
    assert list(recyclable.values())[1:] == ["recyclable", 500, 0, 0, 500, 500, 20_000]


def test_highest_stock_is_where_it_was() -> None:
    """Hauled from 05:45 on the first container leaves at 06:00 (21,600 s): 16,380 kg by then.

    At the very second of an unloading both count together: 14,000 + 350 + 2,030 - 12,000.
    """
    runs = collection_run(), haul_run(later_s=2700)
    assert station_balance(waste_district(), runs)[1]["most_kg"] == 16_380
    together = haul_run(later_s=20_900 - 18_900)
    assert together.stops[2].end_s == collection_run().stops[12].end_s
    row = station_balance(waste_district(), (collection_run(), together))[1]
    assert (row["most_kg"], row["closing_kg"]) == (16_030, 1380)


def test_figures_of_collection_and_haulage() -> None:
    """3 of 4 stops, 2.38 of 2.59 t, 34 bins, two loads in 8 km and 1,000 s of driving; 15 t in two
    hauls, 2.4 + 3 x 25.9 + 20 = 100.1 km and 300 + 3 x 2,460 + 1,800 = 9,480 s."""
    found = figures(
        collection_run(),
        haul_run(),
        uncovered=(left(pickup("C4", 210, 3)),),
        suspended=(Suspended(pickup("C5", 77, 2), "snow", "snow"),),
    )
    keys = ("due_stops", "stops", "uncovered_stops", "due_t", "load_t", "uncovered_t")
    more = ("suspended_t", "bins", "unloads", "deadhead_km", "deadhead_h", "hours")
    collect, haul = row_of(found, "collect"), row_of(found, "haul")
    assert [collect[key] for key in keys] == [4, 3, 1, 2.59, 2.38, 0.21]
    assert [collect[key] for key in more] == [0.077, 34, 2, 8.0, 0.28, 1.39]
    assert [haul[key] for key in keys] == [2, 2, 0, 15.0, 15.0, 0.0]
    assert [haul[key] for key in more] == [0.0, 0, 2, 100.1, 2.63, 3.37]
    for name in ("due_m", "covered_m", "uncovered_m"):
        assert found[name] == {COLLECT: 0, HAUL: 0}
    for row in (collect, haul, found["totals"]):
        assert (row["washed_m2"], row["water_m3"], row["sections"]) == (0, 0, 0)


def test_driving_of_loaded_trucks() -> None:
    """A stop stands still, whatever it takes; transfers are driving, in time and in fuel.

    35 L/100 km x 8 km + 1,300 s x 9 L/h = 2.8 + 3.25 L; 36 x 100.1 km + 1,200 s x 6 L/h = 38.036.
    """
    district = waste_district()
    assert deadhead_s(district, collection_run()) == 1000
    assert deadhead_s(district, haul_run()) == 9480
    assert cost_of(district, collection_run())["fuel_l"] == pytest.approx(6.05)
    assert cost_of(district, haul_run())["fuel_l"] == pytest.approx(38.036)


def test_totals_of_waste_and_streets_are_apart() -> None:
    """One washer of 2,800 m, a compactor and a hook-lift: totals for all, for the streets, and for
    either service of waste, so that no tonne counts twice."""
    found = figures(short_run(), collection_run(), haul_run(), bound_s={("wash", "night"): 200})
    apart = found["service_totals"]
    assert list(apart) == ["collect", "haul", "street"]
    assert [apart[name]["vehicles"] for name in apart] == [1, 1, 1]
    assert (apart["street"]["covered_m"], apart["street"]["bound_h"]) == (2800, 0.06)
    assert (apart["collect"]["load_t"], apart["haul"]["load_t"]) == (2.38, 15.0)
    totals = found["totals"]
    assert (totals["vehicles"], totals["runs"], totals["covered_m"]) == (3, 3, 2800)
    assert "load_t" not in totals
    assert "load_t" not in apart["street"]
    # Of the loaded services no bound is known, so that of all is not known either.
    assert totals["bound_h"] is None


def test_tonnes_by_stream() -> None:
    """Due, served, left and suspended by service and stream; none for what is not in the plan."""
    off = replace(pickup("C5", 40, 1), stream="recyclable")
    found = figures(
        collection_run(),
        uncovered=(left(pickup("C4", 210, 3)),),
        suspended=(Suspended(off, "snow", "snow"),),
    )
    assert found["totals"]["streams"] == [
        {"service": "collect", "stream": "residual", "due_t": 2.59, "load_t": 2.38,
         "uncovered_t": 0.21, "suspended_t": 0.0},
        {"service": "collect", "stream": "recyclable", "due_t": 0.0, "load_t": 0.0,
         "uncovered_t": 0.0, "suspended_t": 0.04},
    ]  # fmt: skip
    assert found["station_names"] == {"Z1": "复康路转运站"}
    assert found["stream_names"]["recyclable"] == {"zh": "可回收物", "en": "recyclables"}


def test_all_left_has_a_row_and_the_stock() -> None:
    """Nothing collected: a row of what is due, and stations that end as they began."""
    found = figures(uncovered=(left(pickup("C4", 210, 3)),))
    row = row_of(found, "collect")
    assert (row["runs"], row["due_stops"], row["stops"], row["due_t"]) == (0, 1, 0, 0.21)
    assert [stock["closing_kg"] for stock in found["stations"]] == [500, 14_000]


def test_plans_of_streets_say_nothing_of_waste() -> None:
    """A plan that only washes has the figures it always had."""
    found = figures(short_run())
    assert not {"stations", "service_totals", "stream_names"} & found.keys()
    assert "streams" not in found["totals"]
    assert "due_stops" not in row_of(found, "wash")
