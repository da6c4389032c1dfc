"""Storing every event once, durably, before its webhook is answered (invariant 1).

Requests that arrive while a batch is being written form the next: one insert, their jobs, one commit. Under load that
one is written while the last commits, except for what has to wait for an earlier event of its person. While the database
is away the batch goes to the spool; only when that fails too the webhook is refused.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Arrival
from bots.channels.reading import MAX_ID
from bots.spool import Batch, Spool
from core import metrics
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import Database, driver_connection, is_connection_error
from core.errors import UnavailableError
from core.ids import new_id
from core.jobs.queue import enqueue_on
from core.logs import get_logger

# A webhook has two seconds in all: this much for the database, the rest for the spool.
_DATABASE_SECONDS = 1.2
_MOST_AT_ONCE = 512
TURNS_A_JOB = 64
# Waiting this long for company halves the cost of a webhook under load (measured: 0.19 to 0.12 ms of the web process).
GATHER_SECONDS = 0.002
# Under load so many come while the last batch is prepared; then nobody waits for more company, nor for that batch.
_COMPANY = 24
# A third batch would find no processor to run on; the database commits one while the next is prepared.
_BATCHES_UNDER_WAY = 2
_DRAIN_SECONDS = 0.5
# After a failure the spool takes everything at once; the database is tried again by the drain.
_INSERT = """
INSERT INTO inbound_event
  (id, channel, event_id, address_key, position, message_key, body, body_key_id, received_at, handled_at, outcome)
SELECT id, channel, event_id, address_key, position, message_key, body, CASE WHEN body IS NOT NULL THEN $8::uuid END,
  $9::timestamptz, CASE WHEN over THEN $9::timestamptz END, CASE WHEN over THEN 'no_answer' END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bytea[])
  AS n(id, channel, event_id, address_key, position, message_key, body),
  -- Talk of nobody, or group talk that isn't for us, is over as soon as it is noted.
  LATERAL (SELECT n.address_key IS NULL OR n.body IS NULL AS over) AS known
ON CONFLICT (channel, event_id) DO NOTHING
RETURNING id, handled_at IS NULL AS open
"""

_log = get_logger()

# A platform's name and its id of a person or group.
Address = tuple[str, str]


class Request(NamedTuple):
    """The events of one webhook request, and what its answer waits for."""

    arrivals: list[Arrival]
    stored: "asyncio.Future[None]"

    def addresses(self) -> set[Address]:
        """Whose events these are; those of nobody have no order to keep."""
        return {(a.channel, a.address) for a in self.arrivals if a.address is not None}


class Handover:
    """Waiting requests in order of arrival, and the people whose events are being written.

    Two batches are on their way at once, and still nobody's later event goes before an earlier one: a request waits while
    an earlier one of any of its people is being written. That one may yet go to the spool, and the later one must then
    queue up behind it there.
    """

    def __init__(self) -> None:
        self._waiting: list[Request] = []
        self._under_way: set[Address] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, request: Request) -> None:
        self._waiting.append(request)

    def take(self, most: int) -> list[Request]:
        """Take up to `most` requests that wait for nobody; their people are under way until `done`."""
        blocked = set(self._under_way)
        free: list[Request] = []
        behind: list[Request] = []
        for request in self._waiting:
            addresses = request.addresses()
            if len(free) < most and blocked.isdisjoint(addresses):
                free.append(request)
                self._under_way |= addresses
            else:
                behind.append(request)
                blocked |= addresses
        self._waiting = behind
        return free

    def done(self, requests: Sequence[Request]) -> None:
        """Whatever became of them: who waited behind their people may go."""
        for request in requests:
            self._under_way -= request.addresses()


class Inbox:
    """Takes arrivals in for one process; `run` must be running."""

    def __init__(self, database: Database, keys: DataKeys, spool: Spool) -> None:
        self._database = database
        self._keys = keys
        self._spool = spool
        self._handover = Handover()
        # Something came in, or a batch is written.
        self._stirred = asyncio.Event()
        self._under_way = 0
        self._day_key: tuple[str, UUID, bytes] | None = None
        self._inserting: set[asyncio.Task[None]] = set()

    async def store(self, arrivals: list[Arrival]) -> None:
        """Return when every arrival is durable; raises UnavailableError when none of our stores can take it."""
        if not arrivals:
            return
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._handover.add(Request(arrivals, stored))
        self._stirred.set()
        await stored

    async def run(self) -> None:
        """Write batches until cancelled, and take the spool in whenever it holds something."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write_batches(tasks))
            tasks.create_task(self._drain_spool())

    async def _write_batches(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            if self._under_way == 0 and len(self._handover) < _COMPANY:
                await asyncio.sleep(GATHER_SECONDS)
            while self._wants_batch() and (requests := self._handover.take(_MOST_AT_ONCE)):
                self._under_way += 1
                tasks.create_task(self._write_batch(requests))

    def _wants_batch(self) -> bool:
        if self._under_way == 0:
            return len(self._handover) > 0
        return self._under_way < _BATCHES_UNDER_WAY and len(self._handover) >= _COMPANY

    async def _write_batch(self, requests: list[Request]) -> None:
        try:
            await self._keep(requests)
        finally:
            self._handover.done(requests)
            self._under_way -= 1
            self._stirred.set()

    async def _keep(self, requests: list[Request]) -> None:
        arrivals = [arrival for request in requests for arrival in request.arrivals]
        try:
            await self._insert_or_spool(arrivals)
        except Exception as error:  # noqa: BLE001 - the loop must outlive anything; the platform will send again
            _log.error("inbox_cannot_keep", error=error, count=len(arrivals))
            for request in requests:
                if not request.stored.done():
                    request.stored.set_exception(UnavailableError("events can't be kept now"))
            return
        for request in requests:
            if not request.stored.done():
                request.stored.set_result(None)

    async def _insert_or_spool(self, arrivals: list[Arrival]) -> None:
        """While anything is spooled, later events queue up behind it, so that order holds."""
        if not self._is_spooling():
            try:
                await self._insert_in_time(arrivals)
            except Exception as error:  # noqa: BLE001 - whatever the database does, the events are kept
                _log.warning("inbox_spooling", error=error, count=len(arrivals))
            else:
                return
        await self._spool.append(arrivals)

    async def _insert_in_time(self, arrivals: Sequence[Arrival]) -> None:
        """Insert, or raise TimeoutError in time for the spool; what a hanging server still makes of it does no harm.

        Cancelling a statement takes seconds where the server hangs, so nobody waits for that here.
        """
        inserting = asyncio.create_task(self.insert(arrivals))
        self._inserting.add(inserting)
        inserting.add_done_callback(self._inserting.discard)
        try:
            done, _ = await asyncio.wait({inserting}, timeout=_DATABASE_SECONDS)
        except asyncio.CancelledError:
            inserting.cancel()
            raise
        if not done:
            inserting.cancel()
            raise TimeoutError
        inserting.result()

    def _is_spooling(self) -> bool:
        """A spool that can't be read holds nothing that later events would have to wait for."""
        try:
            return not self._spool.is_empty()
        except OSError as error:
            _log.error("spool_unreadable", error=error)
            return False

    async def _drain_spool(self) -> None:
        while True:
            await asyncio.sleep(_DRAIN_SECONDS)
            try:
                await self._drain_once()
            except Exception as error:  # noqa: BLE001 - a spool that fails must not end the writing of batches
                _log.error("spool_not_drained", error=error)

    async def _drain_once(self) -> None:
        if self._spool.is_empty():
            return
        with self._spool.taking_in() as mine:
            if mine:
                await self._take_in()

    async def _take_in(self) -> None:
        async for batch in self._spool.batches():
            try:
                await self.insert(batch.arrivals, batch.arrived_at)
            except Exception as error:  # noqa: BLE001 - the batch stays where it is and is tried again
                if is_connection_error(error) or not await self._insert_apart(batch):
                    _log.info("spool_waits", error=error)
                    return
            self._spool.remove(batch.path)

    async def _insert_apart(self, batch: Batch) -> bool:
        """One arrival that the database refuses must not hold up its neighbours: it is put aside for a person."""
        for arrival in batch.arrivals:
            try:
                await self.insert([arrival], batch.arrived_at)
            except Exception as error:  # noqa: BLE001 - sorted here
                if is_connection_error(error):
                    return False
                _log.error("arrival_put_aside", error=error, channel=arrival.channel)
                await self._spool.put_aside(arrival)
        return True

    async def insert(self, arrivals: Sequence[Arrival], arrived_at: datetime | None = None) -> None:
        """Insert what is new and enqueue its turns, in one transaction. Without `arrived_at` they came just now."""
        now = arrived_at or utc_now()
        async with self._database.unit_of_work() as session:
            key_id, key = await self._key_of_day(utc_now())
            connection = await driver_connection(session)
            rows = await connection.fetch(_INSERT, *self._columns(arrivals, key), key_id, now)
            fresh = [row["id"] for row in rows if row["open"]]
            for start in range(0, len(fresh), TURNS_A_JOB):
                await enqueue_on(connection, "turns", fresh[start : start + TURNS_A_JOB])
        channel = arrivals[0].channel
        metrics.WEBHOOK_EVENTS.labels(channel, "new").inc(len(rows))
        metrics.WEBHOOK_EVENTS.labels(channel, "again").inc(len(arrivals) - len(rows))

    def _columns(self, arrivals: Sequence[Arrival], key: bytes) -> list[tuple[Any, ...]]:
        """Return what differs from row to row; each further array would cost as much as sealing."""
        index = self._keys.keyset.index
        rows = []
        for arrival in arrivals:
            row_id = new_id()
            rows.append(
                (
                    row_id,
                    arrival.channel,
                    safe_event_id(arrival.event_id),
                    None if arrival.address is None else index(f"{arrival.channel}-address", arrival.address),
                    arrival.position,
                    index(f"{arrival.channel}-message", arrival.message) if arrival.message else None,
                    seal(key, arrival.body, context("inbound_event", "body", row_id))
                    if arrival.body
                    else None,
                )
            )
        return list(zip(*rows, strict=True))

    async def _key_of_day(self, now: datetime) -> tuple[UUID, bytes]:
        """Return today's key (Bangkok days); destroyed a day after its last body is gone."""
        name = f"inbox:{bangkok(now):%Y-%m-%d}"
        if self._day_key is None or self._day_key[0] != name:
            async with self._database.unit_of_work() as session:
                key_id, key = await self._keys.named(session, name, "day")
            self._day_key = (name, key_id, key)
        return self._day_key[1], self._day_key[2]


def safe_event_id(event_id: str) -> str:
    """A platform's id as it is when it looks like one, else its hash: it becomes part of a unique index."""
    if len(event_id) <= MAX_ID and event_id.isascii() and event_id.isprintable():
        return event_id
    return "sha256:" + hashlib.sha256(event_id.encode("utf-8", "replace")).hexdigest()[:40]
