"""Tokens of the shared limiter that this process holds for answers, so that most answers need not ask for any."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from core import metrics
from core.db.database import Database, driver_connection, is_connection_error
from core.logs import get_logger
from core.messages.limiter import Rate, close_for, take_tokens
from core.messages.models import Lane
from core.settings import Settings

_log = get_logger()
_MOST_WAIT = 1.0
# Of a second's calls bulk may find so many saved up after a pause.
_SAVED_UP = 0.02
# So many seconds ahead bulk is promised its turns, longer than asking the database takes; less where answers share them.
_AHEAD, _SHARED_AHEAD = 0.5, 0.15


def rates(settings: Settings) -> dict[str, Rate]:
    """Return the limits by bucket; a LINE multicast has a bucket of its own, as it has a limit of its own."""
    line, casts, telegram = (
        settings.line_requests_per_second, settings.line_multicasts_per_second, settings.telegram_messages_per_second,
    )  # fmt: skip
    return {
        "line": _rate(line, line / 2, _SHARED_AHEAD),
        "line-multicast": _rate(casts, 0.0, _AHEAD),
        "telegram": _rate(telegram, telegram / 5, _SHARED_AHEAD),
    }


def _rate(cap: float, burst: float, ahead: float) -> Rate:
    """What fills and what bulk finds saved up are never more than the cap together, in any second."""
    bulk = max(1.0, cap * _SAVED_UP)
    return Rate(cap * (1 - _SAVED_UP), max(burst, bulk), bulk, ahead)


class TokenStore:
    """Keeps a few tokens of each channel at hand for answers and fetches more before they run out."""

    def __init__(self, database: Database, limits: Mapping[str, Rate]) -> None:
        self._database = database
        self._limits = limits
        self._at_hand: dict[str, float] = dict.fromkeys(limits, 0.0)
        self._fetching: dict[str, asyncio.Task[None]] = {}
        # Who asks for bulk queues up here: the database is asked by one of a process at a time.
        self._turns: dict[tuple[str, Lane], asyncio.Lock] = defaultdict(asyncio.Lock)

    def _batch(self, channel: str) -> int:
        """How many to fetch at once: a tenth of a second's worth, so that idle hosts hold little back."""
        return max(1, int(self._limits[channel].per_second / 10))

    def take_at_hand(self, channel: str, count: int) -> bool:
        enough = self._at_hand[channel] >= count
        if enough:
            self._at_hand[channel] -= count
        if self._at_hand[channel] < self._batch(channel) / 2:
            self._fetch_more(channel)
        return enough

    def _fetch_more(self, channel: str) -> None:
        running = self._fetching.get(channel)
        if running is None or running.done():
            self._fetching[channel] = asyncio.create_task(self._fetch(channel))

    async def _fetch(self, channel: str) -> None:
        self._at_hand[channel] += await self._take(channel, "reply", self._batch(channel))

    async def warm(self) -> None:
        """Have tokens at hand before the first answer."""
        for channel in self._limits:
            if self._at_hand[channel] < 1:
                await self._fetch(channel)

    async def acquire(self, channel: str, lane: Lane, count: int = 1) -> int:
        """Wait until the limiter grants something, at most `count`, and return how much.

        Bulk gets a handful, or all that it asked for, when the last of it may be sent.
        """
        with metrics.LIMITER_WAIT.labels(channel, lane).time():
            at_least = 1
            if lane == "bulk":
                at_least = count = min(count, self._limits[channel].handful)
            async with self._turns[channel, lane]:
                granted, wait = await self._ask(channel, lane, count, at_least)
                while not granted:
                    await asyncio.sleep(min(wait, _MOST_WAIT))
                    granted, wait = await self._ask(channel, lane, count, at_least)
            # Their turn is promised: the next may ask meanwhile.
            await asyncio.sleep(wait)
            return granted

    async def _take(self, channel: str, lane: Lane, count: int) -> int:
        granted, _ = await self._ask(channel, lane, count)
        return granted

    async def _ask(self, channel: str, lane: Lane, count: int, at_least: int = 1) -> tuple[int, float]:
        try:
            async with self._database.unit_of_work() as session:
                # Outside of a transaction: a process of low priority must not hold the bucket until it is its turn again.
                held = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
                connection: Any = (await held.get_raw_connection()).driver_connection
                return await take_tokens(
                    connection, channel, self._limits[channel], lane, count, at_least=at_least, alone=True
                )
        except Exception as error:
            if not is_connection_error(error):
                raise
            _log.info("limiter_waits", error=error, channel=channel)
            return 0, _MOST_WAIT

    async def close(self, channel: str, seconds: float) -> None:
        """The platform asked to wait: drop what is at hand and tell the other hosts."""
        self._at_hand[channel] = 0.0
        try:
            async with self._database.unit_of_work() as session:
                await close_for(await driver_connection(session), channel, seconds)
        except Exception as error:
            # The message itself waits in any case, and its outcome must still be written down.
            if not is_connection_error(error):
                raise
            _log.info("limiter_waits", error=error, channel=channel)

    async def take_on(self, connection: Any, channel: str, lane: Lane, count: int) -> int:
        """Take tokens inside the caller's transaction."""
        return (await take_tokens(connection, channel, self._limits[channel], lane, count)).granted
