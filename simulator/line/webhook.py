"""Signs and posts LINE webhooks; redelivers, doubles and reorders them when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import orjson

from simulator.inbound import Mischief
from simulator.line.account import LineAccount
from simulator.line.events import Event
from simulator.posting import Posted, Poster
from simulator.signing import sign_line

NOT_SENT = Posted(status=0, latency_ms=0, reason="webhook_not_set")
LOST = Posted(status=0, latency_ms=0, reason="lost")


class LineWebhook:
    def __init__(self, line: LineAccount, poster: Poster) -> None:
        self.mischief = Mischief()
        self._line = line
        self._poster = poster
        self._tasks: set[asyncio.Task[Any]] = set()

    async def deliver(self, events: list[Event]) -> Posted:
        """Posts the events as one body; returns the outcome of the first attempt."""
        line, mischief = self._line, self.mischief
        if not line.webhook_active or not line.webhook_url:
            return NOT_SENT
        if mischief.loses():
            return LOST
        await mischief.wait_for_turn()
        doubled = mischief.doubles()
        posted = await self._post(events)
        if doubled:
            await self._post(events)
        mischief.pass_turn()
        if not posted.accepted and mischief.settings.redeliveries > 0:
            self.spawn(self._redeliver(events))
        return posted

    async def post_raw(self, body: bytes, signature: str | None) -> Posted:
        """Posts anything; `signature` None leaves the header out."""
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0"}
        if signature is not None:
            headers["x-line-signature"] = signature
        timeout = self._line.world.options.line_timeout_s
        return await self._poster.post("line", self._line.webhook_url, headers, body, timeout)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Waits until nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        self.mischief.release()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _post(self, events: list[Event]) -> Posted:
        body = orjson.dumps({"destination": self._line.user_id, "events": events})
        posted = await self.post_raw(body, sign_line(self._line.world.options.line_secret, body))
        now = self._line.world.clock.now()
        for event in events:
            self._line.world.record.attempt(event["webhookEventId"], posted.status, now)
        return posted

    async def _redeliver(self, events: list[Event]) -> None:
        settings = self.mischief.settings
        again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]
        for _ in range(settings.redeliveries):
            await asyncio.sleep(settings.retry_delay_s)
            for event in again:
                self._line.reply_tokens.redeliver(event.get("replyToken", ""))
            if (await self._post(again)).accepted:
                return
