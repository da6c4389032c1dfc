import pytest

from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.crypto.data_keys import DataKeys
from core.db.database import Database


@pytest.fixture
async def anong(database: Database, keys: DataKeys) -> Account:
    async with database.unit_of_work() as session:
        return await add_account(
            session, keys, email="anong@example.org", name="Anong", role="hotline_officer"
        )
