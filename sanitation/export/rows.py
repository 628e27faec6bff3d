"""The rows of a route sheet: a run's stops in order, so that a driver can read them at night.

Consecutive passes that follow each other without a way between, on one road in one direction,
pass and lane, are one printed row; nothing else is joined and nothing is left out, so the rows'
sums are the run's. Units: metres, square metres, litres, kilograms, seconds after 00:00 of the
plan's date; coordinates are lon, lat.
"""

from __future__ import annotations

from dataclasses import dataclass

from sanitation.balance import Move, moves_of
from sanitation.export.directions import end_bearing, heading, route_text, turn
from sanitation.export.labels import distance, kilograms, minutes, word
from sanitation.export.names import Names, is_one_way
from sanitation.model import Run, Section, Stop
from sanitation.rounds import SERVICE as ROUNDS

_LEFT_ANYWHERE = ("depart", "fill", "dump", "unload", "transfer", "return")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One printed row.

    ``place`` is the road or the site of a service row, the facility of a visit, the goal of a way;
    ``title`` is what is done in words. ``water_l`` is what a service row takes from the tank or
    what a fill puts into it, ``dirty_l`` what a dump takes out. ``stops`` are the indices of the
    run's stops that the row stands for.

    The rows of a truck that carries waste are ``loaded``, those of a run that works at sites are
    ``at_sites``: ``load_kg`` is what a service row takes on and an unloading lets off,
    ``on_board_kg`` what is on board after the row, ``at`` where a service row's site is,
    ``round_no`` the number of the haul or of the visit there, one of ``visits`` in the day with
    ``clean_s`` and ``deodorise_s``. Of a septic tank ``level_m3`` is in it before the row, which is
    the ``part`` (2/5) of its truck loads.
    """

    seq: int
    kind: str
    start_s: int
    end_s: int
    place: str
    stops: tuple[int, ...]
    section: str = ""
    from_name: str = ""
    to_name: str = ""
    direction: str = ""
    side: str = ""
    grade: str = ""
    pass_text: str = ""
    length_m: int = 0
    area_m2: float = 0.0
    water_l: int = 0
    dirty_l: int = 0
    turn: str = ""  # the turn into a service row's first step
    text: str = ""
    one_way: bool = False
    title: str = ""
    loaded: bool = False
    at_sites: bool = False
    site: str = ""
    stream: str = ""
    bins: int = 0
    round_no: int = 0
    visits: int = 0
    clean_s: int = 0
    deodorise_s: int = 0
    load_kg: int = 0
    on_board_kg: int = 0
    at: tuple[float, float] | None = None
    level_m3: float = 0.0
    part: str = ""


def build_rows(run: Run, names: Names) -> tuple[SheetRow, ...]:
    """The rows of ``run`` in the order driven, numbered from 1."""
    groups: list[list[int]] = []
    for index, stop in enumerate(run.stops):
        if stop.kind in ("travel", "wait") and stop.start_s == stop.end_s:
            continue  # no time and no metre: an artefact of the timetable, not a thing to do
        if groups and _joins(run.stops[groups[-1][-1]], stop, names):
            groups[-1].append(index)
        else:
            groups.append([index])
    moves = moves_of(run)
    return tuple(
        _row(seq, run, tuple(group), names, moves.get(group[0]))
        for seq, group in enumerate(groups, start=1)
    )


def _joins(before: Stop, stop: Stop, names: Names) -> bool:
    """True if ``stop`` goes on where ``before`` ended, as the same work."""
    if before.kind != "service" or stop.kind != "service":
        return False
    a, b = names.sections.get(before.section_id), names.sections.get(stop.section_id)
    return (
        before.road_id == stop.road_id
        and a is not None
        and b is not None
        and a.direction == b.direction
        and (before.pass_no, before.round_no, before.lane)
        == (stop.pass_no, stop.round_no, stop.lane)
        and before.nodes[-1:] == stop.nodes[:1]
    )


def _row(seq: int, run: Run, group: tuple[int, ...], names: Names, move: Move | None) -> SheetRow:
    stop = run.stops[group[0]]
    before = run.stops[group[0] - 1] if group[0] > 0 else stop
    turned = _turn_into(run, group[0], names)
    if stop.kind == "service" and stop.site_id:
        return _site_row(seq, group, stop, move, names)
    if stop.kind == "service":
        return _service_row(seq, run, group, before, turned, names)
    route = route_text(
        stop.nodes, stop.ways, stop.length_m, names.way_names, names.coords, names.lang
    )
    return SheetRow(
        seq=seq,
        kind=stop.kind,
        start_s=stop.start_s,
        end_s=stop.end_s,
        place=_place(run, group[0], names),
        stops=group,
        length_m=stop.length_m,
        water_l=max(0, stop.water_l - before.water_l) if stop.kind == "fill" else 0,
        dirty_l=max(0, before.dirty_l - stop.dirty_l) if stop.kind == "dump" else 0,
        text=_text(stop, turned, route, names.lang) if move is None else _let_off(move, names),
        title=_title(stop, before, names),
        loaded=names.loaded,
        at_sites=names.at_sites,
        stream="" if move is None else names.streams.get(move.stream, move.stream),
        load_kg=0 if move is None else move.load_kg,
        on_board_kg=stop.load_kg,
    )


def _title(stop: Stop, before: Stop, names: Names) -> str:
    """What is done, in a word or two."""
    key = stop.kind
    if names.on_foot and key in ("depart", "travel", "return"):
        key = f"foot_{key}"
    elif (names.loaded or names.at_sites) and key == "service":
        key = f"{names.service}_service"
    elif (names.loaded or names.at_sites) and key == "travel":
        key = "loaded_travel"
    elif key == "transfer" and not before.load_kg:
        key = "transfer_back"
    return word(key, names.lang)


def _let_off(move: Move, names: Names) -> str:
    return f"{names.streams.get(move.stream, move.stream)} {kilograms(move.load_kg)}"


def _site_row(
    seq: int, group: tuple[int, ...], stop: Stop, move: Move | None, names: Names
) -> SheetRow:
    """A stop at a site: what is taken on or done there, and what is on board then."""
    part = names.parts.get(stop.duty_id)
    visit = None
    if names.service == ROUNDS:
        visit = names.visits.get((stop.site_id, stop.round_no))
    return SheetRow(
        seq=seq,
        kind=stop.kind,
        start_s=stop.start_s,
        end_s=stop.end_s,
        place=names.sites.get(stop.site_id, stop.site_id),
        stops=group,
        title=_title(stop, stop, names),
        loaded=names.loaded,
        at_sites=True,
        site=stop.site_id,
        stream=names.streams.get(stop.stream, stop.stream),
        bins=stop.bins,
        round_no=stop.round_no,
        visits=visit.of if visit else 0,
        clean_s=visit.clean_s if visit else 0,
        deodorise_s=visit.deodorise_s if visit else 0,
        load_kg=move.load_kg if move else 0,
        on_board_kg=stop.load_kg,
        at=names.site_at.get(stop.site_id),
        level_m3=part.before_kg / 1000 if part else 0.0,
        part=f"{part.number}/{part.of}" if part else "",
    )


def _text(stop: Stop, turned: str, route: str, lang: str) -> str:
    """The way to drive, or how long to stand still; a way without a metre is a turn on the spot."""
    if stop.kind == "travel" and stop.length_m == 0:
        return word("turn_round", lang)
    if stop.kind in ("rest", "wait"):
        return minutes(stop.end_s - stop.start_s, lang)
    comma = "，" if lang == "zh" else ", "
    if stop.kind == "transfer":
        took = minutes(stop.end_s - stop.start_s, lang)
        return comma.join((distance(stop.length_m), took))
    return comma.join(part for part in (turned, route) if part) if route else ""


def _place(run: Run, index: int, names: Names) -> str:
    """Where a visit is, where a way leads, or what a wait is for; a rest is where the truck is."""
    stop = run.stops[index]
    facility = stop.facility
    if stop.kind in ("depart", "return"):
        facility = facility or run.depot_id
    if facility:
        return names.facilities.get(facility, facility)
    if stop.kind in ("travel", "wait"):
        for after in run.stops[index + 1 :]:
            if after.site_id:
                return names.sites.get(after.site_id, after.site_id)
            if after.kind == "service":
                return names.roads.get(after.road_id, after.road_id)
            if after.facility:
                return names.facilities.get(after.facility, after.facility)
    return ""


def _service_row(
    seq: int, run: Run, group: tuple[int, ...], before: Stop, turned: str, names: Names
) -> SheetRow:
    stops = [run.stops[index] for index in group]
    first, last = stops[0], stops[-1]
    head, tail = names.sections.get(first.section_id), names.sections.get(last.section_id)
    nodes = [node for stop in stops for node in stop.nodes]
    one_way = head is not None and is_one_way(head, names.driven)
    one_way_text = word("one_way", names.lang) if one_way else ""
    grade = names.grades.get(first.road_id)
    metres = sum(stop.length_m for stop in stops)
    return SheetRow(
        seq=seq,
        kind="service",
        start_s=first.start_s,
        end_s=last.end_s,
        stops=group,
        place=names.roads.get(first.road_id, first.road_id),
        section=_ids(first.section_id, last.section_id),
        from_name=head.from_name if head else "",
        to_name=tail.to_name if tail else "",
        direction=direction_text(nodes, head, names),
        side=side_text(first, names),
        grade="" if grade is None else (f"{grade}级" if names.lang == "zh" else str(grade)),
        pass_text=_pass_text(first, names.lang),
        length_m=metres,
        area_m2=metres * names.width_m,
        water_l=before.water_l - last.water_l,
        turn=turned,
        text=" ".join(text for text in (_round(first, names), one_way_text) if text),
        one_way=one_way,
        title=_title(first, before, names),
        loaded=names.loaded,
        stream=names.streams.get(first.stream, first.stream),
        bins=sum(stop.bins for stop in stops),
        load_kg=last.load_kg - before.load_kg if names.loaded else 0,
        on_board_kg=last.load_kg,
    )


def _ids(first: str, last: str) -> str:
    """R012-01F…03F for a chain of sections of one road, else the one id."""
    return first if first == last else f"{first}…{last.rpartition('-')[2]}"


def direction_text(nodes: list[int], section: Section | None, names: Names) -> str:
    """Heading, or forward/backward where there is no geometry."""
    led = heading(nodes, names.coords, names.lang)
    if led or section is None:
        return led
    return word(section.direction, names.lang)


def side_text(stop: Stop, names: Names) -> str:
    """The side or lane that a pass keeps to, or the side of the bins that it empties."""
    return _kerb(stop, names.lang) if names.service == "bins" else _side(stop.lane, names.lang)


def _side(lane: int, lang: str) -> str:
    """The side or lane to keep; lane 1 is at the right-hand kerb, 0 is unknown."""
    if lane < 1:
        return ""
    if lane == 1:
        return "靠右路缘" if lang == "zh" else "right kerb"
    return f"右起{lane}道" if lang == "zh" else f"lane {lane}"


def _kerb(stop: Stop, lang: str) -> str:
    """The side of the bins: a street driven one way only has a round's second pass on the left."""
    if stop.pass_no % 2:
        return "右侧" if lang == "zh" else "right side"
    return "左侧" if lang == "zh" else "left side"


def _round(stop: Stop, names: Names) -> str:
    """The round of a row that empties bins, whose form has no column for it."""
    if names.service != "bins":
        return ""
    return f"第{stop.round_no}轮" if names.lang == "zh" else f"round {stop.round_no}"


def _pass_text(stop: Stop, lang: str) -> str:
    if lang == "zh":
        lead = f"{stop.round_no}轮" if stop.round_no > 1 else ""
        return f"{lead}第{stop.pass_no}遍" if stop.pass_no else lead
    lead = f"round {stop.round_no} " if stop.round_no > 1 else ""
    return f"{lead}pass {stop.pass_no}" if stop.pass_no else lead.strip()


def _turn_into(run: Run, index: int, names: Names) -> str:
    """The turn from the street driven last into the first of a stop, "" where unknown.

    A yard, a facility or a site may be left by any arc, so after one there is no turn to announce.
    A stop inside a junction has none either: the turn is told where the street after it is entered.
    """
    goes = _bearing(run.stops[index], names, first=True)
    for before in reversed(run.stops[:index]):
        if before.site_id or before.kind in _LEFT_ANYWHERE:
            return ""
        if before.ways:
            came = _bearing(before, names, first=False)
            if came is None and before.kind == "travel":
                continue
            return "" if came is None or goes is None else word(turn(came, goes), names.lang)
    return ""


def _bearing(stop: Stop, names: Names, first: bool) -> float | None:
    return end_bearing(stop.nodes, stop.ways, names.way_names, names.coords, first)
