"""Runs the app under uvicorn so that connections can really be cut."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulator.asgi import CUT
from simulator.options import Options
from simulator.server import create_app

_PATIENCE_S = 1
"""Calls that were told never to be answered are given up this long after a stop."""


class CuttableProtocol(HttpToolsProtocol):
    """Gives the app a way to end a connection without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {"abort": self.transport.abort}}


class AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def run(options: Options, port: int, announce: Callable[[bytes], Any]) -> None:
    """Serves on loopback until SIGTERM or SIGINT; announces one JSON line once it listens."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        raise SystemExit(
            f"Port {port} can't be used ({error.strerror}): choose another, or 0 for a free one."
        ) from None
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        create_app(options),
        http=CuttableProtocol,
        access_log=False,
        log_level="critical",
        lifespan="on",
        timeout_graceful_shutdown=_PATIENCE_S,
        timeout_keep_alive=60,
    )
    server = AnnouncingServer(config, lambda: announce(orjson.dumps({"address": address})))
    for asked_to_stop in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again when it is done; a stop that was asked for is no failure.
        signal.signal(asked_to_stop, lambda *_: None)
    server.run(sockets=[listening])
