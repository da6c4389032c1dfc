"""The lengths in force: what the classes come with, and what two people changed since."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.clock import utc_now
from core.retention.classes import kept_classes

_NEWEST = """
SELECT DISTINCT ON (code) code, length FROM retention_change
WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL AND holds_from <= $1
ORDER BY code, holds_from DESC, id DESC
"""


async def units_in_force(connection: Any, at: datetime | None = None) -> Mapping[str, int]:
    """Return each class's length in its own unit, as it holds at that time (now).

    A change that a later release no longer allows counts as the nearest that it does.
    """
    rows = await connection.fetch(_NEWEST, at or utc_now())
    changed = {row["code"]: row["length"] for row in rows}
    return {
        code: min(max(changed.get(code, kept.length), kept.least), kept.most)
        if kept.changeable
        else kept.length
        for code, kept in kept_classes().items()
    }


async def lengths_in_force(connection: Any, at: datetime | None = None) -> Mapping[str, timedelta]:
    """Return how long each class that time ends is kept, as it holds at that time (now)."""
    units = await units_in_force(connection, at)
    return {code: kept.span(units[code]) for code, kept in kept_classes().items() if kept.length}
