"""People as the service knows them: a contact, where each can be reached, and what every sender must obey."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Contact(Base):
    """A person. Everything written about them is sealed under their own data key."""

    __tablename__ = "contact"

    id: Mapped[Id]
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    language: Mapped[str] = mapped_column(server_default="th")
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    # Under 18 by their own word: no campaign looks at what they do.
    minor: Mapped[bool] = mapped_column(server_default=sa.false())


class ErasureRequest(Base):
    """A person asked to be forgotten. Carried out when due, unless taken back before."""

    __tablename__ = "erasure_request"

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    # The last message to them; their keys go once it has left, and no later than an hour after it was written.
    farewell_id: Mapped[UUID | None]
    farewell_at: Mapped[datetime | None]
    # LINE shows nobody's own menu below their chats any more.
    menus_gone_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "ix_erasure_request_due", "due_at",
            postgresql_where=sa.text("done_at IS NULL AND taken_back_at IS NULL"),
        ),
    )  # fmt: skip


class CopyLink(Base):
    """A link at which a person may fetch a copy of their data once; the copy is made then and kept nowhere."""

    __tablename__ = "copy_link"

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    # Keyed hash of the token in the link; empty until the link was sent.
    token_key: Mapped[bytes | None] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]


class ChannelIdentity(Base):
    """One address of a contact on one channel: sealed, and found only by its blind index."""

    __tablename__ = "channel_identity"

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    channel: Mapped[str]
    address_key: Mapped[bytes]
    address: Mapped[Box] = mapped_column(Sealed)
    # LINE unfollow, Telegram block: nothing can arrive until they come back.
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("channel", "address_key"),)


class ContactRule(Base):
    """How a person may be contacted; no row means the default, "อย่าทักก่อน" (invariant 9)."""

    __tablename__ = "contact_rule"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    may_write_first: Mapped[bool] = mapped_column(server_default=sa.false())
    # Chosen hours of the day in Asia/Bangkok, in minutes after midnight; both empty means any hour.
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    changed_at: Mapped[datetime]


class BroadcastHold(Base):
    """While a row stands and is not over, no campaign reaches the person. It never says why (invariant 8)."""

    __tablename__ = "broadcast_hold"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
