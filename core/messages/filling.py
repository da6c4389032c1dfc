"""Batches of many: opened before anybody is in them, filled set by set inside the database, in pages.

Who they are for stands in a table of the caller's transaction; no address and no id passes through this process.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.ids import new_id
from core.messages.content import Content
from core.messages.models import Kind, Lane, MessageBatch

# LINE: recipients of one multicast.
MULTICAST = 500
# Where each gets a call of their own, so many are looked after together.
ONE_BY_ONE = 100
# A statement of so many rows takes about a second, and the database remembers their checks only until its end.
PAGE = 25_000

# Version 7 of RFC 9562 from the moment and the place in the table, so that what is written together lies together.
_ID = "encode(int8send((($1::bigint + {n} / 4096) << 16) | 28672 | ({n} % 4096)) || {tail}, 'hex')::uuid"
_RANDOM = "substring(uuid_send(gen_random_uuid()) from 9)"
# The same for all members of a chunk, so that they need no look-up.
_OF_CHUNK = "substring(decode(md5(batch_id::text || channel || {k}::text), 'hex') from 9)"
_VARIANT = "set_byte({tail}, 0, (get_byte({tail}, 0) & 63) | 128)"


def _chunk_id(k: str) -> str:
    return _ID.format(n=k, tail=_VARIANT.format(tail=_OF_CHUNK.format(k=k)))


_CHUNKS = f"""
INSERT INTO message_chunk (id, batch_id, channel, retry_key, members)
SELECT {_chunk_id("k")}, batch_id, channel, gen_random_uuid(), members
FROM (SELECT batch_id, channel, (place - 1) / size AS k, count(*) AS members FROM {{table}}
      WHERE batch_id IS NOT NULL AND ready GROUP BY 1, 2, 3) AS chunks
"""  # noqa: S608 - constants
_MEMBERS = f"""
INSERT INTO message (id, identity_id, channel, lane, kind, batch_id, created_at, state, chunk_id, reason, finished_at)
SELECT {_ID.format(n="n", tail=_RANDOM)}, c.identity_id, c.channel, b.lane, b.kind, c.batch_id, $2,
       CASE WHEN ready THEN 'pending' ELSE 'skipped' END, CASE WHEN ready THEN {_chunk_id("((place - 1) / size)")} END,
       CASE WHEN NOT ready THEN 'not_ready' END, CASE WHEN NOT ready THEN $2::timestamptz END
FROM {{table}} c JOIN (SELECT id, lane, kind FROM message_batch) b ON b.id = c.batch_id
WHERE n > $3 AND n <= $4 AND batch_id IS NOT NULL ORDER BY n
"""  # noqa: S608 - constants
_INTENDED = """
UPDATE message_batch b SET intended = b.intended + s.members
FROM (SELECT batch_id, count(*) AS members FROM {table} WHERE batch_id IS NOT NULL GROUP BY 1) AS s WHERE b.id = s.batch_id
"""


class BatchEnvelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed in a batch. With a `template` each person gets a rendering of their own; `content` is what
    somebody gets of whom nothing is known. It reads as an Envelope, too.
    """

    content: Content
    template: str = ""


class BatchTerms(NamedTuple):
    """How a batch goes out."""

    kind: Kind = "campaign"
    lane: Lane = "bulk"
    author_id: UUID | None = None
    expires_at: datetime | None = None
    unit: str | None = None
    silent: bool = False
    any_hour: bool = False


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(BatchEnvelope)


def decode_batch(data: bytes) -> BatchEnvelope:
    return _decoder.decode(data)


async def open_batch(
    session: AsyncSession, keys: DataKeys, envelope: BatchEnvelope, terms: BatchTerms
) -> UUID:
    """Write a batch of nobody, paused until whoever fills it lets it go; return its id."""
    batch_id = new_id()
    key_row, key = keys.row("batch")
    sealed = seal(key, _encoder.encode(envelope), context("message_batch", "content", batch_id))
    session.add(key_row)
    await session.flush()
    session.add(
        MessageBatch(
            id=batch_id, data_key_id=key_row.id, content=Box(sealed), intended=0, paused=True, created_at=utc_now(),
            **terms._asdict(),
        )
    )  # fmt: skip
    await session.flush()
    return batch_id


async def fill_batches(connection: Any, table: str, count: int, *, page: int = PAGE) -> None:
    """Write the chunks and the pending messages of everybody in `table`, in the transaction of this connection.

    Its columns: `n` (1 to `count`), `batch_id` (null: gets nothing), `identity_id`, `channel`, `ready` (false: skipped
    at once, in the bucket of all who can't be reached), `place` (from 1 within batch, channel and readiness) and `size`
    of a chunk. An index on `n` lets the pages be found.
    """
    now = utc_now()
    moment = int(now.timestamp() * 1_000)
    await connection.execute(_CHUNKS.format(table=table), moment)
    for first, last in pages(count, page):
        await connection.execute(_MEMBERS.format(table=table), moment, now, first, last)
    await connection.execute(_INTENDED.format(table=table))


def chunk_size(channel: str, *, personal: bool) -> int:
    """How many members of a batch are looked after together."""
    return MULTICAST if channel == "line" and not personal else ONE_BY_ONE


def pages(count: int, page: int = PAGE) -> Iterator[tuple[int, int]]:
    """Yield the bounds of pages over 1 to `count`: above the first, up to and with the second."""
    for first in range(0, count, page):
        yield first, min(first + page, count)
