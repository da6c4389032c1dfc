"""What strangers wrote, made harmless to show."""

import unicodedata

_KEPT = "\n\t"
# Left-to-right and right-to-left overrides and isolates: each could reorder our own words around a text.
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
MOST_MARKS = 4


def harmless(text: str) -> str:
    """Drop control, direction and unpaired characters, and piles of combining marks; the page escapes the rest."""
    kept: list[str] = []
    marks = 0
    for char in text.replace("\r\n", "\n"):
        if _is_control(char):
            continue
        marks = marks + 1 if unicodedata.combining(char) or unicodedata.category(char) == "Mn" else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_control(char: str) -> bool:
    if char in _KEPT:
        return False
    return ord(char) in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Co"}
