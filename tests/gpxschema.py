"""A strict check of GPX 1.1, written from its schema (http://www.topografix.com/GPX/1/1/gpx.xsd).

The schema's file names no licence, so what it demands of the elements that we write is said here
again: which children an element may have, in which order and how often, its attributes, and the
types of its values. An element that is not in the table is a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

SPACE = "{http://www.topografix.com/GPX/1/1}"
# element -> its children in the schema's order, with "*" those that may come more than once
POINT = ("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link*", "sym",
         "type", "fix", "sat", "hdop", "vdop", "pdop", "ageofdgpsdata", "dgpsid",
         "extensions")  # fmt: skip
CHILDREN = {
    "gpx": ("metadata", "wpt*", "rte*", "trk*", "extensions"),
    "copyright": ("year", "license"),
    "metadata": ("name", "desc", "author", "copyright", "link*", "time", "keywords", "bounds",
                 "extensions"),
    "wpt": POINT,
    "rtept": POINT,
    "trkpt": POINT,
    "rte": ("name", "cmt", "desc", "src", "link*", "number", "type", "extensions", "rtept*"),
    "trk": ("name", "cmt", "desc", "src", "link*", "number", "type", "extensions", "trkseg*"),
    "trkseg": ("trkpt*", "extensions"),
}  # fmt: skip
TEXTS = ("name", "desc", "type", "time", "license")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def check_gpx(content: bytes) -> ElementTree.Element:
    """The root of a valid file. AssertionError: what the schema forbids."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SPACE}gpx"
    assert root.attrib["version"] == "1.1"
    assert root.attrib["creator"]
    plain = {key for key in root.attrib if not key.startswith("{")}
    assert plain == {"version", "creator"}
    _check(root)
    return root


def _check(element: ElementTree.Element) -> None:
    assert element.tag.startswith(SPACE)
    name = element.tag.removeprefix(SPACE)
    if name in TEXTS:
        assert not len(element)
        assert not element.attrib
        if name == "time":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.text or "")
            dt.datetime.fromisoformat(element.text or "")
        return
    allowed = CHILDREN[name]
    order = [key.rstrip("*") for key in allowed]
    seen = [order.index(child.tag.removeprefix(SPACE)) for child in element]
    assert seen == sorted(seen), f"{name}: children out of order"
    once = [index for index in set(seen) if not allowed[index].endswith("*")]
    assert all(seen.count(index) == 1 for index in once)
    assert not (element.text or "").strip()
    if allowed is POINT:
        assert element.attrib.keys() == {"lat", "lon"}
        assert all(DECIMAL.fullmatch(value) for value in element.attrib.values())
        assert -90 <= float(element.attrib["lat"]) <= 90
        assert -180 <= float(element.attrib["lon"]) < 180
    elif name == "copyright":
        assert element.attrib.keys() == {"author"}
    elif name != "gpx":
        assert not element.attrib
    for child in element:
        _check(child)
