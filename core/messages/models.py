"""The delivery ledger: every outbound message is a row and every attempt a row, before the network call."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id

State = Literal["pending", "sending", "sent", "resent", "failed", "skipped", "unknown"]
END_STATES: tuple[State, ...] = ("sent", "resent", "failed", "skipped", "unknown")
Kind = Literal["answer", "crisis", "staff", "notice", "campaign"]
Lane = Literal["reply", "hotline", "bulk"]
LANES: tuple[Lane, ...] = ("reply", "hotline", "bulk")


class Message(Base):
    """One answer to one address. A message with many bubbles may take several parts (platform calls)."""

    __tablename__ = "message"

    id: Mapped[Id]
    identity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel_identity.id"))
    channel: Mapped[str]
    lane: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    # Sealed under the contact's key; empty for a member of a batch, whose content stands once with the batch.
    content: Mapped[Box | None] = mapped_column(Sealed)
    batch_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("message_batch.id"))
    chunk_id: Mapped[UUID | None]
    author_id: Mapped[UUID | None]
    # A reply may be sent by the platform's one-time handle until then; afterwards only by push.
    answerable_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    parts_done: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    tries: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    # While `sending`: until when the claim holds. A claim that ran out is taken up by the recovery.
    claimed_until: Mapped[datetime | None]
    # A part was sent again although it may have arrived before (invariant 4).
    may_be_double: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('pending','sending','sent','resent','failed','skipped','unknown')", name="known_state"
        ),
        sa.Index(
            "ix_message_open", "identity_id", "id",
            postgresql_where=sa.text("state IN ('pending', 'sending') AND batch_id IS NULL"),
        ),
        # The pump's view. An answer sent at once never enters it; abandoned claims are found by ix_message_open.
        sa.Index(
            "ix_message_waiting", "channel", "id",
            postgresql_where=sa.text("state = 'pending' AND batch_id IS NULL"),
        ),
        # Retention's view: an answer enters it when it ends and leaves it when its words are gone.
        sa.Index(
            "ix_message_content", "finished_at",
            postgresql_where=sa.text("content IS NOT NULL AND finished_at IS NOT NULL"),
        ),
        # Only Telegram lets us delete what we sent, by the person's own wish.
        sa.Index("ix_message_telegram", "identity_id", "id", postgresql_where=sa.text("channel = 'telegram'")),
        sa.Index("ix_message_chunk", "chunk_id", postgresql_where=sa.text("chunk_id IS NOT NULL")),
        sa.Index("ix_message_batch", "batch_id", "state", postgresql_where=sa.text("batch_id IS NOT NULL")),
    )  # fmt: skip


class MessageAttempt(Base):
    """One call to a platform for one part, or for one chunk of a batch; `outcome` stays empty until it is known."""

    __tablename__ = "message_attempt"

    id: Mapped[Id]
    message_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    chunk_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("message_chunk.id", ondelete="CASCADE"))
    part: Mapped[int] = mapped_column(sa.SmallInteger)
    # "reply", "push", "multicast" or "send".
    mode: Mapped[str]
    # LINE's X-Line-Retry-Key: the same for every attempt at the same push, valid 24 h from the first.
    retry_key: Mapped[UUID | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    status: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # Telegram's id of what was sent, by which it can be deleted from the person's chat.
    platform_message: Mapped[int | None] = mapped_column(sa.BigInteger)

    __table_args__ = (
        sa.Index("ix_message_attempt_chunk", "chunk_id", postgresql_where=sa.text("chunk_id IS NOT NULL")),
        # Every attempt is written and then finished once: room for the second form on the same page.
        {"postgresql_with": {"fillfactor": 80}},
    )


class MessageBatch(Base):
    """The same content to many: sealed once, under the batch's own data key."""

    __tablename__ = "message_batch"

    id: Mapped[Id]
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    content: Mapped[Box] = mapped_column(Sealed)
    lane: Mapped[str]
    kind: Mapped[str]
    intended: Mapped[int]
    paused: Mapped[bool] = mapped_column(server_default=sa.false())
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    author_id: Mapped[UUID | None]
    # LINE's aggregation unit, under which its statistics are kept.
    unit: Mapped[str | None]
    # Without a sound, where the platform can.
    silent: Mapped[bool] = mapped_column(server_default=sa.false())
    # May go out in quiet hours, too.
    any_hour: Mapped[bool] = mapped_column(server_default=sa.false())
    # Why delivery itself paused it: "quota" (the reserve begins) or "content" (the platform refuses what it says).
    halted: Mapped[str | None]


class MessageChunk(Base):
    """Up to 500 members of a batch on one channel, with the retry key of their multicast fixed before any call."""

    __tablename__ = "message_chunk"

    id: Mapped[Id]
    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("message_batch.id"), index=True)
    channel: Mapped[str]
    retry_key: Mapped[UUID]
    # How many there are; 0 once they were split among others.
    members: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    # From then on its members stay the same: a retry must say the same to the same people.
    first_tried_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    # Until then the limiter or the platform asked to wait.
    not_before: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_message_chunk_open", "not_before", postgresql_where=sa.text("done_at IS NULL")),
    )


class RateBucket(Base):
    """The shared limiter's state: tokens left on one channel, for all hosts."""

    __tablename__ = "rate_bucket"

    channel: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime]
    # The platform said "wait" (Telegram's retry_after): nothing goes out before.
    closed_until: Mapped[datetime | None]


class QuotaUse(Base):
    """Active sends of a month on a channel with a quota, and what the platform last said of it."""

    __tablename__ = "quota_use"

    channel: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(server_default="0")
    limit: Mapped[int | None]
    read_at: Mapped[datetime | None]
