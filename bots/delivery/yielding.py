"""Sending to many gives way to answers: while people write it works a small part of the time, while answers wait not at all.

Its statements run in the database that answers run in, where the low priority of this process counts for nothing. So it does
one piece of work at a time, a few milliseconds long, and rests after each for several times as long as it took: where the machine
is slower, or busier, the rests are longer by themselves.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta

from core.clock import utc_now
from core.db.database import Database, driver_connection
from core.ids import first_id_of

# So often who has work to do looks whether people write.
_LOOK_SECONDS = 0.25
_LATELY = timedelta(seconds=2)
# Of a stretch of time in which people write, one part in `1 + _RESTS` is for work on many. Measured (decision 0034): p95 of
# answers rises by 6 % at 30, by 60 % at 9.
_RESTS = 30.0
_MOST_REST = 1.0
# What is open for so long waits. After ten seconds the sweep has it: what is open even then has other reasons.
_WAITS, _NO_LONGER = timedelta(milliseconds=250), timedelta(seconds=10)
# However many wait, a campaign does not stand still.
_PATIENCE = 5.0
_PEOPLE = """
SELECT EXISTS (SELECT 1 FROM inbound_event WHERE id >= $1) AS write,
       EXISTS (SELECT 1 FROM inbound_event WHERE handled_at IS NULL AND received_at BETWEEN $2 AND $3) AS wait
"""


class Yielding:
    """The manners of one process that sends to many."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._looked_at = -_LOOK_SECONDS
        self._people_write = self._people_wait = False
        self._free_at = 0.0
        # Set when the process is to end: nothing new is begun, what was begun is finished.
        self.ending = asyncio.Event()

    @contextlib.asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Work in the database as soon as it is our turn; then rest."""
        async with self._turn:
            await self._until_welcome()
            began = time.monotonic()
            try:
                yield
            finally:
                now = time.monotonic()
                rest = min(_MOST_REST, (now - began) * _RESTS) if self._people_write else 0.0
                self._free_at = now + rest

    async def _until_welcome(self) -> None:
        await asyncio.sleep(self._free_at - time.monotonic())
        patience = time.monotonic() + _PATIENCE
        await self._look()
        while self._people_wait and time.monotonic() < patience:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._look()

    async def _look(self) -> None:
        if time.monotonic() - self._looked_at < _LOOK_SECONDS:
            return
        now = utc_now()
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            row = await connection.fetchrow(
                _PEOPLE, first_id_of(now - _LATELY), now - _NO_LONGER, now - _WAITS
            )
        self._people_write, self._people_wait = row["write"], row["wait"]
        self._looked_at = time.monotonic()
