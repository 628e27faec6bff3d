"""The table of rounds checked: every fault it can have, with file, line, column, value and hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from brokenwaste import Mutate, both, cell, drop
from rounddistrict import write_rounddistrict

from sanitation.counts import counts
from sanitation.district import read_district
from sanitation.errors import DistrictError
from sanitation.export.counts import counts_table


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_rounddistrict(tmp_path / "town")


def faults(folder: Path) -> list[str]:
    with pytest.raises(DistrictError) as caught:
        read_district(folder)
    return [str(problem) for problem in caught.value.problems]


PLAIN = "van2-warm-plain"
BROKEN: list[tuple[str, Mutate, list[str]]] = [
    (
        "nobody goes round",
        cell("toilets", "WC2", "round_by", ""),
        ["toilets.csv:3: round_by: is empty (value ''); write who goes round: foot, van"],
    ),
    (
        "an attended toilet on a round",
        cell("toilets", "WC1", "round_by", "van"),
        [
            "toilets.csv:2: round_by: is for toilets that are visited; this one is attended "
            "(value 'van'); leave it empty"
        ],
    ),
    (
        "an unknown type goes round",
        cell("toilets", "WC2", "round_by", "vann"),
        [
            "toilets.csv:3: round_by: is no type of vehicle_types.csv that does toilet "
            "(value 'vann'); did you mean 'van'?"
        ],
    ),
    (
        "a washer goes round",
        cell("toilets", "WC2", "round_by", "washer"),
        ["toilets.csv:3: round_by: is no type of vehicle_types.csv that does toilet (value 'was"],
    ),
    (
        "a row of a washer",
        cell("toilet_standards", f"{PLAIN}-am", "type_id", "washer"),
        [
            "toilet_standards.csv:2: type_id: does not clean toilets (value 'washer'); write "
            "toilet in its column services",
            "toilet_standards.csv:4: shift_id: is already the shift of washer (line 2)",
        ],
    ),
    (
        "a shift of two types",
        cell("toilet_standards", f"{PLAIN}-am", "shift_id", "foot_am"),
        [
            "toilet_standards.csv:16: shift_id: is already the shift of van (line 2) "
            "(value 'foot_am'); who goes round needs a shift of its own"
        ],
    ),
    (
        "a shift of washing",
        cell("toilet_standards", f"{PLAIN}-am", "shift_id", "day"),
        [
            "toilet_standards.csv:2: shift_id: is a shift of standards.csv (value 'day'); who goes "
            "round needs a shift of its own"
        ],
    ),
    (
        "a row twice",
        cell("toilet_standards", f"{PLAIN}-am", "season", "cold"),
        [
            "toilet_standards.csv:4: toilet_class, type_id, shift_id, condition, season: is "
            "already on line 2 (value '2, van, van_am, plain, cold')"
        ],
    ),
    (
        "any season and one",
        cell("toilet_standards", f"{PLAIN}-am", "season", "any"),
        [
            "toilet_standards.csv:4: season: line 2 holds in any season for the same class, type "
            "and shift (value 'cold'); leave one of them out"
        ],
    ),
    (
        "no row for cold days",
        both(
            drop("toilet_standards", "van3-cold-plain-am"),
            drop("toilet_standards", "van3-cold-plain-pm"),
        ),
        [
            "toilets.csv:4: round_by: no row for class 3 and van holds on a plain cold day "
            "(value 'van'); toilet_standards.csv needs one"
        ],
    ),
    (
        # 57,600 / 7 = 8,228.6 s; shares of 5,760 s less half of that leave 1,645.7 s for 1,260:
        # six in the early shift leave 4,800 - 3,600 = 1,200 s.
        "too many visits",
        cell("toilet_standards", f"{PLAIN}-am", "visits", 6),
        [
            "toilet_standards.csv:2: visits: are too many: 8 a day every 120 min, half of that "
            "apart, leave 20 min for a visit of 21 min (value '6'); fewer here, more in the other"
        ],
    ),
    (
        "too much work",
        cell("toilet_standards", f"{PLAIN}-pm", "clean_s", 3540),
        ["toilet_standards.csv:2: visits: are too many: 5 a day every 192 min, half of that apart"],
    ),
    (
        "shifts that overlap",
        cell("shifts", "van_am", "end", "14:30"),
        [
            "toilet_standards.csv:3: shift_id: begins before van_am ends, in which the same "
            "toilets are visited (value 'van_pm'); visits are apart only where"
        ]
        + [
            f"toilet_standards.csv:{line}: shift_id: begins before"
            for line in (11, 7, 9, 15, 5, 13)
        ],
    ),
    (
        "a round beyond 22:00",
        cell("shifts", "van_pm", "end", "22:30"),
        [f"toilet_standards.csv:{line}: shift_id: ends after 22:00" for line in range(3, 16, 2)],
    ),
    (
        "metres a second",
        cell("vehicle_types", "foot", "kmh", 1.25),
        [
            "vehicle_types.csv:5: kmh: is slower than 2 km/h (value '1.25'); is this in m/s? that "
            "would be 4.5 km/h"
        ],
    ),
    (
        "two speeds in one service",
        both(
            cell("vehicle_types", "washer", "kmh", 60),
            cell("vehicle_types", "sprinkler", "services", "sprinkle;sweep"),
        ),
        [
            "vehicle_types.csv:3: kmh: is another speed than washer's, which does sweep too "
            "(value ''); types that do one service go out together: give them one speed"
        ],
    ),
    (
        "no such condition",
        cell("toilet_standards", f"{PLAIN}-am", "condition", "evnt"),
        ["toilet_standards.csv:2: condition: is not one of the choices (value 'evnt'); did you"],
    ),
]


@pytest.mark.parametrize(("mutate", "told"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_rounds(town: Path, mutate: Mutate, told: list[str]) -> None:
    """One thing broken is told with file, line, column, value and hint, and nothing beside it."""
    read_district(town)
    mutate(town)
    found = faults(town)
    assert [line[: len(text)] for line, text in zip(found, told, strict=False)] == told
    assert found[len(told) :] == []


@pytest.mark.parametrize(
    "mutate",
    [
        # 57,600 / 7 / 2 = 4,114 s; shares of 5,760 s leave 1,645 s for a visit of 1,260 s.
        pytest.param(cell("toilet_standards", f"{PLAIN}-am", "visits", 5), id="many visits"),
        # 3,840 s, less two for rounding, for 60 + 300 + 3,478 s.
        pytest.param(cell("toilet_standards", f"{PLAIN}-pm", "clean_s", 3478), id="much work"),
        pytest.param(cell("vehicle_types", "foot", "kmh", 2), id="slow"),
        pytest.param(cell("shifts", "van_am", "end", "13:30"), id="a break between shifts"),
        pytest.param(drop("toilet_standards", "foot2-any-heat-am"), id="no row for heat"),
    ],
)
def test_what_is_no_fault(town: Path, mutate: Mutate) -> None:
    """At the very limit, and where a table need not say more, the district is read."""
    mutate(town)
    read_district(town)


def test_counts_of_toilets(town: Path) -> None:
    """Five toilets: one attended, four visited, two of them on foot."""
    counted = counts(read_district(town))
    assert counted["toilets"]["by_mode"] == {"attended": 1, "roving": 4}
    assert counted["toilets"]["by_round"] == {"foot": 2, "van": 2}
    lines = {row[1].strip(): row[2] for row in counts_table(counted).rows}
    assert (lines["attended"], lines["on rounds"]) == ("1", "4")
