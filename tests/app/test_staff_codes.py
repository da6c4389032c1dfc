"""A member of staff proves a chat to our bot and leaves no trace among citizens; citizens notice nothing."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from core.accounts.invitations import add_account
from referrals.teams.addresses import CHATS, Kind, begin_chat_proof, list_addresses
from referrals.teams.alerts import TELL_STAFF, list_alerts, raise_alerts
from tests.support import housing
from tests.support.house import House

front, phones, house = housing.front, housing.phones, housing.house
AMONG_CITIZENS = ("inbound_event", "contact", "channel_identity", "conversation", "message")


@pytest.fixture
async def boon(house: House) -> AsyncIterator[UUID]:
    async with house.database.unit_of_work() as session:
        account = await add_account(
            session, house.keys, email="boon@example.org", name="Boon", role="supervisor"
        )
    yield account.id
    await house.phones.reset()


async def _counts(house: House) -> list[int]:
    return [(await house.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in AMONG_CITIZENS]


async def _code(house: House, boon: UUID, kind: Kind) -> str:
    async with house.database.unit_of_work() as session:
        return await begin_chat_proof(session, house.keys, boon, kind)


@pytest.mark.parametrize("kind", CHATS)
async def test_a_code_binds_the_chat_stores_nothing_else_and_the_chat_is_told(
    house: House, boon: UUID, kind: Kind
) -> None:
    code = await _code(house, boon, kind)
    person = await house.phones.create_person(kind, "Boon")
    before = await _counts(house)
    await house.phones.say(person.id, code)
    async with house.database.unit_of_work() as session:
        (address,) = await list_addresses(session, house.keys, boon)
        assert address.kind == kind
        (told,) = await list_alerts(session, boon)
    await house.handlers[TELL_STAFF]([told.id])
    (text,) = await house.said_to(person.id)
    assert "/console" in text
    async with house.database.unit_of_work() as session:
        (told,) = await list_alerts(session, boon)
        assert (told.kind, told.outside) == ("address_proven", "sent")
    assert await _counts(house) == before


async def test_a_code_said_in_a_group_binds_nothing(house: House, boon: UUID) -> None:
    code = await _code(house, boon, "line")
    person = await house.phones.create_person("line", "Boon")
    group = await house.phones.create_group("line", "G", [person.id])
    await house.phones.say(person.id, code, group=group.id)
    async with house.database.unit_of_work() as session:
        assert await list_addresses(session, house.keys, boon) == []


async def test_an_unknown_code_is_a_message_like_others(house: House, boon: UUID) -> None:
    person = await house.phones.create_person("line", "Dao")
    before = await _counts(house)
    await house.phones.say(person.id, "STAFF-2345-ABCD")
    assert (await _counts(house))[0] == before[0] + 1


async def test_a_chat_that_blocked_us_is_a_failure_that_shows(house: House, boon: UUID) -> None:
    code = await _code(house, boon, "telegram")
    person = await house.phones.create_person("telegram", "Boon")
    await house.phones.say(person.id, code)
    await house.phones.unfollow(person.id)
    async with house.database.unit_of_work() as session:
        (first,) = await list_alerts(session, boon)
    await house.handlers[TELL_STAFF]([first.id])
    async with house.database.unit_of_work() as session:
        assert [alert.outside for alert in await list_alerts(session, boon)] == ["failed"]
        # What failed keeps nobody quiet.
        (again,) = await raise_alerts(session, [boon], "clock_missed", outside=True)
    await house.handlers[TELL_STAFF]([again])
    rows = await house.rows("SELECT state, reason, tries FROM alert_post")
    assert [tuple(row) for row in rows] == [("failed", "refused", 1)] * 2
