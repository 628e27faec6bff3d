"""Where the fonts of printed files are: they come with the package, so that the same plan gives
the same bytes on a machine without a Chinese font and on one with twenty.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from sanitation.errors import SanitationError

FAMILY = "Noto Sans CJK SC"
REGULAR, BOLD = "NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"


def font_folder() -> Path:
    """The folder with the OpenType files of ``FAMILY``, of the wheel mpl-font (SIL licence).

    The package itself is not imported: it would bring in matplotlib's pyplot.

    Raises:
        SanitationError: the package is not installed, or lacks the fonts.
    """
    spec = find_spec("mpl_font")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "fonts" / "noto"
        if all((folder / name).is_file() for name in (REGULAR, BOLD)):
            return folder
    raise SanitationError(
        f"the font {FAMILY} is not installed", "install the package 'mpl-font' beside this program"
    )
