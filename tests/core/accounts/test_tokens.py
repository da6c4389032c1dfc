import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.accounts.guessing import SlowDownError
from core.accounts.invitations import add_account
from core.accounts.models import Account, ApiToken
from core.accounts.roster import scopes_held
from core.accounts.sessions import end_all_keys
from core.accounts.staffing import change_role, disable_account
from core.accounts.tokens import (
    BURST,
    LONGEST_NAME,
    MOST_DAYS,
    MOST_TOKENS,
    TokenDaysError,
    TokenNameError,
    TokenScopesError,
    TooManyTokensError,
    keep_pace,
    list_tokens,
    look_over,
    make_token,
    read_token,
    revoke_token,
)
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from core.permissions import Role
from tests.conftest import MovableClock


@pytest.fixture
async def anong(database: Database, keys: DataKeys) -> Account:
    return await _account(database, keys, "hotline_officer")


async def _account(database: Database, keys: DataKeys, role: Role) -> Account:
    async with database.unit_of_work() as session:
        account = await add_account(session, keys, email=f"{role}@rootan.test", name=role, role=role)
        account.role_confirmed_by = new_id()
    return account


async def _make(
    database: Database, account: Account, *scopes: str, days: int = 90, name: str = "sync"
) -> str:
    async with database.unit_of_work() as session:
        return await make_token(
            session, account.id,
            look_over(scopes_held(account), name=name, scopes=scopes or ("referrals.read",), days=days),
        )  # fmt: skip


async def _scopes(database: Database, token: str) -> set[str] | None:
    async with database.unit_of_work() as session:
        holder = await read_token(session, token)
    return None if holder is None else set(holder.scopes)


async def test_a_token_does_what_it_was_made_for_and_only_its_hash_is_stored(
    database: Database, anong: Account
) -> None:
    token = await _make(database, anong, "referrals.read")
    assert await _scopes(database, token) == {"referrals.read"}
    async with database.unit_of_work() as session:
        stored = str((await session.execute(sa.text("SELECT api_token::text FROM api_token"))).all())
        row = (await session.scalars(sa.select(ApiToken))).one()
    assert token not in stored
    assert token.removeprefix("rootan_")[24:] not in stored
    assert len(row.token_hash) == 32


async def test_writing_brings_the_reading_that_it_stands_on(database: Database, anong: Account) -> None:
    token = await _make(database, anong, "referrals.write")
    assert await _scopes(database, token) == {"referrals.read", "referrals.write"}


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("hotline_officer", "referrals.assign"), ("hotline_officer", "audit.read"), ("auditor", "referrals.read"),
        ("administrator", "referrals.read"), ("administrator", "screening.read"), ("campaign_manager", "referrals.write"),
    ],
)  # fmt: skip
async def test_nobody_makes_a_token_for_more_than_they_may(
    database: Database, keys: DataKeys, role: Role, scope: str
) -> None:
    account = await _account(database, keys, role)
    with pytest.raises(TokenScopesError):
        await _make(database, account, scope)
    with pytest.raises(TokenScopesError):
        await _make(database, account, "everything")


async def test_an_unconfirmed_role_makes_none_and_its_tokens_do_nothing(
    database: Database, anong: Account
) -> None:
    token = await _make(database, anong)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))
    anong.role_confirmed_by = None
    assert await _scopes(database, token) == set()
    with pytest.raises(TokenScopesError):
        await _make(database, anong)


async def test_wrong_tokens_are_nobodys(database: Database, anong: Account) -> None:
    token = await _make(database, anong)
    other = await _make(database, anong)
    crossed = token[:29] + other[29:]
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (
        "",
        "rootan_",
        token[7:],
        token + "A",
        "rootan_" + "?" * 64,
        "rootan_" + "ก" * 64,
        crossed,
        flipped,
    ):
        assert await _scopes(database, wrong) is None, wrong


async def test_a_token_ends_with_its_time(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    anong = await _account(database, keys, "hotline_officer")
    token = await _make(database, anong, days=7)
    standing_clock.advance(days=6, hours=23)
    assert await _scopes(database, token)
    standing_clock.advance(hours=1)
    assert await _scopes(database, token) is None
    async with database.unit_of_work() as session:
        assert await list_tokens(session, anong.id) == []


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
async def test_a_token_lasts_a_year_at_most(database: Database, anong: Account, days: int) -> None:
    with pytest.raises(TokenDaysError):
        await _make(database, anong, days=days)


@pytest.mark.parametrize("name", ["", "   ", "ก" * (LONGEST_NAME + 1), "a\x00b", "a\u202eb"])
async def test_a_name_is_short_and_plain(database: Database, anong: Account, name: str) -> None:
    with pytest.raises(TokenNameError):
        await _make(database, anong, name=name)


async def test_one_person_has_only_so_many(database: Database, anong: Account) -> None:
    for _ in range(MOST_TOKENS):
        await _make(database, anong)
    with pytest.raises(TooManyTokensError):
        await _make(database, anong)


async def test_it_is_revoked_by_its_owner_alone(database: Database, keys: DataKeys, anong: Account) -> None:
    token = await _make(database, anong)
    boon = await _account(database, keys, "supervisor")
    async with database.unit_of_work() as session:
        token_id = (await list_tokens(session, anong.id))[0].id
        with pytest.raises(NotFoundError):
            await revoke_token(session, boon.id, token_id)
        await revoke_token(session, anong.id, token_id)
        with pytest.raises(NotFoundError):
            await revoke_token(session, anong.id, token_id)
    assert await _scopes(database, token) is None


@pytest.mark.parametrize("how", ["disabled", "role", "everywhere"])
async def test_it_ends_with_what_ends_all_keys(database: Database, anong: Account, how: str) -> None:
    token = await _make(database, anong)
    async with database.unit_of_work() as session:
        match how:
            case "disabled":
                await disable_account(session, anong.id, by=new_id())
            case "role":
                await change_role(session, anong.id, "supervisor", by=new_id())
            case _:
                await end_all_keys(session, anong.id)
    assert await _scopes(database, token) is None


async def test_calls_that_come_too_fast_must_wait_and_their_time_comes(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    anong = await _account(database, keys, "hotline_officer")
    await _make(database, anong)
    async with database.unit_of_work() as session:
        token_id = (await list_tokens(session, anong.id))[0].id

    async def call() -> int:
        try:
            async with database.unit_of_work() as session:
                await keep_pace(session, token_id)
        except SlowDownError as slow:
            return slow.seconds
        return 0

    waits = await asyncio.gather(*(call() for _ in range(BURST + 5)))
    assert sorted(waits) == [0] * BURST + [1] * 5
    standing_clock.advance(seconds=1)
    assert [await call() for _ in range(3)] == [0, 0, 1]
    standing_clock.moment += timedelta(minutes=5)
    assert [await call() for _ in range(BURST + 1)] == [0] * BURST + [1]
    async with database.unit_of_work() as session:
        used = await session.scalar(sa.select(ApiToken.used_at))
    assert used == standing_clock.moment
