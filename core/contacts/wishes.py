"""What a person wishes of every sender, and what they said of their age."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import Contact, ContactRule


async def set_contact_rule(
    session: AsyncSession,
    contact_id: UUID,
    *,
    may_write_first: bool,
    from_minute: int | None = None,
    until_minute: int | None = None,
) -> None:
    """Let a person be written to first, at these minutes of the day in Bangkok or at any hour, or no more."""
    change = {
        "may_write_first": may_write_first,
        "from_minute": from_minute,
        "until_minute": until_minute,
        "changed_at": utc_now(),
    }
    await session.execute(
        insert(ContactRule)
        .values(contact_id=contact_id, **change)
        .on_conflict_do_update(index_elements=["contact_id"], set_=change)
    )


async def mark_minor(session: AsyncSession, contact_id: UUID, *, minor: bool) -> None:
    """Note that the person is under 18, or is not, by their own word."""
    await session.execute(sa.update(Contact).where(Contact.id == contact_id).values(minor=minor))
