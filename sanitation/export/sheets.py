"""One run's route sheet as plain data, and as CSV for the office.

The form follows the dispatch order (派车单) and the usual route sheet; there is no national form.
Units: metres, square metres, litres, seconds after 00:00 of the plan's date. Values that crews
write by hand are empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routes.files import write_atomic
from sanitation.export.directions import Coords
from sanitation.export.files import safe_name
from sanitation.export.labels import clock, date_clock, iso_clock, km, weather_text, word
from sanitation.export.rows import SheetRow, build_rows, names_of
from sanitation.model import DayPlan, District, Run, Section

BOM = "\ufeff"  # without it Excel reads UTF-8 as GBK


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a run. ``fuel_l`` is the plan's figure where one was given."""

    service_m: int
    travel_m: int
    area_m2: float
    water_l: int
    fill_l: int
    fills: int
    dumps: int
    rests: int
    fuel_l: float | None = None


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
    rows = build_rows(run, names_of(run, district, sections, way_names or {}, coords or {}, lang))
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
        "check": word("checks", lang),
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
        header=tuple((word(key, lang), value) for key, value in values.items()),
        rows=rows,
        totals=_totals(run, rows, fuel_l),
        bans=_bans(plan, rows, lang),
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


def _totals(run: Run, rows: Sequence[SheetRow], fuel_l: float | None) -> Totals:
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
    )


def _bans(plan: DayPlan, rows: Sequence[SheetRow], lang: str) -> tuple[str, ...]:
    """What the driver must not do: wet work in the peaks, and the one-way roads of the run."""
    zh = lang == "zh"
    bans = []
    windows = plan.conditions.get("peak_bans", ())
    peaks = [f"{iso_clock(start)}–{iso_clock(end)}" for start, end in windows]
    if peaks:
        times = ("、" if zh else ", ").join(peaks)
        bans.append(f"高峰禁止湿式作业：{times}" if zh else f"No wet work in the peaks: {times}")
    streets = sorted({row.place for row in rows if row.one_way})
    if streets:
        listed = ("、" if zh else ", ").join(streets)
        bans.append(f"单行路段，严禁逆行：{listed}" if zh else f"One-way, keep direction: {listed}")
    return tuple(bans)


def total_fields(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """(label, value with unit) of the totals; fuel is "" if the plan gives none."""
    sums = sheet.totals
    fuel = "" if sums.fuel_l is None else f"{sums.fuel_l:.1f} L"
    return tuple(
        (word(key, sheet.lang), value)
        for key, value in (
            ("total_service", f"{sums.service_m / 1000:.2f} km"),
            ("total_travel", f"{sums.travel_m / 1000:.2f} km"),
            ("total_area", f"{sums.area_m2:.0f} m²"),
            ("total_water", f"{sums.water_l / 1000:.1f} m³"),
            ("total_fuel", fuel),
        )
    )


COLUMNS = (
    "seq",
    "kind",
    "section",
    "from",
    "to",
    "direction",
    "grade",
    "pass",
    "plan_time",
    "length",
    "area",
    "actual_time",
    "done",
    "remark",
)


def row_note(row: SheetRow) -> str:
    """The remark of a row: turn and way to drive, the litres of a fill or a dump."""
    litres = row.water_l if row.kind == "fill" else row.dirty_l if row.kind == "dump" else 0
    return (
        f"{litres / 1000:.1f} m³"
        if litres
        else " ".join(part for part in (row.turn, row.text) if part)
    )


def row_cells(row: SheetRow, lang: str) -> tuple[str, ...]:
    """The cells of a row in the order of COLUMNS."""
    place = f"{row.place} {row.section}".strip()
    return (
        str(row.seq),
        word(row.kind, lang),
        place,
        row.from_name,
        row.to_name,
        f"{row.direction} {row.side}".strip(),
        row.grade,
        row.pass_text,
        f"{clock(row.start_s)}–{clock(row.end_s)}",
        str(row.length_m) if row.length_m else "",
        f"{row.area_m2:.0f}" if row.area_m2 else "",
        "",
        "",
        row_note(row),
    )


def _csv_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [_plain(cell) for cell in line] for line in lines
    )
    return (BOM + text.getvalue()).encode()


def _plain(cell: str) -> str:
    """A cell that a spreadsheet shows instead of running: names come from the user's tables."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def sheet_csv(sheet: Sheet) -> bytes:
    """One sheet as UTF-8 CSV with BOM: header fields, the rows under their columns, the totals."""
    lang = sheet.lang
    lines: list[Sequence[str]] = [(word("title", lang), sheet.model_mark)]
    lines += sheet.header
    lines += [(), tuple(word(column, lang) for column in COLUMNS)]
    lines += [row_cells(row, lang) for row in sheet.rows]
    lines += [(), (word("total", lang),), *total_fields(sheet)]
    lines += [(word("bans", lang), ban) for ban in sheet.bans]
    lines += [(word(key, lang), "") for key in ("abnormal", "dispatcher", "driver", "inspector")]
    return _csv_bytes(lines)


def index_csv(sheets: Sequence[Sheet], files: Sequence[str], lang: str) -> bytes:
    """One line a run, with the file that holds its sheet."""
    head = ("run", "number", "service_name", "shift", "vehicle", "driver", "depot", "planned")
    sums = ("total_service", "total_travel", "total_water", "total_fuel")
    units = (" (km)", " (km)", " (m³)", " (L)")
    lines: list[Sequence[str]] = [
        (
            *(word(key, lang) for key in head),
            *(word(key, lang) + unit for key, unit in zip(sums, units, strict=True)),
            word("file", lang),
            word("data", lang),
        )
    ]
    for sheet, file in zip(sheets, files, strict=True):
        fuel = sheet.totals.fuel_l
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
                km(sheet.totals.service_m),
                km(sheet.totals.travel_m),
                f"{sheet.totals.water_l / 1000:.1f}",
                "" if fuel is None else f"{fuel:.1f}",
                file,
                sheet.model_mark,
            )
        )
    return _csv_bytes(lines)


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
