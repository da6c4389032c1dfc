"""Stored judgements of offers: bands, codes and versions, never the text."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Id


class Screening(Base):
    """One judgement, with the versions that make it repeatable (invariant 15)."""

    __tablename__ = "screening"

    id: Mapped[Id]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    channel: Mapped[str]
    band: Mapped[str]
    score: Mapped[float]
    indicators: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    rules: Mapped[str]
    model: Mapped[str]
    # Keyed hash of the normal form: the same text sent again is found, its words are not.
    fingerprint: Mapped[bytes]
    created_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_screening_fingerprint", "fingerprint", "created_at"),
        sa.Index("ix_screening_created_at", "created_at", postgresql_using="brin"),
    )
