"""Whether a case's requests or tracks changed: for pages that look now and then."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.referring.models import AgencyReferral
from referrals.tracks.models import CaseStanding


async def sides_version(session: AsyncSession, referral_id: UUID) -> list[tuple[Any, ...]]:
    """Name how a case's requests and tracks stand, for pages that look whether something changed."""
    rows = await session.execute(
        sa.select(AgencyReferral.id, AgencyReferral.state, AgencyReferral.identity, AgencyReferral.read_at)
        .where(AgencyReferral.referral_id == referral_id)
        .order_by(AgencyReferral.id)
    )
    standing = await session.execute(
        sa.select(CaseStanding.event_id, CaseStanding.next_clock, CaseStanding.next_due_at).where(
            CaseStanding.referral_id == referral_id
        )
    )
    return [tuple(row) for row in (*rows, *standing)]
