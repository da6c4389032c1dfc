"""The clock: aware UTC inside, and one seam that tests move."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

_now: Callable[[], datetime] | None = None


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return _now() if _now is not None else datetime.now(UTC)


def set_now(now: Callable[[], datetime] | None) -> None:
    """Put another clock in place (tests only); None puts the real one back."""
    global _now  # noqa: PLW0603 - the seam itself
    _now = now


def bangkok(moment: datetime) -> datetime:
    return moment.astimezone(BANGKOK)
