from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.invitations import add_account
from core.accounts.models import Account, StaffAddress
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import Database
from core.ids import new_id

Hire = Callable[..., Awaitable[UUID]]


@pytest.fixture
def hire(database: Database, keys: DataKeys) -> Hire:
    """Give somebody an account whose role counts, with proven addresses (`kind=address`)."""

    async def add(name: str, role: str = "hotline_officer", **addresses: str) -> UUID:
        async with database.unit_of_work() as session:
            account = await add_account(
                session, keys, email=f"{name.lower()}@example.org", name=name, role=role
            )
            account.role_confirmed_by = account.id
            for kind, address in addresses.items():
                await _add_address(session, keys, account, kind, address)
        return account.id

    return add


async def _add_address(
    session: AsyncSession, keys: DataKeys, account: Account, kind: str, address: str
) -> None:
    row_id = new_id()
    key = await keys.load(session, account.data_key_id)
    box = Box(seal(key, address.encode(), context("staff_address", "address", row_id)))
    session.add(
        StaffAddress(
            id=row_id,
            account_id=account.id,
            kind=kind,
            address=box,
            proven_at=utc_now(),
            created_at=utc_now(),
        )
    )
