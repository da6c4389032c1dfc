"""The pump: what the `deliver` job wakes, and what guarantees delivery when no job does.

Once a second, and whenever something was settled or queued, each channel's due messages are claimed, replies first;
claims that a dead process left behind are taken over.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bots.channels.base import Channel
from bots.delivery.claims import claim_abandoned, claim_pending, release_ripe
from bots.delivery.sender import Sender
from bots.delivery.tokens import TokenStore
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.logs import get_logger

_SWEEP_SECONDS = 1.0
_AT_ONCE = 32
_RIPE_EVERY = timedelta(seconds=5)
# Beyond this many calls on the wire the platform is slow; more would only pile up.
MOST_UNDER_WAY = 400

# What waits behind an earlier message of its person is not due: tokens taken for it would be wasted.
_DUE = """
SELECT count(*) FROM (
  SELECT 1 FROM message m
  WHERE m.state = 'pending' AND m.batch_id IS NULL AND m.channel = $1 AND m.reason IS DISTINCT FROM 'held'
    AND (m.not_before IS NULL OR m.not_before <= now())
    AND NOT EXISTS (SELECT 1 FROM message e WHERE e.identity_id = m.identity_id AND e.id < m.id
                    AND e.batch_id IS NULL AND e.state IN ('pending', 'sending') AND e.reason IS DISTINCT FROM 'held')
  LIMIT $2) AS due
"""
# In the order of its index: as a bare EXISTS it was read as "likely soon found" and walked the whole table.
_ANY_OPEN = """
SELECT true FROM message WHERE state = 'pending' AND batch_id IS NULL AND reason IS DISTINCT FROM 'held'
ORDER BY channel, id LIMIT 1
"""

_log = get_logger()


class Pump:
    """Keeps one process's share of deliveries moving."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        sender: Sender,
        tokens: TokenStore,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._sender = sender
        self._tokens = tokens
        self._woken = asyncio.Event()
        # Something is open that could not be claimed: it waits for what goes before it, or for the limiter.
        self._queued = False
        self._ripe_looked_at: datetime | None = None

    async def deliver(self, _message_ids: list[UUID]) -> None:
        """The `deliver` job: look now rather than at the next sweep."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            try:
                await self._sweep()
            except Exception as error:  # noqa: BLE001 - the database may be away; the next sweep looks again
                _log.warning("sweep_failed", error=error)
                await asyncio.sleep(_SWEEP_SECONDS)
            await self._wait()

    async def _wait(self) -> None:
        """Wait for the next sweep, a job, or, while something is queued up, for a message that was settled."""
        wakers = [asyncio.create_task(self._woken.wait())]
        if self._queued:
            wakers.append(asyncio.create_task(self._sender.settled.wait()))
        try:
            await asyncio.wait(wakers, timeout=_SWEEP_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waker in wakers:
                waker.cancel()

    async def _sweep(self) -> None:
        # Before looking: what happens while we look must wake us once more.
        self._woken.clear()
        self._sender.settled.clear()
        await self._release_ripe()
        self._queued = await self._any_open()
        for channel in self._channels:
            while self._sender.under_way < MOST_UNDER_WAY and await self._take(channel):
                pass

    async def _take(self, channel: str) -> bool:
        """Claim and start one handful; True when there may be more."""
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            abandoned = await claim_abandoned(connection, self._keys, channel, _AT_ONCE)
            room = await self._room(connection, channel)
            pending = await claim_pending(connection, self._keys, channel, room) if room else []
        self._sender.send_claimed([*abandoned, *pending])
        return len(pending) == _AT_ONCE

    async def _release_ripe(self) -> None:
        now = utc_now()
        if self._ripe_looked_at is not None and timedelta(0) <= now - self._ripe_looked_at < _RIPE_EVERY:
            return
        async with self._database.unit_of_work() as session:
            await release_ripe(await driver_connection(session), now)
        self._ripe_looked_at = now

    async def _any_open(self) -> bool:
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            return bool(await connection.fetchval(_ANY_OPEN))

    async def _room(self, connection: Any, channel: str) -> int:
        """How many may go out now, by the shared limiter; nothing is asked for while nothing is due."""
        due = await connection.fetchval(_DUE, channel, _AT_ONCE)
        if not due:
            return 0
        return await self._tokens.take_on(connection, channel, "reply", due)
