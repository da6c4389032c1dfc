import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import append_citizen_words, open_referral
from referrals.live import CHANNEL
from tests.conftest import MovableClock
from tests.referrals.phones import Phone
from tests.support.cast import make_person

Refer = Callable[..., Awaitable[UUID]]
PhoneOf = Callable[..., Awaitable[Phone]]


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


@pytest.fixture
def phone_of(database: Database, keys: DataKeys, standing_clock: MovableClock) -> PhoneOf:
    async def make(name: str, channel: str = "telegram") -> Phone:
        async with database.unit_of_work() as session:
            person = await make_person(session, keys, name=name, channel=channel)
        return Phone(database, keys, standing_clock, person)

    return make


@pytest.fixture
async def other(phone_of: PhoneOf) -> Phone:
    """Another phone on another platform."""
    return await phone_of("ek")


@pytest.fixture
async def heard(database: Database) -> AsyncIterator[asyncio.Queue[str]]:
    """What open consoles are told."""
    told: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(database.asyncpg_address)
    await connection.add_listener(CHANNEL, lambda *news: told.put_nowait(str(news[3])))
    yield told
    await connection.close()
