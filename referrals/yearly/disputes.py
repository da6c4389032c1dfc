"""Where agencies told different things: by the rule of the tracks one of them holds, by what was known at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.tracks.deciding import holding
from referrals.tracks.events import Event
from referrals.tracks.models import CaseEvent

# What deciding looks at; no words.
_TOLD = (
    "id", "track", "step", "happened_on", "recorded_at", "source", "person", "agency_id", "agency_referral_id",
    "reverses_id", "about_id", "same_as_id", "is_disputed", "amount", "fund", "item", "outcome", "people", "months",
)  # fmt: skip


async def read_overruled(session: AsyncSession, as_of: datetime) -> list[UUID]:
    """Return the events of disputed cases that do not hold."""
    disputed = sa.select(CaseEvent.referral_id).where(CaseEvent.is_disputed, CaseEvent.recorded_at <= as_of)
    rows = await session.execute(
        sa.select(CaseEvent.referral_id, *(getattr(CaseEvent, name) for name in _TOLD))
        .where(CaseEvent.referral_id.in_(disputed), CaseEvent.recorded_at <= as_of)
        .order_by(CaseEvent.referral_id, CaseEvent.id)
    )
    cases = groupby(rows, key=lambda row: row.referral_id)
    return [one for _, case in cases for one in overruled([_event(row) for row in case])]


def overruled(events: Sequence[Event]) -> Iterable[UUID]:
    """Yield what of a case's events does not hold, in the order of recording."""
    holds = {event.id for event in holding(events).events}
    return (event.id for event in events if event.id not in holds)


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    return Event(**{name: getattr(row, name) for name in _TOLD})
