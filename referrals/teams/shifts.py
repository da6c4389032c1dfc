"""Shifts: who is on duty and on call for a team and when, and the hours in which nobody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import BANGKOK
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.teams.models import Shift, TeamMember
from referrals.teams.roster import read_team

MOST_WEEKS = 26
WEEK = timedelta(days=7)


class ShiftTimesError(InvalidInputError):
    """A shift of no length or of more than a day, or repeated too often."""

    code = "shift_times"


class ShiftTwiceError(ConflictError):
    """This person has a shift of the team in that time already."""

    code = "shift_twice"


class NotAMemberError(InvalidInputError):
    """Only members of a team have shifts in it."""

    code = "not_a_member"


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift as the week shows it."""

    id: UUID
    account_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    on_call: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody is on duty."""

    starts_at: datetime
    ends_at: datetime


def times_of(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """Return when a shift of that day begins and ends; one that ends no later than it begins ends the next day."""
    begin = datetime.combine(day, starts, BANGKOK)
    end = datetime.combine(day, ends, BANGKOK)
    return begin, end if end > begin else end + timedelta(days=1)


def gaps_between(starts_at: datetime, ends_at: datetime, shifts: Iterable[Duty]) -> list[Gap]:
    """Return the times between two moments that no shift on duty covers, in order."""
    gaps, covered = [], starts_at
    for shift in sorted((one for one in shifts if not one.on_call), key=lambda one: one.starts_at):
        if shift.starts_at > covered:
            gaps.append(Gap(covered, min(shift.starts_at, ends_at)))
        covered = max(covered, shift.ends_at)
        if covered >= ends_at:
            return gaps
    return [*gaps, Gap(covered, ends_at)]


async def list_shifts(
    session: AsyncSession, team_id: UUID, starts_at: datetime, ends_at: datetime
) -> list[Duty]:
    """Return the shifts of a team that touch this time, in order."""
    rows = await session.execute(
        sa.select(Shift, Account.name)
        .join(Account, Account.id == Shift.account_id)
        .where(
            Shift.team_id == team_id,
            Shift.ends_at > starts_at,
            Shift.starts_at < ends_at,
            Account.disabled_at.is_(None),
        )
        .order_by(Shift.starts_at, Account.name, Shift.id)
    )
    return [
        Duty(shift.id, shift.account_id, name, shift.starts_at, shift.ends_at, shift.on_call)
        for shift, name in rows
    ]


async def add_shifts(
    session: AsyncSession,
    *,
    team_id: UUID,
    account_id: UUID,
    day: date,
    starts: time,
    ends: time,
    on_call: bool,
    weeks: int = 1,
) -> list[UUID]:
    """Put a member on duty, or on call, on this day and the same day of the following weeks; all or none.

    Raises ShiftTimesError, NotAMemberError, ShiftTwiceError, NotFoundError.
    """
    await read_team(session, team_id, lock=True)
    if await session.get(TeamMember, (team_id, account_id)) is None:
        raise NotAMemberError("take this person into the team first")
    if not 1 <= weeks <= MOST_WEEKS:
        raise ShiftTimesError(f"repeat a shift for 1 to {MOST_WEEKS} weeks")
    begins, finishes = times_of(day, starts, ends)
    made = []
    for week in range(weeks):
        begin, end = begins + WEEK * week, finishes + WEEK * week
        await _refuse_twice(session, team_id, account_id, begin, end)
        shift = Shift(
            id=new_id(), team_id=team_id, account_id=account_id, starts_at=begin, ends_at=end, on_call=on_call
        )
        session.add(shift)
        made.append(shift.id)
    await session.flush()
    return made


async def _refuse_twice(
    session: AsyncSession, team_id: UUID, account_id: UUID, begin: datetime, end: datetime
) -> None:
    mine = (Shift.team_id == team_id, Shift.account_id == account_id)
    twice = sa.exists().where(*mine, Shift.starts_at < end, Shift.ends_at > begin)
    if await session.scalar(sa.select(twice)):
        raise ShiftTwiceError("this person has a shift in that time")


async def drop_shift(session: AsyncSession, team_id: UUID, shift_id: UUID) -> None:
    """Take a shift of this team away; raises NotFoundError."""
    gone = await session.scalar(
        sa.delete(Shift).where(Shift.id == shift_id, Shift.team_id == team_id).returning(Shift.id)
    )
    if gone is None:
        raise NotFoundError("no such shift in this team")


async def who_is_there(
    session: AsyncSession, team_ids: Sequence[UUID], now: datetime
) -> dict[UUID, list[Duty]]:
    """Return who is on duty or on call now, by team."""
    rows = await session.execute(
        sa.select(Shift, Account.name)
        .join(Account, Account.id == Shift.account_id)
        .where(
            Shift.team_id.in_(team_ids),
            Shift.ends_at > now,
            Shift.starts_at <= now,
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Shift.id)
    )
    found: dict[UUID, list[Duty]] = {team_id: [] for team_id in team_ids}
    for shift, name in rows:
        found[shift.team_id].append(
            Duty(shift.id, shift.account_id, name, shift.starts_at, shift.ends_at, shift.on_call)
        )
    return found
