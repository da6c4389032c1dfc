"""Clocks of the tracks that ran out: staff are told once of each, where to look and never what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import NotFoundError
from core.ids import new_id
from referrals.keeping.ending import who_knows
from referrals.live import announce_change
from referrals.models import Referral
from referrals.teams.alerts import raise_alerts
from referrals.teams.days import load_calendar
from referrals.tracks.clocks import Due, due
from referrals.tracks.consequences import wind_clocks
from referrals.tracks.events import Event
from referrals.tracks.models import CaseStanding, TrackAlarm
from referrals.tracks.reading import read_codes

# The kind of the alert.
ALERT = "track_clock"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of a case that runs; once staff were told that it ran out, with the alarm, which they may have put aside."""

    due: Due
    alarm_id: UUID | None = None
    is_aside: bool = False


async def read_running(
    session: AsyncSession, referral_id: UUID, events: Sequence[Event], now: datetime
) -> list[Running]:
    """Return the clocks of a case that run, the next to run out first."""
    rows = await session.scalars(sa.select(TrackAlarm).where(TrackAlarm.referral_id == referral_id))
    rung = {(alarm.clock, alarm.event_id, alarm.due_at): alarm for alarm in rows}
    return [
        Running(one, alarm.id, alarm.ended_at is not None) if alarm else Running(one)
        for one in due(events, calendar=await load_calendar(session), now=now)
        for alarm in (rung.get((one.clock, one.event_id, one.due_at)),)
    ]


async def find_due(session: AsyncSession, now: datetime) -> list[UUID]:
    """Return cases with a clock that ran out and of which nobody was told, the longest first."""
    found = await session.scalars(
        sa.select(CaseStanding.referral_id)
        .where(CaseStanding.next_due_at <= now)
        .order_by(CaseStanding.next_due_at)
        .limit(_AT_ONCE)
    )
    return list(found)


async def ring(session: AsyncSession, referral_id: UUID) -> bool:
    """Note the clocks of a case that ran out, and tell whoever works on it; False where that has changed meanwhile."""
    now = utc_now()
    referral = await session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.words_gone_at is not None:
        return False
    events = await read_codes(session, referral_id)
    running = due(events, calendar=await load_calendar(session), now=now)
    news = [one for one in running if one.missed and await _note(session, referral_id, one, now)]
    if news:
        # What a law says is told at once, what we set ourselves waits for the next look into the console.
        statutory = any(one.mark == "V" for one in news)
        await raise_alerts(session, await who_knows(session, referral), ALERT, referral_id, outside=statutory)
        await announce_change(session, referral_id)
    await wind_clocks(session, referral, events, now)
    return bool(news)


async def ring_due(session: AsyncSession, now: datetime) -> list[UUID]:
    """Ring for every case that is due, in one transaction; return those of which somebody was told."""
    return [referral_id for referral_id in await find_due(session, now) if await ring(session, referral_id)]


async def _note(session: AsyncSession, referral_id: UUID, missed: Due, now: datetime) -> bool:
    """Write the alarm down; False where it was before."""
    made = await session.scalar(
        insert(TrackAlarm)
        .values(
            id=new_id(), referral_id=referral_id, clock=missed.clock, event_id=missed.event_id, due_at=missed.due_at,
            at=now,
        )
        .on_conflict_do_nothing()
        .returning(TrackAlarm.id)
    )  # fmt: skip
    return made is not None


async def put_aside(session: AsyncSession, referral_id: UUID, alarm_id: UUID, *, now: datetime) -> str | None:
    """Staff put an alarm aside: it does not ring again. Return its clock, None where it ended before; raises NotFoundError."""
    alarm = await session.scalar(
        sa.select(TrackAlarm).where(TrackAlarm.id == alarm_id, TrackAlarm.referral_id == referral_id)
    )
    if alarm is None:
        raise NotFoundError("no such alarm in this case")
    if alarm.ended_at is not None:
        return None
    alarm.ended_at = now
    await session.flush()
    await announce_change(session, referral_id)
    return alarm.clock
