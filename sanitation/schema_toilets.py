"""The table of the rounds of public toilets; see schema.py. The toilets stand in toilets.csv."""

from __future__ import annotations

from sanitation.columns import PROVENANCE_COLUMN, Column, Table

SEASONS = ("warm", "cold", "any")
CONDITIONS = ("plain", "heat", "event")  # the stronger ones later

TOILET_TABLES: tuple[Table, ...] = (
    Table(
        "toilet_standards",
        "toilet_standard_id",
        (
            Column("toilet_standard_id", "text", "id"),
            Column("toilet_class", "int", "class", low=1, high=3),
            Column("season", "choice", "season", choices=SEASONS),
            Column("condition", "choice", "holds on such days", choices=CONDITIONS),
            Column("type_id", "text", "who goes round", ref="vehicle_types.type_id"),
            Column("shift_id", "text", "when", ref="shifts.shift_id"),
            Column("visits", "int", "visits in the shift", low=1, high=12),
            Column("clean_s", "int", "cleaning, each visit", "s", low=60, high=14_400),
            Column("deodorise_s", "int", "deodorising, each visit", "s", low=0, high=7_200),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
)
