"""The mini district with attended toilets: who is due where is checked by hand.

Toilets WC1 (node 5, class 1, attended, open 24 h), WC2 (roving) as in minidistrict.py, and WC3
(node 2, 400 m north of WC1, class 1, attended, closed at night but in the summer). One person in
each post::

    night      -1d 22:00-06:00  at those open at night     any season
    morning     06:00-14:00     at every attended toilet   any season
    midday      10:00-18:00     at those open all year     warm season
    afternoon   14:00-22:00     at every attended toilet   any season

                        WC1                                WC3                        people
    2026-07-15 summer   night morning midday afternoon     night morning afternoon    7
    2026-04-15 warm     night morning midday afternoon     morning afternoon          6
    2026-01-14 cold     night morning afternoon            morning afternoon          5

Attendants (day of rest, 0 is Monday); on a Wednesday K5 and K9 rest, so that in the summer seven
people have seven posts, all of them at home::

    WC1  K1 (0)  K2 (1)  K3 (3)  K4 (4)  K5 (2)
    WC3  K6 (5)  K7 (6)  K8 (0)  K9 (2)
"""

from __future__ import annotations

import csv
from pathlib import Path

from minidistrict import position, write_minidistrict

SUMMER, WARM, COLD = "2026-07-15", "2026-04-15", "2026-01-14"  # Wednesdays
POSTS = (
    ("night", "夜班", "night", "any", "-1d 22:00", "06:00"),
    ("morning", "早班", "day", "any", "06:00", "14:00"),
    ("midday", "日间加岗", "always", "warm", "10:00", "18:00"),
    ("afternoon", "中班", "day", "any", "14:00", "22:00"),
)
REST = {"K1": 0, "K2": 1, "K3": 3, "K4": 4, "K5": 2, "K6": 5, "K7": 6, "K8": 0, "K9": 2}


def write_postdistrict(folder: Path) -> Path:
    """Write the district's files into ``folder`` (made if need be) and return it."""
    write_minidistrict(folder)
    lon, lat = position(2)
    with (folder / "toilets.csv").open("a", encoding="utf-8", newline="") as file:
        row = ["WC3", "北街公厕", "120104001", f"{lon + 0.00015:.6f}", f"{lat + 0.00015:.6f}"]
        csv.writer(file, lineterminator="\n").writerow([*row, 1, "attended", 0, 0, "model"])
    with (folder / "toilet_posts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        head = "toilet_post_id,name,name_en,toilet_class,hours_of,season,start,end,staff,provenance"
        writer.writerow(head.split(","))
        for key, name, hours_of, season, start, end in POSTS:
            writer.writerow([key, name, key, 1, hours_of, season, start, end, 1, "default"])
    with (folder / "attendants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["attendant_id", "name", "toilet_id", "rest_weekday", "provenance"])
        for key, rest in REST.items():
            home = "WC1" if key <= "K5" else "WC3"
            writer.writerow([key, f"值守员{key[1]}", home, rest, "sample"])
    return folder
