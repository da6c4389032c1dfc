"""The same content to many: LINE by multicasts of 500, Telegram and what is personal one by one, under the shared limiter."""

import asyncio
from collections.abc import Mapping

from bots.channels.base import Channel, MulticastChannel, Part
from bots.delivery.chunks import Chunk, claim_chunks, end_chunk, postpone_chunk
from bots.delivery.multicasts import Multicasts
from bots.delivery.one_by_one import OneByOne
from bots.delivery.quiet import not_now
from bots.delivery.yielding import Yielding
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.logs import get_logger

_SWEEP_SECONDS = 2.0
# Chunks under way at once on a channel: of multicasts enough to fill the wire and no more than are begun while a claim
# holds; of the others few, for each of them has several calls on the wire.
_MOST_MULTICASTS = 6
_AT_ONCE = 4

_log = get_logger()


class BatchSender:
    """Works through the open chunks of all batches, for one process. No channel waits for another."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        multicasts: Multicasts,
        one_by_one: OneByOne,
        yielding: Yielding,
        *,
        multicasts_per_second: float,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._multicasts = multicasts
        self._one_by_one = one_by_one
        self._yielding = yielding
        self._multicasts_at_once = max(2, min(_MOST_MULTICASTS, round(multicasts_per_second)))
        self._woken = {channel: asyncio.Event() for channel in channels}
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look now rather than at the next sweep: the `deliver_batch` job ran somewhere."""
        for woken in self._woken.values():
            woken.set()

    async def run(self) -> None:
        """Work until cancelled, also where there is no channel to send on."""
        async with asyncio.TaskGroup() as working:
            for channel in self._channels:
                working.create_task(self._work(channel))
            await asyncio.Event().wait()

    async def finish(self, seconds: float) -> None:
        """Begin nothing more, and wait for what is on the wire, at most so long."""
        self._yielding.ending.set()
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)

    async def _work(self, channel: str) -> None:
        """Keep a few chunks of a channel under way: whenever one is over, the next is taken."""
        under_way: set[asyncio.Task[None]] = set()
        many = isinstance(self._channels[channel], MulticastChannel)
        most = self._multicasts_at_once if many else _AT_ONCE
        try:
            while True:
                found = await self._take(channel, most - len(under_way))
                under_way |= {self._start(chunk) for chunk in found}
                under_way = await self._wait(channel, under_way, full=len(under_way) == most)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _start(self, chunk: Chunk) -> asyncio.Task[None]:
        task = asyncio.create_task(self._see_through(chunk))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _wait(
        self, channel: str, under_way: set[asyncio.Task[None]], *, full: bool
    ) -> set[asyncio.Task[None]]:
        """Wait until there is room and something may be there to take; return what is still under way."""
        waker = asyncio.create_task(self._woken[channel].wait())
        wanted = under_way if full else {*under_way, waker}
        try:
            await asyncio.wait(
                wanted, timeout=None if full else _SWEEP_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            waker.cancel()
            await asyncio.gather(waker, return_exceptions=True)
        self._woken[channel].clear()
        return {task for task in under_way if not task.done()}

    async def _take(self, channel: str, limit: int) -> list[Chunk]:
        if self._yielding.ending.is_set():
            return []
        try:
            async with self._yielding.step(), self._database.unit_of_work() as session:
                connection = await driver_connection(session)
                return await claim_chunks(connection, self._keys, channel, limit)
        except Exception as error:  # noqa: BLE001 - the database may be away; the claims run out and are taken up
            _log.warning("batch_sweep_failed", error=error, channel=channel)
            await asyncio.sleep(_SWEEP_SECONDS)
            return []

    async def _see_through(self, chunk: Chunk) -> None:
        try:
            await self._begin(chunk)
        except Exception as error:  # noqa: BLE001 - as above
            _log.warning("chunk_left", error=error, chunk_id=str(chunk.id), channel=chunk.channel)

    async def _begin(self, chunk: Chunk) -> None:
        if chunk.content is None or chunk.cancelled:
            await self._end(chunk, "cancelled" if chunk.cancelled else "unreadable")
        elif chunk.expires_at is not None and utc_now() > chunk.expires_at:
            await self._end(chunk, "expired")
        elif (wait := not_now(chunk, utc_now())) > 0:
            await self._postpone(chunk, wait)
        elif (part := self._one_call(chunk)) is not None:
            await self._multicasts.see_through(chunk, part)
        else:
            await self._one_by_one.see_through(chunk)

    def _one_call(self, chunk: Chunk) -> Part | None:
        """The call that says it all to many at once; None where each gets calls of their own."""
        channel = self._channels[chunk.channel]
        if not isinstance(channel, MulticastChannel) or chunk.template or chunk.content is None:
            return None
        parts = channel.render(chunk.content, cover="covered", message_id=chunk.id)
        if len(parts) != 1:
            return None
        return channel.mark(parts[0], unit=chunk.unit, silent=chunk.silent)

    async def _end(self, chunk: Chunk, reason: str) -> None:
        """End what has not been tried; what is on the wire is settled by its own outcome."""
        async with self._yielding.step(), self._database.unit_of_work() as session:
            await end_chunk(await driver_connection(session), chunk, reason)

    async def _postpone(self, chunk: Chunk, seconds: float) -> None:
        async with self._yielding.step(), self._database.unit_of_work() as session:
            await postpone_chunk(await driver_connection(session), chunk, seconds)
