"""Reading the ledger: intended = sent + resent + failed + skipped + unknown + pending (invariant 3)."""

from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.messages.models import Message, MessageBatch


class Tally(msgspec.Struct, frozen=True):
    """How a batch stands. `pending` counts what is waiting or on its way."""

    intended: int
    sent: int = 0
    resent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    pending: int = 0

    @property
    def adds_up(self) -> bool:
        parts = self.sent + self.resent + self.failed + self.skipped + self.unknown + self.pending
        return self.intended == parts

    @property
    def done(self) -> int:
        return self.intended - self.pending


async def tally_batch(session: AsyncSession, batch_id: UUID) -> Tally:
    """Count a batch's members by state; raises NoResultFound for an unknown batch."""
    intended = await session.scalar(sa.select(MessageBatch.intended).where(MessageBatch.id == batch_id))
    rows = await session.execute(
        sa.select(Message.state, sa.func.count()).where(Message.batch_id == batch_id).group_by(Message.state)
    )
    counts: dict[str, int] = dict(rows.all())
    pending = counts.pop("pending", 0) + counts.pop("sending", 0)
    return Tally(intended=intended or 0, pending=pending, **counts)
