import asyncio

import sqlalchemy as sa

from core.accounts.guessing import (
    FREE_FOR_ACCOUNT,
    FREE_FOR_ADDRESS,
    FREE_FROM_EVERYWHERE,
    WAITS,
    Guess,
    SlowDownError,
    device_sign,
    forget_old_guesses,
    forgive_guesses,
    known_device,
    reserve_guess,
)
from core.accounts.models import SignInAttempt
from core.crypto.keyset import Keyset
from core.db.database import Database
from core.ids import new_id
from tests.conftest import MovableClock


async def _guess(
    database: Database, keyset: Keyset, *, who: str = "anong", where: str = "", device: str | None = None
) -> Guess:
    async with database.unit_of_work() as session:
        where = where or new_id().hex
        return await reserve_guess(session, keyset, who=who, where=where, device=device)


async def _wait(database: Database, keyset: Keyset, **more: str) -> int:
    try:
        await _guess(database, keyset, **more)
    except SlowDownError as error:
        return error.seconds
    return 0


async def test_it_slows_guesses_at_one_account_more_and_more(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    for _ in range(FREE_FOR_ACCOUNT):
        await _guess(database, keyset)
    for expected in (*WAITS, WAITS[-1], WAITS[-1]):
        assert await _wait(database, keyset) == expected
        # Pressing on does not lengthen the wait.
        assert await _wait(database, keyset) == expected
        standing_clock.advance(seconds=expected)
        await _guess(database, keyset)


async def test_it_never_makes_anybody_wait_longer_than_half_a_minute(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    for _ in range(60):
        wait = await _wait(database, keyset)
        assert wait <= 30
        standing_clock.advance(seconds=wait)


async def test_it_lets_a_known_browser_in_while_strangers_guess(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    for _ in range(FREE_FOR_ACCOUNT):
        await _guess(database, keyset)
    assert await _wait(database, keyset) > 0
    assert await _wait(database, keyset, device="her-own") == 0


async def test_a_stranger_who_never_stops_does_not_lock_out_an_unknown_browser_of_another_network(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    """Anong has a new telephone, and somebody has been guessing at her account every second for an hour."""
    for _ in range(20):
        standing_clock.advance(seconds=1)
        await _wait(database, keyset, where="203.0.113.9")
    for _ in range(120):
        standing_clock.advance(seconds=30)
        await _wait(database, keyset, where="203.0.113.9")
        assert await _wait(database, keyset, where="203.0.113.200") > 0
    assert await _wait(database, keyset, where="198.51.100.7") == 0


async def test_guesses_from_many_networks_at_once_are_slowed_together(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    for number in range(FREE_FROM_EVERYWHERE):
        assert await _wait(database, keyset, where=f"10.{number}.0.1") == 0
    assert await _wait(database, keyset, where="11.0.0.1") > 0
    assert await _wait(database, keyset, where="11.0.0.1", device="her-own") == 0
    assert await _wait(database, keyset, who="boon", where="11.0.0.1") == 0


async def test_it_slows_one_address_that_tries_many_accounts(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    for number in range(FREE_FOR_ADDRESS):
        await _guess(database, keyset, who=f"person {number}", where="198.51.100.7")
    assert await _wait(database, keyset, who="one more", where="198.51.100.7") > 0
    assert await _wait(database, keyset, who="one more", where="198.51.100.8") == 0


async def test_it_counts_simultaneous_guesses_one_by_one(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    waits = await asyncio.gather(*(_wait(database, keyset) for _ in range(10)))
    assert sum(w == 0 for w in waits) == FREE_FOR_ACCOUNT


async def test_it_forgives_after_the_right_one_and_forgets_with_time(
    database: Database, keyset: Keyset, standing_clock: MovableClock
) -> None:
    guesses = [await _guess(database, keyset) for _ in range(FREE_FOR_ACCOUNT)]
    async with database.unit_of_work() as session:
        await forgive_guesses(session, guesses[-1])
    for _ in range(FREE_FOR_ACCOUNT):
        await _guess(database, keyset)
    assert await _wait(database, keyset) > 0
    standing_clock.advance(minutes=15)
    assert await _wait(database, keyset) == 0
    async with database.unit_of_work() as session:
        await forget_old_guesses(session)
        assert await session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 1


async def test_it_stores_neither_who_nor_where(database: Database, keyset: Keyset) -> None:
    await _guess(database, keyset, who="anong@example.org", where="198.51.100.7")
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(SignInAttempt))).one()
    assert row.account_key is not None
    assert len(row.who_key) == len(row.where_key) == len(row.account_key) == 16


def test_it_knows_its_own_sign_of_a_browser_and_no_other(keyset: Keyset) -> None:
    anong, boon = new_id(), new_id()
    sign = device_sign(keyset, anong)
    assert known_device(keyset, anong, sign) == sign.partition(".")[0]
    assert known_device(keyset, boon, sign) is None
    for forged in ("", ".", "x.y", sign[:-1], "ก.ข", sign.replace(".", "0.")):
        assert known_device(keyset, anong, forged) is None
