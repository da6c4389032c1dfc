"""Whether the person is to hear that their case went on: only who let us write first, and one line until they write.

The line itself says nothing of the case; `bots.dispatch.progress_news` has its words.
"""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import first_id_of
from core.jobs.queue import enqueue
from referrals.tracks.visibility import ASSET_STEPS

NEWS_JOB = "tell_progress"
# Moves between the hotline and an agency that change nothing for the person yet, and the report's own track, of which
# the hotline writes itself.
_QUIET = frozenset({"sent", "acknowledged", "expired", "recalled", *ASSET_STEPS})
# The first news since the person last wrote: whatever came after it is found behind the same line.
_FOUND = sa.text("""
SELECT r.identity_id, t.language, e.recorded_at
FROM case_event e
JOIN referral r ON r.id = e.referral_id
JOIN data_key k ON k.id = r.data_key_id AND k.wrapped IS NOT NULL
JOIN contact t ON t.id = r.contact_id
JOIN contact_rule w ON w.contact_id = t.id AND w.may_write_first
JOIN channel_identity i ON i.id = r.identity_id AND i.blocked_at IS NULL
JOIN conversation c ON c.identity_id = i.id AND NOT c.hidden
WHERE e.id = :event_id AND e.recorded_at > coalesce(c.last_inbound_at, '-infinity')
  AND NOT EXISTS (
    SELECT FROM case_event f WHERE f.referral_id = e.referral_id AND f.id < e.id AND f.track <> 'report'
    AND f.source <> 'chat' AND f.reverses_id IS NULL AND f.step <> ALL(:quiet)
    AND f.recorded_at > coalesce(c.last_inbound_at, '-infinity'))
""")
_WRITTEN = sa.text(
    "SELECT EXISTS (SELECT FROM message WHERE id >= :first AND identity_id = :identity_id AND kind = 'notice')"
)


class Hearer(NamedTuple):
    identity_id: UUID
    # As the contact has it.
    language: str


async def note_news(session: AsyncSession, event_id: UUID, *, track: str, step: str, source: str) -> None:
    """Have the person told of a step that is news to them; the job is of the caller's transaction."""
    if track != "report" and source != "chat" and step not in _QUIET:
        await enqueue(session, NEWS_JOB, [event_id])


async def hearer_of(session: AsyncSession, event_id: UUID) -> Hearer | None:
    """Return who is to get a line because of a step; None where they did not allow it or have one already."""
    found = (await session.execute(_FOUND, {"event_id": event_id, "quiet": sorted(_QUIET)})).one_or_none()
    if found is None:
        return None
    since = {"first": first_id_of(found.recorded_at), "identity_id": found.identity_id}
    return None if await session.scalar(_WRITTEN, since) else Hearer(found.identity_id, found.language)
