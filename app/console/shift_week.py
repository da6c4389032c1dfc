"""A week of shifts as the page shows it: by day of Bangkok, with the hours in which nobody is on duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from core.clock import BANGKOK, bangkok
from core.errors import InvalidInputError
from referrals.teams.shifts import Duty, gaps_between

_DAY = timedelta(days=1)
_WHOLE = "00:00", "24:00"


@dataclass(frozen=True, slots=True)
class ShownShift:
    """A shift on one of the days that it touches; one that goes on from the day before can't be dropped twice."""

    id: UUID
    name: str
    on_call: bool
    starts: str
    ends: str
    begins_here: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of the week with its shifts, and the hours that nobody covers as pairs of clocks."""

    day: date
    shifts: list[ShownShift]
    gaps: list[tuple[str, str]]

    @property
    def nobody_all_day(self) -> bool:
        return self.gaps == [_WHOLE]


def monday_of(day: date) -> date:
    return day - _DAY * day.weekday()


def read_week(typed: str, today: date) -> date:
    """Return the Monday of the week that an address names; this week's where it names none."""
    if not typed:
        return monday_of(today)
    try:
        return monday_of(date.fromisoformat(typed))
    except (ValueError, OverflowError):
        raise InvalidInputError("give a day of the calendar") from None


def bounds_of(monday: date) -> tuple[datetime, datetime]:
    """Return when the week begins and ends."""
    return _midnight(monday), _midnight(monday + 7 * _DAY)


def show_week(monday: date, shifts: Sequence[Duty]) -> list[ShownDay]:
    """Put shifts on the days that they touch."""
    return [_show_day(monday + _DAY * number, shifts) for number in range(7)]


def _show_day(day: date, shifts: Sequence[Duty]) -> ShownDay:
    begins, ends = _midnight(day), _midnight(day + _DAY)
    here = [one for one in shifts if one.starts_at < ends and one.ends_at > begins]
    shown = [
        ShownShift(
            one.id, one.name, one.on_call, _clock(max(one.starts_at, begins), begins),
            _clock(one.ends_at, one.ends_at), one.starts_at >= begins,
        )
        for one in here
    ]  # fmt: skip
    gaps = [
        (_clock(gap.starts_at, begins), _clock(gap.ends_at, begins))
        for gap in gaps_between(begins, ends, here)
    ]
    return ShownDay(day, shown, gaps)


def _clock(moment: datetime, midnight: datetime) -> str:
    """Say the clock; the end of the day is 24:00, not the beginning of the next."""
    if moment - midnight == _DAY:
        return _WHOLE[1]
    return f"{bangkok(moment):%H:%M}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)
