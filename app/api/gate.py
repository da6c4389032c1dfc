"""What stands before every call of the staff interface: how large it may be, in what form, by which method.

Plain ASGI. Every answer carries the same headers, refused ones too. There is no word of other sites in any of them: a
page of somebody else's can't read this interface.
"""

from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from app.faces.headers import STRICT_TRANSPORT

MOST_BYTES = 64 * 1024
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

    def __init__(self, app: FastAPI, *, https: bool, larger: Mapping[str, int]) -> None:
        """`larger` are the bytes of bodies that may hold more than others, by where their addresses begin."""
        self.app = app
        self._larger = dict(sorted(larger.items(), key=lambda one: -len(one[0])))
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
                    own["www-authenticate"] = "Bearer"
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
        refusal = _too_large(most) if body is None else _refusal(scope, body)
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
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return next((most for begin, most in self._larger.items() if path.startswith(begin)), MOST_BYTES)

    def _takes(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] == Match.FULL for route in self.app.routes)


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


def _refusal(scope: Scope, body: bytes) -> Response | None:
    headers = Headers(scope=scope)
    if b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]:
        return problem(400, "invalid", "an address holds no NUL")
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if body and kind != "application/json":
        return problem(415, "media_type", "send application/json")
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
