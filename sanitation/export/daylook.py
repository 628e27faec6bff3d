"""What the ids of a whole day are called in a language, looked up once for the office's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fleet.model import Driver, Vehicle, VehicleType
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.places import NIGHT_SOIL


@dataclass(frozen=True, slots=True)
class Look:
    """Names by id. ``site_area`` is the name of a site's subdistrict, "" for one without."""

    lang: str
    vehicles: Mapping[str, Vehicle]
    kinds: Mapping[str, VehicleType]
    people: Mapping[str, Driver]
    shifts: Mapping[str, str]
    depots: Mapping[str, str]
    facilities: Mapping[str, str]
    sites: Mapping[str, str]
    site_area: Mapping[str, str]
    roads: Mapping[str, str]
    streams: Mapping[str, str]

    def plate(self, vehicle_id: str) -> str:
        """ "" for a vehicle that the district does not have."""
        vehicle = self.vehicles.get(vehicle_id)
        return vehicle.plate if vehicle else ""

    def kind(self, vehicle_id: str) -> str:
        """What its type is called."""
        vehicle = self.vehicles.get(vehicle_id)
        return self.kind_name(vehicle.type_id) if vehicle else ""

    def kind_name(self, type_id: str) -> str:
        kind = self.kinds.get(type_id)
        return type_id if kind is None else _called(kind.name, kind.name_en, self.lang)

    def person(self, person_id: str) -> str:
        """The name, "" for somebody whom the district does not have."""
        person = self.people.get(person_id)
        return person.name if person else ""

    def named(self, people: Iterable[str]) -> str:
        """Several people with their ids."""
        told = (f"{self.person(one)} ({one})" if self.person(one) else one for one in people)
        return ("、" if self.lang == "zh" else ", ").join(told)


def _called(name: str, name_en: str, lang: str) -> str:
    return name if lang == "zh" else name_en or name


def look_of(handout: Handout, lang: str) -> Look:
    """The names of a handout's district."""
    district = handout.district
    areas = {s.id: _called(s.name, s.name_en, lang) for s in district.subdistricts}
    sites: dict[str, str] = {}
    site_area: dict[str, str] = {}
    for visited in (district.communities, district.stations, district.toilets):
        sites |= {site.id: site.name for site in visited}
        site_area |= {site.id: areas.get(site.subdistrict, site.subdistrict) for site in visited}
    for tank in district.septic_tanks:
        sites[tank.id] = sites.get(tank.site_id, tank.site_id)
        site_area[tank.id] = site_area.get(tank.site_id, "")
    places = (
        *(district.depots, district.fill_points, district.dump_points),
        *(district.stations, district.terminals),
    )
    return Look(
        lang=lang,
        vehicles={vehicle.id: vehicle for vehicle in district.vehicles},
        kinds={kind.id: kind for kind in district.vehicle_types},
        people={person.id: person for person in district.drivers},
        shifts={shift.id: _called(shift.name, shift.name_en, lang) for shift in district.shifts},
        depots={depot.id: depot.name for depot in district.depots},
        facilities={place.id: place.name for group in places for place in group},
        sites=sites,
        site_area=site_area,
        roads={road.id: _called(road.name, road.name_en, lang) for road in district.roads},
        streams={NIGHT_SOIL: word(NIGHT_SOIL, lang)}
        | {stream.id: _called(stream.name, stream.name_en, lang) for stream in district.streams},
    )
