"""Every column of every input table as data: type, unit, whether it must be there, meaning.

This one list drives reading, defaults, validation and the documentation in data/README.md.
Tables are UTF-8 CSV with a header line; every row of every table carries its provenance:
``source`` (the district's published plan), ``public`` (found in public sources), ``default``
(recalled from practice, editable, never a norm), ``model`` (invented to resemble the real
district), ``sample`` (a placeholder such as a plate). Free text may follow after a colon.
"""

from __future__ import annotations

from sanitation.columns import NAME, PROVENANCE_COLUMN, SUBDISTRICT, Column, Table, lonlat
from sanitation.schema_posts import POST_TABLES
from sanitation.schema_septic import SEPTIC_TABLES
from sanitation.schema_toilets import TOILET_TABLES
from sanitation.schema_waste import WASTE_TABLES

# What a standard may ask for.
STREET_SERVICES = ("wash", "sprinkle", "sweep", "bins")

_STREET_TABLES: tuple[Table, ...] = (
    Table(
        "subdistricts",
        "subdistrict_id",
        (
            Column("subdistrict_id", "text", "official code"),
            NAME,
            Column("name_en", "text", "English name"),
            *lonlat(),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "roads",
        "road_id",
        (
            Column("road_id", "text", "id, R001 upwards"),
            NAME,
            Column("name_en", "text", "pinyin", required=False),
            Column("from_street", "text", "street where the stretch begins", required=False),
            Column("to_street", "text", "street where it ends", required=False),
            Column("road_class", "choice", "class", choices=("arterial", "secondary", "branch")),
            Column("grade", "int", "cleaning grade", low=1, high=4),
            Column("key_area", "bool", "1 in a key area", required=False, default="0"),
            SUBDISTRICT,
            Column("length_m", "float", "centre-line length", "m", low=20, high=20_000),
            Column("width_m", "float", "carriageway, kerb to kerb", "m", low=2, high=80),
            Column("lanes", "int", "lanes, both directions", low=1, high=16),
            Column("footway_m2", "float", "footways, cleaned by hand", "m2", low=0, high=2e6),
            Column("area_m2", "float", "carriageway plus footway", "m2", low=40, high=4e6),
            Column("way_ids", "ways", "OpenStreetMap ways the road is made of"),
            Column("bins", "int", "litter bins, all sides", "", False, "0", low=0, high=5_000),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "toilets",
        "toilet_id",
        (
            Column("toilet_id", "text", "id"),
            NAME,
            SUBDISTRICT,
            *lonlat(),
            Column("toilet_class", "int", "class", low=1, high=3),
            Column("mode", "choice", "cleaning", choices=("attended", "roving")),
            Column("open_24h", "bool", "1 if open all night"),
            Column("septic_m3", "float", "septic tank, 0 if on the sewer", "m3", low=0, high=200),
            Column("round_by", "text", "vehicle type of its rounds", required=False),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "depots",
        "depot_id",
        (Column("depot_id", "text", "id"), NAME, *lonlat(), PROVENANCE_COLUMN),
    ),
    Table(
        "fill_points",
        "fill_point_id",
        (
            Column("fill_point_id", "text", "id"),
            NAME,
            Column("kind", "choice", "kind", choices=("water_crane", "hydrant")),
            *lonlat(),
            Column("bays", "int", "trucks filling at once", low=1, high=20),
            Column("flow_l_per_s", "float", "flow at each bay", "L/s", low=0.5, high=100),
            Column("connect_s", "int", "hose on and off", "s", low=0, high=1800),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "dump_points",
        "dump_point_id",
        (
            Column("dump_point_id", "text", "id"),
            NAME,
            *lonlat(),
            Column("bays", "int", "trucks emptying at once", low=1, high=20),
            Column("service_s", "int", "time to empty the dirty tank", "s", low=0, high=3600),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "brine_stations",
        "brine_station_id",
        (Column("brine_station_id", "text", "id"), NAME, *lonlat(), PROVENANCE_COLUMN),
        may_be_empty=True,
    ),
    Table(
        "flood_spots",
        "flood_spot_id",
        (Column("flood_spot_id", "text", "id"), NAME, *lonlat(), PROVENANCE_COLUMN),
        may_be_empty=True,
    ),
    Table(
        "vehicle_types",
        "type_id",
        (
            Column("type_id", "text", "type: washer, sprinkler, compactor, ..."),
            NAME,
            Column("name_en", "text", "English name"),
            Column("services", "text", "services it can do, ';' between"),
            Column("work_kmh", "pairs", "working speed by service[:shift]", "km/h", required=False),
            Column("width_m", "pairs", "effective width by service", "m", required=False),
            Column("water_l_per_m", "pairs", "water by service[:shift]", "L/m", required=False),
            Column("clean_l", "int", "clean tank", "L", low=0, high=30_000),
            Column("dirty_l", "int", "dirty tank", "L", low=0, high=30_000),
            Column("recovered", "float", "share of the water recovered", low=0, high=1),
            Column("helpers", "int", "helpers on board", low=0, high=4),
            Column("fuel_l_per_100km", "float", "driving", "L/100 km", low=0, high=200),
            Column("fuel_l_per_work_h", "float", "working", "L/h", low=0, high=100),
            Column("fixed_cny_per_run", "float", "cost of sending it out", "CNY", low=0, high=1e4),
            Column("payload_kg", "int", "payload", "kg", False, "0", low=0, high=40_000),
            Column("streams", "words", "streams it carries, ';' between", required=False),
            Column("stop_s", "int", "each stop", "s", False, "0", low=0, high=3_600),
            Column("bin_s", "float", "each bin", "s", False, "0", low=0, high=600),
            Column("narrow", "bool", "1 if it fits narrow lanes", required=False, default="0"),
            Column("pump_s_per_m3", "float", "pumping out", "s/m3", False, "0", low=0, high=3_600),
            Column("kmh", "float", "top speed, 0: streets'", "km/h", False, "0", low=0, high=120),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "vehicles",
        "vehicle_id",
        (
            Column("vehicle_id", "text", "fleet number 自编号"),
            Column("plate", "text", "plate"),
            Column("type_id", "text", "type", ref="vehicle_types.type_id"),
            Column("depot_id", "text", "home depot", ref="depots.depot_id"),
            Column("status", "choice", "today", choices=("in_service", "spare", "workshop")),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "drivers",
        "driver_id",
        (
            Column("driver_id", "text", "id"),
            Column("name", "text", "name (sample names in the embedded district)"),
            Column("role", "choice", "role", choices=("driver", "helper")),
            Column("depot_id", "text", "crew base", ref="depots.depot_id"),
            Column("rest_weekday", "int", "weekly rest day, 0 Monday", low=0, high=6),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "shifts",
        "shift_id",
        (
            Column("shift_id", "text", "id: night, day, sprinkle_dawn, ..."),
            NAME,
            Column("name_en", "text", "English name"),
            Column("start", "clock", "first departure"),
            Column("end", "clock", "last return"),
            Column("min_window_min", "int", "shortest wet window", "min", low=0, high=1440),
            Column("services", "words", "services that have no other table", required=False),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "standards",
        "standard_id",
        (
            Column("standard_id", "text", "id"),
            Column("service", "choice", "service", choices=STREET_SERVICES),
            Column("grade", "int", "cleaning grade", low=1, high=4),
            Column("season", "choice", "season", choices=("warm", "cold", "any")),
            Column(
                "condition",
                "choice",
                "holds on such days",
                choices=(
                    "plain",
                    "heat",
                    "pollution_yellow",
                    "pollution_orange",
                    "pollution_red",
                    "cold_sweep",
                ),
            ),
            Column("scope", "choice", "key areas only?", choices=("all", "key", "other")),
            Column("shift_id", "text", "when", ref="shifts.shift_id"),
            Column("rounds", "int", "rounds in the shift", low=1, high=6),
            Column("passes", "int", "passes a round, both directions", low=1, high=12),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "climate",
        "month",
        (
            Column("month", "int", "month", low=1, high=12),
            Column("tmin_c", "float", "mean daily minimum", "degC", low=-60, high=50),
            Column("tmax_c", "float", "mean daily maximum", "degC", low=-60, high=60),
            PROVENANCE_COLUMN,
        ),
    ),
    Table(
        "rules",
        "key",
        (
            Column("key", "text", "name of the rule's figure, unit at its end"),
            Column("value", "float", "figure", low=-1e9, high=1e9),
            Column("unit", "text", "unit"),
            Column("meaning", "text", "what it does"),
            PROVENANCE_COLUMN,
        ),
    ),
)

# What a vehicle type may say that it does.
KNOWN_SERVICES = ("wash", "sprinkle", "sweep", "collect", "haul", "toilet", "septic", "bins")

TABLES = (*_STREET_TABLES, *WASTE_TABLES, *SEPTIC_TABLES, *POST_TABLES, *TOILET_TABLES)
TABLE = {table.name: table for table in TABLES}
# What tables that may be missing are for: those of one purpose come together or not at all.
TOGETHER = {
    "collection": tuple(table for table in WASTE_TABLES if table.may_be_missing),
    "the staffing of toilets": tuple(table for table in POST_TABLES if table.may_be_missing),
}

# Every key of rules.csv: its default and what it means. A district may leave rows out.
RULES: dict[str, tuple[float, str, str]] = {
    "wet_min_c": (4, "degC", "forecast minimum over the run below which there is no wet work"),
    "wet_midday_c": (6, "degC", "below this, wet work only between the two midday hours"),
    "wet_midday_start_h": (10, "h", "start of the midday hours"),
    "wet_midday_end_h": (16, "h", "end of the midday hours"),
    "season_start_mmdd": (301, "MMDD", "first day of the washing season"),
    "season_end_mmdd": (1115, "MMDD", "last day of the washing season"),
    "peak_am_start_h": (7, "h", "morning peak: no wet work from"),
    "peak_am_end_h": (9, "h", "morning peak: to"),
    "peak_pm_start_h": (17, "h", "evening peak: no wet work from"),
    "peak_pm_end_h": (19, "h", "evening peak: to"),
    "heat_c": (35, "degC", "forecast maximum from which the heat rows hold"),
    "foot_ban_c": (37, "degC", "from here no outdoor work on foot 12:00-15:00"),
    "foot_stop_c": (40, "degC", "from here no outdoor work on foot at all"),
    "arterial_kmh": (35, "km/h", "travel speed on arterials"),
    "secondary_kmh": (30, "km/h", "travel speed on secondary roads"),
    "branch_kmh": (20, "km/h", "travel speed on branch roads"),
    "turn_right_s": (5, "s", "a right turn"),
    "turn_left_s": (15, "s", "a left turn"),
    "turn_u_s": (60, "s", "turning round where it is allowed"),
    "rest_after_s": (14400, "s", "longest driving and work without rest"),
    "rest_s": (1200, "s", "shortest rest"),
    "run_max_s": (28800, "s", "longest run"),
    "duty_day_runs": (3, "runs", "most runs of a driver's duty day"),
    "duty_day_work_s": (28800, "s", "most work of a driver's duty day, rests taken out"),
    "duty_day_span_s": (43200, "s", "longest duty day, first start to last end"),
    "between_days_s": (39600, "s", "rest between duty days"),
    "week_work_s": (158400, "s", "most work in seven days"),
    "diesel_cny_l": (7.5, "CNY/L", "diesel"),
    "water_cny_m3": (7.9, "CNY/m3", "industrial water"),
    "driver_cny_h": (45, "CNY/h", "driver"),
    "section_min_m": (200, "m", "shortest section, but for shorter roads"),
    "section_max_m": (600, "m", "longest section"),
    "hook_s": (900, "s", "hook-lift: set an empty container down and take the full one"),
    "haul_full_by_h": (20, "h", "containers full by then leave their station the same day"),
    "septic_lead_days": (3, "d", "a septic tank is emptied so long before it is full"),
    "septic_rain_lead_days": (10, "d", "so long after rain, as far as trucks have time"),
    "litter_kg_per_bin": (3, "kg", "litter that a bin at the roadside gives when it is emptied"),
    "min_round_min": (150, "min", "shortest share of a shift for one of several rounds"),
    "toilet_summer_start_mmdd": (601, "MMDD", "attended toilets are open 24 h from"),
    "toilet_summer_end_mmdd": (831, "MMDD", "to; a last day before the first: never"),
    "balance_s": (2700, "s", "longest minus shortest run of a service and shift"),
}
