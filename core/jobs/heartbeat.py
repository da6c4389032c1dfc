"""Workers say that they are alive, so that `doctor` can tell when none is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import utc_now
from core.db.base import Base, Id

# A worker beats every ten seconds; three missed beats and it counts as gone.
ALIVE = timedelta(seconds=30)


class WorkerBeat(Base):
    """The last beat of a worker process."""

    __tablename__ = "worker_beat"

    worker_id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


async def beat(connection: Any, worker_id: UUID) -> None:
    """Note that this worker is alive, and forget workers that have been gone for a day."""
    now = utc_now()
    await connection.execute(
        "INSERT INTO worker_beat (worker_id, at) VALUES ($1, $2) ON CONFLICT (worker_id) DO UPDATE SET at = $2",
        worker_id, now,
    )  # fmt: skip
    await connection.execute("DELETE FROM worker_beat WHERE at < $1", now - timedelta(days=1))


async def workers_alive(connection: Any) -> int:
    count: int = await connection.fetchval(
        "SELECT count(*) FROM worker_beat WHERE at > $1", utc_now() - ALIVE
    )
    return count
