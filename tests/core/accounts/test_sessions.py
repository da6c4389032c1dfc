from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.accounts.models import Account, AccountSession
from core.accounts.sessions import (
    ABSOLUTE,
    HALFWAY,
    IDLE,
    count_sessions,
    end_all_sessions,
    end_session,
    read_session,
    start_session,
)
from core.clock import utc_now
from core.db.database import Database
from tests.conftest import MovableClock


async def _start(database: Database, anong: Account, *, confirmed: bool = True) -> str:
    async with database.unit_of_work() as session:
        return await start_session(session, anong.id, confirmed=confirmed)


async def _lives(database: Database, token: str, *, touch: bool = True) -> bool:
    async with database.unit_of_work() as session:
        return await read_session(session, token, touch=touch) is not None


async def test_it_stores_only_a_hash_of_a_256_bit_token(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    assert len(token) >= 43
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(AccountSession))).one()
    assert len(row.token_hash) == 32
    assert token.encode() not in row.token_hash
    assert await _lives(database, token)
    assert not await _lives(database, token[:-1] + "!")


async def test_it_ends_after_half_an_hour_of_nothing(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    standing_clock.advance(minutes=29)
    assert await _lives(database, token)
    standing_clock.advance(minutes=29)
    assert await _lives(database, token)
    standing_clock.advance(minutes=30)
    assert not await _lives(database, token)


async def test_it_does_not_live_on_by_passive_requests(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    for _ in range(2):
        standing_clock.advance(minutes=14)
        assert await _lives(database, token, touch=False)
    standing_clock.advance(minutes=2)
    assert not await _lives(database, token, touch=False)


async def test_it_ends_after_twelve_hours_however_busy(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    started = utc_now()
    while utc_now() - started < ABSOLUTE - timedelta(minutes=20):
        standing_clock.advance(minutes=20)
        assert await _lives(database, token)
    standing_clock.advance(minutes=20)
    assert not await _lives(database, token)


async def test_it_gives_ten_minutes_for_the_second_step(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong, confirmed=False)
    standing_clock.advance(seconds=HALFWAY.total_seconds() - 1)
    assert await _lives(database, token)
    standing_clock.advance(seconds=1)
    assert not await _lives(database, token)
    assert HALFWAY < IDLE


async def test_it_ends_one_or_all(database: Database, anong: Account, standing_clock: MovableClock) -> None:
    tokens = [await _start(database, anong) for _ in range(3)]
    async with database.unit_of_work() as session:
        assert await count_sessions(session, anong.id) == 3
        signed_in = await read_session(session, tokens[0])
        assert signed_in is not None
        await end_session(session, signed_in.session_id)
    assert [await _lives(database, t) for t in tokens] == [False, True, True]
    async with database.unit_of_work() as session:
        assert await end_all_sessions(session, anong.id) == 2
    assert [await _lives(database, t) for t in tokens] == [False, False, False]


@pytest.mark.parametrize("token", ["", "x" * 10_000, "ก" * 43])
async def test_it_knows_no_strange_token(database: Database, anong: Account, token: str) -> None:
    assert not await _lives(database, token)


async def test_it_ends_with_the_account(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(disabled_at=utc_now()))
    assert not await _lives(database, token)
