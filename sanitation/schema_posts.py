"""The tables of attended toilets: their hours of staffing and the people; see schema.py."""

from __future__ import annotations

from sanitation.columns import NAME, PROVENANCE_COLUMN, Column, Table

HOURS_OF = ("day", "night", "always")

POST_TABLES: tuple[Table, ...] = (
    Table(
        "toilet_posts",
        "toilet_post_id",
        (
            Column("toilet_post_id", "text", "id: morning, afternoon, night, ..."),
            NAME,
            Column("name_en", "text", "English name"),
            Column("toilet_class", "int", "class of the toilets", low=1, high=3),
            Column("hours_of", "choice", "toilets open by day, at night, always", choices=HOURS_OF),
            Column("season", "choice", "season", choices=("warm", "cold", "any")),
            Column("start", "clock", "attendants come"),
            Column("end", "clock", "attendants leave"),
            Column("staff", "int", "attendants there", low=1, high=20),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
    Table(
        "attendants",
        "attendant_id",
        (
            Column("attendant_id", "text", "id"),
            Column("name", "text", "name (sample names in the embedded district)"),
            Column("toilet_id", "text", "home toilet", ref="toilets.toilet_id"),
            Column("rest_weekday", "int", "weekly rest day, 0 Monday", low=0, high=6),
            PROVENANCE_COLUMN,
        ),
        may_be_missing=True,
    ),
)
