"""Route sheets as PDF: a file a run (dispatch order, sheet, map, its way as data), and the day's
binder.

Typst sets them, with the fonts of fonts.py only. The same plan gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from sanitation.export.amap import goals_of
from sanitation.export.binder import SetPdf, binder
from sanitation.export.files import safe_name
from sanitation.export.fonts import font_folder
from sanitation.export.handout import Handout, Street
from sanitation.export.printed import Data, codes_data, legend, order_data, say, sheet_data
from sanitation.export.route import FILE as ROUTE_FILE
from sanitation.export.route import route_json
from sanitation.export.sheets import Sheet
from sanitation.export.sketch import sketch_svg, standing_alone
from sanitation.model import Run

TEMPLATES = Path(__file__).parent / "templates"
# The map's page less its codes, a row of six at a time; the map is set larger than it is drawn, so
# that its 8 pt letters become 9.5 pt.
MAP_MM, CODES_MM, DRAWN = (194, 214), 43, 0.85
ROAD_CLASSES = (0, 1)  # arterial and secondary streets have names on the map


def pdf_files(handout: Handout, lang: str, one_run: bool) -> Iterator[tuple[str, bytes]]:
    """``pdf/<run>.pdf``; of a whole day ``pdf/all.pdf`` too."""
    set_run, set_binder = setters()
    roads = [street for street in handout.streets if street.road_class in ROAD_CLASSES]
    files: list[tuple[Run, Sheet, bytes]] = []
    for run, sheet in zip(handout.plan.runs, handout.sheets(lang), strict=True):
        made = set_run(run_data(run, sheet, handout, roads))
        yield f"pdf/{safe_name(run.id)}.pdf", made
        files.append((run, sheet, made))
    if not one_run:
        yield "pdf/all.pdf", binder(handout, lang, files, set_binder)


def setters() -> tuple[SetPdf, SetPdf]:
    """What makes PDFs of data by the templates of a run and of the binder; fonts are read once."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()]
    )

    def setter(template: str) -> SetPdf:
        compiler = typst.Compiler(TEMPLATES / template, font_paths=fonts)

        def set_pdf(data: Data) -> bytes:
            text = json.dumps(data, ensure_ascii=False)
            made = compiler.compile(
                format="pdf", sys_inputs={"data": text}, timestamp=0, pdf_tags=False
            )
            assert isinstance(made, bytes)
            return made

        return set_pdf

    return setter("sheets.typ"), setter("binder.typ")


def run_data(run: Run, sheet: Sheet, handout: Handout, roads: Sequence[Street]) -> Data:
    """Everything that a run's file shows; ``roads`` may have their names on its map."""
    goals = goals_of(run, sheet, handout.district, handout.coords)
    height_mm = MAP_MM[1] - CODES_MM * (max(0, len(goals) - 1) // 6)
    svg = sketch_svg(
        run,
        sheet,
        [street.nodes for street in handout.streets],
        handout.coords,
        round(MAP_MM[0] * DRAWN),
        round(height_mm * DRAWN),
        roads,
    )
    on_foot = any(goal.on_foot for goal in goals)
    return {
        "title": sheet.number,
        "lang": sheet.lang,
        "run": {
            "order": order_data(sheet),
            "sheet": sheet_data(sheet),
            "map": {"svg": standing_alone(svg), "legend": legend(sheet, on_foot)} if svg else None,
            "codes": codes_data(goals, sheet.lang),
            "codes-title": say("codes", sheet.lang),
            "route-file": ROUTE_FILE,
            "route": route_json(run, sheet),
        },
    }
