"""The same content to many: LINE by multicasts of 500, Telegram one by one, under the shared limiter."""

import asyncio
import contextlib
from collections.abc import Mapping
from uuid import UUID

from bots.channels.base import Channel, MulticastChannel, Result
from bots.delivery.chunks import (
    Chunk,
    Member,
    begin_multicast,
    claim_chunks,
    close_chunk,
    end_chunk,
    finish_attempt,
    members_of,
    postpone_chunk,
    renew_claim,
    settle_members,
    skip_not_ready,
    split_chunk,
)
from bots.delivery.one_by_one import OneByOne
from bots.delivery.plan import RETRY_KEY_LIFE
from bots.delivery.quiet import not_now
from bots.delivery.tokens import TokenStore
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.logs import get_logger
from core.messages.quota import return_quota, take_quota

_SWEEP_SECONDS = 2.0
_AT_ONCE = 4
_BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)

_log = get_logger()


class BatchSender:
    """Works through the open chunks of all batches, for one process."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        tokens: TokenStore,
        one_by_one: OneByOne,
        *,
        quota_reserve: int,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens
        self._one_by_one = one_by_one
        self._quota_reserve = quota_reserve
        self._woken = asyncio.Event()

    async def deliver_batch(self, _batch_ids: list[UUID]) -> None:
        """The `deliver_batch` job: look now rather than at the next sweep."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            try:
                while await self._sweep():
                    pass
            except Exception as error:  # noqa: BLE001 - the database may be away; the claims run out and are taken up
                _log.warning("batch_sweep_failed", error=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _SWEEP_SECONDS)
            self._woken.clear()

    async def _sweep(self) -> bool:
        """Take a few chunks of each channel and see them through; True when there may be more."""
        chunks: list[Chunk] = []
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            for channel in self._channels:
                chunks += await claim_chunks(connection, self._keys, channel, _AT_ONCE)
        await asyncio.gather(*(self._see_through(chunk) for chunk in chunks))
        return bool(chunks)

    async def _see_through(self, chunk: Chunk) -> None:
        if chunk.content is None or chunk.cancelled:
            await self._end(chunk, "cancelled" if chunk.cancelled else "unreadable")
        elif chunk.expires_at is not None and utc_now() > chunk.expires_at:
            await self._end(chunk, "expired")
        elif (wait := not_now(chunk, utc_now())) > 0:
            await self._postpone(chunk, wait)
        elif isinstance(self._channels[chunk.channel], MulticastChannel):
            await self._multicast(chunk)
        else:
            await self._one_by_one.see_through(chunk)

    async def _end(self, chunk: Chunk, reason: str) -> None:
        """End what has not been tried; what is on the wire is settled by its own outcome."""
        async with self._database.unit_of_work() as session:
            await end_chunk(await driver_connection(session), chunk, reason)

    async def _postpone(self, chunk: Chunk, seconds: float) -> None:
        async with self._database.unit_of_work() as session:
            await postpone_chunk(await driver_connection(session), chunk, seconds)

    async def _multicast(self, chunk: Chunk) -> None:
        await self._tokens.acquire(f"{chunk.channel}-multicast", "bulk")
        begun = await self._begin(chunk)
        if begun is None:
            return
        chunk, attempt_id, members = begun
        channel = self._channels[chunk.channel]
        assert isinstance(channel, MulticastChannel)  # noqa: S101 - decided by the caller
        assert chunk.content is not None  # noqa: S101 - as above
        part = channel.render(chunk.content, cover="covered", message_id=chunk.id)[0]
        result = await channel.send_many(
            part, addresses=[m.address for m in members], retry_key=chunk.retry_key
        )
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
                await skip_not_ready(connection, chunk)
                members = await members_of(connection, self._keys, chunk, "pending")
                if members and not await take_quota(
                    connection, chunk.channel, len(members), lane="bulk", reserve=self._quota_reserve
                ):
                    await settle_members(connection, chunk, "skipped", "quota", of=("pending",))
                    members = []
            else:
                members = await members_of(connection, self._keys, chunk, "sending")
            if not members:
                await close_chunk(connection, chunk)
                return None
            return chunk, await begin_multicast(connection, chunk), members

    async def _settle(self, chunk: Chunk, members: list[Member], attempt_id: UUID, result: Result) -> None:
        if result.outcome == "wait":
            await self._tokens.close(f"{chunk.channel}-multicast", result.wait)
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            await finish_attempt(connection, attempt_id, result)
            if result.outcome in ("sent", "already"):
                await settle_members(connection, chunk, "sent")
            elif result.outcome == "refused" and len(members) > 1:
                await return_quota(connection, chunk.channel, len(members))
                await split_chunk(connection, chunk, members)
                return
            elif result.outcome in ("refused", "quota"):
                await return_quota(connection, chunk.channel, len(members))
                await settle_members(connection, chunk, "failed", result.outcome)
            elif _key_expired(chunk):
                await settle_members(connection, chunk, "unknown", "retry_key_expired")
            else:
                seconds = result.wait or _BACKOFF[min(chunk.tries, len(_BACKOFF)) - 1]
                await postpone_chunk(connection, chunk, seconds)
                return
            await close_chunk(connection, chunk)


def _key_expired(chunk: Chunk) -> bool:
    return chunk.first_tried_at is not None and utc_now() - chunk.first_tried_at > RETRY_KEY_LIFE
