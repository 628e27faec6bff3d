"""The columns of a sheet by service: passes over sections, stops at sites, or passes that empty
litter bins.

Widths in millimetres; the printed columns share the 194 mm between the margins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WRITTEN = ("actual_time", "done")  # by hand, after the work
FIGURES = frozenset(
    {
        *("seq", "length", "area", "bin_count", "litter_bins", "round", "load", "on_board"),
        *("level", "pumped", "clean", "deodorise"),
    }
)


@dataclass(frozen=True, slots=True)
class Form:
    """``columns`` are those of the CSV and the terminal, in order, ``widths_mm`` those on paper.

    ``span`` are the printed columns that are one cell in a row without work; ``sums`` are the
    totals at its foot and ``signs`` who signs it, the words' keys.
    """

    columns: tuple[str, ...]
    widths_mm: Mapping[str, float]
    span: tuple[str, ...]
    sums: tuple[str, ...]
    signs: tuple[str, ...] = ("dispatcher", "driver", "inspector")


STREET = Form(
    columns=(
        *("seq", "kind", "section", "from", "to", "direction", "grade", "pass"),
        *("plan_time", "length", "area", *WRITTEN, "remark"),
    ),
    widths_mm={
        "seq": 7,
        "section": 36,
        "from": 20,
        "to": 20,
        "direction": 17,
        "grade": 8,
        "pass": 12,
        "plan_time": 13.5,
        "length": 11,
        "area": 11,
        "actual_time": 14,
        "done": 10.5,
        "remark": 14,
    },
    span=("section", "from", "to", "direction", "grade", "pass"),
    sums=("total_service", "total_travel", "total_area", "total_water", "total_fuel"),
)


def _loaded(counted: str, sums: tuple[str, ...], told: str = "stream", taken: str = "load") -> Form:
    """The form of trucks that carry waste.

    ``counted`` is bins, hauls of a station, or truck loads of a tank; ``told`` what the crew must
    know of the site, and ``taken`` what it takes there.
    """
    return Form(
        columns=(
            *("seq", "kind", "site", "site_id", told, counted, taken, "on_board"),
            *("plan_time", "length", *WRITTEN, "remark"),
        ),
        widths_mm={
            "seq": 8,
            "site": 58,
            told: 20,
            counted: 12,
            taken: 17,
            "on_board": 18,
            "plan_time": 14,
            "actual_time": 16,
            "done": 11,
            "remark": 20,
        },
        span=("site", told, counted, taken),
        sums=sums,
    )


COLLECT = _loaded(
    "bin_count",
    ("total_stops", "total_bins", "total_load", "total_unloads", "total_driven", "total_fuel"),
)
HAUL = _loaded(
    "round", ("total_stops", "total_load", "total_unloads", "total_driven", "total_fuel")
)
SEPTIC = _loaded(
    "part",
    ("total_stops", "total_pumped", "total_unloads", "total_driven", "total_fuel"),
    told="level",
    taken="pumped",
)


BINS = Form(
    columns=(
        *("seq", "kind", "section", "from", "to", "direction", "litter_bins", "load", "on_board"),
        *("plan_time", "length", *WRITTEN, "remark"),
    ),
    widths_mm={
        "seq": 7,
        "section": 37,
        "from": 21,
        "to": 21,
        "direction": 17,
        "litter_bins": 11,
        "load": 13,
        "on_board": 14,
        "plan_time": 13.5,
        "actual_time": 13,
        "done": 10.5,
        "remark": 16,
    },
    span=("section", "from", "to", "direction", "litter_bins", "load"),
    sums=(
        *("total_litter_bins", "total_load", "total_unloads", "total_service", "total_travel"),
        "total_fuel",
    ),
)

ROUNDS = Form(
    columns=(
        *("seq", "kind", "site", "site_id", "visit", "clean", "deodorise", "plan_time", "length"),
        *(*WRITTEN, "remark"),
    ),
    widths_mm={
        "seq": 8,
        "site": 58,
        "visit": 23,
        "clean": 16,
        "deodorise": 16,
        "plan_time": 14,
        "actual_time": 17,
        "done": 13,
        "remark": 29,
    },
    span=("site", "visit", "clean", "deodorise"),
    sums=("total_stops", "total_sites", "total_driven", "total_fuel"),
    signs=("dispatcher", "cleaner", "inspector"),
)


def form_of(service: str) -> Form:
    """The form of a service's sheets."""
    forms = {"collect": COLLECT, "haul": HAUL, "septic": SEPTIC, "bins": BINS, "toilet": ROUNDS}
    return forms.get(service, STREET)
