"""The most urgent reports that nobody holds: how many, and which came last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.models import Referral

MOST = 99


@dataclass(frozen=True, slots=True)
class Urgent:
    unclaimed: int
    newest: datetime | None


async def read_urgent(session: AsyncSession) -> Urgent:
    """Count them up to MOST; `newest` is when the last of them came, became most urgent or was put back."""
    some = (
        sa.select(sa.func.coalesce(Referral.unheld_since, Referral.opened_at).label("since"))
        .where(Referral.state == "open", Referral.priority == "P0")
        .order_by(Referral.opened_at.desc())
        .limit(sa.literal_column(str(MOST)))
        .subquery()
    )
    unclaimed, newest = (await session.execute(sa.select(sa.func.count(), sa.func.max(some.c.since)))).one()
    return Urgent(unclaimed, newest)
