"""What the ids of a run are called on its sheet, and what its rows need to know of its vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanitation.export.directions import Coords
from sanitation.export.labels import word
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, District, Run, Section
from sanitation.places import NIGHT_SOIL
from sanitation.rounds import Visited
from sanitation.septic import Part


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called in a language, and what the rows need to know of a vehicle."""

    roads: Mapping[str, str]
    grades: Mapping[str, int]
    facilities: Mapping[str, str]
    sections: Mapping[str, Section]
    driven: frozenset[tuple[str, str]]  # (road, direction) of every section
    width_m: float
    way_names: Mapping[int, str]
    coords: Coords
    lang: str
    service: str
    sites: Mapping[str, str]
    site_at: Mapping[str, tuple[float, float]]
    streams: Mapping[str, str]
    parts: Mapping[str, Part]
    on_foot: bool
    visits: Mapping[tuple[str, int], Visited]

    @property
    def loaded(self) -> bool:
        """Whether its truck carries waste."""
        return self.service in LOADED_SERVICES

    @property
    def at_sites(self) -> bool:
        """True for a run that works at sites."""
        return self.service in SITE_SERVICES


def names_of(
    run: Run,
    district: District,
    sections: Mapping[str, Section],
    way_names: Mapping[int, str],
    coords: Coords,
    lang: str,
    parts: Mapping[str, Part],
    visits: Mapping[tuple[str, int], Visited],
) -> Names:
    """Look up everything the rows of ``run`` name; ``parts`` are the plan's, by duty, ``visits``
    of its toilets are by number."""
    english = lang == "en"
    kinds = {vehicle.id: vehicle.type_id for vehicle in district.vehicles}
    widths = {
        kind.id: kind.width_m.get(run.service, 0.0)
        for kind in district.vehicle_types
        if kind.id == kinds.get(run.vehicle_id)
    }
    facilities: dict[str, str] = {}
    for group in (
        district.depots,
        district.fill_points,
        district.dump_points,
        district.stations,
        district.terminals,
    ):
        facilities.update({place.id: f"{place.id} {place.name}" for place in group})
    sites: dict[str, str] = {}
    site_at: dict[str, tuple[float, float]] = {}
    for visited in (district.communities, district.stations, district.toilets):
        sites.update({site.id: site.name for site in visited})
        site_at.update({site.id: (site.lon, site.lat) for site in visited})
    for tank in district.septic_tanks:
        sites[tank.id], site_at[tank.id] = sites[tank.site_id], site_at[tank.site_id]
    streams = {s.id: (s.name_en or s.name) if english else s.name for s in district.streams}
    return Names(
        roads={r.id: (r.name_en or r.name) if english else r.name for r in district.roads},
        grades={road.id: road.grade for road in district.roads},
        facilities=facilities,
        sections=sections,
        driven=frozenset((s.road_id, s.direction) for s in sections.values()),
        width_m=next(iter(widths.values()), 0.0),
        way_names=way_names,
        coords=coords,
        lang=lang,
        service=run.service,
        sites=sites,
        site_at=site_at,
        streams={NIGHT_SOIL: word(NIGHT_SOIL, lang)} | streams,
        parts=parts,
        on_foot=any(
            kind.on_foot for kind in district.vehicle_types if kind.id == kinds.get(run.vehicle_id)
        ),
        visits=visits,
    )


def is_one_way(section: Section, driven: frozenset[tuple[str, str]]) -> bool:
    """True if the section's road is never driven in the other direction.

    Asked of the road, not of the stretch: where the carriageways of a dual road are cut into
    different numbers of sections, a stretch may lack its twin and is no one-way street for it.
    """
    other = "backward" if section.direction == "forward" else "forward"
    return (section.road_id, other) not in driven
