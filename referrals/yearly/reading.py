"""A year's figures: counted once for each moment, then as they were, whatever became of the cases."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from referrals.yearly.asked import Asked
from referrals.yearly.counted import Counted, from_bytes, to_bytes
from referrals.yearly.counting import count
from referrals.yearly.models import YearlyCount


async def read_counted(session: AsyncSession, asked: Asked) -> Counted:
    """Return what was counted of a year by what was known at a moment; count it where nobody has asked before."""
    found = await _find(session, asked)
    if found is not None:
        return from_bytes(found)
    counted = await count(session, asked)
    await session.execute(
        insert(YearlyCount)
        .values(as_of=asked.as_of, year=asked.year, block=to_bytes(counted), counted_at=utc_now())
        .on_conflict_do_nothing()
    )
    # Somebody may have been quicker: theirs is what was given out.
    return from_bytes(await _find(session, asked) or to_bytes(counted))


async def _find(session: AsyncSession, asked: Asked) -> bytes | None:
    return await session.scalar(
        sa.select(YearlyCount.block).where(YearlyCount.as_of == asked.as_of, YearlyCount.year == asked.year)
    )
