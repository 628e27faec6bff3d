"""A day as the data of its page: numbers and texts, small enough to be carried in one file.

Coordinates are whole millionths of a degree (WGS-84), each list of them as differences from the
one before. A way is a text with a letter a step: which of the neighbours of a node comes next.
Times are seconds after 00:00 of the plan's date. ``web/data.js`` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sanitation.export.crs import to_gcj02
from sanitation.export.dayrows import FIGURES, run_rows, run_sums, trimmed
from sanitation.export.daytexts import Texts, shown
from sanitation.export.daywords import WORDS
from sanitation.export.handout import Handout, Street
from sanitation.export.labels import LANGS, weather_text, word
from sanitation.export.picture_look import service_colour
from sanitation.export.sheets import Sheet
from sanitation.export.shown import fault_tables, summary_tables
from sanitation.export.table import Table
from sanitation.model import DayPlan, Run, Stop

KINDS = (
    *("depart", "service", "travel", "fill", "dump", "unload", "rest", "wait", "transfer"),
    "return",
)
# As they are listed; those that a district invented come last.
SERVICES = ("wash", "sprinkle", "sweep", "collect", "haul", "bins", "toilet", "septic")
# Streets of one run's page: as far round its way, degrees (about 500 m).
AROUND = 0.005
FIRST_LETTER = 48  # "0"
Graph = Mapping[int, Mapping[int, int]]


def day_data(handout: Handout, lang: str, one_run: bool) -> dict[str, Any]:
    """Everything that the page shows.

    Args:
        lang: the language it begins with; it holds both.
        one_run: the handout has one run: the page is its driver's, without the day's tables.
    """
    plan = handout.plan
    texts = Texts()
    driven = sorted({node for run in plan.runs for stop in run.stops for node in stop.nodes})
    driven = [node for node in driven if node in handout.coords]
    streets = _streets(handout, driven) if one_run else handout.streets
    numbers = {
        node: number
        for number, node in enumerate(
            sorted({*driven, *(n for s in streets for n in s.nodes if n in handout.coords)})
        )
    }
    graph = _graph(plan, numbers)
    places, place_of = _places(handout, texts, one_run)
    sections = sorted({stop.section_id for run in plan.runs for stop in run.stops} - {""})
    section_of = {section: number for number, section in enumerate(sections)}
    roads = {road.id: number for number, road in enumerate(handout.district.roads)}
    sheets = [handout.sheets(language) for language in LANGS]
    there = dict.fromkeys(run.service for run in plan.runs)
    services = sorted(there, key=lambda s: SERVICES.index(s) if s in SERVICES else len(SERVICES))
    shifts = list(dict.fromkeys((run.service, run.shift_id) for run in plan.runs))
    district = handout.district
    runs = [
        _run(run, zh, en, texts)
        | {
            "s": services.index(run.service),
            "h": shifts.index((run.service, run.shift_id)),
            "at": place_of.get(run.depot_id, -1),
            "stops": _stops(run, numbers, graph, section_of, place_of),
        }
        for run, zh, en in zip(plan.runs, *sheets, strict=True)
    ]
    data: dict[str, Any] = {
        "lang": lang,
        "one": one_run,
        "date": plan.date,
        "offset": plan.utc_offset,
        "district": texts.pair(plan.district_name, district.name_en or plan.district_name),
        "model": plan.model,
        "weather": texts.pair(*(weather_text(plan.conditions, language) for language in LANGS)),
        "bans": _bans(plan),
        "words": {key: list(pair) for key, pair in WORDS.items()},
        "kinds": list(KINDS),
        "kindNames": [_word(kind) for kind in KINDS],
        "figures": list(FIGURES),
        "services": [
            [service, texts.pair(*_word(service)), service_colour(service)] for service in services
        ],
        "shifts": [_shift(handout, *shift, services, texts) for shift in shifts],
        "nodes": [_deltas(handout.coords[n][axis] for n in numbers) for axis in (0, 1)],
        "next": [sorted(graph.get(n, {}).values()) for n in numbers],
        "streets": [_street(street, numbers, texts) for street in streets],
        "roads": _roads(handout, streets, texts),
        "sections": [_section(handout, section, roads, texts) for section in sections],
        "places": places,
        "runs": runs,
        "posts": [] if one_run else _posts(handout, place_of, texts),
        "faultKinds": [] if one_run else _fault_kinds(plan),
        "faultCount": 0 if one_run else len(plan.uncovered) + len(plan.violations),
        "left": [] if one_run else _left(plan, roads, place_of, texts),
        "tables": [] if one_run else _tables(plan),
    }
    return data | {"texts": texts.listed}


def _word(key: str) -> list[str]:
    return [word(key, language) for language in LANGS]


def _streets(handout: Handout, driven: Sequence[int]) -> tuple[Street, ...]:
    """The streets near the nodes driven."""
    if not driven:
        return handout.streets
    lons = [handout.coords[node][0] for node in driven]
    lats = [handout.coords[node][1] for node in driven]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)

    def near(node: int) -> bool:
        lon, lat = handout.coords[node]
        inside = west - AROUND <= lon <= east + AROUND
        return inside and south - AROUND <= lat <= north + AROUND

    return tuple(street for street in handout.streets if any(near(n) for n in street.nodes))


def _graph(plan: DayPlan, numbers: Mapping[int, int]) -> dict[int, dict[int, int]]:
    """The steps that the runs drive: node -> node after it -> its number."""
    found: dict[int, dict[int, int]] = {}
    for run in plan.runs:
        for stop in run.stops:
            for a, b in pairwise(_way(stop, numbers)):
                if a != b:
                    found.setdefault(a, {})[b] = numbers[b]
    return {node: dict(sorted(after.items())) for node, after in found.items()}


def _way(stop: Stop, numbers: Mapping[int, int]) -> list[int]:
    """The nodes of a stop that have a place. A transfer leads over streets outside the district,
    of which the plan knows nothing: only where it begins."""
    known = [node for node in stop.nodes if node in numbers]
    return known[:1] if stop.kind == "transfer" else known


def _stops(
    run: Run,
    numbers: Mapping[int, int],
    graph: Graph,
    section_of: Mapping[str, int],
    place_of: Mapping[str, int],
) -> list[list[Any]]:
    """``[kind, seconds since the stop before, seconds, way, section, place]`` of every stop; the
    way is a text where it goes on from the node before, else [node, text]."""
    rows: list[list[Any]] = []
    end_s, at = run.start_s, -1
    for stop in run.stops:
        known = _way(stop, numbers)
        letters = "".join(
            chr(FIRST_LETTER + list(graph[a]).index(b)) for a, b in pairwise(known) if a != b
        )
        way: Any = letters
        if known and known[0] != at:
            way = [numbers[known[0]], letters]
        at = known[-1] if known else at
        rows.append(
            trimmed(
                [
                    KINDS.index(stop.kind),
                    stop.start_s - end_s,
                    stop.end_s - stop.start_s,
                    way,
                    section_of.get(stop.section_id, -1),
                    _place(run, stop, place_of),
                ]
            )
        )
        end_s = stop.end_s
    return rows


def _place(run: Run, stop: Stop, place_of: Mapping[str, int]) -> int:
    at = stop.site_id or stop.facility
    if not at and stop.kind in ("depart", "return"):
        at = run.depot_id
    return place_of.get(at, -1)


def _run(run: Run, zh: Sheet, en: Sheet, texts: Texts) -> dict[str, Any]:
    """What is said of a run; the header's fields are those of its sheet that have a value."""
    return {
        "id": shown(run.id),
        "from": run.start_s,
        "to": run.end_s,
        "vehicle": shown(run.vehicle_id),
        "plate": shown(zh.plate),
        "driver": shown(zh.driver),
        "driverId": shown(run.driver_id),
        "head": [
            [texts.pair(a[0], b[0]), texts.pair(a[1], b[1])]
            for a, b in zip(zh.header[1:-1], en.header[1:-1], strict=True)
            if a[1]
        ],
        "sums": run_sums(zh, en, texts),
        "bans": [texts.pair(a, b) for a, b in zip(zh.bans, en.bans, strict=True)],
        "rows": run_rows(zh, en, texts),
    }


def _shift(
    handout: Handout, service: str, shift_id: str, services: Sequence[str], texts: Texts
) -> list[Any]:
    shift = next((s for s in handout.district.shifts if s.id == shift_id), None)
    name = (shift.name, shift.name_en or shift.name) if shift else (shift_id, shift_id)
    return [shift_id, services.index(service), texts.pair(*name)]


def _bans(plan: DayPlan) -> list[list[int]]:
    """The peak bans of the conditions, seconds after 00:00."""
    midnight = datetime.fromisoformat(f"{plan.date}T00:00:00{plan.utc_offset}")
    windows = plan.conditions.get("peak_bans", ())
    return [
        [int((datetime.fromisoformat(time) - midnight).total_seconds()) for time in window]
        for window in windows
    ]


def _deltas(degrees: Iterable[float]) -> list[int]:
    found = []
    before = 0
    for value in degrees:
        found.append(round(value * 1e6) - before)
        before += found[-1]
    return found


def _street(street: Street, numbers: Mapping[int, int], texts: Texts) -> list[int]:
    """``[name, class, node, difference, ...]``."""
    line = [numbers[node] for node in street.nodes if node in numbers]
    steps = line[:1] + [b - a for a, b in pairwise(line)]
    return [texts.name(street.name), street.road_class, *steps]


def _roads(handout: Handout, streets: Sequence[Street], texts: Texts) -> list[list[Any]]:
    """``[id, name, grade, numbers of its streets]``."""
    by_way: dict[int, list[int]] = {}
    for number, street in enumerate(streets):
        by_way.setdefault(street.way_id, []).append(number)
    return [
        [
            shown(road.id),
            texts.pair(road.name, road.name_en or road.name),
            road.grade,
            [number for way in road.way_ids for number in by_way.get(way, ())],
        ]
        for road in handout.district.roads
    ]


def _section(
    handout: Handout, section_id: str, roads: Mapping[str, int], texts: Texts
) -> list[Any]:
    """``[id, road, from, to]``; the road is -1 where the district has none for it."""
    section = handout.sections.get(section_id)
    if section is None:
        return [shown(section_id), -1]
    ends = texts.name(section.from_name), texts.name(section.to_name)
    return [shown(section_id), roads.get(section.road_id, -1), *ends]


def _places(
    handout: Handout, texts: Texts, one_run: bool
) -> tuple[list[list[Any]], dict[str, int]]:
    """``[kind, id, name, lon, lat, lon, lat]``, the second pair in GCJ-02; a terminal, which lies
    outside, has none. And the number of a place by the ids of its facility, site or tank."""
    district = handout.district
    tanks = {tank.id: tank.site_id for tank in district.septic_tanks}
    used = {
        found
        for run in handout.plan.runs
        for found in (run.depot_id, *(x for s in run.stops for x in (s.site_id, s.facility)))
    }
    used |= {tanks[place] for place in used & tanks.keys()}
    groups: tuple[tuple[str, Sequence[Any]], ...] = (
        ("depot", district.depots),
        ("fill", district.fill_points),
        ("dump", district.dump_points),
        ("station", district.stations),
        ("toilet", district.toilets),
        ("community", district.communities),
        ("terminal", district.terminals),
    )
    rows: list[list[Any]] = []
    place_of: dict[str, int] = {}
    for kind, places in groups:
        for place in places:
            if one_run and place.id not in used:
                continue
            place_of[place.id] = len(rows)
            row = [kind, shown(place.id), texts.name(place.name)]
            if kind != "terminal":
                there = (place.lon, place.lat), to_gcj02(place.lon, place.lat)
                row += [round(value * 1e6) for pair in there for value in pair]
            rows.append(row)
    place_of |= {tank: place_of[site] for tank, site in tanks.items() if site in place_of}
    return rows, place_of


def _posts(handout: Handout, place_of: Mapping[str, int], texts: Texts) -> list[list[int]]:
    """``[place, hours' name, start, end, people, how many are missing]``."""
    district = handout.district
    kinds = {row.id: row for row in district.toilet_posts}
    people = {person.id: person.name for person in district.attendants}
    found = []
    for post in handout.plan.posts:
        kind = kinds.get(post.post_id)
        name = (kind.name, kind.name_en or kind.name) if kind else (post.post_id, post.post_id)
        who = "、".join(people.get(person, person) for person in post.attendants)
        there = place_of.get(post.toilet_id, -1)
        times = post.start_s, post.end_s
        found.append([there, texts.pair(*name), *times, texts.name(who), post.missing])
    return found


def _left(
    plan: DayPlan, roads: Mapping[str, int], place_of: Mapping[str, int], texts: Texts
) -> list[list[Any]]:
    """``[kind, road, place]`` of what is uncovered or suspended, for the map."""
    due = [("uncovered", fault.duty) for fault in plan.uncovered]
    due += [("suspended", fault.duty) for fault in plan.suspended]
    found = {
        (kind, roads.get(duty.road_id, -1), place_of.get(duty.site_id, -1)) for kind, duty in due
    }
    return [[kind, road, place] for kind, road, place in sorted(found)]


def _tables(plan: DayPlan) -> list[list[Any]]:
    """The summaries and what is wrong: ``[is a fault, in Chinese, in English]``, each table
    ``[header, figures' columns, sums' lines, rows]``."""
    given = {"by_service_shift", "totals"} <= plan.indicators.keys()
    by_lang = [
        (summary_tables(plan.indicators, lang) if given else [], fault_tables(plan, lang))
        for lang in LANGS
    ]
    (sums_zh, faults_zh), (sums_en, faults_en) = by_lang
    found = [[0, _table(a), _table(b)] for a, b in zip(sums_zh, sums_en, strict=True)]
    return found + [[1, _table(a), _table(b)] for a, b in zip(faults_zh, faults_en, strict=True)]


def _fault_kinds(plan: DayPlan) -> list[str]:
    """What the tables of faults are about, in the order of shown.fault_tables."""
    there = {
        "suspended": bool(plan.suspended),
        "uncovered": bool(plan.uncovered),
        "missing_posts": any(post.missing for post in plan.posts),
        "violations": bool(plan.violations),
    }
    return [kind for kind, is_there in there.items() if is_there]


def _table(table: Table) -> list[Any]:
    rows = [[shown(cell) for cell in row] for row in table.rows]
    return [list(table.header), [int(right) for right in table.right], table.total, rows]
