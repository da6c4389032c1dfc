"""What one member of staff holds: to be handed over before they leave, and never let go silently."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.desk.models import ReferralTask
from referrals.models import Referral
from referrals.teams.alerts import raise_alerts
from referrals.teams.roster import staff_with

_MOST = 500
ALERT = "holder_left"
# The most urgent; the rest stands on the person's page.
_MOST_ALERTS = 20


@dataclass(frozen=True, slots=True)
class Held:
    """An open report in somebody's hands; nothing of what it says."""

    referral_id: UUID
    priority: str
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Open reports, the most urgent first, and how many tasks are left to do."""

    referrals: list[Held]
    tasks: int

    @property
    def by_priority(self) -> dict[str, int]:
        return dict(sorted(Counter(held.priority for held in self.referrals).items()))


async def read_holdings(session: AsyncSession, account_id: UUID) -> Holdings:
    """Return what the person holds now; of reports the 500 most urgent."""
    rows = await session.execute(
        sa.select(Referral.id, Referral.priority, Referral.claimed_at)
        .where(Referral.claimed_by == account_id, Referral.closed_at.is_(None))
        .order_by(Referral.priority, Referral.claimed_at)
        .limit(_MOST)
    )
    tasks = await session.scalar(
        sa.select(sa.func.count())
        .select_from(ReferralTask)
        .where(ReferralTask.account_id == account_id, ReferralTask.done_at.is_(None))
    )
    return Holdings([Held(*row) for row in rows], tasks or 0)


async def call_for_hand_over(session: AsyncSession, account_id: UUID) -> None:
    """Tell every other supervisor of each report that somebody holds who can't work on it any more."""
    holdings = await read_holdings(session, account_id)
    told = [a.id for a in await staff_with(session, "referrals.assign") if a.id != account_id]
    for held in holdings.referrals[:_MOST_ALERTS]:
        await raise_alerts(session, told, ALERT, held.referral_id, outside=held.priority == "P0")
