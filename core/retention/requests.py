"""What people asked for by right, as figures: how many, and how long the oldest waits. Of whom is not read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import CopyLink, ErasureRequest

SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """Wishes of one kind in the last ninety days; `oldest` is when the longest waiting one was made."""

    kind: str
    made: int
    done: int
    waiting: int
    oldest: datetime | None


async def count_requests(session: AsyncSession) -> list[Asked]:
    """Return the wishes to be forgotten and for a copy. Copies of more than a day ago are gone, and answered by then."""
    since = utc_now() - SPAN
    erasures = (
        await session.execute(
            sa.select(
                sa.func.count(),
                sa.func.count(ErasureRequest.done_at),
                sa.func.count().filter(
                    ErasureRequest.done_at.is_(None), ErasureRequest.taken_back_at.is_(None)
                ),
                sa.func.min(ErasureRequest.requested_at).filter(
                    ErasureRequest.done_at.is_(None), ErasureRequest.taken_back_at.is_(None)
                ),
            ).where(sa.or_(ErasureRequest.requested_at > since, ErasureRequest.done_at.is_(None)))
        )
    ).one()
    copies = (
        await session.execute(
            sa.select(
                sa.func.count(),
                sa.func.count(CopyLink.token_key),
                sa.func.count().filter(CopyLink.token_key.is_(None)),
                sa.func.min(CopyLink.asked_at).filter(CopyLink.token_key.is_(None)),
            )
        )
    ).one()
    return [Asked("erasure", *erasures), Asked("copy", *copies)]
