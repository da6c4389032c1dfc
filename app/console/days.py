"""Days and clocks of forms and lists, as people here read them: Buddhist era, 24 hours."""

from datetime import date

from app.console.texts import say
from core.errors import InvalidInputError

_BUDDHIST = 543
_DAY = 24 * 60


def say_day(day: date) -> str:
    """23 พ.ย. 2569"""
    return say("casework.day", day=day.day, month=say(f"time.months.{day.month}"), year=day.year + _BUDDHIST)


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
