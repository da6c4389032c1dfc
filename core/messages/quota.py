"""LINE's monthly quota: active sends are counted, and a reserve is never spent on campaigns (invariant 7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import bangkok, utc_now
from core.messages.models import Lane

_TAKE = """
INSERT INTO quota_use AS q (channel, month, used) VALUES ($1, $2, $3)
ON CONFLICT (channel, month) DO UPDATE SET used = q.used + $3
WHERE $4::int IS NULL OR q."limit" IS NULL OR q.used + $3 <= q."limit" - $4::int
RETURNING used
"""

_LEFT = """
SELECT q."limit" - q.used - $3::int - coalesce((
  SELECT sum(c.members) FROM message_chunk c JOIN message_batch b ON b.id = c.batch_id
  WHERE c.channel = $1 AND c.done_at IS NULL AND c.first_tried_at IS NULL AND b.cancelled_at IS NULL
    AND c.batch_id <> ALL($4::uuid[])), 0)
FROM quota_use q WHERE q.channel = $1 AND q.month = $2
"""


def month_of(moment: datetime) -> str:
    return f"{bangkok(moment):%Y-%m}"


async def take_quota(connection: Any, channel: str, count: int, *, lane: Lane, reserve: int) -> bool:
    """Count `count` active sends; False when a bulk send would touch the reserve, and then nothing is counted."""
    keep = reserve if lane == "bulk" else None
    return await connection.fetchval(_TAKE, channel, month_of(utc_now()), count, keep) is not None


async def quota_left(
    connection: Any, channel: str, *, reserve: int, apart_from: Sequence[UUID] = ()
) -> int | None:
    """What a campaign may still spend this month; None where the platform named no limit.

    The reserve is not part of it, nor what other batches (than these) are waiting to spend.
    """
    left = await connection.fetchval(_LEFT, channel, month_of(utc_now()), reserve, list(apart_from))
    return None if left is None else max(0, int(left))


async def return_quota(connection: Any, channel: str, count: int) -> None:
    """Give back what was counted for sends that the platform refused."""
    await connection.execute(
        "UPDATE quota_use SET used = greatest(used - $3, 0) WHERE channel = $1 AND month = $2",
        channel, month_of(utc_now()), count,
    )  # fmt: skip


async def note_quota(connection: Any, channel: str, *, limit: int | None, used: int | None) -> None:
    """Note what the platform says: its count includes what others send in its own console."""
    now = utc_now()
    await connection.execute(
        'INSERT INTO quota_use AS q (channel, month, used, "limit", read_at) VALUES ($1, $2, coalesce($3, 0), $4, $5)'
        ' ON CONFLICT (channel, month) DO UPDATE SET used = greatest(q.used, coalesce($3, 0)), "limit" = $4,'
        " read_at = $5",
        channel, month_of(now), used, limit, now,
    )  # fmt: skip
