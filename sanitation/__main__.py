"""Entry point of the `sanitation` command."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions

DISTRIBUTION = "sanitation-ops"


def shadowing() -> str:
    """The distribution that installed a module over one of ours, or "" when there is none.

    The distribution ``Routes`` on the public index installs a package ``routes`` too; whichever
    came last wins, without a word from the installer.
    """
    owners = packages_distributions()
    for module in ("routes", "fleet", "cli", "sanitation"):
        others = sorted(set(owners.get(module, [])) - {DISTRIBUTION})
        if others:
            return others[0]
    return ""


def main() -> None:
    """Run the command line; say in a sentence which other distribution shadows ours."""
    try:
        from cli import app
    except ImportError as error:
        other = shadowing()
        if not other:
            raise
        sys.stderr.write(
            f"error: the installed distribution {other!r} overwrites a part of this program "
            f"({error})\nhint: install {DISTRIBUTION} into a virtual environment of its own\n"
        )
        raise SystemExit(2) from error
    app()


if __name__ == "__main__":
    main()
