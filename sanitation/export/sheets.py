"""One run's route sheet as plain data, and as CSV for the office.

The form follows the dispatch order (派车单) and the usual route sheet; there is no national form.
Units: metres, square metres, litres, kilograms, seconds after 00:00 of the plan's date. Values
that crews write by hand are empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routes.files import write_atomic
from sanitation.export.bans import foot_bans, street_bans
from sanitation.export.csvtext import csv_bytes
from sanitation.export.directions import Coords
from sanitation.export.files import safe_name
from sanitation.export.forms import STREET, Form, form_of
from sanitation.export.labels import (
    clock,
    date_clock,
    kilograms,
    km,
    tonnes,
    weather_text,
    word,
    word_of,
)
from sanitation.export.names import names_of
from sanitation.export.rows import SheetRow, build_rows
from sanitation.model import LOADED_SERVICES, SITE_SERVICES, DayPlan, District, Run, Section
from sanitation.rounds import SERVICE as ROUNDS
from sanitation.rounds import visits_by_number
from sanitation.septic import SERVICE as SEPTIC
from sanitation.septic import parts_of


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a run. ``fuel_l`` is the plan's figure where one was given; ``unloads`` are the
    facility, stream and kilograms of each unloading, in words."""

    service_m: int
    travel_m: int
    area_m2: float
    water_l: int
    fill_l: int
    fills: int
    dumps: int
    rests: int
    fuel_l: float | None = None
    stops: int = 0
    sites: int = 0
    bins: int = 0
    load_kg: int = 0
    unloads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A route sheet in one language. ``header`` is (label, value), "" to be filled in by hand."""

    run_id: str
    number: str
    lang: str
    date: str
    service: str
    service_name: str
    shift_id: str
    shift_name: str
    vehicle: str
    plate: str
    driver: str
    depot: str
    start_s: int
    end_s: int
    model_mark: str  # "" for a real district
    header: tuple[tuple[str, str], ...]
    rows: tuple[SheetRow, ...]
    totals: Totals
    bans: tuple[str, ...]

    @property
    def form(self) -> Form:
        """The columns of the sheet."""
        return form_of(self.service)


def sheet_rows(
    run: Run,
    plan: DayPlan,
    district: District,
    sections: Mapping[str, Section],
    lang: str = "zh",
    *,
    way_names: Mapping[int, str] | None = None,
    coords: Coords | None = None,
    fuel_l: float | None = None,
) -> Sheet:
    """The route sheet of one run of ``plan``.

    Args:
        sections: every section of the district by id.
        way_names: street names by OpenStreetMap way id, for the turn-by-turn text.
        coords: OpenStreetMap node id -> (lon, lat); with it ways get lengths and turns.
        fuel_l: planned fuel of the run in litres, None if it is not known.

    Raises:
        ValueError: unknown language.
    """
    parts = parts_of(plan) if run.service == SEPTIC else {}
    visits = visits_by_number(district, plan.conditions) if run.service == ROUNDS else {}
    names = names_of(run, district, sections, way_names or {}, coords or {}, lang, parts, visits)
    rows = build_rows(run, names)
    shift = next((s for s in district.shifts if s.id == run.shift_id), None)
    shift_name = run.shift_id
    if shift is not None:
        shift_name = shift.name if lang == "zh" else shift.name_en or shift.name
    vehicle = next((v for v in district.vehicles if v.id == run.vehicle_id), None)
    plate = vehicle.plate if vehicle else ""
    kind = next((k for k in district.vehicle_types if vehicle and k.id == vehicle.type_id), None)
    kind_name = "" if kind is None else (kind.name if lang == "zh" else kind.name_en or kind.name)
    people = {person.id: person.name for person in district.drivers}
    driver = people.get(run.driver_id, run.driver_id)
    helpers = "、".join(people.get(helper, helper) for helper in run.helper_ids)
    depot = next((d.name for d in district.depots if d.id == run.depot_id), run.depot_id)
    number = f"{plan.date.replace('-', '')}-{run.id}"
    unit = district.name if lang == "zh" else district.name_en or district.name
    service_name = word(run.service, lang)
    at_sites = run.service in SITE_SERVICES
    values = {
        "number": number,
        "date_shift": f"{plan.date} / {shift_name} / {service_name}",
        "weather": weather_text(plan.conditions, lang),
        "unit": f"{unit} / {depot}",
        "vehicle": f"{plate} / {run.vehicle_id} / {kind_name}",
        "crew": f"{driver} / {helpers or word('none', lang)}",
        "planned": f"{date_clock(plan.date, run.start_s)} → {date_clock(plan.date, run.end_s)}",
        "depot": f"{run.depot_id} {depot}",
        "actual": "",
        "odometer": "",
        "check": word_of("checks", run.service, lang),
    }
    return Sheet(
        run_id=run.id,
        number=number,
        lang=lang,
        date=plan.date,
        service=run.service,
        service_name=service_name,
        shift_id=run.shift_id,
        shift_name=shift_name,
        vehicle=run.vehicle_id,
        plate=plate,
        driver=driver,
        depot=depot,
        start_s=run.start_s,
        end_s=run.end_s,
        model_mark=word("model_mark", lang) if plan.model else "",
        header=tuple((word_of(key, run.service, lang), value) for key, value in values.items()),
        rows=rows,
        totals=_totals(rows, fuel_l),
        bans=foot_bans(plan, names.on_foot, lang)
        if at_sites
        else street_bans(plan, rows, lang, wet=run.service not in LOADED_SERVICES),
    )


def build_sheets(
    plan: DayPlan,
    district: District,
    sections: Mapping[str, Section],
    lang: str = "zh",
    *,
    way_names: Mapping[int, str] | None = None,
    coords: Coords | None = None,
    fuel_l: Mapping[str, float] | None = None,
) -> tuple[Sheet, ...]:
    """The sheets of every run of the plan, in its order; ``fuel_l`` is litres by run id."""
    fuel = fuel_l or {}
    return tuple(
        sheet_rows(
            run,
            plan,
            district,
            sections,
            lang,
            way_names=way_names,
            coords=coords,
            fuel_l=fuel.get(run.id),
        )
        for run in plan.runs
    )


def _totals(rows: Sequence[SheetRow], fuel_l: float | None) -> Totals:
    def count(kind: str) -> int:
        return sum(row.kind == kind for row in rows)

    service = [row for row in rows if row.kind == "service"]
    return Totals(
        service_m=sum(row.length_m for row in service),
        travel_m=sum(row.length_m for row in rows) - sum(row.length_m for row in service),
        area_m2=sum(row.area_m2 for row in service),
        water_l=sum(row.water_l for row in service),
        fill_l=sum(row.water_l for row in rows if row.kind == "fill"),
        fills=count("fill"),
        dumps=count("dump"),
        rests=count("rest"),
        fuel_l=fuel_l,
        stops=sum(max(1, len(row.stops)) for row in service if row.loaded or row.at_sites),
        sites=len({row.site for row in service if row.at_sites}),
        bins=sum(row.bins for row in service),
        load_kg=sum(row.load_kg for row in service),
        unloads=tuple(f"{row.place} {row.text}" for row in rows if row.kind == "unload"),
    )


def total_fields(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """(label, value with unit) of the totals; fuel is "" if the plan gives none."""
    sums = sheet.totals
    values = {
        "total_service": f"{sums.service_m / 1000:.2f} km",
        "total_travel": f"{sums.travel_m / 1000:.2f} km",
        "total_area": f"{sums.area_m2:.0f} m²",
        "total_water": f"{sums.water_l / 1000:.1f} m³",
        "total_fuel": "" if sums.fuel_l is None else f"{sums.fuel_l:.1f} L",
        "total_stops": str(sums.stops),
        "total_sites": str(sums.sites),
        "total_bins": str(sums.bins),
        "total_litter_bins": str(sums.bins),
        "total_load": kilograms(sums.load_kg),
        "total_pumped": f"{sums.load_kg / 1000:.2f} m³",
        "total_unloads": str(len(sums.unloads)),
        "total_driven": f"{sums.travel_m / 1000:.2f} km",
    }
    return tuple((word(key, sheet.lang), values[key]) for key in sheet.form.sums)


def row_note(row: SheetRow) -> str:
    """The remark of a row: turn and way to drive, the litres of a fill or a dump."""
    litres = row.water_l if row.kind == "fill" else row.dirty_l if row.kind == "dump" else 0
    return (
        f"{litres / 1000:.1f} m³"
        if litres
        else " ".join(part for part in (row.turn, row.text) if part)
    )


def visit_text(row: SheetRow, of: str) -> str:
    """Which visit of how many it is: "2/5"."""
    return f"{row.round_no}{of}{row.visits}" if row.visits else str(row.round_no)


def row_cells(row: SheetRow, form: Form = STREET) -> tuple[str, ...]:
    """The cells of a row in the order of the form's columns."""
    work = row.kind == "service"
    cells = {
        "seq": str(row.seq),
        "kind": row.title,
        "section": f"{row.place} {row.section}".strip(),
        "from": row.from_name,
        "to": row.to_name,
        "direction": f"{row.direction} {row.side}".strip(),
        "grade": row.grade,
        "pass": row.pass_text,
        "plan_time": f"{clock(row.start_s)}–{clock(row.end_s)}",
        "length": str(row.length_m) if row.length_m else "",
        "area": f"{row.area_m2:.0f}" if row.area_m2 else "",
        "remark": row_note(row),
        "site": row.place,
        "site_id": row.site,
        "stream": row.stream,
        "bin_count": str(row.bins) if work else "",
        "litter_bins": str(row.bins) if work else "",
        "round": str(row.round_no) if work else "",
        "visit": visit_text(row, "/") if work else "",
        "clean": str(round(row.clean_s / 60)) if work else "",
        "deodorise": str(round(row.deodorise_s / 60)) if work else "",
        "load": str(row.load_kg) if work else "",
        "on_board": str(row.on_board_kg),
        "level": f"{row.level_m3:.2f}" if work else "",
        "part": row.part,
        "pumped": f"{row.load_kg / 1000:.2f}" if work else "",
    }
    return tuple(cells.get(column, "") for column in form.columns)


def sheet_csv(sheet: Sheet) -> bytes:
    """One sheet as UTF-8 CSV with BOM: header fields, the rows under their columns, the totals."""
    lang = sheet.lang
    lines: list[Sequence[str]] = [(word("title", lang), sheet.model_mark)]
    lines += sheet.header
    lines += [(), tuple(word(column, lang) for column in sheet.form.columns)]
    lines += [row_cells(row, sheet.form) for row in sheet.rows]
    lines += [(), (word("total", lang),), *total_fields(sheet)]
    lines += [(word("unload", lang), unloaded) for unloaded in sheet.totals.unloads]
    lines += [(word("bans", lang), ban) for ban in sheet.bans]
    lines += [(word(key, lang), "") for key in ("abnormal", *sheet.form.signs)]
    return csv_bytes(lines)


def index_csv(sheets: Sequence[Sheet], files: Sequence[str], lang: str) -> bytes:
    """One line a run, with the file that holds its sheet; loads only where there are any."""
    head = ("run", "number", "service_name", "shift", "vehicle", "driver", "depot", "planned")
    sums = {"total_service": "km", "total_travel": "km", "total_water": "m³", "total_fuel": "L"}
    services = {sheet.service for sheet in sheets}
    if services & (SITE_SERVICES | LOADED_SERVICES):
        sums["total_stops"] = ""
        if services & LOADED_SERVICES:
            sums |= {"total_bins": "", "total_load": "t", "total_unloads": ""}
        sums["total_driven"] = "km"
    lines: list[Sequence[str]] = [
        (
            *(word(key, lang) for key in head),
            *(word(key, lang) + (f" ({unit})" if unit else "") for key, unit in sums.items()),
            word("file", lang),
            word("data", lang),
        )
    ]
    for sheet, file in zip(sheets, files, strict=True):
        totals = sheet.totals
        figures = {"total_fuel": "" if totals.fuel_l is None else f"{totals.fuel_l:.1f}"}
        if sheet.service in LOADED_SERVICES:
            figures |= {
                "total_stops": str(totals.stops),
                "total_bins": str(totals.bins),
                "total_load": tonnes(totals.load_kg),
                "total_unloads": str(len(totals.unloads)),
            }
        elif sheet.service in SITE_SERVICES:
            figures["total_stops"] = str(totals.stops)
        if sheet.service in SITE_SERVICES:
            figures["total_driven"] = km(totals.travel_m)
        else:
            figures |= {
                "total_service": km(totals.service_m),
                "total_travel": km(totals.travel_m),
            }
        if sheet.service not in LOADED_SERVICES:
            figures["total_water"] = f"{totals.water_l / 1000:.1f}"
        lines.append(
            (
                sheet.run_id,
                sheet.number,
                sheet.service_name,
                sheet.shift_name,
                f"{sheet.plate} / {sheet.vehicle}",
                sheet.driver,
                sheet.depot,
                f"{date_clock(sheet.date, sheet.start_s)} → {date_clock(sheet.date, sheet.end_s)}",
                *(figures.get(key, "") for key in sums),
                file,
                sheet.model_mark,
            )
        )
    return csv_bytes(lines)


def write_csv(sheets: Sequence[Sheet], folder: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write ``<run id>.csv`` for every sheet and ``index.csv``; returns the paths, index last.

    Raises:
        ValueError: two runs whose ids give the same file name.
        OSError: the folder cannot be written.
    """
    files = [f"{safe_name(sheet.run_id)}.csv" for sheet in sheets]
    folded = [file.casefold() for file in (*files, "index.csv")]
    if len(set(folded)) != len(folded):
        raise ValueError("two runs have ids that give the same file name")
    for sheet, file in zip(sheets, files, strict=True):
        write_atomic(folder / file, sheet_csv(sheet))
    write_atomic(folder / "index.csv", index_csv(sheets, files, lang))
    return tuple(folder / file for file in (*files, "index.csv"))
