"""What stands before every call of an interface for programs: how large it may be, in what form, by which method.

Plain ASGI. Every answer carries the same headers, refused ones too. There is no word of other sites in any of them: a
page of somebody else's can't read this interface.
"""

from collections.abc import Mapping
from typing import TypeVar

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from app.faces.headers import STRICT_TRANSPORT

T = TypeVar("T")
MOST_BYTES = 64 * 1024
_JSON = ("application/json",)
_METHODS = ("GET", "POST")
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


class Gate:
    """Stands before the application of the interface."""

    def __init__(
        self,
        app: FastAPI,
        *,
        https: bool,
        larger: Mapping[str, int],
        forms: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`larger` are the bytes of bodies that may hold more than others, `forms` the media types of those that are no
        JSON; both by where their addresses begin.
        """
        self.app = app
        self._larger = _longest_first(larger)
        self._forms = _longest_first(forms or {})
        self._headers = _HEADERS | (STRICT_TRANSPORT if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                own.update(self._headers)
                if message["status"] == 401:
                    own.setdefault("www-authenticate", "Bearer")
            await send(message)

        await self._answer(scope, receive, send_with_headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = self._allowed(scope)
        method = scope["method"]
        if allowed and method not in allowed:
            await _not_allowed(method, allowed)(scope, receive, send)
            return
        most = self._most(scope)
        body = await _read(receive, most) if method == "POST" else b""
        refusal = _too_large(most) if body is None else _refusal(scope, body, self._kinds(scope))
        if refusal is not None:
            await refusal(scope, receive, send)
        elif method == "HEAD":
            await self.app({**scope, "method": "GET"}, _given(b""), _without_body(send))
        else:
            await self.app(scope, _given(body or b""), send)

    def _allowed(self, scope: Scope) -> tuple[str, ...]:
        """Return the methods that this address takes; none where there is nothing."""
        found = tuple(method for method in _METHODS if self._takes({**scope, "method": method}))
        return (*found, "HEAD") if "GET" in found else found

    def _most(self, scope: Scope) -> int:
        return _first(self._larger, scope, MOST_BYTES)

    def _kinds(self, scope: Scope) -> tuple[str, ...]:
        return _first(self._forms, scope, _JSON)

    def _takes(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] == Match.FULL for route in self.app.routes)


def _longest_first(by_begin: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(by_begin.items(), key=lambda one: -len(one[0])))


def _first(by_begin: Mapping[str, T], scope: Scope, usual: T) -> T:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return next((one for begin, one in by_begin.items() if path.startswith(begin)), usual)


def problem(status: int, code: str, detail: str) -> JSONResponse:
    """Return an error in the form in which app/errors.py tells all others."""
    body = {"title": code, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def _not_allowed(method: str, allowed: tuple[str, ...]) -> Response:
    allow = {"allow": ", ".join((*allowed, "OPTIONS"))}
    if method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    response = problem(405, "method", f"this address takes {', '.join(allowed)}")
    response.headers.update(allow)
    return response


def _refusal(scope: Scope, body: bytes, kinds: tuple[str, ...]) -> Response | None:
    headers = Headers(scope=scope)
    if b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]:
        return problem(400, "invalid", "an address holds no NUL")
    if headers.get("content-length", str(len(body))) != str(len(body)) and scope["method"] == "POST":
        return problem(400, "body_cut", "the body has another length than was said; send it whole")
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if body and kind not in kinds:
        return problem(415, "media_type", f"send {' or '.join(kinds)}")
    return None


def _too_large(most: int) -> Response:
    return problem(413, "too_large", f"this call holds at most {most // 1024} KiB")


async def _read(receive: Receive, most: int) -> bytes | None:
    """Read the whole body; None for one of more bytes than `most`."""
    parts: list[bytes] = []
    taken, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        taken += len(parts[-1])
        if taken > most:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _given(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head
