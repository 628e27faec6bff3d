"""Sprinkling 洒水: rounds by grade, and the extra ones of hot and polluted days."""

from __future__ import annotations

from collections.abc import Sequence

from sanitation.duties.standard import expand, holding_rows
from sanitation.model import Conditions, District, Duty, Section, Suspended

SERVICE = "sprinkle"


def sprinkling_duties(
    district: District, conditions: Conditions, sections: Sequence[Section]
) -> tuple[list[Duty], list[Suspended]]:
    """Sprinkling passes of the day, and those that season, weather, cold or peaks suspend."""
    rows = holding_rows(district, conditions, SERVICE)
    return expand(district, conditions, sections, SERVICE, rows)
