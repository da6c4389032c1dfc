"""The month's quota: counted, and a reserve is never spent on campaigns. Guards 7."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.messages.content import Content, Text
from core.messages.models import Lane
from core.messages.queue import Recipient, queue_batch
from core.messages.quota import month_of, note_quota, quota_left, take_quota
from tests.conftest import MovableClock
from tests.support.cast import make_person


async def take(database: Database, count: int, lane: Lane = "bulk", reserve: int = 20) -> bool:
    async with database.unit_of_work() as session:
        return await take_quota(await driver_connection(session), "line", count, lane=lane, reserve=reserve)


async def note(database: Database, limit: int | None, used: int | None) -> None:
    async with database.unit_of_work() as session:
        await note_quota(await driver_connection(session), "line", limit=limit, used=used)


async def used(database: Database) -> int:
    async with database.unit_of_work() as session:
        return int(await (await driver_connection(session)).fetchval("SELECT used FROM quota_use") or 0)


async def test_a_campaign_stops_before_the_reserve_and_counts_nothing_then(
    database: Database, standing_clock: MovableClock
) -> None:
    await note(database, 100, 0)
    assert await take(database, 80)
    assert not await take(database, 1)
    assert await used(database) == 80


async def test_replies_and_staff_may_spend_the_reserve(
    database: Database, standing_clock: MovableClock
) -> None:
    await note(database, 100, 80)
    assert not await take(database, 1)
    assert await take(database, 15, "hotline")
    assert await take(database, 5, "reply")
    assert await used(database) == 100


async def test_a_first_campaign_of_the_month_respects_a_limit_already_known(
    database: Database, standing_clock: MovableClock
) -> None:
    await note(database, 100, None)
    assert not await take(database, 81)
    assert await take(database, 80)


async def test_without_a_limit_everything_is_counted_and_allowed(
    database: Database, standing_clock: MovableClock
) -> None:
    assert await take(database, 1_000_000)
    assert await used(database) == 1_000_000


async def test_the_platforms_own_count_wins_when_it_is_higher(
    database: Database, standing_clock: MovableClock
) -> None:
    await take(database, 10)
    await note(database, 100, 75)
    assert await used(database) == 75
    await note(database, 100, 3)
    assert await used(database) == 75


async def test_many_hosts_at_once_never_touch_the_reserve(
    database: Database, standing_clock: MovableClock
) -> None:
    await note(database, 100, 0)
    taken = await asyncio.gather(*(take(database, 30) for _ in range(6)))
    assert (sum(taken), await used(database)) == (2, 60)


def test_a_month_is_bangkoks() -> None:
    assert month_of(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == "2026-12"
    assert month_of(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)) == "2026-11"


async def left(database: Database, reserve: int = 20, apart_from: Sequence[UUID] = ()) -> int | None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return await quota_left(connection, "line", reserve=reserve, apart_from=apart_from)


async def test_what_other_batches_wait_to_spend_is_spoken_for(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    assert await left(database) is None
    await note(database, 100, 30)
    assert await left(database) == 50
    async with database.unit_of_work() as session:
        people = [await make_person(session, keys, name=f"n{number}") for number in range(7)]
        batch = await queue_batch(
            session, keys, content=Content((Text("ข่าว"),)), recipients=[Recipient(p.identity_id, "line") for p in people]
        )  # fmt: skip
    assert (await left(database), await left(database, apart_from=[batch])) == (43, 50)
    async with database.unit_of_work() as session:
        await (await driver_connection(session)).execute("UPDATE message_chunk SET done_at = now()")
    assert await left(database) == 50
    await note(database, 100, 95)
    assert await left(database) == 0
