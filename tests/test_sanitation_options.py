"""What a user types for a plan: dates, services, caps, and the words of each refusal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from minidistrict import write_minidistrict
from wastedistrict import write_wastedistrict

from sanitation.district import read_district
from sanitation.errors import UsageError
from sanitation.model import District
from sanitation.options import (
    Typed,
    first_open_date,
    parse_closed,
    parse_date,
    parse_fleet,
    parse_services,
    read_options,
)

NOW = dt.datetime(2026, 7, 14, 4, 0, tzinfo=dt.UTC)  # noon in the district


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_minidistrict(tmp_path_factory.mktemp("mini") / "mini"))


@pytest.mark.parametrize(
    ("local", "date"),
    [
        ("2026-07-14T00:10", "2026-07-15"),
        ("2026-07-14T22:29", "2026-07-15"),
        ("2026-07-14T22:30", "2026-07-16"),
        ("2026-12-31T23:59", "2027-01-02"),
    ],
)
def test_the_default_date_is_the_first_whose_night_has_not_begun(
    district: District, local: str, date: str
) -> None:
    """The night run of a date departs at 22:30 of the evening before, district time."""
    now = dt.datetime.fromisoformat(f"{local}:00+08:00").astimezone(dt.UTC)
    assert first_open_date(now, district) == date


def test_dates_are_iso_and_others_get_the_right_spelling() -> None:
    """Another spelling is refused with the same day in ours."""
    assert parse_date("2026-07-15") == "2026-07-15"
    for text in ("2026-7-15", "2026/07/15", "20260715", "2026年7月15日"):
        with pytest.raises(UsageError) as caught:
            parse_date(text)
        assert caught.value.hint == "write it as 2026-07-15"
    with pytest.raises(UsageError, match="no such day"):
        parse_date("2026-02-30")


def test_services_are_kept_in_one_order() -> None:
    """Any order, twice, Chinese or full-width: the same tuple; a typo gets the nearest name."""
    assert parse_services("sprinkle,wash") == ("wash", "sprinkle")
    assert parse_services("洒水，Wash、wash") == ("wash", "sprinkle")
    with pytest.raises(UsageError, match="'sprinkel'") as caught:
        parse_services("wash,sprinkel")
    assert caught.value.hint == "did you mean 'sprinkle'?"
    with pytest.raises(UsageError, match="no service"):
        parse_services(" , ")


def test_caps_by_id_plural_or_name(district: District) -> None:
    """washers, washer, 洗扫车 and sprinkler are the types of the table; sorted by id."""
    types = district.vehicle_types
    assert parse_fleet("washers=25,sprinkler=0", types) == (("sprinkler", 0), ("washer", 25))
    assert parse_fleet("洗扫车＝２", types) == (("washer", 2),)


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ("wahsers=25", "unknown vehicle type 'wahsers'", "did you mean 'washers'?"),
        ("washers=-1", "'-1' is no number", "whole number, 0 or more"),
        ("washers=2.5", "'2.5' is no number", "whole number"),
        ("washers", "no number", "washers=25"),
        ("washer=1,washers=2", "there twice", ""),
    ],
)
def test_caps_that_make_no_sense(district: District, text: str, told: str, hint: str) -> None:
    """Each refusal names the item and how to write it."""
    with pytest.raises(UsageError, match=told) as caught:
        parse_fleet(text, district.vehicle_types)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (Typed(tmin_c=9, tmax_c=3), "minimum of 9 degrees is above the maximum of 3"),
        (Typed(tmin_c=float("nan")), "nan degrees"),
        (Typed(weather="claer"), "weather 'claer' is unknown"),
        (Typed(alerts=("polution:orange",)), "unknown kind 'polution'"),
        (Typed(time_limit_s=float("inf")), "--time-limit inf"),
        (Typed(iterations=-1), "--iterations -1"),
        (Typed(seed=-1), "--seed -1"),
        (Typed(orders=Path("no-such.csv")), "no-such.csv: there is no such file"),
        (Typed(forecast=Path("no-such.csv")), "no-such.csv"),
    ],
)
def test_options_that_make_no_sense(district: District, typed: Typed, told: str) -> None:
    """Every option is judged before any work begins."""
    with pytest.raises(UsageError, match=told):
        read_options(typed, district, NOW)


def test_what_is_typed_becomes_options(district: District, tmp_path: Path) -> None:
    """Defaults, the forecast's hours and the orders' name without its folder."""
    forecast = tmp_path / "hours.csv"
    forecast.write_text("hour,temperature_c\n6,21.5\n-2,20\n", encoding="utf-8")
    orders = tmp_path / "today.csv"
    orders.write_text("order,target\n", encoding="utf-8")
    typed = Typed(forecast=forecast, orders=orders, alerts=("heat:red", "heat:red"))
    options = read_options(typed, district, NOW)
    assert options.date == "2026-07-15"
    services = ("wash", "sprinkle", "sweep", "collect", "haul", "septic", "bins", "toilet")
    assert options.services == services
    assert (options.closed, options.tonnage) == ((), 1.0)
    assert options.forecast == ((-2, 20.0), (6, 21.5))
    assert (options.alerts, options.orders_file) == ((("heat", "red"),), "today.csv")


@pytest.fixture(scope="module")
def waste(tmp_path_factory: pytest.TempPathFactory) -> District:
    """Stations TS1 (转运站1) and TS2 (转运站2)."""
    return read_district(write_wastedistrict(tmp_path_factory.mktemp("waste") / "waste"))


@pytest.mark.parametrize(
    ("names", "closed"),
    [
        ((), ()),
        (("TS2",), ("TS2",)),
        (("ts2, TS1", "TS2"), ("TS1", "TS2")),
        (("转运站２",), ("TS2",)),
        ((" , ",), ()),
    ],
)
def test_closed_stations_by_id_or_name(
    waste: District, names: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    """In any order and case, several in one word, full-width digits: their ids, sorted, once."""
    assert parse_closed(names, waste) == closed
    assert read_options(Typed(closed=names), waste, NOW).closed == closed


def test_an_unknown_station_gets_the_nearest_one(waste: District) -> None:
    """A typo, and a name like none of them: the hint helps in both cases."""
    with pytest.raises(UsageError, match="there is no station 'tss2'") as caught:
        parse_closed(("TS1,TSS2",), waste)
    assert caught.value.hint == "did you mean 'TS2'?"
    with pytest.raises(UsageError, match="there is no station 'airport'") as caught:
        read_options(Typed(closed=("airport",)), waste, NOW)
    assert caught.value.hint == "there are: TS1, TS2"


@pytest.mark.parametrize("tonnage", [0.0, 0.5, 1.15, 10.0])
def test_tonnage_from_nothing_to_ten_times(waste: District, tonnage: float) -> None:
    """Both ends are allowed, and it is kept as typed."""
    assert read_options(Typed(tonnage=tonnage), waste, NOW).tonnage == tonnage


@pytest.mark.parametrize("tonnage", [-0.01, 10.01, float("inf"), float("nan")])
def test_tonnage_that_makes_no_sense(waste: District, tonnage: float) -> None:
    """The refusal says what is allowed, and how 15 % more is written."""
    with pytest.raises(UsageError, match=r"--tonnage .*from 0 to 10; 1.15 is 15 % more"):
        read_options(Typed(tonnage=tonnage), waste, NOW)
