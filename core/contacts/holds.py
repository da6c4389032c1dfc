"""Holding broadcasts back from a person, in the transaction that gives the cause."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import BroadcastHold


async def hold_broadcasts(session: AsyncSession, contact_id: UUID, until: datetime | None = None) -> None:
    """Hold until `until`; None holds until released."""
    change = {"until": until, "changed_at": utc_now()}
    await session.execute(
        insert(BroadcastHold)
        .values(contact_id=contact_id, **change)
        .on_conflict_do_update(index_elements=["contact_id"], set_=change)
    )


async def hold_broadcasts_at_least(session: AsyncSession, contact_id: UUID, until: datetime) -> None:
    """Hold until `until`, or longer where a hold stands that ends later or not at all."""
    change = {"until": until, "changed_at": utc_now()}
    await session.execute(
        insert(BroadcastHold)
        .values(contact_id=contact_id, **change)
        .on_conflict_do_update(index_elements=["contact_id"], set_=change, where=BroadcastHold.until < until)
    )


def broadcasts_held(contact_id: sa.ColumnElement[UUID], now: datetime) -> sa.ColumnElement[bool]:
    """SQL condition: a hold stands for this contact."""
    return sa.exists().where(
        BroadcastHold.contact_id == contact_id,
        sa.or_(BroadcastHold.until.is_(None), BroadcastHold.until > now),
    )
