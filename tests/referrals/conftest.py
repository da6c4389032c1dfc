from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import append_citizen_words, open_referral
from tests.support.cast import make_person

Refer = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def anong(database: Database, keys: DataKeys) -> UUID:
    """A hotline officer's account."""
    return await _account(database, keys, "anong@example.org", "Anong")


@pytest.fixture
async def boon(database: Database, keys: DataKeys) -> UUID:
    """Her supervisor's."""
    return await _account(database, keys, "boon@example.org", "Boon")


async def _account(database: Database, keys: DataKeys, email: str, name: str) -> UUID:
    async with database.unit_of_work() as session:
        return (await add_account(session, keys, email=email, name=name, role="supervisor")).id


@pytest.fixture
def refer(database: Database, keys: DataKeys) -> Refer:
    """Open a referral for a named person, with words where given."""

    async def open_one(name: str, priority: str = "P2", words: str = "") -> UUID:
        async with database.unit_of_work() as session:
            person = await make_person(session, keys, name=name)
            referral_id = await open_referral(
                session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="staff_request", priority=priority, kinds=(), reasons=("asked_for_staff",), receipt=name,
            )  # type: ignore[arg-type]  # fmt: skip
            if words:
                await append_citizen_words(
                    session, keys, identity_id=person.identity_id, words=[(new_id(), words)]
                )
        return referral_id

    return open_one
