"""What figures are asked for: a period of Bangkok days, and of which reports."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from uuid import UUID

from core.clock import BANGKOK
from core.errors import InvalidInputError

Named = Literal["week", "month", "quarter", "last_week", "last_month", "last_quarter", "custom"]
NAMED: tuple[Named, ...] = get_args(Named)
# Of a period that somebody chose: longer ones are put together from several.
MOST_DAYS = 400
_YEARS = range(2000, 2200)
_DAY = timedelta(days=1)


class PeriodError(InvalidInputError):
    """The first day lies behind the last, or there are too many between them."""

    code = "period"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The moment behind the last day."""
        return _midnight(self.last + _DAY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which reports; None is any."""

    period: Period
    team_id: UUID | None = None
    kind: str | None = None
    channel: str | None = None
    place: str | None = None


def period_of(named: Named, today: date, first: date | None = None, last: date | None = None) -> Period:
    """Return a named period around `today`, or the one from `first` to `last`; raises PeriodError.

    Weeks begin on Monday. Quarters are those of calendar and of the Thai fiscal year, whose months are the same.
    """
    match named:
        case "week":
            return Period(_monday(today), today)
        case "last_week":
            return Period(_monday(today) - 7 * _DAY, _monday(today) - _DAY)
        case "month":
            return Period(today.replace(day=1), today)
        case "last_month":
            end = today.replace(day=1) - _DAY
            return Period(end.replace(day=1), end)
        case "quarter":
            return Period(_quarter(today), today)
        case "last_quarter":
            end = _quarter(today) - _DAY
            return Period(_quarter(end), end)
        case _:
            return _custom(first, last)


def fiscal_quarter(day: date) -> tuple[int, int]:
    """Return the quarter of the Thai fiscal year, which begins in October, and that year in the Buddhist era."""
    quarter = (day.month + 2) % 12 // 3 + 1
    return quarter, day.year + 543 + (day.month >= 10)


def _custom(first: date | None, last: date | None) -> Period:
    if first is None or last is None:
        raise PeriodError("give the first and the last day")
    if first > last or {first.year, last.year} - set(_YEARS) or (last - first).days >= MOST_DAYS:
        raise PeriodError(f"give at most {MOST_DAYS} days, the first one first")
    return Period(first, last)


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)
