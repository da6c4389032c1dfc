"""The real channels, pointed at the simulator."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.support.house import settings_for


@pytest.fixture
async def fresh(phones: SimulatorClient) -> SimulatorClient:
    """A simulator that remembers nothing of the test before."""
    await phones.reset()
    await phones.set_quota(None)
    return phones


@pytest.fixture
async def line(fresh: SimulatorClient, tmp_path: Path) -> AsyncIterator[LineChannel]:
    channel = LineChannel(settings_for(fresh, tmp_path))
    yield channel
    await channel.close()


@pytest.fixture
async def telegram(fresh: SimulatorClient, tmp_path: Path) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(settings_for(fresh, tmp_path))
    yield channel
    await channel.close()


@pytest.fixture
async def somsri(fresh: SimulatorClient) -> Person:
    return await fresh.create_person("line", "สมศรี")


@pytest.fixture
async def ton(fresh: SimulatorClient) -> Person:
    return await fresh.create_person("telegram", "ต้น")


@pytest.fixture(scope="session")
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#2F6B4F").save(buffer, "JPEG")
    return buffer.getvalue()
