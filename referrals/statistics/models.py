"""What the figures of a day are counted from, put together once, so that a page needn't read a million reports."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class StatisticsDay(Base):
    """The reports that were opened on a Bangkok day, as columns of codes and seconds: nothing of content, no id of any.

    It is counted anew at least once a day, so that what is erased from a report goes from here too.
    """

    __tablename__ = "statistics_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    block: Mapped[bytes]
    counted_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), index=True)
