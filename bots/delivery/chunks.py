"""The rows of a batch: claiming chunks, checking their members once more, and settling them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from bots.channels.base import Result
from bots.outgoing import CLAIM
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError, MasterKeyMissingError
from core.ids import new_id
from core.logs import get_logger
from core.messages.content import Content
from core.messages.filling import decode_batch
from core.messages.models import State

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
          b.expires_at, b.paused, b.unit, b.silent, b.any_hour, k.id AS key_id, k.wrapped
"""
# The batch's row is read as it stands now: whoever pauses or cancels it holds it, and is waited for.
_RENEW = """
WITH batch AS (SELECT id, cancelled_at, paused FROM message_batch WHERE id = $4 FOR SHARE)
UPDATE message_chunk c SET claimed_until = $3 FROM batch b
WHERE c.id = $1 AND c.tries = $2 AND c.done_at IS NULL AND b.id = c.batch_id
RETURNING c.first_tried_at, b.cancelled_at, b.paused
"""
_MEMBERS = """
SELECT m.id, m.identity_id, i.address, k.id AS key_id, k.wrapped
FROM message m JOIN channel_identity i ON i.id = m.identity_id
JOIN contact t ON t.id = i.contact_id JOIN data_key k ON k.id = t.data_key_id
WHERE m.chunk_id = $1 AND m.state = 'pending' ORDER BY m.id
"""
_WAITING = "SELECT id FROM message WHERE chunk_id = $1 AND state = 'pending'"
_SETTLE = """
UPDATE message SET state = $2, reason = $3, finished_at = $4 WHERE id = ANY($1) AND state = 'pending'
"""


# What was never tried was not sent; of what was tried without a clear answer nobody knows.
_END = """
UPDATE message m SET finished_at = $3, reason = $2, state = CASE WHEN m.parts_done > 0 OR EXISTS (
  SELECT 1 FROM message_attempt a WHERE (a.message_id = m.id OR a.chunk_id = $1)
    AND (a.outcome IS NULL OR a.outcome = 'unclear')) THEN 'unknown' ELSE 'skipped' END
WHERE m.chunk_id = $1 AND m.state = 'pending'
"""
_FORGET = """
UPDATE message_chunk SET first_tried_at = NULL, retry_key = $2 WHERE id = $1 AND NOT EXISTS (
  SELECT 1 FROM message_attempt WHERE chunk_id = $1 AND (outcome IS NULL OR outcome = 'unclear')) RETURNING id
"""
# Members that are opened between two looks of the event loop at everything else.
_AT_A_TIME = 50


class Chunk(NamedTuple):
    """A claimed chunk. `content` is None when its key was destroyed; with a `template` each gets a rendering of their own."""

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
    template: str = ""
    unit: str = ""
    silent: bool = False
    any_hour: bool = False


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
        envelope = decode_batch(
            open_sealed(key, row["content"], context("message_batch", "content", row["batch_id"]))
        )
    except MasterKeyMissingError:
        _log.error("chunk_waits_for_key", batch_id=str(row["batch_id"]))
        return None
    except (CryptoError, msgspec.MsgspecError):
        envelope = None
    return Chunk(
        id=row["id"],
        batch_id=row["batch_id"],
        channel=row["channel"],
        retry_key=row["retry_key"],
        first_tried_at=row["first_tried_at"],
        tries=row["tries"],
        content=None if envelope is None else envelope.content,
        kind=row["kind"],
        cancelled=row["cancelled_at"] is not None,
        expires_at=row["expires_at"],
        template="" if envelope is None else envelope.template,
        unit=row["unit"] or "",
        silent=row["silent"],
        any_hour=row["any_hour"],
    )


async def read_members(connection: Any, chunk: Chunk) -> list[Any]:
    """Return the rows of those who wait, always in the same order; a retry must send the same bytes."""
    rows: list[Any] = await connection.fetch(_MEMBERS, chunk.id)
    return rows


async def who_waits(connection: Any, chunk: Chunk) -> set[UUID]:
    """The messages of a chunk that wait, and nobody ended since."""
    return {row["id"] for row in await connection.fetch(_WAITING, chunk.id)}


async def open_members(rows: Sequence[Any], keys: DataKeys) -> tuple[list[Member], list[UUID]]:
    """Return the members with their addresses in the clear, and the messages of those whose address opens no more.

    Raises MasterKeyMissingError where this process was not given the master key yet.
    """
    members: list[Member] = []
    unreadable: list[UUID] = []
    for number, row in enumerate(rows):
        if number % _AT_A_TIME == _AT_A_TIME - 1:
            await asyncio.sleep(0)
        bound = context("channel_identity", "address", row["identity_id"])
        try:
            address = open_sealed(keys.open(row["key_id"], row["wrapped"]), row["address"], bound)
        except MasterKeyMissingError:
            raise
        except CryptoError:
            unreadable.append(row["id"])
            continue
        members.append(Member(row["id"], row["identity_id"], address.decode()))
    return members, unreadable


async def skip_unreadable(connection: Any, chunk: Chunk, messages: Sequence[UUID]) -> None:
    """Erased, or damaged: nobody to write to, and none of their neighbours' business."""
    state: State = "skipped" if chunk.first_tried_at is None else "unknown"
    await connection.execute(
        "UPDATE message SET state = $3, reason = 'not_ready', finished_at = $2 WHERE id = ANY($1)",
        list(messages), utc_now(), state,
    )  # fmt: skip


async def renew_claim(connection: Any, chunk: Chunk) -> Chunk | None:
    """Return the chunk as it stands now, its claim renewed; None where another process has it by now.

    Between the claim and the call lies the wait for the limiter, which may be long.
    """
    row = await connection.fetchrow(_RENEW, chunk.id, chunk.tries, utc_now() + CLAIM, chunk.batch_id)
    if row is None:
        return None
    return chunk._replace(
        first_tried_at=row["first_tried_at"], cancelled=row["cancelled_at"] is not None, paused=row["paused"]
    )


async def end_chunk(connection: Any, chunk: Chunk, reason: str) -> None:
    """End what was not sent, and close; what is on the wire under a claim that holds is waited for."""
    now = utc_now()
    await connection.execute(_END, chunk.id, reason, now)
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
    """Fix the membership and write the attempt, before the call; return the attempt's id.

    The chunk is what is claimed: its members wait as "pending" until they are settled, which spares a write of each.
    """
    now, attempt_id = utc_now(), new_id()
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
    connection: Any, members: Sequence[Member], state: State, reason: str | None = None
) -> None:
    """Say of these members of a chunk what became of them."""
    await connection.execute(_SETTLE, [member.message_id for member in members], state, reason, utc_now())


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
            "INSERT INTO message_chunk (id, batch_id, channel, retry_key, members) VALUES ($1, $2, $3, $4, $5)",
            half_id, chunk.batch_id, chunk.channel, new_id(), len(half),
        )  # fmt: skip
        await connection.execute(
            "UPDATE message SET chunk_id = $2 WHERE id = ANY($1) AND state = 'pending'",
            [m.message_id for m in half],
            half_id,
        )
    await connection.execute("UPDATE message_chunk SET members = 0 WHERE id = $1", chunk.id)
    await close_chunk(connection, chunk)


async def forget_try(connection: Any, chunk: Chunk) -> bool:
    """Let a chunk begin afresh, with a new key and everybody checked once more; False where somebody may have got it."""
    forgotten = await connection.fetchval(_FORGET, chunk.id, new_id())
    return forgotten is not None


async def halt_batch(connection: Any, chunk: Chunk, reason: str) -> None:
    """Let nothing more of a batch go out until a person lets it; what was not sent stays as it is."""
    await connection.execute(
        "UPDATE message_batch SET paused = true, halted = $2 WHERE id = $1", chunk.batch_id, reason
    )
    await postpone_chunk(connection, chunk, 0.0)
