"""A unit of work that fails at its very end."""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession

from core.db.database import Database


class UndoneError(Exception):
    """Raised by `undone`, and kept by it."""


@contextlib.asynccontextmanager
async def undone(database: Database) -> AsyncIterator[AsyncSession]:
    """Everything done inside is rolled back by an error at the end."""
    with contextlib.suppress(UndoneError):
        async with database.unit_of_work() as session:
            yield session
            raise UndoneError
