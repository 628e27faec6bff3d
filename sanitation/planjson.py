"""plan.json: a plan as its JSON document and back, schema 1 of data/README.md.

Clock times in the document are ISO 8601 with the district's offset; inside they are seconds after
00:00 of the plan's date. No file is touched here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sanitation.errors import UsageError
from sanitation.model import (
    LOADED_SERVICES,
    SITE_SERVICES,
    DayPlan,
    Duty,
    Run,
    Stop,
    Suspended,
    Uncovered,
    Violation,
)
from sanitation.planposts import post_dict, post_of
from sanitation.planvalues import Clock
from sanitation.planvalues import int_of as _int
from sanitation.planvalues import str_of as _str

SCHEMA = 1
_DRIVEN = frozenset({"travel", "service", "return"})
_LEAVES = (str, int, float, bool, type(None))
_HINT = "`sanitation audit` lists every fault of a plan"


def iso_clock(date: str, time_s: int, utc_offset: str) -> str:
    """Seconds after 00:00 of a date as ISO 8601 with the offset."""
    return Clock(date, utc_offset).text(time_s)


def plan_dict(plan: DayPlan) -> dict[str, Any]:
    """The JSON document of a plan: keys in the order of data/README.md, runs sorted by id."""
    clock = Clock(plan.date, plan.utc_offset)
    # A plan that staffs no toilet says nothing of posts.
    posts = {"posts": [post_dict(post, clock) for post in plan.posts]} if plan.posts else {}
    return {
        "schema": SCHEMA,
        "date": plan.date,
        "district": {
            "id": plan.district_id,
            "name": plan.district_name,
            "model": plan.model,
            "utc_offset": plan.utc_offset,
        },
        "seed": plan.seed,
        "conditions": _plain(plan.conditions),
        "indicators": _plain(plan.indicators),
        "runs": [_run_dict(run, clock) for run in sorted(plan.runs, key=lambda run: run.id)],
        **posts,
        "uncovered": [
            {**_duty_dict(entry.duty), "cause": entry.cause, "text": entry.text}
            | {"fix": _plain(entry.fix)}
            for entry in plan.uncovered
        ],
        "suspended": [
            {**_duty_dict(entry.duty), "rule": entry.rule, "text": entry.text}
            for entry in plan.suspended
        ],
        "violations": [
            {"cause": found.cause, "run": found.run_id, "stop": found.stop, "text": found.text}
            for found in plan.violations
        ],
        "provenance": _plain(plan.provenance),
    }


def _plain(value: Any) -> Any:
    """The value as JSON gives it back: tuples are lists, keys are text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _duty_dict(duty: Duty) -> dict[str, Any]:
    if duty.site_id:
        return {
            "service": duty.service,
            "shift": duty.shift_id,
            "site": duty.site_id,
            "stream": duty.stream,
            "round": duty.round_no,
            "load_kg": duty.load_kg,
            "bins": duty.bins,
            "duty": duty.id,
        }
    return {
        "service": duty.service,
        "shift": duty.shift_id,
        "section": duty.section_id,
        "road": duty.road_id,
        "pass": duty.pass_no,
        "round": duty.round_no,
        "lane": duty.lane,
        "length_m": duty.length_m,
        **(
            {"stream": duty.stream, "load_kg": duty.load_kg, "bins": duty.bins} if duty.bins else {}
        ),
        "duty": duty.id,
    }


def _run_dict(run: Run, clock: Clock) -> dict[str, Any]:
    stops = []
    at = 0
    for stop in run.stops:
        stops.append(_stop_dict(stop, at, clock, run.service))
        at = stop.nodes[-1] if stop.nodes else at
    return {
        "id": run.id,
        "service": run.service,
        "shift": run.shift_id,
        "vehicle": run.vehicle_id,
        "driver": run.driver_id,
        "helper": list(run.helper_ids),
        "depot": run.depot_id,
        "start": clock.text(run.start_s),
        "end": clock.text(run.end_s),
        "stops": stops,
    }


def _stop_dict(stop: Stop, at: int, clock: Clock, service: str) -> dict[str, Any]:
    """A stop of a run; ``at`` is the node where the stop before ended."""
    tanked, loaded = service not in SITE_SERVICES, service in LOADED_SERVICES
    at_site = bool(stop.site_id)
    driven = stop.kind in _DRIVEN and not at_site
    work = stop.kind == "service" and not at_site
    row: dict[str, Any] = {
        "kind": stop.kind,
        "start": clock.text(stop.start_s),
        "end": clock.text(stop.end_s),
        "from_node": stop.nodes[0] if stop.nodes else at,
        "to_node": stop.nodes[-1] if stop.nodes else at,
    }
    said: tuple[tuple[str, Any, bool], ...] = (
        ("nodes", list(stop.nodes), driven),
        ("ways", list(stop.ways), driven),
        ("road", stop.road_id, work),
        ("section", stop.section_id, work),
        ("pass", stop.pass_no, work),
        ("round", stop.round_no, work),
        ("lane", stop.lane, work),
        ("site", stop.site_id, at_site),
        ("stream", stop.stream, False),
        ("bins", stop.bins, False),
        ("duty", stop.duty_id, work),
        ("length_m", stop.length_m, driven),
        ("water_l", stop.water_l, tanked),
        ("dirty_l", stop.dirty_l, tanked),
        ("load_kg", stop.load_kg, loaded),
        ("facility", stop.facility, False),
    )
    row |= {key: value for key, value, always in said if always or value}
    return row


def plan_text(plan: DayPlan) -> str:
    """plan.json as text: two-space indent, lists of plain values on one line.

    Raises:
        ValueError: a figure is not finite.
    """
    return _text(plan_dict(plan), "") + "\n"


def _text(value: Any, indent: str) -> str:
    # A plan has half a million node ids: one a line would make it unreadable.
    if isinstance(value, dict) and value:
        more = indent + "  "
        items = [f"{more}{_json(key)}: {_text(item, more)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and not all(isinstance(item, _LEAVES) for item in value):
        more = indent + "  "
        return "[\n" + ",\n".join(more + _text(item, more) for item in value) + f"\n{indent}]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def plan_of(document: Mapping[str, Any]) -> DayPlan:
    """The plan of a JSON document. Duties lose their windows and priority, which it has not.

    Raises:
        UsageError: a key is missing or of the wrong type; `audit` lists every such fault.
    """
    reader = _Reader()
    try:
        return reader.plan(document)
    except KeyError as error:
        fault = f"the key {error.args[0]!r} is missing"
        raise UsageError(f"the plan{reader.place}: {fault}", _HINT) from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise UsageError(f"the plan{reader.place} cannot be read: {error}", _HINT) from error


def times_of(document: Mapping[str, Any]) -> DayPlan:
    """The plan of a document, for the times of its stops; one that cannot be read has no runs."""
    try:
        return plan_of(document)
    except UsageError:
        date = str(document.get("date", ""))
        return DayPlan(date, "", "", False, "", 0, {}, {}, (), (), (), ())


class _Reader:
    """Turns rows into the model; ``place`` is where it is, for the text of a fault."""

    def __init__(self) -> None:
        self.place = ""

    def plan(self, document: Mapping[str, Any]) -> DayPlan:
        district = document["district"]
        clock = Clock(_str(document, "date"), _str(district, "utc_offset"))
        return DayPlan(
            date=document["date"],
            district_id=_str(district, "id"),
            district_name=_str(district, "name"),
            model=bool(district["model"]),
            utc_offset=district["utc_offset"],
            seed=_int(document, "seed"),
            conditions=dict(document["conditions"]),
            indicators=dict(document["indicators"]),
            runs=tuple(self._run(row, clock) for row in document["runs"]),
            uncovered=tuple(self._uncovered(row) for row in document["uncovered"]),
            suspended=tuple(self._suspended(row) for row in document["suspended"]),
            violations=tuple(self._violation(row) for row in document["violations"]),
            provenance=dict(document.get("provenance", {})),
            posts=tuple(post_of(row, clock) for row in document.get("posts", ())),
        )

    def _run(self, row: Mapping[str, Any], clock: Clock) -> Run:
        run = self.place = f", run {row['id']}"
        stops = []
        for index, stop in enumerate(row["stops"]):
            self.place = f"{run}, stop {index}"
            stops.append(_stop_of(stop, clock))
        self.place = run
        found = Run(
            id=_str(row, "id"),
            service=_str(row, "service"),
            shift_id=_str(row, "shift"),
            vehicle_id=_str(row, "vehicle"),
            driver_id=_str(row, "driver"),
            helper_ids=tuple(str(helper) for helper in row.get("helper", ())),
            depot_id=_str(row, "depot"),
            start_s=clock.seconds(row["start"]),
            end_s=clock.seconds(row["end"]),
            stops=tuple(stops),
        )
        self.place = ""
        return found

    def _uncovered(self, row: Mapping[str, Any]) -> Uncovered:
        self.place = ", uncovered"
        return Uncovered(_duty_of(row), _str(row, "cause"), _str(row, "text"), dict(row["fix"]))

    def _suspended(self, row: Mapping[str, Any]) -> Suspended:
        self.place = ", suspended"
        return Suspended(_duty_of(row), _str(row, "rule"), _str(row, "text"))

    def _violation(self, row: Mapping[str, Any]) -> Violation:
        self.place = ", violations"
        run = _str(row, "run", "")
        return Violation(_str(row, "cause"), run, _int(row, "stop", -1), _str(row, "text"))


def _stop_of(row: Mapping[str, Any], clock: Clock) -> Stop:
    return Stop(
        kind=_str(row, "kind"),
        start_s=clock.seconds(row["start"]),
        end_s=clock.seconds(row["end"]),
        nodes=_nodes(row),
        ways=tuple(int(way) for way in row.get("ways", ())),
        length_m=_int(row, "length_m", 0),
        duty_id=_str(row, "duty", ""),
        section_id=_str(row, "section", ""),
        road_id=_str(row, "road", ""),
        pass_no=_int(row, "pass", 0),
        round_no=_int(row, "round", 0),
        lane=_int(row, "lane", 0),
        facility=_str(row, "facility", ""),
        water_l=_int(row, "water_l", 0),
        dirty_l=_int(row, "dirty_l", 0),
        site_id=_str(row, "site", ""),
        stream=_str(row, "stream", ""),
        load_kg=_int(row, "load_kg", 0),
        bins=_int(row, "bins", 0),
    )


def _nodes(row: Mapping[str, Any]) -> tuple[int, ...]:
    """The nodes driven; of a transfer, which has none, the one it leaves and the one it reaches."""
    if row["kind"] == "transfer":
        return _int(row, "from_node"), _int(row, "to_node")
    return tuple(int(node) for node in row.get("nodes", ()))


def _duty_of(row: Mapping[str, Any]) -> Duty:
    if "site" in row:
        return _site_duty(row)
    service, shift, section = (_str(row, key) for key in ("service", "shift", "section"))
    pass_no, round_no = _int(row, "pass"), _int(row, "round")
    return Duty(
        id=_str(row, "duty", f"{service}/{shift}/{section}/r{round_no}p{pass_no}"),
        service=service,
        shift_id=shift,
        section_id=section,
        road_id=_str(row, "road"),
        round_no=round_no,
        pass_no=pass_no,
        lane=_int(row, "lane", 0),
        length_m=_int(row, "length_m"),
        windows=(),
        priority=0,
        stream=_str(row, "stream", ""),
        load_kg=_int(row, "load_kg", 0),
        bins=_int(row, "bins", 0),
    )


def _site_duty(row: Mapping[str, Any]) -> Duty:
    return Duty(
        id=_str(row, "duty"),
        service=_str(row, "service"),
        shift_id=_str(row, "shift"),
        section_id="",
        road_id="",
        round_no=_int(row, "round"),
        pass_no=0,
        lane=0,
        length_m=0,
        windows=(),
        priority=0,
        site_id=_str(row, "site"),
        stream=_str(row, "stream"),
        load_kg=_int(row, "load_kg"),
        bins=_int(row, "bins"),
    )
