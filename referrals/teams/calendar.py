"""Duty time: Bangkok office hours without weekends and Thai holidays, and the days that supervisors changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal

import holidays

from core.clock import BANGKOK, bangkok

_DAY = timedelta(days=1)
_LIBRARY_SPEAKS = {"th": "th", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class DutyHours:
    """When a duty day begins and ends, in Bangkok, and on which days of the week there is duty (Monday is 0)."""

    opens: time
    closes: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that supervisors made free or a duty day, whatever week and holidays say."""

    is_duty: bool
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Tells duty time from free time."""

    hours: DutyHours
    changed: Mapping[date, ChangedDay] = field(default_factory=dict)

    def is_duty_day(self, day: date) -> bool:
        changed = self.changed.get(day)
        if changed is not None:
            return changed.is_duty
        return day.weekday() in self.hours.weekdays and day not in public_holidays(day.year)

    def is_duty_time(self, moment: datetime) -> bool:
        local = bangkok(moment)
        return self.is_duty_day(local.date()) and self.hours.opens <= local.time() < self.hours.closes

    def after_duty(self, since: datetime, span: timedelta) -> datetime:
        """Return when `span` of duty time has passed since then."""
        left, day = span, bangkok(since).date()
        while True:
            if self.is_duty_day(day):
                begins, ends = (_moment(day, clock) for clock in (self.hours.opens, self.hours.closes))
                begins = max(begins, since)
                if begins < ends:
                    if begins + left <= ends:
                        return begins + left
                    left -= ends - begins
            day += _DAY


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, BANGKOK).astimezone(UTC)


@cache
def public_holidays(year: int, language: Literal["th", "en"] = "th") -> Mapping[date, str]:
    """Return the days on which government offices are closed, with their names."""
    found = holidays.country_holidays(
        "TH", years=year, categories=("public", "government"), language=_LIBRARY_SPEAKS[language]
    )
    return dict(found.items())
