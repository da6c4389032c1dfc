"""Conversations and the inbox: where each dialogue stands, and every event the platforms sent."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Conversation(Base):
    """One person on one channel; its row is the lock that keeps their turns in order."""

    __tablename__ = "conversation"

    id: Mapped[Id]
    identity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel_identity.id"), unique=True)
    # Sealed under the contact's key; empty before the first turn.
    state: Mapped[Box | None] = mapped_column(Sealed)
    # When the person last wrote: every sender's rules look at it (invariants 9 and 10).
    last_inbound_at: Mapped[datetime | None]
    # Somebody else may be reading: nothing goes out but answers to what is written.
    hidden: Mapped[bool] = mapped_column(server_default=sa.false())
    # When somebody stays silent, the day on which what is not worth keeping goes from the state; a day, so that a turn
    # seldom touches the index.
    tidy_on: Mapped[date | None]

    __table_args__ = (
        sa.Index("ix_conversation_tidy_on", "tidy_on", postgresql_where=sa.text("tidy_on IS NOT NULL")),
        {"postgresql_with": {"fillfactor": 70}},
    )


class InboundEvent(Base):
    """One platform event, stored before the webhook is answered; unique by the platform's own id."""

    __tablename__ = "inbound_event"

    id: Mapped[Id]
    channel: Mapped[str]
    event_id: Mapped[str]
    # Blind index of who (or which group) it belongs to; empty for events of nobody.
    address_key: Mapped[bytes | None]
    # The platform's own order: LINE's timestamp in ms, Telegram's update_id.
    position: Mapped[int] = mapped_column(sa.BigInteger)
    # Blind index of the platform's message id, so that an unsend finds what it takes back.
    message_key: Mapped[bytes | None]
    # The raw event, sealed under the day's key; purged by unsend and 24 h after handling.
    body: Mapped[Box | None] = mapped_column(Sealed)
    body_key_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("data_key.id"))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    # "answered", "merged", "no_answer"; with the answer's message id where there is one (invariant 2).
    outcome: Mapped[str | None]
    answer_id: Mapped[UUID | None]
    tries: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")

    __table_args__ = (
        sa.UniqueConstraint("channel", "event_id"),
        sa.Index(
            "ix_inbound_event_open", "address_key", "position", postgresql_where=sa.text("handled_at IS NULL")
        ),
        sa.Index(
            "ix_inbound_event_message", "message_key", postgresql_where=sa.text("message_key IS NOT NULL")
        ),
        # An entry appears when the event is handled: storing an event touches as few indexes as it can.
        sa.Index(
            "ix_inbound_event_body",
            "handled_at",
            postgresql_where=sa.text("handled_at IS NOT NULL AND body IS NOT NULL"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )


class GroupSetting(Base):
    """What a group's keeper switched on for it; a group without a row hears nothing unasked."""

    __tablename__ = "group_setting"

    channel: Mapped[str] = mapped_column(primary_key=True)
    address_key: Mapped[bytes] = mapped_column(primary_key=True)
    warns: Mapped[bool]
    changed_at: Mapped[datetime]
