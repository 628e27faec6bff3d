"""A sheet followed from row to row, by what the PDF itself carries, drives the plan's path."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest
from export_town import BLOCK_M, COORDS, SECTIONS, WAY_NAMES, make_district, make_plan, way_of
from goodplan import good_plan
from minidistrict import write_minidistrict

from sanitation.archive import plan_of
from sanitation.district import read_district
from sanitation.export import pdf
from sanitation.export.handout import Handout, handout_of
from sanitation.export.route import FILE
from sanitation.ground import read_streets
from sanitation.model import Run

Row = dict[str, Any]


@pytest.fixture(scope="module")
def handout() -> Handout:
    return Handout(make_plan(), make_district(), SECTIONS, WAY_NAMES, COORDS, {}, ())


def rows_of(made: bytes) -> list[Row]:
    """The rows of the attached file."""
    (content,) = pypdf.PdfReader(io.BytesIO(made)).attachments[FILE]
    document = json.loads(content)
    assert isinstance(document, dict)
    rows: list[Row] = document["rows"]
    return rows


def followed(rows: list[Row]) -> tuple[list[int], list[int]]:
    """Nodes and ways of all rows, one after the other: each begins where the one before ended."""
    nodes: list[int] = []
    ways: list[int] = []
    for row in rows:
        if row["nodes"]:
            assert not nodes or row["nodes"][0] == nodes[-1], f"row {row['row']} begins elsewhere"
            nodes += row["nodes"][1 if nodes else 0 :]
        ways += row["ways"]
    return nodes, ways


def planned(run: Run) -> tuple[list[int], list[int]]:
    """The same, read from the plan's stops."""
    nodes: list[int] = []
    for stop in run.stops:
        nodes += stop.nodes[1:] if nodes[-1:] == list(stop.nodes[:1]) else stop.nodes
    return nodes, [way for stop in run.stops for way in stop.ways]


def sums(rows: list[Row], *kinds: str) -> int:
    return sum(row["length_m"] for row in rows if row["kind"] in kinds)


def test_following_the_sheet_drives_the_plans_path(handout: Handout) -> None:
    """Every row goes on where the last ended, each step is a block of the town by its street, and
    all together are the plan's nodes and ways: 20 of work and way in the short run."""
    files = dict(pdf.pdf_files(handout, "zh", one_run=False))
    for run in handout.plan.runs:
        rows = rows_of(files[f"pdf/{run.id}.pdf"])
        nodes, ways = followed(rows)
        assert (nodes, ways) == planned(run)
        assert ways == [way_of(a, b) for a, b in pairwise(nodes)]
        assert sum(row["length_m"] for row in rows) == BLOCK_M * len(ways)
    rows = rows_of(files["pdf/W-N-02.pdf"])
    assert (sums(rows, "service"), sums(rows, "travel", "return")) == (2800, 2800)


def test_rows_of_the_file_are_those_of_the_paper(handout: Handout) -> None:
    """The numbers of the file are printed as numbers of rows, with the same minutes."""
    (made,) = (
        content
        for name, content in pdf.pdf_files(handout.only("W-N-02"), "zh", one_run=True)
        if name.endswith("W-N-02.pdf")
    )
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    text = re.sub(r"[\s\u200b]", "", text)
    (sheet,) = handout.only("W-N-02").sheets("zh")
    assert [row["row"] for row in rows_of(made)] == [row.seq for row in sheet.rows]
    for row in rows_of(made):
        minute = row["start_s"] // 60 % (24 * 60)
        assert f"{minute // 60:02d}:{minute % 60:02d}" in text


def test_on_real_streets_every_step_is_an_arc_of_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mini district's good plan: steps are arcs in their direction, totals the plan's."""
    monkeypatch.setenv("SANITATION_CACHE", str(tmp_path / "cache"))
    district = read_district(write_minidistrict(tmp_path / "mini"))
    plan = plan_of(good_plan())
    network, _ = read_streets(district)
    ids = network.node_ids.tolist()
    arcs = {
        (ids[tail], ids[head], way)
        for tail, head, way in zip(
            network.tail.tolist(), network.head.tolist(), network.way_ids.tolist(), strict=True
        )
    }
    steps = 0
    files = dict(pdf.pdf_files(handout_of(district, plan), "zh", one_run=False))
    for run in plan.runs:
        rows = rows_of(files[f"pdf/{run.id}.pdf"])
        nodes, ways = followed(rows)
        assert (nodes, ways) == planned(run)
        assert {*zip(nodes, nodes[1:], ways, strict=False)} <= arcs
        steps += len(ways)
        for kind in ("service", "travel"):
            assert sums(rows, kind) == sum(s.length_m for s in run.stops if s.kind == kind)
    assert steps > 0
