from collections.abc import AsyncIterator

import httpx
import pytest

from simulator.client import SimulatorClient
from tests.app.sandbox.standin import StandIn, make_page_app, run_stand_in


@pytest.fixture(scope="module")
async def bot() -> AsyncIterator[StandIn]:
    async with run_stand_in() as bot:
        yield bot


@pytest.fixture
async def simulator(bot: StandIn) -> AsyncIterator[SimulatorClient]:
    async with SimulatorClient(bot.simulator) as simulator:
        yield simulator
        await simulator.settle()
        await bot.rest()
        await simulator.reset()


@pytest.fixture
async def page(bot: StandIn, simulator: SimulatorClient) -> AsyncIterator[httpx.AsyncClient]:
    """The page without a browser."""
    transport = httpx.ASGITransport(make_page_app(bot.simulator))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client
