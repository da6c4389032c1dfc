"""What staff add to a referral: notes, tasks, flags, tags; and what helps them share the queue."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class ReferralNote(Base):
    """Staff's words beside the thread, for whom `level` names: "citizen", "partners", "team" or "me"."""

    __tablename__ = "referral_note"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    level: Mapped[str]
    body: Mapped[Box | None] = mapped_column(Sealed)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("level IN ('citizen', 'partners', 'team', 'me')", name="known_level"),
    )


class ReferralTask(Base):
    """Something to be done by a day."""

    __tablename__ = "referral_task"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    made_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    what: Mapped[Box | None] = mapped_column(Sealed)
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))

    __table_args__ = (
        sa.Index("ix_referral_task_due", "account_id", "due_on", postgresql_where=sa.text("done_at IS NULL")),
    )


class ReferralFlag(Base):
    """A mark that something is special, until somebody says why it no longer is."""

    __tablename__ = "referral_flag"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    message: Mapped[Box | None] = mapped_column(Sealed)
    due_on: Mapped[date | None]
    by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]
    resolved_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[Box | None] = mapped_column(Sealed)

    __table_args__ = (
        sa.Index("ix_referral_flag_open", "referral_id", postgresql_where=sa.text("resolved_at IS NULL")),
    )


class HandOver(Base):
    """An offer to take a referral over, to a colleague or to whoever of a team accepts first; until then nothing moves."""

    __tablename__ = "hand_over"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    to_account: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    to_team: Mapped[UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    at: Mapped[datetime]
    # Not accepted by then, it comes back to who offered it.
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # "accepted", "declined", "expired" or "withdrawn".
    ended_as: Mapped[str | None]

    __table_args__ = (
        sa.CheckConstraint("(to_account IS NULL) <> (to_team IS NULL)", name="one_receiver"),
        sa.Index(
            "uq_hand_over_standing", "referral_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")
        ),
        sa.Index("ix_hand_over_referral", "referral_id"),
        sa.Index("ix_hand_over_account", "to_account", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_hand_over_team", "to_team", postgresql_where=sa.text("ended_at IS NULL")),
    )


class SearchPace(Base):
    """How many searches somebody made of late: guessing at numbers is slowed."""

    __tablename__ = "search_pace"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    spent: Mapped[float]
    at: Mapped[datetime]


class SearchTerm(Base):
    """A keyed hash of something exact that a referral can be found by; never words of what people told."""

    __tablename__ = "search_term"

    referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True
    )
    # "phone", "line_id", "facebook", "telegram", "bank_account", "promptpay", "url", "email", "name", "title" or "tag".
    kind: Mapped[str] = mapped_column(primary_key=True)
    term_key: Mapped[bytes] = mapped_column(primary_key=True)

    __table_args__ = (sa.Index("ix_search_term_key", "term_key", "kind"),)


class Presence(Base):
    """Who has a referral open, and whether they type; worth nothing after half a minute."""

    __tablename__ = "presence"

    referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    # "reading" or "typing".
    doing: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


class SavedView(Base):
    """A filter of the queue that somebody keeps under a name; `is_shared` shows it to everybody."""

    __tablename__ = "saved_view"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_shared: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]


class CannedAnswer(Base):
    """A ready answer with places for what changes; written by staff, holds nothing of anybody."""

    __tablename__ = "canned_answer"

    id: Mapped[Id]
    title: Mapped[str]
    language: Mapped[str]
    body: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
