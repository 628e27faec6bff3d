"""The table of septic tanks checked: every fault that it can have, and what is no fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from brokendistricts import remove
from brokenwaste import Mutate, both, cell, drop
from septicdistrict import write_septicdistrict
from wastedistrict import write_wastedistrict

from sanitation.counts import counts
from sanitation.district import read_district
from sanitation.errors import DistrictError
from sanitation.export.counts import counts_table

BROKEN: tuple[tuple[str, Mutate, list[str]], ...] = (
    (
        "unknown site",
        cell("septic_tanks", "T1", "site_id", "WC9"),
        [
            "septic_tanks.csv:2: site_id: is neither in toilets.csv nor in communities.csv "
            "(value 'WC9'); did you mean 'WC"
        ],
    ),
    (
        "tank twice",
        cell("septic_tanks", "T2", "tank_id", "T1"),
        ["septic_tanks.csv:3: tank_id: is already on line 2 (value 'T1')"],
    ),
    (
        "tank called like a community",
        cell("septic_tanks", "T2", "tank_id", "C1"),
        ["septic_tanks.csv:3: tank_id: is already used in communities.csv:2 (value 'C1'); rename"],
    ),
    (
        "tank called like a section",
        cell("septic_tanks", "T2", "tank_id", "R1-T2"),
        ["septic_tanks.csv:3: tank_id: looks like a section of road R1 (value 'R1-T2'); let it"],
    ),
    (
        "fuller than full",
        cell("septic_tanks", "T4", "level_m3", 20.1),
        ["septic_tanks.csv:5: level_m3: is more than the tank holds, 20 m³ (value '20.1')"],
    ),
    (
        "fills within a day",
        cell("septic_tanks", "T3", "inflow_m3_day", 9.1),
        [
            "septic_tanks.csv:4: inflow_m3_day: fills the tank to its limit of 9 m³ in less than "
            "a day (value '9.1'); is it m³ a day?"
        ],
    ),
    (
        "nothing settles",
        cell("septic_tanks", "T3", "inflow_m3_day", 0),
        ["septic_tanks.csv:4: inflow_m3_day: "],
    ),
    (
        "no cycle",
        cell("septic_tanks", "T3", "cycle_days", 0),
        ["septic_tanks.csv:4: cycle_days: "],
    ),
    (
        "more than all of the tank",
        cell("septic_tanks", "T3", "limit_share", 1.2),
        ["septic_tanks.csv:4: limit_share: "],
    ),
    (
        "larger than the toilet's",
        cell("septic_tanks", "T1", "volume_m3", 12.5),
        [
            "septic_tanks.csv:2: volume_m3: is more than septic_m3 of WC2 in toilets.csv, 12 m³ "
            "(value '12.5'); mend one of the two"
        ],
    ),
    (
        "toilet on the sewer",
        cell("septic_tanks", "T1", "site_id", "WC1"),
        ["septic_tanks.csv:2: volume_m3: is more than septic_m3 of WC1 in toilets.csv, 0 m³"],
    ),
    (
        "no truck",
        both(
            cell("vehicle_types", "vacuum", "services", "collect"),
            cell("vehicle_types", "vacuum", "streams", "residual"),
            cell("vehicle_types", "vacuum_s", "services", "collect"),
            cell("vehicle_types", "vacuum_s", "streams", "residual"),
        ),
        ["septic_tanks.csv:2: tank_id: no vehicle type can empty it (value 'T1'); vehicle_types"],
    ),
    (
        "carries something else",
        cell("vehicle_types", "vacuum", "streams", "residual"),
        ["vehicle_types.csv:9: streams: does not have night_soil (value 'residual'); a type that"],
    ),
    (
        "no payload",
        cell("vehicle_types", "vacuum", "payload_kg", 0),
        ["vehicle_types.csv:9: payload_kg: no payload (value '0'); a type that does septic needs"],
    ),
    (
        "pumps in no time",
        cell("vehicle_types", "vacuum", "pump_s_per_m3", 0),
        ["vehicle_types.csv:9: pump_s_per_m3: pumping takes no time (value '0'); 60 to 120 s"],
    ),
    (
        "no truck for narrow lanes",
        cell("vehicle_types", "vacuum_s", "narrow", 0),
        ["septic_tanks.csv:3: site_id: has narrow lanes, which no type that empties tanks fits"],
    ),
    (
        "no shift",
        cell("shifts", "septic_day", "services", ""),
        ["shifts.csv:2: services: no shift is one of septic tanks"],
    ),
    (
        "no plant",
        both(
            cell("terminals", "E3", "streams", "residual"),
            cell("terminals", "E1", "streams", "residual;recyclable"),
        ),
        ["septic_tanks.csv:2: tank_id: no terminal takes night soil (value 'T1'); terminals.csv"],
    ),
    (
        "no way to the plant",
        both(drop("terminal_ways", "D1-E3"), drop("terminal_ways", "D2-E3")),
        ["terminals.csv:4: terminal_id: no way leads to the plant for night soil (value 'E3');"],
    ),
    (
        "misspelt stream",
        cell("terminals", "E3", "streams", "night_soli"),
        [
            "terminals.csv:4: streams: is not in streams.csv (value 'night_soli'); did you mean "
            "'night_soil'?",
            "septic_tanks.csv:2: tank_id: no terminal takes night soil",
        ],
    ),
)


def faults(folder: Path) -> list[str]:
    with pytest.raises(DistrictError) as caught:
        read_district(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(("mutate", "told"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_septic_tanks(tmp_path: Path, mutate: Mutate, told: list[str]) -> None:
    """One thing broken is told with file, line, column, value and hint, and nothing beside it."""
    folder = write_septicdistrict(tmp_path / "septic")
    read_district(folder)
    mutate(folder)
    found = faults(folder)
    assert [line[: len(text)] for line, text in zip(found, told, strict=False)] == told
    assert found[len(told) :] == []


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(cell("septic_tanks", "T4", "level_m3", 20), id="full to the brim"),
        pytest.param(cell("septic_tanks", "T3", "inflow_m3_day", 9), id="fills in a day"),
        pytest.param(cell("septic_tanks", "T1", "volume_m3", 11), id="smaller than the toilet's"),
        pytest.param(cell("septic_tanks", "T2", "site_id", "C1"), id="two tanks at a community"),
        pytest.param(drop("terminal_ways", "D1-E3"), id="one way to the plant"),
    ],
)
def test_no_fault(tmp_path: Path, mutate: Mutate) -> None:
    """The edges of what is allowed."""
    folder = write_septicdistrict(tmp_path / "septic")
    mutate(folder)
    assert len(read_district(folder).septic_tanks) == 4


def test_district_without_tanks_is_as_before(tmp_path: Path) -> None:
    """Without the table, or without a row in it, there are no tanks, and no truck is asked for."""
    assert read_district(write_wastedistrict(tmp_path / "waste")).septic_tanks == ()
    folder = write_septicdistrict(tmp_path / "septic")
    remove("septic_tanks.csv")(folder)
    assert read_district(folder).septic_tanks == ()


def test_leads_are_in_order(tmp_path: Path) -> None:
    """After rain tanks are not emptied later than else."""
    folder = write_septicdistrict(tmp_path / "septic")
    with (folder / "rules.csv").open("a", encoding="utf-8") as file:
        file.write("septic_lead_days,11,d,lead,model\n")
    told = "septic_lead_days (11) is above septic_rain_lead_days (10)"
    assert [told in line for line in faults(folder)] == [True]


def test_check_counts_tanks(tmp_path: Path) -> None:
    """Four tanks hold 12 + 5 + 10 + 20 m³, and 1 m³ settles in a day."""
    found = counts(read_district(write_septicdistrict(tmp_path / "septic")))
    assert found["septic_tanks"] == {"count": 4, "volume_m3": 47, "inflow_m3_day": 1}
    lines = [row for row in counts_table(found).rows if row[0] in ("化粪池", "　容积", "　日积粪")]
    assert [row[2] for row in lines] == ["4", "47", "1"]
