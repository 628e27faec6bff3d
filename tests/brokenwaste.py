"""Ways to break the mini district with waste: each with all that the reader must say about it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from brokendistricts import add, header_only, remove

Mutate = Callable[[Path], None]


def cell(table: str, key: str, column: str, value: object) -> Mutate:
    """Write one cell of the row whose first cell is ``key``; both must be there."""

    def mutate(folder: Path) -> None:
        header, *rows = _rows(folder, table)
        (row,) = (row for row in rows if row[0] == key)
        row[header.index(column)] = str(value)
        _write(folder, table, [header, *rows])

    return mutate


def drop(table: str, key: str) -> Mutate:
    """Remove the row whose first cell is ``key``."""

    def mutate(folder: Path) -> None:
        rows = _rows(folder, table)
        kept = [row for row in rows if row[0] != key]
        assert len(kept) == len(rows) - 1
        _write(folder, table, kept)

    return mutate


def both(*mutations: Mutate) -> Mutate:
    """One after the other."""

    def mutate(folder: Path) -> None:
        for one in mutations:
            one(folder)

    return mutate


def _rows(folder: Path, table: str) -> list[list[str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(folder: Path, table: str, rows: list[list[str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _misname(folder: Path) -> None:
    (folder / "terminals.csv").rename(folder / "terminal.csv")


OF_WASTE = ("streams", "collection", "station_streams", "terminals", "terminal_ways")

# what is broken, how, and what each reported line begins with: one for each fault, no other
BROKEN_WASTE: list[tuple[str, Mutate, list[str]]] = [
    # ids
    (
        "a station called as a dump point",
        cell("dump_points", "X1", "dump_point_id", "TS1"),
        ["stations.csv:2: station_id: is already used in dump_points.csv:2 (value 'TS1'); rename"],
    ),
    (
        "a terminal called as a fill point",
        cell("fill_points", "F1", "fill_point_id", "E1"),
        ["terminals.csv:2: terminal_id: is already used in fill_points.csv:2 (value 'E1'); rename"],
    ),
    (
        "a community called as a station",
        cell("communities", "C2", "community_id", "TS2"),
        ["communities.csv:3: community_id: is already used in stations.csv:3 (value 'TS2')"],
    ),
    (
        "a toilet called as a community",
        cell("toilets", "WC2", "toilet_id", "C4"),
        ["toilets.csv:3: toilet_id: is already used in communities.csv:5 (value 'C4'); rename"],
    ),
    (
        "a community called like a section",
        cell("communities", "C1", "community_id", "R1-01F"),
        [
            "communities.csv:2: community_id: looks like a section of road R1 (value 'R1-01F'); "
            "let it not begin with R1-"
        ],
    ),
    (
        "a toilet called like a section",
        cell("toilets", "WC1", "toilet_id", "R6-WC-1"),
        ["toilets.csv:2: toilet_id: looks like a section of road R6 (value 'R6-WC-1'); let it"],
    ),
    # ways to the terminals
    (
        "a way from nowhere",
        add("terminal_ways.csv", "X,D11,E1,1200,12000,model"),
        [
            "terminal_ways.csv:10: place_id: is neither in stations.csv nor in depots.csv "
            "(value 'D11'); did you mean 'D1'?"
        ],
    ),
    (
        "a way to nowhere",
        add("terminal_ways.csv", "X,D1,E3,1200,12000,model"),
        ["terminal_ways.csv:10: terminal_id: is not in terminals.csv (value 'E3'); did you mean"],
    ),
    (
        "a way twice",
        add("terminal_ways.csv", "X,D1,E1,1200,12000,model"),
        ["terminal_ways.csv:10: place_id, terminal_id: is already on line 6 (value 'D1, E1')"],
    ),
    (
        "a station without a way",
        drop("terminal_ways", "TS2-E1"),
        [
            "station_streams.csv:5: station_id: has no way to a terminal that takes residual "
            "(value 'TS2'); terminal_ways.csv needs one to E1"
        ],
    ),
    (
        "a depot without a way",
        drop("terminal_ways", "D2-E2"),
        [
            "depots.csv:3: depot_id: trucks that haul stand here, but there is no way to E2 "
            "(value 'D2'); terminal_ways.csv needs one"
        ],
    ),
    # containers
    (
        "a station's stream twice",
        add("station_streams.csv", "X,TS2,residual,1,3000,0,model"),
        ["station_streams.csv:6: station_id, stream: is already on line 5 (value 'TS2, residual')"],
    ),
    (
        "more than the containers hold",
        cell("station_streams", "TS1-residual", "opening_kg", 6001),
        [
            "station_streams.csv:2: opening_kg: is more than 2 containers of 3,000 kg hold "
            "(value '6001')"
        ],
    ),
    (
        "an unknown stream in a container",
        cell("station_streams", "TS2-residual", "stream", "residue"),
        ["station_streams.csv:5: stream: is not in streams.csv (value 'residue'); did you mean 'r"],
    ),
    (
        "an unknown station",
        cell("station_streams", "TS2-residual", "station_id", "TS3"),
        ["station_streams.csv:5: station_id: is not in stations.csv (value 'TS3'); did you mean"],
    ),
    (
        "a container that no truck lifts",
        cell("station_streams", "TS2-residual", "container_kg", 5001),
        [
            "station_streams.csv:5: container_kg: no truck can haul it: the largest payload is "
            "5,000 kg (value '5001')"
        ],
    ),
    # trucks
    (
        "an unknown stream in a truck",
        cell("vehicle_types", "hooklift", "streams", "residual;kitchen;recyclable;hazardus"),
        ["vehicle_types.csv:8: streams: is not in streams.csv (value 'hazardus')"],
    ),
    (
        "an unknown stream at a terminal",
        cell("terminals", "E1", "streams", "residual;recyclable;residul"),
        ["terminals.csv:2: streams: is not in streams.csv (value 'residul'); did you mean 'residu"],
    ),
    (
        "a collecting truck without a payload",
        cell("vehicle_types", "compactor", "payload_kg", 0),
        ["vehicle_types.csv:4: payload_kg: no payload (value '0'); a type that does collect needs"],
    ),
    (
        "a hauling truck without a payload",
        cell("vehicle_types", "hooklift", "payload_kg", ""),
        ["vehicle_types.csv:8: payload_kg: no payload (value ''); a type that does haul needs it"],
    ),
    (
        "a collecting truck without streams",
        cell("vehicle_types", "compactor", "streams", ""),
        ["vehicle_types.csv:4: streams: no streams (value ''); a type that does collect needs it"],
    ),
    (
        "collecting takes no time",
        both(
            cell("vehicle_types", "compactor", "stop_s", 0),
            cell("vehicle_types", "compactor", "bin_s", 0),
        ),
        ["vehicle_types.csv:4: bin_s: collecting takes no time (value '0'); give the seconds of"],
    ),
    (
        "an unknown service",
        cell("vehicle_types", "compactor", "services", "colect"),
        ["vehicle_types.csv:4: services: is no service (value 'colect'); did you mean 'collect'?"],
    ),
    (
        "a service like no other",
        cell("vehicle_types", "compactor", "services", "collect;gritting"),
        ["vehicle_types.csv:4: services: is no service (value 'gritting'); one of: wash, sprinkle"],
    ),
    # a stream on its way
    (
        "no hours of collection",
        drop("collection", "kitchen-am"),
        ["streams.csv:3: stream_id: has no hours of collection (value 'kitchen'); collection.csv"],
    ),
    (
        "nobody collects it",
        cell("vehicle_types", "kitchen_truck", "services", "septic"),
        ["streams.csv:3: stream_id: no vehicle type collects it (value 'kitchen'); vehicle_types"],
    ),
    (
        "nobody fits the narrow lane",
        cell("vehicle_types", "small_truck", "narrow", 0),
        [
            "streams.csv:2: stream_id: no vehicle type that collects it fits narrow lanes "
            "(value 'residual'); communities with narrow access: 1, C4 first; set narrow to 1"
        ],
    ),
    (
        "no station accepts it",
        drop("station_streams", "TS1-kitchen"),
        ["streams.csv:3: stream_id: no station accepts it (value 'kitchen'); station_streams.csv"],
    ),
    (
        "no terminal takes it",
        cell("terminals", "E2", "streams", "residual"),
        ["streams.csv:3: stream_id: no terminal takes it (value 'kitchen'); terminals.csv needs"],
    ),
    (
        "nobody hauls it",
        cell("vehicle_types", "hooklift", "streams", "residual;recyclable"),
        ["streams.csv:3: stream_id: no vehicle type hauls it (value 'kitchen'); vehicle_types.csv"],
    ),
    # hours
    (
        "collection before its shift",
        cell("collection", "collect-am", "start", "08:00"),
        ["collection.csv:2: start: is outside shift collect_am (08:30-12:30) (value '08:00')"],
    ),
    (
        "collection after its shift",
        cell("collection", "collect-am", "end", "12:31"),
        ["collection.csv:2: end: is outside shift collect_am (08:30-12:30) (value '12:31')"],
    ),
    (
        "collection longer than its shift, from its first minute on",
        both(
            cell("shifts", "collect_am", "start", "-1d 23:00"),
            cell("collection", "collect-am", "start", "-1d 23:00"),
            cell("collection", "collect-am", "end", "12:31"),
        ),
        ["collection.csv:2: end: is outside shift collect_am (-1d 23:00-12:30) (value '12:31')"],
    ),
    (
        "collection that ends before it starts",
        cell("collection", "collect-pm", "end", "13:30"),
        ["collection.csv:3: end: ends before it starts (value '13:30')"],
    ),
    (
        "hours twice",
        add("collection.csv", "x,residual,collect_am,09:00,10:00,model"),
        ["collection.csv:6: stream, shift_id: is already on line 2 (value 'residual, collect_am')"],
    ),
    (
        "a shift of two streams",
        cell("collection", "kitchen-am", "shift_id", "collect_am"),
        ["collection.csv:4: shift_id: is already the shift of residual (line 2) (value 'collect_a"],
    ),
    (
        "a shift that nobody knows",
        cell("collection", "kitchen-am", "shift_id", "kitchen_pm"),
        ["collection.csv:4: shift_id: is not in shifts.csv (value 'kitchen_pm'); did you mean 'ki"],
    ),
    (
        "own hours that leave no time",
        cell("communities", "C3", "windows", "11:30-12:00;14:00-16:00"),
        [
            "communities.csv:4: windows: leaves no time for kitchen (value '11:30-12:00;14:00-16:00"
            "'); it is collected 09:00-11:30",
            "communities.csv:4: windows: leaves no time for recyclable",
        ],
    ),
    (
        "own hours that end where collection begins",
        cell("communities", "C3", "windows", "08:00-09:00;14:00-16:00"),
        ["communities.csv:4: windows: leaves no time for kitchen", "communities.csv:4: windows: "],
    ),
    (
        "a station that closes before it opens",
        cell("stations", "TS1", "close", "05:00"),
        ["stations.csv:2: close: closes before it opens (value '05:00')"],
    ),
    (
        "a terminal that never opens",
        cell("terminals", "E2", "close", "08:00"),
        ["terminals.csv:3: close: closes before it opens (value '08:00')"],
    ),
    # communities
    (
        "a slot outside the cycle",
        cell("communities", "C1", "recyclable_slot", 7),
        [
            "communities.csv:2: recyclable_slot: is no day of recyclable's cycle, which has 7 "
            "(value '7'); slots count from 0"
        ],
    ),
    (
        "more than a narrow lane's truck carries",
        cell("communities", "C4", "residual_kg", 1501),
        [
            "communities.csv:5: residual_kg: a day brings 1,501 kg, more than the largest truck "
            "that may come carries (small_truck: 1,500 kg) (value '1501'); a stop is one load: "
            "split the community into several rows"
        ],
    ),
    (
        "more than a truck carries in seven days",
        cell("communities", "C1", "recyclable_kg", 286),
        [
            "communities.csv:2: recyclable_kg: 7 days bring 2,002 kg, more than the largest truck "
            "that may come carries (recycler: 2,000 kg) (value '286')"
        ],
    ),
    # places
    (
        "a station off the streets",
        cell("stations", "TS1", "lon", 117.150),
        ["stations.csv:2: lon, lat: no street within 500 m (value '117.15, 39.092955'); move the"],
    ),
    (
        "a community off the streets",
        cell("communities", "C4", "lon", 117.150),
        ["communities.csv:5: lon, lat: no street within 500 m (value '117.15, 39.100150'); move"],
    ),
    (
        "a toilet off the streets",
        cell("toilets", "WC1", "lat", 39.110),
        ["toilets.csv:2: lon, lat: no street within 500 m (value '117.164785, 39.11'); move the"],
    ),
    # whole files, and cells that cannot be read: told once, not again by what would need them
    *(
        (f"no {table}", remove(f"{table}.csv"), [f"{table}.csv: the file is missing; "])
        for table in OF_WASTE
    ),
    *(
        (f"empty {table}", header_only(f"{table}.csv"), [f"{table}.csv:1: the table has no rows"])
        for table in OF_WASTE
    ),
    (
        "a misnamed file",
        _misname,
        ["terminals.csv: the file is missing; did you mean 'terminal.csv'?"],
    ),
    (
        "a terminal without streams",
        cell("terminals", "E2", "streams", ";"),
        ["terminals.csv:3: streams: is empty (value ';'); streams it takes"],
    ),
    (
        "a container of words",
        cell("station_streams", "TS1-kitchen", "container_kg", "big"),
        ["station_streams.csv:3: container_kg: is not a number (value 'big')"],
    ),
    (
        "a station's stream left empty",
        cell("station_streams", "TS1-kitchen", "stream", ""),
        ["station_streams.csv:3: stream: is empty"],
    ),
    (
        "a truck without services",
        cell("vehicle_types", "kitchen_truck", "services", ""),
        ["vehicle_types.csv:6: services: is empty (value '')"],
    ),
    (
        "a cycle of words",
        cell("streams", "recyclable", "every_days", "weekly"),
        ["streams.csv:4: every_days: is not a number (value 'weekly')"],
    ),
    (
        "a truck's payload in tonnes",
        cell("vehicle_types", "hooklift", "payload_kg", "5 t"),
        ["vehicle_types.csv:8: payload_kg: has text after the number (value '5 t')"],
    ),
]
