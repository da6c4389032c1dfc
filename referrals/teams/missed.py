"""Finding the clocks that ran out: reports that nobody holds, and people whom their holder has not answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.models import Referral
from referrals.teams.awaiting import awaited_since
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import Clock, answer_due, claim_due, shortest
from referrals.teams.models import ClockMiss

# The last to be told, see `escalation`.
LAST = "everybody"
_URGENT = ("P0", "P1")
# Of each clock; what is left is found the next time, the most urgent first.
MOST = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """A clock that ran out at `due_at`."""

    referral_id: UUID
    team_id: UUID | None
    holder_id: UUID | None
    clock: Clock
    due_at: datetime


async def find_missed(session: AsyncSession, calendar: Calendar, now: datetime) -> list[Missed]:
    """Return the clocks that have run out and of which not everybody was told yet, the most urgent first."""
    return [*await _unclaimed(session, calendar, now), *await _unanswered(session, calendar, now)]


async def find_missed_of(
    session: AsyncSession, referral_id: UUID, calendar: Calendar, now: datetime
) -> list[Missed]:
    """Return the clocks of one report that have run out, with the report locked."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None or _bot_is_at_it(referral):
        return []
    if referral.state == "open":
        return _missed(referral, "claim", claim_due(referral, calendar), now)
    if referral.state != "claimed":
        return []
    since = await session.scalar(sa.select(awaited_since()).where(Referral.id == referral_id))
    return [] if since is None else _missed(referral, "answer", answer_due(referral, since, calendar), now)


async def _unclaimed(session: AsyncSession, calendar: Calendar, now: datetime) -> list[Missed]:
    since = sa.func.coalesce(Referral.unheld_since, Referral.opened_at)
    rows = await session.scalars(
        sa.select(Referral)
        .where(Referral.state == "open", *_may_be_missed("claim", since, now))
        .order_by(Referral.priority, Referral.opened_at)
        .limit(MOST)
    )
    return [
        missed
        for referral in rows
        if not _bot_is_at_it(referral)
        for missed in _missed(referral, "claim", claim_due(referral, calendar), now)
    ]


async def _unanswered(session: AsyncSession, calendar: Calendar, now: datetime) -> list[Missed]:
    awaited = awaited_since()
    # GREATEST passes over what is NULL.
    since = sa.func.greatest(awaited, Referral.claimed_at)
    rows = await session.execute(
        sa.select(Referral, awaited)
        .where(Referral.state == "claimed", awaited.is_not(None), *_may_be_missed("answer", since, now))
        .order_by(Referral.priority, Referral.opened_at)
        .limit(MOST)
    )
    return [
        missed
        for referral, first in rows
        if not _bot_is_at_it(referral)
        for missed in _missed(referral, "answer", answer_due(referral, first, calendar), now)
    ]


def _may_be_missed(clock: Clock, since: Any, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Leave out what can't have run out yet, and what everybody was told of."""
    told = sa.exists().where(
        ClockMiss.referral_id == Referral.id,
        ClockMiss.clock == clock,
        ClockMiss.told == LAST,
        ClockMiss.due_at >= since,
    )
    spans = sa.case(
        *(
            (Referral.priority == priority, sa.literal(now - span))
            for priority, span in shortest(clock).items()
        )
    )
    return since <= spans, ~told


def _missed(referral: Referral, clock: Clock, due_at: datetime, now: datetime) -> list[Missed]:
    if due_at > now:
        return []
    return [Missed(referral.id, referral.team_id, referral.claimed_by, clock, due_at)]


def _bot_is_at_it(referral: Referral) -> bool:
    """The bot asks on for staff; what is urgent keeps its clocks all the same."""
    return referral.bot_dialogue is not None and referral.priority not in _URGENT
