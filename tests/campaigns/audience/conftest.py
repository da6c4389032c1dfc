import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.audience.crowd import Crowd


@pytest.fixture
async def crowd(database: Database, keys: DataKeys) -> Crowd:
    return Crowd(database, keys)
