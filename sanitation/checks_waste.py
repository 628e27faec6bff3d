"""Checks of the waste tables: every stream on its whole way, from the communities to a terminal.

The tables of waste (streams, collection, station_streams, terminals, terminal_ways) come together
or not at all. Without them nothing is collected, and only what stands in the other tables is
checked. Whether the fleet is large enough for a day is no fault of the tables: the plan says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sanitation.cells import did_you_mean, folded, unit_doubt
from sanitation.checks_ids import ids, known_ids, once
from sanitation.errors import Problem
from sanitation.places import NIGHT_SOIL
from sanitation.schema import KNOWN_SERVICES, TABLE
from sanitation.schema_waste import STREAMS
from sanitation.tables import Row, Tables, fault


def check_waste(tables: Tables) -> list[Problem]:
    """Every fault of communities, stations and trucks that no single cell shows."""
    problems = _services(tables["vehicle_types"])
    problems += _too_little(tables["communities"])
    for table in ("stations", "terminals"):
        problems += _hours(table, tables[table])
    if not tables["streams"]:
        return problems
    problems += _names(tables)
    problems += _trucks(tables["vehicle_types"])
    problems += _containers(tables["station_streams"])
    problems += _times(tables)
    problems += _haul_shifts(tables["shifts"])
    for stream in tables["streams"]:
        if "stream_id" in stream.values:
            problems += _way_of(stream, tables)
            problems += _loads(stream, tables)
            problems += _own_windows(stream.values["stream_id"], tables)
    problems += _slots(tables)
    problems += _depots(tables)
    return problems


def services_of(row: Row) -> list[str]:
    """The services of a vehicle type's row."""
    return [folded(part) for part in row.values.get("services", "").split(";") if part.strip()]


def _read(rows: Sequence[Row], *columns: str) -> Iterator[tuple[Row, Any]]:
    """Rows of which these cells could be read, with their values."""
    for row in rows:
        values = tuple(row.values.get(column) for column in columns)
        if None not in values:
            yield row, values if len(values) > 1 else values[0]


def _all_read(rows: Sequence[Row], column: str) -> bool:
    """Whether nothing is missing in a column: what a fault hides is not called absent as well."""
    return bool(rows) and all(column in row.values for row in rows)


def _trucks_of(tables: Tables, service: str, stream: str) -> list[Row]:
    """Vehicle types that do the service and carry the stream."""
    return [
        row
        for row in tables["vehicle_types"]
        if service in services_of(row) and stream in row.values.get("streams", ())
    ]


def _services(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row in rows:
        for service in services_of(row):
            if service not in KNOWN_SERVICES:
                hint = did_you_mean(service, KNOWN_SERVICES)
                hint = hint or "one of: " + ", ".join(KNOWN_SERVICES)
                problems.append(
                    fault("vehicle_types", row, "services", "is no service", hint, service)
                )
    return problems


def _too_little(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row, (kilograms, households) in _read(rows, "residual_kg", "households"):
        if 0 < kilograms < 5 and households > 50:
            text = f"is too little for {households} households"
            hint = unit_doubt(kilograms, 20, 100_000, "kg/d")
            problems.append(fault("communities", row, "residual_kg", text, hint))
    return problems


def _hours(table: str, rows: Sequence[Row]) -> list[Problem]:
    return [
        fault(table, row, "close", "closes before it opens", "24:00 is the end of the day")
        for row, (opens, closes) in _read(rows, "open", "close")
        if opens >= closes
    ]


def _names(tables: Tables) -> list[Problem]:
    """Streams and places that are named in cells of several kinds, and pairs given twice."""
    streams = ids(tables["streams"], "stream_id")
    streams |= {NIGHT_SOIL} if streams else frozenset()
    places = ids(tables["stations"], "station_id") | ids(tables["depots"], "depot_id")
    ways = tables["terminal_ways"]
    problems = []
    for table in ("vehicle_types", "terminals"):
        problems += known_ids(table, "streams", tables[table], streams, "is not in streams.csv")
    text = "is neither in stations.csv nor in depots.csv"
    problems += known_ids("terminal_ways", "place_id", ways, places, text)
    problems += once("terminal_ways", ("place_id", "terminal_id"), ways)
    problems += once("station_streams", ("station_id", "stream"), tables["station_streams"])
    problems += once("collection", ("stream", "shift_id"), tables["collection"])
    return problems


def _trucks(rows: Sequence[Row]) -> list[Problem]:
    """Trucks that collect or haul carry something, and collecting takes time."""
    problems = []
    for row in rows:
        services = services_of(row)
        service = next((name for name in ("collect", "haul") if name in services), None)
        if service is None:
            continue
        why = f"a type that does {service} needs it"
        if row.values.get("payload_kg") == 0:
            problems.append(fault("vehicle_types", row, "payload_kg", "no payload", why))
        if row.values.get("streams") == ():
            problems.append(fault("vehicle_types", row, "streams", "no streams", why))
        if "collect" in services and row.values.get("stop_s") == row.values.get("bin_s") == 0:
            hint = "give the seconds of each stop in stop_s, those of each bin in bin_s"
            problems.append(fault("vehicle_types", row, "bin_s", "collecting takes no time", hint))
    return problems


def _containers(rows: Sequence[Row]) -> list[Problem]:
    problems = []
    for row, (places, size, opening) in _read(rows, "places", "container_kg", "opening_kg"):
        if opening > places * size:
            text = f"is more than {places} containers of {size:,} kg hold"
            problems.append(fault("station_streams", row, "opening_kg", text))
    return problems


def _times(tables: Tables) -> list[Problem]:
    """Hours of collection lie in their shift, and a shift takes one stream."""
    shifts = {
        row.values.get("shift_id"): hours for row, hours in _read(tables["shifts"], "start", "end")
    }
    first: dict[str, Row] = {}
    problems = []
    rows = tables["collection"]
    for row, (shift_id, stream) in _read(rows, "shift_id", "stream"):
        before = first.setdefault(shift_id, row)
        if before.values["stream"] != stream:
            text = f"is already the shift of {before.values['stream']} (line {before.line})"
            hint = "a stream's trucks have a shift of their own"
            problems.append(fault("collection", row, "shift_id", text, hint))
    for row, (start, end) in _read(rows, "start", "end"):
        shift = shifts.get(row.values.get("shift_id"))
        if start >= end:
            problems.append(fault("collection", row, "end", "ends before it starts"))
        elif shift is not None and not shift[0] <= start < end <= shift[1]:
            column = "start" if start < shift[0] else "end"
            text = f"is outside shift {row.values['shift_id']} ({_span(*shift)})"
            problems.append(fault("collection", row, column, text))
    return problems


def _haul_shifts(shifts: Sequence[Row]) -> list[Problem]:
    """Containers leave in a shift: no other table says which one that is."""
    if not _all_read(shifts, "services") or any("haul" in r.values["services"] for r in shifts):
        return []
    hint = "write haul in the column services of a shift"
    return [fault("shifts", shifts[0], "services", "no shift is one of haulage", hint)]


def _span(*ends_s: int) -> str:
    clocks = (divmod(at % 86_400 if at < 0 else at, 3600) for at in ends_s)
    marks = ("-1d " if at < 0 else "" for at in ends_s)
    return "-".join(
        f"{mark}{hour:02d}:{left // 60:02d}"
        for mark, (hour, left) in zip(marks, clocks, strict=True)
    )


def _way_of(stream: Row, tables: Tables) -> list[Problem]:
    """A stream that communities have is collected, taken in, hauled and emptied."""
    name = stream.values["stream_id"]
    bringing = [row for row in tables["communities"] if row.values.get(f"{name}_kg")]
    if not bringing:
        return []
    problems = []

    def say(text: str, hint: str) -> None:
        problems.append(fault("streams", stream, "stream_id", text, hint))

    collecting = _trucks_of(tables, "collect", name)
    narrow = [row for row in bringing if row.values.get("access") == "narrow"]
    if _all_read(tables["collection"], "stream") and name not in ids(
        tables["collection"], "stream"
    ):
        say("has no hours of collection", "collection.csv needs a row of it")
    typed = all(_all_read(tables["vehicle_types"], column) for column in ("services", "streams"))
    if typed and not collecting:
        hint = "vehicle_types.csv needs a type with the service collect and this stream"
        say("no vehicle type collects it", hint)
    elif typed and narrow and not any(row.values.get("narrow", True) for row in collecting):
        shown = narrow[0].values.get("community_id", "")
        hint = f"communities with narrow access: {len(narrow)}, {shown} first; set narrow to 1"
        say("no vehicle type that collects it fits narrow lanes", hint)
    accepting = [row for row in tables["station_streams"] if row.values.get("stream") == name]
    if _all_read(tables["station_streams"], "stream") and not accepting:
        say("no station accepts it", "station_streams.csv needs a row of it")
    taking = {
        row.values.get("terminal_id")
        for row in tables["terminals"]
        if name in row.values.get("streams", ())
    }
    if _all_read(tables["terminals"], "streams") and not taking:
        say("no terminal takes it", "terminals.csv needs one with this stream")
    payloads = [row.values.get("payload_kg", 0) for row in _trucks_of(tables, "haul", name)]
    if typed and not payloads:
        hint = "vehicle_types.csv needs a type with the service haul and this stream"
        say("no vehicle type hauls it", hint)
    return [*problems, *_from_stations(accepting, max(payloads, default=0), taking, tables)]


def _from_stations(
    accepting: Sequence[Row], payload_kg: int, taking: set[Any], tables: Tables
) -> list[Problem]:
    """The containers of one stream fit a truck, and their stations have a way to a terminal.

    Args:
        accepting: its rows of station_streams.
        payload_kg: largest payload of the trucks that haul it, 0 where none is known.
        taking: ids of the terminals that take it.
    """
    ways = {
        (row.values.get("place_id"), row.values.get("terminal_id"))
        for row in tables["terminal_ways"]
    }
    problems = []
    for row, size in _read(accepting, "container_kg"):
        if 0 < payload_kg < size:
            text = f"no truck can haul it: the largest payload is {payload_kg:,} kg"
            problems.append(fault("station_streams", row, "container_kg", text))
    known = ids(tables["stations"], "station_id")
    for row, station in _read(accepting, "station_id"):
        there = any((station, terminal) in ways for terminal in taking)
        if ways and taking and station in known and not there:
            text = f"has no way to a terminal that takes {row.values['stream']}"
            hint = f"terminal_ways.csv needs one to {' or '.join(sorted(map(str, taking)))}"
            problems.append(fault("station_streams", row, "station_id", text, hint))
    return problems


def _loads(stream: Row, tables: Tables) -> list[Problem]:
    """What is due at a stop is taken in one load, by a truck that may come there."""
    name, days = stream.values["stream_id"], stream.values.get("every_days")
    trucks = [row for row in _trucks_of(tables, "collect", name) if row.values.get("payload_kg")]
    problems = []
    for row, (kilograms, access) in _read(tables["communities"], f"{name}_kg", "access"):
        able = [kind for kind in trucks if access == "wide" or kind.values.get("narrow")]
        if days is None or not able:
            continue
        largest = max(able, key=lambda kind: int(kind.values["payload_kg"]))
        payload, kind_id = largest.values["payload_kg"], largest.values.get("type_id", "")
        if kilograms * days > payload:
            brings = "a day brings" if days == 1 else f"{days} days bring"
            text = (
                f"{brings} {kilograms * days:,.0f} kg, more than the largest truck that may come "
                f"carries ({kind_id}: {payload:,} kg)"
            )
            hint = "a stop is one load: split the community into several rows"
            problems.append(fault("communities", row, f"{name}_kg", text, hint))
    return problems


def _own_windows(stream: str, tables: Tables) -> list[Problem]:
    """A community's own hours leave time in which its streams are collected."""
    hours = [
        span
        for row, span in _read(tables["collection"], "start", "end")
        if row.values.get("stream") == stream
    ]
    problems = []
    for row, spans in _read(tables["communities"], "windows"):
        if not (hours and spans and row.values.get(f"{stream}_kg")):
            continue
        if not any(a < end and start < b for start, end in spans for a, b in hours):
            text = f"leaves no time for {stream}"
            hint = "it is collected " + ", ".join(_span(*span) for span in sorted(hours))
            problems.append(fault("communities", row, "windows", text, hint))
    return problems


def _slots(tables: Tables) -> list[Problem]:
    cycles = dict(days for _, days in _read(tables["streams"], "stream_id", "every_days"))
    columns = {column.name for column in TABLE["communities"].columns}
    problems = []
    for stream in STREAMS:
        column = f"{stream}_slot"
        if column not in columns or stream not in cycles:
            continue
        days = cycles[stream]
        for row, slot in _read(tables["communities"], column):
            if slot >= days:
                text = f"is no day of {stream}'s cycle, which has {days}"
                hint = "slots count from 0" if slot == days else ""
                problems.append(fault("communities", row, column, text, hint))
    return problems


def _depots(tables: Tables) -> list[Problem]:
    """Trucks that haul go home from a terminal: from each that takes what they carry."""
    carried = {
        row.values.get("type_id"): set(row.values.get("streams", ()))
        for row in tables["vehicle_types"]
        if "haul" in services_of(row)
    }
    hauling: dict[str, set[str]] = {}
    for _, (kind, depot) in _read(tables["vehicles"], "type_id", "depot_id"):
        if kind in carried:
            hauling.setdefault(depot, set()).update(carried[kind])
    ways = {way for _, way in _read(tables["terminal_ways"], "place_id", "terminal_id")}
    problems = []
    for row, depot in _read(tables["depots"], "depot_id"):
        wanted = {
            terminal
            for _, (terminal, streams) in _read(tables["terminals"], "terminal_id", "streams")
            if hauling.get(depot, set()) & set(streams)
        }
        missing = sorted(terminal for terminal in wanted if (depot, terminal) not in ways)
        if ways and missing:
            text = f"trucks that haul stand here, but there is no way to {', '.join(missing)}"
            hint = "terminal_ways.csv needs one"
            problems.append(fault("depots", row, "depot_id", text, hint))
    return problems
