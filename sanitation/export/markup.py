"""What a text may hold to be put into an XML file."""

from __future__ import annotations


def lawful(text: str) -> str:
    """Text without the control characters that no XML 1.0 file may have."""
    if text.isprintable():
        return text
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or "\x20" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd"
        or char >= "\U00010000"
    )  # fmt: skip
