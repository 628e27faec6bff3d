"""Work at sites: ids, seconds, hours and lanes of each visit; each due load, haul and round once.

What is due at the communities and toilets follows from the tables alone (waste.py, toilets.py), at
septic tanks from the tables and the levels (septic.py). Hauls are as many as a plan needs: whether
they suffice shows in the containers, see stations.py.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from fleet.model import VehicleType
from sanitation.audit.books import Books
from sanitation.audit.causes import clock, found
from sanitation.audit.rows import NUMBERED, OUTSIDE_SERVICES, PlanRows, RunRow, SiteRow, StopRow
from sanitation.audit.toilets import SERVICE as ROUNDS
from sanitation.audit.toilets import foot_banned
from sanitation.audit.waste import DueLoad
from sanitation.model import Violation
from sanitation.places import NIGHT_SOIL

Known = tuple[int, str, str, str, Iterable[str]]  # stop, Chinese, English, id, the known ids
Place = tuple[str, str, str, int]  # service, site, stream, number of the load or visit, or 0


def visits(runs: Iterable[RunRow]) -> Iterator[tuple[RunRow, StopRow]]:
    """Every service at a site with its run, in the order of runs and stops."""
    for run in runs:
        for stop in run.stops:
            if stop.site:
                yield run, stop


def site_duty_id(row: RunRow | SiteRow, stop: StopRow | SiteRow) -> str:
    """The id of the duty that a visit's or a list's other columns describe."""
    stream = "" if row.service == "septic" else stop.stream
    parts = [row.service, row.shift, stop.site, stream]
    parts += [f"r{stop.round_no}"] if row.service in NUMBERED else []
    return "/".join(part for part in parts if part)


def due_load(place: Place, books: Books) -> DueLoad | None:
    """What is due of a load at a place; None where it is not due, or no tables say how much."""
    service, site, stream, number = place
    if service == "collect":
        return books.waste.due.get((site, stream))
    if service == "septic" and stream == NIGHT_SOIL:
        return books.septic.due.get((site, number))
    return None


def place_of(row: RunRow | SiteRow, stop: StopRow | SiteRow) -> Place:
    """The load or the visit that a stop or a row of a list is about."""
    number = stop.round_no if row.service in NUMBERED else 0
    return row.service, stop.site, stop.stream, number


def site_ids(run: RunRow, stop: StopRow, books: Books) -> Iterator[Known]:
    """What a visit, an unloading or a transfer names, and the ids that would be known."""
    waste = books.waste
    stations = (stop.index, "转运站", "station")
    if stop.kind == "transfer":
        places = {**waste.terminals, **waste.stations, **dict.fromkeys(books.depots)}
        yield stop.index, "转运去处", "place for a transfer", stop.facility, places
    elif stop.kind == "unload" and run.service in OUTSIDE_SERVICES:
        yield stop.index, "处理终端", "terminal", stop.facility, waste.terminals
    elif stop.kind == "unload":
        yield *stations, stop.facility, waste.stations
    elif run.service == ROUNDS:
        yield stop.index, "公厕", "toilet", stop.site, books.rounds.toilets
    elif run.service == "haul":
        yield *stations, stop.site, waste.stations
    elif run.service == "septic":
        yield stop.index, "化粪池", "septic tank", stop.site, books.septic.tanks
    else:
        yield stop.index, "小区", "community", stop.site, waste.communities
    if stop.site and run.service != ROUNDS:
        yield stop.index, "垃圾类别", "stream", stop.stream, _streams(run.service, books)
    if stop.site and stop.duty:
        yield stop.index, "任务", "such duty", stop.duty, (site_duty_id(run, stop),)


def site_s(run: RunRow, stop: StopRow, books: Books, kind: VehicleType) -> tuple[float, bool]:
    """Least seconds of a visit, and whether far more are too many."""
    if run.service == "haul":
        return books.rules["hook_s"], False
    if run.service not in kind.services:
        return 0.0, False  # named as the wrong kind of truck
    if run.service == ROUNDS:
        visit = books.rounds.due.get((stop.site, stop.round_no))
        return (kind.stop_s + visit.work_s, True) if visit else (0.0, False)
    due = due_load(place_of(run, stop), books) or DueLoad(0, stop.bins)
    return kind.stop_s + due.bins * kind.bin_s + due.kg * kind.pump_s_per_m3 / 1000, True


def unload_s(run: RunRow, stop: StopRow, books: Books) -> float:
    """Least seconds of an unloading, 0 at an unknown place."""
    if run.service in OUTSIDE_SERVICES:
        terminal = books.waste.terminals.get(stop.facility)
        return terminal.tip_s if terminal else 0.0
    station = books.waste.stations.get(stop.facility)
    return station.unload_s if station else 0.0


def judge_visits(run: RunRow, books: Books) -> Iterator[Violation]:
    """Communities are visited in the stream's hours and their own, by trucks that fit; septic tanks
    in a shift of theirs."""
    if run.service not in ("collect", "septic"):
        return
    kind = books.kind_of(run.vehicle)
    if run.service == "septic" and run.shift in books.shifts.keys() - books.septic.shifts:
        yield found(
            "window",
            run.id,
            -1,
            f"班次 {run.shift} 不清掏化粪池",
            f"septic tanks are not emptied in shift {run.shift}",
        )
    for _, stop in visits((run,)):
        community = books.waste.communities.get(stop.site) if run.service == "collect" else None
        narrow = stop.site in books.septic.narrow or (
            community is not None and community.access == "narrow"
        )
        able = kind is not None and run.service in kind.services
        if kind and able and narrow and not kind.narrow:
            yield found(
                "access",
                run.id,
                stop.index,
                f"{stop.site} 道路狭窄，{run.vehicle}（{kind.name}）无法进入",
                f"{stop.site} has narrow lanes, {run.vehicle} is a {kind.name_en}",
            )
        if community and run.shift in books.shifts and stop.stream in books.waste.streams:
            yield from _hours(run, stop, community.windows, books)


def _hours(
    run: RunRow, stop: StopRow, own: tuple[tuple[int, int], ...], books: Books
) -> Iterator[Violation]:
    hours = books.waste.hours.get((stop.stream, run.shift), ())
    at = f"{clock(stop.start_s)}–{clock(stop.end_s)}"
    if not hours:
        yield found(
            "window",
            run.id,
            stop.index,
            f"{at} 在班次 {run.shift} 收 {stop.stream}，该类不在此班收运",
            f"{stop.stream} at {at.replace('–', '-')}, which is not collected in shift {run.shift}",
        )
        return
    for spans, zh, en in ((hours, f"{stop.stream} 的", stop.stream), (own, stop.site, stop.site)):
        late_s = [max(low - stop.start_s, stop.end_s - high, 0) for low, high in spans]
        if late_s and min(late_s) > 0:
            times = ", ".join(f"{clock(low)}–{clock(high)}" for low, high in spans)
            yield found(
                "window",
                run.id,
                stop.index,
                f"{at} 收运，{zh}时段为 {times}（差 {min(late_s)} s）",
                f"collects {at.replace('–', '-')}, the hours of {en} are "
                f"{times.replace('–', '-')} ({min(late_s)} s outside)",
            )
            return


def judge_accounts(rows: PlanRows, books: Books) -> Iterator[Violation]:
    """Every due load and every haul is done once or listed once, and nothing else is."""
    seen: dict[Place, str] = {}
    for run, stop in visits(rows.runs):
        place = place_of(run, stop)
        if not _is_known(run.service, stop.site, stop.stream, books):
            continue  # named as unknown elsewhere
        if place in seen:
            yield found(
                "served_twice",
                run.id,
                stop.index,
                f"{_name(place)} 已由 {seen[place]} 完成",
                f"{_name(place)} is done by run {seen[place]} already",
            )
            continue
        seen[place] = run.id
        if not _is_due(place, books):
            yield found(
                "over_served",
                run.id,
                stop.index,
                f"{_name(place)} 今日不应作业",
                f"{_name(place)} is not due today",
            )
    for work in rows.site_works:
        yield from _listed(work, seen, books)
    for (site, number), visit in sorted(books.rounds.due.items()):
        place = (ROUNDS, site, "", number)
        if place not in seen:
            yield found(
                "pass_missing",
                "",
                -1,
                f"{_name(place)} 应在班次 {visit.shift} 保洁，计划中没有",
                f"{_name(place)} is due in shift {visit.shift} but not in the plan",
            )
    for (site, stream), due in sorted(books.waste.due.items()):
        place = ("collect", site, stream, 0)
        if place not in seen:
            yield found(
                "pass_missing",
                "",
                -1,
                f"{_name(place)} 应收 {due.kg} kg（{due.bins} 桶），计划中没有",
                f"{_name(place)} is due ({due.kg} kg, {due.bins} bins) but not in the plan",
            )
    for (tank, number), due in sorted(books.septic.due.items()):
        place = ("septic", tank, NIGHT_SOIL, number)
        if place not in seen and tank in books.septic.must:
            yield found(
                "pass_missing",
                "",
                -1,
                f"{_name(place)} 应清掏 {due.kg} kg，计划中没有",
                f"{_name(place)} is due ({due.kg} kg) but not in the plan",
            )


def _streams(service: str, books: Books) -> Iterable[str]:
    """The streams that a service may name."""
    return (NIGHT_SOIL,) if service == "septic" else books.waste.streams


def _place(service: str, row: StopRow | SiteRow) -> Place:
    return service, row.site, row.stream, row.round_no if service in NUMBERED else 0


def _is_known(service: str, site: str, stream: str, books: Books) -> bool:
    waste = books.waste
    if service == ROUNDS:
        return site in books.rounds.toilets
    sites: Container[str] = waste.communities
    if service in OUTSIDE_SERVICES:
        sites = waste.stations if service == "haul" else books.septic.tanks
    return site in sites and stream in _streams(service, books)


def _is_due(place: Place, books: Books) -> bool:
    service, site, _, number = place
    if service == ROUNDS:
        return (site, number) in books.rounds.due
    if service == "haul":
        return service in books.services
    return due_load(place, books) is not None


def _name(place: Place) -> str:
    service, site, stream, number = place
    parts = (service, site, stream, f"r{number}" if service in NUMBERED else "")
    return "/".join(part for part in parts if part)


def _listed(work: SiteRow, seen: dict[Place, str], books: Books) -> Iterator[Violation]:
    """A duty of a list: known, due, in no run, of the right size, and suspended with ground."""
    place = place_of(work, work)
    name = _name(place)
    if work.shift not in books.shifts or not _is_known(work.service, work.site, work.stream, books):
        ids = "/".join(part for part in (work.shift, work.site, work.stream) if part)
        yield found(
            "unknown_id",
            "",
            -1,
            f"清单中 {ids} 不存在",
            f"the lists name {ids}, which is not there",
        )
        return
    zh, en = ("未覆盖", "uncovered") if work.listed == "uncovered" else ("停作业", "suspended")
    due = due_load(place, books)
    if place in seen or not _is_due(place, books):
        done = place in seen
        yield found(
            "over_served",
            "",
            -1,
            f"{name} {'已安排' if done else '今日不应作业'}，又列为{zh}（{work.load_kg:.0f} kg）",
            f"{name} is listed as {en} ({work.load_kg:.0f} kg) and "
            f"{'accounted for elsewhere too' if done else 'not due today'}",
        )
    elif due and (work.load_kg, work.bins) != (due.kg, due.bins):
        yield found(
            "load",
            "",
            -1,
            f"{name} 列为 {work.load_kg:.0f} kg、{work.bins} 桶，应为 {due.kg} kg、{due.bins} 桶",
            f"{name} is listed with {work.load_kg:.0f} kg and {work.bins} bins, "
            f"due are {due.kg} kg and {due.bins} bins",
        )
    seen.setdefault(place, zh)
    if work.listed == "suspended" and not _may_stop(work, books):
        yield found(
            "suspended_wrong",
            "",
            -1,
            f"{name} 以 {work.rule!r} 停作业（{work.load_kg:.0f} kg），该规则并不成立",
            f"{name} ({work.load_kg:.0f} kg) is suspended by {work.rule!r}, which does not hold",
        )


def _may_stop(work: SiteRow, books: Books) -> bool:
    """Whether a duty may be suspended by the rule that it names."""
    if work.rule == "order":
        return books.orders.is_left_out(work.site, "", work.shift)
    visit = books.rounds.due.get((work.site, work.round_no)) if work.service == ROUNDS else None
    return work.rule == "foot_ban" and visit is not None and foot_banned(visit, work.site, books)
