"""Names of exported files."""

from __future__ import annotations

import re


def safe_name(text: str) -> str:
    """An id as a file name: whatever is no letter, digit, '.', '_' or '-' becomes '_'."""
    return re.sub(r"[^\w.-]", "_", text).lstrip(".") or "_"
