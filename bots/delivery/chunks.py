"""The rows of a batch: claiming chunks, checking their members once more, and settling them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from bots.channels.base import Result
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError, MasterKeyMissingError
from core.ids import new_id
from core.logs import get_logger
from core.messages.content import Content, decode_envelope
from core.messages.models import State

CLAIM = timedelta(seconds=60)
_log = get_logger()

_CLAIM_CHUNKS = """
WITH chosen AS (
  SELECT c.id FROM message_chunk c JOIN message_batch b ON b.id = c.batch_id
  WHERE c.done_at IS NULL AND NOT b.paused AND c.channel = $3
    AND (c.not_before IS NULL OR c.not_before <= $1) AND (c.claimed_until IS NULL OR c.claimed_until < $1)
  ORDER BY c.id LIMIT $4 FOR UPDATE OF c SKIP LOCKED)
UPDATE message_chunk c SET claimed_until = $1::timestamptz + $2::interval, tries = c.tries + 1
FROM chosen, message_batch b, data_key k
WHERE c.id = chosen.id AND b.id = c.batch_id AND k.id = b.data_key_id
RETURNING c.id, c.batch_id, c.channel, c.retry_key, c.first_tried_at, c.tries, b.content, b.kind, b.cancelled_at,
          b.expires_at, b.paused, k.id AS key_id, k.wrapped
"""
_RENEW = """
UPDATE message_chunk c SET claimed_until = $3 FROM message_batch b
WHERE c.id = $1 AND c.tries = $2 AND c.done_at IS NULL AND b.id = c.batch_id
RETURNING c.first_tried_at, b.cancelled_at, b.paused
"""
# Whoever may not be reached now leaves in one bucket: a reader of the books learns nothing about anybody.
_SKIP_NOT_READY = """
UPDATE message m SET state = 'skipped', reason = 'not_ready', finished_at = $2
FROM channel_identity i JOIN contact t ON t.id = i.contact_id
WHERE m.chunk_id = $1 AND m.state = 'pending' AND i.id = m.identity_id AND m.kind = 'campaign' AND (
  i.blocked_at IS NOT NULL OR t.erased_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM conversation c WHERE c.identity_id = i.id AND c.hidden)
  OR NOT EXISTS (SELECT 1 FROM consent WHERE contact_id = t.id AND topic = 'campaigns' AND granted)
  OR EXISTS (SELECT 1 FROM broadcast_hold h WHERE h.contact_id = t.id AND (h.until IS NULL OR h.until > $2)))
"""
_MEMBERS = """
SELECT m.id, m.identity_id, i.address, k.id AS key_id, k.wrapped
FROM message m JOIN channel_identity i ON i.id = m.identity_id
JOIN contact t ON t.id = i.contact_id JOIN data_key k ON k.id = t.data_key_id
WHERE m.chunk_id = $1 AND m.state = $2 ORDER BY m.id
"""
_SETTLE = """
UPDATE message SET state = $3, reason = $4, finished_at = CASE WHEN $3 = 'pending' THEN NULL ELSE $5::timestamptz END
WHERE chunk_id = $1 AND state = ANY($2)
"""


class Chunk(NamedTuple):
    """A claimed chunk. `content` is None when its key was destroyed."""

    id: UUID
    batch_id: UUID
    channel: str
    retry_key: UUID
    first_tried_at: datetime | None
    tries: int
    content: Content | None
    kind: str
    cancelled: bool
    expires_at: datetime | None
    paused: bool = False


class Member(NamedTuple):
    message_id: UUID
    identity_id: UUID
    address: str


async def claim_chunks(connection: Any, keys: DataKeys, channel: str, limit: int) -> list[Chunk]:
    rows = await connection.fetch(_CLAIM_CHUNKS, utc_now(), CLAIM, channel, limit)
    return [chunk for row in rows if (chunk := _chunk(row, keys)) is not None]


def _chunk(row: Any, keys: DataKeys) -> Chunk | None:
    """Return the chunk, or None where this process was not given its master key yet: its claim runs out."""
    try:
        key = keys.open(row["key_id"], row["wrapped"])
        content = decode_envelope(
            open_sealed(key, row["content"], context("message_batch", "content", row["batch_id"]))
        )
    except MasterKeyMissingError:
        _log.error("chunk_waits_for_key", batch_id=str(row["batch_id"]))
        return None
    except (CryptoError, msgspec.MsgspecError):
        content = None
    return Chunk(
        id=row["id"],
        batch_id=row["batch_id"],
        channel=row["channel"],
        retry_key=row["retry_key"],
        first_tried_at=row["first_tried_at"],
        tries=row["tries"],
        content=None if content is None else content.content,
        kind=row["kind"],
        cancelled=row["cancelled_at"] is not None,
        expires_at=row["expires_at"],
    )


async def skip_not_ready(connection: Any, chunk: Chunk) -> None:
    """Check consent, holds and blocks once more at the moment of sending (invariant 8)."""
    await connection.execute(_SKIP_NOT_READY, chunk.id, utc_now())


async def members_of(connection: Any, keys: DataKeys, chunk: Chunk, state: State) -> list[Member]:
    """Return the members in one state, always in the same order; a retry must send the same bytes."""
    rows = await connection.fetch(_MEMBERS, chunk.id, state)
    members, unreadable = [], []
    for row in rows:
        bound = context("channel_identity", "address", row["identity_id"])
        try:
            address = open_sealed(keys.open(row["key_id"], row["wrapped"]), row["address"], bound)
        except MasterKeyMissingError:
            raise
        except CryptoError:
            unreadable.append(row["id"])
            continue
        members.append(Member(row["id"], row["identity_id"], address.decode()))
    if unreadable:
        # Erased, or damaged: nobody to write to, and none of their neighbours' business.
        await connection.execute(
            "UPDATE message SET state = 'skipped', reason = 'not_ready', finished_at = $2 WHERE id = ANY($1)",
            unreadable,
            utc_now(),
        )
    return members


async def renew_claim(connection: Any, chunk: Chunk) -> Chunk | None:
    """Return the chunk as it stands now, its claim renewed; None where another process has it by now.

    Between the claim and the call lies the wait for the limiter, which may be long.
    """
    row = await connection.fetchrow(_RENEW, chunk.id, chunk.tries, utc_now() + CLAIM)
    if row is None:
        return None
    return chunk._replace(
        first_tried_at=row["first_tried_at"], cancelled=row["cancelled_at"] is not None, paused=row["paused"]
    )


async def end_chunk(connection: Any, chunk: Chunk, reason: str) -> None:
    """End what was not sent, and close; what is on the wire under a claim that holds is waited for."""
    now = utc_now()
    await settle_members(connection, chunk, "skipped", reason, of=("pending",))
    await connection.execute(
        "UPDATE message SET state = 'unknown', reason = $2, finished_at = $3 WHERE chunk_id = $1"
        " AND state = 'sending' AND (claimed_until IS NULL OR claimed_until < $3)",
        chunk.id, reason, now,
    )  # fmt: skip
    held = await connection.fetchval(
        "SELECT max(claimed_until) FROM message WHERE chunk_id = $1 AND state = 'sending'", chunk.id
    )
    if held is None:
        await close_chunk(connection, chunk)
    else:
        await postpone_chunk(connection, chunk, max(1.0, (held - now).total_seconds()))


async def begin_multicast(connection: Any, chunk: Chunk) -> UUID:
    """Fix the membership and write the attempt, before the call; return the attempt's id."""
    now, attempt_id = utc_now(), new_id()
    await connection.execute(
        "UPDATE message SET state = 'sending' WHERE chunk_id = $1 AND state = 'pending'", chunk.id
    )
    await connection.execute(
        "UPDATE message_chunk SET first_tried_at = coalesce(first_tried_at, $2) WHERE id = $1", chunk.id, now
    )
    await connection.execute(
        "INSERT INTO message_attempt (id, chunk_id, part, mode, retry_key, started_at)"
        " VALUES ($1, $2, 0, 'multicast', $3, $4)",
        attempt_id, chunk.id, chunk.retry_key, now,
    )  # fmt: skip
    return attempt_id


async def finish_attempt(connection: Any, attempt_id: UUID, result: Result) -> None:
    await connection.execute(
        "UPDATE message_attempt SET finished_at = $2, outcome = $3, status = $4 WHERE id = $1",
        attempt_id, utc_now(), result.outcome, result.status,
    )  # fmt: skip


async def settle_members(
    connection: Any,
    chunk: Chunk,
    state: State,
    reason: str | None = None,
    *,
    of: tuple[State, ...] = ("sending",),
) -> None:
    await connection.execute(_SETTLE, chunk.id, list(of), state, reason, utc_now())


async def close_chunk(connection: Any, chunk: Chunk) -> None:
    await connection.execute(
        "UPDATE message_chunk SET done_at = $2, claimed_until = NULL WHERE id = $1", chunk.id, utc_now()
    )


async def postpone_chunk(connection: Any, chunk: Chunk, seconds: float) -> None:
    await connection.execute(
        "UPDATE message_chunk SET not_before = $2, claimed_until = NULL WHERE id = $1",
        chunk.id, utc_now() + timedelta(seconds=seconds),
    )  # fmt: skip


async def split_chunk(connection: Any, chunk: Chunk, members: list[Member]) -> None:
    """Halve a chunk that the platform refused as a whole (one bad id refuses all); each half has a key of its own."""
    middle = len(members) // 2
    for half in (members[:middle], members[middle:]):
        half_id = new_id()
        await connection.execute(
            "INSERT INTO message_chunk (id, batch_id, channel, retry_key) VALUES ($1, $2, $3, $4)",
            half_id, chunk.batch_id, chunk.channel, new_id(),
        )  # fmt: skip
        await connection.execute(
            "UPDATE message SET chunk_id = $2, state = 'pending' WHERE id = ANY($1)",
            [m.message_id for m in half],
            half_id,
        )
    await close_chunk(connection, chunk)
