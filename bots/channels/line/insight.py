"""LINE's statistics of aggregation units ("Get statistics per unit"): of at least 20 people, or null."""

from datetime import date
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from bots.channels.reading import at

_PATH = "/v2/bot/insight/message/event/aggregation"


class UnitRead(NamedTuple):
    """What LINE said: "read", "wait" (asked too often), or "failed" (anything else). Counts are None where LINE hides them."""

    outcome: Literal["read", "wait", "failed"]
    impressions: int | None = None
    clicks: int | None = None


def unit_path(unit: str, first: date, last: date) -> str:
    asked = {"customAggregationUnit": unit, "from": f"{first:%Y%m%d}", "to": f"{last:%Y%m%d}"}
    return f"{_PATH}?{urlencode(asked)}"


def read_unit(status: int, body: Any) -> UnitRead:
    """Read an answer; one that is not of the published shape is not believed in any part."""
    if status == 429:
        return UnitRead("wait")
    overview = at(body, "overview")
    if status != 200 or not isinstance(overview, dict):
        return UnitRead("failed")
    counts = [overview.get(name) for name in ("uniqueImpression", "uniqueClick")]
    if not all(_is_count(count) for count in counts):
        return UnitRead("failed")
    return UnitRead("read", *counts)


def _is_count(value: Any) -> bool:
    # A figure beyond what a column holds is none of LINE's.
    return value is None or (type(value) is int and 0 <= value < 2**31)
