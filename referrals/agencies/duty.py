"""An agency's own duty time: its hours and days, without Thai holidays; free days that supervisors added hold for it, too."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.agencies.particulars import DAY_MINUTES, Particulars
from referrals.teams.calendar import Calendar, ChangedDay, DutyHours
from referrals.teams.models import CalendarDay


async def answer_due(session: AsyncSession, agency: Particulars, since: datetime) -> datetime:
    """Return by when an agency answers what was sent to it at `since`."""
    # A day on which the hotline works against the week says nothing of others; a day made free, a holiday, does.
    free = await session.scalars(sa.select(CalendarDay).where(CalendarDay.is_duty.is_(False)))
    return due_at(agency, since, {day.day: ChangedDay(is_duty=False, name=day.name) for day in free})


def due_at(agency: Particulars, since: datetime, free: Mapping[date, ChangedDay]) -> datetime:
    """Return when the agency's time to answer has passed."""
    span = timedelta(hours=agency.answers_within)
    if agency.is_round_the_clock:
        return since + span
    hours = DutyHours(_clock(agency.opens_minute), _clock(agency.closes_minute), frozenset(agency.weekdays))
    return Calendar(hours, free).after_duty(since, span)


def _clock(minute: int) -> time:
    """The end of the day is its last moment: there is no 24.00."""
    return time.max if minute == DAY_MINUTES else time(*divmod(minute, 60))
