"""Jobs that gave up and messages whose turn failed time and again: they wait for a person who mends the cause."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MESSAGES = "messages set aside"
_HELD = text(
    "SELECT entrypoint, count(*), min(updated) FROM pgqueuer WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
)
# Their text goes 24 hours later, and nobody has answered them.
_SET_ASIDE = text(
    "SELECT count(*), min(received_at) FROM inbound_event"
    " WHERE handled_at IS NOT NULL AND body IS NOT NULL AND outcome = 'failed' HAVING count(*) > 0"
)


class Waiting(NamedTuple):
    """How many of one kind wait, and since when the first; `name` is the job's, or `MESSAGES`."""

    name: str
    number: int
    since: datetime


async def read_waiting(session: AsyncSession) -> list[Waiting]:
    """Return what waits for a person, jobs by name, then messages."""
    jobs = [Waiting(*row) for row in await session.execute(_HELD)]
    return jobs + [Waiting(MESSAGES, *row) for row in await session.execute(_SET_ASIDE)]
