"""Campaigns: for now, one text to all who agreed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Id


class Campaign(Base):
    """A broadcast and the batch that carries it. Its text stands sealed with the batch."""

    __tablename__ = "campaign"

    id: Mapped[Id]
    title: Mapped[str]
    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("message_batch.id"))
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
