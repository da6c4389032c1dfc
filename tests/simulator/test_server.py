"""Whatever is posted, the platforms answer in their own form and never break."""

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.options import Options
from simulator.server import Simulator, create_app

OPTIONS = Options()
BEARER = {"Authorization": f"Bearer {OPTIONS.line_token}", "Content-Type": "application/json"}
LINE_PATHS = [
    "message/reply",
    "message/push",
    "message/multicast",
    "message/broadcast",
    "message/narrowcast",
    "message/validate/push",
    "chat/loading/start",
    "chat/markAsRead",
    "richmenu",
    "richmenu/alias",
    "richmenu/bulk/link",
    "channel/webhook/test",
]
METHODS = [
    "sendMessage",
    "sendPhoto",
    "sendLocation",
    "editMessageText",
    "setMyCommands",
    "answerCallbackQuery",
]
NASTY = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'"x"',
    b'{"messages":[null]}',
    b'{"to":"U","messages":[{"type":"text","text":"\\ud800"}]}',
    b'{"messages":[{"type":"text","text":"\x00"}]}',
    b"\xff\xfe",
    b'{"messages":[' + b"[" * 5000 + b"]" * 5000 + b"]}",
    b'{"messages":[{"type":"text","text":1e999}]}',
]
TEXTS = st.text(max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
MESSAGES = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "flex", "image", "template", "imagemap", "textV2", "x"])},
    optional={"text": VALUES, "altText": TEXTS, "contents": VALUES, "template": VALUES, "quickReply": VALUES},
)
BODIES = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGES, max_size=6)},
    optional={"to": VALUES, "replyToken": VALUES, "extra": VALUES},
)


@pytest.fixture(scope="session")
async def embedded() -> AsyncIterator[tuple[Simulator, httpx.AsyncClient]]:
    app = create_app(OPTIONS)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://simulator"
    ) as client:
        yield app, client
    await app.close()


def is_refusal_of_line(answer: httpx.Response) -> bool:
    return answer.status_code in (400, 403, 404, 413) and isinstance(answer.json()["message"], str)


@pytest.mark.parametrize("path", LINE_PATHS)
async def test_nasty_bodies_get_an_answer_of_line(
    embedded: tuple[Simulator, httpx.AsyncClient], path: str
) -> None:
    for body in NASTY:
        answer = await embedded[1].post(f"/line/v2/bot/{path}", content=body, headers=BEARER)
        webhook_unset = path == "channel/webhook/test" and answer.status_code == 404
        assert is_refusal_of_line(answer) or webhook_unset, (body[:40], answer.text)
        assert answer.headers["x-line-request-id"]


@pytest.mark.parametrize("method", METHODS)
async def test_nasty_bodies_get_an_answer_of_telegram(
    embedded: tuple[Simulator, httpx.AsyncClient], method: str
) -> None:
    path = f"/telegram/bot{OPTIONS.telegram_token}/{method}"
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        for body in [*NASTY, b"chat_id=1&text=%ff", b"chat_id=&text=", b"--x\r\n\r\n--x--"]:
            answer = await embedded[1].post(path, content=body, headers={"Content-Type": kind})
            assert answer.status_code == 400, (kind, body[:40], answer.text)
            assert answer.json()["ok"] is False


async def test_nasty_bodies_get_an_answer_of_the_control(
    embedded: tuple[Simulator, httpx.AsyncClient],
) -> None:
    for act in ("people", "say", "press", "faults", "inbound", "advance", "raw"):
        for body in NASTY[1:]:
            answer = await embedded[1].post(f"/control/{act}", content=body)
            assert answer.status_code == 400, (act, body[:40])
            assert answer.json()["error"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
async def test_no_messages_break_a_sending_call(
    embedded: tuple[Simulator, httpx.AsyncClient], body: dict[str, object]
) -> None:
    for path in ("push", "validate/push"):
        answer = await embedded[1].post(f"/line/v2/bot/message/{path}", json=body, headers=BEARER)
        assert answer.status_code == 200 or is_refusal_of_line(answer), answer.text
