from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.accounts.models import Account, AccountSession, ApiToken
from core.accounts.places import Place
from core.accounts.sessions import (
    ABSOLUTE,
    HALFWAY,
    IDLE,
    end_all_keys,
    end_all_sessions,
    end_own_session,
    end_session,
    keep_to_place,
    list_sessions,
    read_session,
    start_session,
)
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
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
        assert len(await list_sessions(session, anong.id)) == 3
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


OFFICE, ELSEWHERE = Place(b"o" * 16, "Chrome · Windows"), Place(b"e" * 16, "Firefox · Linux")


async def _kept(database: Database, token: str, place: Place) -> bool:
    async with database.unit_of_work() as session:
        signed_in = await read_session(session, token)
        return signed_in is not None and await keep_to_place(session, signed_in, place)


async def test_it_is_of_no_use_elsewhere_and_ends_there(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        token = await start_session(session, anong.id, confirmed=True, place=OFFICE)
    assert await _kept(database, token, OFFICE)
    assert not await _kept(database, token, ELSEWHERE)
    assert not await _lives(database, token)
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(AuditEvent))).one()
    assert (row.actor_id, row.action, row.object_id, row.outcome) == (
        None, "account.used_elsewhere", anong.id, "refused",
    )  # fmt: skip


async def test_its_first_use_is_its_place_where_none_was_named(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    assert await _kept(database, token, OFFICE)
    assert not await _kept(database, token, ELSEWHERE)


async def test_it_lists_ones_own_living_devices_and_ends_one(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        await start_session(session, anong.id, confirmed=True, place=OFFICE)
        await start_session(session, anong.id, confirmed=False, place=OFFICE)
    standing_clock.advance(minutes=1)
    async with database.unit_of_work() as session:
        await start_session(session, anong.id, confirmed=True, place=ELSEWHERE)
        listed = await list_sessions(session, anong.id)
    assert [row.device for row in listed] == ["Firefox · Linux", "Chrome · Windows"]
    for stranger, session_id in ((new_id(), listed[0].id), (anong.id, new_id())):
        with pytest.raises(NotFoundError):
            async with database.unit_of_work() as session:
                await end_own_session(session, stranger, session_id)
    async with database.unit_of_work() as session:
        await end_own_session(session, anong.id, listed[0].id)
        assert [row.id for row in await list_sessions(session, anong.id)] == [listed[1].id]
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await end_own_session(session, anong.id, listed[0].id)


async def test_programs_are_signed_out_with_the_person(
    database: Database, anong: Account, standing_clock: MovableClock
) -> None:
    token = await _start(database, anong)
    async with database.unit_of_work() as session:
        session.add(
            ApiToken(
                id=new_id(), account_id=anong.id, name="a program", scopes=[], token_hash=b"t" * 32,
                created_at=utc_now(), expires_at=utc_now() + timedelta(days=1),
            )
        )  # fmt: skip
    async with database.unit_of_work() as session:
        await end_all_keys(session, anong.id)
    assert not await _lives(database, token)
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(ApiToken.revoked_at))).one() == utc_now()
