"""One call to up to 500: its retry key was fixed before any call, its members are fixed before the first."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from bots.channels.base import Channel, MulticastChannel, Part, Result
from bots.delivery.chunks import (
    Chunk,
    Member,
    begin_multicast,
    close_chunk,
    drop_not_ready,
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
)
from bots.delivery.plan import RETRY_KEY_LIFE
from bots.delivery.quiet import not_now
from bots.delivery.tokens import TokenStore
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.messages.quota import return_quota, take_quota

_BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
# Connections to the database that multicasts of a process may hold at once: answers need the rest.
_CONNECTIONS = 2


class Multicasts:
    """Sends chunks by one call each, for one process."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        tokens: TokenStore,
        *,
        quota_reserve: int,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens
        self._quota_reserve = quota_reserve
        self._room = asyncio.Semaphore(_CONNECTIONS)

    async def see_through(self, chunk: Chunk, part: Part) -> None:
        """Make the call as soon as the limiter lets us, and settle what came of it."""
        await self._tokens.acquire(f"{chunk.channel}-multicast", "bulk")
        async with self._room:
            begun = await self._begin(chunk)
        if begun is None:
            return
        chunk, attempt_id, members = begun
        channel = self._channels[chunk.channel]
        assert isinstance(channel, MulticastChannel)  # noqa: S101 - decided by the caller
        addresses = [member.address for member in members]
        result = await channel.send_many(part, addresses=addresses, retry_key=chunk.retry_key)
        if result.outcome == "wait":
            await self._tokens.close(f"{chunk.channel}-multicast", result.wait)
        async with self._room:
            await self._settle(chunk, members, attempt_id, result)

    async def _begin(self, claimed: Chunk) -> tuple[Chunk, UUID, list[Member]] | None:
        """Check the members, spend quota, write the attempt.

        None when it is somebody else's by now, its time is over, nobody is left, or the quota's reserve begins.
        """
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            chunk = await renew_claim(connection, claimed)
            if chunk is None:
                return None
            if (wait := not_now(chunk, utc_now())) > 0:
                # What happened while we waited for the limiter is seen to by the next look at the chunk.
                await postpone_chunk(connection, chunk, wait)
                return None
            if chunk.first_tried_at is None:
                await drop_not_ready(connection, chunk)
            members, unreadable = await open_members(await read_members(connection, chunk), self._keys)
            if unreadable:
                await skip_unreadable(connection, chunk, unreadable)
            if not members:
                await close_chunk(connection, chunk)
                return None
            if chunk.first_tried_at is None and not await take_quota(
                connection, chunk.channel, len(members), lane="bulk", reserve=self._quota_reserve
            ):
                await halt_batch(connection, chunk, "quota")
                return None
            return chunk, await begin_multicast(connection, chunk), members

    async def _settle(self, chunk: Chunk, members: list[Member], attempt_id: UUID, result: Result) -> None:
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            await finish_attempt(connection, attempt_id, result)
            if await renew_claim(connection, chunk) is None:
                # It took too long and is another's by now, who asks again with the same key.
                return
            if result.outcome in ("sent", "already"):
                await settle_members(connection, chunk, "sent")
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
                await settle_members(connection, chunk, "failed", "refused")
            elif _key_expired(chunk):
                await settle_members(connection, chunk, "unknown", "retry_key_expired")
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
