"""A turn that waited for another knows what the other did. Guards 2."""

import asyncio

import sqlalchemy as sa

from bots.dispatch.people import add_people, claim_strangers, known_people, lock_people
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id

ADDRESS = "U" + "da0" * 10 + "da"
_WRITE = sa.text(
    "INSERT INTO message (id, identity_id, channel, lane, kind, state, created_at)"
    " VALUES (:id, :identity, 'line', 'reply', 'answer', 'sending', :now)"
)


async def test_it_sees_that_an_answer_is_on_its_way_since_it_began_to_wait(
    database: Database, keys: DataKeys
) -> None:
    who = ("line", keys.keyset.index("line-address", ADDRESS))
    async with database.unit_of_work() as session:
        await add_people(await driver_connection(session), keys, {who: ADDRESS})

    async def wait_for_the_lock() -> bool:
        async with database.unit_of_work() as session:
            people = await lock_people(await driver_connection(session), keys, [who], wait=True)
            return people[who].busy

    async with database.unit_of_work() as session:
        person = (await lock_people(await driver_connection(session), keys, [who], wait=True))[who]
        assert not person.busy
        waiting = asyncio.create_task(wait_for_the_lock())
        await _until_somebody_waits(database)
        await session.execute(_WRITE, {"id": new_id(), "identity": person.identity_id, "now": utc_now()})
        await session.execute(sa.text("UPDATE conversation SET last_inbound_at = now()"))
    assert await waiting


async def test_two_first_texts_at_once_make_one_person_and_fail_nobody(
    database: Database, keys: DataKeys
) -> None:
    who = ("line", keys.keyset.index("line-address", ADDRESS))

    async def meet() -> bool:
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            await claim_strangers(connection, [who], wait=True)
            if await known_people(connection, [who]):
                return False
            await add_people(connection, keys, {who: ADDRESS})
            return True

    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await claim_strangers(connection, [who], wait=False) == [who]
        second = asyncio.create_task(meet())
        await _until_somebody_waits(database)
        async with database.unit_of_work() as third:
            assert await claim_strangers(await driver_connection(third), [who], wait=False) == []
        await add_people(connection, keys, {who: ADDRESS})
    assert not await second


async def _until_somebody_waits(database: Database) -> None:
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(200):
        async with database.unit_of_work() as session:
            if await session.scalar(query):
                return
        await asyncio.sleep(0.01)
    raise TimeoutError("nobody waits for a lock")
