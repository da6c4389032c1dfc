"""What wakes a worker: every new job, and nothing twice for one look at the queue. Guards 2."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import orjson
import pytest

from core.db.database import Database
from core.jobs.listening import SparingDriver, leave_as_is

CHANNEL = "ch_pgqueuer"


class Ear:
    """Hears what the driver passes on."""

    def __init__(self, driver: SparingDriver) -> None:
        self.driver = driver
        self.heard: list[str] = []

    def __call__(self, payload: str | bytes | bytearray) -> None:
        event = orjson.loads(payload)
        self.heard.append(event.get("operation") or event["type"])

    async def after(self, *statements: str) -> list[str]:
        """What is heard of these statements, once all of them were announced."""
        self.heard.clear()
        for statement in statements:
            await self.driver.execute(statement)
        # Announcements come in order, and this kind is always passed on.
        await self.driver.notify(CHANNEL, '{"type": "health_check_event"}')
        async with asyncio.timeout(5):
            while "health_check_event" not in self.heard:
                await asyncio.sleep(0.01)
        return self.heard[:-1]


@pytest.fixture
async def ear(database: Database) -> AsyncIterator[Ear]:
    async with asyncpg.create_pool(
        database.asyncpg_address, min_size=2, max_size=3, reset=leave_as_is
    ) as pool:
        driver = SparingDriver(pool)
        async with driver:
            ear = Ear(driver)
            await driver.add_listener(CHANNEL, ear)
            yield ear


INSERT = "INSERT INTO pgqueuer (priority, status, entrypoint) VALUES (1, 'queued', 'turns')"
DELETE = "DELETE FROM pgqueuer"


async def test_many_new_jobs_are_one_look_and_the_next_after_it_is_another(ear: Ear) -> None:
    assert await ear.after(INSERT, INSERT, INSERT) == ["insert"]
    assert await ear.after(INSERT) == []
    ear.driver.looking()
    assert await ear.after(INSERT, INSERT) == ["insert"]


async def test_what_is_announced_during_a_look_is_looked_at_again(ear: Ear) -> None:
    await ear.after(INSERT)
    ear.driver.looking()
    assert await ear.after(INSERT) == ["insert"]


async def test_jobs_that_others_end_wake_nobody(ear: Ear) -> None:
    assert await ear.after(DELETE) == []


async def test_room_of_our_own_wakes_us_once(ear: Ear) -> None:
    await ear.after(INSERT)
    ear.driver.looking()
    ear.heard.clear()
    ear.driver.wake()
    ear.driver.wake()
    assert ear.heard == ["insert"]


async def test_who_seldom_has_work_rests_between_two_looks_and_sees_the_last_change_all_the_same(
    database: Database,
) -> None:
    async with asyncpg.create_pool(
        database.asyncpg_address, min_size=2, max_size=3, reset=leave_as_is
    ) as pool:
        driver = SparingDriver(pool, rest=0.3)
        async with driver:
            ear = Ear(driver)
            await driver.add_listener(CHANNEL, ear)
            assert await ear.after(INSERT) == ["insert"]
            driver.looking()
            begun = asyncio.get_running_loop().time()
            await driver.execute(INSERT)
            ear.heard.clear()
            async with asyncio.timeout(5):
                while not ear.heard:
                    await asyncio.sleep(0.01)
            assert asyncio.get_running_loop().time() - begun >= 0.3
            assert ear.heard == ["insert"]
            driver.looking()
            driver.wake()
            assert ear.heard == ["insert", "insert"]


async def test_a_connection_given_back_in_the_middle_of_something_comes_back_whole(
    database: Database,
) -> None:
    async with asyncpg.create_pool(
        database.asyncpg_address, min_size=1, max_size=1, reset=leave_as_is
    ) as pool:
        async with pool.acquire() as connection:
            await connection.execute("BEGIN")
            await connection.execute(INSERT)
        async with pool.acquire() as connection:
            assert not connection.is_in_transaction()
            assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 0
