"""What must be done on a date: one file per service, from the tables of standards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanitation.duties.bins import bin_duties
from sanitation.duties.sprinkling import sprinkling_duties
from sanitation.duties.standard import shifts_of_day
from sanitation.duties.sweeping import sweeping_duties
from sanitation.duties.toilets import toilet_duties
from sanitation.duties.washing import washing_duties
from sanitation.model import Conditions, District, Duty, Section, Suspended

__all__ = ["SERVICES", "duties_of", "shifts_of_day"]
SERVICES = {
    "wash": washing_duties,
    "sprinkle": sprinkling_duties,
    "sweep": sweeping_duties,
    "bins": bin_duties,
    "toilet": toilet_duties,
}


def duties_of(
    district: District,
    conditions: Conditions,
    sections: Sequence[Section],
    services: Iterable[str] = tuple(SERVICES),
) -> tuple[tuple[Duty, ...], tuple[Suspended, ...]]:
    """Duties of the day and those that the conditions suspend, each sorted by id.

    Raises:
        KeyError: a service that is not one of SERVICES.
    """
    due: list[Duty] = []
    suspended: list[Suspended] = []
    for service in sorted(set(services)):
        more_due, more_suspended = SERVICES[service](district, conditions, sections)
        due += more_due
        suspended += more_suspended
    return (
        tuple(sorted(due, key=lambda duty: duty.id)),
        tuple(sorted(suspended, key=lambda entry: entry.duty.id)),
    )
