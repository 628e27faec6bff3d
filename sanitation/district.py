"""Reading a district's folder: network.osm, district.toml and the tables of schema.TABLES."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fleet.model import Attendant, Depot, Driver, Shift, Vehicle, VehicleType
from sanitation.cells import did_you_mean, folded
from sanitation.checks import check_places, check_reachability, check_roads, check_tables
from sanitation.errors import DistrictError, Problem, UsageError
from sanitation.model import Climate, District, Road, Standard, Subdistrict
from sanitation.places import (
    CollectionTime,
    Community,
    DumpPoint,
    FillPoint,
    SepticTank,
    Spot,
    StationStream,
    Stream,
    Terminal,
    TerminalWay,
    Toilet,
    ToiletPost,
    ToiletStandard,
    TransferStation,
)
from sanitation.schema import RULES, TABLE, TABLES, TOGETHER
from sanitation.streets import Streets, parse_streets
from sanitation.tables import Row, decode, read_bytes, read_table

_TOML = "district.toml"
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d")
_SETTINGS = {"id": str, "name": str, "name_en": str, "utc_offset": str, "model": bool}


def embedded_folder() -> Path:
    """The embedded district: inside an installed package, or ``data/nankai`` of a checkout."""
    installed = Path(__file__).parent / "_data" / "nankai"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data" / "nankai"


def read_district(folder: Path) -> District:
    """Everything in a district's folder, checked.

    Args:
        folder: holds district.toml, network.osm and one CSV file for each table of the schema.

    Raises:
        UsageError: there is no such folder.
        DistrictError: the folder has faults; all of them, of every file, at once.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "there is no such folder"
        hint = "give the district's folder, the one that holds network.osm and roads.csv"
        raise UsageError(f"{folder}: {what}", hint)
    problems: list[Problem] = []
    settings, settings_bytes = _read_settings(folder, problems)
    foreign = _foreign_names(settings, problems)
    tables = {
        table.name: read_table(folder, table, foreign.get(table.name, {}), problems)
        for table in TABLES
    }
    _all_or_none(folder, problems)
    problems += check_tables(tables)
    network = folder / "network.osm"
    network_bytes = read_bytes(network, problems)
    streets: Streets | None = None
    if network_bytes is not None:
        streets = parse_streets(network.name, network_bytes, problems)
    if streets is not None:
        far = check_places(tables, streets)
        problems += far
        problems += check_roads(tables["roads"], streets)
        # A point far from the city needs no second fault that says no street is beside it.
        told = {(problem.file, problem.row) for problem in far}
        problems += [
            problem
            for problem in check_reachability(tables, streets)
            if (problem.file, problem.row) not in told
        ]
    if problems:
        raise DistrictError(str(folder), problems)
    digest = _digest(tables, network_bytes or b"", settings_bytes)
    return _build(folder, settings, tables, digest)


def _all_or_none(folder: Path, problems: list[Problem]) -> None:
    """Tables of one purpose are missing together: a part of them serves nothing."""
    ours = {table.file for table in TABLES}
    others = [path.name for path in folder.glob("*") if path.name not in ours]
    for purpose, tables in TOGETHER.items():
        files = [table.file for table in tables]
        there = [file for file in files if (folder / file).exists()]
        for file in files if there else ():
            if file not in there:
                hint = did_you_mean(file, others)
                hint = hint or f"{there[0]} is there; {purpose} needs all of {', '.join(files)}"
                problems.append(Problem(file, "the file is missing", hint=hint))


def _read_settings(folder: Path, problems: list[Problem]) -> tuple[dict[str, Any], bytes]:
    """district.toml as a dictionary (empty when unreadable), and its bytes."""
    data = read_bytes(folder / _TOML, problems)
    text = None if data is None else decode(_TOML, data, problems)
    if data is None or text is None:
        return {}, b""
    try:
        settings = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        hint = 'text stands in quotes: name = "x"'
        problems.append(Problem(_TOML, f"is not TOML: {error}", hint=hint))
        return {}, data
    for key, kind in _SETTINGS.items():
        value = settings.get(key)
        if value is None:
            hint = did_you_mean(key, settings) or "every district needs it, see data/README.md"
            problems.append(Problem(_TOML, "the key is missing", column=key, hint=hint))
        elif not isinstance(value, kind) or value == "":
            hint = "write true or false" if kind is bool else "write it in quotes"
            problems.append(
                Problem(_TOML, f"is not {_WORDS[kind]}", column=key, value=str(value), hint=hint)
            )
        elif key == "utc_offset" and not _OFFSET.fullmatch(str(value)):
            text, hint = "is no offset from UTC", 'as in "+08:00"'
            problems.append(Problem(_TOML, text, column=key, value=str(value), hint=hint))
    return settings, data


_WORDS: dict[type, str] = {str: "a text", bool: "true or false"}


def _foreign_names(
    settings: Mapping[str, Any], problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """``[columns.<table>]``: the file's own column name -> ours, by table."""
    columns = settings.get("columns", {})
    names: dict[str, dict[str, str]] = {}
    if not isinstance(columns, dict):
        problems.append(Problem(_TOML, "is no table", column="columns", hint="[columns.roads]"))
        return names
    for table, mapping in columns.items():
        where = f"columns.{table}"
        if table not in TABLE or not isinstance(mapping, dict):
            hint = did_you_mean(table, TABLE)
            problems.append(Problem(_TOML, "is no table of ours", column=where, hint=hint))
            continue
        ours = [column.name for column in TABLE[table].columns]
        for foreign, name in mapping.items():
            if name not in ours:
                hint = did_you_mean(str(name), ours)
                text = f"{TABLE[table].file} has no such column"
                problems.append(Problem(_TOML, text, column=where, value=str(name), hint=hint))
            else:
                names.setdefault(table, {})[folded(foreign)] = name
    return names


def _digest(tables: Mapping[str, Sequence[Row]], network: bytes, settings: bytes) -> str:
    """sha256 that does not move when rows or columns are reordered."""
    digest = hashlib.sha256()
    for table in TABLES:
        digest.update(f"{table.name}\n".encode())
        rows = (
            repr([row.values.get(column.name) for column in table.columns])
            for row in tables[table.name]
        )
        for line in sorted(rows):
            digest.update(f"{line}\n".encode())
    for part in (network, settings):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _build(
    folder: Path, settings: Mapping[str, Any], tables: Mapping[str, Sequence[Row]], digest: str
) -> District:
    """The checked rows as model objects, sorted by id."""

    def rows(table: str) -> list[dict[str, Any]]:
        """Values in order of their key, which becomes ``id``."""
        key = TABLE[table].key
        ordered = sorted((row.values for row in tables[table]), key=lambda values: values[key])
        return [
            {("id" if name == key else name): value for name, value in values.items()}
            for values in ordered
        ]

    rules = {key: float(default) for key, (default, _, _) in RULES.items()}
    rules |= {row.values["key"]: float(row.values["value"]) for row in tables["rules"]}
    return District(
        id=settings["id"],
        name=settings["name"],
        name_en=settings["name_en"],
        utc_offset=settings["utc_offset"],
        model=settings["model"],
        folder=folder,
        digest=digest,
        roads=tuple(Road(**row) for row in rows("roads")),
        subdistricts=tuple(Subdistrict(**row) for row in rows("subdistricts")),
        toilets=tuple(Toilet(**row) for row in rows("toilets")),
        stations=tuple(TransferStation(**_times(row, "open", "close")) for row in rows("stations")),
        communities=tuple(Community(**row) for row in rows("communities")),
        depots=tuple(Depot(**row) for row in rows("depots")),
        fill_points=tuple(FillPoint(**row) for row in rows("fill_points")),
        dump_points=tuple(DumpPoint(**row) for row in rows("dump_points")),
        brine_stations=tuple(Spot(**row) for row in rows("brine_stations")),
        flood_spots=tuple(Spot(**row) for row in rows("flood_spots")),
        vehicle_types=tuple(_vehicle_type(row) for row in rows("vehicle_types")),
        vehicles=tuple(Vehicle(**row) for row in rows("vehicles")),
        drivers=tuple(Driver(**row) for row in rows("drivers")),
        shifts=tuple(_shift(row) for row in rows("shifts")),
        standards=tuple(Standard(**row) for row in rows("standards")),
        climate=tuple(Climate(**row.values) for row in _by_month(tables["climate"])),
        streams=tuple(Stream(**row) for row in rows("streams")),
        collection=tuple(
            CollectionTime(**_times(row, "start", "end")) for row in rows("collection")
        ),
        station_streams=tuple(StationStream(**row) for row in rows("station_streams")),
        terminals=tuple(Terminal(**_times(row, "open", "close")) for row in rows("terminals")),
        terminal_ways=tuple(TerminalWay(**row) for row in rows("terminal_ways")),
        septic_tanks=tuple(SepticTank(**row) for row in rows("septic_tanks")),
        toilet_posts=tuple(
            ToiletPost(**_times(row, "start", "end")) for row in rows("toilet_posts")
        ),
        attendants=tuple(Attendant(**row) for row in rows("attendants")),
        toilet_standards=tuple(ToiletStandard(**row) for row in rows("toilet_standards")),
        rules=dict(sorted(rules.items())),
    )


def _vehicle_type(row: dict[str, Any]) -> VehicleType:
    services = tuple(folded(part) for part in row["services"].split(";") if part.strip())
    return VehicleType(**(row | {"services": services}))


def _times(row: dict[str, Any], *clocks: str) -> dict[str, Any]:
    """The row with its clock columns named as the seconds that they hold."""
    return {(f"{name}_s" if name in clocks else name): value for name, value in row.items()}


def _shift(row: dict[str, Any]) -> Shift:
    return Shift(
        id=row["id"],
        name=row["name"],
        name_en=row["name_en"],
        start_s=row["start"],
        end_s=row["end"],
        min_window_s=row["min_window_min"] * 60,
        provenance=row["provenance"],
        services=row["services"],
    )


def _by_month(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: int(row.values["month"]))
