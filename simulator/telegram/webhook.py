"""Posts Telegram updates: one after the other in each chat, again and again until a 2xx comes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import orjson

from simulator.inbound import Mischief
from simulator.posting import Posted, Poster
from simulator.telegram.bot import TelegramBot
from simulator.telegram.updates import Update

NOT_SENT = Posted(status=0, latency_ms=0, reason="webhook_not_set")
NOT_WANTED = Posted(status=0, latency_ms=0, reason="not_in_allowed_updates")
LOST = Posted(status=0, latency_ms=0, reason="lost")
STOPPED = Posted(status=0, latency_ms=0, reason="stopped")
_ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}


class TelegramWebhook:
    def __init__(self, bot: TelegramBot, poster: Poster) -> None:
        self.mischief = Mischief()
        self._bot = bot
        self._poster = poster
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        return len(self._tasks)

    def wants(self, update: Update) -> bool:
        kind = next(key for key in update if key != "update_id")
        allowed = self._bot.webhook.allowed_updates
        return kind in allowed if allowed else kind not in _ONLY_WHEN_ASKED

    async def deliver(self, update: Update, chat_id: str) -> Posted:
        """Queues the update behind its chat's earlier ones; returns the outcome of its first attempt."""
        if not self._bot.webhook.url:
            return NOT_SENT
        if not self.wants(update):
            return NOT_WANTED
        if self.mischief.loses():
            return LOST
        return await self.spawn(update, chat_id)

    def spawn(self, update: Update, chat_id: str) -> asyncio.Future[Posted]:
        """Queues the update; the future is the outcome of its first attempt."""
        loop = asyncio.get_running_loop()
        first: asyncio.Future[Posted] = loop.create_future()
        task = loop.create_task(self._run(update, chat_id, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: _give_up(first))
        return first

    async def post_raw(self, body: bytes, secret: str | None) -> Posted:
        """Posts anything; `secret` None leaves the header out."""
        headers = {"content-type": "application/json"}
        if secret is not None:
            headers["x-telegram-bot-api-secret-token"] = secret
        timeout = self._bot.world.options.telegram_timeout_s
        return await self._poster.post("telegram", self._bot.webhook.url, headers, body, timeout)

    async def settle(self) -> None:
        """Waits until nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        self.mischief.release()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, update: Update, chat_id: str, first: asyncio.Future[Posted]) -> None:
        mischief = self.mischief
        await mischief.wait_for_turn()
        doubled = mischief.doubles()
        async with self._locks[chat_id]:
            posted = await self._post(update)
            if not first.done():
                first.set_result(posted)
            if doubled:
                await self._post(update)
            mischief.pass_turn()
            while not posted.accepted and self._bot.webhook.url:
                await asyncio.sleep(mischief.settings.retry_delay_s)
                posted = await self._post(update)

    async def _post(self, update: Update) -> Posted:
        webhook = self._bot.webhook
        posted = await self.post_raw(orjson.dumps(update), webhook.secret or None)
        now = self._bot.world.clock.now()
        if not posted.accepted:
            webhook.last_error_at = now
            status: Any = posted.status or posted.reason
            webhook.last_error = f"Wrong response from the webhook: {status}"
        self._bot.world.record.attempt(str(update["update_id"]), posted.status, now)
        return posted


def _give_up(first: asyncio.Future[Posted]) -> None:
    """Whoever waits for an update that was stopped before its turn is told so."""
    if not first.done():
        first.set_result(STOPPED)
