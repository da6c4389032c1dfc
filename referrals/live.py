"""Telling open consoles that a referral changed: PostgreSQL's notify, with the id alone, at commit."""

from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "rootan_referrals"
# Somebody opened it, left it or began to type: nothing of the referral itself.
PRESENCE: Literal["presence"] = "presence"


async def announce_change(
    session: AsyncSession, referral_id: UUID, what: Literal["", "presence"] = ""
) -> None:
    told = f"{what}:{referral_id}" if what else str(referral_id)
    await session.execute(sa.select(sa.func.pg_notify(CHANNEL, told)))
