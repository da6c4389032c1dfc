"""What every console answer carries, and how much a form may hold. Plain ASGI: other addresses pass untouched."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.faces.headers import HIDDEN_HEADERS, STRICT_TRANSPORT
from core.errors import TooLargeError

MOST_BYTES = 256 * 1024
# Forms that hold more: a picture for the library, a campaign's message in two languages, and an agency's files.
_LARGER = (
    (re.compile(r"/console/campaigns/media"), 11 * 1024 * 1024),
    (
        re.compile(r"/console/campaigns/[0-9a-f-]{36}/write(/(arrange|messages|preview|spelling))?"),
        1024 * 1024,
    ),
    (re.compile(r"/console/portal/cases/[0-9a-f-]{36}/files"), 21 * 1024 * 1024),
    (re.compile(r"/console/portal/exchange/(check|apply)"), 3 * 1024 * 1024),
)

STATIC_HEADERS = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "public, max-age=86400",
}


class PageHeaders:
    """Adds the headers to `/console` and `/static`, and cuts off oversized bodies."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._page = HIDDEN_HEADERS | (STRICT_TRANSPORT if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(("/console", "/static/")):
            await self._app(scope, receive, send)
            return
        headers = self._page if path.startswith("/console") else STATIC_HEADERS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                # What comes from outside brings a stricter policy of its own.
                policy = own.get("content-security-policy")
                own.update(headers)
                if policy is not None:
                    own["content-security-policy"] = policy
            await send(message)

        await self._app(scope, _limited(receive, _most(path)), send_with_headers)


def _most(path: str) -> int:
    """How many bytes a form of this address may hold."""
    return next((most for addresses, most in _LARGER if addresses.fullmatch(path)), MOST_BYTES)


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError(f"this form holds at most {most // 1024} KiB")
        return message

    return receive_limited
