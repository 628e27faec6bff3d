"""Washing 洗路: the night's deep wash and the day's kerb wash, and what they leave undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanitation.duties.standard import expand, holding_rows
from sanitation.model import Conditions, District, Duty, Section, Suspended

SERVICE = "wash"


def washing_duties(
    district: District, conditions: Conditions, sections: Sequence[Section]
) -> tuple[list[Duty], list[Suspended]]:
    """Wash passes of the day, and those that season, weather, cold or peaks suspend."""
    rows = holding_rows(district, conditions, SERVICE)
    return expand(district, conditions, sections, SERVICE, rows)


def lanes_waiting(
    district: District, sections: Iterable[Section], duties: Iterable[Duty]
) -> dict[str, dict[str, int]]:
    """By road class, m²: carriageway, washed, and lanes that wait for their turn.

    ``washed_m2`` is pass length x the washer's working width, a lane washed twice counted twice;
    ``waiting_m2`` is the area of the lanes with no pass among the duties (a lane is its
    direction's width over its lanes). Give the duties of one night to see that night.
    """
    width_m = max(
        (kind.width_m[SERVICE] for kind in district.vehicle_types if SERVICE in kind.width_m),
        default=0.0,
    )
    classes = {road.id: road.road_class for road in district.roads}
    lanes: dict[str, set[int]] = {}
    area = {name: [0.0, 0.0, 0.0] for name in sorted(set(classes.values()))}
    for duty in duties:
        if duty.service == SERVICE:
            lanes.setdefault(duty.section_id, set()).add(duty.lane)
            area[classes[duty.road_id]][1] += duty.length_m * width_m
    for section in sections:
        here = area[classes[section.road_id]]
        lane_m2 = section.length_m * section.width_m / section.lanes
        here[0] += lane_m2 * section.lanes
        here[2] += lane_m2 * (section.lanes - len(lanes.get(section.id, ())))
    keys = ("carriageway_m2", "washed_m2", "waiting_m2")
    return {name: dict(zip(keys, map(round, m2), strict=True)) for name, m2 in area.items()}
