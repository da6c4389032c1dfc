from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from simulator.client import SimulatorClient
from tests.support import housing
from tests.support.house import Front, House, open_house
from tests.support.postgres import TestCluster

front, phones = housing.front, housing.phones


@pytest.fixture
async def house(
    front: Front, phones: SimulatorClient, database: Database, keys: DataKeys, tmp_path: Path
) -> AsyncIterator[House]:
    async with open_house(front, phones, database, keys, tmp_path / "var", chores=True) as house:
        yield house


@pytest.fixture
async def database(cluster: TestCluster) -> AsyncIterator[Database]:
    """With the connections that two web processes and a worker hold together: here all three are one process."""
    address = await cluster.copy()
    database = Database(address, pool_size=24)
    yield database
    await database.close()
    await cluster.drop(address)
