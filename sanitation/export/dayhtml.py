"""A day, or one run of it, as a page that lives in one file and needs no network.

Map, chart of runs, figures, search; the page's own script and style are the readable files in
``web/``, put together here. What names hold reaches the page as data only: the script's policy
names its own hash, so that nothing else in the file can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from sanitation.export.daydata import day_data
from sanitation.export.daywords import WORDS
from sanitation.export.files import safe_name
from sanitation.export.handout import Handout
from sanitation.export.labels import LANGS

# In this order: each uses what those before it define.
SCRIPTS = (
    *("dom.js", "data.js", "state.js", "strokes.js", "mapbase.js", "mapover.js", "map.js"),
    *("bars.js", "gantt.js", "search.js", "panel.js", "tables.js", "controls.js", "day.js"),
)
STYLES = ("day.css", "narrow.css")
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def html_files(handout: Handout, lang: str, one_run: bool) -> Iterator[tuple[str, bytes]]:
    """``<date>.html``, or ``<run>.html`` of the one run of the handout."""
    name = handout.plan.runs[0].id if one_run else handout.plan.date
    yield f"{safe_name(name)}.html", day_html(handout, lang, one_run).encode()


def day_html(handout: Handout, lang: str, one_run: bool = False) -> str:
    """The page as text.

    Args:
        lang: the language it begins with; it can be switched to the other.
        one_run: the page of a driver: the run of the handout, without the day's tables.
    """
    script = "(() => {\n" + '"use strict";\n' + "\n".join(map(_source, SCRIPTS)) + "})();\n"
    style = "\n".join(map(_source, STYLES))
    plan = handout.plan
    number = LANGS.index(lang)
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "LANG": "zh-CN" if lang == "zh" else "en",
        "POLICY": policy,
        "TITLE": escape(f"{plan.district_name} {WORDS['title'][number]} {plan.date}"),
        "STYLE": style,
        "NOSCRIPT": escape(WORDS["noscript"][number]),
        "DATA": json_text(day_data(handout, lang, one_run)),
        "SCRIPT": script,
    }
    # In one pass, so that a name that looks like a mark is left as it is.
    return re.sub(r"<!--(\w+)-->", lambda mark: parts[mark[1]], _source("day.html"))


def json_text(data: dict[str, Any]) -> str:
    """Compact JSON that cannot end the element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def _source(name: str) -> str:
    return (files("sanitation.export") / "web" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
