"""One ASGI app for both platforms and the control API, told apart by path."""

from __future__ import annotations

import time

from simulator.asgi import (
    NoAnswerError,
    Receive,
    Request,
    Response,
    Scope,
    Send,
    read_body,
    response_headers,
    send_response,
)
from simulator.control.api import ControlApi
from simulator.faults import Platform
from simulator.line.platform import LinePlatform
from simulator.options import Options
from simulator.posting import Poster
from simulator.telegram.platform import TelegramPlatform
from simulator.world import World

_PREFIXES: tuple[tuple[str, Platform], ...] = (
    ("/line-data/", "line"),
    ("/line/", "line"),
    ("/telegram/", "telegram"),
)


class Simulator:
    """The app; `world` is open to those who embed it."""

    def __init__(self, options: Options) -> None:
        self.world = World(options)
        self._poster = Poster(self.world)
        self._line = LinePlatform(self.world, self._poster)
        self._telegram = TelegramPlatform(self.world, self._poster)
        self._control = ControlApi(self.world, self._line, self._telegram)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            request = Request(scope, receive, send, await read_body(receive))
            await self._answer(request, send)
        except NoAnswerError:
            return

    async def close(self) -> None:
        await self._line.webhook.close()
        await self._telegram.webhook.close()
        await self._poster.close()
        self.world.record.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, request: Request, send: Send) -> None:
        for prefix, platform in _PREFIXES:
            if request.path.startswith(prefix):
                await self._answer_as(platform, request, prefix, send)
                return
        if request.path.startswith("/control/"):
            request.path = request.path.removeprefix("/control/")
            response = await self._control.answer(request, send)
            if response is not None:
                await send_response(send, response, response_headers(response))
            return
        missing = Response(404, b'{"error":"Ask under /line, /line-data, /telegram or /control."}')
        await send_response(send, missing, response_headers(missing))

    async def _answer_as(self, platform: Platform, request: Request, prefix: str, send: Send) -> None:
        begun, at, url = time.perf_counter(), self.world.clock.now(), request.path
        request.path = request.path[len(prefix) - 1 :]
        response = Response(0)
        headers: list[tuple[bytes, bytes]] = []
        try:
            handler = self._line if platform == "line" else self._telegram
            response = await handler.answer(request)
            headers = response_headers(response)
        finally:
            self.world.traffic.add(
                direction="request",
                platform=platform,
                method=request.method,
                url=url,
                at=at,
                duration_ms=(time.perf_counter() - begun) * 1000,
                status=response.status,
                request=(request.headers, request.body),
                response=(headers, response.body),
                note=request.note,
            )
            self.world.changes.tell("request_received", platform)
        await send_response(send, response, headers)


def create_app(options: Options) -> Simulator:
    """An ASGI app; its lifespan closes clients and the record file."""
    return Simulator(options)
