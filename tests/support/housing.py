"""Fixtures around a house; modules and conftests take the names they need."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from simulator.client import SimulatorClient
from tests.support.house import (
    Front,
    House,
    QuietHouse,
    open_front,
    open_house,
    open_quiet_house,
    open_simulator,
)


@pytest.fixture(scope="session")
async def front() -> AsyncIterator[Front]:
    async with open_front() as front:
        yield front


@pytest.fixture(scope="session")
async def phones(front: Front) -> AsyncIterator[SimulatorClient]:
    async with open_simulator(front) as phones:
        yield phones


@pytest.fixture
async def house(
    front: Front, phones: SimulatorClient, database: Database, keys: DataKeys, tmp_path: Path
) -> AsyncIterator[House]:
    async with open_house(front, phones, database, keys, tmp_path / "var") as house:
        yield house


@pytest.fixture
async def quiet(database: Database, keys: DataKeys, tmp_path: Path) -> AsyncIterator[QuietHouse]:
    async with open_quiet_house(database, keys, tmp_path / "var") as house:
        yield house
