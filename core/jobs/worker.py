"""The worker loop: PgQueuer with its defaults tamed (see docs/decisions on the job engine)."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

import asyncpg
from pgqueuer.core.qm import QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, TracebackRecord
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.queries import Queries
from pgqueuer.types import JOB_STATUS, QueueEntrypoint, QueueManagerId

from core import metrics
from core.db.database import Database, is_connection_error
from core.jobs.listening import SparingDriver, leave_as_is
from core.jobs.queue import unpack_ids
from core.logs import get_logger

Handler = Callable[[list[UUID]], Awaitable[None]]

# A dead worker's jobs are taken up again after this long; beats go out at half of it.
HEARTBEAT = timedelta(seconds=5)
RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (1, 5, 30))
_REBUILD_SECONDS = 1.0
_LISTENING_SECONDS = 3.0
_REST_SECONDS = 0.5

_log = get_logger()


class JobFailedError(Exception):
    """What PgQueuer may write down of a failure: the kind, never the text."""


def wrap_handler(name: str, handler: Handler) -> Callable[[Job], Awaitable[None]]:
    """Catch everything: retry a few times, then hold the job for a person; only the error's type is kept."""

    async def run(job: Job) -> None:
        try:
            await handler(unpack_ids(job.payload))
        except Exception as error:  # noqa: BLE001 - a handler's failure must not leak its text into the job log
            metrics.JOB_FAILURES.labels(name).inc()
            kind = type(error).__name__
            _log.warning("job_failed", job=name, error=error, attempt=job.attempts)
            # However often the database goes away, that is no failure of the job.
            away = is_connection_error(error)
        else:
            return
        if away:
            raise RetryRequested(delay=RETRY_DELAYS[0], reason=kind)
        if job.attempts < len(RETRY_DELAYS):
            raise RetryRequested(delay=RETRY_DELAYS[job.attempts], reason=kind)
        raise JobFailedError(kind)

    return run


class _PatientManager(QueueManager):
    """PgQueuer 1.6 probes its listener before it listens: the first probe goes unheard, and ten seconds later the
    loop is torn down for nothing. Ours lets it begin to listen first.
    """

    async def _run_periodic_health_check(self, interval: timedelta = timedelta(seconds=10)) -> None:
        await asyncio.sleep(_LISTENING_SECONDS)
        await super()._run_periodic_health_check(interval)


class PatientQueries(Queries):
    """The engine's queries over a driver that is woken sparingly.

    A job that can't even be given back, because the database is away, stays picked instead of being held: its heart-beat
    stops, so that somebody picks it up again.
    """

    driver: SparingDriver

    @classmethod
    def from_asyncpg_pool(cls, pool: asyncpg.Pool, *, rest: float = 0.0) -> "PatientQueries":
        return cls(SparingDriver(pool, rest=rest))

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[Job]:
        self.driver.looking()
        return await super().dequeue(
            batch_size, entrypoints, queue_manager_id, global_concurrency_limit, heartbeat_timeout
        )

    async def log_jobs(self, job_status: list[tuple[Job, JOB_STATUS, TracebackRecord | None]]) -> None:
        await super().log_jobs(job_status)
        self.driver.wake()

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        try:
            await super().retry_job(job, delay, traceback_record)
        except Exception as error:
            if not is_connection_error(error):
                raise
            _log.info("job_left_picked", error=error, job_id=job.id)


class Worker:
    """Runs jobs until stopped; rebuilds its connections when the database was away."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        concurrency: int = 4,
        seldom: bool = False,
    ) -> None:
        """`seldom`: others' jobs are many and its own few, so it is woken by them at most twice a second."""
        self._database = database
        self._handlers = handlers
        self._concurrency = concurrency
        self._rest = _REST_SECONDS if seldom else 0.0
        self._stopping = asyncio.Event()
        self._manager: QueueManager | None = None

    def stop(self) -> None:
        """Finish what is being worked on, then end `run`."""
        self._stopping.set()
        if self._manager is not None:
            self._manager.shutdown.set()

    async def run(self) -> None:
        # PgQueuer logs job failures with their traceback, whose last line may quote content.
        logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)
        while not self._stopping.is_set():
            try:
                await self._run_until_cut()
            except Exception as error:  # noqa: BLE001 - whatever cut the loop, the worker goes on
                _log.warning("worker_rebuilding", error=error)
                self._database.revive()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _REBUILD_SECONDS)

    async def _run_until_cut(self) -> None:
        pool = await asyncpg.create_pool(
            self._database.asyncpg_address,
            min_size=2,
            max_size=4,
            timeout=3,
            command_timeout=30,
            reset=leave_as_is,
            server_settings={"jit": "off", "application_name": "rootan-worker"},
        )
        try:
            manager = _PatientManager(PatientQueries.from_asyncpg_pool(pool, rest=self._rest))
            for name, handler in self._handlers.items():
                manager.entrypoint(name, on_failure="hold", accepts_context=False)(
                    wrap_handler(name, handler)
                )
            self._manager = manager
            if self._stopping.is_set():
                return
            await manager.run(
                dequeue_timeout=timedelta(seconds=2),
                # The engine wants room for two fetches.
                batch_size=max(1, self._concurrency // 2),
                max_concurrent_tasks=max(2, self._concurrency),
                shutdown_on_listener_failure=True,
                heartbeat_timeout=HEARTBEAT,
                log_aggregation_interval=timedelta(0),
            )
        finally:
            self._manager = None
            with contextlib.suppress(Exception):
                await asyncio.wait_for(pool.close(), 5)
            pool.terminate()
