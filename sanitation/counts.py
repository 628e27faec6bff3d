"""What a district holds, counted: the figures of ``sanitation check``."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fleet.posts import fewest_people
from sanitation.crewing import duty_rules
from sanitation.duties.posts import holds
from sanitation.model import District
from sanitation.places import Stream
from sanitation.schema_waste import STREAMS


def hand_cleaned(district: District) -> dict[str, int]:
    """Footway area by subdistrict's name, m²: cleaned by hand crews, shown and not routed."""
    names = {subdistrict.id: subdistrict.name for subdistrict in district.subdistricts}
    footway: dict[str, float] = {}
    for road in district.roads:
        name = names[road.subdistrict]
        footway[name] = footway.get(name, 0.0) + road.footway_m2
    return {name: round(area) for name, area in sorted(footway.items())}


def counts(district: District) -> dict[str, Any]:
    """What the district holds, as plain data for ``sanitation check``.

    Lengths in m, areas in m², tonnages in t a day; every part sums to the total beside it. Of a
    stream that is not taken every day, what is due differs from day to day of its cycle.
    """
    roads = district.roads
    carriageway = {road.id: road.length_m * road.width_m for road in roads}
    tonnes = {
        stream: round(sum(c.kg_a_day(stream) for c in district.communities) / 1000, 3)
        for stream in STREAMS
    }
    vehicles = {
        kind.id: dict(_tally(v.status for v in district.vehicles if v.type_id == kind.id))
        for kind in district.vehicle_types
    }
    return {
        "district": district.id,
        "name": district.name,
        "model": district.model,
        "digest": district.digest,
        "roads": {
            "count": len(roads),
            "by_class": _tally(road.road_class for road in roads),
            "by_grade": _tally(str(road.grade) for road in roads),
            "key_area": sum(road.key_area for road in roads),
            "bins": sum(road.bins for road in roads),
            "length_m": round(sum(road.length_m for road in roads)),
            "length_m_by_class": {
                name: round(sum(r.length_m for r in roads if r.road_class == name))
                for name in sorted({road.road_class for road in roads})
            },
            "area_m2": round(sum(road.area_m2 for road in roads)),
            "carriageway_m2": round(sum(carriageway.values())),
            "footway_m2": round(sum(road.footway_m2 for road in roads)),
            "footway_m2_by_subdistrict": hand_cleaned(district),
        },
        "subdistricts": len(district.subdistricts),
        "toilets": {
            "count": len(district.toilets),
            "by_class": _tally(str(toilet.toilet_class) for toilet in district.toilets),
            "by_mode": _tally(toilet.mode for toilet in district.toilets),
            "open_24h": sum(toilet.open_24h for toilet in district.toilets),
            "by_round": _tally(t.round_by for t in district.toilets if t.round_by),
        },
        "septic_tanks": {
            "count": len(district.septic_tanks),
            "volume_m3": round(sum(tank.volume_m3 for tank in district.septic_tanks), 3),
            "inflow_m3_day": round(sum(tank.inflow_kg for tank in district.septic_tanks) / 1000, 3),
        },
        "attendants": attendant_counts(district),
        "stations": {
            "count": len(district.stations),
            "throughput_t_day": round(sum(s.throughput_t_day for s in district.stations), 3),
            "bays": sum(station.bays for station in district.stations),
            "containers": sum(row.places for row in district.station_streams),
            "containers_by_stream": {
                stream.id: sum(r.places for r in district.station_streams if r.stream == stream.id)
                for stream in district.streams
            },
        },
        "terminals": len(district.terminals),
        "communities": {
            "count": len(district.communities),
            "narrow": sum(community.access == "narrow" for community in district.communities),
            "waste_t_day": round(sum(tonnes.values()), 3),
            "waste_t_day_by_stream": tonnes,
        },
        "streams": {stream.id: _due(district, stream) for stream in district.streams},
        "depots": len(district.depots),
        "fill_points": {
            "count": len(district.fill_points),
            "by_kind": _tally(point.kind for point in district.fill_points),
            "bays": sum(point.bays for point in district.fill_points),
        },
        "dump_points": len(district.dump_points),
        "brine_stations": len(district.brine_stations),
        "flood_spots": len(district.flood_spots),
        "vehicles": {"count": len(district.vehicles), "by_type_and_status": vehicles},
        "drivers": sum(person.role == "driver" for person in district.drivers),
        "helpers": sum(person.role == "helper" for person in district.drivers),
    }


def attendant_counts(district: District) -> dict[str, Any]:
    """The people of attended toilets beside the fewest that could staff them.

    ``posts_a_day`` are people needed in the cold and the warm season and in the summer, when all
    of these toilets are open at night; ``fewest`` could staff every day of the summer or the warm
    season; at the toilets of ``short_homes`` the people who are at home there are too few for it.
    """
    rules = duty_rules(district.rules)
    seasons = {"cold": ("cold", False), "warm": ("warm", False), "summer": ("warm", True)}
    shifts = {
        name: {
            toilet.id: [
                (row.end_s - row.start_s, row.staff)
                for row in district.toilet_posts
                if holds(row, toilet, season, summer=summer)
            ]
            for toilet in district.toilets
        }
        for name, (season, summer) in seasons.items()
    }
    at_home = Counter(person.toilet_id for person in district.attendants)
    return {
        "count": len(district.attendants),
        "posts_a_day": {
            name: sum(staff for posts in of.values() for _, staff in posts)
            for name, of in shifts.items()
        },
        "fewest": max(
            fewest_people((post for posts in of.values() for post in posts), rules)
            for of in shifts.values()
        ),
        "short_homes": [
            toilet.id
            for toilet in district.toilets
            if any(
                fewest_people(of[toilet.id], rules) > at_home[toilet.id] for of in shifts.values()
            )
        ],
    }


def _due(district: District, stream: Stream) -> dict[str, Any]:
    """How often a stream is taken, at how many communities, and what a day's rounds bring, t."""
    due_kg = [0.0] * stream.every_days
    for community in district.communities:
        due_kg[community.slot(stream.id)] += community.kg_a_day(stream.id) * stream.every_days
    return {
        "name": stream.name,
        "every_days": stream.every_days,
        "communities": sum(c.kg_a_day(stream.id) > 0 for c in district.communities),
        "due_t_least": round(min(due_kg) / 1000, 3),
        "due_t_most": round(max(due_kg) / 1000, 3),
    }


def _tally(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
