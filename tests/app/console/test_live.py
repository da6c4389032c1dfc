import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import sqlalchemy as sa

from app.console.live import LiveFeed, News
from core.db.database import Database
from core.ids import new_id
from referrals.live import announce_change


async def _next(news: AsyncIterator[News]) -> News:
    return await asyncio.wait_for(anext(news), 8)


async def _settled(database: Database, *pages: AsyncIterator[News]) -> None:
    """Wait until the feed listens and its first news are heard."""
    first = [await _next(page) for page in pages]
    assert first == ["changed"] * len(pages)
    async with asyncio.timeout(8):
        while not await _listeners(database, "LISTEN%"):
            await asyncio.sleep(0.02)
    for page in pages:
        while await _next(page) != "quiet":
            pass


async def _news(page: AsyncIterator[News]) -> News:
    while (news := await _next(page)) == "quiet":
        pass
    return news


async def _announce(database: Database) -> None:
    async with database.unit_of_work() as session:
        await announce_change(session, new_id())


async def _listeners(database: Database, last_said: str = "%") -> int:
    async with database.unit_of_work() as session:
        return (
            await session.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND application_name <> 'rootan' AND query LIKE :last_said"
                ),
                {"last_said": last_said},
            )
            or 0
        )


async def test_it_tells_every_page_over_one_connection(database: Database) -> None:
    feed = LiveFeed(database)
    async with aclosing(feed.watch(0.5)) as first, aclosing(feed.watch(0.5)) as second:
        await _settled(database, first, second)
        assert await _listeners(database) == 1
        await _announce(database)
        assert [await _news(first), await _news(second)] == ["changed", "changed"]
    for _ in range(50):
        if await _listeners(database) == 0:
            break
        await asyncio.sleep(0.1)
    assert await _listeners(database) == 0


async def test_it_says_that_nothing_happened(database: Database) -> None:
    feed = LiveFeed(database)
    async with aclosing(feed.watch(0.2)) as news:
        seen = [await _next(news) for _ in range(5)]
    assert "quiet" in seen


async def test_it_says_when_it_lost_the_database_and_comes_back(database: Database) -> None:
    feed = LiveFeed(database)
    async with aclosing(feed.watch(0.5)) as news:
        await _settled(database, news)
        async with database.unit_of_work() as session:
            await session.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name <> 'rootan'"
                )
            )
        assert [await _news(news), await _news(news)] == ["lost", "changed"]
        await _announce(database)
        assert await _news(news) == "changed"


async def test_a_page_that_opens_after_the_last_one_closed_hears_again(database: Database) -> None:
    feed = LiveFeed(database)
    for _ in range(3):
        async with aclosing(feed.watch(0.5)) as news:
            await _settled(database, news)
            await _announce(database)
            assert await _news(news) == "changed"
