"""What staff changed in the directory of hotlines: every state of an entry as a row, the newest in force."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Id


class HotlineVersion(Base):
    """One state of an entry: who made it, when, and all that it said. Nothing is ever changed or deleted."""

    __tablename__ = "hotline_version"

    id: Mapped[Id]
    key: Mapped[str]
    # Counts from 1 for each entry: of two who change the same state, the second is refused.
    number: Mapped[int]
    # "added", "edited", "verified", "handed", "withdrawn" or "restored".
    act: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # Who is asked to verify it again; nobody is everybody who may.
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    made_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("key", "number"),
        sa.CheckConstraint(
            "act IN ('added', 'edited', 'verified', 'handed', 'withdrawn', 'restored')", name="known_act"
        ),
    )


class HotlineWarning(Base):
    """That somebody was told of a verification that runs out, once for each verification and stage."""

    __tablename__ = "hotline_warning"

    key: Mapped[str] = mapped_column(primary_key=True)
    verified_at: Mapped[date] = mapped_column(primary_key=True)
    # "expiring" or "expired".
    stage: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
