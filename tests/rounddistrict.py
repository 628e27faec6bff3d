"""The mini district with rounds of its toilets, in numbers that a person can check.

Streets and depots are those of minidistrict.py, neighbours 400 m apart::

    1 WC4 -- 2 WC3 -- 3        WC1 class 1  attended (at 5)
    |        |        |        WC2 class 2  by van      p = 0
    4 D1 --- 5 WC1 -- 6        WC3 class 3  by van      p = 1/4
    |        |        v        WC4 class 2  on foot     p = 0
    7 WC5 -- 8 WC2 -- 9 D2     WC5 class 3  on foot     p = 1/4

A van (TV1 at D2, TV2 at D1) drives as fast as the streets allow and takes 60 s to park; who walks
(TF1 and TF2 at D1) goes 400 m in 320 s (4.5 km/h). Shifts are 06:00-14:00 and 14:00-22:00,
for the van and on foot apart. A day has 16 h = 57,600 s::

                  visits  interval  half    shares           windows
    class 2 warm   3 + 2   11,520  5,760    9,600 14,400     9,600 - 5,760 = 3,840
    class 3 warm   2 + 1   19,200  9,600   14,400 28,800    14,400 - 9,600 = 4,800

so that on a plain warm day (p = 0 and 1/4; seconds after 00:00)::

    class 2  r1 21,600-25,440  r2 31,200-35,040  r3 40,800-44,640  r4 50,400-54,240
             r5 64,800-68,640
    class 3  r1 24,000-28,800  r2 38,400-43,200  r3 56,400-61,200

Cold days have 2 + 2 and 1 + 1 visits, events 3 + 3 and 2 + 2, heat 3 + 3 in class 2. Cleaning and
deodorising take 900 + 300 s in class 2, 600 + 180 s in class 3. The cleaners K1 to K4 work at D1,
K5 and K6 at D2; all rest on Mondays.
"""

from __future__ import annotations

from pathlib import Path

from minidistrict import write_minidistrict
from wastedistrict import _beside, append

VISITS = {
    2: {("warm", "plain"): (3, 2), ("cold", "plain"): (2, 2), ("any", "heat"): (3, 3),
        ("any", "event"): (3, 3)},
    3: {("warm", "plain"): (2, 1), ("cold", "plain"): (1, 1), ("any", "event"): (2, 2)},
}  # fmt: skip
WORK_S = {2: (900, 300), 3: (600, 180)}


def write_rounddistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    write_minidistrict(folder)
    toilets = folder / "toilets.csv"
    header, first, second, *_ = toilets.read_text(encoding="utf-8").splitlines()
    header = header.replace(",provenance", ",round_by,provenance")
    lines = [header, first.replace(",model", ",,model"), second.replace(",model", ",van,model")]
    toilets.write_text("\n".join([*lines, ""]), encoding="utf-8")
    append(
        folder,
        "toilets",
        [
            {"toilet_id": key, "name": f"公厕{key[2]}", "subdistrict": "120104001"}
            | _beside(node)
            | {"toilet_class": toilet_class, "mode": "roving", "open_24h": 0, "septic_m3": 0}
            | {"round_by": kind}
            for key, node, toilet_class, kind in (
                ("WC3", 2, 3, "van"), ("WC4", 1, 2, "foot"), ("WC5", 7, 3, "foot"),
            )
        ],
    )  # fmt: skip
    common = {"services": "toilet", "clean_l": 0, "dirty_l": 0, "recovered": 0, "helpers": 0}
    common |= {"fuel_l_per_work_h": 0, "fixed_cny_per_run": 10}
    van = {"type_id": "van", "name": "保洁车", "name_en": "van", "fuel_l_per_100km": 10}
    foot = {"type_id": "foot", "name": "步行保洁员", "name_en": "cleaner on foot"}
    append(
        folder,
        "vehicle_types",
        [
            {**van, **common, "stop_s": 60, "kmh": 0},
            {**foot, **common, "fuel_l_per_100km": 0, "stop_s": 0, "kmh": 4.5},
        ],
    )
    append(
        folder,
        "vehicles",
        [
            {"vehicle_id": key, "plate": f"样T{key}", "type_id": kind, "depot_id": depot}
            | {"status": "in_service"}
            for key, kind, depot in (
                ("TV1", "van", "D2"), ("TV2", "van", "D1"), ("TF1", "foot", "D1"),
                ("TF2", "foot", "D1"),
            )
        ],
    )  # fmt: skip
    append(
        folder,
        "drivers",
        [
            {"driver_id": f"K{i}", "name": f"保洁员{i}", "role": "driver"}
            | {"depot_id": "D1" if i <= 4 else "D2", "rest_weekday": 0}
            for i in range(1, 7)
        ],
    )
    append(
        folder,
        "shifts",
        [
            {"shift_id": f"{kind}_{part}", "name": f"{kind} {part}", "name_en": f"{kind} {part}"}
            | {"start": start, "end": end, "min_window_min": 60, "services": ""}
            for kind in ("van", "foot")
            for part, start, end in (("am", "06:00", "14:00"), ("pm", "14:00", "22:00"))
        ],
    )
    append(
        folder,
        "toilet_standards",
        [
            {"toilet_standard_id": f"{kind}{number}-{season}-{condition}-{part}"}
            | {"toilet_class": number, "season": season, "condition": condition, "type_id": kind}
            | {"shift_id": f"{kind}_{part}", "visits": count}
            | {"clean_s": WORK_S[number][0], "deodorise_s": WORK_S[number][1]}
            for kind in ("van", "foot")
            for number, days in VISITS.items()
            for (season, condition), counts in days.items()
            for part, count in zip(("am", "pm"), counts, strict=True)
        ],
    )
    return folder
