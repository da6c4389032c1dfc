from collections.abc import AsyncIterator

import pytest

from core.db.database import Database
from tests.support import housing
from tests.support.postgres import TestCluster

front, phones, house = housing.front, housing.phones, housing.house


@pytest.fixture
async def database(cluster: TestCluster) -> AsyncIterator[Database]:
    """With the connections that two web processes and a worker hold together: here all three are one process."""
    address = await cluster.copy()
    database = Database(address, pool_size=24)
    yield database
    await database.close()
    await cluster.drop(address)
