"""Counting days: a chore keeps the block of each day; what it has not counted yet is read from the reports themselves."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import BANGKOK, bangkok, utc_now
from referrals.models import OPEN_STATES, Referral
from referrals.statistics.blocks import NEVER, Block, Row, block_of, from_bytes, to_bytes
from referrals.statistics.models import StatisticsDay
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import due_at
from referrals.teams.days import load_calendar

# Days on whose reports staff still work.
LIVELY = 100
# How old the count of a day may be: of today, of the lively days, of all others.
_TODAY, _FRESH, _STALE = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=20)
# Where the chore lags behind, today is read as it is.
_LAGS = timedelta(minutes=5)
# Days of one transaction.
_AT_ONCE = 5
_DAY = timedelta(days=1)
_COLUMNS = (
    Referral.opened_at, Referral.state, Referral.closed_as, Referral.priority, Referral.channel, Referral.place,
    Referral.team_id, Referral.claimed_by, Referral.kinds, Referral.unheld_since, Referral.claimed_at,
    Referral.first_answer_at,
)  # fmt: skip


async def count_due_days(session: AsyncSession) -> int:
    """Count some of the days anew that are due; return how many."""
    today = bangkok(utc_now()).date()
    due = await _due(session, today)
    calendar = await load_calendar(session)
    for day in due:
        row = {"block": to_bytes(await _read(session, day, day, calendar)), "counted_at": utc_now()}
        await session.execute(
            insert(StatisticsDay)
            .values(day=day, **row)
            .on_conflict_do_update(index_elements=["day"], set_=row)
        )
    return len(due)


async def _due(session: AsyncSession, today: date) -> list[date]:
    """Days that were never counted or too long ago, the newest first."""
    first = await session.scalar(sa.select(sa.func.min(Referral.opened_at)))
    if first is None:
        return []
    begun, now = bangkok(first).date(), utc_now()
    counted = {
        row.day: row.counted_at
        for row in await session.execute(sa.select(StatisticsDay.day, StatisticsDay.counted_at))
    }
    every = (today - n * _DAY for n in range((today - begun).days + 1))
    due = [day for day in every if _is_due(day, today, counted.get(day), now)]
    return due[:_AT_ONCE]


def _is_due(day: date, today: date, counted: datetime | None, now: datetime) -> bool:
    if counted is None:
        return True
    age = (today - day).days
    return counted < now - (_TODAY if age == 0 else _FRESH if age <= LIVELY else _STALE)


async def read_block(session: AsyncSession, first: date, last: date) -> list[tuple[date, Block]]:
    """Return the reports of each day of a period that has any, counted or read now."""
    today = bangkok(utc_now()).date()
    rows = await session.execute(
        sa.select(StatisticsDay.day, StatisticsDay.block).where(
            StatisticsDay.day >= first,
            StatisticsDay.day <= last,
            sa.or_(StatisticsDay.day < today, StatisticsDay.counted_at > utc_now() - _LAGS),
        )
    )
    found = {row.day: from_bytes(row.block) for row in rows}
    calendar = await load_calendar(session)
    for begin, end in _gaps(first, min(last, today), found):
        found |= await _read_days(session, begin, end, calendar)
    return [(day, found[day]) for day in sorted(found) if found[day].size]


def _gaps(first: date, last: date, found: dict[date, Block]) -> list[tuple[date, date]]:
    """Runs of days that are not counted."""
    gaps: list[tuple[date, date]] = []
    day = first
    while day <= last:
        if day not in found:
            joins = bool(gaps) and gaps[-1][1] == day - _DAY
            gaps.append((gaps.pop()[0] if joins else day, day))
        day += _DAY
    return gaps


async def _read(session: AsyncSession, first: date, last: date, calendar: Calendar) -> Block:
    found = await _read_days(session, first, last, calendar)
    return found.get(first, block_of(()))


async def _read_days(session: AsyncSession, first: date, last: date, calendar: Calendar) -> dict[date, Block]:
    rows = await session.execute(
        sa.select(*_COLUMNS).where(
            Referral.opened_at >= midnight(first), Referral.opened_at < midnight(last + _DAY)
        )
    )
    by_day: dict[date, list[Row]] = {}
    for row in rows:
        by_day.setdefault(bangkok(row.opened_at).date(), []).append(_row(row, calendar))
    return {day: block_of(of_day) for day, of_day in by_day.items()}


def _row(row: Any, calendar: Calendar) -> Row:
    local = bangkok(row.opened_at)
    zero = midnight(local.date())
    put_back = row.unheld_since is not None and (row.claimed_at is None or row.unheld_since < row.claimed_at)
    begun = row.unheld_since if put_back else row.opened_at
    return Row(
        hour=local.hour,
        stands=row.state in OPEN_STATES,
        priority=row.priority,
        channel=row.channel,
        outcome=row.closed_as or row.state,
        place=row.place or "",
        team=str(row.team_id or ""),
        holder=str(row.claimed_by or ""),
        kinds=" ".join(row.kinds),
        opened=_seconds(row.opened_at, zero),
        claim_begun=_seconds(begun, zero),
        claimed=_seconds(row.claimed_at, zero),
        claim_due=_seconds(due_at("claim", row.priority, begun, calendar), zero),
        answered=_seconds(row.first_answer_at, zero),
        answer_due=_seconds(due_at("answer", row.priority, row.opened_at, calendar), zero),
    )


def _seconds(moment: datetime | None, zero: datetime) -> int:
    return NEVER if moment is None else max(int((moment - zero).total_seconds()), 0)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)


def seconds_now(day: date) -> int:
    """How long ago a day began, in seconds."""
    return int((utc_now() - midnight(day)).total_seconds())
