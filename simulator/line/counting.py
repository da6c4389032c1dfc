"""LINE counts some texts in UTF-16 units and others in grapheme clusters.

Source: LINE documentation, "Character counting in a text".
"""

from __future__ import annotations

import regex

_GRAPHEME = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    return len(text) if text.isascii() else len(_GRAPHEME.findall(text))
