from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import StaffAddress
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import InvalidInputError, NotFoundError
from referrals.teams.addresses import (
    MOST_TRIES,
    WrongCodeError,
    begin_chat_proof,
    begin_mail_proof,
    code_in,
    drop_address,
    finish_chat_proof,
    finish_mail_proof,
    list_addresses,
)
from referrals.teams.alerts import list_alerts
from tests.conftest import MovableClock
from tests.referrals.teams.conftest import Hire


@pytest.mark.parametrize("text", ["STAFF-2345-ABCD", " staff-2345abcd ", "Staff-2345 ABCD"])
def test_a_code_is_known_however_it_was_typed(text: str) -> None:
    assert code_in(text) == "2345ABCD"


@pytest.mark.parametrize(
    "text", ["", "STAFF-", "STAFF-2345-ABC", "STAFF-2345-ABC0", "x STAFF-2345-ABCD", "2345ABCD"]
)
def test_anything_else_is_a_message_like_others(text: str) -> None:
    assert code_in(text) is None


async def _shown(database: Database, keys: DataKeys, account_id: UUID) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        return [(one.kind, one.shown) for one in await list_addresses(session, keys, account_id)]


async def test_a_mail_address_counts_once_its_code_came_back(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    boon = await hire("Boon")
    async with database.unit_of_work() as session:
        address, code = await begin_mail_proof(session, keys, boon, " Boon.Private@Example.org ")
    assert address == "boon.private@example.org"
    assert await _shown(database, keys, boon) == []
    async with database.unit_of_work() as session:
        assert not await finish_mail_proof(session, keys, boon, "000000" if code != "000000" else "1")
        assert await finish_mail_proof(session, keys, boon, f" {code} ")
    assert await _shown(database, keys, boon) == [("mail", "bo…@example.org")]
    async with database.unit_of_work() as session:
        assert [alert.kind for alert in await list_alerts(session, boon)] == ["address_proven"]
        with pytest.raises(WrongCodeError):
            await finish_mail_proof(session, keys, boon, code)


async def test_a_code_is_guessed_a_few_times_and_no_more(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    boon = await hire("Boon")
    async with database.unit_of_work() as session:
        _, code = await begin_mail_proof(session, keys, boon, "boon@example.org")
    for _ in range(MOST_TRIES):
        async with database.unit_of_work() as session:
            assert not await finish_mail_proof(session, keys, boon, "x")
    async with database.unit_of_work() as session:
        with pytest.raises(WrongCodeError):
            await finish_mail_proof(session, keys, boon, code)
    assert await _shown(database, keys, boon) == []


async def test_a_code_of_ten_minutes_ago_is_none(
    database: Database, keys: DataKeys, hire: Hire, standing_clock: MovableClock
) -> None:
    boon = await hire("Boon")
    async with database.unit_of_work() as session:
        _, mail = await begin_mail_proof(session, keys, boon, "boon@example.org")
        chat = code_in(await begin_chat_proof(session, keys, boon, "line")) or ""
    standing_clock.advance(minutes=10)
    async with database.unit_of_work() as session:
        assert not await finish_chat_proof(session, keys, "line", chat, "U1")
        with pytest.raises(WrongCodeError):
            await finish_mail_proof(session, keys, boon, mail)


async def test_a_chat_counts_from_where_its_code_came_and_twice_is_as_once(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    boon = await hire("Boon")
    async with database.unit_of_work() as session:
        code = code_in(await begin_chat_proof(session, keys, boon, "line")) or ""
    async with database.unit_of_work() as session:
        assert not await finish_chat_proof(session, keys, "telegram", code, "Uabcd1234")
        assert await finish_chat_proof(session, keys, "line", code, "Uabcd1234")
    async with database.unit_of_work() as session:
        assert await finish_chat_proof(session, keys, "line", code, "Uabcd1234")
        assert not await finish_chat_proof(session, keys, "line", code, "Uof-a-thief")
        assert len(await list_alerts(session, boon)) == 1
    assert await _shown(database, keys, boon) == [("line", "…1234")]


async def test_a_new_address_takes_the_place_of_the_old_and_can_be_dropped(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    boon, anong = await hire("Boon", telegram="70001111"), await hire("Anong", telegram="70003333")
    async with database.unit_of_work() as session:
        code = code_in(await begin_chat_proof(session, keys, boon, "telegram")) or ""
        assert await finish_chat_proof(session, keys, "telegram", code, "70002222")
    assert await _shown(database, keys, boon) == [("telegram", "…2222")]
    async with database.unit_of_work() as session:
        await drop_address(session, boon, "telegram")
        with pytest.raises(NotFoundError):
            await drop_address(session, boon, "telegram")
    assert await _shown(database, keys, anong) == [("telegram", "…3333")]


async def test_what_is_no_address_is_refused(database: Database, keys: DataKeys, hire: Hire) -> None:
    boon = await hire("Boon")
    async with database.unit_of_work() as session:
        with pytest.raises(InvalidInputError):
            await begin_mail_proof(session, keys, boon, "not an address")


async def test_addresses_are_unreadable_by_sql(database: Database, hire: Hire) -> None:
    await hire("Boon", mail="canary-of-boon@example.org")
    async with database.unit_of_work() as session:
        (sealed,) = await session.scalars(sa.select(StaffAddress.address))
    assert b"canary" not in sealed.sealed
