"""The septic tanks of toilets and older communities: all a model."""

from __future__ import annotations

import math
from collections import Counter

from .geometry import dice

Row = list[object]
COMMUNITIES = 300  # that are not on the sewer
LIMIT = 0.8
PAYLOAD_M3 = 5.0
LEAD_DAYS = 3  # of the rule septic_lead_days
SPREAD_DAYS = 12  # a tank's first day may lie so far from where chance puts it
_GOLDEN = (math.sqrt(5) - 1) / 2


def septic_tanks(toilets: list[Row], communities: list[Row]) -> list[Row]:
    """Tanks that fill in three to twelve months, none of two neighbours in one week.

    When a tank is due for the first time is spread over the time that it takes to fill, so that
    every day of a year brings alike many truck loads.
    """
    places = [(str(row[0]), float(str(row[8])), 180) for row in toilets if row[8]]
    older = sorted(communities, key=lambda row: (dice("sewer", row[0]), row[0]))[:COMMUNITIES]
    places += sorted((str(row[0]), 30 + 5 * round(9 * dice("tank", row[0])), 365) for row in older)
    rows: list[Row] = []
    first = _first_days([(site, vol, _last_day(site, cycle)) for site, vol, cycle in places])
    for number, (site, volume, cycle) in enumerate(places, 1):
        limit = LIMIT * volume
        inflow = round(limit / _fills_in_days(site, cycle), 3)
        since = _last_day(site, cycle) - first[site]
        level = inflow * since
        if _fills_in_days(site, cycle) - LEAD_DAYS <= cycle:
            level = max(0.0, limit - inflow * (LEAD_DAYS + first[site]))
        rows.append(
            [f"S{number:03d}", site, f"{volume:g}", f"{inflow:.3f}", LIMIT, f"{level:.3f}", cycle,
             since, "model"]
        )  # fmt: skip
    return rows


def _fills_in_days(site: str, cycle_days: int) -> int:
    """Days from empty to the limit; a few tanks are not full when their cycle is over."""
    longest = min(360, cycle_days + 15)
    return 95 + round((longest - 95) * dice("fills", site))


def _last_day(site: str, cycle_days: int) -> int:
    """The day after it was emptied on which a tank is due again."""
    return min(_fills_in_days(site, cycle_days) - LEAD_DAYS, cycle_days)


def _first_days(tanks: list[tuple[str, float, int]]) -> dict[str, int]:
    """The day, 0 the first, on which each tank is due: the largest tanks choose first.

    Args:
        tanks: site, volume in m³ and days from one time that it is due to the next.
    """
    loads: Counter[int] = Counter()
    found = {}
    for number, (site, volume, last) in enumerate(
        sorted(tanks, key=lambda tank: (-tank[1], tank[0]))
    ):
        middle = int(number * _GOLDEN % 1 * last)
        days = range(max(0, middle - SPREAD_DAYS), min(last, middle + SPREAD_DAYS) + 1)
        found[site] = min(days, key=lambda day: (loads[day], abs(day - middle), day))
        loads[found[site]] += math.ceil(LIMIT * volume / PAYLOAD_M3)
    return found
