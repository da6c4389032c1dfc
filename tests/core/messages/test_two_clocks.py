"""Hosts whose clocks differ share one limiter without filling it twice. Guards 7."""

from core.db.database import Database, driver_connection
from core.messages.limiter import Rate, take_tokens
from tests.conftest import MovableClock


async def test_clocks_that_differ_do_not_fill_the_bucket_again_and_again(
    database: Database, standing_clock: MovableClock
) -> None:
    granted = 0
    for number in range(40):
        standing_clock.advance(seconds=10 if number % 2 else -10)
        async with database.unit_of_work() as session:
            grant = await take_tokens(await driver_connection(session), "line", Rate(10, 10), "reply", 10)
        granted += grant.granted
    # A full bucket, and the ten seconds by which one clock is ahead of the other.
    assert granted <= 20
