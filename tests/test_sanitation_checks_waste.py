"""The waste tables checked: every fault they can have, one at a time and all at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from brokendistricts import add, remove
from brokenwaste import BROKEN_WASTE, OF_WASTE, Mutate, both, cell, drop
from wastedistrict import THURSDAY, WEDNESDAY, write_wastedistrict

from sanitation.counts import counts
from sanitation.district import read_district
from sanitation.errors import DistrictError
from sanitation.export.counts import counts_table


@pytest.fixture
def waste(tmp_path: Path) -> Path:
    return write_wastedistrict(tmp_path / "waste")


def faults(folder: Path) -> list[str]:
    with pytest.raises(DistrictError) as caught:
        read_district(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("mutate", "told"), [b[1:] for b in BROKEN_WASTE], ids=[b[0] for b in BROKEN_WASTE]
)
def test_broken_waste(waste: Path, mutate: Mutate, told: list[str]) -> None:
    """One thing broken is told with file, line, column, value and hint, and nothing beside it."""
    read_district(waste)
    mutate(waste)
    found = faults(waste)
    assert [line[: len(text)] for line, text in zip(found, told, strict=False)] == told
    assert found[len(told) :] == []


def test_all_faults_of_waste_at_once(waste: Path) -> None:
    """Seven faults in six tables come in one message."""
    for mutate in (
        cell("communities", "C1", "recyclable_slot", 9),
        cell("communities", "C4", "residual_kg", 9000),
        cell("collection", "collect-am", "start", "07:00"),
        cell("station_streams", "TS1-residual", "opening_kg", 60_000),
        cell("terminals", "E1", "close", "05:00"),
        cell("vehicle_types", "compactor", "payload_kg", 0),
        drop("terminal_ways", "D2-E2"),
    ):
        mutate(waste)
    assert {line.split(":")[0] for line in faults(waste)} == {
        "communities.csv", "collection.csv", "station_streams.csv", "terminals.csv",
        "vehicle_types.csv", "depots.csv",
    }  # fmt: skip
    assert len(faults(waste)) == 7


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(
            cell("station_streams", "TS1-residual", "opening_kg", 6000), id="full containers"
        ),
        pytest.param(cell("station_streams", "TS2-residual", "container_kg", 5000), id="payload"),
        pytest.param(cell("communities", "C4", "residual_kg", 1500), id="a small truck full"),
        pytest.param(cell("communities", "C1", "residual_kg", 3000), id="a compactor full"),
        pytest.param(
            both(
                cell("vehicle_types", "sprinkler", "services", "sprinkle;haul"),
                cell("vehicle_types", "sprinkler", "payload_kg", 2000),
                cell("vehicle_types", "sprinkler", "streams", "residual"),
                *(cell("vehicles", key, "depot_id", "D1") for key in ("S1", "S2")),
            ),
            id="another truck lifts the container",
        ),
        pytest.param(cell("communities", "C1", "residual_kg", 0), id="no waste at all"),
        pytest.param(cell("communities", "C1", "residual_kg", 5), id="little waste"),
        pytest.param(
            both(
                cell("communities", "C1", "residual_kg", 4),
                cell("communities", "C1", "households", 50),
            ),
            id="few households",
        ),
        pytest.param(cell("communities", "C1", "recyclable_slot", 6), id="last day of the cycle"),
        pytest.param(cell("communities", "C1", "hazardous_slot", 200), id="no such stream here"),
        pytest.param(cell("vehicle_types", "compactor", "bin_s", 0), id="only stops take time"),
        pytest.param(cell("collection", "collect-am", "start", "08:30"), id="all of the shift"),
        pytest.param(drop("terminal_ways", "TS2-E2"), id="no kitchen waste at that station"),
        pytest.param(
            both(
                cell("vehicles", "H2", "depot_id", "D1"),
                drop("terminal_ways", "D2-E1"),
                drop("terminal_ways", "D2-E2"),
            ),
            id="no truck hauls from that depot",
        ),
        pytest.param(
            add("streams.csv", "hazardous,有害垃圾,hazardous,30,20,0,model"), id="nobody has it"
        ),
        pytest.param(cell("toilets", "WC1", "toilet_id", "R9-WC"), id="no such road"),
        pytest.param(cell("communities", "C4", "lon", 117.1565), id="300 m from the street"),
    ],
)
def test_what_is_no_fault(waste: Path, mutate: Mutate) -> None:
    """At the very limit, and where a table need not say more, the district is read."""
    mutate(waste)
    read_district(waste)


def test_without_the_tables_of_waste(waste: Path) -> None:
    """All five left out: nothing is collected, and trucks need no payload any more."""
    for table in OF_WASTE:
        remove(f"{table}.csv")(waste)
    cell("vehicle_types", "compactor", "payload_kg", "")(waste)
    cell("communities", "C1", "recyclable_slot", 9)(waste)
    district = read_district(waste)
    assert (district.streams, district.terminals, district.terminal_ways) == ((), (), ())
    assert counts(district)["streams"] == {}


def test_reading_waste(waste: Path) -> None:
    """Cells become typed fields: hours in seconds, streams as tuples, defaults where empty."""
    district = read_district(waste)
    c3, c4 = district.communities[2:]
    assert c3.windows == ((36_000, 39_600), (50_400, 57_600))
    assert (c3.access, c3.slot("recyclable"), c3.slot("residual")) == ("wide", 4, 0)
    assert (c4.windows, c4.access, c4.kg_a_day("recyclable")) == ((), "narrow", 50)
    station = district.stations[0]
    assert (station.open_s, station.close_s, station.unload_s) == (21_600, 79_200, 600)
    assert district.terminals[0].streams == ("residual", "recyclable")
    kinds = {kind.id: kind for kind in district.vehicle_types}
    assert (kinds["small_truck"].payload_kg, kinds["small_truck"].narrow) == (1500, True)
    assert kinds["hooklift"].streams == ("residual", "kitchen", "recyclable")
    assert (kinds["washer"].payload_kg, kinds["washer"].streams) == (0, ())
    assert [hours.shift_id for hours in district.collection] == [
        "collect_am", "collect_pm", "kitchen_am", "recycle_am",
    ]  # fmt: skip


def test_counts_of_waste(waste: Path) -> None:
    """6.6 t a day, five containers, 1,050 kg of recyclables on two days of seven."""
    found = counts(read_district(waste))
    assert found["stations"]["containers"] == 5
    assert found["stations"]["containers_by_stream"] == {
        "kitchen": 1, "recyclable": 1, "residual": 3,
    }  # fmt: skip
    assert (found["terminals"], found["communities"]["narrow"]) == (2, 1)
    assert found["communities"]["waste_t_day"] == 6.6
    assert found["streams"]["residual"] == {
        "name": "其他垃圾",
        "every_days": 1,
        "communities": 4,
        "due_t_least": 4.2,
        "due_t_most": 4.2,
    }
    recyclable = found["streams"]["recyclable"]
    assert (recyclable["due_t_least"], recyclable["due_t_most"]) == (0, 1.05)
    lines = counts_table(found).rows
    assert ("　箱位", "  containers", "5", "") in lines
    assert ("末端处理设施", "terminals", "2", "") in lines
    assert (
        "　可回收物（每 7 天）当日最多应收",
        "  recyclable, every 7 days: most due in a day",
        "1.05",
        "t",
    ) in lines


def test_the_days_of_the_docstring(waste: Path) -> None:
    """Wednesday's ordinal leaves 3 and Thursday's 4: recyclables of C1 and C2, of C3 and C4."""
    slots = {c.id: c.slot("recyclable") for c in read_district(waste).communities}
    due = {
        day: [
            key for key, slot in slots.items() if dt.date.fromisoformat(day).toordinal() % 7 == slot
        ]
        for day in (WEDNESDAY, THURSDAY)
    }
    assert due == {WEDNESDAY: ["C1", "C2"], THURSDAY: ["C3", "C4"]}


def test_containers_need_a_shift_to_leave_in(waste: Path) -> None:
    """One shift of haulage is enough; with none at all nothing would ever leave the stations."""
    cell("shifts", "haul_early", "services", "")(waste)
    read_district(waste)
    cell("shifts", "haul_late", "services", "")(waste)
    (told,) = faults(waste)
    assert told.startswith("shifts.csv:2: services: no shift is one of haulage (value ''); write")
