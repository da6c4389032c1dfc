"""A job whose database goes away is neither lost nor held for a person: it runs again. Guards 2."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
from pgqueuer.models import Job
from pgqueuer.types import JobId, QueueEntrypoint

from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from core.jobs.queue import enqueue
from core.jobs.worker import PatientQueries, Worker
from tests.crash.truth import open_work
from tests.support.killable import KillablePostgres

_SECONDS = 40.0


async def test_a_job_runs_again_when_not_even_its_failure_could_be_written(
    postgres: KillablePostgres,
) -> None:
    database = Database(postgres.address.replace("postgresql://", "postgresql+asyncpg://"))
    asked, runs, gone = new_id(), list[list[UUID]](), asyncio.Event()

    async def work(ids: list[UUID]) -> None:
        runs.append(ids)
        if len(runs) == 1:
            await postgres.kill()
            gone.set()
            raise ConnectionResetError

    async with database.unit_of_work() as session:
        await enqueue(session, "work", [asked])
    worker = Worker(database, {"work": work})
    running = asyncio.create_task(worker.run())
    try:
        await asyncio.wait_for(gone.wait(), _SECONDS)
        await postgres.start()
        await _until(lambda: len(runs) >= 2)
    finally:
        worker.stop()
        await running
        await database.close()
    assert runs == [[asked]] * len(runs)
    assert not await open_work(postgres.address)


async def test_a_job_that_cannot_be_given_back_is_left_to_the_next_worker(postgres: KillablePostgres) -> None:
    pool = await asyncpg.create_pool(postgres.address, min_size=1)
    queries = PatientQueries.from_asyncpg_pool(pool)
    now = utc_now()
    job = Job(
        id=JobId(1), priority=0, created=now, updated=now, heartbeat=now, execute_after=now, status="picked",
        entrypoint=QueueEntrypoint("work"), payload=None, queue_manager_id=None, headers=None, attempts=0,
    )  # fmt: skip
    await postgres.stop()
    await queries.retry_job(job, timedelta(seconds=1), None)
    pool.terminate()


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
