"""Taking up what no job took up: events unhandled for a while, whatever the reason."""

import asyncio
from datetime import timedelta

from bots.dispatch.dispatcher import Dispatcher
from core import metrics
from core.clock import utc_now
from core.db.database import Database, driver_connection
from core.logs import get_logger

_EVERY_SECONDS = 2.0
FORGOTTEN = timedelta(seconds=10)
_AT_ONCE = 256

_FORGOTTEN = """
SELECT id FROM inbound_event WHERE handled_at IS NULL AND received_at < $1 AND channel = ANY($3)
ORDER BY received_at LIMIT $2
"""
_log = get_logger()


async def sweep_forgotten(database: Database, dispatcher: Dispatcher, channels: list[str]) -> None:
    """Look every two seconds, until cancelled. Events of a channel that is switched off wait for it."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            await _sweep_once(database, dispatcher, channels)
        except Exception as error:  # noqa: BLE001 - the database may be away; the next look takes it up
            _log.warning("sweep_failed", error=error)


async def _sweep_once(database: Database, dispatcher: Dispatcher, channels: list[str]) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        rows = await connection.fetch(_FORGOTTEN, utc_now() - FORGOTTEN, _AT_ONCE, channels)
        oldest = await connection.fetchval(
            "SELECT min(received_at) FROM inbound_event WHERE handled_at IS NULL"
        )
    metrics.QUEUE_AGE.set(0 if oldest is None else (utc_now() - oldest).total_seconds())
    if rows:
        _log.info("events_taken_up", count=len(rows))
        await dispatcher.handle([row["id"] for row in rows])
