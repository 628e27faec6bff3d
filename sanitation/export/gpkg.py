"""A plan as an OGC GeoPackage, for QGIS and other desktop systems.

A file of the layers of :mod:`sanitation.export.layers`. Written by GDAL, which
puts the date of writing into the file: the plan's date is given instead, so that the same plan
gives the same bytes. GCJ-02 and BD-09 have no number in the registries; a layer in one of them has
a system of that name on the ellipsoid the formulas use, so that no reader takes it for WGS-84.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.layers import (
    ATTRIBUTION,
    COLUMNS,
    FACILITIES,
    NUMBERS,
    RUNS,
    SITES,
    STOPS,
    STREETS,
    UNCOVERED,
    WORK,
    Feature,
    Layers,
)

_WKT = (
    'GEOGCRS["{name}",DATUM["{name}",ELLIPSOID["Krassowsky 1940",6378245,298.3]],'
    'CS[ellipsoidal,2],AXIS["latitude",north],AXIS["longitude",east],'
    'ANGLEUNIT["degree",0.0174532925199433]]'
)
_SYSTEM = {
    "wgs84": "EPSG:4326",
    "gcj02": _WKT.format(name="GCJ-02"),
    "bd09": _WKT.format(name="BD-09"),
}
_SHAPES = {
    STREETS: "LineString",
    RUNS: "MultiLineString",
    WORK: "LineString",
    STOPS: "Point",
    FACILITIES: "Point",
    SITES: "Point",
    UNCOVERED: "Unknown",  # sections and sites
}


def gpkg_files(handout: Handout, lang: str, crs: str, one_run: bool) -> Iterator[tuple[str, bytes]]:
    """``gpkg/<date>.gpkg``, or of one run ``gpkg/<run>.gpkg``."""
    import pyogrio

    plan, layers = handout.plan, Layers(handout, lang, crs, one_run)
    rows: dict[str, list[Feature]] = {layer: [] for layer in _SHAPES}
    kinds = (layers.streets, layers.runs, layers.stops, layers.facilities, layers.sites)
    for some in (*kinds, layers.uncovered):
        for row in some():
            rows[row.layer].append(row)
    mark = (word("model_mark", lang),) if plan.model else ()
    about = {"DESCRIPTION": "; ".join((*mark, ATTRIBUTION))}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{plan.date}T00:00:00.000Z"})
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "plan.gpkg"
            for layer, found in rows.items():
                _write(file, layer, found, _SYSTEM[crs], about)
            content = file.read_bytes()
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    name = safe_name(plan.runs[0].id) if one_run else plan.date
    yield f"gpkg/{name}.gpkg", content


def _write(
    file: Path, layer: str, rows: Sequence[Feature], system: str, about: dict[str, str]
) -> None:
    import numpy as np
    from pyogrio import raw

    values: list[Any] = []
    masks: list[Any] = []
    for column in COLUMNS[layer]:
        said = [row.fields[column] for row in rows]
        number = column in NUMBERS
        missing = [value is None for value in said]
        plain = [0 if value is None else value for value in said] if number else said
        values.append(np.array(plain, dtype=np.int64 if number else object))
        masks.append(np.array(missing, dtype=bool))
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [_wkb(row, _SHAPES[layer]) for row in rows]
    raw.write(
        file,
        geometry=geometry,
        field_data=values,
        field_mask=masks,
        fields=list(COLUMNS[layer]),
        geometry_type=_SHAPES[layer],
        crs=system,
        driver="GPKG",
        layer=layer,
        append=file.exists(),
        layer_options=about,
    )


def _wkb(row: Feature, shape: str) -> bytes | None:
    """The geometry as well-known binary; None where the place is not known."""
    import shapely

    if not row.lines:
        return None
    lines = [
        shapely.LineString(line) if len(line) > 1 else shapely.Point(*line) for line in row.lines
    ]
    many = shape == "MultiLineString"
    found: bytes = shapely.to_wkb(shapely.MultiLineString(lines) if many else lines[0])
    return found
