"""Tables of attended toilets: hours in which they are staffed, and the attendants."""

from __future__ import annotations

Row = list[object]

_SECTION_4 = "default: domain facts, section 4"
# The columns are those of sanitation/schema_posts.py.
POSTS: list[Row] = [
    ["morning", "早班", "morning", 1, "day", "any", "06:00", "14:00", 1, _SECTION_4],
    ["midday", "日间加岗", "midday", 1, "always", "warm", "10:00", "18:00", 1,
     "default: where toilets are busiest, those open 24 h"],
    ["afternoon", "中班", "afternoon", 1, "day", "any", "14:00", "22:00", 1, _SECTION_4],
    ["night", "夜班", "night", 1, "night", "any", "-1d 22:00", "06:00", 1, _SECTION_4],
]  # fmt: skip
# Attendants of a toilet that is open 24 h: 28 shifts a week in the warm season, five of each.
ALWAYS = 6
# Of the others, in turn: 21 shifts a week in the summer; those of four have relief from next door.
BY_DAY = (5, 4, 5, 4, 5)


def attendants(toilets: list[Row]) -> list[Row]:
    """The people of each attended toilet, their days of rest one after the other."""
    rows: list[Row] = []
    others = 0
    for toilet in toilets:
        key, mode, open_24h = toilet[0], toilet[6], toilet[7]
        if mode != "attended":
            continue
        count = ALWAYS
        if not open_24h:
            count = BY_DAY[others % len(BY_DAY)]
            others += 1
        for _ in range(count):
            number = len(rows) + 1
            name = f"值守员{number:03d}（样）"
            rows.append([f"K{number:03d}", name, key, (number - 1) % 7, "sample"])
    return rows
