"""Dry suction sweeping 干式机扫: the same sections wherever and whenever cold cuts wet work."""

from __future__ import annotations

from collections.abc import Sequence

from sanitation.conditions import COLD_RULES, dry_cut
from sanitation.duties.standard import expand, holding_rows
from sanitation.model import Conditions, District, Duty, Section, Suspended

SERVICE = "sweep"


def sweeping_duties(
    district: District, conditions: Conditions, sections: Sequence[Section]
) -> tuple[list[Duty], list[Suspended]]:
    """Sweep passes of the day.

    Rows of the condition ``cold_sweep`` hold in those shifts only whose own wet work the cold or
    the season cuts: a frosty night is swept dry although the noon after it is washed.
    """
    cut = {
        shift.id
        for shift in district.shifts
        if dry_cut(shift, conditions.wet_windows, conditions.wet_rules) in COLD_RULES
    }
    rows = [
        row
        for row in holding_rows(district, conditions, SERVICE)
        if row.condition != "cold_sweep" or row.shift_id in cut
    ]
    return expand(district, conditions, sections, SERVICE, rows)
