"""What follows from an event: the standing, which events figures count, the clocks, and whether the law keeps the case."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.keeping.following import follow_tracks
from referrals.models import Referral
from referrals.teams.days import load_calendar
from referrals.tracks.clocks import due
from referrals.tracks.events import Event
from referrals.tracks.models import CaseEvent, CaseStanding, TrackAlarm
from referrals.tracks.standing import Standing, derive
from referrals.tracks.steps import BEGINNING


async def draw_consequences(
    session: AsyncSession, referral: Referral, events: Sequence[Event], now: datetime
) -> None:
    """Derive and write what follows from a case's events; the referral is locked by the caller."""
    standing = derive(events)
    await _mark_standing_events(session, referral, standing)
    await write_standing(session, referral, standing, now)
    await wind_clocks(session, referral, events, now)
    await follow_tracks(session, referral, standing.holding_tracks)


async def _mark_standing_events(session: AsyncSession, referral: Referral, standing: Standing) -> None:
    counts = CaseEvent.id.in_(standing.stands)
    await session.execute(
        sa.update(CaseEvent)
        .where(CaseEvent.referral_id == referral.id, CaseEvent.stands != counts)
        .values(stands=counts)
        .execution_options(synchronize_session=False)
    )


async def write_standing(
    session: AsyncSession, referral: Referral, standing: Standing, now: datetime
) -> None:
    """Keep a derived standing on its row."""
    money = standing.money
    row = {
        "event_id": standing.event_id, "victim": _state(standing.victim), "prosecution": _state(standing.prosecution),
        "compensation": _state(standing.compensation), "disputes": standing.disputes, "ordered": money.ordered,
        "paid": money.paid, "confirmed": money.confirmed, "owed": money.owed, "ordered_on": money.ordered_on,
        "final_on": money.final_on, "last_paid_on": money.last_paid_on, "changed_at": now,
    }  # fmt: skip
    await session.execute(
        insert(CaseStanding)
        .values(referral_id=referral.id, **row)
        .on_conflict_do_update(index_elements=["referral_id"], set_=row)
    )


def _state(state: str) -> str | None:
    return None if state == BEGINNING else state


async def wind_clocks(
    session: AsyncSession, referral: Referral, events: Sequence[Event], now: datetime
) -> None:
    """End the alarms of clocks that run no more, and note which runs out next of those that nobody was told of."""
    running = due(events, calendar=await load_calendar(session), now=now)
    rung = set()
    rows = await session.scalars(sa.select(TrackAlarm).where(TrackAlarm.referral_id == referral.id))
    still = {(one.clock, one.event_id, one.due_at) for one in running}
    for alarm in rows:
        mark = (alarm.clock, alarm.event_id, alarm.due_at)
        rung.add(mark)
        if mark not in still and alarm.ended_at is None:
            alarm.ended_at = now
    waiting = [one for one in running if (one.clock, one.event_id, one.due_at) not in rung]
    following = min(waiting, key=lambda one: one.due_at, default=None)
    await session.flush()
    await session.execute(
        sa.update(CaseStanding)
        .where(CaseStanding.referral_id == referral.id)
        .values(
            next_clock=following.clock if following else None,
            next_due_at=following.due_at if following else None,
        )
    )
