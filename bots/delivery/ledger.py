"""Attempts and outcomes, written for many messages at once: whatever waits while one batch is written is the next."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Mode, Outcome
from bots.outgoing import CLAIM, Outgoing
from core import metrics
from core.clock import utc_now
from core.db.database import Database, driver_connection, is_connection_error
from core.logs import get_logger
from core.messages.models import State

_RETRY_SECONDS = 0.5
# So often the database may refuse a batch, although it is there, before the entries are written one by one.
_MOST_REFUSALS = 3
_log = get_logger()

# Only who holds the claim may begin, and holds it from then on for as long as a call may take.
_HOLD = """
UPDATE message m SET claimed_until = $4, may_be_double = m.may_be_double OR n.doubt
FROM unnest($1::uuid[], $2::smallint[], $3::bool[]) AS n(id, tries, doubt)
WHERE m.id = n.id AND m.tries = n.tries AND m.state = 'sending' RETURNING m.id
"""
# A commit whose answer was lost is written again.
_BEGIN = """
INSERT INTO message_attempt (id, message_id, part, mode, retry_key, started_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::uuid[], $6::timestamptz[])
ON CONFLICT (id) DO NOTHING
"""
_FINISH = """
UPDATE message_attempt a SET finished_at = $5, outcome = n.outcome, status = n.status,
       platform_message = n.platform_message
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::bigint[]) AS n(id, outcome, status, platform_message)
WHERE a.id = n.id
"""
# Only who holds the claim may change the row: a claim that was taken over has another number of tries.
_SETTLE = """
UPDATE message m SET state = n.state, reason = n.reason, parts_done = n.parts_done, not_before = n.not_before,
       claimed_until = CASE WHEN n.state = 'sending' THEN m.claimed_until END,
       finished_at = CASE WHEN n.state IN ('pending', 'sending') THEN NULL ELSE $7::timestamptz END
FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::smallint[], $6::timestamptz[])
  AS n(id, tries, state, reason, parts_done, not_before)
WHERE m.id = n.id AND m.tries = n.tries AND m.state = 'sending'
"""
_BLOCKED = "UPDATE channel_identity SET blocked_at = $2 WHERE id = ANY($1) AND blocked_at IS NULL"


class Begin(NamedTuple):
    """An attempt, to be written before its call."""

    attempt_id: UUID
    message_id: UUID
    part: int
    mode: Mode
    retry_key: UUID | None
    may_be_double: bool
    # The claim: how often the message was claimed when it became ours.
    tries: int


class Finish(NamedTuple):
    """How an attempt ended, where one was made, and what becomes of its message."""

    attempt_id: UUID | None
    outcome: Outcome | None
    status: int | None
    message_id: UUID
    identity_id: UUID
    channel: str
    mode: Mode | None
    tries: int
    state: State
    reason: str | None
    parts_done: int
    not_before: datetime | None
    # The platform's id of what was sent, where it can be deleted by it.
    platform_message: int | None = None


Entry = Begin | Finish
Waiting = tuple[Entry, "asyncio.Future[datetime | None]"]


class LedgerWriter:
    """Writes entries durably, in the order given; `run` must be running."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: asyncio.Queue[tuple[Entry, asyncio.Future[datetime | None]]] = asyncio.Queue()

    async def write(self, entry: Entry) -> datetime | None:
        """Return when the entry is durable: for a Begin until when the claim holds, None where it is lost.

        While the database is away this waits. Raises what the database has against the entry itself.
        """
        written: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((entry, written))
        return await written

    async def run(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while not self._queue.empty() and len(waiting) < 256:
                waiting.append(self._queue.get_nowait())
            await self._write_until_done(waiting)

    async def _write_until_done(self, waiting: list[Waiting]) -> None:
        refusals = 0
        while True:
            try:
                held = await self._write([entry for entry, _ in waiting])
            except Exception as error:  # noqa: BLE001 - an outcome that isn't written down would be done again
                _log.warning("ledger_waits", error=error, count=len(waiting))
                refusals += not is_connection_error(error)
                if refusals >= _MOST_REFUSALS:
                    await self._write_apart(waiting, error)
                    return
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                for entry, written in waiting:
                    _count(entry)
                    if not written.done():
                        written.set_result(held.get(entry.attempt_id))
                return

    async def _write_apart(self, waiting: list[Waiting], error: Exception) -> None:
        """One entry that the database refuses must not hold up its neighbours; its claim runs out."""
        if len(waiting) > 1:
            for one in waiting:
                await self._write_until_done([one])
            return
        _log.error("ledger_refused", error=error, message_id=str(waiting[0][0].message_id))
        if not waiting[0][1].done():
            waiting[0][1].set_exception(error)

    async def _write(self, entries: list[Entry]) -> dict[UUID | None, datetime]:
        now = utc_now()
        begins = [e for e in entries if isinstance(e, Begin)]
        finishes = [e for e in entries if isinstance(e, Finish)]
        held: dict[UUID | None, datetime] = {}
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            if begins:
                held = await _write_begins(connection, begins, now)
            if finishes:
                await _write_finishes(connection, finishes, now)
        return held


async def _write_begins(
    connection: Any, begins: Sequence[Begin], now: datetime
) -> dict[UUID | None, datetime]:
    """Write the attempts of claims that still hold; return until when, by attempt."""
    until = now + CLAIM
    rows = await connection.fetch(
        _HOLD,
        [b.message_id for b in begins],
        [b.tries for b in begins],
        [b.may_be_double for b in begins],
        until,
    )
    ours = {row["id"] for row in rows}
    held = [b for b in begins if b.message_id in ours]
    await connection.execute(
        _BEGIN,
        [b.attempt_id for b in held],
        [b.message_id for b in held],
        [b.part for b in held],
        [b.mode for b in held],
        [b.retry_key for b in held],
        [now] * len(held),
    )
    return {b.attempt_id: until for b in held}


async def write_attempts(connection: Any, begun: Sequence[Outgoing], now: datetime) -> None:
    """Write the first attempts of messages that were claimed in this very transaction."""
    if begun:
        await connection.execute(
            _BEGIN,
            [out.attempt_id for out in begun],
            [out.message_id for out in begun],
            [out.parts_done for out in begun],
            [out.mode for out in begun],
            [out.retry_key for out in begun],
            [now] * len(begun),
        )


async def _write_finishes(connection: Any, finishes: Sequence[Finish], now: datetime) -> None:
    tried = [f for f in finishes if f.attempt_id is not None]
    await connection.execute(
        _FINISH,
        [f.attempt_id for f in tried],
        [f.outcome for f in tried],
        [f.status for f in tried],
        [f.platform_message for f in tried],
        now,
    )
    await connection.execute(
        _SETTLE,
        [f.message_id for f in finishes],
        [f.tries for f in finishes],
        [f.state for f in finishes],
        [f.reason for f in finishes],
        [f.parts_done for f in finishes],
        [f.not_before for f in finishes],
        now,
    )
    blocked = [f.identity_id for f in finishes if f.outcome == "blocked"]
    if blocked:
        await connection.execute(_BLOCKED, blocked, now)


def _count(entry: Entry) -> None:
    if isinstance(entry, Finish):
        if entry.outcome is not None and entry.mode is not None:
            metrics.SENDS.labels(entry.channel, entry.mode, entry.outcome).inc()
        if entry.state not in ("pending", "sending"):
            metrics.MESSAGES.labels(entry.channel, entry.state).inc()
