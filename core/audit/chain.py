"""The audit: one content-free row for each read and write of a case, chained by hashes in several streams.

A stream's head is locked while a row is appended, so there are several streams; signed heads written outside the
database show a tail that was cut off.
"""

import hashlib
import secrets
from collections.abc import Sequence
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
# Where a session remembers the stream of its transaction.
_STREAM = "audit_stream"

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
    stream, number, previous = await lock_head(session)
    event = AuditEvent(
        stream=stream,
        number=number + 1,
        at=utc_now(),
        actor_id=actor_id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        outcome=outcome,
        previous=previous,
    )
    event.hash = chained_hash(event)
    await append(session, [event])


async def lock_head(session: AsyncSession) -> tuple[int, int, bytes]:
    """Return a stream with its last number and hash, to which nobody else adds until the commit.

    A transaction keeps to one stream: of two that each lock two, each may hold what the other waits for.
    """
    stream: int = session.info.setdefault(_STREAM, secrets.randbelow(STREAMS))
    begun = insert(AuditHead).values(stream=stream, number=0, hash=_START)
    locked = begun.on_conflict_do_update(index_elements=["stream"], set_={"number": AuditHead.number})
    head = (await session.execute(locked.returning(AuditHead.number, AuditHead.hash))).one()
    return stream, head.number, head.hash


async def append(session: AsyncSession, events: Sequence[AuditEvent]) -> None:
    """Write links of one stream, in their order, whose head is locked."""
    session.add_all(events)
    await session.flush()
    last = events[-1]
    await session.execute(
        sa.update(AuditHead).where(AuditHead.stream == last.stream).values(number=last.number, hash=last.hash)
    )
