"""Names of exported files, and where they may go."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from sanitation.errors import UsageError


def safe_name(text: str) -> str:
    """An id as a file name: whatever is no letter, digit, '.', '_' or '-' becomes '_'."""
    return re.sub(r"[^\w.-]", "_", text).lstrip(".") or "_"


def check_folder(folder: Path) -> None:
    """Find out before the work whether a folder can be written or made; nothing stays.

    Raises:
        UsageError: it is a file, or may not be written to.
    """
    parent = folder
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    hint = "give another folder with --out"
    if not parent.is_dir():
        raise UsageError(f"{folder}: {parent} is a file, not a folder", hint)
    try:
        Path(tempfile.mkdtemp(dir=parent, prefix=".part-")).rmdir()
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}", hint) from error
