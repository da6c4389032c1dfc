"""Forgetting a person: the wish, when it is due, and what this room and its neighbours hold of them.

The contact's data key is destroyed, which reaches backups; what SQL can read and belongs to the person is deleted. Left
are rows that name nobody: the contact as a number, messages without words (the ledger must add up), the request itself.
"""

import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact, ErasureRequest
from core.crypto.boxed import Box
from core.crypto.data_keys import destroy_data_key
from core.db.database import driver_connection
from core.ids import new_id

# The last message has so long to leave; then the keys go with or without it.
FAREWELL_WITHIN = timedelta(hours=1)
_AT_ONCE = 50

# Tables of rooms that stand on this one; their rows belong to the person all the same.
_DELETE = (
    "DELETE FROM consent WHERE contact_id = $1",
    "DELETE FROM consent_event WHERE contact_id = $1",
    "DELETE FROM contact_rule WHERE contact_id = $1",
    "DELETE FROM broadcast_hold WHERE contact_id = $1",
    "DELETE FROM copy_link WHERE contact_id = $1",
    "DELETE FROM campaign_member WHERE contact_id = $1",
    "DELETE FROM campaign_answer WHERE contact_id = $1",
    "DELETE FROM drip_start WHERE contact_id = $1",
    "DELETE FROM contact_trait WHERE contact_id = $1",
    "DELETE FROM contact_tag WHERE contact_id = $1",
)
# Each by an index of its own; of batches the sender skips who is erased.
_WAITING = """
UPDATE message m SET content = NULL, state = CASE WHEN state = 'pending' THEN 'skipped' ELSE state END,
  reason = CASE WHEN state = 'pending' THEN 'erased' ELSE reason END,
  finished_at = CASE WHEN state = 'pending' THEN $2::timestamptz ELSE finished_at END
FROM channel_identity i
WHERE i.contact_id = $1 AND m.identity_id = i.id AND m.state IN ('pending', 'sending') AND m.batch_id IS NULL
"""
_ENDED = """
UPDATE message m SET content = NULL FROM channel_identity i
WHERE i.contact_id = $1 AND m.identity_id = i.id AND m.content IS NOT NULL AND m.finished_at IS NOT NULL
"""
_FAREWELL_OVER = """
SELECT NOT EXISTS (SELECT FROM message WHERE id = $1 AND state IN ('pending', 'sending'))
"""


async def ask_to_be_forgotten(session: AsyncSession, contact_id: UUID, due_at: datetime) -> datetime:
    """Write the wish down; one that stands keeps its time. Return when it is due."""
    standing = await standing_request(session, contact_id)
    if standing is not None:
        return standing.due_at
    session.add(ErasureRequest(id=new_id(), contact_id=contact_id, requested_at=utc_now(), due_at=due_at))
    await session.flush()
    return due_at


async def standing_request(session: AsyncSession, contact_id: UUID) -> ErasureRequest | None:
    """Return the person's wish that is neither done nor taken back, locked."""
    return await session.scalar(
        sa.select(ErasureRequest)
        .where(
            ErasureRequest.contact_id == contact_id,
            ErasureRequest.done_at.is_(None),
            ErasureRequest.taken_back_at.is_(None),
        )
        .with_for_update()
    )


async def take_wish_back(session: AsyncSession, contact_id: UUID) -> bool:
    """The person wants to stay known; False where there is nothing to take back any more."""
    standing = await standing_request(session, contact_id)
    if standing is None or standing.farewell_at is not None:
        return False
    standing.taken_back_at = utc_now()
    await session.flush()
    return True


async def due_wishes(session: AsyncSession) -> list[UUID]:
    """Return the ids of requests to be carried out now, the oldest first."""
    found = await session.scalars(
        sa.select(ErasureRequest.id)
        .where(
            ErasureRequest.done_at.is_(None),
            ErasureRequest.taken_back_at.is_(None),
            ErasureRequest.due_at <= utc_now(),
        )
        .order_by(ErasureRequest.due_at)
        .limit(_AT_ONCE)
    )
    return list(found)


async def farewell_is_over(session: AsyncSession, request: ErasureRequest) -> bool:
    """Tell whether the last message has left, could not leave, or had its time."""
    if request.farewell_at is None or utc_now() - request.farewell_at > FAREWELL_WITHIN:
        return True
    connection = await driver_connection(session)
    return bool(await connection.fetchval(_FAREWELL_OVER, request.farewell_id))


def menus_are_gone(request: ErasureRequest) -> bool:
    """Tell whether no platform shows a menu of the person's own any more, or had its time to take it away."""
    if request.menus_gone_at is not None or request.farewell_at is None:
        return True
    return utc_now() - request.farewell_at > FAREWELL_WITHIN


def proof_of(request_id: UUID) -> str:
    """The short name by which the request is found again: its last sixteen hexadecimal digits, in fours."""
    tail = request_id.hex[-16:].upper()
    return "-".join(tail[i : i + 4] for i in range(0, 16, 4))


async def forget_contact(session: AsyncSession, contact_id: UUID) -> None:
    """Destroy the contact's key and delete what belongs to them here; what remains names nobody. Safe to repeat."""
    contact = await session.get_one(Contact, contact_id, with_for_update=True)
    await destroy_data_key(session, contact.data_key_id)
    contact.erased_at = contact.erased_at or utc_now()
    contact.language, contact.minor = "th", False
    identities = await session.scalars(
        sa.select(ChannelIdentity).where(ChannelIdentity.contact_id == contact_id)
    )
    for identity in identities:
        # Whoever writes from there again is a stranger.
        identity.address_key, identity.address, identity.blocked_at = os.urandom(16), Box(b""), None
    await session.flush()
    await _delete(await driver_connection(session), contact_id)


async def _delete(connection: Any, contact_id: UUID) -> None:
    for statement in _DELETE:
        await connection.execute(statement, contact_id)
    await connection.execute(_WAITING, contact_id, utc_now())
    await connection.execute(_ENDED, contact_id)
