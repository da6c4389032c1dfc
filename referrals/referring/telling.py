"""What agencies are to be told of: found in what was written, so that nobody who writes has to think of it.

Every change is a row with an id of its own; a call's id is made of that and of the address's, so that looking twice tells
once, and begins with the change's time, as all ids do. Who made a change is not told of it.
"""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import first_id_of
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.tracks.visibility import ASSET_STEPS, Group, sees

# An agency reaches a case from the day it was sent until it was declined, expired or recalled.
_LOST: Final = ("declined", "expired", "recalled")
_GROUPS: Final[tuple[Group, ...]] = ("victim", "prosecution", "compensation", "assets")
# The end of its own request is told to the agency too.
_STEPS = """
INSERT INTO hook_call (id, hook_id, kind, agency_referral_id, event_id, state, tries, next_at, at)
SELECT (left(replace(e.id::text, '-', ''), 12) || right(md5(h.id::text || e.id::text), 20))::uuid, h.id,
       e.track || '.changed', r.id, e.id, 'waiting', 0, :now, e.recorded_at
  FROM case_event e
  JOIN agency_referral r ON r.referral_id = e.referral_id
  JOIN agency a ON a.id = r.agency_id
  JOIN agency_hook h ON h.agency_id = r.agency_id AND h.ended_at IS NULL AND NOT h.is_sandbox
 WHERE e.id >= :first AND e.recorded_at >= h.created_at
   AND e.agency_id IS DISTINCT FROM r.agency_id
   AND CASE WHEN e.track = 'referral' THEN e.agency_referral_id = r.id
            ELSE r.state <> ALL(:lost) AND e.recorded_at >= r.sent_at
             AND a.kind || ' ' || CASE WHEN e.track = 'compensation' AND e.step = ANY(:assets) THEN 'assets'
                                       ELSE e.track END = ANY(:seen) END
ON CONFLICT (id) DO NOTHING
"""
_MESSAGES = """
INSERT INTO hook_call (id, hook_id, kind, agency_referral_id, state, tries, next_at, at)
SELECT (left(replace(m.id::text, '-', ''), 12) || right(md5(h.id::text || m.id::text), 20))::uuid, h.id,
       'message.written', r.id, 'waiting', 0, :now, m.at
  FROM agency_message m
  JOIN agency_referral r ON r.id = m.agency_referral_id
  JOIN agency_hook h ON h.agency_id = r.agency_id AND h.ended_at IS NULL AND NOT h.is_sandbox
 WHERE m.id >= :first AND m.at >= h.created_at AND m.side = 'hotline' AND r.state <> ALL(:lost)
ON CONFLICT (id) DO NOTHING
"""
_FILES = """
INSERT INTO hook_call (id, hook_id, kind, agency_referral_id, state, tries, next_at, at)
SELECT (left(replace(m.id::text, '-', ''), 12) || right(md5(h.id::text || m.id::text), 20))::uuid, h.id,
       'file.given', r.id, 'waiting', 0, :now, m.at
  FROM agency_file m
  JOIN agency_referral r ON r.id = m.agency_referral_id
  JOIN agency_hook h ON h.agency_id = r.agency_id AND h.ended_at IS NULL AND NOT h.is_sandbox
 WHERE m.id >= :first AND m.at >= h.created_at AND m.side = 'hotline' AND r.state <> ALL(:lost)
ON CONFLICT (id) DO NOTHING
"""
_IDENTITIES = """
INSERT INTO hook_call (id, hook_id, kind, agency_referral_id, state, tries, next_at, at)
SELECT (lpad(to_hex((extract(epoch FROM r.identity_at) * 1000)::bigint), 12, '0')
        || right(md5(h.id::text || r.id::text || r.identity || r.identity_at::text), 20))::uuid,
       h.id, 'identity.answered', r.id, 'waiting', 0, :now, r.identity_at
  FROM agency_referral r
  JOIN agency_hook h ON h.agency_id = r.agency_id AND h.ended_at IS NULL AND NOT h.is_sandbox
 WHERE r.identity IN ('given', 'refused', 'taken_back') AND r.identity_at >= greatest(h.created_at, :since)
   AND r.state <> ALL(:lost)
ON CONFLICT (id) DO NOTHING
"""


async def note_changes(session: AsyncSession, since: datetime, *, now: datetime) -> None:
    """Write down a call for each change since then, of each case, to each address of an agency that may know of it."""
    with_address = await session.scalar(
        sa.text("SELECT EXISTS (SELECT FROM agency_hook WHERE ended_at IS NULL AND NOT is_sandbox)")
    )
    if not with_address:
        return
    known = {"now": now, "lost": [*_LOST]}
    first = first_id_of(since)
    await session.execute(
        sa.text(_STEPS), known | {"first": first, "seen": _seen(), "assets": sorted(ASSET_STEPS)}
    )
    for lines in (_MESSAGES, _FILES):
        await session.execute(sa.text(lines), known | {"first": first})
    await session.execute(sa.text(_IDENTITIES), known | {"since": since})


async def last_told(session: AsyncSession) -> datetime | None:
    """Return up to when changes were surely looked at; None where nobody is told of anything."""
    found: datetime | None = await session.scalar(
        sa.text(
            "SELECT coalesce((SELECT max(c.at) FROM hook_call c WHERE c.kind <> 'ping'), min(created_at))"
            " FROM agency_hook WHERE ended_at IS NULL AND NOT is_sandbox"
        )
    )
    return found


def _seen() -> list[str]:
    """Return "kind group" for whatever an agency of a kind may know to have happened."""
    return [f"{kind} {group}" for kind in AGENCY_KINDS for group in _GROUPS if sees(kind, group) != "none"]
