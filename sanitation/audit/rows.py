"""The plan's JSON as typed rows. Whatever is missing or of the wrong type becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanitation.audit.reader import Reader
from sanitation.audit.recorded import alerts, hourly, limits, names_days
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, Violation

STREET_SERVICES = ("wash", "sprinkle", "sweep", "bins")
SERVICES = (*STREET_SERVICES, *sorted(SITE_SERVICES))
NUMBERED = ("haul", "septic", "toilet")  # what is done at a site is counted there
DRIVEN = ("travel", "service", "return")
STANDING = ("depart", "fill", "dump", "unload", "transfer", "rest", "wait")
AT_FACILITY = ("depart", "fill", "dump", "unload", "transfer")
# Their trucks go to terminals, and the duties of a site are numbered.
OUTSIDE_SERVICES = frozenset({"haul", "septic"})
_TANKED = frozenset({"fill", "dump"})
# Kinds of stop that a service has not: a truck with a load has no tanks, others no load.
_FOREIGN = {
    "collect": _TANKED | {"transfer"},
    **dict.fromkeys(OUTSIDE_SERVICES, _TANKED),
    "toilet": _TANKED | {"unload", "transfer"},
    **dict.fromkeys(STREET_SERVICES, frozenset({"unload", "transfer"})),
    "bins": _TANKED | {"transfer"},
}
WEATHERS = ("clear", "cloudy", "rain", "snow")


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop. Times are seconds after 00:00 of the plan's date; None: not stated.

    ``site`` is that of a service at a site, "" of every other stop.
    """

    index: int
    kind: str
    start_s: int
    end_s: int
    from_node: int
    to_node: int
    nodes: tuple[int, ...]
    ways: tuple[int, ...]
    length_m: float
    road: str
    section: str
    pass_no: int
    round_no: int
    duty: str
    facility: str
    water_l: float | None
    dirty_l: float | None
    site: str = ""
    stream: str = ""
    bins: int = 0
    load_kg: float = 0.0

    @property
    def is_driven(self) -> bool:
        """Whether the vehicle drives along streets in this stop."""
        return self.kind in DRIVEN and not self.site


@dataclass(frozen=True, slots=True)
class RunRow:
    id: str
    service: str
    shift: str
    vehicle: str
    driver: str
    helpers: tuple[str, ...]
    depot: str
    start_s: int
    end_s: int
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A duty that is listed as uncovered or suspended; ``rule`` is its cause or rule."""

    service: str
    shift: str
    road: str
    section: str
    pass_no: int
    round_no: int
    length_m: float
    duty: str
    rule: str
    bins: int = 0
    load_kg: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A duty at a site that is listed as uncovered or suspended; ``rule`` is its cause or rule."""

    listed: str  # uncovered, suspended
    service: str
    shift: str
    site: str
    stream: str
    round_no: int
    load_kg: float
    bins: int
    duty: str
    rule: str


@dataclass(frozen=True, slots=True)
class PlanRows:
    """The plan as read. ``hourly_c`` maps the hour (negative: the evening before) to degrees C.

    ``uncovered`` and ``suspended`` are on streets, ``site_works`` both kinds of list at sites.
    Of the options ``closed`` are stations where nothing may be unloaded on the day, ``tonnage`` the
    share of the tables' waste that it brings and ``event`` whether it brings crowds;
    ``has_history``: plans of days before are named.
    """

    day: date
    weather: str
    tmax_c: float
    hourly_c: Mapping[int, float]
    alerts: tuple[tuple[str, str], ...]
    active: frozenset[str]
    season: str
    runs: tuple[RunRow, ...]
    uncovered: tuple[WorkRow, ...]
    suspended: tuple[WorkRow, ...]
    site_works: tuple[SiteRow, ...]
    indicators: Mapping[str, Any]
    listed_causes: tuple[str, ...]
    options: Mapping[str, Any]
    closed: frozenset[str]
    tonnage: float
    event: bool
    has_history: bool
    orders: tuple[Mapping[str, Any], ...]


def read_plan(plan: object, utc_offset: str) -> tuple[PlanRows | None, list[Violation]]:
    """The plan's rows and every fault of their form.

    Args:
        plan: the JSON document, of any shape.

    Returns:
        (rows, faults); rows is None where not even the date can be read. Runs with a fault are
        left out of the rows.
    """
    reader = Reader()
    if not isinstance(plan, dict):
        reader.fault("plan.json", "应为对象", "must be an object")
        return None, reader.faults
    if plan.get("schema") != 1 or isinstance(plan.get("schema"), bool):
        reader.fault("schema", f"应为 1，却是 {plan.get('schema')!r}", "must be 1")
    text = reader.text(plan, "date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        if text:
            reader.fault("date", f"{text!r} 不是日期", f"{text!r} is no date")
        return None, reader.faults
    reader.begin_day(day, utc_offset)
    runs = _runs(reader, plan)
    uncovered, sites_uncovered = _works(reader, plan, "uncovered", "cause")
    suspended, sites_suspended = _works(reader, plan, "suspended", "rule")
    reader.at()
    causes = [row.get("cause") for row in reader.tables(plan, "violations", needed=False)]
    indicators = reader.table(plan, "indicators", needed=False)
    conditions = reader.table(plan, "conditions")
    provenance = reader.table(plan, "provenance", needed=False)
    reader.at(place="provenance.")
    options = reader.table(provenance, "options", needed=False)
    orders = reader.tables(provenance, "orders", needed=False)
    reader.at(place="provenance.options.")
    closed, tonnage = limits(reader, options)
    reader.at(place="conditions.")
    weather = reader.text(conditions, "weather")
    if weather and weather not in WEATHERS:
        reader.fault("weather", f"不认识 {weather!r}", f"{weather!r} is not one of {WEATHERS}")
    rows = PlanRows(
        day=day,
        weather=weather,
        tmax_c=reader.number(conditions, "tmax_c") or 0.0,
        hourly_c=hourly(reader, conditions),
        alerts=alerts(reader, conditions),
        active=frozenset(str(name) for name in reader.items(conditions, "active", needed=False)),
        season=reader.text(conditions, "season", needed=False),
        runs=runs,
        uncovered=uncovered,
        suspended=suspended,
        site_works=(*sites_uncovered, *sites_suspended),
        indicators=indicators,
        listed_causes=tuple(sorted({cause for cause in causes if isinstance(cause, str)})),
        options=options,
        closed=closed,
        tonnage=tonnage,
        event=options.get("event") is True,
        has_history=names_days(provenance.get("history")),
        orders=tuple(orders),
    )
    return rows, reader.faults


def _works(
    reader: Reader, plan: Mapping[str, Any], key: str, rule: str
) -> tuple[tuple[WorkRow, ...], tuple[SiteRow, ...]]:
    """The rows of a list of duties: those on streets, and those at sites."""
    reader.at()
    works, sites = [], []
    for index, row in enumerate(reader.tables(plan, key, needed=False)):
        before = len(reader.faults)
        reader.at(place=f"{key}[{index}].")
        work = site = None
        if str(row.get("service")) in SITE_SERVICES:
            site = _site_work(reader, row, key, rule)
        else:
            work = _work(reader, row, rule)
        if len(reader.faults) > before:
            continue
        if work:
            works.append(work)
        if site:
            sites.append(site)
    return tuple(works), tuple(sites)


def _work(reader: Reader, row: Mapping[str, Any], rule: str) -> WorkRow:
    service = reader.text(row, "service")
    return WorkRow(
        service=service,
        shift=reader.text(row, "shift"),
        road=reader.text(row, "road"),
        section=reader.text(row, "section"),
        pass_no=reader.whole(row, "pass"),
        round_no=reader.whole(row, "round"),
        length_m=reader.number(row, "length_m") or 0.0,
        duty=reader.text(row, "duty", needed=False),
        rule=reader.text(row, rule),
        bins=reader.whole(row, "bins", service == "bins"),
        load_kg=reader.number(row, "load_kg", service == "bins") or 0.0,
    )


def _site_work(reader: Reader, row: Mapping[str, Any], listed: str, rule: str) -> SiteRow:
    service = reader.text(row, "service")
    loaded = service in LOADED_SERVICES
    return SiteRow(
        listed=listed,
        service=service,
        shift=reader.text(row, "shift"),
        site=reader.text(row, "site"),
        stream=reader.text(row, "stream", loaded),
        round_no=reader.whole(row, "round", service in NUMBERED),
        load_kg=reader.number(row, "load_kg", loaded) or 0.0,
        bins=reader.whole(row, "bins", service == "collect"),
        duty=reader.text(row, "duty", needed=False),
        rule=reader.text(row, rule),
    )


def _runs(reader: Reader, plan: Mapping[str, Any]) -> tuple[RunRow, ...]:
    reader.at()
    runs: dict[str, RunRow] = {}
    for index, row in enumerate(reader.tables(plan, "runs")):
        before = len(reader.faults)
        reader.at(place=f"runs[{index}].")
        name = reader.text(row, "id")
        reader.at(name, -1, "" if name else f"runs[{index}].")
        service = reader.text(row, "service")
        if service and service not in SERVICES:
            reader.fault("service", f"不认识 {service!r}", f"{service!r} is not judged")
        helpers = reader.items(row, "helper", needed=False)
        if not all(isinstance(helper, str) for helper in helpers):
            reader.fault("helper", "应为编号列表", "must be a list of ids")
        run = RunRow(
            id=name,
            service=service,
            shift=reader.text(row, "shift"),
            vehicle=reader.text(row, "vehicle"),
            driver=reader.text(row, "driver"),
            helpers=tuple(str(helper) for helper in helpers),
            depot=reader.text(row, "depot"),
            start_s=reader.clock(row, "start"),
            end_s=reader.clock(row, "end"),
            stops=_stops(reader, name, service, row),
        )
        reader.at(name)
        kinds = [stop.kind for stop in run.stops]
        if kinds[:1] != ["depart"] or kinds[-1:] != ["return"] or kinds.count("depart") > 1:
            reader.fault("stops", "应自出车至收车", "must begin with depart and end with return")
        elif "return" in kinds[:-1]:
            reader.fault("stops", "中途收车", "have a return before the end")
        if name in runs:
            reader.fault("id", "与另一趟重复", "is the id of another run too")
        if len(reader.faults) == before:
            runs[name] = run
    return tuple(runs[name] for name in sorted(runs))


def _stops(reader: Reader, run: str, service: str, row: Mapping[str, Any]) -> tuple[StopRow, ...]:
    stops = []
    for index, stop in enumerate(reader.tables(row, "stops")):
        reader.at(run, index)
        stops.append(_stop(reader, index, service, stop))
    reader.at(run)
    return tuple(stops)


def _stop(reader: Reader, index: int, service: str, row: Mapping[str, Any]) -> StopRow:
    kind = reader.text(row, "kind")
    if kind and kind not in DRIVEN + STANDING:
        reader.fault("kind", f"不认识 {kind!r}", f"{kind!r} is not a kind of stop judged here")
    elif kind in _FOREIGN.get(service, ()):
        reader.fault("kind", f"{service} 无 {kind!r}", f"{kind!r} is no stop of {service}")
    loaded = service in LOADED_SERVICES
    takes = loaded and kind == "service"
    at_site = service in SITE_SERVICES and kind == "service"
    driven, work = kind in DRIVEN and not at_site, kind == "service" and not at_site
    stop = StopRow(
        index=index,
        kind=kind,
        start_s=reader.clock(row, "start"),
        end_s=reader.clock(row, "end"),
        from_node=reader.whole(row, "from_node"),
        to_node=reader.whole(row, "to_node"),
        nodes=reader.ids(row, "nodes", driven),
        ways=reader.ids(row, "ways", driven),
        length_m=reader.number(row, "length_m", driven or kind == "transfer") or 0.0,
        road=reader.text(row, "road", work),
        section=reader.text(row, "section", work),
        pass_no=reader.whole(row, "pass", work),
        round_no=reader.whole(row, "round", work or (at_site and service in NUMBERED)),
        duty=reader.text(row, "duty", needed=False),
        facility=reader.text(row, "facility", kind in AT_FACILITY),
        water_l=reader.number(row, "water_l", needed=False),
        dirty_l=reader.number(row, "dirty_l", needed=False),
        site=reader.text(row, "site") if at_site else "",
        stream=reader.text(row, "stream", takes) if loaded else "",
        bins=reader.whole(row, "bins", service not in OUTSIDE_SERVICES) if takes else 0,
        load_kg=(reader.number(row, "load_kg") or 0.0) if loaded else 0.0,
    )
    ways, nodes = len(stop.ways), len(stop.nodes)
    if driven and ways + 1 != nodes:
        en = f"must be one fewer than nodes: {ways} and {nodes}"
        reader.fault("ways", f"应比节点少一个：{ways} 与 {nodes}", en)
    if not driven and stop.ways:
        reader.fault("ways", "停留时不应有", "must be absent where the vehicle stands")
    return stop
