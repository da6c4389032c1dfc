import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.examining.refusals import BusyError
from app.public import headers
from app.public.headers import CheckHeaders
from app.public.limits import MOST_BYTES, MOST_HELD_BYTES, MOST_TEXT_BYTES
from core.errors import AppError
from tests.app.public.conftest import LURE, Phone

PAGE = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_OWN = {"content-length", "content-type", "allow", "retry-after"}


@pytest.mark.parametrize(
    ("method", "path", "fields", "status"),
    [
        ("GET", "/check", {}, 200),
        ("HEAD", "/check", {}, 200),
        ("POST", "/check", {"text": LURE}, 200),
        ("POST", "/check", {"text": ""}, 400),
        ("POST", "/check", {"text": "ก" * 20_000}, 413),
        ("PUT", "/check", {}, 405),
        ("GET", "/check/nowhere", {}, 404),
    ],
)
async def test_every_answer_carries_exactly_these_headers(
    phone: Phone, method: str, path: str, fields: dict[str, str], status: int
) -> None:
    response = await phone.request(method, path, data=fields or None)
    assert response.status_code == status
    assert {k: v for k, v in response.headers.items() if k not in _OWN} == PAGE


class Stream:
    """A body that comes in pieces, and an application that counts what reaches it."""

    def __init__(self, pieces: list[bytes], content_type: str = "multipart/form-data; boundary=x") -> None:
        self.pieces = pieces
        self.left = list(pieces)
        self.taken = 0
        self.error: AppError | None = None
        self.scope: Scope = {
            "type": "http", "path": "/check", "headers": [(b"content-type", content_type.encode())]
        }  # fmt: skip
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def receive(self) -> Message:
        piece = self.left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.left)}

    async def app(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        try:
            while True:
                message = await receive()
                self.taken += len(message["body"])
                if not message["more_body"]:
                    break
        except AppError as error:
            self.error = error
        await self.may_end.wait()


async def _nowhere(_message: Message) -> None:
    return


async def test_a_body_over_the_limit_is_read_to_its_end_and_refused() -> None:
    """A browser shows our page only after it could send everything."""
    stream = Stream([b"x" * 1_048_576] * 20)
    await CheckHeaders(stream.app, https=False)(stream.scope, stream.receive, _nowhere)
    assert stream.error is not None
    assert stream.error.code == "too_large"
    assert stream.taken == MOST_BYTES
    assert stream.left == []


async def test_text_alone_may_hold_less() -> None:
    stream = Stream([b"x" * 1_048_576] * 4, "application/x-www-form-urlencoded")
    await CheckHeaders(stream.app, https=False)(stream.scope, stream.receive, _nowhere)
    assert stream.error is not None
    assert stream.taken <= MOST_TEXT_BYTES


async def test_uploads_at_the_same_time_are_bounded_together_and_forgotten_at_their_end() -> None:
    first, second, third = (Stream([b"x" * (MOST_HELD_BYTES // 2 - 10)]) for _ in range(3))
    for stream in (first, second, third):
        stream.may_end.clear()
    streams = iter((first, second, third, Stream([b"x" * 1_000])))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await scope["stream"].app(scope, receive, send)

    room = CheckHeaders(app, https=False)

    def begin(stream: Stream) -> asyncio.Task[None]:
        return asyncio.create_task(room(stream.scope | {"stream": stream}, stream.receive, _nowhere))

    tasks = [begin(next(streams)) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert (first.error, second.error) == (None, None)
    assert isinstance(third.error, BusyError)
    for stream in (first, second, third):
        stream.may_end.set()
    await asyncio.gather(*tasks)
    assert room._held == 0


async def test_an_upload_that_crawls_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "SECONDS", 0.05)
    stream = Stream([b"x"])

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    await CheckHeaders(stream.app, https=False)(stream.scope, never, _nowhere)
    assert stream.error is not None
    assert stream.error.code == "too_slow"


async def test_what_was_typed_before_a_body_was_cut_is_given_back(phone: Phone) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + LURE.encode() + b"\r\n"
        yield b'--x\r\nContent-Disposition: form-data; name="pictures"; filename="a.png"\r\n\r\n'
        for _ in range(17):
            yield b"x" * 1_048_576

    response: httpx.Response = await phone.post(
        "/check", content=body(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status_code == 413
    assert LURE in response.text
    assert "รูปใหญ่เกินไป" in response.text
