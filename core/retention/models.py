"""Which lengths were changed, by whom, and how much was removed: figures, nothing of anybody."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Id


class RetentionChange(Base):
    """A new length of a class: asked for by one, confirmed by another, in force from a coming midnight."""

    __tablename__ = "retention_change"

    id: Mapped[Id]
    code: Mapped[str]
    # In the unit of the class.
    length: Mapped[int]
    # Why, as a code.
    reason: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    holds_from: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_people"),
        sa.Index(
            "uq_retention_change_waiting", "code", unique=True,
            postgresql_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
        ),
        sa.Index("ix_retention_change_code", "code", "id"),
    )  # fmt: skip


class RetentionTally(Base):
    """How many of a class were removed on a day (Asia/Bangkok): the proof that it was done."""

    __tablename__ = "retention_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    removed: Mapped[int] = mapped_column(sa.BigInteger)
