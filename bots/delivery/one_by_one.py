"""A batch on a channel without multicast: each member is claimed, tried and settled like any message."""

import asyncio
from typing import Any
from uuid import UUID

from bots.delivery.chunks import Chunk, close_chunk, postpone_chunk, settle_members, skip_not_ready
from bots.delivery.plan import Attempt
from bots.delivery.quiet import not_now
from bots.delivery.sender import Sender
from bots.delivery.tokens import TokenStore
from bots.outgoing import CLAIM, Outgoing
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.errors import CryptoError, MasterKeyMissingError
from core.messages.content import Content, Envelope

_AT_ONCE = 10

# Members that are due, and members whose sender died: the attempts tell which of those are in doubt.
_CLAIM = """
WITH chosen AS (
  SELECT id FROM message WHERE chunk_id = $1 AND (
    (state = 'pending' AND (not_before IS NULL OR not_before <= $2)) OR (state = 'sending' AND claimed_until < $2))
  ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED)
UPDATE message m SET state = 'sending', tries = m.tries + 1, claimed_until = $2::timestamptz + $3::interval
FROM chosen, channel_identity i, contact t, data_key k
WHERE m.id = chosen.id AND i.id = m.identity_id AND t.id = i.contact_id AND k.id = t.data_key_id
RETURNING m.id, m.identity_id, m.channel, m.kind, m.tries, m.parts_done, m.may_be_double, i.address, k.id AS key_id,
          k.wrapped, (SELECT last_inbound_at FROM conversation c WHERE c.identity_id = i.id) AS last_inbound_at
"""
_ATTEMPTS = """
SELECT message_id, mode, outcome, retry_key, started_at FROM message_attempt
WHERE message_id = ANY($1) AND part = $2 ORDER BY id
"""
_OPEN = (
    "SELECT min(coalesce(not_before, claimed_until, $2)) FROM message WHERE chunk_id = $1 AND state = ANY($3)"
)


class OneByOne:
    """Sends the members of a chunk one after the other, a few on the wire at once."""

    def __init__(self, database: Database, keys: DataKeys, sender: Sender, tokens: TokenStore) -> None:
        self._database = database
        self._keys = keys
        self._sender = sender
        self._tokens = tokens

    async def see_through(self, chunk: Chunk) -> None:
        """Send what is due, then close the chunk, or postpone it until the next member is due."""
        while True:
            granted = await self._tokens.acquire(chunk.channel, "bulk", _AT_ONCE)
            # The limiter may have let us wait past the hour: nobody is woken for a campaign.
            if (wait := not_now(chunk, utc_now())) > 0:
                await self._postpone(chunk, wait)
                return
            claimed = await self._claim(chunk, granted)
            if not claimed:
                break
            await asyncio.gather(*(self._sender.deliver(out, attempts) for out, attempts in claimed))
        await self._close_or_postpone(chunk)

    async def _postpone(self, chunk: Chunk, seconds: float) -> None:
        async with self._database.unit_of_work() as session:
            await postpone_chunk(await driver_connection(session), chunk, seconds)

    async def _claim(self, chunk: Chunk, limit: int) -> list[tuple[Outgoing, list[Attempt]]]:
        now = utc_now()
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            stopped = await connection.fetchval(
                "UPDATE message_chunk c SET claimed_until = $2::timestamptz + $3::interval FROM message_batch b"
                " WHERE c.id = $1 AND b.id = c.batch_id RETURNING b.paused OR b.cancelled_at IS NOT NULL",
                chunk.id, now, CLAIM * 4,
            )  # fmt: skip
            if stopped:
                return []
            await skip_not_ready(connection, chunk)
            rows = await connection.fetch(_CLAIM, chunk.id, now, CLAIM, limit)
            return [
                (out, await self._attempts(connection, out))
                for row in rows
                if (out := await self._open(connection, row, chunk)) is not None
            ]

    async def _attempts(self, connection: Any, out: Outgoing) -> list[Attempt]:
        rows = await connection.fetch(_ATTEMPTS, [out.message_id], out.parts_done)
        return [Attempt(r["mode"], r["outcome"], r["retry_key"], r["started_at"]) for r in rows]

    async def _open(self, connection: Any, row: Any, chunk: Chunk) -> Outgoing | None:
        try:
            key = self._keys.open(row["key_id"], row["wrapped"])
            address = open_sealed(
                key, row["address"], context("channel_identity", "address", row["identity_id"])
            )
        except MasterKeyMissingError:
            raise
        except CryptoError:
            await connection.execute(
                "UPDATE message SET state = 'skipped', reason = 'not_ready', finished_at = $2 WHERE id = $1",
                row["id"],
                utc_now(),
            )
            return None
        return _outgoing(row, address.decode(), chunk.content or Content(bubbles=()))

    async def _close_or_postpone(self, chunk: Chunk) -> None:
        now = utc_now()
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            cancelled = await connection.fetchval(
                "SELECT cancelled_at IS NOT NULL FROM message_batch WHERE id = $1", chunk.batch_id
            )
            if cancelled:
                await settle_members(connection, chunk, "skipped", "cancelled", of=("pending",))
            due = await connection.fetchval(_OPEN, chunk.id, now, ["pending", "sending"])
            if due is None:
                await close_chunk(connection, chunk)
            else:
                await postpone_chunk(connection, chunk, max(1.0, (due - now).total_seconds()))


def _outgoing(row: Any, address: str, content: Content) -> Outgoing:
    message_id: UUID = row["id"]
    return Outgoing(
        message_id=message_id,
        identity_id=row["identity_id"],
        channel=row["channel"],
        kind=row["kind"],
        envelope=Envelope(content),
        address=address,
        answerable_until=None,
        tries=row["tries"],
        parts_done=row["parts_done"],
        last_inbound_at=row["last_inbound_at"],
        may_be_double=row["may_be_double"],
    )
