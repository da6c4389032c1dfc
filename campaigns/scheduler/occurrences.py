"""The instants at which a schedule goes out. Pure.

A day that a month does not have is its last: the 31st, and the 29th of February where there is none.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from campaigns.plans.hours import instant
from campaigns.plans.times import Drip, Once, Recurring, Schedule
from core.clock import bangkok

# The calendar of the library ends in 9999; nothing is planned so far ahead (campaigns.plans.hours).
_END = date(9998, 12, 31)


class Occurrence(NamedTuple):
    """One step of a plan and when it goes out."""

    at: datetime
    step: int


def next_times(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """The next `count` instants after `after`, in order; fewer where the schedule ends."""
    return [one.at for one in next_occurrences(schedule, after, count)]


def next_occurrences(schedule: Schedule, after: datetime, count: int) -> list[Occurrence]:
    """As `next_times`, with the step of each. A drip that begins with what each person did has none: see `drips`."""
    return list(islice((one for one in _from(schedule, after) if one.at > after), count))


def goes_on(schedule: Schedule, now: datetime) -> bool:
    """Whether something may still come after `now`."""
    return is_personal(schedule) or bool(next_times(schedule, now, 1))


def is_personal(schedule: Schedule) -> bool:
    """Whether everybody's days are counted from what they did themselves."""
    return isinstance(schedule, Drip) and schedule.begins != "date"


def _from(schedule: Schedule, after: datetime) -> Iterator[Occurrence]:
    """All from about `after` on; some may lie before it."""
    match schedule:
        case Once(at=at) if at is not None:
            yield Occurrence(at, 0)
        case Recurring() as recurring:
            start = max(recurring.first, bangkok(after).date())
            for day in _days(recurring, start):
                yield Occurrence(instant(day, recurring.at), 0)
        case Drip(begins="date", date=begin) as drip if begin is not None:
            for step, days in enumerate(drip.days):
                yield Occurrence(instant(begin + timedelta(days=days), drip.at), step)


def _days(recurring: Recurring, start: date) -> Iterator[date]:
    """The days from `start` to the last."""
    last = min(recurring.last or _END, _END)
    for day in _all_days(recurring, start):
        if day > last:
            return
        if day >= start:
            yield day


def _all_days(recurring: Recurring, start: date) -> Iterator[date]:
    if recurring.every in ("day", "week"):
        weekdays = set(recurring.weekdays) or {recurring.first.weekday()}
        for ahead in range((_END - start).days + 1):
            day = start + timedelta(days=ahead)
            if recurring.every == "day" or day.weekday() in weekdays:
                yield day
        return
    months = range(1, 13) if recurring.every == "month" else (recurring.month,)
    for year in range(start.year, _END.year + 1):
        for month in months:
            yield date(year, month, min(recurring.day, monthrange(year, month)[1]))
