"""Telling open consoles that a referral changed: PostgreSQL's notify, with the id alone, at commit."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "rootan_referrals"


async def announce_change(session: AsyncSession, referral_id: UUID) -> None:
    await session.execute(sa.select(sa.func.pg_notify(CHANNEL, str(referral_id))))
