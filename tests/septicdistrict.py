"""The waste district with septic tanks: what is due on a Wednesday, checked by hand.

Everything is as in wastedistrict.py; four tanks, two vacuum trucks and a plant come to it::

    tank  at           limit                 level    inflow      left     cycle    since
    T1    WC2, node 8  12 m³ x 0.8 = 9.6 m³  9 m³     0.3 m³/d    2 days   90 days  30 days
    T2    C4, node 1    5 m³ x 0.8 = 4 m³    2 m³     0.1 m³/d   20 days   60 days  60 days
    T3    C1, node 2   10 m³ x 0.9 = 9 m³    5 m³     0.5 m³/d    8 days   90 days  10 days
    T4    C2, node 8   20 m³ x 0.8 = 16 m³   3 m³     0.1 m³/d  130 days  365 days  30 days

So T1 is due (2 days of lead are less than 3), and T2, whose cycle is over; after rain T3 comes too
(8 days are less than 10), and T4 never. T2 stands in narrow lanes. Trucks::

    truck  type      depot  payload   narrow
    V1     vacuum    D1     4,000 kg  no
    V2     vacuum_s  D2     2,000 kg  yes

T1 is taken in three loads of 3,000 kg, T2 in one of 2,000 kg, T3 in two of 2,500 kg. A load takes
600 s and 90 s a m³: 870 s, 780 s and 825 s. The shift septic_day is 08:00-16:00; the plant E3 is
open 08:30-15:30 and takes 720 s. The ways to it begin at D1 (1,500 s, 15 km) and D2 (900 s, 9 km).
"""

from __future__ import annotations

from pathlib import Path

from wastedistrict import append, write_wastedistrict

TANKS: tuple[tuple[str, str, float, float, float, float, int, int], ...] = (
    ("T1", "WC2", 12, 0.3, 0.8, 9, 90, 30),
    ("T2", "C4", 5, 0.1, 0.8, 2, 60, 60),
    ("T3", "C1", 10, 0.5, 0.9, 5, 90, 10),
    ("T4", "C2", 20, 0.1, 0.8, 3, 365, 30),
)


def write_septicdistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    write_wastedistrict(folder)
    names = ("volume_m3", "inflow_m3_day", "limit_share", "level_m3", "cycle_days", "since_days")
    append(
        folder,
        "septic_tanks",
        [
            {"tank_id": key, "site_id": site, **dict(zip(names, figures, strict=True))}
            for key, site, *figures in TANKS
        ],
    )
    common = {"services": "septic", "streams": "night_soil", "stop_s": 600, "pump_s_per_m3": 90}
    common |= {"clean_l": 0, "dirty_l": 0, "recovered": 0, "helpers": 0}
    common |= {"fuel_l_per_100km": 28, "fuel_l_per_work_h": 8, "fixed_cny_per_run": 110}
    append(
        folder,
        "vehicle_types",
        [
            {"type_id": key, "name": name, "name_en": key, **common, **own}
            for key, name, own in (
                ("vacuum", "吸粪车", {"payload_kg": 4000}),
                ("vacuum_s", "小型吸粪车", {"payload_kg": 2000, "narrow": 1}),
            )
        ],
    )
    append(
        folder,
        "vehicles",
        [
            {"vehicle_id": key, "plate": f"样V000{key[1]}", "type_id": kind, "depot_id": depot}
            | {"status": "in_service"}
            for key, kind, depot in (("V1", "vacuum", "D1"), ("V2", "vacuum_s", "D2"))
        ],
    )
    append(
        folder,
        "shifts",
        [
            {"shift_id": "septic_day", "name": "日间吸粪", "name_en": "septic_day"}
            | {"start": "08:00", "end": "16:00", "min_window_min": 60, "services": "septic"}
        ],
    )
    append(
        folder,
        "terminals",
        [
            {"terminal_id": "E3", "name": "粪便处理厂", "streams": "night_soil"}
            | {"open": "08:30", "close": "15:30", "tip_s": 720}
        ],
    )
    append(
        folder,
        "terminal_ways",
        [
            {"terminal_way_id": f"{place}-E3", "place_id": place, "terminal_id": "E3"}
            | {"travel_s": seconds, "length_m": 10 * seconds}
            for place, seconds in (("D1", 1500), ("D2", 900))
        ],
    )
    return folder
