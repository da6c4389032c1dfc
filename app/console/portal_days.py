"""A day as partner officers type it: three fields, the year as readers of the language count."""

from collections.abc import Mapping
from datetime import date

from app.console.thai_time import year_of_era

_FIELDS = ("year", "month", "day")


def day_fields(on: date) -> dict[str, str]:
    """Fill the three fields with a day."""
    return {"day": str(on.day), "month": str(on.month), "year": str(year_of_era(on.year))}


def join_day(texts: Mapping[str, str]) -> str:
    """Return the day of three fields as 2569-11-23, in the figures and the era that they were typed in; "" where none was."""
    parts = [texts.get(name, "").strip() for name in _FIELDS]
    if not all(parts):
        return ""
    # int reads Thai figures, too.
    return "-".join(f"{int(part):02}" if part.isdecimal() else part for part in parts)
