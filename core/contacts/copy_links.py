"""The link at which a person fetches a copy of their data: unguessable, for a quarter of an hour, once.

In the link stands a random token and nothing else; the database has only its keyed hash.
"""

import secrets
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import CopyLink
from core.crypto.keyset import Keyset
from core.ids import new_id

LIFE = timedelta(minutes=15)
_TOKEN_BYTES = 24
# Each link is a message that nobody's answer pays for, so that presses in a row bring one, and a day only so many.
_ONE_WITHIN = timedelta(minutes=2)
_DAY, _MOST_A_DAY = timedelta(days=1), 10


async def ask_for_link(session: AsyncSession, contact_id: UUID) -> UUID | None:
    """Write down that a link is wanted; return its id, None where one is on its way or there were too many today."""
    now = utc_now()
    earlier = await session.execute(
        sa.select(CopyLink.asked_at, CopyLink.fetched_at).where(
            CopyLink.contact_id == contact_id, CopyLink.asked_at > now - _DAY
        )
    )
    asked = earlier.all()
    on_its_way = any(at > now - _ONE_WITHIN and fetched is None for at, fetched in asked)
    if on_its_way or len(asked) >= _MOST_A_DAY:
        return None
    link = CopyLink(id=new_id(), contact_id=contact_id, asked_at=now)
    session.add(link)
    await session.flush()
    return link.id


async def make_token(session: AsyncSession, keyset: Keyset, link_id: UUID) -> tuple[UUID, str] | None:
    """Give the link its token; return whose it is and the token, None where it has one already or is gone."""
    link = await session.get(CopyLink, link_id, with_for_update=True)
    if link is None or link.token_key is not None:
        return None
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link.token_key, link.expires_at = _token_key(keyset, token), utc_now() + LIFE
    await session.flush()
    return link.contact_id, token


async def use_token(session: AsyncSession, keyset: Keyset, token: str) -> tuple[UUID, UUID] | None:
    """Use a link up; return its id and whose it is, None for one unknown, used or too old."""
    now = utc_now()
    row = (
        await session.execute(
            sa.update(CopyLink)
            .where(
                CopyLink.token_key == _token_key(keyset, token),
                CopyLink.fetched_at.is_(None),
                CopyLink.expires_at > now,
            )
            .values(fetched_at=now)
            .returning(CopyLink.id, CopyLink.contact_id)
        )
    ).one_or_none()
    return None if row is None else (row.id, row.contact_id)


def _token_key(keyset: Keyset, token: str) -> bytes:
    return keyset.index("copy_link", token)
