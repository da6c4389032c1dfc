"""Enqueueing on the caller's own transaction: a rollback leaves no job."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from pgqueuer.queries import Queries
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.database import driver_connection

# Smaller numbers would do for order alone; the gaps leave room. PgQueuer takes the highest first.
PRIORITY_TURN = 100
PRIORITY_DELIVERY = 90
PRIORITY_DEFAULT = 50
PRIORITY_BULK = 10

PRIORITIES = {"turns": PRIORITY_TURN, "deliver": PRIORITY_DELIVERY, "deliver_batch": PRIORITY_BULK}


async def enqueue(
    session: AsyncSession, name: str, ids: Sequence[UUID] = (), *, delay: timedelta | None = None
) -> None:
    """Enqueue the job `name` for `ids` in the session's transaction. Arguments are ids only (invariant 11)."""
    await enqueue_on(await driver_connection(session), name, ids, delay=delay)


async def enqueue_on(
    connection: Any, name: str, ids: Sequence[UUID] = (), *, delay: timedelta | None = None
) -> None:
    """Enqueue on an asyncpg connection that is inside a transaction (see core.db.database.driver_connection)."""
    await Queries.from_asyncpg_connection(connection).enqueue(
        name, pack_ids(ids), priority=PRIORITIES.get(name, PRIORITY_DEFAULT), execute_after=delay
    )


def pack_ids(ids: Sequence[UUID]) -> bytes:
    return orjson.dumps([str(i) for i in ids])


def unpack_ids(payload: bytes | None) -> list[UUID]:
    return [UUID(i) for i in orjson.loads(payload)] if payload else []
