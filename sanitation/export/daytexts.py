"""The texts of a day's page, each once: a pair of Chinese and English by its number."""

from __future__ import annotations

from sanitation.export.table import clean

# Marks that turn the direction of the text after them round; a name may not reach beyond itself.
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))


def shown(text: str) -> str:
    """A text as the page shows it: one line, without control characters of any kind."""
    return clean(text).translate(_TURNS)


class Texts:
    """Numbers texts in the order in which they are first asked for; number 0 is the empty one."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {("", ""): 0}

    def pair(self, zh: str, en: str) -> int:
        """The number of a text in both languages."""
        return self._numbers.setdefault((shown(zh), shown(en)), len(self._numbers))

    def name(self, text: str) -> int:
        """The number of a name, which is the same in both languages."""
        return self.pair(text, text)

    @property
    def listed(self) -> list[str | list[str]]:
        """By number: the text, or [Chinese, English] where they differ."""
        return [zh if zh == en else [zh, en] for zh, en in self._numbers]
