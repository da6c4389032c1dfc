import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account, RecoveryCode
from core.accounts.second_factor import (
    RECOVERY_CODES,
    WrongCodeError,
    code_at,
    current_step,
    enrol,
    enrolment_uri,
    pending_secret,
    set_secret,
    spend_code,
)
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.conftest import MovableClock

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def _spend(database: Database, keys: DataKeys, account_id: UUID, code: str) -> None:
    async with database.unit_of_work() as session:
        await spend_code(session, keys, await session.get_one(Account, account_id), code)


@pytest.fixture
async def enrolled(database: Database, keys: DataKeys, anong: Account) -> Account:
    async with database.unit_of_work() as session:
        await set_secret(session, keys, await session.get_one(Account, anong.id), SECRET)
    return anong


def test_it_makes_the_codes_of_rfc_6238() -> None:
    # RFC 6238, appendix B, SHA-1, last six of the eight digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code_at(secret, t // 30) for t in (59, 1111111109, 1234567890)] == ["287082", "081804", "005924"]


@pytest.mark.parametrize("drift", [-1, 0, 1])
async def test_it_accepts_one_step_of_drift(
    database: Database, keys: DataKeys, enrolled: Account, standing_clock: MovableClock, drift: int
) -> None:
    await _spend(database, keys, enrolled.id, code_at(SECRET, current_step() + drift))


@pytest.mark.parametrize("drift", [-2, 2, 1000])
async def test_it_refuses_more_drift(
    database: Database, keys: DataKeys, enrolled: Account, standing_clock: MovableClock, drift: int
) -> None:
    with pytest.raises(WrongCodeError):
        await _spend(database, keys, enrolled.id, code_at(SECRET, current_step() + drift))


async def test_it_accepts_a_code_once(
    database: Database, keys: DataKeys, enrolled: Account, standing_clock: MovableClock
) -> None:
    code = code_at(SECRET, current_step())
    await _spend(database, keys, enrolled.id, code)
    with pytest.raises(WrongCodeError):
        await _spend(database, keys, enrolled.id, code)
    with pytest.raises(WrongCodeError):
        await _spend(database, keys, enrolled.id, code_at(SECRET, current_step() - 1))
    standing_clock.advance(seconds=30)
    await _spend(database, keys, enrolled.id, code_at(SECRET, current_step()))


async def test_it_lets_one_of_two_simultaneous_uses_win(
    database: Database, keys: DataKeys, enrolled: Account, standing_clock: MovableClock
) -> None:
    code = code_at(SECRET, current_step())
    ended = await asyncio.gather(
        *(_spend(database, keys, enrolled.id, code) for _ in range(6)), return_exceptions=True
    )
    assert sum(e is None for e in ended) == 1
    assert all(e is None or isinstance(e, WrongCodeError) for e in ended)


async def test_it_enrols_only_after_a_right_first_code(
    database: Database, keys: DataKeys, anong: Account, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        secret = await pending_secret(session, keys, account)
        assert secret == await pending_secret(session, keys, account)
        assert secret in enrolment_uri(account.email, secret)
    with pytest.raises(WrongCodeError):
        async with database.unit_of_work() as session:
            await enrol(session, keys, await session.get_one(Account, anong.id), "000000")
    code = code_at(secret, current_step())
    async with database.unit_of_work() as session:
        codes = await enrol(session, keys, await session.get_one(Account, anong.id), code)
    assert len(set(codes)) == RECOVERY_CODES
    with pytest.raises(WrongCodeError):
        await _spend(database, keys, anong.id, code)


async def test_it_takes_each_recovery_code_once_however_it_is_typed(
    database: Database, keys: DataKeys, anong: Account, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        secret = await pending_secret(session, keys, account)
        codes = await enrol(session, keys, account, code_at(secret, current_step()))
    await _spend(database, keys, anong.id, codes[0].upper().replace("-", " "))
    with pytest.raises(WrongCodeError):
        await _spend(database, keys, anong.id, codes[0])
    await _spend(database, keys, anong.id, codes[1])


async def test_it_stores_neither_secret_nor_codes_in_plain(
    database: Database, keys: DataKeys, anong: Account, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        secret = await pending_secret(session, keys, account)
        codes = await enrol(session, keys, account, code_at(secret, current_step()))
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.id)
        assert account.totp_secret is not None
        assert secret.encode() not in account.totp_secret.sealed
        stored = set(await session.scalars(sa.select(RecoveryCode.code_hash)))
    assert not stored & {c.replace("-", "") for c in codes}


async def test_it_refuses_any_code_where_nothing_is_enrolled(
    database: Database, keys: DataKeys, anong: Account
) -> None:
    for code in ("123456", "", "aaaa-bbbb-cccc"):
        with pytest.raises(WrongCodeError):
            await _spend(database, keys, anong.id, code)
