"""What a bug report needs: the versions of the program, of what it is built on, and the machine."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTIONS = ("sanitation-ops", "numpy", "numba", "scipy", "pulp", "highspy", "osmnx", "typer")


def versions() -> list[str]:
    """A line each, the program's own first."""
    lines = []
    for name in DISTRIBUTIONS:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} (not installed)")
    return [*lines, f"Python {platform.python_version()}, {platform.platform()}"]
