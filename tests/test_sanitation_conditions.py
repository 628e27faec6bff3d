"""The day's conditions: curve, season, hours of wet work, alerts."""

from __future__ import annotations

from pathlib import Path

import pytest
from minidistrict import write_minidistrict

from sanitation.conditions import conditions_of, parse_alert, read_forecast, temperature_c
from sanitation.district import read_district
from sanitation.errors import TableError, UsageError
from sanitation.model import Conditions, District, Window

H = 3600


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return read_district(write_minidistrict(tmp_path_factory.mktemp("conditions") / "mini"))


def hours(*pairs: tuple[int, int]) -> tuple[Window, ...]:
    return tuple(Window(start * H, end * H) for start, end in pairs)


def rules(conditions: Conditions) -> list[tuple[float, float, str]]:
    return [(start / H, end / H, rule) for start, end, rule in conditions.wet_rules]


def test_curve() -> None:
    """Lowest at 05:00, highest at 15:00, half way at 10:00; nights fall over 14 hours."""
    assert temperature_c(5, -2, 8) == -2
    assert temperature_c(15, -2, 8) == 8
    assert temperature_c(10, -2, 8) == pytest.approx(3)
    assert temperature_c(22, -2, 8) == pytest.approx(3)
    assert temperature_c(-2, -2, 8) == pytest.approx(3)
    assert temperature_c(24, -2, 8) == pytest.approx(temperature_c(0, -2, 8))


def test_a_summer_day(district: District) -> None:
    """15 July by the climate: 23 to 31 degrees, wet work all day, no extra rows."""
    found = conditions_of("2026-07-15", district)
    assert (found.season, found.tmin_c, found.tmax_c) == ("warm", 23, 31)
    assert found.wet_windows == hours((-2, 22))
    assert found.wet_rules == ()
    assert found.active == ("plain",)
    assert found.peak_bans == hours((7, 9), (17, 19))
    assert found.foot_ban == ()
    assert [hour for hour, _ in found.hourly_c] == list(range(-2, 24))
    assert found.notes == ("climate_means",)


def test_january(district: District) -> None:
    """The season is over: no wet work at all, dry sweeping instead."""
    found = conditions_of("2026-01-15", district, tmin_c=-5)
    assert found.wet_windows == ()
    assert rules(found) == [(-2, 22, "season")]
    assert found.active == ("cold_sweep", "plain")
    assert found.sweep_windows == hours((-2, 22))


@pytest.mark.parametrize(
    ("date", "season"),
    [
        ("2026-02-28", "cold"),
        ("2026-03-01", "warm"),
        ("2026-11-15", "warm"),
        ("2026-11-16", "cold"),
    ],
)
def test_season_edges(district: District, date: str, season: str) -> None:
    """1 March and 15 November belong to the washing season, the days beside them do not."""
    assert conditions_of(date, district).season == season


def test_frosty_night_mild_noon(district: District) -> None:
    """-2 at night, 8 by day. 3.0 degrees at 10:00 is too cold, 4.55 at 11:00 is a midday hour.

    From 11:00 to 16:00 the midday rule allows 4 degrees. Above 6 it goes on: 6.12 degrees at 19:00,
    5.17 at 20:00, so the hours from 19:00 are cold_midday; 3.0 at 22:00 makes the last one cold.
    """
    found = conditions_of("2026-03-20", district, tmin_c=-2, tmax_c=8)
    assert found.wet_windows == hours((11, 19))
    assert rules(found) == [(-2, 11, "cold"), (19, 21, "cold_midday"), (21, 22, "cold")]
    assert found.active == ("cold_sweep", "plain")


def test_an_hour_counts_with_its_colder_end(district: District) -> None:
    """9 degrees at 12:00 but 3 at 13:00: the hour from 12 is out, the one from 11 is not."""
    warm = dict.fromkeys(range(-2, 24), 9.0)
    found = conditions_of("2026-03-20", district, forecast=warm | {13: 3.0})
    assert rules(found) == [(12, 14, "cold")]
    assert found.wet_windows == hours((-2, 12), (14, 22))
    assert (found.tmin_c, found.tmax_c) == (3, 9)


def test_midday_only_between_four_and_six(district: District) -> None:
    """5 degrees all day: wet work from 10:00 to 16:00 only."""
    cool = dict.fromkeys(range(-2, 24), 5.0)
    found = conditions_of("2026-03-20", district, forecast=cool)
    assert found.wet_windows == hours((10, 16))
    assert rules(found) == [(-2, 10, "cold_midday"), (16, 22, "cold_midday")]


@pytest.mark.parametrize(
    ("weather", "alerts", "rule"),
    [
        ("rain", [], "rain"),
        ("snow", [], "snow"),
        ("clear", [("rainstorm", "blue")], "rain"),
        ("cloudy", [("snow", "yellow")], "snow"),
    ],
)
def test_rain_and_snow(
    district: District, weather: str, alerts: list[tuple[str, str]], rule: str
) -> None:
    """Rain and snow, seen or warned of, stop wet work and dry sweeping; cold has no part in it."""
    found = conditions_of("2026-07-15", district, weather=weather, alerts=alerts)
    assert rules(found) == [(-2, 22, rule)]
    assert found.sweep_windows == ()
    assert found.active == ("plain",)


@pytest.mark.parametrize(
    ("tmax", "alerts", "heat", "ban"),
    [
        (34.9, [], False, ()),
        (35, [], True, ()),
        (36.9, [], True, ()),
        (37, [], True, hours((12, 15))),
        (40, [], True, hours((6, 20))),
        (33, [("heat", "yellow")], True, ()),
        (33, [("heat", "red")], True, hours((6, 20))),
    ],
)
def test_heat(
    district: District,
    tmax: float,
    alerts: list[tuple[str, str]],
    heat: bool,
    ban: tuple[Window, ...],
) -> None:
    """35 degrees or any alert bring the heat rows; 37 and 40 degrees stop work on foot."""
    found = conditions_of("2026-07-15", district, tmax_c=tmax, alerts=alerts)
    assert ("heat" in found.active) == heat
    assert found.foot_ban == ban


def test_pollution(district: District) -> None:
    """The highest level holds; blue brings nothing."""
    levels = [("pollution", "yellow"), ("pollution", "orange")]
    found = conditions_of("2026-07-15", district, alerts=levels)
    assert found.active == ("plain", "pollution_orange")
    assert conditions_of("2026-07-15", district, alerts=[("pollution", "blue")]).active == (
        "plain",
    )


def test_one_extreme_alone_keeps_the_months_spread(district: District) -> None:
    """July's means are 23 and 31: a maximum of 20 takes the minimum down to 12."""
    found = conditions_of("2026-07-15", district, tmax_c=20)
    assert (found.tmin_c, found.tmax_c) == (12, 20)
    found = conditions_of("2026-07-15", district, tmax_c=37)
    assert (found.tmin_c, found.tmax_c) == (23, 37)


@pytest.mark.parametrize(
    ("text", "kwargs"),
    [
        ("is no date", {"date": "2026-02-30"}),
        ("weather 'sunny' is unknown", {"weather": "sunny"}),
        ("minimum of 9 degrees is above the maximum of 1", {"tmin_c": 9, "tmax_c": 1}),
        ("a temperature of nan degrees", {"tmin_c": float("nan")}),
    ],
)
def test_nonsense_is_refused(district: District, text: str, kwargs: dict[str, object]) -> None:
    """Dates, weather and temperatures that cannot be are wrong usage."""
    arguments: dict[str, object] = {"date": "2026-07-15", **kwargs}
    with pytest.raises(UsageError, match=text):
        conditions_of(str(arguments.pop("date")), district, **arguments)  # type: ignore[arg-type]


def test_alerts_are_parsed() -> None:
    """``pollution:orange`` is a kind and a level; a slip is met with the nearest name."""
    assert parse_alert("Pollution:ORANGE") == ("pollution", "orange")
    with pytest.raises(UsageError, match="unknown kind 'polution'") as caught:
        parse_alert("polution:orange")
    assert caught.value.hint == "did you mean 'pollution'?"
    with pytest.raises(UsageError, match="unknown level ''"):
        parse_alert("heat")


def test_forecast_file(tmp_path: Path) -> None:
    """Hours and degrees; hours left out are left to the curve."""
    file = tmp_path / "forecast.csv"
    file.write_text("hour,temperature_c\n-2,3.5\n14,11\n", encoding="utf-8")
    assert read_forecast(file) == {-2: 3.5, 14: 11.0}


def test_broken_forecast_file(tmp_path: Path) -> None:
    """All faults come at once, with their lines."""
    file = tmp_path / "forecast.csv"
    file.write_text("hour,temperature_c\n25,3\n3,NaN\n4,5\n4,6\n5\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_forecast(file)
    assert sorted((p.row or 0, p.column or "") for p in caught.value.problems) == [
        (2, "hour"),
        (3, "temperature_c"),
        (5, "hour"),
        (6, ""),
    ]
    file.write_text("hours,celsius\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="hour: the column is missing; did you mean 'hours'"):
        read_forecast(file)
