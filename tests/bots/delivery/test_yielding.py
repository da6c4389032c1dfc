"""While people write, what goes to many works a small part of the time, and while they wait not at all."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from bots.delivery.yielding import Yielding
from bots.models import InboundEvent
from core.clock import utc_now
from core.db.database import Database
from core.ids import first_id_of

# Of each piece of work; a rest after it is far longer than what else happens between two pieces.
_WORK_SECONDS = 0.02
# Whoever rests keeps still for at least this many times as long as the work took; whoever doesn't, for far less.
_RESTS_AT_LEAST = 9


async def _write(database: Database, *, ago: float = 0.0, handled: bool = False) -> UUID:
    """Somebody wrote that many seconds ago."""
    at = utc_now() - timedelta(seconds=ago)
    event_id = first_id_of(at)
    async with database.unit_of_work() as session:
        session.add(
            InboundEvent(
                id=event_id,
                channel="line",
                event_id=str(event_id),
                address_key=b"somebody",
                position=1,
                received_at=at,
                handled_at=at if handled else None,
            )
        )
    return event_id


async def _handle(database: Database, event_id: UUID) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(InboundEvent).where(InboundEvent.id == event_id).values(handled_at=utc_now())
        )


async def _work(yielding: Yielding) -> tuple[float, float]:
    """Returns when the piece of work began and when it ended."""
    async with yielding.step():
        began = time.monotonic()
        await asyncio.sleep(_WORK_SECONDS)
        return began, time.monotonic()


async def _begun_within(work: Callable[[], Awaitable[object]], seconds: float) -> bool:
    beginning = asyncio.ensure_future(work())
    done, _ = await asyncio.wait({beginning}, timeout=seconds)
    beginning.cancel()
    return bool(done)


async def test_it_rests_many_times_as_long_as_it_worked_while_somebody_writes(database: Database) -> None:
    await _write(database, handled=True)
    yielding = Yielding(database)
    (began, ended), (next_began, _) = await _work(yielding), await _work(yielding)
    assert next_began - ended >= (ended - began) * _RESTS_AT_LEAST


async def test_it_works_on_without_a_rest_while_nobody_writes(database: Database) -> None:
    await _write(database, ago=60, handled=True)
    yielding = Yielding(database)
    pieces = [await _work(yielding) for _ in range(20)]
    worked = sum(ended - began for began, ended in pieces)
    assert pieces[-1][1] - pieces[0][0] < worked * _RESTS_AT_LEAST


async def test_it_begins_nothing_while_somebody_waits_and_goes_on_once_they_were_answered(
    database: Database,
) -> None:
    waiting = await _write(database, ago=1)
    yielding = Yielding(database)
    assert not await _begun_within(lambda: _work(yielding), 0.8)
    await _handle(database, waiting)
    async with asyncio.timeout(30):
        await _work(yielding)


async def test_it_goes_on_in_the_end_however_long_somebody_waits(database: Database) -> None:
    await _write(database, ago=3_600)
    yielding = Yielding(database)
    async with asyncio.timeout(30):
        await _work(yielding)


async def test_it_does_one_piece_of_work_at_a_time(database: Database) -> None:
    yielding, at_work, most = Yielding(database), 0, 0

    async def work() -> None:
        nonlocal at_work, most
        async with yielding.step():
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(work() for _ in range(10)))
    assert most == 1
