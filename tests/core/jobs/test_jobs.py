"""Jobs: enqueued with the transaction or not at all, ids only, retried, held, and silent about content. Guards 2, 5, 11."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.db.database import Database, driver_connection
from core.ids import new_id
from core.jobs import worker as worker_module
from core.jobs.queue import PRIORITIES, enqueue, pack_ids, unpack_ids
from core.jobs.worker import Worker
from tests.support.undone import undone

SECRET = "ความลับของผู้ร้องเรียน"


async def jobs(database: Database) -> list[Any]:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return list(
            await connection.fetch(
                "SELECT entrypoint, payload, priority, status::text FROM pgqueuer ORDER BY id"
            )
        )


@contextlib.asynccontextmanager
async def working(
    database: Database, **handlers: Callable[[list[UUID]], Awaitable[None]]
) -> AsyncIterator[Worker]:
    worker = Worker(database, handlers)
    running = asyncio.create_task(worker.run())
    yield worker
    worker.stop()
    await asyncio.wait_for(running, 15)


async def eventually(true: Callable[[], Awaitable[bool]], seconds: float = 12) -> None:
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.05)


async def test_a_job_enqueued_first_thing_and_rolled_back_leaves_no_job(database: Database) -> None:
    async with undone(database) as session:
        await enqueue(session, "turns", [new_id()])
    assert await jobs(database) == []


async def test_a_committed_job_holds_ids_and_nothing_else(database: Database) -> None:
    event = new_id()
    async with database.unit_of_work() as session:
        await enqueue(session, "turns", [event])
        await enqueue(session, "chore")
    first, second = await jobs(database)
    assert (first["entrypoint"], first["priority"]) == ("turns", PRIORITIES["turns"])
    assert first["payload"] == f'["{event}"]'.encode()
    assert second["payload"] == b"[]"


def test_ids_are_packed_and_unpacked() -> None:
    ids = [new_id() for _ in range(3)]
    assert unpack_ids(pack_ids(ids)) == ids
    assert unpack_ids(None) == unpack_ids(b"") == []


def test_turns_go_before_deliveries_and_bulk_goes_last() -> None:
    assert PRIORITIES["turns"] > PRIORITIES["deliver"] > PRIORITIES["deliver_batch"]


async def test_a_job_reaches_its_handler_and_a_later_one_waits(database: Database) -> None:
    got: list[UUID] = []
    event, later = new_id(), new_id()

    async def turns(ids: list[UUID]) -> None:
        got.extend(ids)

    async def done() -> bool:
        return got == [event]

    async with working(database, turns=turns):
        async with database.unit_of_work() as session:
            await enqueue(session, "turns", [later], delay=timedelta(hours=1))
            await enqueue(session, "turns", [event])
        await eventually(done)
        await asyncio.sleep(0.1)
    assert got == [event]


async def test_a_failing_job_is_tried_again_then_held_and_never_quotes_its_error(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "RETRY_DELAYS", (timedelta(0), timedelta(0)))
    tries = 0

    async def turns(_ids: list[UUID]) -> None:
        nonlocal tries
        tries += 1
        raise ValueError(SECRET)

    async def held() -> bool:
        return [row["status"] for row in await jobs(database)] == ["failed"]

    async with working(database, turns=turns):
        async with database.unit_of_work() as session:
            await enqueue(session, "turns", [new_id()])
        await eventually(held)
    assert tries == 3
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        rows = await connection.fetch("SELECT row_to_json(l)::text AS line FROM pgqueuer_log l")
    written = "".join(row["line"] for row in rows)
    assert "ValueError" in written
    assert SECRET not in written
    assert "\\u0e" not in written


async def test_one_failing_job_does_not_stop_the_others(database: Database) -> None:
    got = []

    async def turns(_ids: list[UUID]) -> None:
        raise ValueError

    async def deliver(ids: list[UUID]) -> None:
        got.extend(ids)

    async def done() -> bool:
        return len(got) == 1

    async with working(database, turns=turns, deliver=deliver):
        async with database.unit_of_work() as session:
            await enqueue(session, "turns", [new_id()])
            await enqueue(session, "deliver", [new_id()])
        await eventually(done)


async def test_a_worker_whose_connections_were_cut_goes_on(database: Database) -> None:
    got = []

    async def turns(ids: list[UUID]) -> None:
        got.extend(ids)

    async def done() -> bool:
        return len(got) == 1

    async with working(database, turns=turns):
        await asyncio.sleep(0.3)
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'rootan-worker' AND datname = current_database()"
            )
        async with database.unit_of_work() as session:
            await enqueue(session, "turns", [new_id()])
        await eventually(done)
