"""Since when people wait for an answer: their first words that nobody answered yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.models import OPEN_STATES, Referral, ReferralEntry
from referrals.reaching import PHONE


def awaited_since() -> sa.ScalarSelect[Any]:
    """A column beside `Referral`: when the person wrote what nobody answered; NULL where staff wrote last."""
    answered = sa.orm.aliased(ReferralEntry)
    last_answer = (
        sa.select(sa.func.max(answered.at))
        .where(answered.referral_id == Referral.id, answered.author == "staff")
        .correlate(Referral)
        .scalar_subquery()
    )
    return (
        sa.select(sa.func.min(ReferralEntry.at))
        .where(
            ReferralEntry.referral_id == Referral.id,
            ReferralEntry.author == "citizen",
            ReferralEntry.taken_back_at.is_(None),
            ReferralEntry.at > sa.func.coalesce(last_answer, sa.func.to_timestamp(0)),
        )
        .correlate(Referral)
        .scalar_subquery()
    )


async def fill_awaiting(session: AsyncSession) -> int:
    """Note since when people wait whose open reports lack it, being older than the column; return how many.

    Who called was answered while they spoke, and who wrote after staff waits already.
    """
    waits = sa.select(Referral.id, awaited_since().label("since")).where(
        Referral.state.in_(OPEN_STATES), Referral.awaits_since.is_(None), Referral.channel != PHONE
    ).subquery()  # fmt: skip
    filled = await session.scalars(
        sa.update(Referral)
        .where(Referral.id == waits.c.id, waits.c.since.is_not(None))
        .values(awaits_since=waits.c.since)
        .returning(Referral.id)
    )
    return len(filled.all())


async def read_awaited(session: AsyncSession, referral_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return since when the people of these referrals wait; without those whom staff answered last."""
    found = await session.execute(
        sa.select(Referral.id, awaited_since()).where(Referral.id.in_(referral_ids))
    )
    return {referral_id: since for referral_id, since in found if since is not None}
