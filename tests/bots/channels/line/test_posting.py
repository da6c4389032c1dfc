"""What goes over the wire to LINE: the SDK's own marks, whole Thai, and the retry key where a call has one. Guards 4."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from aiohttp import web
from linebot.v3.messaging import AsyncApiClient, Configuration

from bots.channels.line.channel import LineChannel
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.simulator.process import LINE_TOKEN
from tests.support.house import settings_for

PART = {"messages": [{"type": "text", "text": "สวัสดีค่ะ 🌿"}]}


class Catcher:
    """Takes whatever is posted, and answers what it was told to."""

    def __init__(self) -> None:
        self.caught: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: tuple[int, bytes] = (200, b"{}")
        self.address = ""

    async def take(self, request: web.Request) -> web.Response:
        self.caught.append((request.path, dict(request.headers), await request.read()))
        status, body = self.answer
        return web.Response(status=status, body=body)


@pytest.fixture
async def catcher() -> AsyncIterator[Catcher]:
    catcher = Catcher()
    application = web.Application()
    application.router.add_post("/{rest:.*}", catcher.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    catcher.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield catcher
    await runner.cleanup()


@pytest.fixture
async def channel(catcher: Catcher, tmp_path: Path) -> AsyncIterator[LineChannel]:
    settings: Settings = settings_for(SimulatorClient("http://127.0.0.1:9"), tmp_path)
    channel = LineChannel(settings.model_copy(update={"line_api_base": catcher.address}))
    yield channel
    await channel.close()


async def test_a_call_carries_what_the_sdk_would_have_sent_with_it(
    catcher: Catcher, channel: LineChannel
) -> None:
    await channel.send(PART, mode="reply", address="", handle="t" * 32)
    async with AsyncApiClient(Configuration(host=catcher.address, access_token=LINE_TOKEN)) as sdk:
        await sdk.call_api(
            "/v2/bot/message/reply", "POST", body=PART | {"replyToken": "t" * 32}, response_types_map={},
            header_params={"Accept": "application/json", "Content-Type": "application/json"},
        )  # fmt: skip
    (path, headers, body), (sdks_path, sdks_headers, sdks_body) = catcher.caught
    assert path == sdks_path == "/v2/bot/message/reply"
    assert orjson.loads(body) == orjson.loads(sdks_body)
    # Only the length differs: the SDK escapes Thai.
    lengthless = {name: value for name, value in headers.items() if name != "Content-Length"}
    assert lengthless == {name: value for name, value in sdks_headers.items() if name != "Content-Length"}
    assert headers["Authorization"] == f"Bearer {LINE_TOKEN}"


async def test_a_push_carries_its_retry_key_and_a_reply_has_none(
    catcher: Catcher, channel: LineChannel
) -> None:
    key = uuid4()
    await channel.send(PART, mode="push", address="U1", retry_key=key)
    await channel.send_many(PART, addresses=["U1", "U2"], retry_key=key)
    await channel.send(PART, mode="reply", address="", handle="t")
    assert [headers.get("X-Line-Retry-Key") for _, headers, _ in catcher.caught] == [str(key), str(key), None]
    assert [orjson.loads(body).get("to") for _, _, body in catcher.caught] == ["U1", ["U1", "U2"], None]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        # Something between us and LINE may have answered: nobody knows, and the same key asks again.
        (200, b"not json \xff", "unclear"),
        (302, b"", "unclear"),
        (200, b"", "sent"),
        (400, b"\xff\xfe", "refused"),
        (400, '{"message": "Invalid reply token"}'.encode("utf-16"), "refused"),
        (500, b"", "unclear"),
    ],
)
async def test_an_answer_that_is_no_json_is_never_taken_for_lines_word(
    catcher: Catcher, channel: LineChannel, status: int, body: bytes, outcome: str
) -> None:
    catcher.answer = status, body
    assert (await channel.send(PART, mode="reply", address="", handle="t")).outcome == outcome


async def test_where_nobody_listens_nothing_was_sent(tmp_path: Path) -> None:
    channel = LineChannel(settings_for(SimulatorClient("http://127.0.0.1:9"), tmp_path))
    assert (await channel.send(PART, mode="reply", address="", handle="t")).outcome == "not_sent"
    await channel.close()
