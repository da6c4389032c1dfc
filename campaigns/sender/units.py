"""LINE's aggregation units: one for each wording of a run, `^[A-Za-z0-9_]{1,30}$`, at most 1,000 names a month."""

import string
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import CampaignPart, CampaignRun
from core.clock import bangkok

MOST_A_MONTH = 1_000
_LETTERS = string.digits + string.ascii_letters


def unit_of(run_id: UUID, variant: str) -> str:
    """22 letters of the run at the most, and the variant."""
    number, letters = run_id.int, ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return f"{letters}_{variant}" if variant else letters


async def names_left(session: AsyncSession, now: datetime) -> int:
    """How many names LINE will still take this month."""
    month = bangkok(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    used = await session.scalar(
        sa.select(sa.func.count(sa.distinct(CampaignPart.unit)))
        .join(CampaignRun, CampaignRun.id == CampaignPart.run_id)
        .where(CampaignRun.frozen_at >= month)
    )
    return max(0, MOST_A_MONTH - (used or 0))
