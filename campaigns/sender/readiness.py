"""Who of a chunk may not be reached after all: asked at the moment of sending, by whoever sends (invariant 8)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.clock import utc_now

# Whoever may not be reached now leaves in one bucket: a reader of the books learns nothing about anybody.
# What was tried before without a clear answer may have arrived.
# Of two runs that were frozen at the same time the later one gives way to a person's weekly cap.
# Each is asked about by an index: what reads as EXISTS was answered by reading everybody's consent, 10 ms for 80,000 people.
_SKIP_NOT_READY = """
WITH terms AS MATERIALIZED (
  SELECT r.id AS run_id, r.frozen_at, r.weekly_cap, c.subject
  FROM campaign_part p JOIN campaign_run r ON r.id = p.run_id JOIN campaign c ON c.id = r.campaign_id
  WHERE p.batch_id = $2)
UPDATE message m SET reason = 'not_ready', finished_at = $3, state = CASE WHEN m.parts_done > 0 OR EXISTS (
  SELECT 1 FROM message_attempt a WHERE a.message_id = m.id AND (a.outcome IS NULL OR a.outcome = 'unclear'))
  THEN 'unknown' ELSE 'skipped' END
FROM channel_identity i JOIN contact t ON t.id = i.contact_id LEFT JOIN terms ON true
WHERE {these} AND m.state = 'pending' AND i.id = m.identity_id
  AND m.kind = 'campaign' AND (
  i.blocked_at IS NOT NULL OR t.erased_at IS NOT NULL
  OR (SELECT true FROM conversation c WHERE c.identity_id = i.id AND c.hidden LIMIT 1)
  OR (SELECT true FROM consent WHERE contact_id = t.id AND topic = 'campaigns' AND granted LIMIT 1) IS NULL
  OR (SELECT true FROM consent WHERE contact_id = t.id AND topic = terms.subject AND NOT granted LIMIT 1)
  OR (SELECT true FROM broadcast_hold h WHERE h.contact_id = t.id AND (h.until IS NULL OR h.until > $3) LIMIT 1)
  OR (terms.weekly_cap > 0 AND terms.weekly_cap <= (
    SELECT count(*) FROM campaign_member o JOIN campaign_run r ON r.id = o.run_id
    WHERE o.contact_id = t.id AND o.variant <> 'holdout' AND r.state <> 'expired'
      AND r.frozen_at > $3 - interval '7 days' AND (r.frozen_at, r.id) < (terms.frozen_at, terms.run_id))))
RETURNING m.id
"""
# Two statements: PostgreSQL would plan one that can do both anew each time, which takes longer than asking about one person.
_OF_CHUNK = _SKIP_NOT_READY.format(these="m.chunk_id = $1")
_OF_SOME = _SKIP_NOT_READY.format(these="m.id = ANY($1)")


async def skip_not_ready(
    connection: Any, chunk_id: UUID, batch_id: UUID, messages: Sequence[UUID] | None = None
) -> set[UUID]:
    """Skip the waiting members of a chunk, or these of them, whose consent, hold, block, decoy face or weekly cap says so.

    Returns their messages.
    """
    asked = (_OF_CHUNK, chunk_id) if messages is None else (_OF_SOME, list(messages))
    rows = await connection.fetch(*asked, batch_id, utc_now())
    return {row["id"] for row in rows}
