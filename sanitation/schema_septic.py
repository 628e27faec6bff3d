"""The table of septic tanks; see schema.py."""

from __future__ import annotations

from sanitation.columns import PROVENANCE_COLUMN, Column, Table

SEPTIC_TABLES: tuple[Table, ...] = (
    Table(
        "septic_tanks",
        "tank_id",
        (
            Column("tank_id", "text", "id"),
            Column("site_id", "text", "toilet or community where it is"),
            Column("volume_m3", "float", "when full to the brim", "m3", low=0.5, high=2_000),
            Column("inflow_m3_day", "float", "what settles in it", "m3/d", low=0.001, high=200),
            Column("limit_share", "float", "highest level", "share", False, "0.8", low=0.1, high=1),
            Column("level_m3", "float", "level at 00:00", "m3", False, "0", low=0, high=2_000),
            Column("cycle_days", "int", "emptied at least every", "d", low=1, high=3_660),
            Column("since_days", "int", "last emptied", "d", False, "0", low=0, high=3_660),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
)
