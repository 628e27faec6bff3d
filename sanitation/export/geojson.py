"""A plan as GeoJSON (RFC 7946), for maps on screens.

RFC 7946 knows WGS-84 only. The map services of China show everything in GCJ-02 or BD-09, and a
file in WGS-84 laid over their maps lies half a kilometre beside the streets. With another --crs
the coordinates are therefore moved, and a foreign member ``coordinate_system`` names the system:
such a file is for those services and for nothing else. A plan of a model district says so in
``model``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import word
from sanitation.export.layers import ATTRIBUTION, Feature, Layers, Line

_SYSTEM = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def geojson_files(
    handout: Handout, lang: str, crs: str, one_run: bool
) -> Iterator[tuple[str, bytes]]:
    """``geojson/<date>.geojson``, or of one run ``geojson/<run>.geojson``."""
    plan = handout.plan
    layers = Layers(handout, lang, crs, one_run)
    rows = chain(layers.stops(), layers.facilities(), layers.sites(), layers.uncovered())
    about: dict[str, Any] = {
        "date": plan.date,
        "district": plan.district_name,
        "coordinate_system": _SYSTEM[crs],
        "attribution": ATTRIBUTION,
    }
    if plan.model:
        about["model"] = word("model_mark", lang)
    name = safe_name(plan.runs[0].id) if one_run else plan.date
    yield f"geojson/{name}.geojson", _text(about, list(rows))


def _text(about: Mapping[str, Any], rows: Sequence[Feature]) -> bytes:
    """The collection with a feature a line, so that two days can be compared line by line."""
    places = [place for row in rows for line in row.lines for place in line]
    box = {"bbox": _box(places)} if places else {}
    head = _json({"type": "FeatureCollection", **about, **box})
    body = ",\n".join(_json(_feature(row)) for row in rows)
    return f'{head[:-1]},"features":[\n{body}\n]}}\n'.encode()


def _feature(row: Feature) -> dict[str, Any]:
    # What does not apply to a feature is left out; half the file would be nulls.
    said = {key: value for key, value in row.fields.items() if value is not None}
    return {
        "type": "Feature",
        "geometry": _geometry(row.lines),
        "properties": {"layer": row.layer, **said},
    }


def _geometry(lines: tuple[Line, ...]) -> dict[str, Any] | None:
    if not lines:
        return None
    if len(lines) > 1:
        return {"type": "MultiLineString", "coordinates": lines}
    if len(lines[0]) > 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "Point", "coordinates": lines[0][0]}


def _box(places: Iterable[tuple[float, float]]) -> list[float]:
    """West, south, east, north."""
    lons, lats = zip(*places, strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
