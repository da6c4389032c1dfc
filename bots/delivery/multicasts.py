"""One call to up to 500: its retry key was fixed before any call, its members are fixed before the first."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Channel, MulticastChannel, Part, Result
from bots.delivery.chunks import (
    Chunk,
    Member,
    begin_multicast,
    close_chunk,
    finish_attempt,
    forget_try,
    halt_batch,
    open_members,
    postpone_chunk,
    read_members,
    renew_claim,
    settle_members,
    skip_unreadable,
    split_chunk,
    who_waits,
)
from bots.delivery.plan import RETRY_KEY_LIFE
from bots.delivery.quiet import not_now
from bots.delivery.tokens import TokenStore
from bots.delivery.yielding import Yielding
from campaigns.sender.readiness import skip_not_ready
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.messages.quota import return_quota, take_quota

_BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
# Who was asked about so long ago is asked about again: they may have said stop since.
_FRESH_SECONDS = 2.0


class Begun(NamedTuple):
    """A multicast whose attempt is written."""

    chunk: Chunk
    attempt_id: UUID
    members: list[Member]


class Multicasts:
    """Sends chunks by one call each, for one process."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        tokens: TokenStore,
        yielding: Yielding,
        *,
        quota_reserve: int,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens
        self._yielding = yielding
        self._quota_reserve = quota_reserve
        # One chunk after the other: nobody is asked about long before their call.
        self._next = asyncio.Lock()

    async def see_through(self, chunk: Chunk, part: Part) -> None:
        """Make the call as soon as the limiter lets us, and settle what came of it."""
        async with self._next:
            begun = await self._begin_in_turn(chunk)
        if begun is None:
            return
        channel = self._channels[chunk.channel]
        assert isinstance(channel, MulticastChannel)  # noqa: S101 - decided by the caller
        addresses = [member.address for member in begun.members]
        result = await channel.send_many(part, addresses=addresses, retry_key=begun.chunk.retry_key)
        if result.outcome == "wait":
            await self._tokens.close(f"{chunk.channel}-multicast", result.wait)
        async with self._yielding.step():
            await self._settle(begun, result)

    async def _begin_in_turn(self, chunk: Chunk) -> Begun | None:
        """Look at everybody, wait for the limiter, and write the attempt; None where it is not to go out now.

        The limiter comes last: between its leave and the call lies next to nothing, so that calls keep the limiter's distances.
        """
        if self._yielding.ending.is_set():
            return None
        members = await self._look_at_all(chunk)
        if members is None:
            return None
        asked = time.monotonic()
        await self._tokens.acquire(f"{chunk.channel}-multicast", "bulk")
        if time.monotonic() - asked > _FRESH_SECONDS:
            members = await self._look_at_all(chunk)
        return None if members is None else await self._begin(chunk, members)

    async def _look_at_all(self, chunk: Chunk) -> list[Member] | None:
        """Check the members once more and open their addresses; None where it is not to go out now."""
        async with self._yielding.step(), self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            if await self._held(connection, chunk) is None:
                return None
            rows = await read_members(connection, chunk)
            if chunk.first_tried_at is None:
                gone = await skip_not_ready(connection, chunk.id, chunk.batch_id)
                rows = [row for row in rows if row["id"] not in gone]
        members, unreadable = await open_members(rows, self._keys)
        if unreadable:
            async with self._yielding.step(), self._database.unit_of_work() as session:
                await skip_unreadable(await driver_connection(session), chunk, unreadable)
        return members

    async def _held(self, connection: Any, claimed: Chunk) -> Chunk | None:
        """The chunk as it stands, where it is still ours and may go out."""
        chunk = await renew_claim(connection, claimed)
        if chunk is not None and (wait := not_now(chunk, utc_now())) > 0:
            # What happened while we waited is seen to by the next look at the chunk.
            await postpone_chunk(connection, chunk, wait)
            return None
        return chunk

    async def _begin(self, claimed: Chunk, looked_at: list[Member]) -> Begun | None:
        """Spend quota and write the attempt.

        None when it is somebody else's by now, its time is over, nobody is left, or the quota's reserve begins.
        """
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            chunk = await self._held(connection, claimed)
            if chunk is None:
                return None
            wait = await who_waits(connection, chunk)
            members = [member for member in looked_at if member.message_id in wait]
            if not members:
                await close_chunk(connection, chunk)
                return None
            if chunk.first_tried_at is None and not await take_quota(
                connection, chunk.channel, len(members), lane="bulk", reserve=self._quota_reserve
            ):
                await halt_batch(connection, chunk, "quota")
                return None
            return Begun(chunk, await begin_multicast(connection, chunk), members)

    async def _settle(self, begun: Begun, result: Result) -> None:
        chunk, attempt_id, members = begun
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            await finish_attempt(connection, attempt_id, result)
            if await renew_claim(connection, chunk) is None:
                # It took too long and is another's by now, who asks again with the same key.
                return
            if result.outcome in ("sent", "already"):
                await settle_members(connection, members, "sent")
            elif result.outcome in ("quota", "unfit"):
                # Nobody got it, and nobody will: a person has to see to it.
                if await forget_try(connection, chunk):
                    await return_quota(connection, chunk.channel, len(members))
                await halt_batch(connection, chunk, "quota" if result.outcome == "quota" else "content")
                return
            elif _names_somebody(result) and len(members) > 1:
                await return_quota(connection, chunk.channel, len(members))
                await split_chunk(connection, chunk, members)
                return
            elif _names_somebody(result):
                await return_quota(connection, chunk.channel, len(members))
                await settle_members(connection, members, "failed", "refused")
            elif _key_expired(chunk):
                await settle_members(connection, members, "unknown", "retry_key_expired")
            else:
                seconds = result.wait or _BACKOFF[min(chunk.tries, len(_BACKOFF)) - 1]
                await postpone_chunk(connection, chunk, seconds)
                return
            await close_chunk(connection, chunk)


def _names_somebody(result: Result) -> bool:
    """Whether one of the ids may be to blame; any other refusal is about us, and is tried again until somebody looks."""
    return result.outcome == "refused" and result.status == 400


def _key_expired(chunk: Chunk) -> bool:
    return chunk.first_tried_at is not None and utc_now() - chunk.first_tried_at > RETRY_KEY_LIFE
