"""Why a report was kept past its time, by whom, and who let it go."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Id


class ReportKeeping(Base):
    """One time that a report was held or postponed. What stands now is on the referral itself."""

    __tablename__ = "report_keeping"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    # "hold" ends by a person, "postponed" by its time.
    kind: Mapped[str]
    # As a code of grounds.toml.
    ground: Mapped[str]
    until: Mapped[datetime | None]
    # Nobody where it follows the case's tracks.
    by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("kind IN ('hold', 'postponed')", name="known_kind"),
        sa.CheckConstraint("(kind = 'hold') = (until IS NULL)", name="hold_without_end"),
    )
