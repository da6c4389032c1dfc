"""As much HTTP as two fake platforms need, over raw ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")
CUT = "simulator.cut"
JSON = b"application/json"
BIGGEST_BODY = 60 * 1024 * 1024


class Response(msgspec.Struct):
    """`headers` come on top of content-type and content-length."""

    status: int
    body: bytes = b""
    content_type: bytes = JSON
    headers: list[tuple[bytes, bytes]] = []


class NoAnswerError(Exception):
    """The caller went away, or is to be cut off: nothing more is sent."""


class Request:
    """One request, its body already read."""

    __slots__ = ("_receive", "_scope", "_send", "body", "method", "note", "path", "request_id")

    def __init__(self, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.body = body
        self.note = ""
        self.request_id = ""

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self._scope["headers"])

    def header(self, name: bytes) -> str | None:
        """`name` in lower case."""
        for key, value in self._scope["headers"]:
            if key == name:
                return bytes(value).decode("latin-1")
        return None

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self._scope["query_string"].decode("ascii"), keep_blank_values=True))

    async def wait_until_given_up(self) -> None:
        """Never answers: returns control only by raising, when the caller has gone away."""
        async for kind in self._messages():
            if kind == "http.disconnect":
                raise NoAnswerError

    async def _messages(self) -> AsyncIterator[str]:
        while True:
            yield (await self._receive())["type"]

    async def unless_given_up(self, awaited: Coroutine[Any, Any, T]) -> T:
        """The result, or NoAnswerError as soon as the caller has gone away."""
        wanted = asyncio.ensure_future(awaited)
        gone = asyncio.ensure_future(self.wait_until_given_up())
        try:
            await asyncio.wait((wanted, gone), return_when=asyncio.FIRST_COMPLETED)
            if wanted.done():
                return wanted.result()
            raise NoAnswerError
        finally:
            wanted.cancel()
            gone.cancel()
            await asyncio.gather(wanted, gone, return_exceptions=True)

    async def cut(self) -> None:
        """Ends the connection without an answer; behind a foreign server, in the middle of one."""
        abort = self._scope.get("extensions", {}).get(CUT, {}).get("abort")
        if abort is not None:
            abort()
            await self.wait_until_given_up()
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]}
        await self._send(start)
        raise NoAnswerError


async def read_body(receive: Receive) -> bytes:
    """Reads the whole body; raises NoAnswerError when the caller leaves before its end or sends over 60 MB."""
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect" or len(body) > BIGGEST_BODY:
            raise NoAnswerError
        body += message.get("body", b"")
    return body


def response_headers(response: Response) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", response.content_type),
        (b"content-length", str(len(response.body)).encode()),
        *response.headers,
    ]


async def send_response(send: Send, response: Response, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
