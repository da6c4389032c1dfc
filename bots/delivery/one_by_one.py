"""A batch in calls for one person each: on channels without multicast, and what says something else to everybody.

Each member is claimed, tried and settled like any message; what is personal is rendered at that moment.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bots.channels.base import Channel
from bots.delivery.chunks import (
    Chunk,
    close_chunk,
    end_chunk,
    halt_batch,
    postpone_chunk,
    renew_claim,
)
from bots.delivery.ledger import write_attempts
from bots.delivery.plan import Attempt, Go, plan_attempt
from bots.delivery.quiet import not_now
from bots.delivery.sender import Sender
from bots.delivery.tokens import TokenStore
from bots.delivery.yielding import Yielding
from bots.outgoing import CLAIM, Outgoing
from campaigns.sender.personal import person_of, render_for
from campaigns.sender.readiness import skip_not_ready
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.errors import CryptoError, MasterKeyMissingError
from core.ids import new_id
from core.messages.content import Content, Envelope
from core.messages.quota import take_quota

_AT_ONCE = 10

# Members that are due, and members whose sender died: the attempts tell which of those are in doubt.
_IS_DUE = """
chunk_id = $1 AND ((state = 'pending' AND (not_before IS NULL OR not_before <= $2))
                   OR (state = 'sending' AND claimed_until < $2))
"""
_DUE = f"SELECT count(*) FROM message WHERE {_IS_DUE}"  # noqa: S608 - a constant
_NEXT = f"SELECT id FROM message WHERE {_IS_DUE} LIMIT $3 FOR UPDATE SKIP LOCKED"  # noqa: S608 - as above
_CLAIM = f"""
WITH chosen AS (SELECT id FROM message WHERE {_IS_DUE} AND id = ANY($4) ORDER BY id FOR UPDATE SKIP LOCKED)
UPDATE message m SET state = 'sending', tries = m.tries + 1, claimed_until = $2::timestamptz + $3::interval
FROM chosen, channel_identity i JOIN contact t ON t.id = i.contact_id JOIN data_key k ON k.id = t.data_key_id
  LEFT JOIN contact_trait p ON p.contact_id = t.id
WHERE m.id = chosen.id AND i.id = m.identity_id
RETURNING m.id, m.identity_id, m.channel, m.kind, m.tries, m.parts_done, m.may_be_double, i.address, k.id AS key_id,
          k.wrapped, t.id AS contact_id, p.name, p.province,
          (SELECT last_inbound_at FROM conversation c WHERE c.identity_id = i.id) AS last_inbound_at
"""  # noqa: S608 - a constant
_GIVE_BACK = """
UPDATE message SET state = 'pending', tries = tries - 1, claimed_until = NULL WHERE id = ANY($1)
"""
_ATTEMPTS = """
SELECT message_id, part, mode, outcome, retry_key, started_at FROM message_attempt
WHERE message_id = ANY($1) ORDER BY id
"""
_OPEN = (
    "SELECT min(coalesce(not_before, claimed_until, $2)) FROM message WHERE chunk_id = $1 AND state = ANY($3)"
)
Claimed = tuple[Outgoing, list[Attempt]]


class OneByOne:
    """Sends the members of a chunk one after the other, a few on the wire at once."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        sender: Sender,
        tokens: TokenStore,
        yielding: Yielding,
        *,
        quota_reserve: int,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._sender = sender
        self._tokens = tokens
        self._yielding = yielding
        self._quota_reserve = quota_reserve

    async def see_through(self, chunk: Chunk) -> None:
        """Send what is due, then close the chunk, or postpone it until the next member is due."""
        # Nobody is waited for at the limiter who is not there: what it grants and nobody uses is lost to all hosts.
        due = await self._due(chunk)
        while due and not self._yielding.ending.is_set():
            granted = await self._tokens.acquire(chunk.channel, "bulk", min(due, _AT_ONCE))
            claimed = await self._claim(chunk, granted)
            if claimed is None:
                return
            await asyncio.gather(*(self._sender.deliver(out, attempts) for out, attempts in claimed))
            # Counted anew where somebody was skipped, and at the end, for those who became due again.
            due = due - granted if len(claimed) == granted else 0
            due = due or await self._due(chunk)
        await self._close_or_postpone(chunk)

    async def _due(self, chunk: Chunk) -> int:
        async with self._yielding.step(), self._database.unit_of_work() as session:
            return int(await (await driver_connection(session)).fetchval(_DUE, chunk.id, utc_now()))

    async def _claim(self, chunk: Chunk, limit: int) -> list[Claimed] | None:
        """Take up to `limit` members; None where nothing of the chunk may go out now."""
        now = utc_now()
        async with self._yielding.step(), self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            held = await renew_claim(connection, chunk)
            if held is None:
                return None
            # The limiter may have let us wait past the hour, or past a pause: nobody is woken for a campaign.
            if (wait := not_now(held, now)) > 0:
                await postpone_chunk(connection, chunk, wait)
                return None
            chosen = [row["id"] for row in await connection.fetch(_NEXT, chunk.id, now, limit)]
            await skip_not_ready(connection, chunk.id, chunk.batch_id, chosen)
            rows = await connection.fetch(_CLAIM, chunk.id, now, CLAIM, chosen)
            if not await self._take_quota(connection, chunk, rows):
                return None
            attempts = await self._attempts(connection, rows)
            opened = [await self._open(connection, row, chunk) for row in rows]
            claimed = [(out, attempts[out.message_id, out.parts_done]) for out in opened if out is not None]
            await self._begin(connection, claimed, now)
        return claimed

    async def _begin(self, connection: Any, claimed: Sequence[Claimed], now: datetime) -> None:
        """Write the first attempt of those who were never tried with their claim, in one commit instead of two."""
        begun = []
        for out, attempts in claimed:
            planned = None
            if out.tries == 1 and not attempts:
                keyed = self._channels[out.channel].has_retry_keys
                planned = plan_attempt(out, attempts, has_retry_keys=keyed, now=now)
            if isinstance(planned, Go):
                out.attempt_id, out.mode, out.retry_key = new_id(), planned.mode, planned.retry_key
                out.claimed_until = now + CLAIM
                begun.append(out)
        await write_attempts(connection, begun, now)

    async def _take_quota(self, connection: Any, chunk: Chunk, rows: Sequence[Any]) -> bool:
        """Count those who are tried for the first time, where the channel has a quota; else give all back and halt."""
        first = sum(row["tries"] == 1 for row in rows)
        if not first or not self._channels[chunk.channel].has_retry_keys:
            return True
        if await take_quota(connection, chunk.channel, first, lane="bulk", reserve=self._quota_reserve):
            return True
        await connection.execute(_GIVE_BACK, [row["id"] for row in rows])
        await halt_batch(connection, chunk, "quota")
        return False

    async def _attempts(
        self, connection: Any, rows: Sequence[Any]
    ) -> defaultdict[tuple[UUID, int], list[Attempt]]:
        found: defaultdict[tuple[UUID, int], list[Attempt]] = defaultdict(list)
        again = [row["id"] for row in rows if row["tries"] > 1]
        for r in await connection.fetch(_ATTEMPTS, again) if again else ():
            attempt = Attempt(r["mode"], r["outcome"], r["retry_key"], r["started_at"])
            found[r["message_id"], r["part"]].append(attempt)
        return found

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
        return _outgoing(row, address.decode(), _content(row, key, chunk), chunk)

    async def _close_or_postpone(self, chunk: Chunk) -> None:
        now = utc_now()
        async with self._yielding.step(), self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            cancelled = await connection.fetchval(
                "SELECT cancelled_at IS NOT NULL FROM message_batch WHERE id = $1", chunk.batch_id
            )
            if cancelled:
                await end_chunk(connection, chunk, "cancelled")
                return
            due = await connection.fetchval(_OPEN, chunk.id, now, ["pending", "sending"])
            if due is None:
                await close_chunk(connection, chunk)
            else:
                await postpone_chunk(connection, chunk, max(1.0, (due - now).total_seconds()))


def _content(row: Any, key: bytes, chunk: Chunk) -> Content:
    if not chunk.template:
        return chunk.content or Content(bubbles=())
    person = person_of(chunk.template, key, row["contact_id"], row["name"], row["province"])
    return render_for(chunk.template, person)


def _outgoing(row: Any, address: str, content: Content, chunk: Chunk) -> Outgoing:
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
        unit=chunk.unit,
        silent=chunk.silent,
    )
