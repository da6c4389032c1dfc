"""Days and clocks of forms: as browsers send them, and 24 hours as people here read them."""

from datetime import date

from core.errors import InvalidInputError

_DAY = 24 * 60


def say_clock(minute: int) -> str:
    """Say minutes after midnight as a clock."""
    return f"{minute % _DAY // 60:02}:{minute % 60:02}"


def read_day(typed: str) -> date | None:
    """Return the day of a form's field, None where it is empty; raises InvalidInputError."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidInputError("give a day of the calendar") from None
