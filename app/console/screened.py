"""What the person of a case had judged, as staff see it beside the report: band, reasons and time, never the words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.console.signs import sign_names
from screening.models import Screening

MOST = 5
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One judgement; `reasons` are names of signs, strongest first."""

    band: str
    reasons: tuple[str, ...]
    at: datetime


async def read_seen(session: AsyncSession, contact_id: UUID) -> list[Seen]:
    """Return the newest judgements of what somebody sent, other than what was no offer."""
    rows = await session.scalars(
        sa.select(Screening)
        .where(Screening.contact_id == contact_id, Screening.band != "not_an_offer")
        .order_by(Screening.id.desc())
        .limit(MOST)
    )
    return [Seen(row.band, tuple(_names(row.indicators)), row.created_at) for row in rows]


def _names(codes: list[str]) -> list[str]:
    known = [names[code] for code in codes if code in (names := sign_names())]
    return known[:_MOST_REASONS]
