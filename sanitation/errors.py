"""The errors a user sees: what is wrong, how to mend it, and the exit status."""

from __future__ import annotations


class SanitationError(Exception):
    """Something the user can mend.

    Args:
        message: what is wrong and where (file, row, column, value).
        hint: how to mend it, or "" where the message says so already.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SanitationError):
    """An option, an order or a plan that makes no sense (exit 2)."""


class Problem:
    """One fault of an input table, with everything needed to find and mend it."""

    __slots__ = ("column", "file", "hint", "row", "text", "value")

    def __init__(
        self,
        file: str,
        text: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        hint: str = "",
    ) -> None:
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f":{self.row}"
        if self.column is not None:
            where += f": {self.column}"
        shown = "" if self.value is None else f" (value {self.value!r})"
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}: {self.text}{shown}{hint}"


MAX_SHOWN = 200


def _listed(where: str, problems: list[Problem]) -> str:
    """All problems below each other; a file that is wrong in every row shows the first ones."""
    lines = [f"  {problem}" for problem in problems[:MAX_SHOWN]]
    if len(problems) > MAX_SHOWN:
        lines.append(f"  ... and {len(problems) - MAX_SHOWN} more")
    count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
    return "\n".join([f"{where}: {count}", *lines])


class DistrictError(SanitationError):
    """A district folder with faults: all of them, of every file, at once (exit 2)."""

    def __init__(self, folder: str, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_listed(folder, problems), "mend the lines above and run again")


class TableError(UsageError):
    """A file given with an option (orders, forecast) with faults: all of them at once (exit 2)."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_listed(file, problems), "mend the lines above and run again")
