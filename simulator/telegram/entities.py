"""Text with marks: what the parse modes have in common."""

from __future__ import annotations

from typing import Any

import msgspec


class EntityError(ValueError):
    """The marks can't be parsed; the text says why, in the Bot API's words."""


class Marked(msgspec.Struct, kw_only=True):
    """Plain text and its entities (offsets in UTF-16 units)."""

    text: str
    entities: list[dict[str, Any]]


class Writer:
    """Collects plain text and counts UTF-16 units as it goes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.units = 0
        self.entities: list[dict[str, Any]] = []

    def write(self, text: str) -> None:
        self._parts.append(text)
        self.units += utf16_units(text)

    def mark(self, start: int, kind: str, **more: Any) -> None:
        """Marks everything since `start`; an empty stretch leaves no entity."""
        if self.units > start:
            self.entities.append({"type": kind, "offset": start, "length": self.units - start, **more})

    def finish(self) -> Marked:
        """Blanks at both ends go, as Telegram takes them."""
        whole = "".join(self._parts)
        lead = utf16_units(whole) - utf16_units(whole.lstrip())
        text = whole.strip()
        most = utf16_units(text)
        kept = [cut for entity in self.entities if (cut := _cut(entity, lead, most))]
        return Marked(text=text, entities=sorted(kept, key=lambda one: (one["offset"], -one["length"])))


def utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def bytes_before(text: str, at: int) -> int:
    return len(text[:at].encode("utf-8", "surrogatepass"))


def _cut(entity: dict[str, Any], lead: int, most: int) -> dict[str, Any] | None:
    start = max(entity["offset"] - lead, 0)
    end = min(entity["offset"] - lead + entity["length"], most)
    return {**entity, "offset": start, "length": end - start} if end > start else None
