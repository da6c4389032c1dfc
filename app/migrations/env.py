"""Alembic's entry: one connection, handed over by `app.schema` or made from the settings."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

import app.models  # noqa: F401 - registers every table
from core.db.base import Base
from core.db.database import open_database
from core.settings import load_settings

# The job engine's own tables follow its release, not our models.
_FOREIGN = "pgqueuer"


def _ours(name: str | None, kind: str, _parents: MutableMapping[Any, str | None]) -> bool:
    return not (kind == "table" and name is not None and name.startswith(_FOREIGN))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=_ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_migrate() -> None:
    database = open_database(load_settings())
    await database.close()
    engine = create_async_engine(database.address, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    asyncio.run(_connect_and_migrate())
