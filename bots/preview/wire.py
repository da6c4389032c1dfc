"""Reads fields of a platform's dict that may be missing or of the wrong kind: then the empty value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Node = Mapping[str, Any]


def words(node: Node, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def number(node: Node, key: str) -> float | None:
    value = node.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def child(node: Node, key: str) -> Node | None:
    value = node.get(key)
    return value if isinstance(value, Mapping) else None


def children(node: Node, key: str) -> list[Node]:
    """The dicts of a list; what is not a dict becomes an empty one, so that it shows as unknown."""
    value = node.get(key)
    if not isinstance(value, list | tuple):
        return []
    return [item if isinstance(item, Mapping) else {} for item in value]


def loosely(value: Any) -> Any:
    """A value that may have travelled as JSON text (Telegram's form fields)."""
    if not isinstance(value, str) or value[:1] not in {"{", "["}:
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return value
