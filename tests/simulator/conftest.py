"""One simulator process, one bot that listens to it, and the real SDKs."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import telegram
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, AsyncMessagingApiBlob, Configuration
from PIL import Image
from telegram.request import HTTPXRequest

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.process import LINE_TOKEN, TELEGRAM_TOKEN, running
from tests.simulator.receiver import Receiver

SPECS = Path(__file__).parents[2] / "../shared/specs"


@pytest.fixture(scope="session")
async def listening() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = await receiver.start()
    yield receiver
    await runner.cleanup()


@pytest.fixture(scope="session")
async def address(listening: Receiver) -> AsyncIterator[str]:
    async with running(listening.url) as (address, _):
        yield address


@pytest.fixture
async def phones(address: str) -> AsyncIterator[SimulatorClient]:
    """The control of a simulator that remembers nothing of the test before."""
    async with SimulatorClient(address) as client:
        await client.reset()
        yield client


@pytest.fixture
def receiver(listening: Receiver, phones: SimulatorClient) -> Receiver:
    listening.clear()
    return listening


@pytest.fixture
async def somsri(phones: SimulatorClient) -> Person:
    """A friend of the account on LINE."""
    return await phones.create_person("line", "สมศรี")


@pytest.fixture
async def ton(phones: SimulatorClient) -> Person:
    """Somebody who has started the bot on Telegram."""
    return await phones.create_person("telegram", "ต้น")


@pytest.fixture
async def line_client(phones: SimulatorClient) -> AsyncIterator[AsyncApiClient]:
    async with AsyncApiClient(Configuration(host=phones.line_base, access_token=LINE_TOKEN)) as client:
        yield client


@pytest.fixture
def line(line_client: AsyncApiClient) -> AsyncMessagingApi:
    return AsyncMessagingApi(line_client)


@pytest.fixture
def line_blob(line_client: AsyncApiClient) -> AsyncMessagingApiBlob:
    return AsyncMessagingApiBlob(line_client)


@pytest.fixture
async def bot(phones: SimulatorClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    request = HTTPXRequest(read_timeout=2, write_timeout=2, connect_timeout=2)
    async with telegram.Bot(
        TELEGRAM_TOKEN,
        base_url=f"{phones.telegram_base}/bot",
        base_file_url=f"{phones.telegram_base}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(),
    ) as bot:
        yield bot


@pytest.fixture(scope="session")
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#2F6B4F").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def specs() -> Path:
    if not SPECS.is_dir():
        pytest.skip("the platforms' specifications (../shared/specs) are not at hand")
    return SPECS


@pytest.fixture(scope="session")
def samples(specs: Path) -> Any:
    """Reads an official sample file."""
    return lambda name: orjson.loads((specs / "samples" / name).read_bytes())
