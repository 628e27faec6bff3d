"""The tables of litter bins checked: every fault they can have, and what `check` counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from bindistrict import BINS, write_bindistrict
from brokenwaste import Mutate, both, cell, drop
from test_sanitation_checks_waste import faults

from sanitation.counts import counts
from sanitation.district import read_district
from sanitation.export.counts import counts_table

NO_STATION = both(
    drop("station_streams", "TS1-residual"),
    drop("station_streams", "TS2-residual"),
    *(cell("communities", f"C{i}", "residual_kg", 0) for i in (1, 2, 3, 4)),
)
# what is broken, how, and what the one reported line begins with
BROKEN: list[tuple[str, Mutate, str]] = [
    (
        "bins by the hundred",
        cell("roads", "R2", "bins", 410),
        "roads.csv:3: bins: is too many for 800 m: a bin every 3.9 m (value '410'); both sides "
        "together hold 320 bins at 5 m from one to the next",
    ),
    (
        "half a bin",
        cell("roads", "R2", "bins", "4.5"),
        "roads.csv:3: bins: ",
    ),
    (
        "no payload",
        cell("vehicle_types", "bin_truck", "payload_kg", 0),
        "vehicle_types.csv:9: payload_kg: no payload (value '0'); a type that does bins needs it",
    ),
    (
        "a truck for another stream",
        cell("vehicle_types", "bin_truck", "streams", "kitchen"),
        "vehicle_types.csv:9: streams: does not carry residual, which is what litter bins hold "
        "(value 'kitchen'); a type that does bins needs it",
    ),
    (
        "bins emptied in no time",
        cell("vehicle_types", "bin_truck", "bin_s", 0),
        "vehicle_types.csv:9: bin_s: emptying takes no time (value '0'); give the seconds of each",
    ),
    (
        "no speed at work",
        cell("vehicle_types", "bin_truck", "work_kmh", ""),
        "standards.csv:19: service: no vehicle type can do bins in shift bins_am (value 'bins'); "
        "vehicle_types.csv needs a type with the service and its work_kmh",
    ),
    (
        "nowhere to go",
        NO_STATION,
        "standards.csv:19: service: no station accepts residual, which is what litter bins hold "
        "(value 'bins'); station_streams.csv needs a row of residual",
    ),
    (
        "a rule in another unit",
        lambda folder: _rule(folder, "litter_kg_per_bin,3,t,how much,model"),
        "rules.csv:2: unit: litter_kg_per_bin is in kg (value 't'); convert it",
    ),
    (
        "a rule out of range",
        lambda folder: _rule(folder, "litter_kg_per_bin,3000,kg,how much,model"),
        "rules.csv:2: value: litter_kg_per_bin is outside 0.1 to 100 kg (value '3000')",
    ),
]


def _rule(folder: Path, line: str) -> None:
    (folder / "rules.csv").write_text(f"key,value,unit,meaning,provenance\n{line}\n", "utf-8")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_bindistrict(tmp_path / "town")


@pytest.mark.parametrize(("mutate", "told"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_bins(town: Path, mutate: Mutate, told: str) -> None:
    """One thing broken is told with file, line, column, value and hint, and nothing beside it."""
    read_district(town)
    mutate(town)
    found = faults(town)
    assert [line[: len(told)] for line in found] == [told]


def test_roads_without_the_column_have_no_bins(town: Path) -> None:
    """A district whose roads say nothing of bins is read, with standards of bins or not."""
    for road in BINS:
        cell("roads", road, "bins", "")(town)
    assert [road.bins for road in read_district(town).roads] == [0] * 6


@pytest.mark.parametrize(
    ("model", "item"), [("true", "  litter bins (model)"), ("false", "  litter bins")]
)
def test_check_counts_bins(town: Path, model: str, item: str) -> None:
    """84 bins at the six roads; only a model district says that they are a model."""
    file = town / "district.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("model = true", f"model = {model}"), encoding="utf-8")
    found = counts(read_district(town))
    assert found["roads"]["bins"] == 84
    lines = {row[1]: row[2] for row in counts_table(found).rows}
    assert lines[item] == "84"
