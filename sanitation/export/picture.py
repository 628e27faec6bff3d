"""A plan as one picture: where the runs are, when, and what becomes of water and waste.

Maps on the left, one a service; on the right the timetable, the fill points and, where there is
waste, the stations' containers. Of a single run: its map, its bar and its tank. Drawn by
matplotlib without a screen and without its global state, in the font that comes with the program.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanitation.errors import UsageError
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.markup import lawful
from sanitation.export.picture_look import MOST_NAMED, Shown, said
from sanitation.export.picture_map import draw_map
from sanitation.export.picture_stock import (
    draw_bays,
    draw_containers,
    draw_tank,
    draw_tonnes,
    fills_of,
    stocks_of,
)
from sanitation.export.picture_time import draw_timetable, groups_of, in_order, rows_of
from sanitation.model import SITE_SERVICES, WET_SERVICES, Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# No date in any of them, so that the same plan gives the same bytes.
_METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}
_DPI = 110
_WIDTH_IN = 18.0


def check_suffix(file: Path) -> str:
    """The kind of picture by the file's name: .png, .svg or .pdf.

    Raises:
        UsageError: another one.
    """
    suffix = file.suffix.lower()
    if suffix not in _METADATA:
        hint = f"give the file a name that ends with {', '.join(_METADATA)}"
        raise UsageError(f"--plot {str(file)!r}: no kind of picture", hint)
    return suffix


def chosen(handout: Handout, run_id: str, shift_id: str) -> tuple[Run, ...]:
    """The runs of the plan that are asked for: one, those of a shift, or with "" all.

    Raises:
        UsageError: the plan has no such run or shift.
    """
    from sanitation.options import unknown_id

    runs = handout.plan.runs
    if shift_id and shift_id not in (known := sorted({run.shift_id for run in runs})):
        raise unknown_id("shift", shift_id, known)
    if run_id:
        runs = handout.only(run_id).plan.runs
    return tuple(run for run in runs if shift_id in ("", run.shift_id))


def picture(handout: Handout, runs: Sequence[Run], lang: str, suffix: str) -> bytes:
    """Draw some runs of a plan.

    Args:
        handout: of the whole day: a shift's water and waste are shown beside everybody's.
        suffix: as :func:`check_suffix` gives it.

    Raises:
        SanitationError: the font is missing.
    """
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from sanitation.export.fonts import FAMILY, font_file

    font_manager.fontManager.addfont(font_file())
    style: Any = {
        "font.family": [FAMILY, "DejaVu Sans"],
        "svg.hashsalt": "sanitation",
        "text.parse_math": False,  # a name with two dollar signs is a name
        "path.simplify": True,
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # A name may have signs that no font of ours has: a box is drawn for them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        _compose(figure, _shown(handout, tuple(runs), lang))
        drawn = io.BytesIO()
        figure.savefig(drawn, format=suffix[1:], dpi=_DPI, metadata=_METADATA[suffix])
    content = drawn.getvalue()
    return lawful(content.decode()).encode() if suffix == ".svg" else content


def _shown(handout: Handout, runs: tuple[Run, ...], lang: str) -> Shown:
    first_s = min((run.start_s for run in runs), default=0) // 3600 * 3600
    last_s = -(-max((run.end_s for run in runs), default=86_400) // 3600) * 3600
    return Shown(handout, runs, lang, first_s, max(last_s, first_s + 3600))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the right-hand column and its height, inches."""

    draw: Callable[[Axes], object]
    high_in: float


def _parts(shown: Shown) -> list[_Part]:
    count = len(shown.runs)
    row_in = 0.2 if count <= MOST_NAMED else 0.026
    table_in = max(1.8, 0.9 + rows_of(groups_of(shown.runs)) * row_in)
    parts = [_Part(lambda axes: draw_timetable(axes, shown), table_in)]
    if count == 1:
        (run,) = shown.runs
        if run.service not in SITE_SERVICES or any(stop.load_kg for stop in run.stops):
            parts.append(_Part(lambda axes: draw_tank(axes, shown, run), 3.0))
        return parts
    plan = shown.handout.plan
    services = {run.service for run in shown.runs}
    if services & WET_SERVICES and (fills := fills_of(plan, shown.from_s, shown.to_s)):
        parts.append(_Part(lambda axes: draw_bays(axes, shown), 1.2 + 0.45 * len(fills)))
    if services - WET_SERVICES and (stocks := stocks_of(plan)):
        parts.append(_Part(lambda axes: draw_containers(axes, shown), 1.2 + 0.32 * len(stocks)))
        parts.append(_Part(lambda axes: draw_tonnes(axes, shown), 2.6))
    return parts


def _compose(figure: Figure, shown: Shown) -> None:
    parts = _parts(shown)
    groups: dict[str, list[Run]] = {}
    for run in in_order(shown.runs):
        groups.setdefault(run.service, []).append(run)
    columns = 1 if len(groups) <= 2 else 2
    rows = max(1, -(-len(groups) // columns))
    own_in = sum(part.high_in for part in parts)
    high_in = max(own_in, 4.6 * rows, 7.0)
    figure.set_size_inches(_WIDTH_IN, high_in + 0.8)
    plan = shown.handout.plan
    mark = f"　{word('model_mark', shown.lang)}" if plan.model else ""
    figure.suptitle(f"{_district(shown)} {plan.date}　{_subject(shown)}{mark}", fontsize=16)
    halves: Any = figure.subfigures(1, 2, width_ratios=(0.9, 1.0))
    left, right = halves
    left.supxlabel(said("credit", shown.lang), fontsize=7, color="#555555")
    maps = left.subplots(rows, columns, squeeze=False).flatten()
    for axes in maps[len(groups) :]:
        axes.set_axis_off()
    for axes, (service, runs) in zip(maps, groups.items(), strict=False):
        title = f"{said(service, shown.lang)} {len(runs)} {said('runs', shown.lang)}"
        draw_map(axes, shown, runs, title if len(runs) > 1 else said(service, shown.lang))
    if not groups:
        draw_map(maps[0], shown, (), said("no_runs", shown.lang))
    if len(parts) == 1 and high_in > own_in:
        parts.append(_Part(lambda axes: axes.set_axis_off(), high_in - own_in))
    ratios = [part.high_in for part in parts]
    grid = right.subplots(len(parts), 1, squeeze=False, height_ratios=ratios)
    for axes, part in zip(grid.flatten(), parts, strict=True):
        part.draw(axes)


def _district(shown: Shown) -> str:
    plan, district = shown.handout.plan, shown.handout.district
    return plan.district_name if shown.lang == "zh" else district.name_en or plan.district_name


def _subject(shown: Shown) -> str:
    """What the picture is of: a run, a shift, or how many runs."""
    if len(shown.runs) == 1:
        (run,) = shown.runs
        return f"{run.id}　{said(run.service, shown.lang)} / {shown.shift_name(run.shift_id)}"
    count = f"{len(shown.runs)} {said('runs', shown.lang)}"
    shifts = {run.shift_id for run in shown.runs}
    return f"{shown.shift_name(shifts.pop())} {count}" if len(shifts) == 1 else count
