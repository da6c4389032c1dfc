"""One limiter for all hosts: never over its rate, replies before bulk, closed when the platform says so. Guards 7."""

import asyncio
import contextlib

import pytest

from bots.delivery.tokens import TokenStore, rates
from core.db.database import Database, driver_connection
from core.messages.limiter import Grant, Rate, close_for, take_tokens
from core.messages.models import Lane
from core.settings import Settings
from tests.conftest import MovableClock

RATE = Rate(per_second=10, burst=20)


async def take(database: Database, wanted: int, lane: Lane = "reply", channel: str = "line") -> Grant:
    async with database.unit_of_work() as session:
        return await take_tokens(await driver_connection(session), channel, RATE, lane, wanted)


async def test_a_full_bucket_gives_its_burst_and_no_more(
    database: Database, standing_clock: MovableClock
) -> None:
    assert (await take(database, 15)).granted == 15
    assert (await take(database, 15)).granted == 5
    nothing = await take(database, 1)
    assert nothing.granted == 0
    assert nothing.wait == pytest.approx(0.1, abs=0.01)


async def test_it_refills_at_its_rate_and_never_above_its_burst(
    database: Database, standing_clock: MovableClock
) -> None:
    await take(database, 20)
    standing_clock.advance(seconds=1)
    assert (await take(database, 99)).granted == 10
    standing_clock.advance(hours=1)
    assert (await take(database, 99)).granted == 20


async def test_bulk_leaves_a_share_to_replies(database: Database, standing_clock: MovableClock) -> None:
    assert (await take(database, 99, "bulk")).granted == 14
    assert (await take(database, 99, "bulk")).granted == 0
    assert (await take(database, 99, "hotline")).granted == 6


async def test_channels_have_buckets_of_their_own(database: Database, standing_clock: MovableClock) -> None:
    await take(database, 20)
    assert (await take(database, 20, channel="telegram")).granted == 20


async def test_many_hosts_at_once_never_take_more_than_there_is(
    database: Database, standing_clock: MovableClock
) -> None:
    taken = await asyncio.gather(*(take(database, 3) for _ in range(12)))
    assert sum(grant.granted for grant in taken) == 20


async def test_two_holders_stay_under_the_rate_over_real_time(database: Database) -> None:
    rate = {"line": Rate(per_second=100, burst=10)}
    stores = [TokenStore(database, rate), TokenStore(database, rate)]
    loop = asyncio.get_running_loop()
    begun, granted = loop.time(), 0

    async def hold(store: TokenStore) -> None:
        nonlocal granted
        while loop.time() - begun < 0.6:
            granted += await store.acquire("line", "reply", 5)

    await asyncio.gather(*(hold(store) for store in stores))
    assert granted <= 10 + 100 * (loop.time() - begun)
    assert granted > 10


async def test_closed_by_one_host_it_is_closed_for_all_until_then(
    database: Database, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        await close_for(await driver_connection(session), "line", 30)
    nothing = await take(database, 1)
    assert (nothing.granted, nothing.wait) == (0, 30.0)
    async with database.unit_of_work() as session:
        await close_for(await driver_connection(session), "line", 5)
    standing_clock.advance(seconds=29)
    assert (await take(database, 1)).granted == 0
    standing_clock.advance(seconds=1)
    assert (await take(database, 1)).granted == 1


async def test_a_closed_channel_drops_what_a_holder_had_at_hand(database: Database) -> None:
    store = TokenStore(database, {"line": Rate(1_000, 500)})
    await store.warm()
    assert store.take_at_hand("line", 1)
    await store.close("line", 60)
    assert not store.take_at_hand("line", 1)
    await asyncio.gather(*store._fetching.values())
    assert not store.take_at_hand("line", 1)


async def test_bulk_is_promised_turns_at_even_distances_and_never_more_than_the_rate(
    database: Database, standing_clock: MovableClock
) -> None:
    rate = Rate(per_second=10, burst=1, bulk=1, ahead=0.5)

    async def book() -> Grant:
        async with database.unit_of_work() as session:
            return await take_tokens(await driver_connection(session), "line", rate, "bulk", 1)

    booked = [await book() for _ in range(7)]
    assert [one.granted for one in booked] == [1, 1, 1, 1, 1, 1, 0]
    assert [one.wait for one in booked] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.1])
    # Whoever comes late, within what was promised ahead, finds every turn still there.
    standing_clock.advance(seconds=0.5)
    assert [(await book()).granted for _ in range(6)] == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("cap", [1, 5, 20, 100, 200])
def test_in_any_second_bulk_gets_no_more_than_its_cap_and_never_nothing(cap: int) -> None:
    settings = Settings(line_multicasts_per_second=cap, telegram_messages_per_second=cap)
    for channel in ("line-multicast", "telegram"):
        rate = rates(settings)[channel]
        assert 0.95 * cap < rate.per_second
        assert int(rate.per_second + rate.bulk) <= cap
        assert rate.burst - rate.left_to_answers >= 1


async def test_asking_leaves_no_connection_that_commits_by_itself(database: Database) -> None:
    lone = Database(database.address, pool_size=1)
    await TokenStore(lone, {"line": RATE}).acquire("line", "bulk")
    with contextlib.suppress(ZeroDivisionError):
        async with lone.unit_of_work() as session:
            await (await driver_connection(session)).execute("DELETE FROM rate_bucket")
            raise ZeroDivisionError
    async with lone.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await connection.fetchval("SELECT count(*) FROM rate_bucket") == 1
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await lone.close()


async def test_a_host_that_asks_for_a_handful_waits_for_all_of_it(
    database: Database, standing_clock: MovableClock
) -> None:
    rate = Rate(per_second=20, burst=4, bulk=1, ahead=0.15)

    async def book() -> Grant:
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            return await take_tokens(connection, "telegram", rate, "bulk", 2, at_least=2)

    assert [await book() for _ in range(3)] == [
        Grant(2, pytest.approx(0.05)), Grant(2, pytest.approx(0.15)), Grant(0, pytest.approx(0.1)),
    ]  # fmt: skip
    standing_clock.advance(seconds=0.1)
    assert (await book()).granted == 2
