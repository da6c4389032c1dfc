"""Putting a referral aside until a time: it comes back by itself, and at once when its person writes."""

from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import InvalidInputError
from referrals.cases import held
from referrals.live import announce_change
from referrals.models import Referral
from referrals.teams.alerts import raise_alerts
from referrals.thread import add_mark

Reason = Literal["waits_for_person", "waits_for_agency", "chosen_time", "waits_for_evidence", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
LONGEST = timedelta(days=14)
WOKEN = "snooze_over"
_AT_ONCE = 200


class SnoozeTimeError(InvalidInputError):
    """Not in the future, or too far in it."""

    code = "snooze_time"


class SnoozeUrgentError(InvalidInputError):
    """The most urgent are never put aside."""

    code = "snooze_urgent"


async def snooze(
    session: AsyncSession, referral_id: UUID, account_id: UUID, *, until: datetime, reason: str
) -> None:
    """Put a referral that one holds aside.

    Raises SnoozeTimeError, SnoozeUrgentError, InvalidInputError for an unknown reason, and as `held`.
    """
    now = utc_now()
    if reason not in REASONS:
        raise InvalidInputError("choose why it waits")
    if not now < until <= now + LONGEST:
        raise SnoozeTimeError("choose a time within two weeks")
    referral = await held(session, referral_id, account_id)
    if referral.priority == "P0":
        raise SnoozeUrgentError("what is most urgent is not put aside")
    referral.snoozed_until, referral.snoozed_for = until, reason
    await session.flush()
    await add_mark(session, referral_id, account_id, "snoozed", reason)
    await announce_change(session, referral_id)


async def wake(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """Take back what one had put aside; nothing where it was not. Raises as `held`."""
    referral = await held(session, referral_id, account_id)
    if referral.snoozed_until is None:
        return
    referral.snoozed_until, referral.snoozed_for = None, None
    await session.flush()
    await add_mark(session, referral_id, account_id, "woken")
    await announce_change(session, referral_id)


async def wake_due(session: AsyncSession) -> int:
    """Bring back what was put aside until now, and tell its holders; return how many. For a chore."""
    due = await session.execute(
        sa.select(Referral)
        .where(sa.text("referral.snoozed_until IS NOT NULL AND referral.state = 'claimed'"))
        .where(Referral.snoozed_until <= utc_now())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    count = 0
    for referral in due.scalars():
        referral.snoozed_until, referral.snoozed_for = None, None
        await session.flush()
        if referral.claimed_by is not None:
            await raise_alerts(session, [referral.claimed_by], WOKEN, referral.id)
        await announce_change(session, referral.id)
        count += 1
    return count
