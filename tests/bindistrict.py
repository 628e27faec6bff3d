"""The mini district with waste and litter bins, counted by hand.

Streets, stations and people are those of wastedistrict.py; residual waste goes to TS1 (node 7) or
TS2 (node 3). Every block is 400 m; both directions of a road have two sections::

    road  grade  bins  a round's passes of 400 m         rounds in bins_am
    R1    3      10    4: 3, 3, 2, 2                      1
    R2    1      41    4: 11, 10, 10, 10                  2: 06:00-09:00, 09:00-12:00
    R3    4       0    nothing to empty                   1
    R4    3       4    4: 1 each                          1
    R5    2      20    4: 5 each                          1
    R6    2       9    4: 3, 2, 2, 2 (one-way: two passes over each section, right and left)  1

In all 10 + 2 x 41 + 4 + 20 + 9 = 125 bins at 3 kg: 375 kg. Two trucks, B1 at D1 and B2 at D2, drive
12 km/h at work (120 s a section), take 20 s for a bin and carry 400 kg. The shift bins_am is
06:00-12:00.
"""

from __future__ import annotations

import csv
from pathlib import Path

from wastedistrict import append, write_wastedistrict

BINS = {"R1": 10, "R2": 41, "R3": 0, "R4": 4, "R5": 20, "R6": 9}


def write_bindistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    write_wastedistrict(folder)
    file = folder / "roads.csv"
    with file.open(encoding="utf-8", newline="") as old:
        roads = list(csv.DictReader(old))
    with file.open("w", encoding="utf-8", newline="") as new:
        writer = csv.DictWriter(new, [*roads[0], "bins"], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**road, "bins": BINS[road["road_id"]]} for road in roads)
    append(
        folder,
        "shifts",
        [
            {"shift_id": "bins_am", "name": "果皮箱", "name_en": "bins", "start": "06:00"}
            | {"end": "12:00", "min_window_min": 60}
        ],
    )
    append(
        folder,
        "standards",
        [
            {"standard_id": f"bins-{grade}", "service": "bins", "grade": grade, "season": "any"}
            | {"condition": "plain", "scope": "all", "shift_id": "bins_am"}
            | {"rounds": 2 if grade == 1 else 1, "passes": 2}
            for grade in (1, 2, 3, 4)
        ],
    )
    append(
        folder,
        "vehicle_types",
        [
            {"type_id": "bin_truck", "name": "果皮箱车", "name_en": "bin truck", "services": "bins"}
            | {"work_kmh": "bins=12", "clean_l": 0, "dirty_l": 0, "recovered": 0, "helpers": 0}
            | {"fuel_l_per_100km": 10, "fuel_l_per_work_h": 2, "fixed_cny_per_run": 50}
            | {"payload_kg": 400, "streams": "residual", "bin_s": 20, "narrow": 1}
        ],
    )
    append(
        folder,
        "vehicles",
        [
            {"vehicle_id": key, "plate": f"样E000{key[1]}", "type_id": "bin_truck"}
            | {"depot_id": depot, "status": "in_service"}
            for key, depot in (("B1", "D1"), ("B2", "D2"))
        ],
    )
    return folder
