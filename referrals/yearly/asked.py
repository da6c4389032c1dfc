"""Which year is asked for, and by what was known when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import BANGKOK, bangkok
from core.errors import InvalidInputError

FIRST_YEAR = 2000
# Years that stand side by side: the one asked for and those before it.
YEARS = 5
_DAY = timedelta(days=1)


class YearError(InvalidInputError):
    """No such year yet, or a moment that has not come."""

    code = "year"


@dataclass(frozen=True, slots=True)
class Asked:
    """A calendar year of the common era, by the events that were recorded up to `as_of` (aware)."""

    year: int
    as_of: datetime

    @property
    def first(self) -> date:
        """The first day of the earliest year that stands beside it."""
        return date(max(self.year - YEARS + 1, FIRST_YEAR), 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)


def ask(year: int, as_of: datetime, *, now: datetime) -> Asked:
    """Raises YearError for a year that has not begun or a moment still to come, of which more could be recorded."""
    if not FIRST_YEAR <= year <= bangkok(now).year:
        raise YearError("choose a year that has begun")
    if as_of >= now:
        raise YearError("choose a moment that is over, or later figures would differ")
    return Asked(year, as_of.astimezone(UTC))


def end_of(day: date) -> datetime:
    """Return the moment at which a Bangkok day is over."""
    return datetime.combine(day + _DAY, time(), BANGKOK).astimezone(UTC)
