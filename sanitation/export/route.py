"""The way of a sheet as data, carried inside its PDF: what a tablet or another program follows.

``route.json`` has a row for each printed row, under the same number: what is done, the street nodes
driven in order and the way of each step (OpenStreetMap ids), metres, litres and kilograms.
"""

from __future__ import annotations

import json

from sanitation.export.sheets import Sheet
from sanitation.model import Run

FILE = "route.json"


def route_json(run: Run, sheet: Sheet) -> str:
    """The file's text. Steps where a vehicle stays at its node have none."""
    rows = []
    for row in sheet.rows:
        stops = [run.stops[index] for index in row.stops]
        nodes: list[int] = []
        for stop in stops:
            nodes += stop.nodes[1:] if nodes[-1:] == list(stop.nodes[:1]) else stop.nodes
        rows.append(
            {
                "row": row.seq,
                "kind": row.kind,
                "start_s": row.start_s,
                "end_s": row.end_s,
                "nodes": nodes,
                "ways": [way for stop in stops for way in stop.ways],
                "length_m": row.length_m,
                "water_l": row.water_l,
                "dirty_l": row.dirty_l,
                "load_kg": row.load_kg,
            }
        )
    return json.dumps({"run": run.id, "date": sheet.date, "rows": rows}, separators=(",", ":"))
