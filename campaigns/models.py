"""Campaigns: one text to all who agreed, and how quizzes went, as figures only."""

from datetime import date, datetime
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


class QuizTally(Base):
    """How often a question of a quiz was answered and answered rightly on a day; of nobody in particular."""

    __tablename__ = "quiz_tally"

    quiz: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    # "before" the explanations of a round, "between" (with them), or "after".
    phase: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int]
    right: Mapped[int]
