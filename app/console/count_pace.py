"""How often somebody may ask how many people an audience has: enough to choose one, too seldom to learn about anybody.

Figures reveal nobody by themselves (campaigns.audience.counting); thousands of them in a night are still nobody's work.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.errors import AppError

# Requests that answer with figures of people, by their routes.
COUNTING = ("campaign.count", "campaign.calendar", "campaign.see_approval", "people_list.list")
MOST_A_MINUTE, MOST_AN_HOUR = 30, 300


class CountPaceError(AppError):
    """Too many counts; somebody who chooses an audience needs far fewer."""

    code = "count_pace"
    status = 429


async def keep_pace(session: AsyncSession, account_id: UUID) -> None:
    """Raises CountPaceError for who asked too often; every count leaves its row in the audit, by which they are counted."""
    now = utc_now()
    lately = AuditEvent.at > now - timedelta(minutes=1)
    found = await session.execute(
        sa.select(sa.func.count().filter(lately), sa.func.count()).where(
            AuditEvent.actor_id == account_id,
            AuditEvent.at > now - timedelta(hours=1),
            AuditEvent.action.in_(COUNTING),
        )
    )
    minute, hour = found.one()
    if minute >= MOST_A_MINUTE or hour >= MOST_AN_HOUR:
        raise CountPaceError("that was many counts: wait a few minutes")
