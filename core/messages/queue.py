"""Writing what shall be sent: one message, or the same to many, in the caller's transaction.

Only `bots.delivery` knows channels; it takes the rows up by the jobs named `deliver` and `deliver_batch`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKey, DataKeys
from core.crypto.sealing import context, seal
from core.errors import NotFoundError
from core.ids import new_id
from core.jobs.queue import enqueue
from core.messages.content import Content, Envelope, encode_envelope
from core.messages.models import Kind, Lane, Message, MessageBatch, MessageChunk

CHUNK = {"line": 500}
_CHUNK_ELSEWHERE = 100


class Recipient(NamedTuple):
    identity_id: UUID
    channel: str


async def queue(
    session: AsyncSession,
    keys: DataKeys,
    *,
    identity_id: UUID,
    content: Content,
    kind: Kind,
    lane: Lane,
    author_id: UUID | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> UUID:
    """Write one message for one address and its `deliver` job; return the message's id.

    Raises NotFoundError for an unknown address, KeyDestroyedError after an erasure.
    """
    found = (
        await session.execute(
            sa.select(ChannelIdentity.channel, DataKey.id, DataKey.wrapped)
            .join(Contact, Contact.id == ChannelIdentity.contact_id)
            .join(DataKey, DataKey.id == Contact.data_key_id)
            .where(ChannelIdentity.id == identity_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("no such address")
    message_id = new_id()
    sealed = seal(
        keys.open(found.id, found.wrapped),
        encode_envelope(Envelope(content)),
        context("message", "content", message_id),
    )
    session.add(
        Message(
            id=message_id, identity_id=identity_id, channel=found.channel, lane=lane, kind=kind, state="pending",
            content=Box(sealed), author_id=author_id, not_before=not_before, expires_at=expires_at,
            created_at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    await enqueue(session, "deliver", [message_id])
    return message_id


async def queue_batch(
    session: AsyncSession,
    keys: DataKeys,
    *,
    content: Content,
    recipients: Sequence[Recipient],
    kind: Kind = "campaign",
    lane: Lane = "bulk",
    author_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> UUID:
    """Write the same content for many addresses: a row a person, a chunk a call, one job; return the batch's id."""
    batch_id, now = new_id(), utc_now()
    key_row, key = keys.row("batch")
    sealed = seal(key, encode_envelope(Envelope(content)), context("message_batch", "content", batch_id))
    session.add(key_row)
    await session.flush()
    session.add(
        MessageBatch(
            id=batch_id, data_key_id=key_row.id, content=Box(sealed), lane=lane, kind=kind, intended=len(recipients),
            author_id=author_id, created_at=now, expires_at=expires_at,
        )
    )  # fmt: skip
    await session.flush()
    for channel in sorted({r.channel for r in recipients}):
        members = [r.identity_id for r in recipients if r.channel == channel]
        size = CHUNK.get(channel, _CHUNK_ELSEWHERE)
        for start in range(0, len(members), size):
            await _write_chunk(session, batch_id, channel, members[start : start + size], (kind, lane, now))
    await enqueue(session, "deliver_batch", [batch_id])
    return batch_id


async def _write_chunk(
    session: AsyncSession,
    batch_id: UUID,
    channel: str,
    members: list[UUID],
    marks: tuple[Kind, Lane, datetime],
) -> None:
    kind, lane, now = marks
    chunk_id = new_id()
    session.add(
        MessageChunk(
            id=chunk_id, batch_id=batch_id, channel=channel, retry_key=new_id(), members=len(members)
        )
    )
    await session.flush()
    await session.execute(
        sa.insert(Message),
        [
            {
                "id": new_id(), "identity_id": identity_id, "channel": channel, "lane": lane, "kind": kind,
                "state": "pending", "batch_id": batch_id, "chunk_id": chunk_id, "created_at": now,
            }
            for identity_id in members
        ],
    )  # fmt: skip
