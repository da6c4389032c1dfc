"""The days that supervisors changed: added holidays, and holidays on which there is duty all the same."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import InvalidInputError
from referrals.teams.calendar import Calendar, ChangedDay
from referrals.teams.clocks import duty_hours
from referrals.teams.models import CalendarDay

# The longest official name of a holiday has about 150.
LONGEST_NAME = 200


async def load_calendar(session: AsyncSession) -> Calendar:
    """Return the calendar as it stands now."""
    days = await session.scalars(sa.select(CalendarDay))
    return Calendar(duty_hours(), {day.day: ChangedDay(day.is_duty, day.name) for day in days})


async def change_day(session: AsyncSession, day: date, *, is_duty: bool, name: str, by: UUID) -> None:
    """Make a day a duty day or free; the last word holds. Raises InvalidInputError without a name."""
    words = " ".join(name.split())
    if not 1 <= len(words) <= LONGEST_NAME:
        raise InvalidInputError("give the day a name")
    row = {"is_duty": is_duty, "name": words, "by": by, "at": utc_now()}
    await session.execute(
        insert(CalendarDay).values(day=day, **row).on_conflict_do_update(index_elements=["day"], set_=row)
    )


async def restore_day(session: AsyncSession, day: date) -> None:
    """Let week and holidays decide over a day again."""
    await session.execute(sa.delete(CalendarDay).where(CalendarDay.day == day))
