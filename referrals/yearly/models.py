"""Yearly figures as they were counted, so that a figure that was once given out is the same for ever."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class YearlyCount(Base):
    """What was counted of a year by what was known at a moment: counts by province and code, no id of any case.

    It is never counted again. Erasing a case takes its province away, and what is known of people gets better; neither
    changes what a report said.
    """

    __tablename__ = "yearly_count"

    as_of: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), primary_key=True)
    year: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    block: Mapped[bytes]
    counted_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
