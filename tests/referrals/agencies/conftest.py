from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.permissions import Role
from referrals.agencies.particulars import Particulars

AccountOf = Callable[..., Awaitable[UUID]]
POLICE = Particulars(
    kind="police", name_th="ตำรวจตัวอย่าง", name_en="Example police", template="police", basis="ข้อตกลงตัวอย่าง"
)


@pytest.fixture
def account_of(database: Database, keys: DataKeys, boon: UUID) -> AccountOf:
    """Make an account whose role Boon confirmed."""

    async def make(name: str, role: Role = "partner_officer") -> UUID:
        async with database.unit_of_work() as session:
            account = await add_account(session, keys, email=f"{name}@example.org", name=name, role=role)
            account.role_confirmed_by = boon
            return account.id

    return make
