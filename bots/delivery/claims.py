"""Claiming messages: one claim for immediate sending, the `deliver` job and the recovery (invariant 3)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from bots.delivery.plan import Attempt
from bots.delivery.rules import FRESH
from bots.outgoing import CLAIM, Outgoing
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError, MasterKeyMissingError
from core.languages import Language
from core.logs import get_logger
from core.messages.content import decode_envelope

# So long a message waits for a master key that this process was not given yet.
_KEY_SECONDS = timedelta(seconds=15)
_log = get_logger()

_CHOSEN = """
UPDATE message m SET state = 'sending', tries = m.tries + 1, claimed_until = $1::timestamptz + $2::interval
FROM chosen ch
JOIN channel_identity i ON i.id = ch.identity_id
JOIN contact t ON t.id = i.contact_id
JOIN data_key k ON k.id = t.data_key_id
LEFT JOIN conversation c ON c.identity_id = i.id
LEFT JOIN contact_rule r ON r.contact_id = t.id
WHERE m.id = ch.id
RETURNING m.id, m.identity_id, m.channel, m.kind, m.lane, m.content, m.answerable_until, m.tries, m.parts_done,
          m.created_at, m.expires_at, m.may_be_double, i.address, i.blocked_at, k.id AS key_id, k.wrapped,
          c.last_inbound_at, coalesce(r.may_write_first, false) AS may_write_first, r.from_minute, r.until_minute,
          coalesce(c.hidden, false) AS hidden, c.id AS conversation_id, CASE WHEN m.kind = 'staff' THEN c.state END AS state
"""
# The oldest of each person, replies before staff before the rest. What is held back holds up nobody.
_PENDING = """
WITH chosen AS (
  SELECT m.id, m.identity_id FROM message m
  WHERE m.state = 'pending' AND m.batch_id IS NULL AND m.channel = $3 AND m.reason IS DISTINCT FROM 'held'
    AND (m.not_before IS NULL OR m.not_before <= $1)
    AND NOT EXISTS (SELECT 1 FROM message e WHERE e.identity_id = m.identity_id AND e.id < m.id
                    AND e.batch_id IS NULL AND e.state IN ('pending', 'sending') AND e.reason IS DISTINCT FROM 'held')
  ORDER BY array_position(ARRAY['reply', 'hotline', 'bulk'], m.lane), m.id
  LIMIT $4 FOR UPDATE SKIP LOCKED)
"""
_ABANDONED = """
WITH chosen AS (
  SELECT m.id, m.identity_id FROM message m
  WHERE m.state = 'sending' AND m.claimed_until < $1 AND m.batch_id IS NULL AND m.channel = $3
  ORDER BY m.id LIMIT $4 FOR UPDATE SKIP LOCKED)
"""
_GIVE_BACK = """
UPDATE message SET state = 'pending', tries = tries - 1, claimed_until = NULL, not_before = $2 WHERE id = ANY($1)
"""
# What was held although it may go out by now: the hour that the person chose has come, or they wrote at the very moment
# it was being held.
_RIPE = """
UPDATE message m SET reason = NULL
FROM channel_identity i
LEFT JOIN conversation c ON c.identity_id = i.id
LEFT JOIN contact_rule r ON r.contact_id = i.contact_id
WHERE m.state = 'pending' AND m.batch_id IS NULL AND m.reason = 'held' AND i.id = m.identity_id
  AND NOT coalesce(c.hidden, false) AND (
  c.last_inbound_at >= $1
  OR (r.may_write_first AND CASE
    WHEN r.from_minute IS NULL OR r.until_minute IS NULL THEN true
    WHEN r.from_minute <= r.until_minute THEN r.from_minute <= $2 AND $2 < r.until_minute
    ELSE $2 >= r.from_minute OR $2 < r.until_minute END))
"""
_ATTEMPTS = """
SELECT message_id, part, mode, outcome, retry_key, started_at FROM message_attempt
WHERE message_id = ANY($1) ORDER BY id
"""


class _Speaking(msgspec.Struct):
    """What a conversation's state tells of its language."""

    language: Language = "th"


class Claimed(NamedTuple):
    """A claimed message with all that deciding on it needs. `out` is None when its content can't be opened."""

    out: Outgoing | None
    message_id: UUID
    identity_id: UUID
    tries: int
    lane: str
    attempts: tuple[Attempt, ...]
    blocked: bool
    expires_at: datetime | None
    may_write_first: bool
    hours: tuple[int | None, int | None]
    hidden: bool = False


async def claim_pending(connection: Any, keys: DataKeys, channel: str, limit: int) -> list[Claimed]:
    """Claim what is due on a channel, at most one a person."""
    return await _claim(connection, keys, _PENDING, channel, limit)


async def claim_abandoned(connection: Any, keys: DataKeys, channel: str, limit: int) -> list[Claimed]:
    """Take over what a process claimed and never settled."""
    return await _claim(connection, keys, _ABANDONED, channel, limit)


async def release_ripe(connection: Any, now: datetime) -> None:
    """Let go of what was held and may go out by now, by the same rules as `may_go_out`."""
    local = bangkok(now)
    await connection.execute(_RIPE, now - FRESH, local.hour * 60 + local.minute)


async def _claim(connection: Any, keys: DataKeys, query: str, channel: str, limit: int) -> list[Claimed]:
    rows = await connection.fetch(query + _CHOSEN, utc_now(), CLAIM, channel, limit)
    if not rows:
        return []
    attempts = await _attempts(connection, [row["id"] for row in rows])
    order = {"reply": 0, "hotline": 1, "bulk": 2}
    claimed, keyless = [], []
    for row in rows:
        try:
            claimed.append(_claimed(row, keys, attempts))
        except MasterKeyMissingError:
            keyless.append(row["id"])
    if keyless:
        _log.error("messages_wait_for_key", count=len(keyless), channel=channel)
        await connection.execute(_GIVE_BACK, keyless, utc_now() + _KEY_SECONDS)
    return sorted(claimed, key=lambda c: (order.get(c.lane, 3), c.message_id))


async def _attempts(connection: Any, ids: Sequence[UUID]) -> dict[tuple[UUID, int], list[Attempt]]:
    found: dict[tuple[UUID, int], list[Attempt]] = defaultdict(list)
    for row in await connection.fetch(_ATTEMPTS, ids):
        attempt = Attempt(row["mode"], row["outcome"], row["retry_key"], row["started_at"])
        found[(row["message_id"], row["part"])].append(attempt)
    return found


def _claimed(row: Any, keys: DataKeys, attempts: dict[tuple[UUID, int], list[Attempt]]) -> Claimed:
    return Claimed(
        out=_open(row, keys),
        message_id=row["id"],
        identity_id=row["identity_id"],
        tries=row["tries"],
        lane=row["lane"],
        attempts=tuple(attempts.get((row["id"], row["parts_done"]), ())),
        blocked=row["blocked_at"] is not None,
        expires_at=row["expires_at"],
        may_write_first=row["may_write_first"],
        hours=(row["from_minute"], row["until_minute"]),
        hidden=row["hidden"],
    )


def _open(row: Any, keys: DataKeys) -> Outgoing | None:
    try:
        key = keys.open(row["key_id"], row["wrapped"])
        plain = open_sealed(key, row["content"], context("message", "content", row["id"]))
        bound = context("channel_identity", "address", row["identity_id"])
        address = open_sealed(key, row["address"], bound).decode()
        envelope = decode_envelope(plain)
    except MasterKeyMissingError:
        raise
    except (CryptoError, TypeError, msgspec.MsgspecError):
        return None
    return Outgoing(
        message_id=row["id"],
        identity_id=row["identity_id"],
        channel=row["channel"],
        kind=row["kind"],
        envelope=envelope,
        address=address,
        answerable_until=row["answerable_until"],
        tries=row["tries"],
        parts_done=row["parts_done"],
        created_at=row["created_at"],
        last_inbound_at=row["last_inbound_at"],
        may_be_double=row["may_be_double"],
        language=_language(row, key),
    )


def _language(row: Any, key: bytes) -> Language:
    """In what language the conversation is, where staff's words join it."""
    if row["state"] is None:
        return _Speaking().language
    try:
        opened = open_sealed(key, row["state"], context("conversation", "state", row["conversation_id"]))
        return msgspec.json.decode(opened, type=_Speaking).language
    except (CryptoError, msgspec.MsgspecError):
        # What staff wrote must not wait for it.
        return _Speaking().language
