"""The tables of waste: communities, streams, stations, terminals; see schema.py."""

from __future__ import annotations

from sanitation.columns import NAME, PROVENANCE_COLUMN, SUBDISTRICT, Column, Table, lonlat

STREAMS = ("residual", "kitchen", "recyclable", "hazardous")
_STREAM = Column("stream", "text", "stream", ref="streams.stream_id")

WASTE_TABLES: tuple[Table, ...] = (
    Table(
        "stations",
        "station_id",
        (
            Column("station_id", "text", "id"),
            NAME,
            SUBDISTRICT,
            *lonlat(),
            Column("throughput_t_day", "float", "design throughput", "t/d", low=1, high=3000),
            Column("bays", "int", "unloading bays", low=1, high=40),
            Column("open", "clock", "first unloading", required=False, default="00:00"),
            Column("close", "clock", "end of the last one", required=False, default="24:00"),
            Column("unload_s", "int", "time in a bay", "s", False, "720", low=60, high=7200),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "communities",
        "community_id",
        (
            Column("community_id", "text", "id"),
            NAME,
            SUBDISTRICT,
            *lonlat(),
            Column("households", "int", "households", low=0, high=50_000),
            Column("bins", "int", "240 L bins", low=0, high=2_000),
            Column("residual_kg", "float", "other waste a day", "kg/d", low=0, high=100_000),
            Column("kitchen_kg", "float", "kitchen waste a day", "kg/d", low=0, high=100_000),
            Column("recyclable_kg", "float", "recyclables a day", "kg/d", low=0, high=100_000),
            Column("hazardous_kg", "float", "hazardous waste a day", "kg/d", low=0, high=10_000),
            Column("windows", "spans", "hours, where narrower than the stream's", required=False),
            Column(
                "access",
                "choice",
                "narrow: small trucks only",
                required=False,
                default="wide",
                choices=("wide", "narrow"),
            ),
            Column("recyclable_slot", "int", "day of the cycle", "", False, "0", low=0, high=365),
            Column("hazardous_slot", "int", "day of the cycle", "", False, "0", low=0, high=365),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "streams",
        "stream_id",
        (
            Column("stream_id", "choice", "stream", choices=STREAMS),
            NAME,
            Column("name_en", "text", "English name"),
            Column("every_days", "int", "days between two collections", "d", low=1, high=366),
            Column("kg_per_bin", "float", "a full bin", "kg", low=1, high=500),
            Column("same_day", "bool", "1: hauled off before the day ends"),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
    Table(
        "collection",
        "collection_id",
        (
            Column("collection_id", "text", "id"),
            _STREAM,
            Column("shift_id", "text", "shift of its trucks", ref="shifts.shift_id"),
            Column("start", "clock", "communities may be visited from"),
            Column("end", "clock", "to"),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
    Table(
        "station_streams",
        "station_stream_id",
        (
            Column("station_stream_id", "text", "id"),
            Column("station_id", "text", "station", ref="stations.station_id"),
            _STREAM,
            Column("places", "int", "containers that stand there", low=1, high=60),
            Column("container_kg", "int", "a full container", "kg", low=100, high=40_000),
            Column(
                "opening_kg", "int", "in them at 00:00", "kg", False, "0", low=0, high=1_000_000
            ),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
    Table(
        "terminals",
        "terminal_id",
        (
            Column("terminal_id", "text", "id"),
            NAME,
            Column("streams", "words", "streams it takes, ';' between"),
            Column("open", "clock", "first tipping"),
            Column("close", "clock", "end of the last one"),
            Column("tip_s", "int", "weighing and tipping", "s", low=60, high=7200),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
    Table(
        "terminal_ways",
        "terminal_way_id",
        (
            Column("terminal_way_id", "text", "id"),
            Column("place_id", "text", "station or depot"),
            Column("terminal_id", "text", "terminal", ref="terminals.terminal_id"),
            Column("travel_s", "int", "either way", "s", low=60, high=14_400),
            Column("length_m", "int", "either way", "m", low=100, high=200_000),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
)
