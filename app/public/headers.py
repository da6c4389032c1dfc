"""What every answer of `/check` carries, and how much may be sent to it. Plain ASGI: other addresses pass untouched."""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.examining.refusals import BusyError
from app.faces.headers import HEADERS, STRICT_TRANSPORT
from app.public.limits import MOST_BYTES, MOST_HELD_BYTES, MOST_TEXT_BYTES
from app.public.refusals import TooSlowError
from core.errors import AppError, TooLargeError

ADDRESS = "/check"
SECONDS = 120.0
# A browser shows our answer only after it could send the whole body: so much more is read and dropped.
_MOST_DROPPED_BYTES = 64 * 1024 * 1024
_DROP_SECONDS = 20.0


class CheckHeaders:
    """Adds the headers to `/check` and bounds what is sent there."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = HEADERS | (STRICT_TRANSPORT if https else {})
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == ADDRESS or path.startswith(f"{ADDRESS}/")):
            await self._app(scope, receive, send)
            return
        body = _Body(self, receive, Headers(scope=scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            await self._app(scope, body.receive, send_with_headers)
        finally:
            self._held -= body.taken

    def hold(self, size: int) -> None:
        """Count bytes as held; raises BusyError where all uploads together are too many."""
        if self._held + size > MOST_HELD_BYTES:
            raise BusyError(30)
        self._held += size


class _Body:
    """The body of one request, bounded in size and time."""

    def __init__(self, room: CheckHeaders, receive: Receive, headers: Headers) -> None:
        self.taken = 0
        self._room = room
        self._receive = receive
        self._deadline = time.monotonic() + SECONDS
        multipart = headers.get("content-type", "").startswith("multipart/form-data")
        self._most = MOST_BYTES if multipart else MOST_TEXT_BYTES

    async def receive(self) -> Message:
        """Return the next piece; raises TooLargeError, TooSlowError, BusyError."""
        try:
            message = await asyncio.wait_for(self._receive(), max(self._deadline - time.monotonic(), 0.01))
        except TimeoutError:
            raise TooSlowError("the upload took too long") from None
        size = len(message.get("body", b""))
        try:
            if self.taken + size > self._most:
                raise TooLargeError(f"at most {self._most // 1024} KiB")
            self._room.hold(size)
        except AppError:
            await self._drop_rest(message)
            raise
        self.taken += size
        return message

    async def _drop_rest(self, message: Message) -> None:
        dropped = 0
        try:
            async with asyncio.timeout(_DROP_SECONDS):
                while message.get("more_body") and dropped <= _MOST_DROPPED_BYTES:
                    dropped += len(message.get("body", b""))
                    message = await self._receive()
        except TimeoutError:
            return
