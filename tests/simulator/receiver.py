"""A bot's web server that answers webhooks as told and keeps what it got."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """`statuses` are the next answers (then 200); `delay_s` is slept before each answer."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    delay_s: float = 0.0
    got: list[Received] = field(default_factory=list)

    def clear(self) -> None:
        self.statuses, self.delay_s, self.got = [], 0.0, []

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for received in self.got for event in received.json["events"]]

    @property
    def event(self) -> dict[str, Any]:
        return self.events[-1]

    @property
    def update(self) -> dict[str, Any]:
        return self.got[-1].json

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Received(request.path, headers, await request.read()))
        status = self.statuses.pop(0) if self.statuses else 200
        await asyncio.sleep(self.delay_s)
        return web.Response(status=status)

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/line", self.handle)
        app.router.add_post("/telegram", self.handle)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner
