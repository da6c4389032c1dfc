"""The audit: one content-free row for each read and write of a case, chained by hashes in several streams.

A stream's head is locked while a row is appended, so there are several streams; signed heads written outside the
database show a tail that was cut off.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import utc_now
from core.db.base import Base

STREAMS = 8
_START = b"\0" * 32

Outcome = Literal["ok", "refused", "failed"]


class AuditEvent(Base):
    """Who did what to which object, and how it ended. Never content, never an address."""

    __tablename__ = "audit_event"

    stream: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None]
    outcome: Mapped[str]
    previous: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (
        sa.Index("ix_audit_event_object", "object_kind", "object_id"),
        # As the auditor turns the pages: newest first, of everybody or of one account.
        sa.Index("ix_audit_event_at", "at", "stream", "number"),
        sa.Index("ix_audit_event_actor", "actor_id", "at", "stream", "number"),
    )


class AuditHead(Base):
    """The last number and hash of a stream; locked while the next row is appended."""

    __tablename__ = "audit_head"

    stream: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes]


def chained_hash(event: AuditEvent) -> bytes:
    """Return the hash of a row and of everything before it in its stream."""
    fields = (
        event.stream, event.number, event.at.isoformat(), event.actor_id, event.action, event.object_kind,
        event.object_id, event.outcome,
    )  # fmt: skip
    return hashlib.sha256(event.previous + "\x1f".join(map(str, fields)).encode()).digest()


async def record_audit(
    session: AsyncSession,
    *,
    actor_id: UUID | None,
    action: str,
    object_kind: str,
    object_id: UUID | None = None,
    outcome: Outcome = "ok",
) -> None:
    """Append one row in the session's transaction. Call it last: the stream's head stays locked until the commit."""
    stream = secrets.randbelow(STREAMS)
    await session.execute(
        insert(AuditHead)
        .values(stream=stream, number=0, hash=_START)
        .on_conflict_do_nothing(index_elements=["stream"])
    )
    head = (
        await session.execute(sa.select(AuditHead).where(AuditHead.stream == stream).with_for_update())
    ).scalar_one()
    await session.refresh(head)
    event = AuditEvent(
        stream=stream,
        number=head.number + 1,
        at=utc_now(),
        actor_id=actor_id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        outcome=outcome,
        previous=head.hash,
    )
    event.hash = chained_hash(event)
    session.add(event)
    head.number, head.hash = event.number, event.hash
    await session.flush()
