"""Chunks of a batch: one owner at a time, every member ended, nobody sent to at the wrong hour. Guards 3, 7, 8, 9."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bots.delivery.chunks import (
    Chunk,
    claim_chunks,
    end_chunk,
    open_members,
    read_members,
    renew_claim,
    skip_unreadable,
)
from bots.delivery.claims import release_ripe
from bots.delivery.quiet import not_now
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.queue import Recipient, queue, queue_batch
from core.messages.quota import return_quota, take_quota
from tests.conftest import MovableClock

NEWS = Content((Text("ข่าว"),))


async def run(database: Database, query: str, *values: Any) -> Any:
    async with database.unit_of_work() as session:
        return await (await driver_connection(session)).fetch(query, *values)


async def add_person(database: Database, keys: DataKeys, channel: str = "line") -> UUID:
    now, contact, identity = utc_now(), new_id(), new_id()
    async with database.unit_of_work() as session:
        row, key = keys.row("contact")
        session.add(row)
        await session.flush()
        address = seal(key, str(identity).encode(), context("channel_identity", "address", identity))
        connection = await driver_connection(session)
        await connection.execute(
            "INSERT INTO contact (id, data_key_id, created_at) VALUES ($1, $2, $3)", contact, row.id, now
        )
        await connection.execute(
            "INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            identity, contact, channel, identity.bytes, address, now,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO conversation (id, identity_id) VALUES ($1, $2)", new_id(), identity
        )
    return identity


async def add_batch(database: Database, keys: DataKeys, people: list[UUID], channel: str = "line") -> UUID:
    async with database.unit_of_work() as session:
        return await queue_batch(
            session, keys, content=NEWS, recipients=[Recipient(person, channel) for person in people]
        )


async def claim(database: Database, keys: DataKeys, channel: str = "line") -> Chunk:
    async with database.unit_of_work() as session:
        (chunk,) = await claim_chunks(await driver_connection(session), keys, channel, 1)
    return chunk


async def states(database: Database) -> list[tuple[str, str | None]]:
    rows = await run(database, "SELECT state, reason FROM message ORDER BY state, reason")
    return [(row["state"], row["reason"]) for row in rows]


async def test_a_chunk_taken_over_during_the_wait_for_the_limiter_is_left_alone(
    database: Database, keys: DataKeys
) -> None:
    await add_batch(database, keys, [await add_person(database, keys)])
    first = await claim(database, keys)
    await run(database, "UPDATE message_chunk SET claimed_until = now() - interval '1 second'")
    second = await claim(database, keys)
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await renew_claim(connection, first) is None
        assert await renew_claim(connection, second) == second


async def test_pausing_and_cancelling_during_the_wait_are_seen(database: Database, keys: DataKeys) -> None:
    await add_batch(database, keys, [await add_person(database, keys)])
    chunk = await claim(database, keys)
    await run(database, "UPDATE message_batch SET paused = true, cancelled_at = now()")
    async with database.unit_of_work() as session:
        renewed = await renew_claim(await driver_connection(session), chunk)
    assert renewed is not None
    assert (renewed.paused, renewed.cancelled) == (True, True)
    assert not_now(renewed, datetime(2026, 11, 23, 5, 0, tzinfo=UTC)) > 0


@pytest.mark.parametrize(
    ("hour", "minute", "goes"), [(13, 59, True), (14, 1, False), (0, 59, False), (1, 1, True)]
)
async def test_no_campaign_goes_out_between_21_and_8_in_bangkok_however_long_it_waited(
    database: Database, keys: DataKeys, hour: int, minute: int, *, goes: bool
) -> None:
    await add_batch(database, keys, [await add_person(database, keys)])
    wait = not_now(await claim(database, keys), datetime(2026, 11, 23, hour, minute, tzinfo=UTC))
    assert (wait == 0) is goes


async def test_a_chunk_that_ends_waits_for_what_is_on_the_wire_and_ends_what_was_abandoned(
    database: Database, keys: DataKeys
) -> None:
    people = [await add_person(database, keys, "telegram") for _ in range(3)]
    await add_batch(database, keys, people, "telegram")
    chunk = await claim(database, keys, "telegram")
    sending = (
        "UPDATE message SET state = 'sending', claimed_until = now() + $2::interval WHERE identity_id = $1"
    )
    await run(database, sending, people[0], timedelta(minutes=1))
    await run(database, sending, people[1], timedelta(minutes=-1))
    async with database.unit_of_work() as session:
        await end_chunk(await driver_connection(session), chunk, "expired")
    assert await states(database) == [("sending", None), ("skipped", "expired"), ("unknown", "expired")]
    assert await run(database, "SELECT 1 FROM message_chunk WHERE done_at IS NULL AND not_before > now()")
    await run(database, "UPDATE message SET state = 'sent' WHERE state = 'sending'")
    async with database.unit_of_work() as session:
        await end_chunk(await driver_connection(session), chunk, "expired")
    assert await run(database, "SELECT 1 FROM message_chunk WHERE done_at IS NOT NULL")


@pytest.mark.parametrize(
    "damage", ["UPDATE channel_identity SET address = '\\x0102'", "UPDATE data_key SET wrapped = NULL"]
)
async def test_one_address_that_cannot_be_read_holds_up_nobody_and_is_accounted_for(
    database: Database, keys: DataKeys, damage: str
) -> None:
    people = [await add_person(database, keys) for _ in range(3)]
    await add_batch(database, keys, people)
    chunk = await claim(database, keys)
    table = damage.split()[1]
    of_first = {
        "channel_identity": "id = $1",
        "data_key": "id = (SELECT data_key_id FROM contact JOIN channel_identity i ON contact_id = contact.id"
        " WHERE i.id = $1)",
    }
    await run(database, f"{damage} WHERE {of_first[table]}", people[0])
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        members, unreadable = await open_members(await read_members(connection, chunk), keys)
        await skip_unreadable(connection, chunk, unreadable)
    assert {member.identity_id for member in members} == set(people[1:])
    assert ("skipped", "not_ready") in await states(database)


async def test_what_the_platform_refused_is_given_back_to_the_quota(database: Database) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await take_quota(connection, "line", 500, lane="bulk", reserve=0)
        await return_quota(connection, "line", 500)
        await return_quota(connection, "line", 500)
    ((used,),) = await run(database, "SELECT used FROM quota_use")
    assert used == 0


async def hold(database: Database, keys: DataKeys) -> UUID:
    person = await add_person(database, keys)
    async with database.unit_of_work() as session:
        await queue(session, keys, identity_id=person, content=NEWS, kind="staff", lane="hotline")
    await run(database, "UPDATE message SET reason = 'held'")
    return person


async def held(database: Database) -> bool:
    async with database.unit_of_work() as session:
        await release_ripe(await driver_connection(session), utc_now())
    return bool(await run(database, "SELECT 1 FROM message WHERE reason = 'held'"))


async def test_an_answer_held_at_the_very_moment_its_person_wrote_goes_out(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await hold(database, keys)
    await run(database, "UPDATE conversation SET last_inbound_at = $1", utc_now() - timedelta(minutes=16))
    assert await held(database)
    await run(database, "UPDATE conversation SET last_inbound_at = $1", utc_now())
    assert not await held(database)
    assert standing_clock.moment == utc_now()


@pytest.mark.parametrize(("first", "last"), [(18 * 60, 20 * 60), (18 * 60, 2 * 60)])
async def test_an_answer_waits_for_the_hour_that_its_person_chose(
    database: Database, keys: DataKeys, standing_clock: MovableClock, first: int, last: int
) -> None:
    person = await hold(database, keys)
    await run(
        database,
        "INSERT INTO contact_rule (contact_id, may_write_first, from_minute, until_minute, changed_at)"
        " SELECT contact_id, true, $2, $3, now() FROM channel_identity WHERE id = $1",
        person, first, last,
    )  # fmt: skip
    assert await held(database)
    standing_clock.advance(hours=7, minutes=59)
    assert await held(database)
    standing_clock.advance(minutes=1)
    assert not await held(database)
