"""What is past its time goes, what is not stays, and no step walks a whole table. Guards 18."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import first_id_of, new_id
from core.retention.classes import shipped
from core.retention.lengths import lengths_in_force
from core.retention.steps import Step, run_sweep
from core.retention.sweeping import SWEEPS

LITTLE = timedelta(minutes=5)
EVENT_BODIES, EVENT_ROWS = shipped("event_words"), shipped("event_rows")
MESSAGE_CONTENT, MESSAGE_ROWS = shipped("message_words"), shipped("message_rows")


def id_of(moment: datetime) -> UUID:
    return UUID(int=first_id_of(moment).int | new_id().int & 0xFFFF_FFFF)


async def _run(database: Database, query: str, *values: Any) -> Any:
    async with database.unit_of_work() as session:
        return await (await driver_connection(session)).fetch(query, *values)


async def retain(database: Database) -> int:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        lengths = await lengths_in_force(connection)
        return sum([await run_sweep(connection, sweep, lengths[sweep.code]) for sweep in SWEEPS])


async def add_person(database: Database, keys: DataKeys) -> UUID:
    now, contact, identity = utc_now(), new_id(), new_id()
    async with database.unit_of_work() as session:
        row, _ = keys.row("contact")
        session.add(row)
        await session.flush()
        connection = await driver_connection(session)
        await connection.execute(
            "INSERT INTO contact (id, data_key_id, created_at) VALUES ($1, $2, $3)", contact, row.id, now
        )
        await connection.execute(
            "INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)"
            " VALUES ($1, $2, 'line', $3, $3, $4)",
            identity, contact, identity.bytes, now,
        )  # fmt: skip
    return identity


async def add_event(database: Database, handled_at: datetime | None, key_id: UUID | None = None) -> UUID:
    made = handled_at or utc_now() - timedelta(days=90)
    event_id = id_of(made)
    await _run(
        database,
        "INSERT INTO inbound_event (id, channel, event_id, position, body, body_key_id, received_at, handled_at)"
        " VALUES ($1, 'line', $2, 0, 'x', $5, $3, $4)",
        event_id, str(event_id), made, handled_at, key_id,
    )  # fmt: skip
    return event_id


async def add_message(
    database: Database, identity: UUID, finished_at: datetime | None, made: datetime
) -> UUID:
    message_id = id_of(made)
    await _run(
        database,
        "INSERT INTO message (id, identity_id, channel, lane, kind, state, content, created_at, finished_at)"
        " VALUES ($1, $2, 'line', 'reply', 'answer', $3, 'x', $4, $5)",
        message_id, identity, "sent" if finished_at else "pending", made, finished_at,
    )  # fmt: skip
    return message_id


@pytest.mark.parametrize(("age", "stays"), [(EVENT_BODIES - LITTLE, True), (EVENT_BODIES + LITTLE, False)])
async def test_an_events_words_go_a_day_after_it_was_handled(
    database: Database, age: timedelta, *, stays: bool
) -> None:
    await add_event(database, utc_now() - age)
    await retain(database)
    ((body,),) = await _run(database, "SELECT body FROM inbound_event")
    assert (body is not None) is stays


@pytest.mark.parametrize(("age", "stays"), [(EVENT_ROWS - LITTLE, True), (EVENT_ROWS + LITTLE, False)])
async def test_an_events_row_goes_when_no_redelivery_can_come(
    database: Database, age: timedelta, *, stays: bool
) -> None:
    kept = [await add_event(database, None)]
    aged = await add_event(database, utc_now() - age)
    await retain(database)
    left = {row["id"] for row in await _run(database, "SELECT id FROM inbound_event")}
    assert left == {*kept, *([aged] if stays else [])}


async def test_a_waiting_message_keeps_its_words_until_it_was_read(
    database: Database, keys: DataKeys
) -> None:
    identity, now = await add_person(database, keys), utc_now()
    old = now - MESSAGE_CONTENT - LITTLE
    waiting = await add_message(database, identity, None, old)
    ended = await add_message(database, identity, old, old)
    young = await add_message(database, identity, now - LITTLE, old)
    await retain(database)
    rows = await _run(database, "SELECT id FROM message WHERE content IS NOT NULL")
    assert {row["id"] for row in rows} == {waiting, young}
    assert ended


async def test_a_messages_row_goes_with_its_attempts_and_leaves_the_thread(
    database: Database, keys: DataKeys
) -> None:
    identity, now = await add_person(database, keys), utc_now()
    old = now - MESSAGE_ROWS - LITTLE
    gone, young = (
        await add_message(database, identity, old, old),
        await add_message(database, identity, now, now),
    )
    await _run(
        database,
        "INSERT INTO message_attempt (id, message_id, part, mode, started_at) VALUES ($1, $1, 0, 'push', $2)",
        gone, old,
    )  # fmt: skip
    await retain(database)
    assert [row["id"] for row in await _run(database, "SELECT id FROM message")] == [young]
    assert await _run(database, "SELECT id FROM message_attempt") == []


@pytest.mark.parametrize("handled", [True, False])
async def test_a_days_key_outlives_the_last_body_it_sealed(
    database: Database, keys: DataKeys, *, handled: bool
) -> None:
    async with database.unit_of_work() as session:
        key_id, _ = await keys.named(session, "inbox:2026-01-01", "day")
    event = await add_event(database, utc_now() - LITTLE if handled else None, key_id)
    await retain(database)
    assert await _run(database, "SELECT 1 FROM data_key WHERE id = $1 AND wrapped IS NOT NULL", key_id)
    await _run(database, "UPDATE inbound_event SET body = NULL WHERE id = $1", event)
    assert await retain(database) == 1
    assert await _run(database, "SELECT 1 FROM erasure WHERE data_key_id = $1", key_id)


async def test_it_says_when_there_is_more_to_do(database: Database) -> None:
    await add_event(database, utc_now() - EVENT_BODIES - LITTLE)
    assert [await retain(database), await retain(database)] == [1, 0]


async def test_no_step_walks_the_great_tables(database: Database) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await connection.execute("SET LOCAL enable_seqscan = off")
        for step in (one for one in SWEEPS if isinstance(one, Step)):
            for statement in (step.removal, step.counting):
                values = step.values(utc_now(), 5_000)
                plan = "\n".join(r[0] for r in await connection.fetch(f"EXPLAIN {statement}", *values))
                assert "Seq Scan on inbound_event" not in plan
                assert "Seq Scan on message" not in plan


async def test_it_notes_how_many_of_which_class_went_on_which_day(database: Database) -> None:
    for _ in range(3):
        await add_event(database, utc_now() - EVENT_ROWS - LITTLE)
    await retain(database)
    await retain(database)
    rows = await _run(database, "SELECT day, code, removed FROM retention_tally ORDER BY code")
    assert [(row["code"], row["removed"]) for row in rows] == [("event_rows", 3), ("event_words", 3)]
    assert {row["day"] for row in rows} == {bangkok(utc_now()).date()}


async def test_a_batch_is_bounded_and_leaves_alone_what_somebody_works_on(database: Database) -> None:
    events = [await add_event(database, utc_now() - EVENT_ROWS - LITTLE) for _ in range(3)]
    step = next(one for one in SWEEPS if one.code == "event_rows")
    async with database.unit_of_work() as worker, database.unit_of_work() as sweeper:
        busy = await driver_connection(worker)
        await busy.execute("SELECT 1 FROM inbound_event WHERE id = $1 FOR UPDATE", events[0])
        connection = await driver_connection(sweeper)
        assert await run_sweep(connection, step, EVENT_ROWS, limit=1) == 1
        assert await run_sweep(connection, step, EVENT_ROWS, limit=9) == 1
        assert await run_sweep(connection, step, EVENT_ROWS, limit=9) == 0
    left = await _run(database, "SELECT id FROM inbound_event")
    assert [row["id"] for row in left] == events[:1]


async def test_the_job_log_and_jobs_that_nobody_looked_at_go(database: Database) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await connection.execute(
            "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint)"
            " VALUES (now() - interval '25 h', 1, 'successful', 0, 'x'), (now(), 2, 'successful', 0, 'x')"
        )
        await connection.execute(
            "INSERT INTO pgqueuer (updated, status, priority, entrypoint) VALUES"
            " (now() - interval '31 d', 'failed', 0, 'held'), (now(), 'failed', 0, 'held'),"
            " (now() - interval '31 d', 'queued', 0, 'waits')"
        )
    await retain(database)
    assert [row["job_id"] for row in await _run(database, "SELECT job_id FROM pgqueuer_log")] == [2]
    assert len(await _run(database, "SELECT 1 FROM pgqueuer")) == 2
