"""The way in: raw ASGI, because it is the hottest path and must answer within two seconds.

Signature on the raw bytes first; nothing is parsed before it holds. 200 only when the events are durable.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.listening import GroupListener, Reading
from app.staff_codes import StaffCodes
from bots.channels.base import Arrival
from bots.channels.line import arrivals as line
from bots.channels.telegram import arrivals as telegram
from bots.inbox import Inbox
from core import metrics
from core.clock import utc_now
from core.errors import AppError, ForbiddenError, InvalidInputError, TooLargeError, UnavailableError
from core.logs import get_logger
from core.settings import Settings

MOST_BYTES = 1_048_576
_SECONDS = 1.9

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Reader = Callable[[dict[bytes, bytes], bytes], list[Arrival]]

_log = get_logger()


class Webhooks:
    """The two webhook addresses, in front of the rest of the application."""

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        behind: Application,
        listener: GroupListener,
        codes: StaffCodes,
    ) -> None:
        self._inbox = inbox
        self._listener = listener
        self._codes = codes
        self._behind = behind
        self._readers: dict[str, Reader] = {}
        self.bot_name = ""
        self._overheard: dict[str, Reading] = {
            "line": lambda raw: line.overheard(raw, utc_now().timestamp()),
            "telegram": lambda raw: telegram.overheard(raw, self.bot_name),
        }
        if settings.line_channel_secret is not None:
            self._line_secret = settings.line_channel_secret.get_secret_value().encode()
            self._readers["/webhooks/line"] = self._read_line
        if settings.telegram_webhook_secret is not None:
            self._telegram_secret = settings.telegram_webhook_secret.get_secret_value().encode()
            self._readers["/webhooks/telegram"] = self._read_telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reader = self._readers.get(scope["path"]) if scope["type"] == "http" else None
        if reader is None:
            await self._behind(scope, receive, send)
            return
        if scope["method"] != "POST":
            await _answer(send, 405)
            return
        await _answer(send, await self._take(scope, receive, reader))

    async def _take(self, scope: Scope, receive: Receive, reader: Reader) -> int:
        channel = scope["path"].rsplit("/", 1)[1]
        try:
            async with asyncio.timeout(_SECONDS):
                raw = await _read_body(receive)
                arrivals = reader(dict(scope["headers"]), raw)
                await self._inbox.store(await self._codes.take(arrivals))
        except TimeoutError:
            error: AppError = UnavailableError("too slow")
        except AppError as refused:
            error = refused
        else:
            self._listener.hear(arrivals, raw, self._overheard[channel])
            return 200
        metrics.WEBHOOK_REFUSALS.labels(channel, error.code).inc()
        _log.warning("webhook_refused", channel=channel, reason=error.code)
        return error.status

    def _read_line(self, headers: dict[bytes, bytes], raw: bytes) -> list[Arrival]:
        if not line.is_genuine(
            self._line_secret, raw, headers.get(b"x-line-signature", b"").decode("latin-1")
        ):
            raise ForbiddenError("signature")
        return line.read_arrivals(raw)

    def _read_telegram(self, headers: dict[bytes, bytes], raw: bytes) -> list[Arrival]:
        given = headers.get(b"x-telegram-bot-api-secret-token", b"").decode("latin-1")
        if not telegram.is_genuine(self._telegram_secret, given):
            raise ForbiddenError("secret token")
        return telegram.read_arrivals(raw, self.bot_name)


async def _read_body(receive: Receive) -> bytes:
    """Read the body, at most `MOST_BYTES`; raises TooLargeError, or InvalidInputError when the sender went away."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise InvalidInputError("the sender hung up")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLargeError("body")
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if len(chunks) > 1 else chunk


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
